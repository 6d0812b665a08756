"""One run against one target: the baseline, each case judged in its light, and the last word.

A sandbox that knows only its own invoices refuses a made-up one for business reasons, and after
that a refusal of a wrong payload proves nothing. So the first request is one the user vouches for,
and what it shows decides what the rest can mean.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from enkash_contract.contract import REQUEST
from enkash_contract.errors import TargetError
from enkash_contract.explanations import counted
from enkash_contract.interaction import Interaction
from enkash_contract.judge import POSITIVE, judge_case
from enkash_contract.outcome import Outcome, outcome_of
from enkash_contract.result import Result, Tally
from enkash_contract.validation import validator

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.client import Client
    from enkash_contract.plan import Plan
    from enkash_contract.suite import Case

    Exchanged = Callable[[Case, Interaction], None]

REDIRECTION = 3
"""The first digit of statuses that send a client elsewhere."""

PATIENCE = 5
"""After so many requests in a row without an answer, the rest is not sent."""


def add(results: list[Result]) -> Result:
    """Add up many results, pairwise, so that the time stays in proportion to their number."""
    while len(results) > 1:
        pairs = zip(results[::2], results[1::2], strict=False)
        odd = results[-1:] if len(results) % 2 else []
        results = [first + second for first, second in pairs] + odd
    return results[0]


def only_baseline(opened: Result) -> Result:
    """Keep of an opened session's result what the baseline means, not what it found."""
    return Result(baseline=opened.baseline, notes=opened.notes)


def broken_off(sent: int, total: int) -> Result:
    """Say of a run that was interrupted how far it came."""
    note = f"interrupted after {sent} of {counted(total, 'case')}"
    return Result(verdicts={"inconclusive": total - sent}, notes=(note,), interrupted=True)


