"""Requests and responses with other texts in the place of their own.

A body is taken apart no further than its tokens. So what is wrong with it stays wrong: duplicate
names, broken JSON, another media type. `fields` does the same with headers, and of an address the
path of the operation stays.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import quote, unquote, unquote_plus, urlsplit

from enkash_contract.secrets.secret_names import HIDDEN, is_secret
from enkash_contract.traffic.learning.spoken import is_common
from enkash_contract.traffic.redacting.fields import Fields
from enkash_contract.traffic.redacting.letters import NUMBER
from enkash_contract.traffic.redacting.texts import KEPT_DIGITS, Texts, schemas_in

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.contract.operation import Operation
    from enkash_contract.wire.message import Interaction, Request, Response

_TOKEN = re.compile(
    r'"(?P<string>(?:[^"\\]|\\.)*)(?P<end>"(?P<key>\s*:)?|$)|(?P<word>-?[^\W_][\w.+-]*)|'
    r"(?P<opens>[{\[])|(?P<closes>[}\]])",
    re.DOTALL,
)
"""A string of JSON, which may be a name; a word that stands outside of strings; or a bracket."""

_UNIT = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|"
    r"\\u[0-9a-fA-F]{4}|\\.|[^\\]|\\",
    re.DOTALL,
)
"""One character of a string of JSON, as it is written."""

_BEFORE, _AFTER = (":", ",", "[", "\ufeff", ""), re.compile(r"\s*(?:[,}\]]|$)")
"""The characters between which a word is a value, and not a part of one."""

_LITERALS = frozenset({"true", "false", "null", "NaN", "Infinity"})
_WORD = re.compile(r"[^\W_][\w.+-]*")
_NAME = re.compile(r"[$@_]?[a-z][A-Za-z_-]{0,38}[0-9]?")
_CODE = re.compile(r"[A-Z]+(?:[_-][A-Z]+)*")
"""Spellings of names that programs choose, and of codes: kept if their words are common."""

_PARTS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")

_METHOD = frozenset("get head post put delete connect options trace patch query".split())


class Messages:
    """Redacts interactions of `operations` by `texts`."""

    def __init__(self, operations: Iterable[Operation], texts: Texts) -> None:
        self._texts = texts
        operations = [*operations]
        self._names = frozenset(
            {name for operation in operations for name in operation.described} - {"*"}
        )
        self._segments = frozenset(
            segment.lower() for operation in operations for segment in operation.path.split("/")
        )
        # Which values these have is an open question, and an answer to it is worth keeping.
        self._codes = frozenset(
            (around, name)
            for around, name, schema in schemas_in(operations)
            if any(_is_code(example) for example in schema.get("examples", ()))
        )
        self._fields = Fields(texts, self.url)

    def redacted(self, interaction: Interaction) -> Interaction:
        """Return `interaction` with nothing in it by which anybody could be known."""
        response = interaction.response
        return replace(
            interaction,
            request=self._request(interaction.request),
            response=None if response is None else self._response(response),
            secrets=None,
            source="",
        )

    def _request(self, request: Request) -> Request:
        body = None if request.body is None else self.body(request.body)
        headers = self._fields.redacted(request.headers, request.body, body)
        known = request.method.lower() in _METHOD
        method = request.method if known else self._texts.drawn(request.method)
        return replace(
            request, method=method, url=self.url(request.url), headers=headers, body=body
        )

    def _response(self, response: Response) -> Response:
        body = None if response.body is None else self.body(response.body)
        headers = self._fields.redacted(response.headers, response.body, body)
        return replace(response, headers=headers, body=body)

    def url(self, url: str) -> str:
        """Return an address with another host, and with other values in its query."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return self._no_url(url)
        authority = self._fields.host(parts.hostname or "", port)
        segments = "/".join(self._segment(segment) for segment in parts.path.split("/"))
        query = "&".join(self._pair(pair) for pair in parts.query.split("&")) if parts.query else ""
        return parts._replace(netloc=authority, path=segments, query=query, fragment="").geturl()

    def _no_url(self, text: str) -> str:
        """Return another text, in which the names of paths stand where they stood."""
        scheme, mark, rest = text.rpartition("://")
        scheme = scheme if scheme.lower() in ("http", "https") else self._texts.drawn(scheme)
        segments = re.sub(r"[^/?#]+", lambda segment: self._segment(segment[0]), rest)
        return f"{scheme}{mark}{segments}"

    def _segment(self, segment: str) -> str:
        plain = unquote(segment)
        if plain.lower() in self._segments:
            return segment
        return quote(self._texts.replaced(plain), safe=";:@!$'()*+,=[]", errors="replace")

    def _pair(self, pair: str) -> str:
        """Return a member of a query; what has no name is a value."""
        name, equals, value = (unquote_plus(part) for part in pair.partition("="))
        if not equals:
            return quote(self._texts.replaced(name), errors="replace")
        value = HIDDEN if is_secret(name) else quote(self._texts.replaced(value), errors="replace")
        return f"{quote(self._name(name), safe='$@', errors='replace')}={value}"

    def body(self, body: bytes) -> bytes:
        """Return a body with other texts in it, and as valid or invalid as it was."""
        text, encoding = _decoded(body)
        is_json = text.lstrip("\ufeff \t\r\n")[:1] in ("{", "[", '"')
        changed = self._json(text) if is_json else self._plain(text)
        return changed.encode(encoding, "surrogateescape")

    def _plain(self, text: str) -> str:
        """Return a text that is no JSON, with the names of members that it may hold."""
        changed = [*self._texts.drawn(text)]
        for word in _WORD.finditer(text):
            if self._is_word(word[0]):
                changed[slice(*word.span())] = word[0]
        return "".join(changed)

    def _json(self, text: str) -> str:
        parts, at, name = [], 0, ""
        around = [""]
        for token in _TOKEN.finditer(text):
            gap = text[at : token.start()]
            before, at = f"{text[max(at - 1, 0) : at]}{gap.rstrip()}"[-1:], token.end()
            parts.append(gap)
            if token["word"] is not None:
                is_value = before in _BEFORE and _AFTER.match(text, at) is not None
                parts.append(self._word(token["word"], name, is_value=is_value))
            elif token["string"] is None:
                if token["opens"]:
                    around.append(name)
                elif len(around) > 1:
                    name = around.pop()
                parts.append(token[0])
            elif token["key"]:
                name = _read(token["string"])
                shown = token["string"] if self._name(name) == name else self._string(token)
                parts.append(f'"{shown}{token["end"]}')
            else:
                parts.append(f'"{self._string(token, name, around[-1])}{token["end"]}')
        return "".join([*parts, text[at:]])

    def _name(self, name: str) -> str:
        """Return the name of a member, unless it may be somebody's."""
        is_plain = name in self._names or (_NAME.fullmatch(name) and _is_spoken(name))
        return name if is_plain else self._texts.drawn(name)

    def _is_word(self, word: str) -> bool:
        return word in _LITERALS or word in self._names

    def _word(self, word: str, name: str, *, is_value: bool) -> str:
        """Return what stands for a word outside of strings: short numbers that are values stay."""
        if self._is_word(word):
            return word
        is_short = NUMBER.fullmatch(word) and sum(map(str.isdigit, word)) <= KEPT_DIGITS
        if is_short and is_value and not self._is_secret(name):
            return word
        return self._texts.drawn(word)

    def _is_secret(self, name: str) -> bool:
        return is_secret(name) and name not in self._names

    def _string(self, token: re.Match[str], name: str = "", around: str = "") -> str:
        """Return what stands for a string, each character written in the way that it was."""
        raw = token["string"]
        text = _read(raw)
        if (around, name) in self._codes and _is_code(text):
            return raw
        if self._is_secret(name):
            return HIDDEN
        replaced = self._texts.replaced(text)
        units = _UNIT.findall(raw)
        if replaced == text:
            return raw
        if len(units) != len(replaced):
            # What is no string of JSON stays none.
            return replaced if text == raw else json.dumps(replaced)[1:-1]
        return "".join(map(_written, units, text, replaced))


