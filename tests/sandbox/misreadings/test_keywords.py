"""Misreadings: each judges whatever comes, and those of a rule are known by name."""

from __future__ import annotations

import codecs
import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from enkash_contract.contract.contract import WIRE, bundled
from enkash_contract.contract.operation import REQUEST
from enkash_contract.generation import patterns, suite
from enkash_contract.generation.families import reject
from enkash_contract.sandbox.defect_proof import look
from enkash_contract.sandbox.defects import misreadings
from enkash_contract.sandbox.misreadings import json_readers, keywords, wire
from enkash_contract.sandbox.misreadings.pattern_parts import Parts
from enkash_contract.wire.message import Request
from tests.support.keyword_cases import KEYWORDS, in_object
from tests.support.small_documents import PATH, small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule
    from enkash_contract.judging.case import Case
    from enkash_contract.sandbox.misreadings.reading import Reading
    from enkash_contract.sandbox.misreadings.wire import WireReading

OPERATION = bundled().pick()
LABEL = ("Content-Type", "application/json")
RIGHT = Request("POST", PATH, (LABEL,), b'{"a":"b","n":1}')
PAYLOAD = {"a": "b", "n": 1}

JSONABLE = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(st.characters(), max_size=120),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)


def of_rule(operation: Operation, rule: Rule) -> list[Reading]:
    """Return the readings of one rule of a schema, made from its own example."""
    right: Any = {rule.value: "x"} if rule.keyword == "required" else {}
    if rule.keyword not in ("required", "additionalProperties"):
        right = "x"
    return list(keywords.MISREADINGS[rule.keyword](rule, right))


def test_the_tables_are_complete() -> None:
    """Every keyword that can be broken can be misread, and so can every rule of the wire."""
    assert keywords.MISREADINGS.keys() == reject.REJECT.keys()
    assert {"method", *WIRE[REQUEST]} <= wire.MISREADINGS.keys()


@pytest.mark.parametrize("schema", [schema for schema, *_ in KEYWORDS])
def test_every_value_is_judged(tmp_path: Path, schema: dict[str, Any]) -> None:
    """Whatever value comes, every reading says yes or no to it."""
    operation = small(tmp_path, in_object(schema)).pick()
    made = [
        reading
        for rule in operation.rules.values()
        if rule.side == REQUEST and rule.path
        for reading in of_rule(operation, rule)
    ]

    @given(JSONABLE | st.sampled_from(["\ud800", 10**4299, "7", "a ", [[]], {"it": ""}]))
    @settings(max_examples=20)
    def judged(value: Any) -> None:
        assert {type(reading.holds(value)) for reading in made} == {bool}

    judged()


@pytest.mark.parametrize(("schema", "right"), [(one[0], one[1]) for one in KEYWORDS])
def test_every_keyword_can_be_left_unenforced(
    tmp_path: Path, schema: dict[str, Any], right: Any
) -> None:
    """In a small document every rule on the way has a witness, or cannot be broken by itself."""
    operation = small(tmp_path, in_object(schema), example={"it": right}).pick()
    found = {
        rule.id: [one.name for one in misreadings(operation, rule) if one.witness is not None]
        for rule in operation.rules.values()
        if rule.pointer.startswith("/it") and rule.side == REQUEST
    }
    alone = {"request/it#type"} if {"enum", "type"} <= schema.keys() else set()
    # No item is there to be changed.
    alone |= {one for one in found if "/*" in one} if right == [] else set()

    assert {rule for rule, names in found.items() if not names} == alone
    assert all("unenforced" in names or names == ["refused"] for names in found.values() if names)


