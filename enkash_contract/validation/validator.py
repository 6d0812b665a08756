"""The rules of one side of an operation, compiled: whether a value keeps them, and which it breaks.

The engine decides quickly and reports by the path of the keyword, which leads to one rule: it is
jsonschema-rs, or jsonschema in its place. What no schema can say of Python values (NaN, a set, a
lone surrogate) is looked for only where the engine cannot be trusted to have looked: when it gave
up, and when a payload holds members that the document does not describe.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

import orjson

from enkash_contract.contract.engines import choice as engines
from enkash_contract.contract.evidence import Level
from enkash_contract.contract.operation import REQUEST, Operation, Side
from enkash_contract.contract.rules import expectation
from enkash_contract.errors import UsageError
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.secrets.secret_names import HIDDEN
from enkash_contract.validation.closed import closed
from enkash_contract.validation.order import in_order
from enkash_contract.validation.violation import Violation, shorten, tame
from enkash_contract.wire import strict_json
from enkash_contract.wire.json_lines import locate
from enkash_contract.wire.json_values import Fault, plain
from enkash_contract.wire.pointer import pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from enkash_contract.contract.engines.choice import Engine, SchemaError
    from enkash_contract.contract.rules import Rule
    from enkash_contract.contract.yaml_nodes import Tokens

# Subclasses of the built-in types are as foreign to the engine as any other object.
_PLAIN = orjson.OPT_PASSTHROUGH_SUBCLASS | orjson.OPT_PASSTHROUGH_DATETIME


class Validator:
    """The rules of one side at or above a level, compiled."""

    def __init__(
        self,
        side: Side,
        level: Level,
        described: frozenset[str] = frozenset(),
        engine: str | None = None,
    ) -> None:
        self.side = side
        self.level = level
        self.secrets = Secrets(described)
        self._schema = dict(side.enforced(level))
        self._name = engines.named(engine)
        self.engine = _compiled(self._schema, self._name)
        # True from here means: valid, and nothing in the payload went unseen by the engine.
        self.surely_valid = self._closed(is_json=False)
        self._decides = self._name == engines.RUST
        self._by_path = side.by_path
        self._wire = {rule.keyword: rule for rule in side.rules if not rule.path}

    @functools.cached_property
    def surely_valid_json(self) -> Callable[[Any], bool]:
        """Whether the engine surely finds a value valid, which a strict reader has read."""
        return self._closed(is_json=True)

    @functools.cached_property
    def surely_all_valid_json(self) -> Callable[[list[Any]], bool]:
        """Whether the engine surely finds all values in a list valid, as `surely_valid_json`."""
        return self._closed(is_json=True, all_of=True)

    def _closed(self, *, is_json: bool, all_of: bool = False) -> Callable[[Any], bool]:
        # Only jsonschema-rs passes over what it does not read; jsonschema is slow enough once.
        name = self._name
        narrow = closed(self._schema, is_json=is_json) if name == engines.RUST else None
        if narrow is None:
            return _never
        return engines.compiled({"items": narrow} if all_of else narrow, name).is_valid

    def is_valid(self, payload: object) -> bool:
        """Return whether `payload` keeps every rule at or above the level."""
        try:
            if self.surely_valid(payload):
                return True
            if self._decides and not self.engine.is_valid(payload):
                # What is not plain (an integer of 5,000 digits) the engine refuses unread.
                orjson.dumps(payload, option=_PLAIN)
                return False
        except (ValueError, TypeError):
            pass
        return next(self.violations(payload), None) is None

    def accepts(self, payload: Any) -> bool:
        """Return whether the engine finds a JSON value valid; False where it gives up."""
        try:
            return self.engine.is_valid(payload)
        except ValueError:
            return False

    def violations(self, payload: object) -> Iterator[Violation]:
        """Yield every violation of a Python value."""
        value, faults = plain(payload)
        yield from self._faults(faults)
        yield from self.of_json(value, faults)

    def of_json(
        self,
        payload: Any,
        faults: Sequence[Fault] = (),
        *,
        secrets: Secrets | None = None,
    ) -> Iterator[Violation]:
        """Yield every violation of a value that is JSON, but for its `faults`; show no `secrets`.

        Without them, only what is secret by its name is not shown.
        """
        try:
            errors = list(self.engine.iter_errors(payload))
        except ValueError:
            payload = tame(payload)
            errors = list(self.engine.iter_errors(payload))
        doubts = self.doubts(faults)
        for error in in_order(errors, self._schema, payload):
            at = tuple(error.instance_path)
            for violation in self._violation(error, at, payload, secrets or self.secrets):
                if may_stand(violation.rule, doubts.get(at)):
                    yield violation

    def of_bytes(
        self,
        raw: bytes | str,
        decoded: strict_json.Decoded | None = None,
        *,
        secrets: Secrets | None = None,
    ) -> Iterator[Violation]:
        """Yield every violation of JSON text and of its value; show no `secrets`.

        `decoded` is what `strict_json.decode` made of it, where that was done before.
        """
        payload, faults = strict_json.decode(raw) if decoded is None else decoded
        yield from self._faults(faults)
        if payload is None and faults:
            return
        violations = list(self.of_json(payload, faults, secrets=secrets))
        lines = _lines(raw if isinstance(raw, str) else raw.decode()) if violations else {}
        for violation in violations:
            at = _nearest(violation.pointer, lines)
            yield Violation(
                violation.rule, violation.pointer, violation.expected, violation.actual, at
            )

    def doubts(self, faults: Sequence[Fault]) -> dict[Tokens, Rule | None]:
        """Return the rules that values break by being no JSON, by where they stand."""
        return {fault.tokens: self._wire_rule(fault) for fault in faults if fault.fatal}

    def faulty(self, faults: Sequence[Fault]) -> Iterator[tuple[Fault, Violation]]:
        """Yield the faults that break rules at or above the level, each with its violation."""
        for fault in faults:
            rule = self._wire_rule(fault)
            if rule is not None and rule.evidence.at_least(self.level):
                where, expected = pointer(fault.tokens), expectation(rule)
                yield fault, Violation(rule, where, expected, fault.message, fault.line)

    def _faults(self, faults: Sequence[Fault]) -> Iterator[Violation]:
        return (violation for _, violation in self.faulty(faults))

    def _wire_rule(self, fault: Fault) -> Rule | None:
        # Where a side has no rule of the encoding, what is not UTF-8 is not JSON either.
        if fault.keyword == "encoding":
            return self._wire.get("encoding", self._wire["json"])
        return self._wire.get(fault.keyword)

    def _violation(
        self, error: SchemaError, at: Tokens, payload: Any, secrets: Secrets
    ) -> Iterator[Violation]:
        rules = self._by_path[tuple(error.schema_path)]
        missing = getattr(error.kind, "property", None)
        for rule in rules:
            if rule.keyword != "required":
                actual = f"it is {shown(value_at(payload, at), at, secrets)}"
                yield Violation(rule, pointer(at), expectation(rule), actual)
            elif rule.value == missing:
                where = pointer((*at, missing))
                yield Violation(rule, where, expectation(rule), "missing")


def _never(_: object) -> bool:
    return False


def _compiled(schema: Mapping[str, Any], engine: str) -> Engine:
    try:
        return engines.compiled(schema, engine, worded=False)
    except ValueError as problem:
        # A document is checked by the engine that is there when it is loaded.
        raise UsageError(f"the engine {engine} cannot be used: {problem}") from None


def may_stand(rule: Rule, doubt: Rule | None) -> bool:
    """Return whether a value may break `rule` although it is no JSON, as `doubt` demands."""
    # What is no JSON value breaks nothing else, unless we are surer of that.
    return doubt is None or not doubt.evidence.at_least(rule.evidence.level)


def value_at(payload: Any, at: Tokens) -> Any:
    """Return what stands at `at` in a payload."""
    for token in at:
        payload = payload[token]
    return payload


def shown(value: Any, at: Tokens, secrets: Secrets) -> str:
    """Return a value as it is shown, unless it is secret where it stands."""
    return HIDDEN if secrets.are_at(at) else shorten(value, secrets)


def _lines(text: str) -> Mapping[str, int]:
    """Return the lines of all values by their pointers; none where all stand in the first one."""
    return {pointer(at): line for at, line in locate(text).items()} if "\n" in text else {}


def _nearest(where: str, lines: Mapping[str, int]) -> int:
    while where and where not in lines:
        where = where.rpartition("/")[0]
    return lines.get(where, 1)


@functools.lru_cache(maxsize=256)
def validator(
    operation: Operation,
    side: str = REQUEST,
    level: Level = Level.ASSUMED,
    engine: str | None = None,
) -> Validator:
    """Return the compiled validator of one side of `operation`, at or above `level`.

    Raises:
        UsageError: there is no such side or engine, or the engine cannot read a pattern.
        MissingPackageError: the engine is not installed.

    """
    return Validator(operation.side(side), level, operation.described, engine)
