"""Which payloads are right, which rules the others break, and that nothing makes judging fail."""

from __future__ import annotations

import copy
import enum
import inspect
import json
import re
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import jsonschema
import jsonschema_rs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from enkash_contract.contract.contract import bundled, load
from enkash_contract.contract.evidence import Level
from enkash_contract.errors import ContractViolated, UsageError
from enkash_contract.validation.validate import (
    is_valid,
    iter_violations,
    validate,
    validate_json,
)
from tests.support import small_documents
from tests.support.anything import (
    ANYTHING,
    CYCLE,
    JSON,
    LAYOUTS,
    WIDE,
    Action,
    Members,
    Real,
    Text,
    Whole,
    changed,
    near,
    nearly_json,
    nested,
    strict,
)
from tests.support.second_document import second, written
from tests.support.small_documents import small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from enkash_contract.contract.contract import Contract

RIGHT = bundled().pick().request.example
SIBLING = Level.SIBLING
VERSION = ("invoiceStatus", "objectVersion", "newVersion")
REMARKS = ("invoiceStatus", "supplierRemarks")
OBJECT_ID = ("invoiceStatus", "objectId")
LEVELS = st.sampled_from(Level)


def told(payload: object, **options: Any) -> list[str]:
    """Return the messages of all violations, with the ids of the rules."""
    return [f"{one.message} [{one.rule.id}]" for one in iter_violations(payload, **options)]


# Every value, however strange


@pytest.fixture(scope="module")
def judges(tmp_path_factory: pytest.TempPathFactory) -> list[tuple[Contract, Any]]:
    """Return contracts with a right payload of each: bundled, confirmed by an overlay, second."""
    folder = tmp_path_factory.mktemp("judges")
    confirmed = written(folder, "confirmed.yaml", CONFIRMED)
    return [
        (bundled(), RIGHT),
        (load(confirmed), RIGHT),
        (second(folder), EVERYTHING),
    ]


CONFIRMED = """overlay: 1.0.0
info: {title: Confirmed, version: '1'}
actions:
  - target: $.components.schemas['Version','Tag','ChangeInvoiceStatusRequest'].x-evidence
    update: {type: confirmed}
  - target: $.components.schemas.Version
    update: {maximum: 9, x-evidence: {maximum: confirmed}}
  - target: $.components.schemas.Status.x-evidence
    update: {type: confirmed, minLength: confirmed}
"""

EVERYTHING = {
    "word": "ab",
    "short": "abc",
    "kind": "a",
    "fixed": {"x-a": [1]},
    "maybe": None,
    "code": "A12",
    "day": "2026-01-02",
    "moment": "2026-01-02T03:04:05Z",
    "id": "123e4567-e89b-12d3-a456-426614174000",
    "mail": "a@example.com",
    "link": "https://example.com/",
    "closest": 3,
    "between": 1.5,
    "list": ["ab", "abc"],
    "either": True,
    "one": {"x-a": ["b"], "c": None},
    "both": 3,
    "more": {"a": True},
    "closed": {},
    "x-a/b~c": False,
}


def agree(found: Contract, payload: object, *levels: Level) -> None:
    """Assert that all ways of judging a Python value say the same of it."""
    options: dict[str, Any] = {"contract": found, "operation": next(iter(found))}
    violations = list(iter_violations(payload, **options))
    for level in levels:
        right = not any(one.evidence.at_least(level) for one in violations)
        assert is_valid(payload, fail_on=level, **options) == right
        if found is bundled():
            assert is_valid(payload, fail_on=level) == right
        if found is bundled() and level is SIBLING:
            assert is_valid(payload) == right
        error = refusal(validate, payload, fail_on=level, **options)
        assert (error is None) == right
        assert error is None or str(error) == "\n".join(map(str, violations))


def refusal(judge: Callable[..., object], *given: object, **options: Any) -> Exception | None:
    """Return what `judge` raises of a payload, or None when it finds it right."""
    try:
        judge(*given, **options)
    except ContractViolated as error:
        return error
    return None


@given(data=st.data(), level=LEVELS)
def test_a_payload_is_right_when_it_breaks_no_rule_at_the_level(
    judges: list[tuple[Contract, Any]], data: st.DataObject, level: Level
) -> None:
    """Of any JSON-like or Python value, `is_valid`, `validate` and the violations say the same."""
    found, right = data.draw(st.sampled_from(judges))
    agree(found, data.draw(ANYTHING | near(right, ANYTHING)), level)


