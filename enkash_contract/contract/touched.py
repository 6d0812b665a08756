"""The path items that an overlay may touch: their files are read when it is laid on.

Whoever lays an overlay on one operation need not wait for the files of all others. What cannot be
told without reading them, such as the matches of a filter, may be anywhere.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from enkash_contract.contract.references import GROUPS
from enkash_contract.contract.yaml_nodes import member, node_at
from enkash_contract.wire.pointer import pointer, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.files import Files
    from enkash_contract.contract.yaml_nodes import Tokens

_NAME = r"""(?:\.([A-Za-z_]\w*)|\[(?:'([^'"\\]*)'|"([^'"\\]*)")\])"""
_FIRST_NAMES = re.compile(rf"\$(?:{_NAME}(?:{_NAME}{_NAME}?)?)?")

_WITHOUT_OPERATIONS = frozenset(
    "openapi info servers security tags externalDocs x-sources x-default-operation"
    " x-unknown-operations x-open-questions".split()
)
"""The members of a document that have no part in any operation."""


def touched(overlay: yaml.Node, files: Files) -> list[Tokens]:
    """Return which path items an overlay may change, of those whose files were not read yet."""
    actions = member(overlay, "actions")
    found: set[Tokens] = set()
    for action in actions.value if isinstance(actions, yaml.SequenceNode) else ():
        spots = _of_action(action, files)
        if spots is None:
            return [*files.unread]
        found |= spots
    return [at for at in files.unread if at in found]


def _of_action(action: yaml.Node, files: Files) -> set[Tokens] | None:
    """Return the path items that an action may change; None if these may be any."""
    target = member(action, "target")
    update = member(action, "update") if member(action, "remove") is None else None
    text = "" if target is None else str(target.value)
    found = _FIRST_NAMES.match(text)
    # A filter may look at any part of the document, and a reference may lead to one not read yet.
    if found is None or "$" in text[1:] or not _leads_to_known(update, files.root):
        return None
    groups = found.groups(default="")
    names = ("".join(groups[start : start + 3]) for start in (0, 3, 6))
    return _at(tuple(filter(None, names)), update if found.end() == len(text) else None, files)


def _at(way: Tokens, update: Any, files: Files) -> set[Tokens] | None:
    """Return the path items that change with what is at `way`, or only with what `update` names."""
    first = way[0] if way else ""
    if first in _WITHOUT_OPERATIONS:
        return set()
    if first in GROUPS and len(way) > 1:
        return {way[:2]}
    is_component = first == "components" and len(way) > len(("components", "kind"))
    if is_component and node_at(files.root, way) is not None:
        return files.unread.naming(_users(way, files.root))
    below = [] if is_component else [_at((*way, n), value, files) for n, value in _members(update)]
    known = [spots for spots in below if spots is not None]
    return set().union(*known) if below and len(known) == len(below) else None


def _leads_to_known(update: Any, root: yaml.Node) -> bool:
    """Return whether all references of an update lead to what was read before."""
    return all(
        text.startswith("#/") and node_at(root, tokens(text[1:])) is not None
        for text in _references(update)
    )


def _users(component: Tokens, root: yaml.Node) -> set[str]:
    """Return the references to a component, and to those of the root that use it themselves."""
    uses = {
        f"#{pointer(('components', kind, name))}": [*_references(node)]
        for kind, group in _members(member(root, "components"))
        for name, node in _members(group)
    }
    users = {f"#{pointer(component)}"}
    count = 0
    while len(users) > count:
        count = len(users)
        # A reference may lead to a part of what it names.
        beginnings = tuple(f"{user}/" for user in users)
        users |= {
            name
            for name, used in uses.items()
            if any(f"{text}/".startswith(beginnings) for text in used)
        }
    return users


def _references(node: Any) -> Iterator[str]:
    """Yield the references at and below a node."""
    for name, value in _members(node):
        if name == "$ref":
            yield str(value.value)
        yield from _references(value)
    for item in node.value if isinstance(node, yaml.SequenceNode) else ():
        yield from _references(item)


def _members(node: Any) -> list[tuple[str, Any]]:
    """Return the members of a mapping; of anything else, none."""
    pairs = node.value if isinstance(node, yaml.MappingNode) else ()
    return [(key.value, value) for key, value in pairs]
