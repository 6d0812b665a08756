"""What a file holds is found out from its content, whatever its name says."""

from __future__ import annotations

import gzip
import json
import os
import zipfile
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from enkash_contract.contract.contract import bundled
from enkash_contract.errors import RecordingError
from enkash_contract.judging.recordings import Recordings
from enkash_contract.judging.result import Result
from enkash_contract.traffic import check_traffic, detection
from enkash_contract.traffic.detection import entries
from enkash_contract.traffic.formats.format import Format
from enkash_contract.traffic.formats.table import FORMATS
from tests.support.recorded import OPERATION, entry, interaction, log, written

if TYPE_CHECKING:
    from pathlib import Path

REPLY = json.dumps(OPERATION.sides["response.200"].example)
TAPED = interaction({}, {"body": {"string": REPLY}})
INVALID = interaction({"body": "{}"}, {"body": {"string": REPLY}})
NOTHING = Result(
    notes=(f"no request to any of {len(bundled())} operations is recorded there",),
    recordings=Recordings(files=1),
)


def as_lines(*values: Any) -> bytes:
    """Return values as NDJSON."""
    return b"".join(json.dumps(value).encode() + b"\n" for value in values)


def as_yaml(*values: Any) -> bytes:
    """Return values as YAML documents."""
    return yaml.safe_dump_all(values).encode()


CASSETTE = {"interactions": [TAPED], "version": 1}
GO_VCR = {
    "interactions": [
        {
            "request": {
                **TAPED["request"],
                "url": TAPED["request"]["uri"],
                "uri": None,
                "form": {},
            },
            "response": {
                **TAPED["response"],
                "body": REPLY,
                "status": "200 OK",
                "code": 200,
                "duration": "1ms",
            },
        }
    ]
}
RUBY = {
    "http_interactions": [
        {
            "request": {
                **TAPED["request"],
                "method": "post",
                "body": {"encoding": "UTF-8", "string": TAPED["request"]["body"]},
            },
            "response": {**TAPED["response"], "body": {"encoding": "UTF-8", "string": REPLY}},
            "recorded_at": "Fri, 27 Nov 2026 00:00:00 GMT",
        }
    ],
    "recorded_with": "VCR 6.0.0",
}
PHP = [
    {
        "request": {
            "method": "POST",
            "url": TAPED["request"]["uri"],
            "headers": {"Content-Type": "application/json"},
            "body": TAPED["request"]["body"],
        },
        "response": {
            "status": {"http_version": "1.1", "code": "200", "message": "OK"},
            "headers": {"Content-Type": "application/json"},
            "body": REPLY,
        },
    }
]
HAR = json.dumps(log(entry())).encode()

CONTENTS: dict[str, tuple[bytes, list[str]]] = {
    "HAR": (HAR, [":log.entries[0]"]),
    "HAR, as a shell of Windows writes it": (
        HAR.decode().encode("utf-16"),
        [":log.entries[0]"],
    ),
    "HAR with a byte order mark": (b"\xef\xbb\xbf" + HAR, [":log.entries[0]"]),
    "an entry of HAR": (json.dumps(entry()).encode(), [":1"]),
    "an entry of HAR a line": (as_lines(entry(), entry()), [":1", ":2"]),
    "a HAR a line": (
        as_lines(log(entry()), log()) + HAR,
        [":1:log.entries[0]", ":3:log.entries[0]"],
    ),
    "a list of entries of HAR": (json.dumps([entry()]).encode(), [":[0]"]),
    "a cassette in JSON": (json.dumps(CASSETTE).encode(), [":interactions[0]"]),
    "an interaction of a cassette a line": (as_lines(TAPED, TAPED), [":1", ":2"]),
    "a cassette": (as_yaml(CASSETTE), [":interactions[0]"]),
    "two cassettes in a file": (
        as_yaml(CASSETTE, None, CASSETTE),
        [":interactions[0]", ":document[1]:interactions[0]"],
    ),
    "an interaction in YAML": (as_yaml(TAPED), [":document[0]"]),
    "go-vcr": (as_yaml(GO_VCR), [":interactions[0]"]),
    "Ruby's VCR": (as_yaml(RUBY), [":http_interactions[0]"]),
    "Ruby's VCR in JSON": (json.dumps(RUBY).encode(), [":http_interactions[0]"]),
    "PHP-VCR": (as_yaml(PHP), [":[0]"]),
    "PHP-VCR in JSON": (json.dumps(PHP).encode(), [":[0]"]),
}


