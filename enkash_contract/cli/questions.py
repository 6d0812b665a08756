"""The command `questions`: what nobody has published, and which requests would answer it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from enkash_contract.cli import as_json, commands, options

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.questions import Question
    from enkash_contract.engine.probing.probe import Probe

    Operations = tuple[Operation, ...]


@click.command(cls=commands.Command)
@as_json.form("Lines to read, or a JSON list.")
@options.contract
def questions(form: str, contract: Contract, operations: Operations) -> None:
    """List what nobody has published.

    Each question comes with the requests that `probe` would ask it by, or why none can.
    """
    listed = list(_listed(contract, operations))
    if form == "json":
        lines = ",\n".join(map(json.dumps, listed))
        click.echo(f"[\n{lines}\n]")
    else:
        click.echo("\n\n".join("\n".join(_lines(each)) for each in listed))


def _listed(contract: Contract, operations: Operations) -> Iterator[dict[str, Any]]:
    """Yield the questions about all operations, and those about each that is chosen."""
    from enkash_contract.contract import questions as asked
    from enkash_contract.contract.operation import TO_ENKASH
    from enkash_contract.engine.probing import survey

    contexts = {
        each: survey.context_of(each) if each.direction == TO_ENKASH else None
        for each in operations
    }
    first = next(filter(None, contexts.values()), None)
    for question in asked.general(contract.document):
        known = {each.id: asked.answered(each, question) for each in operations}
        yield _data(question, survey.asking(question, first), known)
    for operation, context in contexts.items():
        for question in asked.of(operation):
            yield _data(question, survey.asking(question, context), {operation.id: question})


def _data(question: Question, asking: Probe | str, known: dict[str, Question]) -> dict[str, Any]:
    """Return a question as plain data, with its answers by operation."""
    from enkash_contract.engine.probing.survey import sends

    probe: dict[str, Any] | None = None
    if not isinstance(asking, str):
        probe = {
            "kind": question.kind,
            "requests": asking.requests,
            "carried_out": asking.carried_out,
            "sends": sends(asking),
        }
    return {
        "id": question.id,
        "operation": question.operation,
        "side": question.side,
        "member": question.pointer,
        "asks": question.asks,
        "matters": question.matters,
        "probe": probe,
        "why": asking if isinstance(asking, str) else None,
        "answers": [
            {
                "operation": operation,
                "says": each.answer.says,
                "evidence": each.answer.evidence.as_data(),
                "examples": [*each.answer.examples],
            }
            for operation, each in known.items()
            if each.answer is not None
        ],
    }


def _lines(each: dict[str, Any]) -> Iterator[str]:
    """Yield the lines of a question."""
    whole = each["side"] if each["side"] != "request" else ""
    yield " ".join(filter(None, (each["id"], each["operation"], f"{whole}{each['member']}")))
    yield f"  {each['asks']}"
    if each["matters"]:
        yield f"  {each['matters']}"
    yield f"  {'probe: ' + each['probe']['sends'] if each['probe'] else each['why']}"
    for answer in each["answers"]:
        of = "" if each["operation"] else f"{answer['operation']}: "
        evidence = answer["evidence"]
        source = f", {evidence['source']}" if evidence["source"] else ""
        yield f"  answer: {of}{answer['says']} [{evidence['level']}{source}]"
