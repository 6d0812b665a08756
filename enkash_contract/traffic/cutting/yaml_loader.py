"""The values that nodes of YAML stand for: plain ones and nothing else.

YAML can name any object of Python or Ruby, and a cassette may come from anybody.
"""

from __future__ import annotations

import base64
from typing import Any

import yaml

_BASE: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class Loader(_BASE):  # type: ignore[misc]  # the base is chosen when this module is loaded
    """Loads plain values only, also from the tags that vcrpy before version 9 wrote for bodies."""


def _text(loader: Any, node: Any) -> Any:
    return loader.construct_scalar(node)


def _bytes(loader: Any, node: Any) -> Any:
    """Return the bytes that base64 stands for, and the text itself where it is none."""
    text = loader.construct_scalar(node)
    try:
        return base64.b64decode("".join(text.split()), validate=True)
    except ValueError:
        return text


def _list(loader: Any, node: Any) -> Any:
    return loader.construct_sequence(node, deep=True)


def _mapping(loader: Any, node: Any) -> Any:
    return loader.construct_mapping(node, deep=True)


def _first(member_name: str) -> Any:
    """Return a constructor that replaces an object by its content: the first value of a member."""

    def construct(loader: Any, node: Any) -> Any:
        content = loader.construct_mapping(node, deep=True).get(member_name)
        return content[0] if isinstance(content, list) and content else None

    return construct


_STRUCTS = ("HTTPInteraction", "Request", "Response", "ResponseStatus")

for _tag, _constructor in {
    "tag:yaml.org,2002:python/str": _text,
    "tag:yaml.org,2002:python/unicode": _text,
    "tag:yaml.org,2002:python/tuple": _list,
    "tag:yaml.org,2002:python/object/new:_io.BytesIO": _first("state"),
    "tag:yaml.org,2002:python/object/apply:builtins.iter": _first("args"),
    # Ruby writes these with one exclamation mark.
    "!binary": _bytes,
    "tag:yaml.org,2002:binary": _bytes,
    "!str": _text,
    # So did its VCR before version 2, and vcrpy before version 1 the other.
    **{f"!ruby/struct:VCR::{name}": _mapping for name in _STRUCTS},
    "tag:yaml.org,2002:python/object:vcr.request.Request": _mapping,
}.items():
    Loader.add_constructor(_tag, _constructor)
