"""What a base lacks is built from what is known good, so that every rule is exercised."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.selection import Selection
from enkash_contract.engine.selftest import selftest
from enkash_contract.generation.reach import unreached
from enkash_contract.wire import strict_json
from tests.support.second_judge import unproven
from tests.support.sibling_bodies import TEXT
from tests.support.small_documents import ANSWER, small

if TYPE_CHECKING:
    from pathlib import Path

    from enkash_contract.contract.contract import Contract
    from enkash_contract.judging.case import Case


def members(required: str = "", **properties: Any) -> dict[str, Any]:
    """Return a schema of objects; `required` names members, with blanks between them."""
    known = {"required": required.split()} if required else {}
    return {"type": "object", "properties": properties, **known}


WORD = TEXT | {"minLength": 1}
ITEM = members("n", n=WORD)
LIST = {"type": "array", "items": ITEM}
BODY = members("id", id=WORD, owner=members("a", a=WORD, b=members(c=WORD)), list=LIST)
PLAIN = {"id": "x", "list": []}


@pytest.fixture
def contract(tmp_path: Path) -> Contract:
    """Return a document with an optional object that the example lacks, and an empty list."""
    answers = {status: {"schema": ANSWER} for status in ("200", "4XX")}
    return small(tmp_path, BODY, example=PLAIN, answers=answers)


def payload(case: Case) -> Any:
    """Return what a case sends."""
    return strict_json.decode(case.wire.body)[0]


def named(contract: Contract, base: Any = None) -> dict[str, Case]:
    """Return the cases by their ids."""
    return {case.id: case for case in ec.cases(contract=contract, base=base)}


def test_every_rule_is_broken_and_proven(contract: Contract) -> None:
    """Below what the base lacks as well, and the second judge agrees."""
    operation, made = contract.pick(), ec.cases(contract=contract)
    broken = {case.rule.id for case in made if case.polarity == "reject"}

    assert {rule.id for rule in operation.request.rules} - broken == set()
    assert unproven(operation, made) == {}


def test_what_is_built_is_named_as_varied(contract: Contract) -> None:
    """A target may reject what was built, and then nothing follows of what is in it."""
    cases = named(contract)
    present = cases["request/owner#type/present"]
    second = cases["request/list/*/n#required/removed-in-second-item"]

    assert (payload(present), present.varied) == (
        PLAIN | {"owner": {"a": "string", "b": {"c": "string"}}},
        ("/owner",),
    )
    assert cases["request/owner/b/c#minLength/one-under"].varied == ("/owner",)
    assert cases["request/owner/a#type/another"].varied == ("/owner", "/owner/a")
    assert cases["request/list/*/n#minLength/one-under"].varied == ("/list",)
    assert (payload(second)["list"], second.varied) == ([{"n": "string"}, {}], ("/list",))
    assert second.says == "/list/1/n is required, but missing"


def test_members_are_left_out_and_lists_grow(contract: Contract) -> None:
    """An optional member is there and is not; a list has no item, two, and one more."""
    base = {"id": "x", "owner": {"a": "y"}, "list": [{"n": "z"}, {"n": "y"}]}
    cases = named(contract, base)
    valid = {
        name: payload(case)
        for name, case in cases.items()
        if name.endswith(("#type/left-out", "-items", "-added", "#type/present"))
    }
    built = {"n": "string"}

    assert valid == {
        "request/owner#type/left-out": {"id": "x", "list": base["list"]},
        "request/owner/b#type/present": base | {"owner": {"a": "y", "b": {"c": "string"}}},
        "request/owner/b/c#type/left-out": base | {"owner": {"a": "y", "b": {}}},
        "request/list#type/no-items": base | {"list": []},
        "request/list#type/item-added": base | {"list": [{"n": "z"}, {"n": "y"}, built]},
        "request/list#type/left-out": {"id": "x", "owner": {"a": "y"}},
    }
    assert cases["request/owner#type/left-out"].says == "/owner is left out"


UNKNOWN = TEXT | {"pattern": "^(?:ab|c+d)$"}


@pytest.mark.parametrize(
    ("schema", "example", "base", "places"),
    [
        (members(a=members("b", b=UNKNOWN)), {}, None, ["/a", "/a", "/a"]),
        (members(a=members("b", b=UNKNOWN)), {}, {"a": {"b": "ab"}}, []),
        (members(a={"type": "array", "items": UNKNOWN}), {"a": []}, None, ["/a", "/a"]),
        # The list may hold no item, and so none is built.
        (members(a={"type": "array", "items": TEXT, "maxItems": 0}), {"a": []}, None, ["/a"]),
        # What stands in the place is no object.
        (members(a=members(b=TEXT) | {"type": ["null", "object"]}), {"a": None}, None, ["/a"]),
        (members(a=members(b=TEXT) | {"type": ["object", "null"]}), {"a": None}, None, []),
        (
            members(a=members(b=members(c=TEXT)) | {"type": ["null", "object"]}),
            {"a": None},
            None,
            ["/a", "/a"],
        ),
    ],
)
def test_what_cannot_be_built_is_noted(
    tmp_path: Path, schema: Any, example: Any, base: Any, places: list[str]
) -> None:
    """Where nothing is known good, a note counts the rules that no case exercises."""
    contract = small(tmp_path, schema, example=example)
    found = list(unreached(contract.pick(), example if base is None else base))
    notes = [note for note in make_plan(contract=contract, base=base).notes if "exercised" in note]
    count = f"{len(places)} rule{'s' * (len(places) > 1)}"

    assert [place for place, _ in found] == places
    assert [note.partition(",")[0] for note in notes] == [
        f"{count} not exercised: no {place} in the base" for place in places[:1]
    ]


def test_a_list_of_one_item_at_most_has_no_second(tmp_path: Path) -> None:
    """Two items would break another rule."""
    schema = members(a={"type": "array", "items": WORD, "maxItems": 1})
    cases = named(small(tmp_path, schema, example={"a": ["x"]}))

    assert [name for name in cases if "second-item" in name or "two-items" in name] == []
    assert "request/a#type/no-items" in cases


def test_only_what_is_chosen_is_noted(tmp_path: Path) -> None:
    """Rules that nobody wants to exercise are not missed."""
    contract = small(tmp_path, members(a=members("b", b=UNKNOWN)), example={})
    plan = make_plan(Selection(only=("request#json",)), contract=contract)

    assert plan.notes == ()


@pytest.mark.slow
def test_the_selftest_finds_defects_below_what_the_example_lacks(contract: Contract) -> None:
    """A sandbox that does not enforce the rules in an optional object is found out."""
    ids = {defect.id for defect in ec.defects(contract=contract)}
    matrix = selftest(contract=contract, workers=1)

    assert {"request/owner/a#required/unenforced", "request/list/*/n#required/unenforced"} <= ids
    assert (matrix.survivors, [row for row in matrix.variants if not row.ok]) == ((), [])


def test_what_a_target_rejects_when_built_masks_what_is_in_it(contract: Contract) -> None:
    """A server that rejects every owner is no proof that it checks the names of owners."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        body = (await receive())["body"]
        read, faults = strict_json.decode(body)
        known = isinstance(read, dict) and "owner" not in read and not faults
        status = 200 if known and ec.is_valid(read, contract=contract) else 422
        label = [(b"content-type", b"application/json")]
        await send({"type": "http.response.start", "status": status, "headers": label})
        await send({"type": "http.response.body", "body": b'{"code":0}'})

    result = ec.check_target(app, contract=contract, only=["request/owner*", "request/list*"])
    tallies = {rule: tally for (rule, side), tally in result.tallies.items() if side == "reject"}
    inside = tallies["request/owner/a#required"]

    assert result.violations == ()
    assert inside.masked == inside.exercised > 0
    assert tallies["request/list/*/n#required"].masked == 0
