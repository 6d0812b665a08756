"""How requests reach a target: what is asked for is checked before anything is sent."""

from __future__ import annotations

import ssl
import sys
from typing import TYPE_CHECKING, Any

import certifi
import pytest

from enkash_contract.engine.transport import connection
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.errors import TargetError, UsageError

if TYPE_CHECKING:
    from pathlib import Path

PYTHON = f"'{sys.executable}'"


@pytest.mark.parametrize(
    ("how", "message"),
    [
        ({"timeout": 0}, "a timeout of 0 s is none; give a number of seconds above 0"),
        ({"workers": 0}, "0 workers send nothing; give 1 or more"),
        ({"retries": -1}, "-1 retries are none; give 0 or more"),
        ({"max_wait": -1}, "a wait of at most -1 s is none; give a number of seconds from 0"),
        ({"rate": 0}, "a rate of 0 requests a second sends nothing; give 10/s"),
        (
            {"headers": {"authorization": "x"}, "token": str},
            "a token and a header Authorization are given; both say the same header, so give one "
            "of them",
        ),
        ({"key": "k.pem"}, "a key without a certificate; give both with --cert and --key"),
    ],
)
def test_what_cannot_be_meant_is_refused(how: dict[str, Any], message: str) -> None:
    """Each is one sentence that says what to give instead."""
    with pytest.raises(UsageError) as caught:
        Connection(**how)
    assert str(caught.value) == message


def test_no_secret_is_in_its_text() -> None:
    """What is printed of a connection may stand in any log."""
    made = Connection(
        headers={"X-Key": "canary"}, token=lambda: "canary", proxy="http://me:canary@h"
    )
    assert "canary" not in repr(made)


@pytest.mark.parametrize(
    ("given", "expected"),
    [(None, None), (2.5, 2.5), ("10/s", 10.0), (" 0.5/s ", 0.5), ("600/min", 10), ("36/h", 0.01)],
)
def test_a_rate_is_a_number_of_requests_a_second(
    given: str | float | None, expected: float | None
) -> None:
    """As text it says for what time it counts."""
    assert connection.read_rate(given) == expected


@pytest.mark.parametrize("given", ["10", "10/d", "/s", "-1/s", "1e3/s", ""])
def test_what_is_no_rate_is_told(given: str) -> None:
    """The message shows what was written and the three forms there are."""
    with pytest.raises(UsageError) as caught:
        connection.read_rate(given)
    assert str(caught.value) == f"the rate {given!r} is not of the form 10/s, 600/min or 1000/h"


def test_a_rate_of_nothing_is_refused() -> None:
    """Zero is of the right form, and would never send anything."""
    with pytest.raises(UsageError, match="sends nothing"):
        Connection(rate=connection.read_rate("0/s"))


# Tokens


def test_a_token_comes_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    """The variable's value, without blanks around it."""
    monkeypatch.setenv("ENKASH_TEST_TOKEN", " abc\n")
    assert connection.token_from_variable("ENKASH_TEST_TOKEN")() == "abc"


