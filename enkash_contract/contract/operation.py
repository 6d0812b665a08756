"""One operation of the API: its sides and its rules.

An operation has sides (the request, and the response of each documented status), and each side has
a schema, a media type and rules.
"""

from __future__ import annotations

import copy
import functools
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any, Final, Literal

from enkash_contract.contract.enforced_schema import enforced
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.errors import UsageError, did_you_mean
from enkash_contract.wire.pointer import tokens
from enkash_contract.wire.printing import Printed

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.contract.answers import Answer
    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.contract.rules import Rule
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.place import Place

REQUEST = "request"
RESPONSE = "response"

Direction = Literal["to-enkash", "to-partner"]
TO_ENKASH: Final = "to-enkash"
TO_PARTNER: Final = "to-partner"


@dataclass(frozen=True, eq=False, repr=False)
class Side(Printed):
    """One side of an operation: `request`, or `response.STATUS`.

    `schema` is JSON Schema 2020-12 without references, and `rules` are all rules of this side.
    `examples` are those of the document by their names, and `example` is the first of them.
    """

    name: str
    schema: Mapping[str, Any]
    media_type: str
    rules: tuple[Rule, ...]
    example: Any = None
    place: Place | None = None
    examples: Mapping[str, Any] = field(default_factory=dict)

    @functools.cached_property
    def by_path(self) -> Mapping[Tokens, list[Rule]]:
        """The rules by the path of their keyword within the schema."""
        by_path: dict[Tokens, list[Rule]] = {}
        for rule in self.rules:
            by_path.setdefault(rule.path, []).append(rule)
        return by_path

    @functools.cache  # noqa: B019 - a side lives as long as its contract
    def enforced(self, level: Level) -> Mapping[str, Any]:
        """Return the schema with only the rules at or above `level`, free of extension keywords."""
        return enforced(self.schema, self.by_path, level)

    def __repr__(self) -> str:
        return f"<Side {self.name}: {self.media_type}, {len(self.rules)} rules>"


@dataclass(frozen=True, eq=False, repr=False)
class Operation(Printed):
    """One method, path and direction of the API, with its facts in the document.

    `outcomes` holds a JSON Schema over `{status, body}` for each of accepted, rejected and error;
    `outcome_evidence` holds the evidence of each. `path` is empty where no page says which it is.
    `title` is the title on the portal, and `page` the source that is the operation's own page.
    `headers` are the names of those that a request must have: no rules, because a recorder may
    leave them out, and whoever sends the request adds them. `asked` are the open questions about
    the whole of it, `answers` what was learned of any, and `at` is its place in the document.
    """

    id: str
    method: str
    path: str
    summary: str
    sides: Mapping[str, Side]
    rules: Mapping[str, Rule]
    outcomes: Mapping[str, Any]
    outcome_evidence: Mapping[str, Evidence]
    direction: Direction = TO_ENKASH
    tags: tuple[str, ...] = ()
    title: str = ""
    page: str | None = None
    headers: tuple[str, ...] = ()
    asked: Mapping[str, Any] = field(default_factory=dict)
    answers: Mapping[tuple[str, str], Answer] = field(default_factory=dict)
    at: Tokens = ()

    @functools.cached_property
    def described(self) -> frozenset[str]:
        """The names of all members that the document has rules for."""
        return frozenset(name for rule in self.rules.values() for name in tokens(rule.pointer))

    @property
    def request(self) -> Side:
        """The side of the request."""
        return self.sides[REQUEST]

    def response(self, status: int) -> Side | None:
        """Return the side that documents `status`, or None when nothing does."""
        keys = (status, f"{status // 100}XX", "default")
        return next(filter(None, (self.sides.get(f"{RESPONSE}.{key}") for key in keys)), None)

    def side(self, name: str) -> Side:
        """Return the side called `name`; `response` alone is that of the first documented status.

        Raises:
            UsageError: there is no such side.

        """
        if name == RESPONSE:
            name = next((key for key in self.sides if key.startswith(RESPONSE)), name)
        if name not in self.sides:
            raise UsageError(f"{self.id} has no side {name!r}; it has {', '.join(self.sides)}")
        return self.sides[name]

    def rule(self, rule_id: str) -> Rule:
        """Return the rule with that id.

        Raises:
            UsageError: there is no such rule; the message names the nearest ones.

        """
        if rule_id in self.rules:
            return self.rules[rule_id]
        hint = did_you_mean(rule_id, self.rules, "`enkash-contract rules` lists them", most=3)
        raise UsageError(f"{self.id} has no rule {rule_id!r}; {hint}")

    def rules_of(self, wish: str) -> list[Rule]:
        """Return the rule with the id `wish`, those of the member of that name, or of that glob.

        Raises:
            UsageError: there is none; the message names the nearest ones.

        """
        rules = self.rules.values()
        if wish in self.rules:
            return [self.rules[wish]]
        named = [rule for rule in rules if wish == rule.pointer.rpartition("/")[2] != ""]
        globbed = [rule for rule in rules if fnmatchcase(rule.id, wish)]
        return named or globbed or [self.rule(wish)]

    def json_schema(self, side: str = REQUEST, *, fail_on: Level | str = FAIL_ON) -> dict[str, Any]:
        """Return a JSON Schema 2020-12 of `side` that any validator can use by itself.

        It holds the rules at or above `fail_on`; pass "assumed" for all of them.
        """
        whole = self.side(side)
        return {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": f"{self.id} {whole.name}",
            **copy.deepcopy(dict(whole.enforced(Level.of(fail_on)))),
        }

    def __repr__(self) -> str:
        return f"<Operation {self.id}: {self.method} {self.path}, {len(self.rules)} rules>"
