"""Texts turned into others of the same shape, each into one that no other text becomes.

A text is a row of letters, each from an alphabet: a letter in lower case from those in lower case,
a digit from the digits, one of another script from its neighbours there. A few rounds shift one
half of the row by a salted hash of the other half, as ciphers do (a Feistel network). Each round
can be undone, so different texts of a shape become different ones, however short they are.
"""

from __future__ import annotations

import functools
import hashlib
import hmac
import re
import string
import unicodedata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

NUMBER = re.compile(r"(-?)(\d+)(?:\.(\d+))?(?:[eE][+-]?\d+)?", re.ASCII)
"""A number as JSON writes it, which may have zeros in front."""

ROUNDS, FEWER = 4, 2
LONG = 4096
"""Texts of so many letters are never all there are of a shape: fewer rounds do."""

_BLOCK = 128
_ASCII = (string.ascii_lowercase, string.ascii_uppercase, string.digits)
_FIRST = string.digits[1:]
_LOST = "\ufffd"
"""Stands for bytes that somebody could not decode, and tells readers so."""


def turned(text: str, salt: bytes, kept: int = 0) -> str:
    """Return the text that stands for `text`, whose first characters may be `kept`."""
    alphabets = [*map(alphabet_of, text)]
    number = NUMBER.fullmatch(text)
    if number:
        _keep_zeros(number, alphabets)
    alphabets[:kept] = [""] * min(kept, len(text))
    places = [at for at, alphabet in enumerate(alphabets) if alphabet]
    letters = [alphabets[at].index(text[at]) for at in places]
    shape = "".join(
        alphabet[:1] or letter for letter, alphabet in zip(text, alphabets, strict=True)
    )
    key = hmac.digest(salt, shape.encode("utf-8", "surrogatepass"), hashlib.sha256)
    for turn in range(ROUNDS if len(places) <= LONG else FEWER):
        moved = turn % 2
        draws = _draws(key, turn, bytes(letters[1 - moved :: 2]))
        for at in range(moved, len(letters), 2):
            letters[at] = (letters[at] + next(draws)) % len(alphabets[places[at]])
    changed = [*text]
    for at, letter in zip(places, letters, strict=True):
        changed[at] = alphabets[at][letter]
    return "".join(changed)


def _draws(key: bytes, turn: int, other: bytes) -> Iterator[int]:
    """Yield numbers that only the key, the round and the other half decide."""
    key, block = hmac.digest(key, b"%d " % turn + other, hashlib.sha256), 0
    while True:
        yield from hmac.digest(key, b"%d" % block, hashlib.sha256)
        block += 1


def _keep_zeros(number: re.Match[str], alphabets: list[str]) -> None:
    """Keep the zeros that say whether a number is whole, and how long it is, and its exponent."""
    text = number[0]
    start, end = number.span(2)
    alphabets[start] = _FIRST if text[start] != "0" else "" if end - start > 1 else alphabets[start]
    if number[3] is None and len(text) == end:
        return
    if number[3] is not None and end - start == 1 and text[start] == "0":
        alphabets[start] = ""
    behind = end if number[3] is None else number.end(3)
    last = len(text[:behind].rstrip("0.")) - 1
    alphabets[last + 1 :] = [""] * (len(text) - last - 1)
    if last > start:
        alphabets[last] = _FIRST


@functools.lru_cache(maxsize=4096)
def alphabet_of(letter: str) -> str:
    """Return what may stand in the place of a character; nothing where it stays."""
    for known in _ASCII:
        if letter in known:
            return known
    category = unicodedata.category(letter)
    if letter.isascii() or letter == _LOST or category[0] not in "LNMS":
        return ""
    start, size = ord(letter) // _BLOCK * _BLOCK, len(letter.encode())
    near = "".join(
        other
        for other in map(chr, range(start, start + _BLOCK))
        if unicodedata.category(other) == category and len(other.encode()) == size
    )
    return near if len(near) > 1 else ""
