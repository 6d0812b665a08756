"""The suite as data, for sending the cases with other tools and for keeping track of them.

The text is the same on every machine, Python and run: nothing in it depends on the time, the path,
the order of a set or the width of a float. Ids are quoted by people, so an id never changes what it
means; a case that is no longer needed disappears, and a new one gets a new id.
"""

from __future__ import annotations

import base64
from typing import TYPE_CHECKING, Any

from enkash_contract.contract import listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation
    from enkash_contract.judging.case import Case


def text(contract: Contract, suites: Mapping[Operation, tuple[Case, ...]]) -> str:
    """Return the manifest of the cases of some operations as JSON, one case a line."""
    listed = {operation: map(case_data, cases) for operation, cases in suites.items()}
    return listing.text(listing.head(contract, *suites), cases=listing.items(listed))


def case_data(case: Case) -> dict[str, Any]:
    """Return one case as plain data; `twin` is null for accept cases."""
    wire = case.wire
    return {
        "id": case.id,
        "rule": case.rule.id,
        "family": case.family,
        "polarity": case.polarity,
        "evidence": case.evidence.as_data(),
        "says": case.says,
        "method": wire.method,
        "path": wire.path,
        "media_type": wire.content_type,
        "further_media_types": list(wire.repeated),
        "content_length": wire.sized,
        "further_headers": [list(field) for field in wire.fields],
        "body": base64.b64encode(wire.body).decode(),
        "twin": case.twin or None,
    }
