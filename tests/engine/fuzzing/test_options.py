"""What fuzzing is asked for, and where it keeps what it found."""

from __future__ import annotations

import math
import os
import sys
from pathlib import Path
from typing import Any

import pytest

from enkash_contract.engine.fuzzing import options
from enkash_contract.engine.fuzzing.options import (
    SEEDS,
    Fuzz,
    cache_folder,
    drawable,
    read_fuzz,
)
from enkash_contract.engine.selection import Polarities, Selection
from enkash_contract.errors import UsageError


@pytest.mark.parametrize(
    ("wish", "draws", "seconds"),
    [
        ("30s", math.inf, 30.0),
        ("1.5s", math.inf, 1.5),
        ("500", 500.0, math.inf),
        (500, 500.0, math.inf),
    ],
)
def test_seconds_and_draws_are_told_apart(
    wish: Any, draws: float, seconds: float, tmp_path: Path
) -> None:
    """A number with an s is seconds, and one without draws; the rest is kept as it was given."""
    asked = read_fuzz(wish, seed=3, database=tmp_path / "new" / "folder")
    folder = tmp_path / "new" / "folder"
    assert asked == Fuzz(draws, seconds, 3, folder)
    assert folder.is_dir()


@pytest.mark.parametrize(
    "wish", ["", "0", "0s", "0.0s", "-1", "30 s", "30m", "1.5", "s", "٣", True]
)
def test_anything_else_is_an_error(wish: Any) -> None:
    """The message says what may be written."""
    with pytest.raises(UsageError) as caught:
        read_fuzz(wish)
    assert str(caught.value) == (
        f"fuzzing for {wish!r} means nothing; write seconds as 30s, or a number of draws as 500"
    )


def test_nothing_is_nothing() -> None:
    """Without a wish there is no fuzzing, whatever else is set."""
    assert read_fuzz(None, seed=3, database="/nowhere") is None


def test_a_light_installation_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    """Before anything is sent, in one sentence."""
    monkeypatch.setitem(sys.modules, "hypothesis", None)
    with pytest.raises(UsageError) as caught:
        read_fuzz("30s")
    assert str(caught.value) == ("fuzzing needs Hypothesis: pip install 'enkash-contract[fuzz]'")


def test_a_seed_is_chosen_where_none_is_given(tmp_path: Path) -> None:
    """Another one each time."""
    seeds = {asked.seed for asked in (read_fuzz(1, database=tmp_path) for _ in "123") if asked}
    assert len(seeds) > 1
    assert max(seeds) < SEEDS


def test_a_folder_that_cannot_be_used_is_an_error(tmp_path: Path) -> None:
    """Of one that was named; the message says what to do."""
    (tmp_path / "file").write_text("")
    with pytest.raises(UsageError) as caught:
        read_fuzz(1, database=tmp_path / "file")
    assert str(caught.value) == (
        f"the database {tmp_path / 'file'} cannot be used: File exists; "
        "name a folder that can be written to"
    )


@pytest.mark.parametrize(
    ("polarity", "limit", "valid", "invalid"),
    [
        ("both", None, True, True),
        ("reject", None, False, True),
        ("accept", None, True, False),
        ("both", 5, False, True),
    ],
)
def test_what_may_not_be_sent_is_not_drawn(
    polarity: Polarities, limit: int | None, *, valid: bool, invalid: bool
) -> None:
    """Valid requests change something; a limit to them cannot be kept by drawing."""
    selection = Selection(polarity=polarity, max_accepted=limit)
    assert drawable(selection) == (valid, invalid)


def test_nothing_that_may_be_drawn_is_an_error() -> None:
    """Right ones only, and a limit to them."""
    with pytest.raises(UsageError) as caught:
        read_fuzz(1, selection=Selection(polarity="accept", max_accepted=5))
    assert str(caught.value) == (
        "fuzzing draws more valid requests than --max-accepted allows, and --polarity leaves no "
        "invalid ones; leave out one of the two"
    )


def test_a_user_without_a_cache_is_no_error(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In a container the home may be missing, or not be writable: then nothing is remembered."""
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    monkeypatch.setattr(sys, "platform", "linux")
    asked = read_fuzz(1)
    assert asked is not None
    assert asked.database is None


def test_a_user_without_a_home_has_no_cache(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then Hypothesis is left to its own habits, too."""

    def homeless() -> Path:
        raise RuntimeError

    monkeypatch.setattr(Path, "home", homeless)
    monkeypatch.delenv("HYPOTHESIS_STORAGE_DIRECTORY", raising=False)
    assert cache_folder() is None
    options.tidy()
    assert "HYPOTHESIS_STORAGE_DIRECTORY" not in os.environ


HOME = Path.home()


@pytest.mark.parametrize(
    ("platform", "variables", "folder"),
    [
        ("linux", {}, HOME / ".cache"),
        ("linux", {"XDG_CACHE_HOME": "/else/where"}, Path("/else/where")),
        ("linux", {"XDG_CACHE_HOME": "relative"}, HOME / ".cache"),
        ("darwin", {}, HOME / "Library" / "Caches"),
        ("darwin", {"XDG_CACHE_HOME": "/else/where"}, Path("/else/where")),
        ("win32", {"XDG_CACHE_HOME": "/else/where"}, HOME / "AppData" / "Local"),
        ("win32", {"LOCALAPPDATA": "/local"}, Path("/local")),
    ],
)
def test_the_cache_is_where_the_platform_has_it(
    platform: str, variables: dict[str, str], folder: Path
) -> None:
    """By the variable that the platform knows, or at the usual place."""
    assert cache_folder(platform, variables) == folder / "enkash-contract"


def test_hypothesis_keeps_its_tables_in_the_cache(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command leaves no folder where it is carried out; who chose another place keeps it."""
    monkeypatch.setattr(options, "cache_folder", lambda: tmp_path)
    # Set first, so that it is undone.
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", "")
    monkeypatch.delenv("HYPOTHESIS_STORAGE_DIRECTORY")
    options.tidy()
    assert os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] == str(tmp_path / "hypothesis")
    monkeypatch.setenv("HYPOTHESIS_STORAGE_DIRECTORY", "mine")
    options.tidy()
    assert os.environ["HYPOTHESIS_STORAGE_DIRECTORY"] == "mine"
