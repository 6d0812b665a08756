"""Which texts may be learned: those that programs have chosen, and nobody could be known by.

A text is learned at once if it is written as programs name things, of common words. What may be
somebody's name as well needs `SEVERAL` different payloads; it is enough for the one that said it no
more than once. Everything else is never learned, only counted. Of messages the words that are not
common are left out.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Any

from enkash_contract.secrets.secret_names import is_secret
from enkash_contract.traffic.learning.spoken import is_common
from enkash_contract.traffic.redacting.texts import LONGEST_CODE

if TYPE_CHECKING:
    from collections.abc import Iterator

NEVER, ONCE, SEVERAL = 0, 1, 3
"""The different payloads that must hold a text; no number is enough for what is never learned."""

SHORTEST = 2
"""The letters that a code has at least."""

ACRONYM = 3
"""An unknown word of no more letters may be an acronym."""

LONGEST_MESSAGE = 120
"""The longest message that is learned, once words are left out of it."""

LONGEST_READ = 500

KNOWN = 1024
"""So many texts of a kind are known at a time."""

MOST_CODE = 99_999
"""A greater number may be an id or a telephone's."""

LEFT_OUT = "…"
"""Stands for words of a message that are not common."""

FEWEST = 2
"""The common words that a message has at least."""

_WORD = re.compile(r"[A-Z]+(?:[_-][A-Z]+)*")
_PHRASE = re.compile(r"[A-Z]+(?:[ _-]+[A-Z]+)*")
_NAME = re.compile(r"[a-z][A-Za-z]{0,38}[0-9]?|[a-z]+(?:[_.-][a-z]+){1,6}")
_LABEL = re.compile(r"[A-Z]{1,5}[_-]?[0-9]{1,4}")
_NUMBERED = re.compile(r"(.{0,39}[A-Z])[_-]?[0-9]{1,4}")
_DIGITS = re.compile(r"[0-9]{1,5}")
_ENDING = re.compile(r".{4,}(?:ATED|I[SZ]ED|IFIED|ING|[ST]ION|MENT|[AI]BLE|IVE|ITY)")
"""A word of a status by its ending: it is no name, common or not."""

_BEFORE, _BEHIND = "([\"'", ")]\"'.,:;!?"
_SPOKEN = re.compile(r"[A-Za-z]+(?:['_/-][A-Za-z]+)*|[-/&+=]")
_CAPITALISED = re.compile(r"[A-Z][a-z]")
_WORDS = re.compile(r"[^\W\d_]{3,}")
_CAMEL = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")


@functools.lru_cache(maxsize=KNOWN)
def of_code(text: str) -> int:
    """Return how many payloads must hold the value of an open enum."""
    if not SHORTEST <= len(text) <= LONGEST_CODE or not _PHRASE.fullmatch(text):
        return NEVER
    unknown = [word for word in re.split(r"[ _-]+", text) if not is_common(word.lower())]
    if not unknown:
        return ONCE if _WORD.fullmatch(text) else SEVERAL
    if _WORD.fullmatch(text) and all(
        len(word) <= ACRONYM or _ENDING.fullmatch(word) for word in unknown
    ):
        return SEVERAL
    return NEVER


def is_label(text: str) -> bool:
    """Return whether a text is the code of an error: a short number, or letters with one.

    There are few letters, or they are of common words.
    """
    if _LABEL.fullmatch(text) or _DIGITS.fullmatch(text):
        return True
    numbered = _NUMBERED.fullmatch(text)
    return numbered is not None and of_code(numbered[1]) == ONCE


def of_value(text: str) -> int:
    """Return how many payloads must hold the value of an open enum, which may be a label."""
    return SEVERAL if is_label(text) else of_code(text)


