"""Whole runs: against the sandbox, servers written by hand, and servers that fail."""

from __future__ import annotations

import asyncio
import contextlib
import io
import itertools
import json
import threading
from importlib import import_module
from typing import TYPE_CHECKING, Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest

import enkash_contract as ec
from enkash_contract.engine import notes, pauses, run, session
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.selection import Selection
from enkash_contract.engine.transport import client
from enkash_contract.errors import TargetError
from enkash_contract.judging.result import Interrupted
from enkash_contract.sandbox import server
from tests.support.combinations import combined
from tests.support.implementations import MISTAKES, wsgi_app

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from enkash_contract.contract.operation import Operation

MODULES = ("tests.support.implementations.fastapi_app", "tests.support.implementations.wsgi_app")

RIGHT = b'{"payload":"SUCCESS","response_code":0,"response_message":"SUCCESS"}'

UNSETTLED = {
    "tests.support.implementations.fastapi_app": {
        "request#content-type/charset-iso-8859-1",
        "request#content-type-single/same",
        "request#content-type-single/other-second",
    },
    "tests.support.implementations.wsgi_app": {
        "request#content-type/charset-iso-8859-1",
        "request#content-type-single/same",
    },
}
"""What conforming servers may do differently: an assumption, and never a violation."""

FOUND: dict[str, tuple[str, set[tuple[str, str]]]] = {
    "missing-member-accepted": (
        "accepted",
        {("negative_data_rejection", "request/invoiceStatus/supplierRemarks#required")},
    ),
    "string-version-accepted": (
        "accepted",
        {("negative_data_rejection", "request/invoiceStatus/objectVersion/currentVersion#type")},
    ),
    "over-long-accepted": (
        "accepted",
        {("negative_data_rejection", "request/b2bIds/buyerB2BId#pattern")},
    ),
    "bound-refused": (
        "accepted",
        {("positive_data_acceptance", "request/b2bIds/buyerB2BId#pattern")},
    ),
    "crash-on-list": ("accepted", {("not_a_server_error", "request#type")}),
    "code-as-string": (
        "unknown",
        {("response_schema_conformance", "response.200/response_code#type")},
    ),
    "html-answer": ("unknown", {("content_type_conformance", "response.200#content-type")}),
}
"""What each mistake of the hand-written servers is found as: baseline, and (check, rule)."""


@pytest.mark.parametrize("module", MODULES)
def test_a_right_implementation_conforms(module: str) -> None:
    """Every case holds on a server that was written from the facts alone, but what none settles."""
    result = ec.check_target(f"{module}:app")
    assert (result.exit_code, result.violations) == (0, ())
    assert {one.case for one in result.assumptions} == UNSETTLED[module]
    assert result.count("held") == result.total - len(UNSETTLED[module])
    assert result.total == len(ec.cases())


@pytest.mark.unmeasured
@pytest.mark.parametrize(("module", "mistake"), combined(MODULES, FOUND))
def test_each_mistake_is_found_and_named(module: str, mistake: str) -> None:
    """A single mistake is a violation of the right rule, and of no other."""
    result = ec.check_target(f"{module}:{mistake.replace('-', '_')}")
    baseline, found = FOUND[mistake]
    assert result.exit_code == 1
    assert result.baseline == baseline
    assert {(one.check, one.rule) for one in result.violations} == found
    # Of characters that may count twice, nobody knows whether the bound or the count is wrong.
    counted = {"request/b2bIds/buyerB2BId#pattern/longest-in-astral"}
    assert {one.case for one in result.assumptions} <= UNSETTLED[module] | counted


@pytest.mark.parametrize("module", MODULES)
def test_everything_accepted_breaks_every_rule_that_can_be_broken(
    module: str, operation: Operation
) -> None:
    """A server that says yes to all is found out on each rule that has a wrong request."""
    result = ec.check_target(f"{module}:all_success", fail_on="assumed")
    wrong = {case.rule.id for case in ec.cases() if case.polarity == "reject"}
    assert result.exit_code == 1
    assert {one.rule for one in result.violations} == wrong
    assert {one.check for one in result.violations} == {"negative_data_rejection"}


def test_every_mistake_of_the_servers_is_covered() -> None:
    """No mistake was added to the servers without a verdict here."""
    assert set(MISTAKES) == {*FOUND, "all-success", "refuses-everything", "unauthorised"}


