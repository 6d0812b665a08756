"""The quick way for valid and accepted entries: it never decides otherwise than the slow one."""

from __future__ import annotations

import copy
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from enkash_contract.errors import RecordingError
from enkash_contract.judging.result import Result
from enkash_contract.traffic import detection
from enkash_contract.traffic.check import Check
from enkash_contract.traffic.counting.reduction import Reduction
from enkash_contract.traffic.cutting.piece import Piece
from enkash_contract.traffic.cutting.run import ItemRun, LineRun
from enkash_contract.traffic.fast import half, known
from enkash_contract.traffic.fast.fast import Fast
from enkash_contract.traffic.judging import Judge
from enkash_contract.traffic.reading.files import RecordingFile
from enkash_contract.traffic.walk import Walk
from tests.support.anything import JSON, LAYOUTS, near, nearly_json
from tests.support.recorded import OPERATION, URL, anything, entry

if TYPE_CHECKING:
    from collections.abc import Callable

    from enkash_contract.traffic.cutting.run import Run

ENTRY = entry(
    {"bodySize": 500, "postData": {"mimeType": "application/json", "text": "{}"}},
    {"content": {"mimeType": "application/json", "text": "{}", "size": 2}, "redirectURL": ""},
    time=12.5,
)
OURS = {
    "at": 1.5,
    "seconds": 0.25,
    "request": {
        "method": "POST",
        "url": URL,
        "headers": {"Content-Type": "application/json"},
        "body": "{}",
    },
    "response": {"status": 200, "headers": {"Content-Type": "application/json"}, "body": "{}"},
}
WORDS = anything(
    "method url headers name value postData text mimeType encoding status content body uri form "
    "header code checks elapsed POST post Content-Type content-encoding application/json gzip br"
)
PAYLOADS = near(OPERATION.request.example, JSON)
RESPONSES = near(OPERATION.sides["response.200"].example, JSON)
TEXTS = st.sampled_from(
    [
        "",
        " ",
        "{}",
        '{"a":1,"a":1}',
        "7b7d7b7d",
        "eyJhIjogMX0=",
        "[]",
        "\x1f\x8b",
        '{"a":"\\ud800"}',
    ]
)
VALUES = st.sampled_from(
    [
        {},
        {"a": 10**20, "b": -0.0, "c": 1e22, "d": "\u00e9"},
        {"mode": "raw", "raw": "{}"},
        {"type": "Buffer", "data": [123, 125]},
        {"encoding": "utf-8", "string": "{}"},
    ]
)
"""Bodies as objects, which some formats have for texts."""

LABELS = st.sampled_from(
    "application/json;application/json; charset=utf-8;Application/JSON;text/html;a, b;".split(";")
)
NAMES = st.sampled_from("Content-Type content-type Content-Encoding Content-Length X-A".split())
HEADERS = st.lists(
    st.fixed_dictionaries({"name": NAMES, "value": LABELS | st.sampled_from(["gzip", "br", "0"])}),
    max_size=3,
)
URLS = st.sampled_from(
    [
        URL,
        "",
        f"{URL}?a=1",
        f"{URL}/",
        URL.upper(),
        "https://[",
        OPERATION.path,
        "https://b.example/a",
    ]
)
HOSTS = st.sampled_from([None, "api.example", "*.com"])
STATUSES = st.sampled_from([200, 200.0, "200", 204, 304, 400, 500, 201, True, 10**20])


@st.composite
def recorded(draw: st.DrawFn) -> bytes:
    """Draw an entry whose parts are mostly right, as JSON; shrinks towards a right one."""
    made = copy.deepcopy(draw(near(draw(st.sampled_from([ENTRY, OURS])), WORDS)))
    members = made if isinstance(made, dict) else {}
    request, response = members.get("request"), members.get("response")
    for message, part, payloads in (
        (request, "postData", PAYLOADS),
        (response, "content", RESPONSES),
    ):
        holder = message if isinstance(message, dict) else {}
        within = holder.get(part)
        for body, name in ((within, "text"), (holder, "body")):
            if isinstance(body, dict) and body.get(name) == "{}":
                layout, payload = draw(st.sampled_from(LAYOUTS)), draw(payloads)
                text = json.dumps(payload, **layout)
                body[name] = draw(st.just(text) | TEXTS | st.just(payload) | VALUES)
        if isinstance(message, dict) and draw(st.integers(0, 3)) == 3:
            message["headers"] = draw(HEADERS)
    if isinstance(request, dict) and draw(st.integers(0, 3)) == 3:
        request["url"] = draw(URLS)
    if isinstance(response, dict) and draw(st.integers(0, 3)) == 3:
        response["status"] = draw(STATUSES)
    return json.dumps(made, **draw(st.sampled_from(LAYOUTS))).encode(errors="surrogatepass")


