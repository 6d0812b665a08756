"""Packing around recordings, undone as a stream: a recording of any size takes little memory.

gzip and zstd are undone, zip and tar also within or around them, but no more than two in a row.
UTF-16 becomes UTF-8, and byte order marks are dropped. Nothing is written to a disk.
"""

from __future__ import annotations

import codecs
import json
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO

from enkash_contract.traffic.reading import access
from enkash_contract.traffic.reading.beginnings import is_archive
from enkash_contract.traffic.reading.stream import (
    CHUNK,
    Budget,
    Stream,
    UnreadableError,
    failed,
)
from enkash_contract.wire.codings import CUT_OFF, DAMAGED, GZIP_MAGIC

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from enkash_contract.traffic.reading.address import Address

MOST = 2
"""The packings in a row that are undone at most."""

WINDOW = 32 << 20
"""The bytes of memory that zstd may ask for."""

ZSTD_MAGIC = b"\x28\xb5\x2f\xfd"
REFUSED = {
    b"BZh": "bzip2",
    b"\xfd7zXZ\0": "xz",
    b"7z\xbc\xaf\x27\x1c": "7z",
    b"Rar!\x1a\x07": "rar",
}
"""Packings that are not undone, by the bytes with which they begin."""

_HEAD = 512


def streams(path: Path | Address) -> Iterator[Stream]:
    """Yield the recordings that a file holds: itself, or those in an archive.

    A file that cannot be read is a stream too, with its problem. Nothing is raised.
    """
    try:
        file = access.opened(path)
    except UnreadableError as error:
        yield failed(str(path), str(error))
        return
    with file:
        try:
            before = access.state(path, file)
        except OSError as error:
            yield failed(str(path), access.unread(error))
            return
        chunks = access.chunks(path, file, before)
        stream = Stream(str(path), chunks, access.beside(path))
        yield from _unpacked(stream, Budget(before.size), file)


def _unpacked(
    stream: Stream, budget: Budget, file: BinaryIO | None, layers: int = 0
) -> Iterator[Stream]:
    """Yield what is in a stream; `file` is the file that it is, if it is one as it stands."""
    head = stream.peek(_HEAD)
    undo = next((undo for magic, undo in UNDO.items() if head.startswith(magic)), None)
    refused = next((name for magic, name in REFUSED.items() if head.startswith(magic)), None)
    if layers == MOST and (undo or is_archive(head)):
        yield failed(stream.name, "is packed more than twice; unpack it first")
    elif undo:
        inner = Stream(stream.name, budget.spend(undo(stream)), stream.attached, found=stream.found)
        yield from _unpacked(inner, budget, None, layers + 1)
    elif is_archive(head):
        # What reads archives takes long to import.
        from enkash_contract.traffic.reading.archives import members

        for member in members(stream, file):
            chunks = budget.spend(member.chunks())
            inner = Stream(member.name, chunks, member.attached, found=True)
            yield from _unpacked(inner, budget, None, max(layers, MOST - 1))
    elif refused:
        yield failed(stream.name, f"is packed by {refused}, which is not undone here; unpack it")
    else:
        yield _as_text(stream)


def _gunzipped(stream: Stream) -> Iterator[bytes]:
    def member() -> Any:
        return zlib.decompressobj(zlib.MAX_WBITS | 16)

    return _gathered(_inflated(stream, member, GZIP_MAGIC, 4096))


def _unzstd(stream: Stream) -> Iterator[bytes]:
    try:
        import zstandard
    except ImportError:
        problem = "is packed by zstd, which needs pip install 'enkash-contract[traffic]'"
        raise UnreadableError(problem) from None
    unpacker = zstandard.ZstdDecompressor(max_window_size=WINDOW)
    yield from _gathered(_inflated(stream, unpacker.decompressobj, ZSTD_MAGIC, 256))


def _inflated(
    stream: Stream, member: Callable[[], Any], magic: bytes, step: int
) -> Iterator[bytes]:
    """Yield what all members of a packed file hold; what follows the last of them is padding.

    Of a bomb, `step` bytes become few megabytes.
    """
    while stream.peek(len(magic)).startswith(magic):
        unpacker = member()
        while not unpacker.eof:
            packed = stream.read()
            if not packed:
                raise UnreadableError(stream.problem or f"{_TORN}: {CUT_OFF}")
            for at in range(0, len(packed), step):
                try:
                    yield unpacker.decompress(packed[at : at + step])
                except Exception as error:  # each library raises its own
                    raise UnreadableError(f"{_TORN}: {DAMAGED}") from error
                if unpacker.eof:
                    stream.unread(unpacker.unused_data + packed[at + step :])
                    break


_TORN = "cannot be unpacked to its end"


def _gathered(chunks: Iterator[bytes]) -> Iterator[bytes]:
    """Yield small chunks as larger ones."""
    parts: list[bytes] = []
    size = 0
    try:
        for chunk in chunks:
            parts.append(chunk)
            size += len(chunk)
            if size >= CHUNK:
                yield b"".join(parts)
                parts, size = [], 0
    except UnreadableError:
        yield b"".join(parts)
        raise
    yield b"".join(parts)


UNDO: dict[bytes, Callable[[Stream], Iterator[bytes]]] = {
    GZIP_MAGIC: _gunzipped,
    ZSTD_MAGIC: _unzstd,
}
"""The function that undoes each packing, by the bytes with which it begins."""


def _as_text(stream: Stream) -> Stream:
    """Return a stream in UTF-8 without a byte order mark."""
    head = stream.peek(4)
    if head.startswith(codecs.BOM_UTF8):
        stream.skip(len(codecs.BOM_UTF8))
        return stream
    marks = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE, codecs.BOM_UTF32_BE)
    # Without a mark, zeros tell it; a text begins with a character of ASCII here.
    zeros = len(head) == _HEAD_OF_JSON and b"\0" in head and head.strip(b"\0")[:1] in (b"{", b"[")
    if not head.startswith(marks) and not zeros:
        return stream
    decoder = codecs.getincrementaldecoder(json.detect_encoding(head))("replace")

    def chunks() -> Iterator[bytes]:
        for chunk in stream.chunks():
            yield decoder.decode(chunk).encode("utf-8", "replace")
        yield decoder.decode(b"", final=True).encode("utf-8", "replace")

    return Stream(stream.name, chunks(), stream.attached, found=stream.found)


_HEAD_OF_JSON = 4
