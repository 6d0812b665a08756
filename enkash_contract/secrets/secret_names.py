"""Names that make a secret of a value, and where such values stand in a text.

Only its name tells that a member of a body is a password. The text need not be JSON that can
be read, nor JSON at all: a body cut off in the middle and a page that shows a form hold the secret
too. So patterns look for a name with a value behind it, in the notations that servers and clients
use. It is better to hide a word too many than to show a secret.
"""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    Named = Iterator[tuple[int, int, str]]

_ENDS = tuple(
    "password passwd passphrase passcode secret token apikey secretkey accesskey privatekey "
    "authkey encryptionkey signingkey subscriptionkey authorization credential cookie sessionid "
    "sessid sessionkey securitycode".split()
)
"""The ends of the names of secrets, with the words of a name joined."""

_DIGITS = frozenset("otp totp pin mpin tpin cvv cvc passcode password securitycode".split())
"""Secrets that may be numbers; a number called a token counts some."""

_WORDS = _DIGITS | frozenset("pwd pass auth jwt sid bearer".split())
"""Short for a secret, where it is the last word of a name, as in userPin, and not in shipping."""

_FURTHER = frozenset("value text string hash".split())
"""Words that may follow."""

HIDDEN = "***"
"""The text that is shown in the place of a secret."""

_NO_VALUES = frozenset([*"true false null none undefined True False None".split(), HIDDEN])

