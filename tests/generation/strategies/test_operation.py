"""The public strategies: valid requests by three judges, and invalid ones that break one rule."""

from __future__ import annotations

import json
import shutil
import subprocess
import unicodedata
from collections import Counter
from typing import TYPE_CHECKING, Any, cast

import pytest

from enkash_contract.contract.evidence import Level
from enkash_contract.contract.operation import REQUEST, RESPONSE
from enkash_contract.errors import UsageError
from enkash_contract.generation import suite
from enkash_contract.generation.mutation import mutations, selected, statuses
from enkash_contract.generation.proof import shows
from enkash_contract.generation.strategies.operation import (
    invalid_payloads,
    payloads,
    requests,
)
from enkash_contract.generation.strategies.operation import responses as answers
from enkash_contract.judging.checks import judgement_of, response_findings
from enkash_contract.validation import request as asked
from enkash_contract.validation import validate
from enkash_contract.wire.message import Request, Response
from enkash_contract.wire.spelling import compact
from tests.journeys.test_document_tools import node
from tests.support.paths import TOOLS
from tests.support.second_document import second
from tests.support.second_judge import broken_rules
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation
    from enkash_contract.generation.strategies.invalid import InvalidPayload
    from enkash_contract.judging.case import Case
from tests.support.draws import FEW, MANY, by_jsonschema, draws, simplest


def by_ajv(schema: Any, values: list[Any]) -> list[bool]:
    """Say of each value whether ajv finds it right."""
    asked = json.dumps({"schema": schema, "payloads": values})
    command = [shutil.which("node") or "node", str(TOOLS / "judge.mjs")]
    done = subprocess.run(command, input=asked, capture_output=True, text=True, check=True)
    return cast("list[bool]", json.loads(done.stdout))


def findings(operation: Operation, response: Response) -> set[str]:
    """Return the rules that a response breaks, by the checks on responses."""
    return {finding.rule for finding in response_findings(judgement_of(operation, response))}


def right_by_two(operation: Operation, payload: Any) -> bool:
    """Say whether the first two judges find a payload right."""
    schema = dict(operation.request.schema)
    return validate.is_valid(payload, fail_on="assumed") and by_jsonschema(schema, payload)


# What is right


def test_payloads_are_right_by_two_judges(operation: Operation) -> None:
    """Our validator and jsonschema accept every payload."""
    assert [one for one in draws(payloads()) if not right_by_two(operation, one)] == []


@pytest.mark.slow
def test_ten_thousand_payloads_are_right(operation: Operation) -> None:
    """The same, for many more."""
    assert [one for one in draws(payloads(), MANY) if not right_by_two(operation, one)] == []


@pytest.mark.parametrize(
    "count",
    [pytest.param(FEW, marks=node), pytest.param(MANY, marks=[*node, pytest.mark.slow])],
)
def test_payloads_are_right_by_ajv(count: int, operation: Operation) -> None:
    """A judge in ECMAScript accepts every payload."""
    schema = operation.json_schema(fail_on=Level.ASSUMED)
    assert set(by_ajv(schema, draws(payloads(), count))) == {True}


def test_the_simplest_values_are_the_examples(operation: Operation) -> None:
    """What every failure can shrink to is the document's example, spelled plainly."""
    shown = operation.request.example
    sent = compact(shown)
    label = (("Content-Type", "application/json"),)
    request = Request("POST", operation.path, label, sent)
    answer = Response(200, label, compact(operation.sides["response.200"].example))

    def anything(_: Any) -> bool:
        return True

    assert simplest(payloads(), anything) == shown
    assert simplest(requests(), anything) == request
    assert simplest(answers(), anything) == answer
    assert simplest(invalid_payloads(), anything).body == sent


def test_what_is_wrong_with_one_member_leaves_the_others_as_shown(operation: Operation) -> None:
    """A failure on one member shrinks to the example with that member changed."""
    found = simplest(payloads(), lambda one: not one["b2bIds"]["buyerB2BId"].isascii())
    found["b2bIds"]["buyerB2BId"] = operation.request.example["b2bIds"]["buyerB2BId"]

    assert found == operation.request.example


def test_text_is_printable_and_of_many_scripts() -> None:
    """Payloads hold what no ASCII-only implementation survives, and nothing unprintable."""
    drawn = draws(payloads(), 400)
    text = "".join(
        one["b2bIds"]["buyerB2BId"] + one["invoiceStatus"]["supplierRemarks"] for one in drawn
    )
    named = {unicodedata.name(char, "") for char in text}
    scripts = ("DEVANAGARI", "CYRILLIC", "CJK UNIFIED", "LATIN SMALL LETTER E WITH")

    assert text.isprintable()
    assert [script for script in scripts if not any(script in name for name in named)] == []
    assert any(ord(char) > 0xFFFF for char in text)


def test_bounds_are_reached() -> None:
    """The shortest and the longest strings are among the payloads, and much between them."""
    lengths = {len(one["invoiceStatus"]["supplierInvoiceNumber"]) for one in draws(payloads())}

    assert {1, 50} <= lengths
    assert len(lengths) > 10
    assert max(lengths) == 50


