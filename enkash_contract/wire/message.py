"""One request and what came back, in a form that no HTTP library owns.

Every way in (a live check, a recording, a response object in a test) is turned into these, so that
`judge` knows one shape. Bytes that were not recorded are None, which is not the same as empty.
Headers and query strings hold secrets: neither appears in any `repr`.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from enkash_contract.wire.printing import Printed, call

if TYPE_CHECKING:
    from enkash_contract.secrets.redaction import Secrets

Headers = tuple[tuple[str, str], ...]

JSON = "application/json"


def header(headers: Headers, name: str) -> str | None:
    """Return the value of the first header called `name`, whatever its case."""
    wanted = name.lower()
    return next((value for key, value in headers if key.lower() == wanted), None)


def plain_path(path: str) -> str:
    """Return `path` as many servers read it: no slash at the end, none of them doubled."""
    return re.sub(r"/+", "/", path).rstrip("/")


_ELEMENT = re.compile(r'(?:[^,"]++|"(?:[^"\\]++|\\.)*+"?)++')
"""One element of a field whose values were joined by commas (RFC 9110, section 5.3)."""


def media_types(headers: Headers) -> list[str]:
    """Return the media types that the content is labelled with, in lower case, no parameters.

    Two fields that a proxy has joined by a comma count as two.
    """
    values = [value for key, value in headers if key.lower() == "content-type"]
    labels = [label for value in values for label in _ELEMENT.findall(value) or [value]]
    return [label.partition(";")[0].strip().lower() for label in labels]


def media_type(headers: Headers) -> str | None:
    """Return the first media type that the content is labelled with."""
    return next(iter(media_types(headers)), None)


_SPLIT_USER = re.compile(r"^(\w+://)[^/?#@\[]*:(?!\d*[/?#])[^/?#@]*[/?#].*@", re.DOTALL)
"""A user whose password holds what ends the authority of an address, and so hides the `@`."""


def shown_url(url: str) -> str:
    """Return `url` without what may be secret: user, password, query and fragment.

    It need not be a URL at all: what a person mistyped is shown in messages too.
    """
    url = _SPLIT_USER.sub(r"\1", url)
    before, mark, rest = re.split(r"[?#]", url, maxsplit=1)[0].partition("//")
    # A path may hold two slashes as well; what holds a user is no scheme.
    if "@" in before or not mark:
        before, mark, rest = "", "", before + mark + rest
    authority, slash, path = rest.partition("/") if mark else (rest, "", "")
    return f"{before}{mark}{authority.rpartition('@')[2]}{slash}{path}"


@dataclass(frozen=True, slots=True)
class Request(Printed):
    """A request as it was sent; `body` is None when it was not recorded.

    Without `sized`, it is sent without a Content-Length, which says that there is no body. A body
    that came in a content coding is kept as it was before; where nobody can tell, `unseen` says
    why, as what follows "the body". At the pointers that are `hidden` nobody knows what was sent.
    """

    method: str
    url: str
    headers: Headers = field(default=(), repr=False)
    body: bytes | None = field(default=b"", repr=False)
    sized: bool = field(default=True, repr=False)
    unseen: str = field(default="", repr=False)
    hidden: frozenset[str] = field(default=frozenset(), repr=False)

    @property
    def path(self) -> str:
        """The path of the URL, without the query."""
        return urlsplit(self.url).path

    def __repr__(self) -> str:
        size = "body not recorded" if self.body is None else f"{len(self.body)} bytes"
        return f"<Request {self.method} {shown_url(self.url)}, {size}>"

    def printed(self) -> str:
        """Return the call that makes the request, without its secrets."""
        from enkash_contract.secrets.redaction import of_request

        head = (self.method, shown_url(self.url))
        more = {} if self.sized else {"sized": False}
        return call("Request", *head, *_hidden(self, of_request(self)), **more, unseen=self.unseen)


@dataclass(frozen=True, slots=True)
class Response(Printed):
    """A response as it was received; `body`, `unseen` and `hidden` are as those of a request."""

    status: int
    headers: Headers = field(default=(), repr=False)
    body: bytes | None = field(default=b"", repr=False)
    unseen: str = field(default="", repr=False)
    hidden: frozenset[str] = field(default=frozenset(), repr=False)

    def __repr__(self) -> str:
        size = "body not recorded" if self.body is None else f"{len(self.body)} bytes"
        return f"<Response {self.status}, {size}>"

    def printed(self) -> str:
        """Return the call that makes the response, without its secrets."""
        from enkash_contract.secrets.redaction import BY_NAME

        return call("Response", self.status, *_hidden(self, BY_NAME), unseen=self.unseen)


def _hidden(message: Request | Response, secrets: Secrets) -> tuple[Headers, bytes | None]:
    """Return the headers and the body of a message without the secrets in them."""
    headers = tuple((name, secrets.hide_header(name, value)) for name, value in message.headers)
    return headers, None if message.body is None else secrets.hide_bytes(message.body)


def labelled(status: int, label: str | None, body: bytes, *more: tuple[str, str]) -> Response:
    """Return a response with `body` and its media type, None for no label, and `more` headers."""
    first = () if label is None else (("Content-Type", label),)
    return Response(status, (*first, *more), body)


def json_response(status: int, payload: Any, *more: tuple[str, str], label: str = JSON) -> Response:
    """Return a response that holds `payload` as JSON, with `more` headers."""
    # Escaped, because a reason quotes the request, and that may hold lone surrogates.
    return labelled(status, label, json.dumps(payload).encode(), *more)


@dataclass(frozen=True, slots=True)
class Reply(Printed):
    """A scripted response: sent after `delay` seconds, whole or `cut` off amid the body.

    Without a response, it never sends anything.
    """

    response: Response | None
    delay: float = 0.0
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Interaction(Printed):
    """A request with its response, or with the error that stood in its place.

    Without a response, `error` says why; `aborted` means that nobody can tell whose fault it was.
    It began `at` so many seconds since the epoch and took `seconds`, where anybody has measured it.
    `repeated` means that it was sent before, to a server that may have carried it out unanswered;
    `unread` that the server responded and closed before it had read the request whole. `secrets` is
    what it must not be quoted with; None where nobody has looked.
    """

    request: Request
    response: Response | None
    error: str | None = None
    aborted: bool = False
    source: str = ""
    repeated: bool = field(default=False, repr=False)
    unread: bool = field(default=False, repr=False)
    secrets: Secrets | None = field(default=None, repr=False, compare=False)
    at: float | None = field(default=None, repr=False, compare=False)
    seconds: float | None = field(default=None, repr=False, compare=False)
