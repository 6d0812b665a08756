"""What one target answered about an operation, kept apart from how it was asked.

It is a value: it is printed, written down as an overlay, and decides on the exit code.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from enkash_contract.engine.probing.probe import named
from enkash_contract.judging.result import CONFORMS, INCONCLUSIVE, INTERRUPTED, VIOLATED

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.questions import Question
    from enkash_contract.judging.finding import Finding


@dataclass(frozen=True)
class Answered:
    """What a target has answered to one question; `says` is that in words.

    So many requests were `sent`, and so many `accepted`. `examples` are the values that were
    accepted and keep every rule, and `exchanges` the hashes of what was sent and what came back.
    Where the target failed, nothing is `concluded`.
    """

    question: Question
    says: str
    sent: int = 0
    accepted: int = 0
    examples: tuple[Any, ...] = ()
    exchanges: tuple[str, ...] = ()
    concluded: bool = True

    def __str__(self) -> str:
        counts = f" ({self.accepted} of {self.sent} accepted)" if self.sent else ""
        return f"{named(self.question)}: {self.says}{counts}"


@dataclass(frozen=True)
class Probed:
    """The answers of one target about an operation, and the findings: answers against a rule.

    `note` says why nothing more was concluded.
    """

    operation: Operation = field(repr=False)
    target: str
    answers: tuple[Answered, ...] = ()
    findings: tuple[Finding, ...] = ()
    note: str = ""
    interrupted: bool = False

    @property
    def violations(self) -> tuple[Finding, ...]:
        """The answers that contradict what is well known."""
        return tuple(each for each in self.findings if each.severity == "violation")

    @property
    def exit_code(self) -> int:
        """0 answered, 1 an answer violates a rule, 3 nothing concluded, 130 interrupted."""
        if self.interrupted:
            return INTERRUPTED
        if self.violations:
            return VIOLATED
        known = any(each.concluded for each in self.answers)
        return CONFORMS if known and not self.note else INCONCLUSIVE

    def overlay(self) -> str:
        """Return an overlay that states the answers, with evidence `observed`, as YAML.

        Raises:
            UsageError: nothing was answered.

        """
        from enkash_contract.engine.probing.written import overlay

        return overlay(self)


class ProbingInterrupted(KeyboardInterrupt):
    """Ctrl-C in the middle of a survey; `probed` is what was known by then."""

    def __init__(self, probed: Probed) -> None:
        super().__init__(probed)
        self.probed = probed
