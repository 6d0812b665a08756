"""Which OpenAPI is honoured, and what is said of the rest: whole, and all of it at once."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from openapi_spec_validator import OpenAPIV31SpecValidator

from enkash_contract.contract import contract
from enkash_contract.contract.keywords import CONSTRAINTS, KEYWORDS
from enkash_contract.errors import DocumentError
from tests.support.anything import REMOVED, changed, spots
from tests.support.second_document import TEXT, data, messages_of, of_data, second, written

TYPES = "the types are string, integer, number, boolean, null, object, array"
ANOTHER = "is not honoured here; remove it, or say it another way"
FORMATS = "the formats honoured are date, date-time, uuid, email, uri, int32, int64"
SCHEMAS = "the schemas in #/components/schemas are Word, Thing, X"
MAPPING = "write a mapping; see OpenAPI 3.1"
ESCAPES = r'escape only what needs it: [^\\"], not [^\\\"]'


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Work in an empty folder, so that messages name files as a person would type them."""
    monkeypatch.chdir(tmp_path)


def test_the_honoured_keywords_are_these() -> None:
    """Whoever adds a keyword adds what enforces it; nothing is honoured by accident."""
    annotations = {"title", "description", "$comment", "deprecated", "examples", "default"}
    applicators = {"properties", "items", "allOf", "then", "$ref"}
    ours = {"x-known-good", "x-evidence", "x-open-questions"}
    assert KEYWORDS.keys() == CONSTRAINTS | annotations | applicators | ours


def test_a_document_with_everything_is_honoured() -> None:
    """The second document uses every keyword, and OpenAPI's own validator finds it right too."""
    used: set[str] = set()

    def note(schema: Any) -> None:
        if isinstance(schema, dict):
            used.update(schema)
            for inner in schema.values():
                note(inner)
        elif isinstance(schema, list):
            for inner in schema:
                note(inner)

    note(data()["components"]["schemas"])
    assert KEYWORDS.keys() <= used
    assert list(OpenAPIV31SpecValidator(data()).iter_errors()) == []
    assert list(second(Path())) == ["openThing", "closeThing"]


