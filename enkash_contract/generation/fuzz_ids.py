"""How what fuzzing draws is called, so that nobody takes it for a case of the suite.

The suite's cases are the same in every run; what is drawn is there in some runs and not in others.
So a drawn case has a family of its own, the plain one with `/drawn` behind it, and with that
fingerprints of its own: a waiver for something that fuzzing found is not called needless by the
next run that does not draw it. Its id ends with a digest of what is sent: the same request has the
same id, whatever the seed.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from enkash_contract.contract.rules import Rule
    from enkash_contract.wire.spelling import Draft

DRAWN = "drawn"
"""The last word of every drawn family; the whole of it where a finding is of no family."""

RIGHT = "right"
"""The name of what keeps every rule."""

TWO = "two-at-once"
"""The name of what breaks two rules, in two members."""

TWICE, AFTER, TOGETHER = "twice", "after-another", "at-the-same-time"
"""The names of histories: what only two requests can show."""

HISTORIES = (TWICE, AFTER, TOGETHER)

_ID = re.compile(rf".*/([^/]+)/{DRAWN}-[0-9a-f]{{8}}")


def family(plain: str) -> str:
    """Return the family of what is drawn where the suite's would be `plain`."""
    return f"{plain}/{DRAWN}" if plain else DRAWN


def plain(of: str) -> str:
    """Return the family that the suite would give to what has this one."""
    return of.removesuffix(DRAWN).removesuffix("/")


def digest(*sent: Draft) -> str:
    """Return what tells these requests from all others."""
    found = hashlib.sha256()
    for one in sent:
        found.update(repr(one.but(body=b"")).encode() + b"%d:" % len(one.body) + one.body)
    return found.hexdigest()


def case_id(rule: Rule, name: str, *sent: Draft) -> str:
    """Return the id of a drawn case, which is the same wherever the same is sent."""
    return f"{rule.id}/{name}/{DRAWN}-{digest(*sent)[:8]}"


def name(named: str) -> str:
    """Return the name in the id of a drawn case, and "" for every other id."""
    found = _ID.fullmatch(named)
    return found[1] if found else ""


def is_history(named: str) -> bool:
    """Say whether it takes two requests to show what a case with that id showed."""
    return name(named) in HISTORIES
