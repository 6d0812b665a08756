"""What crosses the wire: bytes, strict JSON, requests and responses.

`message` has the nouns (`Request`, `Response`, `Interaction`), `strict_json` reads and spells JSON
with every fault named, `spelling` builds a request, `pointer` walks a payload by JSON Pointer,
`adapters` turns objects of HTTP libraries into our nouns, and `payload_file` reads payloads from
files. Nothing here knows the document.
"""
