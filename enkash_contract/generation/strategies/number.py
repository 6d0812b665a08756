"""Numbers to draw: by their distance from the example, within the bounds, on the multiples.

Everything is calculated in fractions of the decimals that the document writes, because
`multipleOf: 0.01` is meant as it is written, and no float is a hundredth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from hypothesis import strategies as st

from enkash_contract.wire.pointer import ABSENT

if TYPE_CHECKING:
    from enkash_contract.generation.strategies.text import Strategy

SAFE = 2**53 - 1
"""The greatest integer that every JSON reader keeps (RFC 8259, section 6)."""

PLACES = 10**9
"""How many steps away from 0 a decimal surely is still written as the multiple it is."""


@dataclass(frozen=True, slots=True)
class Range:
    """The rules of a number: all bounds must hold, and it is a multiple of all units."""

    lows: tuple[float, ...] = ()
    open_lows: tuple[float, ...] = ()
    highs: tuple[float, ...] = ()
    open_highs: tuple[float, ...] = ()
    units: tuple[float, ...] = ()


def integers(wanted: Range, example: Any) -> Strategy | None:
    """Return a strategy for such integers that shrinks to `example`; None when there are none."""
    return _grid(wanted, _common([Fraction(1), *map(_exact, wanted.units)]), example)


def numbers(wanted: Range, example: Any) -> Strategy | None:
    """Return a strategy for such numbers that shrinks to `example`; None when there are none."""
    if wanted.units:
        return _grid(wanted, _common([*map(_exact, wanted.units)]), example)
    shown = None if example is ABSENT else st.just(example)
    found = [shown, _grid(wanted, Fraction(1), ABSENT), _floats(wanted)]
    made = [one for one in found if one is not None]
    return st.one_of(made) if made else None


def _exact(number: float) -> Fraction:
    return Fraction(str(number))


def _common(units: list[Fraction]) -> Fraction:
    """Return the least number that is a multiple of all of them."""
    top = math.lcm(*(unit.numerator for unit in units))
    return Fraction(top, math.gcd(*(unit.denominator for unit in units)))


def _grid(wanted: Range, step: Fraction, example: Any) -> Strategy | None:
    """Draw multiples of `step`, counted from the example."""
    lows = [math.ceil(_exact(bound) / step) for bound in wanted.lows]
    lows += [math.floor(_exact(bound) / step) + 1 for bound in wanted.open_lows]
    highs = [math.floor(_exact(bound) / step) for bound in wanted.highs]
    highs += [math.ceil(_exact(bound) / step) - 1 for bound in wanted.open_highs]
    reach = math.floor(SAFE / step) if step.denominator == 1 else PLACES
    low = max(lows) if lows else min(-reach, min(highs, default=0) - reach)
    high = min(highs) if highs else max(reach, low + reach)
    if low > high:
        return None
    origin = max(low, min(high, 0)) if example is ABSENT else int(_exact(example) / step)
    counts = st.integers(low - origin, high - origin)
    if step == 1:
        return counts.map(origin.__add__) if origin else counts
    return counts.map(lambda count: _plain((count + origin) * step))


def _plain(number: Fraction) -> int | float:
    return int(number) if number.denominator == 1 else float(number)


def _floats(wanted: Range) -> Strategy | None:
    lows = [_inside(bound, 1, open_=False) for bound in wanted.lows]
    lows += [_inside(bound, 1, open_=True) for bound in wanted.open_lows]
    highs = [_inside(bound, -1, open_=False) for bound in wanted.highs]
    highs += [_inside(bound, -1, open_=True) for bound in wanted.open_highs]
    low = max(lows) if lows else min(-float(SAFE), min(highs, default=0.0) - SAFE)
    high = min(highs) if highs else max(float(SAFE), low + SAFE)
    return st.floats(low, high) if low <= high else None


def _inside(bound: float, sign: int, *, open_: bool) -> float:
    """Return the first float inside a bound: itself, unless it is excluded or is no float."""
    number = float(bound)
    inside = number > bound if sign > 0 else number < bound
    if inside or (number == bound and not open_):
        return number
    return math.nextafter(number, sign * math.inf)
