"""Sets of characters, as ranges of code points: those of ECMA-262's classes, and of Unicode's.

An engine's own classes are not those of ECMA-262, so each of them is written out.
"""

from __future__ import annotations

import functools
import sys
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

Ranges = tuple[tuple[int, int], ...]

SETS: dict[str, Ranges] = {
    "d": ((48, 57),),
    "w": ((48, 57), (65, 90), (95, 95), (97, 122)),
    "s": (
        (9, 13),
        (32, 32),
        (0xA0, 0xA0),
        (0x1680, 0x1680),
        (0x2000, 0x200A),
        (0x2028, 0x2029),
        (0x202F, 0x202F),
        (0x205F, 0x205F),
        (0x3000, 0x3000),
        (0xFEFF, 0xFEFF),
    ),
}
"""The classes of ECMA-262 by their letters."""


_CATEGORIES = {
    "Letter": "L",
    "Lowercase_Letter": "Ll",
    "Uppercase_Letter": "Lu",
    "Mark": "M",
    "Number": "N",
    "Decimal_Number": "Nd",
    "Punctuation": "P",
    "Symbol": "S",
    "Separator": "Z",
    "Other": "C",
}
"""The long names of the general categories that patterns of members are written with."""


@functools.lru_cache(maxsize=64)
def category(name: str) -> Ranges:
    """Return the characters of a general category of Unicode; none where there is no such one."""
    name = _CATEGORIES.get(name, name)
    codes = range(sys.maxunicode + 1) if name[:1] in tuple("LMNPSZC") else ()
    return union(only(code) for code in codes if unicodedata.category(chr(code)).startswith(name))


def only(code: int) -> Ranges:
    """Return the set of one character."""
    return ((code, code),)


def is_single(ranges: Ranges) -> bool:
    """Return whether a set has one character."""
    return len(ranges) == 1 and ranges[0][0] == ranges[0][1]


def union(parts: Iterable[Ranges]) -> Ranges:
    """Return the characters of all parts, in ranges that neither overlap nor touch."""
    whole: list[tuple[int, int]] = []
    for low, high in sorted(pair for part in parts for pair in part):
        if whole and low <= whole[-1][1] + 1:
            whole[-1] = (whole[-1][0], max(high, whole[-1][1]))
        else:
            whole.append((low, high))
    return tuple(whole)


def complement(ranges: Ranges) -> Ranges:
    """Return all characters that are not in a set."""
    edges = [-1, *(edge for pair in union([ranges]) for edge in pair), sys.maxunicode + 1]
    pairs = zip(edges[::2], edges[1::2], strict=True)
    return tuple((high + 1, low - 1) for high, low in pairs if high + 1 < low)


def for_python(ranges: Ranges) -> str:
    """Write a set of characters for Python; an empty one matches nothing."""
    if not ranges:
        return "(?!)"
    return f"[{''.join(f'{escape(low)}-{escape(high)}' for low, high in ranges)}]"


def escape(code: int) -> str:
    """Write one character for Python."""
    return f"\\U{code:08x}"


def listed(ranges: Ranges) -> str:
    """Write characters as they are listed in a class of ECMA-262."""
    return "".join(f"\\u{{{low:x}}}-\\u{{{high:x}}}" for low, high in ranges)
