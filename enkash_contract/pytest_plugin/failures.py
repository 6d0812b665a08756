"""The failure of a test whose client sent invalid requests, as a person reads it.

The sentence comes first, then its evidence and its place, and how to see it again. There is no
frame of this package, no port, and nothing else that differs from run to run.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

from enkash_contract.contract.choice import qualified
from enkash_contract.contract.evidence import FAIL_ON
from enkash_contract.contract.wording import counted
from enkash_contract.errors import printable
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
"""The section of a test's report that lists broken rules of weak evidence."""

LONG = 2_000
"""A body of more characters is not written into a command."""

OF_BODY = ("json", "encoding", "duplicate-names")
"""The keywords of rules on no member that the body alone can break."""


@dataclass(frozen=True, slots=True)
class Breach:
    """A rule that a request of a test broke; `line` is the test's line, None if it is unknown.

    `operation` is named where it is another than the test is about.
    """

    violation: Violation
    request: Request
    line: Line | None
    operation: str = ""

    @property
    def is_of_body(self) -> bool:
        """Whether the body alone shows the violation."""
        rule = self.violation.rule
        return bool(rule.path or self.violation.pointer) or rule.keyword in (*OF_BODY, "type")


@dataclass(frozen=True)
class Seen:
    """A test that is over: its requests, the rules they broke, and those expected or waived."""

    item: pytest.Item
    operation: Operation
    breaches: tuple[Breach, ...]
    requests: int
    level: Level
    waived: frozenset[str] = frozenset()

    @property
    def expected(self) -> tuple[str, ...]:
        """The rules that the test breaks on purpose."""
        return wishes(self.item).expect_violation

    @property
    def unexpected(self) -> Iterator[Breach]:
        """The breaches of rules that are neither expected nor waived."""
        known = {*self.expected, *self.waived}
        return (breach for breach in self.breaches if breach.violation.rule.id not in known)


def violations(seen: Seen) -> Iterator[str]:
    """Yield a block of lines for each violation; those repeated by one line share a block."""
    breaches = [
        breach for breach in seen.unexpected if breach.violation.evidence.at_least(seen.level)
    ]
    blocks = [(list(_block(*pair, seen)), _again(pair[0], seen)) for pair in _alike(breaches)]
    for index, (block, again) in enumerate(blocks):
        # One command shows all that a request breaks, so it stands with the last of that alone.
        if again not in (later for _, later in blocks[index + 1 :]):
            block.append(f"    reproduce  {again}")
        yield "\n".join(map(printable, block))


def assumptions(seen: Seen) -> Iterator[str]:
    """Yield a line for each breach of a rule that is only assumed."""
    weak = [
        breach for breach in seen.unexpected if not breach.violation.evidence.at_least(seen.level)
    ]
    for breach, times in _alike(weak):
        rule = breach.violation.rule
        basis = f"[{rule.id}, {rule.evidence}, {rule.place}]"
        sent = f", sent by {_sent_by(breach, times)}" if breach.line else ""
        yield printable(f"assumption {sentence(breach.violation)} {basis}{sent}")


def missing(seen: Seen) -> Iterator[str]:
    """Yield a block of lines for each expected violation that no request shows."""
    broken = dict.fromkeys(breach.violation.rule.id for breach in seen.breaches)
    for rule in seen.expected:
        if rule not in broken:
            others = f"; they broke {', '.join(broken)}" if broken else ""
            yield (
                f"no request broke {rule}, which the test expects\n"
                f"    marker     @pytest.mark.{NAME}(expect_violation={rule!r})\n"
                f"    requests   {seen.requests} to the sandbox{others}"
            )


def _alike(breaches: Iterable[Breach]) -> list[tuple[Breach, int]]:
    """Return the breaches that differ, each with the number of times it occurred."""
    keys: dict[tuple[object, ...], Breach] = {}
    times: Counter[tuple[object, ...]] = Counter()
    for breach in breaches:
        violation = breach.violation
        key = (violation.rule.id, violation.pointer, violation.actual, breach.line)
        keys.setdefault(key, breach)
        times[key] += 1
    return [(breach, times[key]) for key, breach in keys.items()]


def _block(breach: Breach, times: int, seen: Seen) -> Iterator[str]:
    violation = breach.violation
    yield sentence(violation)
    rule = violation.rule.id
    yield f"    rule       {qualified(breach.operation, rule) if breach.operation else rule}"
    yield f"    evidence   {violation.evidence}"
    yield _where(breach)
    yield f"    document   {violation.document}"
    example = get(seen.operation.request.example, tokens(violation.pointer))
    if violation.pointer and example is not ABSENT and not breach.operation:
        yield f"    example    {shorten(example)}"
    if breach.line is not None:
        yield f"    sent by    {_sent_by(breach, times)}"


def _sent_by(breach: Breach, times: int) -> str:
    return f"{breach.line}" + (f" ({counted(times, 'time')})" if times > 1 else "")


def _where(breach: Breach) -> str:
    """Return the line that shows the place of a violation in the request, and the value there."""
    pointer, request = breach.violation.pointer, breach.request
    if not breach.is_of_body:
        labels = " and ".join(media_types(request.headers)) or "nothing"
        return f"    request    {request.method} {request.path}, labelled {labels}"
    body = request.body or b""
    payload, faults = strict_json.decode(body)
    value = get(payload, tokens(pointer))
    parent = pointer.rpartition("/")[0]
    container = get(payload, tokens(parent))
    if pointer and value is not ABSENT:
        shown = f"{pointer}: {shorten(value)}"
    elif pointer and container is not ABSENT:
        shown = f"{pointer}, not in {parent or 'the payload'}: {shorten(container)}"
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
    """Return the name of a test from the folder where pytest was started, not from its root."""
    here = item.config.invocation_params.dir
    path = item.path.relative_to(here) if item.path.is_relative_to(here) else item.path
    return f"{path.as_posix()}::{item.nodeid.partition('::')[2]}"