class Colour(enum.Enum):
    """Members that only have a value."""

    CANCEL = "CANCEL"
    SET = frozenset({1})


STRANGE: list[Any] = [
    "\ud800",
    "a\ud800b",
    float("nan"),
    float("-inf"),
    10**400,
    -(10**400),
    10**5000,
    -(10**5000),
    Decimal("1e400"),
    Decimal("0.5"),
    Decimal("nan"),
    {1: 2},
    {"\ud800": 1},
    {Text("a"): 1},
    Text("CANCEL"),
    Text("\ud800"),
    Whole(1),
    Real(1.0),
    Members(name="a"),
    ("a",),
    Action.CANCEL,
    Colour.CANCEL,
    Colour.SET,
    {Colour.CANCEL: 1},
    b"CANCEL",
    object(),
    {1, 2},
    True,
    None,
    1.0,
    1e300,
]
PLACES: list[tuple[Any, ...]] = [
    (),
    ("other",),
    ("device",),
    ("device", "tag", "name"),
    ("invoiceStatus", "statusTransition", "newStatus"),
    OBJECT_ID,
    VERSION,
]
PLACES_IN_EVERYTHING = [
    (name,) for name in "word kind fixed closest between list either other".split()
]


@pytest.mark.parametrize("index", range(len(STRANGE)), ids=lambda at: type(STRANGE[at]).__name__)
def test_a_payload_is_right_when_it_breaks_no_rule_at_the_level_examples(
    judges: list[tuple[Contract, Any]], index: int
) -> None:
    """Everything that has ever confused an engine, wherever it stands."""
    for found, right in judges:
        for at in PLACES if right is RIGHT else PLACES_IN_EVERYTHING:
            payload = changed(right, at, STRANGE[index])
            agree(found, payload, Level.CONFIRMED, SIBLING, Level.ASSUMED)


@pytest.mark.parametrize("at", [(), ("other",), ("device", "tag")])
@pytest.mark.parametrize(
    "value", [nested(300), nested(5000), CYCLE, WIDE], ids=["300", "5000", "cycle", "wide cycle"]
)
def test_a_deep_payload_is_judged_like_any_other(
    judges: list[tuple[Contract, Any]], at: tuple[Any, ...], value: object
) -> None:
    """Neither the depth that the engine gives up at nor a value that holds itself is special."""
    for found, right in judges[:2]:
        agree(found, changed(right, at, value), SIBLING, Level.CONFIRMED)


# Bytes


@given(st.data(), st.sampled_from(LAYOUTS), LEVELS)
def test_json_is_judged_as_the_value_it_stands_for(
    data: st.DataObject, layout: dict[str, Any], level: Level
) -> None:
    """Text of a value breaks the same rules as the value, and is returned as it."""
    payload = data.draw(near(RIGHT, JSON))
    raw = json.dumps(payload, **layout)
    expected = refusal(validate, payload, fail_on=level)
    assert str(refusal(validate_json, raw, fail_on=level)) == str(expected)
    if expected is None:
        assert repr(validate_json(raw, fail_on=level)) == repr(payload)
    if level is SIBLING:
        assert str(refusal(validate_json, raw)) == str(expected)
        assert expected or repr(validate_json(raw)) == repr(payload)


@given(st.binary() | nearly_json() | nearly_json(near(RIGHT, JSON)))
@example(b"\xff")
@example(b"[" * 100_000)
def test_any_bytes_are_judged(raw: bytes) -> None:
    """Bytes are right exactly when a strict reader reads them and their value is right."""
    try:
        expected = is_valid(strict(raw, Decimal), fail_on="assumed")
    except (ValueError, RecursionError):
        expected = False
    assert (refusal(validate_json, raw, fail_on="assumed") is None) == expected
    assert str(refusal(validate_json, raw)) == str(refusal(validate_json, raw, fail_on=SIBLING))


def raised_by(raw: bytes | str, **options: Any) -> str:
    """Return what is said of JSON that is not right."""
    with pytest.raises(ContractViolated) as raised:
        validate_json(raw, **options)
    return "\n".join(
        f"{one.line}: {one.message} [{one.rule.id}]" for one in raised.value.violations
    )


