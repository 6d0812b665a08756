"""The direction of requests whose path is known both ways, and what is left open."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import pytest

import enkash_contract as ec
from enkash_contract.contract.all_operations import AllOperations
from enkash_contract.traffic.counting.reduction import PATH, WAY
from enkash_contract.traffic.directions import directions, is_at
from enkash_contract.traffic.parts import parts
from tests.support.both_ways import (
    BANK,
    CALL,
    CONFIRM,
    CONTRACT,
    ENKASH,
    OTHER,
    WEBHOOK,
    exchange,
    recorded,
)
from tests.support.typed_commands import PLAIN, typed

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.result import Result

REMEDY = "name the hosts of the partner by --partner-host"
OVERLAY = """
overlay: 1.0.0
info: {title: A reason that is asked for, version: 1.0.0}
actions:
  - target: $.components.schemas.ChangeInvoiceStatusRequest
    update:
      required: [reason]
      properties: {reason: {type: string, x-evidence: {type: confirmed}}}
      x-evidence: {required: {reason: confirmed}}
"""


def judged(result: Result) -> list[str]:
    """Return the operations of which requests were judged."""
    return sorted({each.operation for each in result.exercises})


@pytest.mark.parametrize(
    ("host", "glob", "matches"),
    [
        ("hooks.bank.example", "hooks.*", True),
        ("Hooks.Bank.Example:8443", "hooks.bank.example", True),
        ("hooks.bank.example:8443", "HOOKS.*:8443", True),
        ("hooks.bank.example:8443", "hooks.bank.example:80", False),
        ("me@hooks.bank.example", "me*", False),
        ("[::1]:8080", "::1", True),
        ("[::1]:8080", "[[]::1]", True),
        ("[::1]:8080", "[[]::1]:8080", True),
        ("[::1]", "::2", False),
    ],
)
def test_hosts_are_matched_in_any_case(host: str, glob: str, *, matches: bool) -> None:
    """A host matches with its port and without, as names of hosts have no case."""
    assert is_at(f"https://{host}/a", glob) is matches


@pytest.mark.parametrize(
    ("partner", "operation", "names", "left"),
    [
        (None, None, [CALL.id, OTHER.id], {}),
        ("hooks.*", None, [CALL.id, OTHER.id, WEBHOOK.id], {}),
        ("uat.*", None, [CALL.id, OTHER.id, WEBHOOK.id], {}),
        ("nobody", None, [CALL.id, OTHER.id], {}),
        ("hooks.*", CALL.id, [CALL.id], {WAY: 1, PATH: 1}),
        ("hooks.*", WEBHOOK.id, [WEBHOOK.id], {WAY: 1, PATH: 1}),
        (None, WEBHOOK.id, [WEBHOOK.id], {PATH: 1}),
        ("hooks.*", OTHER.id, [OTHER.id], {PATH: 2}),
    ],
)
def test_the_host_tells_the_direction(
    partner: str | None,
    operation: str | None,
    names: list[str],
    left: dict[str, int],
    tmp_path: Path,
) -> None:
    """A path of one direction is what it is; of both, the hosts of the partner decide."""
    other = f"https://uat.enkash.example{OTHER.path}"
    file = recorded(tmp_path, exchange(BANK), exchange(ENKASH), exchange(other))
    result = ec.check_traffic(file, operation=operation, partner_host=partner)

    assert judged(result) == names
    assert dict(result.recordings.left) == left


def test_several_workers_tell_it_as_well(tmp_path: Path) -> None:
    """The directions go with the plan to other processes."""
    file = recorded(tmp_path, exchange(BANK), exchange(ENKASH))

    assert ec.check_traffic(file, partner_host="hooks.*", workers=2) == ec.check_traffic(
        file, partner_host="hooks.*"
    )


def test_a_glob_that_leaves_nothing_is_named(tmp_path: Path) -> None:
    """Nobody has to guess why nothing was judged."""
    file = recorded(tmp_path, exchange(BANK))
    result = ec.check_traffic(file, operation=CALL.id, partner_host="hooks.*")

    assert result.exit_code == 3
    assert result.notes == (
        f"no request to {CALL.path} is recorded there; by --partner-host hooks.*, 1 request went "
        "in the other direction",
    )


def test_what_only_the_other_direction_allows_is_left_open(tmp_path: Path) -> None:
    """Nobody is accused by a guess; whoever names the hosts is told more."""
    file, overlay = recorded(tmp_path, exchange(BANK)), tmp_path / "more.yaml"
    overlay.write_text(OVERLAY)
    contract = ec.load(overlay)
    untold = ec.check_traffic(file, contract=contract)
    told = ec.check_traffic(file, contract=contract, partner_host="nobody")

    assert (untold.exit_code, untold.verdicts) == (3, {"inconclusive": 1})
    assert untold.notes == (
        f"1 request was valid as {WEBHOOK.id} alone, which has the path of {CALL.id}: {REMEDY}; "
        f"at {file}:1",
    )
    assert (told.exit_code, told.notes) == (1, ())
    assert ec.check_traffic(file, contract=contract, operation=CALL.id).exit_code == 1
    failed = exchange(BANK)
    failed["response"]["status"] = 500
    # A server error is one in either direction.
    assert ec.check_traffic(recorded(tmp_path, failed), contract=contract).exit_code == 1


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize(
    ("others", "exit_code"),
    [
        ([], 1),
        ([("uat.enkash.example", CONFIRM)], 1),
        ([("hooks.bank.example", OTHER)], 3),
        ([("hooks.bank.example", OTHER), ("hooks.bank.example", CONFIRM)], 3),
        ([("hooks.other.example", OTHER)], 3),
        ([("hooks.other.example", OTHER), ("hooks.bank.example", CONFIRM)], 1),
    ],
)
def test_nobody_is_accused_by_a_guess(
    others: list[tuple[str, Operation]],
    exit_code: int,
    workers: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A response that a partner may give is open, if webhooks went to that host or to any."""
    monkeypatch.setattr(parts, "SIZE", 200)
    odd = exchange(BANK, answer={"response_code": "none"})
    certain = [exchange(f"https://{host}{each.path}", {}) for host, each in others]
    for each in certain:
        del each["request"]["body"]
    file = recorded(tmp_path, odd, *certain)
    result = ec.check_traffic(file, workers=workers)
    note = (
        f"1 interaction was of {CALL.id} or of {WEBHOOK.id}, which have one path: {REMEDY}; "
        f"at {file}:1"
    )

    assert result.exit_code == exit_code
    assert (note in result.notes) is (exit_code == 3)
    assert result.recordings.judged == 1 + len(others)