@pytest.mark.parametrize(
    ("schema", "right", "rule", "names"),
    [
        (
            {"type": "string", "pattern": "^[a-c]{1,2}x$"},
            "bx",
            "pattern",
            """unenforced empty-string-taken trimming line-feed-at-end-taken up-to-nul normalising
            ignoring-case unanchored-start unanchored-end unanchored line-by-line
            other-letters-taken lower-bound-minus-1-in-part-1 upper-bound-plus-1-in-part-1
            no-upper-bound-in-part-1
            upper-bound-minus-1-in-part-1 any-character-taken-in-part-1
            first-character-only-in-part-1 last-character-only-in-part-1 u0060-taken-in-part-1
            u0064-taken-in-part-1 u0061-refused-in-part-1 u0063-refused-in-part-1
            lower-bound-minus-1-in-part-2 upper-bound-plus-1-in-part-2 no-upper-bound-in-part-2
            any-character-taken-in-part-2 u0077-taken-in-part-2 u0079-taken-in-part-2""",
        ),
        (
            {"type": "string", "pattern": "^[^x]{2,}$"},
            "abc",
            "pattern",
            """unenforced empty-string-taken up-to-nul blank-refused
            beyond-ascii-refused beyond-bmp-refused line-feed-refused punctuation-refused
            unanchored-start unanchored-end unanchored line-by-line counting-bytes counting-utf-16
            lower-bound-minus-1 lower-bound-plus-1 any-character-taken first-character-only
            last-character-only u0078-taken""",
        ),
        (
            {"type": "string", "pattern": "^[a-z]?[0-9]*$"},
            "a",
            "pattern",
            """unenforced trimming line-feed-at-end-taken up-to-nul normalising ignoring-case
            unanchored-start unanchored-end unanchored line-by-line other-digits-taken
            other-letters-taken lower-bound-plus-1-in-part-1 upper-bound-plus-1-in-part-1
            no-upper-bound-in-part-1 any-character-taken-in-part-1 u0060-taken-in-part-1
            u007b-taken-in-part-1
            u007a-refused-in-part-1 any-character-taken-in-part-2 first-character-only-in-part-2
            last-character-only-in-part-2 u002f-taken-in-part-2 u003a-taken-in-part-2
            u0030-refused-in-part-2 u0039-refused-in-part-2""",
        ),
        (
            {"type": "number", "multipleOf": 0.1},
            0.5,
            "multipleOf",
            "unenforced",
        ),
        (
            {"type": "array", "items": {"type": "integer"}, "minItems": 2, "maxItems": 3},
            [1, 2, 3],
            "minItems",
            "unenforced one-beyond-taken bound-refused equal-items-once",
        ),
        (
            {"type": "array", "items": {"type": "boolean"}},
            [],
            "type",
            """unenforced null-taken empty-string-taken json-text-taken single-item-taken
            object-taken""",
        ),
        (
            {"type": "boolean"},
            True,
            "type",
            """unenforced null-taken list-of-one-taken empty-string-taken json-text-taken
            word-taken zero-or-one-taken""",
        ),
    ],
)
def test_what_a_rule_is_taken_for(
    tmp_path: Path, schema: dict[str, Any], right: Any, rule: str, names: str
) -> None:
    """These are the readings that can be told from a rule, and no others."""
    operation = small(tmp_path, in_object(schema), example={"it": right}).pick()
    found = misreadings(operation, operation.rules[f"request/it#{rule}"])

    assert [one.name for one in found if one.witness is not None] == names.split()


def test_a_text_that_does_not_match_is_not_built_upon() -> None:
    """Where the right text is none, the pattern's own shortest text takes its place."""
    shape = patterns.read("^[ab]{2}[0-9]{1,3}$")
    assert shape is not None
    assert (Parts(shape, "?").text, Parts(shape, "ba1").text) == ("ab090", "ba1")


def test_of_a_choice_with_one_schema_none_is_forgotten(tmp_path: Path) -> None:
    """Such a server would refuse everything."""
    choice = {"anyOf": [{"type": "string"}]}
    operation = small(tmp_path, in_object(choice), example={"it": "a"}).pick()
    found = misreadings(operation, operation.rules["request/it#anyOf"])
    assert [one.name for one in found] == ["unenforced"]


