"""The canary test: a secret planted anywhere is found in nothing that is printed or written.

Each place has a canary of its own, so that a failure says which of them leaked. The server is as
bad as can be: it echoes all it is sent, in every notation, in answers right and wrong. How a secret
may be spelled is written down here a second time, apart from what hides it.
"""

from __future__ import annotations

import base64
import contextlib
import html
import http.server
import json
import os
import re
import signal
import subprocess
import sys
import threading
import urllib.parse
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner

from enkash_contract.cli.main import main
from enkash_contract.contract.contract import bundled
from enkash_contract.report import FORMATS
from tests.support.inner_runs import run
from tests.support.spelling import spellings

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from click.testing import Result as Outcome

USER, PASSWORD, QUERY = "usr-Canary-1é", "pwd/Canary+2%ü", "qry-Canary-3"
HEADER, COOKIE = "hdr-Canary-4=", "cke-Canary-5"
MEMBER, NESTED, PINNED = "mbr-Canary-6", "nst-Canary-7ß", "pin-Canary-8"
ANSWERED, TOKEN = "ans-Canary-9", "tkn-Canary-0"
CANARIES = {
    name: value
    for name, value in globals().copy().items()
    if isinstance(value, str) and "Canary" in value and name.isupper()
}

PATH = "/api/v0/invoice/req-status-change-invoice"
OPERATION = bundled().pick()
BASE = {
    **OPERATION.request.example,
    "accessToken": MEMBER,
    "meta": {"credentials": {"user": [NESTED]}, "otp": 123456},
    "clientSecret": "to be pinned",
}
VARIABLES = {
    "ENKASH_USER": f"{USER}:{PASSWORD}",
    "ENKASH_QUERY": f"key={QUERY}&x=1",
    "ENKASH_AUTHORIZATION": f"Bearer {HEADER}",
    "ENKASH_X_SESSION": COOKIE,
    "ENKASH_BODY_ACCESSTOKEN": MEMBER,
    "ENKASH_BODY_USER": NESTED,
    "ENKASH_BODY_OTP": "123456",
    "ENKASH_BODY_CLIENTSECRET": PINNED,
}


def environment(**more: str) -> dict[str, str]:
    """Return what commands are run with."""
    return {**os.environ, "NO_PROXY": "*", "PYTHONIOENCODING": "utf-8", **more}


def leaked(*texts: bytes | str) -> dict[str, bytes]:
    """Return, by the canary's name, where it is told in any spelling, or by its beginning."""
    data = b"\n".join(one.encode() if isinstance(one, str) else one for one in texts).lower()
    # A text cut off in the middle of a secret tells the half of it.
    looked_for = {
        name: [one.lower() for half in (value, value[:8]) for one in spellings(half)]
        for name, value in CANARIES.items()
    }
    found = {name: [one for one in told if one in data] for name, told in looked_for.items()}
    spots = {name: data.index(told[0]) for name, told in found.items() if told}
    return {name: data[max(0, at - 80) : at + 40] for name, at in spots.items()}


Sent = tuple[str, str, tuple[str | None, ...], bytes]
"""What arrives of a request: method, path with query, credentials, media types, and body."""


