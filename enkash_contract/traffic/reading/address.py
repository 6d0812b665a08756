"""Recordings that lie elsewhere, by addresses that fsspec knows: `s3://bucket/day.ndjson`.

An address stands for a path: it is opened, read and looked at like one, and what goes wrong there
is an `OSError` that says it in one line. Nothing of what an address may hold as a secret, such as a
password or the signature of a query, is ever shown. This is the one module that imports fsspec.
"""

from __future__ import annotations

import io
import os
import posixpath
import re
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from enkash_contract.errors import MissingPackageError, UsageError, did_you_mean, printable
from enkash_contract.secrets.misplaced import without_credentials
from enkash_contract.secrets.secret_names import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

BLOCK = 4 << 20
"""So many bytes are asked for at a time."""

WEB = ("http", "https")
"""Protocols of addresses in which a question mark begins a query."""

NEEDED = "needs fsspec: pip install 'enkash-contract[dask]'"

_PROTOCOL = re.compile(r"([A-Za-z][\w+.\-]+)(?:://|::(?=.*://))")
"""The name of a drive, such as `C:`, is one letter."""

_S3 = re.compile(r"\bs3a?://")
_LOCAL = re.compile(r"(?:file|local)://(?!.*::)(.+)", re.DOTALL)
_QUERY = re.compile(r"\?(?=[^/?]*=)[^\s'\"]*")
_BESIDE = re.compile(r"(?!\.{1,2}(?:/|\Z))[^/%?#*\[\\\0]+")
"""A part of the name of a file beside a recording, which leads nowhere else."""

DENIED, GONE = {401, 403}, 404
"""Statuses of HTTP by which a file is not shown to everybody, or is not there."""

_MARKS = "ETag etag mtime Last-Modified LastModified last_modified updated md5 created".split()
"""Members by which storages tell one state of a file from another."""


def is_address(text: str) -> bool:
    """Return whether the name of a recording is an address, and no path."""
    return _PROTOCOL.match(text) is not None


def located(recording: str | Path) -> Path | Address:
    """Return where a recording is; `file://` is one more way to write a path."""
    text = str(recording)
    if isinstance(recording, Path) or not is_address(text):
        return Path(recording)
    local = _LOCAL.fullmatch(text)
    return Path(local[1]) if local else Address(text)


def shown(text: str) -> str:
    """Return a text without what may be secret in the addresses that it holds."""
    # One address may lie within another.
    plain = "::".join(map(without_credentials, text.split("::")))
    return _QUERY.sub(f"?{HIDDEN}", plain)