def test_a_violation_of_text_knows_its_line() -> None:
    """What is there stands on its own line, what is missing on that of what should hold it."""
    payload = changed(RIGHT, VERSION, "1")
    del payload["device"]["tag"]["value"]
    assert raised_by(json.dumps(payload, indent=2)) == (
        "3: /device/tag/value is required, but missing "
        "[request/device/tag/value#required]\n"
        '16: /invoiceStatus/objectVersion/newVersion must be an integer, but it is "1" '
        "[request/invoiceStatus/objectVersion/newVersion#type]"
    )


def test_text_that_is_no_json_has_one_violation() -> None:
    """Nothing else can be said of it."""
    assert raised_by('{"device":\n') == (
        "2: the payload must be JSON as RFC 8259 defines it, "
        "but it is not JSON: expecting value at line 2 column 1 [request#json]"
    )


def test_a_repeated_name_does_not_hide_what_is_wrong_with_its_value() -> None:
    """The last value counts for most readers, so it is judged; the repetition is told besides."""
    raw = json.dumps(RIGHT).replace('"BUYER-0001"', '"BUYER-0001", "buyerB2BId": 5')
    assert raised_by(raw) == (
        "1: /b2bIds/buyerB2BId must not repeat a member's name, but the name 'buyerB2BId' is "
        "repeated in one object [request#duplicate-names]\n"
        "1: /b2bIds/buyerB2BId must be a string, but it is 5 [request/b2bIds/buyerB2BId#type]"
    )


def test_a_repeated_name_alone_is_only_as_wrong_as_is_known() -> None:
    """That names must not repeat is assumed, so it fails only those who ask for that."""
    raw = json.dumps(RIGHT).replace('"BUYER-0001"', '"BUYER-0001", "buyerB2BId": "B"')
    assert validate_json(raw)["b2bIds"]["buyerB2BId"] == "B"
    assert raised_by(raw, fail_on="assumed").endswith("[request#duplicate-names]")


@pytest.mark.parametrize("kind", [bytes, bytearray, memoryview, bytes.decode])
def test_any_buffer_is_read(kind: Callable[[bytes], Any]) -> None:
    """Frameworks hand over bodies as they keep them, laid out in any way."""
    assert validate_json(kind(b"{}"), fail_on="confirmed") == {}
    for layout in LAYOUTS:
        assert validate_json(kind(json.dumps(RIGHT, **layout).encode())) == RIGHT


def test_the_options_are_told_by_the_signature() -> None:
    """The quick way takes none, and hides none."""
    for judge in (is_valid, validate_json):
        options = [*inspect.signature(judge).parameters][1:]
        assert options == ["contract", "operation", "side", "fail_on", "engine"]
        with pytest.raises(TypeError, match="unexpected keyword argument 'nope'"):
            judge("{}", nope=1)  # type: ignore[call-arg]  # the mistake under test


# What a violation says


def test_the_first_payload_is_right() -> None:
    """The document's own example breaks no rule, and nothing is returned or raised."""
    assert validate(RIGHT, fail_on="assumed") is None  # type: ignore[func-returns-value]
    assert list(iter_violations(RIGHT)) == []
    assert validate_json(json.dumps(RIGHT), fail_on="assumed") == RIGHT


