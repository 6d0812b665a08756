"""What a run says of itself beside its findings: why nothing could be concluded, and what helps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract.wording import counted

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from enkash_contract.validation.outcome import Outcome
    from enkash_contract.wire.message import Interaction

REDIRECTION = 3
"""The first digit of statuses that send a client elsewhere."""


def of_baseline(outcome: Outcome, status: int) -> str:
    """Say why nothing follows from a baseline that was so answered, and how to mend it."""
    if outcome == "rejected":
        why = "the baseline was refused, so a refusal of anything else proves nothing"
        mend = "vouch for a request that is accepted: --base FILE, or --pin /pointer=value"
    elif outcome == "error":
        why = f"the baseline was answered {status}, so nothing was sent after it"
        mend = "mend the server, or try again later"
    elif status in _REMEDIES:
        said, mend = _REMEDIES[status]
        why = f"the baseline was answered {status}{said}"
    elif status // 100 == REDIRECTION:
        why = f"the baseline was answered {status}: the target is somewhere else"
        mend = "give the address it redirects to"
    else:
        why = f"the baseline was answered {status} in a way the document does not know"
        mend = "see the findings on the answer, or describe it in an overlay's x-outcome"
    return f"{why}; {mend}"


_REMEDIES = {
    **dict.fromkeys(
        (401, 403),
        (
            ": the credentials were refused",
            "pass them with -H 'Authorization: …', --bearer-env or --token-command",
        ),
    ),
    404: (
        ": nothing is served at that address, or no such invoice",
        "check the address, or vouch for an invoice with --base FILE",
    ),
    407: (
        ": the proxy wants credentials",
        "give them in its address, --proxy http://USER:PASSWORD@HOST",
    ),
    408: (": the target is busy", "try again later"),
}
"""What a status that says nothing about the payload does say, and what helps."""


def of_business(error: str) -> str:
    """Say of a target that was busy for too long what helps."""
    return f"the target {error}; try again later, or slow down with --rate"


def of_answers(uninformative: Mapping[int, int]) -> Iterator[str]:
    """Say of each status that says nothing how many cases were so answered."""
    for status, number in sorted(uninformative.items()):
        yield f"the answer {status}, to {counted(number, 'case')}, says nothing about the payload"


def of_state(unproven: int, *, regained: bool) -> Iterator[str]:
    """Say of a baseline that was accepted and later refused what that means."""
    if not unproven:
        return
    cases = counted(unproven, "case")
    if regained:
        yield (
            "the baseline was accepted, then refused, and later accepted again, so the answers to "
            f"{cases} in between prove nothing; see to the target's state, or run it again"
        )
    else:
        yield (
            "the baseline was accepted and later refused: the target keeps state, so what it "
            f"answered to {cases} since it last accepted something proves nothing; pin what it "
            "knows with --pin, or choose fewer cases with --only or --max-accepted"
        )


def of_outage(unknown: int) -> Iterator[str]:
    """Say of a time in which the target failed that nothing is known of it."""
    if unknown:
        cases = counted(unknown, "case")
        yield f"the target was out of order for a time, so nothing is known of {cases} sent then"


def of_silence(last: Interaction, left: int) -> str:
    """Say of a target that is not there any more what was left undone."""
    answer = f"answers {last.response.status}" if last.response else str(last.error)
    return (
        f"the baseline was not answered any more (the target {answer}), so "
        f"{counted(left, 'case')} were not sent; see to the server, give it more time with "
        "--timeout, or slow down with --rate"
    )


def of_chance(unrepeated: int) -> Iterator[str]:
    """Say of answers that were others when the case was sent again that they are not counted."""
    if unrepeated:
        yield (
            f"of {counted(unrepeated, 'case')} the answer spoke against the target, and did not "
            "when the case was sent again; what happens by chance is not counted"
        )
