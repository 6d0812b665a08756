"""Answers for tests of clients: each is what it says, and can be met over real HTTP."""

from __future__ import annotations

import dataclasses
from collections import Counter
from typing import TYPE_CHECKING, Any

import httpx
import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.generation import responses
from enkash_contract.judging.checks import judgement_of, response_findings
from enkash_contract.sandbox import app, asgi, server
from enkash_contract.sandbox.app import Sandbox
from enkash_contract.wire.message import Response
from tests.support.second_document import second
from tests.support.small_documents import ANSWER, small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation
    from enkash_contract.generation.responses import Answer

OPERATION = bundled().pick()
BY_ID = {one.id: one for one in ec.answers()}


def kept(operation: Operation, answer: Answer) -> bool:
    """Say whether an answer breaks what it says, and nothing else."""
    assert answer.response is not None
    found = list(response_findings(judgement_of(operation, answer.response)))
    if answer.polarity == "right":
        return not [one for one in found if one.severity == "violation"]
    return {one.rule for one in found} == {answer.rule.id if answer.rule else "response#status"}


def test_an_answer_is_what_it_says() -> None:
    """Right ones violate nothing, wrong ones break exactly the rule they name."""
    served = [one for one in ec.answers() if one.response is not None and not one.cut]
    assert [one.id for one in served if not kept(OPERATION, one)] == []


def test_the_same_of_other_documents(tmp_path: Path) -> None:
    """Whatever a document says of its answers."""
    contract = second(tmp_path)
    for operation in contract:
        found = contract.pick(operation)
        made = ec.answers(contract=contract, operation=operation)
        wrong = [one for one in made if one.polarity == "right" or one.rule]
        assert [one.id for one in wrong if not kept(found, one)] == []


def test_an_answer_by_itself_is_that_of_the_list(tmp_path: Path) -> None:
    """Found by its id, each is the same; what is no answer's id finds none."""
    for operation in (OPERATION, *second(tmp_path).values()):
        for answer in responses.of_operation(operation):
            alone = responses.named(operation, answer.id)
            assert alone is not None
            assert vars_of(alone) == vars_of(answer)
        for name in ("", "conforming/never", "failing/slow", "request#json/xml-body"):
            assert responses.named(operation, name) is None


def vars_of(answer: Answer) -> dict[str, Any]:
    """Return all that an answer holds, by name."""
    return {one.name: getattr(answer, one.name) for one in dataclasses.fields(answer)}


def test_an_answer_is_shown_by_its_name() -> None:
    """And is no other answer, though another may be the same on the wire."""
    cut = BY_ID["failing/cut"]
    assert repr(cut) == "<Answer failing/cut: breaks off amid the body>"
    assert len(set(BY_ID.values())) == len(BY_ID)


def test_every_answer_has_its_evidence(operation: Operation) -> None:
    """That of the outcome, of the broken rule, or less where the rule does not settle it."""
    outcomes = operation.outcome_evidence
    for answer in BY_ID.values():
        if answer.polarity == "right":
            assert answer.evidence == outcomes["accepted" if answer.to == "right" else "rejected"]
        elif answer.rule is None:
            assert (answer.evidence, answer.counts(Level.CONFIRMED)) == (outcomes["error"], True)
        else:
            weaker = answer.evidence == Evidence(Level.ASSUMED)
            assert answer.evidence == answer.rule.evidence or weaker
            assert answer.counts(Level.DOCUMENTED) == answer.evidence.at_least(Level.DOCUMENTED)


def test_the_right_answers() -> None:
    """Accepting and refusing, as the document and its outcomes allow."""
    right = {
        one.id: (one.to, one.response and one.response.status)
        for one in BY_ID.values()
        if one.polarity == "right"
    }
    assert right == {
        "conforming/answering-200": ("right", 200),
        "conforming/slow": ("right", 200),
        "conforming/charset-200": ("right", 200),
        "conforming/more-members-200": ("right", 200),
        "conforming/payload-of-type-string-200": ("right", 200),
        "conforming/payload-of-type-object-200": ("right", 200),
        "conforming/answering-400": ("wrong", 400),
        "conforming/answering-412": ("wrong", 412),
        "conforming/answering-422": ("wrong", 422),
        "conforming/charset-400": ("wrong", 400),
        "conforming/more-members-400": ("wrong", 400),
        "conforming/payload-of-type-string-400": ("wrong", 400),
        "conforming/payload-of-type-object-400": ("wrong", 400),
        "conforming/refusing-by-200": ("wrong", 200),
        "conforming/refusing-by-nothing": ("wrong", 400),
        "conforming/refusing-by-text": ("wrong", 400),
        "conforming/refusing-by-page": ("wrong", 400),
    }


