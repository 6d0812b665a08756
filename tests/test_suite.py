"""The suite: every rule from both sides, one change each, proven by a second judge."""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import os
import re
import subprocess
import sys
import uuid
from collections import defaultdict
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import jsonschema
import pytest

from enkash_contract import rules, suite
from enkash_contract.errors import UsageError
from enkash_contract.interaction import Request
from enkash_contract.suite import BASELINE, Case, cases
from tests.small_documents import small

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from enkash_contract.contract import Operation

# A second judge: jsonschema, which shares no code with the engine that proved the cases. Where its
# semantics are Python's, they are made those of ECMA-262 and JSON Schema (`$` is the very end,
# classes are ASCII, a decimal is itself).


def _pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    fixed = re.sub(r"\$$", r"\\Z", pattern)
    if isinstance(value, str) and not re.search(fixed, value, re.ASCII):
        yield jsonschema.ValidationError("pattern")


def _multiple_of(_: Any, unit: Any, value: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and Decimal(str(value)) % Decimal(str(unit)):
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


def broken_rules(operation: Operation, case: Case) -> set[str]:
    """Return the ids of the rules that the final bytes of `case` break, by the second judge."""
    found = set()
    if case.wire.method != "POST":
        found.add("request#method")
    if case.wire.content_type is None:
        found.add("request#content-type-present")
    elif not re.fullmatch(r"application/json(; charset=utf-8)?", case.wire.content_type):
        found.add("request#content-type")

    def pairs(members: list[tuple[str, Any]]) -> dict[str, Any]:
        if len({name for name, _ in members}) < len(members):
            found.add("request#duplicate-names")
        return dict(members)

    try:
        payload = json.loads(case.wire.body.decode(), object_pairs_hook=pairs)
    except UnicodeDecodeError:
        return found | {"request#encoding"}
    except json.JSONDecodeError:
        return found | {"request#json"}
    judge = SecondJudge(dict(operation.request.schema), format_checker=FORMATS)
    for error in judge.iter_errors(payload):
        found |= rule_ids(error)
    return found


def rule_ids(error: jsonschema.ValidationError) -> set[str]:
    """Return the ids of the rules that an error of the second judge speaks of."""
    path = [str(part) for part in error.absolute_schema_path]
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


def by_rule(made: tuple[Case, ...], polarity: str) -> dict[str, list[str]]:
    """Return the names of the cases of one polarity, by rule."""
    found: dict[str, list[str]] = defaultdict(list)
    for case in made:
        if case.polarity == polarity:
            found[case.rule.id].append(case.family.partition("/")[2])
    return dict(found)


# The bundled document


def test_each_case_breaks_exactly_what_it_says(operation: Operation) -> None:
    """By a second judge and the final bytes: a reject case breaks its rule alone, others none."""
    made = cases()

    assert {one.id: broken_rules(operation, one) for one in made} == expected_rules(made)


def test_every_rule_of_the_request_is_broken(operation: Operation) -> None:
    """Each rule has at least one reject case, but for those that allow everything."""
    all_rules = {rule.id for rule in operation.rules.values() if rule.side == "request"}
    harmless = {one for one in all_rules if one.endswith("#additionalProperties")}

    assert set(by_rule(cases(), "reject")) == all_rules - harmless
    assert {operation.rules[one].value for one in harmless} == {True}


def test_every_rule_of_the_request_is_kept_at_its_edge(operation: Operation) -> None:
    """What has an edge that is known to be right is gone to; the baseline keeps all the rest."""
    edges = ["shortest", "longest", "other-scripts"]
    texts = ("b2bIds/buyerB2BId", "b2bIds/supplierB2BId", "invoiceStatus/supplierInvoiceNumber")
    nested = ["objectVersion", "statusTransition"]
    owners = ["", "/device", "/device/tag", "/b2bIds", "/invoiceStatus"]
    owners += [f"/invoiceStatus/{name}" for name in nested]

    assert by_rule(cases(), "accept") == {
        "request#type": ["baseline"],
        "request#content-type": ["charset-utf-8"],
        "request#json": ["reordered", "pretty-printed", "escaped"],
        **{f"request/{text}#pattern": edges for text in texts},
        "request/invoiceStatus/objectId#pattern": ["shortest", "longest"],
        "request/invoiceStatus/supplierRemarks#pattern": edges,
        **{f"request{owner}#additionalProperties": ["unknown-member"] for owner in owners},
    }
    assert broken_rules(operation, cases()[0]) == set()


def test_what_is_known_to_slip_through_is_tried() -> None:
    """The mistakes that random generation misses each have a case of their own."""
    wanted = {
        "request#json/empty",
        "request#json/trailing-bytes",
        "request#content-type/text-plain",
        "request/b2bIds/buyerB2BId#pattern/one-over",
        "request/b2bIds/buyerB2BId#pattern/forbidden-u0022-middle-of-part-1",
        "request/invoiceStatus/objectId#pattern/trailing-newline",
        "request/invoiceStatus/objectId#pattern/leading-blank",
        "request/invoiceStatus/objectVersion/currentVersion#type/numeric-string",
        "request/invoiceStatus/objectVersion/currentVersion#type/boolean",
        "request/invoiceStatus/objectVersion/newVersion#minimum/one-under",
        "request/invoiceStatus/supplierAction#minLength/one-under",
    }

    assert wanted - {case.id for case in cases()} == set()


def test_cases_are_told_apart_by_their_ids() -> None:
    """No two cases share an id, and each id is its rule's with the family's name behind it."""
    made = cases()

    assert len({case.id for case in made}) == len(made)
    assert [case.id for case in made] == [
        f"{case.rule.id.rpartition('#')[0]}#{case.family}" for case in made
    ]


def test_no_two_cases_of_a_rule_are_the_same_request() -> None:
    """A case that repeats another of its rule under a new name would only cost time."""
    made = [(case.rule.id, case.polarity, case.wire) for case in cases()]
    same = {one for one in made if made.count(one) > 1}
    lengths = "request/invoiceStatus/objectId#pattern"

    # Where the shortest text is the longest one, both names lead to it.
    assert {(rule, polarity) for rule, polarity, _ in same} == {(lengths, "accept")}


def test_a_reject_case_names_its_accepted_twin() -> None:
    """The twin of a reject case is the first accept case of its rule, or else the baseline."""
    made = cases()
    accepted = {case.rule.id: case.id for case in reversed(made) if case.polarity == "accept"}
    accepted["request#type"] = BASELINE
    twins = {case.id: accepted.get(case.rule.id, BASELINE) for case in made}

    assert {case.id: case.twin for case in made if case.polarity == "reject"} == {
        case.id: twins[case.id] for case in made if case.polarity == "reject"
    }
    assert {case.twin for case in made if case.polarity == "accept"} == {""}


def test_cases_say_what_is_special_about_them(operation: Operation) -> None:
    """One sentence on each case, and the evidence is that of its rule."""
    said = {case.id: case.says for case in cases()}
    version = "request/invoiceStatus/objectVersion/currentVersion"

    assert {
        said[BASELINE],
        said["request#json/escaped"],
        said["request#method/GET"],
        said["request#content-type/text-plain"],
        said["request#content-type-present/absent"],
        said["request#json/empty"],
        said["request/b2bIds#required/removed"],
        said[f"{version}#type/numeric-string"],
        said["request/b2bIds/buyerB2BId#pattern/shortest"],
    } == {
        "the payload every other case is derived from",
        "the baseline, escaped",
        "the request must be sent by POST, but it is sent by GET",
        "the request must be labelled application/json, but it is labelled text/plain",
        "the request must say its media type, but it does not",
        "the payload must be JSON as RFC 8259 defines it, but the body is empty",
        "/b2bIds must be there, but it is not there",
        '/invoiceStatus/objectVersion/currentVersion must be an integer, but it is "1"',
        '/b2bIds/buyerB2BId is "a"',
    }
    assert {case.evidence for case in cases() if case.rule.id == f"{version}#type"} == {
        operation.rules[f"{version}#type"].evidence
    }


def test_a_case_is_sent_as_it_stands(operation: Operation) -> None:
    """A case becomes a request to its own path, or to the address it is given."""
    first = cases()[0]
    without = next(case for case in cases() if case.family == "content-type-present/absent")
    json_label = (("Content-Type", "application/json"),)
    body = json.dumps(operation.request.example, separators=(",", ":")).encode()

    assert first.request() == Request("POST", operation.path, json_label, body)
    assert without.request("http://h/x") == Request("POST", "http://h/x", (), body)


def test_a_case_is_shown_without_its_bytes(operation: Operation) -> None:
    """What is shown of a case is its id and what is special about it, in one short line."""
    first = cases()[0]

    assert repr(first) == (
        f"Case(id={BASELINE!r}, rule={operation.rules['request#type']!r}, "
        "family='type/baseline', polarity='accept', "
        "says='the payload every other case is derived from', twin='')"
    )


def test_the_suite_is_built_once() -> None:
    """Asking for the default suite again costs nothing; an own base makes an own suite."""
    assert cases() is cases()
    assert cases(base={}) is not cases(base={})


PRINT = """
import hashlib, enkash_contract as ec
made = [(c.id, c.twin, c.says, c.wire.method, c.wire.content_type, c.wire.body) for c in ec.cases()]
print(hashlib.sha256(repr(made).encode()).hexdigest())
"""


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_suite_does_not_depend_on_hashing(seed: str) -> None:
    """Ids, sentences and bytes are the same in every process, whatever its hash seed."""
    command = [sys.executable, "-c", PRINT]
    done = subprocess.run(
        command,
        capture_output=True,
        text=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed},
    )
    made = [
        (c.id, c.twin, c.says, c.wire.method, c.wire.content_type, c.wire.body) for c in cases()
    ]

    assert done.stdout.strip() == hashlib.sha256(repr(made).encode()).hexdigest()