class Echo(http.server.BaseHTTPRequestHandler):
    """Answers wrongly in turn, and puts whatever it was sent into its answers."""

    protocol_version = "HTTP/1.1"
    # Two small writes in a row wait for each other otherwise.
    disable_nagle_algorithm = True
    server: Server

    def answer(self) -> None:
        """Note the request; the baseline is accepted, the rest is answered in one of many ways."""
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        labels = ", ".join(self.headers.get_all("Content-Type") or [])
        kept = tuple(self.headers[name] for name in ("Authorization", "X-Session"))
        self.server.sent.append((self.command, self.path, (*kept, labels), body))
        number = len(self.server.sent)
        if number > self.server.patience:
            self.server.waiting.set()
            self.server.over.wait(20)
        first = self.server.sent[0][3]
        ways = [Echo.accepted] if body == first else WAYS
        status, label, content = ways[number % len(ways)](self, body)
        self.reply(status, label, content)

    def reply(self, status: int, label: str, content: bytes) -> None:
        """Send an answer whose headers echo too."""
        if status == BROKEN:
            self.wfile.write(content)
            self.close_connection = True
            return
        self.send_response(status, f"no {self.word('Authorization')}")
        self.send_header("Content-Type", label)
        self.send_header("Content-Length", str(len(content)))
        self.send_header("Set-Cookie", f"session={ANSWERED}; Path=/")
        self.send_header("Allow", self.word("X-Session"))
        self.send_header(f"X-{self.word('X-Session')}", self.path)
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def word(self, name: str) -> str:
        """Return the last word of a header; what Basic holds is undone."""
        last = self.headers.get(name, "none").rpartition(" ")[2]
        return base64.b64decode(last).decode() if last == VARIABLES_BASIC.decode() else last

    def echoed(self, body: bytes) -> str:
        """Return all that was sent as text."""
        head = f"{self.path}\r\n{self.headers}{self.word('Authorization')}"
        return f"{head}\r\n\r\n{body.decode('utf-8', 'replace')}"

    def as_data(self, body: bytes, **members: Any) -> dict[str, Any]:
        """Return an accepting answer with an echo in it."""
        return {
            "payload": "SUCCESS",
            "response_code": 0,
            "response_message": "SUCCESS",
            "accessToken": ANSWERED,
            "sent": {"headers": dict(self.headers), "text": self.echoed(body)},
            **members,
        }

    def accepted(self, body: bytes) -> tuple[int, str, bytes]:
        """Accept, and echo in members that nobody described."""
        return 200, "application/json", json.dumps(self.as_data(body)).encode()

    def accepted_plainly(self, body: bytes) -> tuple[int, str, bytes]:
        """Accept, not in ASCII."""
        return 200, "application/json", json.dumps(self.as_data(body), ensure_ascii=False).encode()

    def refused(self, body: bytes) -> tuple[int, str, bytes]:
        """Refuse, with a reason that quotes the request."""
        told = {"error": self.echoed(body), "token": ANSWERED}
        return 400, "application/json", json.dumps(told).encode()

    def refused_at_length(self, body: bytes) -> tuple[int, str, bytes]:
        """Refuse, with the secrets where a long answer is cut."""
        sent = f"{self.word('Authorization')}{MEMBER}{ANSWERED}"
        told = [f"{'x' * at}{sent}" for at in range(30, 60, 7)]
        content = {"token": told, "size": len(body), "why": [f"{'x' * 40}{MEMBER}"]}
        return 400, "application/json", json.dumps(content).encode()

    def crashed(self, body: bytes) -> tuple[int, str, bytes]:
        """Break, with a page of text that shows what broke."""
        word = base64.b64encode(self.word("Authorization").encode()).decode()
        text = f"apiKey='{ANSWERED}' {word}"
        return 500, "text/plain", f"{text} {self.echoed(body)}".encode()

    def crashed_shortly(self, body: bytes) -> tuple[int, str, bytes]:
        """Break, with a sentence that holds a secret where it is cut."""
        text = f"{'x' * 45} {MEMBER} {self.word('X-Session')} {len(body)}"
        return 500, "text/plain", text.encode()

    def crashed_quoting(self, body: bytes) -> tuple[int, str, bytes]:
        """Break, and show the request percent-encoded."""
        return 500, "text/plain", urllib.parse.quote(self.echoed(body)).encode()

    def page(self, body: bytes) -> tuple[int, str, bytes]:
        """Answer with a page of HTML."""
        form = f'<input name="csrf_token" value="{ANSWERED}"><p>{html.escape(self.echoed(body))}'
        return 200, "text/html; charset=utf-8", form.encode()

    def in_utf16(self, body: bytes) -> tuple[int, str, bytes]:
        """Answer in UTF-16."""
        text = json.dumps(self.as_data(body), ensure_ascii=False)
        return 200, "application/json", text.encode("utf-16-be")

    def wrongly_shaped(self, body: bytes) -> tuple[int, str, bytes]:
        """Answer with the echo where the document wants something else."""
        wrong = {"response_code": {"accessToken": ANSWERED, "m": MEMBER}, "payload": [self.path]}
        return 200, "application/json", json.dumps({**self.as_data(body), **wrong}).encode()

    def labelled(self, body: bytes) -> tuple[int, str, bytes]:
        """Answer with the echo in the media type."""
        return 200, f"application/{self.word('X-Session')}", self.accepted(body)[2]

    def no_http(self, body: bytes) -> tuple[int, str, bytes]:
        """Answer with what is no HTTP."""
        text = f"{self.headers['Authorization']} {MEMBER} {NESTED} {len(body)}"
        return BROKEN, "", f"{text}\r\n\r\n".encode()

    def __getattr__(self, name: str) -> object:
        if name.startswith("do_"):
            return self.answer
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base names it so
        """Write nothing."""


