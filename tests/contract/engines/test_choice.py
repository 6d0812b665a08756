"""Which engine judges, and what happens where one is missing."""

from __future__ import annotations

import logging
import pickle
import sys
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

import enkash_contract as ec
from enkash_contract.cli.main import main
from enkash_contract.contract.contract import bundled
from enkash_contract.contract.engines import choice as engines
from enkash_contract.contract.engines import patterns
from enkash_contract.contract.keyword_values import is_pattern
from enkash_contract.errors import MissingPackageError, UsageError
from enkash_contract.validation import validate, validator
from tests.support.small_documents import small

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

CACHES: tuple[Any, ...] = (engines.default, validator.validator)
NOTE = (
    "jsonschema-rs is not installed, so jsonschema judges in its place: "
    "with the same verdicts, but slower"
)
NEITHER = (
    "enkash_contract needs jsonschema-rs, or jsonschema where that has no wheel: "
    "pip install 'enkash-contract[jsonschema]'"
)


@pytest.fixture
def without(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., None]]:
    """Yield a function that makes modules impossible to import, as if not installed."""

    def hide(*modules: str) -> None:
        for module in modules:
            monkeypatch.setitem(sys.modules, module, None)
        monkeypatch.setattr(validate, "_surely_valid", validate._bind)
        monkeypatch.setattr(validate, "_surely_valid_json", validate._bind_json)
        for cache in CACHES:
            cache.cache_clear()

    yield hide
    monkeypatch.undo()
    for cache in CACHES:
        cache.cache_clear()


def test_the_quick_engine_is_the_default(caplog: pytest.LogCaptureFixture) -> None:
    """Where it is installed, nothing is said about it."""
    engines.default.cache_clear()
    assert engines.default() == engines.named(None) == "jsonschema-rs"
    assert caplog.records == []


def test_without_it_the_other_one_judges(
    without: Callable[..., None], caplog: pytest.LogCaptureFixture, tmp_path: Path
) -> None:
    """With the same verdicts, for everything that judges, and one line that says so."""
    without("jsonschema_rs")
    contract = small(tmp_path, {"type": "string", "pattern": r"^\d{2}$"})
    assert ec.is_valid("12", contract=contract, fail_on="assumed")
    assert not ec.is_valid("\u0661\u0662", contract=contract, fail_on="assumed")
    assert [str(one) for one in ec.iter_violations(1, contract=contract)] == [
        str(one) for one in ec.iter_violations(1, contract=contract, engine="jsonschema")
    ]
    assert is_pattern(r"\S(?=a)")
    assert not is_pattern("a**")
    assert caplog.record_tuples == [("enkash_contract", logging.WARNING, NOTE)]


def test_the_whole_suite_holds_without_it(without: Callable[..., None]) -> None:
    """Generation, sandbox and judging need no other engine."""
    without("jsonschema_rs")
    result = ec.check_target(ec.Sandbox(), only=["request/b2bIds/*"])
    assert (result.ok, result.count("held")) == (True, 91)


def test_an_engine_is_chosen_by_name(without: Callable[..., None]) -> None:
    """The slower one may be asked for, and then the other is not needed."""
    without("jsonschema_rs")
    assert engines.named("jsonschema") == "jsonschema"
    assert ec.is_valid(bundled().pick().request.example, engine="jsonschema")


@pytest.mark.parametrize(
    ("missing", "engine", "message"),
    [
        (
            "jsonschema",
            "jsonschema",
            "engine='jsonschema' needs jsonschema: pip install 'enkash-contract[jsonschema]'",
        ),
        (
            "jsonschema_rs",
            "jsonschema-rs",
            "engine='jsonschema-rs' needs jsonschema-rs: pip install jsonschema-rs",
        ),
    ],
)
def test_an_engine_that_is_not_installed_is_told_with_its_remedy(
    without: Callable[..., None], missing: str, engine: str, message: str
) -> None:
    """It is an ImportError, as for every package that is missing, and it pickles."""
    without(missing)
    with pytest.raises(ImportError) as raised:
        ec.is_valid({}, engine=engine)
    assert str(raised.value) == message
    assert isinstance(raised.value, MissingPackageError)
    assert str(pickle.loads(pickle.dumps(raised.value))) == message  # noqa: S301 - our own bytes


def test_without_any_engine_a_command_ends_with_the_remedy(without: Callable[..., None]) -> None:
    """One line, exit code 2, and no traceback."""
    without("jsonschema_rs", "jsonschema")
    done = CliRunner().invoke(main, ["validate", "-"], input="{}")
    assert (done.exit_code, done.stdout, done.stderr) == (2, "", f"error: {NEITHER}\n")


def test_an_unknown_engine_is_told() -> None:
    """The message lists those that there are."""
    with pytest.raises(UsageError) as raised:
        ec.validate_json("{}", engine="ajv")
    assert str(raised.value) == (
        "there is no engine 'ajv'; the engines are jsonschema-rs and jsonschema"
    )


def test_a_pattern_that_one_engine_cannot_read_is_told(tmp_path: Path) -> None:
    """The document is valid, so it is the engine that is named, and the pattern."""
    contract = small(tmp_path, {"type": "string", "pattern": r"\p{Script=Greek}"})
    assert ec.is_valid("\u03b1", contract=contract, fail_on="assumed")
    with pytest.raises(UsageError) as raised:
        ec.is_valid("\u03b1", contract=contract, engine="jsonschema")
    assert str(raised.value) == (
        "the engine jsonschema cannot be used: the pattern '\\\\p{Script=Greek}' has "
        "\\p{Script=Greek}, which jsonschema-rs alone reads at character 1"
    )


@pytest.mark.parametrize("engine", engines.ENGINES)
@pytest.mark.parametrize(
    "schema", [{"type": "text"}, {"pattern": "("}, {"items": {"pattern": "["}}]
)
def test_what_is_no_schema_is_a_value_error(engine: str, schema: Any) -> None:
    """By either engine, before anything is judged."""
    with pytest.raises(ValueError, match=r"\S"):
        engines.compiled(schema, engine)


@pytest.mark.parametrize("engine", engines.ENGINES)
@pytest.mark.parametrize(
    ("pattern", "text", "right"),
    [
        # By its usual means, jsonschema-rs lets one character match both parts.
        ("^[0-9]+,?[0-9]+$", "1", False),
        ("^[0-9]+,?[0-9]+$", "1,2", True),
        ("^.$", "\r", False),
        (r"^[^\w]$", "é", True),
        (r"^\bé", "é", False),
        (r"^(?=a)\w$", "a", True),
    ],
)
def test_patterns_are_those_of_ecma(engine: str, pattern: str, text: str, right: bool) -> None:  # noqa: FBT001 - a verdict
    """Also where an engine by itself reads them otherwise."""
    assert engines.compiled({"pattern": pattern}, engine).is_valid(text) is right


def test_only_patterns_are_rewritten() -> None:
    """What merely looks like one stays: a member's name, a constant, a list of names."""
    schema = {
        "properties": {"pattern": {"const": {"pattern": "."}}},
        "enum": [{"pattern": "."}],
        "required": ["pattern"],
        "anyOf": [{"pattern": "."}, True],
    }
    changed = patterns.rewritten(schema, str.upper)
    assert changed == schema
    assert patterns.rewritten(schema, lambda pattern: pattern * 2)["anyOf"][0] == {"pattern": ".."}
