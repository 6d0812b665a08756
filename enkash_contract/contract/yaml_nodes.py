"""YAML as nodes that know their file and line, and the plain data made from them.

Only the values of JSON are read: a date stays the text it is, a repeated key is an error, and
so is an alias within its own anchor. PyYAML's C loader is used where it is installed.
"""

from __future__ import annotations

import copy
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import yaml

from enkash_contract.errors import DocumentError, Problem
from enkash_contract.place import Place

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

Tokens = tuple[str | int, ...]

DEPTH = 100
"""How many levels of nesting a document may have; an OpenAPI file has about twenty."""

SIZE = 100_000
"""How many values a document may hold once its aliases are written out."""

_BASE: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]  # the base is chosen when this module is loaded
    """The safe loader with YAML 1.2's core types, so that a date or `on` stays the text it is."""

    yaml_implicit_resolvers: Final[dict[str, Any]] = {}


for _tag, _pattern, _first in (
    ("bool", r"^(?:true|false)$", "tf"),
    ("null", r"^(?:null|~|)$", ["n", "~", ""]),
    ("int", r"^[-+]?[0-9]+$", "-+0123456789"),
    ("float", r"^[-+]?(?:[0-9]+\.[0-9]*|\.?[0-9]+)(?:[eE][-+]?[0-9]+)?$", "-+.0123456789"),
):
    _Loader.add_implicit_resolver(f"tag:yaml.org,2002:{_tag}", re.compile(_pattern), list(_first))

_SCALARS: Final[dict[str, Callable[[str], Any]]] = {
    "tag:yaml.org,2002:bool": lambda text: text == "true",
    "tag:yaml.org,2002:null": lambda _: None,
    "tag:yaml.org,2002:int": int,
    "tag:yaml.org,2002:float": float,
    "tag:yaml.org,2002:str": str,
}


_TOO_DEEP = "exceeded maximum nesting depth"
"""The error of newer C loaders for nesting deeper than they can read, far beyond `DEPTH`."""


def parse(raw: bytes, label: str) -> Any:
    """Read YAML (or JSON) into nodes that know `label` and their line.

    Raises:
        DocumentError: the text is not YAML, is empty, repeats a key or holds a reference to itself.

    """
    try:
        _check_depth(raw, label)
        root = _Loader(raw).get_single_node()
    except (yaml.YAMLError, ValueError) as error:
        mark = getattr(error, "problem_mark", None)
        message = getattr(error, "problem", None) or getattr(error, "reason", None) or str(error)
        place = Place(label, mark.line + 1 if mark else 1)
        if message == _TOO_DEEP:
            raise DocumentError([_too_deep(place)]) from None
        raise DocumentError([Problem(place, f"not YAML: {message}", "mend the syntax")]) from None
    if root is None:
        empty = Problem(
            Place(label, 1), "the file is empty", "write an OpenAPI document or overlay"
        )
        raise DocumentError([empty])
    problems = list(_claim(root, label, (), set()))
    # Without an anchor nothing stands for more than is written, and its depth is known by now.
    has_aliases = b"&" in raw
    if not problems and has_aliases:
        problems = list(_extent_problems(root, label))
    if problems:
        raise DocumentError(problems)
    return _apart(root, set()) if has_aliases else root


def _check_depth(raw: bytes, label: str) -> None:
    """Raise for nesting so deep that composing it would overflow the C loader's stack."""
    depth = 0
    events: Iterator[Any] = yaml.parse(raw, Loader=_Loader)
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent)
        depth -= isinstance(event, yaml.CollectionEndEvent)
        if depth > DEPTH:
            raise DocumentError([_too_deep(Place(label, event.start_mark.line + 1))])