BROKEN = 0
VARIABLES_BASIC = base64.b64encode(f"{USER}:{PASSWORD}".encode())
WAYS = [
    Echo.accepted,
    Echo.refused,
    Echo.accepted_plainly,
    Echo.crashed,
    Echo.page,
    Echo.accepted,
    Echo.in_utf16,
    Echo.wrongly_shaped,
    Echo.crashed_shortly,
    Echo.refused_at_length,
    Echo.labelled,
    Echo.crashed_quoting,
    Echo.no_http,
]


class Server(http.server.ThreadingHTTPServer):
    """A server that remembers, and falls silent once its patience is at an end."""

    def __init__(self, patience: int) -> None:
        super().__init__(("127.0.0.1", 0), Echo)
        self.sent: list[Sent] = []
        self.patience = patience
        self.waiting, self.over = threading.Event(), threading.Event()

    @property
    def url(self) -> str:
        """Where it is served, with a user and a query."""
        user = f"{urllib.parse.quote(USER, safe='')}:{urllib.parse.quote(PASSWORD, safe='')}"
        return f"http://{user}@127.0.0.1:{self.server_address[1]}/?key={QUERY}&x=1"


@contextlib.contextmanager
def serving(patience: int = 10_000) -> Iterator[Server]:
    """Serve on a free loopback port."""
    with Server(patience) as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield found
        finally:
            found.over.set()
            found.shutdown()
            thread.join()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a folder that holds the base payload."""
    (tmp_path / "base.json").write_text(json.dumps(BASE), encoding="utf-8")
    return tmp_path


SECRETS = [
    *("--base", "base.json", "--pin", f"/clientSecret={PINNED}", "--timeout", "10"),
    *("-H", f"Authorization: Bearer {HEADER}", "-H", f"X-Session: {COOKIE}"),
]
# A header of its own takes the place of the user in the address.
WITHOUT_USER = re.compile(r"//[^@]*@")


def command(*words: str) -> list[str]:
    """Return a command of ours."""
    return [sys.executable, "-m", "enkash_contract", *words]


def done(folder: Path, words: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run something in `folder`, and see that it did not break down."""
    ran = subprocess.run(words, cwd=folder, capture_output=True, check=False, env=environment())
    assert b"Traceback" not in ran.stderr, ran.stderr.decode()
    return ran


def typed(*words: str) -> Outcome:
    """Run a command of ours in this process."""
    return CliRunner().invoke(main, words)


def written(folder: Path) -> list[bytes]:
    """Return what was written beside the base payload, and see that every report was."""
    files = [one for one in folder.iterdir() if one.name not in ("base.json", "t.har")]
    found = {one.name: one.read_bytes() for one in files if one.is_file()}
    assert [name for name in FILES.values() if not found.get(name)] == []
    return [*found.values()]


