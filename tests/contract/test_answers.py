"""Answers that an overlay states: read with their evidence, and refused where nobody asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.contract.answers import Answer, key, show
from enkash_contract.contract.evidence import Evidence, Level

if TYPE_CHECKING:
    from pathlib import Path

OVERLAY = """overlay: 1.0.0
info: {{title: Answers, version: '1'}}
actions:
  - target: $.paths['/api/v0/invoice/req-status-change-invoice'].post
    update: {{x-answers: {answers}}}
"""


def laid(folder: Path, answers: str) -> ec.Contract:
    """Return the contract with these answers."""
    file = folder / "mine.yaml"
    file.write_text(OVERLAY.format(answers=answers), encoding="utf-8")
    return ec.load(file)


def test_a_partner_may_write_answers_by_hand(tmp_path: Path) -> None:
    """What names no source is the partner's own."""
    answers = (
        "{actions: {request/invoiceStatus/supplierAction: "
        "{says: Paid., evidence: confirmed, examples: [CANCEL, PAID]}}}"
    )
    operation = laid(tmp_path, answers).pick()
    (answer,) = operation.answers.values()
    assert (answer.says, answer.evidence.level) == ("Paid.", Level.CONFIRMED)
    schema: Any = operation.request.schema["properties"]["invoiceStatus"]
    assert schema["properties"]["supplierAction"]["examples"] == ["CANCEL", "PAID"]


@pytest.mark.parametrize(
    ("answers", "message"),
    [
        (
            "{actions: {operation: {says: x, evidence: observed}}}",
            "there is no question 'actions' about operation; `enkash-contract questions` lists",
        ),
        (
            "{unheard-of: {operation: {says: x, evidence: observed}}}",
            "there is no question 'unheard-of' about operation",
        ),
        ("{errors: {nowhere: {says: x, evidence: observed}}}", "'nowhere' is no key of errors"),
        ("{errors: {response.4XX: {says: x}}}", "an answer has no 'evidence'; add it"),
        (
            "{errors: {response.4XX: {says: x, evidence: observed nobody}}}",
            "the source 'nobody' is unknown",
        ),
        (
            "{errors: {response.4XX: {says: x, evidence: observed, example: 1}}}",
            "an answer with the keyword 'example' is not honoured here; did you mean examples",
        ),
    ],
)
def test_an_answer_that_nobody_asks_for_is_a_mistake(
    tmp_path: Path, answers: str, message: str
) -> None:
    """It names the line of the overlay."""
    with pytest.raises(ec.DocumentError) as error:
        laid(tmp_path, answers)
    (line,) = str(error.value).splitlines()
    assert line.startswith(f"{tmp_path / 'mine.yaml'}:5: {message}")


@pytest.mark.parametrize(
    ("probe", "message"),
    [
        ("{kind: ask}", "there is no probe of the kind 'ask'"),
        ("[1]", "there is no probe of the kind None"),
        ("{kind: [values]}", "there is no probe of the kind ['values']"),
        ("{kind: values}", "a probe of the kind values has no 'guesses'"),
        ("{kind: values, guesses: []}", "guesses is empty"),
        ("{kind: twice, guesses: [1]}", "a probe of the kind twice with the keyword 'guesses'"),
    ],
)
def test_a_probe_must_be_one_that_can_be_sent(tmp_path: Path, probe: str, message: str) -> None:
    """Of a known kind, with exactly what that kind needs."""
    text = OVERLAY.format(answers="{}").replace(
        "x-answers: {}", f"x-open-questions: {{mine: {{asks: '?', probe: {probe}}}}}"
    )
    file = tmp_path / "mine.yaml"
    file.write_text(text, encoding="utf-8")
    with pytest.raises(ec.DocumentError, match="mine.yaml:5: ") as error:
        ec.load(file)
    assert message in str(error.value)


def test_values_join_the_examples_of_every_certain_schema() -> None:
    """Not those of an alternative; where there are none, all that is valid is right already."""
    schema: dict[str, Any] = {
        "properties": {"a": {"examples": [1]}, "b": {}},
        "allOf": [{"properties": {"a": {"examples": [1, 2]}}}],
        "anyOf": [{"properties": {"a": {"examples": [1]}}}],
    }
    evidence = Evidence(Level.ASSUMED)
    answers = {
        ("q", "request/a"): Answer("x", evidence, (2, 3)),
        ("q", "request/b"): Answer("x", evidence, (2,)),
        ("q", "response.200/a"): Answer("x", evidence, (9,)),
        ("r", "request/a"): Answer("x", evidence),
    }
    show(schema, "request", answers)
    assert schema == {
        "properties": {"a": {"examples": [1, 2, 3]}, "b": {}},
        "allOf": [{"properties": {"a": {"examples": [1, 2, 3]}}}],
        "anyOf": [{"properties": {"a": {"examples": [1]}}}],
    }
    assert (key("", ""), key("request", "/a")) == ("operation", "request/a")
