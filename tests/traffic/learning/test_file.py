"""The overlay learned from a week of traffic: every surprise, nobody, and no rule weakened."""

from __future__ import annotations

import os
import re
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import Level
from enkash_contract.errors import UsageError
from enkash_contract.judging.result import Interrupted
from enkash_contract.traffic.learning.file import Learning
from enkash_contract.traffic.walk import Walk
from tests.support import week

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.contract import Contract
    from enkash_contract.judging.result import Result


def _by_documents(result: Result) -> Any:
    """Return the findings and counts of all rules but those that were observed."""
    found = sorted(
        (each.fingerprint, each.severity, each.source)
        for each in result.findings
        if each.evidence.level is not Level.OBSERVED
    )
    return found, result.verdicts


def _rules(contract: Contract) -> dict[str, Any]:
    return {
        f"{operation.id}:{rule.id}": (rule.value, rule.evidence.level, rule.receiver.level)
        for operation in contract.values()
        for rule in operation.rules.values()
    }


def _judged(folder: Path, number: int) -> None:
    """Learn from a week, and judge it again by what was learned."""
    recording, overlay = week.write(folder / "week.ndjson", number), folder / "week.overlay.yaml"
    before = ec.check_traffic(recording, learn=overlay)
    text = overlay.read_text(encoding="utf-8")
    plain = re.sub(r"\s+", " ", text)
    assert [each for each in week.SURPRISES if each not in plain] == []
    assert [each for each in week.CANARIES if each.casefold() in text.casefold()] == []

    learned = ec.load(overlay)
    assert _by_documents(ec.check_traffic(recording, contract=learned)) == _by_documents(before)
    old, new = _rules(bundled()), _rules(learned)
    assert {name: new.get(name) for name in old} == old
    assert {level for name, (_, level, _) in new.items() if name not in old} == {Level.OBSERVED}


def test_a_week_of_traffic(tmp_path: Path) -> None:
    """Every surprise is found."""
    _judged(tmp_path, 400)


@pytest.mark.slow
def test_a_busy_week_of_traffic(tmp_path: Path) -> None:
    """Of a hundred thousand interactions, in as much memory."""
    _judged(tmp_path, 100_000)


def test_a_server_may_reject_what_was_seen(tmp_path: Path) -> None:
    """No value of a member that was only seen is known to be right."""
    recording, overlay = week.write(tmp_path / "week.ndjson", 80), tmp_path / "week.overlay.yaml"
    ec.check_traffic(recording, learn=overlay)
    learned = ec.load(overlay)
    old = {case.id for case in ec.cases()}
    new = [case for case in ec.cases(contract=learned) if case.id not in old]
    assert new
    assert {(case.polarity, case.evidence.level) for case in new} == {
        ("reject", Level.OBSERVED),
        ("accept", Level.ASSUMED),
    }


def test_every_way_of_reading_learns_the_same(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the quick way, without it, and in parts that come in any order."""
    recording = week.write(tmp_path / "week.ndjson", 120)
    quick, slow, parts = (tmp_path / f"{name}.yaml" for name in ("quick", "slow", "parts"))
    ec.check_traffic(recording, learn=quick)
    monkeypatch.setattr("enkash_contract.traffic.parts.parts.SIZE", 20_000)
    ec.check_traffic(recording, learn=parts, workers=2)
    monkeypatch.setattr(Walk, "_is_added", lambda *_: False)
    ec.check_traffic(recording, learn=slow)
    assert quick.read_bytes() == slow.read_bytes() == parts.read_bytes()


def test_what_was_known_at_ctrl_c_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """As is all that was judged."""
    recording, overlay = week.write(tmp_path / "week.ndjson", 50), tmp_path / "week.overlay.yaml"
    add, seen = Walk._alone, []

    def stop(walk: Walk, piece: Any) -> None:
        seen.append(piece)
        if len(seen) > 10:
            raise KeyboardInterrupt
        add(walk, piece)

    monkeypatch.setattr(Walk, "_alone", stop)
    with pytest.raises(Interrupted):
        ec.check_traffic(recording, learn=overlay)
    assert "10 interactions in 1 recording" in overlay.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("", "learn is empty; name a file for what is learned"),
        ("-", "learn is -, and an overlay is not printed; name a file"),
    ],
)
def test_a_file_needs_a_name(name: str, message: str) -> None:
    """An empty one is none, and there is no file of the name by which others are printed."""
    with pytest.raises(UsageError) as error:
        ec.check_traffic("any.har", learn=name)
    assert str(error.value) == message


def test_a_file_that_is_there_is_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody may have edited it; and a folder is not made up."""
    there, nowhere = tmp_path / "there.yaml", tmp_path / "no" / "where.yaml"
    there.touch()
    with pytest.raises(UsageError) as error:
        ec.check_traffic("any.har", learn=there)
    assert str(error.value) == f"{there} is there already; name another file for what is learned"
    with pytest.raises(UsageError) as error:
        ec.check_traffic("any.har", learn=nowhere)
    folder = nowhere.parent
    assert str(error.value) == f"{nowhere} cannot be written: there is no folder {folder}"
    late = Learning(tmp_path / "late.yaml", bundled())
    late.path.touch()
    with pytest.raises(UsageError) as error:
        late.write()
    assert str(error.value) == f"{late.path} cannot be written: File exists"


def test_nothing_is_learned_of_nothing(tmp_path: Path) -> None:
    """The overlay still is one."""
    recording, overlay = tmp_path / "empty.ndjson", tmp_path / "empty.overlay.yaml"
    recording.write_text('{"request": {"method": "GET", "url": "https://other.example/"}}\n')
    ec.check_traffic(recording, learn=overlay)
    assert "0 interactions in 1 recording" in overlay.read_text(encoding="utf-8")
    assert _rules(ec.load(overlay)) == _rules(bundled())


def test_a_folder_in_which_nothing_may_be_written_is_told_at_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before anything is judged. Whoever may do anything would not notice it."""
    monkeypatch.setattr(os, "access", lambda *_: False)
    path = tmp_path / "seen.overlay.yaml"
    with pytest.raises(UsageError) as raised:
        Learning(path, bundled())
    assert str(raised.value) == f"{path} cannot be written: nothing may be written there"
