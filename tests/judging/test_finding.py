"""A finding is a value with a name of its own that stays the same from run to run."""

from __future__ import annotations

from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.judging.finding import Finding
from enkash_contract.place import Place
from tests.support.results import finding

NULL = finding(check="not_a_server_error", rule="request/b2bIds#type", family="type/null")


def test_the_fingerprint_stays() -> None:
    """A fingerprint depends on what was tested and on nothing that changes from run to run."""
    same = Finding(
        "not_a_server_error",
        "changeInvoiceStatus",
        "request/b2bIds#type",
        Evidence(Level.ASSUMED),
        "assumption",
        "another message",
        Place("elsewhere.yaml", 1),
        family="type/null",
    )

    assert NULL.fingerprint == "70cb85fbd617"
    assert same.fingerprint == NULL.fingerprint
    assert finding(rule="request/b2bIds#type", family="type/null").fingerprint != NULL.fingerprint


def test_the_same_finding_twice_is_equal() -> None:
    """Two findings are equal whatever interaction they came of; its secrets are never shown."""
    other = Finding(**{**vars(NULL), "interaction": None})

    assert other == NULL
    assert "interaction" not in repr(NULL)
