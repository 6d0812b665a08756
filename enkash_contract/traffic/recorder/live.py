"""A line for each exchange while it passes: what it was, and what either side broke.

An exchange is judged by its entry in the recording, so a line says what `traffic` will say of it.
"""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from enkash_contract import clock
from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.wording import counted
from enkash_contract.judging.result import VERDICTS, Result
from enkash_contract.sandbox.log import outcome_of, shown
from enkash_contract.traffic.formats import har
from enkash_contract.traffic.singly import Singly

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.finding import Finding
    from enkash_contract.judging.result import Verdict
    from enkash_contract.traffic.recorder.exchange import Exchange
    from enkash_contract.traffic.recorder.har_file import HarFile
    from enkash_contract.wire.message import Interaction


class Live:
    """Writes each exchange to a recording, and calls `log` with a line about it unless `quiet`.

    A recording that cannot be written is said once; the exchanges go on.
    """

    def __init__(
        self,
        file: HarFile,
        operations: Iterable[Operation],
        log: Callable[[str], None],
        fail_on: Level | str = FAIL_ON,
        *,
        quiet: bool = False,
    ) -> None:
        self._file = file
        self._operations = [*operations]
        self._described = frozenset(
            name for operation in self._operations for name in operation.described
        )
        self._log = log
        known = {operation.id: operation for operation in self._operations}
        self._judge = Singly(known, fail_on=Level.of(fail_on))
        self._quiet = quiet
        self.verdicts: Counter[str] = Counter()
        """The number of exchanges with operations of the contract, by their verdicts."""
        self.lost = 0
        """The number of exchanges that could not be written."""

    def add(self, exchange: Exchange) -> None:
        """Write an exchange, and say what it was."""
        entry = exchange.entry(self._described)
        try:
            self._file.add(entry)
        except OSError as error:
            self.lost += 1
            if self.lost == 1:
                self._log(f"error: the recording cannot be written: {error.strerror or error}")
        line = self._line(exchange, entry)
        if not self._quiet:
            self._log(line)

    def summary(self) -> str:
        """Return what was recorded, as a sentence."""
        whole = counted(self._file.entries, "exchange")
        own = self.verdicts.total()
        verdicts = ", ".join(
            _number_of(name, self.verdicts[name]) for name in VERDICTS if self.verdicts[name]
        )
        lost = f"; {counted(self.lost, 'exchange')} could not be written" if self.lost else ""
        return f"recorded {whole}, {own} of the contract{verdicts and f': {verdicts}'}{lost}"

    def _line(self, exchange: Exchange, entry: dict[str, Any]) -> str:
        method, path = shown(exchange.method), shown(urlsplit(exchange.url).path)
        about = f"{clock.time_of_day()} {method} {path}"
        read = har.entry(entry, "")
        interaction = read.interaction
        operation = self._judge.meet(read)
        if interaction is None or operation is None:
            status = "no response" if exchange.error else exchange.status
            return f"{about} {status} is of no operation of the contract"
        result = self._judge.result(read) or Result()
        self.verdicts.update(result.verdicts)
        verdict = f"{about} {_outcome(operation, interaction, exchange, entry)}"
        broken = [*_broken(result.findings)]
        if not broken and interaction.response and result.count("inconclusive"):
            broken = ["inconclusive"]
        return "; ".join([verdict, *broken])


def _number_of(verdict: Verdict, number: int) -> str:
    """Return how many interactions ended in a verdict: some verdicts are nouns, others are not."""
    is_noun = verdict in ("violation", "assumption")
    return counted(number, verdict) if is_noun else f"{number:,} {verdict}"


def _outcome(
    operation: Operation, interaction: Interaction, exchange: Exchange, entry: dict[str, Any]
) -> str:
    """Return the status of a response and what it means, or the reason why none came."""
    response = interaction.response
    if response is not None:
        return f"{response.status} {outcome_of(operation, response)}"
    # The entry has the reason without secrets, but readers of HAR do not quote such texts.
    end = "response broken off" if exchange.status else "no response"
    return f"{end}: {shown(entry.get('_error', ''))}"


def _broken(findings: Sequence[Finding]) -> Iterable[str]:
    """Yield what each side has broken, the first of it by name."""
    for side in ("client", "server"):
        own = [finding for finding in findings if finding.fault == side]
        if own:
            first = own[0]
            weak = "" if first.severity == "violation" else f" ({first.evidence.level})"
            more = f" and {len(own) - 1} more" if own[1:] else ""
            yield f"{side}: {first.check} {first.rule}{weak}{more}"
