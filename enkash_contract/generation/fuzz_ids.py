"""The ids and families of drawn cases, which keep them apart from the cases of the suite.

The suite's cases are the same in every run; a drawn case is in some runs and not in others. So it
has a family of its own, the plain one with `/drawn` behind it, and with that fingerprints of its
own: a waiver for a finding of fuzzing is not called needless by the next run that does not draw it.
Its id ends with a digest of the requests: the same request has the same id, whatever the seed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from enkash_contract.contract.rules import Rule
    from enkash_contract.wire.draft import Draft

DRAWN = "drawn"
"""The last part of every drawn family; the whole family where a finding has none."""

RIGHT = "right"
"""The name of a drawn case that keeps every rule."""

TWO = "two-at-once"
"""The name of a drawn case that breaks two rules, in two members."""

TWICE, AFTER, TOGETHER = "twice", "after-another", "at-the-same-time"
"""The names of histories: cases that take two requests."""

HISTORIES = (TWICE, AFTER, TOGETHER)

_HEAD = ("method", "content_type", "path", "repeated", "sized")

_ID = re.compile(rf".*/([^/]+)/{DRAWN}-[0-9a-f]{{8}}")


def family(plain: str) -> str:
    """Return the family of a drawn case whose family in the suite would be `plain`."""
    return f"{plain}/{DRAWN}" if plain else DRAWN


def plain(drawn: str) -> str:
    """Return the family that a case of the suite would have instead of `drawn`."""
    return drawn.removesuffix(DRAWN).removesuffix("/")


def digest(*drafts: Draft) -> str:
    """Return a digest of these requests, in this order."""
    # Most runs draw nothing, and to be able to takes a moment.
    from hashlib import sha256

    found = sha256()
    for draft in drafts:
        # Ids are quoted, so this text stays as it is, whatever else a draft will hold or print.
        head = ", ".join(f"{name}={getattr(draft, name)!r}" for name in _HEAD)
        # With its length in front, no body can be taken for the beginning of the next request.
        found.update(f"Draft({head})".encode() + b"%d:" % len(draft.body) + draft.body)
    return found.hexdigest()


def case_id(rule: Rule, name: str, *drafts: Draft) -> str:
    """Return the id of a drawn case, which depends on nothing but its rule, name and requests."""
    return f"{rule.id}/{name}/{DRAWN}-{digest(*drafts)[:8]}"


def name(case: str) -> str:
    """Return the name in the id of a drawn case, and "" for every other id."""
    found = _ID.fullmatch(case)
    return found[1] if found else ""


def is_history(case: str) -> bool:
    """Return whether the case with this id takes two requests."""
    return name(case) in HISTORIES
