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

STACK_MISTAKES = {
    "unanchored-pattern": "request/invoiceStatus/objectId#pattern",
    "length-off-by-one": "request/invoiceStatus/supplierInvoiceNumber#pattern",
    "number-coerced": "request/invoiceStatus/objectVersion/currentVersion#type",
    "missing-accepted": "request/invoiceStatus/supplierRemarks#required",
    "null-accepted": "request/invoiceStatus/supplierRemarks#type",
    "code-as-string": "response.200/response_code#type",
    "crash": "request/b2bIds/buyerB2BId#pattern",
}
"""The mistakes that a server on somebody's stack can be built with, and the rule that each breaks.

`crash` is a 500 to a buyer that is not ASCII.
"""


def known(mistake: str | None, *more: str) -> None:
    """Raise ValueError if `mistake` is neither one of every stack nor one of `more`."""
    if mistake not in (None, *STACK_MISTAKES, *more):
        message = f"no such mistake: {mistake}; the mistakes are {', '.join(STACK_MISTAKES)}"
        raise ValueError(message)
