"""YAML text as plain values, also the whole items of a text that breaks off.

YAML can name any object of Python or Ruby, and a cassette may come from anybody: it is loaded as
plain values and nothing else.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import yaml

from enkash_contract.errors import RecordingError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

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
        for value in yaml.load_all(data, Loader=_Loader):
            yield value
            number += 1
    except yaml.MarkedYAMLError as error:
        line, at = _place(error)
        yield from _whole_items(data.decode("utf-8", "replace")[:at], number)
        raise RecordingError(f"{path}:{line} cannot be read as YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        reason = str(error).splitlines()[0]
        raise RecordingError(f"{path} cannot be read as YAML: {reason}") from None
    except (RecursionError, ValueError):
        problem = "is nested too deeply, or holds a number or a date that is none"
        raise RecordingError(f"{path} {problem}") from None


def _place(error: yaml.MarkedYAMLError) -> tuple[int, int]:
    """Return the line of an error, and where in the text it is."""
    mark = error.problem_mark
    return (mark.line + 1, mark.index) if mark else (1, 0)


def _whole_items(text: str, before: int) -> Iterator[Any]:
    """Yield the document that breaks off, without its last item; `before` were yielded already."""
    end = text.rfind("\n- ")
    try:
        yield from list(yaml.load_all(text[: end + 1], Loader=_Loader))[before:]
    except (yaml.YAMLError, RecursionError, ValueError):
        return
