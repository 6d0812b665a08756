"""The strategies of fuzzing: valid and invalid requests near the baseline, and pairs of them.

Of a payload that is drawn, only some places are used; the rest stays as the baseline has it. A
target that looks up the invoice it is asked about would otherwise reject everything for a reason of
its own, and no defect behind that rejection would be seen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from enkash_contract.engine.fuzzing.steps import Draw, Leaf, Maker, Step
from enkash_contract.generation import fuzz_ids
from enkash_contract.generation.strategies.mutations import any_of
from enkash_contract.generation.strategies.operation import payloads

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence

    from enkash_contract.contract.contract import Contract
    from enkash_contract.generation.mutation import Mutation

    Payload = tuple[Any, tuple[str, ...]]


def draws(
    maker: Maker, contract: Contract, kept: Collection[str] = ()
) -> st.SearchStrategy[Draw] | None:
    """Generate what is to be sent; the places `kept` stay as they are.

    Shrinks to the first chosen mutation, on the baseline. None when nothing was chosen.
    """
    # Without leaves, mutations break the baseline itself: no valid request is ever sent.
    leaves = [leaf for leaf in maker.leaves if leaf.pointer not in kept and maker.draws_valid]
    mutations = maker.mutations
    if not leaves and not mutations:
        return None
    payload = _payloads(maker, contract, leaves)
    step = valid = payload.map(lambda drawn: maker.valid(*drawn))
    kinds = [valid.map(_alone)] if leaves else []
    if mutations:
        pairs = st.tuples(any_of(mutations), payload)
        invalid = pairs.map(lambda pair: maker.invalid(pair[0], *pair[1]))
        step = st.one_of(valid, invalid) if maker.draws_valid else invalid
        # Hypothesis shrinks to the first: a single invalid step is the easiest to read.
        kinds = [invalid.map(_alone), *kinds, _two(maker, mutations, payload)]
    histories = st.tuples(st.sampled_from(fuzz_ids.HISTORIES), step, step)
    return st.one_of(*kinds, histories.map(lambda drawn: maker.history(*drawn)))


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

    def varied(drawn: tuple[Any, list[int]]) -> Payload:
        value, indices = drawn
        return maker.vary(value, [leaves[index] for index in sorted(indices)])

    return st.tuples(whole, places).map(varied)


def _two(
    maker: Maker, mutations: Sequence[Mutation], payload: st.SearchStrategy[Payload]
) -> st.SearchStrategy[Draw]:
    """Return two rules broken at once, or the first of them alone where they cannot be two."""
    of_schema = [mutation for mutation in mutations if mutation.rule.path]
    outer = {
        f"{mutation.rule.pointer}/".rpartition("/")[0].rpartition("/")[0] for mutation in of_schema
    }
    # A broken object has no members left to break.
    of_members = [
        mutation for mutation in of_schema if mutation.rule.pointer not in outer
    ] or mutations

    def combined(drawn: tuple[Mutation, Mutation, Payload]) -> Draw:
        first, second, (value, varied) = drawn
        step = maker.two(first, second, value, varied)
        if step is None:
            return _alone(maker.invalid(first, value, varied))
        return Draw((step,), explores=True)

    return st.tuples(any_of(of_members), any_of(of_members), payload).map(combined)


def _alone(step: Step) -> Draw:
    # A request that does not differ from the baseline shows nothing new.
    is_new = step.varied or step.case.polarity == "reject"
    return Draw((step,) if is_new else ())
