"""Texts that stand for others: of the same length and shape, and equal where those are equal.

Nobody without the salt can try out which text it was. What a pattern of the contract says of a
text, and a bound of a number, it says of the replacement. What names something in a longer text (an
id, an address, whatever has digits or is written in capitals) becomes what it becomes elsewhere.
"""

from __future__ import annotations

import functools
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.engines import choice as engines
from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.subschemas import subschemas
from enkash_contract.traffic.entries.marks import is_word_mark
from enkash_contract.traffic.redacting.letters import NUMBER, alphabet_of, turned

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from enkash_contract.contract.operation import Operation

KEPT_DIGITS = 3
"""A number of so few digits (a version, a code) says nothing of anybody, and is kept."""

KEPT_START = 6
"""A pattern may demand the first characters: so many may stay, where it does."""

KNOWN = 1 << 16
"""So many replacements are known at a time, of texts that are no longer than `LONGEST_KNOWN`."""

LONGEST_KNOWN = 256

LONGEST_CODE = 40

_CODE = re.compile(r"[A-Z]+(?:[ _-]+[A-Z]+)*")
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_MOST_DIGITS = 400
"""A number of more digits is beyond every bound, and stays so."""

_DATE = re.compile(
    r"(?:19|20)\d\d-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])"
    r"(?:[Tt ][0-2]\d:[0-5]\d(?::[0-6]\d(?:[.,]\d{1,6})?)?(?:[Zz]|[+-][01]\d:?[0-5]\d)?)?"
)
_SEPARATORS = r"\s\"'`<>(){}\[\],;:=&?!|\\"
_PART = re.compile(rf"[^\W_][^{_SEPARATORS}]{{3,}}(?<![\W_])")
_PART_OF_URL = re.compile(rf"[^\W_][^/{_SEPARATORS}]{{3,}}(?<![\W_])")
"""A part of a longer text: four characters or more between blanks and punctuation."""


class Texts:
    """Replacements for the texts of recordings of `operations`, by one `salt`.

    What the documents themselves say (the values of enums, responses) is kept, and so are dates.
    """

    def __init__(self, operations: Iterable[Operation], salt: bytes) -> None:
        self._salt = salt
        operations = [*operations]
        found = [schema for *_, schema in schemas_in(operations)]
        documented = [
            value
            for schema in found
            for value in (
                *schema.get("enum", ()),
                schema.get("const"),
                *filter(is_code, schema.get("examples", ())),
            )
        ]
        examples = (
            example
            for one in operations
            for side in one.sides.values()
            if side.name != REQUEST
            for example in side.examples.values()
        )
        self.known = frozenset(_leaves([documented, *examples]))
        patterns = {schema["pattern"] for schema in found if "pattern" in schema}
        self._judges = [engines.compiled({"pattern": pattern}) for pattern in sorted(patterns)]
        bounds = {schema[name] for schema in found for name in _BOUNDS if name in schema}
        self._bounds = [Decimal(str(bound)) for bound in sorted(bounds)]
        self._drawn = functools.lru_cache(maxsize=KNOWN)(self._found)

    def replaced(self, text: str) -> str:
        """Return what stands for `text`, which is always the same."""
        return text if says_nothing(text) else self.drawn(text)

    def drawn(self, text: str) -> str:
        """Return what stands for `text`, a short number too."""
        if text in self.known or _DATE.fullmatch(text) or is_word_mark(text):
            return text
        return self._drawn(text) if len(text) <= LONGEST_KNOWN else self._found(text)

    def _found(self, text: str) -> str:
        shape, is_number = self._shape(text), NUMBER.fullmatch(text) is not None
        most = len(text) - 1 if is_number else min(KEPT_START, len(text) // 2)
        for kept in range(min(most, _MOST_DIGITS) + 1):
            candidate = self._candidate(text, kept)
            if candidate in self.known or candidate == text:
                continue
            if self._shape(candidate) == shape:
                return candidate
        return text if is_number and shape else self._candidate(text, 0)

    def _candidate(self, text: str, kept: int) -> str:
        """Return another text, in which what names something is what it is by itself."""
        changed = [*turned(text, self._salt, kept)]
        for part in (_PART_OF_URL if "://" in text else _PART).finditer(text, kept):
            start, end = part.span()
            if end - start < len(text) and _names(part[0]):
                changed[start:end] = self.replaced(part[0])
        return "".join(changed)

    def _shape(self, text: str) -> tuple[bool, ...]:
        """Return which patterns of the contract match `text`, and which bounds it keeps."""
        try:
            shape = tuple(judge.is_valid(text) for judge in self._judges)
        except ValueError:
            # A lone surrogate is no text for the engine; no pattern is judged by it.
            return ()
        if len(text) > _MOST_DIGITS or not NUMBER.fullmatch(text):
            return shape
        try:
            number = Decimal(text)
        except ArithmeticError:
            # Its exponent is beyond every number, and is kept.
            return shape
        return (*shape, *(sign for at in self._bounds for sign in (number < at, number > at)))


def schemas_in(operations: Iterable[Operation]) -> Iterator[tuple[str, str, Mapping[str, Any]]]:
    """Yield each schema of operations, with the names of the member around it and of its own."""
    waiting: list[tuple[str, str, Any]] = [
        ("", "", side.schema) for operation in operations for side in operation.sides.values()
    ]
    while waiting:
        around, name, schema = waiting.pop()
        yield around, name, schema
        for keyword, value in schema.items():
            for inner in subschemas(keyword, value):
                is_named = inner.members and inner.members[-1] != "*"
                names = (name, inner.members[-1]) if is_named else (around, name)
                waiting.append((*names, inner.schema))


def is_code(value: object) -> bool:
    """Return whether a value is written as programs name a status."""
    is_text = isinstance(value, str) and 1 < len(value) <= LONGEST_CODE
    return is_text and _CODE.fullmatch(str(value)) is not None


def _leaves(value: Any) -> Iterator[str]:
    """Yield the texts in a value, and its numbers as they are written."""
    if isinstance(value, (dict, list)):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from _leaves(inner)
    elif isinstance(value, (str, int, float)) and not isinstance(value, bool):
        yield str(value)


def _names(part: str) -> bool:
    """Return whether a part of a text may be the name of something: an id, an address, a code."""
    return part.isupper() or "@" in part or any(map(str.isdigit, part))


def says_nothing(text: str) -> bool:
    """Return whether nobody is known by `text`: a short number, a date, or no letters."""
    if not any(map(alphabet_of, text)):
        return True
    return (len(text) <= KEPT_DIGITS and text.isascii() and text.isdecimal()) or bool(
        _DATE.fullmatch(text)
    )