def slowly(raw: bytes, where: str, judge: Judge, total: Reduction) -> None:
    """Add what the slow way says of an entry."""
    piece = Piece("x", 0, where, raw=raw)
    try:
        for each in detection.entries_of(piece):
            other = judge.other(each, total)
            if other:
                total.leave(other)
            else:
                judge.add(each, total)
    except RecordingError as problem:
        total.unread(str(problem), piece.place)


def judged(
    raws: list[bytes], where: str = "", *, quickly: bool, host: str | None = None
) -> tuple[Reduction, list[bool]]:
    """Return what recorded entries show, and which of them took the quick way."""
    judge, total = Judge((OPERATION,), host), Reduction()
    quick = Fast(judge, total)
    added = []
    for raw in raws:
        added.append(quickly and quick.adds(raw, where))
        if not added[-1]:
            slowly(raw, where, judge, total)
    quick.flush()
    return total, added


def agree(raws: list[bytes], where: str = "", host: str | None = None) -> list[bool]:
    """Assert that both ways add up to the same; return which entries took the quick one."""
    (quick, added), (slow, _) = (
        judged(raws, where, quickly=quickly, host=host) for quickly in (True, False)
    )
    assert quick.result() == slow.result()
    assert quick.result().durations == slow.result().durations
    assert [*quick.result().exercises] == [*slow.result().exercises]
    assert quick.hosts == slow.hosts
    return added


RECORDED = recorded() | nearly_json(st.sampled_from([ENTRY, OURS]))


@given(st.lists(RECORDED, max_size=4), st.sampled_from(["", "log.entries"]), HOSTS)
def test_the_quick_way_decides_as_the_slow_one_does(
    raws: list[bytes], where: str, host: str | None
) -> None:
    """What it adds, and what it leaves to the slow one, is the result of judging all slowly."""
    agree(raws, where, host)


def walked(runs: list[Run], *, quickly: bool) -> Reduction:
    """Return what runs show, all at once or one piece after the other."""
    walk = Walk(Check(Judge((OPERATION,), "api.example")))
    walk.begin(RecordingFile(Path("x")), amid=True)
    for run in runs:
        for each in (run,) if quickly else run.pieces:
            walk.add(each)
    walk.flush()
    return walk.total


KINDS: dict[str, Callable[[list[bytes]], Run]] = {
    "har": lambda raws: ItemRun(b",".join(raws), 3, "log.entries", "x:log.entries[", 7, 0),
    "list": lambda raws: ItemRun(b",".join(raws), 3, "", "x:[", 0, 0),
    "lines": lambda raws: LineRun(b"\n".join(raws), 5, "x:"),
}


def agree_at_once(raws: list[bytes], *kinds: str) -> Reduction:
    """Assert that it makes no difference whether entries are read at once; return the sum."""
    runs = [KINDS[kind] for kind in kinds or KINDS]
    quick, slow = (
        walked([run(raws) for run in runs], quickly=quickly) for quickly in (True, False)
    )
    assert quick.result() == slow.result()
    assert quick.result().durations == slow.result().durations
    assert [*quick.result().exercises] == [*slow.result().exercises]
    assert quick.hosts == slow.hosts
    return quick


@given(st.lists(RECORDED, max_size=4), st.sampled_from([*KINDS]))
def test_many_at_once_are_what_each_is(raws: list[bytes], kind: str) -> None:
    """Also where one of them cannot be read, or is to be looked at more closely."""
    agree_at_once(raws, kind)


def changed(request: Any = None, response: Any = None) -> bytes:
    """Return a valid and accepted entry with changes, as JSON."""
    return json.dumps(entry(request, response)).encode()


