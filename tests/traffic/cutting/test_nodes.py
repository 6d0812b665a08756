"""Nodes that are composed one at a time are those that PyYAML composes of all of a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
import yaml
from hypothesis import given

from enkash_contract.traffic.cutting import nodes
from enkash_contract.traffic.cutting.nodes import Composer
from tests.support.anything import JSON

if TYPE_CHECKING:
    from collections.abc import Iterator

LOADER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def values(text: str) -> Iterator[Any]:
    """Yield the items of a list, each composed by itself."""
    loader = LOADER(text)
    composer = Composer(loader)
    for _ in range(3):
        loader.get_event()
    while not loader.check_event(yaml.SequenceEndEvent):
        node = composer.node()
        yield None if node is None else loader.construct_document(node)


@given(JSON)
def test_any_value(value: Any) -> None:
    """Of any type, in either style."""
    for style in (None, True, False):
        text = yaml.safe_dump([value, value], default_flow_style=style)
        assert [*values(text)] == yaml.safe_load(text)


def test_anchors_that_went_before() -> None:
    """A later item may refer to them, also to one of a name that was used twice."""
    text = "[&a {b: &c [1]}, *a, {<<: *a, d: *c}, &a 2, *a]"
    assert [*values(text)] == yaml.safe_load(text.replace("&a 2, *a", "2, 2"))


def test_the_oldest_anchors_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are all that grows with a file."""
    monkeypatch.setattr(nodes, "HELD", 1_000)
    items = values("[&a 1, &b 2, *b, *a]")
    assert [next(items) for _ in range(3)] == [1, 2, 2]
    with pytest.raises(yaml.MarkedYAMLError, match="found undefined alias 'a'"):
        next(items)


def test_aliases_that_stand_for_too_much(monkeypatch: pytest.MonkeyPatch) -> None:
    """All together, not only those of one item."""
    monkeypatch.setattr(nodes, "EXPANDED", 100)
    assert [*values(f"[&a {'x' * 80}, *a, 1, *a, *a, {[*'y' * 80]}]")][1:4] == [
        "x" * 80,
        1,
        "x" * 80,
    ]
    assert [*values(f"[&a {'x' * 80}, [*a, *a, *a, *a], 1]")] == ["x" * 80, None, 1]
    assert [*values("[&a [*a], 1]")] == [None, 1]


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("request: {uri: /a, method: !ruby/symbol x}", "/a"),
        ("request: {url: !!python/unicode /a, [x]: y}", "/a"),
        ("request: {url: /a, uri: /b}", ""),
        ("request: {url: [/a]}", ""),
        ("request: /a", ""),
        ("{}", ""),
        ("[/a]", ""),
    ],
)
def test_an_address_that_is_certain(text: str, address: str) -> None:
    """It is known without the values of the others."""
    node = yaml.compose(text)
    assert node is not None
    assert nodes.address_of(node) == address
