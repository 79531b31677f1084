"""The merged interface as a list of operations, each with the places where an id goes.

So a route that is added tomorrow is walked tomorrow, without a line here.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import httpx
from pydantic.alias_generators import to_snake

from koinonia.common import clock
from koinonia.gateway.reference import examples
from koinonia.gateway.reference.schemas import resolved

METHODS = ("get", "post", "put", "patch", "delete")
CHOSEN = ("recipient",)  # only where a group text leaves the choice
IN_A_MONTH = timedelta(days=30)
FILE = ("members.csv", b"firstName,phone\nAnn,+12025550100")
ALONE = {("GET /api/members/export", "segmentId")}  # where another would contradict it
INSTEAD_OF = {"templateId": "content", "memberId": "phone"}  # one or the other
NOUNS = {
    "target": "member",  # the members named by targetIds, unless a test says otherwise
    "notify": "admin",
    "mention": "admin",
    "assignee": "admin",
    "addLabel": "label",
    "removeLabel": "label",
    "into": "member",
    "asMember": "member",
    "join": "group",
    "leave": "group",
    "fromBranch": "branch",
    "toBranch": "branch",
    "groupsAnyOf": "group",
    "groupsAllOf": "group",
    "groupsNoneOf": "group",
    "id": "conversation",  # those of the work on many
    "from": "conversation",
    "fromNumber": "number",
    "lastSeenLine": "note",
    "actor": "admin",
    "thing": "endpoint",  # on which something was done
    "cursor": "member",
    "key": "api_key",
}


@dataclass(frozen=True)
class Place:
    """Where an id stands in a request: ``where`` is path, query, body or form."""

    where: str
    name: str
    is_list: bool = False

    @property
    def noun(self) -> str:
        """What it is the id of: ``groupIds`` and ``groupId`` are of a group."""
        noun = self.name.removesuffix("s").removesuffix("Id")
        return NOUNS.get(noun, to_snake(noun))


@dataclass(frozen=True)
class Operation:
    method: str
    path: str
    places: tuple[Place, ...]
    body: Any = None
    form: tuple[str, ...] = field(default=())
    texts: Mapping[str, str] = field(default_factory=dict)  # of the path, that are no ids
    needed: Mapping[str, str] = field(default_factory=dict)  # of the query, neither

    def __str__(self) -> str:
        return f"{self.method.upper()} {self.path}"

    def having(self, body: Mapping[str, Any]) -> "Operation":
        """The same with another body."""
        return replace(self, body=dict(body))

    def ids(
        self, own: Mapping[str, str], place: Place | None = None, foreign: str = ""
    ) -> dict[Place, str]:
        """Own ids for its places, and another for ``place``: those that can be said together."""
        said = [each for each in self.places if (str(self), each.name) not in ALONE]
        if place is not None and place not in said:
            return {place: foreign}
        return {each: own[each.noun] for each in said} | ({place: foreign} if place else {})

    async def ask(self, client: httpx.AsyncClient, ids: Mapping[Place, str]) -> httpx.Response:
        """Perform it with an id in each of its places."""
        values = {
            where: {p.name: [i] if p.is_list else i for p, i in ids.items() if p.where == where}
            for where in ("path", "query", "body", "form")
        }
        request: dict[str, Any] = {"params": {**self.needed, **values["query"]}}
        if self.form:
            files = dict.fromkeys(self.form, FILE)
            request |= {"files": files, "data": values["form"]}
        elif self.body is not None:
            instead = {INSTEAD_OF.get(name) for name in values["body"]}
            said = {name: value for name, value in self.body.items() if name not in instead}
            request["json"] = said | values["body"]
        return await client.request(
            self.method, self.path.format(**self.texts, **values["path"]), **request
        )


def operations(document: Mapping[str, Any]) -> Iterator[Operation]:
    """Every operation of the merged document."""
    known = document["components"]["schemas"]
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield _operation(method, path, item[method], known)


def _operation(method: str, path: str, told: Mapping[str, Any], known: Any) -> Operation:
    places = [
        place
        for parameter in told.get("parameters", [])
        if parameter["in"] in ("path", "query")
        for place in _places(
            parameter["in"], {"properties": {parameter["name"]: parameter["schema"]}}, known
        )
    ]
    texts = {
        parameter["name"]: str(examples.example(parameter["schema"], known))
        for parameter in told.get("parameters", [])
        if parameter["in"] == "path" and not _is_id(parameter["schema"], known)
    }
    needed = {
        parameter["name"]: str(examples.example(parameter["schema"], known))
        for parameter in told.get("parameters", [])
        if parameter["in"] == "query" and parameter.get("required")
    }
    content = told.get("requestBody", {}).get("content", {})
    if "multipart/form-data" in content and "application/json" not in content:
        schema = resolved(content["multipart/form-data"]["schema"], known)
        places += _places("form", schema, known)
        files = tuple(name for name, each in schema["properties"].items() if _is_file(each, known))
        return Operation(method, path, tuple(places), form=files, texts=texts)
    schema = content.get("application/json", {}).get("schema")
    if schema is None:
        return Operation(method, path, tuple(places), texts=texts, needed=needed)
    places += _places("body", resolved(schema, known), known)
    body = _body(resolved(schema, known), known)
    return Operation(method, path, tuple(places), body, texts=texts)


def _body(schema: Mapping[str, Any], known: Any) -> dict[str, Any]:
    """A believable body without ids, and without times: now is what everything can do. What must
    have a time is for later."""
    example: dict[str, Any] = examples.example(schema, known)
    ids = {place.name for place in _places("body", schema, known)}
    times = {
        name
        for name, each in schema.get("properties", {}).items()
        if resolved(each, known).get("format") == "date-time"
    }
    body = {name: value for name, value in example.items() if name not in {*ids, *times, *CHOSEN}}
    needed = times & set(schema.get("required", ()))
    if "filter" in body:
        body["filter"] = {"joinedWithinDays": 30}  # a made-up one names what is not there
    return body | dict.fromkeys(needed, (clock.now() + IN_A_MONTH).isoformat())


def _places(where: str, schema: Mapping[str, Any], known: Any) -> list[Place]:
    found = []
    for name, each in schema.get("properties", {}).items():
        each = resolved(each, known)
        if each.get("type") == "array" and _is_id(each["items"], known):
            found.append(Place(where, name, is_list=True))
        elif _is_id(each, known):
            found.append(Place(where, name))
    return found


def _is_file(schema: Mapping[str, Any], known: Any) -> bool:
    found = resolved(schema, known)
    found = resolved(found.get("items", found), known)  # files are a list, also where one is taken
    return found.get("format") == "binary" or "contentMediaType" in found


def _is_id(schema: Mapping[str, Any], known: Any) -> bool:
    return bool(resolved(schema, known).get("format") == "uuid")
