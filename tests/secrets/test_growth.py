"""The cost of hiding secrets grows with the text, whatever is in it."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.secrets.redaction import BY_NAME, MARGIN, QUOTED, Secrets

if TYPE_CHECKING:
    from collections.abc import Callable

ATOMS = """token name= token= ' " \\" \\ \\\\ : => = { [ } ] < > <token> / & &#67 %41 % + - . _ ,
    a é İ eyJ eyJhbGciOi cookie: set-cookie: Bearer basic value= token[ \\u0041 \\u{41} 1 Ab =41
    "token": "token":{ \\"token\\":{ 'token':" """.split()
ATOMS += [" ", "\t", "\n", "\0", " value="]

SHORT, LONGER = 8_192, 32_768

KNOWN = Secrets()
for number in range(100):
    KNOWN.add(f"secret-{number}-of-many")
    KNOWN.add("a" * (number + 4))


def seconds(work: Callable[[str], object], text: str) -> float:
    """Return the least time of three that `work` takes for `text`."""
    times = []
    for _ in range(3):
        begun = time.process_time()
        work(text)
        times.append(time.process_time() - begun)
    return min(times)


def repeated(unit: str, size: int) -> str:
    """Return `unit` as often as there is room for it, behind a word that calls for a search."""
    return ("token " + unit * (size // len(unit) + 1))[:size]


def grows_too_fast(work: Callable[[str], object], unit: str) -> bool:
    """Return whether four times the text costs more than two and a half times as much, twice."""
    few, many = (seconds(work, repeated(unit, size)) for size in (SHORT, LONGER))
    return many > 0.02 and many > few * 2.5**2


@pytest.mark.unmeasured
@pytest.mark.parametrize("secrets", [BY_NAME, KNOWN], ids=["by name", "by value"])
@settings(max_examples=20, deadline=None, suppress_health_check=list(HealthCheck))
@given(unit=st.lists(st.sampled_from(ATOMS), min_size=1, max_size=4).map("".join))
@example(unit="name=token ")
@example(unit='\\"token\\":{')
@example(unit='"token":{')
@example(unit="eyJ-")
@example(unit="cookie:")
@example(unit="a")
def test_hiding_grows_with_the_text(secrets: Secrets, unit: str) -> None:
    """Nothing that is repeated makes a search start over again and again."""
    tries = (grows_too_fast(secrets.hide, unit) for _ in range(4))
    assert not all(tries), unit


@pytest.mark.unmeasured
@pytest.mark.parametrize("unit", ["name=token ", '\\"token\\":{', '"token":"xxxxx", ', "%41", "a"])
def test_a_large_body_is_validated_at_once(unit: str) -> None:
    """What is not shown of a body needs no search: 1 MB takes a third of a second at most."""
    body = b'{"device": "' + repeated(unit, 1_000_000).encode() + b'"}'

    def validate(_: str) -> None:
        with pytest.raises(ec.ContractViolated):
            ec.validate_json(body)

    assert seconds(validate, "") < 1  # three times as much as on an idle machine


def test_a_text_too_long_to_be_read_is_cut() -> None:
    """Of a megabyte the beginning is shown, and no secret that begins in it."""
    text = "x" * (QUOTED - 11) + " password=" + "canary" * 2000 + "y" * 1_000_000
    shown = BY_NAME.hide(text)

    assert shown == "x" * (QUOTED - 11) + " password=*…"
    assert "canary" not in BY_NAME.hide_start(text, QUOTED)
    assert len(BY_NAME.hide_start("x" * 100_000, 10)) == 10 + MARGIN


def test_of_many_secrets_those_with_a_name_are_hidden_all() -> None:
    """However many a body holds: by their values a bounded number of them is known."""
    body = b"{%s}" % b",".join(b'"token":"canary-%d"' % number for number in range(5000))
    known = Secrets()
    known.add_body(body)

    assert b"canary" not in known.hide_bytes(body)
    assert "canary" not in known.hide(" ".join(f"canary-{number}" for number in range(200)))
