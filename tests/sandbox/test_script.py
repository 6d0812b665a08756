"""The names by which a test asks for answers, and what is said of a name that means nothing."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.errors import UsageError
from enkash_contract.sandbox import script
from enkash_contract.sandbox.script import WORDS, rejecting, scripted
from enkash_contract.validation.outcome import outcome_of
from enkash_contract.wire.message import Interaction, Reply, Request, Response
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.sandbox.script import Word

OPERATION = bundled().pick()
BY_ID = {one.id: one for one in ec.answers()}


def meant(word: Word, **options: Any) -> Reply:
    """Return the one reply that `word` means."""
    ((_, reply),) = scripted(OPERATION, word, **options)
    return reply


def outcome(reply: Reply) -> str:
    """Return what the document reads out of a reply."""
    asked = Request(OPERATION.method, OPERATION.path)
    return outcome_of(OPERATION, Interaction(asked, reply.response))


@pytest.mark.parametrize(
    ("word", "expected"),
    [
        ("accepted", (200, "accepted", 0.0, False)),
        ("rejected", (400, "rejected", 0.0, False)),
        ("slow", (200, "accepted", 1.0, False)),
        ("error", (500, "error", 0.0, False)),
        ("timeout", (None, "error", 0.0, False)),
        ("cut", (200, "rejected", 0.0, True)),
        ("html", (200, "unknown", 0.0, False)),
        ("wrong-shape", (200, "accepted", 0.0, False)),
        ("too-many-requests", (429, "unknown", 0.0, False)),
    ],
)
def test_the_words(word: str, expected: tuple[int | None, str, float, bool]) -> None:
    """Each means one reply; a wrong shape and a page are told from a right answer by its rules."""
    reply = meant(word)
    status = None if reply.response is None else reply.response.status
    assert (status, outcome(reply), reply.delay, reply.cut) == expected
    assert word in (*WORDS, "rejected")


@pytest.mark.parametrize(
    ("status", "reply"),
    [
        (200, Response(200, (("Content-Type", "application/json"),), b"")),
        (404, Response(404, (("Content-Type", "application/json"),), b"")),
        (
            429,
            Response(429, (("Content-Type", "application/json"), ("Retry-After", "0")), b""),
        ),
        (302, Response(302, (("Content-Type", "text/plain"),), b"302")),
        (599, Response(599, (("Content-Type", "text/plain"),), b"599")),
    ],
)
def test_a_status_is_answered_as_documented_or_with_a_text(status: int, reply: Response) -> None:
    """The body is the document's example where there is one."""
    side = OPERATION.response(status)
    body = reply.body if side is None else json.dumps(side.example).encode()
    assert meant(status) == Reply(Response(status, reply.headers, body))


def test_a_status_of_a_failing_server_is_one_of_the_answers() -> None:
    """And an answer itself means itself, as any reply does."""
    assert repr(meant(503)) == repr(BY_ID["failing/503-empty"])
    answer = BY_ID["response#status/204"]
    assert meant(answer) is answer
    assert repr(meant("response#status/204")) == repr(answer)
    reply = Reply(Response(299), delay=2)
    assert scripted(OPERATION, reply) == ((repr(reply), reply),)


def test_a_glob_means_several() -> None:
    """So do "right" and "wrong"; all in the order in which they are listed."""
    names = [name for name, _ in scripted(OPERATION, "response#status/30?")]
    assert names == ["response#status/301", "response#status/302", "response#status/307"]
    right = [name for name, _ in scripted(OPERATION, "right")]
    assert right == [one.id for one in BY_ID.values() if one.polarity == "right"]
    assert [one.delay for _, one in scripted(OPERATION, "failing/50*", after=2)] == [2.0] * 5


def test_a_refusal_says_what_it_is_told_to() -> None:
    """Code and message stand in the document's own members, whatever the status."""
    reply = rejecting(OPERATION, code=31, message="No such invoice", status=200)
    assert reply.response is not None
    assert reply.response.status == 200
    assert json.loads(reply.response.body or b"") == {
        **OPERATION.sides["response.4XX"].example,
        "response_code": 31,
        "response_message": "No such invoice",
    }


@pytest.mark.parametrize(
    ("word", "options", "message"),
    [
        ("tiemout", {}, "no answer is called 'tiemout'; did you mean timeout?"),
        (
            "response.200#json/truncatd",
            {},
            "no answer is called 'response.200#json/truncatd'; "
            "did you mean response.200#json/truncated?",
        ),
        (
            "!",
            {},
            "no answer is called '!'; `ec.answers()` lists them, and a status is a number",
        ),
        (100, {}, "100 is no status of an answer; they go from 200 to 599"),
        ("cut", {"after": -1}, "after=-1 is in the past; give seconds, 0 or more"),
        (
            "rejected",
            {"code": 0, "status": 200},
            'status 200 with {"payload": "supplierRemarks is missing", "response_code": 0, '
            '"response_message": "FAILED"} is no rejection: by the document its outcome is '
            "accepted",
        ),
    ],
)
def test_what_means_nothing_is_one_error(word: Word, options: dict[str, Any], message: str) -> None:
    """It names the nearest that does."""
    with pytest.raises(UsageError) as raised:
        scripted(OPERATION, word, **options)
    assert str(raised.value) == message


def test_a_document_that_says_little(tmp_path: Path) -> None:
    """Where it has no place for what is asked, the error says so."""
    contract = small(
        tmp_path,
        {"type": "object"},
        answers={"200": {"schema": {"type": "string"}}, "4XX": {"schema": {"type": "string"}}},
    )
    operation = contract.pick()
    asked: list[tuple[dict[str, Any], str]] = [({"code": 1}, "code"), ({"message": "m"}, "message")]
    for options, word in asked:
        with pytest.raises(UsageError) as raised:
            rejecting(operation, **options)
        assert (
            str(raised.value)
            == f"the document's rejection has no member for a {word}; leave it out"
        )
    with pytest.raises(UsageError) as raised:
        script.scripted(operation, "wrong-shape")
    assert str(raised.value) == (
        "the document says nothing of the members of an answer; name another one"
    )