class Session:
    """One run against one target: what the baseline showed, and each case judged in its light.

    What was sent since the target last accepted something right is kept, because a target that has
    stopped accepting the baseline (it keeps state, or lets in only so many requests) may have
    refused everything since then for that reason alone.
    """

    def __init__(self, made: Plan, http: Client, exchanged: Exchanged | None = None) -> None:
        self._plan = made
        self._http = http
        http.secrets.add_body(made.baseline.wire.body)
        self._exchanged = exchanged
        self._opened: Result | None = None
        self._outcome: Outcome = "unknown"
        self._answerable = False
        self._settled = Result()
        self._since: list[tuple[Case, Interaction]] = []
        self._sent = 0
        self._silent = 0
        self._stale = False
        self._uninformative: Counter[int] = Counter()

    async def open(self) -> Result:
        """Send the baseline and say what it means for the rest.

        Raises:
            TargetError: there was no answer at all.

        """
        made = self._plan
        interaction = await self._http.send(made.baseline.request(self._http.url))
        response = interaction.response
        if response is None:
            raise TargetError(f"{self._http.source} {interaction.error}")
        self._tell(made.baseline, interaction)
        self._outcome = outcome_of(made.operation, interaction)
        judged = judge_case(
            made.operation, made.baseline, interaction, trusted=False, fail_on=made.fail_on
        )
        # A wrong answer to a right request is worth looking at from every side; one that says the
        # request was not looked at (401 and such), moved or broke the server is not.
        redirected = response.status // 100 == REDIRECTION
        looked_at = self._outcome in ("accepted", "rejected") or bool(judged.violations)
        self._answerable = looked_at and self._outcome != "error" and not redirected
        notes = () if self.trusted else (_meaning(self._outcome, response.status),)
        tallies = self._accepted() if self.trusted else {}
        self._opened = replace(judged, baseline=self._outcome, notes=notes, tallies=tallies)
        return self._opened

    @property
    def trusted(self) -> bool:
        """Whether a refusal now proves something."""
        return self._outcome == "accepted"

    @property
    def worth_going_on(self) -> bool:
        """Whether another case could still show something."""
        return self._answerable and self._silent < PATIENCE

    async def send(self, case: Case) -> Result:
        """Send one case and return what it shows so far; `close` has the last word."""
        interaction = await self._answer(case)
        self._sent += 1
        self._silent = self._silent + 1 if interaction.response is None else 0
        self._since.append((case, interaction))
        judged = self._judge(case, interaction)
        if any(one.check == POSITIVE for one in judged.findings) and not await self._still_right():
            return self._judge(case, interaction)
        if case.polarity == "accept" and judged.count("held"):
            self._settle()
        return judged

    async def close(self) -> Result:
        """Send the baseline once more, and return the sum of all cases in the light of it."""
        made = self._plan
        if self._since and self.trusted and self._silent < PATIENCE:
            await self._still_right()
        self._settle()
        left = len(made.cases) - self._sent
        notes = [
            f"the answer {status}, to {counted(number, 'case')}, says nothing about the payload"
            for status, number in sorted(self._uninformative.items())
        ]
        if self._silent >= PATIENCE:
            notes.append(
                f"{PATIENCE} requests in a row were not answered, so {left} cases were not sent; "
                "see to the server, or give it more time with --timeout"
            )
        if self._stale:
            notes.append(
                "the baseline was accepted and later refused: the target keeps state, so what it "
                "refused since it last accepted something proves nothing; pin what it knows with "
                "--pin, or choose fewer cases with --only"
            )
        return self._settled + Result(verdicts={"inconclusive": left}, notes=tuple(notes))

    def stop(self) -> Result:
        """Return what is known without sending anything more, `open`'s result included.

        What was refused since the target last accepted something right is not counted as proven.
        """
        self._outcome = "unknown"
        self._settle()
        opened = self._opened or Result()
        sent = self._sent + (self._opened is not None)
        return opened + self._settled + broken_off(sent, 1 + len(self._plan.cases))

    async def _still_right(self) -> bool:
        """Say whether the baseline is still accepted, and stop trusting refusals when it is not."""
        again = await self._answer(self._plan.baseline)
        if outcome_of(self._plan.operation, again) == "accepted":
            self._settle()
            return True
        self._outcome = "rejected"
        self._stale = True
        return False

    def _settle(self) -> None:
        judged = [self._judge(case, interaction) for case, interaction in self._since]
        for (_, interaction), result in zip(self._since, judged, strict=True):
            if result.count("inconclusive") and interaction.response is not None and self.trusted:
                self._uninformative[interaction.response.status] += 1
        self._settled = add([self._settled, *judged])
        self._since = []

    def _judge(self, case: Case, interaction: Interaction) -> Result:
        made = self._plan
        return judge_case(
            made.operation, case, interaction, trusted=self.trusted, fail_on=made.fail_on
        )

    async def _answer(self, case: Case) -> Interaction:
        request = case.request(self._http.url)
        try:
            interaction = await self._http.send(request)
        except TargetError as problem:
            interaction = Interaction(request, None, str(problem), source=self._http.source)
        self._tell(case, interaction)
        return interaction

    def _tell(self, case: Case, interaction: Interaction) -> None:
        if self._exchanged is not None:
            self._exchanged(case, interaction)

    def _accepted(self) -> dict[tuple[str, str], Tally]:
        """Count the accepting side of every rule that the accepted baseline keeps."""
        made = self._plan
        body = made.baseline.wire.body
        broken = {one.rule for one in validator(made.operation).of_bytes(body)[1]}
        return {
            (rule.id, "accept"): Tally(1, 1)
            for rule in made.operation.rules.values()
            if rule.side == REQUEST and rule not in broken
        }


def _meaning(outcome: Outcome, status: int) -> str:
    """Say why nothing follows from this baseline, and how to mend it."""
    if outcome == "rejected":
        why = "the baseline was refused, so a refusal of anything else proves nothing"
        mend = "vouch for a request that is accepted: --base FILE, or --pin /pointer=value"
    elif outcome == "error":
        why = f"the baseline was answered {status}, so nothing was sent after it"
        mend = "mend the server, or try again later"
    elif status in _REMEDIES:
        why, mend = (
            f"the baseline was answered {status}{_REMEDIES[status][0]}",
            _REMEDIES[status][1],
        )
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
        (": the credentials were refused", "pass them with -H 'Authorization: …'"),
    ),
    404: (
        ": nothing is served at that address, or no such invoice",
        "check the address, or vouch for an invoice with --base FILE",
    ),
    **dict.fromkeys((408, 429), (": the target is busy", "try again later")),
}
"""What a status that says nothing about the payload does say, and what helps."""
