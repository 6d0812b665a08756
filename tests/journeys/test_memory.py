"""No body and no recording takes much more memory than it is long."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from tests.support.recorded import entry, log

if TYPE_CHECKING:
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
import resource, sys
import enkash_contract as ec

def peak():
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024

ec.check_traffic("{small}")
before = peak()
result = ec.check_traffic("{large}")
assert result.total == 1, result
print(peak() - before)
"""


@pytest.mark.slow
@pytest.mark.parametrize("name", BODIES)
def test_a_recording_takes_five_times_its_size_at_most(name: str, tmp_path: Path) -> None:
    """The file, its text, the body, and what is made of it while it is judged."""
    for size, body in (("small", b"{}"), ("large", BODIES[name])):
        recorded = entry()
        recorded["request"]["postData"]["text"] = body.decode()
        (tmp_path / f"{size}.har").write_text(json.dumps(log(recorded)))
    code = JUDGE.replace("{small}", str(tmp_path / "small.har"))
    code = code.replace("{large}", str(tmp_path / "large.har"))
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    file = (tmp_path / "large.har").stat().st_size

    assert int(done.stdout) * 1_000_000 < 5 * file
