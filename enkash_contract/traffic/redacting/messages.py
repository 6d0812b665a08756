"""Requests and responses with other texts in the place of their own.

A body is taken apart no further than its tokens. So what is wrong with it stays wrong: duplicate
names, broken JSON, another media type. Headers are shown where they can hold no secret, and hidden
elsewhere; of an address the path of the operation stays.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlsplit

from enkash_contract.secrets.redaction import CORRELATION, HARMLESS_HEADERS
from enkash_contract.secrets.secret_names import HIDDEN, is_secret
from enkash_contract.traffic.redacting.texts import KEPT_DIGITS, Texts, is_code, schemas_in
from enkash_contract.wire.message import header

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.contract.operation import Operation
    from enkash_contract.wire.message import Headers, Interaction, Request, Response

_TOKEN = re.compile(
    r'"(?P<string>(?:[^"\\]|\\.)*)(?P<end>"(?P<key>\s*:)?|$)|(?P<word>[^\W_][\w.+-]*)', re.DOTALL
)
"""A string of JSON, which may be a name; or a word that stands outside of strings."""

_UNIT = re.compile(
    r"\\u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|"
    r"\\u[0-9a-fA-F]{4}|\\.|[^\\]|\\",
    re.DOTALL,
)
"""One character of a string of JSON, as it is written."""

_LITERALS = frozenset({"true", "false", "null", "NaN", "Infinity"})
_NUMBER = re.compile(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_NAME = re.compile(r"[A-Za-z_$@][A-Za-z_$@.-]{0,39}")
"""A name that a program has chosen, and no person's: without digits and blanks."""

KEPT_HEADERS = HARMLESS_HEADERS - {"location", "server", "host", *CORRELATION}
"""The headers whose values say nothing of anybody."""


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
            name
            for name, schema in schemas_in(operations)
            if any(is_code(example) for example in schema.get("examples", ()))
        )

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
        headers = self._headers(request.headers, request.body, body)
        return replace(request, url=self.url(request.url), headers=headers, body=body)

    def _response(self, response: Response) -> Response:
        body = None if response.body is None else self.body(response.body)
        headers = self._headers(response.headers, response.body, body)
        return replace(response, headers=headers, body=body)

    def url(self, url: str) -> str:
        """Return an address with another host, and with the values of its query hidden."""
        try:
            parts = urlsplit(url)
            port = parts.port
        except ValueError:
            return self._texts.replaced(url)
        authority = self._host(f"{parts.hostname or ''}{f':{port}' if port else ''}")
        segments = "/".join(self._segment(segment) for segment in parts.path.split("/"))
        names = [self._name(name) for name, _ in parse_qsl(parts.query, keep_blank_values=True)]
        query = "&".join(f"{name}={HIDDEN}" for name in names)
        plain = parts._replace(netloc=authority, path=segments, query=query, fragment="")
        return plain.geturl()

    def _host(self, authority: str) -> str:
        host, colon, port = authority.partition(":")
        return f"{self._texts.replaced(host)}.invalid{colon}{port}"

    def _segment(self, segment: str) -> str:
        return segment if segment.lower() in self._segments else self._texts.replaced(segment)

    def _headers(self, headers: Headers, before: bytes | None, after: bytes | None) -> Headers:
        """Return headers as they can be shown; a length that was true stays so."""
        length = header(headers, "content-length")
        is_true = before is not None and length == str(len(before))
        kept: list[tuple[str, str]] = []
        for name, value in headers:
            known = name.lower()
            if known == "content-encoding" and before is not None:
                # The body is written as it was before it was packed.
                continue
            if known == "content-length" and after is not None:
                kept += [(name, str(len(after)))] if is_true else []
            elif known == "host":
                kept.append((name, self._host(value)))
            else:
                kept.append((name, value if known in KEPT_HEADERS else HIDDEN))
        return tuple(kept)

    def body(self, body: bytes) -> bytes:
        """Return a body with other texts in it, and as valid or invalid as it was."""
        text = body.decode("utf-8", "surrogateescape")
        if text.lstrip("\ufeff \t\r\n")[:1] not in ("{", "[", '"'):
            changed = re.sub(r"[^\W_][\w.+-]*", lambda word: self._word(word[0]), text)
            return changed.encode("utf-8", "surrogateescape")
        parts, at, name = [], 0, ""
        for token in _TOKEN.finditer(text):
            parts.append(text[at : token.start()])
            at = token.end()
            word = token["word"]
            if word is not None:
                parts.append(self._word(word))
            elif token["key"]:
                name = _read(token["string"])
                shown = token["string"] if self._name(name) == name else self._string(token, "")
                parts.append(f'"{shown}{token["end"]}')
            else:
                parts.append(f'"{self._string(token, name)}{token["end"]}')
        return "".join([*parts, text[at:]]).encode("utf-8", "surrogateescape")

    def _name(self, name: str) -> str:
        """Return the name of a member, unless it may be somebody's."""
        is_plain = name in self._names or _NAME.fullmatch(name)
        return name if is_plain else self._texts.replaced(name)

    def _word(self, word: str) -> str:
        if word in _LITERALS or word in self._names:
            return word
        if _NUMBER.fullmatch(word):
            is_short = sum(map(str.isdigit, word)) <= KEPT_DIGITS
            # A number may not begin with 0.
            return word if is_short else word[:1] + self._texts.replaced(word)[1:]
        return self._texts.replaced(word)

    def _string(self, token: re.Match[str], name: str) -> str:
        """Return what stands for a string, each character written in the way that it was."""
        raw = token["string"]
        text = _read(raw)
        if name in self._codes and is_code(text):
            return raw
        if is_secret(name) and name not in self._names:
            return HIDDEN
        replaced = self._texts.replaced(text)
        units = _UNIT.findall(raw)
        if replaced == text:
            return raw
        if len(units) != len(replaced):
            # What is no string of JSON stays none.
            return replaced if text == raw else json.dumps(replaced)[1:-1]
        return "".join(map(_written, units, text, replaced))


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