def test_the_option_is_part_of_what_is_repeated(tmp_path: Path) -> None:
    """Whoever repeats a finding chooses the same direction."""
    plain = exchange(BANK)
    plain["request"]["headers"] = {"Content-Type": "text/plain"}
    file = recorded(tmp_path, plain)
    done = typed("traffic", file, "--partner-host", "hooks.*", env=PLAIN | {"COLUMNS": "80"})
    repeated = [line for line in done.stdout.splitlines() if line.startswith("   repeat")]

    assert done.exit_code == 1
    assert repeated == [f"   repeat    enkash-contract traffic {file} --partner-host 'hooks.*'"]
    assert "next: " not in done.stdout


def test_all_operations_have_the_twins_that_are_found_one_by_one() -> None:
    """Looked for when they are needed, or at once; also in another process."""
    at_once = directions(CONTRACT, tuple(CONTRACT.values()), None).twins
    later = directions(CONTRACT, AllOperations(CONTRACT), None).twins
    assert (dict(later), len(later)) == (at_once, len(at_once))
    assert [name in later for name in CONTRACT] == [name in at_once for name in CONTRACT]
    copied = pickle.loads(pickle.dumps(later))  # noqa: S301 - it was written here
    assert {name: twin.id for name, twin in copied.items()} == {
        name: twin.id for name, twin in at_once.items()
    }
