"""JSON as lenient readers read it: whether any of them takes some bytes for a value.

RFC 8259 (section 9) lets a reader accept more than the grammar, and many do. Between them, those
that are published (JSON5, Gson, Jackson, JSON::XS, Python's) accept comments, separators too many
or of another kind, names and texts in single quotes or in none, any escape, bare control
characters, numbers as programming languages write them, any depth, and UTF-16; and a reader of
streams never looks at what follows the first value. What none of them reads (nothing, half of a
value, another format) is no JSON to anybody. No value comes from here, only whether there is one.
"""

from __future__ import annotations

import re

_TOKEN = re.compile(
    r"""(?:[\s\ufeff] | //[^\n\r]*+ | \#[^\n\r]*+ | /\*(?:[^*]|\*(?!/))*+\*/)*+
    (?: (?P<open>[{\[]) | (?P<close>[}\]]) | (?P<comma>[,;]) | (?P<colon>:|=>?)
      | (?P<text>"(?:[^"\\]|\\[\s\S])*+" | '(?:[^'\\]|\\[\s\S])*+')
      | (?P<word>[^\s{}\[\],:;="'/\\\#]+) )""",
    re.VERBOSE,
)

_SCALAR = re.compile(r"[-+]?\.?[0-9]|(?:[-+]?(?:Infinity|NaN)|true|false|null)(?![\w.-])|[\"']")
"""The beginning of a value at the top, where any other word may be that of another format."""

_WIDE = ("utf-16-le", "utf-16-be", "utf-32-le", "utf-32-be")

_BEHIND = {"top": "end", "item": "behind-item", "member": "behind-member"}
"""The states in which a value may come, each with the state behind the value."""

_INSIDE = {"{": "name", "[": "item"}

_CLOSED = {"}": ("name", "behind-member"), "]": ("item", "behind-item")}
"""The states in which a bracket closes; a separator before it is one too many."""

_NEXT = {
    ("item", "comma"): "item",
    ("behind-item", "comma"): "item",
    ("behind-member", "comma"): "name",
    ("name", "text"): "behind-name",
    ("name", "word"): "behind-name",
    ("behind-name", "colon"): "member",
}


def may_be_read(raw: bytes) -> bool:
    """Return whether a lenient reader may take `raw`, or the beginning of it, for a value."""
    return any(map(_begins_with_value, _texts(raw)))


def _texts(raw: bytes) -> list[str]:
    """Return `raw` as text, in each encoding that a reader may recognise."""
    # JSON begins with ASCII, so that its first characters are half zeros in UTF-16.
    wide = _WIDE if b"\0" in raw[:4] else ()
    return [raw.decode(encoding, "replace") for encoding in ("utf-8", *wide)]


def _begins_with_value(text: str) -> bool:
    # No recursion, so that no depth is too deep. `around` holds the states behind what is open.
    around: list[str] = []
    state, at = "top", 0
    while state != "end":
        token = _TOKEN.match(text, at)
        if token is None:
            return False
        kind, sign, at = str(token.lastgroup), token[str(token.lastgroup)], token.end()
        if kind == "open" and state in _BEHIND:
            around.append(_BEHIND[state])
            state = _INSIDE[sign]
        elif kind == "close" and state in _CLOSED[sign]:
            state = around.pop()
        elif kind in ("text", "word") and state in _BEHIND:
            if state == "top" and not _SCALAR.match(sign):
                return False
            state = _BEHIND[state]
        elif (state, kind) in _NEXT:
            state = _NEXT[state, kind]
        else:
            return False
    return True
