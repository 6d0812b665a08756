"""The payloads that are vouched for, by operation."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.engine.bases import base_of
from enkash_contract.errors import PayloadFileError, UsageError
from tests.engine.test_several import ALL, FEW, checked
from tests.support.several import PAY, PAYLOAD, REFUND, three

if TYPE_CHECKING:
    from pathlib import Path


def written(folder: Path, **payloads: Any) -> Path:
    """Write payloads into files named for operations, and return their folder."""
    for name, payload in payloads.items():
        (folder / f"{name}.json").write_text(json.dumps(payload), encoding="utf-8")
    return folder


def test_each_operation_has_its_own_base(tmp_path: Path) -> None:
    """In a folder, or in a mapping; one that has none has its example."""
    pay = three()[PAY]
    bases = written(tmp_path, smallPay={"amount": 7})
    for base in (str(bases), bases, {PAY: {"amount": 7}}):
        assert base_of(base, pay, three()) == {"amount": 7}
        assert base_of(base, three()[REFUND], three()) is None
    assert base_of(None, pay, three()) is None
    assert checked(base=bases).operations == dict.fromkeys(ALL, "conforms")
    only = ec.check_target(None, contract=three(), operation=PAY, base=bases, only=FEW)
    assert only.ok


@pytest.mark.parametrize(
    ("base", "message"),
    [
        ([1], "the base of several operations is a folder that holds <operationId>.json, or a "),
        (
            {"smallPey": PAYLOAD},
            "the base of 'smallPey' is named for no operation; did you mean sm",
        ),
        ("nowhere", "nowhere is no folder; the base of several operations is a folder that holds "),
    ],
)
def test_a_base_that_is_none_is_one_error(base: Any, message: str) -> None:
    """It says what to write."""
    with pytest.raises(UsageError) as raised:
        checked(base=base)
    assert str(raised.value).startswith(message)


def test_a_file_that_is_named_for_no_operation_is_an_error(tmp_path: Path) -> None:
    """It would be left out silently; and one that cannot be read is named."""
    with pytest.raises(UsageError, match=r"smallPey.json is named for no operation; did you mean"):
        checked(base=written(tmp_path, smallPey=PAYLOAD))
    (tmp_path / "smallPey.json").rename(tmp_path / "smallPay.json")
    (tmp_path / "smallPay.json").write_text("{")
    with pytest.raises(PayloadFileError, match=r"smallPay.json:1: "):
        checked(base=tmp_path)
