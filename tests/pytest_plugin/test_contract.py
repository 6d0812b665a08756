"""The contract of a run: the bundled document, overlays, or one that a conftest brings."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from enkash_contract.contract.contract import bundled
from tests.support.client_runs import write
from tests.support.inner_runs import failure_texts, run

if TYPE_CHECKING:
    import pytest


def test_an_overlay_adds_rules(pytester: pytest.Pytester) -> None:
    """The sandbox judges by its rules, and the command to reproduce a violation names it."""
    write(pytester, "\ndef test_it(enkash_sandbox):\n    post(enkash_sandbox, payload())\n")
    Path("my own.yaml").write_text(
        "overlay: 1.0.0\n"
        "info: {title: mine, version: 1.0.0}\n"
        "actions:\n"
        "  - target: $.components.schemas.B2BId\n"
        "    update: {maxLength: 10, x-evidence: {maxLength: confirmed}}\n",
        encoding="utf-8",
    )
    (text,) = failure_texts(run(pytester, "--enkash-overlay=my own.yaml")).values()
    assert text.startswith("/b2bIds/supplierB2BId must have at most 10 characters, but it is ")
    assert text.endswith("| enkash-contract validate --overlay 'my own.yaml' -")


def test_a_contract_that_cannot_be_served_is_an_error_in_one_line(
    pytester: pytest.Pytester,
) -> None:
    """A conftest may define a contract whose overlay names a default that there is not."""
    pytester.makefile(
        ".yaml",
        mine="""
        overlay: 1.0.0
        info: {title: mine, version: 1.0.0}
        actions: [{target: $, update: {x-default-operation: moveInvoice}}]
        """,
    )
    pytester.makeconftest(
        """
        import pytest
        import enkash_contract as ec

        @pytest.fixture(scope="session")
        def enkash_contract():
            return ec.load("mine.yaml")
        """
    )
    write(pytester, "\ndef test_it(enkash_sandbox): pass\n")
    (found,) = failure_texts(run(pytester)).items()
    assert found == (
        "ERROR at setup of test_it",
        "enkash_sandbox: mine.yaml:3: there is no operation 'moveInvoice'; did you mean "
        f"payInvoice or confirmInvoice? the document has {', '.join(bundled())}",
    )


def test_a_document_that_cannot_be_loaded_is_an_error_of_the_collection(
    pytester: pytest.Pytester,
) -> None:
    """The error is one line, without a traceback."""
    write(pytester, "\ndef test_it(enkash_answer): pass\n")
    result = run(pytester, "--enkash-overlay=no.yaml")
    assert failure_texts(result) == {
        "ERROR collecting test_it.py": "no.yaml: cannot be read: No such file or directory; "
        "name a file that is there"
    }
