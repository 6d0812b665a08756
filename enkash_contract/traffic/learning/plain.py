"""Which texts may be learned: those that programs have chosen, and nobody could be known by.

A text is learned at once if it is written as programs name things. What may be somebody's name as
well needs `SEVERAL` different payloads; it is enough for the one that said it no more than once.
Everything else is never learned, only counted.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from enkash_contract.secrets.secret_names import is_secret
from enkash_contract.traffic.redacting.texts import LONGEST_CODE

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

NEVER, ONCE, SEVERAL = 0, 1, 3
"""How many different payloads must hold a text; none are enough for what is never learned."""

SHORTEST = 2
"""A code has so many letters."""

LONGEST_MESSAGE = 120

KNOWN = 1024
"""So many texts of a kind are known at a time."""

MOST_CODE = 99_999
"""A greater number may be an id or a telephone's."""

_WORD = re.compile(r"[A-Z]+(?:[_-][A-Z]+)*")
_PHRASE = re.compile(r"[A-Z]+(?:[ _-]+[A-Z]+)*")
_NAME = re.compile(r"[a-z][A-Za-z]{0,38}[0-9]?|[a-z]+(?:[_.-][a-z]+){1,6}")
_LABEL = re.compile(r"[A-Z]{1,5}[_-]?[0-9]{1,4}|[A-Z]+(?:[_-][A-Z]+)*")
_SENTENCE = re.compile(r"[A-Za-z][A-Za-z ,;:'()/_.-]*")
_PROPER = re.compile(r"[ (/][A-Z][a-z]")
"""A word with a capital letter inside a sentence: mostly a name."""

_WORDS = re.compile(r"[^\W\d_]{3,}")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

FUNCTION_WORDS = frozenset(
    "and are but can does for from has have may must not only than that the there this was were "
    "with invalid missing required string unknown wrong".split()
)


@functools.lru_cache(maxsize=KNOWN)
def of_code(text: str) -> int:
    """Return how many payloads must hold the value of an open enum."""
    if not SHORTEST <= len(text) <= LONGEST_CODE:
        return NEVER
    return ONCE if _WORD.fullmatch(text) else SEVERAL if _PHRASE.fullmatch(text) else NEVER


@functools.lru_cache(maxsize=KNOWN)
def of_name(name: str) -> int:
    """Return how many payloads must hold a member of that name; what begins as names do is one."""
    return ONCE if _NAME.fullmatch(name) and not is_secret(name) else NEVER


def of_response_code(code: object) -> bool:
    """Return whether a response code is one, and no number of anything."""
    if isinstance(code, str):
        return len(code) <= LONGEST_CODE and _LABEL.fullmatch(code) is not None
    return type(code) is int and abs(code) <= MOST_CODE


def of_message(text: str, strange: Collection[str]) -> int:
    """Return how many payloads must have led to a message.

    `strange` are the words of its request that no document uses: who repeats one of them speaks of
    somebody.
    """
    if strange and any(word in strange for word in words(text)):
        return NEVER
    return _of_sentence(text)


@functools.lru_cache(maxsize=KNOWN)
def _of_sentence(text: str) -> int:
    if len(text) > LONGEST_MESSAGE or not _SENTENCE.fullmatch(text) or _PROPER.search(text):
        return NEVER
    return ONCE if _WORD.fullmatch(text) else SEVERAL


def words(text: str) -> Iterator[str]:
    """Yield the words of a text, those in the names of members by themselves too."""
    for word in _WORDS.findall(text):
        yield word.casefold()


def vocabulary(names: Collection[str]) -> frozenset[str]:
    """Return the words that anybody uses of members that have such names."""
    parts = {part.casefold() for name in names for part in _CAMEL.findall(name)}
    return frozenset({*FUNCTION_WORDS, *parts, *(name.casefold() for name in names)})


def texts(value: Any) -> Iterator[str]:
    """Yield the texts in a payload."""
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, str):
            yield inner
        elif isinstance(inner, (dict, list)):
            waiting += inner.values() if isinstance(inner, dict) else inner
