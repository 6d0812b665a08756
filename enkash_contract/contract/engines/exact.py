"""Values of JSON compared exactly: numbers as decimals of any size, containers by their content.

Python's own comparison takes true for 1, and a tenth for what it is in binary.
"""

from __future__ import annotations

import math
import re
from decimal import Decimal
from typing import Any

SURROGATE = re.compile("[\ud800-\udfff]")
"""Half of a surrogate pair, which is no character."""


def is_number(value: object) -> bool:
    """Return whether `value` is a number of JSON, which knows no infinity and no NaN."""
    if isinstance(value, bool):
        return False
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, int) or (isinstance(value, Decimal) and value.is_finite())


def number(value: Any) -> int | Decimal:
    """Return a number as the decimal that it is written as: 0.1 is a tenth."""
    return Decimal(repr(float(value))) if isinstance(value, float) else value


def text(value: str) -> str:
    """Return a text with U+FFFD for each half of a surrogate pair, which has no UTF-8."""
    return SURROGATE.sub("\ufffd", value)


class Identities:
    """Numbers of JSON values, which are the same for equal ones: 1 and 1.0, but not 1 and true.

    A container is known by the numbers of what is in it, so that deep values are compared in one
    step.
    """

    def __init__(self) -> None:
        self._known: dict[Any, int] = {}

    def of(self, value: Any) -> int:
        """Return the number of a value."""
        key: Any = (type(value), value)
        if isinstance(value, str):
            key = text(value)
        elif is_number(value):
            key = (Decimal, number(value))
        elif isinstance(value, dict):
            # In loops, because a comprehension would take two frames for a level.
            members = set()
            for name, member in value.items():
                members.add((text(name), self.of(member)))
            key = frozenset(members)
        elif isinstance(value, (list, tuple)):
            items: list[Any] = [list]
            for item in value:
                items.append(self.of(item))  # noqa: PERF401 - as above
            key = tuple(items)
        return self._known.setdefault(key, len(self._known))


def is_multiple(value: Any, unit: Any) -> bool:
    """Return whether a number is a multiple of another, as decimals of any size."""
    (digits, exponent), (step, places) = _scaled(value), _scaled(unit)
    if exponent >= places:
        return digits * pow(10, exponent - places, step) % step == 0
    if not digits:
        return True
    # More places than digits: whatever the unit, a part of it is left over. Three bits are less
    # than a digit; the power itself may be too large to be worked out.
    surplus = places - exponent
    return 3 * surplus <= digits.bit_length() and digits % (step * 10**surplus) == 0


def _scaled(value: Any) -> tuple[int, int]:
    """Return a number as an integer and the power of ten that it is multiplied by."""
    exact = number(value)
    if isinstance(exact, int):
        return exact, 0
    sign, digits, exponent = exact.as_tuple()
    # By way of a decimal, because Python turns no text of 5,000 digits into an integer.
    whole = int(Decimal((0, digits, 0)))
    return -whole if sign else whole, int(exponent)
