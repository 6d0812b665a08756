"""What is not known of the API is data as well."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract.contract import load
from enkash_contract.contract.questions import Question, Unknown
from tests.support.many_files import OPERATION, many_files

if TYPE_CHECKING:
    from pathlib import Path


def test_operations_known_by_title_are_listed(tmp_path: Path) -> None:
    """Their page may be unknown as well; no path or member of theirs is guessed."""
    assert load(document=many_files(tmp_path)).unknown == (
        Unknown("Refund", "Payment", "to-enkash", "api-3"),
        Unknown("Refunded", "Payment", "to-partner", None),
    )


def test_questions_name_what_they_are_about(tmp_path: Path) -> None:
    """A question about a shared member is asked for each operation that has it."""
    letters = Question("letters", "Which letters are there?", "It is unknown.")
    assert [str(asked) for asked in load(document=many_files(tmp_path)).questions] == [
        str(asked)
        for asked in (
            Question("limits", "How many requests may be sent in a second?"),
            Question("twice", "What if it is sent twice?", operation="payInvoice"),
            Question(*_head(letters), "payInvoice", "request", "/ids/buyer"),
            Question(*_head(letters), "invoicePaid", "request", "/buyer"),
        )
    ]


def test_a_use_adds_its_questions_to_those_of_the_component(tmp_path: Path) -> None:
    """What stands beside a reference replaces only what has the same id."""
    beside = "x-open-questions: {whose: {asks: 'Whose are they?', probe: {kind: twice}}}"
    text = OPERATION.replace(
        "payment: {$ref: '../parts/payment.yaml#/Payment'}",
        f"payment: {{$ref: '../enkash.yaml#/components/schemas/Id', {beside}}}",
    )
    asked = load(document=many_files(tmp_path, pay_invoice=text)).questions
    found = [(each.id, each.probe) for each in asked if each.pointer == "/payment"]
    assert found == [("letters", None), ("whose", {"kind": "twice"})]


def _head(question: Question) -> tuple[str, str, str]:
    return question.id, question.asks, question.matters
