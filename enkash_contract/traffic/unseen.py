"""Parts of an interaction that nobody has seen, and that so break no rule.

No request is without a method, and no message without any header: these were not recorded. And
scrubbers hide labels and members of bodies by marks, most of which would break a rule. Nobody knows
whether the value itself did, so it is judged no more than a body that was not recorded.
"""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.contract.operation import REQUEST
from enkash_contract.traffic.counting.lacks import Lack
from enkash_contract.traffic.entries.bodies import HIDDEN
from enkash_contract.traffic.entries.marks import is_mark
from enkash_contract.wire.message import header
from enkash_contract.wire.pointer import places, pointer

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.finding import Finding
    from enkash_contract.wire.message import Headers, Interaction

METHOD = Lack("request method", "not recorded", "record methods as well")
HEADERS = Lack("request header section", "not recorded", "record headers as well")
RESPONSE_HEADERS = Lack("response header section", "not recorded", "record headers as well")

AS_SENT = "record labels as they were sent"
LABEL = Lack("request label", HIDDEN.reason, AS_SENT)
RESPONSE_LABEL = Lack("response label", HIDDEN.reason, AS_SENT)

_INDEX = re.compile(r"/\d+(?=/|\Z)", re.ASCII)


def completed(interaction: Interaction, operation: Operation) -> tuple[Interaction, list[Lack]]:
    """Return an interaction with what every one has, and what of that was not recorded."""
    request, response, lacks = interaction.request, interaction.response, list[Lack]()
    if not request.method:
        lacks.append(METHOD)
        request = replace(request, method=operation.method)
    lack = _without_label(request.headers, HEADERS, LABEL)
    if lack:
        lacks.append(lack)
        headers = _labelled(request.headers, operation.request.media_type)
        request = replace(request, headers=headers)
    side = operation.response(response.status) if response else None
    lack = _without_label(response.headers, RESPONSE_HEADERS, RESPONSE_LABEL) if response else None
    if side and response and lack:
        lacks.append(lack)
        response = replace(response, headers=_labelled(response.headers, side.media_type))
    known = replace(interaction, request=request, response=response) if lacks else interaction
    return known, lacks


def _without_label(headers: Headers, none: Lack, hidden: Lack) -> Lack | None:
    """Return why the label of a message is not known: there is no header, or a mark is in it."""
    if not headers:
        return none
    return hidden if is_mark(header(headers, "content-type") or "") else None


def _labelled(headers: Headers, label: str) -> Headers:
    others = ((name, value) for name, value in headers if name.lower() != "content-type")
    return (*others, ("Content-Type", label))


def with_hidden(
    interaction: Interaction, findings: Iterable[Finding]
) -> tuple[Interaction, list[Lack]]:
    """Return an interaction with its hidden members named, if `findings` rest on any of them.

    Each of these is a lack. What breaks no rule may stay as it is.
    """
    request, response = interaction.request, interaction.response
    about = {(each.rule.startswith(REQUEST), each.pointer) for each in findings}
    sent, received = _marks(request.body), _marks(response.body if response else None)
    asked = _members("request", (pointer for pointer in sent if (True, pointer) in about))
    answered = _members("response", (pointer for pointer in received if (False, pointer) in about))
    if asked:
        request = replace(request, hidden=sent)
    if response and answered:
        response = replace(response, hidden=received)
    return replace(interaction, request=request, response=response), asked + answered


def _members(side: str, pointers: Iterable[str]) -> list[Lack]:
    """Return the hidden members of a message; all items of a list are one."""
    places = sorted({_INDEX.sub("/*", pointer) for pointer in pointers})
    return [
        Lack(f"{side} member", f"{HIDDEN.reason} at {place or 'the top'}", HIDDEN.remedy)
        for place in places
    ]


def _marks(body: bytes | None) -> frozenset[str]:
    """Return the pointers to the members of a body that are marks."""
    try:
        found = places(json.loads(body or b""))
        marks = (at for at, each in found if isinstance(each, str) and is_mark(each))
        return frozenset(map(pointer, marks))
    except (ValueError, RecursionError):
        return frozenset()
