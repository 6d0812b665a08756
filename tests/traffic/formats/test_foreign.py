"""Files of other tools are known by their first bytes, and the message says how to convert them."""

from __future__ import annotations

import pytest

from enkash_contract.traffic.formats.foreign import refusal
from tests.support.paths import RECORDINGS


def test_flows_of_mitmproxy_can_be_converted() -> None:
    """The message is the command."""
    assert refusal((RECORDINGS / "mitmproxy.flows").read_bytes(), "a.flows") == (
        "holds flows of mitmproxy, which are not read here; "
        "convert them: mitmdump -nr a.flows --set hardump=OUT.har"
    )


def test_packets_are_no_recording() -> None:
    """Whoever captures packets has to record otherwise."""
    for magic in (b"\xd4\xc3\xb2\xa1", b"\x0a\x0d\x0d\x0a"):
        assert refusal(magic + b"\x00" * 20, "a.pcap").startswith("holds captured packets")


@pytest.mark.parametrize("beginning", [b"", b"{}", b"- a: 1", b"10: a", b"1:", b"\x1f\x8b", b"\n"])
def test_everything_else_may_be_read(beginning: bytes) -> None:
    """JSON, YAML and what is packed."""
    assert refusal(beginning, "a") == ""