@functools.lru_cache(maxsize=KNOWN)
def of_name(name: str) -> int:
    """Return how many payloads must hold a member of that name; what begins as names do is one."""
    if not _NAME.fullmatch(name) or is_secret(name):
        return NEVER
    known = [is_common(word.lower()) for word in _CAMEL.findall(name)]
    if all(known):
        return ONCE
    # A name of two words, neither of which is common, is that of a person or of a host.
    return SEVERAL if "." not in name and (any(known) or len(known) == 1) else NEVER


def of_response_code(code: object) -> bool:
    """Return whether a response code is one, and no number of anything."""
    if isinstance(code, str):
        return is_label(code) or of_code(code) != NEVER
    return type(code) is int and abs(code) <= MOST_CODE


def of_message(text: str) -> int:
    """Return how many payloads must have led to a message, of which the common words are left."""
    return ONCE if of_code(text) == ONCE else SEVERAL


@functools.lru_cache(maxsize=KNOWN)
def common_words(text: str, described: frozenset[str]) -> str:
    """Return a message without the words that may be somebody's; "" if too little is left.

    The names of members that are `described` are words as well.
    """
    if of_code(text) != NEVER:
        return text
    tokens = text.split() if len(text) <= LONGEST_READ else []
    is_title = all(token[:1].isupper() or not token[:1].isalpha() for token in tokens)
    # The name of a company is written so as well.
    is_name_like = is_title or text.isupper()
    kept: list[str] = []
    for index, token in enumerate(tokens):
        word, after = _parts(token)
        begins = index == 0 or tokens[index - 1].endswith((".", "!", "?", ":"))
        is_name = _CAPITALISED.match(word) is not None and not (begins or is_title)
        is_name = is_name or (not text.isupper() and _is_shouted(tokens, index))
        if not is_name and _is_spoken(word, described):
            kept.append(token)
        elif is_name_like and not any(map(str.isdigit, word)):
            return ""
        else:
            kept = kept[:-1] if kept[-1:] == [LEFT_OUT] else kept
            kept.append(f"{LEFT_OUT}{after if after in (',', ':', ';') else ''}")
    words = [token for token in kept if not token.startswith(LEFT_OUT)]
    found = " ".join(kept)
    is_enough = len(words) >= min(FEWEST, len(tokens)) > 0
    return found if is_enough and len(found) <= LONGEST_MESSAGE else ""


def _parts(token: str) -> tuple[str, str]:
    """Return a word without the quotes and brackets around it, and what stands behind it."""
    word = token.rstrip(_BEHIND)
    return word.lstrip(_BEFORE), token[len(word) :]


def _is_shouted(tokens: list[str], index: int) -> bool:
    """Return whether a word in capitals stands beside another, as in the name of a company."""
    beside = tokens[max(index - 1, 0) : index] + tokens[index + 1 : index + 2]
    return all(
        any(len(word) > 1 and word.isupper() for word in words)
        for words in ([tokens[index]], beside)
    )


def _is_spoken(word: str, described: frozenset[str]) -> bool:
    """Return whether anybody says a word of a message, or the document does."""
    if word in described or all(part in described for part in word.split(".")):
        return True
    if not _SPOKEN.fullmatch(word):
        return False
    found = _CAMEL.findall(re.sub(r"'(?:s|re|ve|ll|d|t|m)\b", "", word))
    return all(is_common(part.lower()) for part in found)


def unknown_words(name: str) -> Iterator[str]:
    """Yield the words of the name of a member that are not common, and the name as one word."""
    found = [word.lower() for word in _CAMEL.findall(name)]
    yield "".join(found)
    yield from (word for word in found if not is_common(word))


def words(text: str) -> Iterator[str]:
    """Yield the words of a text."""
    for word in _WORDS.findall(text):
        yield word.casefold()


def texts(value: Any) -> Iterator[str]:
    """Yield the texts in a payload."""
    waiting = [value]
    while waiting:
        inner = waiting.pop()
        if isinstance(inner, str):
            yield inner
        elif isinstance(inner, (dict, list)):
            waiting += inner.values() if isinstance(inner, dict) else inner
