"""Cassettes that tests use: each is judged when the test that used it has run.

vcrpy calls no hook that sees all cassettes: pytest-recording's own sees those of its marker only,
and not those of `vcr.use_cassette` or of a user's own `VCR`. All of them come out of one public
method, `Cassette.load`, so that is where they are noticed, for as long as pytest runs. All that a
cassette holds once the test is over is judged, whether it was played or recorded.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract.judging.result import add
from enkash_contract.pytest_plugin import reports
from enkash_contract.pytest_plugin.contract import contract_of
from enkash_contract.pytest_plugin.recordings import singly
from enkash_contract.pytest_plugin.reports import shown
from enkash_contract.pytest_plugin.waivers import waived
from enkash_contract.report import About
from enkash_contract.report.failure import lines
from enkash_contract.traffic.formats.cassette import entry

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from enkash_contract.traffic.entries.entry import Entry


class Cassettes:
    """Notices the cassettes that are loaded, and judges the interactions added to them."""

    def __init__(self, config: pytest.Config, kind: Any) -> None:
        self._config = config
        # Of each cassette in use, how many of its interactions were judged.
        self._used: list[tuple[Any, int]] = []
        self._patch = pytest.MonkeyPatch()
        load = kind.load

        def noticed(**arguments: Any) -> Any:
            cassette = load(**arguments)
            self._used.append((cassette, 0))
            return cassette

        self._patch.setattr(kind, "load", noticed)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        """Fail a test that used a cassette in which the contract is violated."""
        try:
            yield
        except BaseException:
            # The test's own failure comes first, and this beside it.
            item.add_report_section("call", "enkash contract", self._judge(item))
            raise
        report = self._judge(item)
        if report:
            pytest.fail(report, pytrace=False)

    def _judge(self, item: pytest.Item) -> str:
        """Judge the interactions of the test, and return the violations as they are shown."""
        contract, judging = contract_of(self._config), singly(self._config)
        entries = [*self._entries()]
        for each in entries:
            judging.meet(each)
        results = map(judging.result, entries)
        judged = [result for result in results if result is not None]
        if not judged:
            return ""
        result = waived(self._config, "traffic", add(judged))
        paths = dict.fromkeys(_path_of(cassette) for cassette, _ in self._used)
        about = About(
            contract,
            next(iter(contract.values())),
            "cassettes",
            reproduction=reports.again(self._config, *paths),
        )
        reports.note(item, result, result, about)
        return "\n".join(lines(result, about, {}))

    def _entries(self) -> Iterator[Entry]:
        """Yield the interactions of the cassettes that were not judged yet."""
        for number, (cassette, judged) in enumerate(self._used):
            path = _path_of(cassette)
            interactions = [*zip(cassette.requests, cassette.responses, strict=True)]
            for index in range(judged, len(interactions)):
                yield entry(_written(*interactions[index]), f"{path}:interactions[{index}]")
            self._used[number] = (cassette, len(interactions))

    def pytest_runtest_logfinish(self) -> None:
        """Forget the cassettes of a test, when it is over."""
        self._used.clear()

    def pytest_unconfigure(self) -> None:
        """Leave vcrpy as it was."""
        self._patch.undo()


def _path_of(cassette: Any) -> str:
    """Return the path of a cassette, as it is shown."""
    return str(shown(Path(str(cassette._path)).absolute()))  # noqa: SLF001 - there is no public one


def watch(config: pytest.Config) -> None:
    """Judge the cassettes that tests use, from now on.

    Raises:
        pytest.UsageError: there is no vcrpy.

    """
    try:
        kind = importlib.import_module("vcr.cassette").Cassette
    except ImportError:
        raise pytest.UsageError("--enkash-cassettes needs vcrpy: pip install vcrpy") from None
    reports.watch(config)
    config.pluginmanager.register(Cassettes(config, kind))


def _written(request: Any, response: Any) -> dict[str, Any]:
    """Return an interaction as it stands in a file."""
    body = request.body
    if hasattr(body, "read"):
        body = body.read()
    elif body is not None and not isinstance(body, (str, bytes, dict, list)):
        body = [*body]
    headers = dict(request.headers)
    written = {"method": request.method, "uri": request.uri, "body": body, "headers": headers}
    return {"request": written, "response": response}
