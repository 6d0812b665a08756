"""From a schema of the document to the rules in it, each with its evidence and its place.

References are written out here, so that the path an engine reports leads to one rule; a schema that
refers to itself would have no finite list of rules, and is an error.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from enkash_contract.contract import notation
from enkash_contract.contract.evidence import Claims, Evidence, Level, Source, weakest
from enkash_contract.contract.integers import stated_as, with_bounds
from enkash_contract.contract.keywords import CONSTRAINTS, KEYWORDS
from enkash_contract.contract.rules import Rule
from enkash_contract.contract.subschemas import CHOICES, subschemas, with_subschemas
from enkash_contract.errors import Problem
from enkash_contract.wire.pointer import pointer

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from enkash_contract.contract.document import Document
    from enkash_contract.contract.yaml_nodes import Tokens

EVIDENCE = "x-evidence"
QUESTIONS = "x-open-questions"


class Origin(NamedTuple):
    """The place of a schema in the document, and the evidence that replaces its own.

    Each of `replaced` is the place of a reference on the way to the schema, the outermost first,
    and the way from there to the schema.
    """

    at: Tokens
    replaced: tuple[tuple[Tokens, Tokens], ...] = ()

    def below(self, way: Tokens) -> Origin:
        """Return the origin of what stands at `way` in it."""
        replaced = tuple((owner, (*within, *way)) for owner, within in self.replaced)
        return Origin((*self.at, *way), replaced)


@dataclass
class Reader:
    """Reads evidence and schemas of one document, collecting every problem on the way."""

    document: Document
    problems: list[Problem] = field(default_factory=list)
    _used: dict[Tokens, set[Tokens]] = field(default_factory=dict)

    def problem(self, at: Tokens, message: str, remedy: str) -> None:
        """Note a problem of the value at `at`."""
        self.problems.append(self.document.problem(at, message, remedy))

    def states(self, origin: Origin, key: str) -> bool:
        """Return whether there is evidence of the constraint `key` at `origin`."""
        spots = (*origin.replaced, (origin.at, ()))
        return any(self._looked_up(owner, (*way, key))[1] is not None for owner, way in spots)

    def claims(self, origin: Origin, *keys: str, subject: Tokens | None = None) -> Claims:
        """Return the claims at `origin` of the constraint `keys`, whose value is at `subject`."""
        spots = [*((owner, (*way, *keys)) for owner, way in origin.replaced), (origin.at, keys)]
        stated = [self._stated(*spot) for spot in spots]
        # The latest layer says it, and of several references the outermost one.
        said = [spot for spot in stated if isinstance(spot[1], str)]
        at, text = max(said, key=lambda spot: self.document.layer(spot[0]), default=stated[-1])
        constraint = "/".join(keys)
        if not isinstance(text, str):
            message = f"the constraint {constraint!r} has no evidence"
            remedy = f"say it in x-evidence beside it, e.g. `{keys[-1]}: assumed`"
            self.problem(subject or at, message, remedy)
            return Claims(Evidence(Level.ASSUMED))
        # A partner's new value is not known because the old one was.
        if subject is not None and self.document.layer(subject) > self.document.layer(at):
            place = self.document.place(at)
            message = f"the constraint {constraint!r} was changed, but its evidence is from {place}"
            remedy = "say the evidence of the new value in the same overlay"
            self.problems.append(Problem(self.document.latest(subject), message, remedy))
        return self._parse(text, at)

    def _stated(self, owner: Tokens, keys: Tokens) -> tuple[Tokens, Any]:
        """Return what is stated of the constraint `keys` in `owner`, with its place."""
        self._used.setdefault((*owner, EVIDENCE), set()).add(keys)
        return self._looked_up(owner, keys)

    def _looked_up(self, owner: Tokens, keys: Tokens) -> tuple[Tokens, Any]:
        at: Tokens = (*owner, EVIDENCE)
        text: Any = self.document.at(owner).get(EVIDENCE, {})
        for key in keys:
            text = text.get(key) if isinstance(text, dict) else None
            if text is not None:
                at = (*at, key)
        return at, text

    def evidence(self, at: Tokens) -> Evidence:
        """Return the evidence that is stated at `at` of what is no constraint."""
        return self._parse(self.document.at(at), at).sender

    def leftovers(self) -> None:
        """Note evidence for a constraint that is not there: mistyped, or left behind."""
        # A document has thousands of places, and only those of evidence matter here.
        stated: dict[Tokens, list[Tokens]] = {}
        for place in self.document.places:
            if EVIDENCE in place:
                size = place.index(EVIDENCE) + 1
                stated.setdefault(place[:size], []).append(place[size:])
        for at, used in self._used.items():
            known = {(), *(keys[:size] for keys in used for size in range(1, len(keys) + 1))}
            for keys in stated.get(at, ()):
                if keys not in known and keys[:-1] in known - used:
                    constraint = "/".join(map(str, keys))
                    message = (
                        f"evidence for {constraint!r}, but no such constraint stands beside it"
                    )
                    self.problem((*at, *keys), message, "correct the name, or remove the line")

    def _parse(self, text: str, at: Tokens) -> Claims:
        layer = self.document.layer(at)
        # An overlay that names no source is its own: the partner signs for it.
        signed = Source(self.document.layers[layer], "what the partner who wrote it knows")
        sources = self.document.sources(at)
        claims, problems = notation.read(text, sources, signed if layer else None)
        for message, remedy in problems:
            self.problem(at, message, remedy)
        return claims

    def inline(
        self, origin: Origin, origins: dict[Tokens, Origin], path: Tokens = ()
    ) -> dict[str, Any]:
        """Return the schema at `origin` with its references written out.

        `origins` is filled: from the path within the result to the schema's place in the document.
        """
        return self._inline(origin, origins, path, ())

    def _inline(
        self, origin: Origin, origins: dict[Tokens, Origin], path: Tokens, trail: tuple[Tokens, ...]
    ) -> dict[str, Any]:
        at = origin.at
        if at in trail:
            message = "the schema refers to itself, so its rules have no end"
            self.problem(at, message, "write it out to the depth that is needed")
            origins[path] = origin
            return {}
        trail = (*trail, at)
        self._used.setdefault((*at, EVIDENCE), set())
        node = self.document.at(at)
        if "$ref" in node:
            own = {key: node[key] for key in node if key not in ("$ref", EVIDENCE)}
            target = self.document.resolve(node["$ref"])
            assert target is not None  # noqa: S101 - the shape of the document was checked before
            if not own.keys() & (CONSTRAINTS | {"properties", "items", "allOf"}):
                replaced = ((at, ()),) if EVIDENCE in node else ()
                whole = Origin(target, (*origin.replaced, *replaced))
                return _joined(self._inline(whole, origins, path, trail), own)
            first = self._inline(Origin(target), origins, (*path, "allOf", 0), trail)
            rest = self._members(own, origin, origins, path, trail, shift=1)
            rest["allOf"] = [first, *rest.get("allOf", [])]
            origins[path] = origin
            return rest
        origins[path] = origin
        return self._members(node, origin, origins, path, trail)

    def _members(
        self,
        node: Mapping[str, Any],
        origin: Origin,
        origins: dict[Tokens, Origin],
        path: Tokens,
        trail: tuple[Tokens, ...],
        shift: int = 0,
    ) -> dict[str, Any]:
        def written_out(key: str) -> Callable[[Tokens, Any], dict[str, Any]]:
            def change(below: Tokens, _: Any) -> dict[str, Any]:
                inside = (key, int(below[1]) + shift) if key == "allOf" else below
                return self._inline(origin.below(below), origins, (*path, *inside), trail)

            return change

        return {
            key: with_subschemas(key, value, written_out(key))
            for key, value in with_bounds(node).items()
            if key != EVIDENCE
        }

    def rules(
        self, side: str, schema: dict[str, Any], origins: Mapping[Tokens, Origin]
    ) -> list[Rule]:
        """List the rules of `schema`, in the order of the document."""
        return list(_Walk(self, side, origins).rules(schema, (), (), ""))


@dataclass(frozen=True)
class _Walk:
    """A walk over the schema of one side, which yields the rules that its keywords make.

    `path` leads to a schema within that of the side, and `where` to what it speaks of; `prefix`
    names the branch of `allOf` that it stands in.
    """

    reader: Reader
    side: str
    origins: Mapping[Tokens, Origin]

    def rules(
        self, schema: dict[str, Any], path: Tokens, where: Tokens, prefix: str
    ) -> Iterator[Rule]:
        document, origin = self.reader.document, self.origins[path]
        for keyword, value in schema.items():
            stated = stated_as(keyword, document.at(origin.at))
            at = (*origin.at, stated)
            # Extensions of others, which the document may hold anywhere, demand nothing.
            for demand in KEYWORDS[keyword].demands(value) if keyword in KEYWORDS else ():
                subject = (*at, *demand.within)
                claims = self.reader.claims(origin, stated, *demand.members, subject=subject)
                if keyword in CHOICES:
                    claims = _whole(claims, [*self.within(keyword, value, path, where, "")])
                spot = pointer((*where, *demand.members))
                yield Rule(
                    id=f"{self.side}{spot}#{prefix}{keyword}",
                    side=self.side,
                    pointer=spot,
                    keyword=keyword,
                    value=demand.value,
                    evidence=claims.sender,
                    place=document.place(subject),
                    schema=schema,
                    path=(*path, keyword),
                    stated=claims.receiver,
                )
            if keyword not in CHOICES:
                yield from self.within(keyword, value, path, where, prefix)

    def within(
        self, keyword: str, value: Any, path: Tokens, where: Tokens, prefix: str
    ) -> Iterator[Rule]:
        for inner in subschemas(keyword, value):
            # Of two branches that say the same of one member, each has its own rule.
            deeper = f"{prefix}{pointer(inner.path)[1:]}/" if keyword == "allOf" else prefix
            below, members = (*path, *inner.path), (*where, *inner.members)
            yield from self.rules(inner.schema, below, members, deeper)


def _joined(schema: dict[str, Any], own: dict[str, Any]) -> dict[str, Any]:
    """Return a schema with what stands beside the reference to it, whose questions are added."""
    questions = {**schema.get(QUESTIONS, {}), **own.get(QUESTIONS, {})}
    return {**schema, **own, **({QUESTIONS: questions} if questions else {})}


def _whole(claims: Claims, branches: list[Rule]) -> Claims:
    """Return what a choice is worth: no more than the weakest rule in it."""
    sender = weakest([claims.sender, *(rule.evidence for rule in branches)])
    own = claims.receiver or claims.sender
    receiver = weakest([own, *(rule.receiver for rule in branches)])
    return Claims(sender, None if receiver == sender else receiver)
