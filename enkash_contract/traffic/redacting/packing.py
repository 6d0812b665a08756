"""New files for redacted recordings: packed as their names end, and for their owner alone."""

from __future__ import annotations

import contextlib
import gzip
import os
import zipfile
from importlib.util import find_spec
from io import TextIOWrapper
from typing import IO, TYPE_CHECKING, cast

from enkash_contract.errors import UsageError
from enkash_contract.traffic.reading.files import ENDINGS

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

NEEDED = "pip install 'enkash-contract[traffic]'"


@contextlib.contextmanager
def opened(path: Path, ending: str) -> Iterator[IO[str]]:
    """Open a new file for a recording, whose own name ends in `ending` if it has none in `path`.

    Raises:
        UsageError: there is one of that name, it cannot be written, or what packs it is missing.

    """
    pack = PACKINGS.get(path.suffix.lower())
    if pack is _zstd and find_spec("zstandard") is None:
        raise UsageError(f"{path} would be packed by zstd, which needs {NEEDED}")
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        raise UsageError(f"{path} is there already; name another file") from None
    except OSError as error:
        raise UsageError(f"{path} cannot be written: {error.strerror or error}") from None
    with contextlib.ExitStack() as stack:
        file: IO[bytes] = stack.enter_context(os.fdopen(descriptor, "wb"))
        if pack is not None:
            file = stack.enter_context(pack(file, _inner(path, ending)))
        yield stack.enter_context(TextIOWrapper(file, encoding="utf-8", newline="\n"))


def _inner(path: Path, ending: str) -> str:
    """Return the name of a file in an archive: nobody looks into one without an ending."""
    return path.stem if path.stem.lower().endswith(ENDINGS) else f"{path.stem}{ending}"


@contextlib.contextmanager
def _gzip(file: IO[bytes], _: str) -> Iterator[IO[bytes]]:
    with gzip.open(file, "wb") as packed:
        yield cast("IO[bytes]", packed)


@contextlib.contextmanager
def _zip(file: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    """Write an archive of one file."""
    with (
        zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive,
        archive.open(name, "w", force_zip64=True) as member,
    ):
        yield member


@contextlib.contextmanager
def _zstd(file: IO[bytes], _: str) -> Iterator[IO[bytes]]:
    import zstandard

    with zstandard.ZstdCompressor().stream_writer(file, closefd=False) as packed:
        yield packed


PACKINGS: dict[str, Callable[[IO[bytes], str], AbstractContextManager[IO[bytes]]]] = {
    ".gz": _gzip,
    ".zip": _zip,
    ".zst": _zstd,
}
"""The function that packs a file, by the ending of its name."""
