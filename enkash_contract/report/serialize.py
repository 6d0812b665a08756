"""A result as plain data, on its way from one process to another.

pytest's workers send what they found with the reports of their tests, which other plugins read and
write to files as well. So it is plain data and no pickle, which could hold anything and would run
it; and no value of a header, no user and no query of an address leaves the process that knows it.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from enkash_contract.contract.evidence import Evidence, Level, Source
from enkash_contract.judging.result import Finding, Result, Tally
from enkash_contract.place import Place
from enkash_contract.secrets.redaction import HARMLESS_HEADERS
from enkash_contract.secrets.secret_names import HIDDEN
from enkash_contract.wire.message import Headers, Interaction, Request, Response, shown_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    Data = Mapping[str, Any]

_TEXTS = "check operation rule severity message pointer family case source reason".split()
"""The members of a finding that are texts."""


def pack(result: Result) -> dict[str, Any]:
    """Return `result` as plain data."""
    return {
        "findings": [_finding(one) for one in result.findings],
        "verdicts": dict(result.verdicts),
        "tallies": [[*key, one.exercised, one.held] for key, one in result.tallies.items()],
        "baseline": result.baseline,
        "notes": [*result.notes],
        "unread": [*result.unread],
        "waivers": [*result.waivers],
        "interrupted": result.interrupted,
    }


def unpack(data: Data) -> Result:
    """Return the result that was packed, without its secrets."""
    return Result(
        tuple(map(_found, data["findings"])),
        dict(data["verdicts"]),
        {(rule, polarity): Tally(*counts) for rule, polarity, *counts in data["tallies"]},
        data["baseline"],
        tuple(data["notes"]),
        tuple(data["unread"]),
        tuple(data["waivers"]),
        data["interrupted"],
    )


def _finding(one: Finding) -> dict[str, Any]:
    source = one.evidence.source
    return {
        **{name: getattr(one, name) for name in _TEXTS},
        "level": one.evidence.level.value,
        "page": [source.id, source.shows, source.read] if source else None,
        "document": [one.document.file, one.document.line],
        "interaction": _interaction(one.interaction) if one.interaction else None,
    }


def _found(data: Data) -> Finding:
    page, exchanged = data["page"], data["interaction"]
    return Finding(
        **{name: data[name] for name in _TEXTS},
        evidence=Evidence(Level(data["level"]), Source(*page) if page else None),
        document=Place(*data["document"]),
        interaction=_exchanged(exchanged) if exchanged else None,
    )


def _interaction(one: Interaction) -> dict[str, Any]:
    asked, answered = one.request, one.response
    return {
        "method": asked.method,
        "url": _hidden_url(asked.url),
        "headers": _hidden(asked.headers),
        "body": _written(asked.body),
        "sized": asked.sized,
        "answer": [answered.status, _hidden(answered.headers), _written(answered.body)]
        if answered
        else None,
        "error": one.error,
        "aborted": one.aborted,
        "source": one.source,
        "repeated": one.repeated,
    }


def _exchanged(data: Data) -> Interaction:
    answer = data["answer"]
    return Interaction(
        Request(
            data["method"], data["url"], _pairs(data["headers"]), _read(data["body"]), data["sized"]
        ),
        Response(answer[0], _pairs(answer[1]), _read(answer[2])) if answer else None,
        data["error"],
        data["aborted"],
        data["source"],
        data["repeated"],
    )


def _hidden_url(url: str) -> str:
    parts = urlsplit(url)
    shown = urlsplit(shown_url(url))
    user = f"{HIDDEN}@" if parts.username else ""
    query = HIDDEN if parts.query else ""
    return shown._replace(netloc=user + shown.netloc, query=query).geturl()


def _hidden(headers: Headers) -> list[list[str]]:
    # The name stays, so that a curl line still has a variable for the value.
    return [
        [name, value if name.lower() in HARMLESS_HEADERS else HIDDEN] for name, value in headers
    ]


def _pairs(listed: list[list[str]]) -> Headers:
    return tuple((name, value) for name, value in listed)


def _written(body: bytes | None) -> str | None:
    return None if body is None else base64.b64encode(body).decode()


def _read(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)
