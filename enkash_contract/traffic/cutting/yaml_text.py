"""YAML text of any size, cut into the items of the lists that recordings have, event by event.

Each item is built by itself, and nothing is held but one item and the anchors that later items may
refer to. libyaml does not read on where a text is broken; then the items are cut at the beginnings
of their lines, up to there, and libyaml begins anew with the next.
"""

from __future__ import annotations

import math
import re
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import yaml

from enkash_contract.traffic.cutting.nodes import EXPANDED, Composer, address_of
from enkash_contract.traffic.cutting.piece import TOP, Piece
from enkash_contract.traffic.cutting.tape import TOO_LONG, LongError, Tape
from enkash_contract.traffic.cutting.yaml_loader import Loader

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterator


def pieces(read: Callable[[int], bytes], name: str, lists: Collection[str]) -> Iterator[Piece]:
    """Yield the items of each document; a document without such a list is a piece by itself.

    `name` is what the text is called, and `lists` are the dotted paths of the lists.
    """
    yield from _Cutter(read, name, lists).pieces()


_DOCUMENT = re.compile(r"^---(?=\s)", re.MULTILINE)
_UNREAD = "cannot be read as YAML"
_NAMED = re.compile(r"(alias|anchor|handle|tag) '(?!(?:tag:yaml\.org,2002:|!)(?:python|ruby)/).*'")
"""Names of a file's own that its reader quotes, which may be anything; classes are worth naming."""

ODD = "is nested too deeply, or holds a number, a date or a tagged value that is none"


class _Limits:
    """Patterns of the lines that limit the items of a list whose dashes stand in a column."""

    def __init__(self, column: int) -> None:
        self.item = re.compile(rf"^(?: {{{column}}}-|---)(?=\s)", re.MULTILINE)
        self.around = re.compile(
            rf"^ {{0,{column}}}(?![ #\n]| *$| {{0,{column}}}-\s)", re.MULTILINE
        )


class _LeftError(Exception):
    """A document was left: the next one has to be looked for."""


