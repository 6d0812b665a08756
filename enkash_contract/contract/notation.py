"""The notation of evidence in a document, as short as can be: it stands beside every constraint.

`LEVEL SOURCE` is the evidence that a sender must keep the constraint, and by default also that a
receiver must refuse what breaks it. `LEVEL SOURCE; receiver LEVEL SOURCE` tells the two apart. What
is disputed has several sources: `disputed SOURCE SOURCE`.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.evidence import OVERLAY_ONLY, Claims, Evidence, Level, Source

if TYPE_CHECKING:
    from collections.abc import Mapping

    Remark = tuple[str, str]
    """A problem of a text, and its remedy."""

_LEVELS = {level.value: level for level in Level}

# A comma would end the value within the braces of YAML, but is read where it does not.
_RECEIVER = re.compile(r"\s*[;,]\s*receiver(?:\s+|$)")


def read(
    text: str, sources: Mapping[str, Any], signed: Source | None
) -> tuple[Claims, list[Remark]]:
    """Return the evidence that `text` states, and all that is wrong with it.

    Args:
        text: the text beside the constraint.
        sources: the sources of the document, by id.
        signed: the source of what names none, as in an overlay; None in the document itself.

    """
    problems: list[Remark] = []
    sender, *receiver = _RECEIVER.split(text, maxsplit=1)
    claims = [_evidence(part, sources, signed, problems) for part in (sender, *receiver)]
    return Claims(*claims), problems


def _evidence(
    text: str, sources: Mapping[str, Any], signed: Source | None, problems: list[Remark]
) -> Evidence:
    name, _, rest = text.partition(" ")
    level = _LEVELS.get(name)
    if level is None:
        names = ", ".join(_LEVELS)
        problems.append((f"{name!r} is not a level of evidence", f"the levels are {names}"))
        return Evidence(Level.ASSUMED)
    if level in OVERLAY_ONLY and signed is None:
        message = f"the level {name!r} is not for this document"
        problems.append((message, "say it in an overlay: only a partner can vouch for it"))
    if level is Level.ASSUMED:
        if rest:
            problems.append(("what is assumed has no source", "remove the source, or the level"))
        return Evidence(level)
    # Pages contradict each other, or one of them itself; all else rests on the page that says it.
    ids = rest.split() if level is Level.DISPUTED else [rest.strip()]
    found = [_source(each, sources, signed, problems) for each in ids or [""]]
    twice = sorted({each for each in ids if ids.count(each) > 1})
    problems += [(f"the source {repeated!r} is named twice", "name it once") for repeated in twice]
    return Evidence(level, found[0], tuple(filter(None, found[1:])))


def _source(
    source_id: str, sources: Mapping[str, Any], signed: Source | None, problems: list[Remark]
) -> Source | None:
    if not source_id and signed is not None:
        return signed
    if source_id not in sources:
        known = ", ".join(sources) or "none"
        message = f"the source {source_id!r} is unknown" if source_id else "the source is missing"
        problems.append((message, f"add it to x-sources; known are {known}"))
        return None
    source = sources[source_id]
    return Source(source_id, source["shows"], source["read"], source.get("url", ""))
