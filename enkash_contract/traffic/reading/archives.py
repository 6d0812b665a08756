"""Archives, zip and tar: the recordings in them, and what is attached to one.

Playwright writes `.har.zip`: a HAR, and beside it a file for each body, which is no recording. It
calls these by their hashes, and so do its traces.
"""

from __future__ import annotations

import posixpath
import re
import tarfile
import zipfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any, BinaryIO

from enkash_contract.traffic.reading.beginnings import ZIP
from enkash_contract.traffic.reading.files import ENDINGS, is_named_as_one
from enkash_contract.traffic.reading.stream import CHUNK, Stream, UnreadableError, failed

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ATTACHED = 32 << 20
"""The most bytes that are read of a file that is attached to a recording."""

_HASH = re.compile(r"[0-9a-f]{40}\.[^./]*")
_LONG = 1 << 16
_NONE = f"holds no recording ({', '.join(ENDINGS)})"


def members(stream: Stream, file: BinaryIO | None) -> Iterator[Stream]:
    """Yield the recordings in an archive; `file` is all of it, if nothing is packed around it."""
    if not stream.peek(4).startswith(ZIP):
        yield from _tarred(stream)
    elif file is None:
        yield failed(stream.name, "is a zip that is packed once more; unpack it first")
    else:
        yield from _zipped(stream.name, file)


def _zipped(name: str, file: BinaryIO) -> Iterator[Stream]:
    """Yield the recordings in a zip, but not the bodies that one of Playwright keeps beside it."""
    try:
        archive = zipfile.ZipFile(file)
        members = [member for member in archive.infolist() if not member.is_dir()]
    except Exception as error:  # noqa: BLE001 - a damaged zip raises whatever comes first
        yield failed(name, f"cannot be read as a zip: {error}")
        return
    named = [member for member in members if _is_recording(member.filename)]
    if not named:
        yield failed(name, _NONE)
    asked: set[str] = set()
    # What is attached shows when the recordings that may have something attached are read.
    for member in sorted(named, key=lambda member: not _may_attach(member.filename)):
        if member.filename not in asked:
            beside = _beside(archive, posixpath.dirname(member.filename), asked)
            yield Stream(f"{name}:{member.filename}", _member(archive, member), beside, found=True)


def _is_recording(name: str) -> bool:
    """Return whether a file in an archive is taken for a recording by its name."""
    base = posixpath.basename(name)
    if _HASH.fullmatch(base):
        return False
    return _may_attach(base) or is_named_as_one(base)


def _may_attach(name: str) -> bool:
    """Return whether a file in an archive is named as HAR or as a trace."""
    return ".har" in posixpath.basename(name).lower() or name.endswith("trace.network")


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> Iterator[bytes]:
    if member.flag_bits & 1:
        raise UnreadableError("needs a password; unpack it first")
    try:
        with archive.open(member) as opened:
            while chunk := opened.read(CHUNK):
                yield chunk
    except Exception as error:  # damage, a password, a method that Python does not know
        raise UnreadableError(f"cannot be unpacked to its end: {error}") from error


def _beside(
    archive: zipfile.ZipFile, folder: str, asked: set[str]
) -> Callable[[str], bytes | None]:
    """Return the function that reads the files beside one in a zip, and adds their names."""

    def read(name: str) -> bytes | None:
        with suppress(KeyError, UnreadableError):
            member = archive.getinfo(posixpath.join(folder, name))
            asked.add(member.filename)
            if member.file_size <= ATTACHED:
                return b"".join(_member(archive, member))
        return None

    return read


class _Member(tarfile.TarInfo):
    """A file in a tar whose name takes no more memory than a name should."""

    @classmethod
    def frombuf(cls, buf: Any, encoding: Any, errors: Any) -> Any:
        """Read a header.

        Raises:
            tarfile.HeaderError: it announces a name, or other members of itself, that are long.

        """
        found = super().frombuf(buf, encoding, errors)
        if found.type not in tarfile.SUPPORTED_TYPES[:8] and found.size > _LONG:
            raise tarfile.HeaderError("a name in it is too long")
        return found


class _Bytes:
    """A source for tarfile, which wants as many bytes as it asks for, as long as there are any."""

    def __init__(self, stream: Stream) -> None:
        self._stream, self._held = stream, bytearray()

    def read(self, size: int) -> bytes:
        while len(self._held) < size and (chunk := self._stream.read()):
            self._held += chunk
        found = bytes(self._held[:size])
        del self._held[:size]
        return found


def _tarred(stream: Stream) -> Iterator[Stream]:
    """Yield the recordings in a tar, each of which has to be read before the next."""
    none = True
    source: Any = _Bytes(stream)
    try:
        with tarfile.open(fileobj=source, mode="r|", tarinfo=_Member) as archive:
            for member in archive:
                if member.isfile() and _is_recording(member.name):
                    none = False
                    yield Stream(f"{stream.name}:{member.name}", _file(archive, member), found=True)
    except Exception as error:  # noqa: BLE001 - as above
        yield failed(stream.name, stream.problem or f"cannot be read as a tar to its end: {error}")
        return
    if stream.problem or none:
        yield failed(stream.name, stream.problem or _NONE)


def _file(archive: tarfile.TarFile, member: tarfile.TarInfo) -> Iterator[bytes]:
    try:
        opened = archive.extractfile(member)
        while opened and (chunk := opened.read(CHUNK)):
            yield chunk
    except Exception as error:  # as above
        raise UnreadableError(f"cannot be unpacked to its end: {error}") from error