class _Cutter:
    """Cuts the documents of a text, of which there is one as a rule."""

    def __init__(self, read: Callable[[int], bytes], name: str, lists: Collection[str]) -> None:
        self._name, self._lists = name, lists
        self._tape = Tape(read)
        self._line_before = 0
        self._loader: Any = Loader(self._tape)
        self._composer = Composer(self._loader)
        # Whether libyaml has begun within a list, and so knows nothing of what is around it.
        self._is_within = False
        self._found: set[str] = set()
        self._broken_off = False
        # An empty document is none.
        self._is_counted = True

    def pieces(self) -> Iterator[Piece]:
        """Yield the pieces of all documents; what cannot be read on is the last one."""
        number = 0
        try:
            self._loader.get_event()
            while self._loader.check_event(yaml.DocumentStartEvent):
                self._loader.get_event()
                try:
                    yield from self._document(f":document[{number}]", number)
                    self._loader.get_event()
                except _LeftError:
                    if not self._has_ended() and not self._begin(self._tape.next(_DOCUMENT)):
                        return
                number += self._is_counted
        except (yaml.YAMLError, LongError) as error:
            yield self._broken(error)
        finally:
            self._loader.dispose()

    def _has_ended(self) -> bool:
        """Return whether libyaml, which began within a list, has come to the end of a document."""
        self._is_within = False
        with suppress(yaml.YAMLError):
            if self._loader.check_event(yaml.DocumentEndEvent):
                self._loader.get_event()
                # What is around the list goes on here, which makes no document.
                return bool(self._loader.peek_event())
        return False

    def _begin(self, at: int | None) -> bool:
        """Begin anew at a place in the text, and return whether there is one."""
        if at is None:
            return False
        self._line_before = self._tape.rewind(at) - 1
        self._loader.dispose()
        self._loader = Loader(self._tape)
        self._composer.follow(self._loader, at)
        self._loader.get_event()
        self._is_within = False
        return True

    def _document(self, named: str, number: int) -> Iterator[Piece]:
        line = self._line()
        place = f"{self._name}{named}" if number else self._name
        node: yaml.Node | None
        self._found.clear()
        self._broken_off, self._is_counted = False, True
        self._composer.forget()
        if self._loader.check_event(yaml.SequenceStartEvent):
            start = self._loader.get_event()
            if not self._loader.check_event(yaml.SequenceEndEvent):
                yield from self._items(TOP, f"{place}:[", start)
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
            yield self._strayed(piece, self._composer.end)

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
                start = loader.get_event()
                members.clear()
                self._found.add(inner)
                yield from self._items(inner, f"{place}:{inner}[", start)
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

    def _items(self, where: str, place: str, start: Any) -> Iterator[Piece]:
        """Yield the items of a list that has begun with an event."""
        index, mark = 0, start.start_mark
        limits = _Limits(mark.column)
        self._tape.kept = mark.index - mark.column
        while True:
            try:
                if self._loader.check_event(yaml.SequenceEndEvent):
                    self._loader.get_event()
                    # Where dashes are not indented, a list ends before anything that is none.
                    self._loader.peek_event()
                    break
                line, node = self._line(), self._composer.node()
            except (yaml.YAMLError, LongError) as error:
                if start.flow_style:
                    raise
                for piece in self._one_by_one(error, limits, place, index, where):
                    yield piece
                    index += 1
                continue
            piece = self._piece(f"{place}{index}]", line, where, node)
            yield self._strayed(piece, self._composer.end)
            index += 1
            self._tape.keep(self._composer.end)
        if self._is_within:
            raise _LeftError

    def _one_by_one(
        self, error: Exception, limits: _Limits, place: str, index: int, where: str
    ) -> Iterator[Piece]:
        """Yield the items up to where a text is broken, and go on behind it.

        Raises:
            yaml.YAMLError: it is not an item that is broken.

        """
        mark = getattr(error, "problem_mark", None)
        before = self._tape.kept
        if not self._tape.go_to(limits.item, limits.around):
            if self._is_within:
                # What is around the list goes on.
                raise _LeftError
            raise error
        at: int | None = self._tape.kept
        broken_at = mark.index if mark else self._tape.kept
        if self._tape.kept > broken_at >= before:
            # It is behind the last item, which has taken a part of this one for its own.
            yield self._broken(error, where)
        while at is not None and at <= broken_at:
            line = self._tape.line(at)
            start, (text, at) = at, self._tape.until(limits.item, at)
            piece = self._segment(text, line, f"{place}{index}]", where)
            yield self._strayed(piece, start + len(text or ""))
            index += 1
        self._tape.kept = self._tape.kept if at is None else at
        if at is None or self._tape.starts(_DOCUMENT) or not self._begin(at):
            self._is_within = True
            raise _LeftError
        self._is_within = True
        for _ in range(2):
            self._loader.get_event()

    def _segment(self, text: str | None, line: int, place: str, where: str) -> Piece:
        """Return the item that a text holds, which begins on a line."""
        if text is None:
            return Piece(f"{self._name}:{line}", line, where, problem=TOO_LONG)
        loader, before = Loader(text), self._line_before
        self._line_before = line - 1
        try:
            self._composer.follow(loader, 0)
            for _ in range(3):
                loader.get_event()
            return self._piece(place, line, where, self._composer.node())
        except yaml.YAMLError as error:
            return self._broken(error, where, line, line + text.rstrip().count("\n"))
        finally:
            loader.dispose()
            self._composer.follow(self._loader, 0)
            self._line_before = before

    def _strayed(self, piece: Piece, end: int) -> Piece:
        """Return an item that ends at a place, unless something is in it that may not be there."""
        if not self._tape.strayed(end) or piece.problem:
            return piece
        problem = f"{_UNREAD}: it holds a control character"
        return Piece(f"{self._name}:{piece.line}", piece.line, piece.where, problem=problem)

    def _line(self) -> int:
        return self._line_before + int(self._loader.peek_event().start_mark.line) + 1

    def _piece(self, place: str, line: int, where: str, node: yaml.Node | None) -> Piece:
        """Return what a node stands for; None is one whose aliases stand for too much."""
        if node is None:
            problem = f"its aliases stand for more than {EXPANDED:,} characters"
            return Piece(f"{self._name}:{line}", line, where, problem=f"{_UNREAD}: {problem}")
        try:
            return Piece(place, line, where, value=self._loader.construct_document(node))
        except yaml.MarkedYAMLError as error:
            piece = self._broken(error, where)
        except (RecursionError, ValueError, KeyError, AttributeError, TypeError):
            piece = Piece(f"{self._name}:{line}", line, where, problem=ODD)
        piece.address = address_of(node)
        return piece

    def _broken(
        self, error: Exception, where: str = "", line: int = 0, last: float = math.inf
    ) -> Piece:
        """Return what is wrong with an item, or with all that follows."""
        if isinstance(error, LongError):
            return Piece(self._name, 0, where, problem=TOO_LONG)
        mark, reason = getattr(error, "problem_mark", None), getattr(error, "problem", None)
        line = int(min(last, self._line_before + mark.line + 1)) if mark else line
        place = f"{self._name}:{line}" if line else self._name
        problem = _NAMED.sub(r"\1", f"{_UNREAD}: {reason or str(error).splitlines()[0]}")
        return Piece(place, line, where, problem=problem)