def test_every_violation_is_told_strong_and_weak() -> None:
    """One failure lists all that is wrong, with how well each is known and where it is said."""
    payload = copy.deepcopy(RIGHT)
    payload["device"] = None
    payload["b2bIds"]["buyerB2BId"] = 'a"b'
    payload["invoiceStatus"]["objectVersion"] = {"currentVersion": 0}
    payload["invoiceStatus"]["supplierAction"] = ""
    del payload["invoiceStatus"]["supplierRemarks"]
    with pytest.raises(ContractViolated) as raised:
        validate(payload)
    places = {one.rule.id: str(one.document) for one in raised.value.violations}
    assert re.sub(r"openapi/enkash\.yaml:\d+", "PLACE", str(raised.value)) == (
        "/device must be an object, but it is null [request/device#type, "
        "example (change-invoice-status, read 2026-11-22), PLACE]\n"
        '/b2bIds/buyerB2BId must match ^[^\\\\"]{1,100}$, but it is "a\\"b" '
        "[request/b2bIds/buyerB2BId#pattern, sibling (api-10664764, read 2026-11-22), PLACE]\n"
        "/invoiceStatus/supplierRemarks is required, but missing "
        "[request/invoiceStatus/supplierRemarks#required, "
        "sibling (api-18788163, read 2026-11-22), PLACE]\n"
        "/invoiceStatus/objectVersion/newVersion is required, but missing "
        "[request/invoiceStatus/objectVersion/newVersion#required, assumed, PLACE]\n"
        "/invoiceStatus/objectVersion/currentVersion must be at least 1, but it is 0 "
        "[request/invoiceStatus/objectVersion/currentVersion#minimum, assumed, PLACE]\n"
        '/invoiceStatus/supplierAction must have at least 1 character, but it is "" '
        "[request/invoiceStatus/supplierAction#minLength, assumed, PLACE]"
    )
    assert set(places.values()) == {str(bundled().pick().rule(rule_id).place) for rule_id in places}


def test_what_is_only_assumed_fails_those_who_ask_for_it() -> None:
    """A payload that breaks an assumption is right at the default level, and the rule is shown."""
    payload = changed(RIGHT, VERSION, 0)
    assert (is_valid(payload), is_valid(payload, fail_on="assumed")) == (True, False)
    assert told(payload) == [
        "/invoiceStatus/objectVersion/newVersion must be at least 1, but it is 0 "
        "[request/invoiceStatus/objectVersion/newVersion#minimum]"
    ]


SURROGATE = "but the string holds the lone surrogate U+D800 [request#encoding]"
JSON_DEFINED = "must be JSON as RFC 8259 defines it, but"


@pytest.mark.parametrize(
    ("at", "value", "messages"),
    [
        (REMARKS, "\ud800", [f"/invoiceStatus/supplierRemarks must be UTF-8, {SURROGATE}"]),
        (("other",), ["\ud800"], [f"/other/0 must be UTF-8, {SURROGATE}"]),
        (
            VERSION,
            float("nan"),
            [f"{'/' + '/'.join(VERSION)} {JSON_DEFINED} nan is not a JSON number [request#json]"],
        ),
        (
            ("other",),
            b"",
            [f"/other {JSON_DEFINED} a Python bytes is not a JSON value [request#json]"],
        ),
        (
            ("device", "tag", 1),
            2,
            [
                f"/device/tag {JSON_DEFINED} a member's name is a Python int, not a string "
                "[request#json]"
            ],
        ),
        (
            ("device", "tag"),
            {"\ud800": 1},
            [
                "/device/tag must be UTF-8, but a member's name holds the lone surrogate U+D800 "
                "[request#encoding]",
                *(
                    f"{at} is required, but missing [request{at}#required]"
                    for at in ("/device/tag/name", "/device/tag/value")
                ),
            ],
        ),
        (
            ("device",),
            nested(5000),
            [f"the payload {JSON_DEFINED} it is nested deeper than 500 levels [request#json]"],
        ),
        (
            ("device",),
            nested(400),
            [f"/device must be an object, but it is {'[' * 59}… [request/device#type]"],
        ),
        (
            ("other",),
            CYCLE,
            [f"the payload {JSON_DEFINED} it is nested deeper than 500 levels [request#json]"],
        ),
        (VERSION, 10**5000, []),
        (
            VERSION,
            -(10**5000),
            [
                f"{'/' + '/'.join(VERSION)} must be at least 1, but it is -1{'0' * 57}… "
                f"[request/{'/'.join(VERSION)}#minimum]"
            ],
        ),
        (("device",), Members(tag=Members(name=Text("a"), value=Action.CANCEL)), []),
        (("invoiceStatus", "supplierAction"), Colour.CANCEL, []),
        (VERSION, Whole(3), []),
        (("other",), (Text("a"), (1,)), []),
    ],
    ids=lambda value: None if isinstance(value, (tuple, str)) else type(value).__name__,
)
def test_values_of_python_are_judged_as_the_json_they_would_be(
    at: tuple[Any, ...], value: Any, messages: list[str]
) -> None:
    """What is not JSON is told once, where it stands, and judging goes on around it."""
    payload = changed(RIGHT, at, value)
    assert told(payload) == messages
    assert is_valid(payload, fail_on="assumed") == (not messages)


