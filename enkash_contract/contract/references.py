"""The references in the YAML of a document, and the kind of component that each of them names.

A `$ref` is one only where OpenAPI has one: among names, and inside of examples, it is a name or a
value like any other.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

if TYPE_CHECKING:
    from enkash_contract.contract.yaml_nodes import Tokens

GROUPS = ("paths", "webhooks")
"""The members of the root whose values may be files that are read when they are needed."""

PATH_ITEM = "path item"
"""The kind of what is read when it is needed."""

SOURCES = "x-sources"

TEXT = "tag:yaml.org,2002:str"
"""The tag of a text in YAML."""

_NAMES = {
    "properties": "schemas",
    "schemas": "schemas",
    "responses": "responses",
    "x-outcomes": "x-outcomes",
    **dict.fromkeys(GROUPS, PATH_ITEM),
}
"""The members whose own members are names, each with the kind of component that these name."""

_DATA = frozenset(
    {"const", "default", "enum", "example", "examples", "x-evidence", "x-open-questions", SOURCES}
)
"""The members in which `$ref` is no reference, but a value."""


def references(node: yaml.Node) -> list[tuple[yaml.Node, str, Tokens]]:
    """Return the references at and below `node`, each with the kind it names and its place."""
    found: list[tuple[yaml.Node, str, Tokens]] = []
    _collect(node, (), "schemas", None, found)
    return found


def _collect(
    node: yaml.Node,
    at: Tokens,
    kind: str,
    named: str | None,
    found: list[tuple[yaml.Node, str, Tokens]],
) -> None:
    """Add the references at and below `node` to those found.

    `kind` is that of a reference at `node`, and `named` that of its members, if they are names.
    """
    if isinstance(node, yaml.SequenceNode):
        for index, item in enumerate(node.value):
            _collect(item, (*at, index), "schemas", None, found)
    elif isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            name = key.value
            if named is not None:
                _collect(value, (*at, name), named, None, found)
            elif name == "$ref" and is_text(value):
                found.append((value, kind, at))
            elif name not in _DATA and not isinstance(value, yaml.ScalarNode):
                outcome = "x-outcomes" if name == "x-outcome" else "schemas"
                _collect(value, (*at, name), outcome, _NAMES.get(name), found)


def is_text(node: Any) -> bool:
    """Return whether a node is a text."""
    return isinstance(node, yaml.ScalarNode) and node.tag == TEXT
