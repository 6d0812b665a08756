"""What `import enkash_contract` offers, and how little it costs those who do not use it."""

from __future__ import annotations

import ast
import json
import os
import pkgutil
import subprocess
import sys
import textwrap
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pytest

import enkash_contract

PUBLIC = """
    Answer Case ConfigError Contract ContractViolated Defect DeliveryCheck DocumentError
    EnkashContractError Evidence Finding Interaction InvalidPayload Level Operation
    PayloadFileError Probed RecordingError Reply Request Response ResponseCheck Result Rule
    RuleViolated Sandbox ScriptedSandbox TargetError UsageError Violation answers cases
    check_target check_traffic defects deliver guard invalid_payloads is_valid iter_violations
    json_schema_validator load payloads probe requests responses unguard validate validate_json
    validate_request
""".split()
HEAVY = "httpx hypothesis jsonpath jsonschema_rs orjson rich starlette uvicorn yaml".split()


def run(code: str) -> Any:
    """Run Python in a new process without any pytest plugin, and return what it prints as JSON."""
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"},
        capture_output=True,
        check=True,
        text=True,
    )
    return json.loads(done.stdout)


def test_the_public_names_are_these() -> None:
    """Whoever adds a name, or takes one away, means to: people import them."""
    assert vars(enkash_contract)["__all__"] == PUBLIC
    assert sorted(PUBLIC) == PUBLIC
    assert dir(enkash_contract) == PUBLIC


def test_no_public_name_is_that_of_a_module() -> None:
    """Importing a submodule would replace a function of the same name."""
    modules = {one.name for one in pkgutil.iter_modules(enkash_contract.__path__)}
    assert modules & set(PUBLIC) == set()
    assert {home.partition(".")[0] for home in enkash_contract._HOMES.values()} <= modules


@pytest.mark.parametrize("name", PUBLIC)
def test_a_public_name_is_found_where_it_is_defined(name: str) -> None:
    """Each name leads to the thing itself, and says which module it comes from."""
    home = f"enkash_contract.{enkash_contract._HOMES[name]}"
    value = getattr(enkash_contract, name)
    assert (value.__name__, value.__module__) == (name, home)
    assert getattr(enkash_contract, name) is value


def test_type_checkers_are_shown_the_same_names() -> None:
    """The imports that only a type checker reads lead where the table leads."""
    tree = ast.parse(Path(enkash_contract.__file__).read_text("utf-8"))
    (block,) = (node for node in tree.body if isinstance(node, ast.If))
    imports = [node for node in block.body if isinstance(node, ast.ImportFrom)]
    shown = {
        alias.asname: f"{node.module}.{alias.name}" for node in imports for alias in node.names
    }
    homes = enkash_contract._HOMES
    assert shown == {name: f"enkash_contract.{home}.{name}" for name, home in homes.items()}


@pytest.mark.slow
def test_a_type_checker_finds_a_misspelt_name(tmp_path: Path) -> None:
    """A name that is not public is an error before anything runs, and a public one is not Any."""
    script = tmp_path / "partner.py"
    script.write_text(
        "import enkash_contract as ec\n"
        "ec.chek_target\n"
        "reveal_type(ec.is_valid({}))\n"
        "reveal_type(ec.__version__)\n",
        encoding="utf-8",
    )
    options = ["--strict", "--no-error-summary", f"--cache-dir={tmp_path / 'cache'}"]
    # Only what is said of the script matters; the package is checked as a whole elsewhere.
    command = [sys.executable, "-m", "mypy", *options, "--follow-imports=silent", str(script)]
    done = subprocess.run(command, capture_output=True, check=False, text=True, cwd=tmp_path)
    lines = [line.partition(": ")[2] for line in done.stdout.splitlines()]
    hint = next(line for line in lines if "chek_target" in line)
    assert hint.startswith('error: Module has no attribute "chek_target"')
    assert [line for line in lines if line != hint] == [
        'note: Revealed type is "bool"',
        'note: Revealed type is "str"',
    ]