# The wire


def test_what_is_refused_already_is_not_refused_twice() -> None:
    """A wrong label with a parameter is one violation of the rule."""
    label = (("Content-Type", "text/plain; x=1"),)
    asked = look(OPERATION, Request("POST", OPERATION.path, label, b"{}"))
    found = misreadings(OPERATION, OPERATION.rules["request#content-type"])
    (reading,) = (one for one in found if one.name == "parameters-refused")
    assert reading.judge(asked) is asked.broken


def wire_readings(keyword: str, right: Request = RIGHT, payload: Any = None) -> list[WireReading]:
    """Return the readings of one rule of the wire."""
    return list(wire.MISREADINGS[keyword](right, PAYLOAD if payload is None else payload))


@pytest.mark.unmeasured
@pytest.mark.parametrize("case", [one for one in suite.cases() if one.polarity == "accept"])
def test_lenient_readings_leave_right_requests_alone(case: Case) -> None:
    """What is taken for another request is still one that breaks nothing, or is refused whole."""
    asked = look(OPERATION, case.request())
    for rule in OPERATION.rules.values():
        if rule.side == REQUEST and not rule.path:
            for reading in misreadings(OPERATION, rule):
                assert {one.rule for one in reading.judge(asked)} <= {rule}, reading.name


@pytest.mark.parametrize("keyword", sorted(wire.MISREADINGS))
@pytest.mark.parametrize(
    "came",
    [
        RIGHT,
        Request("PATCH", "/other//path/", (), b""),
        Request("POST", PATH, (LABEL,), None),
        Request("POST", PATH, (("content-type", "Text/JSON; x=1"), LABEL), b"[1, {'a': .5}"),
        Request("POST", PATH, (LABEL,), b'\xff\xfe{\x00"\x00'),
        Request("POST", PATH, (LABEL,), b"[" * 10_000),
        Request("POST", PATH, (LABEL,), b'{"a":1,"a":2,"b":"\\ud800"}'),
    ],
)
def test_every_request_is_taken_for_one_or_none(keyword: str, came: Request) -> None:
    """A reading of the wire never fails, whatever comes."""
    taken = [one.read_as(came) for one in wire_readings(keyword) if one.read_as is not None]
    assert {type(one) for one in taken} <= {Request, type(None)}


@pytest.mark.parametrize(
    ("keyword", "name"),
    [
        (keyword, one.name)
        for keyword in ("path", "content-type-single", "content-type", "json", "encoding", "method")
        for one in wire_readings(keyword)
        if one.read_as is not None
    ],
)
def test_each_reading_of_the_wire_changes_or_refuses_its_witness(keyword: str, name: str) -> None:
    """Every witness is taken for something else, and something else is not."""
    (reading,) = (one for one in wire_readings(keyword) if one.name == name)
    assert reading.read_as is not None
    changed = [reading.read_as(one) != one for one in reading.witnesses]

    assert any(changed)
    assert reading.read_as(RIGHT) == RIGHT


