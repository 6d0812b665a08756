"""The engines that judge values by JSON Schema: jsonschema-rs, or jsonschema in its place.

jsonschema-rs is compiled, and has no wheel for some machines. There jsonschema does the same in
Python, with the same verdicts (`python`), and a line of the log says so. Everything that judges by
a schema asks here, so that one place knows which engine there is. Neither is imported before it is
needed.
"""

from __future__ import annotations

import functools
from importlib import import_module
from typing import TYPE_CHECKING, Any, Protocol, cast

from enkash_contract.contract.engines.patterns import portable, rewritten
from enkash_contract.errors import MissingPackageError, UsageError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence


RUST = "jsonschema-rs"
PYTHON = "jsonschema"
ENGINES = (RUST, PYTHON)
"""The names of the engines, the quick one first."""

REMEDY = "pip install 'enkash-contract[jsonschema]'"


class SchemaError(Protocol):
    """An error of either engine: the keyword that is broken, and the value that breaks it."""

    @property
    def message(self) -> str:
        """The engine's own words."""

    @property
    def instance_path(self) -> Sequence[str | int]:
        """The way to the value, from the whole one."""

    @property
    def schema_path(self) -> Sequence[str | int]:
        """The way to the keyword, from the whole schema."""

    @property
    def kind(self) -> Any:
        """The details; of a missing member, `property` is its name."""


class Engine(Protocol):
    """A schema, compiled. Both methods raise ValueError where the engine gives up."""

    def is_valid(self, instance: Any) -> bool:
        """Return whether a value keeps the schema."""

    def iter_errors(self, instance: Any) -> Iterator[SchemaError]:
        """Yield every error."""


@functools.lru_cache(maxsize=1)
def default() -> str:
    """Return the name of the engine that is used where none is named.

    Raises:
        MissingPackageError: neither is installed.

    """
    if _is_installed("jsonschema_rs"):
        return RUST
    if not _is_installed("jsonschema"):
        needed = "enkash_contract needs jsonschema-rs, or jsonschema where that has no wheel"
        raise MissingPackageError(f"{needed}: {REMEDY}")
    import logging

    logging.getLogger("enkash_contract").warning(
        "jsonschema-rs is not installed, so jsonschema judges in its place: with the same verdicts,"
        " but slower"
    )
    return PYTHON


def _is_installed(module: str) -> bool:
    try:
        import_module(module)
    except ModuleNotFoundError:
        return False
    return True


def named(engine: str | None) -> str:
    """Return the name of an engine that is there, for a name that a user gave, or None.

    Raises:
        UsageError: there is no such engine.
        MissingPackageError: it is not installed.

    """
    if engine is None:
        return default()
    if engine not in ENGINES:
        raise UsageError(f"there is no engine {engine!r}; the engines are {' and '.join(ENGINES)}")
    if not _is_installed(engine.replace("-", "_")):
        remedy = REMEDY if engine == PYTHON else f"pip install {engine}"
        raise MissingPackageError(f"engine={engine!r} needs {engine}: {remedy}")
    return engine


def compiled(schema: Any, engine: str | None = None, *, worded: bool = True) -> Engine:
    """Return a JSON Schema 2020-12 compiled, with formats asserted.

    Where nobody reads the words of its errors, they are not `worded` with the value: each would
    hold the whole of it, however long.

    Raises:
        ValueError: it is no JSON Schema, or a pattern in it cannot be read.
        UsageError: there is no such engine.
        MissingPackageError: the engine is not installed.

    """
    if named(engine) == PYTHON:
        from enkash_contract.contract.engines.python import PythonEngine

        return PythonEngine(schema)
    return _rust(rewritten(schema, portable), worded=worded)


def _rust(schema: Any, *, worded: bool) -> Engine:
    import jsonschema_rs

    options: dict[str, Any] = {"validate_formats": True, "mask": None if worded else "a value"}
    # Its engine of regular expressions that can look around takes `^a+b?a+$` to match "a", so it is
    # used only where a pattern needs it.
    plain = jsonschema_rs.RegexOptions()
    try:
        made: Any = jsonschema_rs.Draft202012Validator(schema, pattern_options=plain, **options)
    except ValueError:
        made = jsonschema_rs.Draft202012Validator(schema, **options)
    if has_condition(schema):
        from enkash_contract.contract.engines import conditions

        made = conditions.Engine(made)
    return cast("Engine", made)


def has_condition(schema: Any) -> bool:
    """Return whether there is a condition in a schema; what only looks like one does no harm."""
    if isinstance(schema, dict):
        return "then" in schema or any(map(has_condition, schema.values()))
    return isinstance(schema, list) and any(map(has_condition, schema))


def reads(pattern: str) -> bool:
    """Return whether the engine can read `pattern`."""
    if default() == PYTHON:
        from enkash_contract.contract.engines import patterns

        read: Callable[[str], object] = patterns.compiled
    else:
        import jsonschema_rs

        # By its usual means: the plain ones take `a**` for a pattern.
        def read(pattern: str) -> object:
            return jsonschema_rs.Draft202012Validator({"pattern": portable(pattern)})

    try:
        read(pattern)
    except ValueError:
        return False
    return True


def is_valid(schema: Mapping[str, Any], value: Any) -> bool:
    """Return whether `value` keeps `schema`."""
    return compiled(schema).is_valid(value)
