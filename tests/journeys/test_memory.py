"""No body and no recording takes much more memory than it is long."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest
import yaml

from tests.support.recorded import entry, interaction, log

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

SIZE = 10_000_000

BODIES = {
    "text": b'{"device":"%s"}' % (b"x" * SIZE),
    "escapes": b'{"device":"%s"}' % (b"\\u0041" * (SIZE // 6)),
    "escapes of two halves": b'{"device":"%s"}' % (b"\\ud83e\\uddfe" * (SIZE // 12)),
    "quotes": b'{"device":"%s"}' % (b'\\"' * (SIZE // 2)),
    "percent": b'{"device":"%s"}' % (b"%41" * (SIZE // 3)),
    "a text after a repeated name": b'{"a":1,"a":1,"device":"%s"}' % (b"\\n" * (SIZE // 2)),
    "tokens": b'{"device":"%s"}' % (b'\\"token\\":{' * (SIZE // 12)),
    "blanks": b'{"device":"a"}' + b" " * SIZE,
}

JUDGE = """
import enkash_contract as ec

def peak():
    # What `resource` tells may be of the process that started this one.
    with open("/proc/self/status") as status:
        (line,) = (line for line in status if line.startswith("VmHWM"))
    return int(line.split()[1]) // 1024

ec.check_traffic("{small}")
before = peak()
result = ec.check_traffic("{large}")
print(peak() - before, peak(), result.total, len(result.unread))
"""


def judged(folder: Path, name: str) -> tuple[int, int, int, int]:
    """Judge a recording in a process of its own.

    Return by how many megabytes it grows, how many it takes in all, how many interactions were
    judged, and the number of lines on what cannot be read.
    """
    small, invalid = folder / "small.har", entry()
    # What is judged as the large one is has loaded all modules that it needs.
    invalid["request"]["postData"]["text"] = "{}"
    small.write_text(json.dumps(log(invalid)), encoding="utf-8")
    code = JUDGE.replace("{small}", str(small)).replace("{large}", str(folder / name))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    grown, most, total, unread = map(int, done.stdout.split())
    return grown, most, total, unread


@pytest.mark.slow
@pytest.mark.parametrize("name", BODIES)
def test_a_recording_takes_ten_times_its_size_at_most(name: str, tmp_path: Path) -> None:
    """The file, its text, the body, and what is made of it while it is judged."""
    recorded = entry()
    recorded["request"]["postData"]["text"] = BODIES[name].decode()
    file = tmp_path / "large.har"
    file.write_text(json.dumps(log(recorded)), encoding="utf-8")
    grown, _, total, _ = judged(tmp_path, "large.har")

    assert total == 1
    assert grown * 1_000_000 < 10 * file.stat().st_size


ENTRY = json.dumps(entry()).encode()
ITEM = yaml.safe_dump([interaction({}, {"body": {"string": ""}})]).encode()
MEGABYTES = 150


def har(file: Path, number: int) -> None:
    """Write so many entries as HAR."""
    with file.open("wb") as opened:
        opened.write(b'{"log":{"entries":[' + ENTRY)
        for _ in range(number - 1):
            opened.write(b"," + ENTRY)
        opened.write(b"]}}")


def lines(file: Path, number: int) -> None:
    """Write so many entries, one a line."""
    with file.open("wb") as opened:
        for _ in range(number):
            opened.write(ENTRY + b"\n")


def cassette(file: Path, number: int) -> None:
    """Write so many interactions as YAML."""
    with file.open("wb") as opened:
        opened.write(b"interactions:\n")
        for _ in range(number):
            opened.write(ITEM)


@pytest.mark.slow
@pytest.mark.parametrize(
    ("write", "number"), [(har, 250_000), (lines, 250_000), (cassette, 20_000)]
)
def test_recordings_of_any_size_take_little_memory(
    write: Callable[[Path, int], None], number: int, tmp_path: Path
) -> None:
    """No more for many interactions than for few."""
    write(tmp_path / "large", number)
    grown, most, total, unread = judged(tmp_path, "large")

    assert (total, unread) == (number, 0)
    assert most < MEGABYTES
    assert grown < 20


LONG = 2 << 30
AROUND = {
    "a line": (ENTRY + b'\n{"a":"', b'"}\n' + ENTRY),
    "an entry": (b'{"log":{"entries":[' + ENTRY + b',{"request":"', b'"},' + ENTRY + b"]}}"),
    "an interaction": (b"interactions:\n" + ITEM + b'- request: "', b'"\n' + ITEM),
}


@pytest.mark.slow
@pytest.mark.parametrize("kind", AROUND)
def test_one_that_is_too_long(kind: str, tmp_path: Path) -> None:
    """It costs one line, and the others are judged."""
    before, after = AROUND[kind]
    with (tmp_path / "large").open("wb") as opened:
        opened.write(before)
        # A hole, which takes no space; libyaml is slow.
        opened.seek(LONG >> 5 if kind == "an interaction" else LONG, 1)
        opened.write(after)
    _, most, total, unread = judged(tmp_path, "large")

    assert (total - (kind != "a line"), unread) == (2, 1)
    assert most < MEGABYTES