@pytest.mark.parametrize("value", [None, "", "  "])
def test_a_token_that_is_not_in_the_environment_is_told(
    value: str | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is sent, and with the name to set."""
    monkeypatch.delenv("ENKASH_TEST_TOKEN", raising=False)
    if value is not None:
        monkeypatch.setenv("ENKASH_TEST_TOKEN", value)
    with pytest.raises(UsageError) as caught:
        connection.token_from_variable("ENKASH_TEST_TOKEN")
    assert str(caught.value) == (
        "--bearer-env ENKASH_TEST_TOKEN: the environment variable ENKASH_TEST_TOKEN is not set"
    )


@pytest.mark.parametrize("token", ["eyJcanary.canary.canary", "ghp_canary123", "Bearer canary"])
def test_a_token_in_the_place_of_a_name_is_not_shown(token: str) -> None:
    """Nobody can tell them apart for sure, so only what is clearly a name is."""
    with pytest.raises(UsageError) as caught:
        connection.token_from_variable(token)
    assert "canary" not in str(caught.value)
    assert "the name of the variable, not the token" in str(caught.value)
    with pytest.raises(TargetError) as failed:
        connection.token_from_command(token.partition(" ")[2] or token)()
    assert "eyJ" not in str(failed.value)
    assert "ghp" not in str(failed.value)


def test_a_name_in_small_letters_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    """If there is such a variable."""
    monkeypatch.setenv("my_token2", "value")
    assert connection.token_from_variable("my_token2")() == "value"


def test_a_token_is_what_a_command_prints() -> None:
    """The words are split as a shell does, and no shell is called."""
    token = connection.token_from_command(f"{PYTHON} -c 'print(\" a b \")'")
    assert token() == "a b"


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("", "the token command is empty; give one that prints a token"),
        ("'", "the token command cannot be read: No closing quotation"),
        ('C:\\a "b', "the token command cannot be read: No closing quotation"),
    ],
)
def test_what_is_no_command_is_told(command: str, message: str) -> None:
    """Before anything is sent."""
    with pytest.raises(UsageError) as caught:
        connection.token_from_command(command)
    assert str(caught.value) == message


WINDOWS = [
    (r"C:\bank\token.exe --for uat", [r"C:\bank\token.exe", "--for", "uat"]),
    (r'"C:\Program Files\token.exe" get', [r"C:\Program Files\token.exe", "get"]),
    (r"'C:\Program Files\token.exe' get", [r"C:\Program Files\token.exe", "get"]),
    (r'\\host\share\token.exe --to="a b"', [r"\\host\share\token.exe", "--to=a b"]),
    (r"C:\Users\O'Brien\token.exe it's", [r"C:\Users\O'Brien\token.exe", "it's"]),
]


@pytest.mark.parametrize(("command", "words"), WINDOWS)
def test_the_backslashes_of_a_windows_path_survive(command: str, words: list[str]) -> None:
    """A path with a blank is quoted, as people are used to there."""
    assert connection._words(command) == words


@pytest.mark.parametrize(
    ("module", "name", "value"), [("sys", "platform", "win32"), ("os", "name", "nt")]
)
def test_a_command_is_split_as_its_system_does(
    module: str, name: str, value: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """On Windows a backslash is never an escape; elsewhere it is one."""
    command = r"tools\token.exe 'a b' .\x"
    assert connection._words(r"tools/token\ one a\'b 'c d'") == ["tools/token one", "a'b", "c d"]
    with monkeypatch.context() as patch:
        patch.setattr(f"{connection.__name__}.{module}.{name}", value)
        words = connection._words(command)
    assert words == [r"tools\token.exe", "a b", r".\x"]


def test_a_command_that_fails_is_told_by_its_name_alone(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Its arguments may hold the very secret."""
    ended = connection.token_from_command(f"{PYTHON} -c 'import sys; sys.exit(7)' canary")
    slow = connection.token_from_command(f"{PYTHON} -c 'import time; time.sleep(9)' canary")
    missing = connection.token_from_command("/no-such-command canary")
    with pytest.raises(TargetError) as first:
        ended()
    monkeypatch.setattr(connection, "COMMAND_SECONDS", 0.05)
    with pytest.raises(TargetError) as second:
        slow()
    with pytest.raises(TargetError) as third:
        missing()
    assert [str(one.value) for one in (first, second, third)] == [
        f"the token command {sys.executable} ended with exit code 7",
        f"the token command {sys.executable} printed nothing within 0.05 s",
        "the token command /no-such-command cannot be run: No such file or directory",
    ]


# Certificates


def test_without_files_httpx_decides_whom_to_believe() -> None:
    """So that its environment variables hold as everywhere."""
    assert Connection().trust(secured=True) is True


def test_without_tls_nobody_is_believed() -> None:
    """No certificate of the system is read where none is looked at."""
    made = Connection().trust(secured=False)
    assert isinstance(made, ssl.SSLContext)
    assert (made.verify_mode, made.get_ca_certs()) == (ssl.CERT_REQUIRED, [])


def test_the_usual_certificates_are_not_those_of_a_private_authority(tmp_path: Path) -> None:
    """Only what the file holds is believed."""
    file = tmp_path / "ca.pem"
    file.write_text("")
    with pytest.raises(UsageError):
        Connection(ca=str(file)).trust(secured=True)


@pytest.mark.parametrize("secured", [True, False])
@pytest.mark.parametrize(
    ("how", "text", "message"),
    [
        (
            {"ca": "missing.pem"},
            None,
            "--ca missing.pem: No such file or directory; name a file with certificates in PEM",
        ),
        (
            {"ca": "a.pem"},
            "no certificate",
            "--ca a.pem: it holds nothing of the kind; name a file with certificates in PEM",
        ),
        (
            {"cert": "missing.pem"},
            None,
            "--cert missing.pem: No such file or directory; name a certificate and its key in PEM",
        ),
        (
            {"cert": "a.pem", "key": "a.pem"},
            "no certificate",
            "--cert a.pem --key a.pem: it holds nothing of the kind; name a certificate and its "
            "key in PEM",
        ),
    ],
)
def test_a_file_that_is_no_certificate_is_told(
    how: dict[str, Any],
    text: str | None,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    *,
    secured: bool,
) -> None:
    """With the option, the file, and why it cannot be used, be it needed or not."""
    monkeypatch.chdir(tmp_path)
    if text is not None:
        (tmp_path / "a.pem").write_text(text)
    with pytest.raises(UsageError) as caught:
        Connection(**how).trust(secured=secured)
    assert str(caught.value) == message


def test_a_private_authority_is_a_context(tmp_path: Path) -> None:
    """A file with certificates becomes what httpx takes."""
    made = Connection(ca=certifi.where()).trust(secured=False)
    assert isinstance(made, ssl.SSLContext)
    assert made.verify_mode == ssl.CERT_REQUIRED
