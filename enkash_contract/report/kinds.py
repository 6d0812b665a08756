"""Kinds of requests, in words for people who know no family: what each has that is unusual.

Each row maps families, by a glob, to a noun phrase in the plural that goes on "… are accepted" or
"… make the server fail". The first row that matches counts, and a test holds that each family of
the suite has one. What has no family (records, drawn requests) goes by the keyword of its rule.
"""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, NamedTuple

from enkash_contract.generation import fuzz_ids
from enkash_contract.judging.case import SECOND

if TYPE_CHECKING:
    from collections.abc import Iterable

TYPES = "{types}"
"""It stands for the types that the rule demands, in the plural."""


class Kind(NamedTuple):
    """A kind of requests: the `subject` of a sentence, and `taken` for what, where that is known.

    Where a family of the rule that `whole` matches shows the same, this kind is only a part of it.
    """

    subject: str
    taken: str = ""
    whole: str = ""


_AS = f" as {TYPES}"
_NULLS = Kind("null values", _AS)
_TOO_SHORT, _TOO_LONG = Kind("texts that are too short"), Kind("texts that are too long")
_BROKEN_JSON = Kind("bodies with broken JSON")
_EMPTY = Kind("empty bodies")
_BEHIND = Kind("bodies with more text behind the JSON")
_LENIENT = Kind("bodies in lenient JSON (comments, single quotes, commas)")
_CONTROLS = Kind("texts with control characters that are not escaped")
_NUMBERS = Kind("numbers that are not JSON (NaN, 0x1, 01, +1)")
_FORMS = Kind("bodies that are forms or XML")
_UTF_16 = Kind("bodies in UTF-16")
_AROUND = Kind("texts with blanks around them")
_UNLISTED = Kind("values that are not listed")

