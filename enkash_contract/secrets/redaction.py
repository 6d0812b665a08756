"""Secrets, kept out of all that is shown, written, logged or raised.

A secret is known in two ways: by the name of the member that holds it, and by its value, once it
was seen where secrets are sent (headers, the user and the query of an address, a member with such a
name). By name only what stands beside the name can be hidden; by value it is found wherever a
server puts it, in the spellings that docs/security.md lists. Nothing is ever taken out of what is
judged: hiding happens where something is quoted, so that it changes no verdict.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, unquote, urlsplit

from enkash_contract.secrets import secret_names, spellings
from enkash_contract.secrets.escapes import layers
from enkash_contract.secrets.readings import readings
from enkash_contract.secrets.secret_names import HIDDEN
from enkash_contract.secrets.values import Values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.secrets.escapes import Layer
    from enkash_contract.wire.message import Interaction, Request

COOKIES = 150
"""Of so many cookies the values are remembered: a server may set another with each response."""

SEARCHED = 1 << 18
"""So many bytes of a body are searched for secrets to remember; all that is shown is searched."""

MANY = 1_000
"""So many values of one body are looked at: nobody sends more that are secret."""

QUOTED = 65_536
"""So many characters of a text are shown at most: what is not shown needs no search."""

MARGIN = 4096
"""So much behind what is shown of a text may be needed to know a secret that begins in it."""

CORRELATION = ("x-request-id", "x-correlation-id", "traceparent", "request-id", "cf-ray")
"""The headers by which those who run a server find a response in their logs."""

HARMLESS_HEADERS = frozenset(
    "allow connection content-length content-type date expect location retry-after server "
    "transfer-encoding".split()
).union(CORRELATION)
"""The headers whose values are shown; those of all others may be secret."""

_OPEN = re.compile(
    rf"{'|'.join(CORRELATION)}|"
    r":.*|sec-.*|accept|accept-(?:charset|encoding|language)|cache-control|connection|content-.*|"
    r"dnt|expect|host|origin|pragma|priority|referer|te|transfer-encoding|upgrade-insecure-requests"
)
"""Headers that hold no secret of their own; others may."""


@dataclass(frozen=True, slots=True)
class Variable:
    """The environment variable whose value replaces a secret in a body."""

    name: str


class Secrets:
    """The values known to be secret, which may become more while a run lasts.

    Members that are `described` by the contract are never secret by their name.
    """

    def __init__(self, described: Iterable[str] = ()) -> None:
        self.described = frozenset(described)
        self._names: dict[str, str] = {}
        self._variables: dict[str, str] = {}
        self._numbers: Counter[str] = Counter()
        self._values = Values()
        self._cookies = 0

    @property
    def are_none(self) -> bool:
        """Whether no value is known to be secret."""
        return not self._names

    def add(self, value: str, name: str = "secret") -> None:
        """Remember `value` as a secret; `name` is what people call it."""
        if not value or value in self._names:
            return
        self._names[value] = name
        self._values.add(value)

    def add_header(self, name: str, value: str) -> None:
        """Remember the value of a header, its last word, and the user and password of Basic."""
        if name.lower() == "referer":
            self.add_url(value)
        if _OPEN.fullmatch(name.lower()):
            return
        self.add(value, name)
        if name.lower() == "cookie":
            for pair in value.split(";"):
                self.add(pair.partition("=")[2].strip(), name)
        scheme, _, last = value.rpartition(" ")
        self.add(last, name)
        if scheme.strip().lower() == "basic":
            user, _, password = spellings.from_base64(last).partition(":")
            for secret in (user, password):
                self.add(secret, name)

    def add_cookies(self, headers: Iterable[tuple[str, str]]) -> None:
        """Remember the values that the headers of a response set as cookies."""
        for name, value in headers:
            if name.lower() == "set-cookie" and self._cookies < COOKIES:
                self._cookies += 1
                self.add(value.partition(";")[0].partition("=")[2].strip(' \t"'), "set-cookie")

    def add_url(self, url: str) -> None:
        """Remember the user, the password and the values of the query of an address."""
        try:
            parts = urlsplit(url)
        except ValueError:
            return
        user, password = parts.username or "", parts.password or ""
        for secret in (password, unquote(password), user, unquote(user)):
            self.add(secret, "user")
        if password:
            self.add(f"{unquote(user)}:{unquote(password)}", "user")
        for name, value in parse_qsl(parts.query):
            self.add(value, name)

    def add_body(self, body: bytes) -> None:
        """Remember the values that stand in a body under the name of a secret."""
        for text, _, _ in readings(body[:SEARCHED]):
            spans = sorted(islice(self._named(layers(text)), MANY))
            for start, end, name in spans:
                self.add(text[start:end], name)
                self.variable(text[start:end])
            if spans:
                return

    def variable(self, value: str) -> str | None:
        """Return the environment variable that holds a secret of a body; None for any other text.

        A second secret of the same name has a number.
        """
        name = self._names.get(value)
        if name is None:
            return None
        if value not in self._variables:
            variable = "ENKASH_BODY_" + re.sub(r"\W", "_", name, flags=re.ASCII).upper()
            self._numbers[variable] += 1
            number = self._numbers[variable]
            self._variables[value] = variable if number == 1 else f"{variable}_{number}"
        return self._variables[value]

    def are_at(self, tokens: Iterable[str | int]) -> bool:
        """Return whether the name of a member on the way to a value makes a secret of it."""
        names = (name for name in tokens if isinstance(name, str) and name not in self.described)
        return any(map(secret_names.is_secret, names))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Return where in `text` secrets stand, in order and apart from each other."""
        apart: list[tuple[int, int]] = []
        for start, end in sorted(set(self._found(text))):
            if apart and start < apart[-1][1]:
                apart[-1] = (apart[-1][0], max(end, apart[-1][1]))
            else:
                apart.append((start, end))
        return apart

    def _found(self, text: str) -> Iterator[tuple[int, int]]:
        undone = layers(text)
        for start, end, _ in self._named(undone):
            yield start, end
        yield from self._values.find(undone)

    def _named(self, undone: list[Layer]) -> Iterator[tuple[int, int, str]]:
        for level in undone:
            for start, end, name in secret_names.find(level.text, self.described):
                yield *level.source(start, end), name

    def hide(self, text: str) -> str:
        """Return `text` without the secrets in it; where there are none, it is the same.

        Of a text that nobody could read as a whole, only the first characters are left.
        """
        if len(text) > QUOTED:
            return f"{self._hidden(text[: QUOTED + MARGIN])[:QUOTED]}…"
        return self._hidden(text)

    def _hidden(self, text: str) -> str:
        spans = self.spans(text)
        if not spans:
            return text
        parts, at = [], 0
        for start, end in spans:
            parts += [text[at:start], HIDDEN]
            at = end
        return "".join([*parts, text[at:]])

    def hide_header(self, name: str, value: str) -> str:
        """Return the value of a header, which is shown where it cannot be secret."""
        # A server may echo a secret in any header.
        shown = shown_value(name, value)
        return shown if self.hide(shown) == shown else HIDDEN

    def hide_start(self, text: str, size: int) -> str:
        """Return what a reader needs of `text` to see its first `size` characters, without secrets.

        What is not shown needs no search, however long the text.
        """
        return self._hidden(text[: size + MARGIN])

    def hide_bytes(self, body: bytes) -> bytes:
        """Return a body without the secrets in it, in the encoding that it is in."""
        for text, encoding, errors in readings(body):
            hidden = self._hidden(text)
            if hidden != text:
                return hidden.encode(encoding, errors)
        return body

    def pieces(self, body: bytes) -> list[bytes | Variable] | None:
        """Return the pieces of a body, with a variable in the place of each secret.

        None where a secret is spelled in a way in which no variable could stand for it.
        """
        *others, (text, encoding, errors) = readings(body)
        if any(self.spans(reading) for reading, _, _ in others):
            return None
        pieces: list[bytes | Variable] = []
        at = 0
        for start, end in self.spans(text):
            variable = self.variable(text[start:end])
            if variable is None:
                return None
            pieces += [text[at:start].encode(encoding, errors), Variable(variable)]
            at = end
        pieces.append(text[at:].encode(encoding, errors))
        return [piece for piece in pieces if piece != b""]

    def __repr__(self) -> str:
        return f"<Secrets: {len(self._names)}>"


def of_request(request: Request, described: Iterable[str] = ()) -> Secrets:
    """Return the secrets that are sent with one request."""
    secrets = Secrets(described)
    if request.body:
        secrets.add_body(request.body)
    for name, value in request.headers:
        secrets.add_header(name, value)
    secrets.add_url(request.url)
    return secrets


def of(interaction: Interaction) -> Secrets:
    """Return the secrets that an interaction must not be quoted with."""
    secrets = interaction.secrets or of_request(interaction.request)
    if interaction.response is not None and interaction.secrets is None:
        secrets.add_cookies(interaction.response.headers)
    return secrets


def shown_value(name: str, value: str) -> str:
    """Return the value of a header if its name says that it can be shown, as far as it can."""
    if name.lower() not in HARMLESS_HEADERS:
        return HIDDEN
    if name.lower() == "location":
        # A query may hold a key, and so may what stands before the host.
        return re.sub("//[^/@]*@", "//", re.split("[?#]", value, maxsplit=1)[0])
    return value


BY_NAME = Secrets()
"""Knows secrets by their names alone."""
