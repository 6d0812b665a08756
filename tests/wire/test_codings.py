"""Content codings: what is undone, what was not seen, and what a bomb may cost."""

from __future__ import annotations

import gzip
import sys
import tracemalloc
import zlib
from typing import TYPE_CHECKING

import brotli  # type: ignore[import-untyped]  # it has no types
import pytest
import zstandard
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.wire import codings
from enkash_contract.wire.codings import LIMIT, NotSeen, codings_of, decoded, seen, undone

if TYPE_CHECKING:
    from collections.abc import Callable

BODY = b'{"device": {"tag": {"name": "GEOCODE", "value": "string"}}}'


def gzipped(body: bytes) -> bytes:
    """Return the same bytes at any time of day."""
    return gzip.compress(body, mtime=0)


def raw_deflate(body: bytes) -> bytes:
    """Return what a server sends that leaves out the head of deflate."""
    return zlib.compress(body, wbits=-zlib.MAX_WBITS)


PACK: dict[str, Callable[[bytes], bytes]] = {
    "gzip": gzipped,
    "x-gzip": gzipped,
    "deflate": zlib.compress,
    "br": brotli.compress,
    "zstd": zstandard.compress,
}


def test_every_coding_is_tested() -> None:
    """Each coding that is undone has its opposite here."""
    assert list(PACK) == list(codings.UNDO)


@given(st.binary(max_size=200), st.lists(st.sampled_from([*PACK]), max_size=codings.MOST))
def test_what_is_packed_is_unpacked(body: bytes, names: list[str]) -> None:
    """The last coding is undone first."""
    packed = body
    for name in names:
        packed = PACK[name](packed)
    assert decoded(packed, names) == body


@given(st.lists(st.binary(max_size=50), min_size=1, max_size=4))
def test_all_members_of_a_gzip_file_are_read(members: list[bytes]) -> None:
    """A file of several members is their contents one after the other."""
    packed = b"".join(map(gzipped, members))
    assert decoded(packed, ["gzip"]) == b"".join(members)
    assert decoded(packed + b"\0" * 10, ["gzip"]) == b"".join(members)


@given(st.binary(max_size=200))
def test_deflate_without_its_head(body: bytes) -> None:
    """Servers send deflate with a head and without, and both are read."""
    assert decoded(raw_deflate(body), ["deflate"]) == body


@given(
    st.binary(max_size=100),
    st.sampled_from(["gzip", "deflate", "br", "zstd", "x" * 300, "\x1b[2J"]),
)
def test_no_bytes_break_it(body: bytes, name: str) -> None:
    """Whatever a body holds, it is read or was not seen, and the reason fits into a line."""
    found = decoded(body, [name])
    assert isinstance(found, bytes) or (len(found.why) < 100 and found.why.isprintable())


@pytest.mark.parametrize(
    ("body", "names", "why"),
    [
        (b"\x0b", ["compress"], "is in the content coding compress, which is not undone here"),
        (b"\xff\xff\xff", ["br"], "is in the content coding br, but it is damaged"),
        (brotli.compress(BODY)[:-1], ["br"], "is in the content coding br, but it is cut off"),
        (
            brotli.compress(bytes(LIMIT)),
            ["br"],
            "is in the content coding br, but it is too large when it is unpacked",
        ),
        (b"\xff\xff\xff\xff", ["zstd"], "is in the content coding zstd, but it is damaged"),
        (
            zstandard.compress(BODY)[:-1],
            ["zstd"],
            "is in the content coding zstd, but it is cut off",
        ),
        (
            zstandard.compress(bytes(LIMIT)),
            ["zstd"],
            "is in the content coding zstd, but it is too large when it is unpacked",
        ),
        (
            BODY,
            ["\x1b[2J"],
            "is in the content coding of an unknown name, which is not undone here",
        ),
        (BODY, ["gzip"] * 3, "is in 3 content codings, and 2 are undone at most"),
        (BODY, ["gzip"], "is in the content coding gzip, but it is damaged"),
        (BODY, ["deflate"], "is in the content coding deflate, but it is damaged"),
        (gzipped(BODY)[:-1], ["gzip"], "is in the content coding gzip, but it is cut off"),
        (
            zlib.compress(BODY)[:-1],
            ["deflate"],
            "is in the content coding deflate, but it is cut off",
        ),
        (
            gzipped(b" " * LIMIT + b"1"),
            ["x-gzip"],
            "is in the content coding x-gzip, but it is too large when it is unpacked",
        ),
    ],
    ids=[
        "other",
        "no-br",
        "cut-br",
        "large-br",
        "no-zstd",
        "cut-zstd",
        "large-zstd",
        "no-name",
        "three",
        "plain-gzip",
        "plain-deflate",
        "cut-gzip",
        "cut-deflate",
        "large",
    ],
)
def test_what_was_not_seen(body: bytes, names: list[str], why: str) -> None:
    """The reason is told in half a sentence."""
    assert decoded(body, names) == NotSeen(why)