def _claim(
    node: yaml.Node, label: str, above: tuple[int, ...], done: set[int]
) -> Iterator[Problem]:
    """Name the file in every mark, and yield a problem for all that JSON does not allow."""
    if id(node) in above:
        yield Problem(place_of(node), "an alias stands within its own anchor", "write the part out")
    if id(node) in done:
        return
    done.add(id(node))
    node.start_mark = _Mark(label, node.start_mark.line)
    if isinstance(node, yaml.MappingNode):
        names: set[str] = set()
        for key, value in node.value:
            key.start_mark = _Mark(label, key.start_mark.line)
            if not isinstance(key, yaml.ScalarNode):
                yield Problem(place_of(key), "a key is not a string", "write the key as a string")
                continue
            if key.value in names:
                yield Problem(
                    place_of(key), f"the key {key.value!r} is repeated", "keep one of them"
                )
            names.add(key.value)
            yield from _claim(value, label, (*above, id(node)), done)
    elif isinstance(node, yaml.SequenceNode):
        for item in node.value:
            yield from _claim(item, label, (*above, id(node)), done)
    elif not _readable(node):
        message = f"{node.value!r} with the YAML tag {node.tag} is not JSON"
        yield Problem(place_of(node), message, "write a plain value")


def _too_deep(place: Place) -> Problem:
    return Problem(place, f"nested deeper than {DEPTH} levels", "write it flatter")


def _extent_problems(root: yaml.Node, label: str) -> Iterator[Problem]:
    """Yield the problems of aliases: a few lines of them can stand for any amount."""
    size, depth = _extent(root, {})
    if depth > DEPTH:
        yield _too_deep(Place(label, 1))
    if size > SIZE:
        message = f"the aliases stand for more than {SIZE:,} values"
        yield Problem(Place(label, 1), message, "write out what is needed")


def _extent(node: yaml.Node, known: dict[int, tuple[int, int]]) -> tuple[int, int]:
    """Count the values and the levels at and below `node` as if each alias were written out."""
    if isinstance(node, yaml.ScalarNode):
        return 1, 0
    if id(node) not in known:
        mapping = isinstance(node, yaml.MappingNode)
        below = [_extent(child[1] if mapping else child, known) for child in node.value]
        size = 1 + sum(size for size, _ in below)
        known[id(node)] = size, 1 + max((depth for _, depth in below), default=0)
    return known[id(node)]


def _readable(node: yaml.Node) -> bool:
    try:
        return _SCALARS[node.tag](node.value) not in (math.inf, -math.inf)
    except (KeyError, ValueError):
        return False


def _apart(node: yaml.Node, seen: set[int]) -> yaml.Node:
    """Copy each node that an alias repeats, so that an overlay can change one place alone."""
    if id(node) in seen:
        node = copy.deepcopy(node)
    seen.add(id(node))
    if isinstance(node, yaml.MappingNode):
        node.value = [(key, _apart(value, seen)) for key, value in node.value]
    elif isinstance(node, yaml.SequenceNode):
        node.value = [_apart(item, seen) for item in node.value]
    return node


@dataclass(frozen=True)
class _Mark:
    """A mark that names our file; PyYAML's own names only the stream."""

    name: str
    line: int


def place_of(node: yaml.Node) -> Place:
    """Return where `node` begins."""
    return Place(node.start_mark.name, node.start_mark.line + 1)


def member(node: Any, name: str) -> Any:
    """Return the value of a member of a mapping, or None where there is none."""
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def node_at(node: Any, at: Tokens) -> Any:
    """Return the node at `at`, or None where there is none."""
    for token in at:
        if isinstance(node, yaml.SequenceNode):
            items: dict[Any, yaml.Node] = dict(enumerate(node.value))
            node = items.get(token)
        else:
            node = member(node, str(token))
    return node


def build(node: yaml.Node, at: Tokens, places: dict[Tokens, Place], place: Place) -> Any:
    """Return `node` as plain data, noting in `places` where each value stands."""
    places[at] = place
    if isinstance(node, yaml.MappingNode):
        return {
            key.value: build(value, (*at, key.value), places, place_of(key))
            for key, value in node.value
        }
    if isinstance(node, yaml.SequenceNode):
        return [
            build(item, (*at, index), places, place_of(item))
            for index, item in enumerate(node.value)
        ]
    return _SCALARS[node.tag](node.value)
