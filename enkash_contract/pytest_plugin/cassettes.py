"""Cassettes that tests use: each is judged when the test that used it has run.

vcrpy calls no hook that sees all cassettes: pytest-recording's own sees those of its marker only,
and not those of `vcr.use_cassette` or of a `VCR` of somebody's own. All of them come out of one
public method, `Cassette.load`, so that is where they are noticed, for as long as pytest runs. What
is judged is what a cassette holds once the test is over, whether it was played or recorded.
"""

from __future__ import annotations

import importlib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from enkash_contract import traffic
from enkash_contract.contract.evidence import Level
from enkash_contract.judging.result import add
from enkash_contract.pytest_plugin import reports
from enkash_contract.pytest_plugin.contract import contract_of
from enkash_contract.pytest_plugin.reports import shown
from enkash_contract.pytest_plugin.waivers import waived
from enkash_contract.report import About
from enkash_contract.report.failure import lines
from enkash_contract.traffic.cassette import entry

if TYPE_CHECKING:
    from collections.abc import Generator, Iterator

    from enkash_contract.traffic.entry import Entry


class Cassettes:
    """Notices the cassettes that are loaded, and judges what was added to them."""

    def __init__(self, config: pytest.Config, kind: Any) -> None:
        self._config = config
        # Of each cassette in use, how many of its interactions were judged.
        self._used: list[tuple[Any, int]] = []
        self._patch = pytest.MonkeyPatch()
        load = kind.load

        def noticed(**given: Any) -> Any:
            made = load(**given)
            self._used.append((made, 0))
            return made

        self._patch.setattr(kind, "load", noticed)

    @pytest.hookimpl(wrapper=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None]:
        """Fail a test that used a cassette in which the contract is violated."""
        try:
            yield
        except BaseException:
            # The test's own failure comes first, and this beside it.
            item.add_report_section("call", "enkash contract", self._tell(item))
            raise
        told = self._tell(item)
        if told:
            pytest.fail(told, pytrace=False)

    def _tell(self, item: pytest.Item) -> str:
        """Note what the cassettes hold, and return the violations as they are shown."""
        whole, level = contract_of(self._config), Level.of(self._config.getoption("enkash_fail_on"))
        found = [traffic.judge(one, whole.values(), fail_on=level) for one in self._entries()]
        judged = [one for one in found if one is not None]
        if not judged:
            return ""
        result = waived(self._config, "traffic", add(judged))
        about = About(whole, next(iter(whole.values())), "cassettes")
        reports.note(item, result, result, about)
        return "\n".join(lines(result, about, {}))

    def _entries(self) -> Iterator[Entry]:
        """Yield what the cassettes hold and was not judged yet."""
        for number, (cassette, judged) in enumerate(self._used):
            path = shown(Path(str(cassette._path)).absolute())  # noqa: SLF001 - it has no other
            held = [*zip(cassette.requests, cassette.responses, strict=True)]
            for index in range(judged, len(held)):
                yield entry(_written(*held[index]), f"{path}:interactions[{index}]")
            self._used[number] = (cassette, len(held))

    def pytest_runtest_logfinish(self) -> None:
        """Forget the cassettes of a test, when it is over."""
        self._used.clear()

    def pytest_unconfigure(self) -> None:
        """Leave vcrpy as it was."""
        self._patch.undo()


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
    asked = {"method": request.method, "uri": request.uri, "body": body}
    return {"request": asked | {"headers": dict(request.headers)}, "response": response}