@pytest.mark.parametrize("name", ["a.har", "a.json", "a.yaml", "a.har.gz", "traffic", "a.txt"])
@pytest.mark.parametrize("kind", CONTENTS)
def test_content_decides(kind: str, name: str, tmp_path: Path) -> None:
    """Whatever it is called, and packed or not, the same is read of it."""
    data, places = CONTENTS[kind]
    for packed in (data, gzip.compress(data)):
        file = written(tmp_path, packed, name)
        result = check_traffic(file)
        sources = [found.source.removeprefix(str(file)) for found in entries(file)]

        assert (dict(result.verdicts), result.unread) == ({"held": len(places)}, ())
        assert sources == places


UNKNOWN = f" is no recording that is read here; those are {detection.KNOWN}"


@pytest.mark.parametrize("title", [form.title for form in FORMATS.values()])
def test_the_formats_that_are_read_are_named(title: str) -> None:
    """Whoever has another file learns which tools could have written one."""
    tool = title.rpartition(" of ")[2].partition(" (")[0].removesuffix(" 1.2").partition(",")[0]
    assert tool in detection.KNOWN


@pytest.mark.parametrize(
    ("name", "data", "why"),
    [
        ("a.har", b"", " is empty"),
        ("a.har", b" \n ", " is empty"),
        ("a.har", b'{"log":\n {]', ":2 is not JSON: a name in double quotes is expected"),
        ("a.har", b"<har>", ":1 is not JSON: invalid character"),
        ("a.har", b"[1]", UNKNOWN),
        ("a.har", b"[]", UNKNOWN),
        ("a.har", b"{}", UNKNOWN),
        ("a.har", b'{"log":[]}', UNKNOWN),
        ("a.har", b'{"log":{"entries":{}}}', UNKNOWN),
        ("a.har", b"[" * 100_000, ":1 is nested too deeply to be read"),
        ("a.json", b'{"interactions": {}}', UNKNOWN),
        ("a.yaml", b"", " is empty"),
        ("a.yaml", b"a: 1", UNKNOWN),
        ("a.yaml", b"- request: 7", UNKNOWN),
        ("a.yaml", b"a: [", ":2 cannot be read as YAML: "),
        ("a.yaml", b"{a: 1}", UNKNOWN),
        ("a.yaml", b"[" * 5_000, ":1 cannot be read as YAML: exceeded maximum nesting depth"),
        (
            "a.pcap",
            b"\xd4\xc3\xb2\xa1\x02\x00\x04\x00",
            " holds captured packets, which are not read here; ",
        ),
        ("a.txt", b"x", UNKNOWN),
    ],
)
def test_files_that_are_no_recording(name: str, data: bytes, why: str, tmp_path: Path) -> None:
    """Each is named with its reason, in one line; nothing is raised."""
    file = written(tmp_path, data, name)
    result = check_traffic(file)
    (problem,) = result.unread

    assert problem.startswith(f"{file}{why}")
    assert "\n" not in problem
    assert (result.exit_code, result.total, result.notes) == (2, 0, ())