MESSAGE = "response_message"


def test_the_answer_is_judged_as_its_side() -> None:
    """A response has its own schema, and of the wire only that it is JSON."""
    options: dict[str, Any] = {"side": "response.200"}
    assert is_valid({"payload": "a", "response_code": 0, "response_message": "b"}, **options)
    assert told({"payload": 1, "response_code": "0"}, **options) == [
        f"/{MESSAGE} is required, but missing [response.200/{MESSAGE}#required]",
        "/payload must be a string or an object, but it is 1 [response.200/payload#type]",
        '/response_code must be an integer, but it is "0" [response.200/response_code#type]',
    ]
    assert raised_by(b"\xff", **options) == (
        f"1: the payload {JSON_DEFINED} byte 0xff at offset 0 is not UTF-8 [response.200#json]"
    )
    raw = '{"payload": "a", "payload": "b", "response_code": 0, "response_message": "c"}'
    assert validate_json(raw, fail_on="assumed", **options)["payload"] == "b"


def test_contract_and_operation_choose_what_is_judged(tmp_path: Path) -> None:
    """All ways in take both keywords."""
    options: dict[str, Any] = {"contract": second(tmp_path), "operation": "closeThing"}
    assert is_valid(None, **options)
    assert validate_json("null", **options) is None
    assert told(1, **options) == ["the payload must be null, but it is 1 [request#type]"]
    assert raised_by("1", **options) == "1: the payload must be null, but it is 1 [request#type]"
    with pytest.raises(UsageError, match="^name an operation; the document has openThing, close"):
        validate(None, contract=options["contract"])


def test_validate_judges_the_side_it_is_given() -> None:
    """A response is judged by the rules of responses, and only by them."""
    response = {"payload": "a", "response_code": 0, "response_message": "b"}
    validate(response, side="response.200")
    with pytest.raises(ContractViolated) as raised:
        validate({**response, "response_code": "0"}, side="response.200")
    assert [one.rule.id for one in raised.value.violations] == ["response.200/response_code#type"]


def test_a_contract_is_not_passed_over_for_the_bundled_one(tmp_path: Path) -> None:
    """A payload that is valid by the bundled contract may be invalid by another one."""
    raw = json.dumps(RIGHT)
    contract = small(tmp_path, {"type": "null"})
    assert validate_json(raw) == RIGHT
    assert is_valid(RIGHT, contract=contract) is False
    with pytest.raises(ContractViolated) as raised:
        validate_json(raw, contract=contract)
    assert [one.rule.id for one in raised.value.violations] == ["request#type"]


def test_an_operation_is_not_passed_over_for_the_only_one() -> None:
    """A mistyped name is an error, also where the contract has no other operation."""
    with pytest.raises(UsageError, match="nope"):
        is_valid(RIGHT, operation="nope")
    with pytest.raises(UsageError, match="nope"):
        validate_json(json.dumps(RIGHT), operation="nope")


def test_an_unknown_level_or_side_is_told() -> None:
    """A mistyped keyword is the caller's mistake and never passes for a verdict."""
    with pytest.raises(UsageError, match="^'sure' is not a level of evidence; the levels are "):
        is_valid({}, fail_on="sure")
    with pytest.raises(UsageError, match="^changeInvoiceStatus has no side 'answer'; it has "):
        validate_json("{}", side="answer")


# The semantics: ECMA-262 and JSON Schema 2020-12, where real implementations differ


def by_itself(judge: Any, value: Any) -> bool | str:
    """Return the verdict of another judge, or the error that it raises."""
    try:
        return bool(judge.is_valid(value))
    except ValueError as error:
        return type(error).__name__


