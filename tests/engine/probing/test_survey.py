"""What will be asked, announced before anything is sent, and never more than the budget."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

import enkash_contract as ec
from enkash_contract.contract.operation import TO_ENKASH
from enkash_contract.engine.probing.survey import announced, asking, context_of, every, survey
from enkash_contract.engine.transport.connection import BUDGET
from tests.support.many_files import many_files

if TYPE_CHECKING:
    from pathlib import Path

CONTRACT = ec.load()
OPERATION = CONTRACT.pick()


def test_all_that_is_sent_is_announced() -> None:
    """With what it does at a server that keeps every rule."""
    chosen = survey(CONTRACT, OPERATION, ["errors", "versions", "answer-payload"])
    assert list(announced(chosen, "https://user:pass@uat.example/?key=1")) == [
        "changeInvoiceStatus: 3 questions to https://uat.example/",
        "  answer-payload response.200/payload: nothing, the response to the baseline answers it",
        "  errors response.4XX: 1 request; a conforming server would carry out none",
        "  versions /invoiceStatus/objectVersion: 3 requests; a conforming server would carry out "
        "2 of them",
        "  the baseline, first and after each question: 3 requests",
        "at most 7 requests; a conforming server would carry out 5 of them",
    ]
    assert next(iter(announced(chosen, None))).endswith("to the embedded sandbox")


def test_the_budget_is_the_most_that_is_sent() -> None:
    """Beyond it nothing is sent at all."""
    chosen = survey(CONTRACT, OPERATION, ["statuses", "errors"])
    assert chosen.within(15) is chosen
    with pytest.raises(ec.UsageError) as error:
        chosen.within(14)
    assert str(error.value) == (
        "these questions take up to 15 requests, and the budget is 14; ask fewer (most is sent for "
        "statuses /invoiceStatus/statusTransition/currentStatus (5), statuses "
        "/invoiceStatus/statusTransition/newStatus (5), errors response.4XX (1)), or give "
        "--budget 15"
    )


@pytest.mark.parametrize(
    "operation", [each.id for each in CONTRACT.values() if each.direction == TO_ENKASH]
)
def test_all_questions_of_an_operation_are_within_the_budget(operation: str) -> None:
    """So nobody has to choose who does not want to."""
    chosen = survey(CONTRACT, CONTRACT[operation])
    assert chosen.within(BUDGET) is chosen


@pytest.mark.parametrize(
    ("operation", "wish", "message"),
    [
        ("", "statusses", "there is no question 'statusses'; did you mean statuses"),
        ("", "base*", "no request can answer 'base*': only EnKash can say; `enkash-contract"),
        (
            "paymentRequest",
            "",
            "paymentRequest is a webhook: EnKash sends these requests, so only EnKash can say; "
            "name an operation that a partner calls",
        ),
    ],
)
def test_a_wish_that_cannot_be_asked_is_a_mistake(operation: str, wish: str, message: str) -> None:
    """The message says what there is."""
    with pytest.raises(ec.UsageError) as error:
        survey(CONTRACT, CONTRACT.pick(operation or None), [wish] if wish else [])
    assert str(error.value).startswith(message)


def test_a_base_that_breaks_the_contract_is_a_mistake() -> None:
    """As in a check."""
    with pytest.raises(ec.UsageError, match="the base payload itself breaks the contract"):
        survey(CONTRACT, OPERATION, base={})


def test_a_document_may_have_no_probes(tmp_path: Path) -> None:
    """Then nothing can be asked."""
    contract = ec.load(document=many_files(tmp_path))
    with pytest.raises(ec.UsageError) as error:
        survey(contract, contract.pick())
    assert str(error.value) == (
        "no request can answer any of its questions; `enkash-contract questions` lists them"
    )


def test_a_question_says_why_it_cannot_be_asked() -> None:
    """It has no probe, it is about a webhook, or there is no place for it."""
    by_id = {question.id: question for question in every(CONTRACT, OPERATION)}
    context = context_of(OPERATION)
    without = {**OPERATION.request.example, "invoiceStatus": {}}
    reasons = [
        asking(by_id["authentication"], context),
        asking(by_id["actions"], None),
        asking(by_id["actions"], context_of(OPERATION, without)),
    ]
    assert reasons == [
        "only EnKash can say",
        "EnKash sends these requests, so only EnKash can say",
        "the payload has no place for it, or a rule that is well known forbids it",
    ]
    chosen = survey(CONTRACT, CONTRACT["initiateEntityCheck"], ["object-id-prefix"])
    assert list(announced(chosen, None))[1:] == [
        "  object-id-prefix /objectId: nothing, as the payload has no place for it, or a rule that "
        "is well known forbids it",
        "  the baseline, first and after each question: 1 request",
        "at most 1 request; a conforming server would carry out 1 of them",
    ]