@pytest.mark.parametrize(
    ("data", "verdicts", "why"),
    [
        (HAR[:-9], {}, ":1 is not JSON: "),
        (json.dumps(log(entry(), entry())).encode()[:-9], {"held": 1}, ":1 is not JSON: "),
        (as_lines(entry(), entry())[:-9], {"held": 1}, ":2 is not JSON: "),
        (as_lines(entry(), {}, {}), {"held": 1}, f":2, 3{UNKNOWN}"),
        (json.dumps({"interactions": [TAPED, TAPED]}).encode()[:-9], {"held": 1}, ":1 is not JSON"),
        (
            as_yaml({"interactions": [TAPED]}) + b"- request:\n    body: '{",
            {"held": 1, "inconclusive": 1},
            ":",
        ),
        (as_yaml(CASSETTE, {"a": 1}), {"held": 1}, f":document[1]{UNKNOWN}"),
        (
            gzip.compress(as_lines(entry()) * 50)[:-9],
            {"held": 50},
            " cannot be unpacked to its end: it is cut off",
        ),
        (gzip.compress(HAR)[:10], {}, " cannot be unpacked to its end: it is cut off"),
    ],
    ids="HAR two-entries NDJSON odd-lines JSON YAML documents gzip nothing".split(),
)
def test_what_can_be_read_is_judged(
    data: bytes, verdicts: dict[str, int], why: str, tmp_path: Path
) -> None:
    """The rest is an error."""
    file = written(tmp_path, data)
    result = check_traffic(file)

    assert (dict(result.verdicts), result.exit_code) == (verdicts, 2)
    assert result.unread[0].startswith(f"{file}{why}")


def test_a_violation_before_the_end_of_a_torn_file(tmp_path: Path) -> None:
    """A violation that was read is one, and what could not be read decides the exit code."""
    result = check_traffic(written(tmp_path, as_lines(INVALID, TAPED)[:-9]))
    assert (result.exit_code, len(result.violations), len(result.unread)) == (2, 4, 1)


@pytest.mark.parametrize("name", ["pipe.har", "/dev/zero"])
def test_what_never_ends_is_not_read(name: str, tmp_path: Path) -> None:
    """A pipe and a device are no files, whatever they are called; a folder's are left alone."""
    os.mkfifo(tmp_path / "pipe.har")
    path = tmp_path / name

    assert check_traffic(path).unread == (
        f"{path} cannot be read: it is no file; save it as one first",
    )
    assert (
        check_traffic(tmp_path)
        .unread[0]
        .startswith(f"{tmp_path} is a folder that holds no recording")
    )


def test_a_list_that_is_named_twice_is_an_error(tmp_path: Path) -> None:
    """Other readers lose all but the last; what a body calls so is its own affair."""
    text = json.dumps(log(entry(), entry()))
    file = written(tmp_path, text.replace("]}}", '],"entries":[]}}').encode())
    result = check_traffic(file)

    assert (result.exit_code, result.total) == (2, 2)
    assert result.unread == (f"{file} repeats 'entries' in one object; keep one of them",)
    twice = {"log": {"entries": [entry()], "other": {"entries": []}}}
    assert check_traffic(written(tmp_path, twice)).unread == ()


@pytest.mark.parametrize("value", [log(), {"interactions": []}, {"http_interactions": []}])
def test_a_recording_without_entries(value: Any, tmp_path: Path) -> None:
    """It can be read, and nothing follows."""
    assert check_traffic(written(tmp_path, value)) == NOTHING


def test_a_named_archive_holds_a_recording(tmp_path: Path) -> None:
    """In one that holds other files alone nothing was read, and that is an error; one is enough."""
    file = tmp_path / "a.zip"
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("package.json", '{"a": 1}')
    assert check_traffic(file).unread == (f"{file}{UNKNOWN}",)

    with zipfile.ZipFile(file, "a") as archive:
        archive.writestr("traffic.ndjson", as_lines(entry()))
    assert check_traffic(file).unread == ()


def test_an_interaction_without_an_answer(tmp_path: Path) -> None:
    """By itself it is known by its request alone."""
    bare = {"request": entry()["request"], "response": None}
    assert dict(check_traffic(written(tmp_path, as_lines(bare))).verdicts) == {"inconclusive": 1}


