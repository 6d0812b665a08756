"""A sample of interactions: at most so many, and of the same recordings always the same.

Each is chosen by a hash of its place, so that neither the order of the files nor how often the same
was sent decides. What can no longer be chosen need not even be read.
"""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.traffic.entries.entry import Entry
    from enkash_contract.traffic.reading.address import Address

BEYOND = "beyond --sample"
"""The reason for which interactions are left alone."""


class Sample:
    """Keeps the entries of the `size` smallest ranks."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._heap: list[tuple[int, int, Entry]] = []
        self._order = 0

    def has_room(self, rank: int) -> bool:
        """Return whether an entry of that rank would be kept."""
        return len(self._heap) < self.size or rank < -self._heap[0][0]

    def add(self, rank: int, entry: Entry) -> bool:
        """Keep an entry of ours; return whether another one was dropped for it."""
        # The first of equal ranks stays.
        self._order += 1
        item = (-rank, -self._order, entry)
        if len(self._heap) < self.size:
            heapq.heappush(self._heap, item)
            return False
        heapq.heappushpop(self._heap, item)
        return True

    def entries(self) -> list[Entry]:
        """Return the entries that were kept, in their order."""
        return [entry for _, _, entry in sorted(self._heap, key=lambda item: -item[1])]


def rank_of(place: str, file: Path | Address) -> int:
    """Return the rank of a place in a file, whichever folder the file is in."""
    from hashlib import blake2b

    name = f"{file.name}{place.removeprefix(str(file))}"
    digest = blake2b(name.encode(errors="surrogateescape"), digest_size=8).digest()
    return int.from_bytes(digest, "big")
