"""Names of the cases that the families of a keyword, or of a rule of the wire, make."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from enkash_contract.judging.case import Case


def by_rule(made: tuple[Case, ...], polarity: str) -> dict[str, list[str]]:
    """Return the names of the cases of one polarity, by rule."""
    found: dict[str, list[str]] = defaultdict(list)
    for case in made:
        if case.polarity == polarity:
            found[case.rule.id].append(case.family.partition("/")[2])
    return dict(found)


ID = "/invoiceStatus/objectId"

WIDE = ["two-to-31", "two-to-53", "two-to-63", "ten-to-40"]
"""What is wide of an integer; a zero with a sign is no version."""

ANOTHER = "another"
"""A valid value that is none of the known ones, but as like the baseline's as can be."""

SPELLED = ["exponent", "decimal-point"]

ODD = [f"word-{name}" for name in ("zero", "null", "none", "undefined", "nan")]
ODD += ["markup", "right-to-left", "indic-scripts", "astral-alone"]
"""Texts that servers take for nothing, for an attack, or for no letters."""

EVERY_TYPE = ["null", "boolean", "integer", "fraction", "string", "object", "array", "false"]
LIST = "wrapped-in-list"
NO_TEXT = "empty-string"
NUMERIC = "numeric-string"
NUMERALS = [NUMERIC, *(f"{NUMERIC}-{end}-blank" for end in ("leading", "trailing"))]
NUMERALS += [f"{NUMERIC}-{form}" for form in ("exponent", "decimal", "plus")]

JSON_BREAKS = """
malformed doubled-colon truncated last-byte-missing empty empty-without-length blank
trailing-bytes trailing-nul second-value trailing-comma single-quotes unquoted-name
comment-in-line comment-in-block
bare-line-break bare-tab bare-nul bare-tab-in-unknown-member
leading-zero hexadecimal plus-sign no-digit-behind-point nan infinity
form-body xml-body utf-16-le utf-16-be byte-order-mark nested-deeply
""".split()
NO_JSON = """
doubled-colon truncated last-byte-missing empty empty-without-length blank form-body xml-body
""".split()
"""The bytes that no reader takes for JSON, however lenient it is."""

ENCODING_BREAKS = """
invalid-byte latin-1 overlong overlong-nul encoded-surrogate utf-16-le-declared utf-16-be-declared
latin-1-declared lone-surrogate-high lone-surrogate-low lone-surrogate-swapped
""".split()
LABEL_BREAKS = """
text-plain application-xml application-x-www-form-urlencoded text-html application-json-seq
form-body xml-body application-json-suffix
""".split()
WIRE_BREAKS = {
    "request#method": ["GET", "PUT", "PATCH", "DELETE", "OPTIONS", "HEAD", "TRACE"],
    "request#path": ["trailing-slash", "doubled-slash", "other-case", "longer"],
    "request#content-type": LABEL_BREAKS,
    "request#content-type-present": ["absent"],
    "request#content-type-single": ["same", "other-second"],
    "request#encoding": ENCODING_BREAKS,
    "request#json": JSON_BREAKS,
    "request#duplicate-names": [
        "same-value",
        "other-value-first",
        "other-value-last",
        "escaped-name",
    ],
}


def but(*right: str) -> list[str]:
    """Return the names of values of all types but these."""
    return [name for name in EVERY_TYPE if name not in right]


def misspelt(name: str) -> list[str]:
    """Return the ways to break that a member is there, of which one may not change its name."""
    changed = {"capital": name[0].swapcase() + name[1:], "lower": name.lower()}
    changed |= {"upper": name.upper(), "leading-blank": f" {name}", "trailing-blank": f"{name} "}
    # Two spellings that come to the same name are one.
    first = {other: way for way, other in reversed(changed.items()) if other != name}
    return ["removed", *(f"misspelt-{way}" for way in changed if way in first.values())]


def forbidden(chars: str, part: int, *spots: str) -> list[str]:
    """Return the names of the cases with characters that a part of a pattern forbids."""
    return [f"forbidden-u{ord(char):04x}-{at}-of-part-{part}" for char in chars for at in spots]


BLANKS = "newline blank tab line-break no-break-space zero-width-space nul".split()
ENDS = [f"{end}-{blank}" for blank in BLANKS for end in ("trailing", "leading")]
ENDS += ["suffixed", "prefixed", "second-line", "other-case"]
SPOTS = ("last", "middle", "first")
TRIMMED = ["one-over-by-blank", "one-over-by-newline"]
BEYOND = ["one-under", "one-over", "far-over", "one-over-in-combining"]
BEHIND = ["forbidden-behind-nul", "forbidden-behind-newline"]
LETTERS = ("full-width-letter-in-part-{}", "cyrillic-letter-in-part-{}")
DIGITS = [f"{kind}-digit-in-part-{{}}" for kind in ("full-width", "arabic-indic", "superscript")]
