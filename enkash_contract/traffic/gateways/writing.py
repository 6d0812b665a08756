"""Interactions as records of a log: each member where the log holds it.

A member stands where another record of the log has it, or else at the first of its paths. What no
path names is not written, because it would not be read either.
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from enkash_contract.traffic.entries.entry import headers_of
from enkash_contract.traffic.gateways.paths import NOTHING
from enkash_contract.wire.message import header

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.traffic.gateways.paths import JsonPath

_NUMBER = re.compile(r"\d{1,19}(?:\.\d{1,9})?", re.ASCII)


def record(
    paths: Mapping[str, tuple[JsonPath, ...]], other: Any, interaction: dict[str, Any]
) -> dict[str, Any] | None:
    """Return the interaction `interaction` as a record of a log, of which `other` is one.

    None is returned where a member can only be looked for.
    """
    written: dict[str, Any] = {}
    for target, places in paths.items():
        known = [path for path in places if path.steps]
        path = next((path for path in known if path.found(other) not in (NOTHING, None)), None)
        before = None if path is None else path.found(other)
        value = _value(target, interaction, before)
        if value is None:
            continue
        if not known:
            return None
        _put(written, (path or known[0]).steps or (), value)
    return written


def _value(target: str, interaction: dict[str, Any], before: Any) -> Any:
    """Return the value of a member, in the manner in which it stood in another record."""
    side, _, name = target.partition(".")
    message = interaction.get(side)
    if not isinstance(message, dict):
        # A time that is no number may have something beside it.
        is_number = _NUMBER.fullmatch(str(before)) is not None
        return before if message is not None and is_number else message
    if name in ("url", "scheme", "host"):
        return _address(name, message["url"], before)
    if name == "headers":
        return _headers(message)
    if name.startswith("headers."):
        return header(headers_of(message), name.removeprefix("headers."))
    if name == "size":
        return None if "body" not in message or before is None else len(message["body"].encode())
    return message.get(name)


def _address(name: str, url: str, before: Any) -> str | None:
    """Return the part of an address; all of it, unless the other record has its path alone."""
    parts = urlsplit(url)
    if name == "url":
        is_path = str(before).startswith("/")
        return parts._replace(scheme="", netloc="").geturl() if is_path else url
    return (parts.scheme if name == "scheme" else parts.netloc) or None


def _headers(message: dict[str, Any]) -> dict[str, Any]:
    """Return headers by their names, those that came more than once as lists."""
    fields: dict[str, Any] = {}
    for name, value in headers_of(message):
        fields.setdefault(name, []).append(value)
    return {name: values if values[1:] else values[0] for name, values in fields.items()}


def _put(written: Any, steps: tuple[str | int, ...], value: Any) -> None:
    """Set what is at a path of names and of places in lists."""
    for step, below in pairwise(steps):
        _fill(written, step)
        if not written[step]:
            written[step] = [] if isinstance(below, int) else {}
        written = written[step]
    _fill(written, steps[-1])
    written[steps[-1]] = value


def _fill(written: Any, step: str | int) -> None:
    """Let something be at a step."""
    if isinstance(written, dict):
        written.setdefault(step, None)
    else:
        written += [None] * (int(step) + 1 - len(written))
