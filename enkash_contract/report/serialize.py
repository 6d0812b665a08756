"""A result as plain data, on its way from one process to another.

pytest's workers send what they found with the reports of their tests, which other plugins read and
write to files as well. So it is plain data and no pickle, which could hold anything and would run
it; and no value of a header, no user and no query of an address leaves the process that knows it.
Where a body repeats one, only that process can tell, so it is hidden there as well.
"""

from __future__ import annotations

import base64
from dataclasses import asdict, astuple
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from enkash_contract.contract.evidence import Evidence, Level, Source
from enkash_contract.judging.finding import Finding
from enkash_contract.judging.members import Doubt, Member
from enkash_contract.judging.recordings import Recordings
from enkash_contract.judging.result import Exercise, Result, Tally
from enkash_contract.judging.stability import Stability
from enkash_contract.place import Place
from enkash_contract.secrets.redaction import Secrets, of, shown_value
from enkash_contract.secrets.secret_names import HIDDEN
from enkash_contract.wire.message import Headers, Interaction, Request, Response, shown_url

if TYPE_CHECKING:
    from collections.abc import Mapping

    Data = Mapping[str, Any]

_TEXTS = "check operation rule severity message pointer family case source reason fault".split()
"""The members of a finding that are texts."""


def pack(result: Result) -> dict[str, Any]:
    """Return `result` as plain data."""
    return {
        "findings": [_finding(finding) for finding in result.findings],
        "verdicts": dict(result.verdicts),
        "tallies": [[*key, *astuple(tally)] for key, tally in result.tallies.items()],
        "baseline": result.baseline,
        "notes": [*result.notes],
        "unread": [*result.unread],
        "waivers": [*result.waivers],
        "interrupted": result.interrupted,
        "members": [
            [*key, member.accepted, sorted(member.rejected)]
            for key, member in result.members.items()
        ],
        "doubts": [[*astuple(doubt), number] for doubt, number in result.doubts.items()],
        "stability": [*astuple(result.stability)],
        "requests": [[key, *astuple(tally)] for key, tally in result.requests.items()],
        "exercises": [[*way, *astuple(tally)] for way, tally in result.exercises.items()],
        "durations": [[*key, number] for key, number in result.durations.items()],
        "promises": [*result.promises],
        "recordings": asdict(result.recordings),
        "unconcluded": [*result.unconcluded],
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
        members={
            (operation, place): Member(accepted, frozenset(rejected))
            for operation, place, accepted, rejected in data["members"]
        },
        doubts={
            Doubt(operation, case, rule, polarity, tuple(places), concluded, family): number
            for operation, case, rule, polarity, places, concluded, family, number in data["doubts"]
        },
        stability=Stability(*data["stability"]),
        requests={polarity: Tally(*counts) for polarity, *counts in data["requests"]},
        exercises={Exercise(*row[:4]): Tally(*row[4:]) for row in data["exercises"]},
        durations={(operation, took): number for operation, took, number in data["durations"]},
        promises=tuple(data["promises"]),
        recordings=Recordings(**data["recordings"]),
        unconcluded=tuple(data["unconcluded"]),
    )


def _finding(finding: Finding) -> dict[str, Any]:
    sources = finding.evidence.sources
    return {
        **{name: getattr(finding, name) for name in _TEXTS},
        "level": finding.evidence.level.value,
        "pages": [[source.id, source.shows, source.read, source.url] for source in sources],
        "document": [finding.document.file, finding.document.line],
        "interaction": _interaction(finding.interaction) if finding.interaction else None,
        "count": finding.count,
    }


def _found(data: Data) -> Finding:
    pages, exchanged = [Source(*page) for page in data["pages"]], data["interaction"]
    return Finding(
        **{name: data[name] for name in _TEXTS},
        evidence=Evidence(Level(data["level"]), pages[0] if pages else None, tuple(pages[1:])),
        document=Place(*data["document"]),
        interaction=_exchanged(exchanged) if exchanged else None,
        count=data["count"],
    )


def _interaction(interaction: Interaction) -> dict[str, Any]:
    request, response, secrets = interaction.request, interaction.response, of(interaction)
    return {
        "method": request.method,
        "url": _hidden_url(request.url),
        "headers": _hidden(request.headers),
        "body": _written(request.body and _sent(request.body, secrets)),
        "sized": request.sized,
        "response": [
            response.status,
            _hidden(response.headers),
            _written(response.body and secrets.hide_bytes(response.body)),
        ]
        if response
        else None,
        "error": interaction.error and secrets.hide(interaction.error),
        "aborted": interaction.aborted,
        "source": interaction.source,
        "repeated": interaction.repeated,
        "unread": interaction.unread,
        "at": interaction.at,
        "seconds": interaction.seconds,
    }


def _exchanged(data: Data) -> Interaction:
    response = data["response"]
    return Interaction(
        Request(
            data["method"], data["url"], _pairs(data["headers"]), _read(data["body"]), data["sized"]
        ),
        Response(response[0], _pairs(response[1]), _read(response[2])) if response else None,
        data["error"],
        data["aborted"],
        data["source"],
        data["repeated"],
        data["unread"],
        at=data["at"],
        seconds=data["seconds"],
    )


def _sent(body: bytes, secrets: Secrets) -> bytes:
    """Return a body as it was sent, to be sent again, unless it repeats a secret of elsewhere.

    A secret of its own is known by the name of its member, in any process.
    """
    own = Secrets(secrets.described)
    own.add_body(body)
    hidden = secrets.hide_bytes(body)
    return body if hidden == own.hide_bytes(body) else hidden


def _hidden_url(url: str) -> str:
    parts = urlsplit(url)
    shown = urlsplit(shown_url(url))
    user = f"{HIDDEN}@" if parts.username else ""
    query = HIDDEN if parts.query else ""
    return shown._replace(netloc=user + shown.netloc, query=query).geturl()


def _hidden(headers: Headers) -> list[list[str]]:
    # The name stays, so that a curl line still has a variable for the value.
    return [[name, shown_value(name, value)] for name, value in headers]


def _pairs(listed: list[list[str]]) -> Headers:
    return tuple((name, value) for name, value in listed)


def _written(body: bytes | None) -> str | None:
    return None if body is None else base64.b64encode(body).decode()


def _read(text: str | None) -> bytes | None:
    return None if text is None else base64.b64decode(text)
