"""Recordings in S3, which a real server on loopback speaks: found, read in parts, and refused."""

from __future__ import annotations

import gzip
import importlib
import json
from typing import TYPE_CHECKING, Any

import pytest

import enkash_contract as ec
from enkash_contract.traffic.parts import parts
from tests.support.recorded import entry, log, report_of, written
from tests.support.typed_commands import typed

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.slow

WRONG = {"postData": {"text": '{"device": 1}'}}
MANY = [entry(WRONG if each % 5 == 3 else None, time=each) for each in range(60)]
LINES = "\n".join(map(json.dumps, MANY)).encode()
ATTACHED = {"postData": {"mimeType": "application/json", "_file": "body.json"}}
FILES = {
    "days/1.ndjson": LINES,
    "days/2.ndjson.gz": gzip.compress(LINES),
    "days/deep/3.har": json.dumps(log(*MANY, entry(ATTACHED))).encode(),
    "days/deep/body.json": b'{"device": 2}',
    "days/torn.ndjson.gz": gzip.compress(LINES)[:-30],
    "days/readme.txt": b"no recording",
}
ACCESS = {"AWS_ACCESS_KEY_ID": "key", "AWS_SECRET_ACCESS_KEY": "hunter2", "AWS_REGION": "us-east-1"}


@pytest.fixture(scope="module")
def bucket() -> Iterator[str]:
    """Serve a bucket of recordings."""
    # Both take long to import, and are needed here alone.
    server = importlib.import_module("moto.server").ThreadedMotoServer("127.0.0.1", 0)
    s3fs: Any = importlib.import_module("s3fs")
    server.start()
    host, port = server.get_host_and_port()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in {**ACCESS, "AWS_ENDPOINT_URL": f"http://{host}:{port}"}.items():
            patch.setenv(name, value)
        system = s3fs.S3FileSystem()
        system.mkdir("bucket")
        for name, content in FILES.items():
            system.pipe(f"bucket/{name}", content)
        yield "s3://bucket"
        s3fs.S3FileSystem.clear_instance_cache()
    server.stop()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that holds the same."""
    for name, content in FILES.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        written((tmp_path / name).parent, content, name.rpartition("/")[2])
    return tmp_path


@pytest.mark.parametrize(
    "judges", [{}, {"workers": 2}, {"dask": True, "workers": 2}, {"sample": 9}], ids=str
)
def test_recordings_that_are_read_from_s3(
    judges: dict[str, Any], bucket: str, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The report is equal to the byte to that on the same files in a folder, whoever judges."""
    monkeypatch.setattr(parts, "SIZE", 4000)
    sample = judges.get("sample")
    here = report_of(ec.check_traffic(folder / "days", sample=sample))
    there = report_of(ec.check_traffic(f"{bucket}/days", **judges))
    assert there.replace(f"{bucket}/", f"{folder}/") == here


def test_what_a_pattern_reads_from_s3(bucket: str, folder: Path) -> None:
    """The files that it matches, and what is learned of them."""
    here, there = folder / "here.yaml", folder / "there.yaml"
    expected = ec.check_traffic(folder / "days/1.ndjson", folder / "days/2.ndjson.gz", learn=here)
    found = ec.check_traffic(f"{bucket}/days/[12]*.ndjson*", learn=there)
    assert found.recordings == expected.recordings
    assert there.read_text() == here.read_text()


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("bucket/gone.har", "there is no such file, folder or bucket; check the address"),
        ("gone/a.har", "there is no such file, folder or bucket; check the address"),
        ("gone", "there is no such file, folder or bucket; check the address"),
    ],
)
def test_what_cannot_be_read_from_s3(name: str, problem: str, bucket: str) -> None:
    """One line says why, and what to do."""
    assert bucket
    done = typed("traffic", f"s3://{name}")
    assert done.exit_code == 2
    assert f"note: s3://{name} cannot be read: {problem}\n" in done.stdout


def test_no_credentials_to_read_from_s3(bucket: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is said how to give some."""
    for name in ACCESS:
        monkeypatch.delenv(name)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    known: Any = importlib.import_module("s3fs").S3FileSystem
    known.clear_instance_cache()
    done = typed("traffic", f"{bucket}/days/1.ndjson")
    known.clear_instance_cache()
    assert done.exit_code == 2
    assert (
        f"note: {bucket}/days/1.ndjson cannot be read: there are no credentials for it; give some "
        "by AWS_PROFILE, or AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY\n" in done.stdout
    )