# The user's own base


def test_cases_are_derived_from_the_user_s_base(operation: Operation, payload: Any) -> None:
    """With a base and pins, each case is that base with one thing changed."""
    payload["b2bIds"]["supplierB2BId"] = "मुंबई"
    payload["extra"] = [1]
    pins = {"/invoiceStatus/objectId": "INV" + "7" * 32}
    made = cases(base=payload, pins=pins)
    first = json.loads(made[0].wire.body)
    payload["invoiceStatus"]["objectId"] = "INV" + "7" * 32

    assert first == payload
    assert {one.id: broken_rules(operation, one) for one in made} == expected_rules(made)
    # What is pinned is what the target knows, so right requests keep it.
    pinned = [f"request/invoiceStatus/objectId#pattern/{name}" for name in ("shortest", "longest")]
    assert [one.id for one in made] == [one.id for one in cases() if one.id not in pinned]


def test_pins_alone_change_the_example() -> None:
    """Pins without a base are set in the document's example, and every right request has them."""
    made = cases(pins={"/b2bIds/buyerB2BId": "MINE"})
    right = [json.loads(one.wire.body) for one in made if one.polarity == "accept"]

    assert {one["b2bIds"]["buyerB2BId"] for one in right} == {"MINE"}
    assert by_rule(made, "reject") == by_rule(cases(), "reject")


