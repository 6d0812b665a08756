"""Bodies as recorders write them: what is known of them, and when nothing is."""

from __future__ import annotations

import base64
import gzip
import json
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.traffic.entries.bodies import of_base64, of_text, of_value, settled
from enkash_contract.traffic.entries.entry import Missing

WHOLE = b'{"payload": "SUCCESS"}'
HALF = WHOLE[:9]


@given(st.dictionaries(st.text(max_size=3), st.integers(), min_size=1), st.integers(0, 3))
def test_bytes_that_are_spelled_are_read(payload: Any, indent: int) -> None:
    """Base64 and hexadecimal digits of JSON are read with a label and without."""
    body = json.dumps(payload, indent=indent or None).encode()
    packed = gzip.compress(body, mtime=0)
    for each in (body, packed):
        assert of_text(each.hex()) == each
        assert of_text(json.dumps([each.hex()[:4], each.hex()[4:]])) == each
        assert of_base64(base64.b64encode(each).decode()) == each
        assert of_text(base64.b64encode(each).decode()) == each
    assert of_text(packed.decode("latin-1")) == packed


@given(st.binary().map(zlib.compress), st.integers(1, 50))
def test_a_list_of_chunks_in_base64_is_read(packed: bytes, length: int) -> None:
    """Polly.js labels the list as base64, each of whose items spells one chunk."""
    chunks = [packed[at : at + length] for at in range(0, len(packed), length)]
    text = json.dumps([base64.b64encode(chunk).decode() for chunk in chunks])

    assert of_base64(text) == packed


@pytest.mark.parametrize("text", ['["USER"]', '["ADMIN"]', '["US=R"]', "[]", '["USER", 1]'])
def test_a_list_of_words_is_a_list_of_words(text: str) -> None:
    """Firefox labels text as base64 too, and a list of words may look like chunks."""
    assert of_base64(text) == text.encode()


@pytest.mark.parametrize(
    "text", ["", "7b", "7b2", "abcd", '["ab"]', "eyJ!", "eyJhIjox", "W3s=", "[]", '["a"]', "e30"]
)
def test_other_text_is_what_it_says(text: str) -> None:
    """What spells neither JSON nor gzip is the text itself."""
    assert of_text(text) == text.encode()


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_text_in_braces_is_never_taken_for_base64(text: str) -> None:
    """Whatever its label says."""
    assert of_base64(f'{{"{text}"}}') == f'{{"{text}"}}'.encode()


def settle(body: Any, headers: Any = (), sizes: Any = ()) -> tuple[bytes | None, list[str]]:
    """Return a body and the problems with it."""
    problems: list[Missing] = []
    plain = settled("response", body, tuple(headers), sizes, problems)
    return plain, [*map(str, problems)]


@pytest.mark.parametrize(
    ("body", "length", "sizes"),
    [
        (b"", None, ()),
        (b"", "0", ()),
        (b"", "0", (9,)),
        (b"", None, (0, -2, None, "9", False)),
        (WHOLE, "9999", (9999,)),
        (HALF, "9", (9, 0, -1)),
        (HALF, "\u0669\u0669", ()),
        (HALF, "none", ()),
    ],
)
def test_a_body_that_is_known(body: bytes, length: str | None, sizes: Any) -> None:
    """Nothing announces more than there is, or what is there is whole."""
    headers = [] if length is None else [("Content-Length", length)]
    assert settle(body, headers, sizes) == (body, [])


@pytest.mark.parametrize(
    ("body", "headers", "sizes", "why"),
    [
        (b"", [("Content-Length", "9")], (0, -1), "was not recorded"),
        (b"", [("Content-Length", "9" * 5000)], (), "was not recorded"),
        (b"", [("Transfer-Encoding", "chunked")], (), "was not recorded"),
        (b"", [], (9,), "was not recorded"),
        (HALF, [("Content-Length", "22")], (), "was cut off by the recorder after 9 of 22 bytes"),
        (HALF, [], (0, 22), "was cut off by the recorder after 9 of 22 bytes"),
        (
            b"[" * 100_000,
            [],
            (100_001,),
            "was cut off by the recorder after 100000 of 100001 bytes",
        ),
        (
            b"\xff",
            [("Content-Encoding", "compress")],
            (),
            "was in the content coding compress, which is not undone here",
        ),
        (
            gzip.compress(WHOLE, mtime=0).decode("utf-8", "replace").encode(),
            [("Content-Encoding", "gzip")],
            (),
            "was recorded as text while it was packed, which broke it",
        ),
        (Missing("body", "lost"), [], (), "was lost"),
    ],
)
def test_a_body_that_is_not_known(body: Any, headers: Any, sizes: Any, why: str) -> None:
    """It is neither empty nor broken off, and the reason is told."""
    assert settle(body, headers, sizes) == (None, [f"the response body {why}"])


def test_a_packed_body_is_unpacked() -> None:
    """Its length is that of what was sent, or of what it holds."""
    packed = gzip.compress(HALF)
    headers = [("Content-Encoding", "gzip"), ("Content-Length", str(len(packed)))]
    assert settle(packed, headers, (len(HALF),)) == (HALF, [])


@pytest.mark.parametrize("body", ["[REDACTED]", '"***"', "<body omitted>", "Removed"])
def test_a_mark_is_no_body(body: str) -> None:
    """Nobody knows what stood in its place."""
    assert str(of_text(body)) == "the body was replaced by a mark of the recorder"


@pytest.mark.parametrize(
    "end", ["...", "\u2026", " [TRUNCATED]", "... (truncated)", "... 355 more characters"]
)
def test_a_body_that_ends_in_a_mark_was_cut_off(end: str) -> None:
    """Of whole JSON it is a part."""
    cut = "the body was cut off by the recorder (it ends in a mark that says so)"
    assert str(of_text(f'{{"payload": "SUC{end}')) == cut
    assert of_text(f'["{end}"]') == f'["{end}"]'.encode()
    assert of_text(f"payload{end}") == f"payload{end}".encode()


@pytest.mark.parametrize("mark", ["***", "[REDACTED]", "<redacted>", "FILTERED"])
def test_json_that_a_mark_has_broken_is_not_known(mark: str) -> None:
    """A scrubber of texts knows of no quotation marks; in these it breaks nothing."""
    hidden = "the body was replaced by a mark of the recorder"
    assert str(of_text(f'{{"version": {mark}, "status": 1}}')) == hidden
    assert of_text(f'{{"version": "{mark}"}}') == f'{{"version": "{mark}"}}'.encode()
    assert of_text(f'{{"version": "{mark}",}}') == f'{{"version": "{mark}",}}'.encode()


def test_the_forms_of_a_value() -> None:
    """Bytes, text, pieces and objects are read; what has no bytes is not known."""
    forms = (b"\xff", "é", None, "", ["a", b"b"], {"a": 1}, [1])
    known = [b"\xff", "é".encode(), b"", b"", b"ab", b'{"a": 1}', b"[1]"]
    assert [of_value(value) for value in forms] == known
    assert str(of_value(7)) == "the body was recorded as what cannot be bytes (a int)"
    assert isinstance(of_value({"a": b"\xff"}), Missing)
    assert isinstance(of_value(["\ud800"]), Missing)
