"""Payloads in files, and on standard input."""

from __future__ import annotations

import io
import sys
from types import SimpleNamespace
from typing import TYPE_CHECKING

import pytest

from enkash_contract.errors import PayloadFileError
from enkash_contract.wire.payload_file import payload_file, payload_lines, read_bytes

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize(
    ("text", "payload"),
    [('{"a": [1]}', {"a": [1]}), ("[]", []), ("0", 0), ("false", False), ('""', "")],
)
def test_a_payload_is_read(tmp_path: Path, text: str, payload: object) -> None:
    """Any JSON value is one, an object or not."""
    (tmp_path / "p.json").write_text(text)
    assert payload_file(str(tmp_path / "p.json")) == payload


@pytest.mark.parametrize(
    ("raw", "message"),
    [
        (b"", "1: the body is empty"),
        (b"{\n\n,}", "3: it is not JSON: "),
        (b'{"a":1,\n"a":2}', "2: the name 'a' is repeated in one object"),
        (b"\n\xff", "2: byte 0xff at offset 1 is not UTF-8"),
        (b"null", "1: null is no payload; write the request's JSON object"),
    ],
)
def test_a_file_without_a_payload_is_an_error(tmp_path: Path, raw: bytes, message: str) -> None:
    """File and line are named, as a person would type them."""
    file = tmp_path / "p.json"
    file.write_bytes(raw)
    with pytest.raises(PayloadFileError) as raised:
        payload_file(str(file))
    assert str(raised.value).startswith(f"{file}:{message}")


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    """The reason is the system's own."""
    with pytest.raises(PayloadFileError, match="none.json: cannot be read: No such file"):
        read_bytes(str(tmp_path / "none.json"))


def test_a_dash_is_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is read as bytes; where it was closed, a file is asked for."""
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"{}")))
    assert payload_file("-") == {}

    monkeypatch.setattr(sys, "stdin", None)
    with pytest.raises(PayloadFileError, match="^-: there is no standard input; name a file"):
        read_bytes("-")


@pytest.mark.parametrize(
    ("name", "lines"),
    [
        ("p.ndjson", [(0, b"{}"), (3, b" []")]),
        ("p.jsonl", [(0, b"{}"), (3, b" []")]),
        ("p.json", [(0, b"{}\n\n \n []")]),
    ],
)
def test_payloads_come_with_their_lines(
    tmp_path: Path, name: str, lines: list[tuple[int, bytes]]
) -> None:
    """A file of lines holds one on each line that is not blank; any other file holds one."""
    (tmp_path / name).write_bytes(b"{}\n\n \n []")
    assert list(payload_lines(str(tmp_path / name))) == lines