OURS_AND_OTHERS: list[tuple[dict[str, Any], Any, tuple[bool, bool | str, bool | str]]] = [
    # `$` is the very end; Python's `re` lets a line feed follow.
    ({"type": "string", "pattern": "^INV[0-9]{6}$"}, "INV123456\n", (False, True, False)),
    # `\d` is 0 to 9; Python's is every digit of every script.
    ({"type": "string", "pattern": r"^\d{2}$"}, "\u0661\u0662", (False, True, False)),
    # 1.0 is the integer 1.
    ({"type": "integer"}, 1.0, (True, True, True)),
    # 19.99 is a multiple of 0.01, as decimals are; as doubles they are not.
    ({"type": "number", "multipleOf": 0.01}, 19.99, (True, False, True)),
    # A boolean is not a number, though Python's bool is an int.
    ({"type": "integer"}, True, (False, False, False)),
    # Half a character is no character.
    ({"type": "string", "maxLength": 9}, "\ud800", (False, True, "UnicodeEncodeError")),
    # Length counts code points: one, for what UTF-16 writes as two.
    ({"type": "string", "maxLength": 1}, "\U0001d11e", (True, True, True)),
    ({"type": "string", "minLength": 2}, "e\u0301", (True, True, True)),
    # An integer of any size is one; the engine by itself takes 5,000 digits for 0.
    ({"type": "integer", "maximum": 9}, 10**5000, (False, "ValueError", True)),
]


@pytest.mark.parametrize(
    ("schema", "value", "verdicts"), OURS_AND_OTHERS, ids=lambda value: type(value).__name__
)
def test_the_semantics_are_the_specifications(
    tmp_path: Path,
    schema: dict[str, Any],
    value: Any,
    verdicts: tuple[bool, bool | str, bool | str],
) -> None:
    """Each row holds our verdict beside that of jsonschema, and of jsonschema-rs by itself."""
    found = small(tmp_path, schema)
    assert (
        is_valid(value, contract=found, fail_on="assumed"),
        by_itself(jsonschema.Draft202012Validator(schema), value),
        by_itself(jsonschema_rs.Draft202012Validator(schema), value),
    ) == verdicts


