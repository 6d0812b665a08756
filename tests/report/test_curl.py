"""A finding can be shown again: the line that is printed sends the same request, and no secret."""

from __future__ import annotations

import contextlib
import http.server
import os
import re
import subprocess
import threading
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner
from hypothesis import example, given, settings
from hypothesis import strategies as st

from enkash_contract.cli.main import main
from enkash_contract.generation import suite
from enkash_contract.report.curl import curl, shell_word, target_words
from enkash_contract.sandbox.server import in_background
from enkash_contract.secrets import redaction
from enkash_contract.secrets.redaction import Secrets
from enkash_contract.wire.message import Request

if TYPE_CHECKING:
    from collections.abc import Iterator

ANSWER = b'{"payload":"SUCCESS","response_code":0,"response_message":"SUCCESS"}'
ANSWER_LABEL = (b"content-type", b"application/json")

Sent = tuple[str, str, str | None, bytes]
"""What arrives of a request: method, path with query, content types and body."""


class Recorder(http.server.BaseHTTPRequestHandler):
    """Keeps what it is sent, whatever the method."""

    protocol_version = "HTTP/1.1"
    server: Server

    def keep(self) -> None:
        """Note the request and answer that it was noted."""
        if self.headers.get("Transfer-Encoding") == "chunked":
            body = b""
            while size := int(self.rfile.readline(), 16):
                body += self.rfile.read(size)
                self.rfile.readline()
            self.rfile.readline()
        else:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        labels = self.headers.get_all("Content-Type")
        label = None if labels is None else ", ".join(labels)
        self.server.sent.append((self.command, self.path, label, body))
        self.server.headers.append(dict(self.headers))
        self.send_response(204)
        self.end_headers()

    def __getattr__(self, name: str) -> object:
        if name.startswith("do_"):
            return self.keep
        raise AttributeError(name)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base names it so
        """Write nothing."""


class Server(http.server.ThreadingHTTPServer):
    """A server that remembers."""

    def __init__(self) -> None:
        super().__init__(("127.0.0.1", 0), Recorder)
        self.sent: list[Sent] = []
        self.headers: list[dict[str, str]] = []

    @property
    def url(self) -> str:
        """Where it is served."""
        return f"http://127.0.0.1:{self.server_address[1]}/in"


@pytest.fixture
def server() -> Iterator[Server]:
    """Serve on loopback for one test."""
    with serving() as found:
        yield found


