"""The rules that matter, each with its reason; see also the import contracts in pyproject.toml."""

import ast
import re
from importlib import import_module
from pathlib import Path

import pytest
from tests.architecture.source import ROOT, Source, code, report, sources

from koinonia.common.events import REGISTRY

FILE_LINES = 400
FUNCTION_LINES = 60
PERSONAL = {"phone", "phone_number", "sender", "to", "text", "content", "body", "message_text"}
LOG_METHODS = {"debug", "info", "warning", "error", "exception", "critical"}


def test_a_file_is_short_enough_to_be_read_at_once() -> None:
    report(
        f"No file is longer than {FILE_LINES} lines: longer ones hold more than one story.",
        "Split it by behaviour, never by layer.",
        [f"{s.path} {n}" for s in sources() if (n := s.text.count("\n")) > FILE_LINES],
    )


def test_a_function_fits_a_screen() -> None:
    report(
        f"No function is longer than {FUNCTION_LINES} lines.",
        "Name its steps and give each a function.",
        [
            f"{source.at(f)} {f.name} {size}"
            for source in sources()
            for f in source.functions()
            if (size := (f.end_lineno or 0) - f.lineno + 1) > FUNCTION_LINES
        ],
    )


def test_only_the_database_module_commits() -> None:
    report(
        "A request or event is one transaction, ended at its edge: libs/common/.../db/database.py.",
        "Take a session and let the edge commit; effects outside follow the commit.",
        [
            source.at(call)
            for source in code()
            if not source.path.endswith("koinonia/common/db/database.py")
            for call in source.calls()
            if isinstance(call.func, ast.Attribute) and call.func.attr in ("commit", "rollback")
        ],
    )


def test_an_event_is_made_by_its_owner_alone() -> None:
    """Listeners may hold an event; only its owner may say that it happened."""
    owners = {event.__name__: event.owner for event in REGISTRY.values()}
    report(
        "An event is constructed only by the service that owns it.",
        "Publish an event of your own, or ask the owner to publish.",
        [
            f"{source.at(call)} {name} belongs to {owners[name]}"
            for source in code()
            if (service := _service(source)) is not None
            for call in source.calls()
            if (name := _called(call)) in owners and owners[name] != service
        ],
    )


def test_no_log_line_holds_a_phone_number_or_the_text_of_a_message() -> None:
    report(
        "Phone numbers and message text never reach a log.",
        "Log ids and figures; koinonia.common.phone.mask shows enough of a number.",
        [
            f"{source.at(call)} {keyword.arg}"
            for source in code()
            for call in source.calls()
            if _is_log(call)
            for keyword in call.keywords
            if keyword.arg in PERSONAL and not _is_masked(keyword.value)
        ],
    )


def test_a_log_event_is_a_noun_and_a_verb() -> None:
    report(
        "A log event is `noun.verb` with fields, so that it can be searched and counted.",
        'Write log.info("message.sent", recipients=3), not a sentence.',
        [
            f"{source.at(call)} {call.args[0].value!r}"
            for source in code()
            for call in source.calls()
            if _is_log(call) and call.args
            if isinstance(call.args[0], ast.Constant) and isinstance(call.args[0].value, str)
            if not re.fullmatch(r"[a-z_]+\.[a-z_]+", call.args[0].value)
        ],
    )


def test_names_say_what_a_thing_does() -> None:
    banned = re.compile(r"^(get|handle|process)_|Manager$|Repository$|UnitOfWork$|Mediator$")
    report(
        "No get_, handle_, process_, Manager, Repository, UnitOfWork: they say nothing.",
        "A verb for effects (`record`), a noun for queries (`recipients`).",
        [
            f"{source.at(node)} {node.name}"
            for source in code()
            for node in source.nodes
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
            if banned.search(node.name) and not is_named_by_its_base(node)
        ],
    )


def is_named_by_its_base(node: ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef) -> bool:
    """A framework named what is marked ``@override``."""
    return any(ast.unparse(each) == "override" for each in node.decorator_list)