def test_the_failing_servers() -> None:
    """Each with the status it fails with, None where it never answers."""
    failing = {
        one.id.removeprefix("failing/"): (one.response and one.response.status, one.cut)
        for one in BY_ID.values()
        if one.to == "any"
    }
    assert failing == {
        "500-text": (500, False),
        "500-envelope": (500, False),
        "502-page": (502, False),
        "503-empty": (503, False),
        "504-page": (504, False),
        "never": (None, False),
        "cut": (200, True),
    }


def test_every_rule_of_the_answer_can_be_broken() -> None:
    """No rule is left out but the tolerance that nothing can break."""
    broken = Counter(one.rule.id for one in ec.answers() if one.rule)
    left = [
        one.id
        for one in OPERATION.rules.values()
        if one.side.startswith("response") and one.id not in broken
    ]
    assert left == ["response.200#additionalProperties", "response.4XX#additionalProperties"]


def test_a_redirection_leads_nowhere() -> None:
    """With a Location it would be about the way to the operation, and break no rule."""
    assert BY_ID["response#status/302"].response == Response(302)


def test_an_optional_member_that_the_example_lacks(tmp_path: Path) -> None:
    """What is not in the example is not put there as another type."""
    schema = {
        **ANSWER,
        "properties": {**ANSWER["properties"], **{one: {"type": ["string"]} for one in "xy"}},
    }
    contract = small(
        tmp_path,
        {"type": "object"},
        answers={
            "200": {"schema": schema, "example": {"code": 0, "y": "string"}},
            "4XX": {"schema": {"type": "string"}},
        },
    )
    right = [one.id for one in ec.answers(contract=contract) if one.polarity == "right"]
    assert "conforming/answering-200" in right
    assert [one for one in right if "type" in one] == []


# Over real HTTP


def asked(url: str, **options: Any) -> httpx.Response:
    """Send the document's example."""
    return httpx.post(url + OPERATION.path, json=OPERATION.request.example, **options)


def test_each_answer_is_served_as_it_is() -> None:
    """Status, label and body arrive as they are listed."""
    chosen = [
        "response.200#json/truncated",
        "response#status/204",
        "response#status/302",
        "failing/502-page",
        "response.200/response_code#type/numeric-string",
    ]
    for one in chosen:
        want = BY_ID[one].response
        assert want is not None
        with server.in_background(Sandbox(defect=one)) as url:
            got = asked(url)
        label = dict(want.headers).get("Content-Type")
        assert (got.status_code, got.headers.get("content-type"), got.content) == (
            want.status,
            label,
            want.body,
        )
        assert got.headers["x-enkash-sandbox"] == app.NOTE[1]


def test_an_answer_breaks_off() -> None:
    """After half of the body the connection is closed."""
    with (
        server.in_background(Sandbox(defect="failing/cut")) as url,
        pytest.raises(httpx.RemoteProtocolError, match="peer closed connection"),
    ):
        asked(url)


def test_no_answer_comes() -> None:
    """The client waits as long as it likes."""
    with (
        server.in_background(Sandbox(defect="failing/never")) as url,
        pytest.raises(httpx.ReadTimeout),
    ):
        asked(url, timeout=0.3)


def test_patience_has_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    """A client that would wait for ever is sent away at last."""
    monkeypatch.setattr(asgi, "LONGEST", 0.05)
    with server.in_background(Sandbox(defect="failing/never")) as url:
        assert asked(url).status_code == 500


def test_a_slow_answer(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is the right one, only late."""
    with server.in_background(Sandbox(defect="conforming/slow")) as url:
        got = asked(url)
    assert got.status_code == 200
    assert got.elapsed.total_seconds() >= responses.SLOW
