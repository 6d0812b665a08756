"""Addresses: what is one, what is shown of it, and what goes wrong there, in one line."""

from __future__ import annotations

import errno
import io
import pickle
import socket
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec
import pytest

from enkash_contract.errors import EnkashContractError, MissingPackageError, UsageError
from enkash_contract.traffic.reading.address import Address, is_address, located, shown
from tests.support.elsewhere import Elsewhere

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture
def elsewhere() -> Iterator[Elsewhere]:
    """Files in memory, at addresses."""
    with Elsewhere() as files:
        yield files


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s3://bucket/day.ndjson", True),
        ("memory://day.ndjson", True),
        ("https://logs.example/day.har?sig=a", True),
        ("zip://*.har::s3://bucket/day.zip", True),
        ("simplecache::s3://bucket/day.har", True),
        ("C:\\traffic\\day.har", False),
        ("C:/traffic/day.har", False),
        ("c://traffic/day.har", False),
        ("day::night.har", False),
        ("../day.har", False),
        ("://day.har", False),
    ],
)
def test_what_an_address_is(text: str, expected: object) -> None:
    """The letter of a drive is no protocol."""
    assert is_address(text) is expected


@pytest.mark.parametrize(
    ("recording", "expected"),
    [
        ("day.har", Path("day.har")),
        (Path("s3://day.har"), Path("s3://day.har")),
        ("file:///logs/day.har", Path("/logs/day.har")),
        ("local:///logs/day.har", Path("/logs/day.har")),
        ("s3://bucket/day.har", Address("s3://bucket/day.har")),
        ("zip://day.har::file:///tmp/day.zip", Address("zip://day.har::file:///tmp/day.zip")),
    ],
)
def test_where_a_recording_is(recording: str | Path, expected: Path | Address) -> None:
    """A path is one, however it is written."""
    assert located(recording) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("s3://bucket/day-?.ndjson", "s3://bucket/day-?.ndjson"),
        ("ftp://user:hunter2@host/a.har", "ftp://host/a.har"),
        ("https://host/a.har?X-Amz-Signature=hunter2&x=1", "https://host/a.har?***"),
        ("no 'https://host/a.har?sig=hunter2' there", "no 'https://host/a.har?***' there"),
        ("zip://a.har::https://u:hunter2@host/a.zip?sig=b", "zip://a.har::https://host/a.zip?***"),
    ],
)
def test_no_secret_of_an_address_is_shown(text: str, expected: str) -> None:
    """Neither a password nor a query, by which an address may be signed."""
    assert shown(text) == expected
    assert str(Address(text)) == expected
    assert repr(Address(text)) == f"<Address {expected}>"


def test_an_address_can_be_sent_to_a_worker() -> None:
    """With all that opens it there."""
    address = Address("s3://bucket/day.har", "bucket/day.har", 7, "day.har")
    assert pickle.loads(pickle.dumps(address)) == address  # noqa: S301 - written in the same line
    assert (str(address), address.name) == ("day.har", "day.har")


def test_a_file_is_read_like_any_other(elsewhere: Elsewhere) -> None:
    """At any place, as long as it is open."""
    address = elsewhere.put("traffic/day.har", b"recording")
    with address.open("rb") as file:
        assert (file.readable(), file.seekable(), file.read(3), file.tell()) == (
            *(True, True),
            *(b"rec", 3),
        )
        assert (file.seek(-3, 2), file.read()) == (6, b"ing")
    file.close()
    size, mark = address.state()
    elsewhere.put("traffic/day.har", b"recordinh")
    assert size == 9
    assert address.state() != (size, mark)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("body.json", True),
        ("resources/body.json", True),
        ("../secret", False),
        ("resources/../../secret", False),
        ("./body.json", False),
        ("/traffic/body.json", False),
        ("%2e%2e/secret", False),
        ("body.json?sig=a", False),
        ("body*", False),
        ("", False),
        (".hidden", True),
    ],
)
def test_what_lies_beside(name: str, expected: object, elsewhere: Elsewhere) -> None:
    """Nothing that is in another folder, in whatever spelling."""
    beside = elsewhere.put("traffic/day.har", b"").beside(name)
    assert (beside is not None) is expected
    assert beside is None or beside.path == f"/traffic/{name}"


def test_a_file_that_is_not_there(elsewhere: Elsewhere) -> None:
    """It cannot be opened, nor looked at."""
    address = elsewhere.at("gone.har")
    for ask in (address.open, address.state):
        with pytest.raises(OSError, match="there is no such file, folder or bucket") as raised:
            ask()
        assert raised.value.strerror is None


class DeniedError(Exception):
    """An error as botocore raises it."""

    response: Any = {"ResponseMetadata": {"HTTPStatusCode": 403}}  # noqa: RUF012 - as it is there


class GoneError(Exception):
    """An error as aiohttp raises it."""

    status = 404


class NoCredentialsError(Exception):
    """An error as botocore raises it."""


def caused(error: Exception, cause: Exception) -> Exception:
    """Return an error with its cause."""
    error.__cause__ = cause
    return error


