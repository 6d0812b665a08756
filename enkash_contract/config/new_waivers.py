"""New waivers for the violations of a run, as few as waive these and nothing that held.

A waiver is as wide as what was seen: of a rule where the server failed in every way to break it,
of a family where it failed at every member, else of single cases. What is drawn by chance, or is a
server error that no rule of a request led to, is waived by its fingerprint.
"""

from __future__ import annotations

import json
import re
from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enkash_contract.config.settings import printable
from enkash_contract.config.waiver import names_of_cases
from enkash_contract.generation.fuzz_ids import DRAWN
from enkash_contract.judging.case import of_operation
from enkash_contract.judging.checks import SERVER_ERROR
from enkash_contract.judging.samples import number_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from enkash_contract.config.toml import Tokens
    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.evidence import Level
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.finding import Finding

_BARE = re.compile(r"[A-Za-z0-9_-]+")


@dataclass(frozen=True)
class NewWaiver:
    """A waiver to be written, of these findings: by a `rule` as in a file, or a `fingerprint`."""

    operation: str
    findings: tuple[Finding, ...]
    rule: str = ""
    fingerprint: str = ""

    def text(self, at: Tokens, reason: str, until: dt.date) -> str:
        """Return it as a TOML table in the list at `at`, below a comment that shows a finding."""
        key, value = ("rule", self.rule) if self.rule else ("fingerprint", self.fingerprint)
        header = ".".join(name if _BARE.fullmatch(name) else _quoted(name) for name in map(str, at))
        left = number_of(self.findings) - 1
        more = f" (+{left} more)" if left else ""
        return (
            f"# {printable(self.findings[0].message)}{more}\n"
            f"[[{header}]]\n"
            f"{key} = {_quoted(value)}\n"
            f"operation = {_quoted(self.operation)}\n"
            f"reason = {_quoted(reason)}\n"
            f"until = {until}\n"
        )


def _quoted(text: str) -> str:
    return printable(json.dumps(text, ensure_ascii=False))


def new_waivers(
    findings: Iterable[Finding],
    contract: Contract,
    cases: Iterable[Case],
    level: Level,
) -> list[NewWaiver]:
    """Return the waivers of `findings`, in the order in which these were found.

    Args:
        findings: the violations of one run.
        contract: what was checked.
        cases: all cases that could have been sent; none of recorded traffic.
        level: the weakest evidence of a violation.

    """
    by_operation: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in findings:
        by_operation[finding.operation].append(finding)
    strong = [case for case in cases if case.evidence.at_least(level)]
    new: list[NewWaiver] = []
    for name, found in by_operation.items():
        operation = contract[name]
        # A file that names anything else cannot be read.
        known = {*operation.rules, *names_of_cases(operation)}
        wide = _wide(of_operation(operation, strong))
        for waiver in _grouped(name, found, wide):
            new += [waiver] if waiver.rule in known else _singly(waiver)
    return new


def _wide(cases: Iterable[Case]) -> dict[str, list[frozenset[str]]]:
    """Return the sets of cases that each rule and each family waives as a whole, by its name.

    The cases of a rule that are accepted fail for other reasons than those that are rejected, so
    they are two sets: a rule is waived though one of these holds.
    """
    sets: defaultdict[tuple[str, str], set[str]] = defaultdict(set)
    for case in cases:
        sets[case.rule.id, case.polarity].add(case.id)
        sets[case.family, ""].add(case.id)
    wide: defaultdict[str, list[frozenset[str]]] = defaultdict(list)
    for (name, _), ids in sets.items():
        wide[name].append(frozenset(ids))
    return wide


def _grouped(
    operation: str, findings: list[Finding], wide: dict[str, list[frozenset[str]]]
) -> Iterator[NewWaiver]:
    """Yield as few waivers of `findings` as there can be."""
    others = [finding for finding in findings if not _is_single(finding)]
    failed = {finding.case for finding in others if finding.family}
    exact = {
        name: frozenset().union(*(ids for ids in sets if ids <= failed))
        for name, sets in wide.items()
        if all(ids <= failed or not ids & failed for ids in sets)
    }
    names: dict[str, str] = {}
    left = set(failed)
    while exact:
        name = max(exact, key=lambda wish: len(exact[wish] & left))
        covered = exact.pop(name) & left
        if len(covered) <= 1:
            break
        names |= dict.fromkeys(covered, name)
        left -= covered
    waived: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in others:
        rule = names.get(finding.case, finding.case) if finding.family else finding.rule
        waived[rule].append(finding)
    for rule, found in waived.items():
        yield NewWaiver(operation, tuple(found), rule=rule)
    yield from _singly(NewWaiver(operation, tuple(filter(_is_single, findings))))


def _is_single(finding: Finding) -> bool:
    """Whether a waiver of its rule or case would waive more than the like of `finding`."""
    if not finding.family:
        return finding.check == SERVER_ERROR
    return finding.family.split("/")[-1] == DRAWN


def _singly(waiver: NewWaiver) -> Iterator[NewWaiver]:
    """Yield a waiver for each fingerprint of the findings of `waiver`."""
    marks: defaultdict[str, list[Finding]] = defaultdict(list)
    for finding in waiver.findings:
        marks[finding.fingerprint].append(finding)
    for mark, found in marks.items():
        yield NewWaiver(waiver.operation, tuple(found), fingerprint=mark)