BODY = json.dumps(OPERATION.request.example)
RESPONSE = json.dumps(OPERATION.sides["response.200"].example)
LABEL = {"name": "content-TYPE", "value": "application/json; charset=utf-8"}
CODING = {"name": "Content-Encoding", "value": "br"}


def sent(body: str, **more: Any) -> bytes:
    """Return an entry of a request with this body."""
    return changed({"postData": {"text": body, **more}})


def received(body: str, *headers: Any, **more: Any) -> bytes:
    """Return an entry of a response with this body."""
    return changed(response={"headers": headers, "content": {"text": body, **more}})


def interaction(request: Any = None, response: Any = None) -> Any:
    """Return a valid and accepted interaction of our own format with changes."""
    label = {"Content-Type": "application/json"}
    sent = {"method": "POST", "url": URL, "headers": label, "body": BODY}
    received = {"status": 200, "headers": label, "body": RESPONSE}
    return {"request": sent | (request or {}), "response": received | (response or {})}


def ours(request: Any = None, response: Any = None) -> bytes:
    """Return an interaction of our own format with changes, as JSON."""
    return json.dumps(interaction(request, response)).encode()


COUNTED = {
    "our own format": ours(),
    "our own format with a list of headers": ours({"headers": [LABEL]}),
    "our own format with an object as body": ours({"body": json.loads(BODY)}),
    "plain": changed(),
    "method and label in another case": changed({"method": "post", "headers": [LABEL]}),
    "query": changed({"url": f"{URL}?key=1"}),
    "coding that was undone": received(RESPONSE, LABEL, CODING),
    "label of the content": received(RESPONSE, mimeType="application/json"),
    "other letters": sent(BODY.replace("Order", "\u0906\u0930\u094d\u0921\u0930")),
    "more members": sent(BODY.replace('"device"', '"more": 1, "device"')),
}
LEFT = {
    "a path alone": ours({"url": OPERATION.path}),
    "an object as body, in which members lack": ours({"body": {}}),
    "a list as body": ours({"body": [json.loads(BODY)]}),
    "two values of a header": ours({"headers": {"Content-Type": ["application/json"] * 2}}),
    "our own format in base64": ours({"encoding": "base64"}),
    "member of another format": ours(response={"httpVersion": "HTTP/1.1"}),
    "a header that was not sent": changed({"headers": [{**LABEL, "disabled": True}]}),
    "base64": sent(BODY, encoding="base64"),
    "list": sent(f"[{BODY}]"),
    "cut off": sent(BODY[:-1]),
    "repeated name": sent(BODY.replace('"device"', '"b2bIds": {}, "device"')),
    "two labels": changed({"headers": [LABEL, LABEL]}),
    "no headers": changed({"headers": []}),
    "mistyped path": changed({"url": f"{URL}/"}),
    "empty address": changed({"url": ""}),
    "no address": changed({"url": f"https://[{OPERATION.path}"}),
    "another method": changed({"method": "PUT"}),
    "cassette": changed({"body": None}),
    "no content": changed(response={"status": 204}),
    "undocumented status": changed(response={"status": 299}),
    "rejected": received(RESPONSE.replace("0", "1", 1), LABEL),
    "undocumented response": received("{}", LABEL),
    "another label": received(RESPONSE, mimeType="text/html"),
    "coding of no plain text": received(f"{RESPONSE}\n", LABEL, CODING),
    "deep": b"[" * 5000,
    "no UTF-8": b'{"request":{"method":"\xff"}}',
}


OTHERS = {
    "another path": changed({"url": "https://b.example/other"}),
    "whose response is broken": changed({"url": "https://b.example/other"}, {"status": []}),
    "whose request is broken": changed(
        {"url": "https://b.example/", "headers": 1, "method": "GET"}
    ),
    "preflight": changed({"method": "OPTIONS"}),
}


@pytest.mark.parametrize("quick", [True, False])
def test_the_quick_way_decides_as_the_slow_one_does_examples(quick: bool) -> None:  # noqa: FBT001 - a verdict
    """It adds what is written in any usual way, and leaves what takes a closer look."""
    for name, raw in (COUNTED | OTHERS if quick else LEFT).items():
        assert agree([raw, raw]) == [quick, quick], name
    assert agree([changed()], host="b.example") == [True]


