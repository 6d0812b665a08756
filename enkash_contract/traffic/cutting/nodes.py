"""Nodes of YAML, composed from events one at a time, with the anchors that went before.

A few lines of aliases may stand for any number of characters, so what they stand for is counted
and not written out. PyYAML composes whole documents only.
"""

from __future__ import annotations

import math
from typing import Any

import yaml

EXPANDED = 1_000_000
"""So many characters may be written by aliases, beside as many as the text had so far."""

HELD = 8 << 20
"""Anchors may stand for so many characters of text; the oldest are forgotten first."""

_NODE = 600
"""An anchor takes about so many bytes, beside its text."""


class Composer:
    """Composes nodes from the events of a loader."""

    def __init__(self, loader: Any) -> None:
        self._loader = loader
        self.forget()
        self._expanded = 0.0
        self._passed = 0
        self.end = 0
        """The place behind the last node."""

    def follow(self, loader: Any, passed: int) -> None:
        """Go on with another loader, `passed` characters behind the beginning of the last one."""
        self._loader = loader
        self._passed += passed

    def forget(self) -> None:
        """Forget the anchors, which are those of one document."""
        self._anchors: dict[str, tuple[yaml.Node, float, int]] = {}
        self._held = 0

    def node(self) -> yaml.Node | None:
        """Return the node that comes next; None if its aliases stand for too much.

        Raises:
            yaml.YAMLError: it is none.

        """
        # The events of those that are open, the nodes in them, their sizes as written out, and
        # how many of these were written by aliases.
        opened: list[tuple[Any, list[yaml.Node], list[float]]] = []
        literal = expanded = 0.0
        while True:
            event = self._loader.get_event()
            if isinstance(event, (yaml.SequenceStartEvent, yaml.MappingStartEvent)):
                opened.append((event, [], [1.0]))
                self._hold(event, event, yaml.ScalarNode("", ""), math.inf)
                literal += 1
                continue
            if isinstance(event, yaml.AliasEvent):
                node, size = self._anchored(event)
                expanded += size
            elif isinstance(event, yaml.ScalarEvent):
                node, size = self._scalar(event), 1.0 + len(event.value)
                literal += size
                self._hold(event, event, node, size)
            else:
                start, inside, sizes = opened.pop()
                node, size = self._closed(start, inside), sum(sizes)
                self._hold(start, event, node, size)
            if not opened:
                break
            opened[-1][1].append(node)
            opened[-1][2].append(size)
        self.end = event.end_mark.index
        self._expanded += expanded
        too_much = self._expanded > EXPANDED + self._passed + event.end_mark.index
        if too_much:
            self._expanded -= expanded
        return None if too_much else node

    def _hold(self, start: Any, end: Any, node: yaml.Node, size: float) -> None:
        """Keep what later aliases may refer to, and forget the oldest if that is much."""
        if start.anchor is None:
            return
        _, _, before = self._anchors.pop(start.anchor, (node, 0.0, 0))
        # Of what it takes, the text that it is written in gives a notion.
        length = _NODE + end.end_mark.index - start.start_mark.index
        self._anchors[start.anchor] = node, size, length
        self._held += length - before
        while self._held > HELD and len(self._anchors) > 1:
            self._held -= self._anchors.pop(next(iter(self._anchors)))[2]

    def _anchored(self, event: Any) -> tuple[yaml.Node, float]:
        found = self._anchors.get(event.anchor)
        if found is None:
            problem = f"found undefined alias {event.anchor!r}"
            raise yaml.composer.ComposerError(None, None, problem, event.start_mark)
        return found[:2]

    def _scalar(self, event: Any) -> yaml.Node:
        tag = event.tag
        if tag is None or tag == "!":
            tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        return yaml.ScalarNode(tag, event.value, event.start_mark, event.end_mark, event.style)

    def _closed(self, start: Any, inside: list[yaml.Node]) -> yaml.Node:
        kind: Any = yaml.SequenceNode
        tag: Any = start.tag
        value: list[Any] = inside
        if isinstance(start, yaml.MappingStartEvent):
            kind = yaml.MappingNode
            value = [*zip(inside[::2], inside[1::2], strict=True)]
        if tag is None or tag == "!":
            tag = self._loader.resolve(kind, None, start.implicit)
        node: yaml.Node = kind(tag, value, start.start_mark, flow_style=start.flow_style)
        return node


def address_of(node: yaml.Node) -> str:
    """Return the address of an interaction that cannot be built; "" if it is not certain."""
    request = _members(node).get("request")
    found = [_members(request).get(name) for name in ("uri", "url")]
    known = [each.value for each in found if isinstance(each, yaml.ScalarNode)]
    return known[0] if len(known) == 1 else ""


def _members(node: yaml.Node | None) -> dict[str, yaml.Node]:
    """Return the members of a mapping by their names; none of anything else."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else []
    return {key.value: value for key, value in pairs if isinstance(key, yaml.ScalarNode)}