# The module of tests is run by its name.
FILES = {form: f"test_r.{'py' if form == 'pytest' else form}" for form in FORMATS}
PAIRS = {form: ("--report", f"{form}={name}") for form, name in FILES.items()}
REPORTS = [word for pair in PAIRS.values() for word in pair]
CHOSEN = [
    word
    for one in ("json/*", "encoding/*", "type*", "content-type/*", "method/*", "duplicate-names/*")
    for word in ("--only", f"request#{one}")
] + ["--only", "request/device*"]


def pasted(folder: Path, lines: list[str]) -> subprocess.CompletedProcess[bytes]:
    """Run lines in a shell where the variables are set."""
    scripts = os.path.dirname(sys.executable)  # noqa: PTH120 - a word of PATH
    ran = subprocess.run(
        ["bash"],  # noqa: S607 - whichever a person would paste into
        input="\n".join(["set -u", *lines]).encode(),
        capture_output=True,
        check=False,
        cwd=folder,
        env=environment(**VARIABLES, PATH=f"{scripts}:{os.environ['PATH']}"),
    )
    assert ran.returncode in (0, 1), ran.stderr.decode()
    return ran


@pytest.mark.slow
@pytest.mark.parametrize("credentials", ["user", "header"])
def test_a_run_tells_nothing_and_can_be_repeated(folder: Path, credentials: str) -> None:
    """Nothing printed or written holds a canary, and every line and test sends the same again."""
    with serving() as server:
        # A user in the address and a header Authorization would be the same header twice.
        by_user = credentials == "user"
        url = server.url if by_user else WITHOUT_USER.sub("//", server.url)
        given = SECRETS[:6] + SECRETS[8:] if by_user else SECRETS
        words = (*given, *CHOSEN, *REPORTS, "--verbose", "--workers", "1", "--full")
        # One at a time: the server echoes by the number of a request, and so decides what is found.
        ran = done(folder, command("check", url, *words))
        asked = list(server.sent)
        text = ran.stdout.decode()
        lines = re.findall(r"^    reproduce: (.*)$", text, re.MULTILINE)
        # Our own command says what no curl line can.
        curls = [one for one in lines if one.startswith(("curl", "printf", "{"))]
        ours = [one for one in lines if one.startswith("enkash-contract check")]
        server.sent[1:] = []
        some = curls[:: 3 if by_user else 4]
        pasted(folder, some)
        again = server.sent[1:]
        server.sent[1:] = []
        repeated = pasted(folder, ours[:1])
        through_ours = server.sent[1:]
        server.sent[1:] = []
        tests = [*command()[:1], "-m", "pytest", "-q", "-p", "no:cacheprovider", "test_r.py"]
        by_tests = subprocess.run(
            [*tests, "--rootdir", ".", "-c", os.devnull],
            cwd=folder,
            capture_output=True,
            check=False,
            env=environment(**VARIABLES, PYTEST_DISABLE_PLUGIN_AUTOLOAD="1"),
        )
        from_tests = server.sent[1:]
        screen = done(folder, command("check", url, *given, *CHOSEN, "--assumptions"))

    assert ran.returncode == 1
    assert leaked(ran.stdout, ran.stderr, *written(folder)) == {}
    assert b"\n1. " in screen.stdout
    assert leaked(screen.stdout, screen.stderr) == {}
    assert leaked(repeated.stdout, repeated.stderr) == {}
    bodies = b"".join(one[3] for one in asked)
    assert {MEMBER, NESTED, PINNED} <= {one for one in CANARIES.values() if one.encode() in bodies}
    assert set(lines) == {*curls, *ours}
    assert len(again) == len(some) > 10
    assert [one for one in again if one not in asked] == []
    assert 2 <= len(ours) < len(curls) // 4
    assert len(through_ours) >= 2
    assert [one for one in through_ours if one not in asked] == []
    assert len(from_tests) > 50, by_tests.stdout.decode()
    assert [one for one in from_tests if one not in asked] == []


