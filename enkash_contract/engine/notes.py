"""Notes of a run beside its findings: why nothing could be concluded, and what helps.

Each is a sentence, what to do about it after a semicolon. A function that may have nothing to say
yields its note, so that callers need not ask first.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.wording import counted
from enkash_contract.judging.stability import LEAST
from enkash_contract.wire.pointer import ABSENT, get, pointer, tokens
from enkash_contract.wire.spelling import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from enkash_contract.judging.stability import Stability
    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.wire.message import Interaction


def busy_note(error: str) -> str:
    """Advise what to do about a target that was busy for too long."""
    return (
        f"the target {error}, so the run ended with what was known; try again later, slow down "
        "with --rate, or wait longer with --max-wait"
    )


def response_notes(uninformative: Mapping[int, int]) -> Iterator[str]:
    """Note the number of cases for each status that says nothing about a payload."""
    for status, number in sorted(uninformative.items()):
        yield f"the response {status}, to {counted(number, 'case')}, says nothing about the payload"


def state_notes(unproven: int, *, regained: bool) -> Iterator[str]:
    """Explain what follows when the baseline was accepted and later rejected."""
    if not unproven:
        return
    cases = counted(unproven, "case")
    if regained:
        yield (
            "the baseline was accepted, then rejected, and later accepted again, so the responses "
            f"to {cases} in between prove nothing; see to the target's state, or run it again"
        )
    else:
        yield (
            "the baseline was accepted and later rejected: the target keeps state, so its "
            f"responses to {cases} since it last accepted something prove nothing; pin what it "
            "knows with --pin, or choose fewer cases with --only or --max-accepted"
        )


def outage_notes(unknown: int) -> Iterator[str]:
    """Note the number of cases that were sent while the target failed."""
    if unknown:
        cases = counted(unknown, "case")
        yield f"the target was out of order for a time, so nothing is known of {cases} sent then"


def silence_note(last: Interaction, left: int) -> str:
    """Note the number of cases that were not sent because the target is no longer there."""
    problem = f"responds {last.response.status}" if last.response else str(last.error)
    return (
        f"the baseline failed repeatedly (the target {problem}), so {counted(left, 'case')} were "
        "not sent; see to the server, give it more time with --timeout, or slow down with --rate"
    )


def chance_notes(unrepeated: int) -> Iterator[str]:
    """Note the responses that changed when their case was repeated; they are not counted."""
    if unrepeated:
        yield (
            f"the responses to {counted(unrepeated, 'case')} spoke against the target, and changed "
            "when sent again; what happens by chance is not counted"
        )


def contradiction_notes(contradicted: int, valid: int) -> Iterator[str]:
    """Note a target that rejects valid requests now and then, without a pattern."""
    if contradicted >= LEAST:
        yield (
            f"the target contradicts itself: {contradicted} of {counted(valid, 'valid request')} "
            "were rejected, and accepted another time; see whether one of its instances is out of "
            "date, or somebody else works on the same invoice"
        )


def unstable_notes(stability: Stability) -> Iterator[str]:
    """Explain that nothing is concluded of a target that is too unstable."""
    if stability.exceeded:
        yield (
            f"{stability.unstable} of {counted(stability.requests, 'response')} were lost, "
            "a gateway's 502, 503 or 504, part of an outage, or other than the next time, so "
            "nothing is concluded; try again later, or bear more with --max-unstable PERCENT"
        )


def look_up_notes(places: Sequence[str], baseline: Any, secrets: Secrets) -> Iterator[str]:
    """Name the members of which only the baseline's value was accepted, and how to pin them."""
    if not places:
        return
    pins = (_pin(place, baseline, secrets) for place in places)
    options = " ".join(pin for pin in pins if pin)
    mend = f"; pin them: {options}" if options else ""
    yield (
        f"the target accepted no other valid value than the baseline's of {', '.join(places)}; "
        "where it looks them up that is no fault, so nothing follows from their rejection, and "
        f"rejections of their invalid values count as masked{mend}"
    )


def _pin(place: str, baseline: Any, secrets: Secrets) -> str:
    """Return the option that keeps the baseline's value at `place`, "" where there is none."""
    at = tuple("0" if token == "*" else token for token in tokens(place))
    value = get(baseline, at)
    if value is ABSENT:
        return ""
    text = value if isinstance(value, str) else written(value)
    return f"--pin {shlex.quote(f'{pointer(at)}={secrets.hide(text)}')}"
