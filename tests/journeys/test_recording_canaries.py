"""Canaries in recordings: a secret in any place of any format is in nothing that is shown.

The recordings of real recorders get a canary wherever a text can stand that is not needed to judge
them: headers, cookies, queries, bodies, comments, titles, names of files with bodies, and whatever
else a log holds. Then their entries are broken, and then the files themselves.
"""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.report import FORMATS
from tests.support.canary_logs import LOGS
from tests.support.paths import RECORDINGS
from tests.support.planting import (
    BREAKAGES,
    MARK,
    dumped,
    exchanges,
    loaded,
    planted,
    zipped,
)
from tests.support.spelling import spellings
from tests.support.typed_commands import typed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from click.testing import Result

    Change = Callable[[list[Any]], list[Any]]

TEXTS = sorted(
    file.name
    for file in RECORDINGS.iterdir()
    if file.suffix in (".har", ".json", ".ndjson", ".yaml", ".yml")
)
"""The recordings that are text."""

SPELLED = sorted({spelling.lower() for spelling in spellings(MARK)})

GARBAGE = (
    "",
    f'"{MARK}-a" {MARK}-b: [ *{MARK}-c',
    f"\n*{MARK}-alias\n",
    f"\n- !{MARK}-tag {{{MARK}\n",
    f"\n%{MARK}-directive\n",
    f"\n&{MARK} a: *{MARK}-2\n",
    f"\udcff{MARK}\udcfe",
    f'{{"{MARK}": 1e{MARK}, "{MARK}": NaN{MARK}}}\n',
)
"""What a file may hold that is neither JSON nor YAML; with nothing, it breaks off."""


def same(values: list[Any]) -> list[Any]:
    """Change nothing more."""
    return values


def written(folder: Path, change: Change) -> Iterator[Path]:
    """Write each of the recordings with canaries in it, changed once more; yield the files."""
    for name in TEXTS:
        file = folder / name
        file.write_bytes(dumped(change([*map(planted, loaded(RECORDINGS / name))]), file))
        yield file
    attached = folder / "attached"
    shutil.copytree(RECORDINGS / "playwright-attach", attached)
    yield renamed(attached, change)
    packed = folder / "packed.har.zip"
    packed.write_bytes(zipped({file.name: file.read_bytes() for file in attached.iterdir()}))
    yield packed
    flows = folder / "mitmproxy.flows"
    flows.write_bytes(
        (RECORDINGS / flows.name).read_bytes().replace(b"canary-5f1d", b"Cnry7Zq9-ab")
    )
    yield flows


def renamed(folder: Path, change: Change) -> Path:
    """Name the files of bodies after a canary, in the HAR beside them as well; return the HAR."""
    har = folder / "playwright.har"
    (value,) = change([*map(planted, loaded(har))])
    text = dumped([value], har).decode()
    for file in folder.iterdir():
        if file != har:
            text = text.replace(file.name, f"{MARK}-{file.name}")
            file.rename(folder / f"{MARK}-{file.name}")
    har.write_text(text, encoding="utf-8")
    return har


def judged(folder: Path, files: list[Path], *options: str) -> tuple[Result, dict[str, bytes]]:
    """Judge recordings, and return what was printed and all that was written."""
    reports = folder / "reports"
    reports.mkdir()
    wanted = [f"--report={form}={reports / form}.txt" for form in FORMATS]
    ran = typed("traffic", *files, *wanted, *options)
    assert ran.exception is None or isinstance(ran.exception, SystemExit), ran.exception
    shown = {file.name: file.read_bytes() for file in reports.iterdir()}
    return ran, {"stdout": ran.stdout_bytes, "stderr": ran.stderr_bytes, **shown}


def leaks(shown: dict[str, bytes]) -> dict[str, bytes]:
    """Return where a canary stands in any spelling, by what shows it."""
    found = {}
    for name, data in shown.items():
        text = data.lower()
        at = min((text.index(one) for one in SPELLED if one in text), default=None)
        if at is not None:
            found[name] = data[max(0, at - 150) : at + 150]
    return found


