"""Probing: each variant of the sandbox is told by its answers; in doubt nothing is concluded."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest

import enkash_contract as ec
from enkash_contract.engine.probing.probed import ProbingInterrupted
from enkash_contract.engine.transport.delivery import Delivery
from enkash_contract.sandbox.defects import variants_of
from enkash_contract.wire.message import Interaction
from tests.support.answering import server

OPERATION = ec.load().pick()

ENVELOPE = (
    "an object with payload (a string), response_code (an integer), response_message (a string)"
)
WITH_OBJECT = ENVELOPE.replace("payload (a string)", "payload (an object)")
ANSWER = "answer-payload response.200/payload"
ERRORS = "errors response.4XX"
MEMBERS = "unknown-members"
VERSIONS = "versions /invoiceStatus/objectVersion"
STATUSES = '"PAID", "CANCELLED", "PARTIALLY_PAID", "CONFIRMED", "REJECTED" (5 of 5 accepted)'
PAIRS = (
    '"CREATED" to "PAID", "CREATED" to "CANCELLED", "PAID" to "CREATED", '
    '"PAID" to "CANCELLED", "CANCELLED" to "CREATED", "CANCELLED" to "PAID" (6 of 6 accepted)'
)

USUAL = {
    ANSWER: f"200, application/json, {ENVELOPE}",
    ERRORS: f"400, application/json, {ENVELOPE} (0 of 1 accepted)",
    MEMBERS: "ignored (1 of 1 accepted)",
    "lengths /b2bIds/buyerB2BId": "in code points (1 of 1 accepted)",
    "lengths /b2bIds/supplierB2BId": "in code points (1 of 1 accepted)",
    VERSIONS: "accepted 1 more (2), 2 more (3); rejected 1 less (0) (2 of 3 accepted)",
    "tag-names /device/tag/name": 'accepted "IP", "MOBILE", "OS", "APP", "ID" (5 of 5 accepted)',
    "tag-values /device/tag/value": 'accepted "12.9716,77.5946" (1 of 1 accepted)',
    "object-id-prefix /invoiceStatus/objectId": (
        'accepted "NVI0123456789ABCDEF0123456789abcdef" (1 of 1 accepted)'
    ),
    "actions /invoiceStatus/supplierAction": (
        'accepted "PAID", "CONFIRM", "REJECT" (3 of 3 accepted)'
    ),
    "statuses /invoiceStatus/statusTransition/currentStatus": f"accepted {STATUSES}",
    "statuses /invoiceStatus/statusTransition/newStatus": f"accepted {STATUSES}",
    "transitions /invoiceStatus/statusTransition": f"accepted {PAIRS}",
    "idempotency": "accepted again (1 of 1 accepted)",
}
"""The answers of a sandbox that enforces every rule."""


def rejected(shape: str) -> dict[str, str]:
    """Return the answer of a sandbox that only rejects otherwise."""
    return {ERRORS: f"{shape} (0 of 1 accepted)"}


OTHERWISE: dict[str, dict[str, str]] = {
    "weak-rules-unenforced": {
        VERSIONS: "accepted 1 more (2), 2 more (3), 1 less (0) (3 of 3 accepted)"
    },
    "unknown-members-refused": {MEMBERS: "rejected (0 of 1 accepted)"},
    "answering-200": {},
    "slow": {},
    "charset-200": {ANSWER: f"200, application/json; charset=utf-8, {ENVELOPE}"},
    "more-members-200": {ANSWER: f"{USUAL[ANSWER]}, x-unheard-of (a string)"},
    "payload-of-type-string-200": {},
    "payload-of-type-object-200": {ANSWER: f"200, application/json, {WITH_OBJECT}"},
    "answering-400": {},
    "answering-412": rejected(f"412, application/json, {ENVELOPE}"),
    "answering-422": rejected(f"422, application/json, {ENVELOPE}"),
    "charset-400": rejected(f"400, application/json; charset=utf-8, {ENVELOPE}"),
    "more-members-400": rejected(f"400, application/json, {ENVELOPE}, x-unheard-of (a string)"),
    "payload-of-type-string-400": {},
    "payload-of-type-object-400": rejected(f"400, application/json, {WITH_OBJECT}"),
    "refusing-by-200": rejected(f"200, application/json, {ENVELOPE}"),
    "refusing-by-nothing": rejected("400, no media type, no body"),
    "refusing-by-text": rejected("400, text/plain, a body that is not JSON"),
    "refusing-by-page": rejected("400, text/html, a body that is not JSON"),
}
"""What each conforming variant answers otherwise."""


def told(probed: ec.Probed) -> dict[str, str]:
    """Return the answers by question."""
    return dict(str(answer).split(": ", 1) for answer in probed.answers)


def test_the_table_is_complete() -> None:
    """There is a line for every conforming variant, and no other."""
    assert [f"conforming/{name}" for name in OTHERWISE] == [
        variant.id for variant in variants_of(OPERATION)
    ]


@pytest.mark.parametrize("name", OTHERWISE)
def test_each_conforming_variant_gives_exactly_its_answers(name: str) -> None:
    """Nothing in them violates the contract."""
    (variant,) = (each for each in variants_of(OPERATION) if each.id == f"conforming/{name}")
    if variant.answer is not None:
        # How slow it is, no question asks.
        variant = replace(variant, answer=replace(variant.answer, delay=0.0))
    probed = ec.probe(ec.Sandbox(defect=variant))
    assert told(probed) == USUAL | OTHERWISE[name]
    assert (probed.exit_code, probed.violations, probed.note) == (0, (), "")


def test_only_what_was_asked_is_sent() -> None:
    """The baseline comes first and after each question; the response to it costs nothing."""
    seen: list[Any] = []

    def respond(payload: Any) -> int:
        seen.append(payload["invoiceStatus"]["supplierAction"])
        return 200

    probed = ec.probe(server(respond), ["actions", "answer-payload"])
    assert seen == ["CANCEL", "PAID", "CONFIRM", "REJECT", "CANCEL"]
    assert [answer.sent for answer in probed.answers] == [0, 3]
    assert probed.target == "app"
    assert ec.probe(questions=["errors"]).target == "the embedded sandbox"


def test_transitions_are_asked_of_statuses_that_were_accepted() -> None:
    """By themselves, in the same run; where none was, nothing is asked, and the rest goes on."""
    sent: list[Any] = []

    def respond(payload: Any) -> int:
        now = payload["invoiceStatus"]["statusTransition"]
        sent.append(tuple(now.values()))
        return 400 if "PAID" in now.values() or now["newStatus"] == "CANCELLED" else 200

    probed = ec.probe(server(respond), ["statuses", "transitions"])
    assert told(probed) == {
        "statuses /invoiceStatus/statusTransition/currentStatus": (
            'accepted "CANCELLED", "PARTIALLY_PAID", "CONFIRMED", "REJECTED"; rejected "PAID" '
            "(4 of 5 accepted)"
        ),
        "statuses /invoiceStatus/statusTransition/newStatus": (
            'accepted "PARTIALLY_PAID", "CONFIRMED", "REJECTED"; rejected "PAID", "CANCELLED" '
            "(3 of 5 accepted)"
        ),
        "transitions /invoiceStatus/statusTransition": (
            'accepted "CANCELLED" to "CREATED" (1 of 1 accepted)'
        ),
    }
    assert probed.exit_code == 0
    assert sent[-2:] == [("CANCELLED", "CREATED"), ("CREATED", "CREATED")]
    strict = server(lambda it: 200 if {*it["invoiceStatus"]["statusTransition"].values()} == {
        "CREATED"
    } else 400)  # fmt: skip
    assert (
        told(ec.probe(strict, ["statuses", "transitions"]))[
            "transitions /invoiceStatus/statusTransition"
        ]
        == "no answer: none of the values by themselves was accepted"
    )


def test_an_answer_against_a_well_known_rule_is_a_violation() -> None:
    """Those of the baseline count, and so do those of each question."""
    probed = ec.probe(server(lambda _: 200), ["errors"])
    assert [(each.check, each.rule) for each in probed.violations] == [
        ("negative_data_rejection", "request/device#type")
    ]
    assert probed.exit_code == 1
    assert told(probed)[ERRORS].startswith("accepted, although it is invalid: 200, ")
    mute = server(lambda _: 200, accepted={"response_code": 0})
    found = ec.probe(mute, ["answer-payload"]).findings
    assert {each.check for each in found} == {"response_schema_conformance"}


def test_a_rejected_guess_is_no_finding() -> None:
    """What nobody has published may be wrong."""

    def respond(payload: Any) -> int:
        return 200 if payload == OPERATION.request.example else 400

    probed = ec.probe(server(respond), ["actions", "idempotency", "lengths"])
    assert told(probed) == {
        "lengths /b2bIds/buyerB2BId": (
            "not in code points, or not these characters: the longest text of them is rejected "
            "(0 of 1 accepted)"
        ),
        "lengths /b2bIds/supplierB2BId": (
            "not in code points, or not these characters: the longest text of them is rejected "
            "(0 of 1 accepted)"
        ),
        "actions /invoiceStatus/supplierAction": (
            'rejected "PAID", "CONFIRM", "REJECT" (0 of 3 accepted)'
        ),
        "idempotency": "accepted again (1 of 1 accepted)",
    }
    assert {each.severity for each in probed.findings} == {"assumption"}
    assert probed.exit_code == 0


def test_nothing_is_concluded_without_the_baseline() -> None:
    """The note says how to mend that, as that of a check does."""
    probed = ec.probe(server(lambda _: 400), ["actions"])
    assert (probed.exit_code, probed.answers) == (3, ())
    assert probed.note == (
        "the baseline was rejected, so a rejection of anything else proves nothing; vouch for a "
        "request that is accepted: --base FILE, or --pin /pointer=value"
    )


def test_nothing_is_concluded_once_the_baseline_is_rejected() -> None:
    """What was answered before stays; nothing more is asked."""
    seen: list[Any] = []

    def respond(payload: Any) -> int:
        action = payload["invoiceStatus"]["supplierAction"]
        seen.append(action)
        return 400 if "REJECT" in seen else 200

    probed = ec.probe(server(respond), ["answer-payload", "actions", "statuses"])
    assert [answer.question.id for answer in probed.answers] == ["answer-payload"]
    assert probed.note.startswith(
        "nothing is concluded on actions /invoiceStatus/supplierAction: the baseline was rejected"
    )
    assert (probed.exit_code, len(seen)) == (3, 5)


def test_a_failure_is_no_answer() -> None:
    """Nor is it a finding: it may be chance, and nothing is sent again to tell."""

    def respond(payload: Any) -> int:
        return 200 if payload == OPERATION.request.example else 500

    probed = ec.probe(server(respond), ["actions"])
    assert told(probed) == {
        "actions /invoiceStatus/supplierAction": (
            f"no answer: 500, application/json, {ENVELOPE} (0 of 3 accepted)"
        )
    }
    assert (probed.exit_code, probed.findings) == (3, ())


def test_a_target_that_is_gone_is_told_at_the_beginning(monkeypatch: pytest.MonkeyPatch) -> None:
    """Later, what was answered is kept."""
    with pytest.raises(ec.TargetError, match="cannot be reached"):
        ec.probe("http://127.0.0.1:1", ["actions"])
    lost = _losing(monkeypatch, after=1)
    probed = ec.probe(server(lambda _: 200), ["answer-payload", "actions"])
    assert lost == [True] * 4
    assert [answer.question.id for answer in probed.answers] == ["answer-payload"]
    assert probed.note == (
        "nothing is concluded on actions /invoiceStatus/supplierAction: the baseline got no "
        "response: it is gone"
    )


def test_one_lost_request_is_no_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is not sent again, and the others answer."""
    _losing(monkeypatch, after=1, until=2)
    probed = ec.probe(server(lambda _: 200), ["idempotency"])
    assert told(probed) == {"idempotency": "no answer: it is gone (0 of 1 accepted)"}


