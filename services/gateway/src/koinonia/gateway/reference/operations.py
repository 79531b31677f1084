"""One operation as HTML: what it takes, what it answers, how to call it."""

import json
import re
from collections.abc import Iterable
from html import escape

from koinonia.gateway.reference import examples, schemas
from koinonia.gateway.reference.schemas import Field, JsonObject, Schemas

METHODS = frozenset(("get", "put", "post", "delete", "options", "head", "patch", "trace"))


def rendered(document: JsonObject, path: str, method: str, operation: JsonObject) -> str:
    known: Schemas = document["components"].get("schemas", {})
    server = document["servers"][0]["url"]
    command = examples.curl(server, path, method, operation, known)
    parts = (
        _text(operation.get("description", "")),
        f'<p class="access">{_access(operation)}</p>',
        _parameters(operation, known),
        _body(operation, known),
        _answers(operation, known),
        f'<h4>Example</h4><pre class="copy"><code>{escape(command)}</code></pre>',
    )
    return (
        f'<details class="operation" id="{anchor(path, method)}"><summary>{badge(method)}'
        f"<code>{_path(path)}</code><span>{escape(operation.get('summary', ''))}</span></summary>"
        f"<div>{''.join(parts)}</div></details>"
    )


def anchor(path: str, method: str) -> str:
    return method + re.sub(r"[^a-zA-Z0-9]+", "-", path)


def badge(method: str) -> str:
    return f'<b class="method {method}">{method.upper()}</b>'


def prose(text: str) -> str:
    """What stands between backticks is code."""
    return re.sub(r"(`+)([^`]+)\1", r"<code>\2</code>", escape(text))


def fields_table(fields: Iterable[Field], known: Schemas) -> str:
    rows = "".join(
        f"<tr><td><code>{escape(field.name)}</code>{'' if field.required else ' <i>optional</i>'}"
        f"</td><td>{_linked(field.type, known)}</td><td>{prose(field.notes)}</td></tr>"
        for field in fields
    )
    return f"<table>{rows}</table>" if rows else ""


def _path(path: str) -> str:
    return re.sub(r"\{[^}]*\}", lambda found: f"<em>{found[0]}</em>", escape(path))


def _text(description: str) -> str:
    paragraphs = [part.strip() for part in description.split("\n\n") if part.strip()]
    return "".join(f"<p>{prose(part)}</p>" for part in paragraphs)


def _access(operation: JsonObject) -> str:
    security = operation.get("security", [])
    if not security:
        return "Open to everybody."
    if any("csrfToken" in each for each in security):
        return "Needs a session: the cookie with <code>X-CSRF-Token</code>, or a bearer token."
    return "Needs a session: the cookie, or a bearer token."


def _parameters(operation: JsonObject, known: Schemas) -> str:
    fields = [
        Field(
            f"{each['name']}",
            f"{schemas.type_name(each.get('schema', {}))} in {each['in']}",
            each.get("required", False),
            each.get("description") or schemas.notes(each.get("schema", {}), known),
        )
        for each in operation.get("parameters", [])
        if "name" in each
    ]
    return f"<h4>Parameters</h4>{fields_table(fields, known)}" if fields else ""


def _body(operation: JsonObject, known: Schemas) -> str:
    content = operation.get("requestBody", {}).get("content", {})
    return "".join(
        f"<h4>Body <small>{escape(media_type)} · "
        f"{_linked(schemas.type_name(each.get('schema', {})), known)}</small></h4>"
        + fields_table(schemas.fields(each.get("schema", {}), known), known)
        for media_type, each in content.items()
    )


def _answers(operation: JsonObject, known: Schemas) -> str:
    answers = "".join(
        _answer(status, each, known) for status, each in operation.get("responses", {}).items()
    )
    return f"<h4>Answers</h4>{answers}"


def _answer(status: str, answer: JsonObject, known: Schemas) -> str:
    line = f'<p><b class="status s{status[:1]}">{escape(status)}</b> '
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    if schema is None:
        return f"{line}{escape(answer.get('description', ''))}</p>"
    line += (
        f"{escape(answer.get('description', ''))} {_linked(schemas.type_name(schema), known)}</p>"
    )
    if not status.startswith("2"):
        return line
    example = json.dumps(examples.example(schema, known), indent=2, ensure_ascii=False)
    return f"{line}<pre><code>{escape(example)}</code></pre>"


def _linked(type_name: str, known: Schemas) -> str:
    """A type in words, where each name of a schema leads to it."""

    def link(found: re.Match[str]) -> str:
        name = found[0]
        return f'<a href="#schema-{name}">{name}</a>' if name in known else escape(name)

    return re.sub(r"[A-Za-z0-9_.-]+|[^A-Za-z0-9_.-]+", link, type_name)
