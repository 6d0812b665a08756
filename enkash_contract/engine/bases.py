"""The payloads that a person vouches for, by operation, and what is sent without one."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enkash_contract.engine.transport.address import is_url
from enkash_contract.errors import UsageError, did_you_mean
from enkash_contract.wire.payload_file import payload_file

if TYPE_CHECKING:
    from enkash_contract.contract.contract import Contract
    from enkash_contract.contract.operation import Operation


def base_of(base: Any, operation: Operation, contract: Contract) -> Any:
    """Return the payload in `base` that is vouched for as one of `operation`, None for none.

    Args:
        base: a folder that holds `<operationId>.json`, or a mapping from operation id to a payload,
            or to a function that returns it.
        operation: the operation.
        contract: the contract, which knows the names of other operations.

    Raises:
        PayloadFileError: its file cannot be read.
        UsageError: a name is that of no operation, or the base is neither folder nor mapping.

    """
    if base is None:
        return None
    if isinstance(base, (str, os.PathLike)):
        file = file_of(Path(base), operation, contract)
        return None if file is None else payload_file(str(file))
    if not isinstance(base, Mapping):
        raise UsageError(
            "the base of several operations is a folder that holds <operationId>.json, or a "
            "mapping from operation id to payload"
        )
    for name in base:
        _check_name(f"the base of {name!r}", str(name), contract)
    return base.get(operation.id)


def file_of(folder: Path, operation: Operation, contract: Contract) -> Path | None:
    """Return the file with the payload of `operation` in a folder, None if there is none.

    Raises:
        UsageError: it is no folder, or a file in it is named for no operation.

    """
    if not folder.is_dir():
        raise UsageError(
            f"{folder} is no folder; the base of several operations is a folder that holds "
            "<operationId>.json"
        )
    for other in sorted(folder.glob("*.json")):
        _check_name(str(other), other.stem, contract)
    file = folder / f"{operation.id}.json"
    return file if file.is_file() else None


def _check_name(what: str, name: str, contract: Contract) -> None:
    if name not in contract:
        hint = did_you_mean(name, contract, "`enkash-contract operations` lists them")
        raise UsageError(f"{what} is named for no operation; {hint}")


def unvouched(operation: Operation, base: Any, target: Any) -> str:
    """Return the reason why nothing can be sent, "" where it can.

    A payload that is only made up of the rules is never sent over a network.
    """
    if base is not None or not is_url(target) or operation.request.example is not None:
        return ""
    return (
        "no example of it is published and none was given, so nothing was sent; vouch for a "
        f"payload with --base FOLDER, in {operation.id}.json"
    )
