"""A second judge of requests: jsonschema, which shares no code with the engine of the package.

Where its semantics are those of Python, they are made those of ECMA-262 and JSON Schema: `$` is the
very end, classes are ASCII, a decimal is itself.
"""

from __future__ import annotations

import datetime as dt
import json
import re
import uuid
from email.message import Message
from fractions import Fraction
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import unquote, urlsplit

import jsonschema

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.judging.case import Case


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    fixed = re.sub(r"\$$", r"\\Z", pattern)
    if isinstance(value, str) and not re.search(fixed, value, re.ASCII):
        yield jsonschema.ValidationError("pattern")


def _multiple_of(_: Any, unit: Any, value: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and Fraction(str(value)) % Fraction(str(unit)):
        yield jsonschema.ValidationError("multipleOf")


SecondJudge = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # it has no types
    jsonschema.Draft202012Validator, {"pattern": _pattern, "multipleOf": _multiple_of}
)
FORMATS = jsonschema.FormatChecker(formats=())


@FORMATS.checks("date", raises=ValueError)
def _date(value: Any) -> bool:
    return not isinstance(value, str) or bool(dt.date.fromisoformat(value))


@FORMATS.checks("date-time", raises=ValueError)
def _date_time(value: Any) -> bool:
    return not isinstance(value, str) or dt.datetime.fromisoformat(value).tzinfo is not None


@FORMATS.checks("uuid", raises=ValueError)
def _uuid(value: Any) -> bool:
    return not isinstance(value, str) or str(uuid.UUID(value)) == value.lower()


@FORMATS.checks("email")
def _email(value: Any) -> bool:
    return not isinstance(value, str) or re.fullmatch(r"\S+@\S+", value) is not None


@FORMATS.checks("uri")
def _uri(value: Any) -> bool:
    return not isinstance(value, str) or (bool(urlsplit(value).scheme) and " " not in value)


DEEPEST = 500
"""How many levels of nesting are read."""


def media_type(label: str) -> str:
    """Return the media type of a label, read as that of a mail is, in lower case."""
    message = Message()
    message["Content-Type"] = label
    return message.get_content_type()


def is_mistyped(path: str, right: str) -> bool:
    """Say whether `path`, with nothing encoded, is another one than `right`."""
    return unquote(path) not in ("", right)


def envelope_rules(operation: Operation, case: Case) -> set[str]:
    """Return the ids of the rules that all of the request but its body breaks."""
    wire = case.wire
    labels = [one for one in (wire.content_type, *wire.repeated) if one is not None]
    broken = {
        "method": wire.method != operation.method,
        "path": is_mistyped(wire.path, operation.path),
        "content-type-present": not labels,
        "content-type": bool(labels) and media_type(labels[0]) != "application/json",
        "content-type-single": len(labels) > 1,
    }
    return {f"request#{keyword}" for keyword, is_broken in broken.items() if is_broken}


def levels(payload: Any) -> list[list[Any]]:
    """Return all names and values of a payload by the number of lists and objects around them."""
    found, level = [], [payload]
    while level:
        found.append(level)
        members = [[*one, *one.values()] if isinstance(one, dict) else one for one in level]
        level = [inner for one in members if isinstance(one, list) for inner in one]
    return found


def is_half(value: Any) -> bool:
    """Say whether a value is a text with half a character in it, which has no UTF-8."""
    try:
        return isinstance(value, str) and value.encode() is None
    except UnicodeEncodeError:
        return True


def refused(name: str) -> Any:
    """Refuse what only Python's reader takes for a number."""
    raise ValueError(name)


def broken_rules(operation: Operation, case: Case) -> set[str]:
    """Return the ids of the rules that the final bytes of `case` break, by the second judge."""
    found = envelope_rules(operation, case)
    # What is sent by another method, or under another label, is not claimed to be a payload.
    if found & {"request#method", "request#content-type"}:
        return found

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in members}) < len(members):
            found.add("request#duplicate-names")
        return dict(members)

    try:
        text = case.wire.body.decode()
        payload = json.loads(text, object_pairs_hook=pairs, parse_constant=refused)
        by_level = levels(payload)
    except UnicodeDecodeError:
        return found | {"request#encoding"}
    except (ValueError, RecursionError):
        return found | {"request#json"}
    if len(by_level) > DEEPEST + 1:
        return found | {"request#json"}
    if any(is_half(one) for level in by_level for one in level):
        found.add("request#encoding")
    judge = SecondJudge(dict(operation.request.schema), format_checker=FORMATS)
    # What is no text of whole characters breaks no rule of texts.
    wrong = [error for error in judge.iter_errors(payload) if not is_half(error.instance)]
    return found.union(*map(rule_ids, wrong))


def rule_ids(error: jsonschema.ValidationError) -> set[str]:
    """Return the ids of the rules that an error of the second judge speaks of."""
    path = [str(part) for part in error.absolute_schema_path]
    # A condition is one rule with all that it demands.
    path = [*path[: path.index("then")], "if"] if "then" in path else path
    pointer, prefix, keyword = "", "", path[-1]
    steps = iter(path[:-1])
    for step in steps:
        if step == "allOf":
            prefix += f"allOf/{next(steps)}/"
        else:
            pointer += f"/{next(steps)}" if step == "properties" else "/*"
    if keyword != "required":
        return {f"request{pointer}#{prefix}{keyword}"}
    listed: Any = error.validator_value
    members = set(listed) - set(cast("dict[str, Any]", error.instance))
    return {f"request{pointer}/{member}#{prefix}required" for member in members}


def expected_rules(made: tuple[Case, ...]) -> dict[str, set[str]]:
    """Return what each case has to break: its own rule if it is to be rejected, else none."""
    return {case.id: {case.rule.id} if case.polarity == "reject" else set() for case in made}


def unproven(operation: Operation, made: tuple[Case, ...]) -> dict[str, set[str]]:
    """Return the cases that do not break what they should, each with what it breaks.

    A case to be rejected breaks its own rule, and besides it only rules of the schema that speak of
    the same value, of one around it, or of one in it. A value of another type is a case of that.
    """
    found = {}
    for case in made:
        broken = broken_rules(operation, case)
        own = {case.rule.id} if case.polarity == "reject" else set()
        others = [operation.rules[name] for name in broken - own]
        if own - broken or not all(own and _along(case.rule, other) for other in others):
            found[case.id] = broken
    return found


def _along(rule: Rule, other: Rule) -> bool:
    at, there = f"{rule.pointer}/", f"{other.pointer}/"
    types = other.keyword == "type" and at == there and rule.keyword != "type"
    near = not rule.path or at.startswith(there) or there.startswith(at)
    return bool(other.path) and near and not types
