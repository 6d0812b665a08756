"""Input made to break readers: whatever comes in, out comes a verdict or one clear error."""

from __future__ import annotations

import contextlib
import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import enkash_contract as ec
from enkash_contract.config.location import read_named
from enkash_contract.contract.contract import load
from enkash_contract.errors import EnkashContractError
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.wire.codings import NotSeen, decoded
from tests.support.anything import JSON
from tests.support.recorded import URL, entry, interaction, log

if TYPE_CHECKING:
    from collections.abc import Callable

LONG = pytest.param(3_000, marks=pytest.mark.slow, id="long")
SHORT = pytest.param(30, id="short")

SIGNS = rb"""{ } [ ] " : , \u \ -  !!binary << "entries": interactions: token= "password":
    eyJ < name= value=
    Bearer %YAML --- &a *a 1e999 999999999999999999999999""".split()
PIECES = st.sampled_from(
    [
        *SIGNS,
        *(sign + b" " for sign in SIGNS),
        *(b"\xff", b"\0", b"\n", b"\n- ", b"\x1f\x8b\x08", b"9" * 400),
        json.dumps(log(entry())).encode(),
        json.dumps({"interactions": [interaction()]}).encode(),
    ]
)
BYTES = st.binary(max_size=40) | st.lists(PIECES | st.binary(max_size=4), max_size=12).map(b"".join)
ENTRIES = st.recursive(
    JSON | st.sampled_from([entry(), interaction(), entry()["request"], URL]),
    lambda inner: st.dictionaries(
        st.sampled_from(
            "log entries request response headers postData text body uri url method status".split()
        ),
        inner,
        max_size=4,
    ),
    max_leaves=8,
)


def recorded(data: bytes) -> None:
    """Judge a recording that holds `data`: something is said about it."""
    with tempfile.TemporaryDirectory() as folder:
        for name in ("a.har", "a.yaml"):
            file = Path(folder, name)
            file.write_bytes(data)
            result = ec.check_traffic(file)
            assert result.total or result.unread or result.notes
            assert all(text.isprintable() for text in (*result.unread, *result.notes))


def validated(data: bytes) -> None:
    """Validate `data` as a payload."""
    message = ""
    try:
        ec.validate_json(data)
    except ec.ContractViolated as error:
        message = str(error)
    assert all(line.isprintable() for line in message.splitlines())


def unpacked(data: bytes) -> None:
    """Undo the codings that `data` is said to be in."""
    for codings in (["gzip"], ["deflate"], ["gzip", "deflate"], ["br"], ["gzip"] * 3):
        plain = decoded(data, codings)
        assert isinstance(plain, (bytes, NotSeen))


def hidden(data: bytes) -> None:
    """Hide the secrets of `data` in itself."""
    known = Secrets()
    known.add_body(data)
    assert isinstance(known.hide_bytes(data), bytes)
    known.hide(data.decode("latin-1"))
    known.pieces(data)


def configured(data: bytes) -> None:
    """Read `data` as a configuration file, and as an overlay."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder, "a")
        file.write_bytes(data)
        for read in (read_named, load):
            with contextlib.suppress(EnkashContractError):
                read(str(file))


@pytest.mark.parametrize("examples", [SHORT, LONG])
@pytest.mark.parametrize(
    "reader", [recorded, validated, unpacked, hidden, configured], ids=lambda one: one.__name__
)
def test_bytes_are_no_reason_to_fail(reader: Callable[[bytes], None], examples: int) -> None:
    """Random ones, and those that look like something that is read here."""

    @settings(max_examples=examples, deadline=None)
    @given(BYTES)
    def holds(data: bytes) -> None:
        reader(data)

    holds()


@pytest.mark.parametrize("examples", [SHORT, LONG])
def test_any_json_may_be_a_recording(examples: int) -> None:
    """Members of any type, where a recording would have others."""

    @settings(max_examples=examples, deadline=None)
    @given(ENTRIES, st.booleans())
    def holds(value: Any, as_list: bool) -> None:  # noqa: FBT001 - drawn
        listed = {"log": {"entries": [value]}} if as_list else value
        recorded(json.dumps(listed).encode())

    holds()