def test_many_at_once_are_what_each_is_examples() -> None:
    """What has to be looked at more closely is found amid the others, at its place."""
    raws = [raw for raw in (COUNTED | OTHERS | LEFT).values() if raw[:1] == b"{"]
    for raw in raws:
        agree_at_once([changed(), raw, changed(), raw])
    wrong, lost = sent("{"), changed({"url": {}})
    total = agree_at_once([changed(), wrong, changed(), lost])

    assert {finding.source for finding in total.result().findings} == {
        "x:log.entries[8]",
        "x:[1]",
        "x:6",
    }
    assert total.result().unread == ("x:log.entries[10], x:[3], 8: the address was unreadable",)


def test_no_line_is_read_as_two() -> None:
    """Nor two of them as one, which would move the places of all that follow."""
    first, *rest = changed().partition(b', "response"')
    two = changed() + b"," + changed()
    for line in (two, changed() + b" " + changed(), b"", changed() + b"]"):
        agree_at_once([changed(), first, b"".join(rest), line, changed()])


def test_lists_of_other_formats_are_left() -> None:
    """What is listed as a cassette lists it is no entry of HAR."""
    for raw in (changed(), OTHERS["another path"]):
        assert agree([raw], "log.entries") == [True]
        assert agree([raw], "interactions") == [False]


def test_durations_are_counted_as_the_slow_way_does() -> None:
    """Those that nobody measured, or that cannot be, are left out."""
    raws = []
    for took in (12.34, 12.34, 0, -1, 1e300, None, 1999):
        raws += [json.dumps({**entry(), "time": took}).encode()]
        raws += [json.dumps({**interaction(), "seconds": took}).encode()]
    assert agree(raws) == [True] * len(raws)


def test_an_address_is_looked_at_once_whatever_its_query() -> None:
    """An id in each of them costs no more time."""
    quick = Fast(Judge((OPERATION,)), Reduction())
    for url in (URL, "https://b.example/a"):
        for number in range(3):
            assert quick.adds(changed({"url": f"{url}?id={number}"}))
    assert [*quick._targets] == [("POST", URL), ("POST", "https://b.example/a")]


def test_what_was_found_out_serves_every_part() -> None:
    """Each part has a sum of its own, and the first entry of a kind is judged only once."""
    judge = Judge((OPERATION,))
    totals = [Reduction(), Reduction()]
    for total in totals:
        quick = Fast(judge, total)
        assert quick.adds(changed())
        assert quick.adds(changed())
        quick.flush()
    first, second = (total.result() for total in totals)
    assert first == second
    assert first.verdicts == {"held": 2}
    assert [*judge.targets] == [OPERATION]


def test_what_is_known_stays_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    """Of bodies, addresses and labels alike; nothing that was counted is lost."""
    monkeypatch.setattr(known, "MOST", 2)
    monkeypatch.setattr(known, "LONGEST", len(BODY) + 1)
    entries = []
    for number in range(12):
        body = BODY.replace("Order", "O" * (5 + number % 4))
        header = {"name": "Content-Type", "value": f"application/json; v={number}"}
        request = {"url": f"{URL}?{number}", "headers": [header], "postData": {"text": body}}
        entries.append(changed(request))
    assert agree(entries) == [True] * 12


def test_a_response_of_no_outcome_is_judged_slowly(monkeypatch: pytest.MonkeyPatch) -> None:
    """It is neither an acceptance nor a rejection."""
    monkeypatch.setattr(half, "all_accepted", lambda _: lambda _: False)
    monkeypatch.setattr(half, "first_outcome", lambda *_: "unknown")
    assert not Fast(Judge((OPERATION,)), Reduction()).adds(changed())


def test_what_is_more_than_a_count_is_judged_slowly() -> None:
    """Should anything be found in the first entry of a kind, all of its kind are judged."""
    total = Reduction()
    judge = Judge((OPERATION,), waive=lambda result: result + Result(notes=("more to say",)))
    quick = Fast(judge, total)
    assert not quick.adds(changed())
    assert not quick.adds(changed())
    assert total.result() == Result()