def test_the_version_is_that_of_the_installed_package() -> None:
    """It is read when it is first asked for, and then kept."""
    code = (
        "import json, sys, enkash_contract as ec\n"
        "before = 'importlib.metadata' in sys.modules\n"
        "print(json.dumps([before, ec.__version__, '__version__' in vars(ec)]))"
    )
    assert run(code) == [False, version("enkash-contract"), True]


def test_the_version_is_known_in_a_clone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing is installed, the file beside the package says it."""

    def absent(name: str) -> str:
        raise PackageNotFoundError(name)

    monkeypatch.setattr("importlib.metadata.version", absent)
    assert enkash_contract._version() == version("enkash-contract")


def test_a_name_that_is_not_public_is_told() -> None:
    """The message is that of any module."""
    with pytest.raises(AttributeError) as raised:
        getattr(enkash_contract, "valid")  # noqa: B009 - a type checker would object as well
    assert str(raised.value) == "module 'enkash_contract' has no attribute 'valid'"


@pytest.mark.parametrize(
    ("module", "beside"),
    [("enkash_contract", []), ("enkash_contract.pytest_plugin", ["fixtures", "found", "options"])],
)
def test_importing_the_package_imports_nothing_else(module: str, beside: list[str]) -> None:
    """Every test run of everyone who installed it imports both, and most never use them."""
    code = f"import json, sys, {module}\nprint(json.dumps(sorted(sys.modules)))"
    loaded = set(run(code))
    assert [name for name in HEAVY if name in loaded] == []
    ours = {name for name in loaded if name.startswith("enkash_contract")}
    assert ours == {"enkash_contract", module, *(f"{module}.{name}" for name in beside)}


def test_a_name_brings_only_what_it_needs() -> None:
    """Validating a payload asks for no HTTP library, no test tool and no terminal."""
    code = (
        "import json, sys, enkash_contract\n"
        "enkash_contract.is_valid({})\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    loaded = set(run(code))
    assert [name for name in HEAVY if name in loaded] == ["jsonschema_rs", "orjson", "yaml"]


def test_a_guard_brings_no_http_library() -> None:
    """It knows clients by what they can do, so that who uses one library needs no other."""
    code = (
        "import json, logging, sys, urllib.request, enkash_contract\n"
        "logging.disable()\n"
        "enkash_contract.guard\n"
        "url = 'https://bank.example/api/v0/invoice/req-status-change-invoice'\n"
        "request = urllib.request.Request(url, b'{}')\n"
        "enkash_contract.validate_request(request, on_violation='warn')\n"
        "print(json.dumps(sorted(sys.modules)))"
    )
    loaded = set(run(code))
    heavy = [name for name in [*HEAVY, "aiohttp", "requests"] if name in loaded]
    assert heavy == ["jsonschema_rs", "orjson", "yaml"]


def test_a_name_is_looked_up_once() -> None:
    """After the first use a public name is an attribute like any other."""
    code = (
        "import json, enkash_contract\n"
        "before = 'validate' in vars(enkash_contract)\n"
        "enkash_contract.validate\n"
        "print(json.dumps([before, 'validate' in vars(enkash_contract)]))"
    )
    assert run(code) == [False, True]


@pytest.mark.parametrize(
    ("name", "package"), [("RuleViolated", "jsonschema"), ("json_schema_validator", "attrs")]
)
def test_what_needs_jsonschema_names_its_extra(name: str, package: str) -> None:
    """It comes with an extra of its own, and what that brings along."""
    code = f"""
        import json, sys
        sys.modules["{package}"] = None
        import enkash_contract
        try:
            enkash_contract.{name}
        except ImportError as problem:
            print(json.dumps(str(problem)))
    """
    assert run(textwrap.dedent(code)) == (
        f"enkash_contract.{name} needs {package}: pip install 'enkash-contract[jsonschema]'"
    )


def test_what_is_not_installed_is_told_with_its_remedy() -> None:
    """A light installation has no Hypothesis, and says what to install."""
    code = """
        import json, sys
        sys.modules["hypothesis"] = None
        import enkash_contract
        try:
            enkash_contract.payloads
        except ImportError as problem:
            print(json.dumps(str(problem)))
    """
    assert run(textwrap.dedent(code)) == (
        "enkash_contract.payloads needs hypothesis: pip install 'enkash-contract[pytest]'"
    )
