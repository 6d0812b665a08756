"""The manifest: the suite as data, the same everywhere, and ids that never change their meaning."""

from __future__ import annotations

import base64
import hashlib
import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.contract.contract import bundled
from enkash_contract.generation import manifest
from tests.support.paths import SNAPSHOTS

if TYPE_CHECKING:
    from enkash_contract.judging.case import Case

SNAPSHOT = SNAPSHOTS / "cases.txt"
"""A line for each case: its id, polarity, evidence, twin, and a digest of what is sent."""


def meaning(case: Case) -> str:
    """Return all that makes a case what it is, on one line."""
    wire = case.wire
    sent = (wire.method, wire.path, wire.headers, wire.sized, wire.body)
    digest = hashlib.sha256(repr(sent).encode()).hexdigest()[:16]
    return f"{case.id} {case.polarity} {case.evidence.level} {digest} {case.twin or '-'}"


def test_ids_never_change_what_they_mean() -> None:
    """Each id stands for the same request and expectation as ever.

    A new case adds a line to the snapshot, one that is not needed any more takes its line away; a
    line that changes means that somebody's `--skip ID` now leaves out something else.
    """
    assert [meaning(case) for case in ec.cases()] == SNAPSHOT.read_text().splitlines()


PRINT = """
from enkash_contract.cli.main import main
main(["cases", "--format", "json"])
"""


@pytest.mark.parametrize("seed", ["0", "1"])
def test_the_manifest_is_the_same_in_every_process(seed: str) -> None:
    """Byte by byte, whatever the hash seed: nothing in it depends on the run."""
    done = subprocess.run(
        [sys.executable, "-c", PRINT],
        capture_output=True,
        check=True,
        env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONUTF8": "1"},
    )
    whole = manifest.text(bundled(), {bundled().pick(): ec.cases()})

    assert done.stdout.decode() == f"{whole}\n"
    assert whole.isascii()


def test_the_manifest_holds_every_case() -> None:
    """Each case can be sent, and judged, from what the manifest says of it."""
    read = json.loads(manifest.text(bundled(), {bundled().pick(): ec.cases()}))

    assert {**read, "cases": []} == {
        "version": 1,
        "document": {"sha256": bundled().document.sha256, "overlays": []},
        "operation": "changeInvoiceStatus",
        "cases": [],
    }
    assert [one["id"] for one in read["cases"]] == [one.id for one in ec.cases()]
    assert [base64.b64decode(one["body"]) for one in read["cases"]] == [
        one.wire.body for one in ec.cases()
    ]


@pytest.mark.parametrize(
    ("case", "data"),
    [
        (
            "request#json/empty-without-length",
            {
                "id": "request#json/empty-without-length",
                "rule": "request#json",
                "family": "json/empty-without-length",
                "polarity": "reject",
                "evidence": {"level": "documented", "source": "change-invoice-status"},
                "says": "the request must be JSON as RFC 8259 defines it, but the body is empty",
                "method": "POST",
                "path": "/api/v0/invoice/req-status-change-invoice",
                "media_type": "application/json",
                "further_media_types": [],
                "content_length": False,
                "further_headers": [],
                "body": "",
                "twin": "request#type/baseline",
            },
        ),
        (
            "request#content-type-single/other-second",
            {
                "evidence": {"level": "assumed", "source": None},
                "media_type": "application/json",
                "further_media_types": ["text/plain"],
                "content_length": True,
            },
        ),
        ("request#content-type-present/absent", {"media_type": None}),
        (
            "request#json/chunked",
            {"content_length": False, "further_headers": [["Transfer-Encoding", "chunked"]]},
        ),
        (
            "request#path/trailing-slash",
            {"path": "/api/v0/invoice/req-status-change-invoice/"},
        ),
        (
            "request/b2bIds/buyerB2BId#pattern/longest-in-astral",
            {"polarity": "accept", "twin": None},
        ),
    ],
)
def test_a_case_as_data(case: str, data: dict[str, Any]) -> None:
    """What is sent is told in full: method, path, labels, length and bytes."""
    whole = {one.id: one for one in ec.cases()}
    found = manifest.case_data(whole[case])

    assert {key: found[key] for key in data} == data
