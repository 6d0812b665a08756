"""A waiver as it is written: what it is for, why, and until when; and the mistakes in it.

It is written with its reason and its end. It may be narrow, down to one family of one operation,
because what it waives beside the agreed finding is a defect that nobody sees.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.choice import split
from enkash_contract.contract.rules import is_named
from enkash_contract.errors import ConfigError, did_you_mean
from enkash_contract.generation import suite
from enkash_contract.generation.fuzz_ids import DRAWN, HISTORIES, RIGHT, TWO
from enkash_contract.judging.case import case_id, family_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.finding import Finding
    from enkash_contract.place import Place

MEMBERS = ("rule", "operation", "fingerprint", "reason", "until")

DRAWN_NAMES = (RIGHT, TWO, *HISTORIES)
"""The names of drawn cases that no case of the suite has."""


@dataclass(frozen=True)
class Waiver:
    """One known finding: all of `rule`, or the one with `fingerprint`.

    `rule` is the id of a rule or a case, a family, or a glob over them. `operation` is the only one
    whose findings are waived; a rule without one is of the `default`, or of any where that is "".
    """

    rule: str
    fingerprint: str
    reason: str
    until: dt.date
    place: Place
    operation: str = ""
    default: str = ""

    def covers(self, *ids: str) -> bool:
        """Whether it is written for what has these ids."""
        return is_named(self.rule, *ids)

    def concerns(self, operation: str) -> bool:
        """Whether it is written for the findings of that operation."""
        return self.of in ("", operation)

    @property
    def of(self) -> str:
        """The operation whose findings are waived, "" for any."""
        # A fingerprint is that of one operation by itself.
        return self.operation or ("" if self.fingerprint else self.default)

    def matches(self, finding: Finding) -> bool:
        """Whether `finding` is what it waives."""
        if not self.concerns(finding.operation):
            return False
        if self.fingerprint:
            return finding.fingerprint == self.fingerprint
        return self.covers(finding.rule, finding.case, finding.family)

    def __str__(self) -> str:
        named = f"{self.operation}:{self.rule}" if self.operation and self.rule else self.rule
        return f"the waiver of {named or self.fingerprint}"


def read(table: Any, place: Callable[[str], Place]) -> Waiver | list[str]:
    """Read one `[[waiver]]` table, whose members stand at `place(name)`, or return its mistakes."""
    problems = list(_problems(table, place))
    if problems:
        return problems
    operation, rule = split(table.get("rule", ""))
    return Waiver(
        rule,
        table.get("fingerprint", ""),
        table["reason"].strip(),
        table["until"],
        place(""),
        table.get("operation", operation),
    )


def _problems(table: dict[str, Any], place: Callable[[str], Place]) -> Iterator[str]:
    for name in table:
        if name not in MEMBERS:
            hint = did_you_mean(name, MEMBERS, f"it has {', '.join(MEMBERS)}")
            yield f"{place(name)}: a waiver has no member {name!r}; {hint}"
    if ("rule" in table) == ("fingerprint" in table):
        which = "both rule and fingerprint" if "rule" in table else "no rule and no fingerprint"
        yield f"{place('')}: a waiver with {which}; write one of the two"
    if "rule" in table and not (isinstance(table["rule"], str) and table["rule"]):
        yield f"{place('rule')}: rule must be the id of a rule in quotes, or a glob over ids"
    elif "operation" in table:
        yield from _operation_problems(table, place)
    mark = table.get("fingerprint", "0" * 12)
    if not isinstance(mark, str) or not re.fullmatch("[0-9a-f]{12}", mark):
        yield (
            f"{place('fingerprint')}: fingerprint must be the twelve hexadecimal digits at the end "
            "of a finding's line, in quotes"
        )
    reason = table.get("reason", "")
    if not isinstance(reason, str) or not reason.strip():
        yield f'{place("reason")}: a waiver without a reason; say why in reason = "…"'
    until = table.get("until")
    if not isinstance(until, dt.date) or isinstance(until, dt.datetime):
        what = "is no date" if "until" in table else "is missing"
        yield f"{place('until')}: until {what}; write a day without quotes: until = 2027-01-31"


def _operation_problems(table: dict[str, Any], place: Callable[[str], Place]) -> Iterator[str]:
    name, rule = table["operation"], table.get("rule", "")
    qualified = split(rule)[0]
    if not isinstance(name, str) or not name:
        yield f"{place('operation')}: operation must be the id of an operation in quotes"
    elif qualified not in ("", name):
        yield f"{place('operation')}: operation is {name!r}, but rule is of {qualified!r}"


def settled(waivers: Iterable[Waiver], contract: Contract, named: str = "") -> list[Waiver]:
    """Return the waivers, each of one operation: a waiver of one never waives another.

    A rule that is written without one is of the `named` operation, or else of the default.
    """
    known = contract.default
    default = named or (known.id if known is not None else "")
    return [replace(waiver, default=default) for waiver in waivers]


def check_known(waivers: Iterable[Waiver], contract: Contract) -> None:
    """Raise for waivers of operations, rules or cases that are not there.

    Raises:
        ConfigError: naming each, with the nearest there is.

    """
    problems = [problem for waiver in waivers for problem in _unknown(waiver, contract)]
    if problems:
        raise ConfigError(*problems)


def _unknown(waiver: Waiver, contract: Contract) -> Iterator[str]:
    operations = [contract[waiver.of]] if waiver.of in contract else [*contract.values()]
    if waiver.of and waiver.of not in contract:
        hint = did_you_mean(waiver.operation, contract, f"there is {', '.join(contract)}")
        yield f"{waiver.place}: there is no operation {waiver.operation!r}; {hint}"
        return
    ids = list(dict.fromkeys(rule for operation in operations for rule in operation.rules))
    if not waiver.rule or any(map(waiver.covers, ids)):
        return
    # Of what was drawn, the id holds a digest: it is known by the family.
    plain = re.sub(rf"/{DRAWN}(-[0-9a-f]+)?$", "", waiver.rule)
    # A suite takes long to build: most waivers are of rules, and the others of the first operation.
    for operation in operations:
        named = [*names_of_cases(operation)]
        if any(is_named(plain, name) for name in named):
            return
        ids += named
    hint = did_you_mean(waiver.rule, ids, "`enkash-contract rules` lists them")
    yield f"{waiver.place}: {waiver} matches no rule; {hint}"


def names_of_cases(operation: Operation) -> Iterator[str]:
    """Yield the id and the family of every case that a run may send."""
    for case in suite.build(operation):
        yield from (case.id, case.family)
    rules = operation.rules.values()
    for rule in rules:
        yield from (case_id(rule, name) for name in DRAWN_NAMES)
        yield from (family_of(rule, name) for name in DRAWN_NAMES)
