"""Whether what is printed has colours."""

from __future__ import annotations

import os
from typing import Any


def styles(color: str | None) -> dict[str, Any]:
    """Return how a console is told so: `color` is the option, where the command has it."""
    from enkash_contract.report.ci import is_ci

    if color == "always":
        return {"force_terminal": True, "color_system": "standard", "no_color": False}
    known = os.environ.get
    plain = known("NO_COLOR") or (is_ci() and not known("FORCE_COLOR"))
    return {"color_system": None if plain or color == "never" else "auto"}
