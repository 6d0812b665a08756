"""One entry of a recording, and functions that read the parts that all formats have.

Recorders and the scripts of their users write much that no format allows: numbers and lists for
the values of headers, a status as text. What can be meant only one way is read; what says nothing
is left out; and what is broken on one side leaves the other side to be judged.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.entries.moments import duration, seconds_since_epoch
from enkash_contract.wire.message import Interaction, Request

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.wire.message import Headers, Response


@dataclass(frozen=True, slots=True)
class Missing:
    """A part of an entry that is not known, such as "request body".

    The reason follows "was" or "were", and is the same for all entries of a kind; `detail` is what
    is true of this entry alone. The remedy is a command to whoever records, "" where there is none.
    """

    part: str
    reason: str
    remedy: str = ""
    detail: str = ""

    def __str__(self) -> str:
        return f"the {self.part} was {self.reason}{self.detail and ' '}{self.detail}"


@dataclass(frozen=True, slots=True)
class Entry:
    """One entry of a recording: an interaction, or the problems that stand in its way.

    With both, the problems say which parts of the interaction are not known. The method of a
    request is empty where it was not recorded, and so are its headers.
    """

    source: str
    interaction: Interaction | None
    problems: tuple[Missing, ...] = ()

    @property
    def problem(self) -> str:
        """The problems in words."""
        return "; ".join(map(str, self.problems))


class BrokenError(ValueError):
    """A part of an entry is not what its format says."""


def member(owner: Any, name: str) -> dict[str, Any]:
    """Return the member `name` of `owner`, which is an object.

    Raises:
        BrokenError: it is missing, or not an object.

    """
    if not isinstance(owner, dict):
        raise BrokenError(f"what should hold {name!r} is not an object")
    if owner.get(name) is None:
        raise BrokenError(f"{name!r} is missing")
    value = owner[name]
    if not isinstance(value, dict):
        raise BrokenError(f"{name!r} is not an object")
    return value


def request_of(recorded: Any) -> dict[str, Any] | None:
    """Return the request of an interaction, if it is an object."""
    request = recorded.get("request") if isinstance(recorded, dict) else None
    return request if isinstance(request, dict) else None


def text_at(owner: dict[str, Any] | None, *names: str) -> str | None:
    """Return the first text that one of the members `names` holds; None if there is none."""
    values = (owner.get(name) for name in names) if owner else ()
    return next((value for value in values if isinstance(value, str) and value), None)


def address(owner: dict[str, Any], *names: str) -> str:
    """Return the first of the members `names` that is there, which is a URL.

    It may be one that cannot be taken apart.

    Raises:
        BrokenError: there is none.

    """
    name = next((name for name in names if owner.get(name)), names[0])
    url = owner.get(name)
    if not url:
        raise BrokenError(f"{name!r} is missing")
    if not isinstance(url, str):
        raise BrokenError(f"{name!r} is not a string")
    return url


def method_of(owner: dict[str, Any]) -> str:
    """Return the method of a request, in capitals; "" where it was not recorded."""
    method = owner.get("method")
    # Ruby writes a symbol with a colon.
    return method.strip().removeprefix(":").upper() if isinstance(method, str) else ""


def number_of(value: Any) -> int | None:
    """Return the status that `value` means: 200, 200.0, "200" or "200 OK"; None if it is none.

    Zero and less is what recorders write in the place of one.
    """
    if isinstance(value, str):
        found = re.fullmatch(r"\s*(\d{3})(?:\s.*)?", value, re.DOTALL | re.ASCII)
        return int(found[1]) if found else None
    if not isinstance(value, (int, float)) or isinstance(value, bool) or value != value // 1:
        return None
    return int(value) if LEAST_STATUS <= value <= HIGHEST_STATUS else None


LEAST_STATUS, HIGHEST_STATUS = -(10**9), 999


def status_of(value: Any) -> int:
    """Return the status that `value` means, where there has to be one.

    Raises:
        BrokenError: it is none.

    """
    status = number_of(value)
    if status is None:
        raise BrokenError("its status is no number")
    return status


LONG = 1024
"""Bits of a number that is too long to be written out."""

NESTED = 8
"""So deep are lists of values looked into; no field is written in that way."""


def headers_of(owner: dict[str, Any], name: str = "headers") -> Headers:
    """Return the headers of a message, however they were written; what has no value is left out."""
    recorded = owner.get(name)
    if isinstance(recorded, str):
        recorded = recorded.splitlines()
    if isinstance(recorded, dict):
        pairs = iter(recorded.items())
    elif isinstance(recorded, list):
        pairs = (_pair(field) for field in recorded)
    else:
        return ()
    return tuple(
        (field, value)
        for key, values in pairs
        for field in _texts(key)
        for value in _texts(values)
        if field
    )


def _pair(field: Any) -> tuple[Any, Any]:
    """Return name and value of a field: an object that names both, two in a list, or a line."""
    if isinstance(field, dict):
        # Newman calls the name a key, and keeps the fields that were not sent.
        sent = field if field.get("disabled") is not True else {}
        return sent.get("name", sent.get("key")), sent.get("value")
    if isinstance(field, str):
        name, colon, value = field.partition(":")
        return (name.strip(), value.strip()) if colon else (None, None)
    two = 2
    return tuple(field) if isinstance(field, list) and len(field) == two else (None, None)


def _texts(value: Any, depth: int = NESTED) -> Iterator[str]:
    """Yield each value that a field has, as text: none, one or several."""
    if isinstance(value, list):
        for each in value if depth else ():
            yield from _texts(each, depth - 1)
    elif isinstance(value, bytes):
        yield value.decode("latin-1")
    elif isinstance(value, bool):
        yield str(value).lower()
    elif isinstance(value, float) and value.is_integer():
        yield str(int(value))
    elif isinstance(value, str):
        yield value
    elif isinstance(value, float) or (isinstance(value, int) and value.bit_length() < LONG):
        yield str(value)


Problems = list[Missing]

NOT_RECORDED = Missing("response", "not recorded")
UNREADABLE = "unreadable"

INTERIM = range(100, 200)
"""The statuses that only announce a response (RFC 9110, section 15.2)."""


def entry_of(
    recorded: Any,
    source: str,
    request_of: Callable[[dict[str, Any], Problems], Request],
    response_of: Callable[[dict[str, Any], Problems], Response | Missing],
    *,
    at: Any = None,
    seconds: Any = None,
) -> Entry:
    """Return the entry of one interaction, read by two functions of its format.

    That of the response may return the reason why there was none. `at` is when it began, in any way
    of writing, and `seconds` what it took.
    """
    problems: Problems = []
    try:
        request = request_of(member(recorded, "request"), problems)
    except BrokenError as problem:
        return Entry(source, None, (Missing("address", UNREADABLE, detail=f"({problem})"),))
    response: Response | Missing = NOT_RECORDED
    if recorded.get("response") is not None:
        try:
            response = response_of(member(recorded, "response"), problems)
        except BrokenError as problem:
            response = Missing("response", UNREADABLE, detail=f"({problem})")
    if not isinstance(response, Missing) and response.status in INTERIM:
        problems = [problem for problem in problems if not problem.part.startswith("response")]
        response = replace(NOT_RECORDED, detail=f"(status {response.status} is interim)")
    when, took = seconds_since_epoch(at), duration(seconds)
    if isinstance(response, Missing):
        # Nobody can tell whose fault it was, and the request is judged all the same.
        problems.append(response)
        error = str(response)
        interaction = Interaction(
            request, None, error, aborted=True, source=source, at=when, seconds=took
        )
    else:
        interaction = Interaction(request, response, source=source, at=when, seconds=took)
    return Entry(source, interaction, tuple(problems))
