"""Runs of pytest inside a test: with this package's plugin, and what they print by its headings."""

from __future__ import annotations

import re

# Loaded here, once for all tests: the runs inside this process put back the modules that were
# loaded before them, and two copies of one class are two classes.
import httpcore
import httpx
import pytest
import requests

from enkash_contract.pytest_plugin import cassettes, items, recordings, sandbox, summary

LOADED = (
    *(httpcore, httpx, requests),
    *(cassettes, items, recordings, sandbox, summary),
)

OTHERS = "schemathesis randomly xdist benchmark cacheprovider asyncio".split()
"""Plugins that would add to the output, or change the order."""

CLIENT = """
import copy
import json
import urllib.request

import pytest
import requests
from enkash_contract.contract.contract import bundled

PATH = bundled().pick().path


def payload(**changes):
    made = copy.deepcopy(bundled().pick().request.example)
    made["b2bIds"].update(changes)
    return made


def post(sandbox, payload, **options):
    return requests.post(sandbox.url + PATH, json=payload, **options)
"""
"""What the test files of the inner runs begin with."""

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


def run(
    pytester: pytest.Pytester,
    *words: str,
    without: list[str] = OTHERS,
    cache: bool = False,
) -> pytest.RunResult:
    """Run pytest on what `pytester` holds, in this process."""
    pytester.syspathinsert(pytester._request.config.rootpath)
    left = [one for one in without if not cache or one != "cacheprovider"]
    return pytester.runpytest_inprocess(*(f"-pno:{one}" for one in left), *words)


def run_apart(
    pytester: pytest.Pytester, *words: str, seconds: float | None = None
) -> pytest.RunResult:
    """Run pytest in a process of its own, with no plugins but this package's and pytest-xdist.

    A run that takes more than so many `seconds` is ended, and raises an error.
    """
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("PYTHONPATH", str(pytester._request.config.rootpath))
        patch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
        plugins = ("-penkash_contract.pytest_plugin", "-pxdist", "-pno:cacheprovider")
        return pytester.runpytest_subprocess(*plugins, *words, timeout=seconds)


def failure_texts(result: pytest.RunResult) -> dict[str, str]:
    """Return what a run prints below each heading of failures and errors, by the heading."""
    found: dict[str, list[str]] = {}
    lines: list[str] = []
    for line in result.outlines:
        heading = re.fullmatch(r"_{3,} (.*?) _{3,}", line)
        if heading:
            lines = found.setdefault(heading[1], [])
        elif line.startswith("==="):
            lines = []
        else:
            lines.append(line)
    return {heading: "\n".join(lines).strip() for heading, lines in found.items()}


def summary_of(result: pytest.RunResult) -> str:
    """Return the paragraph at the end of a run."""
    at = next(at for at, line in enumerate(result.outlines) if "= enkash contract =" in line)
    return result.outlines[at + 1]


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
