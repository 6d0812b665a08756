"""The pytest plugin: options and fixtures, and nothing else until one of them is used.

Every pytest run of everyone who installed this package imports this module, so it imports only
pytest, which is there already. The items stand in `pytest_items`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.answering import Answer
    from enkash_contract.contract import Contract
    from enkash_contract.pytest_sandbox import ScriptedSandbox, Server
    from enkash_contract.result import Result

LEVELS = ("confirmed", "documented", "example", "sibling", "observed", "assumed")
"""The levels of evidence by name; a test keeps them those of `evidence.Level`."""


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this plugin."""
    group = parser.getgroup("enkash", "contract of Enkash's invoice API")
    group.addoption("--enkash-url", metavar="URL", help="Check the implementation at this address.")
    group.addoption(
        "--enkash-app",
        metavar="MODULE:ATTRIBUTE",
        help="Check this ASGI or WSGI application in this process.",
    )
    group.addoption(
        "--enkash-base",
        metavar="FILE",
        help="A JSON payload that the implementation accepts; all cases derive from it.",
    )
    group.addoption(
        "--enkash-fail-on",
        metavar="LEVEL",
        choices=LEVELS,
        default="sibling",
        help="The weakest evidence on which a finding fails: %(choices)s (default: %(default)s).",
    )
    group.addoption(
        "--enkash-overlay",
        metavar="FILE",
        action="append",
        default=[],
        help="Lay an OpenAPI overlay on the bundled document; may be repeated, applied in order.",
    )


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add an item for each rule and polarity, where a target was named."""
    targets = (config.getoption("enkash_url"), config.getoption("enkash_app"))
    if targets != (None, None):
        from enkash_contract import pytest_items  # noqa: PLC0415 - only those who use it pay

        added = list(pytest_items.collect(session))
        items += added
        # Told like any other collector's, so that pytest counts them among what it collected.
        report = pytest.CollectReport("enkash contract", "passed", None, [*added])
        config.hook.pytest_collectreport(report=report)
        session.testscollected += len(added)


@pytest.fixture(scope="session")
def enkash_contract(pytestconfig: pytest.Config) -> Contract:
    """Return the contract, with the overlays named by --enkash-overlay."""
    from enkash_contract import contract  # noqa: PLC0415 - as above

    return contract.load(*pytestconfig.getoption("enkash_overlay"))


@pytest.fixture
def check_enkash(
    pytestconfig: pytest.Config, enkash_contract: Contract, request: pytest.FixtureRequest
) -> Callable[[Any], Result]:
    """Return a function that judges a response of httpx, requests or Starlette with its request.

    It fails the test when the pair violates the contract, and returns the result otherwise.
    """

    def check(response: Any, *, operation: str | None = None) -> Result:
        from enkash_contract import pytest_items  # noqa: PLC0415 - as above

        __tracebackhide__ = True
        level = pytestconfig.getoption("enkash_fail_on")
        result, report = pytest_items.judge_response(
            response, enkash_contract, operation, level, request.node.nodeid
        )
        if result.violations:
            pytest.fail(report, pytrace=False)
        return result

    return check


# Tests of clients: the machinery stands in `pytest_marks` and `pytest_sandbox`.

SECTION = "Captured enkash assumptions teardown"
"""The section of a test's report that holds what rests on weak evidence; a test keeps it so."""


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker."""
    config.addinivalue_line(
        "markers",
        "enkash(answers=..., expect_violation=...): which answers enkash_answer goes through "
        '("right", "wrong", ids or globs), and which rule the requests of the test break on '
        "purpose.",
    )


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses `enkash_answer` once for each answer."""
    if "enkash_answer" in metafunc.fixturenames:
        from enkash_contract import pytest_marks  # noqa: PLC0415 - only those who use it pay

        pytest_marks.parametrise(metafunc)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Tell markers that say nothing."""
    marked = [item for item in session.items if item.get_closest_marker("enkash")]
    if marked:
        from enkash_contract import pytest_marks  # noqa: PLC0415 - as above

        pytest_marks.report_mistakes(session, marked)


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Show what tests sent that breaks rules of weak evidence; it fails none of them."""
    shown: dict[str, list[str]] = {}
    for report in (one for reports in terminalreporter.stats.values() for one in reports):
        for name, text in getattr(report, "sections", ()):
            if name == SECTION and report.when == "teardown":
                for line in text.splitlines():
                    shown.setdefault(line, []).append(report.nodeid)
    if shown:
        terminalreporter.section("enkash assumptions")
        for line, tests in shown.items():
            more = f" and {len(tests) - 1} more" if len(tests) > 1 else ""
            terminalreporter.line(f"{min(tests)}{more}: {line}")


@pytest.fixture(scope="session")
def _enkash_server(pytestconfig: pytest.Config, enkash_contract: Contract) -> Iterator[Server]:
    from enkash_contract import pytest_sandbox  # noqa: PLC0415 - as above

    with pytest_sandbox.serving(pytestconfig, enkash_contract) as server:
        yield server


@pytest.fixture
def enkash_sandbox(
    request: pytest.FixtureRequest, _enkash_server: Server
) -> Iterator[ScriptedSandbox]:
    """Return a real server on loopback, for a test of a client.

    It answers as the contract says, or as `answers(...)` scripts; `url` is its address, and
    `interactions` holds what it was sent. What breaks the contract fails the test when it ends.
    """
    from enkash_contract import pytest_sandbox  # noqa: PLC0415 - as above

    with pytest_sandbox.used_by(request.node, _enkash_server) as sandbox:
        yield sandbox


@pytest.fixture
def enkash_answer(request: pytest.FixtureRequest, enkash_sandbox: ScriptedSandbox) -> Answer:
    """Run the test once for each right and each wrong answer, which the sandbox gives throughout.

    `@pytest.mark.enkash(answers="wrong")` narrows them down: "right", "wrong", ids or globs.
    """
    from enkash_contract import pytest_sandbox  # noqa: PLC0415 - as above

    return pytest_sandbox.answer_for(request, enkash_sandbox)