@pytest.mark.parametrize("module", MODULES)
@pytest.mark.parametrize(
    ("mistake", "baseline", "note"),
    [
        (
            "refuses_everything",
            "rejected",
            "the baseline was rejected, so a rejection of anything else proves nothing; vouch for "
            "a request that is accepted: --base FILE, or --pin /pointer=value",
        ),
        (
            "unauthorised",
            "unknown",
            "the response to the baseline was 401: the credentials were rejected; "
            "pass them with -H 'Authorization: …', --bearer-env or --token-command",
        ),
    ],
)
def test_nothing_is_concluded_from_refusals_alone(
    module: str, mistake: str, baseline: str, note: str
) -> None:
    """Without an accepted baseline every case is inconclusive, and the run says how to mend it."""
    result = ec.check_target(f"{module}:{mistake}")
    assert (result.exit_code, result.baseline, result.findings) == (3, baseline, ())
    assert result.count("inconclusive") == result.total == len(ec.cases())
    assert result.notes == (note,)


class _Quiet(WSGIRequestHandler):
    """Serves without a line on standard error for each request."""

    def log_message(self, *_: Any) -> None:
        """Say nothing."""


@contextlib.contextmanager
def serving(module: str, attribute: str) -> Iterator[str]:
    """Serve one of the hand-written applications over real HTTP; yields its base URL."""
    app = getattr(import_module(module), attribute)
    if module.endswith("fastapi_app"):
        with server.in_background(app) as url:
            yield url
        return
    with make_server("127.0.0.1", 0, app, handler_class=_Quiet) as serving_wsgi:
        thread = threading.Thread(target=serving_wsgi.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{serving_wsgi.server_port}"
        finally:
            serving_wsgi.shutdown()
            thread.join()


@pytest.mark.unmeasured
@pytest.mark.parametrize("module", [MODULES[0], pytest.param(MODULES[1], marks=pytest.mark.slow)])
@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        pytest.param("app", set(), marks=pytest.mark.slow),
        (
            "bound_refused",
            {
                ("positive_data_acceptance", f"request/b2bIds/buyerB2BId#pattern/{name}")
                for name in ("longest", "longest-in-umlauts")
            },
        ),
    ],
)
def test_over_http_the_verdict_is_the_same(
    module: str, attribute: str, expected: set[tuple[str, str]]
) -> None:
    """The same applications behind real servers, by URL."""
    with serving(module, attribute) as url:
        result = ec.check_target(url)
    assert {(one.check, one.case) for one in result.violations} == expected
    assert {one.source for one in result.violations} <= {url}
    assert result.exit_code == int(bool(expected))


def test_a_run_inside_a_running_loop_is_carried_out() -> None:
    """A coroutine may check a target without being told about event loops."""

    async def inside() -> Any:
        return ec.check_target(ec.Sandbox(), only=["request#method"])

    assert asyncio.run(inside()).count("held") == 8


def test_progress_counts_the_cases() -> None:
    """The callback hears each case, in order."""
    seen: list[tuple[int, int]] = []
    ec.check_target(only=["request#method"], progress=lambda *both: seen.append(both))
    assert seen == [(done, 7) for done in range(1, 8)]


@pytest.mark.parametrize("fuzz", [None, 5])
def test_a_run_ends_after_so_many_violations(fuzz: int | None, tmp_path: Path) -> None:
    """No further case is sent, and nothing is drawn; the note counts what was left out."""
    result = ec.check_target(
        wsgi_app.all_success,
        only=["request#method", "request/b2bIds/*"],
        max_failures=2,
        fuzz=fuzz,
        database=tmp_path,
    )
    (note,) = [note for note in result.notes if note.startswith("stopped ")]

    assert note == "stopped after 2 violations: 95 of 97 cases not sent"
    assert (len(result.violations), result.exit_code, result.fuzzed) == (2, 1, "")
    assert result.total == 98


def test_a_run_with_too_few_violations_goes_on() -> None:
    """The last case may bring the last violation, and then nothing was left out."""
    only = ["request/b2bIds/buyerB2BId#required/removed"]
    for most, number in ((1, 1), (2, 1)):
        result = ec.check_target(wsgi_app.all_success, only=only, max_failures=most)
        assert len(result.violations) == number
        assert [note for note in result.notes if "stopped" in note] == []