@pytest.mark.parametrize(
    ("pins", "left"),
    [
        ({}, ["/a", "/ab", "/list", "/list/*"]),
        ({"/a": "xx"}, ["/ab", "/list", "/list/*"]),
        ({"/list/0": "xx"}, ["/a", "/ab", "/list"]),
        ({"/list": ["xx"]}, ["/a", "/ab"]),
        ({"": {"a": "x", "ab": "x", "list": ["x"]}}, []),
    ],
)
def test_what_is_pinned_stays(tmp_path: Path, pins: dict[str, Any], left: list[str]) -> None:
    """A pin keeps its own value and what is in it, and nothing that is only called alike."""
    text = {"type": "string", "minLength": 2}
    members = {"a": text, "ab": text, "list": {"type": "array", "items": text, "maxItems": 2}}
    base = {"a": "xxx", "ab": "xxx", "list": ["xxx"]}
    schema = {"type": "object", "properties": members}
    operation = small(tmp_path, schema, example=base).pick()
    found = by_rule(suite.build(operation, base, pins), "accept")

    assert sorted({rule.partition("#")[0].removeprefix("request") for rule in found} - {""}) == left


def test_a_base_that_breaks_a_weak_rule(operation: Operation, payload: Any) -> None:
    """What the base itself breaks is left out, and all other cases break their own rule only."""
    payload["invoiceStatus"]["objectVersion"]["currentVersion"] = 0
    del payload["device"]["tag"]["name"]
    known = {
        "request/invoiceStatus/objectVersion/currentVersion#minimum",
        "request/device/tag/name#required",
    }
    made = cases(base=payload)
    found = {one.id: broken_rules(operation, one) - known for one in made}
    rejected = {one.rule.id for one in made if one.polarity == "reject"}

    assert rejected & known == set()
    assert found == expected_rules(made)


