"""The document as one HTML page that loads nothing from elsewhere."""

import base64
import hashlib
from collections.abc import Iterator
from html import escape
from importlib import resources

from koinonia.gateway.reference import operations, schemas
from koinonia.gateway.reference.operations import METHODS
from koinonia.gateway.reference.schemas import JsonObject

_FILES = resources.files(__package__)
STYLE = (_FILES / "page.css").read_text("utf-8")
SCRIPT = (_FILES / "page.js").read_text("utf-8")


def _digest(text: str) -> str:
    return "sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()


POLICY = (
    f"default-src 'none'; style-src '{_digest(STYLE)}'; script-src '{_digest(SCRIPT)}'; "
    "img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
"""What the page may load: the style and the script that stand in it."""


def rendered(document: JsonObject) -> str:
    """The page, as HTML."""
    info = document["info"]
    groups = list(_grouped(document))
    known = document["components"].get("schemas", {})
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(info["title"])} API</title>
<link rel="icon" href="data:,">
<style>{STYLE}</style>
</head>
<body>
<nav>
<h1>{escape(info["title"])} <small>API {escape(info["version"])}</small></h1>
<input id="filter" type="search" placeholder="Filter routes" aria-label="Filter routes">
{"".join(_contents(name, entries) for name, entries in groups)}
<p><a href="#schemas">Schemas</a> · <a href="/api/openapi.json">openapi.json</a></p>
</nav>
<main>
<p class="intro">{operations.prose(info["description"])}</p>
{"".join(_group(document, name, entries) for name, entries in groups)}
<section id="schemas"><h2>Schemas</h2>
{"".join(_schema(name, schema, known) for name, schema in known.items())}
</section>
</main>
<script>{SCRIPT}</script>
</body>
</html>
"""


Entry = tuple[str, str, JsonObject]  # path, method, operation


def _grouped(document: JsonObject) -> Iterator[tuple[str, list[Entry]]]:
    """The operations by their first tag; the tags in the order of the document."""
    entries = [
        (path, method, operation)
        for path, item in document["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    ]
    for tag in document["tags"]:
        if found := [entry for entry in entries if entry[2]["tags"][0] == tag["name"]]:
            yield tag["name"], found


def _contents(group: str, entries: list[Entry]) -> str:
    links = "".join(
        f'<li><a href="#{operations.anchor(path, method)}">{operations.badge(method)}'
        f"<span>{escape(operation.get('summary', path))}</span></a></li>"
        for path, method, operation in entries
    )
    return f'<h2><a href="#{escape(group)}">{escape(group)}</a></h2><ul>{links}</ul>'


def _group(document: JsonObject, name: str, entries: list[Entry]) -> str:
    body = "".join(operations.rendered(document, *entry) for entry in entries)
    return f'<section id="{escape(name)}"><h2>{escape(name)}</h2>{body}</section>'


def _schema(name: str, schema: JsonObject, known: schemas.Schemas) -> str:
    notes = schemas.notes(schema, known)
    table = operations.fields_table(schemas.fields(schema, known), known)
    return (
        f'<details id="schema-{escape(name)}"><summary><code>{escape(name)}</code></summary>'
        f"<div><p>{operations.prose(notes)}</p>{table}</div></details>"
    )
