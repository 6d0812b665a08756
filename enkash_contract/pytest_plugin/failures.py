"""What a test is told of the requests that its client sent: the text people live with.

The sentence comes first, then what it rests on and where to look, and how to see it again; no
frame of this package, no port, nothing that differs from run to run.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.contract.wording import counted, printable
from enkash_contract.pytest_plugin.marks import NAME, wishes
from enkash_contract.report.reproduction import pytest_command, validate_command
from enkash_contract.validation.request import sentence
from enkash_contract.validation.violation import shorten
from enkash_contract.wire import strict_json
from enkash_contract.wire.message import media_types
from enkash_contract.wire.pointer import ABSENT, get, tokens

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    import pytest

    from enkash_contract.contract.evidence import Level
    from enkash_contract.contract.operation import Operation
    from enkash_contract.pytest_plugin.test_line import Line
    from enkash_contract.validation.violation import Violation
    from enkash_contract.wire.message import Request

SECTION = "enkash assumptions"
"""The name of the section of a test's report that holds what rests on weak evidence."""

LONG = 2_000
"""A body of more bytes is not written into a command."""

OF_BODY = ("json", "encoding", "duplicate-names")
"""The rules of no member that the body alone can break."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A request of a test breaks a rule; `line` is where the test was, None where nobody knows."""

    violation: Violation
    request: Request
    line: Line | None

    @property
    def is_of_body(self) -> bool:
        """Whether the body alone shows it."""
        rule = self.violation.rule
        return bool(rule.path or self.violation.pointer) or rule.keyword in (*OF_BODY, "type")


@dataclass(frozen=True)
class Seen:
    """What a test did, when it is over: its requests, what they broke, and what was expected."""

    item: pytest.Item
    operation: Operation
    breaches: tuple[Breach, ...]
    requests: int
    level: Level
    waived: frozenset[str] = frozenset()

    @property
    def expected(self) -> tuple[str, ...]:
        """The rules that the test says its requests break."""
        return wishes(self.item).expect_violation

    @property
    def unexpected(self) -> Iterator[Breach]:
        """What is broken beside what the test is about and what is agreed on."""
        known = {*self.expected, *self.waived}
        return (one for one in self.breaches if one.violation.rule.id not in known)


def violations(seen: Seen) -> Iterator[str]:
    """Yield a block of lines for each violation; the same from one line of a test is told once."""
    found = [one for one in seen.unexpected if one.violation.evidence.at_least(seen.level)]
    blocks = [(list(_block(*pair, seen)), _again(pair[0], seen)) for pair in _alike(found)]
    for index, (block, again) in enumerate(blocks):
        # The command of one request shows all that it breaks: it is told with the last of it.
        if again not in (later for _, later in blocks[index + 1 :]):
            block.append(f"    reproduce  {again}")
        yield "\n".join(map(printable, block))


def assumptions(seen: Seen) -> Iterator[str]:
    """Yield a line for each breach of a rule that is only assumed."""
    found = [one for one in seen.unexpected if not one.violation.evidence.at_least(seen.level)]
    for one, times in _alike(found):
        rule = one.violation.rule
        basis = f"[{rule.id}, {rule.evidence}, {rule.place}]"
        sent = f", sent by {_sent_by(one, times)}" if one.line else ""
        yield printable(f"assumption {sentence(one.violation)} {basis}{sent}")


def missing(seen: Seen) -> Iterator[str]:
    """Yield what the test was to break, and did not."""
    broken = dict.fromkeys(one.violation.rule.id for one in seen.breaches)
    for rule in seen.expected:
        if rule not in broken:
            others = f"; what they broke: {', '.join(broken)}" if broken else ""
            yield (
                f"no request broke {rule}, which the test expects\n"
                f"    marker     @pytest.mark.{NAME}(expect_violation={rule!r})\n"
                f"    requests   {seen.requests} to the sandbox{others}"
            )


def _alike(found: Iterable[Breach]) -> list[tuple[Breach, int]]:
    keys: dict[tuple[object, ...], Breach] = {}
    times: Counter[tuple[object, ...]] = Counter()
    for one in found:
        violation = one.violation
        key = (violation.rule.id, violation.pointer, violation.actual, one.line)
        keys.setdefault(key, one)
        times[key] += 1
    return [(one, times[key]) for key, one in keys.items()]


def _block(breach: Breach, times: int, seen: Seen) -> Iterator[str]:
    one = breach.violation
    yield sentence(one)
    yield f"    rule       {one.rule.id}"
    yield f"    evidence   {one.evidence}"
    yield _where(breach)
    yield f"    document   {one.document}"
    right = get(seen.operation.request.example, tokens(one.pointer))
    if one.pointer and right is not ABSENT:
        yield f"    example    {shorten(right)}"
    if breach.line is not None:
        yield f"    sent by    {_sent_by(breach, times)}"


def _sent_by(breach: Breach, times: int) -> str:
    return f"{breach.line}" + (f" ({counted(times, 'time')})" if times > 1 else "")


def _where(breach: Breach) -> str:
    """Say where in the payload it is, and what is there."""
    at, request = breach.violation.pointer, breach.request
    if not breach.is_of_body:
        labels = " and ".join(media_types(request.headers)) or "nothing"
        return f"    request    {request.method} {request.path}, labelled {labels}"
    body = request.body or b""
    payload, faults = strict_json.decode(body)
    found = get(payload, tokens(at))
    above = at.rpartition("/")[0]
    around = get(payload, tokens(above))
    if at and found is not ABSENT:
        shown = f"{at}: {shorten(found)}"
    elif at and around is not ABSENT:
        shown = f"{at}, not in {above or 'the payload'}: {shorten(around)}"
    else:
        shown = shorten(body.decode(errors="replace") if faults else payload)
    return f"    payload    {shown}"


def _again(breach: Breach, seen: Seen) -> str:
    """Return the command that shows the breach again: with the payload alone, or with the test."""
    config = seen.item.config
    try:
        text = (breach.request.body or b"").decode()
    except UnicodeDecodeError:
        text = ""
    if not breach.is_of_body or len(text) > LONG or not text.isprintable() or not text:
        return pytest_command(named(seen.item))
    level = None if seen.level is FAIL_ON else str(seen.level)
    return validate_command(text, config.getoption("enkash_overlay"), level)


def named(item: pytest.Item) -> str:
    """Name a test as pytest takes it from where it was started; its own ids start at the root."""
    here = item.config.invocation_params.dir
    path = item.path.relative_to(here) if item.path.is_relative_to(here) else item.path
    return f"{path.as_posix()}::{item.nodeid.partition('::')[2]}"