def test_a_base_that_is_no_object() -> None:
    """Nothing can be put into a base that is not an object, and what is left still holds."""
    found = {one.rule.id for one in cases(base=7)}

    assert found == {
        "request#type",
        "request#method",
        "request#content-type",
        "request#content-type-present",
        "request#json",
    }


def test_a_base_that_cannot_be_written() -> None:
    """A base that is no JSON is refused with the reason."""
    with pytest.raises(UsageError) as caught:
        cases(base={"a": {1, 2}})

    assert str(caught.value) == (
        "the base payload cannot be written as JSON: Object of type set is not JSON serializable"
    )


def test_a_base_with_a_lone_surrogate(payload: Any) -> None:
    """A text that has no UTF-8 is sent as its escape; that it is wrong is for others to say."""
    payload["invoiceStatus"]["supplierRemarks"] = "\ud800"
    made = cases(base=payload)

    assert b'"supplierRemarks":"\\ud800"' in made[0].wire.body
    assert json.loads(made[0].wire.body) == payload


# Keywords the bundled document does not use

EVERY_TYPE = ["null", "boolean", "integer", "fraction", "string", "object", "array"]
LIST = "wrapped-in-list"
MANY = {"type": "array", "items": {"type": "string", "minLength": 1}, "uniqueItems": True}


