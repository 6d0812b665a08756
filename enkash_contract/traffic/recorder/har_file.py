"""A HAR file that grows by one entry at a time, and is whole after each of them.

A recorder runs until somebody stops it, and not everybody does so politely: whatever ends it, what
has passed can be read.
"""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, BinaryIO, Self

from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from pathlib import Path

END = b"\n]}}\n"
"""The end of the list of entries, and of the file."""


class HarFile:
    """The file at `path`, new and for its owner alone, as a context.

    Raises:
        UsageError: it is there already, or cannot be written.

    """

    def __init__(self, path: Path, version: str) -> None:
        creator = {"name": "enkash-contract", "version": version}
        head = f'{{"log": {{"version": "1.2", "creator": {json.dumps(creator)}, "entries": ['
        try:
            # A recording holds what customers sent.
            descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        except FileExistsError:
            raise UsageError(f"--out {path}: it is there already; name another file") from None
        except OSError as error:
            reason = error.strerror or error
            raise UsageError(f"--out {path} cannot be written: {reason}") from None
        self._file: BinaryIO = os.fdopen(descriptor, "wb", buffering=0)
        self._file.write(head.encode() + END)
        self._at = len(head)
        self.entries = 0
        """The number of entries."""

    def add(self, entry: dict[str, Any]) -> None:
        """Write an entry as a line.

        Raises:
            OSError: it cannot be written.

        """
        comma = "," if self.entries else ""
        line = f"{comma}\n{json.dumps(entry)}".encode()
        self._file.seek(self._at)
        self._file.write(line + END)
        self._at += len(line)
        self.entries += 1

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self._file.close()
