"""Streams for tests, which come in chunks of any size."""

from __future__ import annotations


class Trickle:
    """A text that is read a few bytes at a time."""

    def __init__(self, text: bytes, step: int) -> None:
        self._text, self._step = text, step

    def read(self, _: int = -1) -> bytes:
        """Return the next bytes."""
        chunk, self._text = self._text[: self._step], self._text[self._step :]
        return chunk
