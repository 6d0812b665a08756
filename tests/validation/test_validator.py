"""The compiled rules of one side of an operation."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import Level
from enkash_contract.validation.validator import validator
from enkash_contract.wire import strict_json
from tests.support.anything import nested
from tests.support.second_document import second

if TYPE_CHECKING:
    from pathlib import Path


def test_compiled_rules_are_kept(tmp_path: Path) -> None:
    """Judging many payloads compiles the schema once for each side and level."""
    operation = bundled().pick()
    assert validator(operation) is validator(operation)
    assert validator(operation) is not validator(operation, level=Level.SIBLING)
    assert validator(second(tmp_path)["openThing"]) is not validator(operation)


def test_the_engine_accepts_only_what_it_has_read() -> None:
    """A value too deep for it is not accepted: whether that is valid takes a closer look."""
    rules = validator(bundled().pick())
    payload = bundled().pick().request.example

    assert rules.accepts(payload)
    assert not rules.accepts([])
    assert not rules.accepts({**payload, "device": nested(300)})


def test_text_that_was_decoded_is_not_decoded_again() -> None:
    """The violations are the same ones, with their lines."""
    rules = validator(bundled().pick())
    for text in ('{"device":\n1}', '{"device":1,"device":{}}', "{", b"\xff"):
        decoded = strict_json.decode(text)
        assert [*rules.of_bytes(text, decoded)] == [*rules.of_bytes(text)] != []
