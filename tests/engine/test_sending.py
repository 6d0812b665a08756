"""Cases are sent, and whatever comes of it is an exchange that is remembered and shown."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from typing import TYPE_CHECKING, NoReturn

import pytest

from enkash_contract.engine.sending import Sending
from enkash_contract.engine.stability import Monitor
from enkash_contract.errors import TargetError
from tests.support.played import FAILED, REFUSED, Target, fine, planned

if TYPE_CHECKING:
    from enkash_contract.judging.case import Case
    from enkash_contract.wire.message import Interaction, Request

PLAN = planned("request#method")
CASE = PLAN.cases[0]


def gone(_: int, __: Request) -> NoReturn:
    """Fail as a client does where nothing listens."""
    raise TargetError("it is gone")


def test_each_exchange_is_shown() -> None:
    """With its case, as it happens."""
    seen: list[tuple[Case, Interaction]] = []
    sending = Sending(PLAN, Target(fine), Monitor(PLAN), lambda *both: seen.append(both))
    interaction = asyncio.run(sending.deliver(CASE))
    assert seen == [(CASE, interaction)]
    assert sending.outcome(interaction) == "rejected"


def test_of_several_at_once_the_worst_counts() -> None:
    """An error is worse than a rejection."""
    answers = [REFUSED, FAILED, REFUSED]
    sending = Sending(PLAN, Target(lambda number, _: answers[number]), Monitor(PLAN))
    interaction = asyncio.run(sending.deliver(replace(CASE, at_once=3)))
    assert interaction.response == FAILED


def test_a_target_that_is_gone_is_an_exchange() -> None:
    """Except for the first request, whose address may be a mistake."""
    sending = Sending(PLAN, Target(gone), Monitor(PLAN))
    interaction = asyncio.run(sending.deliver(CASE))
    assert (interaction.response, interaction.error) == (None, "it is gone")
    with pytest.raises(TargetError, match="it is gone"):
        asyncio.run(sending._first())
