"""The members of an entry in JSON that decide in most cases, decoded once and by their types.

Only what is written in the most usual way is decoded: everything else is read by its format. So a
struct names what it needs and, as `Absent`, what would give an entry another meaning.
"""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING, Any, Generic, Literal, TypeVar

import msgspec

if TYPE_CHECKING:
    from enkash_contract.traffic.cutting.run import Run

Absent = Literal["\0absent"]
"""The type of a member that must not be there, of which this is the default."""

ABSENT: Absent = "\0absent"


class Header(msgspec.Struct, gc=False):
    """A field of a message."""

    name: str
    value: str
    disabled: None = None


class Body(msgspec.Struct, gc=False, rename="camel"):
    """The body of a message, and its label where none is among the headers."""

    text: str | None = None
    mime_type: str = ""
    encoding: str | None = None


class Sent(msgspec.Struct, gc=False):
    """A request, as HAR has it."""

    method: str
    url: str
    headers: list[Header]
    content: Body | None = msgspec.field(default=None, name="postData")
    body: Absent = ABSENT
    uri: Absent = ABSENT
    form: Absent = ABSENT
    header: Absent = ABSENT


class Received(msgspec.Struct, gc=False):
    """A response, as HAR has it."""

    status: int
    headers: list[Header]
    content: Body | None = None
    body: Absent = ABSENT
    code: Absent = ABSENT
    elapsed: Absent = ABSENT


class Glance(msgspec.Struct, gc=False):
    """The members of an entry that decide, in the shape of HAR, which need only be decoded then."""

    request: Sent
    response: Received
    time: float | None = None
    checks: Absent = ABSENT
    recorded_at: Absent = ABSENT

    @property
    def seconds(self) -> float | None:
        """The seconds that the response took, where that was recorded."""
        return None if self.time is None else self.time / 1000


def text(message: Sent | Received) -> str:
    """Return the body of a message, of which it is certain that there is one."""
    return str(message.content and message.content.text)


class _InSeconds(Glance, gc=False):
    @property
    def seconds(self) -> float | None:
        # What has been divided by 1000 may not be what it was before it was multiplied.
        return self.time


class _Message(msgspec.Struct, gc=False, rename="camel", kw_only=True):
    headers: dict[str, str] | list[Header]
    body: str | dict[str, Any]
    encoding: None = None
    uri: Absent = ABSENT
    form: Absent = ABSENT
    cookies: Absent = ABSENT
    http_version: Absent = ABSENT
    post_data: Absent = ABSENT
    header: Absent = ABSENT
    content: Absent = ABSENT
    code: Absent = ABSENT


class _Request(_Message, gc=False, kw_only=True):
    method: str
    url: str


class _Response(_Message, gc=False, kw_only=True):
    status: int


class _Interaction(msgspec.Struct, gc=False):
    request: _Request
    response: _Response
    seconds: float | None = None


class _Addressed(msgspec.Struct, gc=False):
    url: str
    method: str = ""
    body: Absent = ABSENT
    uri: Absent = ABSENT
    form: Absent = ABSENT
    header: Absent = ABSENT


class _Unlabelled(msgspec.Struct, gc=False):
    body: Absent = ABSENT
    code: Absent = ABSENT
    elapsed: Absent = ABSENT


class _Address(msgspec.Struct, gc=False):
    request: _Addressed
    response: _Unlabelled | None = None
    checks: Absent = ABSENT
    recorded_at: Absent = ABSENT


Entry = TypeVar("Entry")


class _Shape(Generic[Entry]):
    """A way to write entries, decoded one by one or all at once."""

    def __init__(self, kind: type[Entry]) -> None:
        self.one = msgspec.json.Decoder(kind).decode
        self._listed = msgspec.json.Decoder(list[kind]).decode  # type: ignore[valid-type]
        self._lines = msgspec.json.Decoder(tuple[kind]).decode_lines  # type: ignore[valid-type]

    def all(self, run: Run) -> list[Entry]:
        """Return the entries of a run; each line is one, where it is made up of lines."""
        if not run.is_lines:
            return self._listed(run.text)
        # msgspec does not mind where lines end. But nothing goes on behind such brackets, and so
        # no line can hold two entries, none, or a part of one.
        lines = b"[%b]" % run.text.replace(b"\n", b"]\n[")
        return [entry for (entry,) in self._lines(lines)]


def _as_har(interaction: _Interaction) -> Glance:
    """Return an interaction as HAR would have it."""
    request, response = interaction.request, interaction.response
    # A path alone may be completed by other members.
    url = "" if request.url.startswith("/") else request.url
    sent = Sent(request.method, url, _fields(request.headers), _content(request.body))
    received = Received(response.status, _fields(response.headers), _content(response.body))
    return _InSeconds(sent, received, interaction.seconds)


def _content(body: str | dict[str, Any]) -> Body:
    """Return a body that is a text, or the object that it was read as."""
    return Body(body if isinstance(body, str) else _written(body).decode())


def _fields(headers: dict[str, str] | list[Header]) -> list[Header]:
    if isinstance(headers, dict):
        return [Header(name, value) for name, value in headers.items()]
    return headers


_written = msgspec.json.Encoder().encode

FAILURES = (msgspec.MsgspecError, RecursionError, UnicodeDecodeError)

HAR = "log.entries"
"""The path at which HAR lists its entries."""

_HAR = _Shape(Glance)
_OURS = _Shape(_Interaction)

_address = msgspec.json.Decoder(_Address).decode


def address(raw: bytes, where: str) -> tuple[str, str] | None:
    """Return the method and the address of an entry of HAR; None if they are not certain."""
    if where not in ("", HAR):
        return None
    try:
        request = _address(raw).request
    except FAILURES:
        return None
    return request.method, request.url


def glance(raw: bytes, where: str) -> Glance | None:
    """Return what decides of an entry that was cut out of a list; None if it is not certain.

    `where` is the path of the list, and "" where the entry stands by itself.
    """
    if where in ("", HAR):
        with suppress(*FAILURES):
            return _HAR.one(raw)
    if not where:
        with suppress(*FAILURES):
            return _as_har(_OURS.one(raw))
    return None


def glances(run: Run) -> list[Glance] | None:
    """Return what decides of each entry of a run; None if that is not certain of any of them."""
    found: list[Glance] | None = None
    if run.where in ("", HAR):
        with suppress(*FAILURES):
            found = _HAR.all(run)
    if found is None and not run.where:
        with suppress(*FAILURES):
            found = [*map(_as_har, _OURS.all(run))]
    if found is not None:
        run.counts(len(found))
    return found
