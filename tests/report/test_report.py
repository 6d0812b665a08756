"""Every format of a report is written by its module, and is safe to share."""

from __future__ import annotations

import io
import re

import pytest

from enkash_contract import report
from enkash_contract.judging.result import Result
from enkash_contract.report.build import build
from tests.support.hostile import CANARIES, HOSTILE, hostile, leaky, written
from tests.support.results import about

LARGEST = 2_000_000
"""The most characters of a report for people with megabytes of hostile text in it."""

WHOLE = ("json", "pytest")
"""The formats that leave nothing out."""


def test_every_format_is_written() -> None:
    """Each format in the table writes something, and one that is not there is none."""
    streams = {form: io.StringIO() for form in report.FORMATS}
    for form, stream in streams.items():
        report.write(form, build(Result(), about()), stream)

    assert [form for form, stream in streams.items() if not stream.getvalue()] == []
    with pytest.raises(KeyError):
        report.write("xml", build(Result(), about()), io.StringIO())


@pytest.mark.parametrize("form", report.FORMATS)
def test_no_format_shows_a_secret(form: str) -> None:
    """Neither where it was sent nor where the server echoes it."""
    content = written(form, leaky())
    assert [canary for canary in CANARIES if canary in content] == []
    assert "response_code" in content


@pytest.mark.parametrize("form", report.FORMATS)
def test_hostile_texts_stay_texts(form: str) -> None:
    """Nothing in a file controls a terminal, turns text around, or has no end."""
    content = written(form, hostile())

    assert content.encode()
    assert set(re.findall(r"[^\n\t\x20-\x7e]", content)) & set("".join(HOSTILE)) == set()
    assert form in WHOLE or len(content) < LARGEST
