"""Secrets for what is judged and never quoted, so that nobody need look for them.

Working out how a secret may be spelled takes longer than judging what holds it. Where only the
number of findings is wanted, their texts are hidden as a whole.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from enkash_contract.secrets.redaction import Secrets
from enkash_contract.secrets.secret_names import HIDDEN

if TYPE_CHECKING:
    from collections.abc import Iterable


class Unquoted(Secrets):
    """Takes any text for a secret."""

    def are_at(self, tokens: Iterable[str | int]) -> bool:  # noqa: ARG002 - all of them are
        """Return that what stands there is secret."""
        return True

    def hide(self, text: str) -> str:  # noqa: ARG002 - none of it is shown
        """Return nothing of a text."""
        return HIDDEN

    def hide_start(self, text: str, size: int) -> str:  # noqa: ARG002 - none of it is shown
        """Return nothing of a text."""
        return HIDDEN


UNQUOTED = Unquoted()
