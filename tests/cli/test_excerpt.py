"""The options that choose a part of what was recorded."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from enkash_contract.cli.excerpt import with_value
from tests.support.recorded import entry, log, written
from tests.support.typed_commands import typed

if TYPE_CHECKING:
    from pathlib import Path

WRONG = {"postData": {"text": "{}"}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """Return a recording of one invalid request and one without an address."""
    wrong = entry(WRONG, startedDateTime="2026-03-31T12:00:00Z")
    return written(tmp_path, log(wrong, entry({"url": None})))


@pytest.mark.parametrize(
    ("words", "code", "counts"),
    [
        ((), 2, "2 interactions read, 1 of our operations, 1 judged; left alone: 1 unreadable"),
        (("--lenient",), 1, "1 judged; left alone: 1 unreadable"),
        (("--lenient", "--since", "2026-03-31T12:00:00Z"), 1, "1 judged"),
        (("--lenient", "--until", "2026-03-31T12:00:00Z"), 3, "1 later than --until, 1 unread"),
        (("--lenient", "--host", "x"), 3, "left alone: 1 to other hosts, 1 unreadable"),
        (("--sample", "1"), 2, "0 judged; left alone: 1 beyond --sample, 1 unreadable"),
    ],
)
def test_a_part_is_judged(file: Path, words: tuple[str, ...], code: int, counts: str) -> None:
    """What is left alone is counted by its reason."""
    done = typed("traffic", file, *words)

    assert done.exit_code == code
    assert counts in done.stdout


def test_nothing_within_the_window(file: Path) -> None:
    """It is said that something is there, only not in that time."""
    done = typed(
        "traffic",
        written(file.parent, log(entry(startedDateTime="2026-01-01T00:00Z"))),
        "--since",
        "1h",
    )

    assert done.exit_code == 3
    assert "note: 1 interaction of our operations, none of them within the window\n" in done.stdout


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--since", "soon"), "--since 'soon' is no time; write a day"),
        (("--until", "soon"), "--until 'soon' is no time; write a day"),
        (("--since", "1h", "--until", "2h"), "--since 1h is not before --until 2h; nothing is"),
        (("--sample", "0"), "--sample must be a whole number from 1, not 0"),
        (("--reason", "x"), "--reason is of --write-waivers FILE; give that as well"),
    ],
)
def test_each_mistake_is_one_error(file: Path, words: tuple[str, ...], error: str) -> None:
    """It says how to write it."""
    done = typed("traffic", file, *words)

    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {error}")
    assert done.stderr.count("\n") == 1


def test_until_beside_new_waivers_is_their_last_day(file: Path) -> None:
    """As it was before it was the end of a window, which a file may still set."""
    config = written(file.parent, 'traffic.until = "2026-04-01"\n', "enkash-contract.toml")
    new = file.parent / "waivers.toml"
    words = ("--lenient", "--write-waivers", new, "--reason", "agreed")
    done = typed("traffic", file, *words, "--until", "2130-03-31", "--config", config)

    assert "until = 2130-03-31\n" in new.read_text()
    assert (done.exit_code, "1 judged" in done.stdout) == (1, True)
    without = typed("traffic", file, *words, "--config", config)
    assert without.stderr.startswith("error: --write-waivers needs --until as well")


def test_findings_are_found_again_in_the_same_part(tmp_path: Path) -> None:
    """The command that repeats one holds the window."""
    wrong = entry(WRONG, startedDateTime="2026-03-31T12:00:00Z")
    label = [{"name": "Content-Type", "value": "text/plain"}]
    file = written(tmp_path, log({**wrong, "request": {**wrong["request"], "headers": label}}))
    done = typed("traffic", file, "--since", "2026-03-31", "--until", "2026-04-01")

    assert (
        f"repeat    enkash-contract traffic {file} --since 2026-03-31 --until 2026-04-01"
        in done.stdout
    )


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("a.har", "a.har"),
        ("--dask a.har", "--dask=local a.har"),
        ("a.har --dask", "a.har --dask=local"),
        ("--dask tcp://host:8786 a.har", "--dask=tcp://host:8786 a.har"),
        ("--dask tcp://host a.har", "--dask=tcp://host a.har"),
        ("--dask host:8786 a.har", "--dask=host:8786 a.har"),
        ("--dask s3://bucket/a.har", "--dask=local s3://bucket/a.har"),
        ("--dask --workers 2", "--dask=local --workers 2"),
        ("--dask=host:1 --dask a.har", "--dask=host:1 --dask=local a.har"),
        ("--dask a.har --dask host:1", "--dask=local a.har --dask=host:1"),
        ("-- --dask", "-- --dask"),
    ],
)
def test_dask_may_stand_without_a_scheduler(words: str, expected: str) -> None:
    """No recording is taken for one."""
    assert with_value(words.split()) == expected.split()


@pytest.mark.parametrize("value", ["'local'", "true"])
def test_who_judges_comes_from_the_file_as_well(file: Path, value: str) -> None:
    """It is an option like any other, and needs no value there either."""
    text = f"[traffic]\ndask = {value}\nworkers = 2"
    config = written(file.parent, text, "enkash-contract.toml")
    shown = typed("traffic", file, "--config", config, "--show-config").stdout
    assert 'dask = "local"  # ' in shown
    assert "workers = 2  # " in shown


@pytest.mark.parametrize(
    ("words", "error"),
    [
        (("--dask=host",), "--dask host is no address of a scheduler; name one such as tcp://"),
        (("--dask", "tls://host"), "--dask tls://host is no address of a scheduler; name one such"),
        (("--dask", "host:1", "--workers", "2"), "--workers is for processes of this machine,"),
    ],
)
def test_wrong_clusters(file: Path, words: tuple[str, ...], error: str) -> None:
    """Nothing is judged."""
    done = typed("traffic", file, *words)
    assert (done.exit_code, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {error}")


def test_a_cluster_that_nobody_typed_is_named(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """What its workers send back is run here, and the file may be somebody else's."""
    monkeypatch.chdir(file.parent)
    written(file.parent, "[traffic]\ndask = 'host'", "enkash-contract.toml")
    done = typed("traffic", file)
    assert done.stderr.splitlines()[0] == (
        "note: from the configuration: dask at enkash-contract.toml:2 (--no-config leaves it out)"
    )