@dataclass(frozen=True, slots=True, repr=False)
class Address:
    """A file or a folder by its address; `path` is what its file system calls it, if that is known.

    `title` is what it is called in results, by default its address without secrets. A file that was
    found by a listing has its `size`.
    """

    url: str
    path: str = ""
    size: int | None = None
    title: str = ""

    def __str__(self) -> str:
        return self.title or shown(self.url)

    def __repr__(self) -> str:
        # Whoever logs what it is asked to do shows this.
        return f"<Address {self}>"

    @property
    def name(self) -> str:
        """The last part of its path."""
        return posixpath.basename(str(self).rstrip("/"))

    @property
    def protocol(self) -> str:
        """The protocol that opens it."""
        found = _PROTOCOL.match(self.url)
        return found[1] if found else ""

    def system(self) -> tuple[Any, str]:
        """Return the file system that it is in, and what it is called there.

        Raises:
            UsageError: there is none of this protocol.
            MissingPackageError: a package is not installed.

        """
        try:
            import fsspec
        except ImportError:
            raise MissingPackageError(f"{self} {NEEDED}") from None
        known = {*fsspec.available_protocols(), *fsspec.registry}
        if self.protocol not in known:
            hint = did_you_mean(self.protocol, known, "s3, gs, abfs, http and https are some")
            what = f"{self.protocol} is no protocol that fsspec knows"
            raise UsageError(f"{self}: {what}; {hint}")
        try:
            system, path = fsspec.url_to_fs(self.url)
        except ImportError as error:
            raise MissingPackageError(f"{self}: {_remedy(self.protocol, error)}") from None
        except Exception as error:  # noqa: BLE001 - each file system raises its own
            raise UsageError(f"{self}: {self.reason(error)}") from None
        return system, self.path or path

    def open(self, _: str = "rb", ahead: int = BLOCK) -> Any:
        """Open it for reading, as a file of bytes, of which so many more are read than asked for.

        Raises:
            OSError: it cannot be opened.

        """
        system, path = self.system()
        # Without parts, a file is read from its beginning to its end.
        is_whole = self.protocol in WEB and not _sends_parts(system, path)
        block = 0 if is_whole else ahead
        return _Opened(self, self.tried(partial(system.open, path, "rb", block_size=block)))

    def state(self) -> tuple[int | None, object]:
        """Return its size, if that is known, and what changes whenever it does.

        Raises:
            OSError: it cannot be looked at.

        """
        system, path = self.system()
        system.invalidate_cache()
        info = self.tried(partial(system.info, path))
        return info.get("size"), [str(info[name]) for name in _MARKS if info.get(name)]

    def beside(self, name: str) -> Address | None:
        """Return the address of a file in the same folder or below it; None for any other."""
        if not all(map(_BESIDE.fullmatch, name.split("/"))):
            return None
        _, path = self.system()
        folder, _, _ = path.partition("?")[0].rpartition("/")
        return Address(self.url, f"{folder}/{name}", title=f"{self}:{name}")

    def tried(self, ask: Callable[[], Any]) -> Any:
        """Return what `ask` returns.

        Raises:
            OSError: it raises anything; the message is one line without secrets.

        """
        try:
            return ask()
        except Exception as error:  # noqa: BLE001 - as above
            raise OSError(self.reason(error)) from None

    def reason(self, error: BaseException) -> str:
        """Return why it cannot be read, in one line without secrets, with what to do about it."""
        causes = [*_causes(error)]
        statuses = {*map(_status, causes)}
        if any(type(cause).__name__ == "NoCredentialsError" for cause in causes):
            return f"there are no credentials for it; give some by {self._credentials}"
        if isinstance(error, PermissionError) or DENIED & statuses:
            return f"access is denied; give credentials by {self._credentials}"
        is_alone = isinstance(error, FileNotFoundError) and len(causes) == 1
        if is_alone or GONE in statuses:
            return "there is no such file, folder or bucket; check the address"
        last = causes[-1]
        text = getattr(last, "strerror", None) or str(last)
        if isinstance(last, ConnectionError) and last.errno:
            # asyncio says more, which says nothing to most.
            text = os.strerror(last.errno)
        text = " ".join(text.split()) or type(last).__name__
        if "seek" in text or "range requests" in text:
            return "its server sends files from their beginning alone; download it, and judge that"
        # A message may quote the address as it was asked for.
        for secret in (self.url, self.path):
            text = text.replace(secret, str(self)) if secret else text
        return f"{printable(shown(text))}; check the address, and try again"

    @property
    def _credentials(self) -> str:
        """The places where its file system looks for credentials."""
        if _S3.search(self.url):
            return "AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
        return "the variables or files that its storage knows"


class _Opened(io.RawIOBase):
    """A file at an address; whatever its file system raises is an `OSError`."""

    def __init__(self, address: Address, file: Any) -> None:
        self._address, self._file = address, file

    def readable(self) -> bool:
        """It is read, and never written."""
        return True

    def seekable(self) -> bool:
        """Most are, and others say so when they are asked to."""
        return True

    def readinto(self, buffer: Any) -> int:
        """Fill a buffer, as far as there is something; return how much there was."""
        found = self._address.tried(partial(self._file.read, len(buffer)))
        buffer[: len(found)] = found
        return len(found)

    def seek(self, place: int, whence: int = 0) -> int:
        """Go to another place."""
        found: int = self._address.tried(partial(self._file.seek, place, whence))
        return found

    def tell(self) -> int:
        """Return the place."""
        found: int = self._file.tell()
        return found

    def close(self) -> None:
        """Close it."""
        if not self.closed:
            self._file.close()
        super().close()


def _sends_parts(system: Any, path: str) -> bool:
    """Return whether a server of the web sends parts of a file, if it is one of several blocks."""
    try:
        size = system.info(path).get("size")
        if size is not None and size <= BLOCK:
            return True
        with system.open(path, "rb", block_size=1, cache_type="none") as file:
            file.seek(1)
            return len(file.read(1)) == 1
    except Exception:  # noqa: BLE001 - why it cannot be read is told by whoever reads it
        return False


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield an error, and what it was raised from."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__


def _status(error: BaseException) -> int | None:
    """Return the status of HTTP that an error is about, as aiohttp and botocore tell it."""
    response = getattr(error, "response", None)
    about = response.get("ResponseMetadata", {}) if isinstance(response, dict) else {}
    status: int | None = about.get("HTTPStatusCode", getattr(error, "status", None))
    return status


def _remedy(protocol: str, error: ImportError) -> str:
    """Return how to install what opens a protocol."""
    if protocol in ("s3", "s3a", *WEB):
        return f"{protocol} needs pip install 'enkash-contract[dask]'"
    return " ".join(str(error).split())
