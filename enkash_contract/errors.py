"""Everything this package raises on purpose, one class for each kind of mistake.

    EnkashContractError
    ├── ConfigError          a configuration file cannot be used
    ├── ContractViolated     a payload breaks rules (carries the violations)
    ├── DocumentError        the document or an overlay cannot be used (carries the problems)
    ├── MissingPackageError  a package that is needed is not installed
    ├── PayloadFileError     a file of payloads cannot be read
    ├── RecordingError       a recording cannot be read at all
    ├── TargetError          an implementation cannot be reached or loaded
    └── UsageError           an argument names something that is not there

Exceptions are plain classes whose `args` are their fields: they pickle, as pytest-xdist needs.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from enkash_contract.place import Place
    from enkash_contract.validation.violation import Violation


def printable(text: str) -> str:
    """Write what would control the terminal, or be no text at all, as an escape."""
    return "".join(char if char.isprintable() else ascii(char)[1:-1] for char in text)


class EnkashContractError(Exception):
    """The base of all errors of this package: one printable line for each mistake."""

    def __str__(self) -> str:
        # A name of a file may hold line breaks and what controls a terminal or a CI.
        return "\n".join(printable(str(mistake)) for mistake in self.args)


class ConfigError(EnkashContractError):
    """A configuration file cannot be used: one line for each mistake, with its place."""


class ContractViolated(EnkashContractError):  # noqa: N818 - named in the public interface
    """A payload breaks the contract; `violations` holds every violation, weak ones included."""

    def __init__(self, violations: Sequence[Violation]) -> None:
        super().__init__(violations)
        self.violations = tuple(violations)

    def __str__(self) -> str:
        return "\n".join(printable(str(violation)) for violation in self.violations)


class Problem:
    """One problem of a document: its place, its message, and what to do about it."""

    __slots__ = ("message", "place", "remedy")

    def __init__(self, place: Place, message: str, remedy: str) -> None:
        self.place, self.message, self.remedy = place, message, remedy

    def __str__(self) -> str:
        return f"{self.place}: {self.message}; {self.remedy}"

    def __repr__(self) -> str:
        return f"<Problem {self}>"


class DocumentError(EnkashContractError):
    """A document or overlay cannot be used; `problems` holds every reason, with file and line."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        super().__init__(problems)
        # A schema that two members share is read twice, and its problems are reported once.
        self.problems = tuple({str(problem): problem for problem in problems}.values())

    def __str__(self) -> str:
        return "\n".join(printable(str(problem)) for problem in self.problems)


class MissingPackageError(EnkashContractError, ImportError):
    """A package that is needed is not installed; the message says how to install it."""


class PayloadFileError(EnkashContractError):
    """A file of payloads cannot be read."""


class RecordingError(EnkashContractError):
    """A recording cannot be read at all."""


class TargetError(EnkashContractError):
    """An implementation cannot be reached or loaded."""


class UsageError(EnkashContractError):
    """An argument names something that is not there."""


PART = 3
"""A word of so many characters that stands in a known word is near to it."""


def did_you_mean(word: str, known: Iterable[str], otherwise: str, *, most: int = 1) -> str:
    """Return the question that ends a message about an unknown `word`.

    It names at most `most` of the `known` words, the nearest first; where none is near, it is
    `otherwise`, which says what to do instead.
    """
    # Only a mistake needs it, and every command starts with this module.
    from difflib import get_close_matches

    words = [*known]
    near = get_close_matches(word, words, most)
    if not near and len(word) >= PART:
        # A part of a name is near to it as well.
        near = [name for name in words if word.casefold() in name.casefold()][:most]
    return f"did you mean {' or '.join(near)}?" if near else otherwise
