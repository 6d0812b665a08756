"""OpenAPI Overlay 1.0, by which a partner adds to the document what only the partner knows.

An action that matches nothing is an error: after a mistyped target a partner would believe in a
rule that nothing enforces.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

import jsonpath
import yaml

from enkash_contract.contract.yaml_nodes import build, member, node_at, place_of
from enkash_contract.errors import DocumentError, Problem
from enkash_contract.place import Place

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.contract.yaml_nodes import Tokens

_TOP = ("overlay", "info", "extends", "actions")
_ACTION = ("target", "description", "update", "remove")


def lay(root: yaml.Node, overlay: yaml.Node, label: str) -> None:
    """Apply the actions of `overlay`, called `label` in messages, to `root` in their order.

    Raises:
        DocumentError: the overlay is not one, or an action does not fit the document.

    """
    problems = list(_shape(overlay, label))
    if not problems:
        data = build(root, (), {}, place_of(root))
        for action in member(overlay, "actions").value:
            spots = _targets(data, action, problems)
            problems += _apply(root, spots, action)
            # What an update did not touch is not read again for the next action; a removal may
            # have taken away, or moved, what held another value to be removed.
            for spot in [()] if _removes(action) else spots:
                data = _read_again(data, root, spot)
    if problems:
        raise DocumentError(problems)


def _shape(overlay: yaml.Node, label: str) -> Iterator[Problem]:
    if not isinstance(overlay, yaml.MappingNode):
        message = "an overlay is a mapping with overlay, info and actions"
        yield Problem(place_of(overlay), message, "see OpenAPI Overlay 1.0")
        return
    yield from _unknown(overlay, _TOP)
    version = member(overlay, "overlay")
    if version is None or not str(version.value).startswith("1."):
        place = Place(label, 1) if version is None else place_of(version)
        yield Problem(
            place, "this is not an overlay of version 1", "begin it with `overlay: 1.0.0`"
        )
    info = member(overlay, "info")
    missing = [name for name in ("title", "version") if info is None or member(info, name) is None]
    if missing:
        place = Place(label, 1) if info is None else place_of(info)
        yield Problem(place, f"info has no {' and no '.join(missing)}", "add it")
    actions = member(overlay, "actions")
    if not isinstance(actions, yaml.SequenceNode) or not actions.value:
        place = Place(label, 1) if actions is None else place_of(actions)
        yield Problem(place, "the overlay has no actions", "add at least one to `actions`")
        return
    for action in actions.value:
        yield from _action_shape(action)


def _action_shape(action: yaml.Node) -> Iterator[Problem]:
    target = member(action, "target")
    if not isinstance(target, yaml.ScalarNode):
        yield Problem(place_of(action), "an action has no target", "give it a JSONPath as `target`")
        return
    yield from _unknown(action, _ACTION)
    if member(action, "update") is None and not _removes(action):
        yield Problem(
            place_of(action), "an action does nothing", "give it `update` or `remove: true`"
        )


def _unknown(node: yaml.Node, known: tuple[str, ...]) -> Iterator[Problem]:
    for key, _ in node.value:
        if key.value not in known and not key.value.startswith("x-"):
            remedy = f"the keys are {', '.join(known)}"
            yield Problem(place_of(key), f"an overlay has no key {key.value!r} here", remedy)


def _targets(data: Any, action: yaml.Node, problems: list[Problem]) -> list[Tokens]:
    """Return the places that an action is for; note in `problems` why there is none."""
    target = member(action, "target")
    try:
        matches = jsonpath.finditer(target.value, data)
        # A path may select a value twice; it is changed once.
        spots: list[Tokens] = list(dict.fromkeys(match.parts for match in matches))
    except jsonpath.JSONPathError as error:
        message = f"target {target.value!r} is not a JSONPath: {str(error).splitlines()[0]}"
        problems.append(Problem(place_of(target), message, "write it as RFC 9535 says"))
        return []
    if not spots:
        message = f"target {target.value!r} matches nothing in the document"
        remedy = "correct the path, or remove the action"
        problems.append(Problem(place_of(target), message, remedy))
    return spots


def _read_again(data: Any, root: yaml.Node, at: Tokens) -> Any:
    """Return `data` with the value at `at` as it is in the nodes of `root` now."""
    node = node_at(root, at)
    value = build(node, (), {}, place_of(node))
    if not at:
        return value
    around = data
    for token in at[:-1]:
        around = around[token]
    around[at[-1]] = value
    return data


def _apply(root: yaml.Node, spots: list[Tokens], action: yaml.Node) -> Iterator[Problem]:
    target = member(action, "target")
    if not _removes(action):
        for tokens in spots:
            yield from _update(node_at(root, tokens), member(action, "update"))
    elif () in spots:
        message = "the whole document cannot be removed"
        yield Problem(place_of(target), message, "name a part of it")
    else:
        # From the back, so that the positions of list items still to be removed stay true.
        for tokens in sorted(spots, key=_order, reverse=True):
            _remove(root, tokens, target)


def _order(tokens: Tokens) -> list[tuple[int, str]]:
    return [(token, "") if isinstance(token, int) else (-1, token) for token in tokens]


def _update(node: yaml.Node, update: yaml.Node) -> Iterator[Problem]:
    if isinstance(node, yaml.SequenceNode):
        added = update.value if isinstance(update, yaml.SequenceNode) else [update]
        node.value.extend(copy.deepcopy(added))
    elif isinstance(node, yaml.MappingNode) and isinstance(update, yaml.MappingNode):
        _merge(node, update)
    else:
        message = "only a mapping can be laid on a mapping, and nothing on a plain value"
        yield Problem(place_of(update), message, "point the target at what holds the value")


def _merge(node: yaml.MappingNode, update: yaml.MappingNode) -> None:
    for key, value in copy.deepcopy(update.value):
        at = next(
            (index for index, (own, _) in enumerate(node.value) if own.value == key.value), None
        )
        if at is None:
            node.value.append((key, value))
            continue
        own = node.value[at][1]
        if isinstance(own, yaml.MappingNode) and isinstance(value, yaml.MappingNode):
            _merge(own, value)
        elif isinstance(own, yaml.SequenceNode) and isinstance(value, yaml.SequenceNode):
            own.value.extend(value.value)
        else:
            node.value[at] = (key, value)


def _remove(root: yaml.Node, tokens: Tokens, target: yaml.Node) -> None:
    parent, last = node_at(root, tokens[:-1]), tokens[-1]
    if isinstance(last, int):
        del parent.value[last]
    else:
        parent.value = [(key, value) for key, value in parent.value if key.value != last]
    # What is left is a change like any other: it is this overlay's, and its evidence must be too.
    _named(root, tokens[:-1]).start_mark = target.start_mark


def _removes(action: yaml.Node) -> bool:
    flag = member(action, "remove")
    return flag is not None and flag.value == "true"


def _named(root: yaml.Node, tokens: Tokens) -> yaml.Node:
    """Return the node at which messages point for the value at `tokens`: its key, if it has one."""
    if tokens and isinstance(tokens[-1], str):
        mapping = node_at(root, tokens[:-1])
        named: yaml.Node = next(key for key, _ in mapping.value if key.value == tokens[-1])
    else:
        named = node_at(root, tokens)
    return named
