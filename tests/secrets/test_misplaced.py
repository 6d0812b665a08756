"""Secrets in a place where nobody meant to write them."""

from __future__ import annotations

import pytest

from enkash_contract.secrets.misplaced import is_program, is_variable, without_credentials


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("at http://user:canary@host:1/x", "at http://host:1/x"),
        ("at socks5://user:ca/na/ry@host:1", "at socks5://host:1"),
        ('not ["http://user:canary@host"]', 'not ["http://host"]'),
        ("extra (Bearer canaryToken12)", "extra (Bearer ***)"),
        ("basic dXNlcjpjYW5hcnk=", "basic ***"),
        ("'eyJcanary.eyJcanary.canary' is", "'***' is"),
        ("a bearer token and basic settings", "a bearer token and basic settings"),
        ("http://host:1/a@b and mail@host", "http://host:1/a@b and mail@host"),
    ],
)
def test_credentials_are_left_out(text: str, shown: str) -> None:
    """Of addresses, of headers that were not quoted, and JSON web tokens."""
    assert without_credentials(text) == shown


@pytest.mark.parametrize("name", ["TOKEN", "ENKASH_TOKEN_2", "UAT1_TOKEN"])
def test_names_of_variables(name: str) -> None:
    """What a message may show."""
    assert is_variable(name)


@pytest.mark.parametrize("name", ["eyJa.b.c", "ghp_canary123", "AKIAIOSFODNN7EXAMPLE", "a b", ""])
def test_what_may_be_a_token_is_no_name(name: str) -> None:
    """Even where the environment would allow it."""
    assert not is_variable(name)


@pytest.mark.parametrize(
    "name", ["curl", "./token.sh", "/opt/Token", "C:\\a.exe", "python3.11", "no-such-program"]
)
def test_names_of_programs(name: str) -> None:
    """Likewise."""
    assert is_program(name)


@pytest.mark.parametrize("name", ["eyJa.b.c", "ghp_canary123", "c0ffee", "Canary", ""])
def test_what_may_be_a_token_is_no_program(name: str) -> None:
    """Where a token was given for a command."""
    assert not is_program(name)