@pytest.mark.parametrize(
    ("schema", "message"),
    [
        (1, f"this is not a schema; {MAPPING}"),
        (
            {"maxLenght": 1},
            "a schema with the keyword 'maxLenght' is not honoured here; did you mean maxLength?",
        ),
        (
            {"not": {}},
            f"a schema with the keyword 'not' {ANOTHER}",
        ),
        ({"title": 1}, "title is not a string; write a string"),
        ({"minLength": -1}, "minLength is not a count; write a whole number from 0 to 1,000,000"),
        ({"maxLength": True}, "maxLength is not a count; write a whole number from 0 to 1,000,000"),
        ({"minItems": 1.5}, "minItems is not a count; write a whole number from 0 to 1,000,000"),
        ({"maxItems": "1"}, "maxItems is not a count; write a whole number from 0 to 1,000,000"),
        ({"minimum": "1"}, "minimum is not a number; write a number"),
        ({"maximum": None}, "maximum is not a number; write a number"),
        ({"exclusiveMinimum": True}, "exclusiveMinimum is not a number; write a number"),
        ({"exclusiveMaximum": []}, "exclusiveMaximum is not a number; write a number"),
        ({"multipleOf": 0}, "multipleOf is not positive; write a number above 0"),
        ({"multipleOf": "1"}, "multipleOf is not a number; write a number"),
        ({"allOf": []}, "allOf is empty; list at least one, or remove it"),
        ({"anyOf": {}}, "anyOf is not a list; write a list"),
        ({"oneOf": [1]}, f"this is not a schema; {MAPPING}"),
        ({"uniqueItems": 1}, "uniqueItems is not true or false; write true or false"),
        ({"deprecated": "no"}, "deprecated is not true or false; write true or false"),
        ({"enum": []}, "enum is empty; list at least one, or remove it"),
        ({"examples": 1}, "examples is not a list; write a list"),
        ({"items": []}, f"this is not a schema; {MAPPING}"),
        (
            {"x-known-good": {"patern": "a"}},
            "a schema with the keyword 'patern' is not honoured here; did you mean pattern?",
        ),
        ({"additionalProperties": 1}, f"this is not a schema; {MAPPING}"),
        ({"if": {}}, "if stands without then; write then as well"),
        ({"then": {}}, "then stands without if; write if as well"),
        (
            {"if": {"pattern": "a"}, "then": {}},
            "if is not the schema of a condition; "
            "write it with required, properties, const and enum",
        ),
        (
            {"format": "int32"},
            "the format int32 is one of integers; write `type: integer` beside it",
        ),
        ({"format": "ipv4"}, f"the format 'ipv4' is not honoured here; {FORMATS}"),
        (
            {"pattern": '^[^\\\\\\"]$'},
            "the pattern '^[^\\\\\\\\\\\\\"]$' is not one of ECMA-262 in unicode mode; " + ESCAPES,
        ),
        ({"pattern": "["}, f"the pattern '[' is not one of ECMA-262 in unicode mode; {ESCAPES}"),
        (
            {"pattern": r"\Z"},
            rf"the pattern '\\Z' is not one of ECMA-262 in unicode mode; {ESCAPES}",
        ),
        ({"pattern": 1}, f"the pattern 1 is not one of ECMA-262 in unicode mode; {ESCAPES}"),
        ({"properties": []}, f"properties is not a mapping; {MAPPING}"),
        ({"properties": {"x-a": 1}}, f"this is not a schema; {MAPPING}"),
        ({"properties": {"x-evidence": 1}}, f"this is not a schema; {MAPPING}"),
        ({"required": True}, "required is not a list; write a list"),
        ({"required": [1], "properties": {}}, "item 1 of required is not a string; write a string"),
        (
            {"required": ["a"]},
            "the required member 'a' is not among the properties; describe it there",
        ),
        ({"type": "int"}, f"'int' is not a JSON type; {TYPES}"),
        ({"type": []}, f"[] is not a JSON type; {TYPES}"),
        ({"type": ["string", None]}, f"None is not a JSON type; {TYPES}"),
        ({"type": ["string", "string"]}, "a type is listed twice; keep one of them"),
        (
            {"type": "string", "default": 1},
            "the default 1 breaks the schema it stands in; correct one of them",
        ),
        (
            {"$ref": "#/components/schemas/Word", "default": "a"},
            "the default 'a' breaks the schema it stands in; correct one of them",
        ),
        (
            {"x-evidence": "assumed"},
            "x-evidence is not a mapping of constraints to evidence; write e.g. {type: assumed}",
        ),
    ],
)
def test_a_schema_that_is_not_honoured_is_refused(schema: Any, message: str) -> None:
    """The message says what is wrong with the keyword, and what to write instead."""
    value = data()
    value["components"]["schemas"]["X"] = schema
    assert messages_of(value) == [message]


@pytest.mark.parametrize(
    ("schema", "messages"),
    [
        (
            {"default": 1, "pattern": "["},
            [f"the pattern '[' is not one of ECMA-262 in unicode mode; {ESCAPES}"],
        ),
        ({"required": ["a"], "properties": []}, [f"properties is not a mapping; {MAPPING}"]),
        ({"required": ["a"], "allOf": 1}, ["allOf is not a list; write a list"]),
    ],
)
def test_one_mistake_is_not_told_as_two(schema: Any, messages: list[str]) -> None:
    """What rests on a part that is wrong itself is left for later."""
    value = data()
    value["components"]["schemas"]["X"] = schema
    assert messages_of(value) == messages


@pytest.mark.parametrize(
    "reference",
    [
        "#/components/schemas",
        "#/components/schemas/Thing/properties",
        "#/components/schemas/Thing/required",
        "#/components/schemas/Thing/properties/word",
        "#/info",
        "#",
        "https://example.com/word.json",
        1,
    ],
)
def test_a_reference_to_anything_but_a_named_schema_dangles(reference: object) -> None:
    """Nothing is fetched, and nothing that only looks like a schema is taken for one."""
    value = data()
    value["components"]["schemas"]["X"] = {"$ref": reference}
    assert messages_of(value) == [f"the reference {reference!r} points at no schema; {SCHEMAS}"]


