"""The recordings at an address: a file, all below a folder (or prefix), or those of a pattern.

As in folders on this machine, the names below a folder decide what is looked at; what a pattern
matches is named by it.
"""

from __future__ import annotations

import dataclasses
import re
from functools import partial
from typing import TYPE_CHECKING, Any

from enkash_contract.traffic.reading.address import WEB, shown
from enkash_contract.traffic.reading.files import NONE, RecordingFile, is_named_as_one

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from enkash_contract.traffic.reading.address import Address

_PATTERN, _WEB_PATTERN = re.compile(r"[*\[]|\?(?![\w.\-]+=)"), re.compile(r"\*")
"""The characters that make a path a pattern: a question mark may also begin a query."""

NO_MATCH = "matches no file; name a file, a folder, or another pattern"


def listed(address: Address) -> Iterator[RecordingFile]:
    """Yield what is to be read at an address, in the order of the names.

    What cannot be looked at has a problem.

    Raises:
        EnkashContractError: nobody can look at any such address.

    """
    system, path = address.system()
    try:
        if (_WEB_PATTERN if address.protocol in WEB else _PATTERN).search(path):
            yield from _matched(address, system, path)
        else:
            yield from _named(address, system, path)
    except OSError as error:
        yield RecordingFile(address, problem=f"cannot be read: {error}")


def _named(address: Address, system: Any, path: str) -> Iterator[RecordingFile]:
    # To look into a file on the web would be to load all of it.
    is_folder = address.protocol in WEB and path.endswith("/")
    if not is_folder:
        system.invalidate_cache()
        info = address.tried(partial(system.info, path))
        is_folder = info["type"] == "directory"
    if is_folder:
        yield from _below(address, system, path)
    else:
        yield RecordingFile(dataclasses.replace(address, size=info.get("size")))


def _matched(address: Address, system: Any, pattern: str) -> Iterator[RecordingFile]:
    infos = address.tried(partial(system.glob, pattern, detail=True))
    if not infos:
        yield RecordingFile(address, problem=NO_MATCH)
    for info in _sorted(infos.values()):
        if info["type"] == "directory":
            yield from _below(_at(address, system, info), system, info["name"])
        else:
            yield RecordingFile(_at(address, system, info))


def _below(address: Address, system: Any, folder: str) -> Iterator[RecordingFile]:
    infos = address.tried(partial(system.find, folder, detail=True))
    named = [info for info in _sorted(infos.values()) if is_named_as_one(info["name"])]
    for info in named:
        yield RecordingFile(_at(address, system, info), named=False)
    if not named:
        yield RecordingFile(address, problem=NONE)


def _sorted(infos: Iterable[Any]) -> list[Any]:
    return sorted(infos, key=lambda info: info["name"].split("/"))


def _at(address: Address, system: Any, info: Any) -> Address:
    """Return the address of what was found at another one."""
    title = shown(system.unstrip_protocol(info["name"]))
    return dataclasses.replace(address, path=info["name"], size=info.get("size"), title=title)
