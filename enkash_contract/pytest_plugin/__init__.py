"""The pytest plugin: hooks that load what they need when they need it.

Every pytest run imports this module wherever the package is installed, so it imports only pytest,
which is loaded already, and the three modules beside it that import nothing else. Its public names
are those of the fixtures and options.
"""

from __future__ import annotations

from typing import Any

import pytest

from enkash_contract.pytest_plugin import fixtures, options
from enkash_contract.pytest_plugin.found import FOUND, Found

RECORDED = (".har", ".json", ".ndjson", ".jsonl", ".yaml", ".yml")
"""The endings of recordings; a test holds them equal to `traffic.reading.files.ENDINGS`."""

_TREE = pytest.StashKey[Any]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """Add the options of this plugin."""
    options.add(parser)


def pytest_configure(config: pytest.Config) -> None:
    """Register the marker and the fixtures, listen to reports, and load the features in use."""
    options.refuse_blank(config)
    config.addinivalue_line("markers", options.MARKER)
    config.pluginmanager.register(fixtures, fixtures.__name__)
    config.stash[FOUND] = Found()
    config.pluginmanager.register(config.stash[FOUND])
    if config.option.enkash_report or config.option.enkash_require_coverage:
        from enkash_contract.pytest_plugin import summary

        summary.places(config)
        summary.promised(config)
    if config.option.enkash_waivers is not None:
        from enkash_contract.pytest_plugin import waivers

        waivers.load(config)
    if config.option.enkash_cassettes:
        from enkash_contract.pytest_plugin import cassettes

        cassettes.watch(config)


@pytest.hookimpl(tryfirst=True)
def pytest_collection(session: pytest.Session) -> None:
    """Take the named items of the contract out of the arguments that pytest looks for on disk."""
    if options.ask_for_items(session.config):
        from enkash_contract.pytest_plugin import tree

        session.config.stash[_TREE] = tree.Tree(session.config)


def pytest_collect_file(file_path: Any, parent: pytest.Collector) -> pytest.Collector | None:
    """Collect a recording that was named, or that the ini option matches."""
    if not file_path.name.lower().removesuffix(".gz").endswith(RECORDED):
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
        from enkash_contract.pytest_plugin.items import collect

        added = collect(session, config.stash[_TREE])
        items += added
        # Reported like any other collector's, so that pytest counts them among what it collected.
        report = pytest.CollectReport("enkash contract", "passed", None, [*added])
        config.hook.pytest_collectreport(report=report)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_finish(session: pytest.Session) -> None:
    """Report the markers with mistakes in them."""
    marked = [item for item in session.items if item.get_closest_marker("enkash")]
    if marked:
        from enkash_contract.pytest_plugin import marks

        marks.report_mistakes(session, marked)


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    """Run a test that uses `enkash_answer` once for each scripted response."""
    if "enkash_answer" in metafunc.fixturenames:
        from enkash_contract.pytest_plugin import marks

        marks.parametrise(metafunc)


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Write the reports, and fail for waivers that are out of date."""
    config = session.config
    option = config.option
    wanted = option.enkash_report or option.enkash_require_coverage
    wanted = wanted or option.enkash_waivers is not None
    worker, listed = hasattr(config, "workerinput"), config.option.collectonly
    if wanted and not worker and not listed:
        from enkash_contract.pytest_plugin import summary

        summary.finish(session, config.stash[FOUND].data)


def pytest_terminal_summary(
    terminalreporter: pytest.TerminalReporter, config: pytest.Config
) -> None:
    """Print the assumptions of the tests of clients, and the paragraph that sums up the run."""
    gathered = config.stash[FOUND]
    assumptions = [*gathered.assumptions()]
    if assumptions:
        terminalreporter.section("enkash assumptions")
        for line in assumptions:
            terminalreporter.line(line)
    if gathered.data or config.option.enkash_require_coverage:
        from enkash_contract.pytest_plugin import summary

        terminalreporter.write_sep("=", "enkash contract")
        for line in summary.lines(config, gathered.data):
            terminalreporter.write_line(line)
        for line in summary.annotated(config, gathered.data):
            terminalreporter.write_line(line)