@pytest.mark.parametrize(
    ("name", "url", "taken"),
    [
        ("trailing-slash-taken", PATH + "//", PATH),
        ("doubled-slash-taken", "//change", PATH),
        ("trailing-slash-taken", PATH + "s", PATH + "s"),
    ],
)
def test_what_path_is_taken_for_the_own(name: str, url: str, taken: str) -> None:
    """Spellings of a path that servers take for the same."""
    (reading,) = (one for one in wire_readings("path") if one.name == name)
    assert reading.read_as is not None
    assert reading.read_as(Request("POST", f"http://h{url}")).path == taken  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("name", "body", "taken"),
    [
        ("empty-taken", b"", RIGHT.body),
        ("rest-overlooked", b'{"a": 1} x', b'{"a": 1}'),
        ("second-value-overlooked", b"[1]\n[2]", b"[1]"),
        ("second-value-overlooked", b"[1] x", b"[1] x"),
        ("end-supplied", b'{"a": {"b": "}"', b'{"a": {"b": "}"}}'),
        ("trailing-comma-taken", b'{"a": ",}", }', b'{"a": ",}" }'),
        ("comments-taken", b'/* x */{"a": "// no"} // x', b'{"a": "// no"} '),
        ("single-quotes-taken", b"{'a': \"it's\"}", b'{"a": "it\'s"}'),
        ("bare-names-taken", b'{a: "b: c"}', b'{"a": "b: c"}'),
        ("nan-taken", b'[NaN, "NaN"]', b'[1, "NaN"]'),
        ("infinity-taken", b"[-Infinity, Infinity]", b"[1, 1]"),
        ("leading-zeros-taken", b'[007, 0, 1.007, "007"]', b'[7, 0, 1.007, "007"]'),
        ("hexadecimal-taken", b'[0xFF, "0xFF"]', b'[1, "0xFF"]'),
        ("plus-taken", b'[+1, 1e+2, "+1"]', b'[1, 1e+2, "+1"]'),
        ("control-characters-taken", b'{"a\n":\n"\tb"}', b'{"a ":\n" b"}'),
        ("byte-order-mark-taken", codecs.BOM_UTF8 + b"[]", b"[]"),
        ("utf-16-taken", "[1]".encode("utf-16-be"), b"[1]"),
        ("utf-16-taken", "[1]".encode("utf-16-le"), b"[1]"),
        ("depth-unlimited", b"[" * 600 + b"]" * 600, b"[]"),
    ],
)
def test_what_a_lenient_reader_makes_of_json(name: str, body: bytes, taken: bytes) -> None:
    """The bytes are made strict outside of strings, and left alone within."""
    (reading,) = (one for one in wire_readings("json") if one.name == name)
    assert reading.read_as is not None
    found = reading.read_as(Request("POST", PATH, (LABEL,), body))
    assert found is not None
    assert found.body == taken


@pytest.mark.parametrize(
    ("name", "body", "taken"),
    [
        ("first-taken", b'{"a": 1, "a": 2}', {"a": 1}),
        ("equal-values-taken", b'{"a": 1, "a": 1}', {"a": 1}),
        ("equal-values-taken", b'{"a": 1, "a": 2}', None),
        ("top-only", b'{"a": {"b": 1, "b": 2}}', {"a": {"b": 2}}),
        ("top-only", b'{"a": 1, "a": 1}', None),
    ],
)
def test_what_a_repeated_name_is_taken_for(name: str, body: bytes, taken: Any) -> None:
    """Which value counts, and where a repetition is overlooked; None: the body stays as it is."""
    (reading,) = (one for one in wire_readings("duplicate-names") if one.name == name)
    assert reading.read_as is not None
    found = reading.read_as(Request("POST", PATH, (LABEL,), body))
    assert found is not None
    assert found.body == body if taken is None else json.loads(found.body or b"") == taken


def test_payloads_of_other_types_have_fewer_misreadings() -> None:
    """Of a payload that is no object, no name can be repeated and no member added in place."""
    right = Request("POST", PATH, (LABEL,), b"[]")
    assert [one.witnesses for one in wire_readings("duplicate-names", right, [])] == [()] * 4
    assert list(json_readers.repeated_below({"a": {"b": 1}})) == [b'{"a": {"b": 1,"b": 1}}']
    empty = Request("POST", PATH, (LABEL,), b"{}")
    (nan,) = (one for one in wire_readings("json", empty, {}) if one.name == "nan-taken")
    assert [one.body for one in nan.witnesses] == [b'{"x-unheard-of":NaN}', b"{}"]


def test_other_labels_are_left_alone() -> None:
    """Without a label there is none to choose."""
    bare = Request("POST", PATH)
    for one in wire_readings("content-type-single")[1:]:
        assert one.read_as is not None
        assert one.read_as(bare) is bare
