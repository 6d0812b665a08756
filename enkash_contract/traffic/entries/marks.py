"""Marks that recorders and scrubbers leave in the place of a value that they hide.

They are what hooks and settings of recorders write by default or by their documentation: of vcrpy,
Ruby's VCR, go-vcr and Schemathesis, of sanitizers of HAR, and of the loggers of frameworks. A word
alone counts only where nothing else can be meant by it.
"""

from __future__ import annotations

import re

LONGEST = 200
"""No mark has more characters."""

_STRONG = "redacted|filtered|scrubbed|saniti[sz]ed|masked|obfuscated|anonymi[sz]ed|censored"
_WEAK = f"{_STRONG}|hidden|removed|omitted|stripped|truncated|elided|suppressed|secret|sensitive"
_PART = "(?:request|response|header|body|content|data|field|payload|value)"
_BY = r"(?: by [\w .-]{1,60})?"
_DASHES = "[%_*#|~-]{0,8}"
_MORE = r"[\w:.,=/ -]{0,60}"

_MARK = re.compile(
    "|".join(
        [
            # [REDACTED], <redacted: 9 bytes>, (binary 9-byte body omitted), {masked}
            rf"(?i:[\[<({{_*#\s-]{{1,4}}{_MORE}(?:{_WEAK}){_MORE}[\])>}}_*#\s-]{{1,4}})",
            # REDACTED, %REDACTED%, --REDACTED--, body redacted by a proxy
            rf"(?i:{_DASHES}(?:{_PART}[ _-]){{0,2}}(?:{_STRONG})(?:[ _-]{_PART})?{_BY}{_DASHES})",
            # ***, INV***cdef, j***@bank.example, **** **** 1234
            r"[\[<({]?[\w@.+/#-]*[*•●█]{3,}[\w@.+/#*•●█-]*[\])>}]?",
            r"[*•●█ -]{3,}\w{0,8}",
            # <API_KEY>, as Ruby's VCR and betamax are told to write
            r"<[A-Z][A-Z0-9_ -]{2,60}>",
        ]
    )
)

_WORD = re.compile(rf"(?i:[\W_]{{0,16}}(?:{_WEAK})[\W_]{{0,16}})")
"""A mark that holds one of these words and no other."""

_BARE = re.compile(rf"(?i:(?:{_PART}[ _-]){{0,2}}(?:hidden|removed|omitted))")
"""Words that stand for a whole body, which none of them can be; a member may hold them."""

_LEFT_OUT = re.compile(
    r"(?i)(?:\.{3}|…|\W?(?:body |content |message )?truncated[\w:.,=/ -]{0,60}\W?"
    r"|\.{3}\s?\W?\+?\d{1,12} (?:more )?(?:byte|char)[\w :.-]{0,40}\W?)\s{0,9}\Z"
)
"""The end of a text of which a log keeps only the beginning."""

_IN_JSON = re.compile(rf"[:,]\s*+(?:\*{{3,}}+|[\[<(]?(?i:{_STRONG})[\])>]?)\s*+[,}}\]]")
"""A mark in the place of a value, without the quotation marks that JSON needs."""

_ENDS = ("...", "…", "runcated", "RUNCATED")
_WORDS = ("***", "redacted", "Redacted", "REDACTED", "filtered", "Filtered", "FILTERED")
"""What is in most of them; to look for that costs little."""


def is_mark(text: str) -> bool:
    """Return whether a text stands in the place of a value that a recorder has hidden."""
    return len(text) <= LONGEST and _MARK.fullmatch(text.strip()) is not None


def is_word_mark(text: str) -> bool:
    """Return whether a text is a mark that says nothing but that something is hidden."""
    return _WORD.fullmatch(text) is not None and is_mark(text)


def is_body_mark(text: str) -> bool:
    """Return whether a text stands in the place of a body; it may be in quotation marks."""
    if len(text) > LONGEST:
        return False
    bare = text.strip().strip('"')
    return is_mark(bare) or _BARE.fullmatch(bare) is not None


def is_left_out(text: str) -> bool:
    """Return whether a text that is no JSON ends in a mark that more was left out."""
    end = text[-LONGEST:]
    return any(each in end for each in _ENDS) and _LEFT_OUT.search(end) is not None


def holds_mark(text: str) -> bool:
    """Return whether a text that is no JSON is none because of a mark in it."""
    return any(each in text for each in _WORDS) and _IN_JSON.search(text) is not None
