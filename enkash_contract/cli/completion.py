"""What a shell proposes where a rule, case, defect, format, environment, operation or file is due.

It is loaded when a shell asks. A person is typing then, so nothing is ever written to the terminal:
where the configuration or a document cannot be read, nothing is proposed.
"""

from __future__ import annotations

import contextlib
import functools
import io
import os
import warnings
from pathlib import Path
from typing import TYPE_CHECKING, Any

from click.shell_completion import BashComplete, CompletionItem, add_completion_class

from enkash_contract.config.settings import key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    import click

    from enkash_contract.contract.operation import Operation

    Proposing = Callable[[click.Context, str], Iterable[str]]

BREAKS = ("=", ":")
"""The characters at which bash breaks a word, though no shell does."""

FILES = ("FILE", "FOLDER", "RECORDING")


@add_completion_class
class Bash(BashComplete):
    """Completion for bash, which takes `--only=request` for three words and `a:b` for as many."""

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the words before the one that is typed, and that word, as the program has them."""
        args, incomplete = super().get_completion_args()
        words: list[str] = []
        for word in (*args, incomplete):
            # What follows a break belongs to the word, as does the break.
            if words and (word in BREAKS or words[-1].endswith(BREAKS)):
                words[-1] += word
            else:
                words.append(word)
        last = words.pop()
        before = last.removesuffix(incomplete) if incomplete not in BREAKS else last
        # The name of an option is no part of its value.
        self._before = before.partition("=")[2] if before.startswith("--") else before
        return words, last

    def format_completion(self, item: CompletionItem) -> str:
        """Return a proposal without the part of the word that bash does not replace."""
        return f"{item.type},{str(item.value).removeprefix(self._before)}"


def completed(
    parameter: click.Parameter, context: click.Context, incomplete: str
) -> list[CompletionItem]:
    """Return what may stand for the value of a parameter, of which `incomplete` is typed."""
    metavar = (parameter.metavar or "").rstrip(".")
    if metavar in FILES:
        return [CompletionItem(incomplete, type="dir" if metavar == "FOLDER" else "file")]
    proposing = PROPOSED.get(key(parameter))
    if proposing is None:
        return parameter.type.shell_complete(context, parameter, incomplete)
    with (
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
        contextlib.suppress(Exception),
    ):
        warnings.simplefilter("ignore")
        words = dict.fromkeys(proposing(context, incomplete))
        return [CompletionItem(word) for word in words if word.startswith(incomplete)]
    return []


def _operations_of(
    context: click.Context, incomplete: str
) -> dict[Operation, Callable[[str], str]]:
    """Return the operations that the command would take, and how ids of each are written.

    They are those of its options or its configuration, or that of the id which is typed.
    """
    from enkash_contract.contract.choice import choose, qualified
    from enkash_contract.contract.contract import layered

    command: Any = context.command
    known: dict[str, Any] = {}
    with contextlib.suppress(Exception):
        known = {setting.name: setting.value for setting in command.read_settings(context)}
    overlays, names = (
        context.params.get(option) or known.get(option) for option in ("overlays", "operations")
    )
    contract = layered(*(overlays or ()))
    chosen = choose(contract, names or (), ids=[incomplete] if ":" in incomplete else ())
    several = len(chosen) > 1 or ":" in incomplete
    return {each: functools.partial(qualified, each.id) if several else str for each in chosen}


def _rules(context: click.Context, incomplete: str) -> Iterator[str]:
    """Yield the rules, and once a rule is typed its cases."""
    for operation, name in _operations_of(context, incomplete).items():
        yield from map(name, operation.rules)
    if "#" in incomplete:
        yield from _cases(context, incomplete)


def _cases(context: click.Context, incomplete: str) -> Iterator[str]:
    from enkash_contract.generation import suite

    for operation, name in _operations_of(context, incomplete).items():
        yield from (name(case.id) for case in suite.build(operation))


def _members(context: click.Context, incomplete: str) -> Iterator[str]:
    """Yield the rules, and the members that have any."""
    for operation, name in _operations_of(context, incomplete).items():
        yield from map(name, operation.rules)
        pointers = [rule.pointer for rule in operation.rules.values() if rule.pointer]
        yield from (name(pointer.rpartition("/")[2]) for pointer in pointers)


def _defects(context: click.Context, incomplete: str) -> Iterator[str]:
    from enkash_contract.sandbox.defects import every_of

    for operation, name in _operations_of(context, incomplete).items():
        yield from (name(defect.id) for defect in every_of(operation))


def _reports(_context: click.Context, incomplete: str) -> Iterator[str]:
    """Yield the formats, and once one is typed the files."""
    from enkash_contract.report import FORMATS

    form, equals, typed = incomplete.partition("=")
    if not equals:
        yield from (f"{known}=" for known in FORMATS)
        return
    folder, slash, _ = typed.rpartition("/")
    for path in Path(folder + slash or ".").iterdir():
        yield f"{form}={folder}{slash}{path.name}{'/' if path.is_dir() else ''}"


def _environments(context: click.Context, _typed: str) -> Iterable[str]:
    from enkash_contract.config.location import read_named, read_nearest

    command: Any = context.command
    file = command.named_file(context)
    located = read_named(file) if file else read_nearest(lambda _: None)
    if located is None:
        return ()
    members: Any = located.toml.data
    for name in located.root:
        members = members[name]
    return [*members["env"]]


def _operations(context: click.Context, _: str) -> Iterable[str]:
    from enkash_contract.contract.contract import layered

    return [*layered(*(context.params.get("overlays") or ()))]


def _mapped(_context: click.Context, _typed: str) -> Iterable[str]:
    from enkash_contract.traffic.gateways.mapping import TARGETS

    return [f"{target}=" for target in TARGETS]


def _questions(context: click.Context, _typed: str) -> Iterator[str]:
    """Yield the questions that have a probe."""
    from enkash_contract.contract.contract import layered
    from enkash_contract.engine.probing.survey import every

    contract = layered(*(context.params.get("overlays") or ()))
    for operation in _operations_of(context, ""):
        yield from (each.id for each in every(contract, operation) if each.probe)


def _variables(_: click.Context, __: str) -> Iterable[str]:
    return [*os.environ]


PROPOSED: dict[str, Proposing] = {
    "bearer-env": _variables,
    "case": _cases,
    "defect": _defects,
    "env": _environments,
    "map": _mapped,
    "only": _rules,
    "operation": _operations,
    "question": _questions,
    "report": _reports,
    "rule": _members,
    "skip": _rules,
}
"""What may stand for the value of a parameter, by its key."""