def _is_code(value: object) -> bool:
    is_text = isinstance(value, str) and len(value) > 1
    return is_text and _CODE.fullmatch(str(value)) is not None and _is_spoken(str(value))


def _is_spoken(name: str) -> bool:
    """Return whether a name is of words that anybody uses, and so that of nobody."""
    return all(len(part) == 1 or is_common(part.lower()) for part in _PARTS.findall(name))


def _decoded(body: bytes) -> tuple[str, str]:
    """Return the text of a body and its encoding; what is no text in it can be encoded again."""
    encoding: str = json.detect_encoding(body)
    if encoding.startswith(("utf-16", "utf-32")):
        is_big = body.startswith((codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE))
        encoding = f"{encoding[:6]}-{'be' if is_big or encoding.endswith('be') else 'le'}"
        try:
            return body.decode(encoding), encoding
        except UnicodeDecodeError:
            pass
    return body.decode("utf-8", "surrogateescape"), "utf-8"


def _read(raw: str) -> str:
    """Return the text that a string of JSON stands for; itself where it stands for none."""
    try:
        text: str = json.loads(f'"{raw}"', strict=False)
    except ValueError:
        return raw
    return text


def _written(unit: str, before: str, after: str) -> str:
    """Return the character `after` written as `before` was."""
    if before == after:
        return unit
    return json.dumps(after)[1:-1] if unit.startswith("\\u") else after