def bomb() -> bytes:
    """Return half a megabyte that unpacks to half a gigabyte."""
    stream = zlib.compressobj(9, wbits=zlib.MAX_WBITS | 16)
    zeros = bytes(1 << 20)
    return b"".join(stream.compress(zeros) for _ in range(512)) + stream.flush()


def test_what_a_bomb_costs() -> None:
    """Unpacking stops long before memory runs out, in one file and in a chain."""
    packed = bomb()
    inside = gzipped(packed)
    tracemalloc.start()
    found = [decoded(packed, ["gzip"]), decoded(inside, ["gzip", "gzip"])]
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()

    why = "is in the content coding gzip, but it is too large when it is unpacked"
    assert found == [NotSeen(why)] * 2
    assert peak < 64_000_000


def test_what_is_plain_stays_so() -> None:
    """No coding, and no body, are nothing to undo."""
    assert decoded(BODY, []) == BODY
    assert decoded(b"", ["br"]) == b""


@pytest.mark.parametrize(
    ("headers", "names"),
    [
        ((), ()),
        ((("Content-Encoding", "identity"), ("Accept-Encoding", "br")), ()),
        ((("content-encoding", " GZIP , br"), ("CONTENT-ENCODING", ",x")), ("gzip", "br", "x")),
    ],
)
def test_which_codings_are_named(
    headers: tuple[tuple[str, str], ...], names: tuple[str, ...]
) -> None:
    """Fields are read as one list, in the order in which the codings were applied."""
    assert codings_of(headers) == names


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        (gzipped(BODY), "gzip", BODY),
        (zlib.compress(BODY), "deflate", BODY),
        # Undone before, while the header stayed.
        (BODY, "gzip", BODY),
        (b"\xff", "gzip", b"\xff"),
        (b"\t{\r\n}", "deflate", b"\t{\r\n}"),
        (BODY, "br", BODY),
        (brotli.compress(BODY), "br", BODY),
        (b"\xff", "br", NotSeen("is in the content coding br, but it is damaged")),
    ],
    ids=["gzip", "deflate", "done", "done-no-text", "done-deflate", "done-br", "br", "br-no-text"],
)
def test_what_a_library_may_have_undone(body: bytes, name: str, expected: bytes | NotSeen) -> None:
    """A coding is undone where it is still on the body; of text it is not."""
    assert undone(body, (("Content-Encoding", name),)) == expected
    assert undone(body, ()) == body


def test_a_body_and_its_reason() -> None:
    """Where nobody knows what a body holds there is none, and a reason."""
    headers = (("Content-Encoding", "br"),)
    reason = "is in the content coding br, but it is damaged"
    assert seen(b"\xff", headers) == (None, reason)
    assert seen(BODY, headers) == (BODY, "")
    assert seen(None, headers) == (None, "")


@pytest.mark.parametrize(("name", "package"), [("br", "brotli"), ("zstd", "zstandard")])
def test_without_the_extra_a_coding_is_not_undone(
    name: str, package: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The reason says what to install."""
    monkeypatch.setitem(sys.modules, package, None)
    assert decoded(PACK[name](BODY), [name]) == NotSeen(
        f"is in the content coding {name}, but to undo that needs "
        "pip install 'enkash-contract[traffic]'"
    )


def test_what_comes_in_many_steps_is_put_together() -> None:
    """As long as it stays below the limit."""
    body = b"".join(number.to_bytes(4, "big") for number in range(20_000))
    for name in ("br", "zstd"):
        assert decoded(PACK[name](body), [name]) == body