URL = "s3://bucket/a.har?sig=hunter2"


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (
            NoCredentialsError(),
            "there are no credentials for it; give some by AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY",
        ),
        (
            PermissionError("no"),
            "access is denied; give credentials by AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY",
        ),
        (
            caused(OSError(), DeniedError()),
            "access is denied; give credentials by AWS_PROFILE, or AWS_ACCESS_KEY_ID and "
            "AWS_SECRET_ACCESS_KEY",
        ),
        (FileNotFoundError("x"), "there is no such file, folder or bucket; check the address"),
        (
            caused(FileNotFoundError("x"), GoneError()),
            "there is no such file, folder or bucket; check the address",
        ),
        (
            caused(FileNotFoundError("x"), ConnectionRefusedError(errno.ECONNREFUSED, "x")),
            "Connection refused; check the address, and try again",
        ),
        (
            caused(FileNotFoundError("x"), socket.gaierror(-2, "Name or service not known")),
            "Name or service not known; check the address, and try again",
        ),
        (
            ValueError(f"bad\n{URL} \x1b"),
            "bad s3://bucket/a.har?*** \\x1b; check the address, and try again",
        ),
        (ValueError(), "ValueError; check the address, and try again"),
        (
            ValueError("Cannot seek streaming HTTP file"),
            "its server sends files from their beginning alone; download it, and judge that",
        ),
    ],
)
def test_errors_are_told_in_one_line(error: Exception, expected: str) -> None:
    """Without a secret, whatever is raised."""
    assert Address(URL).reason(error) == expected


def test_other_storages_have_credentials_of_their_own() -> None:
    """Nobody knows them all."""
    assert Address("gs://bucket/a.har").reason(PermissionError()) == (
        "access is denied; give credentials by the variables or files that its storage knows"
    )


class Needy(fsspec.AbstractFileSystem):  # type: ignore[misc]  # it comes without types
    """A file system that cannot be had."""

    def __init__(self, **_: Any) -> None:
        raise ValueError("needs a key")


@pytest.mark.parametrize(
    ("url", "kind", "expected"),
    [
        (
            "s33://bucket/a.har",
            UsageError,
            "s33://bucket/a.har: s33 is no protocol that fsspec knows; did you mean s3?",
        ),
        (
            "qqqq://bucket/a.har",
            UsageError,
            "qqqq://bucket/a.har: qqqq is no protocol that fsspec knows; s3, gs, abfs, http and "
            "https are some",
        ),
        (
            "needy://a.har",
            UsageError,
            "needy://a.har: needs a key; check the address, and try again",
        ),
        ("nowhere://a.har", MissingPackageError, "nowhere://a.har: Please install it"),
    ],
)
def test_protocols_that_nothing_opens(
    url: str, kind: type[EnkashContractError], expected: str
) -> None:
    """It is said what is missing."""
    fsspec.register_implementation("needy", Needy, clobber=True)
    fsspec.register_implementation("nowhere", "nowhere.Files", errtxt="Please install it")
    with pytest.raises(kind) as raised:
        Address(url).system()
    assert str(raised.value) == expected


def test_the_packages_of_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """They are named by what installs them."""
    monkeypatch.setitem(sys.modules, "s3fs", None)
    with pytest.raises(MissingPackageError) as raised:
        Address("s3://bucket/a.har").system()
    assert str(raised.value) == ("s3://bucket/a.har: s3 needs pip install 'enkash-contract[dask]'")
    monkeypatch.setitem(sys.modules, "fsspec", None)
    with pytest.raises(MissingPackageError) as raised:
        Address("memory://a.har").system()
    assert str(raised.value) == "memory://a.har needs fsspec: pip install 'enkash-contract[dask]'"


class Web:
    """A file system of the web, whose server sends parts, or all at once."""

    def __init__(self, size: int | None, part: bytes | Exception) -> None:
        self.size, self.part = size, part
        self.asked: list[int] = []

    def info(self, _: str) -> dict[str, Any]:
        """Return what is known of a file."""
        return {"size": self.size}

    def open(self, *_: str, block_size: int, cache_type: str = "") -> io.BytesIO:
        """Open a file; where a part is asked for, it may be one that cannot be had."""
        if cache_type:
            if isinstance(self.part, Exception):
                raise self.part
            return io.BytesIO(self.part)
        self.asked.append(block_size)
        return io.BytesIO(b"{}")


@pytest.mark.parametrize(
    ("web", "block"),
    [
        (Web(9 << 20, b"ab"), 4 << 20),
        (Web(9 << 20, b""), 0),
        (Web(None, ValueError("range requests")), 0),
        (Web(9, ValueError("range requests")), 4 << 20),
    ],
    ids="parts none unknown short".split(),
)
def test_servers_that_send_no_parts(web: Web, block: int, monkeypatch: pytest.MonkeyPatch) -> None:
    """What they send is read from its beginning to its end, unless it is short."""
    monkeypatch.setattr(Address, "system", lambda self: (web, self.url))
    with Address("https://host/a.har").open() as file:
        assert file.read() == b"{}"
    assert web.asked == [block]
