"""The command `validate`: the violations in files of payloads, as lines or as JSON."""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from enkash_contract.cli import as_json, commands, options, output, validated
from enkash_contract.contract.choice import naming
from enkash_contract.contract.evidence import Level
from enkash_contract.contract.operation import REQUEST, RESPONSE
from enkash_contract.contract.wording import counted
from enkash_contract.errors import PayloadFileError, UsageError, did_you_mean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.cli.validated import Judged
    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.validation.violation import Violation

    ByFile = list[tuple[str, Operation]]
    """Files, each with the operation whose payloads it holds."""


@click.command(cls=commands.Command)
@click.argument("files", nargs=-1, required=True, metavar="FILE...")
@click.option(
    "--as",
    "side",
    type=click.Choice([REQUEST, RESPONSE]),
    default=REQUEST,
    show_default=True,
    help="What the payloads are.",
)
@as_json.form("A line for each violation, or one JSON object.")
@options.report
@options.fail_on
@options.contract
def validate(
    files: tuple[str, ...],
    side: str,
    form: str,
    reports: tuple[str, ...],
    fail_on: str,
    contract: Contract,
    operations: tuple[Operation, ...],
) -> None:
    """Validate payloads in files.

    FILE may be - for standard input; files .ndjson and .jsonl hold a payload a line. Of several
    operations, a file is named for its own: payInvoice.json, payInvoice.2.json.
    """
    from enkash_contract.contract import listing

    by_file = _by_file(files, operations)
    judged = validated.begin(reports, operations, side, files)
    payloads = _Payloads(side, Level.of(fail_on), judged)
    name = naming(operations)
    if form == "text":
        for operation, (file, at, violation, fatal) in payloads.read(by_file):
            named = name(operation, violation.rule.id)
            line = output.located(file, at, violation, fatal=fatal, named=named)
            click.echo(line, err=judged.aside)
    else:
        findings = [
            item
            for operation, found in payloads.read(by_file)
            for item in listing.items({operation: [_as_data(found)]}, several=len(operations) > 1)
        ]
        begun = {"as": side, "fail_on": fail_on, **payloads.as_data()}
        head = listing.head(contract, *operations) | begun
        click.echo(listing.text(head, findings=findings, errors=payloads.errors))
    click.echo(payloads.summary, err=True)
    judged.write(contract)
    sys.exit(payloads.exit_code)


def _by_file(files: tuple[str, ...], operations: tuple[Operation, ...]) -> ByFile:
    """Return each file with its operation: of several, the one that the file is named for.

    Raises:
        UsageError: a file is named for none of them.

    """
    if len(operations) == 1:
        return [(file, operations[0]) for file in files]
    known = {operation.id: operation for operation in operations}
    by_file = []
    for file in files:
        stem = Path(file).name.partition(".")[0]
        if stem not in known:
            hint = did_you_mean(stem, known, f"name it for one of {', '.join(known)}")
            shown = output.file_name(file)
            raise UsageError(f"{shown} is named for none of the operations, {hint}")
        by_file.append((file, known[stem]))
    return by_file


class _Found(NamedTuple):
    """A violation in the file `name`, whose payload begins after line `at`; `fatal` or assumed."""

    name: str
    at: int
    violation: Violation
    fatal: bool


@dataclass
class _Payloads:
    """What validators of one side find in files, and how much of it."""

    side: str
    level: Level
    judged: Judged
    payloads: int = 0
    violations: int = 0
    assumptions: int = 0
    errors: list[dict[str, str]] = field(default_factory=list)

    def read(self, by_file: ByFile) -> Iterator[tuple[Operation, _Found]]:
        """Yield what is found in files; what cannot be read does not hide the rest."""
        from enkash_contract.validation.validator import validator
        from enkash_contract.wire.payload_file import payload_lines

        for name, operation in by_file:
            judge = validator(operation, operation.side(self.side).name)
            try:
                for at, raw in payload_lines(name):
                    self.payloads += 1
                    violations = [*judge.of_bytes(raw)]
                    self.judged.add(operation, name, at, raw, violations)
                    for violation in violations:
                        fatal = violation.evidence.at_least(self.level)
                        self.violations += fatal
                        self.assumptions += not fatal
                        yield operation, _Found(name, at, violation, fatal)
            except PayloadFileError as error:
                self.errors.append({"file": output.file_name(name), "message": str(error)})
                self.judged.unread.append(str(error))
                click.echo(f"error: {error}", err=True)

    @property
    def exit_code(self) -> int:
        """The exit code once all is read."""
        from enkash_contract.judging.result import CONFORMS, INCONCLUSIVE, MISUSED, VIOLATED

        if self.errors:
            return MISUSED
        return VIOLATED if self.violations else CONFORMS if self.payloads else INCONCLUSIVE

    @property
    def _counts(self) -> dict[str, int]:
        counts = (self.payloads, self.violations, self.assumptions)
        return dict(zip(("payload", "violation", "assumption"), counts, strict=True))

    @property
    def summary(self) -> str:
        """One line with the counts."""
        return ", ".join(counted(number, word) for word, number in self._counts.items())

    def as_data(self) -> dict[str, Any]:
        """Return the exit code and the counts as plain data."""
        counts = {f"{word}s": number for word, number in self._counts.items()}
        return {"exit": self.exit_code, "counts": {**counts, "errors": len(self.errors)}}


def _as_data(found: _Found) -> dict[str, Any]:
    violation = found.violation
    return {
        "file": output.file_name(found.name),
        "line": output.line_of(found.at, violation),
        "pointer": violation.pointer,
        "rule": violation.rule.id,
        "evidence": violation.evidence.as_data(),
        "severity": output.severity(fatal=found.fatal),
        "message": violation.message,
        "document": str(violation.document),
    }
