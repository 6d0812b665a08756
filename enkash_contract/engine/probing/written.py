"""Answers written down as an overlay with evidence `observed`: who answered, and when.

It holds neither payloads nor headers. Values that were accepted become examples, which are known to
be right from then on; that members are ignored becomes the evidence of the rule that says so, where
nothing stronger stands behind it. Nothing else is changed.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import yaml

from enkash_contract import clock
from enkash_contract.contract.answers import ANSWERS, key
from enkash_contract.contract.evidence import Level
from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.wording import counted
from enkash_contract.engine.transport.address import is_url
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from enkash_contract.engine.probing.probed import Answered, Probed

SHORT = 12
"""How many digits of a hash tell one run from another."""


def overlay(probed: Probed) -> str:
    """Return the overlay of what was `probed`, as YAML.

    Raises:
        UsageError: nothing was answered.

    """
    concluded = [each for each in probed.answers if each.concluded]
    if not concluded:
        raise UsageError("there is no answer to write down; see the note")
    source = _source_id(concluded)
    item = f"$[{_quoted(probed.operation.at[0])}][{_quoted(probed.operation.at[1])}]"
    operation = f"{item}.{probed.operation.at[2]}"
    actions: list[dict[str, Any]] = [
        {"target": item, "update": {"x-sources": {source: _source(probed, concluded)}}},
        {"target": operation, "update": {ANSWERS: _answers(concluded, source)}},
    ]
    if _ignores_members(probed, concluded):
        media = _quoted(probed.operation.request.media_type)
        actions.append(
            {
                "target": f"{operation}.requestBody.content[{media}].schema",
                "update": {"x-evidence": {"additionalProperties": f"observed {source}"}},
            }
        )
    whole = {
        "overlay": "1.0.0",
        "info": {
            "title": f"Answers of {host(probed.target)} about {probed.operation.id}",
            "version": clock.today().isoformat(),
        },
        "actions": actions,
    }
    return yaml.safe_dump(whole, sort_keys=False, allow_unicode=True, width=100)


def host(target: str) -> str:
    """Return the name of a target without anything that may be secret."""
    if not is_url(target):
        return target
    return urlsplit(target).netloc.rpartition("@")[2]


def _answers(concluded: list[Answered], source: str) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for each in concluded:
        question = each.question
        answer: dict[str, Any] = {"says": each.says, "evidence": f"observed {source}"}
        if each.examples and question.side == REQUEST and _is_member(each):
            answer["examples"] = [*each.examples]
        answer["exchanges"] = [*each.exchanges]
        found.setdefault(question.id, {})[key(question.side, question.pointer)] = answer
    return found


def _is_member(each: Answered) -> bool:
    """Return whether the values that were tried stand where the question points."""
    return each.question.kind == "values"


def _ignores_members(probed: Probed, concluded: list[Answered]) -> bool:
    """Return whether further members were accepted, and no better evidence says so."""
    rule = probed.operation.rules.get(f"{REQUEST}#additionalProperties")
    if rule is None or rule.evidence.at_least(Level.OBSERVED):
        return False
    kinds = [each.question.kind for each in concluded if each.accepted]
    return any(kind == "unknown-members" for kind in kinds)


def _source(probed: Probed, concluded: list[Answered]) -> dict[str, str]:
    sent = sum(each.sent for each in concluded)
    accepted = sum(each.accepted for each in concluded)
    number = counted(len(concluded), "question")
    return {
        "read": clock.today().isoformat(),
        "shows": (
            f"Answers of {host(probed.target)} to {number}: {counted(sent, 'request')}, "
            f"{accepted} of them accepted."
        ),
    }


def _source_id(concluded: list[Answered]) -> str:
    """Return an id that no other run has."""
    exchanges = "".join(digest for each in concluded for digest in each.exchanges)
    return f"probe-{clock.today()}-{hashlib.sha256(exchanges.encode()).hexdigest()[:SHORT]}"


def _quoted(name: Any) -> str:
    return f"'{name}'"
