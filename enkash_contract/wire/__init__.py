"""The wire: bytes, strict JSON, requests and responses.

`message` has the nouns (`Request`, `Response`, `Interaction`), `strict_json` reads JSON with every
fault named, with `json_values` for what is read and `json_lines` for where it stands. `spelling`
writes JSON, `draft` is a request under construction, `pointer` walks a payload by JSON Pointer,
`adapters` turns objects of HTTP libraries into our nouns, and `payload_file` reads payloads from
files. Nothing here knows the document.
"""
