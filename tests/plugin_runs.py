"""Runs of pytest within tests, with this package's plugin and few others."""

from __future__ import annotations

import httpcore
import pytest

from enkash_contract import pytest_cassettes, pytest_items, pytest_recordings, pytest_summary

# Loaded here, once for all tests: the runs inside this process put back the modules that were
# loaded before them, and two copies of one class are two classes.
LOADED = (httpcore, pytest_cassettes, pytest_items, pytest_recordings, pytest_summary)

QUIET = [f"-pno:{name}" for name in "schemathesis randomly benchmark asyncio".split()]
"""What would add to the output, or change the order."""

LAX = """
import json, pathlib
import enkash_contract as ec

PATH = ec.load().pick().path
EXAMPLE = ec.load().pick().request.example

def answer(status, code, word):
    return status, {"payload": word, "response_code": code, "response_message": word}

def judged(environ):
    "Refuse what is wrong, but for what is wrong with a buyer; keep what was sent."
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    with open(pathlib.Path(__file__).with_name("sent.txt"), "ab") as log:
        log.write(environ.get("HTTP_AUTHORIZATION", "nobody").encode() + b" " + body + b"\\n")
    try:
        payload = json.loads(body)
        payload["b2bIds"]["buyerB2BId"] = EXAMPLE["b2bIds"]["buyerB2BId"]
        right = ec.is_valid(payload)
    except Exception:
        right = False
    return answer("200 OK", 0, "SUCCESS") if right else answer("400 Bad Request", 1, "FAILED")

def app(environ, start):
    status, payload = judged(environ)
    start(status, [("Content-Type", "application/json")])
    return [json.dumps(payload).encode()]
"""
"""An implementation that takes any buyer, for `lax.py`."""


def run(pytester: pytest.Pytester, *words: str, cache: bool = False) -> pytest.RunResult:
    """Run pytest in this process, on one worker."""
    pytester.syspathinsert(pytester._request.config.rootpath)
    kept = [] if cache else ["-pno:cacheprovider"]
    return pytester.runpytest_inprocess(*QUIET, "-pno:xdist", *kept, *words)


def run_apart(pytester: pytest.Pytester, *words: str) -> pytest.RunResult:
    """Run pytest in a process of its own, as a user would."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(pytester._request.config.rootpath))
        return pytester.runpytest_subprocess(*QUIET, *words)


def sent(pytester: pytest.Pytester) -> list[str]:
    """Return what the implementation of `lax.py` was sent, and forget it."""
    log = pytester.path / "sent.txt"
    found = log.read_text(encoding="utf-8", errors="replace").splitlines()
    log.unlink()
    return found


def section(result: pytest.RunResult, first: str, last: str) -> list[str]:
    """Return the lines after the one that holds `first` and before the one that holds `last`."""
    lines = result.outlines
    start = next(at for at, line in enumerate(lines) if first in line)
    end = next(at for at, line in enumerate(lines) if at > start and last in line)
    return lines[start + 1 : end]
