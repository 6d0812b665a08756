"""A finding as the failure of a test: what a person reads first, and most often.

The sentence comes first, then what it rests on and where to look, each on a line of its own; last,
what makes the request differ from the nearest one that is right. One finding takes at most fifteen
lines, and after a few of them a line each, because the first one is what gets mended.
"""

from __future__ import annotations

import difflib
import json
from typing import TYPE_CHECKING

from enkash_contract.contract.wording import counted, printable
from enkash_contract.judging.case import BASELINE
from enkash_contract.wire import strict_json

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.judging.case import Case
    from enkash_contract.judging.result import Finding, Result
    from enkash_contract.report import About
    from enkash_contract.wire.draft import Draft

WHOLE = 3
"""So many violations are shown whole."""

CHANGED = 5
"""So many lines of a difference are shown."""

WIDTH = 80
"""So many characters of a line that differs are shown."""


def lines(result: Result, about: About, cases: Mapping[str, Case] | None = None) -> Iterator[str]:
    """Yield the violations of `result`.

    Args:
        result: of cases, of records, or of what a test looked at.
        about: what was judged.
        cases: what was sent and its twins, by id.

    """
    found: dict[tuple[str, str, str], list[Finding]] = {}
    for one in result.violations:
        key = (one.fingerprint, one.message, "" if one.case else one.source)
        found.setdefault(key, []).append(one)
    for number, (first, *alike) in enumerate(found.values()):
        if number < WHOLE:
            yield from ([""] if number else [])
            yield from _whole(first, len(alike), about, cases or {})
        else:
            yield from ([""] if number == WHOLE else [])
            yield printable(f"{first.message} [{first.case or first.rule}]")


def _whole(one: Finding, more: int, about: About, cases: Mapping[str, Case]) -> Iterator[str]:
    yield printable(one.message) + (f" (and {more} more like it)" if more else "")
    side = "answer" if one.rule.startswith("response") else "payload" if one.pointer else "request"
    told = {
        "rule": f"{one.rule} ({one.check})",
        "evidence": str(one.evidence),
        side: one.pointer or "as a whole",
        "document": str(one.document),
        "checked" if about.reproduction.test else "recorded": "" if one.case else one.source,
        "reproduce": about.reproduction.of(one),
        "fingerprint": one.fingerprint,
    }
    for name, value in told.items():
        if value:
            yield f"  {name:<11}  {printable(value)}"
    sent = cases.get(one.case)
    # A right request is one step away from the baseline, a wrong one from the nearest right one.
    twin = cases.get(sent.twin or BASELINE) if sent else None
    if sent and twin and sent is not twin:
        named = "baseline" if twin.id == BASELINE else printable(twin.id)
        yield f"  {'differs':<11}  from the accepted {named}"
        yield from (f"    {printable(line)}" for line in differences(twin.wire, sent.wire))


def differences(right: Draft, wrong: Draft) -> list[str]:
    """Return what `wrong` takes from `right` (`-`) and adds to it (`+`), a few short lines."""
    before, after = _lines(right), _lines(wrong)
    matcher = difflib.SequenceMatcher(None, before, after, autojunk=False)
    changed: list[str] = []
    for tag, i, j, k, m in matcher.get_opcodes():
        if tag != "equal":
            old, new = before[i:j], after[k:m]
            at = _apart(*(one[0].strip() if one else "" for one in (old, new)))
            changed += [f"- {_cut(line, at)}" for line in old]
            changed += [f"+ {_cut(line, at)}" for line in new]
    if not changed:
        changed = _of_bytes(right.body, wrong.body)
    left = len(changed) - CHANGED
    return [*changed[:CHANGED], f"and {counted(left, 'more line')}"] if left > 0 else changed


def _lines(sent: Draft) -> list[str]:
    head = [f"{sent.method} {sent.path}", *(f"{name}: {value}" for name, value in sent.headers)]
    payload, faults = strict_json.decode(sent.body)
    if faults:
        return [*head, ascii(sent.body)[1:]]
    return [*head, *(one.rstrip(",") for one in json.dumps(payload, indent=1).splitlines())]


def _of_bytes(right: bytes, wrong: bytes) -> list[str]:
    """Show the bytes themselves, where they spell the same payload in two ways."""
    before, after = ascii(right)[1:], ascii(wrong)[1:]
    at = _apart(before, after)
    return [f"- {_cut(before, at)}", f"+ {_cut(after, at)}"]


def _apart(one: str, other: str) -> int:
    """Return where two texts begin to differ."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((at for at, (a, b) in pairs if a != b), min(len(one), len(other)))


def _cut(line: str, at: int) -> str:
    """Return `line`, or of a long one the part around `at`."""
    line = line.strip()
    if len(line) <= WIDTH:
        return line
    start = max(0, min(at - WIDTH // 2, len(line) - WIDTH))
    before, after = "…" if start else "", "…" if start + WIDTH < len(line) else ""
    return f"{before}{line[start : start + WIDTH]}{after}"
