"""Stubs: known for what they are, and never taken for recordings."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.traffic import check_traffic
from enkash_contract.traffic.formats.stubs import STUBS, stub_in_list, stub_of
from tests.support.recorded import OPERATION, URL, entry, interaction, log, written

if TYPE_CHECKING:
    from pathlib import Path

MAPPING = {
    "request": {"method": "POST", "url": OPERATION.path},
    "response": {"status": 200, "jsonBody": {"payload": "SUCCESS"}},
}
MATCHER = {**MAPPING, "request": {"urlPathPattern": ".*", "headers": {}, "url": URL}}

EXAMPLES: dict[str, list[Any]] = {
    "responses": [{"responses": [{"response": {"method": "POST", "url": URL, "status": 200}}]}],
    "WireMock": [{"mappings": [MAPPING]}, {"mappings": []}, MAPPING, MATCHER],
    "nock": [[{"scope": "https://h:443", "method": "POST", "path": "/", "response": {}}]],
    "MockServer": [[{"httpRequest": {"path": "/"}, "httpResponse": {"statusCode": 200}}]],
    "Hoverfly": [{"data": {"pairs": []}, "meta": {"schemaVersion": "v5"}}],
    "Mountebank": [{"imposters": []}],
    "Pact": [{"consumer": {}, "provider": {}, "interactions": [interaction()]}],
    "Postman": [{"info": {}, "item": []}],
}


def test_every_tool_has_an_example() -> None:
    """Whoever adds one shows what it writes."""
    assert list(EXAMPLES) == list(STUBS)


@pytest.mark.parametrize(
    ("tool", "value"), [(tool, value) for tool, values in EXAMPLES.items() for value in values]
)
def test_stubs_are_named_and_refused(tool: str, value: Any, tmp_path: Path) -> None:
    """One line says whose they are, and why nothing can be judged by them."""
    file = written(tmp_path, value, "stubs.json")
    result = check_traffic(file)

    assert stub_of(value) == tool
    assert (result.exit_code, result.total) == (2, 0)
    assert result.unread == (
        f"{file} holds stubs of {tool}, which say what would be sent; a stub is no recording: "
        "record what is sent, e.g. as HAR or with vcrpy",
    )


@pytest.mark.parametrize(
    "value",
    [
        None,
        [],
        {},
        {"responses": []},
        {"mappings": {}},
        {"data": []},
        log(entry()),
        {"interactions": [interaction()]},
        entry(),
        entry({"url": OPERATION.path}),
        interaction(),
        {"request": [], "response": {}},
        {"request": {"url": 7}, "response": {}},
    ],
    ids=json.dumps,
)
def test_recordings_are_no_stubs(value: Any) -> None:
    """Neither are values that look much alike."""
    assert stub_of(value) is None


@pytest.mark.parametrize(
    ("value", "tool"),
    [
        ({"description": "a", "request": {"path": "/"}}, "Pact"),
        ({"description": "a", "request": {"path": "/", "url": URL}}, None),
        ({"description": "a", "request": {"url": URL}}, None),
        ({"description": "a"}, None),
        (interaction(), None),
    ],
)
def test_an_item_of_a_list(value: Any, tool: str | None) -> None:
    """Interactions of Pact have a description, and no address."""
    assert stub_in_list(value, b"") == tool
    assert stub_in_list(value, b'{"provider": {}, "consumer": {') == "Pact"