def test_reports_of_tokens_and_of_reports_tell_nothing(
    folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A command's token, and the cookies of the server; nor does what is written of the JSON."""
    monkeypatch.chdir(folder)
    again = [word for form, pair in PAIRS.items() if form != "pytest" for word in pair]
    with serving() as server:
        url = WITHOUT_USER.sub("//", server.url)
        given = ("--token-command", f"echo {TOKEN}", "--cookies", *SECRETS[:6], *SECRETS[8:])
        chosen = ("--only", "request/device*", "--only", "request#json/pretty*")
        ran = typed("check", url, *given, *chosen, *REPORTS, "--full", "--assumptions")
        heads = {one[2][0] for one in server.sent}
    data = json.loads((folder / FILES["json"]).read_bytes())
    first = written(folder)
    read = typed("report", FILES["json"], *again)

    assert (ran.exit_code, read.exit_code) == (1, 1), ran.stderr + read.stderr
    assert heads == {f"Bearer {TOKEN}"}
    assert data["coverage"]["both"] > 0
    assert all(one["request"] for one in data["findings"])
    assert leaked(ran.stdout, ran.stderr, *first) == {}
    assert leaked(read.stdout, read.stderr, *written(folder)) == {}


TESTS = f"""
import httpx

HEADERS = {{"Authorization": "Bearer {HEADER}", "Cookie": "session={COOKIE}"}}
BASE = {BASE!r}

def url(base):
    return f"{{base}}{PATH}?key={QUERY}"

def test_requests(enkash_sandbox):
    wrong = BASE | {{"clientSecret": "{PINNED}", "b2bIds": [{{"accessToken": "{MEMBER}"}}]}}
    for body in (BASE, wrong):
        httpx.post(url(enkash_sandbox.url), json=body, headers=HEADERS)

def test_responses(check_enkash):
    user = "{urllib.parse.quote(USER)}:{urllib.parse.quote(PASSWORD, safe="")}"
    request = httpx.Request("POST", url(f"https://{{user}}@h"), json=BASE, headers=HEADERS)
    echo = "{HEADER} {COOKIE} {MEMBER} {NESTED} {USER} {PASSWORD} {QUERY}"
    wrong = {{"payload": echo, "response_code": {{"token": "{ANSWERED}"}}}}
    check_enkash(httpx.Response(200, json=wrong, request=request))
"""


def test_reports_of_tests_tell_nothing(pytester: pytest.Pytester) -> None:
    """Requests that a client sent to the sandbox, and responses that a test checks."""
    pytester.makepyfile(test_it=TESTS)
    run(pytester, *(f"--enkash-report={form}={name}.txt" for form, name in FILES.items()))
    texts = {form: (pytester.path / f"{name}.txt").read_bytes() for form, name in FILES.items()}
    data = json.loads(texts["json"])

    checks = {one["check"] for one in data["findings"]}
    assert checks == {"request_schema_conformance", "response_schema_conformance"}
    assert {form: leaked(text) for form, text in texts.items() if leaked(text)} == {}


def test_what_can_be_seen_without_a_run(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Lists, options, files that are wrong, and addresses that cannot be used tell nothing."""
    monkeypatch.chdir(folder)
    wrong = {**BASE, "b2bIds": [{"accessToken": MEMBER, "clientSecret": PINNED}, NESTED * 0]}
    (folder / "wrong.json").write_text(json.dumps(wrong), encoding="utf-8")
    mistyped = f"http://{USER}:{PASSWORD}@127.0.0.1:1/?key={QUERY}"
    runs = [
        ("check", *SECRETS, "--list"),
        ("check", mistyped, *SECRETS, "--show-config"),
        ("check", mistyped, *SECRETS[:6]),
        ("check", f"http://127.0.0.1:1/?key={QUERY}", *SECRETS, "--timeout", "1"),
        ("check", "--pin", f"clientSecret={PINNED}"),
        ("check", "--base", "base.json", "--pin", f"/meta/otp={PINNED}"),
        ("check", "--base", "base.json", "--pin", f"/meta/clientSecret={PINNED}"),
        ("check", "--base", "wrong.json"),
        ("validate", "wrong.json"),
    ]
    ran = [typed(*one) for one in runs]

    assert [one.exit_code for one in ran] == [0, 0, 2, 2, 2, 2, 2, 2, 1]
    assert [leaked(one.stdout, one.stderr) for one in ran] == [{}] * len(ran)


def test_one_case_is_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Both exchanges, in whatever spelling the case has."""
    monkeypatch.chdir(folder)
    names = ("utf-16", "escaped", "form-body", "xml-body", "truncated", "pretty-printed")
    ids = re.findall(r"(?m)^\w+ (\S+) ", typed("check", "--list").stdout)
    chosen = [one for one in ids if one.rpartition("/")[2] in names]
    told = []
    with serving() as server:
        url = WITHOUT_USER.sub("//", server.url)
        for one in chosen:
            ran = typed("check", url, *SECRETS, "--case", one)
            told.append(leaked(ran.stdout, ran.stderr))
            assert f"--- {one} " in ran.stdout

    assert told == [{}] * len(chosen)
    assert len(chosen) >= len(names)


LOGGING = """
import logging, pickle, sys, traceback
import enkash_contract as ec
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.selection import Selection
from enkash_contract.engine.transport import client
from enkash_contract.engine.transport.connection import Connection
logging.basicConfig(level=logging.DEBUG, stream=sys.stdout)
url, header, base, user = sys.argv[1], sys.argv[2], ec.__dict__.get("x"), sys.argv[3]
import json
base = json.load(open("base.json"))
choices = dict(base=base, headers={"X-Session": header}, only=["request#json/*"])
result = ec.check_target(url, **choices)
connection = Connection(headers=choices.pop("headers"))
made = make_plan(Selection(only=choices["only"]), base=base, connection=connection)
print(made, connection, made.baseline, made.baseline.wire, made.baseline.request(url), result)
print(result.findings, [one.interaction for one in result.findings])
print([one.interaction.secrets for one in result.findings])
for one in ("http://%s@127.0.0.1:1" % user, "ftp://%s@h" % user, "http://%s@[::1" % user):
    try:
        ec.check_target(one, **choices)
    except ec.EnkashContractError as problem:
        traceback.print_exc(file=sys.stdout)
        print(repr(problem), pickle.loads(pickle.dumps(problem)))
logging.getLogger("httpx").info("after %s", "the run")
print([logging.getLogger(name).filters for name in ("httpx", "httpcore.http11")])
"""


def test_logs_and_exceptions_tell_nothing(folder: Path) -> None:
    """With every logger at DEBUG, and whatever is printed of what the API returns and raises."""
    with serving() as server:
        user = f"{urllib.parse.quote(USER)}:{urllib.parse.quote(PASSWORD)}"
        words = [sys.executable, "-c", LOGGING, server.url, COOKIE, user]
        ran = subprocess.run(words, cwd=folder, capture_output=True, check=False, env=environment())
        port = server.server_address[1]
    text = ran.stdout.decode()

    assert (ran.returncode, ran.stderr) == (0, b"")
    assert leaked(text) == {}
    assert (
        f'INFO:httpx:HTTP Request: POST http://127.0.0.1:{port}{PATH} "HTTP/1.1 200 no ***' in text
    )
    assert "('Set-Cookie', '***')" in text
    assert len(re.findall(r"(?m)^TargetError\(", text)) == 3
    assert "INFO:httpx:after the run\n[[], []]\n" in text


def test_a_run_that_is_broken_off_tells_nothing(folder: Path) -> None:
    """Ctrl-C writes and prints what is known, and nothing else."""
    with serving(patience=40) as server:
        words = command("check", server.url, *SECRETS[:6], *REPORTS, "--verbose")
        # Nobody reads a pipe meanwhile, which would fill.
        with (
            (folder / "out").open("wb") as out,
            (folder / "err").open("wb") as err,
            subprocess.Popen(
                words, cwd=folder, stdout=out, stderr=err, env=environment()
            ) as process,
        ):
            assert server.waiting.wait(60)
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 130

    assert b"interrupted after" in (folder / "out").read_bytes()
    assert b"--- request#type/baseline" in (folder / "err").read_bytes()
    assert leaked(*written(folder)) == {}


def recorded(number: int, body: bytes, answer: tuple[int, str, bytes]) -> dict[str, Any]:
    """Return an entry of a HAR file."""
    status, label, content = answer
    user = f"{urllib.parse.quote(USER, safe='')}:{urllib.parse.quote(PASSWORD, safe='')}"
    headers = {
        "Content-Type": "application/json",
        "Authorization": f"Basic {VARIABLES_BASIC.decode()}",
        "Cookie": f"session={COOKIE}",
        "X-Auth": f"Bearer {HEADER}",
    }
    return {
        "request": {
            "method": "POST",
            "url": f"http://{user}@h{PATH}?key={QUERY}",
            "headers": [{"name": name, "value": value} for name, value in headers.items()],
            "postData": {"text": body.decode(), "mimeType": "application/json"},
        },
        "response": {
            "status": status,
            "headers": [{"name": "Content-Type", "value": label}],
            "content": {"text": base64.b64encode(content).decode(), "encoding": "base64"},
            "_error": f"{HEADER}",
        },
    }


def test_a_recording_is_judged_and_told_without_them(folder: Path) -> None:
    """What a browser recorded holds the same secrets, and the reports on it do not."""
    pinned = {**BASE, "clientSecret": PINNED}
    del pinned["device"]
    bodies = [
        json.dumps(pinned).encode(),
        json.dumps({**pinned, "b2bIds": [{"accessToken": MEMBER}]}, indent=1).encode(),
        json.dumps(pinned)[:-9].encode(),
        f"accessToken={MEMBER}&clientSecret={PINNED}".encode(),
    ]
    echo = f"{HEADER} {MEMBER} {COOKIE} {USER} {PASSWORD} {QUERY} {PINNED}"
    accepted = {"payload": echo, "response_code": 0, "response_message": {"token": ANSWERED}}
    answers = [
        (200, "application/json", json.dumps(accepted).encode()),
        (500, "text/plain", f"token={ANSWERED}; {echo}".encode()),
        (0, "", b""),
        (200, f"x/{HEADER}", b""),
    ]
    entries = [
        recorded(at, *pair) for at, pair in enumerate((a, b) for a in bodies for b in answers)
    ]
    (folder / "t.har").write_text(json.dumps({"log": {"entries": entries}}), encoding="utf-8")
    ran = done(folder, command("traffic", "t.har", *REPORTS))

    assert ran.returncode == 1
    assert b"$ENKASH_BODY_ACCESSTOKEN" in ran.stdout
    assert leaked(ran.stdout, ran.stderr, *written(folder)) == {}


def test_the_canaries_are_found_where_they_are() -> None:
    """The test can fail: each canary is found in each of its spellings, and alone."""
    for name, value in CANARIES.items():
        for told in spellings(value):
            assert list(leaked(b"x" + told + b"x")) == [name]
    assert leaked("nothing") == {}
    assert sorted(CANARIES) == sorted(
        "USER PASSWORD QUERY HEADER COOKIE MEMBER NESTED PINNED ANSWERED TOKEN".split()
    )
