"""The reports of `selftest`."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from enkash_contract.engine import selftest
from enkash_contract.engine.bench import Row
from enkash_contract.engine.selftest import Matrix
from tests.support.typed_commands import said, typed

if TYPE_CHECKING:
    from pathlib import Path

    import pytest


def test_the_selftest_is_reported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """On the standard output alone; the command that repeats it has the same document."""
    rows = (Row("d", "is wrong", "request#json", "json"), Row("conforming/e", "is right"))
    monkeypatch.setattr(selftest, "selftest", lambda **_: Matrix(rows, 0.5))
    overlay = tmp_path / "o.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: a, version: '1'}\n"
        "actions: [{target: $.info, update: {version: '2'}}]\n"
    )
    reports = ("--report", "json=-", "--report", f"junit={tmp_path / 'j.xml'}")
    code, out, err = said(typed("selftest", "--overlay", str(overlay), *reports))
    report = json.loads(out)

    assert (code, report["exit"], report["runs"][0]["command"]) == (1, 1, "selftest")
    assert err.startswith("json     1 defects     0 found     1 missed\n")
    assert report["findings"][0]["reproduce"] == f"enkash-contract selftest --overlay {overlay}"
    assert [each["outcome"] for each in report["sandboxes"]] == ["missed", "conforming"]
    assert "finds d" in (tmp_path / "j.xml").read_text()


def test_several_operations_are_summed_up(monkeypatch: pytest.MonkeyPatch) -> None:
    """Each under its name, and all of them in the last line."""
    rows = (Row("d", "is wrong", "request#json", "json"), Row("conforming/e", "is right"))
    monkeypatch.setattr(selftest, "selftest", lambda **_: Matrix(rows, 0.5))
    names = ("changeInvoiceStatus", "registerB2BId")
    words = [word for name in names for word in ("--operation", name)]
    code, out, _ = said(typed("selftest", *words))
    assert code == 1
    lines = out.splitlines()
    assert [name for name in names if f"{name}:" in lines] == [*names]
    assert "2 defects" in lines[-1]