def test_a_route_contains_no_try() -> None:
    report(
        "An error carries its own status and sentence (koinonia.common.errors).",
        "Raise a subclass of AppError below the route; the edge answers.",
        [
            source.at(node)
            for source in code()
            if re.fullmatch(r"services/.*/((\w+_)?api|api/\w+)\.py", source.path)
            for node in source.nodes
            if isinstance(node, ast.Try)
        ],
    )


def test_fastapi_stays_at_the_edge() -> None:
    edge = re.compile(
        r"services/gateway/|/api/|/(\w+_)?api\.py$|/app\.py$|/cookies\.py$|/dependencies\.py$"
    )
    report(
        "A domain module is plain functions; it can be called by a route, a reaction or a test.",
        "Take values and raise AppErrors; keep Request, UploadFile and Depends in api.py.",
        [
            source.at(node)
            for source in code()
            if source.path.startswith("services/") and not edge.search(source.path)
            for node in source.nodes
            if isinstance(node, ast.Import | ast.ImportFrom)
            if "fastapi" in (getattr(node, "module", None) or node.names[0].name)
        ],
    )


def test_nothing_is_left_for_later_in_the_code() -> None:
    words = re.compile(r"\b(TO" + r"DO|FIX" + r"ME|XX" + r"X|HA" + r"CK)\b|in a real (system|dep)")
    report(
        "What is not done is said in an issue or the README, not hidden in a comment.",
        "Do it, or leave it out and say so.",
        [
            f"{source.path}:{number}"
            for source in sources()
            for number, line in enumerate(source.text.splitlines(), 1)
            if words.search(line)
        ],
    )


@pytest.mark.parametrize(
    "service", sorted(path.name for path in (ROOT / "services").iterdir() if path.is_dir())
)
def test_a_service_has_the_shape_of_a_service(service: str) -> None:
    folder = ROOT / "services" / service
    package = folder / "src" / "koinonia" / service
    needed = [folder / "README.md", package / "app.py", package / "program.py"]
    program = import_module(f"koinonia.{service}.program").PROGRAM
    if program.has_schema:
        needed += [package / "migrations" / "versions", package / "worker.py"]
    readme = (folder / "README.md").read_text()
    headings = re.findall(r"^## (.+)$", readme, re.MULTILINE)
    report(
        "Every service is laid out alike, so that who knows one finds the way in all.",
        "See docs/architecture.md, Layout; README headings: Owns, Publishes, Listens to, "
        "Routes, Settings, Files.",
        [str(path.relative_to(ROOT)) for path in needed if not path.exists()]
        + ["README.md names no glossary"] * ("docs/glossary.md" not in readme)
        + [
            f"README.md lacks ## {heading}"
            for heading in ("Owns", "Publishes", "Listens to", "Routes", "Settings", "Files")
            if heading not in headings
        ],
    )


def test_the_lock_names_no_registry() -> None:
    locks = [ROOT / "requirements.lock", ROOT / "requirements-dev.lock"]
    report(
        "The locks are reproducible anywhere: hashes, no host and no URL.",
        "Write them with `make lock`.",
        [lock.name for lock in locks if "://" in lock.read_text()]
        + [lock.name for lock in locks if "--hash=sha256" not in lock.read_text()],
    )


def _service(source: Source) -> str | None:
    parts = Path(source.path).parts
    return parts[1] if parts[0] == "services" else None


def _called(call: ast.Call) -> str:
    func = call.func
    return func.id if isinstance(func, ast.Name) else getattr(func, "attr", "")


def _is_log(call: ast.Call) -> bool:
    func = call.func
    return (
        isinstance(func, ast.Attribute)
        and func.attr in LOG_METHODS
        and isinstance(func.value, ast.Name)
        and func.value.id in ("log", "logger")
    )


def _is_masked(value: ast.expr) -> bool:
    return isinstance(value, ast.Call) and "mask" in ast.unparse(value.func)
