"""The engines that judge values by JSON Schema, with the same verdicts.

`choice` compiles a schema by jsonschema-rs, or by jsonschema where that is not installed. `python`
is the latter, made to read numbers, texts, `patterns` and `formats` as the former does.
"""
