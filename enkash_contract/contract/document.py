"""The document as data that remembers where each line of it came from.

Overlays are laid on the tree of YAML nodes, not on the data made from it: a node keeps its file and
line through every merge, so a rule changed by a partner points at the partner's own line. Nothing
here knows what the document means; that begins in `openapi` and `contract`.
"""

from __future__ import annotations

import functools
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enkash_contract.contract.files import Files, read
from enkash_contract.contract.references import GROUPS, SOURCES
from enkash_contract.contract.yaml_nodes import Tokens, build, node_at, parse, place_of
from enkash_contract.errors import Problem
from enkash_contract.wire.pointer import tokens
from enkash_contract.wire.printing import Printed

if TYPE_CHECKING:
    from enkash_contract.place import Place


@dataclass(frozen=True)
class Document(Printed):
    """A document with its overlays laid on: the data, and the place of everything in it.

    `layers` names the files in the order in which they were laid on, the document itself first.
    `part` is the data that was read so far: files of path items are read when they are opened.
    What `is_sound` is known to be a document that is honoured, and not looked through again.
    """

    part: Any = field(repr=False)
    layers: tuple[str, ...]
    places: dict[Tokens, Place] = field(repr=False)
    files: Files | None = field(default=None, repr=False)
    is_sound: bool = field(default=False, repr=False)

    @property
    def data(self) -> Any:
        """All of the data, for which every file is read."""
        for at in self.unread:
            self.open(at)
        return self.part

    @property
    def unread(self) -> tuple[Tokens, ...]:
        """The places of the path items whose files were not read yet."""
        return tuple(self.files.unread) if self.files else ()

    def path(self, at: Tokens) -> str | None:
        """Return the path of the operations at `at`, whose file was not read; None if unsure."""
        return str(at[1]) if at[0] == "paths" else self._files.unread.path_of(at)

    def ids(self, at: Tokens) -> list[str] | None:
        """Return the ids of the operations at `at`, whose file was not read; None if unsure."""
        return self._files.unread.ids_of(at)

    @property
    def _files(self) -> Files:
        assert self.files is not None  # noqa: S101 - only what has files has something unread
        return self.files

    def open(self, at: Tokens) -> list[Tokens]:
        """Read the file of the path item at `at`, and return where the data has changed.

        Raises:
            DocumentError: listing what is wrong with that file, and with those it names.

        """
        changed = self._files.join(at)
        for spot in changed:
            self._renew(spot)
        # It was found in what was read before.
        self.__dict__.pop("_latest", None)
        return changed

    def _renew(self, at: Tokens) -> None:
        """Make the data at `at` anew from the tree, with the mappings around it."""
        node, around = self._files.root, self.part
        for size, token in enumerate(at, 1):
            place = next(place_of(key) for key, _ in node.value if key.value == token)
            node = node_at(node, (token,))
            if size == len(at):
                around[token] = build(node, at, self.places, place)
            elif token not in around:
                around[token] = {}
                self.places[at[:size]] = place
            around = around[token]

    @functools.cached_property
    def sha256(self) -> str:
        """The digest of the document's own bytes, without its overlays."""
        # OpenSSL takes long to load, and only what is written down for others names the digest.
        import hashlib

        return hashlib.sha256(self.files.everything() if self.files else b"").hexdigest()

    def place(self, at: Tokens) -> Place:
        """Return the place of the value at `at`, or of the nearest one around it."""
        while at not in self.places:
            at = at[:-1]
        return self.places[at]

    def latest(self, at: Tokens) -> Place:
        """Return the place of what the latest layer wrote at or below `at`."""
        return self._latest[at] if at in self._latest else self.place(at)

    @functools.cached_property
    def _latest(self) -> dict[Tokens, Place]:
        """The places of what the latest overlay wrote at or below each place that one changed."""
        latest: dict[Tokens, Place] = {}
        for spot, place in self.places.items():
            rank = self._rank(place)
            for end in range(len(spot) + 1) if rank else ():
                above = spot[:end]
                if above not in latest or rank > self._rank(latest[above]):
                    latest[above] = place
        return latest

    def _rank(self, place: Place) -> int:
        """Return the number of the layer that wrote a place: 0 for every file of the document."""
        return self._ranks.get(place.file, 0)

    @functools.cached_property
    def _ranks(self) -> dict[str, int]:
        return {name: rank for rank, name in enumerate(self.layers)}

    def layer(self, at: Tokens) -> int:
        """Return the number of the latest layer that wrote anything at or below `at`."""
        return self._rank(self.latest(at)) if len(self.layers) > 1 else 0

    def problem(self, at: Tokens, message: str, remedy: str) -> Problem:
        """Return a problem of the value at `at`."""
        return Problem(self.place(at), message, remedy)

    def resolve(self, reference: object) -> Tokens | None:
        """Return where a `$ref` within this document points, or None when it points nowhere."""
        if not isinstance(reference, str) or not reference.startswith("#/"):
            return None
        target = tokens(reference[1:])
        return target if target in self.places else None

    def at(self, at: Tokens) -> Any:
        """Return the value at `at`."""
        value = self.part
        for token in at:
            value = value[token]
        return value

    def sources(self, at: Tokens) -> dict[str, Any]:
        """Return the sources that evidence at `at` may name: those of its path item, and of all."""
        own = self.at(at[:2]).get(SOURCES) if at[0] in GROUPS else None
        shared = self.part.get(SOURCES)
        return {**(shared or {}), **(own or {})}


def load(
    path: Path, label: str, overlays: tuple[str, ...] = (), *, is_sound: bool = False
) -> Document:
    """Read the document at `path`, called `label` in messages, and lay `overlays` on it in order.

    Raises:
        DocumentError: a file cannot be read, is not YAML, or an overlay does not fit.

    """
    files = Files(path, label)
    layers = [label]
    if overlays:
        from enkash_contract.contract import overlay, touched

        for name in overlays:
            shown = name if name not in layers else f"{name} (again)"
            laid = parse(read(Path(name), name), shown)
            for at in touched.touched(laid, files):
                files.join(at)
            overlay.lay(files.root, laid, shown)
            layers.append(shown)
    places: dict[Tokens, Place] = {}
    data = build(files.root, (), places, place_of(files.root))
    return Document(data, tuple(layers), places, files, is_sound)
