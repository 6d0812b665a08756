"""Values of YAML: plain ones, also of the tags that recorders write."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from enkash_contract.traffic.cutting.yaml_loader import Loader


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("!!python/unicode a", "a"),
        ("!!python/str 7", "7"),
        ("!!python/tuple [a, [b]]", ["a", ["b"]]),
        ("!!python/object/new:_io.BytesIO {state: !!python/tuple [!!binary e30=, 0]}", b"{}"),
        ("!!python/object/apply:builtins.iter {args: [[a]]}", ["a"]),
        ("!!python/object/apply:builtins.iter {args: []}", None),
        ("!binary e30=", b"{}"),
        ("!binary 'e3\n 0='", b"{}"),
        ("!!binary '{}'", "{}"),
        ("!!binary '%'", "%"),
        ('!!binary "\\u0661"', "\u0661"),
        ("!str 7", "7"),
        ("!ruby/struct:VCR::ResponseStatus {code: 200}", {"code": 200}),
        ("!!python/object:vcr.request.Request {uri: /}", {"uri": "/"}),
    ],
)
def test_tags_of_recorders(text: str, value: Any) -> None:
    """An object is its content."""
    assert yaml.load(text, Loader) == value  # noqa: S506 - it is a safe one


@pytest.mark.parametrize("tag", ["!!python/object/apply:os.system [exit]", "!ruby/object:A {}"])
def test_other_objects(tag: str) -> None:
    """None is made of what a file names."""
    with pytest.raises(yaml.YAMLError, match="could not determine a constructor"):
        yaml.load(tag, Loader)  # noqa: S506 - it is a safe one
