"""The option by which a run promises to try rules."""

from __future__ import annotations

from tests.support.paths import RECORDINGS
from tests.support.typed_commands import said, typed


def test_recordings_try_rules_as_well() -> None:
    """A valid recorded request keeps all of them, an invalid one breaks some."""
    file = str(RECORDINGS / "chromium.har")
    done = typed("traffic", file, "--require-coverage", "request/device#type=both")
    assert "coverage: request/device#type lacks reject" in done.stdout
    assert done.exit_code == 1


def test_a_mistake_is_an_error_before_the_run() -> None:
    """As with every option."""
    assert said(typed("check", "--require-coverage", "request#jsn=both")) == (
        2,
        "",
        "error: --require-coverage 'request#jsn=both' names no rule; did you mean request#json "
        "or request#type or request#path?\n",
    )