REJECT: dict[str, Kind] = {
    "type/numeric-string*": Kind("numeric strings", _AS),
    "type/boolean-string": Kind('the strings "true" and "false"', _AS),
    "type/zero-or-one": Kind("0 and 1", _AS),
    "type/boolean": Kind("booleans", _AS),
    "type/false": Kind("booleans", _AS),
    "type/null": _NULLS,
    "type/integer": Kind("numbers", _AS),
    "type/fraction": Kind("numbers with a fraction", _AS),
    "type/with-fraction": Kind("numbers with a fraction", _AS),
    "type/string": Kind("strings", _AS),
    "type/empty-string": Kind("empty strings", _AS),
    "type/json-text": Kind("strings that hold JSON", _AS),
    "type/object": Kind("objects", _AS),
    "type/array": Kind("lists", _AS),
    "type/wrapped-in-list": Kind("lists of one item", _AS),
    "required/removed": Kind("requests without a required member"),
    "required/misspelt-*-blank": Kind(
        "names of members with blanks around them", whole="required/removed"
    ),
    "required/misspelt-*": Kind("names of members in other capitals", whole="required/removed"),
    "?*/null": _NULLS,
    "enum/other-case": Kind("listed values in other capitals", whole="*/unknown"),
    "const/other-case": Kind("listed values in other capitals", whole="*/unknown"),
    "enum/*-blank": Kind("listed values with blanks around them", whole="*/unknown"),
    "const/*-blank": Kind("listed values with blanks around them", whole="*/unknown"),
    "enum/prefix": Kind("beginnings of listed values", whole="*/unknown"),
    "const/prefix": Kind("beginnings of listed values", whole="*/unknown"),
    "enum/*": _UNLISTED,
    "const/*": _UNLISTED,
    "minLength/*": _TOO_SHORT,
    "?*/one-over-by-*": Kind("texts that are too long by a blank", whole="*/one-over"),
    "?*/one-over-in-combining": Kind(
        "texts that are too long by combining characters", whole="*/one-over"
    ),
    "maxLength/*": _TOO_LONG,
    "pattern/one-under*": _TOO_SHORT,
    "pattern/empty": _TOO_SHORT,
    "pattern/one-over*": _TOO_LONG,
    "pattern/far-over": _TOO_LONG,
    "pattern/forbidden-behind-*": Kind(
        "forbidden characters behind a line break or NUL", whole="pattern/forbidden-u*"
    ),
    "pattern/forbidden-*": Kind("texts with forbidden characters"),
    "pattern/generated-*": Kind("texts that do not match the pattern"),
    "pattern/other-case": Kind("letters in the other case"),
    "pattern/trailing-newline": Kind(
        "texts with a line break at the end", whole="pattern/trailing-blank"
    ),
    "pattern/trailing-*": _AROUND,
    "pattern/leading-*": _AROUND,
    "pattern/suffixed": Kind("texts with more before or after them"),
    "pattern/prefixed": Kind("texts with more before or after them"),
    "pattern/second-line": Kind("texts with a second line", whole="pattern/suffixed"),
    "pattern/*-letter*": Kind("characters that look like allowed ones"),
    "pattern/*-digit*": Kind("characters that look like allowed ones"),
    "format/no-such-day": Kind("days that do not exist", whole="format/words"),
    "format/*-blank": Kind("texts with blanks around them", whole="format/words"),
    "format/*": Kind("texts that break the format"),
    "minimum/*": Kind("numbers below the minimum"),
    "maximum/*": Kind("numbers above the maximum"),
    "exclusiveMinimum/*": Kind("numbers on or below the exclusive minimum"),
    "exclusiveMaximum/*": Kind("numbers on or above the exclusive maximum"),
    "multipleOf/*": Kind("numbers that are no multiple of the one demanded"),
    "minItems/*": Kind("lists with too few items"),
    "maxItems/*": Kind("lists with too many items"),
    "uniqueItems/*": Kind("lists with equal items"),
    "minProperties/*": Kind("objects with too few members"),
    "maxProperties/*": Kind("objects with too many members"),
    "if/*": Kind("values without what a condition demands"),
    "additionalProperties/*": Kind("members that the document forbids"),
    "anyOf/*": Kind("values that match no alternative"),
    "oneOf/*": Kind("values that match no alternative"),
    "method/*": Kind("requests by other methods"),
    "path/*": Kind("requests to other spellings of the path"),
    "content-type/*-body": _FORMS,
    "content-type/application-json-*": Kind("bodies labelled as another kind of JSON"),
    "content-type/*": Kind("bodies of other media types"),
    "content-type-present/*": Kind("requests without a Content-Type"),
    "content-type-single/*": Kind("requests with two Content-Types"),
    "encoding/lone-surrogate-*": Kind("escapes of half a character (lone surrogates)"),
    "encoding/utf-16-*": _UTF_16,
    "encoding/*": Kind("bytes that are not UTF-8"),
    "json/utf-16-*": _UTF_16,
    "json/malformed": _BROKEN_JSON,
    "json/doubled-colon": _BROKEN_JSON,
    "json/truncated": _BROKEN_JSON,
    "json/last-byte-missing": _BROKEN_JSON,
    "json/empty*": _EMPTY,
    "json/blank": _EMPTY,
    "json/trailing-comma": _LENIENT,
    "json/trailing-*": _BEHIND,
    "json/second-value": _BEHIND,
    "json/single-quotes": _LENIENT,
    "json/unquoted-name": _LENIENT,
    "json/comment-*": _LENIENT,
    "json/bare-*": _CONTROLS,
    "json/leading-zero": _NUMBERS,
    "json/hexadecimal": _NUMBERS,
    "json/plus-sign": _NUMBERS,
    "json/no-digit-behind-point": _NUMBERS,
    "json/nan": _NUMBERS,
    "json/infinity": _NUMBERS,
    "json/*-body": Kind("forms and XML that are labelled as JSON"),
    "json/byte-order-mark": Kind("bodies with a byte order mark"),
    "json/nested-deeply": Kind("bodies with lists nested very deeply"),
    "duplicate-names/*": Kind("repeated names of members"),
}
"""The kinds of invalid requests."""

_WORDS = Kind('words such as "null" and "0"')
_SCRIPTS = Kind("texts in other scripts")
_ASTRAL = Kind("emoji and other characters beyond U+FFFF")
_BREAKS = Kind("texts with a line break")
_SHORT, _LONG = Kind("texts as short as allowed"), Kind("texts as long as allowed")
_LARGE = Kind("large integers")
_SPELLED = Kind("integers written with a point or an exponent (1.0, 1e0)")
_SAME_JSON = Kind("other spellings of the same JSON")
_SEVERAL = Kind("lists of several items")
_FALSY, _NOTHING = Kind("the values false and 0"), Kind("empty values")

