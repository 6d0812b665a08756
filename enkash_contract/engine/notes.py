"""Notes of a run beside its findings: why nothing could be concluded, and what helps.

Each is a sentence, what to do about it after a semicolon. A function that may have nothing to say
yields its note, so that callers need not ask first.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.wording import counted
from enkash_contract.wire.pointer import ABSENT, get, pointer, tokens
from enkash_contract.wire.spelling import written

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from enkash_contract.secrets.redaction import Secrets
    from enkash_contract.validation.outcome import Outcome
    from enkash_contract.wire.message import Interaction

REDIRECTION = 3
"""The first digit of statuses that send a client elsewhere."""


def baseline_note(outcome: Outcome, status: int) -> str:
    """Explain why nothing follows from a baseline with that outcome, and how to mend it."""
    response = f"the response to the baseline was {status}"
    if outcome == "rejected":
        why = "the baseline was rejected, so a rejection of anything else proves nothing"
        mend = "vouch for a request that is accepted: --base FILE, or --pin /pointer=value"
    elif outcome == "error":
        why = f"{response}, so nothing was sent after it"
        mend = "mend the server, or try again later"
    elif status in _REMEDIES:
        meaning, mend = _REMEDIES[status]
        why = f"{response}: {meaning}"
    elif status // 100 == REDIRECTION:
        why = f"{response}: the target is somewhere else"
        mend = "give the address it redirects to"
    else:
        why = f"{response} in a way the document does not know"
        mend = "see the findings on the response, or describe it in an overlay's x-outcome"
    return f"{why}; {mend}"


_CREDENTIALS = (
    "the credentials were rejected",
    "pass them with -H 'Authorization: …', --bearer-env or --token-command",
)

_REMEDIES = {
    401: _CREDENTIALS,
    403: _CREDENTIALS,
    404: (
        "nothing is served at that address, or no such invoice",
        "check the address, or vouch for an invoice with --base FILE",
    ),
    407: (
        "the proxy wants credentials",
        "give them in its address, --proxy http://USER:PASSWORD@HOST",
    ),
    408: ("the target is busy", "try again later"),
}
"""The meaning of statuses that say nothing about the payload, and what helps."""


def busy_note(error: str) -> str:
    """Advise what to do about a target that was busy for too long."""
    return f"the target {error}; try again later, or slow down with --rate"


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