def replying(status: str, body: bytes = b"") -> Any:
    """Return a WSGI application with one answer."""

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response(status, [("Content-Type", "application/json")])
        return [body]

    return app


@pytest.mark.parametrize(
    ("status", "exit_code", "note"),
    [
        (
            "404 Not Found",
            3,
            "the response to the baseline was 404: nothing is served at that address, or no "
            "such invoice; check the address, or vouch for an invoice with --base FILE",
        ),
        (
            "503 Service Unavailable",
            1,
            "the response to the baseline was 503, so nothing was sent after it; "
            "mend the server, or try again later",
        ),
        (
            "302 Found",
            1,
            "the response to the baseline was 302: the target is somewhere else, and no Location "
            "says where; ask its operator",
        ),
    ],
)
def test_a_baseline_that_says_nothing_is_explained(status: str, exit_code: int, note: str) -> None:
    """The note says what was answered and what to do, and the exit code follows from the answer."""
    result = ec.check_target(replying(status))
    assert (result.exit_code, result.notes) == (exit_code, (note,))


def test_a_baseline_that_is_not_answered_is_a_target_error() -> None:
    """There is nothing to conclude from silence, and nothing is sent after it."""

    def forever(environ: Any, start_response: Any) -> Iterable[bytes]:
        start_response("200 OK", [("Content-Type", "application/json")])
        return itertools.repeat(b" " * 65536)

    with pytest.raises(TargetError, match="^forever sent more than 1,048,576 bytes$"):
        ec.check_target(forever)


