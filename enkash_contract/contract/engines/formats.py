"""The formats that a document may name, checked as jsonschema-rs checks them.

jsonschema asserts most formats only where further packages are installed, and loosely. These are
the grammars of the standards: RFC 3339 for dates and times, RFC 9562 for UUIDs, RFC 5321 for
addresses of mail (with the dot-atoms and quoted strings of RFC 5322), RFC 3986 for URIs.
"""

from __future__ import annotations

import calendar
import ipaddress
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

_FLAGS = re.ASCII | re.VERBOSE

_DATE = re.compile(r"(\d{4})-(\d\d)-(\d\d)", _FLAGS)
_DATE_TIME = re.compile(
    r"(?P<date>\d{4}-\d\d-\d\d)[Tt](?P<hour>\d\d):(?P<minute>\d\d):(?P<second>\d\d)(?:\.\d+)?"
    r"(?:[Zz]|(?P<sign>[+-])(?P<hours>\d\d):(?P<minutes>\d\d))",
    _FLAGS,
)
_UUID = re.compile("[0-9A-Fa-f]{8}(?:-[0-9A-Fa-f]{4}){3}-[0-9A-Fa-f]{12}", _FLAGS)

_ATOM = r"[A-Za-z0-9!\#$%&'*+/=?^_`{|}~-]+"
_LOCAL = re.compile(rf'{_ATOM}(?:\.{_ATOM})*|"(?:[\t !\#-\[\]-~]|\\[\t -~])*"', re.ASCII)
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*", _FLAGS)
_LONGEST_LOCAL, _LONGEST_DOMAIN = 64, 254
"""How many characters stand before and after the @ at most."""

_PERCENT = "%[0-9A-Fa-f]{2}"
_UNRESERVED = r"A-Za-z0-9\-._~!$&'()*+,;="
_PART = rf"(?:[{_UNRESERVED}:@]|{_PERCENT})"
_URI = re.compile(
    rf"[A-Za-z][A-Za-z0-9+.\-]*:"
    rf"(?://(?:(?:[{_UNRESERVED}:]|{_PERCENT})*@)?"
    rf"(?:\[(?:(?P<six>[0-9A-Fa-f:.]+)|[vV][0-9A-Fa-f]+\.[{_UNRESERVED}:]+)\]"
    rf"|(?:[{_UNRESERVED}]|{_PERCENT})*)(?::[0-9]*)?(?:/{_PART}*)*"
    rf"|/(?:{_PART}+(?:/{_PART}*)*)?|{_PART}+(?:/{_PART}*)*|)"
    rf"(?:\?(?:{_PART}|[/?])*)?(?:\#(?:{_PART}|[/?])*)?",
    re.ASCII,
)

_MINUTES_OF_A_DAY = 24 * 60
_LEAP = 60
_BEFORE_MIDNIGHT = _MINUTES_OF_A_DAY - 1


def is_date(text: str) -> bool:
    """Return whether `text` is a full-date of RFC 3339."""
    found = _DATE.fullmatch(text)
    if found is None:
        return False
    year, month, day = map(int, found.groups())
    # The calendar knows no year 0; it has as many days as any other leap year.
    return 1 <= month <= 12 and 1 <= day <= calendar.monthrange(year or 4, month)[1]  # noqa: PLR2004


def is_date_time(text: str) -> bool:
    """Return whether `text` is a date-time of RFC 3339; a leap second ends a day of UTC."""
    found = _DATE_TIME.fullmatch(text)
    if found is None or not is_date(found["date"]):
        return False
    hour, minute, second = (int(found[name]) for name in ("hour", "minute", "second"))
    hours, minutes = int(found["hours"] or 0), int(found["minutes"] or 0)
    if max(hour, hours) > 23 or max(minute, minutes) > 59 or second > _LEAP:  # noqa: PLR2004
        return False
    ahead = (60 * hours + minutes) * (-1 if found["sign"] == "-" else 1)
    in_utc = (60 * hour + minute - ahead) % _MINUTES_OF_A_DAY
    return second < _LEAP or in_utc == _BEFORE_MIDNIGHT


def is_uuid(text: str) -> bool:
    """Return whether `text` is a UUID, with its hyphens."""
    return _UUID.fullmatch(text) is not None


def is_email(text: str) -> bool:
    """Return whether `text` is a mailbox of RFC 5321 in ASCII."""
    local, at, domain = text.rpartition("@")
    if not at or len(local) > _LONGEST_LOCAL or not _LOCAL.fullmatch(local):
        return False
    if domain.startswith("[") and domain.endswith("]"):
        address = domain[1:-1]
        if address.startswith("IPv6:"):
            return _is_address(address.removeprefix("IPv6:"), ipaddress.IPv6Address)
        return _is_address(address, ipaddress.IPv4Address)
    return len(domain) <= _LONGEST_DOMAIN and _DOMAIN.fullmatch(domain) is not None


def is_uri(text: str) -> bool:
    """Return whether `text` is a URI of RFC 3986, with its scheme."""
    found = _URI.fullmatch(text)
    six = found["six"] if found else None
    return found is not None and (six is None or _is_address(six, ipaddress.IPv6Address))


def _is_address(text: str, kind: Callable[[str], object]) -> bool:
    try:
        kind(text)
    except ValueError:
        return False
    return True


FORMATS: dict[str, Callable[[str], bool]] = {
    "date": is_date,
    "date-time": is_date_time,
    "uuid": is_uuid,
    "email": is_email,
    "uri": is_uri,
}
"""The formats that are asserted, each with the check of a text."""
