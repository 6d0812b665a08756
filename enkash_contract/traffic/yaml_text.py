"""YAML text as plain values, also the whole items of a text that breaks off.

YAML can name any object of Python or Ruby, and a cassette may come from anybody: it is loaded as
plain values and nothing else.
"""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING, Any

import yaml

from enkash_contract.errors import RecordingError
from enkash_contract.traffic.json_text import LISTS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

EXPANDED = 1_000_000
"""So many characters may be written by aliases, beside as many as the file has itself."""

_ALIAS = re.compile(rb"(?:^|[\s\[{,:\-])\*[^\s,\[\]{}]", re.MULTILINE)

_BASE: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]  # the base is chosen when this module is loaded
    """Loads plain values only, also from the tags that vcrpy before version 9 wrote for bodies."""


def _text(loader: Any, node: Any) -> Any:
    return loader.construct_scalar(node)


def _list(loader: Any, node: Any) -> Any:
    return loader.construct_sequence(node, deep=True)


def _first(member_name: str) -> Any:
    """Return a constructor that replaces an object by its content: the first value of a member."""

    def construct(loader: Any, node: Any) -> Any:
        content = loader.construct_mapping(node, deep=True).get(member_name)
        return content[0] if isinstance(content, list) and content else None

    return construct


for _tag, _constructor in {
    "tag:yaml.org,2002:python/str": _text,
    "tag:yaml.org,2002:python/unicode": _text,
    "tag:yaml.org,2002:python/tuple": _list,
    "tag:yaml.org,2002:python/object/new:_io.BytesIO": _first("state"),
    "tag:yaml.org,2002:python/object/apply:builtins.iter": _first("args"),
    # Ruby writes these with one exclamation mark.
    "!binary": yaml.SafeLoader.construct_yaml_binary,
    "!str": _text,
}.items():
    _Loader.add_constructor(_tag, _constructor)


def documents(data: bytes, path: Path) -> Iterator[Any]:
    """Yield the value of each document, as far as they can be read.

    Raises:
        RecordingError: a part of `data` is not YAML; the rest was yielded before.

    """
    number = 0
    try:
        for value in _load(data):
            yield value
            number += 1
    except yaml.MarkedYAMLError as error:
        line, at = _place(error)
        yield from _whole_items(data.decode("utf-8", "replace")[:at], number)
        raise RecordingError(f"{path}:{line} cannot be read as YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise RecordingError(f"{path} cannot be read as YAML: {reason}") from None
    except (RecursionError, ValueError, KeyError, AttributeError, TypeError):
        problem = "is nested too deeply, or holds a number, a date or a tagged value that is none"
        raise RecordingError(f"{path} {problem}") from None


def _load(data: bytes) -> Iterator[Any]:
    """Yield the value of each document; a few lines of aliases could stand for any amount."""
    loader = _Loader(data)
    limit = EXPANDED + len(data) if _ALIAS.search(data) else None
    try:
        while loader.check_node():
            node = loader.get_node()
            if limit is not None and _size(node, {}) > limit:
                problem = f"its aliases stand for more than {EXPANDED:,} characters"
                raise yaml.MarkedYAMLError(problem=problem, problem_mark=node.start_mark)
            _reject_repeated(node)
            yield loader.construct_document(node)
    finally:
        loader.dispose()


def _reject_repeated(node: yaml.Node) -> None:
    """Raise an error if a list of interactions is named twice: only the last would be read."""
    seen: set[str] = set()
    for key, _ in node.value if isinstance(node, yaml.MappingNode) else ():
        if key.value in LISTS and key.value in seen:
            problem = f"{key.value!r} is repeated; keep one of them"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=key.start_mark)
        seen.add(str(key.value))


def _size(node: yaml.Node, known: dict[int, float]) -> float:
    """Count the characters and values at and below `node` as if each alias were written out."""
    if isinstance(node, yaml.ScalarNode):
        return 1 + len(node.value)
    if id(node) not in known:
        # An alias within its own anchor stands for no end of them.
        known[id(node)] = math.inf
        pairs = isinstance(node, yaml.MappingNode)
        below = [part for pair in node.value for part in pair] if pairs else node.value
        known[id(node)] = 1 + sum(_size(part, known) for part in below)
    return known[id(node)]


def _place(error: yaml.MarkedYAMLError) -> tuple[int, int]:
    """Return the line of an error, and where in the text it is."""
    mark = error.problem_mark
    return (mark.line + 1, mark.index) if mark else (1, 0)


def _whole_items(text: str, before: int) -> Iterator[Any]:
    """Yield the document that breaks off, without its last item; `before` were yielded already."""
    end = text.rfind("\n- ")
    try:
        yield from list(_load(text[: end + 1].encode()))[before:]
    except (yaml.YAMLError, RecursionError, ValueError, KeyError, AttributeError, TypeError):
        return
