"""Several OpenAPI documents become one.

Paths never meet, since each belongs to one service. Names of schemas may: the same name with the
same content stays one schema; with different content each becomes ``<Service><Name>``.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from typing import Any

from koinonia.common.web import answers
from koinonia.devkit.documents import openapi_inputs, openapi_links
from koinonia.gateway import routes
from koinonia.gateway.reference.answers import of_gateway
from koinonia.gateway.reference.operations import METHODS
from koinonia.gateway.routes import Kind

Json = Any  # Any: a part of an OpenAPI document, whose JSON has many forms
Document = Mapping[str, Json]
Key = tuple[str, str]  # kind of component, name

OWN = "gateway"
SAFE_METHODS = frozenset(("get", "head", "options"))
_PAGE = re.compile(r"Page_(\w+)_")
_FORM = re.compile(r"Body_(\w+)")
SUCCESSES = frozenset(str(status) for status in range(200, 400))
REF = "#/components/"
TAGS: Mapping[str, str] = {
    "analytics": "The figures of the dashboard.",
    "audit": "Who did what, when and from where; it can only grow.",
    "auth": "Register, sign in, renew and end a session; the own account.",
    "billing": "What the plan allows and what is used of it.",
    "canned replies": "Texts that staff answer with often, by a shortcut.",
    "carriers": "Called by carriers, never by clients.",
    "church": "The church itself: its name, zone and language.",
    "conversations": "The shared inbox: threads, replies, notes, labels, search.",
    "fields": "What a church keeps about its people besides names; merged into texts.",
    "files": "Uploads, and what came with texts.",
    "gateway": "The CSRF token, and whether the system is well.",
    "keys": "Keys by which other programs work for the church.",
    "keywords": "Words that people text to join a group or to get an answer.",
    "labels": "Words with a colour, put on conversations.",
    "live": "What happens in the church, as server-sent events.",
    "messages": "Texts to many: preview, send now or later, watch, hold, cancel.",
    "notifications": "What somebody of the team should see, and how they are told.",
    "numbers": "The phone numbers of the church.",
    "office hours": "When staff answer, and what answers by itself when they do not.",
    "people": "Branches, groups, members, their consent; import, export, synchronisation.",
    "team": "Who works here, in which role; invitations.",
    "templates": "Texts that are sent again.",
    "webhooks": "Where other programs are told of what happens in the church.",
}
"""The groups of operations, as ``tags`` of the routes; each is described."""
SECURITY_SCHEMES = {
    "cookie": {
        "type": "apiKey",
        "in": "cookie",
        "name": "koinonia_access",
        "description": "Set by signing in; a browser sends it by itself. Where the public "
        "address is https its name is __Host-koinonia_access.",
    },
    "csrfToken": {
        "type": "apiKey",
        "in": "header",
        "name": "X-CSRF-Token",
        "description": "From GET /api/csrf-token; every change that rests on the cookie needs it.",
    },
    "bearer": {
        "type": "http",
        "scheme": "bearer",
        "bearerFormat": "JWT",
        "description": "For programs: sign in with `tokens: true`. Needs no CSRF token.",
    },
}


def merged(documents: Mapping[str, Document], info: Document, server: str) -> dict[str, Json]:
    """One document of the ``documents`` by service; that of the gateway itself is ``OWN``.

    Of a service, only paths under /api that the gateway passes to it are taken.
    """
    names = _names(documents)
    operations = _repeated_operations(documents)
    paths: dict[str, Json] = {}
    components: dict[str, dict[str, Json]] = defaultdict(dict)
    for service, document in documents.items():
        for kind, name, content in _components(document):
            final = names[service][kind, name]
            components[kind][final] = renamed(content, names[service])
        for path, item in _paths(service, document):
            own = renamed(item, names[service])
            paths[path] = _completed(own, path, service, operations)
    components["securitySchemes"].update(SECURITY_SCHEMES)
    _add_answers_of_the_gateway(paths, components, own=set(documents.get(OWN, {}).get("paths", {})))
    _share_answers(paths, components)
    openapi_inputs.say_what_is_taken(paths, components["schemas"])
    openapi_links.add(paths, components["schemas"])
    return {
        "openapi": "3.1.0",
        "info": dict(info),
        "servers": [{"url": server}],
        "tags": [
            {"name": name, **({"description": told} if (told := TAGS.get(name)) else {})}
            for name in _tags(paths)
        ],
        "paths": dict(sorted(paths.items())),
        "components": {kind: dict(sorted(each.items())) for kind, each in components.items()},
    }


def _names(documents: Mapping[str, Document]) -> dict[str, dict[Key, str]]:
    """What each component of each service is called in the end."""
    contents: dict[Key, dict[str, Json]] = defaultdict(dict)
    for service, document in documents.items():
        for kind, name, content in _components(document):
            contents[kind, name][service] = content
    differing = _differing(contents)
    names: dict[str, dict[Key, str]] = {service: {} for service in documents}
    for key, by_service in contents.items():
        for service in by_service:
            names[service][key] = service.capitalize() + key[1] if key in differing else key[1]
    return _plain(names)


def _plain(names: dict[str, dict[Key, str]]) -> dict[str, dict[Key, str]]:
    """With the names that clients use: ours say in which direction a model goes (``MemberOut``),
    and the framework's of what it is made (``Page_MemberOut_``). Where another thing has the plain
    name already, ``MemberOut`` becomes MemberDetails."""
    before = {(kind, new) for own in names.values() for (kind, _), new in own.items()}
    wanted = {key: plain_name(key[1]) for key in before}
    taken = Counter((kind, wanted[kind, name]) for kind, name in before)
    return {
        service: {
            (kind, old): wanted[kind, new]
            if taken[kind, wanted[kind, new]] == 1
            else re.sub("Out$", "Details", new)
            for (kind, old), new in own.items()
        }
        for service, own in names.items()
    }


def plain_name(name: str) -> str:
    """``Page_MemberOut_`` becomes MemberPage, ``MemberIn`` MemberRequest, ``Body_uploadFile``
    UploadFileForm."""
    if page := _PAGE.fullmatch(name):
        return f"{plain_name(page[1])}Page"
    if form := _FORM.fullmatch(name):
        return f"{form[1][0].upper()}{form[1][1:]}Form"
    name = name.removesuffix("-Input").removesuffix("-Output")
    return f"{name[:-2]}Request" if name.endswith("In") else name.removesuffix("Out")


def _differing(contents: Mapping[Key, Mapping[str, Json]]) -> set[Key]:
    """Names that mean different things, or the same words about things that differ."""
    shared = {key: list(each.values()) for key, each in contents.items() if len(each) > 1}
    differing = {key for key, each in shared.items() if any(content != each[0] for content in each)}
    while True:
        found = {
            key
            for key, each in shared.items()
            if key not in differing and not differing.isdisjoint(_references(each[0]))
        }
        if not found:
            return differing
        differing |= found


def _references(content: Json) -> Iterator[Key]:
    if isinstance(content, Mapping):
        for value in content.values():
            yield from _references(value)
    elif isinstance(content, list):
        for value in content:
            yield from _references(value)
    elif isinstance(content, str) and content.startswith(REF):
        kind, _, name = content.removeprefix(REF).partition("/")
        yield kind, name


def renamed(content: Json, names: Mapping[Key, str]) -> Json:
    """A copy whose references carry the final names."""
    if isinstance(content, Mapping):
        return {key: renamed(value, names) for key, value in content.items()}
    if isinstance(content, list):
        return [renamed(value, names) for value in content]
    for kind, name in _references(content):
        return f"{REF}{kind}/{names.get((kind, name), name)}"
    return content


def _components(document: Document) -> Iterator[tuple[str, str, Json]]:
    for kind, each in document.get("components", {}).items():
        if kind != "securitySchemes":
            yield from ((kind, name, content) for name, content in each.items())


def _paths(service: str, document: Document) -> Iterator[tuple[str, Json]]:
    for path, item in document.get("paths", {}).items():
        if service == OWN or _owner(path) == service:
            yield path, item


def _owner(path: str) -> str | None:
    try:
        return routes.find(path).service
    except routes.NoRoute:
        return None


def _repeated_operations(documents: Mapping[str, Document]) -> set[str]:
    seen: dict[str, int] = defaultdict(int)
    for service, document in documents.items():
        for _, item in _paths(service, document):
            for method in METHODS & set(item):
                seen[item[method].get("operationId", "")] += 1
    return {name for name, count in seen.items() if count > 1}


def _completed(
    item: dict[str, Json], path: str, service: str, repeated: set[str]
) -> dict[str, Json]:
    """Each operation with a unique id, a tag and its security requirements."""
    for method in METHODS & set(item):
        operation = item[method]
        if operation.get("operationId", "") in repeated:
            operation["operationId"] = (
                f"{operation.get('operationId') or method}Of{service.title()}"
            )
        operation.setdefault("tags", [service])
        own = operation.get("security", [])
        operation["security"] = own if service == OWN else _security(path, method)
    return item


def _add_answers_of_the_gateway(
    paths: Mapping[str, Json], components: dict[str, dict[str, Json]], own: set[str]
) -> None:
    for path, item in paths.items():
        for method in METHODS & set(item) if path not in own else ():
            kinds = of_gateway(routes.find(path).kind, method)
            answers.add({"components": components}, item[method], kinds)


def _share_answers(paths: Mapping[str, Json], components: dict[str, dict[str, Json]]) -> None:
    """Give answers that several operations have a name, and refer to it: by its status the most
    usual one, by its error what has a single one."""
    places: dict[str, list[dict[str, Json]]] = defaultdict(list)
    for operation in _operations(paths):
        for status in operation["responses"].keys() - SUCCESSES:
            places[status].append(operation["responses"])
    for status, each in sorted(places.items()):
        found = [responses[status] for responses in each]
        usual = max(found, key=found.count)
        for responses in each:
            answer = responses[status]
            name = _phrase(status) if answer == usual else answers.only_error(answer)
            if name and found.count(answer) > 1:
                components["responses"][name] = answer
                responses[status] = {"$ref": f"{REF}responses/{name}"}


def _phrase(status: str) -> str:
    return HTTPStatus(int(status)).phrase.title().replace(" ", "").replace("-", "")


def _operations(paths: Mapping[str, Json]) -> Iterator[dict[str, Json]]:
    for item in paths.values():
        yield from (item[method] for method in METHODS & set(item))


def _security(path: str, method: str) -> list[dict[str, list[str]]]:
    kind = routes.find(path).kind
    if kind not in (Kind.SESSION, Kind.SIGN_OUT):
        return []
    cookie: dict[str, list[str]] = {"cookie": []}
    if method not in SAFE_METHODS:
        cookie["csrfToken"] = []
    nobody: list[dict[str, list[str]]] = [{}] if kind is Kind.SIGN_OUT else []
    return [cookie, {"bearer": []}, *nobody]


def _tags(paths: Mapping[str, Json]) -> list[str]:
    tags = (tag for operation in _operations(paths) for tag in operation["tags"])
    return sorted(set(tags))
