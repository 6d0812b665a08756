"""Invalid requests, and what Hypothesis prints of all that is drawn: it can be pasted."""

from __future__ import annotations

import ast
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import HealthCheck, Phase, core, given, settings
from hypothesis.vendor.pretty import RepresentationPrinter, pretty

import enkash_contract as ec
from enkash_contract.generation.strategies.invalid import InvalidPayload
from tests.support.draws import draws, simplest
from tests.support.second_document import second
from tests.support.small_documents import small

if TYPE_CHECKING:
    from pathlib import Path

    from hypothesis import strategies as st

    from enkash_contract.contract.operation import Operation

PUBLIC = {name: getattr(ec, name) for name in vars(ec)["__all__"]}
BUYER = "request/b2bIds/buyerB2BId#pattern"


def pasted(text: str) -> Any:
    """Return what a text is worth to a person who has imported the public names."""
    return eval(text, dict(PUBLIC))  # noqa: S307 - it is our own


@pytest.fixture(autouse=True)
def _printer(monkeypatch: pytest.MonkeyPatch) -> None:
    # Schemathesis, once loaded, lets Hypothesis print nothing, for the sake of its own speed.
    monkeypatch.setattr(core, "RepresentationPrinter", RepresentationPrinter)


def printed(strategy: st.SearchStrategy[Any]) -> tuple[str, Any]:
    """Return what Hypothesis prints of the value that a test fails with, and the value."""
    last: list[Any] = []

    @settings(
        phases=[Phase.generate, Phase.shrink],
        suppress_health_check=[*HealthCheck],
        print_blob=False,
    )
    @given(drawn=strategy)
    def fails(drawn: Any) -> None:
        last[:] = [drawn]
        raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError) as raised:
        fails()
    (call,) = ast.parse("\n".join(raised.value.__notes__).partition("test case: ")[2]).body
    assert isinstance(call, ast.Expr)
    assert isinstance(call.value, ast.Call)
    return ast.unparse(call.value.keywords[0].value), last[0]


@pytest.mark.parametrize(
    "strategy",
    [
        ec.payloads(),
        ec.requests(),
        ec.responses(),
        ec.responses(valid=False),
        ec.responses(valid=False, family="json/nested-deeply"),
        ec.invalid_payloads(),
        ec.invalid_payloads(rule=BUYER),
        ec.invalid_payloads(family="pattern/far-over"),
        ec.invalid_payloads(family="json/nested-deeply"),
        ec.invalid_payloads(family="json/empty"),
        ec.invalid_payloads(rule="request#content-type-present"),
    ],
)
def test_what_is_printed_can_be_pasted(strategy: st.SearchStrategy[Any]) -> None:
    """The printed text is short, and worth the value that the test failed with."""
    text, value = printed(strategy)
    assert len(text) < 700
    assert (pasted(text), pasted(pretty(value))) == (value, value)


@pytest.mark.parametrize(
    "strategy",
    [ec.payloads(), ec.requests(), ec.responses(), ec.responses(valid=False)],
)
def test_all_that_is_drawn_can_be_pasted(strategy: st.SearchStrategy[Any]) -> None:
    """Values that no test would shrink are printed as faithfully."""
    for value in draws(strategy, 60):
        assert pasted(pretty(value)) == value


def test_every_invalid_request_can_be_pasted() -> None:
    """Its text leads to the same bytes, and is short whatever the request is."""
    for value in draws(ec.invalid_payloads(), 150):
        same = pasted(repr(value))
        assert (same, hash(same), same.body) == (value, hash(value), value.body)
        assert (same.payload, same.evidence) == (value.payload, value.evidence)
        assert pretty(value) == repr(value)


def test_what_was_drawn_otherwise_is_told_by_its_place() -> None:
    """Values like the example's are left out; where other members are, the object is written."""
    example = ec.load().pick().request.example
    drawn = InvalidPayload.of(
        BUYER, "pattern/one-over", on={"/device": {"tag": 1}, "/invoiceStatus/objectId": "INV"}
    )
    assert drawn.valid == {
        **example,
        "device": {"tag": 1},
        "invoiceStatus": {**example["invoiceStatus"], "objectId": "INV"},
    }
    assert repr(drawn).startswith(
        f"InvalidPayload.of({BUYER!r}, 'pattern/one-over', "
        "on={'/device/tag': 1, '/invoiceStatus/objectId': 'INV'}, says='"
    )
    added = InvalidPayload.of(BUYER, "pattern/one-over", on={"/device": {"more": 1}})
    assert "on={'/device': {'more': 1}}" in repr(added)
    assert InvalidPayload.of(BUYER, "pattern/one-over", on={"": example}) == (
        InvalidPayload.of(BUYER, "pattern/one-over", says="anything")
    )


