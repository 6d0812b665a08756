"""The families: complete tables, stable names, and the values each keyword is broken with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from enkash_contract import boundaries, contract, mutations, patterns, rules, wire_mutations
from enkash_contract.examples import ABSENT
from enkash_contract.spelling import Wire, compact

if TYPE_CHECKING:
    from collections.abc import Mapping

Named = dict[str, Any]


def offered(
    table: Mapping[str, tuple[mutations.Family, ...]], keyword: str, schema: Any, right: Any
) -> Named:
    """Return everything that the families of `keyword` offer, by name."""
    pairs = [pair for family in table[keyword] for pair in family(schema, right)]
    assert all(type(name) is str and name and not set(name) & set(" /#") for name, _ in pairs)
    return dict(pairs)


def test_every_keyword_can_be_broken() -> None:
    """Each keyword that is a rule has families that break it, and nothing else has."""
    assert set(mutations.REJECT) == rules.CONSTRAINTS
    assert set(boundaries.ACCEPT) < rules.CONSTRAINTS
    assert all(mutations.REJECT.values())
    assert all(boundaries.ACCEPT.values())


def test_every_wire_rule_can_be_broken() -> None:
    """Each rule of a request that no schema can say has families that break it."""
    assert set(wire_mutations.REJECT) == {"method", *contract.WIRE[contract.REQUEST]}
    assert set(wire_mutations.ACCEPT) < set(wire_mutations.REJECT)
    assert all(wire_mutations.REJECT.values())
    assert all(wire_mutations.ACCEPT.values())


TYPES: Named = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "fraction": 1.5,
    "string": "seven",
    "object": {},
    "array": [],
}

PATTERN_ENDS = {
    "trailing-newline": "ab\n",
    "leading-newline": "\nab",
    "trailing-blank": "ab ",
    "leading-blank": " ab",
}


@pytest.mark.parametrize(
    ("keyword", "schema", "right", "named"),
    [
        ("type", {}, "x", TYPES | {"wrapped-in-list": ["x"]}),
        ("type", {}, 12, TYPES | {"numeric-string": "12", "wrapped-in-list": [12]}),
        ("type", {}, 1.5, TYPES | {"numeric-string": "1.5", "wrapped-in-list": [1.5]}),
        (
            "type",
            {},
            True,
            TYPES | {"boolean-string": "true", "zero-or-one": 1, "wrapped-in-list": [True]},
        ),
        (
            "type",
            {},
            False,
            TYPES | {"boolean-string": "false", "zero-or-one": 0, "wrapped-in-list": [False]},
        ),
        ("required", {}, "x", {"removed": ABSENT}),
        (
            "enum",
            {"enum": [1, "Paid"]},
            "Paid",
            {"unknown": 2, "other-case": "pAID", "null": None},
        ),
        (
            "enum",
            {"enum": ["Paid"]},
            "Paid",
            {"unknown": "Paid-UNKNOWN", "other-case": "pAID", "null": None},
        ),
        ("enum", {"enum": [[1]]}, [1], TYPES),
        ("const", {"const": None}, None, TYPES),
        ("const", {"const": 2.5}, 2.5, {"unknown": 3.5, "null": None}),
        ("minLength", {"minLength": 3}, "abcdef", {"one-under": "ab"}),
        ("minLength", {"minLength": 4}, "a", {"one-under": "axx"}),
        ("maxLength", {"maxLength": 3}, "abcdef", {"one-over": "abcd"}),
        ("maxLength", {"maxLength": 3}, "a", {"one-over": "axxx"}),
        (
            "pattern",
            {"pattern": "^[a-b]{2}$"},
            "ab",
            PATTERN_ENDS
            | {
                "one-under": "a",
                "one-over": "abb",
                "forbidden-u0060-first-of-part-1": "`b",
                "forbidden-u0060-middle-of-part-1": "a`",
                "forbidden-u0063-first-of-part-1": "cb",
                "forbidden-u0063-middle-of-part-1": "ac",
            },
        ),
        (
            "pattern",
            {"pattern": "^[^x]*b?$"},
            "ab",
            PATTERN_ENDS
            | {
                "forbidden-u0078-first-of-part-1": "xb",
                "forbidden-u0078-middle-of-part-1": "ax",
            },
        ),
        ("pattern", {"pattern": "^(?:ab|cd)$"}, "ab", PATTERN_ENDS),
        ("pattern", {"pattern": "^a$"}, 1, {"one-under": "", "one-over": "aa"}),
        (
            "format",
            {"format": "date"},
            "2026-01-31",
            {"words": "not a value of this format", "empty": "", "no-such-day": "2026-02-30"},
        ),
        (
            "format",
            {"format": "date-time"},
            "2026-01-31T01:31:00Z",
            {
                "words": "not a value of this format",
                "empty": "",
                "no-such-day": "2026-02-30T01:31:00Z",
            },
        ),
        ("format", {"format": "uuid"}, "x", {"words": "not a value of this format", "empty": ""}),
        ("minimum", {"minimum": 3, "type": "integer"}, 5, {"one-under": 2}),
        ("minimum", {"minimum": 3, "type": ["null", "integer"]}, 5, {"one-under": 2}),
        ("minimum", {"minimum": 3, "type": "number"}, 5, {"one-under": 2.5}),
        ("minimum", {"minimum": 3}, 5, {"one-under": 2.5}),
        ("minimum", {"minimum": 3, "type": ["integer", "number"]}, 5, {"one-under": 2.5}),
        ("maximum", {"maximum": 3, "multipleOf": 3}, 3, {"one-over": 6}),
        ("exclusiveMinimum", {"exclusiveMinimum": 3}, 5, {"on-bound": 3}),
        ("exclusiveMaximum", {"exclusiveMaximum": 3}, 1, {"on-bound": 3}),
        ("multipleOf", {"multipleOf": 5}, 10, {"half-a-step": 12.5, "one-more": 11}),
        ("multipleOf", {"multipleOf": 5}, "x", {}),
        ("minItems", {"minItems": 2}, [1, 2, 3], {"one-under": [1]}),
        ("maxItems", {"maxItems": 2, "items": {"const": 9}}, [1], {"one-over": [1, 9, 9]}),
        ("uniqueItems", {"uniqueItems": True}, [1], {"repeated": [1, 1]}),
        (
            "uniqueItems",
            {"uniqueItems": True, "minItems": 3, "items": {"type": "integer"}},
            [4],
            {"repeated": [4, 1, 2, 4], "replaced": [4, 4, 2]},
        ),
        ("additionalProperties", {}, {"a": 1}, {"unknown-member": {"a": 1, mutations.EXTRA: "x"}}),
        ("additionalProperties", {}, [], {}),
        ("anyOf", {}, 1, TYPES | {"empty-string": "", "minus-one": -1}),
        ("oneOf", {}, 1, TYPES | {"empty-string": "", "minus-one": -1}),
    ],
)
def test_how_a_keyword_is_broken(keyword: str, schema: Any, right: Any, named: Named) -> None:
    """Each keyword is broken in all the ways its families know, under names that stay."""
    assert offered(mutations.REJECT, keyword, schema, right) == named


SCRIPTS = patterns.SCRIPTS.strip()


@pytest.mark.parametrize(
    ("keyword", "schema", "right", "named"),
    [
        ("minLength", {"minLength": 3}, "abcdef", {"on-bound": "abc"}),
        ("minLength", {"minLength": 3}, "a ", {"on-bound": "a a"}),
        ("minLength", {"minLength": 2}, "a ", {"on-bound": "ax"}),
        ("minLength", {"minLength": 2}, "", {"on-bound": "xx"}),
        ("maxLength", {"maxLength": 5}, "abc", {"on-bound": "abcab", "other-scripts": "इनवॉइ"}),
        ("pattern", {"pattern": "^(?:ab|cd)$"}, "ab", {"other-scripts": SCRIPTS}),
        (
            "pattern",
            {"pattern": "^[^x]{1,3}$"},
            "ab",
            {"shortest": "a", "longest": "abc", "other-scripts": "इनव"},
        ),
        ("pattern", {"pattern": "^[^x]+$"}, "ab", {"shortest": "a", "other-scripts": SCRIPTS}),
        (
            "pattern",
            {"pattern": "^.{4}$", "x-known-good": {"pattern": "^A[B-C]{3}$"}},
            "x",
            {"shortest": "ABCB", "longest": "ABCB", "other-scripts": "इनवॉ"},
        ),
        ("minimum", {"minimum": 3}, 5, {"on-bound": 3}),
        ("maximum", {"maximum": 3}, 1, {"on-bound": 3}),
        ("exclusiveMinimum", {"exclusiveMinimum": 3}, 5, {"one-inside": 3.5}),
        ("exclusiveMaximum", {"exclusiveMaximum": 3, "type": "integer"}, 1, {"one-inside": 2}),
        ("enum", {"enum": ["A", 2]}, "A", {"value-1": "A", "value-2": 2}),
        ("minItems", {"minItems": 1}, [1, 2], {"on-bound": [1]}),
        ("maxItems", {"maxItems": 2, "items": {"const": 9}}, [1], {"on-bound": [1, 9]}),
        (
            "additionalProperties",
            {"additionalProperties": True},
            {},
            {"unknown-member": {mutations.EXTRA: "x"}},
        ),
        ("additionalProperties", {"additionalProperties": False}, {}, {}),
    ],
)
def test_how_a_keyword_is_stretched(keyword: str, schema: Any, right: Any, named: Named) -> None:
    """Each keyword with an edge is gone to the edge of, and not across."""
    assert offered(boundaries.ACCEPT, keyword, schema, right) == named


# The wire

PAYLOAD = {"a": "é", "n": 1}
RIGHT = Wire("POST", "application/json", compact(PAYLOAD))


def sent(table: Mapping[str, Any], keyword: str, payload: Any = None) -> dict[str, Wire]:
    """Return everything that the families of a wire rule offer, by name."""
    given_ = PAYLOAD if payload is None else payload
    right = RIGHT.but(body=compact(given_))
    return {name: made for family in table[keyword] for name, made in family(right, given_)}


def test_how_json_is_broken() -> None:
    """Bytes that are no JSON come from the right ones in eight ways."""
    assert {name: made.body for name, made in sent(wire_mutations.REJECT, "json").items()} == {
        "malformed": '{"a"="é","n":1}'.encode(),
        "truncated": b'{"a":"\xc3\xa9'[:8],
        "last-byte-missing": '{"a":"é","n":1'.encode(),
        "empty": b"",
        "trailing-bytes": '{"a":"é","n":1}x'.encode(),
        "second-value": '{"a":"é","n":1}{"a":"é","n":1}'.encode(),
        "trailing-comma": '{"a":"é","n":1,}'.encode(),
        "single-quotes": "{'a':'é','n':1}".encode(),
    }


def test_how_the_other_wire_rules_are_broken() -> None:
    """Label, method, encoding and names are broken one at a time, and all else stays right."""
    body = RIGHT.body
    labels = ("text/plain", "application/xml", "application/x-www-form-urlencoded", "text/html")

    assert sent(wire_mutations.REJECT, "method") == {
        method: RIGHT.but(method=method) for method in ("GET", "PUT", "PATCH", "DELETE")
    }
    assert sent(wire_mutations.REJECT, "content-type") == {
        label.replace("/", "-"): RIGHT.but(content_type=label) for label in labels
    }
    assert sent(wire_mutations.REJECT, "content-type-present") == {
        "absent": RIGHT.but(content_type=None)
    }
    assert sent(wire_mutations.REJECT, "encoding") == {
        "invalid-byte": RIGHT.but(body=b'{"a":"\xff' + body[6:]),
        "latin-1": RIGHT.but(body=b'{"a":"\xe9' + body[6:]),
    }
    assert sent(wire_mutations.REJECT, "duplicate-names") == {
        "same-value": RIGHT.but(body='{"a":"é","a":"é","n":1}'.encode())
    }


def test_a_payload_may_have_nothing_to_break() -> None:
    """Without a text no byte of one is broken, and without a member no name is repeated."""
    assert sent(wire_mutations.REJECT, "encoding", {"n": 1}) == {}
    assert sent(wire_mutations.REJECT, "duplicate-names", [1]) == {}


def test_how_the_wire_is_stretched() -> None:
    """The same JSON in other spellings, and the same media type with a charset, stay right."""
    assert sent(wire_mutations.ACCEPT, "json") == {
        "reordered": RIGHT.but(body='{"n":1,"a":"é"}'.encode()),
        "pretty-printed": RIGHT.but(body=b'{\n  "a": "\\u00e9",\n  "n": 1\n}'),
        "escaped": RIGHT.but(body=b'{"\\u0061":"\\u00e9","\\u006e":1}'),
    }
    assert sent(wire_mutations.ACCEPT, "content-type") == {
        "charset-utf-8": RIGHT.but(content_type="application/json; charset=utf-8")
    }


ANY_TEXT = st.text(max_size=6) | st.sampled_from(["\ud800", "a\udfff\n"])
PAYLOADS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(PAYLOADS)
@example(["\ud800", {'"\\\n\udfff': "𝄞é"}])
@settings(deadline=None)
def test_every_spelling_says_the_same(payload: Any) -> None:
    """Whatever the payload, lone surrogates included, each spelling of it is read as itself."""
    bodies = [compact(payload)]
    bodies += [made.body for made in sent(wire_mutations.ACCEPT, "json", [payload]).values()]

    assert [json.loads(body) for body in bodies] == [payload, *[[payload]] * 3]
