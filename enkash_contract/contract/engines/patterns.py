r"""Patterns of ECMA-262 in unicode mode, rewritten for engines that read them otherwise.

JSON Schema's patterns are those of ECMA-262. jsonschema-rs lets a dot match a carriage return, a
word end at a letter beyond ASCII, and `[^\w]` not match one; Python takes `$` for the end of a
line, and has neither `\u{1f600}` nor `\p{Lu}`. So a pattern is read token by token, and what means
something else is written in a way that means the same everywhere.
"""

from __future__ import annotations

import functools
import re
import sys
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.engines import characters

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.engines.characters import Ranges

_LINE_ENDS = r"\n\r\u2028\u2029"
_WORD = "[A-Za-z0-9_]"
_PORTABLE = {
    r"\/": "/",
    ".": f"[^{_LINE_ENDS}]",
    r"\b": f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))",
    r"\B": f"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))",
}
"""Tokens outside a class that engines read differently, each written so that they do not."""

_CONTROLS = {"t": 9, "n": 10, "v": 11, "f": 12, "r": 13, "0": 0}

_TOKEN = re.compile(
    r"""
      \\u(?P<high>[dD][89abAB][0-9A-Fa-f]{2})\\u(?P<low>[dD][c-fC-F][0-9A-Fa-f]{2})
    | \\(?:u\{(?P<code>0*[0-9A-Fa-f]{1,6})\}|u(?P<four>[0-9A-Fa-f]{4})|x(?P<two>[0-9A-Fa-f]{2}))
    | \\c(?P<control>[A-Za-z])
    | \\(?P<property>[pP])\{(?P<name>[\w=]+)\}
    | \\k<(?P<called>\w+)>
    | \\(?P<number>[1-9]\d*)
    | \\(?P<set>[dDwWsS])
    | \\(?P<edge>[bB])
    | \\(?P<escape>[\^$\\.*+?()\[\]{}|/\-tnvfr0])
    | (?P<group>\((?:\?(?:[:=!]|<[=!]|<\w+>))?(?!\?))
    | (?P<count>(?:[*+?]|\{\d+(?:,\d*)?\})\??)
    | (?P<plain>[^\\(*+?{}])
    """,
    re.VERBOSE | re.ASCII | re.DOTALL,
)

_DIFFERENT = re.compile(r"\.|\\[/bBcdDsSwW]")
"""What is in every pattern that has to be written differently."""

_CLASS_TOKEN = re.compile(r"(?P<plain>[^\\])", re.DOTALL)


_VALUES = frozenset(("const", "default", "enum", "examples", "required"))
"""Keywords that hold no schema, whatever they hold."""


def rewritten(schema: Any, change: Callable[[str], str]) -> Any:
    """Return `schema` with each pattern in it changed, wherever a schema may stand."""
    if isinstance(schema, list):
        return [rewritten(inner, change) for inner in schema]
    if not isinstance(schema, dict):
        return schema
    changed: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword == "pattern" and isinstance(value, str):
            changed[keyword] = change(value)
        elif keyword == "properties" and isinstance(value, dict):
            # The names in it are no keywords.
            changed[keyword] = {name: rewritten(value[name], change) for name in value}
        else:
            changed[keyword] = value if keyword in _VALUES else rewritten(value, change)
    return changed


def portable(pattern: str) -> str:
    """Return `pattern` written so that jsonschema-rs reads it as ECMA-262 does."""
    if not _DIFFERENT.search(pattern):
        return pattern
    written, in_class = [], False
    for token in re.findall(r"\\c[A-Za-z]|\\.|.", pattern, re.DOTALL):
        letter = token[1:]
        if letter.lower() in characters.SETS:
            known = characters.SETS[letter.lower()]
            inside = characters.listed(known if letter.islower() else characters.complement(known))
            written.append(inside if in_class else f"[{inside}]")
        elif letter[:1] == "c":
            written.append(f"\\x{ord(letter[1]) % 32:02x}")
        else:
            written.append(token if in_class else _PORTABLE.get(token, token))
        in_class = token == "[" or (in_class and token != "]")
    return "".join(written)


@functools.lru_cache(maxsize=256)
def compiled(pattern: str) -> re.Pattern[str]:
    """Return `pattern` compiled by Python, to be searched for as ECMA-262 does.

    Raises:
        ValueError: it is no pattern of ECMA-262 in unicode mode, or Python cannot express it.

    """
    try:
        return re.compile("".join(_Translation(pattern).written()), re.ASCII)
    except (re.error, RecursionError, OverflowError) as problem:
        # Its position is one in the translation.
        why = getattr(problem, "msg", problem)
        raise ValueError(f"the pattern {pattern!r} cannot be read: {why}") from None


