"""The kinds of probes, a function for each, of one signature; the table `KINDS` lists them.

Each returns the requests that ask a question, and how their answers are read. A value that nobody
has published is neither right nor wrong: that it is rejected says nothing against the server.
"""

from __future__ import annotations

import itertools
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.operation import REQUEST
from enkash_contract.contract.wording import as_json
from enkash_contract.engine.probing.probe import Ask, Context, Heard, Probe, member
from enkash_contract.engine.probing.shape import shape_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from enkash_contract.contract.questions import Question
    from enkash_contract.contract.rules import Rule
    from enkash_contract.judging.case import Case

    Kind = Callable[[Question, Context], Probe]

LONGEST_IN_ASTRAL = {"pattern": "longest-in-astral", "maxLength": "on-bound-in-astral"}
"""The names of the valid cases with the longest text beyond U+FFFF, by keyword."""

UNKNOWN_MEMBER = "unknown-member"
"""The name of the valid case with a member that the document does not describe."""

STEPS = {"the current one": 0, "1 more": 1, "2 more": 2, "1 less": -1}
"""The new versions that are tried, beside the current one."""


def answer(_question: Question, _context: Context) -> Probe:
    """Look at the response to the baseline; nothing is sent."""
    return Probe((Ask("the response to the baseline"),), _shape)


def error(_question: Question, context: Context) -> Probe:
    """Send one request that is surely invalid, and look at its rejection."""
    builder = context.builder
    known = (rule for rule in context.operation.rules.values() if rule.side == REQUEST)
    # A rejected value shows more than a rejected text; the strongest evidence comes first.
    for rule in sorted(known, key=_surely):
        for case in builder.invalid(rule):
            return Probe((_of_case(case),), _rejection)
    return Probe((), _rejection)


def unknown_members(_question: Question, context: Context) -> Probe:
    """Send a member that the document does not describe, beside those of the payload."""
    rule = context.operation.rules.get(f"{REQUEST}#additionalProperties")
    return Probe(_cases(context, rule, UNKNOWN_MEMBER), _ignored)


def lengths(question: Question, context: Context) -> Probe:
    """Send the longest text, each of whose characters is two UTF-16 units and four bytes."""
    for keyword, name in LONGEST_IN_ASTRAL.items():
        rule = context.operation.rules.get(f"{REQUEST}{question.pointer}#{keyword}")
        asks = _cases(context, rule, name)
        if asks:
            return Probe(asks, _counted)
    return Probe((), _counted)


def versions(question: Question, context: Context) -> Probe:
    """Send new versions near the current one."""
    probe = question.probe or {}
    new = member(question, probe["new"])
    current = context.value(member(question, probe["current"]))
    if type(current) is not int:
        return Probe((), _accepted)
    tried = (
        context.trying(f"{says} ({current + step})", {new: current + step}, new)
        for says, step in STEPS.items()
    )
    return Probe(tuple(filter(None, tried)), _accepted)


def values(question: Question, context: Context) -> Probe:
    """Send each of the guesses in the member's place."""
    guesses = (question.probe or {})["guesses"]
    tried = (
        context.trying(as_json(guess), {question.pointer: guess}, question.pointer)
        for guess in guesses
    )
    return Probe(tuple(filter(None, tried)), _accepted)


def transitions(question: Question, context: Context) -> Probe:
    """Send pairs of the guesses, without those that were not accepted by themselves."""
    probe = question.probe or {}
    before, after = member(question, probe["from"]), member(question, probe["to"])
    pairs = [
        {before: first, after: second}
        for first, second in itertools.permutations(probe["guesses"], 2)
        if context.may_be(before, first) and context.may_be(after, second)
    ]
    asks = (
        context.trying(f"{as_json(pair[before])} to {as_json(pair[after])}", pair) for pair in pairs
    )
    return Probe(tuple(filter(None, asks)), _accepted)


def twice(_question: Question, context: Context) -> Probe:
    """Send the baseline once more."""
    baseline = context.builder.baseline
    return Probe((Ask("the baseline, sent again", baseline.wire),), _again)


KINDS: dict[str, Kind] = {
    "answer": answer,
    "error": error,
    "unknown-members": unknown_members,
    "lengths": lengths,
    "versions": versions,
    "values": values,
    "transitions": transitions,
    "twice": twice,
}
"""The kinds in the order in which they are sent: transitions need the values that were accepted,
and what may change the state of a server comes late."""


def _surely(rule: Rule) -> tuple[bool, int]:
    levels = [*type(rule.evidence.level)]
    return not (rule.keyword == "type" and rule.pointer), levels.index(rule.receiver.level)


def _cases(context: Context, rule: Rule | None, name: str) -> tuple[Ask, ...]:
    """Return the request of the valid case with that name, if there is one."""
    cases = () if rule is None else context.builder.valid(rule)
    named = f"/{name}"
    return tuple(_of_case(case) for case in cases if case.id.endswith(named))


def _of_case(case: Case) -> Ask:
    return Ask(case.says, case.wire, case, valid=case.polarity == "accept")


def _shape(heard: Sequence[Heard]) -> str:
    return shape_of(heard[0].interaction)


def _rejection(heard: Sequence[Heard]) -> str:
    found = heard[0]
    said = "accepted, although it is invalid: " if found.outcome == "accepted" else ""
    return f"{said}{shape_of(found.interaction)}"


def _ignored(heard: Sequence[Heard]) -> str:
    return "ignored" if heard[0].outcome == "accepted" else "rejected"


def _counted(heard: Sequence[Heard]) -> str:
    if heard[0].outcome == "accepted":
        return "in code points"
    return "not in code points, or not these characters: the longest text of them is rejected"


def _accepted(heard: Sequence[Heard]) -> str:
    def listed(outcome: str) -> str:
        return ", ".join(each.ask.says for each in heard if each.outcome == outcome)

    yes, no = listed("accepted"), listed("rejected")
    parts: Iterable[Any] = (yes and f"accepted {yes}", no and f"rejected {no}")
    return "; ".join(filter(None, parts))


def _again(heard: Sequence[Heard]) -> str:
    return "accepted again" if heard[0].outcome == "accepted" else "rejected the second time"
