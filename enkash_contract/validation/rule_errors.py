"""A validator of jsonschema whose errors name the rules of the contract.

Whoever has code around jsonschema (its errors, trees, best matches) keeps it, and gets our verdicts
and evidence. The class is made by jsonschema's own means, one for each side and level. A schema in
it is known by its identity, wherever jsonschema takes it to: an error knows its rule, also when a
part of the schema judges a part of a payload.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any, Self

import attrs
import jsonschema
from jsonschema import validators

from enkash_contract.contract.contract import pick
from enkash_contract.contract.engines.choice import PYTHON
from enkash_contract.contract.engines.python import Draft202012, Missing
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.keywords import PHRASES
from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.subschemas import CHOICES, subschemas
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.validation.validator import Validator, may_stand, shown, value_at
from enkash_contract.validation.violation import Violation, tame
from enkash_contract.wire.json_values import plain
from enkash_contract.wire.pointer import pointer, tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.evidence import Evidence
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.contract.yaml_nodes import Tokens
    from enkash_contract.wire.json_values import Fault

    Errors = Iterator[jsonschema.ValidationError]
    Keyword = Callable[[Any, Any, Any, Any], Errors | None]

_OURS = ("_broken", "_member", "_secrets", "_type_checker")


class RuleViolated(jsonschema.ValidationError):
    """An error of jsonschema that names the rule that is broken, and its evidence.

    `rule` is the rule's id, `evidence` how well it is known, `violation` all of it, as
    `ec.iter_violations` yields it. Within a choice of schemas it is the rule of the choice. All
    three are None where somebody else's schema is judged. The message is that of the violation.
    """

    _broken: Rule | None = None
    _member: str | None = None
    _secrets: Secrets | None = None
    _fault: Violation | None = None

    @property
    def rule(self) -> str | None:
        """The id of the broken rule."""
        return None if self.violation is None else self.violation.rule.id

    @property
    def evidence(self) -> Evidence | None:
        """The evidence that the broken rule rests on."""
        return None if self.violation is None else self.violation.evidence

    @property
    def violation(self) -> Violation | None:
        """The violation, with its pointer, its words, and the place of the rule."""
        if self._fault is not None or self._broken is None:
            return self._fault
        path: Tokens = tuple(self.absolute_path)
        # Where a part of a payload is judged by itself, the rule knows where it belongs.
        known = tokens(self._broken.pointer)
        known = known[:-1] if self._broken.keyword == "required" else known
        at = (*known[: max(0, len(known) - len(path))], *path)
        if self._member is not None:
            where = pointer((*at, self._member))
            return Violation(self._broken, where, PHRASES["required"](None), "missing")
        expected = PHRASES[str(self.validator)](self.validator_value)
        actual = shown(tame(self.instance), at, self._secrets or Secrets())
        return Violation(self._broken, pointer(at), expected, f"it is {actual}")

    @property
    def message(self) -> str:
        """The violation in one sentence, with its rule, evidence and place."""
        return self._message if self.violation is None else str(self.violation)

    @message.setter
    def message(self, message: str) -> None:
        self._message = message

    @classmethod
    def create_from(cls, other: Any) -> Self:
        """Return a copy of an error of jsonschema, with the rule where it has one."""
        error = cls(**other._contents())  # noqa: SLF001 - as jsonschema does it
        for name in (*_OURS, "_fault"):
            if name in vars(other):
                setattr(error, name, vars(other)[name])
        return error

    def __str__(self) -> str:
        # jsonschema adds the whole instance, which may hold secrets.
        return self.message if self.violation is not None else super().__str__()

    def __reduce__(self) -> Any:
        # The parent leads back here, so it is set again by the copy of the parent.
        contents = {**self._contents(), "message": self._message, "parent": None}
        state = {name: vars(self)[name] for name in (*_OURS, "_fault") if name in vars(self)}
        return _copied, (type(self), contents, state)


def _copied(kind: type[RuleViolated], contents: dict[str, Any], state: dict[str, Any]) -> Any:
    error = kind(**contents)
    vars(error).update(state)
    return error


def json_schema_validator(
    *,
    contract: Contract | None = None,
    operation: str | None = None,
    side: str = REQUEST,
    fail_on: Level | str = FAIL_ON,
) -> Any:
    """Return a validator of the package jsonschema for payloads of one side of an operation.

    Its verdicts are those of `is_valid`; each error is a `RuleViolated`, one for each violation at
    or above `fail_on`.

    Raises:
        UsageError: there is no such operation, side or level.
        ImportError: jsonschema is not installed.

    """
    kind = _class(pick(contract, operation), side, Level.of(fail_on))
    return kind(kind.SCHEMA, format_checker=kind.FORMAT_CHECKER)


@functools.lru_cache(maxsize=64)
def _class(operation: Operation, side: str, level: Level) -> Any:
    """Return the class of validators of one side at or above a level."""
    schema = operation.json_schema(side, fail_on=level)
    whole = operation.side(side)
    judge = Validator(whole, level, operation.described, PYTHON)
    known = dict(_known(schema, (), whole.by_path, None))
    keywords = {
        name: _naming(keyword, name, known, judge.secrets)
        for name, keyword in Draft202012.VALIDATORS.items()
    }
    kind: Any = validators.extend(Draft202012, keywords)  # type: ignore[no-untyped-call]  # it has no types
    kind.__name__ = kind.__qualname__ = "EnkashValidator"
    kind.SCHEMA = schema
    by_jsonschema = kind.iter_errors

    def iter_errors(self: Any, instance: Any) -> Errors:
        """Yield an error for each violation of a Python value."""
        value, faults = plain(instance)
        yield from map(functools.partial(_of_fault, self.schema, value), judge.faulty(faults))
        doubts = judge.doubts(faults)
        for error in by_jsonschema(self, value):
            rule = error._broken if isinstance(error, RuleViolated) else None  # noqa: SLF001 - ours
            if rule is None or may_stand(rule, doubts.get(tuple(error.path))):
                yield error

    def evolve(self: Any, **changes: Any) -> Any:
        """Return a validator of the same class with changes, whatever its schema calls itself."""
        return attrs.evolve(self, **changes)

    # What Hypothesis and pytest show of a validator would be its whole schema.
    described = f"<EnkashValidator of {operation.id}, {whole.name}, {level}>"
    kind.iter_errors, kind.evolve, kind.__repr__ = iter_errors, evolve, lambda _: described
    return kind


def _of_fault(schema: Any, value: Any, found: tuple[Fault, Violation]) -> RuleViolated:
    fault, violation = found
    error = RuleViolated(
        violation.message,
        validator=fault.keyword,
        path=fault.tokens,
        validator_value=violation.rule.value,
        instance=value_at(value, fault.tokens),
        schema=schema,
        schema_path=(fault.keyword,),
        type_checker=Draft202012.TYPE_CHECKER,
    )
    error._fault = violation  # noqa: SLF001 - ours
    return error


def _known(
    schema: Any, path: Tokens, rules: Mapping[Tokens, list[Rule]], choice: Rule | None
) -> Iterator[tuple[int, Callable[[str, str | None], Rule | None]]]:
    """Yield the identity of each schema, with what tells the rule that a keyword of it is."""

    def rule_of(keyword: str, member: str | None) -> Rule | None:
        own = rules.get((*path, keyword), [])
        return choice or next((rule for rule in own if member in (None, rule.value)), None)

    yield id(schema), rule_of
    for keyword, value in schema.items():
        within = choice or (rule_of(keyword, None) if keyword in CHOICES else None)
        for inner in subschemas(keyword, value):
            yield from _known(inner.schema, (*path, *inner.path), rules, within)


def _naming(
    keyword: Keyword,
    name: str,
    known: Mapping[int, Callable[[str, str | None], Rule | None]],
    secrets: Secrets,
) -> Keyword:
    """Return a keyword of jsonschema whose errors name the rule that is broken."""

    def judged(validator: Any, value: Any, instance: Any, schema: Any) -> Errors:
        for error in keyword(validator, value, instance, schema) or ():
            if isinstance(error, RuleViolated):
                # From further below, and named there.
                yield error
                continue
            member = error.member if isinstance(error, Missing) else None
            made = RuleViolated.create_from(error)
            rule_of = known.get(id(schema))
            made._broken = rule_of(name, member) if rule_of else None  # noqa: SLF001 - ours
            made._member, made._secrets = member, secrets  # noqa: SLF001 - ours
            yield made

    return judged
