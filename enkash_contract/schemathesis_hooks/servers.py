"""Knowledge of a server: whether it accepts the baseline, and which other values it accepts.

A server that looks up its own invoice rejects every other, and that is no fault. So the rejection
of a valid request counts by the rule of `judging.members`, as in every other run; the values that
it takes to know are sent on the spot, because a check has no later occasion to speak.
"""

from __future__ import annotations

import functools
from typing import TYPE_CHECKING, Any

from enkash_contract.engine.fuzzing.steps import Maker
from enkash_contract.engine.look_ups import LookUps
from enkash_contract.engine.plan import make_plan
from enkash_contract.judging.judge import judge_case
from enkash_contract.judging.members import is_key
from enkash_contract.judging.result import Result
from enkash_contract.judging.settlement import settled
from enkash_contract.wire import strict_json

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.evidence import Level
    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.case import Case
    from enkash_contract.judging.finding import Finding
    from enkash_contract.wire.message import Interaction

    Send = Callable[[Case], Interaction | None]


class Server:
    """One server, as far as one operation is concerned.

    `accepting` is whether it has accepted a valid request. `app` is kept because servers are told
    apart by the identity of their application, which must not become that of another.
    """

    def __init__(self, contract: Contract, operation: Operation, fail_on: Level, app: Any) -> None:
        self.app = app
        self.accepting = False
        self._plan = make_plan(contract=contract, operation=operation.id, fail_on=fail_on)
        self._look_ups = LookUps(self._plan)

    def accepts(self, case: Case, result: Result) -> None:
        """Remember that it has accepted `case`, which `result` shows."""
        self.accepting = True
        self._look_ups.enter(case, result)

    def findings(self, case: Case, result: Result, send: Send) -> list[Finding]:
        """Return what the rejection of a valid request shows, now that the baseline is accepted.

        Args:
            case: the request that was rejected.
            result: what its rejection shows by itself.
            send: sends another case to the same server; None where there is no response.

        """
        found: dict[str, Finding] = {}
        for single, shows in self._singles(case, result, send):
            self._look_ups.enter(single, shows)
            while other := self._look_ups.next():
                self._look_ups.enter(other, self._sent(other, send))
            final = settled(shows + Result(members=self._look_ups.members))
            found |= {finding.fingerprint: finding for finding in final.findings}
        return list(found.values())

    def _singles(self, case: Case, result: Result, send: Send) -> Iterator[tuple[Case, Result]]:
        """Yield the cases that are to blame for the rejection, each with what it shows.

        A drawn request differs from the baseline in many members: each of them is sent alone. No
        page tells how values go together, so what is rejected only together is no finding.
        """
        steps = [] if case.varied else self._steps(case)
        if not steps:
            yield case, result
        for single in steps:
            if not is_key(self._look_ups.members, self._plan.operation.id, single.varied[0]):
                yield single, self._sent(single, send)

    def _steps(self, case: Case) -> list[Case]:
        """Return the members of a drawn request that differ from the baseline's, a case each."""
        maker = self._maker
        payload, _ = strict_json.decode(case.wire.body)
        step = maker.valid(*maker.vary(payload, maker.leaves))
        return [single.case for single in step.nearer or (step,) if single.varied]

    def _sent(self, case: Case, send: Send) -> Result:
        interaction = send(case)
        if interaction is None:
            return Result()
        return judge_case(self._plan.operation, case, interaction, fail_on=self._plan.fail_on)

    @functools.cached_property
    def _maker(self) -> Maker:
        return Maker(self._plan)