ACCEPT: dict[str, Kind] = {
    "type/baseline": Kind("requests like the one vouched for"),
    "type/another": Kind("other valid values"),
    "type/two-to-*": _LARGE,
    "type/ten-to-40": _LARGE,
    "type/minus-zero": Kind("zeros with a sign"),
    "type/exponent": _SPELLED,
    "type/decimal-point": _SPELLED,
    "type/no-items": Kind("empty lists"),
    "type/two-items": _SEVERAL,
    "type/item-added": _SEVERAL,
    "type/left-out": Kind("requests without an optional member"),
    "type/present": Kind("requests with an optional member"),
    "?*/word-*": _WORDS,
    "?*/markup": Kind("texts with & < > or '"),
    "?*/right-to-left": _SCRIPTS,
    "?*/indic-scripts": _SCRIPTS,
    "?*/other-scripts": _SCRIPTS,
    "?*/*-in-umlauts": _SCRIPTS,
    "?*/*astral*": _ASTRAL,
    "pattern/in-astral": _ASTRAL,
    "pattern/ends-in-script": _SCRIPTS,
    "pattern/ends-in-slash": Kind("texts that end in a slash"),
    "pattern/generated-*": Kind("texts that match the pattern"),
    "pattern/u*-in-part-*": Kind("characters at the ends of the allowed ranges"),
    "pattern/shortest": _SHORT,
    "pattern/longest": _LONG,
    "pattern/blanks-only": Kind("texts of blanks only"),
    "pattern/newline-*": _BREAKS,
    "required/false": _FALSY,
    "required/zero": _FALSY,
    "required/*": _NOTHING,
    "minLength/*": _SHORT,
    "maxLength/*": _LONG,
    "?*imum/*": Kind("numbers exactly on a bound"),
    "enum/value-*": Kind("listed values"),
    "anyOf/*": Kind("values that match an alternative"),
    "oneOf/*": Kind("values that match an alternative"),
    "minItems/*": Kind("lists as short as allowed"),
    "maxItems/*": Kind("lists as long as allowed"),
    "minProperties/*": Kind("objects of as few members as allowed"),
    "maxProperties/*": Kind("objects of as many members as allowed"),
    "if/*": Kind("values with what a condition demands"),
    "additionalProperties/*": Kind("members that the document does not describe"),
    "path/*": Kind("paths with encoded hyphens"),
    "content-type/*": Kind("other spellings of the media type"),
    "json/one-megabyte": Kind("bodies of a megabyte"),
    "json/chunked": Kind("bodies sent in chunks"),
    "json/expect-continue": Kind("bodies sent after 100 Continue"),
    "json/*": _SAME_JSON,
}
"""The kinds of valid requests."""

BROKEN: dict[str, Kind] = {
    "type": Kind("values of the wrong type", _AS),
    "required": Kind("requests without a required member"),
    "enum": _UNLISTED,
    "const": _UNLISTED,
    "minLength": _TOO_SHORT,
    "maxLength": _TOO_LONG,
    "pattern": Kind("texts that break the pattern"),
    **{
        row.partition("/")[0]: kind
        for row, kind in REJECT.items()
        if row.partition("/")[0]
        in "format minimum maximum exclusiveMinimum exclusiveMaximum "
        "multipleOf minItems maxItems uniqueItems minProperties maxProperties if "
        "additionalProperties anyOf oneOf method path "
        "content-type content-type-present content-type-single encoding duplicate-names".split()
    },
    "json": Kind("bodies that are not JSON"),
}
"""The kinds of what breaks any rule, by its keyword."""

VALID = Kind("valid requests")
"""The kind of a valid request without a family of the suite."""

ANY = Kind("some requests")
"""The kind of a request of which nothing is known."""


def kind_of(table: dict[str, Kind], family: str) -> Kind | None:
    """Return the kind of a family, None where the table has none."""
    plain = fuzz_ids.plain(family).removesuffix(SECOND)
    return next((kind for row, kind in table.items() if fnmatchcase(plain, row)), None)


def whole_of(kind: Kind, families: Iterable[str]) -> Kind:
    """Return the kind of those `families` that show all that `kind` does, or else `kind` itself."""
    wholes = sorted(family for family in families if fnmatchcase(family, kind.whole))
    return next((whole for name in wholes if (whole := kind_of(REJECT, name))), kind)
