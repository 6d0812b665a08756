"""The pytest plugin: options and fixtures, and nothing else until one of them is used.

Every pytest run of everyone who installed this package imports this module, so it imports only
pytest, which is there already. The items stand in `pytest_items`.
"""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING, Any

import pytest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from enkash_contract.contract.contract import Contract
    from enkash_contract.generation.responses import Answer
    from enkash_contract.judging.result import Result
    from enkash_contract.pytest_plugin.scripted_sandbox import ScriptedSandbox, Server

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
    _options_of_items(parser, group)


# Items of the contract and of recordings, and what is told of all of them at the end


RECORDED = (".har", ".json", ".yaml", ".yml")
"""The endings of recordings; a test keeps them those of `traffic.FORMATS`."""


class Found:
    """What this run found, brought by the reports of its tests, from whichever worker."""

    def __init__(self) -> None:
        self.data: list[Any] = []

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what a report brings."""
        data = getattr(report, "enkash", None)
        if data is not None:
            self.data += data


_FOUND = pytest.StashKey[Found]()
_TREE = pytest.StashKey[Any]()


def _options_of_items(parser: pytest.Parser, group: Any) -> None:
    group.addoption(
        "--enkash",
        action="store_true",
        help="Check the implementation that the fixture enkash_target returns.",
    )
    group.addoption(
        "--enkash-case", metavar="ID", help="Send the baseline and this one case, nothing else."
    )
    group.addoption(
        "--enkash-report",
        metavar="FORMAT=PATH",
        action="append",
        default=[],
        help="Also write what was found to a file, e.g. json=result.json; may be repeated.",
    )
    group.addoption(
        "--enkash-cassettes",
        action="store_true",
        help="Judge each cassette of vcrpy that a test uses; a violation fails the test.",
    )
    group.addoption(
        "--enkash-waivers",
        metavar="FILE",
        help="Let pass what the [[waiver]] tables of this configuration file agree on.",
    )
    help_ = "Recordings to judge (.har, .json, .yaml): globs, from the root folder."
    parser.addini("enkash_recordings", help_, type="args", default=[])


def _is_on(config: pytest.Config) -> bool:
    option = config.option
    return bool(
        option.enkash
        or option.enkash_case is not None
        or (option.enkash_url, option.enkash_app) != (None, None)
        or any(word.startswith("enkash contract") for word in config.args)
    )


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker, begin to listen to reports, and load what the options ask for."""
    config.addinivalue_line("markers", MARKER)
    config.stash[_FOUND] = Found()
    config.pluginmanager.register(config.stash[_FOUND])
    if config.option.enkash_report:
        from enkash_contract.pytest_plugin import summary

        summary.paths(config)
    if config.option.enkash_waivers is not None:
        from enkash_contract.pytest_plugin import waivers

        waivers.load(config)
    if config.option.enkash_cassettes:
        from enkash_contract.pytest_plugin import cassettes

        cassettes.watch(config)


MARKER = (
    "enkash(answers=..., expect_violation=...): which answers enkash_answer goes through "
    '("right", "wrong", ids or globs), and which rule the requests of the test break on purpose.'
)
"""What `pytest --markers` says."""


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Take out of what pytest looks for on disk the items that are named."""
    if _is_on(session.config):
        from enkash_contract.pytest_plugin import tree as pytest_tree

        session.config.stash[_TREE] = pytest_tree.Tree(session.config)


def pytest_collect_file(file_path: Any, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a recording that was named, or that the ini option matches."""
    if file_path.suffix.lower() not in RECORDED:
        return None
    globs = parent.config.getini("enkash_recordings")
    if not globs and not parent.session.isinitpath(file_path):
        return None
    from enkash_contract.pytest_plugin import recordings

    return recordings.collect(file_path, parent, globs)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(
    session: pytest.Session, config: pytest.Config, items: list[pytest.Item]
) -> None:
    """Add an item for each rule and polarity, where a target was named."""
    if _TREE in config.stash:
        from enkash_contract.pytest_plugin import items as pytest_items

        tree = config.stash[_TREE]
        added = pytest_items.collect(session, tree)
        items += added
        # Told like any other collector's, so that pytest counts them among what it collected.
        report = pytest.CollectReport("enkash contract", "passed", None, [*added])
        config.hook.pytest_collectreport(report=report)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the reports, and fail for waivers that are out of date."""
    config = session.config
    asked = config.option.enkash_report or config.option.enkash_waivers is not None
    worker, listed = hasattr(config, "workerinput"), config.option.collectonly
    if asked and not worker and not listed:
        from enkash_contract.pytest_plugin import summary

        summary.finish(session, config.stash[_FOUND].data)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Say what was found, after what tests of clients sent on weak evidence."""
    _show_assumptions(terminalreporter)
    data = config.stash[_FOUND].data
    if data:
        from enkash_contract.pytest_plugin import summary

        terminalreporter.write_sep("=", "enkash contract")
        for line in summary.lines(config, data):
            terminalreporter.write_line(line)


