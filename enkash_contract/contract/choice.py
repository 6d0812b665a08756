"""Which operations are meant: those that are named, else those that ids or an address speak of.

An id of a rule or a case may be qualified by its operation, `payInvoice:request/amount#pattern`;
where a run has several operations, every id is written so. Where nothing tells which is meant, it
is the document's default.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from enkash_contract.contract.all_operations import AllOperations
from enkash_contract.contract.operation import TO_ENKASH
from enkash_contract.errors import UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence, Sized

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.contract.rules import Rule

_QUALIFIED = re.compile(r"([^:/#*?\[\]]+):(.+)", re.DOTALL)


def split(name: str) -> tuple[str, str]:
    """Split `payInvoice:request/…` into the operation, "" for none, and the rest."""
    found = _QUALIFIED.fullmatch(name)
    return (found[1], found[2]) if found else ("", name)


def qualified(operation: str, name: str) -> str:
    """Return an id of a rule, a case or a defect with its operation."""
    return f"{operation}:{name}"


def naming(operations: Sized) -> Callable[[Operation, str], str]:
    """Return how an id of one of `operations` is written: qualified, unless it is the only one."""
    if len(operations) > 1:
        return lambda operation, name: qualified(operation.id, name)
    return lambda _, name: name


def own(operation: str, wishes: Iterable[str]) -> tuple[str, ...]:
    """Return those `wishes` for ids that may be of `operation`, as that operation writes them."""
    pairs = [(wish, *split(wish)) for wish in wishes]
    return tuple(
        rest if of == operation else wish for wish, of, rest in pairs if of in ("", operation)
    )


def choose(
    contract: Contract,
    wishes: Iterable[str] = (),
    *,
    ids: Iterable[str] = (),
    target: object = None,
) -> tuple[Operation, ...]:
    """Return the operations that are meant, in the order in which they are named.

    Args:
        contract: the contract that has them.
        wishes: ids of operations, globs over them, or `tag:NAME`; they decide where there are any.
        ids: ids of rules or cases, by whose operations the choice is made if all are qualified.
        target: the address of an implementation, which may be that of one operation.

    Raises:
        UsageError: a wish names no operation, or nothing tells which of several is meant.

    """
    named = [*wishes] or _named_by(contract, ids)
    if named:
        found = tuple(contract.find(*named))
        return found if target is None else _one_way(found, named)
    return (_addressed(contract, target) or contract.pick(),)


def wanted(contract: Contract, operation: str | Iterable[str] | None) -> Sequence[Operation]:
    """Return the operations that an argument names, one or several; without one, all of them.

    Raises:
        UsageError: it names none.

    """
    if not operation:
        return AllOperations(contract)
    return choose(contract, (operation,) if isinstance(operation, str) else operation)


def only(operations: Sequence[Operation]) -> Operation:
    """Return the one of `operations`, for what cannot do with several.

    Raises:
        UsageError: there are several.

    """
    first, *others = operations
    if others:
        names = ", ".join(operation.id for operation in operations)
        raise UsageError(f"this is for one operation, and several are named: {names}; name one")
    return first


def taken(contract: Contract, operations: Sequence[Operation]) -> str:
    """Return the id of the operation that goes without saying: the only one, or the default."""
    # The only operation that there is is the default as well.
    if not isinstance(operations, AllOperations) and len(operations) == 1:
        return str(operations[0].id)
    return contract.default.id if contract.default is not None else "none"


def rules_of(operations: Iterable[Operation], wish: str) -> dict[Operation, list[Rule]]:
    """Return the rules that `wish` names (an id, a member or a glob), by operation.

    Raises:
        UsageError: no operation has such a rule; the message names the nearest ones.

    """
    found: dict[Operation, list[Rule]] = {}
    problem: UsageError | None = None
    for operation in operations:
        for rest in own(operation.id, [wish]):
            try:
                found[operation] = operation.rules_of(rest)
            except UsageError as error:
                problem = problem or error
    if found:
        return found
    raise problem or UsageError(f"there is no rule {wish!r}; `enkash-contract rules` lists them")


def _named_by(contract: Contract, ids: Iterable[str]) -> list[str]:
    """Return the operations of qualified ids, none where an id leaves it open."""
    names = [split(name)[0] for name in ids]
    # The name of a member may hold a colon, and an id of another kind may begin like this.
    return [*dict.fromkeys(names)] if all(name and name in contract for name in names) else []


def _one_way(found: tuple[Operation, ...], named: list[str]) -> tuple[Operation, ...]:
    """Return what one target serves: of a glob over both directions, what is sent to EnKash."""
    ways = {each.direction for each in found}
    if len(ways) == 1:
        return found
    return tuple(each for each in found if each.direction == TO_ENKASH or each.id in named)


def _addressed(contract: Contract, target: object) -> Operation | None:
    """Return the one operation whose full address `target` is, if it is one."""
    if not isinstance(target, str) or not target.lower().startswith(("http://", "https://")):
        return None
    try:
        found = contract.at(target)
    except ValueError:
        # Whoever connects to it says what is wrong with it.
        return None
    return found[0] if len(found) == 1 else None
