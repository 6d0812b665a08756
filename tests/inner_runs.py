"""Runs of pytest inside a test: with this package's plugin, and what they print by its headings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

# Loaded here, once for all tests: the runs inside this process put back the modules that were
# loaded before them, and two copies of one exception's class are two classes.
import httpcore  # noqa: F401
import httpx  # noqa: F401
import requests  # noqa: F401

from enkash_contract import pytest_sandbox  # noqa: F401

if TYPE_CHECKING:
    import pytest

OTHERS = "schemathesis randomly xdist benchmark cacheprovider asyncio recording".split()
"""Plugins that these tests are not about."""

CLIENT = """
import copy
import json
import urllib.request

import pytest
import requests
from enkash_contract.contract import bundled

PATH = bundled().pick().path


def payload(**changes):
    made = copy.deepcopy(bundled().pick().request.example)
    made["b2bIds"].update(changes)
    return made


def post(sandbox, payload, **options):
    return requests.post(sandbox.url + PATH, json=payload, **options)
"""
"""What the test files of the inner runs begin with."""


def run(pytester: pytest.Pytester, *words: str, without: list[str] = OTHERS) -> pytest.RunResult:
    """Run pytest on what `pytester` holds, in this process."""
    pytester.syspathinsert(pytester._request.config.rootpath)
    return pytester.runpytest_inprocess(*(f"-pno:{one}" for one in without), *words)


def told(result: pytest.RunResult) -> dict[str, str]:
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
