"""Recorded interactions judged one by one: the verdicts are those of a whole run."""

from __future__ import annotations

import itertools
from collections import Counter
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.traffic.detection import entries
from enkash_contract.traffic.singly import Singly
from tests.support.both_ways import BANK, CALL, ENKASH, OTHER, WEBHOOK, exchange, recorded

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.judging.result import Result

ODD = {"response_code": "none"}
HOOK = f"https://hooks.bank.example{OTHER.path}"
KINDS: dict[str, dict[str, Any]] = {
    "right": exchange(ENKASH),
    "odd": exchange(ENKASH, answer=ODD),
    "odd from us": exchange(BANK, answer=ODD),
    "webhook": exchange(HOOK, OTHER.request.example),
    "invalid": exchange(BANK, {}),
    "elsewhere": exchange("https://bank.example/other"),
}


def numbers(*results: Result) -> Counter[tuple[str, str]]:
    """Return how often each finding came."""
    return sum(
        (
            Counter({(each.fingerprint, each.severity): each.count})
            for result in results
            for each in result.findings
        ),
        Counter(),
    )


@pytest.mark.parametrize("partner", [None, "hooks.*"])
@pytest.mark.parametrize("kinds", [*itertools.combinations(KINDS, 3)], ids="+".join)
def test_the_sum_is_the_result_of_a_run(
    kinds: tuple[str, ...], partner: str | None, tmp_path: Path
) -> None:
    """Once all entries were met, whichever of them came first."""
    file = recorded(tmp_path, *(KINDS[kind] for kind in kinds))
    judging = Singly(bundled(), partner_host=partner)
    all_of_them = [*entries(file)]
    ours = [entry for entry in all_of_them if judging.meet(entry)]
    results = [judging.result(entry) for entry in ours]
    whole = ec.check_traffic(file, partner_host=partner)

    assert len(ours) == whole.recordings.judged == 3 - kinds.count("elsewhere")
    assert numbers(*(one for one in results if one)) == numbers(whole)
    assert sum(one.count("inconclusive") for one in results if one) == whole.count("inconclusive")
    assert [judging.result(entry) for entry in all_of_them if entry not in ours] == (
        [None] * kinds.count("elsewhere")
    )


def test_the_remedy_is_the_option_of_the_reader(tmp_path: Path) -> None:
    """Whoever reads the note has to be able to type it."""
    file = recorded(tmp_path, KINDS["odd from us"], KINDS["webhook"])
    judging = Singly(bundled(), option="--ours")
    first, second = [*entries(file)]

    assert (judging.meet(first), judging.meet(second)) == (CALL, OTHER)
    result = judging.result(first)
    assert result is not None
    assert result.notes == (
        f"1 interaction was of {CALL.id} or of {WEBHOOK.id}, which have one path: "
        f"name the hosts of the partner by --ours; at {file}:1",
    )


def test_an_entry_without_an_address_may_be_any(tmp_path: Path) -> None:
    """It is met as none, and is not read."""
    file = tmp_path / "day.ndjson"
    file.write_text('{"request": {"method": "POST"}}\n')
    (entry,) = entries(file)
    judging = Singly(bundled())
    result = judging.result(entry)

    assert judging.meet(entry) is None
    assert result is not None
    assert len(result.unread) == 1
