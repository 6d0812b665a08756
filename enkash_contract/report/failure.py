"""A finding as the failure of a test: the text that people read first, and most often.

The sentence comes first, then what it rests on and where to look, each on a line of its own; last,
what makes the request differ from the nearest valid one. One finding takes at most fifteen
lines, and after a few of them a line each, because the first one gets mended.
"""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING

from enkash_contract.contract.wording import counted
from enkash_contract.errors import printable
from enkash_contract.judging.case import BASELINE
from enkash_contract.wire import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.judging.case import Case
    from enkash_contract.judging.finding import Finding
    from enkash_contract.judging.result import Result
    from enkash_contract.report import About
    from enkash_contract.wire.draft import Draft

WHOLE = 3
"""The number of violations that are shown whole."""

CHANGED = 5
"""The number of lines of a difference that are shown."""

WIDTH = 80
"""The number of characters of a differing line that are shown."""


def lines(result: Result, about: About, cases: Mapping[str, Case] | None = None) -> Iterator[str]:
    """Yield the violations of `result`.

    Args:
        result: of cases, of records, or of what a test looked at.
        about: what was judged.
        cases: what was sent and its twins, by id.

    """
    groups: dict[tuple[str, str, str], list[Finding]] = {}
    for finding in result.violations:
        key = (finding.fingerprint, finding.message, "" if finding.case else finding.source)
        groups.setdefault(key, []).append(finding)
    for number, (first, *alike) in enumerate(groups.values()):
        if number < WHOLE:
            yield from ([""] if number else [])
            yield from _whole(first, len(alike), about, cases or {})
        else:
            yield from ([""] if number == WHOLE else [])
            yield printable(f"{first.message} [{first.case or first.rule}]")


def _whole(finding: Finding, more: int, about: About, cases: Mapping[str, Case]) -> Iterator[str]:
    yield printable(finding.message) + (f" (and {more} more like it)" if more else "")
    side = (
        "response"
        if finding.rule.startswith("response")
        else "payload"
        if finding.pointer
        else "request"
    )
    details = {
        "rule": f"{finding.rule} ({finding.check})",
        "evidence": str(finding.evidence),
        side: finding.pointer or "as a whole",
        "document": str(finding.document),
        "checked" if about.reproduction.test else "recorded": ""
        if finding.case
        else finding.source,
        "reproduce": about.reproduction.of(finding),
        "fingerprint": finding.fingerprint,
    }
    for name, value in details.items():
        if value:
            yield f"  {name:<11}  {printable(value)}"
    sent = cases.get(finding.case)
    # A valid request is one step away from the baseline, an invalid one from a valid request.
    twin = cases.get(sent.twin or BASELINE) if sent else None
    if sent and twin and sent is not twin:
        named = "baseline" if twin.id == BASELINE else printable(twin.id)
        yield f"  {'differs':<11}  from the accepted {named}"
        yield from (f"    {printable(line)}" for line in differences(twin.wire, sent.wire))


def differences(valid: Draft, invalid: Draft) -> list[str]:
    """Return what `invalid` takes from `valid` (`-`) and adds to it (`+`), a few short lines."""
    before, after = _lines(valid), _lines(invalid)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    changed: list[str] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            old, new = before[i:j], after[k:m]
            at = _apart(*(lines[0].strip() if lines else "" for lines in (old, new)))
            changed += [f"- {_cut(line, at)}" for line in old]
            changed += [f"+ {_cut(line, at)}" for line in new]
    if not changed:
        changed = _of_bytes(valid.body, invalid.body)
    left = len(changed) - CHANGED
    return [*changed[:CHANGED], f"and {counted(left, 'more line')}"] if left > 0 else changed


def _lines(sent: Draft) -> list[str]:
    head = [f"{sent.method} {sent.path}", *(f"{name}: {value}" for name, value in sent.headers)]
    payload, faults = strict_json.decode(sent.body)
    if faults:
        return [*head, ascii(sent.body)[1:]]
    return [*head, *(line.rstrip(",") for line in json.dumps(payload, indent=1).splitlines())]


def _of_bytes(valid: bytes, invalid: bytes) -> list[str]:
    """Show the bytes themselves, where they spell the same payload in two ways."""
    before, after = ascii(valid)[1:], ascii(invalid)[1:]
    at = _apart(before, after)
    return [f"- {_cut(before, at)}", f"+ {_cut(after, at)}"]


def _apart(text: str, other: str) -> int:
    """Return where two texts begin to differ."""
    pairs = enumerate(zip(text, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(text), len(other)))


def _cut(line: str, at: int) -> str:
    """Return `line`, or the part of a long line around `at`."""
    line = line.strip()
    if len(line) <= WIDTH:
        return line
    start = max(0, min(at - WIDTH // 2, len(line) - WIDTH))
    before, after = "…" if start else "", "…" if start + WIDTH < len(line) else ""
    return f"{before}{line[start : start + WIDTH]}{after}"