def _losing(monkeypatch: pytest.MonkeyPatch, *, after: int, until: int = 99) -> list[bool]:
    """Let requests be lost from the one `after` so many on, and return a list of those."""
    send, count, lost = Delivery.send, [0], list[bool]()

    async def losing(self: Delivery, request: ec.Request) -> Interaction:
        count[0] += 1
        if after < count[0] <= until:
            lost.append(True)
            raise ec.TargetError("it is gone")
        return await send(self, request)

    monkeypatch.setattr(Delivery, "send", losing)
    return lost


@pytest.mark.parametrize(("aborted", "note"), [(True, "the target is busy, so"), (False, "")])
def test_no_response_to_the_first_request(
    monkeypatch: pytest.MonkeyPatch, *, aborted: bool, note: str
) -> None:
    """A busy target may respond later; any other is not there."""

    async def silent(self: Delivery, request: ec.Request) -> Interaction:
        return Interaction(request, None, "is busy", aborted=aborted, source=self.source)

    monkeypatch.setattr(Delivery, "send", silent)
    if not aborted:
        with pytest.raises(ec.TargetError, match="app is busy"):
            ec.probe(server(lambda _: 200), ["actions"])
        return
    probed = ec.probe(server(lambda _: 200), ["actions"])
    assert (probed.exit_code, probed.note[: len(note)]) == (3, note)


def test_ctrl_c_keeps_what_was_answered() -> None:
    """The exception holds it."""

    def respond(payload: Any) -> int:
        if payload["invoiceStatus"]["supplierAction"] == "PAID":
            raise KeyboardInterrupt
        return 200

    with pytest.raises(ProbingInterrupted) as stop:
        ec.probe(server(respond), ["answer-payload", "actions"])
    probed = stop.value.probed
    assert [answer.question.id for answer in probed.answers] == ["answer-payload"]
    assert (probed.exit_code, probed.interrupted) == (130, True)


def test_hashes_name_the_exchanges() -> None:
    """The same exchange has the same hash, and each request its own."""
    first, again = (ec.probe(questions=["actions"]) for _ in range(2))
    assert first.answers == again.answers
    (answer,) = first.answers
    assert len({*answer.exchanges}) == 3
    assert json.loads(json.dumps(answer.examples)) == ["PAID", "CONFIRM", "REJECT"]
