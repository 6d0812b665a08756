"""Certificates of a bank's own, of the client's own, and proxies: by httpx's conventions."""

from __future__ import annotations

import base64
import ssl
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest
import trustme
from click.testing import CliRunner

import enkash_contract as ec
from enkash_contract.cli.main import main
from enkash_contract.engine import pauses
from enkash_contract.engine.pauses import TRIES
from enkash_contract.engine.transport import client
from enkash_contract.errors import TargetError, UsageError
from tests.support.faults import Faults
from tests.support.faulty import HOST, faulty
from tests.support.live_runs import verdicts
from tests.support.proxying import proxy

if TYPE_CHECKING:
    from pathlib import Path

ONLY = ("request/b2bIds#required",)
HELD = {"held": 7}
DIRECT = ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR")


@dataclass(frozen=True)
class Trust:
    """An authority that nobody else knows, what it issued, and where that lies."""

    authority: trustme.CA
    server: ssl.SSLContext
    ca: str
    cert: str
    key: str
    both: str


@pytest.fixture(scope="module")
def trust(tmp_path_factory: pytest.TempPathFactory) -> Trust:
    """Issue certificates for a server on loopback and for one client."""
    folder = tmp_path_factory.mktemp("certificates")
    authority = trustme.CA()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    authority.issue_cert(HOST).configure_cert(context)
    client = authority.issue_cert("client@bank.example")
    paths = {name: folder / f"{name}.pem" for name in ("ca", "cert", "key", "both")}
    authority.cert_pem.write_to_path(str(paths["ca"]))
    client.cert_chain_pems[0].write_to_path(str(paths["cert"]))
    client.private_key_pem.write_to_path(str(paths["key"]))
    client.private_key_and_cert_chain_pem.write_to_path(str(paths["both"]))
    return Trust(authority, context, *(str(path) for path in paths.values()))


@pytest.fixture(autouse=True)
def _undirected(monkeypatch: pytest.MonkeyPatch) -> None:
    """Begin without the proxies and certificates of whoever runs the tests, and wait little."""
    monkeypatch.setattr(client, "BACKOFF", 0.0125)
    monkeypatch.setattr(pauses, "FIRST", 0.01)
    for name in DIRECT:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.lower(), raising=False)


