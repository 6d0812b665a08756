"""The values of click's parameters in a configuration file, checked by their declarations."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, NamedTuple

import click

from enkash_contract.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from enkash_contract.place import Place

LONG = 40
"""A value that does not fit is shown in a message up to so many characters."""

_PAIR = re.compile(r"'?([^\s=:]+)(=|: )([^\s=:]+?)'?")
_PATH = re.compile(r"(FILE|PATH|FOLDER|RECORDING)S?\b")
_SECRET = re.compile(r"header|cookie|bearer|basic|token|password|secret|credential|command")
_ADDRESS = re.compile(r"proxy|target|command|-env")
"""The keys whose values may hold credentials, though not all of each is secret."""

_VARIABLE = re.compile(r"\$(?:(\$)|([A-Za-z_]\w*)|\{([A-Za-z_]\w*)\})", re.ASCII)


class UnfitError(ValueError):
    """A value is not what the parameter takes; the message says what it must be."""


class Pair(NamedTuple):
    """How an option that sets members by name is written: `NAME: VALUE`, `FORMAT=PATH`."""

    name: str
    mark: str
    value: str


@dataclass(frozen=True)
class Setting:
    """The value of a parameter in the file, and where it stands."""

    key: str
    parameter: click.Parameter
    value: Any
    where: Callable[[], Place]

    @property
    def name(self) -> str:
        """The parameter's name, by which click knows it."""
        return str(self.parameter.name)

    def expanded(self, variables: Mapping[str, str]) -> Setting:
        """Return the setting with the environment variables that headers name.

        Raises:
            ConfigError: one is not set; the message shows no value.

        """

        def variable(found: re.Match[str]) -> str:
            name = found[2] or found[3]
            if found[1]:
                return "$"
            if name not in variables:
                what = f"{self.key} needs the environment variable {name}, which is not set"
                raise ConfigError(f"{self.where()}: {what}; set it, or write $$ for a dollar sign")
            return variables[name]

        shape = pair(self.parameter)
        if shape is None or shape.mark == "=":
            return self
        return replace(self, value=[_VARIABLE.sub(variable, header) for header in self.value])


def keys(command: click.Command) -> dict[str, click.Parameter]:
    """Return the parameters of `command` that can be set, by the key that sets them."""
    # A parameter that is not passed to the command, such as --help, acts by itself.
    return {key(parameter): parameter for parameter in command.params if parameter.expose_value}


def key(parameter: click.Parameter) -> str:
    """Return the key that sets `parameter`: its longest name without dashes."""
    names = [name for name in parameter.opts if name.startswith("--")]
    return max(names, key=len)[2:] if names else str(parameter.name)


def repeatable(parameter: click.Parameter) -> bool:
    """Whether `parameter` takes any number of values."""
    return parameter.nargs == -1 or getattr(parameter, "multiple", False)


def pair(parameter: click.Parameter) -> Pair | None:
    """Return how `parameter` pairs a name with a value, if it does."""
    found = _PAIR.fullmatch(parameter.metavar or "") if repeatable(parameter) else None
    return Pair(*found.groups()) if found else None


def is_secret(name: str) -> bool:
    """Whether the values of the key `name` are never shown."""
    # The name of an environment variable is none; its value would be.
    return bool(_SECRET.search(name)) and not name.endswith("-env")


def read(parameter: click.Parameter, value: Any, folder: Path) -> Any:
    """Return `value` as click takes it, with paths in `folder`.

    Raises:
        UnfitError: it is not what the parameter takes.

    """
    if not repeatable(parameter):
        return _checked(parameter, value, folder)
    shape = pair(parameter)
    if shape and isinstance(value, dict):
        value = [_joined(parameter, shape, *item) for item in value.items()]
    items = value if isinstance(value, list) else [value]
    return [_checked(parameter, item, folder) for item in items]


def _joined(parameter: click.Parameter, shape: Pair, name: str, value: Any) -> str:
    if not isinstance(value, str):
        if shape.mark != "=" or _PATH.match(shape.value):
            raise _unfit(parameter, value)
        try:
            value = json.dumps(value, allow_nan=False)
        except (TypeError, ValueError):
            raise _unfit(parameter, value) from None
    return f"{name}{shape.mark}{value}"


