"""Which operations are meant, and how ids are written where there are several."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.contract import choice
from enkash_contract.contract.contract import bundled
from enkash_contract.errors import UsageError
from tests.support.several import ASK, PAY, REFUND, RULE, three

if TYPE_CHECKING:
    from collections.abc import Iterable

    from enkash_contract.contract.operation import Operation


def names(operations: Iterable[Operation]) -> list[str]:
    """Return the ids of some operations."""
    return [operation.id for operation in operations]


@pytest.mark.parametrize(
    ("how", "meant"),
    [
        ({}, [PAY]),
        ({"wishes": [REFUND]}, [REFUND]),
        ({"wishes": [REFUND, PAY, "*Pay"]}, [REFUND, PAY]),
        ({"wishes": ["*"]}, [PAY, REFUND, ASK]),
        ({"wishes": ["tag:small"]}, [PAY, REFUND, ASK]),
        ({"ids": [f"{REFUND}:{RULE}"]}, [REFUND]),
        ({"ids": [f"{REFUND}:{RULE}", f"{ASK}:request/*"]}, [REFUND, ASK]),
        ({"ids": [f"{REFUND}:{RULE}", RULE]}, [PAY]),
        ({"ids": ["nothing:here"]}, [PAY]),
        ({"wishes": [ASK], "ids": [f"{REFUND}:{RULE}"]}, [ASK]),
        ({"target": "https://bank.example/v1/small/refund"}, [REFUND]),
        ({"target": "https://bank.example/v1"}, [PAY]),
        ({"target": "https://[bank"}, [PAY]),
        ({"target": "module:app"}, [PAY]),
        ({"target": object()}, [PAY]),
        ({"ids": [f"{ASK}:{RULE}"], "target": "https://bank.example/small/refund"}, [ASK]),
    ],
)
def test_what_is_named_comes_before_what_is_inferred(how: Any, meant: list[str]) -> None:
    """By name, by qualified ids, by a full address; else the default."""
    assert names(choice.choose(three(), **how)) == meant


def test_where_nothing_tells_the_message_lists_what_there_is() -> None:
    """A document without a default; a name that is near to another."""
    with pytest.raises(UsageError, match="name an operation; the document has smallPay, smallR"):
        choice.choose(three(None))
    with pytest.raises(UsageError, match=r"no operation 'smalPay'.*did you mean smallPay"):
        choice.choose(three(), ["smalPay"])


def test_an_argument_names_one_or_several() -> None:
    """None, and an empty list, mean all."""
    assert names(choice.wanted(three(), None)) == [PAY, REFUND, ASK]
    assert names(choice.wanted(three(), ())) == [PAY, REFUND, ASK]
    assert names(choice.wanted(three(), REFUND)) == [REFUND]
    assert names(choice.wanted(three(), [ASK, PAY])) == [ASK, PAY]


def test_what_is_for_one_refuses_several() -> None:
    """It lists them."""
    pay, refund, _ = three().values()
    assert choice.only([pay]) is pay
    with pytest.raises(UsageError, match="several are named: smallPay, smallRefund; name one"):
        choice.only([pay, refund])


def test_one_operation_goes_without_saying() -> None:
    """The only one, or the default; of several without a default, none."""
    _, refund, ask = three().values()
    assert choice.taken(three(), [refund]) == REFUND
    assert choice.taken(three(), [refund, ask]) == PAY
    assert choice.taken(three(None), [refund, ask]) == "none"


def test_ids_are_qualified_where_there_are_several() -> None:
    """And an id is taken apart again; a colon in a member's name is none."""
    pay, refund, _ = three().values()
    assert choice.naming([pay])(pay, RULE) == RULE
    assert choice.naming([pay, refund])(refund, RULE) == f"{REFUND}:{RULE}"
    assert choice.split(f"{REFUND}:{RULE}") == (REFUND, RULE)
    assert choice.split("request/a:b#type") == ("", "request/a:b#type")
    assert choice.own(PAY, [RULE, f"{PAY}:{RULE}", f"{REFUND}:{RULE}"]) == (RULE, RULE)


def test_rules_are_found_in_all_operations_that_have_them() -> None:
    """By an id, a member, a glob, or the id of one operation; the nearest is named."""
    every = [*three().values()]
    assert names(choice.rules_of(every, "amount")) == [PAY, REFUND, ASK]
    assert names(choice.rules_of(every, f"{ASK}:{RULE}")) == [ASK]
    with pytest.raises(UsageError, match="smallPay has no rule 'request/amont#minimum'; did you"):
        choice.rules_of(every, "request/amont#minimum")
    with pytest.raises(UsageError, match="there is no rule 'other:request#json'"):
        choice.rules_of(every, "other:request#json")


def test_one_target_serves_one_direction() -> None:
    """A glob over both means what is sent to EnKash, unless a webhook is named; alone, all."""
    contract = bundled()
    both = names(choice.choose(contract, ["*Invoice*"]))
    target = names(choice.choose(contract, ["*Invoice*"], target="https://bank.example"))
    assert set(target) == {name for name in both if contract[name].direction == "to-enkash"}
    hook = "createInvoiceRequest"
    named = names(choice.choose(contract, ["*Invoice", hook], target="https://bank.example"))
    assert hook in named
    assert names(choice.choose(contract, [hook], target="https://bank.example")) == [hook]