def demanding(trust: Trust) -> ssl.SSLContext:
    """Return a server's side that wants a certificate of the client's own."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    trust.authority.issue_cert(HOST).configure_cert(context)
    trust.authority.configure_trust(context)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def test_a_private_authority_is_believed_when_named(trust: Trust) -> None:
    """With `ca`, a server is believed whose certificate the system does not know."""
    with faulty(Faults(), tls=trust.server) as server:
        result = ec.check_target(server.url, only=ONLY, ca=trust.ca)
    assert server.url.startswith("https://")
    assert (verdicts(result), result.notes) == (HELD, ())


def test_a_private_authority_is_not_believed_unnamed(trust: Trust) -> None:
    """Without it the command ends with one line that says what to do, and 2."""
    with faulty(Faults(), tls=trust.server) as server:
        done = CliRunner().invoke(main, ["check", server.url, "--only", ONLY[0]])
    # Python's own line number in between is none of ours.
    before, _, after = done.output.partition(" (_ssl.c:")
    assert (done.exit_code, before, after.partition(")")[2]) == (
        2,
        f"error: {server.url} cannot be reached ([SSL: CERTIFICATE_VERIFY_FAILED] certificate "
        "verify failed: unable to get local issuer certificate",
        "); name the certificates to believe it by with --ca FILE\n",
    )
    assert (server.heard, server.happened) == (0, {"no handshake": 1})


def test_another_authority_is_not_believed(trust: Trust, tmp_path: Path) -> None:
    """`ca` takes the place of the usual authorities, and another one does not do."""
    other = tmp_path / "other.pem"
    trustme.CA().cert_pem.write_to_path(str(other))
    with faulty(Faults(), tls=trust.server) as server, pytest.raises(TargetError) as caught:
        ec.check_target(server.url, only=ONLY, ca=str(other))
    assert str(caught.value).endswith("; name the certificates to believe it by with --ca FILE")


@pytest.mark.parametrize("together", [False, True])
def test_a_client_certificate_is_shown(trust: Trust, *, together: bool) -> None:
    """With `cert` and `key`, in two files or in one, the client is let in."""
    files: dict[str, Any] = (
        {"cert": trust.both} if together else {"cert": trust.cert, "key": trust.key}
    )
    with faulty(Faults(), tls=demanding(trust)) as server:
        result = ec.check_target(server.url, only=ONLY, ca=trust.ca, **files)
    assert verdicts(result) == HELD


def test_a_client_certificate_is_missing(trust: Trust) -> None:
    """Without one the command ends with one line, and 2; nothing was heard."""
    with faulty(Faults(), tls=demanding(trust)) as server:
        words = ["check", server.url, "--only", ONLY[0], "--ca", trust.ca]
        done = CliRunner().invoke(main, words)
    assert (done.exit_code, done.output.count("\n"), server.heard) == (2, 1, 0)
    assert done.output.startswith(f"error: {server.url} ")
    assert "--cert" in done.output


@pytest.mark.parametrize("given", ["ca", "cert"])
def test_a_file_that_holds_no_certificate(given: str, tmp_path: Path, trust: Trust) -> None:
    """What is named and is not there, or holds something else, is one clear error."""
    other = tmp_path / "other.pem"
    options: dict[str, Any] = {"ca": trust.ca, given: str(other)}
    for content in (None, "nothing"):
        if content is not None:
            other.write_text(content)
        with pytest.raises(UsageError) as caught:
            ec.check_target("https://127.0.0.1:1", only=ONLY, **options)
        what, _, remedy = str(caught.value).partition("; ")
        assert what.startswith(f"--{given} {other}: ")
        assert remedy.startswith("name a ")
        assert remedy.endswith(" in PEM")


def test_the_environment_names_the_authority(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    """SSL_CERT_FILE is honoured, as everywhere in httpx."""
    monkeypatch.setenv("SSL_CERT_FILE", trust.ca)
    with faulty(Faults(), tls=trust.server) as server:
        result = ec.check_target(server.url, only=ONLY)
    assert verdicts(result) == HELD


@pytest.mark.usefixtures("brisk")
def test_faults_behind_tls(trust: Trust) -> None:
    """What is lost or late on an encrypted connection is sent again as on any other."""
    faults = Faults(failing={"reset": 0.3, "close": 0.2, "busy": 0.2}, forms={"http10": 0.3})
    with faulty(faults, tls=trust.server) as server:
        result = ec.check_target(server.url, only=ONLY, ca=trust.ca, workers=4)
    assert verdicts(result) == HELD
    assert server.happened["reset"] + server.happened["close"] > 0


def test_the_environment_names_a_proxy(trust: Trust, monkeypatch: pytest.MonkeyPatch) -> None:
    """HTTPS_PROXY is honoured: a tunnel is asked for, and the certificate at its end looked at."""
    with faulty(Faults(), tls=trust.server) as server, proxy() as (url, asked):
        monkeypatch.setenv("HTTPS_PROXY", url)
        result = ec.check_target(server.url, only=ONLY, ca=trust.ca)
        with pytest.raises(TargetError):
            ec.check_target(server.url, only=ONLY)
    assert verdicts(result) == HELD
    host = server.url.removeprefix("https://")
    assert {*asked} == {f"CONNECT {host} HTTP/1.1"}


def test_the_environment_names_what_needs_no_proxy(
    trust: Trust, monkeypatch: pytest.MonkeyPatch
) -> None:
    """NO_PROXY is honoured, too."""
    with faulty(Faults(), tls=trust.server) as server, proxy() as (url, asked):
        monkeypatch.setenv("HTTPS_PROXY", url)
        monkeypatch.setenv("NO_PROXY", HOST)
        result = ec.check_target(server.url, only=ONLY, ca=trust.ca)
    assert (verdicts(result), asked) == (HELD, [])


def test_a_proxy_is_given() -> None:
    """With `proxy`, requests to an http address are sent to it whole, whatever the workers."""
    with faulty(Faults()) as server, proxy() as (url, asked):
        result = ec.check_target(server.url, only=ONLY, proxy=url, workers=4)
    assert verdicts(result) == HELD
    path = ec.cases()[0].path
    assert {*asked} == {f"POST {server.url}{path} HTTP/1.1"}
    assert len(asked) == server.heard


def test_a_proxy_wants_credentials() -> None:
    """The user in the proxy's address is shown to the proxy, and nowhere else."""
    words = base64.b64encode(b"user:canary").decode()
    with faulty(Faults()) as server, proxy(words) as (url, _):
        given = url.replace("http://", "http://user:canary@")
        result = ec.check_target(server.url, only=ONLY, proxy=given)
    assert verdicts(result) == HELD


@pytest.mark.parametrize("user", ["", "user:canary@"])
@pytest.mark.parametrize("scheme", ["http", "https"])
def test_a_proxy_refuses(scheme: str, user: str) -> None:
    """Whoever is not let through by the proxy is told so, without the password, and no rule is."""
    with proxy("others") as (url, asked):
        given = url.replace("http://", f"http://{user}")
        words = ["check", f"{scheme}://bank.example", "--only", ONLY[0], "--proxy", given]
        done = CliRunner().invoke(main, words)
    assert done.exit_code == (3 if scheme == "http" else 2)
    assert ("407" in done.output, "canary" in done.output) == (True, False)
    assert not [line for line in done.output.splitlines() if line.startswith("assumption")]
    # A tunnel that is refused may have failed by chance.
    assert len(asked) == (1 if scheme == "http" else TRIES)
