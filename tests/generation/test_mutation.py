"""Mutations: the ways to break one rule, proven on a valid payload and tried on others."""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.generation.mutation import mutations
from enkash_contract.generation.suite import cases

if TYPE_CHECKING:
    from enkash_contract.contract.operation import Operation


def test_the_suite_rejects_what_the_mutations_break(operation: Operation) -> None:
    """The reject cases of the suite are the mutations of the request, byte for byte."""
    rejected = [
        (case.rule, case.family, case.evidence, case.wire)
        for case in cases()
        if case.polarity == "reject"
    ]

    assert [
        (mutation.rule, mutation.family, mutation.evidence, mutation.proven)
        for mutation in mutations(operation, "request")
    ] == rejected
