"""Texts that stand for others: of the same length and shape, and equal where those are equal.

Each character is replaced by one of its kind, chosen by a salted hash of the whole text: nobody
without the salt can try out which text it was. What a pattern of the contract says of the text, it
says of its replacement.
"""

from __future__ import annotations

import hashlib
import hmac
import string
import sys
import unicodedata
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.engines import choice as engines
from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.subschemas import subschemas

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from enkash_contract.contract.operation import Operation

KEPT_DIGITS = 3
"""A number of so few digits (a version, a code) says nothing of anybody, and is kept."""

KEPT_START = 6
"""A pattern may demand the first characters: so many may stay, where it does."""

_KINDS = (string.ascii_lowercase, string.ascii_uppercase, string.digits)

_DIGITS = frozenset(string.digits)
_CODE = frozenset(f"{string.ascii_uppercase}_- ")
LONGEST_CODE = 40
_DATE = "0000-00-00"


class Texts:
    """Replacements for the texts of recordings of `operations`, by one `salt`.

    What the documents themselves say (the values of enums, responses) is kept, and so are dates.
    """

    def __init__(self, operations: Iterable[Operation], salt: bytes) -> None:
        self._salt = salt
        operations = [*operations]
        found = [schema for _, schema in schemas_in(operations)]
        self.known = frozenset(
            value
            for schema in found
            for value in (
                *schema.get("enum", ()),
                schema.get("const"),
                *filter(is_code, schema.get("examples", ())),
            )
            if isinstance(value, str)
        )
        examples = (
            example
            for one in operations
            for side in one.sides.values()
            if side.name != REQUEST
            for example in side.examples.values()
        )
        self.known |= {*_leaves([*examples])}
        patterns = {schema["pattern"] for schema in found if "pattern" in schema}
        self._judges = [engines.compiled({"pattern": pattern}) for pattern in sorted(patterns)]
        self._replaced: dict[str, str] = {}

    def replaced(self, text: str) -> str:
        """Return what stands for `text`, which is always the same."""
        if text in self.known or _says_nothing(text):
            return text
        if text not in self._replaced:
            self._replaced[text] = self._found(text)
        return self._replaced[text]

    def _found(self, text: str) -> str:
        shape = self._shape(text)
        for attempt in range(min(KEPT_START, len(text) // 2) + 1):
            candidate = text[:attempt] + self._drawn(text, attempt)[attempt:]
            if self._shape(candidate) == shape and candidate not in self.known:
                return candidate
        return self._drawn(text, 0)

    def _shape(self, text: str) -> tuple[bool, ...]:
        """Return which patterns of the contract match `text`."""
        try:
            return tuple(judge.is_valid(text) for judge in self._judges)
        except ValueError:
            # A lone surrogate is no text for the engine; no pattern is judged by it.
            return ()

    def _drawn(self, text: str, attempt: int) -> str:
        draws = self._draws(text, attempt)
        return "".join(_other(character, next(draws)) for character in text)

    def _draws(self, text: str, attempt: int) -> Iterator[int]:
        """Yield numbers that only the text and the salt decide."""
        raw, block = text.encode("utf-8", "surrogatepass"), 0
        while True:
            seed = b"%d %d " % (attempt, block) + raw
            yield from hmac.digest(self._salt, seed, hashlib.sha256)
            block += 1


def schemas_in(operations: Iterable[Operation]) -> Iterator[tuple[str, Mapping[str, Any]]]:
    """Yield each schema of operations, with the name of the member that it speaks of."""
    waiting: list[tuple[str, Any]] = [
        ("", side.schema) for operation in operations for side in operation.sides.values()
    ]
    while waiting:
        name, schema = waiting.pop()
        yield name, schema
        for keyword, value in schema.items():
            waiting += [
                (inner.members[-1] if inner.members else name, inner.schema)
                for inner in subschemas(keyword, value)
            ]


def is_code(value: object) -> bool:
    """Return whether a value is written as programs name a status."""
    is_text = isinstance(value, str) and 1 < len(value) <= LONGEST_CODE
    return is_text and frozenset(str(value)) <= _CODE


def _leaves(value: Any) -> Iterator[str]:
    """Yield the texts in a value."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)


def _says_nothing(text: str) -> bool:
    """Return whether nobody is known by `text`: a code, a short number, a date, or no letters."""
    if not any(map(str.isalnum, text)):
        return True
    characters = frozenset(text)
    if characters <= _DIGITS:
        return len(text) <= KEPT_DIGITS
    digits = "".join("0" if character in _DIGITS else character for character in text[:10])
    if digits == _DATE and len(text) in (10, *range(19, 36)) and "T" in f"{text}T"[10:]:
        return not any(character.isalpha() and character not in "TZ" for character in text)
    return False


def _other(character: str, draw: int) -> str:
    """Return another character of the same kind; what is no letter and no digit stays."""
    for kind in _KINDS:
        if character in kind:
            return kind[draw % len(kind)]
    if not character.isalnum():
        return character
    # One of the same script, which is as long in every encoding.
    category, size = unicodedata.category(character), len(character.encode())
    near = [
        other
        for step in range(-24, 25)
        if step and 0 <= ord(character) + step <= sys.maxunicode
        if (other := chr(ord(character) + step))
        if unicodedata.category(other) == category and len(other.encode()) == size
    ]
    return near[draw % len(near)] if near else "?"
