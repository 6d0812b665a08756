"""The schemas that stand directly within a schema.

Every walk over a schema takes its steps here, so that one place knows which keywords hold schemas,
and of which part of an instance each of them speaks.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.yaml_nodes import Tokens

CHOICES = ("anyOf", "oneOf")
"""Keywords whose branches are alternatives: one rule together with everything inside them."""

_BRANCHES = ("allOf", *CHOICES)


class Subschema(NamedTuple):
    """A schema, with the path to it from the schema around it.

    `members` leads to what it speaks of, from what the schema around it speaks of; `*` stands for
    any item, or any member that is not among the properties.
    """

    path: Tokens
    members: tuple[str, ...]
    schema: Any


def subschemas(keyword: str, value: Any) -> Iterator[Subschema]:
    """Yield each schema that stands directly in `value`, which is that of `keyword`."""
    if keyword == "properties":
        for name, schema in value.items():
            yield Subschema((keyword, name), (name,), schema)
    elif keyword in _BRANCHES:
        for index, schema in enumerate(value):
            yield Subschema((keyword, index), (), schema)
    # Whether there may be further members is a flag as well as a schema.
    elif keyword in ("items", "additionalProperties") and isinstance(value, dict):
        yield Subschema((keyword,), ("*",), value)


def with_subschemas(keyword: str, value: Any, change: Callable[[Tokens, Any], Any]) -> Any:
    """Return `value`, which is that of `keyword`, with each schema directly in it changed.

    `change` is given the path to a schema, from the schema around it, and the schema.
    """
    changed = [change(inner.path, inner.schema) for inner in subschemas(keyword, value)]
    if keyword == "properties":
        return dict(zip(value, changed, strict=True))
    if keyword in _BRANCHES:
        return changed
    return changed[0] if changed else value
