"""An overlay out of recordings: what the documents leave open, and how often it was seen.

`observing` counts it while recordings are judged, `learned` is the sum, and `overlay` writes it
down. `plain` decides what may be learned, by the words in `spoken`: nothing by which anybody could
be known.
"""
