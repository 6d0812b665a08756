"""How a finding is repeated: by curl where curl can, otherwise by a command of ours, or not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.judging.checks import REQUEST_SCHEMA
from enkash_contract.judging.finding import Finding
from enkash_contract.place import Place
from enkash_contract.report.curl import curl
from enkash_contract.report.reproduction import (
    Reproduction,
    check_command,
    of_recordings,
    pytest_command,
    validate_command,
)
from enkash_contract.secrets import redaction
from enkash_contract.wire.message import Interaction, Request

PLAIN = Request("POST", "http://h/x", (), b"{}")
UNSPEAKABLE = Request("POST", "http://h/x", (), '{"password":"canary"}'.encode("utf-16"))
CHECK = "enkash-contract check"


def finding(request: Request | None, case: str = "", check: str = "c", source: str = "") -> Finding:
    """Return a finding that came of `request`."""
    return Finding(
        check=check,
        operation="o",
        rule="r",
        evidence=Evidence(Level.ASSUMED),
        severity="violation",
        message="m",
        document=Place("openapi/enkash.yaml", 1),
        case=case,
        source=source,
        interaction=None if request is None else Interaction(request, None),
    )


def test_curl_repeats_what_it_can_reach() -> None:
    """A case and a recorded request alike, even where there is a command of ours."""
    reproduction = Reproduction(f"{CHECK} http://h")

    assert reproduction.of(finding(PLAIN, "a#b/c")) == curl(PLAIN)
    assert reproduction.of(finding(PLAIN)) == curl(PLAIN)
    assert Reproduction().of(finding(PLAIN, "a#b/c")) == curl(PLAIN)


def test_a_case_is_repeated_by_our_command_where_curl_reaches_nothing() -> None:
    """The id is quoted, the option is the one of the command, and a record has no id."""
    reproduction = Reproduction(f"{CHECK} app:app", in_process=True)
    in_pytest = Reproduction("pytest --enkash", "--enkash-case", in_process=True)

    assert reproduction.of(finding(PLAIN, "a#b/it's")) == (
        f"{CHECK} app:app --case 'a#b/it'\"'\"'s'"
    )
    assert in_pytest.of(finding(PLAIN, "a#b/c")) == "pytest --enkash --enkash-case 'a#b/c'"
    assert reproduction.of(finding(PLAIN)) == curl(PLAIN)
    assert reproduction.of(finding(None, "a#b/c")) == f"{CHECK} app:app --case 'a#b/c'"


def test_a_secret_that_no_line_can_spell_is_left_to_our_command() -> None:
    """Without a command, or without a case, the reason stands there as a comment."""
    known = Reproduction(f"{CHECK} http://h")
    reason = "# its body spells a secret in a way in which no variable can stand for it"

    assert curl(UNSPEAKABLE) == ""
    assert known.of(finding(UNSPEAKABLE, "a#b/c")) == f"{CHECK} http://h --case 'a#b/c'"
    assert known.of(finding(UNSPEAKABLE)) == reason
    assert Reproduction().of(finding(UNSPEAKABLE, "a#b/c")) == reason


@pytest.mark.parametrize("size", [5_000, 2_000_000])
def test_no_line_is_longer_than_anybody_reads(size: int) -> None:
    """In its place stands the case, or where the request stands; a few bytes need few words."""
    request = Request("POST", "http://h/x", (), b"0123456789" * (size // 10))
    known = Reproduction(command=f"{CHECK} http://h")

    assert known.of(finding(request, "a#b/c")) == f"{CHECK} http://h --case 'a#b/c'"
    assert known.of(replace(finding(request), source="a.har:log.entries[1]")) == (
        "# the request is too long for a line: a.har:log.entries[1]"
    )
    few = finding(replace(request, body=b"x" * 50_000), "a#b/c")
    assert len(known.of(few)) < 200


def test_a_finding_without_a_request_is_repeated_by_its_test_or_not_at_all() -> None:
    """What a client sent in a test is sent again by that test."""
    source = "tests/test it.py::test_a[1]"

    assert Reproduction().of(finding(None, check=REQUEST_SCHEMA, source=source)) == (
        "pytest 'tests/test it.py::test_a[1]'"
    )
    assert Reproduction().of(finding(None, "a#b/c", source=source)) == ""


def test_a_test_repeats_all_that_came_up_in_it() -> None:
    """Its command stands in place of all others."""
    reproduction = Reproduction(CHECK, in_process=True, test=pytest_command("test_a.py::test_b"))

    assert reproduction.of(finding(PLAIN, "a#b/c")) == "pytest test_a.py::test_b"
    assert reproduction.of(finding(None)) == "pytest test_a.py::test_b"


def test_a_drawn_request_is_repeated_by_drawing_it_again() -> None:
    """Where curl cannot send it, or it takes two requests to show it."""
    at_address = Reproduction(f"{CHECK} http://h", fuzzing=f"{CHECK} --fuzz 5")
    in_process = Reproduction(f"{CHECK} app:app", fuzzing=f"{CHECK} --fuzz 5", in_process=True)
    one, two = (finding(PLAIN, f"a#b/{name}/drawn-01234567") for name in ("right", "twice"))

    assert [at_address.of(one), at_address.of(two)] == [curl(PLAIN), f"{CHECK} --fuzz 5"]
    assert in_process.of(one) == in_process.of(two) == f"{CHECK} --fuzz 5"
    assert in_process.of(finding(PLAIN, "a#b/c")) == f"{CHECK} app:app --case 'a#b/c'"
    assert Reproduction().of(two) == curl(PLAIN)


@pytest.mark.parametrize(
    ("target", "address"),
    [(None, ""), ("app:app", " app:app"), ("http://h/a?k=1", ' http://h/a"?$ENKASH_QUERY"')],
)
def test_the_command_of_a_check_holds_what_was_given_and_no_secret(
    target: str | None, address: str
) -> None:
    """Options without a value are left out, and of headers only the names are written."""
    secrets = redaction.of_request(Request("POST", "http://h", (), b'{"password":"canary"}'))
    options = (("--base", "a b.json"), ("--only", None), ("--pin", "/password=canary"))

    assert check_command(target, options, ["X-Key"], secrets) == (
        f"{CHECK}{address} --base 'a b.json' --pin /password=\"$ENKASH_BODY_PASSWORD\" "
        '-H "X-Key: $ENKASH_X_KEY"'
    )


def test_a_payload_is_repeated_by_validating_it() -> None:
    """With the overlays and the level that it was judged by."""
    assert validate_command("{}", (), None) == "printf %s '{}' | enkash-contract validate -"
    assert validate_command("a'b", ["my overlay.yaml"], "assumed") == (
        "printf %s 'a'\"'\"'b' | enkash-contract validate --overlay 'my overlay.yaml' "
        "--fail-on assumed -"
    )


def test_the_shortest_command_of_a_case_is_ours() -> None:
    """A screen has no room for a body; what no case shows is repeated as it always is."""
    known = Reproduction(f"{CHECK} http://h")
    in_test = Reproduction(CHECK, test="pytest a.py::test_b")

    assert known.briefly(finding(PLAIN, "a#b/c")) == f"{CHECK} http://h --case 'a#b/c'"
    assert known.briefly(finding(PLAIN)) == curl(PLAIN)
    assert known.briefly(finding(PLAIN, "a#b/right/drawn-01234567")) == curl(PLAIN)
    assert Reproduction().briefly(finding(PLAIN, "a#b/c")) == curl(PLAIN)
    assert in_test.briefly(finding(PLAIN, "a#b/c")) == "pytest a.py::test_b"


def of_client(body: bytes | None, rule: str = "request/a#required") -> Finding:
    """Return a finding on the body that a client sent."""
    request = Request("POST", "https://bank.example/x", (("Authorization", "canary"),), body)
    return replace(finding(request, source="a.har:log.entries[1]"), rule=rule, fault="client")


@pytest.mark.parametrize(
    ("body", "printing"),
    [
        (b'{"a": "it\'s"}', """printf %s '{"a": "it'"'"'s"}'"""),
        (b'{"a": 1}\n', "printf -- '{\"a\": 1}\\012'"),
        (b"\xff", "printf -- '\\377'"),
        (b'{"password":"canary"}', """printf %s '{"password":"'"$ENKASH_BODY_PASSWORD"'"}'"""),
    ],
)
def test_what_a_client_sent_is_validated_and_never_sent(body: bytes, printing: str) -> None:
    """By the bytes of its body, with secrets as variables and the options that judged it."""
    again = of_recordings(
        ["a b.har"], [("--overlay", "o p"), ("--fail-on", None)], [("--host", "h")]
    )

    assert Reproduction().of(of_client(body)) == f"{printing} | enkash-contract validate -"
    assert again.of(of_client(body)) == (f"{printing} | enkash-contract validate --overlay 'o p' -")


@pytest.mark.parametrize(
    "found",
    [
        of_client(b"{}", "request#content-type"),
        of_client(b"{}", "request#method"),
        of_client(b""),
        of_client(None),
        of_client('{"password":"canary"}'.encode("utf-16")),
        of_client(b"0123456789" * 500),
        of_client(b"0" * 100_000),
    ],
)
def test_what_no_payload_shows_is_read_again(found: Finding) -> None:
    """From the recording, where it is known; nothing is sent to the recorded host."""
    again = of_recordings(["a b.har", "c"], [("--fail-on", "assumed")], [("--host", "h")])

    assert again.of(found) == ("enkash-contract traffic 'a b.har' c --fail-on assumed --host h")
    assert Reproduction().of(found) == ""


def test_what_a_server_did_with_a_recorded_request_is_asked_of_it() -> None:
    """The recording alone does not show what it does now."""
    found = replace(of_client(b"{}"), fault="server")

    assert Reproduction().of(found).startswith("curl -sS -i -X POST https://bank.example/x ")
