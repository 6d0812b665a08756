"""The plugin in pytest runs of its own: items, verdicts, fixtures, and what it costs unused."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import httpcore
import pytest

import enkash_contract as ec
from enkash_contract import pytest_plugin
from enkash_contract.contract import contract
from enkash_contract.sandbox import server
from enkash_contract.traffic.reading.files import ENDINGS
from tests.support.inner_runs import run, run_apart, section
from tests.support.plugin_runs import WSGI, names

if TYPE_CHECKING:
    from pathlib import Path


HEAVY = (
    "httpx hypothesis jsonschema_rs orjson rich schemathesis starlette uvicorn yaml click".split()
)


OURS = {
    "enkash_contract",
    "enkash_contract.clock",
    "enkash_contract.pytest_plugin",
    "enkash_contract.pytest_plugin.fixtures",
    "enkash_contract.pytest_plugin.found",
    "enkash_contract.pytest_plugin.options",
}
"""The modules of the package that every run of pytest loads."""


# Loaded here, once for all tests: the runs inside this process put back the modules that were
# loaded before them, httpx loads httpcore only when it needs it, and two copies of one exception's
# class are two classes.
assert httpcore.__name__


@pytest.mark.unmeasured
def test_a_conforming_implementation_passes(pytester: pytest.Pytester) -> None:
    """There is one item for each rule and polarity; all pass, or are expected to fail."""
    result = run(pytester, f"--enkash-app={WSGI}:app")
    rules = [rule for rule in contract.bundled().pick().rules.values() if rule.side == "request"]
    rejected = {case.rule for case in ec.cases() if case.polarity == "reject"}
    result.assert_outcomes(passed=len(rules) + len(rejected) - 2, xfailed=2)


def test_items_are_named_by_rule_and_polarity(pytester: pytest.Pytester) -> None:
    """The names are readable, and -k chooses by them."""
    result = run(
        pytester, f"--enkash-app={WSGI}:app", "-k", "buyerB2BId and not type", "--co", "-q"
    )
    assert result.outlines[:4] == [
        "enkash contract::request/b2bIds/buyerB2BId#required [accept]",
        "enkash contract::request/b2bIds/buyerB2BId#required [reject]",
        "enkash contract::request/b2bIds/buyerB2BId#pattern [accept]",
        "enkash contract::request/b2bIds/buyerB2BId#pattern [reject]",
    ]


def test_a_violation_fails_its_item_alone(pytester: pytest.Pytester) -> None:
    """The output is the finding's own lines, and no frame of this package."""
    words = [f"--enkash-app={WSGI}:bound_refused", "-k", "buyerB2BId"]
    result = run(pytester, *words)
    result.assert_outcomes(passed=5, failed=1, deselected=len(names(pytester)) - 6)
    lines = section(result, "#pattern [accept] ", "= enkash contract =")
    sentences = [line for line in lines if line.startswith("rejected, although ")]
    assert len(sentences) == 2
    assert [line for line in lines if line.startswith("  reproduce")] == [
        f"  reproduce    pytest --enkash-app={WSGI}:bound_refused --enkash-case "
        f"'request/b2bIds/buyerB2BId#pattern/{name}'"
        for name in ("longest", "longest-in-umlauts")
    ]


def test_a_failure_on_weak_evidence_is_an_expected_failure(pytester: pytest.Pytester) -> None:
    """The reason names the payload that was accepted."""
    pytester.makepyfile(lenient="import enkash_contract as ec\napp = ec.Sandbox()")
    words = ["--enkash-app=lenient:app", "-k", "newVersion and minimum", "-rx"]
    result = run(pytester, *words)
    result.assert_outcomes(passed=1, xfailed=1, deselected=len(names(pytester)) - 2)
    result.stdout.fnmatch_lines(
        [
            "XFAIL enkash contract::request/invoiceStatus/objectVersion/newVersion#minimum "
            "[[]reject[]] - accepted, although /invoiceStatus/objectVersion/newVersion "
            "must be at least 1, but it is 0 (and 3 more)"
        ]
    )


def test_a_url_is_a_target(pytester: pytest.Pytester, tmp_path: Path, payload: Any) -> None:
    """It can be checked with a base of the user's own, and an overlay."""
    base = tmp_path / "base.json"
    payload["b2bIds"]["buyerB2BId"] = "MINE"
    base.write_text(json.dumps(payload))
    overlay = tmp_path / "mine.yaml"
    overlay.write_text(
        "overlay: 1.0.0\n"
        "info: {title: mine, version: 1.0.0}\n"
        "actions:\n"
        "  - target: $.components.schemas.B2BId\n"
        "    update: {maxLength: 13, x-evidence: {maxLength: confirmed}}\n"
    )
    with server.in_background(ec.Sandbox(contract=ec.load(overlay))) as url:
        words = [f"--enkash-url={url}", f"--enkash-base={base}", f"--enkash-overlay={overlay}"]
        result = run(pytester, *words, "-k", "buyerB2BId and Length")
    assert result.parseoutcomes()["passed"] == 2


def test_the_junit_report_names_the_items(pytester: pytest.Pytester, tmp_path: Path) -> None:
    """The XML that CI servers read has one test case for each item."""
    path = tmp_path / "junit.xml"
    words = ["-k", "method", f"--junit-xml={path}", "-o", "junit_family=xunit2"]
    run(pytester, f"--enkash-app={WSGI}:app", *words)
    cases = ET.parse(path).iter("testcase")  # noqa: S314 - pytest wrote it just now
    assert [case.get("name") for case in cases] == [
        "request#method [accept]",
        "request#method [reject]",
    ]


def test_without_a_target_there_are_no_items(pytester: pytest.Pytester) -> None:
    """Only the user's own tests run."""
    pytester.makepyfile("def test_own(): pass")
    run(pytester).assert_outcomes(passed=1)


@pytest.mark.slow
@pytest.mark.unmeasured
def test_items_run_on_several_workers(pytester: pytest.Pytester) -> None:
    """Under pytest-xdist each item runs once, on whichever worker."""
    result = run_apart(pytester, f"--enkash-app={WSGI}:app", "-n2", "-k", "b2bIds")
    result.assert_outcomes(passed=17)


def test_loaded_but_unused_it_imports_nothing_heavy(tmp_path: Path) -> None:
    """A run that does not use the plugin pays for no library."""
    (tmp_path / "test_own.py").write_text(
        "import sys\n"
        f"HEAVY = {HEAVY!r}\n"
        "def test_own():\n"
        "    assert 'enkash_contract.pytest_plugin' in sys.modules\n"
        "    assert [name for name in HEAVY if name in sys.modules] == []\n"
        "    ours = {name for name in sys.modules if name.startswith('enkash_contract')}\n"
        f"    assert ours == {OURS!r}\n"
    )
    done = subprocess.run(
        [
            sys.executable,
            "-m",
            "pytest",
            "-q",
            "-p",
            "enkash_contract.pytest_plugin",
            "test_own.py",
        ],
        cwd=tmp_path,
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout


def test_the_endings_of_recordings_are_those_that_are_read() -> None:
    """The plugin repeats them, because it loads nothing for any other file."""
    assert list(pytest_plugin.RECORDED) == [*ENDINGS]