def test_a_reference_where_no_schemas_are_dangles() -> None:
    """Without schemas to name, the remedy says that there are none."""
    value = data()
    del value["components"]
    assert messages_of(value) == [
        f"the reference '#/components/schemas/{name}' points at no schema; "
        "the schemas in #/components/schemas are none"
        for name in ("Thing", "Word")
    ]


PUT = ("paths", "/things", "put")


SEE = "see OpenAPI 3.1"
ADD = "add it; see OpenAPI 3.1"
NO_PAGE = "url is not the address of a page:"
PAGE = "write https://HOST/PATH, or leave it out"
OUTCOME = "the outcome error is not a JSON Schema:"
BODY = (*PUT, "requestBody")
JSON_BODY = (*BODY, "content", "application/json")


@pytest.mark.parametrize(
    ("at", "new", "message"),
    [
        (("openapi",), "3.0.3", "OpenAPI 3.0.3 is not honoured; write `openapi: 3.1.0`"),
        (("openapi",), 3.1, "OpenAPI 3.1 is not honoured; write `openapi: 3.1.0`"),
        (("info",), REMOVED, f"the document has no 'info'; {ADD}"),
        (("paths",), [], f"paths is not a mapping; {MAPPING}"),
        (("paths", "things"), {}, f"'things' is no key of paths; {SEE}"),
        (("paths", "/things/{id}"), {}, f"'/things/{{id}}' is no key of paths; {SEE}"),
        (("paths", "/things", "options"), {}, f"a path with the keyword 'options' {ANOTHER}"),
        ((*PUT, "callbacks"), {}, f"an operation with the keyword 'callbacks' {ANOTHER}"),
        (BODY, REMOVED, f"an operation has no 'requestBody'; {ADD}"),
        ((*PUT, "x-outcome"), REMOVED, f"an operation has no 'x-outcome'; {ADD}"),
        ((*PUT, "x-outcome", "error"), REMOVED, f"x-outcome has no 'error'; {ADD}"),
        (
            (*PUT, "x-outcome", "error"),
            {"minimum": "1"},
            f'{OUTCOME} "1" is not of type "number"; see JSON Schema 2020-12',
        ),
        (
            (*PUT, "x-outcome", "error"),
            "{}",
            f'{OUTCOME} "{{}}" is not of types "boolean", "object"; see JSON Schema 2020-12',
        ),
        ((*BODY, "content", "json"), {}, f"'json' is no key of content; {SEE}"),
        ((*JSON_BODY, "schema"), REMOVED, f"a media type has no 'schema'; {ADD}"),
        ((*JSON_BODY, "examples"), {}, "a media type has example and examples; keep one of them"),
        ((*PUT, "responses", "204"), REMOVED, "there is no response; add at least one status"),
        ((*PUT, "responses"), [], f"responses is not a mapping; {MAPPING}"),
        ((*PUT, "responses", "others"), {}, f"'others' is no key of responses; {SEE}"),
        (
            (*PUT, "responses", "204", "headers"),
            {},
            f"a response with the keyword 'headers' {ANOTHER}",
        ),
        (
            (*PUT, "responses", "x-evidence"),
            "assumed",
            "x-evidence is not a mapping of constraints to evidence; write e.g. {type: assumed}",
        ),
        (("components", "headers"), {}, f"components with the keyword 'headers' {ANOTHER}"),
        (("components", "schemas", "a b"), {}, f"'a b' is no key of schemas; {SEE}"),
        (("x-sources", "letter", "shows"), REMOVED, f"a source has no 'shows'; {ADD}"),
        (("x-sources", "letter", "url"), 1, f"{NO_PAGE} 1; {PAGE}"),
        (("x-sources", "letter", "url"), "javascript:a", f'{NO_PAGE} "javascript:a"; {PAGE}'),
        (("x-sources", "letter", "url"), "ftp://h/a", f'{NO_PAGE} "ftp://h/a"; {PAGE}'),
        (("x-sources", "letter", "url"), "https://u:p@h/", f'{NO_PAGE} "https://u:p@h/"; {PAGE}'),
        (("x-sources", "letter", "url"), "https://h/a b", f'{NO_PAGE} "https://h/a b"; {PAGE}'),
    ],
)
def test_openapi_that_is_not_honoured_is_refused(
    at: tuple[Any, ...], new: object, message: str
) -> None:
    """What is neither the specification's nor kept by this package is refused by its name."""
    assert messages_of(changed(data(), at, new)) == [message]