@pytest.mark.parametrize("options", [(), ("--full", "--fail-on", "assumed")])
def test_whole_recordings(tmp_path: Path, options: tuple[str, ...]) -> None:
    """Everything is judged, and no canary is shown."""
    ran, shown = judged(tmp_path, list(written(tmp_path, same)), *options)

    assert sorted(shown) == sorted(["stdout", "stderr", *(f"{form}.txt" for form in FORMATS)])
    assert leaks(shown) == {}
    assert ran.exit_code == 2
    assert json.loads(shown["json.txt"])["findings"]


@pytest.mark.parametrize("first", range(0, len(BREAKAGES), 10))
def test_broken_entries(tmp_path: Path, first: int) -> None:
    """What is said of an entry that cannot be read does not quote it."""

    def change(values: list[Any]) -> list[Any]:
        found = [exchange for value in values for exchange in exchanges(value)]
        for number, exchange in enumerate(found):
            BREAKAGES[(first + number) % len(BREAKAGES)](exchange)
        return values

    _, shown = judged(tmp_path, list(written(tmp_path, change)))

    assert leaks(shown) == {}


def broken(file: Path) -> Iterator[Path]:
    """Write copies of a recording that are broken amid a canary, as far as it holds any."""
    data = file.read_bytes()
    half = max(60, data.rfind(MARK.encode(), 0, len(data) // 2) + 4)
    for number, garbage in enumerate(GARBAGE):
        copy = file.with_name(f"{number}-{file.name}")
        rest = data[half:] if garbage else b""
        copy.write_bytes(data[:half] + garbage.encode("utf-8", "surrogateescape") + rest)
        yield copy


def test_broken_files(tmp_path: Path) -> None:
    """What is said of a file that cannot be read quotes nothing of it."""
    files = [copy for file in written(tmp_path, same) for copy in broken(file)]
    ran, shown = judged(tmp_path, files)

    assert leaks(shown) == {}
    assert ran.exit_code == 2


SHOWN = frozenset(
    "method request_method scheme host http_host domainName http.request.method".split()
)
"""Members that are shown as they are: how something was asked for, and where."""


def broken_members(value: Any) -> Iterator[Any]:
    """Yield copies of a value, in each of which one member is a canary in place of what it was."""
    if isinstance(value, dict) and str(value.get("key")) not in SHOWN:
        for name, content in value.items():
            for wrong in (f"token={MARK}", [MARK], {"token": MARK}, {"token": [{"a": MARK}]}):
                yield {**value, name: content if name in SHOWN else wrong}
            for changed in broken_members(content):
                yield {**value, name: changed}
    elif isinstance(value, list):
        for index, content in enumerate(value):
            for changed in broken_members(content):
                yield [*value[:index], changed, *value[index + 1 :]]


@pytest.mark.parametrize("name", LOGS)
def test_logs(tmp_path: Path, name: str) -> None:
    """What gateways and other recorders keep is judged without being shown."""
    options, log = LOGS[name]
    file = tmp_path / "a.json"
    file.write_text(json.dumps(log), encoding="utf-8")
    ran, shown = judged(tmp_path, [file], *options)

    assert leaks(shown) == {}
    assert ran.exit_code == 1
    assert {each["fault"] for each in json.loads(shown["json.txt"])["findings"]} == {
        "client",
        "server",
    }


@pytest.mark.parametrize("name", LOGS)
def test_broken_logs(tmp_path: Path, name: str) -> None:
    """Nor is a member shown that is not what its name says."""
    options, log = LOGS[name]
    file = tmp_path / "a.ndjson"
    file.write_text("\n".join(map(json.dumps, broken_members(log))), encoding="utf-8")
    _, shown = judged(tmp_path, [file], *options)

    assert leaks(shown) == {}
