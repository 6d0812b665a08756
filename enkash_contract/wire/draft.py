"""A request under construction, as it will stand on the wire."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from enkash_contract.wire.message import Request, Response
from enkash_contract.wire.printing import Printed

if TYPE_CHECKING:
    from enkash_contract.wire.message import Headers


@dataclass(frozen=True, slots=True, repr=False)
class Draft(Printed):
    """A request without its URL: the method, the labels and the bytes of the body.

    `content_type` None: no media type is said; `repeated` are further Content-Type fields. `path`
    is another path than the operation's. Without `sized`, no Content-Length is sent; `fields` are
    further ones, on how the content is sent.
    """

    method: str
    content_type: str | None
    body: bytes
    path: str = ""
    repeated: tuple[str, ...] = ()
    sized: bool = True
    fields: Headers = ()

    def __repr__(self) -> str:
        label = self.content_type or "no content type"
        return f"<Draft {self.method} {self.path}, {label}, {len(self.body)} bytes>"

    def but(self, **changes: Any) -> Draft:
        """Return the same with some parts changed."""
        return replace(self, **changes)

    @property
    def headers(self) -> Headers:
        """The fields that label the content, and say how it is sent."""
        first = () if self.content_type is None else (self.content_type,)
        labels = (("Content-Type", label) for label in (*first, *self.repeated))
        return (*labels, *self.fields)

    def request(self, path: str, url: str | None = None) -> Request:
        """Return the request to send to `url`, which ends with the operation's `path`."""
        address = url or path
        if self.path not in ("", path):
            before, mark, query = address.partition("?")
            address = f"{before.removesuffix(path).rstrip('/')}{self.path}{mark}{query}"
        return Request(self.method, address, self.headers, self.body, sized=self.sized)

    def response(self, status: int) -> Response:
        """Return the response with this content."""
        return Response(status, self.headers, self.body)
