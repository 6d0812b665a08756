"""What the files of path items state, as far as it can be told without reading them as YAML.

Reading takes a hundred times longer than looking for a line that nearly all files write alike. What
is not certain is not told: then the file has to be read.
"""

from __future__ import annotations

import posixpath
import re
from typing import TYPE_CHECKING
from urllib.parse import unquote

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from enkash_contract.contract.yaml_nodes import Tokens

_PATH = re.compile(rb"^x-path: (/[\w/.-]*)$", re.ASCII | re.MULTILINE)
_ID = re.compile(rb"^ +operationId: ([\w.-]+)$", re.ASCII | re.MULTILINE)
_NAMED_FILE = re.compile(rb"""\$ref["']?\s*:\s*["']?([^\s"'#,{}]+)""")


class Unread(dict["Tokens", str]):
    """The path items whose files were not read yet: their places, and the references to the files.

    `root` is the name of the file that holds the references, and `read` returns the bytes of the
    file of a name; None where there is none.
    """

    def __init__(
        self, items: Mapping[Tokens, str], root: str, read: Callable[[str], bytes | None]
    ) -> None:
        super().__init__(items)
        self._root, self._read = root, read
        self._known: dict[str, bytes | None] = {root: b""}
        self._paths: dict[Tokens, str | None] = {}

    def path_of(self, at: Tokens) -> str | None:
        """Return the path that the file of a webhook states; None if it is not certain."""
        if at not in self._paths:
            # It is asked for at each address that may be somebody's.
            paths = self._stated(at, _PATH, b"x-path") or ()
            self._paths[at] = paths[0] if len(paths) == 1 else None
        return self._paths[at]

    def ids_of(self, at: Tokens) -> list[str] | None:
        """Return the ids of the operations in the file of a path item; None if not certain."""
        return self._stated(at, _ID, b"operationId")

    def naming(self, references: Iterable[str]) -> set[Tokens]:
        """Return the path items whose files, or files that these name, hold any of `references`.

        These lead to components of the root.
        """
        names = b"|".join(re.escape(each.encode()) for each in references)
        sought = re.compile(rb"(?:%s)(?![\w.~-])" % names)
        return {
            at for at in self if any(map(sought.search, texts(self._file(at), self._text).values()))
        }

    def _stated(self, at: Tokens, line: re.Pattern[bytes], word: bytes) -> list[str] | None:
        """Return what the lines say that hold a word; None if the word stands elsewhere as well."""
        # A part of a file says nothing of the rest, and what was read by now is no longer here.
        is_whole = "#" not in self.get(at, "#")
        text = self._text(self._file(at)) if is_whole else None
        found = line.findall(text or b"")
        is_certain = text is not None and 0 < len(found) == text.count(word)
        return [each.decode() for each in found] if is_certain else None

    def _file(self, at: Tokens) -> str:
        return joined(self._root, self[at].partition("#")[0])

    def _text(self, name: str) -> bytes | None:
        if name not in self._known:
            self._known[name] = self._read(name)
        return self._known[name]


def texts(file: str, read: Callable[[str], bytes | None]) -> dict[str, bytes]:
    """Return the bytes of a file, and of all files that it leads to, by their names."""
    found: dict[str, bytes] = {}
    names = [file]
    while names:
        name = names.pop()
        text = None if name in found else read(name)
        if text is not None:
            found[name] = text
            parts = _NAMED_FILE.findall(text)
            names += [joined(name, part.decode(errors="replace")) for part in parts]
    return found


def joined(file: str, name: str) -> str:
    """Return the name of the file that a reference in `file` means, from the folder of the root."""
    return posixpath.normpath(posixpath.join(posixpath.dirname(file), unquote(name)))
