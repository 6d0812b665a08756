"""The command line: each command a thin edge around one public function.

Commands read arguments, call, print and exit; the work is done elsewhere. Exit codes are
0 conforms, 1 contract violated, 2 wrong use or wrong document, 3 nothing could be concluded.
"""

from __future__ import annotations

import json
import sys
from typing import TYPE_CHECKING

import click

from enkash_contract.cli import as_json, commands, options, output, schemas
from enkash_contract.contract import listing
from enkash_contract.contract.choice import naming, rules_of
from enkash_contract.contract.operation import REQUEST, RESPONSE
from enkash_contract.contract.rules import expectation

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation

    Operations = tuple[Operation, ...]


@click.group(cls=commands.Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="enkash-contract", prog_name="enkash-contract")
def main() -> None:
    """Check payloads, servers and recordings against the contract of EnKash's invoice API."""


for (
    _command
) in "init validate check traffic sandbox record redact report operations questions probe".split():
    main.commands.name(_command, f"enkash_contract.cli.{_command}")


@main.command()
@as_json.form("A line for each, or one JSON object.")
@options.contract
def defects(form: str, contract: Contract, operations: Operations) -> None:
    """List the defects that a sandbox can have.

    Conforming variants, which are no defects, are listed as well.
    """
    from enkash_contract.sandbox.defects import every_of

    if form == "json":
        found = {
            each: (as_json.defect_data(each, defect) for defect in every_of(each))
            for each in operations
        }
        head = listing.head(contract, *operations)
        click.echo(listing.text(head, defects=listing.items(found)))
        return
    name = naming(operations)
    for operation in operations:
        for defect in every_of(operation):
            click.echo(output.defect_line(operation, defect, name(operation, defect.id)))


@main.command()
@options.report
@options.contract
def selftest(reports: tuple[str, ...], contract: Contract, operations: Operations) -> None:
    """Run the suite against every defect.

    It prints which defects the suite finds, and which it misses.
    """
    from enkash_contract.cli import selftested

    sys.exit(selftested.run(reports, contract, operations))


@main.command()
@as_json.form("A line for each rule, or one JSON object.")
@options.contract
def rules(form: str, contract: Contract, operations: Operations) -> None:
    """List the rules, with the evidence for each.

    A line holds the id, the evidence, the demand, and its place in the document.
    """
    if form == "json":
        found = {each: map(listing.rule_data, each.rules.values()) for each in operations}
        head = listing.head(contract, *operations)
        click.echo(listing.text(head, rules=listing.items(found)))
        return
    name = naming(operations)
    known = {
        rule: (name(operation, rule.id), output.basis(rule))
        for operation in operations
        for rule in operation.rules.values()
    }
    width, wide = (max(map(len, column)) for column in zip(*known.values(), strict=True))
    lines = [
        f"{named:<{width}}  {basis:<{wide}}  {expectation(rule)}  {rule.place}"
        for rule, (named, basis) in known.items()
    ]
    # Once for all: click takes a stream apart anew for each call.
    click.echo("\n".join(lines))


@main.command()
@click.argument("rule", metavar="RULE")
@as_json.form("Lines to read, or one JSON object.")
@options.contract
def explain(rule: str, form: str, contract: Contract, operations: Operations) -> None:
    """Explain a rule, or the rules of a member.

    RULE is an id, a member like buyerB2BId, or a glob over ids. What a rule demands is printed,
    the evidence for it and its source, and the cases that test it.
    """
    from enkash_contract.generation import suite

    wanted = rules_of(operations, rule)
    if form == "json":
        found = {
            each: [as_json.explained(each, explained, suite.build(each)) for explained in rules]
            for each, rules in wanted.items()
        }
        head = listing.head(contract, *wanted)
        click.echo(listing.text(head, rules=listing.items(found)))
        return
    name = naming(wanted)
    pages = [
        "\n".join(output.explained(each, explained, suite.build(each), name))
        for each, rules in wanted.items()
        for explained in rules
    ]
    click.echo("\n\n".join(pages))


@main.command()
@as_json.form("One line a case to read, or a manifest with the bytes of each.")
@options.contract
def cases(form: str, contract: Contract, operations: Operations) -> None:
    """List the cases that are sent, in order."""
    from enkash_contract.generation import manifest, suite

    suites = {operation: suite.build(operation) for operation in operations}
    if form == "json":
        click.echo(manifest.text(contract, suites))
        return
    name = naming(operations)
    for operation, listed in suites.items():
        for case in listed:
            click.echo(output.case_line(case, name(operation, case.id)))


@main.command()
@click.option(
    "--as",
    "side",
    type=click.Choice([REQUEST, RESPONSE, *schemas.FILES]),
    default=REQUEST,
    show_default=True,
    metavar="SHAPE",
    help=(
        "request or response, report (of --report json), interaction (of traffic), document, "
        "overlay or config."
    ),
)
@options.fail_on
@options.operation
def schema(side: str, fail_on: str, operation: Operation) -> None:
    """Print a JSON Schema of payloads, or of a file.

    Any validator can use that of payloads. It has the rules whose evidence is at or above
    --fail-on. Editors complete and check documents, overlays and configurations by theirs.
    """
    if side in schemas.FILES:
        click.echo(schemas.text(side, main), nl=False)
        return
    printed = operation.json_schema(side, fail_on=fail_on)
    click.echo(json.dumps(printed, indent=2, ensure_ascii=False))


@main.command()
@click.option(
    "--format",
    "form",
    type=click.Choice(["yaml", "json", "html"]),
    default="yaml",
    show_default=True,
    help="How to write it; html is a page for people.",
)
@click.option(
    "--openapi",
    type=click.Choice(["3.1", "3.0"]),
    default="3.1",
    show_default=True,
    help="The version of OpenAPI; 3.0 is for tools that load nothing newer.",
)
@options.fail_on
@options.overlay
def document(form: str, openapi: str, fail_on: str, overlays: tuple[str, ...]) -> None:
    """Print the OpenAPI document as one file, with overlays.

    It is for other tools, such as `schemathesis run`.
    """
    from enkash_contract.contract import export
    from enkash_contract.contract.contract import layered

    if form == "html":
        from enkash_contract.report.html import contract as page

        click.echo(page.text(layered(*overlays), fail_on))
        return
    click.echo(export.text(layered(*overlays), form, fail_on, openapi))
