"""YAML text of any size, cut into the items of the lists that recordings have, event by event.

YAML can name any object of Python or Ruby, and a cassette may come from anybody: it is loaded as
plain values and nothing else. Each item is built by itself, so that one that is broken costs no
other, and nothing is held but one item and the anchors that later items may refer to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

from enkash_contract.traffic.cutting.nodes import EXPANDED, Composer
from enkash_contract.traffic.cutting.piece import TOP, Piece

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator

_BASE: type[Any] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_BASE):  # type: ignore[misc]  # the base is chosen when this module is loaded
    """Loads plain values only, also from the tags that vcrpy before version 9 wrote for bodies."""


def _text(loader: Any, node: Any) -> Any:
    return loader.construct_scalar(node)


def _list(loader: Any, node: Any) -> Any:
    return loader.construct_sequence(node, deep=True)


def _first(member_name: str) -> Any:
    """Return a constructor that replaces an object by its content: the first value of a member."""

    def construct(loader: Any, node: Any) -> Any:
        content = loader.construct_mapping(node, deep=True).get(member_name)
        return content[0] if isinstance(content, list) and content else None

    return construct


for _tag, _constructor in {
    "tag:yaml.org,2002:python/str": _text,
    "tag:yaml.org,2002:python/unicode": _text,
    "tag:yaml.org,2002:python/tuple": _list,
    "tag:yaml.org,2002:python/object/new:_io.BytesIO": _first("state"),
    "tag:yaml.org,2002:python/object/apply:builtins.iter": _first("args"),
    # Ruby writes these with one exclamation mark.
    "!binary": yaml.SafeLoader.construct_yaml_binary,
    "!str": _text,
}.items():
    _Loader.add_constructor(_tag, _constructor)


def pieces(read: Callable[[int], bytes], name: str, lists: Collection[str]) -> Iterator[Piece]:
    """Yield the items of each document; a document without such a list is a piece by itself.

    `name` is what the text is called, and `lists` are the dotted paths of the lists.
    """
    yield from _Cutter(read, name, lists).pieces()


class _Source:
    """The text as libyaml reads it."""

    def __init__(self, read: Callable[[int], bytes]) -> None:
        self.read = read


class _Cutter:
    """Cuts the documents of a text, of which there is one as a rule."""

    def __init__(self, read: Callable[[int], bytes], name: str, lists: Collection[str]) -> None:
        self._loader: Any = _Loader(_Source(read))
        self._composer = Composer(self._loader)
        self._name, self._lists = name, lists
        self._found: set[str] = set()
        self._broken_off = False
        # An empty document is none.
        self._is_counted = True

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces of all documents; what cannot be read on is the last one."""
        try:
            self._loader.get_event()
            number = 0
            while self._loader.check_event(yaml.DocumentStartEvent):
                self._loader.get_event()
                yield from self._document(f":document[{number}]", number)
                self._loader.get_event()
                number += self._is_counted
        except yaml.MarkedYAMLError as error:
            yield self._broken(error)
        except yaml.YAMLError as error:
            reason = str(error).splitlines()[0]
            yield Piece(self._name, 0, problem=f"cannot be read as YAML: {reason}")
        finally:
            self._loader.dispose()

    def _document(self, named: str, number: int) -> Iterator[Piece]:
        line = self._line()
        place = f"{self._name}{named}" if number else self._name
        node: yaml.Node | None
        self._found.clear()
        self._broken_off, self._is_counted = False, True
        self._composer.forget()
        if self._loader.check_event(yaml.SequenceStartEvent):
            self._loader.get_event()
            if not self._loader.check_event(yaml.SequenceEndEvent):
                yield from self._items(TOP, f"{place}:[")
                return
            node = yaml.SequenceNode("tag:yaml.org,2002:seq", [])
            self._loader.get_event()
        elif self._loader.check_event(yaml.MappingStartEvent):
            start = self._loader.get_event()
            members: list[Any] = []
            yield from self._members("", place, members)
            node = yaml.MappingNode("tag:yaml.org,2002:map", members, start.start_mark)
        else:
            node = self._composer.node()
        if self._found or self._broken_off:
            return
        piece = self._piece(f"{self._name}{named}", line, "", node)
        self._is_counted = bool(piece.problem) or piece.value is not None
        if self._is_counted:
            yield piece

    def _members(self, path: str, place: str, members: list[Any]) -> Iterator[Piece]:
        """Look for the lists in a mapping that has begun; others than those are added."""
        loader = self._loader
        while not loader.check_event(yaml.MappingEndEvent):
            line, key = self._line(), self._composer.node()
            name = key.value if isinstance(key, yaml.ScalarNode) else ""
            inner = f"{path}.{name}" if path else name
            if inner in self._lists and loader.check_event(yaml.SequenceStartEvent):
                if inner in self._found:
                    problem = f"cannot be read as YAML: {name!r} is repeated; keep one of them"
                    yield Piece(f"{self._name}:{line}", line, problem=problem)
                loader.get_event()
                members.clear()
                self._found.add(inner)
                yield from self._items(inner, f"{place}:{inner}[")
            elif loader.check_event(yaml.MappingStartEvent) and any(
                listed.startswith(f"{inner}.") for listed in self._lists
            ):
                start = loader.get_event()
                below: list[Any] = []
                yield from self._members(inner, place, below)
                node = yaml.MappingNode("tag:yaml.org,2002:map", below, start.start_mark)
                members.append((key, node))
            else:
                value = self._composer.node()
                if value is None and not self._broken_off:
                    self._broken_off = True
                    yield self._piece("", line, "", None)
                members += [] if self._found else [(key, value)]
        loader.get_event()

    def _items(self, where: str, place: str) -> Iterator[Piece]:
        """Yield the items of a list that has begun."""
        index = 0
        while not self._loader.check_event(yaml.SequenceEndEvent):
            line = self._line()
            yield self._piece(f"{place}{index}]", line, where, self._composer.node())
            index += 1
        self._loader.get_event()

    def _line(self) -> int:
        return int(self._loader.peek_event().start_mark.line) + 1

    def _piece(self, place: str, line: int, where: str, node: yaml.Node | None) -> Piece:
        """Return what a node stands for; None is one whose aliases stand for too much."""
        if node is None:
            problem = f"its aliases stand for more than {EXPANDED:,} characters"
            return Piece(f"{self._name}:{line}", line, where, problem=f"{_UNREAD}: {problem}")
        try:
            return Piece(place, line, where, value=self._loader.construct_document(node))
        except yaml.MarkedYAMLError as error:
            return self._broken(error, where)
        except (RecursionError, ValueError, KeyError, AttributeError, TypeError):
            return Piece(f"{self._name}:{line}", line, where, problem=ODD)

    def _broken(self, error: yaml.MarkedYAMLError, where: str = "") -> Piece:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        problem = _NAMED.sub(r"\1", f"{_UNREAD}: {error.problem}")
        return Piece(f"{self._name}:{line}", line, where, problem=problem)


_UNREAD = "cannot be read as YAML"
_NAMED = re.compile(r"(alias|anchor|handle|tag) '(?!(?:tag:yaml\.org,2002:|!)(?:python|ruby)/).*'")
"""Names of a file's own that its reader quotes, which may be anything; classes are worth naming."""

ODD = "is nested too deeply, or holds a number, a date or a tagged value that is none"