def test_a_server_that_goes_away_in_the_middle_is_to_blame_for_no_case(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """What was found before is kept, and what could not be sent is told."""
    monkeypatch.setattr(client, "BACKOFF", 0)
    monkeypatch.setattr(pauses, "FIRST", 0.01)
    count = itertools.count()

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        if next(count) == 3:
            stop.set()
        start_response("200 OK", [("Content-Type", "application/json")])
        return [RIGHT]

    stop = threading.Event()
    with make_server("127.0.0.1", 0, app, handler_class=_Quiet) as serving_wsgi:

        def until_stopped() -> None:
            while not stop.is_set():
                serving_wsgi.handle_request()
            serving_wsgi.server_close()

        thread = threading.Thread(target=until_stopped)
        thread.start()
        url = f"http://127.0.0.1:{serving_wsgi.server_port}"
        result = ec.check_target(url, only=["request#json"], workers=1)
        thread.join()
    total = sum(case.rule.id == "request#json" for case in ec.cases()) + 1
    tried = session.PATIENCE
    assert (result.exit_code, result.total) == (1, total)
    assert {one.check for one in result.findings} == {"negative_data_rejection"}
    assert result.count("violation") + result.count("assumption") == 3
    assert result.count("inconclusive") == total - 4
    assert result.notes == (
        f"the target was out of order for a time, so nothing is known of {tried} cases sent then",
        f"the baseline failed repeatedly (the target {url} cannot be reached (All "
        "connection attempts failed); is it running, and is the address right?), so "
        f"{total - 4 - tried} cases were not sent; see to the server, give it more time with "
        "--timeout, or slow down with --rate",
    )


def limited(count: int, status: str) -> Any:
    """Return an application that answers `count` requests rightly, and then `status`."""
    served = itertools.count()

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        if next(served) < count:
            return wsgi_app.app(environ, start_response)
        start_response(status, [("Content-Type", "application/json")])
        return []

    return app


def test_a_target_that_lets_in_few_requests_has_not_conformed() -> None:
    """The run ends, and a note says what was responded."""
    result = ec.check_target(limited(1, "429 Too Many Requests"), max_wait=0)
    assert (result.exit_code, result.baseline, result.count("held")) == (3, "accepted", 1)
    assert result.count("inconclusive") == len(ec.cases()) - 1
    assert result.notes == (
        "the target was out of order for a time, so nothing is known of 1 case sent then",
        "the target was busy: 1 response 429 made the run wait",
        notes.busy_note("is busy: it still responded 429 after 0 s of waiting"),
    )


def test_a_run_that_ended_early_does_not_conform() -> None:
    """However much was known by then; what was found wrong counts."""
    few = ec.check_target(limited(500, "429 Too Many Requests"), max_wait=0)
    assert (few.exit_code, few.violations, few.stability.ended) == (3, (), True)
    assert few.count("held") > few.count("inconclusive") > 0


def test_cases_that_show_nothing_are_counted_by_answer() -> None:
    """A target that forgets the credentials for some requests only is told by the statuses."""

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST" and environ.get("CONTENT_TYPE") == "text/html":
            start_response("403 Forbidden", [("Content-Type", "application/json")])
            return []
        return wsgi_app.app(environ, start_response)

    result = ec.check_target(app)
    assert result.count("inconclusive") == 1
    assert result.notes == ("the response 403, to 1 case, says nothing about the payload",)
    assert result.exit_code == 0


def stateful() -> Any:
    """Return a right application that refuses the same change of an invoice a second time."""
    seen: set[str] = set()

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        body = environ["wsgi.input"].read()
        environ["wsgi.input"] = io.BytesIO(body)
        statuses: list[str] = []

        def started(status: str, headers: Any, *rest: Any) -> Any:
            statuses.append(status)
            return start_response(status, headers, *rest)

        with contextlib.suppress(ValueError, LookupError, TypeError, RecursionError):
            invoice = json.loads(body)["invoiceStatus"]["objectId"]
            if invoice in seen:
                start_response("400 Bad Request", [("Content-Type", "application/json")])
                return [b'{"payload":"done","response_code":9,"response_message":"FAILED"}']
        answer = wsgi_app.app(environ, started)
        with contextlib.suppress(ValueError, LookupError, TypeError, RecursionError):
            if statuses == ["200 OK"]:
                seen.add(json.loads(body)["invoiceStatus"]["objectId"])
        return answer

    return app


def test_a_target_that_keeps_state_is_not_called_wrong() -> None:
    """A right sandbox that changes an invoice only once gives no violation, nor a success."""
    result = ec.check_target(stateful())
    assert result.violations == ()
    assert result.exit_code == 3
    assert any("the target keeps state" in note for note in result.notes)


def test_what_a_target_that_keeps_state_accepts_wrongly_is_still_found() -> None:
    """Wrong requests that are accepted are a violation, whatever else cannot be said."""
    strict = stateful()

    def app(environ: Any, start_response: Any) -> Any:
        if environ["REQUEST_METHOD"] == "PUT":
            environ["REQUEST_METHOD"] = "POST"
            return wsgi_app.app(environ, start_response)
        return strict(environ, start_response)

    result = ec.check_target(app)
    assert [one.case for one in result.violations] == ["request#method/PUT"]
    assert result.exit_code == 1


@pytest.mark.parametrize(
    ("status", "label", "body"),
    [
        ("501 Not Implemented", "text/html", b"<p>Unsupported method"),
        ("404 Not Found", "text/plain", b"nothing"),
        ("302 Found", "text/plain", b""),
        ("200 OK", "text/html", b"<h1>How to use this API</h1>"),
        ("405 Method Not Allowed", "text/plain", b""),
    ],
)
def test_other_methods_may_be_answered_in_many_ways(status: str, label: str, body: bytes) -> None:
    """The document says nothing of them but that they do not change an invoice."""

    def app(environ: Any, start_response: Any) -> Iterable[bytes]:
        if environ["REQUEST_METHOD"] == "POST":
            return wsgi_app.app(environ, start_response)
        start_response(status, [("Content-Type", label)])
        return [body]

    result = ec.check_target(app, only=["request#method"])
    assert (result.exit_code, result.count("held"), result.findings) == (0, 8, ())


def test_an_interrupted_run_tells_what_it_knows() -> None:
    """However far it has come: of cases that were not sent nothing is known."""

    def interrupt(done: int, _: int) -> None:
        if done == 3:
            raise KeyboardInterrupt

    plan = make_plan(Selection(only=["request/b2bIds/buyerB2BId#*"]))
    total = 1 + len(plan.cases)
    early = run._Run(plan, None, None, None).stop()
    with pytest.raises(Interrupted) as raised:
        run.run(plan, progress=interrupt)
    late = raised.value.result

    assert early.notes == (f"interrupted after 0 of {total} cases",)
    assert early.verdicts == {"inconclusive": total}
    assert late.notes == (f"interrupted after 4 of {total} cases",)
    assert (sum(late.verdicts.values()), late.violations) == (total, ())
    # Nothing valid was accepted after the rejections, so nothing is proven by them yet.
    assert late.verdicts["inconclusive"] == total - 1
