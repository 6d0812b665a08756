"""From a path item of the document to its operations, each with its sides and rules."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from enkash_contract.contract import answers, openapi, questions
from enkash_contract.contract.evidence import Claims, Evidence, Level
from enkash_contract.contract.keywords import WIRE_KEYWORDS
from enkash_contract.contract.operation import (
    REQUEST,
    RESPONSE,
    TO_ENKASH,
    TO_PARTNER,
    Operation,
    Side,
)
from enkash_contract.contract.rules import Rule
from enkash_contract.contract.schema_rules import EVIDENCE, QUESTIONS, Origin, Reader

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from enkash_contract.contract.yaml_nodes import Tokens

WIRE = {
    side: tuple(name for name, keyword in WIRE_KEYWORDS.items() if side in keyword.sides)
    for side in (REQUEST, RESPONSE)
}
"""The rules of a media type that no schema can say; each needs evidence in the document."""


def operations(reader: Reader, at: Tokens) -> Iterator[Operation]:
    """Yield the operations of the path item at `at`."""
    for method in reader.document.at(at):
        if method in openapi.METHODS:
            yield _operation(reader, (*at, method))


def _operation(reader: Reader, at: Tokens) -> Operation:
    node = reader.document.at(at)
    group, name, method = at[0], str(at[1]), str(at[-1]).upper()
    item = reader.document.at(at[:-1])
    path = name if group == "paths" else node.get("x-path", item.get("x-path", ""))
    learned = answers.read(reader, at)
    request = _side(reader, Origin((*at, "requestBody")), REQUEST, learned)
    rules = [_wire_rule(reader, REQUEST, "method", method, Origin(at))]
    rules += [_wire_rule(reader, REQUEST, "path", path, Origin(at))] if path else []
    if group != "paths":
        request = replace(request, rules=tuple(map(_tolerated, request.rules)))
        rules = [*map(_tolerated, rules)]
    statuses, responses = _responses(reader, (*at, "responses"))
    sides = {REQUEST: request, **responses}
    rules += [*request.rules, *statuses]
    rules += [rule for side in responses.values() for rule in side.rules]
    outcome = _followed(reader, Origin((*at, "x-outcome")))
    operation = Operation(
        id=node["operationId"],
        method=method,
        path=path,
        summary=node.get("summary", node["operationId"]),
        sides=sides,
        rules=_unique(reader, rules, at),
        outcomes={each: reader.document.at(outcome.at)[each] for each in openapi.OUTCOMES},
        outcome_evidence={
            each: _outcome_evidence(reader, outcome, each) for each in openapi.OUTCOMES
        },
        direction=TO_ENKASH if group == "paths" else TO_PARTNER,
        tags=tuple(node.get("tags", ())),
        title=node.get("x-title", node.get("summary", node["operationId"])),
        page=_page(reader, at),
        headers=_required(node.get("parameters", ())),
        asked=node.get(QUESTIONS, {}),
        answers=learned,
        at=at,
    )
    _unasked(reader, operation)
    return operation


def _required(parameters: Iterable[Mapping[str, Any]]) -> tuple[str, ...]:
    """Return the names of the headers that a request must have."""
    return tuple(each["name"] for each in parameters if each.get("required", False))


def _unasked(reader: Reader, operation: Operation) -> None:
    """Note the answers to questions that nobody asks there."""
    asked = {(each.id, answers.key(each.side, each.pointer)) for each in questions.of(operation)}
    asked |= {(each.id, answers.WHOLE) for each in questions.general(reader.document)}
    for question, about in operation.answers:
        if (question, about) not in asked:
            message = f"there is no question {question!r} about {about}"
            spot = (*operation.at, answers.ANSWERS, question, about)
            reader.problem(spot, message, "`enkash-contract questions` lists them")


def _tolerated(rule: Rule) -> Rule:
    """Return a rule of a webhook: no page obliges a partner to refuse what breaks it."""
    return replace(rule, stated=rule.stated or Evidence(Level.ASSUMED))


def _page(reader: Reader, at: Tokens) -> str | None:
    page: str | None = reader.document.at(at).get("x-page")
    if page is not None and page not in reader.document.sources(at):
        reader.problem((*at, "x-page"), f"the page {page!r} is no source", "add it to x-sources")
    return page


def _responses(reader: Reader, at: Tokens) -> tuple[list[Rule], dict[str, Side]]:
    """Return the rule of the statuses, and the side of each documented one that has a body."""
    node = reader.document.at(at)
    statuses = [key for key in node if not key.startswith("x-")]
    # A default response documents every status: that rule cannot be broken, and needs no evidence.
    rules = [_wire_rule(reader, RESPONSE, "status", statuses, Origin(at))]
    sides = {}
    for status in statuses:
        # OpenAPI allows nothing beside such a reference: its evidence is with that of the statuses.
        replaced = ((at, (status,)),) if "$ref" in node[status] else ()
        response = _followed(reader, Origin((*at, status), replaced))
        if "content" in reader.document.at(response.at):
            name = f"{RESPONSE}.{status}"
            sides[name] = _side(reader, response, name)
    return rules, sides


def _followed(reader: Reader, origin: Origin) -> Origin:
    """Return the origin of what stands there, or of the component that a reference names."""
    node = reader.document.at(origin.at)
    if "$ref" not in node:
        return origin
    target = reader.document.resolve(node["$ref"])
    assert target is not None  # noqa: S101 - the shape of the document was checked before
    replaced = ((origin.at, ()),) if EVIDENCE in node else ()
    return _followed(reader, Origin(target, (*origin.replaced, *replaced)))


def _outcome_evidence(reader: Reader, origin: Origin, name: str) -> Evidence:
    claims = reader.claims(origin, name, subject=(*origin.at, name))
    if claims.receiver is not None:
        spot = (*origin.at, EVIDENCE, name)
        reader.problem(spot, f"the outcome {name} demands nothing of a receiver", "remove that")
    return claims.sender


def _unique(reader: Reader, rules: list[Rule], at: Tokens) -> dict[str, Rule]:
    by_id: dict[str, Rule] = {}
    for rule in rules:
        if rule.id in by_id:
            message = f"two rules are both called {rule.id}"
            reader.problem(at, message, "merge them: an id must lead to one rule")
        by_id[rule.id] = rule
    return by_id


def _side(
    reader: Reader,
    origin: Origin,
    name: str,
    learned: Mapping[tuple[str, str], answers.Answer] | None = None,
) -> Side:
    node = reader.document.at(origin.at)
    media_type, media = next(iter(node["content"].items()), ("", dict[str, Any]()))
    spot: Tokens = (*origin.at, "content", media_type)
    if media_type != "application/json" or len(node["content"]) > 1:
        problem_at = (*origin.at, "content")
        reader.problem(problem_at, "the content is not application/json alone", "write that")
        return Side(name, {}, media_type, ())
    # What replaces the evidence of a response is about its media type.
    of_media = Origin(spot, origin.replaced)
    origins: dict[Tokens, Origin] = {}
    schema = reader.inline(of_media.below(("schema",)), origins)
    answers.show(schema, name, learned or {})
    kind = REQUEST if name == REQUEST else RESPONSE
    wire = [_wire_rule(reader, name, keyword, media_type, of_media) for keyword in WIRE[kind]]
    if "type" not in schema:
        reader.problem((*spot, "schema"), f"the {name} has no type at its root", "say `type`")
    rules = (*wire, *reader.rules(name, schema, origins))
    examples = _examples(media)
    example = next(iter(examples.values()), None)
    place = reader.document.place(spot)
    return Side(name, schema, media_type, rules, example, place, examples)


def _examples(media: dict[str, Any]) -> dict[str, Any]:
    """Return the examples of a media type by their names."""
    if "example" in media:
        return {"example": media["example"]}
    return {name: each["value"] for name, each in media.get("examples", {}).items()}


def _wire_rule(reader: Reader, side: str, keyword: str, value: Any, origin: Origin) -> Rule:
    unstated = side.partition(".")[0] in WIRE_KEYWORDS[keyword].unstated or (
        keyword == "status" and openapi.DEFAULT in value
    )
    if unstated and not reader.states(origin, keyword):
        claims = Claims(Evidence(Level.ASSUMED))
    else:
        claims = reader.claims(origin, keyword)
    return Rule(
        id=f"{side}#{keyword}",
        side=side,
        pointer="",
        keyword=keyword,
        value=value,
        evidence=claims.sender,
        place=reader.document.place(origin.at),
        stated=claims.receiver,
    )
