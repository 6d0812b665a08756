"""Every format of a report is written by its module."""

from __future__ import annotations

import io

import pytest

from enkash_contract import report
from enkash_contract.judging.result import Result
from enkash_contract.report.build import build
from tests.support.results import about


def test_every_format_is_written() -> None:
    """Each format in the table writes something, and one that is not there is none."""
    streams = {form: io.StringIO() for form in report.FORMATS}
    for form, stream in streams.items():
        report.write(form, build(Result(), about()), stream)

    assert [form for form, stream in streams.items() if not stream.getvalue()] == []
    with pytest.raises(KeyError):
        report.write("xml", build(Result(), about()), io.StringIO())
