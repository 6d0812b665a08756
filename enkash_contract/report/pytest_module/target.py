"""How the tests reach their target: the assignments at the top of a module of tests."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.contract.operation import TO_ENKASH
from enkash_contract.engine.transport import applications
from enkash_contract.engine.transport.connection import TIMEOUT
from enkash_contract.report.curl import secret_headers, variable
from enkash_contract.report.pytest_module.source import STEP, call, quoted
from enkash_contract.report.reproduction import SANDBOX

if TYPE_CHECKING:
    from collections.abc import Iterator

    from enkash_contract.judging.finding import Finding
    from enkash_contract.report import About
    from enkash_contract.wire.message import Request


def kind_of(about: About) -> str:
    """Return how the target is reached: by `url`, or as an `asgi` or `wsgi` application."""
    if not about.reproduction.application:
        return "url"
    if about.reproduction.application == SANDBOX:
        return "asgi"
    application, source = applications.find(about.reproduction.application)
    return "asgi" if applications.is_asgi(application, source) else "wsgi"


def settings(chosen: list[Finding], about: About, kind: str) -> Iterator[str]:
    """Yield the assignments: where requests go, and what goes with them."""
    if kind == "url":
        yield f"URL = {_address(about)}"
    else:
        yield f"APP = {_application(about)}"
        yield f"URL = {quoted('http://in-process')}"
    yield f"PATH = {quoted(about.operation.path)}"
    yield f"TIMEOUT = {about.plan.timeout if about.plan else TIMEOUT:g}"
    requests = [finding.interaction.request for finding in chosen if finding.interaction]
    yield call("CLIENT = httpx.Client", list(_of_client(requests, about, kind)))


def _address(about: About) -> str:
    # A recorded request may have changed something: it is sent nowhere without an address given.
    if about.plan is None:
        return read("ENKASH_URL")
    return f"os.environ.get({quoted('ENKASH_URL')}, {quoted(about.target)})"


def read(name: str) -> str:
    """Return the call that reads an environment variable, or skips what needs it."""
    return f"variable({quoted(name)})"


def _application(about: About) -> str:
    if about.reproduction.application != SANDBOX:
        module, _, attribute = about.reproduction.application.partition(":")
        return f"import_module({quoted(module)}).{attribute}"
    overlays = ", ".join(map(quoted, about.contract.document.layers[1:]))
    level = about.plan.fail_on if about.plan else FAIL_ON
    arguments = [f"contract=load({overlays})"] if overlays else []
    arguments += [] if _goes_without_saying(about) else [f"operation={quoted(about.operation.id)}"]
    arguments += [f"fail_on={quoted(level.value)}"] if level != FAIL_ON else []
    return f"Sandbox({', '.join(arguments)})"


def _goes_without_saying(about: About) -> bool:
    """Whether a sandbox of the contract serves the operation without being asked for it."""
    return about.operation is about.contract.default and about.operation.direction == TO_ENKASH


def _of_client(requests: list[Request], about: About, kind: str) -> Iterator[str]:
    if kind == "wsgi":
        yield "transport=httpx.WSGITransport(APP)"
    if kind == "url":
        yield "timeout=TIMEOUT"
        # A connection for each request: none can be closed by the server just when it is used.
        yield "limits=httpx.Limits(max_keepalive_connections=0)"
    names = dict.fromkeys(about.plan.headers if about.plan else ())
    names |= dict.fromkeys(name for request in requests for name in secret_headers(request))
    if names:
        pairs = [f"{quoted(name)}: {read(variable(name))}" for name in names]
        yield call("headers=", pairs, STEP, "{}").lstrip()
    urls = [urlsplit(request.url) for request in requests]
    if any(url.query for url in urls):
        yield f"params={read('ENKASH_QUERY')}"
    if any(url.username for url in urls):
        yield f"auth=tuple({read('ENKASH_USER')}.split({quoted(':')}, 1))"
