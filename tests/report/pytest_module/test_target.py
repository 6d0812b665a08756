"""How the tests reach their target: an address from the environment, or an application."""

from __future__ import annotations

from dataclasses import replace

import pytest

from enkash_contract.contract.contract import bundled
from enkash_contract.contract.evidence import Evidence, Level
from enkash_contract.engine.plan import make_plan
from enkash_contract.engine.transport.connection import Connection
from enkash_contract.judging.finding import Finding
from enkash_contract.place import Place
from enkash_contract.report import About
from enkash_contract.report.pytest_module.target import kind_of, settings
from enkash_contract.report.reproduction import SANDBOX, Reproduction
from enkash_contract.wire.message import Interaction, Request

APPLICATIONS = "tests.support.implementations"
ABOUT = About(bundled(), bundled().pick(), "http://h")
PATH = f'PATH = "{ABOUT.operation.path}"'


def finding(request: Request) -> Finding:
    """Return a finding that came of `request`."""
    return Finding(
        check="c",
        operation=ABOUT.operation.id,
        rule="r",
        evidence=Evidence(Level.ASSUMED),
        severity="violation",
        message="m",
        document=Place("openapi/enkash.yaml", 1),
        interaction=Interaction(request, None),
    )


@pytest.mark.parametrize(
    ("application", "kind"),
    [
        ("", "url"),
        (SANDBOX, "asgi"),
        (f"{APPLICATIONS}.fastapi_app:app", "asgi"),
        (f"{APPLICATIONS}.wsgi_app:app", "wsgi"),
    ],
)
def test_a_target_is_of_one_kind(application: str, kind: str) -> None:
    """Without an application it is an address."""
    about = replace(ABOUT, reproduction=Reproduction(application=application))

    assert kind_of(about) == kind


def test_recorded_requests_have_no_address_of_their_own() -> None:
    """They may have changed something, so that a person has to name where to send them."""
    first, *others = settings([], ABOUT, "url")

    assert first == 'URL = variable("ENKASH_URL")'
    assert others == [
        PATH,
        "TIMEOUT = 10",
        "CLIENT = httpx.Client(timeout=TIMEOUT, limits=httpx.Limits(max_keepalive_connections=0))",
    ]


def test_the_address_of_a_run_is_the_default() -> None:
    """With the run's timeout, and with the headers, the query and the user of its requests."""
    plan = make_plan(connection=Connection(headers={"X-Key": "canary"}, timeout=2.5))
    request = Request("POST", "http://me:canary@h/?key=canary", (("X-Other", "canary"),), b"{}")
    lines = list(settings([finding(request)], replace(ABOUT, plan=plan), "url"))

    assert lines[:3] == [
        'URL = os.environ.get("ENKASH_URL", "http://h")',
        PATH,
        "TIMEOUT = 2.5",
    ]
    assert [line.strip() for line in lines[3].splitlines()] == [
        "CLIENT = httpx.Client(",
        "timeout=TIMEOUT,",
        "limits=httpx.Limits(max_keepalive_connections=0),",
        'headers={"X-Key": variable("ENKASH_X_KEY"), "X-Other": variable("ENKASH_X_OTHER")},',
        'params=variable("ENKASH_QUERY"),',
        'auth=tuple(variable("ENKASH_USER").split(":", 1)),',
        ")",
    ]


def test_an_application_is_imported_by_name() -> None:
    """It is called in the process of the tests, WSGI through a transport of its own."""
    application = f"{APPLICATIONS}.wsgi_app:app"
    about = replace(ABOUT, reproduction=Reproduction(application=application))

    assert list(settings([], about, "wsgi")) == [
        f'APP = import_module("{APPLICATIONS}.wsgi_app").app',
        'URL = "http://in-process"',
        PATH,
        "TIMEOUT = 10",
        "CLIENT = httpx.Client(transport=httpx.WSGITransport(APP))",
    ]


def test_the_embedded_sandbox_is_made() -> None:
    """At the level of evidence of its run, where that is not as usual."""
    about = replace(ABOUT, reproduction=Reproduction(application=SANDBOX))
    strict = replace(about, plan=make_plan(fail_on="assumed"))

    assert next(settings([], about, "asgi")) == "APP = Sandbox()"
    assert next(settings([], strict, "asgi")) == 'APP = Sandbox(fail_on="assumed")'
