"""Open questions put to a live server: which requests ask them, what is sent, what was learned.

Nothing is sent that was not announced, and nothing is concluded unless the baseline was accepted
before and after.
"""
