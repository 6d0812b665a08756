"""A response in words that name its shape and hold none of its values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from enkash_contract.contract.wording import a_type
from enkash_contract.errors import printable
from enkash_contract.secrets import redaction
from enkash_contract.wire import strict_json
from enkash_contract.wire.message import header

if TYPE_CHECKING:
    from enkash_contract.wire.message import Interaction, Response

MOST = 20
"""The most members of an object that are named."""


def shape_of(interaction: Interaction) -> str:
    """Return the status, the label and the shape of the response, without secrets."""
    response = interaction.response
    if response is None:
        return "no response"
    label = header(response.headers, "content-type")
    secrets = redaction.of(interaction)
    parts = (str(response.status), label or "no media type", _of_body(response))
    return printable(secrets.hide(", ".join(parts)))


def _of_body(response: Response) -> str:
    if not response.body:
        return "no body"
    payload, faults = strict_json.decode_again(response.body)
    if faults:
        return "a body that is not JSON"
    if not isinstance(payload, dict):
        return _type_of(payload)
    if not payload:
        return "an object without members"
    members = [f"{name} ({_type_of(value)})" for name, value in payload.items()]
    more = len(members) - MOST
    return f"an object with {', '.join(members[:MOST])}{f' and {more} more' if more > 0 else ''}"


def _type_of(value: Any) -> str:
    return a_type(next(name for kinds, name in _TYPES if isinstance(value, kinds)))


_TYPES: tuple[tuple[Any, str], ...] = (
    (bool, "boolean"),
    (int, "integer"),
    ((float, complex), "number"),
    (str, "string"),
    (dict, "object"),
    (list, "array"),
    (object, "null"),
)
