"""The document as one file for other tools, with every overlay laid on.

Evidence that only a partner can vouch for may stand in an overlay and nowhere else, and a rule's
place is a line of the file it was written in. So the file says in one extension of its own which
overlays were laid on and how strict to be, and a Schemathesis run of this package loads the
contract from there: the rules, the evidence and the places are the same as everywhere.
"""

from __future__ import annotations

import copy
import json
from typing import TYPE_CHECKING, Any

import yaml

from enkash_contract.contract.evidence import FAIL_ON, Level
from enkash_contract.contract.lowering import lowered

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract

EXTENSION = "x-enkash-contract"
"""The member that is for this package alone; it holds `overlays` and `fail-on`."""


VERSIONS = ("3.1", "3.0")
"""The versions of OpenAPI, that of the document itself first."""


def exported(contract: Contract, fail_on: Level | str = FAIL_ON) -> dict[str, Any]:
    """Return the document of `contract` as data, which is the caller's to change."""
    document = contract.document
    overlays = [name.removesuffix(" (again)") for name in document.layers[1:]]
    ours = {"overlays": overlays, "fail-on": Level.of(fail_on).value}
    return {**copy.deepcopy(document.data), EXTENSION: ours}


def text(
    contract: Contract, form: str, fail_on: Level | str = FAIL_ON, openapi: str = VERSIONS[0]
) -> str:
    """Return the document as `yaml` or `json`, of one of the `VERSIONS` of OpenAPI."""
    data = exported(contract, fail_on)
    if openapi != VERSIONS[0]:
        data = lowered(data)
    if form == "json":
        return json.dumps(data, indent=2, ensure_ascii=False)
    written: str = yaml.safe_dump(data, sort_keys=False, allow_unicode=True, width=100)
    return written.rstrip("\n")