@pytest.mark.parametrize("url", ["https://h.example/a?b#c", "http://h:8080", "https://h"])
def test_a_source_has_the_address_of_its_page(url: str) -> None:
    """It stands on the evidence of each rule that names the source."""
    contract = of_data(Path(), changed(data(), ("x-sources", "page", "url"), url))
    known = contract["openThing"].rules["request#method"].evidence.source
    assert known is not None
    assert known.url == url


@pytest.mark.parametrize("at", [(), ("paths",), ("info",), (*PUT, "responses"), JSON_BODY])
def test_extensions_are_let_be(at: tuple[Any, ...]) -> None:
    """What begins with x- is somebody else's, wherever it stands."""
    value = changed(data(), (*at, "x-ours"), 1)
    assert list(of_data(Path(), value)) == ["openThing", "closeThing"]


def test_what_is_no_mapping_is_no_document() -> None:
    """A file of another kind is refused with its first line."""
    with pytest.raises(DocumentError) as raised:
        contract.load(document=written(Path(), "a.yaml", "- 1\n"))
    assert str(raised.value) == (
        "a.yaml:1: this is not the document; write a mapping; see OpenAPI 3.1"
    )


def test_every_problem_is_told_with_its_line() -> None:
    """One run shows all there is to mend, in the order of the document."""
    text = TEXT
    for old, new in [
        ("  version: '1'\n", "  version: 1\n"),
        ("deprecated: false\n      ext", "deprecated: maybe\n      ext"),
        ("minLength: 2\n", "minLength: two\n"),
        ("format: uuid", "format: guid"),
    ]:
        assert text.count(old) == 1
        text = text.replace(old, new)
    with pytest.raises(DocumentError) as raised:
        contract.load(document=written(Path(), "a.yaml", text))
    assert str(raised.value) == (
        "a.yaml:4: version is not a string; write a string\n"
        "a.yaml:34: deprecated is not true or false; write true or false\n"
        "a.yaml:101: minLength is not a count; write a whole number from 0 to 1,000,000\n"
        f"a.yaml:128: the format 'guid' is not honoured here; {FORMATS}"
    )


SCALARS = st.sampled_from([REMOVED, None, True, 0, -1, 1.5, "", "a", "3.1.0", "/a/{b}"])
LISTS = st.sampled_from([[], [None], [1], ["a", "a"], [[]], [{}]])
MAPPINGS = st.sampled_from(
    [
        {},
        {"a": 1},
        {"a": {}},
        {"type": "string"},
        {"default": 1, "type": "null"},
        {"required": ["a"]},
        {"properties": {"a": 1}},
        {"items": 1},
        {"anyOf": [1]},
        {"$ref": "#/components/schemas/Word"},
        {"$ref": "#/components/schemas"},
    ]
)
CHANGES = st.tuples(st.sampled_from(spots(data())[1:]), SCALARS | LISTS | MAPPINGS)


def theirs(value: Any) -> bool:
    """Say whether OpenAPI's own validator lets a document pass."""
    try:
        return not list(OpenAPIV31SpecValidator(value).iter_errors())
    except Exception:  # noqa: BLE001 - it raises many things on what is no document
        return False


@pytest.mark.unmeasured
@settings(max_examples=40)  # OpenAPI's own validator takes its time
@given(st.lists(CHANGES, min_size=1, max_size=2))
@example([(("components",), None)])
@example([(("components", "schemas"), [1])])
@example([(("components", "schemas", "Thing", "required"), True)])
@example([(("components", "schemas", "Thing", "required"), [[]])])
@example([((*PUT, "x-outcome", "error"), [])])
@example([(("info", "license"), {"name": "MIT", "identifier": "MIT", "url": "https://a"})])
def test_what_openapi_refuses_is_refused(changes: list[tuple[tuple[Any, ...], Any]]) -> None:
    """Whatever is broken in a document, we raise nothing but our own, and accept no more."""
    value = data()
    for at, new in changes:
        try:
            value = changed(value, at, new)
        except (KeyError, IndexError, TypeError):
            continue  # the first change took away what the second would change
    try:
        of_data(Path(), value)
    except DocumentError:
        return
    assert theirs(value)
