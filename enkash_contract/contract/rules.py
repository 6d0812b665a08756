"""A rule: one constraint of an operation, with its evidence and its place in the document.

It is the unit of everything else: validators map errors to it, cases break it, findings rest on it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.keywords import PHRASES
from enkash_contract.wire.printing import Printed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.place import Place

LONG = 80
"""The characters of a rule's value that its `repr` shows."""


@dataclass(frozen=True, eq=False)
class Rule(Printed):
    """One constraint of an operation.

    `id` is stable and quotable. `pointer` leads to the value the rule speaks of (`*` stands for any
    item or any further member); for `required` it leads to the required member. `schema`
    is the schema the keyword stands in, and `path` leads to the keyword within the side's schema.

    `evidence` is that a sender must keep the rule, `receiver` that a receiver must refuse what
    breaks it. The second is the first unless the document has `stated` it: a tolerant receiver may
    be no defect.
    """

    id: str
    side: str
    pointer: str
    keyword: str
    value: Any
    evidence: Evidence
    place: Place
    schema: Mapping[str, Any] = field(default_factory=dict)
    path: Tokens = ()
    stated: Evidence | None = field(default=None, repr=False)

    @property
    def receiver(self) -> Evidence:
        """The evidence that a receiver must refuse what breaks the rule."""
        return self.stated or self.evidence

    def __repr__(self) -> str:
        value = repr(self.value)
        value = value if len(value) <= LONG else f"{value[: LONG - 1]}…"
        return f"<Rule {self.id}: {value}, {self.evidence.level}, {self.place}>"


def expectation(rule: Rule) -> str:
    """Return what `rule` demands of the value at its pointer, in words that follow the place."""
    return PHRASES[rule.keyword](rule.value)


def is_named(wish: str, *ids: str) -> bool:
    """Return whether `wish`, an id or a glob over ids, names one of `ids`."""
    # A glob's own characters may stand in an id (`*` is any item of a list): an id names itself.
    return wish in ids or any(fnmatchcase(rule_id, wish) for rule_id in ids)
