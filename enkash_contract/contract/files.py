"""The files of a document, joined to one tree of YAML nodes as far as they are needed.

The root names a file for each operation, and only those that somebody asks for are read. What
several of them share is a component of the root, whichever file of the folder it stands in: so
everything behind this module knows one document, whose references lead to components of its own.
Nothing outside the root's folder is read, and nothing over a network.
"""

from __future__ import annotations

import posixpath
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import yaml

from enkash_contract.contract.references import (
    GROUPS,
    PATH_ITEM,
    SOURCES,
    TEXT,
    is_text,
    references,
)
from enkash_contract.contract.unread import Unread, joined, texts
from enkash_contract.contract.yaml_nodes import member, node_at, parse, place_of
from enkash_contract.errors import DocumentError, Problem
from enkash_contract.place import Place
from enkash_contract.wire.pointer import pointer, tokens

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from enkash_contract.contract.yaml_nodes import Tokens

_MAP = "tag:yaml.org,2002:map"


class Files:
    """The files of one document; `root` is the tree, to which they are joined one by one.

    `unread` are the path items whose files were not joined yet, by their places in the tree.
    """

    def __init__(self, path: Path, label: str) -> None:
        self.raw = read(path, label)
        self._folder, self._name = path.parent, path.name
        self._shown = label.removesuffix(path.name)
        self.root = parse(self.raw, label)
        self._nodes: dict[str, Any] = {self._name: self.root}
        self._inside: dict[str, bool] = {}
        self._homes: dict[tuple[str, Tokens], Tokens] = {}
        self._joined: list[yaml.Node] = []
        self._changed: list[Tokens] = []
        self._problems: list[Problem] = []
        self._link(self._name)
        items = dict(self._path_items())
        self.unread = Unread(items, self._name, self._bytes)
        self._settle()

    def join(self, at: Tokens) -> list[Tokens]:
        """Put the file of a path item in the place of the reference to it.

        Returns:
            the places at which the tree has changed.

        Raises:
            DocumentError: listing what is wrong with the file, and with those that it names.

        """
        reference = self._reference(at)
        found = self._found(reference, self._name)
        if found is not None:
            file, within, node = found
            if node in self._joined:
                self._problem(reference, f"{reference.value} is named twice", "name it once")
            self._joined.append(node)
            self._put(at, node)
            if within:
                self._share_sources(file)
        changed = self._settle()
        del self.unread[at]
        return changed

    def everything(self) -> bytes:
        """Return the bytes of all files, each after its name; of a single file its bytes alone."""
        files = sorted(texts(self._name, self._bytes).items())
        if len(files) == 1:
            return self.raw
        return b"".join(b"%s\0%s\0" % (name.encode(), raw) for name, raw in files)

    def _bytes(self, name: str) -> bytes | None:
        """Return the bytes of a file of the document; None where there is none."""
        path = self._folder / name
        if name == self._name:
            return self.raw
        return path.read_bytes() if self._is_inside(name) and path.is_file() else None

    def _reference(self, at: Tokens) -> Any:
        """Return the reference to the file of a path item."""
        return member(node_at(self.root, at), "$ref")

    def _path_items(self) -> Iterator[tuple[Tokens, str]]:
        """Yield the places of the path items that stand in other files, with the references."""
        for group in GROUPS:
            items = member(self.root, group)
            for key, value in items.value if isinstance(items, yaml.MappingNode) else ():
                reference = member(value, "$ref")
                if is_text(reference):
                    yield (group, key.value), reference.value

    def _settle(self) -> list[Tokens]:
        changed, self._changed = self._changed, []
        problems, self._problems = self._problems, []
        if problems:
            raise DocumentError(problems)
        return changed

    def _problem(self, node: yaml.Node, message: str, remedy: str) -> None:
        self._problems.append(Problem(place_of(node), message, remedy))

    def _link(self, file: str) -> None:
        """Let each reference of a file lead to a component of the root."""
        is_root = file == self._name
        for reference, kind, at in references(self._nodes[file]):
            is_known = is_root and reference.value.startswith("#")
            # What no file is behind is refused where the reference is checked.
            if kind == PATH_ITEM or is_known or "://" in reference.value:
                continue
            found = self._found(reference, file)
            if found is not None:
                home = self._home(*found, kind, reference, at if is_root else ())
                reference.value = f"#{pointer(home)}"

    def _home(
        self,
        file: str,
        within: Tokens,
        node: yaml.Node,
        kind: str,
        reference: yaml.Node,
        at: Tokens,
    ) -> Tokens:
        """Return where a part of a file stands in the tree, and put it there where it is new."""
        if file == self._name:
            return within
        if (file, within) in self._homes:
            return self._homes[file, within]
        name = str(within[-1]) if within else posixpath.basename(file).rpartition(".")[0]
        home = self._homes[file, within] = ("components", kind, name)
        there = node_at(self.root, home)
        if there is not None and home != at:
            message = f"{reference.value} would be the component {name}, which {place_of(there)} is"
            self._problem(reference, message, "give one of them another name")
        self._put(home, node)
        self._share_sources(file)
        return home

    def _found(self, reference: yaml.Node, file: str) -> tuple[str, Tokens, yaml.Node] | None:
        """Return the file that a reference names, the way within it, and what stands there."""
        text = str(reference.value)
        name, _, fragment = text.partition("#")
        other = joined(file, name) if name else file
        if not self._is_inside(other):
            message = f"the reference {text!r} leads outside the folder of the document"
            self._problem(reference, message, "keep what it names beside the document")
            return None
        if other not in self._nodes and not self._take(other, reference):
            return None
        is_pointer = fragment == "" or fragment.startswith("/")
        within = tokens(unquote(fragment)) if is_pointer else ()
        node = node_at(self._nodes[other], within) if is_pointer else None
        if node is None:
            message = f"the reference {text!r} leads to nothing"
            remedy = f"there is no {fragment!r} in {self._shown}{other}"
            self._problem(reference, message, remedy)
            return None
        return other, within, node

    def _take(self, file: str, reference: yaml.Node) -> bool:
        """Read a file that a reference names; return whether that could be done."""
        label = f"{self._shown}{file}"
        try:
            raw = read(self._folder / file, label)
        except DocumentError as error:
            (problem,) = error.problems
            message = f"{label}, which the reference {reference.value!r} names, {problem.message}"
            self._problem(reference, message, problem.remedy)
            return False
        try:
            self._nodes[file] = parse(raw, label)
        except DocumentError as error:
            self._problems += error.problems
            return False
        self._link(file)
        return True

    def _is_inside(self, name: str) -> bool:
        if name not in self._inside:
            is_plain = not (name.startswith(("../", "/")) or name == ".." or "\\" in name)
            self._inside[name] = is_plain and (self._folder / name).resolve().is_relative_to(
                self._folder.resolve()
            )
        return self._inside[name]

    def _share_sources(self, file: str) -> None:
        """Add the sources of a file of shared parts to those of the document."""
        sources = member(self._nodes[file], SOURCES)
        for key, value in sources.value if isinstance(sources, yaml.MappingNode) else ():
            at = (SOURCES, key.value)
            there = node_at(self.root, at)
            if there is None:
                self._put(at, value, key)
            elif _is_other(there, value):
                message = f"the source {key.value} is another one than that at {place_of(there)}"
                self._problem(key, message, "give both the same url and read")

    def _put(self, at: Tokens, value: yaml.Node, key: yaml.Node | None = None) -> None:
        """Put a node in the tree, with the mappings around it that are not there yet."""
        around = self.root
        for token in at[:-1]:
            inner = member(around, str(token))
            if inner is None:
                inner = yaml.MappingNode(_MAP, [], value.start_mark)
                around.value.append((_name(str(token), value), inner))
            around = inner
        for index, (own, _) in enumerate(around.value):
            if own.value == at[-1]:
                around.value[index] = (own, value)
                break
        else:
            around.value.append((key or _name(str(at[-1]), value), value))
        self._changed.append(at)


def read(path: Path, label: str) -> bytes:
    """Return the bytes of a file, called `label` in messages.

    Raises:
        DocumentError: it cannot be read.

    """
    try:
        return path.read_bytes()
    except (OSError, ValueError) as error:
        message = f"cannot be read: {getattr(error, 'strerror', None) or error}"
        problem = Problem(Place(label, 0), message, "name a file that is there")
        raise DocumentError([problem]) from None


def _name(name: str, value: yaml.Node) -> yaml.ScalarNode:
    return yaml.ScalarNode(TEXT, name, value.start_mark)


def _is_other(source: yaml.Node, other: yaml.Node) -> bool:
    """Return whether two sources of one name are not the same page, read on the same day."""
    pairs = ((member(source, name), member(other, name)) for name in ("url", "read"))
    return any(one and two and one.value != two.value for one, two in pairs)