_WORD = re.compile(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+")


@functools.lru_cache(maxsize=4096)
def _last(name: str) -> str:
    """Return the word that makes a secret of what is called `name`; "" where none does."""
    words: list[str] = [word.lower() for word in _WORD.findall(name)]
    while len(words) > 1 and words[-1] in _FURTHER:
        words.pop()
    if not words:
        return ""
    joined: str = "".join(words).removesuffix("s")
    if words[-1] == "code" and len(words) > 1 and words[-2] in ("otp", "totp", "cvv", "cvc"):
        return words[-2]
    if words[-1] in _WORDS:
        return words[-1]
    return next((end for end in _ENDS if joined.endswith(end)), "")


def is_secret(name: str) -> bool:
    """Return whether a member called `name` holds a secret."""
    return bool(_last(name))


_HINTS = (
    "pass pwd secret token key auth cred cookie sess sid otp pin cvv cvc jwt bearer basic security "
    "eyj"
).split()
"""Without one of these a text holds no name of a secret: most texts are done with here."""

_MEMBER = re.compile(r"""(["'])((?:[^"'\\\n]|\\.){2,80})\1\s{0,99}+(?::|=>)\s{0,99}+""")

_OPENERS = ("{", "[")

_STRING = {
    '"': re.compile(r'(?:[^"\\]|\\.)*+', re.DOTALL),
    "'": re.compile(r"(?:[^'\\]|\\.)*+", re.DOTALL),
}

_PART = re.compile(
    r""""(?:[^"\\]|\\.)*+"?|'(?:[^'\\]|\\.)*+'?|[{}\[\]]|[^\s,:{}\[\]"']+""", re.DOTALL
)

_COLON = re.compile(r"\s{0,99}+(?::|=>)")

_BARE = re.compile(r"""[^\s,;}\]"'&<>]+""")

_ASSIGNED = re.compile(
    r"""(?<![\w.\-])(?P<name>[A-Za-z][\w.\-\[\]]{1,79})
    (?: = (?: "(?P<one>[^"]+) | '(?P<two>[^']+) | (?P<three>[^\s&;,"'<>)\]}]+) )
      | [ ]?:[ \t]* (?: "(?P<four>[^"]+) | '(?P<five>[^']+) | (?P<word>[^\s,;"'<>{}\[\]]+) ) )""",
    re.VERBOSE,
)

_TAG = re.compile(r"<([\w:.\-]{2,80})(?:\s[^<>]*)?>([^<>]+)")

_FIELD = re.compile(r"""[<>]|name=["']?([\w.\-\[\]]{2,80})|\svalue=["']?([^"'<>]+)""")

_COOKIES = re.compile(r"""(?i:\b(?:set-)?cookie):[ \t]*([^\s=]{1,200}+=[^\r\n<"']+)""")

_SCHEME = re.compile(r"(?i:\b(?:bearer|basic))[ \t]+([A-Za-z0-9._~+/=\-]{4,})")

_DOTTED = re.compile(r"[\w\-.]+")

_JWT = re.compile(r"\beyJ[\w\-]{5,}")

_NO_PROSE = re.compile(r"\d|[a-z][A-Z]|[^A-Za-z.,;:!?'\-]|.{20}")
"""Text that no word of a sentence holds: `invalid token: expected` tells no secret."""


def find(text: str, described: frozenset[str] = frozenset()) -> Named:
    """Yield start, end and name of each value in `text` that its name makes a secret.

    Members that are `described` are none, whatever they are called.
    """
    low = text.lower()
    if not any(hint in low for hint in _HINTS):
        return
    for start, end, name in _found(text, described):
        if start < end and text[start:end] not in _NO_VALUES:
            yield start, end, name


def _found(text: str, described: frozenset[str]) -> Named:
    yield from _members(text, described)
    for match in _ASSIGNED.finditer(text):
        name, prose = match["name"], match.lastgroup == "word" and _is_prose(match["word"])
        if is_secret(name) and name not in described and not prose:
            yield *match.span(str(match.lastgroup)), name
    # Most texts hold no sign of the others, and are done with here.
    if "<" in text:
        yield from _elements(text, described)
    if "value=" in text:
        yield from _fields(text, described)
    for name, pattern in (("cookie", _COOKIES), ("authorization", _SCHEME)):
        for match in pattern.finditer(text):
            if not _is_prose(match[1]):
                yield *match.span(1), name
    if "eyJ" in text:
        yield from _tokens(text)


def _members(text: str, described: frozenset[str]) -> Named:
    """Yield the values of the members of objects, written as in JSON, Python or Ruby."""
    walked = 0
    for match in _MEMBER.finditer(text):
        if is_secret(match[2]) and match[2] not in described:
            at = match.end()
            if text[at : at + 1] not in _OPENERS:
                yield from _behind(text, at, match[2])
            # The values of a structure inside of another one are found already.
            elif at >= walked:
                walked = yield from _inside(text, at, match[2])


def _elements(text: str, described: frozenset[str]) -> Named:
    """Yield the contents of elements of XML and HTML."""
    for match in _TAG.finditer(text):
        if is_secret(match[1]) and match[1] not in described:
            yield *match.span(2), match[1]


def _fields(text: str, described: frozenset[str]) -> Named:
    """Yield the values of the fields of a form, which come behind their names within a tag."""
    name = ""
    for match in _FIELD.finditer(text):
        if match[1]:
            name = name or match[1]
        elif match[2] and is_secret(name) and name not in described:
            yield *match.span(2), name
        if not match[1]:
            name = ""


def _tokens(text: str) -> Named:
    """Yield JSON Web Tokens, which are known by their beginning and their dots."""
    for run in _DOTTED.finditer(text):
        start = run.start()
        parts = run[0].split(".")
        for number, part in enumerate(parts[:-1]):
            header = _JWT.search(part)
            if header and len(parts[number + 1]) > 1:
                end = start + len(".".join(parts[number : number + 3]))
                yield start + header.start(), end, "token"
                break
            start += len(part) + 1


def _is_prose(word: str) -> bool:
    return not _NO_PROSE.search(word)


def _behind(text: str, at: int, name: str) -> Named:
    """Yield the value behind a name and a colon: a text or a bare word."""
    first = text[at : at + 1]
    if first in _STRING and first:
        string = _STRING[first].match(text, at + 1)
        assert string is not None  # noqa: S101 - it may match nothing, which is a match
        yield at + 1, string.end(), name
    else:
        bare = _BARE.match(text, at)
        if bare and _weighs(bare[0], name):
            yield *bare.span(), name


def _weighs(word: str, name: str) -> bool:
    """Return whether a value without quotes is a secret; most numbers are none."""
    return not re.fullmatch(r"-?[\d.]+(?:[eE][+\-]?\d+)?", word) or _last(name) in _DIGITS


def _inside(text: str, at: int, name: str) -> Generator[tuple[int, int, str], None, int]:
    """Yield every value of a list or an object, however deep; return where it ends."""
    depth, called = 0, name
    for part in _PART.finditer(text, at):
        word, (start, end) = part[0], part.span()
        if word in "{[":
            depth += 1
        elif word in "]}":
            depth -= 1
            if not depth:
                return end
        elif word[0] not in _STRING:
            if _weighs(word, called):
                yield start, end, called
        elif _COLON.match(text, end):
            called = word[1:-1]
        else:
            closed = len(word) > 1 and word[-1] == word[0]
            yield start + 1, end - closed, called
    return len(text)
