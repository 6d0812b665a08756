"""Rejections of valid requests, and the other requests that show whether they count."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.judging.judge import judge_case
from enkash_contract.schemathesis_hooks import cases
from enkash_contract.schemathesis_hooks.servers import Server
from enkash_contract.wire.message import Interaction, Response

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.judging.case import Case
    from enkash_contract.judging.finding import Finding

    Rule = Callable[[Any], bool]

OPERATION = bundled().pick()
BASE = OPERATION.request.example
BUYER = "request/b2bIds/buyerB2BId#pattern"
INVOICE = BASE["invoiceStatus"]["objectId"]
OTHER = {"invoiceStatus": {"objectId": INVOICE[:-1] + "0"}}
LONG = {"b2bIds": {"buyerB2BId": "b" * 100}}


class Fake:
    """A server in memory that accepts what `rule` accepts, and keeps what it was sent."""

    def __init__(self, rule: Rule) -> None:
        self.rule, self.sent = rule, list[str]()
        self.server = Server(bundled(), OPERATION, FAIL_ON, None)

    def send(self, case: Case) -> Interaction:
        self.sent.append(case.id)
        return self._interaction(case)

    def findings(self, case: Case) -> list[Finding]:
        """Return what comes of `case`, whether it is accepted or rejected."""
        interaction = self._interaction(case)
        result = judge_case(OPERATION, case, interaction)
        assert interaction.response is not None
        if b"SUCCESS" in (interaction.response.body or b""):
            self.server.accepts(case, result)
            return []
        return self.server.findings(case, result, self.send)

    def _interaction(self, case: Case) -> Interaction:
        word, code = ("SUCCESS", 0) if self.rule(_payload(case)) else ("FAILED", 31)
        body = b'{"payload": "", "response_code": %d, "response_message": "%s"}'
        label = (("Content-Type", "application/json"),)
        response = Response(200, label, body % (code, word.encode()))
        return Interaction(case.request(), response)


def _payload(case: Case) -> Any:
    return ec.validate_json(case.wire.body)


def of_suite(case_id: str) -> Case:
    """Return the case of the suite with that id."""
    return next(case for case in ec.cases() if case.id == case_id)


def drawn(**changes: dict[str, Any]) -> Case:
    """Return a drawn request: the baseline with `changes` in its objects."""
    payload = {name: {**value, **changes.get(name, {})} for name, value in BASE.items()}
    baseline = ec.cases(base=payload)[0]
    return cases._valid(OPERATION, baseline.request(), cases._evidence(OPERATION))


def test_a_look_up_shows_nothing() -> None:
    """Three other values are tried, once; then it is known, and nothing more is sent."""
    fake = Fake(lambda payload: payload["b2bIds"] == BASE["b2bIds"])
    assert fake.findings(of_suite(f"{BUYER}/shortest")) == []
    assert len(fake.sent) == 3
    assert fake.findings(of_suite(f"{BUYER}/longest")) == []
    assert len(fake.sent) == 3


def test_a_rejection_counts_where_another_value_is_accepted() -> None:
    """It is found out on the spot, or known from what was accepted before."""
    for earlier in ([], [of_suite("request/b2bIds/buyerB2BId#type/another")]):
        fake = Fake(lambda payload: len(payload["b2bIds"]["buyerB2BId"]) > 1)
        assert [found for case in earlier for found in fake.findings(case)] == []
        (finding,) = fake.findings(of_suite(f"{BUYER}/shortest"))
        assert (finding.check, finding.rule) == ("positive_data_acceptance", BUYER)
        assert len(fake.sent) == 1 - len(earlier)


@pytest.mark.parametrize("others", [{}, OTHER])
def test_a_drawn_rejection_is_reported_of_the_member_to_blame(others: dict[str, Any]) -> None:
    """Each member that differs is sent alone, whether one differs or several."""
    fake = Fake(lambda payload: len(payload["b2bIds"]["buyerB2BId"]) < 100)
    (finding,) = fake.findings(drawn(**LONG, **others))
    assert (finding.check, finding.rule) == ("positive_data_acceptance", BUYER)


def test_a_drawn_rejection_shows_nothing_where_all_is_looked_up() -> None:
    """A member that is known to be looked up is not sent again."""
    fake = Fake(lambda payload: payload["invoiceStatus"]["objectId"] == INVOICE)
    assert fake.findings(drawn(**OTHER)) == []
    before = len(fake.sent)
    assert fake.findings(drawn(**OTHER)) == []
    assert len(fake.sent) == before


def test_values_that_are_rejected_only_together_show_nothing() -> None:
    """No page tells how they go together."""
    fake = Fake(
        lambda payload: (
            len(payload["b2bIds"]["buyerB2BId"]) < 100
            or payload["invoiceStatus"]["objectId"] == INVOICE
        )
    )
    assert fake.findings(drawn(**LONG, **OTHER)) == []


def test_a_spelling_that_is_rejected_counts() -> None:
    """Where no value differs from the baseline's, there is nothing to look up."""
    fake = Fake(lambda _: False)
    assert [finding.rule for finding in fake.findings(drawn())] == ["request#type"]
    assert fake.sent == []


def test_no_response_shows_nothing() -> None:
    """Another value without a response is neither accepted nor rejected."""
    fake = Fake(lambda _: False)
    case = of_suite(f"{BUYER}/shortest")
    result = judge_case(OPERATION, case, fake.send(case))
    assert fake.server.findings(case, result, lambda _: None) == []