def test_another_document_is_named(tmp_path: Path) -> None:
    """Overlays, documents and operations stand in the text, as calls of public names."""
    overlay = tmp_path / "overlay.yaml"
    overlay.write_text(
        "overlay: 1.0.0\ninfo: {title: t, version: '1'}\n"
        "actions: [{target: $.info, update: {title: other}}]\n",
        encoding="utf-8",
    )
    laid, things = ec.load(overlay), second(tmp_path)
    for contract, operation, shown in (
        (laid, None, f"contract=load({str(overlay)!r}), says="),
        (
            things,
            "closeThing",
            f"contract=load(document={str(tmp_path / 'things.yaml')!r}), operation='closeThing', ",
        ),
    ):
        (drawn,) = draws(
            ec.invalid_payloads(contract=contract, operation=operation, family="json/empty"), 1
        )
        assert shown in repr(drawn)
        assert pasted(repr(drawn)) == drawn
    assert InvalidPayload.of("request#json", "json/empty", contract=laid) == (
        InvalidPayload.of("request#json", "json/empty")
    )


def test_requests_that_differ_are_not_equal() -> None:
    """In the rule, the family or the bytes; and a request is equal to nothing else."""
    first = InvalidPayload.of(BUYER, "pattern/one-over")
    assert first != InvalidPayload.of(BUYER, "pattern/far-over")
    assert first != InvalidPayload.of(BUYER, "pattern/one-over", on={"/b2bIds/supplierB2BId": "A"})
    assert first != "request"


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ((BUYER, "pattern/one-ove"), f"nothing breaks {BUYER} by 'pattern/one-ove'; did you mean "),
        ((BUYER, "x"), f"nothing breaks {BUYER} by 'x'; there is pattern/"),
        ((BUYER, "one-over"), f"nothing breaks {BUYER} by 'one-over'; did you mean pattern/one-"),
        ((f"{BUYER}s", "pattern/one-over"), f"has no rule '{BUYER}s'; did you mean {BUYER}"),
        (("request#additionalProperties", "x"), "by 'x'; there is none"),
    ],
)
def test_a_mistake_in_a_pasted_text_is_told(words: tuple[str, str], message: str) -> None:
    """A rule or a family that is gone is named, with the nearest there is."""
    with pytest.raises(ec.UsageError) as raised:
        InvalidPayload.of(*words)
    assert message in str(raised.value)


def shown(rule: str, family: str) -> str:
    """Return how the simplest such request is shown."""
    return repr(simplest(ec.invalid_payloads(rule=rule, family=family), lambda _: True))


def test_an_invalid_request_is_shown_by_what_is_invalid() -> None:
    """In a failure one sees the rule, the family and the invalid value, and not the payload."""
    name = "request/device/tag/name"
    assert shown("request#type", "type/null") == (
        "InvalidPayload.of('request#type', 'type/null', says='the payload is null')"
    )
    assert shown(f"{name}#required", "required/removed") == (
        f"InvalidPayload.of('{name}#required', 'required/removed', "
        "says='/device/tag/name is missing')"
    )
    where = "/invoiceStatus/objectId"
    assert shown(f"request{where}#pattern", "pattern/trailing-newline") == (
        f"InvalidPayload.of('request{where}#pattern', 'pattern/trailing-newline', "
        f"says='{where} is \"INV0123456789ABCDEF0123456789abcdef\\\\n\"')"
    )
    assert shown("request#json", "json/empty") == (
        "InvalidPayload.of('request#json', 'json/empty', says='POST, application/json, \"\"')"
    )
    assert shown("request#content-type-present", "content-type-present/absent").startswith(
        "InvalidPayload.of('request#content-type-present', 'content-type-present/absent', "
        "says='POST, no content type, "
    )


def test_a_request_without_an_origin_is_shown_by_its_rule(operation: Operation) -> None:
    """One that was made by hand says what it is."""
    drawn = InvalidPayload.of("request#json", "json/empty")
    by_hand = InvalidPayload(
        drawn.payload, drawn.rule, drawn.family, drawn.evidence, drawn.wire, operation.path
    )
    assert (by_hand, repr(by_hand)) == (drawn, repr(drawn))


def test_a_payload_may_be_anything(tmp_path: Path) -> None:
    """A document whose payload is no object is told as well."""
    contract = small(tmp_path, {"type": "string", "minLength": 2}, example="ab")
    for drawn in draws(ec.invalid_payloads(contract=contract), 30):
        assert pasted(repr(drawn)) == drawn
