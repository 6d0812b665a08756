"""The overlay that is learned: answers to open questions, and members that nobody described.

Nothing that a page says is changed by it. A member is described by its type alone, of which the
evidence is `observed`, and no value of it is known to be right: another server may reject it.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

import yaml

from enkash_contract.contract import questions
from enkash_contract.contract.wording import counted
from enkash_contract.traffic.learning.described import schema_at
from enkash_contract.traffic.learning.facts import Fact, facts
from enkash_contract.traffic.learning.learned import MEMBER
from enkash_contract.traffic.learning.source import source
from enkash_contract.wire.pointer import tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.traffic.learning.learned import Learned

UNDESCRIBED = "unknown-members"
"""The question whether members that no page describes are ignored."""

WHOLE = "operation"
"""The key of an answer about the whole of an operation."""

_HEAD = """\
# Learned from recordings: read it, take out what was an accident, then use it by --overlay FILE.
# Nothing that a page says is changed. Rules in it are `observed`: breaking them is an assumption.
"""

_PLAIN = re.compile(r"[A-Za-z_]\w*")


class Overlay:
    """The overlay of what is learned of the operations of a contract."""

    def __init__(self, learned: Learned, contract: Contract) -> None:
        self._learned, self._contract = learned, contract
        self._source, self._row = source(learned)
        self._evidence = f"observed {self._source}"
        self._asked = {(each.id, WHOLE) for each in contract.questions if not each.operation}
        self.facts, self._left = facts(learned)

    @property
    def text(self) -> str:
        """The overlay as YAML; what was left out is in comments."""
        lines = [f"# {line}\n" for line in self._left]
        data = {
            "overlay": "1.0.0",
            "info": {"title": "Learned from recordings", "version": self._row["read"]},
            "actions": [*self._actions()],
        }
        dumped = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
        return "".join([_HEAD, *lines, dumped])

    @property
    def summary(self) -> str:
        """The numbers of what was learned, in words."""
        numbers = Counter(fact.spot.what for fact in self.facts for _ in fact.kinds)
        listed = [counted(number, what) for what, number in numbers.items()]
        return ", ".join(listed) or "nothing new"

    def _actions(self) -> Iterator[dict[str, Any]]:
        yield action((), {"x-sources": {self._source: self._row}})
        by_operation: dict[str, list[Fact]] = defaultdict(list)
        for fact in self.facts:
            by_operation[fact.spot.operation].append(fact)
        described: dict[Tokens, dict[str, list[_Seen]]] = {}
        for name, known in by_operation.items():
            operation = self._contract[name]
            yield action(operation.at, self._answers(operation, known))
            for at, member, seen in self._described(operation, known):
                described.setdefault(at, {}).setdefault(member, []).append(seen)
        for at, members in described.items():
            schemas = {member: self._schema(seen) for member, seen in members.items()}
            yield action(at, {"properties": schemas})

    def _answers(self, operation: Operation, known: list[Fact]) -> dict[str, Any]:
        """Return the answers that facts of an operation give, with questions that nobody asked."""
        asked = {
            (each.side, each.pointer): each.id for each in reversed([*questions.of(operation)])
        }
        new: dict[str, Any] = {}
        says: dict[tuple[str, str], list[str]] = defaultdict(list)
        for fact in known:
            side = fact.side(operation)
            key = (side, fact.spot.pointer)
            if fact.spot.what == MEMBER:
                question, about = UNDESCRIBED, WHOLE
                if (UNDESCRIBED, WHOLE) not in self._asked:
                    new[UNDESCRIBED] = {"asks": "Which members are there that no page describes?"}
            elif key in asked and side:
                question, about = asked[key], f"{side}{fact.spot.pointer}"
            else:
                question, about = fact.question, WHOLE
                new[question] = {"asks": fact.asks}
            says[question, about] += fact.says
        answers: dict[str, Any] = defaultdict(dict)
        for (question, about), each in says.items():
            answers[question][about] = {"says": "; ".join(each), "evidence": self._evidence}
        return {**({"x-open-questions": new} if new else {}), "x-answers": dict(answers)}

    def _described(
        self, operation: Operation, known: list[Fact]
    ) -> Iterator[tuple[Tokens, str, _Seen]]:
        """Yield the members that can be described: where, by which name, and how they were seen."""
        for fact in known:
            side = fact.side(operation)
            if fact.spot.what != MEMBER:
                continue
            at = schema_at(self._contract.document, operation, side, tokens(fact.spot.pointer))
            if at is not None:
                for name, (types, numbers) in fact.members.items():
                    yield at, name, _Seen(types, f"{operation.id} {numbers}")

    def _schema(self, seen: list[_Seen]) -> dict[str, Any]:
        """Return the schema of a member that may have been seen in several operations."""
        types = {kind for each in seen for kind in each.types}
        named = sorted(types - ({"integer"} if "number" in types else set()))
        return {
            "type": named[0] if len(named) == 1 else named,
            "description": f"Seen in {', '.join(each.where for each in seen)}",
            "x-known-good": False,
            "x-evidence": {"type": self._evidence},
        }


class _Seen(NamedTuple):
    """The types of an undescribed member, and where it was seen how often."""

    types: set[str]
    where: str


def action(at: Tokens, update: dict[str, Any]) -> dict[str, Any]:
    """Return the action that lays `update` on what is at `at`."""
    return {"target": "$" + "".join(map(_step, at)), "update": update}


def _step(token: str | int) -> str:
    if isinstance(token, int):
        return f"[{token}]"
    if _PLAIN.fullmatch(token):
        return f".{token}"
    quoted = token.replace("\\", "\\\\").replace("'", "\\'")
    return f"['{quoted}']"
