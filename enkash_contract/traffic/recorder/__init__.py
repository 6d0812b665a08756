"""A recording reverse proxy: it passes everything on, and writes what it has seen.

`proxy` stands between a client and a server and changes nothing, `exchange` makes an entry of HAR
of what has passed, without its secrets, `har_file` keeps a file that is whole after each entry, and
`live` writes there and judges each exchange.
"""
