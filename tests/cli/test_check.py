"""`check` against a live target, as it is typed: what is sent, what is told, what is not."""

from __future__ import annotations

import shlex
import sys
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.selection import Selection
from enkash_contract.sandbox import server
from tests.support.implementations import wsgi_app
from tests.support.moving import Moving
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

HEARD: list[dict[str, Any]] = []


def listening(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
    """Answer rightly, and remember what was asked."""
    HEARD.append(environ)
    return wsgi_app.app(environ, start_response)


@pytest.fixture(autouse=True)
def _nothing_heard() -> None:
    HEARD.clear()


TARGET = f"{__name__}:listening"

LONGER = "request/b2bIds/buyerB2BId#pattern/unanchored-end"


# What would be sent


def test_a_dry_run_lists_and_counts_what_would_be_sent() -> None:
    """Each case with its expectation, and in the end how much a conforming server accepts."""
    code, out, err = said(typed("check", TARGET, "--dry-run", "--only", "request/b2bIds/*"))
    made = make_plan(Selection(only=["request/b2bIds/*"]))
    wrong = sum(case.polarity == "reject" for case in made.cases)
    right = len(made.cases) - wrong
    *lines, last = out.splitlines()
    assert (code, err, HEARD) == (0, "", [])
    assert [line.split()[0] for line in lines] == [
        "accept",
        *["reject"] * wrong,
        *["accept"] * right,
    ]
    assert last == (
        f"{TARGET}: {2 + wrong + right} requests would be sent: the baseline, then {wrong} cases "
        f"to reject and {right} to accept, and the baseline 1 time more; a conforming server would "
        f"accept {2 + right} of them, and a case whose response is in doubt is sent again"
    )


@pytest.mark.parametrize("words", [(), ("--polarity", "reject"), ("--max-accepted", "3")])
def test_a_dry_run_counts_what_a_run_sends(words: tuple[str, ...]) -> None:
    """As many requests as were foretold, and as many of them accepted."""
    words = (*words, "--only", "request/*/*")
    last = typed("check", TARGET, "--dry-run", *words).stdout.splitlines()[-1]
    typed("check", TARGET, *words)
    assert last.startswith(f"{TARGET}: {len(HEARD)} requests would be sent: ")


def test_a_dry_run_asks_for_no_token() -> None:
    """A command that prints a token may have effects of its own."""
    code, _, err = said(typed("check", TARGET, "--dry-run", "--token-command", "/no-such-program"))
    assert (code, err) == (0, "")


# What is sent


def test_one_side_alone_is_sent() -> None:
    """Nothing but the baseline changes an invoice; what was not sent is no success of a rule."""
    result = typed("check", TARGET, "--polarity", "reject", "--only", "request/b2bIds/buyer*")
    assert result.exit_code == 0
    made = make_plan(Selection(only=["request/b2bIds/buyer*"], polarity="reject"))
    assert len(HEARD) == 2 + len(made.cases)


def test_cases_left_out_are_noted() -> None:
    """A run that keeps to a few accepted requests says how many it did not send."""
    result = typed("check", TARGET, "--max-accepted", "1", "--only", "request/b2bIds/buyer*")
    right = [
        one
        for one in make_plan(Selection(only=["request/b2bIds/buyer*"])).cases
        if one.polarity == "accept"
    ]
    assert result.exit_code == 0
    assert (
        f"note: {len(right) - 1} cases that a conforming server accepts were not sent, as "
        "--max-accepted asks\n"
    ) in result.stdout


@pytest.mark.parametrize(
    "words",
    [
        ("--bearer-env", "ENKASH_TEST_TOKEN"),
        ("--token-command", f"'{sys.executable}' -c 'print(\"canary-1\")'"),
    ],
)
def test_a_token_is_sent_and_never_shown(
    words: tuple[str, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    """It goes with every request; the command that repeats a finding takes it from elsewhere."""
    monkeypatch.setenv("ENKASH_TEST_TOKEN", "canary-1")
    with server.in_background(ec.Sandbox()) as url:
        result = typed(
            *("check", url, "--fail-on", "assumed", "--only", "request#duplicate-names", *words)
        )
    assert result.exit_code == 1
    assert '-H "Authorization: $ENKASH_AUTHORIZATION"' in result.stdout
    assert "canary-1" not in result.output
    typed("check", TARGET, "--only", "request#method", *words)
    assert {one["HTTP_AUTHORIZATION"] for one in HEARD} == {"Bearer canary-1"}


def test_a_user_in_the_address_and_a_token_are_a_mistake() -> None:
    """Both are the same header."""
    code, _, err = said(typed("check", "http://me:canary@h", "--token-command", "echo x"))
    assert (code, err) == (
        2,
        "error: the URL holds a user, and a token is given too; both say the same header, so give "
        "one of them\n",
    )


# What is told at once


def test_an_invalid_request_that_a_live_server_accepts_is_reported_at_once() -> None:
    """The first one, on standard error; an application in this process is no live server."""
    only = ("--only", "request/b2bIds/buyerB2BId#pattern")
    with server.in_background(ec.Sandbox(defect=LONGER)) as url:
        live = typed("check", url, *only, "--full")
        aloud = typed("check", url, *only, "--verbose")
    here = typed("check", "tests.support.implementations.wsgi_app:over_long_accepted", *only)
    (line,) = live.stderr.splitlines()
    assert line.startswith(
        "accepted an invalid request: violation negative_data_rejection request/b2bIds/buyerB2BId#"
    )
    assert line.removeprefix("accepted an invalid request: ") in live.stdout
    assert aloud.stderr.count("accepted an invalid request: ") == 1
    assert here.stderr == ""
    assert (live.exit_code, here.exit_code) == (1, 1)


# A base that moves on

GIVE = "import sys, urllib.request; print(urllib.request.urlopen(sys.argv[1]).read().decode())"
SOME = ("--only", "request/b2bIds/buyerB2BId#required/*")


def test_a_base_command_gives_what_the_target_accepts_now() -> None:
    """Such a server conforms, and its defect is found, with the command that repeats it."""
    for defect, code in ((None, 0), ("request/b2bIds/buyerB2BId#required/unenforced", 1)):
        with server.in_background(Moving(defect)) as url:
            command = shlex.join([sys.executable, "-c", GIVE, f"{url}/payload"])
            words = ("check", url, "--base-command", command, *SOME)
            found, out, err = said(typed(*words))
        assert (found, bool(err)) == (code, bool(defect))
        again = shlex.join(["--base-command", command])
        assert (f"{again} --case" in out, "curl" in out) == (bool(defect), False)


@pytest.mark.parametrize(
    ("command", "message"),
    [
        ("false", "the base command false ended with exit code 1"),
        ("echo {", "the base command:2: it is not JSON: "),
        ("echo null", "the base command:1: null is no payload; write the request's JSON object"),
        ("echo {}", "the base payload itself breaks the contract: "),
        ("", "--base-command is empty; write --base-command COMMAND, or leave it out"),
        ("no-such-program-here", "the base command no-such-program-here cannot be run: "),
    ],
)
def test_a_base_command_that_gives_no_payload(command: str, message: str) -> None:
    """One line says what is wrong with it, and nothing is sent."""
    code, out, err = said(typed("check", TARGET, "--base-command", command, *SOME))
    assert (code, out, HEARD, len(err.splitlines())) == (2, "", [], 1)
    assert err.startswith(f"error: {message}")


def test_an_empty_base_command_in_a_file(tmp_path: Path) -> None:
    """It is refused there as well."""
    file = tmp_path / "a.toml"
    file.write_text('[check]\nbase-command = ""\n')
    assert said(typed("check", TARGET, "--config", file)) == (
        2,
        "",
        f"error: {file}:2: base-command must be text that is not empty, or left out\n",
    )


def test_two_bases_are_one_too_many() -> None:
    """Nobody could know which of them counts."""
    code, _, err = said(typed("check", TARGET, "--base", "a.json", "--base-command", "cat a.json"))
    assert (code, err) == (
        2,
        "error: --base and --base-command both give a payload; give one of them\n",
    )
