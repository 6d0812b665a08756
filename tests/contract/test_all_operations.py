"""All operations of a contract: a sequence like any other, read as far as it is needed."""

from __future__ import annotations

import pickle
from typing import TYPE_CHECKING

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.contract.all_operations import AllOperations
from enkash_contract.contract.contract import bundled, load
from enkash_contract.contract.routing import match_path
from tests.support.several import three

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = bundled()
PATHS = sorted({each.path for each in WHOLE.values() if each.path})


def test_a_sequence_of_all() -> None:
    """In the order of the document; also for another process."""
    contract = three()
    every = AllOperations(contract)
    assert [*every] == [*contract.values()]
    assert (len(every), every[0], every[-1]) == (3, contract.first, [*contract.values()][-1])
    assert every[1:] == tuple(contract.values())[1:]
    copied = pickle.loads(pickle.dumps(every))  # noqa: S301 - it was written here
    assert [each.id for each in copied] == [*contract]


@pytest.mark.parametrize("path", [*PATHS, PATHS[0].upper(), "/nothing"])
def test_an_address_reads_only_what_may_be_there(path: str) -> None:
    """The same is found as in a contract that was read whole, in both directions."""
    url = f"https://api.example{path}?a=1"
    contract = load()
    found = AllOperations(contract).at(url)
    whole = bundled()
    assert [*whole]
    assert [each.id for each in found] == [each.id for each in whole.at(url, None)]
    assert len(contract.document.unread) == len(whole) - len(found)


@given(
    st.sampled_from(["", "/", *PATHS]),
    st.sampled_from(["", "/v1", "%2f", "//", "/x"]),
    st.sampled_from(["", "/", "//", "%2D", "?a", "#a", "x"]),
    st.booleans(),
)
def test_an_address_leads_to_what_each_operation_finds(
    path: str,
    before: str,
    after: str,
    upper: bool,  # noqa: FBT001 - a spelling
) -> None:
    """However it is spelled, and although all of them are looked for at once."""
    url = f"https://h{before}{path.upper() if upper else path}{after}"
    each = [operation.id for operation in WHOLE.values() if match_path(operation, url) != "other"]
    assert [operation.id for operation in WHOLE.at(url, None)] == each


def test_the_first_operation_needs_one_file(tmp_path: Path) -> None:
    """Unless the path item that comes first has none."""
    contract = load()
    assert contract.first.id == next(iter(bundled()))
    assert len(contract.document.unread) == len(bundled()) - 1
    data = bundled().document.data
    file = tmp_path / "openapi.json"
    file.write_bytes(orjson.dumps({**data, "paths": {"/nothing": {}, **data["paths"]}}))
    assert load(document=file).first.id == contract.first.id