def test_a_drawn_value_is_nobody_elses(operation: Operation) -> None:
    """Changing a payload changes neither the next one nor the document."""
    before = compact(operation.request.example)
    for one in draws(payloads(), 20):
        one["device"]["tag"].clear()
        assert one["invoiceStatus"]["objectVersion"] == {"currentVersion": 1, "newVersion": 1}
        one["invoiceStatus"]["objectVersion"].clear()

    assert compact(operation.request.example) == before


def test_requests_are_right_in_every_spelling(operation: Operation) -> None:
    """Every spelling of a right request is drawn, and breaks nothing."""
    drawn = draws(requests())

    assert {tuple(asked.request_violations(operation, one)) for one in drawn} == {()}
    assert {dict(one.headers)["Content-Type"] for one in drawn} == {
        "application/json",
        "application/json; charset=utf-8",
        "Application/JSON",
    }
    assert any(b"\n  " in (one.body or b"") for one in drawn)
    assert any(b"\\u0064\\u0065" in (one.body or b"") for one in drawn)


def test_right_answers_break_nothing(operation: Operation) -> None:
    """Answers of every documented status are drawn, and keep every rule."""
    drawn = draws(answers())

    assert {tuple(findings(operation, one)) for one in drawn} == {()}
    assert {one.status // 100 for one in drawn} == {2, 4}
    assert 404 in statuses(operation, "4XX")


# What is wrong


def wrong(operation: Operation, drawn: list[InvalidPayload]) -> list[InvalidPayload]:
    """Return those that do not break exactly the rule they name, by two judges."""
    return [
        one
        for one in drawn
        if broken_rules(operation, cast("Case", one)) != {one.rule.id}
        or {violation.rule.id for violation in asked.addressed_violations(operation, one.request())}
        != {one.rule.id}
    ]


def test_invalid_payloads_break_the_rule_they_name(operation: Operation) -> None:
    """Our validator and jsonschema both find that rule broken, and no other."""
    assert wrong(operation, draws(invalid_payloads())) == []


@pytest.mark.slow
def test_ten_thousand_invalid_payloads_break_the_rule_they_name(operation: Operation) -> None:
    """The same, for many more."""
    assert wrong(operation, draws(invalid_payloads(), MANY)) == []


@pytest.mark.parametrize(
    "count",
    [pytest.param(FEW, marks=node), pytest.param(MANY, marks=[*node, pytest.mark.slow])],
)
def test_invalid_payloads_are_refused_by_ajv(count: int, operation: Operation) -> None:
    """A judge in ECMAScript refuses every payload that breaks a rule of the schema."""
    drawn = [one.payload for one in draws(invalid_payloads(rule="request/*"), count)]
    schema = operation.json_schema(fail_on=Level.ASSUMED)
    assert set(by_ajv(schema, drawn)) == {False}


def test_every_rule_and_family_is_reached(operation: Operation) -> None:
    """What the suite breaks is drawn as well: each rule, by each family."""
    known = {(one.rule.id, one.family) for one in suite.cases() if one.polarity == "reject"}
    every = selected(operation, REQUEST, None, None)
    by_hand = [mutation.broken(operation, operation.request.example) for mutation in every]

    assert {(mutation.rule.id, mutation.family) for mutation in every} == known
    assert {one for one in by_hand if one.body == b"null"}
    for rule in {rule for rule, _ in known}:
        drawn = draws(invalid_payloads(rule=rule), 2)
        assert {one.rule.id for one in drawn} == {rule}


def test_evidence_is_that_of_the_suite(operation: Operation) -> None:
    """What nothing settles is as weak when it is drawn as it is in the suite."""
    known = {one.id: one.evidence for one in suite.cases() if one.polarity == "reject"}
    every = selected(operation, REQUEST, None, None)
    (mark,) = draws(invalid_payloads(family="json/byte-order-mark"), 1)

    assert {f"{mutation.rule.id}/{mutation.name}": mutation.evidence for mutation in every} == known
    assert (mark.evidence.level, mark.rule.evidence.level) == (Level.ASSUMED, Level.DOCUMENTED)


def test_no_rule_is_drowned_by_another() -> None:
    """A rule with few families is drawn as often as one with many, and the first as the last."""
    few = Counter(one.rule.id for one in draws(invalid_payloads(), 400))
    drawn = [one.rule.id for one in draws(invalid_payloads(), 1_000)]
    # Hypothesis tries several payloads with each rule that it chooses, about six in a row.
    assert (len(few) > 30, max(few.values()) < 40) == (True, True)
    assert max(Counter(drawn).values()) < len(drawn) / 20
    assert {"request#method", "request#json", "request/device/tag/name#minLength"} <= {*drawn}
    assert drawn.count("request/b2bIds/buyerB2BId#pattern") < len(drawn) / 10


def test_what_is_broken_can_be_chosen() -> None:
    """Rules and families are named by id or by glob."""
    drawn = draws(invalid_payloads(rule="request/b2bIds/*", family="type/*"), 50)
    assert {one.rule.id for one in drawn} == {
        "request/b2bIds/buyerB2BId#type",
        "request/b2bIds/supplierB2BId#type",
    }
    assert {one.family.partition("/")[0] for one in drawn} == {"type"}


@pytest.mark.parametrize(
    ("options", "said"),
    [
        ({"rule": "request/nothing#type"}, "has no rule 'request/nothing#type'"),
        ({"rule": "request/nothing/*"}, "nothing can break rule 'request/nothing/\\*'"),
        ({"family": "type/none"}, "nothing can break family 'type/none'"),
        ({"rule": "request/device/*", "family": "a*"}, "rule 'request/device/\\*' with family"),
        ({"rule": "request#additionalProperties"}, "nothing can break rule"),
        ({"operation": "other"}, "there is no operation 'other'"),
    ],
)
def test_what_matches_nothing_is_said(options: dict[str, Any], said: str) -> None:
    """A name that leads nowhere is wrong use, and the message says which."""
    with pytest.raises(UsageError, match=said):
        invalid_payloads(**options)


def test_a_right_answer_cannot_be_told_to_break_a_rule() -> None:
    """Rules and families are for wrong answers."""
    with pytest.raises(UsageError, match="pass valid=False"):
        answers(rule="response.200#json")


def test_what_has_no_right_value_is_said(tmp_path: Path) -> None:
    """A schema that nothing keeps has no payloads."""
    schema = {"type": "object", "properties": {"a": {"type": "string", "enum": [1]}}}
    contract = small(tmp_path, {**schema, "required": ["a"]})
    with pytest.raises(UsageError, match="has no request that is known to be valid"):
        payloads(contract=contract)


def test_what_can_be_broken_may_be_nothing(tmp_path: Path) -> None:
    """Where the example itself is wrong, nothing can be proven to break one rule."""
    contract = small(tmp_path, {"type": "object"}, example=7)
    with pytest.raises(UsageError, match="nothing can break rule 'request#json'"):
        invalid_payloads(contract=contract, rule="request#json", family="empty")


def test_a_wrong_request_can_be_sent(operation: Operation) -> None:
    """It says all that is needed to send it, and its payload is what its bytes hold."""
    (one,) = draws(invalid_payloads(family="content-type-present/absent"), 1)
    (other,) = draws(invalid_payloads(family="json/empty"), 1)

    assert one.request() == Request("POST", operation.path, (), one.body)
    assert (one.method, one.content_type) == ("POST", None)
    assert compact(one.payload) == one.body
    assert (other.payload, other.body) == (None, b"")
    assert other.request("http://localhost/").url == "http://localhost/"


def test_wrong_answers_break_one_rule(operation: Operation) -> None:
    """Every rule of every answer is broken, and each answer breaks one."""
    known = {mutation.rule.id for mutation in mutations(operation, RESPONSE)}
    broken = [findings(operation, one) for one in draws(answers(valid=False), 500)]

    assert {len(one) for one in broken} == {1}
    assert set().union(*broken) == known
    assert {"response#status", "response.200#json", "response.4XX/payload#type"} <= known


def test_one_rule_of_the_answer_can_be_chosen(operation: Operation) -> None:
    """Wrong answers are narrowed down as wrong requests are."""
    drawn = draws(answers(valid=False, rule="response#status", family="status/30?"), 20)
    assert {one.status for one in drawn} == {301, 302, 307}
    assert {tuple(findings(operation, one)) for one in drawn} == {("response#status",)}


# Any document


@pytest.mark.parametrize("name", ["openThing", "closeThing"])
def test_another_document_is_served_as_well(name: str, tmp_path: Path) -> None:
    """Every honoured keyword: right by two judges, wrong in one rule, shrinking to the example."""
    contract = second(tmp_path)
    options: dict[str, Any] = {"contract": contract, "operation": name}
    side = contract[name].request
    drawn = draws(payloads(**options), 100)
    schema = dict(side.schema)

    assert [one for one in drawn if not validate.is_valid(one, **options)] == []
    assert [one for one in drawn if not by_jsonschema(schema, one)] == []
    assert simplest(payloads(**options), lambda _: True) == side.example
    for one in draws(invalid_payloads(**options), 100):
        found = asked.addressed_violations(contract[name], one.request())
        assert shows(contract[name], one.rule, {violation.rule.id for violation in found})
    assert draws(requests(**options), 10)


def test_an_answer_may_have_no_content(tmp_path: Path) -> None:
    """A status that documents no content is answered without any."""
    contract = second(tmp_path)
    (one,) = draws(answers(contract=contract, operation="openThing"), 1)

    assert one == Response(204, (), b"")


def test_a_way_that_fails_on_a_drawn_value_is_taken_as_it_was_proven(tmp_path: Path) -> None:
    """No draw is thrown away: where a member is absent, its rule is broken on another payload."""
    inner = {"type": "object", "properties": {"b": {"type": "integer"}}, "required": ["b"]}
    schema = {"type": "object", "properties": {"a": inner}}
    contract = small(tmp_path, schema, example={})
    drawn = draws(invalid_payloads(contract=contract, rule="request/a/b#type"), 50)

    assert {one.rule.id for one in drawn} == {"request/a/b#type"}
    assert {"a"} == {name for one in drawn for name in one.payload}