def test_a_format_is_found_by_where_it_lists_its_entries(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One more format is one more reader in the table."""
    known = written(tmp_path, log(entry()), "known.har")
    flows = Format(
        "flows", "flows", ("flows",), lambda _: False, lambda *_: next(entries(known)), str
    )
    monkeypatch.setitem(FORMATS, "flows", flows)

    result = check_traffic(written(tmp_path, {"flows": [1]}))
    assert dict(result.verdicts) == {"held": 1}


def test_a_format_that_is_insisted_on(tmp_path: Path) -> None:
    """What is in another is no recording."""
    file = written(tmp_path, {"interactions": [TAPED]})
    (piece,) = detection.pieces(file, formats=[FORMATS["har"]])
    assert str(piece) == f"<Piece {file}: is no recording of the kind asked for: HAR 1.2>"
    assert [*detection.pieces(written(tmp_path, log()), formats=[FORMATS["har"]])] == []


@pytest.mark.parametrize(
    ("data", "name", "places"),
    [
        (b'["ab", 1]}}\n' + as_lines(TAPED, TAPED), "a.log", [":2", ":3"]),
        (
            b'{"interactions": [%b], version: 1}' % json.dumps(TAPED).encode(),
            "a.yaml",
            [":interactions[0]"],
        ),
        (b'[{"request": ], "a": 1}, %b]' % json.dumps(entry()).encode(), "a.json", [":[1]"]),
        (b"torn\n" + as_lines(TAPED, TAPED), "a.txt", [":2", ":3"]),
    ],
)
def test_odd_beginnings(data: bytes, name: str, places: list[str], tmp_path: Path) -> None:
    """A log may have been torn, YAML may look like JSON, and the first item may be broken."""
    file = written(tmp_path, data, name)
    whole = [piece for piece in detection.pieces(file) if not piece.is_broken]
    found = [
        one.source
        for piece in whole
        if piece.where or "request" in piece.value
        for one in detection.entries_of(piece)
    ]
    assert found == [f"{file}{place}" for place in places]


@pytest.mark.parametrize("data", [b"", b"a: 1", b"{}", b'{"mappings": []}', b"\xd4\xc3\xb2\xa1"])
def test_what_nobody_has_named(data: bytes, tmp_path: Path) -> None:
    """In a folder it is harmless, whatever it is."""
    file = written(tmp_path, data, "a.json")
    assert [piece.harmless for piece in detection.pieces(file, named=False)] == [True]
    assert [piece.harmless for piece in detection.pieces(file)] == [False]


def test_the_head_of_a_file(tmp_path: Path) -> None:
    """It is unpacked, and nothing where there is none."""
    assert detection.head(written(tmp_path, gzip.compress(HAR)))[:9] == HAR[:9]
    assert detection.head(tmp_path / "gone") == b""


def test_an_event_by_itself(tmp_path: Path) -> None:
    """It may hold any number of interactions, or none."""
    assert [*entries(written(tmp_path, {"Initialize": {}}))] == []
    event = {"ScenarioFinished": {"recorder": {"interactions": {"a": TAPED, "b": TAPED}}}}
    file = written(tmp_path, event)
    assert [one.source.rpartition(".")[2] for one in entries(file)] == ["a", "b"]


def test_what_cannot_be_read_is_told_at_the_end(tmp_path: Path) -> None:
    """By its first place, and how many there are."""
    file = written(tmp_path, as_lines(entry(), {}, {}))
    found = entries(file)
    assert next(found).source == f"{file}:1"
    with pytest.raises(RecordingError) as raised:
        next(found)
    assert str(raised.value) == f"{file}:2{UNKNOWN} (and 1 more such places)"


def test_a_stub_among_lines_of_interactions_is_named(tmp_path: Path) -> None:
    """It says what would be sent."""
    line = {"request": {"method": "GET", "url": "http://h/x", "body": ""}}
    stub = {"request": {"method": "GET", "urlPath": "/x"}, "response": {"status": 200}}
    file = tmp_path / "lines.ndjson"
    file.write_text(f"{json.dumps(line)}\n{json.dumps(stub)}\n")
    with pytest.raises(RecordingError, match="lines.ndjson:2 holds stubs of WireMock"):
        list(detection.entries(file))
