"""Implementations of the operation, written by hand from what is known about it.

They exist to judge the package by: nothing here imports it, and neither implementation borrows
from the other, so that an agreement between the three means something.
"""

MISTAKES = (
    "missing-member-accepted",
    "string-version-accepted",
    "over-long-accepted",
    "bound-refused",
    "crash-on-list",
    "code-as-string",
    "html-answer",
    "all-success",
    "refuses-everything",
    "unauthorised",
)
"""Names of the mistakes that either implementation can be built with, one at a time.

The last two are no broken promises: they make a run in which nothing can be concluded.
"""
