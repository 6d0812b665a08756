"""Places in recordings, in few words."""

from __future__ import annotations

from enkash_contract.traffic.counting.sources import listed


def test_places_in_the_same_list_share_its_name() -> None:
    """Of the second on, the number is enough."""
    har, lines = "a.har:log.entries", "b.ndjson:"

    assert listed([f"{har}[0]", f"{har}[7]", f"{lines}3"], 9) == (
        "a.har:log.entries[0], [7], b.ndjson:3 and 6 more"
    )
    assert listed([f"{lines}3", f"{lines}41"], 2) == "b.ndjson:3, 41"
    assert listed(["a.har", "b.har"], 2) == "a.har, b.har"
