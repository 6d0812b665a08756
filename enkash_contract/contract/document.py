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

from enkash_contract.contract.yaml_nodes import Tokens, build, parse, place_of
from enkash_contract.errors import DocumentError, Problem
from enkash_contract.place import Place
from enkash_contract.wire.pointer import tokens
from enkash_contract.wire.printing import Printed

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True)
class Document(Printed):
    """A document with its overlays laid on: the data, and the place of everything in it.

    `layers` names the files in the order in which they were laid on, the document itself first.
    """

    data: Any = field(repr=False)
    layers: tuple[str, ...]
    raw: bytes = field(repr=False)
    places: Mapping[Tokens, Place] = field(repr=False)

    @functools.cached_property
    def sha256(self) -> str:
        """The digest of the document's own bytes, without its overlays."""
        # OpenSSL takes long to load, and only what is written down for others names the digest.
        import hashlib

        return hashlib.sha256(self.raw).hexdigest()

    def place(self, at: Tokens) -> Place:
        """Return the place of the value at `at`, or of the nearest one around it."""
        while at not in self.places:
            at = at[:-1]
        return self.places[at]

    def latest(self, at: Tokens) -> Place:
        """Return the place of what the latest layer wrote at or below `at`."""
        return self._latest[at]

    @functools.cached_property
    def _latest(self) -> Mapping[Tokens, Place]:
        """The places of what the latest layer wrote at or below each place, found in one pass."""
        ranks = {name: rank for rank, name in enumerate(self.layers)}
        latest: dict[Tokens, Place] = {}
        for spot, place in self.places.items():
            for end in range(len(spot) + 1):
                above = spot[:end]
                if above not in latest or ranks[place.file] > ranks[latest[above].file]:
                    latest[above] = place
        return latest

    def layer(self, at: Tokens) -> int:
        """Return the number of the latest layer that wrote anything at or below `at`."""
        return self.layers.index(self.latest(at).file) if len(self.layers) > 1 else 0

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
        value = self.data
        for token in at:
            value = value[token]
        return value


def load(path: Path, label: str, overlays: tuple[str, ...] = ()) -> Document:
    """Read the document at `path`, called `label` in messages, and lay `overlays` on it in order.

    Raises:
        DocumentError: a file cannot be read, is not YAML, or an overlay does not fit.

    """
    raw = _read(path, label)
    root = parse(raw, label)
    layers = [label]
    if overlays:
        from enkash_contract.contract import overlay

        for name in overlays:
            shown = name if name not in layers else f"{name} (again)"
            overlay.lay(root, parse(_read(Path(name), name), shown), shown)
            layers.append(shown)
    places: dict[Tokens, Place] = {}
    data = build(root, (), places, place_of(root))
    return Document(data, tuple(layers), raw, places)


def _read(path: Path, label: str) -> bytes:
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        message = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        problem = Problem(Place(label, 0), message, "name a file that is there")
        raise DocumentError([problem]) from None