def ecma_pattern(_: Any, pattern: str, value: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    r"""Search as ECMA-262 does: `$` is `\Z` and classes are of ASCII."""
    if isinstance(value, str) and not re.search(pattern.replace("$", r"\Z"), value, re.ASCII):
        yield jsonschema.ValidationError("pattern")


def exact_multiple(_: Any, step: Any, value: Any, __: Any) -> Iterator[jsonschema.ValidationError]:
    """Divide as decimals, which is how the numbers are written."""
    number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if number and Decimal(repr(value)) % Decimal(repr(step)):
        yield jsonschema.ValidationError("multipleOf")


CORRECTED: Any = jsonschema.validators.extend(  # type: ignore[no-untyped-call]  # as published
    jsonschema.Draft202012Validator, {"pattern": ecma_pattern, "multipleOf": exact_multiple}
)
TEXTS = st.text('AINV09az\\"\n \u0661\U0001d11e', max_size=60) | st.from_regex(
    "[INV]{2,4}[A-Za-z0-9]{31,33}\n?", fullmatch=True
)


@given(
    st.sampled_from([REMARKS, OBJECT_ID, ("b2bIds", "buyerB2BId"), VERSION]), JSON | TEXTS, LEVELS
)
def test_jsonschema_with_its_divergences_mended_agrees(
    at: tuple[Any, ...], value: Any, level: Level
) -> None:
    """An independent judge of the same schema says the same once `$` and the classes are ECMA's."""
    payload = changed(RIGHT, at, value)
    schema = bundled().pick().json_schema(fail_on=level)
    assert CORRECTED(schema).is_valid(payload) == is_valid(payload, fail_on=level)


@given(st.decimals(-10, 30, places=2) | st.integers(-10, 30))
def test_jsonschema_with_its_divergences_mended_agrees_on_multiples(number: Any) -> None:
    """Whatever has two places is a multiple of a hundredth."""
    schema = {"type": "number", "multipleOf": 0.01, "exclusiveMinimum": 0, "maximum": 19.99}
    value = float(number) if isinstance(number, Decimal) else number
    right = 0 < number <= Decimal("19.99")
    judges = (jsonschema_rs.Draft202012Validator(schema), CORRECTED(schema))
    assert [judge.is_valid(value) for judge in judges] == [right, right]


@pytest.mark.parametrize(
    ("value", "right"),
    [
        ("INV" + "a" * 32, True),
        ("VIN" + "9" * 32, True),
        ("III" + "Z" * 32, True),
        ("INV" + "a" * 31, False),
        ("INV" + "a" * 33, False),
        ("INV" + "a" * 32 + "\n", False),
        ("\nINV" + "a" * 32, False),
        ("INX" + "a" * 32, False),
        ("inv" + "a" * 32, False),
        ("INV" + "a" * 31 + "\u0661", False),
        (" INV" + "a" * 31, False),
        ("", False),
    ],
)
def test_an_object_id_is_35_characters(value: str, right: bool) -> None:  # noqa: FBT001 - a verdict
    """The class of the prefix is the portal's: any three of I, N and V."""
    assert is_valid(changed(RIGHT, OBJECT_ID, value)) == right


@pytest.mark.parametrize(
    ("at", "most"),
    [
        (("b2bIds", "buyerB2BId"), 100),
        (("b2bIds", "supplierB2BId"), 100),
        (REMARKS, 100),
        (("invoiceStatus", "supplierInvoiceNumber"), 50),
    ],
)
def test_a_text_has_its_bounds_and_two_forbidden_characters(at: tuple[str, ...], most: int) -> None:
    """From 1 to the most, in code points of any script, without backslash and double quote."""
    verdicts = {
        text: is_valid(changed(RIGHT, at, text))
        for text in (
            "",
            "a",
            "\n",
            "'",
            "\\",
            'a"',
            "\U0001d11e" * most,
            "a" * most,
            "a" * (most + 1),
        )
    }
    assert [text for text, right in verdicts.items() if not right] == [
        "",
        "\\",
        'a"',
        "a" * (most + 1),
    ]


@pytest.mark.parametrize(
    ("name", "right", "wrong"),
    [
        ("day", ["2024-02-29", "0000-01-01"], ["2023-02-29", "2026-1-2", "2026-01-02T00:00:00Z"]),
        (
            "moment",
            ["2026-01-02T03:04:05Z", "2026-01-02t03:04:05.5+05:30"],
            ["2026-01-02", "2026-01-02T03:04:05", "2026-01-02T25:00:00Z"],
        ),
        (
            "id",
            ["123e4567-e89b-12d3-a456-426614174000", "123E4567-E89B-12D3-A456-426614174000"],
            ["123e4567e89b12d3a456426614174000", "123e4567-e89b-12d3-a456-42661417400g"],
        ),
        ("mail", ["a@example.com", "a.b+c@d"], ["a", "@example.com", "a@", "a b@example.com"]),
        ("link", ["https://example.com/a?b#c", "urn:a:b"], ["/a", "a b", "https://[a"]),
        ("code", ["A12"], ["A12\n", "a12", "A\u0661\u0662", "BA12"]),
        ("maybe", [None, "a"], [1, [], False]),
        ("kind", ["a", None], ["c", 1]),
        ("fixed", [{"x-a": [1]}, {"x-a": [1.0]}], [{}, {"x-a": [True]}]),
        ("closest", [1, 9, 1.0], [0, 10, 1.5, True, 10**5000, Decimal("1.5")]),
        ("between", [0.01, 10.49, 1], [0, 10.5, 0.001, -(10**5000)]),
        ("list", [["ab"], ["ab", "ac"]], [[], ["ab", "ab"], ["ab", "ac", "ad"], ["a"], "ab"]),
        ("either", [True, "ab"], ["a", 1]),
        ("one", [1, {"x-a": ["a"], "b": None}], [2, {}, {"x-a": [1]}, {"x-a": [], "b": 1}]),
        ("both", [3, 4], [2, 3.5, "a"]),
        ("short", ["ab", "abc"], ["abcd", "a", "bc"]),
        ("more", [{}, {"a": True}], [{"a": 1}]),
        ("closed", [{}], [{"a": 1}]),
        ("x-a/b~c", [True], [1]),
        ("other", [None, [{}]], []),
    ],
)
def test_every_keyword_is_enforced(
    tmp_path: Path, name: str, right: list[Any], wrong: list[Any]
) -> None:
    """Each honoured keyword lets right values pass and refuses wrong ones, by the rule it is."""
    options: dict[str, Any] = {"contract": second(tmp_path), "operation": "openThing"}
    for value in right:
        assert told({**EVERYTHING, name: value}, **options) == []
    for value in wrong:
        payload = {**EVERYTHING, name: value}
        assert not is_valid(payload, fail_on="assumed", **options)
        pointers = {one.rule.pointer for one in iter_violations(payload, **options)}
        assert {pointer[: len(name) + 1] for pointer in pointers} <= {"/" + name, "/x-a~1b~"}


def test_a_choice_is_one_rule(tmp_path: Path) -> None:
    """What fails inside a choice is told as the choice, at the value that chose none."""
    options: dict[str, Any] = {"contract": second(tmp_path), "operation": "openThing"}
    assert told({**EVERYTHING, "either": 1, "one": 2, "list": ["a"]}, **options) == [
        '/list/0 must have at least 2 characters, but it is "a" [request/list/*#minLength]',
        "/either must match at least one of 2 schemas, but it is 1 [request/either#anyOf]",
        "/one must match exactly one of 2 schemas, but it is 2 [request/one#oneOf]",
    ]


def test_deep_items_are_compared(tmp_path: Path) -> None:
    """Where the engine gives up on comparing, the items are judged as far as it can see."""
    options: dict[str, Any] = {"contract": small(tmp_path, {"type": "array", "uniqueItems": True})}
    deep = "[" * 300 + "]" * 300
    assert raised_by(f"[{deep}, {deep}]", **options) == (
        f"1: the payload must have no two equal items, but it is {'[' * 59}… [request#uniqueItems]"
    )


@pytest.mark.parametrize(
    ("schema", "value", "right"),
    [
        ({"type": "array"}, [1], True),
        ({"type": "array"}, [float("nan")], False),
        ({"type": "array", "items": {"type": "integer"}}, [1], True),
        ({"type": "array", "items": {"type": "integer", "minimum": 1}}, [10**5000], True),
        ({"type": "array", "items": {"type": "integer", "minimum": 0}}, [-(10**5000)], False),
        ({"type": ["array", "string"], "items": {"type": "string"}}, ["\ud800"], False),
        ({"type": ["array", "string"], "items": {"type": "string"}}, "\ud800", False),
        ({"type": "integer", "enum": [0]}, 10**5000, False),
        ({"type": "number"}, 10**5000, True),
        ({"type": "string", "enum": ["a"]}, "a", True),
        ({"type": "string", "const": "\0"}, "\0", True),
        ({"type": "object", "properties": {"a": {"type": "string"}}}, {"a": "\0"}, True),
    ],
    ids=lambda value: type(value).__name__,
)
def test_what_the_engine_does_not_look_at_is_looked_at(
    tmp_path: Path,
    schema: dict[str, Any],
    value: Any,
    right: bool,  # noqa: FBT001 - a verdict
) -> None:
    """Items without a schema, half characters and integers of any size are judged as they are."""
    found = small(tmp_path, schema)
    agree(found, value, *Level)
    assert is_valid(value, contract=found) == right


def test_what_is_secret_by_its_name_is_not_shown(tmp_path: Path) -> None:
    """Neither the value of such a member, nor a container that holds one; others are shown."""
    schema = {
        "type": "object",
        "additionalProperties": {"type": "integer"},
        "properties": {"otp": {"type": "integer"}},
    }
    found = small_documents.small(tmp_path, schema)
    payload = {"otp": "described", "password": "canary", "list": [{"token": "canary"}]}

    assert [one.actual for one in iter_violations(payload, contract=found)] == [
        'it is "described"',
        "it is ***",
        'it is [{"token":"***"}]',
    ]


@pytest.mark.parametrize(
    ("raw", "rule"),
    [
        (b"\xff\xfe", "request#encoding"),
        (b'{"b2bIds":"\xe9"}', "request#encoding"),
        (b"", "request#json"),
        (b"{", "request#json"),
        (b"\xef\xbb\xbf{}", "request#json"),
        (b"nul", "request#json"),
        (b"NaN", "request#json"),
        (b"[" * 600 + b"]" * 600, "request#json"),
    ],
)
def test_bytes_that_are_no_json_break_one_rule(tmp_path: Path, raw: bytes, rule: str) -> None:
    """Nothing is said of the type of a payload that cannot be read, however sure the type is."""
    contract = load(written(tmp_path, "confirmed.yaml", CONFIRMED))
    assert contract.pick().rules["request#type"].evidence.level is Level.CONFIRMED

    with pytest.raises(ContractViolated) as raised:
        validate_json(raw, contract=contract)

    assert [violation.rule.id for violation in raised.value.violations] == [rule]
