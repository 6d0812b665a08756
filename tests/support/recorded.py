"""Recordings for tests: HAR entries, interactions of cassettes, and damage done to either."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from enkash_contract.contract.contract import bundled
from enkash_contract.report import About, json_report
from enkash_contract.report.build import build

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from enkash_contract.judging.result import Result

OPERATION = bundled().pick()
URL = "https://api.example" + OPERATION.path


def written(folder: Path, content: object, name: str = "traffic.har") -> Path:
    """Write a recording; what is no text and no bytes is written as JSON."""
    file = folder / name
    if isinstance(content, bytes):
        file.write_bytes(content)
    else:
        data = content if isinstance(content, str) else json.dumps(content)
        file.write_text(data, encoding="utf-8")
    return file


def report_of(result: Result) -> str:
    """Return the report on recordings in JSON."""
    stream = io.StringIO()
    json_report.write(build(result, About(bundled(), OPERATION, "x")), stream)
    return stream.getvalue()


def entry(request: dict[str, Any] | None = None, response: Any = None, **more: Any) -> Any:
    """Return a right entry, with some members of its request and response changed."""
    asked = {
        "method": "POST",
        "url": URL,
        "headers": [{"name": "Content-Type", "value": "application/json"}],
        "postData": {"text": json.dumps(OPERATION.request.example)},
    }
    example = OPERATION.sides["response.200"].example
    answered = {
        "status": 200,
        "headers": [{"name": "content-type", "value": "application/json"}],
        "content": {"text": json.dumps(example)},
    }
    return {"request": asked | (request or {}), "response": answered | (response or {}), **more}


def log(*entries: Any) -> Any:
    """Return a HAR of these entries."""
    return {"log": {"entries": list(entries)}}


def interaction(request: Any = None, response: Any = None) -> Any:
    """Return a right interaction, some members of its request and response changed."""
    asked = {
        "method": "POST",
        "uri": URL,
        "body": json.dumps(OPERATION.request.example),
        "headers": {"Content-Type": ["application/json"]},
    }
    answered = {
        "status": {"code": 200, "message": "OK"},
        "headers": {"content-type": ["application/json"]},
        "body": {"string": "{}"},
    }
    return {"request": asked | (request or {}), "response": answered | (response or {})}


def anything(words: str, *more: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Draw what JSON or YAML may hold, with these words as texts and as names of members."""
    names = st.sampled_from([*words.split(), "\ud800"])
    leaves = st.one_of(st.none(), st.booleans(), st.integers(-1, 600), names, *more)
    return st.recursive(
        leaves,
        lambda inner: st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=5),
    )


@st.composite
def damaged(
    draw: st.DrawFn, whole: Callable[[], dict[str, Any]], parts: st.SearchStrategy[Any]
) -> Any:
    """Draw an exchange some of whose members were replaced by anything, or removed."""
    exchange = whole()
    for _ in range(draw(st.integers(1, 3))):
        owners = [exchange, exchange.get("request"), exchange.get("response")]
        owner = draw(st.sampled_from(owners))
        if isinstance(owner, dict) and owner:
            name = draw(st.sampled_from(sorted(owner)))
            owner[name] = draw(parts)
            if draw(st.booleans()):
                del owner[name]
    return exchange
