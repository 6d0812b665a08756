"""Paths into a value: each leads to its first value, or to nothing."""

from __future__ import annotations

import pickle
from typing import Any

import pytest

from enkash_contract.traffic.gateways.paths import NOTHING, path_of

LOG = {"req": {"verb": "POST", "tags": ["a", "b"]}, "res": {"code": "200"}, "a.b": 1, "c": None}


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("$.req.verb", "POST"),
        ("$['req'][\"verb\"]", "POST"),
        ("$['a.b']", 1),
        ("$.req.tags[1]", "b"),
        ("$..code", "200"),
        ("$.req.tags[-1]", "b"),
        ("$.req.tags[?@ == 'b']", "b"),
    ],
)
def test_a_path_is_followed(text: str, found: Any) -> None:
    """Plain or not, it leads to its first value."""
    assert path_of(text).found(LOG) == found
    assert path_of("$").found(LOG) is LOG


@pytest.mark.parametrize(
    "text", ["$.nope", "$.req.verb.more", "$.req.tags[2]", "$.req['tags']['a']", "$..nope"]
)
def test_a_path_that_leads_nowhere(text: str) -> None:
    """Nothing is found there, and nothing is raised."""
    assert path_of(text).found(LOG) is NOTHING


def test_a_query_looks_no_deeper_than_it_can() -> None:
    """What it would find there is not found."""
    deep: Any = {"nope": 1}
    for _ in range(3_000):
        deep = {"a": deep}
    assert path_of("$..nope").found(deep) is NOTHING


def test_a_path_is_its_text() -> None:
    """Another process follows the same one."""
    for text in ("$.req.verb", "$..code"):
        copied = pickle.loads(pickle.dumps(path_of(text)))  # noqa: S301 - made here
        assert copied == path_of(text)
        assert copied.found(LOG) == path_of(text).found(LOG)
    assert path_of("$.c").found(LOG) is None


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("req.verb", "'req.verb' is no JSONPath: it must begin with $, such as $.request.body"),
        ("$.a[", "'$.a[' is no JSONPath: unexpected end of query"),
    ],
)
def test_what_is_no_path(text: str, problem: str) -> None:
    """The reason is one line."""
    with pytest.raises(ValueError, match="is no JSONPath") as raised:
        path_of(text)
    assert str(raised.value) == problem
