"""Webhooks that a test delivers to a receiver, each judged by what the receiver made of it."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, Protocol

from enkash_contract.engine.deliver import deliver, webhook_of
from enkash_contract.judging.judge import judge_record
from enkash_contract.judging.result import worst
from enkash_contract.pytest_plugin.responses import level_of, line_of, noted
from enkash_contract.report import About

if TYPE_CHECKING:
    from types import FrameType

    import pytest

    from enkash_contract.contract.contract import Contract
    from enkash_contract.wire.message import Interaction


class DeliveryCheck(Protocol):
    """The function that the fixture `enkash_deliver` returns."""

    def __call__(self, target: Any, *, operation: str, **more: Any) -> Interaction:
        """Deliver a webhook as `deliver` does; fail the test if the receiver breaks down."""


def delivered(
    item: pytest.Item,
    contract: Contract,
    caller: FrameType,
    target: Any,
    operation: str,
    more: dict[str, Any],
) -> tuple[Interaction, str]:
    """Deliver a webhook; return what passed, and the text of what the receiver broke.

    What the test itself has sent is its own affair, even if that is invalid.

    Raises:
        TargetError: the receiver cannot be reached or loaded.
        UsageError: there is no such webhook, or a pin points at nothing.

    """
    interaction = deliver(target, operation=operation, contract=contract, **more)
    interaction = replace(interaction, source=line_of(item, caller))
    webhook = webhook_of(contract, operation)
    judged = judge_record(webhook, interaction, fail_on=level_of(item))
    own = tuple(finding for finding in judged.findings if finding.fault == "server")
    concluded = not judged.count("inconclusive")
    judged = replace(judged, findings=own, verdicts={worst(own, concluded=concluded): 1})
    result, text = noted(item, judged, About(contract, webhook, "enkash_deliver"))
    return interaction, text if result.violations else ""