def in_object(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema of objects with one member, `it`, that has `schema`."""
    return {"type": "object", "properties": {"it": schema}}


@pytest.mark.parametrize(
    ("schema", "right", "but", "more"),
    [
        ({"type": "boolean"}, True, ["boolean"], ["boolean-string", "zero-or-one", LIST]),
        ({"type": "null"}, None, ["null"], [LIST]),
        ({"type": "string"}, "x", ["string"], [LIST]),
        ({"type": ["string", "null"]}, "x", ["null", "string"], [LIST]),
        ({"type": "number"}, 1, ["integer", "fraction"], ["numeric-string", LIST]),
        ({"type": "integer"}, 1, ["integer"], ["numeric-string", LIST]),
        ({"type": "integer"}, 1.0, ["integer"], ["numeric-string", LIST]),
        ({"type": "object"}, {"a": 1}, ["object"], [LIST]),
        ({"type": "array"}, [1], ["array"], []),
    ],
)
def test_types_are_broken_by_every_other(
    tmp_path: Path, schema: dict[str, Any], right: Any, but: list[str], more: list[str]
) -> None:
    """A value of each other JSON type is tried, and what a lenient reader takes for the right."""
    operation = small(tmp_path, in_object(schema), example={"it": right}).pick()
    made = suite.build(operation)
    names = [name for name in EVERY_TYPE if name not in but] + more

    assert by_rule(made, "reject")["request/it#type"] == names
    assert {one.id: broken_rules(operation, one) for one in made} == expected_rules(made)


KEYWORDS: list[tuple[dict[str, Any], Any, dict[str, list[str]], dict[str, list[str]]]] = [
    (
        {"enum": ["Paid", "Void"], "type": "string"},
        "Paid",
        {"#enum": ["value-2"]},
        {"#enum": ["unknown", "other-case"]},
    ),
    ({"enum": [1, None, True]}, 1, {"#enum": ["value-2", "value-3"]}, {"#enum": ["unknown"]}),
    ({"enum": ["A", 1]}, 1, {"#enum": ["value-1"]}, {"#enum": ["unknown", "other-case", "null"]}),
    ({"const": "A"}, "A", {}, {"#const": ["unknown", "other-case", "null"]}),
    ({"const": None}, None, {}, {"#const": EVERY_TYPE[1:]}),
    (
        {"type": "string", "minLength": 2, "maxLength": 4},
        "abc",
        {"#minLength": ["on-bound"], "#maxLength": ["on-bound", "other-scripts"]},
        {"#minLength": ["one-under"], "#maxLength": ["one-over"]},
    ),
    (
        {"type": "string", "pattern": "^(?:ab|cd)$"},
        "ab",
        {},
        {"#pattern": ["trailing-newline", "leading-newline", "trailing-blank", "leading-blank"]},
    ),
    (
        {"type": "string", "format": "date"},
        "2026-01-31",
        {},
        {"#format": ["words", "empty", "no-such-day"]},
    ),
    (
        {"type": "string", "format": "date-time"},
        "2026-01-31T12:00:00Z",
        {},
        {"#format": ["words", "empty", "no-such-day"]},
    ),
    (
        {"type": "string", "format": "uuid"},
        "123e4567-e89b-12d3-a456-426614174000",
        {},
        {"#format": ["words", "empty"]},
    ),
    ({"type": "string", "format": "email"}, "a@example.com", {}, {"#format": ["words", "empty"]}),
    (
        {"type": "string", "format": "uri"},
        "https://example.com/",
        {},
        {"#format": ["words", "empty"]},
    ),
    (
        {"type": "integer", "minimum": 2, "maximum": 5},
        3,
        {"#minimum": ["on-bound"], "#maximum": ["on-bound"]},
        {"#minimum": ["one-under"], "#maximum": ["one-over"]},
    ),
    (
        {"type": ["integer", "null"], "minimum": 2},
        3,
        {"#minimum": ["on-bound"]},
        {"#minimum": ["one-under"]},
    ),
    (
        {"type": "number", "exclusiveMinimum": 2, "exclusiveMaximum": 5},
        3,
        {"#exclusiveMinimum": ["one-inside"], "#exclusiveMaximum": ["one-inside"]},
        {"#exclusiveMinimum": ["on-bound"], "#exclusiveMaximum": ["on-bound"]},
    ),
    ({"type": "integer", "multipleOf": 5}, 10, {}, {"#multipleOf": ["one-more"]}),
    ({"type": "number", "multipleOf": 0.01}, 19.99, {}, {"#multipleOf": ["half-a-step"]}),
    (
        {**MANY, "minItems": 1, "maxItems": 2},
        ["a"],
        {"#maxItems": ["on-bound"]},
        {
            "/*#minLength": ["one-under"],
            "#minItems": ["one-under"],
            "#maxItems": ["one-over"],
            "#uniqueItems": ["repeated"],
        },
    ),
    (
        {**MANY, "minItems": 2},
        ["a", "b"],
        {},
        {
            "/*#minLength": ["one-under"],
            "#minItems": ["one-under"],
            "#uniqueItems": ["repeated", "replaced"],
        },
    ),
    (
        {"type": "array", "items": in_object({"type": "null"}) | {"required": ["it"]}},
        [{"it": None}],
        {},
        {"/*/it#required": ["removed"]},
    ),
    # No item is there to be changed.
    ({"type": "array", "items": {"type": "string", "minLength": 1}}, [], {}, {}),
    (
        {"type": "object", "additionalProperties": False},
        {},
        {},
        {"#additionalProperties": ["unknown-member"]},
    ),
    (
        {"type": "object", "additionalProperties": True},
        {},
        {"#additionalProperties": ["unknown-member"]},
        {},
    ),
    (
        {"type": "object", "additionalProperties": {"type": "string", "minLength": 1}},
        {"a": "x"},
        {"/*#minLength": ["on-bound"]},
        {"/*#minLength": ["one-under"]},
    ),
    (
        {"allOf": [{"type": "string", "minLength": 2}, {"maxLength": 3}]},
        "ab",
        {"#allOf/1/maxLength": ["on-bound", "other-scripts"]},
        {"#allOf/0/minLength": ["one-under"], "#allOf/1/maxLength": ["one-over"]},
    ),
    (
        {"anyOf": [{"type": "string", "minLength": 1}, {"type": "integer", "minimum": 0}]},
        "a",
        {},
        {"#anyOf": ["null", "boolean", "fraction", "object", "array", "empty-string", "minus-one"]},
    ),
    (
        {"oneOf": [{"type": "string"}, {"type": "integer"}]},
        "a",
        {},
        {"#oneOf": ["null", "boolean", "fraction", "object", "array"]},
    ),
    # Nothing but its examples is known to be right.
    (
        {"type": "string", "maxLength": 3, "examples": ["A", "BBB"]},
        "A",
        {},
        {"#maxLength": ["one-over"]},
    ),
]


@pytest.mark.parametrize(("schema", "right", "accepted", "rejected"), KEYWORDS)
def test_each_keyword_has_its_cases(
    tmp_path: Path,
    schema: dict[str, Any],
    right: Any,
    accepted: dict[str, list[str]],
    rejected: dict[str, list[str]],
) -> None:
    """In a small document each keyword gets its cases, and the second judge agrees with each."""
    operation = small(tmp_path, in_object(schema), example={"it": right}).pick()
    made = suite.build(operation)

    def found(polarity: str) -> dict[str, list[str]]:
        listed = by_rule(made, polarity).items()
        return {
            rule.removeprefix("request/it"): names
            for rule, names in listed
            if rule.startswith("request/it") and not rule.endswith("type")
        }

    assert (found("accept"), found("reject")) == (accepted, rejected)
    assert {one.id: broken_rules(operation, one) for one in made} == expected_rules(made)


def test_the_keywords_above_are_all_there_are() -> None:
    """No keyword that is a rule is forgotten here."""
    text = json.dumps([schema for schema, *_ in KEYWORDS])
    forgotten = [one for one in sorted(rules.CONSTRAINTS) if f'"{one}"' not in text]

    assert forgotten == []


def test_a_member_that_the_base_lacks(tmp_path: Path) -> None:
    """An optional member that is not there is put there right, and then broken; none below it."""
    inner = in_object({"type": "integer"}) | {"required": ["it"]}
    operation = small(tmp_path, in_object(inner), example={}).pick()
    made = suite.build(operation)
    types = [name for name in EVERY_TYPE if name != "object"] + [LIST]

    assert {rule: names for rule, names in by_rule(made, "reject").items() if "/it" in rule} == {
        "request/it#type": types
    }
    assert {one.id: broken_rules(operation, one) for one in made} == expected_rules(made)