@contextlib.contextmanager
def serving() -> Iterator[Server]:
    """Serve on a free loopback port."""
    with Server() as found:
        thread = threading.Thread(target=found.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        try:
            yield found
        finally:
            found.shutdown()
            thread.join()


def run(*lines: str, **variables: str) -> str:
    """Run the lines as a person would paste them, and return what they print."""
    environment = {"PATH": os.environ["PATH"], "NO_PROXY": "*", **variables}
    script = "\n".join(("set -eu", *lines))
    done = subprocess.run(
        ["bash"],  # noqa: S607 - whichever a person would paste into
        input=script,
        capture_output=True,
        encoding="utf-8",
        check=True,
        env=environment,
    )
    assert done.stderr == ""
    return done.stdout


EVERY = pytest.mark.parametrize("step", [pytest.param(1, marks=pytest.mark.slow), 7])
"""Each line is a process: all are run where time is no matter, and one in seven always."""


def media_labels(request: Request) -> list[str]:
    """Return the values of all fields that label the content."""
    return [value for name, value in request.headers if name == "Content-Type"]


def test_what_says_how_a_body_is_sent_arrives(server: Server) -> None:
    """Chunks, and a question before the body, are asked of curl as a case has them."""
    named = {case.id: case.request(server.url) for case in suite.cases()}
    chunked, expect = (named[f"request#json/{way}"] for way in ("chunked", "expect-continue"))
    run(curl(chunked), curl(expect))

    assert {body for _, _, _, body in server.sent} == {chunked.body}
    assert [headers.get("Transfer-Encoding") for headers in server.headers] == ["chunked", None]
    assert [headers.get("Expect") for headers in server.headers] == [None, "100-continue"]


@pytest.mark.unmeasured
@EVERY
def test_each_case_arrives_as_it_was_sent(server: Server, step: int) -> None:
    """Method, path, media types, length and bytes of a case arrive as the case has them."""
    requests = [case.request(server.url) for case in suite.cases()[::step]]
    lines = [curl(request) for request in requests]
    run(*lines)

    assert server.sent == [
        (one.method, one.path, ", ".join(media_labels(one)) or None, one.body) for one in requests
    ]
    sized = ["Content-Length" in headers for headers in server.headers]
    assert sized == [one.sized for one in requests]
    # However long a body is, its line can be read.
    assert max(map(len, lines)) < 4_000


BODIES = [
    b"",
    b"@/etc/hostname",
    b'it\'s "quoted" $HOME `id` !! \\n %s',
    b"-n\n",
    b"--\0\n%s\\",
    "é 发票 🧾".encode(),
    b"\xff\xfe",
    b"tab\there\r\n",
    "\u202e".encode(),
]


@pytest.mark.parametrize("body", BODIES)
def test_any_body_arrives(server: Server, body: bytes) -> None:
    """Nothing in a body is taken for a file, an option, a format or a command."""
    run(curl(Request("POST", server.url, (("content-type", "a/b; c=d"),), body)))

    assert server.sent == [("POST", "/in", "a/b; c=d", body)]


@given(st.lists(st.binary(max_size=20) | st.text(max_size=20).map(str.encode), max_size=10))
@example([bytes(range(256))])
@settings(max_examples=15)
def test_all_bodies_arrive(bodies: list[bytes]) -> None:
    """Whatever the bytes, they are the same on the other side."""
    with serving() as server:
        run(*(curl(Request("PUT", server.url, (), body)) for body in bodies))

    assert server.sent == [("PUT", "/in", None, body) for body in bodies]


def test_a_body_that_is_no_line_is_still_readable() -> None:
    """Only what a shell or a terminal would take for something else is written as a number."""
    assert curl(Request("POST", "http://h/x", (), '{"a":\n"é\'%\\"}'.encode())) == (
        """printf -- '{"a":\\012"\\303\\251\\047\\045\\134"}' """
        "| curl -sS -i -X POST http://h/x -H Content-Type: --data-binary @-"
    )


def test_a_body_that_is_not_known_is_not_sent(server: Server) -> None:
    """A request whose body was not recorded is repeated without one."""
    run(curl(Request("DELETE", server.url, (), None)))

    assert server.sent == [("DELETE", "/in", None, b"")]


SECRETS = Request(
    "POST",
    "https://me:canary@api.example/path%20x/'?key=canary#canary",
    (
        (":authority", "api.example"),
        ("Host", "api.example"),
        ("content-type", "application/json"),
        ("Authorization", "Bearer canary"),
        ("Cookie", "id=canary"),
        ("X-Api.Key", "canary"),
        ("Sec-Fetch-Site", "canary"),
        ("User-Agent", "canary"),
        ("Réf", "canary"),
    ),
    b"{}",
)


def test_no_secret_is_shown() -> None:
    """Credentials become variables, in headers and in the query; the line is pinned as a whole."""
    assert curl(SECRETS) == (
        'curl -sS -i -X POST -u "$ENKASH_USER" '
        "'https://api.example/path%20x/'\"'\"''\"?$ENKASH_QUERY\" "
        "-H 'Content-Type: application/json' "
        '-H "Authorization: $ENKASH_AUTHORIZATION" '
        '-H "Cookie: $ENKASH_COOKIE" '
        "-H 'X-Api.Key: '\"$ENKASH_X_API_KEY\" "
        "-H 'Réf: '\"$ENKASH_R_F\" "
        "--data-binary '{}'"
    )


def test_variables_are_filled_in_by_the_shell(server: Server) -> None:
    """With the variables set, headers and query arrive with their values."""
    headers = (("Authorization", "Bearer x"), ("X-Api.Key", "x"), ("Cookie", "x"))
    address = server.url.replace("//", "//me:secret@") + "?key=x"
    request = Request("POST", address, headers, b"{}")
    run(
        curl(request),
        ENKASH_AUTHORIZATION="Bearer $1 '\"",
        ENKASH_X_API_KEY="two words",
        ENKASH_COOKIE="a=b",
        ENKASH_USER="you:pass word",
        ENKASH_QUERY="key=3&x=a b".replace(" ", "%20"),
    )
    arrived = server.headers[0]

    assert server.sent == [("POST", "/in?key=3&x=a%20b", None, b"{}")]
    assert {name: arrived[name] for name, _ in headers} == {
        "Authorization": "Bearer $1 '\"",
        "X-Api.Key": "two words",
        "Cookie": "a=b",
    }


@pytest.mark.parametrize("nasty", ["$(echo HACKED)", "`echo HACKED`", '";echo HACKED;"', "'x"])
def test_a_recording_cannot_smuggle_a_command(server: Server, nasty: str) -> None:
    """Method, address, media type and header names of a recording are only ever text."""
    label = (("content-type", f"a/b{nasty}"), (f"X-{nasty}", "v"))
    line = curl(Request(f"POST{nasty}", f"{server.url}/{nasty}", label, nasty.encode()))
    words = run(f"set +u; printf '%s\\n' {line}")

    assert words.splitlines()[4:7] == [f"POST{nasty}", f"{server.url}/{nasty}", "-H"]
    assert "HACKED" not in words.replace(nasty, "")


BODY = b'{"accessToken":"canary-1","a":{"otp":123456},"b":"\xc3\xa9"}'


@pytest.mark.parametrize("end", [b"", b"\n", b"\xff", b"x" * 2_000, b" -- '%s' \\"])
def test_secrets_of_a_body_are_filled_in_by_the_shell(server: Server, end: bytes) -> None:
    """Whatever else is in a body, its secrets are not shown, and arrive as the variables say."""
    line = curl(Request("POST", server.url, (), BODY + end))
    run(line, ENKASH_BODY_ACCESSTOKEN="canary-2 '$x`\\%s", ENKASH_BODY_OTP="7")

    assert {"canary", "123456"} & {*re.findall(r"canary|\d{6}", line)} == set()
    expected = BODY.replace(b"canary-1", b"canary-2 '$x`\\%s").replace(b"123456", b"7") + end
    assert server.sent == [("POST", "/in", None, expected)]


def test_a_secret_in_a_body_as_a_line() -> None:
    """The line is pinned as a whole."""
    assert curl(Request("POST", "http://h/x", (), BODY)) == (
        "curl -sS -i -X POST http://h/x -H Content-Type: --data-binary "
        """'{"accessToken":"'"$ENKASH_BODY_ACCESSTOKEN"'","a":{"otp":'"$ENKASH_BODY_OTP"'},"""
        """"b":"é"}'"""
    )


def test_a_body_that_is_a_secret_is_never_a_file(server: Server) -> None:
    """A variable may hold a text that curl takes for a file's name."""
    secrets = Secrets()
    secrets.add("canary", "X-Key")
    run(
        curl(Request("POST", server.url, (), b"canary"), secrets),
        ENKASH_BODY_X_KEY="@/etc/hostname",
    )

    assert server.sent == [("POST", "/in", None, b"@/etc/hostname")]


def test_words_of_a_command_hold_no_secret(server: Server) -> None:
    """What is known has its variable, what is not is hidden; a user is sent as a header."""
    secrets = redaction.of_request(Request("POST", "http://h", (), BODY))
    words = target_words(server.url.replace("//", "//me:canary@") + "?key=canary")
    line = f"curl -sS {' '.join(words)}"
    run(line, ENKASH_USER="me:pass word", ENKASH_QUERY="key=3")

    assert shell_word("/accessToken=canary-1", secrets) == (
        '/accessToken="$ENKASH_BODY_ACCESSTOKEN"'
    )
    assert shell_word("/password=canary", secrets) == "'/password=***'"
    assert shell_word("a b", secrets) == "'a b'"
    assert shell_word("", secrets) == "''"
    assert target_words("http://h/a@b") == ["http://h/a@b"]
    assert "canary" not in line
    assert server.sent == [("GET", "/in?key=3", None, b"")]
    assert server.headers[0]["Authorization"] == "Basic bWU6cGFzcyB3b3Jk"


@pytest.mark.unmeasured
@EVERY
def test_every_line_of_a_report_runs_as_it_stands(step: int) -> None:
    """Pasted as they are printed, the lines send what the run sent, and are answered the same."""
    heard: list[tuple[str, str, list[bytes], bytes]] = []

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] != "http":
            return
        body, more = b"", True
        while more:
            message = await receive()
            body += message.get("body", b"")
            more = message.get("more_body", False)
        labels = [value for name, value in scope["headers"] if name == b"content-type"]
        heard.append((scope["method"], scope["raw_path"].decode(), labels, body))
        await send({"type": "http.response.start", "status": 200, "headers": [ANSWER_LABEL]})
        await send({"type": "http.response.body", "body": ANSWER})

    with in_background(app) as url:
        words = ["check", url, "--fail-on", "assumed", "-H", "Authorization: Bearer canary"]
        words.append("--full")
        printed = CliRunner().invoke(main, words).stdout
        asked, heard[:] = sorted(heard), []
        lines = re.findall(r"^ +reproduce: (.*)$", printed, re.MULTILINE)
        chosen = lines[::step]
        answers = run(*chosen, ENKASH_AUTHORIZATION="Bearer canary")

    wrong = [case for case in suite.cases() if case.polarity == "reject"]
    missed = {case.id for case in wrong} - set(
        re.findall(r"^violation \S+ (\S+)", printed, re.MULTILINE)
    )
    # An answer to HEAD has no body, and so accepts nothing.
    assert missed == {"request#method/HEAD"}
    assert len(lines) == len(wrong) - 1
    assert [one for one in heard if one not in asked] == []
    assert len(heard) == len(chosen) == answers.count("HTTP/1.1 200 OK")
    assert "canary" not in printed
