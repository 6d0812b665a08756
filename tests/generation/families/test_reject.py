"""The families: complete tables, stable names, and the values each keyword is broken with."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.contract import rules
from enkash_contract.generation import patterns
from enkash_contract.generation.families import accept, reject, reject_text
from enkash_contract.generation.families import wire as wire_mutations
from enkash_contract.wire.pointer import ABSENT
from enkash_contract.wire.spelling import Draft, Spelled, compact

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.contract.operation import Operation

Named = dict[str, Any]


def offered(
    table: Mapping[str, tuple[reject.Family, ...]], keyword: str, schema: Any, right: Any
) -> Named:
    """Return everything that the families of `keyword` offer, by name."""
    pairs = [pair for family in table[keyword] for pair in family(schema, right)]
    assert all(type(name) is str and name and not set(name) & set(" /#") for name, _ in pairs)
    return dict(pairs)


def test_every_keyword_can_be_broken() -> None:
    """Each keyword that is a rule has families that break it, and nothing else has."""
    assert set(reject.REJECT) == rules.CONSTRAINTS
    assert set(accept.ACCEPT) < rules.CONSTRAINTS
    assert all(reject.REJECT.values())
    assert all(accept.ACCEPT.values())


def test_every_wire_rule_can_be_broken(operation: Operation) -> None:
    """Each rule of a request that no schema can say has families that break it."""
    known = {one.keyword for one in operation.rules.values() if one.side == "request"}

    assert set(wire_mutations.REJECT) == known - rules.CONSTRAINTS
    assert set(wire_mutations.ACCEPT) < set(wire_mutations.REJECT)
    assert all(wire_mutations.REJECT.values())
    assert all(wire_mutations.ACCEPT.values())


def families(*tables: Mapping[str, tuple[Any, ...]]) -> set[Any]:
    """Return all families of some tables."""
    return {one for table in tables for row in table.values() for one in row}


def test_what_is_unsettled_stands_in_the_tables() -> None:
    """No family is called unsettled that is not used, or that is of another module."""
    wire = families(wire_mutations.REJECT, wire_mutations.ACCEPT)

    assert families(accept.ACCEPT) > accept.UNSETTLED
    assert wire > wire_mutations.UNSETTLED
    assert {one.__name__ for one in accept.UNSETTLED} == {
        "wide_integers",
        "spelled_otherwise",
        "unusual_texts",
    }
    assert {one.__name__ for one in wire_mutations.UNSETTLED} == {
        "byte_order_mark",
        "nested_deeply",
        "other_encodings",
        "lone_surrogates",
        "large",
        "json_suffix",
        "with_other_charset",
    }


TYPES: Named = {
    "null": None,
    "boolean": True,
    "integer": 7,
    "fraction": 1.5,
    "string": "seven",
    "object": {},
    "array": [],
    "false": False,
}

WRONG_TYPES = TYPES | {"empty-string": ""}
"""What is offered where the right value is no text."""


def numerals(right: float, text: str) -> Named:
    """Return a number as the texts that a coercing reader takes for it."""
    return WRONG_TYPES | {
        "numeric-string": text,
        "numeric-string-leading-blank": f" {text}",
        "numeric-string-trailing-blank": f"{text} ",
        "numeric-string-exponent": f"{text}e0",
        "numeric-string-decimal": str(float(right)),
        "numeric-string-plus": f"+{text}",
        "wrapped-in-list": [right],
    }


BLANKS = {
    "newline": "\n",
    "blank": " ",
    "tab": "\t",
    "line-break": "\r\n",
    "no-break-space": "\xa0",
    "zero-width-space": "\u200b",
    "nul": "\x00",
}


def ends(text: str) -> Named:
    """Return a right text with something before or after it."""
    made = {f"trailing-{name}": text + blank for name, blank in BLANKS.items()}
    made |= {f"leading-{name}": blank + text for name, blank in BLANKS.items()}
    return made | {
        "suffixed": f"{text}-x",
        "prefixed": f"x-{text}",
        "second-line": f"{text}\nx",
        "other-case": text.swapcase(),
    }


def behind(text: str, char: str) -> Named:
    """Return a right text with a wrong character behind what may be taken for its end."""
    return {
        "forbidden-behind-nul": f"{text}\0{char}",
        "forbidden-behind-newline": f"{text}\n{char}",
    }


def texts(text: str) -> Named:
    """Return texts that are almost one of those listed."""
    return {
        "unknown": f"{text}-UNKNOWN",
        "other-case": text.swapcase(),
        "leading-blank": f" {text}",
        "trailing-blank": f"{text} ",
        "prefix": text[:-1],
        "null": None,
    }


FULL_WIDTH_A, FULL_WIDTH_B = "\uff41", "\uff42"
CYRILLIC_A = "\u0430"
ASTRAL = "𠮷"
ACCENT = "\u0301"
MANY = 10**40
BELOW = {"minus-zero": Spelled("-0"), "minus-one": -1, "far-under": -MANY}


@pytest.mark.parametrize(
    ("keyword", "schema", "right", "named"),
    [
        ("type", {}, "x", TYPES | {"wrapped-in-list": ["x"]}),
        ("type", {}, None, WRONG_TYPES | {"wrapped-in-list": [None]}),
        ("type", {}, 12, numerals(12, "12")),
        ("type", {}, 1.5, numerals(1.5, "1.5")),
        (
            "type",
            {},
            True,
            WRONG_TYPES | {"boolean-string": "true", "zero-or-one": 1, "wrapped-in-list": [True]},
        ),
        (
            "type",
            {},
            False,
            WRONG_TYPES | {"boolean-string": "false", "zero-or-one": 0, "wrapped-in-list": [False]},
        ),
        (
            "type",
            {},
            {"é": [1]},
            WRONG_TYPES | {"json-text": '{"é":[1]}', "wrapped-in-list": [{"é": [1]}]},
        ),
        ("type", {}, [], WRONG_TYPES | {"json-text": "[]", "wrapped-in-list": [[]]}),
        ("enum", {"enum": [1, "Paid"]}, "Paid", texts("Paid") | {"unknown": 2}),
        ("enum", {"enum": ["Paid"]}, "Paid", texts("Paid")),
        ("enum", {"enum": [[1]]}, [1], TYPES),
        ("const", {"const": None}, None, TYPES),
        ("const", {"const": 2.5}, 2.5, {"unknown": 3.5, "null": None}),
        (
            "minLength",
            {"minLength": 3},
            "abcdef",
            {"one-under": "ab", "empty": "", "one-under-in-astral": ASTRAL * 2},
        ),
        (
            "minLength",
            {"minLength": 4},
            "a",
            {"one-under": "axx", "empty": "", "one-under-in-astral": ASTRAL * 3},
        ),
        ("minLength", {"minLength": 1}, "a", {"one-under": ""}),
        (
            "maxLength",
            {"maxLength": 3},
            "abcdef",
            {
                "one-over": "abcd",
                "far-over": "x" * 10_004,
                "one-over-in-combining": f"e{ACCENT}e{ACCENT}",
            },
        ),
        (
            "maxLength",
            {"maxLength": 2},
            "a",
            {
                "one-over": "axx",
                "far-over": "x" * 10_003,
                "one-over-in-combining": f"e{ACCENT}e",
            },
        ),
        (
            "pattern",
            {"pattern": "^[a-b]{2}$"},
            "ab",
            ends("ab")
            | behind("ab", "`")
            | {
                "one-under": "a",
                "empty": "",
                "one-over": "abb",
                "far-over": "ab" + "b" * 10_000,
                "one-over-in-combining": f"e{ACCENT}e",
                "one-over-by-blank": "ab ",
                "one-over-by-newline": "ab\n",
                "forbidden-u0060-first-of-part-1": "`b",
                "forbidden-u0060-middle-of-part-1": "a`",
                "forbidden-u0063-first-of-part-1": "cb",
                "forbidden-u0063-middle-of-part-1": "ac",
                "full-width-letter-in-part-1": f"{FULL_WIDTH_A}b",
                "cyrillic-letter-in-part-1": f"{CYRILLIC_A}b",
            },
        ),
        (
            "pattern",
            {"pattern": "^[^x]*b?$"},
            "ab",
            ends("ab")
            | behind("ab", "x")
            | {
                # The first part takes all, so the second is not there to be counted.
                "one-over-in-part-1": "abb",
                "one-under-in-part-1": "b",
                "forbidden-u0078-first-of-part-1": "xb",
                "forbidden-u0078-middle-of-part-1": "ax",
                "full-width-letter-in-part-1": f"{FULL_WIDTH_A}b",
                "cyrillic-letter-in-part-1": f"{CYRILLIC_A}b",
            },
        ),
        (
            "pattern",
            {"pattern": "^[^x]{3,}$"},
            "123",
            ends("123")
            | behind("123", "x")
            | {
                "one-under": "ab",
                "empty": "",
                "one-under-in-astral": ASTRAL * 2,
                "forbidden-u0078-first-of-part-1": "x23",
                "forbidden-u0078-middle-of-part-1": "1x3",
                "forbidden-u0078-last-of-part-1": "12x",
                "full-width-digit-in-part-1": "\uff1123",
                "arabic-indic-digit-in-part-1": "\u066123",
                "superscript-digit-in-part-1": "¹23",
            },
        ),
        (
            "pattern",
            {"pattern": "^(?:ab|c+)$"},
            "ab",
            ends("ab")
            | {"empty": ""}
            | {
                f"generated-{number}-{way}": text
                for number, cut in enumerate([("ab", "abab"), ("c", "cc"), ("ccc", "cccccc")], 1)
                for way, text in (
                    ("cut", cut[0][:-1]),
                    ("beheaded", cut[0][1:]),
                    ("doubled", cut[1]),
                    ("other-case", cut[0].upper()),
                )
            },
        ),
        ("pattern", {"pattern": r"\p{L}"}, 7, {"empty": ""}),
        (
            "pattern",
            {"pattern": "^a$"},
            1,
            {
                "one-under": "",
                "one-over": "aa",
                "far-over": "a" * 10_001,
                "one-over-in-combining": f"e{ACCENT}",
                "one-over-by-blank": "a ",
                "one-over-by-newline": "a\n",
            },
        ),
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
        *(
            ("minimum", {"minimum": 3, **types}, 5, {"one-under": under, **BELOW})
            for types, under in (
                ({"type": "integer"}, 2),
                ({"type": ["null", "integer"]}, 2),
                ({"type": "number"}, 2.5),
                ({}, 2.5),
                ({"type": ["integer", "number"]}, 2.5),
                ({"multipleOf": 3}, 0),
            )
        ),
        ("maximum", {"maximum": 3, "multipleOf": 3}, 3, {"one-over": 6, "far-over": MANY}),
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
        ("additionalProperties", {}, {"a": 1}, {"unknown-member": {"a": 1, reject.EXTRA: "x"}}),
        ("additionalProperties", {}, [], {}),
        ("anyOf", {}, 1, TYPES | {"empty-string": "", "minus-one": -1}),
        ("oneOf", {}, 1, TYPES | {"empty-string": "", "minus-one": -1}),
    ],
)
def test_how_a_keyword_is_broken(keyword: str, schema: Any, right: Any, named: Named) -> None:
    """Each keyword is broken in all the ways its families know, under names that stay."""
    assert offered(reject.REJECT, keyword, schema, right) == named


@pytest.mark.parametrize(
    ("pattern", "right", "named"),
    [
        (
            "^[A-C]{3}[0-9]{4}$",
            "ABC0123",
            {
                "one-over-in-part-1": "ABCC0123",
                "one-under-in-part-1": "BC0123",
                "one-over-in-part-2": "ABC01233",
                "one-under-in-part-2": "ABC123",
            },
        ),
        # What is not there has no character to be repeated or taken away.
        ("^-?[0-9]+$", "12", {"one-over-in-part-2": "122", "one-under-in-part-2": "2"}),
        # Of a single part, the bounds are those of the whole.
        ("^[0-9]{4}$", "0123", {}),
        ("^(?:ab|cd)$", "ab", {}),
        ("^[A-C]{3}[0-9]{4}$", 7, {}),
    ],
)
def test_how_the_parts_of_a_pattern_are_miscounted(pattern: str, right: Any, named: Named) -> None:
    """One character more and one fewer in each part that is there, where there are several."""
    assert dict(reject_text.part_counts({"pattern": pattern}, right)) == named


@pytest.mark.parametrize(
    ("name", "spelled"),
    [
        ("buyerId", ["BuyerId", "buyerid", "BUYERID", " buyerId", "buyerId "]),
        ("B2B", ["b2B", "b2b", "B2B", " B2B", "B2B "]),
        ("", ["", "", "", " ", " "]),
    ],
)
def test_how_a_member_s_name_is_misspelt(name: str, spelled: list[str]) -> None:
    """A required member is taken away, or called almost as it should be."""
    made = offered(reject.REJECT, "required", {}, "x")
    removed = made.pop("removed")

    assert removed is ABSENT
    assert {called: one.spell(name) for called, one in made.items()} == dict(
        zip(
            (
                "misspelt-capital",
                "misspelt-lower",
                "misspelt-upper",
                "misspelt-leading-blank",
                "misspelt-trailing-blank",
            ),
            spelled,
            strict=True,
        )
    )


SCRIPTS = patterns.SCRIPTS.strip()


@pytest.mark.parametrize(
    ("keyword", "schema", "right", "named"),
    [
        ("minLength", {"minLength": 3}, "abcdef", {"on-bound": "abc"}),
        ("minLength", {"minLength": 3}, "a ", {"on-bound": "a a"}),
        ("minLength", {"minLength": 2}, "a ", {"on-bound": "ax"}),
        ("minLength", {"minLength": 2}, "", {"on-bound": "xx"}),
        ("type", {"type": "string"}, "x", {}),
        ("type", {"type": "boolean"}, True, {}),
        ("type", {"type": "number"}, 1.5, {}),
        (
            "type",
            {"type": ["null", "integer"]},
            -2,
            {
                "two-to-31": 2147483648,
                "two-to-53": 9007199254740992,
                "two-to-63": 9223372036854775808,
                "ten-to-40": MANY,
                "minus-zero": Spelled("-0"),
                "exponent": Spelled("-2e0"),
                "decimal-point": Spelled("-2.0"),
            },
        ),
        (
            "maxLength",
            {"maxLength": 5},
            "abc",
            {
                "on-bound": "abcab",
                "on-bound-in-astral": ASTRAL * 5,
                "other-scripts": "इनवॉइ",
            },
        ),
        (
            "pattern",
            {"pattern": "^(?:ab|cd)$"},
            "ab",
            {"generated-1": "ab", "generated-2": "cd", "other-scripts": SCRIPTS},
        ),
        (
            "pattern",
            {"pattern": "^(?:ab|cd)$", "maxLength": 2},
            "ab",
            {"generated-1": "ab", "generated-2": "cd", "other-scripts": "इन"},
        ),
        ("pattern", {"pattern": r"^\p{L}$"}, "ab", {"other-scripts": SCRIPTS}),
        (
            "pattern",
            {"pattern": "^[^x]{1,3}$"},
            "ab",
            {
                "shortest": "a",
                "longest": "abc",
                "longest-in-astral": ASTRAL * 3,
                "other-scripts": "इनव",
                "blanks-only": " ",
            },
        ),
        (
            "pattern",
            {"pattern": "^[^x]+$"},
            "abcde",
            {
                "shortest": "a",
                "other-scripts": SCRIPTS,
                "blanks-only": " ",
                "newline-inside": "ab\nde",
            },
        ),
        # Of no characters at all, one is put there.
        (
            "pattern",
            {"pattern": "^[^x]*$"},
            "",
            {"shortest": "", "other-scripts": SCRIPTS, "blanks-only": " "},
        ),
        ("pattern", {"pattern": "^[^x]+$"}, 1, {"shortest": "a", "other-scripts": SCRIPTS}),
        (
            "pattern",
            {"pattern": "^.{4}$", "x-known-good": {"pattern": "^A[B-C]{3}$"}},
            "x",
            {
                "shortest": "ABCB",
                "longest": "ABCB",
                "other-scripts": "इनवॉ",
                "blanks-only": "    ",
            },
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
            {"unknown-member": {reject.EXTRA: "x"}},
        ),
        ("additionalProperties", {"additionalProperties": False}, {}, {}),
    ],
)
def test_how_a_keyword_is_stretched(keyword: str, schema: Any, right: Any, named: Named) -> None:
    """Each keyword with an edge is gone to the edge of, and not across."""
    assert offered(accept.ACCEPT, keyword, schema, right) == named


# The wire

PATH = "/v0/change"
PAYLOAD = {"a": "é", "n": 1}
RIGHT = Draft("POST", "application/json", compact(PAYLOAD), PATH)
BODY = '{"a":"é","n":1}'
XML = "<?xml version='1.0'?><change><value>é</value><value>1</value></change>"
FORM = "a=%C3%A9&n=1"


def sent(table: Mapping[str, Any], keyword: str, payload: Any = None) -> dict[str, Draft]:
    """Return everything that the families of a wire rule offer, by name."""
    given_ = PAYLOAD if payload is None else payload
    right = RIGHT.but(body=compact(given_))
    return {name: made for family in table[keyword] for name, made in family(right, given_)}


def test_how_json_is_broken() -> None:
    """Bytes that are no JSON, or none that every reader takes, come from the right ones."""
    made = sent(wire_mutations.REJECT, "json")
    labels = {
        name: one.content_type for name, one in made.items() if one != RIGHT.but(body=one.body)
    }
    numbers = {
        "leading-zero": "01",
        "hexadecimal": "0x1",
        "plus-sign": "+1",
        "no-digit-behind-point": "1.",
        "nan": "NaN",
        "infinity": "Infinity",
    }
    deep = "[" * 10_000 + "]" * 10_000
    texts = {
        "malformed": '{"a"="é","n":1}',
        "last-byte-missing": '{"a":"é","n":1',
        "empty": "",
        "empty-without-length": "",
        "blank": " \r\n",
        "trailing-bytes": BODY + "x",
        "trailing-nul": BODY + "\0",
        "second-value": BODY + BODY,
        "trailing-comma": '{"a":"é","n":1,}',
        "single-quotes": "{'a':'é','n':1}",
        "unquoted-name": '{a:"é","n":1}',
        "comment-in-line": '{// JSON5\n"a":"é","n":1}',
        "comment-in-block": '{/* JSON5 */"a":"é","n":1}',
        "bare-line-break": '{"a":"\né","n":1}',
        "bare-tab": '{"a":"\té","n":1}',
        "bare-nul": '{"a":"\0é","n":1}',
        **{name: f'{{"a":"é","n":{number}}}' for name, number in numbers.items()},
        "form-body": FORM,
        "xml-body": XML,
        "byte-order-mark": "\ufeff" + BODY,
        "nested-deeply": f'{{"a":"é","n":1,"{reject.EXTRA}":{deep}}}',
    }

    assert {name: one.body for name, one in made.items()} == {
        **{name: text.encode() for name, text in texts.items()},
        "truncated": BODY.encode()[:8],
        "utf-16-le": BODY.encode("utf-16-le"),
        "utf-16-le-declared": b"\xff\xfe" + BODY.encode("utf-16-le"),
        "utf-16-be": BODY.encode("utf-16-be"),
        "utf-16-be-declared": b"\xfe\xff" + BODY.encode("utf-16-be"),
        "latin-1-declared": b'{"a":"\xe9' + BODY.encode()[6:],
    }
    assert labels == {
        "empty-without-length": "application/json",
        "utf-16-le-declared": "application/json; charset=utf-16",
        "utf-16-be-declared": "application/json; charset=utf-16",
        "latin-1-declared": "application/json; charset=iso-8859-1",
    }
    assert [name for name, one in made.items() if not one.sized] == ["empty-without-length"]


def test_how_the_encoding_is_broken() -> None:
    """Bytes that are not UTF-8, in it or all of them, and halves of characters as escapes."""
    made = sent(wire_mutations.REJECT, "encoding")
    pieces = {
        "invalid-byte": b"\xff",
        "latin-1": b"\xe9",
        "overlong": b"\xc0\xaf",
        "encoded-surrogate": b"\xed\xa0\x80",
        "lone-surrogate-high": rb"\ud800",
        "lone-surrogate-low": rb"\udc00",
        "lone-surrogate-swapped": rb"\udc00\ud800",
    }
    json_ = sent(wire_mutations.REJECT, "json")
    names = [f"utf-16-{end}" for end in ("le", "le-declared", "be", "be-declared")]
    names += ["latin-1-declared"]

    assert made == {
        **{
            name: RIGHT.but(body=b'{"a":"' + piece + RIGHT.body[6:])
            for name, piece in pieces.items()
        },
        **{name: json_[name] for name in names},
    }


def test_how_the_other_wire_rules_are_broken() -> None:
    """Label, method, path and names are broken one at a time, and all else stays right."""
    labels = ("text/plain", "application/xml", "application/x-www-form-urlencoded", "text/html")
    methods = ("GET", "PUT", "PATCH", "DELETE", "OPTIONS")

    assert sent(wire_mutations.REJECT, "method") == {
        **{method: RIGHT.but(method=method) for method in methods},
        **{method: RIGHT.but(method=method, body=b"", sized=False) for method in ("HEAD", "TRACE")},
    }
    assert sent(wire_mutations.REJECT, "path") == {
        "trailing-slash": RIGHT.but(path="/v0/change/"),
        "doubled-slash": RIGHT.but(path="/v0//change"),
    }
    assert sent(wire_mutations.REJECT, "content-type") == {
        **{
            label.replace("/", "-"): RIGHT.but(content_type=label)
            for label in (*labels, "application/json-seq")
        },
        "form-body": RIGHT.but(content_type=labels[2], body=FORM.encode()),
        "xml-body": RIGHT.but(content_type=labels[1], body=XML.encode()),
        "application-json-suffix": RIGHT.but(content_type="application/vnd.other+json"),
    }
    assert sent(wire_mutations.REJECT, "content-type-present") == {
        "absent": RIGHT.but(content_type=None)
    }
    assert sent(wire_mutations.REJECT, "content-type-single") == {
        "same": RIGHT.but(repeated=("application/json",)),
        "other-second": RIGHT.but(repeated=("text/plain",)),
    }


def test_another_method_is_never_the_operation_s_own() -> None:
    """An operation by another method than POST is tried by POST, and not by its own."""
    right = RIGHT.but(method="PUT")
    made = [one.method for family in wire_mutations.REJECT["method"] for _, one in family(right, 1)]

    assert made == ["GET", "PATCH", "DELETE", "POST", "OPTIONS", "HEAD", "TRACE"]


@pytest.mark.parametrize(
    ("payload", "bodies"),
    [
        (
            PAYLOAD,
            {
                "same-value": '{"a":"é","a":"é","n":1}',
                "other-value-first": r'{"a":"\u00e92","a":"\u00e9","n":1}',
                "other-value-last": r'{"a":"\u00e9","a":"\u00e92","n":1}',
                "escaped-name": r'{"a":"\u00e9","\u0061":"\u00e9","n":1}',
            },
        ),
        # The first member is repeated whole, the first text where it lies; `1` is no plain name.
        (
            {"n": [1], "deep": {"1": "x", "to": "y"}},
            {
                "same-value": '{"n":[1],"n":[1],"deep":{"1":"x","to":"y"}}',
                "other-value-first": '{"n":[1],"deep":{"1":"x","to":"y2","to":"y"}}',
                "other-value-last": '{"n":[1],"deep":{"1":"x","to":"y","to":"y2"}}',
                "escaped-name": '{"n":[1],"deep":{"1":"x","to":"y","\\u0074o":"y"}}',
            },
        ),
        ({"n": 1}, {"same-value": '{"n":1,"n":1}'}),
        (["x"], {}),
        ("x", {}),
        ({}, {}),
    ],
)
def test_how_names_are_repeated(payload: Any, bodies: dict[str, str]) -> None:
    """A member is there twice, whole or at its leaf, with one value or with two."""
    right = RIGHT.but(body=compact(payload))

    assert sent(wire_mutations.REJECT, "duplicate-names", payload) == {
        name: right.but(body=body.encode()) for name, body in bodies.items()
    }


def test_a_payload_may_have_nothing_to_break() -> None:
    """Without a text none is broken, without a number none is misspelt, and so on."""
    encoding = sent(wire_mutations.REJECT, "encoding", {"n": 1})
    text, list_ = (sent(wire_mutations.REJECT, "json", one) for one in ({"a": "x", "b": True}, [1]))
    all_ = sent(wire_mutations.REJECT, "json")
    numbers = set("leading-zero hexadecimal plus-sign no-digit-behind-point nan infinity".split())
    bare = {"bare-line-break", "bare-tab", "bare-nul", "latin-1-declared"}

    assert list(encoding) == [
        *("utf-16-le", "utf-16-le-declared", "utf-16-be", "utf-16-be-declared")
    ]
    assert all_.keys() - text.keys() == numbers
    assert all_.keys() - list_.keys() == {*bare, "nested-deeply"}
    assert sent(wire_mutations.ACCEPT, "json", [1]).keys() == {
        *("reordered", "pretty-printed", "escaped", "blanks-around")
    }


def test_a_form_and_xml_hold_the_leaves() -> None:
    """Names have dots where a form nests, and what no encoding takes is replaced."""
    made = sent(wire_mutations.REJECT, "content-type", {"a": {"b": ["x&", None]}, "c": "\ud800"})

    assert {name: made[name].body for name in ("form-body", "xml-body")} == {
        "form-body": b"a.b.0=x%26&a.b.1=None&c=%3F",
        "xml-body": b"<?xml version='1.0'?><change><value>x&amp;</value><value>None</value>"
        b"<value>?</value></change>",
    }


def test_how_the_wire_is_stretched() -> None:
    """The same JSON and the same media type stay right in other spellings."""
    megabyte = "x" * 1_000_000

    assert sent(wire_mutations.ACCEPT, "json") == {
        "reordered": RIGHT.but(body='{"n":1,"a":"é"}'.encode()),
        "pretty-printed": RIGHT.but(body=b'{\n  "a": "\\u00e9",\n  "n": 1\n}'),
        "escaped": RIGHT.but(body=b'{"\\u0061":"\\u00e9","\\u006e":1}'),
        "blanks-around": RIGHT.but(body=f"\r\n\t {BODY} \r\n".encode()),
        "one-megabyte": RIGHT.but(body=f'{BODY[:-1]},"{reject.EXTRA}":"{megabyte}"}}'.encode()),
    }
    assert sent(wire_mutations.ACCEPT, "content-type") == {
        "charset-utf-8": RIGHT.but(content_type="application/json; charset=utf-8"),
        "capitals": RIGHT.but(content_type="Application/JSON"),
        "charset-iso-8859-1": RIGHT.but(
            content_type="application/json; charset=iso-8859-1", body=b'{"a":"\\u00e9","n":1}'
        ),
    }


ANY_TEXT = st.text(max_size=6) | st.sampled_from(["\ud800", "a\udfff\n"])
PAYLOADS = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | ANY_TEXT,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(ANY_TEXT, inner, max_size=3),
    max_leaves=8,
)


@given(PAYLOADS)
@example(["\ud800", {'"\\\n\udfff': "𝄞é"}])
def test_every_spelling_says_the_same(payload: Any) -> None:
    """Whatever the payload, lone surrogates included, each spelling of it is read as itself."""
    bodies = [compact(payload)]
    bodies += [made.body for made in sent(wire_mutations.ACCEPT, "json", [payload]).values()]

    assert [json.loads(body) for body in bodies] == [payload, *[[payload]] * 4]


def test_a_pattern_may_forbid_nothing_that_can_be_seen() -> None:
    """Where only a line break is forbidden, no character is put behind what may be an end."""
    assert list(reject_text.behind_an_end({"pattern": "^.+$"}, "ab")) == []