def _checked(parameter: click.Parameter, value: Any, folder: Path) -> Any:
    kind, alone = parameter.type.name, getattr(parameter, "flag_value", None)
    if value is True and isinstance(alone, str):
        # An option that may stand without its value, as `--dask` does.
        value = alone
    if kind == "boolean":
        fits = isinstance(value, bool)
    elif _is_number(parameter):
        fits = isinstance(value, (int, float)) and not isinstance(value, bool)
    else:
        fits = isinstance(value, str)
    if not fits:
        raise _unfit(parameter, value)
    if isinstance(value, str):
        if kind == "text" and not pair(parameter) and not value.strip():
            raise UnfitError("text that is not empty, or left out")
        value = _placed(parameter, value, folder)
    try:
        # As text, because click rounds a number where a whole one is wanted.
        parameter.type.convert(str(value), parameter, None)
    except click.BadParameter:
        raise _unfit(parameter, value) from None
    return value


def _placed(parameter: click.Parameter, value: str, folder: Path) -> str:
    """Return `value` with its path, if it has one, in `folder`."""
    shape, name, mark = pair(parameter), "", ""
    if shape:
        name, mark, path = value.partition(shape.mark.strip())
        if not name.strip() or not mark:
            raise _unfit(parameter, value)
    else:
        path = value
    means = shape.value if shape else parameter.metavar or ""
    is_path = _PATH.match(means) or isinstance(parameter.type, (click.Path, click.File))
    # The dash stands for standard input, and an address is one from everywhere.
    if not is_path or path in ("", "-") or "://" in path:
        return value
    whole = (folder / path).resolve()
    # The file may be somebody else's, and what is written there replaces what was.
    if key(parameter) == "report" and not whole.is_relative_to(folder.resolve()):
        raise UnfitError("a path below the folder of this file")
    return f"{name}{mark}{folder / path}"


def _is_number(parameter: click.Parameter) -> bool:
    return parameter.type.name.startswith(("integer", "float"))


def _unfit(parameter: click.Parameter, value: Any) -> UnfitError:
    """Return the error that says what is expected, and what is there unless it may be secret."""
    wanted = expected(parameter)
    if repeatable(parameter):
        wanted += ", or a list of such"
    is_list = isinstance(value, (list, dict))
    if is_secret(key(parameter)) or (is_list and _ADDRESS.search(key(parameter))):
        return UnfitError(wanted)
    from enkash_contract.secrets.misplaced import without_credentials
    from enkash_contract.secrets.redaction import BY_NAME

    text = json.dumps(value, ensure_ascii=False, default=str)
    shown = BY_NAME.hide(without_credentials(text))
    cut = shown if len(shown) <= LONG else f"{shown[:LONG]}…"
    return UnfitError(f"{wanted}, not {printable(cut)}")


def expected(parameter: click.Parameter) -> str:
    """Return what the value of `parameter` must be."""
    kind, shape = parameter.type, pair(parameter)
    if isinstance(kind, click.Choice):
        return f"one of {', '.join(map(str, kind.choices))}"
    if kind.name == "boolean":
        return "true or false"
    if _is_number(parameter):
        return ("a whole number" if kind.name.startswith("integer") else "a number") + _range(kind)
    return f"text like {shape.name}{shape.mark}{shape.value}" if shape else "text in quotes"


def _range(kind: Any) -> str:
    low, high = getattr(kind, "min", None), getattr(kind, "max", None)
    words = []
    if low is not None:
        words.append(f"above {low}" if kind.min_open else f"from {low}")
    if high is not None:
        words.append(f"below {high}" if kind.max_open else f"to {high}")
    return "".join(f" {word}" for word in words)


def printable(text: str) -> str:
    """Return `text` with what would control a terminal as TOML's escapes."""
    return "".join(
        char
        if char.isprintable()
        else f"\\u{ord(char):04x}"
        if ord(char) < 0x10000  # noqa: PLR2004 - the end of the plane that four digits reach
        else f"\\U{ord(char):08x}"
        for char in text
    )


def traced(message: str, given: Iterable[Setting]) -> str:
    """Return `message` with the place of each setting that it is about.

    A person cannot find in the command what stands in the file, so the message names its place.
    """
    places = []
    for setting in given:
        value = setting.value
        words = [name for name in setting.parameter.opts if name.startswith("-")]
        # The value of a choice is an everyday word, which any message may hold.
        if not isinstance(setting.parameter.type, click.Choice):
            words += map(str, value if isinstance(value, list) else [value])
        about = "|".join(re.escape(word) for word in words if word.strip())
        if about and re.search(rf"(?<![\w./-])(?:{about})(?![\w/-])", message):
            places.append(f"{setting.key} at {setting.where()}")
    return f"{message} ({', '.join(places)})" if places else message
