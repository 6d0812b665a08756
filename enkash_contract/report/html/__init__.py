"""Pages for people: a report (`write`), and the contract itself (`document`).

Each is one file that needs no network: `page` renders a template with its style and its script, and
forbids all else. Templates get plain values only, which `view` makes of a report.
"""
