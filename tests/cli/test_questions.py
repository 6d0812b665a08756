"""The command `questions`: what nobody has published, and how it could be asked."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import jsonschema_rs

import enkash_contract as ec
from enkash_contract.contract.shapes import PROBES
from tests.cli.test_as_json import COUNT, EVIDENCE, TEXT, TEXT_OR_NULL, each, exactly
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path

ANY_TEXT = {"type": "string"}
PROBE = exactly(kind={"enum": [*PROBES]}, requests=COUNT, carried_out=COUNT, sends=TEXT)

QUESTION = exactly(
    id=TEXT,
    operation=ANY_TEXT,
    side={"type": "string", "pattern": r"^(request|response\.\w+)?$"},
    member={"type": "string", "pattern": "^(/|$)"},
    asks=TEXT,
    matters=ANY_TEXT,
    probe={"anyOf": [PROBE, {"type": "null"}]},
    why=TEXT_OR_NULL,
    answers=each(exactly(operation=TEXT, says=TEXT, evidence=EVIDENCE, examples=each({}))),
)
"""What docs say of each item."""


def listed(*words: str) -> list[dict[str, Any]]:
    """Return the list as JSON, which has its shape."""
    code, text, err = said(typed("questions", "--format", "json", *words))
    assert (code, err) == (0, "")
    found: list[dict[str, Any]] = json.loads(text)
    errors = jsonschema_rs.Draft202012Validator(each(QUESTION, 1)).iter_errors(found)
    assert [(error.instance_path, error.message) for error in errors] == []
    return found


def test_each_question_is_asked_or_says_why_not() -> None:
    """Of every operation: exactly one of the two is there."""
    found = listed("--operation", "*")
    assert {each["operation"] for each in found} == {"", *ec.load()}
    assert all((each["probe"] is None) == (each["why"] is not None) for each in found)
    assert {each["why"] for each in found} == {
        None,
        "only EnKash can say",
        "EnKash sends these requests, so only EnKash can say",
        "the payload has no place for it, or a rule that is well known forbids it",
    }


def test_questions_about_all_are_of_no_operation() -> None:
    """They come first; the default's own follow."""
    found = listed()
    assert [each["id"] for each in found[:3]] == ["authentication", "base-address", "idempotency"]
    assert {each["operation"] for each in found} == {"", "changeInvoiceStatus"}


def test_lines_tell_the_same() -> None:
    """What is asked, why it matters, and what would be sent."""
    code, text, err = said(typed("questions", "--operation", "statusChangeInvoiceRequest"))
    assert (code, err) == (0, "")
    assert text.startswith(
        "authentication\n"
        "  How does a partner authenticate itself?\n"
        "  No page of these operations shows a header for it; other products of the portal use "
        "Authorization with a bearer token.\n"
        "  only EnKash can say\n\n"
    )
    _, text, _ = said(typed("questions"))
    assert (
        "\n\nactions changeInvoiceStatus /invoiceStatus/supplierAction\n"
        "  Which actions are there besides CANCEL, and which status goes with which?\n"
        "  An action that nobody has published is neither right nor wrong, so none is tested.\n"
        "  probe: 3 requests; a conforming server would carry out 3 of them\n\n"
    ) in text
    assert "\n\nanswer-payload changeInvoiceStatus response.200/payload\n" in text


def test_answers_are_shown_with_their_evidence(tmp_path: Path) -> None:
    """Of a question about all operations, with the operation that was asked."""
    file = tmp_path / "mine.yaml"
    file.write_text(
        "overlay: 1.0.0\n"
        "info: {title: Mine, version: '1'}\n"
        "actions:\n"
        "- target: $.paths['/api/v0/invoice/req-status-change-invoice'].post\n"
        "  update:\n"
        "    x-open-questions: {mine: {asks: Is it?}}\n"
        "    x-answers:\n"
        "      rate-limits: {operation: {says: 'It is.', evidence: assumed}}\n"
        "      actions:\n"
        "        request/invoiceStatus/supplierAction: {says: Two., evidence: observed}\n",
        encoding="utf-8",
    )
    _, text, _ = said(typed("questions", "--overlay", file))
    assert (
        "\n  A client that is too fast cannot tell that from an outage.\n  only EnKash can say\n"
        "  answer: changeInvoiceStatus: It is. [assumed]\n"
    ) in text
    assert "\n\nmine changeInvoiceStatus\n  Is it?\n  only EnKash can say\n\n" in text
    assert f"\n  answer: Two. [observed, {file}]\n" in text
    answers = [each["answers"] for each in listed("--overlay", str(file)) if each["answers"]]
    assert answers == [
        [
            {
                "operation": "changeInvoiceStatus",
                "says": "It is.",
                "evidence": {"level": "assumed", "source": None},
                "examples": [],
            }
        ],
        [
            {
                "operation": "changeInvoiceStatus",
                "says": "Two.",
                "evidence": {"level": "observed", "source": str(file)},
                "examples": [],
            }
        ],
    ]