class _Translation:
    """One pattern, read from its beginning to its end."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    def written(self) -> Iterator[str]:
        """Yield the pattern in Python's dialect, token by token."""
        repeatable = False
        while self._at < len(self._pattern):
            if self._pattern[self._at] == "[":
                yield self._class()
                repeatable = True
                continue
            token = self._next(_TOKEN)
            kind = token.lastgroup
            if kind == "count" and not repeatable:
                raise self._problem("nothing to repeat", token.start())
            # What repeats cannot be repeated again: Python would take `++` for something else.
            repeatable = kind not in ("count", "group", "edge") and token[0] not in "^$|"
            yield self._outside(token)

    def _outside(self, token: re.Match[str]) -> str:
        text = token[0]
        if text in ("^", "|", ")"):
            return text
        if text == "$":
            return r"\Z"
        if text == "]":
            raise self._problem("a bracket that closes nothing", token.start())
        if text in _PORTABLE:
            return _PORTABLE[text]
        if token["count"]:
            return text
        if token["group"]:
            return re.sub(r"^\(\?<(?=\w)", "(?P<", text)
        if token["called"]:
            return f"(?P={token['called']})"
        if token["number"]:
            return f"(?:{text})"
        ranges = self._ranges(token)
        is_single = characters.is_single(ranges)
        return characters.escape(ranges[0][0]) if is_single else characters.for_python(ranges)

    def _class(self) -> str:
        start = self._at
        self._at += 1
        negated = self._pattern.startswith("^", self._at)
        self._at += negated
        parts: list[Ranges] = []
        while not self._pattern.startswith("]", self._at):
            if self._at == len(self._pattern):
                raise self._problem("a class that does not end", start)
            first = self._member()
            after = self._pattern[self._at : self._at + 2]
            if after.startswith("-") and after not in ("-", "-]"):
                self._at += 1
                last = self._member()
                if not (all(map(characters.is_single, (first, last))) and first <= last):
                    raise self._problem("a range that has no order", start)
                first = ((first[0][0], last[0][0]),)
            parts.append(first)
        self._at += 1
        whole = characters.union(parts)
        return characters.for_python(characters.complement(whole) if negated else whole)

    def _member(self) -> Ranges:
        if self._pattern.startswith(r"\b", self._at):
            self._at += 2
            return ((8, 8),)
        plain = self._pattern[self._at] != "\\"
        token = self._next(_CLASS_TOKEN if plain else _TOKEN)
        if not plain and (token["edge"] or token["called"] or token["number"]):
            raise self._problem(f"{token[0]} in a class", token.start())
        return self._ranges(token)

    def _next(self, tokens: re.Pattern[str]) -> re.Match[str]:
        token = tokens.match(self._pattern, self._at)
        if token is None:
            raise self._problem("what ECMA-262 does not allow", self._at)
        self._at = token.end()
        return token

    def _ranges(self, token: re.Match[str]) -> Ranges:
        """Return the characters that a token stands for."""
        found = token.groupdict()
        if found["plain"] is not None:
            return characters.only(ord(token["plain"]))
        if found["high"]:
            return characters.only(ord(_utf16(token["high"] + token["low"])))
        if digits := found["code"] or found["four"] or found["two"]:
            if int(digits, 16) > sys.maxunicode:
                raise self._problem("no character", token.start())
            return characters.only(int(digits, 16))
        if found["control"]:
            return characters.only(ord(token["control"]) % 32)
        if found["property"]:
            inside = self._category(token)
            return inside if token["property"] == "p" else characters.complement(inside)
        if found["set"]:
            inside = characters.SETS[token["set"].lower()]
            return inside if token["set"].islower() else characters.complement(inside)
        return characters.only(_CONTROLS.get(token["escape"], ord(token["escape"])))

    def _category(self, token: re.Match[str]) -> Ranges:
        name = re.sub("^(gc|General_Category)=", "", token["name"])
        known = characters.category(name)
        if not known:
            raise self._problem(f"{token[0]}, which jsonschema-rs alone reads", token.start())
        return known

    def _problem(self, what: str, at: int) -> ValueError:
        return ValueError(f"the pattern {self._pattern!r} has {what} at character {at + 1}")


def _utf16(digits: str) -> str:
    return bytes.fromhex(digits).decode("utf-16-be")
