"""The file that a learned overlay is written to: a new one, because somebody may have edited it."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from enkash_contract.errors import UsageError, printable
from enkash_contract.traffic.learning.learned import Learned
from enkash_contract.traffic.learning.overlay import Overlay

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract

STDOUT = "-"
"""A name that elsewhere is the standard output."""


class Learning:
    """The sum of what one check learns, and the file that it is written to.

    Raises:
        UsageError: nothing can be written there.

    """

    def __init__(self, path: str | Path, contract: Contract) -> None:
        self.path, self._contract = Path(path), contract
        self.learned = Learned()
        self._name = printable(str(path))
        if not str(path).strip():
            raise UsageError("learn is empty; name a file for what is learned")
        if str(path) == STDOUT:
            raise UsageError("learn is -, and an overlay is not printed; name a file")
        if os.path.lexists(self.path):
            raise UsageError(
                f"{self._name} is there already; name another file for what is learned"
            )
        if not self.path.parent.is_dir():
            folder = printable(str(self.path.parent))
            raise UsageError(f"{self._name} cannot be written: there is no folder {folder}")
        if not os.access(self.path.parent, os.W_OK | os.X_OK):
            # Hours later nothing could be done about it.
            raise UsageError(f"{self._name} cannot be written: nothing may be written there")

    def write(self) -> str:
        """Write the overlay; return what was learned, in words.

        Raises:
            UsageError: it cannot be written.

        """
        overlay = Overlay(self.learned, self._contract)
        try:
            with self.path.open("x", encoding="utf-8") as file:
                file.write(overlay.text)
        except OSError as error:
            why = error.strerror or error
            raise UsageError(f"{self._name} cannot be written: {why}") from None
        return f"wrote {overlay.summary} to {self._name}"
