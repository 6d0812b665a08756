"""Common words are those of programs and payments, and no names."""

from __future__ import annotations

import pytest

from enkash_contract.traffic.learning.spoken import is_common

NAMES = (
    "ramesh kumar sharma rahul anita acme mumbai delhi bengaluru infosys reliance wipro airtel "
    "mohammed ahmed singh patel gupta verma rose john smith jane doe okaxis okhdfc hdfc kotak "
    "priya suresh mahesh vijay arun ravi neha pooja deepak sanjay kiran lakshmi devi das roy khan "
    "ali bose sen rao reddy naidu iyer nair menon mehta shah jain agarwal bansal goel mittal "
    "ambani adani birla raj ram sita asha maya tara mira anand prasad kapoor amazon flipkart paytm"
)

SPOKEN = (
    "disputed quarantined archived locked partially paid escalated shipments retrying invoices "
    "unauthorised mismatched deviceid callbackurl rebilled unbilled processing nonpayment "
    "acknowledgements validated duplicates exceeding overpaid stopped stopping notified companies "
    "utr gstin boxes payable quickly"
)


@pytest.mark.parametrize("name", NAMES.split())
def test_a_name_is_no_common_word(name: str) -> None:
    """Of a person, a company, a place or a bank."""
    assert not is_common(name)


@pytest.mark.parametrize("word", SPOKEN.split())
def test_words_are_known_in_their_forms(word: str) -> None:
    """With other endings and beginnings, and two written as one."""
    assert is_common(word)
