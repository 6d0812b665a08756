"""What fuzzing draws: right and wrong requests held to the baseline, and what goes beyond them.

Of a payload that is drawn, only some places are taken over; the rest stays as the baseline has it.
A target that looks up what it is asked about would otherwise refuse everything for a reason of its
own, and no defect behind that refusal would be seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from hypothesis import strategies as st

from enkash_contract.engine.fuzzing.steps import Draw, Leaf, Maker, Step
from enkash_contract.generation import fuzz_ids
from enkash_contract.generation.mutation import Mutation, evenly
from enkash_contract.generation.strategies.operation import payloads

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from enkash_contract.contract.contract import Contract

    Payload = tuple[Any, tuple[str, ...]]

_T = TypeVar("_T")


def draws(
    maker: Maker, contract: Contract, kept: Collection[str] = ()
) -> st.SearchStrategy[Draw] | None:
    """Generate what is to be sent; the places `kept` stay as they are.

    Shrinks to the first chosen way to be wrong, on the baseline. None when nothing was chosen.
    """
    # Where nothing right may be drawn, what is wrong is so on the baseline itself.
    leaves = [one for one in maker.leaves if one.pointer not in kept and maker.valid]
    mutations = evenly(maker.mutations)
    if not leaves and not mutations:
        return None
    payload = _payloads(maker, contract, leaves)
    change = right = payload.map(lambda one: maker.right(*one))
    kinds = [right.map(_alone)] if leaves else []
    if mutations:
        wrong = st.tuples(_one(mutations), payload).map(lambda one: maker.wrong(one[0], *one[1]))
        change = st.one_of(right, wrong) if maker.valid else wrong
        kinds = [wrong.map(_alone), *kinds, _two(maker, mutations, payload)]
    manners = st.sampled_from(fuzz_ids.HISTORIES)
    histories = st.tuples(manners, change, change).map(lambda one: maker.history(*one))
    return st.one_of(*kinds, histories)


def _payloads(
    maker: Maker, contract: Contract, leaves: Sequence[Leaf]
) -> st.SearchStrategy[Payload]:
    """Return the baseline with some of `leaves` as drawn, at least one where there is one."""
    if not leaves:
        return st.just((maker.base, ()))
    whole = payloads(contract=contract, operation=maker.operation.id)
    places = st.lists(
        st.integers(0, len(leaves) - 1), unique=True, min_size=1, max_size=len(leaves)
    )

    def varied(both: tuple[Any, list[int]]) -> Payload:
        return maker.vary(both[0], [leaves[at] for at in sorted(both[1])])

    return st.tuples(whole, places).map(varied)


def _two(
    maker: Maker, mutations: Sequence[Mutation], payload: st.SearchStrategy[Payload]
) -> st.SearchStrategy[Draw]:
    """Return two rules broken at once, or the first of them alone where they cannot be two."""
    of_schema = [mutation for mutation in mutations if mutation.rule.path]
    outer = {
        f"{mutation.rule.pointer}/".rpartition("/")[0].rpartition("/")[0] for mutation in of_schema
    }
    # Who breaks an object has no members left to break.
    of_members = [
        mutation for mutation in of_schema if mutation.rule.pointer not in outer
    ] or mutations

    def made(both: tuple[Mutation, Mutation, Payload]) -> Draw:
        first, second, (value, varied) = both
        two = maker.two(first, second, value, varied)
        return _alone(maker.wrong(first, value, varied)) if two is None else _exploring(two)

    return st.tuples(_one(of_members), _one(of_members), payload).map(made)


def _one(options: Sequence[_T]) -> st.SearchStrategy[_T]:
    return st.integers(0, len(options) - 1).map(lambda at: options[at])


def _alone(step: Step) -> Draw:
    # What does not differ from the baseline shows nothing that is not known.
    is_new = step.varied or step.case.polarity == "reject"
    return Draw((step,) if is_new else ())


def _exploring(step: Step) -> Draw:
    return Draw((step,), explores=True)