@pytest.fixture(scope="session")
def enkash_target(pytestconfig: pytest.Config) -> Any:
    """Return what the items check: by default the target of --enkash-url or --enkash-app.

    Override it in a conftest.py, with the same scope, to build an application or to log in. It
    returns an address, `module:attribute`, an application, or one of them with the headers that go
    with every request: `(target, {"Authorization": "Bearer …"})`.
    """
    from enkash_contract.pytest_plugin import items as pytest_items

    return pytest_items.target(pytestconfig)


@pytest.fixture(scope="session")
def enkash_base(pytestconfig: pytest.Config) -> Any:
    """Return the payload that the implementation accepts: --enkash-base, or the example.

    It is one for the whole session, so copy it before you change it. Override it in a conftest.py,
    with the same scope, to vouch for another.
    """
    from enkash_contract.pytest_plugin import items as pytest_items

    return pytest_items.base(pytestconfig)


@pytest.fixture(scope="session")
def _enkash_run(pytestconfig: pytest.Config, enkash_target: Any, enkash_base: Any) -> Iterator[Any]:
    """Yield the run behind the items: one connection, one baseline."""
    from enkash_contract.pytest_plugin import items as pytest_items

    with pytest_items.run(pytestconfig, enkash_target, enkash_base) as run:
        yield run


# The contract, and a response judged by it


@pytest.fixture(scope="session")
def enkash_contract(pytestconfig: pytest.Config) -> Contract:
    """Return the contract, with the overlays named by --enkash-overlay."""
    from enkash_contract.pytest_plugin import contract

    return contract.contract_of(pytestconfig)


@pytest.fixture
def check_enkash(
    enkash_contract: Contract, request: pytest.FixtureRequest
) -> Callable[[Any], Result]:
    """Return a function that judges a response of httpx, requests or Starlette with its request.

    It fails the test when the pair violates the contract, and returns the result otherwise.
    """

    def check(response: Any, *, operation: str | None = None) -> Result:
        from enkash_contract.errors import UsageError
        from enkash_contract.pytest_plugin import responses

        __tracebackhide__ = True
        caller = sys._getframe(1)  # noqa: SLF001 - documented for tools like this one
        try:
            result, report = responses.judge(
                request.node, response, enkash_contract, operation, caller
            )
        except UsageError as problem:
            # Without the frames of this package: the mistake stands in the test.
            raise UsageError(str(problem)) from None
        if result.violations:
            pytest.fail(report, pytrace=False)
        return result

    return check


# Tests of clients: the machinery stands in `pytest_marks`, `pytest_sandbox` and `scripted_sandbox`.

SECTION = "Captured enkash assumptions teardown"
"""The section of a test's report that holds what rests on weak evidence; a test keeps it so."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses `enkash_answer` once for each answer."""
    if "enkash_answer" in metafunc.fixturenames:
        from enkash_contract.pytest_plugin import marks

        marks.parametrise(metafunc)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Tell markers that say nothing."""
    marked = [item for item in session.items if item.get_closest_marker("enkash")]
    if marked:
        from enkash_contract.pytest_plugin import marks

        marks.report_mistakes(session, marked)


def _show_assumptions(terminalreporter: pytest.TerminalReporter) -> None:
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
    from enkash_contract.pytest_plugin import sandbox as pytest_sandbox

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
    from enkash_contract.pytest_plugin import sandbox as pytest_sandbox

    with pytest_sandbox.used_by(request.node, _enkash_server) as sandbox:
        yield sandbox


@pytest.fixture
def enkash_answer(request: pytest.FixtureRequest, enkash_sandbox: ScriptedSandbox) -> Answer:
    """Run the test once for each right and each wrong answer, which the sandbox gives throughout.

    `@pytest.mark.enkash(answers="wrong")` narrows them down: "right", "wrong", ids or globs.
    """
    from enkash_contract.pytest_plugin import sandbox as pytest_sandbox

    return pytest_sandbox.answer_for(request, enkash_sandbox)
