"""Headers of redacted messages: what a verdict needs stays, and everything else is hidden.

A label of a body is taken apart, because a verdict rests on its media type, and its parameters may
be anybody's. What a program has chosen (methods, codings, lengths, dates) says nothing of anybody.
"""

from __future__ import annotations

import codecs
import mimetypes
import re
from typing import TYPE_CHECKING

from enkash_contract.secrets.redaction import CORRELATION
from enkash_contract.secrets.secret_names import HIDDEN
from enkash_contract.traffic.learning.spoken import is_common
from enkash_contract.wire.message import header

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.traffic.redacting.texts import Texts
    from enkash_contract.wire.message import Headers

_PLAIN = frozenset(
    "allow connection content-encoding date expect retry-after transfer-encoding".split()
)
_ADDRESSES = frozenset("location content-location referer origin".split())
_TOKENS = frozenset(
    "get head post put delete connect options trace patch close keep-alive upgrade te trailers "
    "chunked gzip x-gzip deflate compress br zstd identity 100-continue".split()
)
_DATE = re.compile(
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun), \d\d (?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) "
    r"(?:19|20)\d\d [0-2]\d:[0-5]\d:[0-6]\d GMT|\d{1,6}"
)
_WORD = re.compile(r"[^\W_]+")
_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|[^A-Za-z]+")
_KNOWN_WORDS = frozenset(
    "alive alt amz amzn cf ch charset dest dnt enkash envoy insecure kong max nel postman pragma "
    "proto soap te ua www".split()
)
"""Words of names of headers that programs have chosen, and nobody says otherwise."""

_TYPE = re.compile(r"(?P<type>[^\s;,=\"/]+)/(?P<subtype>[^\s;,=\"/]+)|[^\s;,=\"/]+")
_SUFFIX = re.compile(r"(?:\+(?:json|xml|zip))?")
_KNOWN_TYPES = frozenset(mimetypes.types_map.values()) | frozenset(
    "application/json application/problem+json application/vnd.api+json application/hal+json "
    "application/ld+json application/json-patch+json application/merge-patch+json "
    "application/x-www-form-urlencoded application/x-ndjson application/graphql text/json text/xml "
    "text/x-json application/x-json multipart/form-data multipart/mixed application/grpc */* "
    "application/yaml application/x-yaml text/yaml text/event-stream".split()
)
_PARAMETERS = frozenset("charset boundary q version profile".split())


class Fields:
    """Redacts headers by `texts`; `url` does so with addresses."""

    def __init__(self, texts: Texts, url: Callable[[str], str]) -> None:
        self._texts, self._url = texts, url

    def redacted(self, headers: Headers, before: bytes | None, after: bytes | None) -> Headers:
        """Return headers as they can be shown; a length that was true stays so."""
        length = header(headers, "content-length")
        is_true = before is not None and length == str(len(before))
        kept: list[tuple[str, str]] = []
        for name, value in headers:
            known = name.lower()
            shown = self._name(name)
            if known == "content-encoding" and before is not None:
                # The body is written as it was before it was packed.
                continue
            if known == "content-length":
                if after is None:
                    kept.append((shown, value if value.strip().isdecimal() else HIDDEN))
                elif is_true:
                    kept.append((shown, str(len(after))))
            else:
                kept.append((shown, self._value(known, value)))
        return tuple(kept)

    def _name(self, name: str) -> str:
        """Return the name of a header: words that may be somebody's become others."""
        return name if name.lower() in CORRELATION else _WORD.sub(self._word, name)

    def _word(self, found: re.Match[str]) -> str:
        if _is_known(found[0]) or all(map(_is_known, _PARTS.findall(found[0]))):
            return found[0]
        # A header means the same in capitals.
        pairs = zip(found[0], self._texts.drawn(found[0].lower()), strict=False)
        return "".join(new.upper() if old.isupper() else new for old, new in pairs)

    def _value(self, name: str, value: str) -> str:
        """Return the value of a header whose name is in lower case."""
        if name == "content-type":
            return self._label(value)
        if name in _PLAIN:
            return value if _is_plain(value) else HIDDEN
        if name == "host":
            host, _, port = value.rpartition(":")
            is_port = port.isdecimal() and host
            return self.host(host if is_port else value, int(port[:5]) if is_port else None)
        if name in _ADDRESSES:
            return self._url(value)
        return self._texts.replaced(value) if name in CORRELATION else HIDDEN

    def host(self, name: str, port: int | None) -> str:
        """Return another host, of a domain that there is nowhere; none where there is none."""
        name = name.strip("[]").lower()
        if not name:
            return ""
        other = re.sub(r"[^\w.-]", "-", self._texts.drawn(name))
        return f"{other}.invalid{'' if port is None else f':{port}'}"

    def _label(self, label: str) -> str:
        """Return the label of a body with its media type, and with other parameters."""
        first, semicolon, rest = label.partition(";")
        parameters = [self._parameter(parameter) for parameter in rest.split(";")]
        return _TYPE.sub(self._type, first) + semicolon + ";".join(parameters)

    def _type(self, found: re.Match[str]) -> str:
        if found[0].lower() in _KNOWN_TYPES:
            return found[0]
        if found["type"] is None:
            return self._texts.drawn(found[0])
        suffix = re.search(r"\+[a-z]+$", found["subtype"], re.IGNORECASE)
        end = suffix[0] if suffix and _SUFFIX.fullmatch(suffix[0].lower()) else ""
        subtype = found["subtype"][: len(found["subtype"]) - len(end)]
        return f"{self._main(found['type'])}/{self._texts.drawn(subtype)}{end}"

    def _main(self, name: str) -> str:
        is_known = any(known.startswith(f"{name.lower()}/") for known in _KNOWN_TYPES)
        return name if is_known else self._texts.drawn(name)

    def _parameter(self, parameter: str) -> str:
        """Return a parameter of a media type, or whatever stands there instead."""
        name, equals, value = parameter.partition("=")
        if name.strip().lower() == "charset" and _is_charset(value):
            return parameter
        shown = name if name.strip().lower() in _PARAMETERS else self._texts.drawn(name)
        return f"{shown}{equals}{self._texts.drawn(value)}"


def _is_known(word: str) -> bool:
    """Return whether a word of the name of a header is that of nobody."""
    return (
        (word.isalpha() and len(word) == 1)
        or word.lower() in _KNOWN_WORDS
        or is_common(word.lower())
    )


def _is_plain(value: str) -> bool:
    """Return whether a value says only what a program can have chosen."""
    words = (word.strip().lower() for word in value.split(","))
    return _DATE.fullmatch(value) is not None or all(word in _TOKENS for word in words)


def _is_charset(value: str) -> bool:
    try:
        return bool(codecs.lookup(value.strip(' "')))
    except (LookupError, ValueError):
        return False
