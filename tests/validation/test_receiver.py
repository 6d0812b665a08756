"""How well it is known that a receiver must reject a request, or accept it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.validation.receiver import ASSUMED, of_acceptance, of_rejection
from enkash_contract.validation.validator import validator
from enkash_contract.wire.spelling import compact
from tests.support.small_documents import small

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation

KNOWN = Evidence(Level.DOCUMENTED)


@pytest.mark.parametrize(
    ("body", "level"),
    [
        (b"", "documented"),
        (b'{"device":', "documented"),
        (b"device=1", "documented"),
        (b'{"device": 1,}', "assumed"),
        (b"{device: 0x1} {}", "assumed"),
        (b"\xef\xbb\xbf{}", "assumed"),
        ("{}".encode("utf-16-le"), "assumed"),
    ],
)
def test_json_is_surely_rejected_only_if_no_reader_takes_it(
    operation: Operation, body: bytes, level: str
) -> None:
    """Of what a published dialect reads, nobody can say that a receiver must reject it."""
    rule = operation.rule("request#json")
    assert str(of_rejection(operation, rule, body).level) == level
    assert rule.evidence.level is Level.DOCUMENTED


@pytest.mark.parametrize("rule_id", ["request#content-type", "request#encoding", "request#method"])
def test_other_rules_of_the_wire_say_it_themselves(operation: Operation, rule_id: str) -> None:
    """The document states it for each; the bytes do not matter."""
    rule = operation.rule(rule_id)
    assert of_rejection(operation, rule, b"{device: 1}") is rule.receiver


def test_a_body_that_was_not_recorded_changes_nothing(operation: Operation) -> None:
    """Of what nobody saw, the rule's own claim is all that is known."""
    rule = operation.rule("request#method")
    assert of_rejection(operation, rule, None) is rule.receiver


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> Operation:
    """Return an operation with one text of two to four characters, in an object and in lists."""
    text = {"type": "string", "minLength": 2, "maxLength": 4, "pattern": "^[^x]*$"}
    members = {"text": text, "texts": {"type": "array", "items": text}}
    schema = {"type": "object", "properties": members}
    return small(tmp_path_factory.mktemp("counted"), schema, example={"text": "abc"}).pick()


def units(text: str) -> int:
    """Return the length of `text` as JavaScript and Java count it."""
    return len(text.encode("utf-16-le")) // 2


TEXTS = st.text(st.sampled_from("aé𠮷😀"), max_size=5)


@given(TEXTS, st.booleans(), st.booleans())
def test_nothing_published_says_how_to_count(
    counted: Operation,
    text: str,
    escaped: bool,  # noqa: FBT001
    listed: bool,  # noqa: FBT001
) -> None:
    """A verdict that depends on how characters are counted is assumed, whichever it is."""
    payload = {"texts": [text]} if listed else {"text": text}
    body = json.dumps(payload, ensure_ascii=escaped).encode()
    found = {violation.rule for violation in validator(counted).violations(payload)}
    for rule in found:
        still = units(text) < 2 if rule.keyword == "minLength" else units(text) > 4
        assert of_rejection(counted, rule, body) == (rule.receiver if still else ASSUMED)
    if not found:
        expected = KNOWN if 2 <= units(text) <= 4 else ASSUMED
        assert of_acceptance(counted, KNOWN, body) == expected


def test_what_is_broken_anyway_is_no_matter_of_counting(counted: Operation) -> None:
    """A base that its owner vouches for may break a rule however it is counted."""
    body = compact({"text": "𠮷" * 3})
    assert of_acceptance(counted, KNOWN, body) == ASSUMED
    assert of_acceptance(counted, KNOWN, body, ("request/text#maxLength",)) == KNOWN


def test_names_of_members_are_not_counted(counted: Operation) -> None:
    """Only texts have a length that rules speak of."""
    assert of_acceptance(counted, KNOWN, compact({"𠮷": 1, "text": "ab"})) == KNOWN


def test_bytes_that_look_like_such_a_character_are_none(counted: Operation) -> None:
    """What cannot be read is not counted, either."""
    rule = counted.rule("request/text#minLength")
    assert of_rejection(counted, rule, b'{"text": "\xf0"}') is rule.receiver
