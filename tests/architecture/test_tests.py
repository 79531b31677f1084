"""Rules of the tests themselves, each with its reason."""

import ast
import re
from collections.abc import Iterator, Mapping
from functools import cache

from tests.architecture.source import Source, report, sources

Function = ast.FunctionDef | ast.AsyncFunctionDef
SPEAKING = frozenset({"pytest.raises", "pytest.warns", "pytest.fail"})
WAITS = re.compile(r"\b(asyncio|time)\.sleep\((?!0\))")
REASON = re.compile(r"#.*\w")


def test_a_test_can_fail() -> None:
    report(
        "A test that asserts nothing proves nothing.",
        "Assert an outcome that a user would notice: an assert, pytest.raises, or a helper of ours "
        "that asserts. That nothing was raised is no outcome: say what came of it.",
        [
            f"{source.at(function)} {function.name}"
            for source in of_tests()
            for function in source.functions()
            if function.name.startswith("test_") and not asserts(function, source)
        ],
    )


def test_a_test_module_is_imported_by_no_other() -> None:
    report(
        "Who looks for a helper looks in a file that is named after it, not among tests.",
        "Move what several tests use into a module beside them, or a fixture into conftest.py.",
        [
            f"{source.at(node)} {name}"
            for source in of_tests()
            for node in source.nodes
            if isinstance(node, ast.Import | ast.ImportFrom)
            for name in imported(node).values()
            if any(part.startswith("test_") for part in name.split("."))
        ],
    )


def test_a_test_waits_for_something() -> None:
    report(
        "Who sleeps for a fixed time waits too long on a quick machine, not enough on a slow one.",
        "Poll with eventually(...). Where the length of time is what a test is about, say so in a "
        "comment behind the sleep.",
        [
            f"{source.path}:{number}"
            for source in of_tests()
            if not source.path.startswith("tests/load/")  # what it measures has a length
            for number, line in enumerate(source.text.splitlines(), 1)
            if (found := WAITS.search(line)) and not REASON.search(line[found.end() :])
        ],
    )


def test_a_test_asserts_whatever_happens() -> None:
    report(
        "An assert that stands in one branch alone may never run, and nobody notices.",
        "Force the case, or assert behind the loop that each branch was taken.",
        [
            f"{source.at(branch)} {function.name}"
            for source in of_tests()
            for function in source.functions()
            if function.name.startswith("test_") and not asserts_always(function.body, source)
            for branch in function.body[-1:]
        ],
    )


def test_a_property_of_servers_ends_soon_when_it_fails() -> None:
    found = [
        source.at(function)
        for source in of_tests()
        for function in source.functions()
        if isinstance(function, ast.AsyncFunctionDef)
        and any("given(" in ast.unparse(each) for each in function.decorator_list)
        and "on_servers" not in source.text
    ]
    report(
        "Made smaller for five minutes, a failing example of servers holds up the whole run.",
        "Put @on_servers(examples=…) of koinonia.common.testing.properties above @given.",
        found,
    )


def of_tests() -> Iterator[Source]:
    return (source for source in sources() if source.is_test)


def asserts(function: Function, source: Source) -> bool:
    """An assert, or a helper that holds one, is somewhere in it."""
    return any(is_assertion(node, source) for node in ast.walk(function))


def asserts_always(body: list[ast.stmt], source: Source) -> bool:
    """One is reached on every way through."""
    return any(_always(statement, source) for statement in body)


def _always(statement: ast.stmt, source: Source) -> bool:
    match statement:
        case ast.If():
            return asserts_always(statement.body, source) and asserts_always(
                statement.orelse, source
            )
        case ast.For() | ast.AsyncFor() | ast.While():
            return asserts_always(statement.body, source)
        case ast.With() | ast.AsyncWith():
            is_one = any(is_assertion(each.context_expr, source) for each in statement.items)
            return is_one or asserts_always(statement.body, source)
        case ast.Try():
            return asserts_always([*statement.body, *statement.finalbody], source)
        case ast.Match():
            return all(asserts_always(case.body, source) for case in statement.cases)
    return any(is_assertion(node, source) for node in ast.walk(statement))


def is_assertion(node: ast.AST, source: Source) -> bool:
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Constant)
    if not isinstance(node, ast.Call):
        return False
    name = resolved(node.func, source)
    return name in asserting() | SPEAKING


@cache
def asserting() -> frozenset[str]:
    """The functions of tests and of the testing tools that assert or raise, by their full names."""
    known = {
        f"{module(source)}.{function.name}": (source, function)
        for source in sources()
        if source.is_test or "/common/testing/" in source.path
        for function in source.tree.body
        if isinstance(function, Function) and not function.name.startswith("test_")
    }
    found: set[str] = set()
    while more := {
        name
        for name, (source, function) in known.items()
        if name not in found
        if any(_speaks(node, source, found) for node in ast.walk(function))
    }:
        found |= more
    return frozenset(found)


def _speaks(node: ast.AST, source: Source, known: set[str]) -> bool:
    if isinstance(node, ast.Assert | ast.Raise):
        return True
    return isinstance(node, ast.Call) and resolved(node.func, source) in known | SPEAKING


def resolved(called: ast.expr, source: Source) -> str:
    """The full name of what is called, as far as imports tell."""
    first, _, rest = ast.unparse(called).partition(".")
    full = names(source).get(first, f"{module(source)}.{first}")
    return f"{full}.{rest}" if rest else full


@cache
def names(source: Source) -> Mapping[str, str]:
    """What the names that a file imports stand for."""
    package = module(source).rpartition(".")[0]
    found: dict[str, str] = {}
    for node in source.nodes:
        if isinstance(node, ast.Import | ast.ImportFrom):
            found |= imported(node, package)
    return found


def imported(node: ast.Import | ast.ImportFrom, package: str = "") -> dict[str, str]:
    """Full names by the names that they get; ``package`` is where relative ones begin."""
    if isinstance(node, ast.Import):
        return {each.asname or each.name: each.name for each in node.names}
    outer = package.split(".")[: len(package.split(".")) - max(node.level - 1, 0)]
    start = [*outer, node.module] if node.level and node.module else outer
    origin = ".".join(start) if node.level else node.module or ""
    return {each.asname or each.name: f"{origin}.{each.name}" for each in node.names}


def module(source: Source) -> str:
    """The name by which others import it: of an installed package that below ``src``."""
    path = source.path.removesuffix(".py").rpartition("/src/")[2].replace("/", ".")
    return path.removesuffix(".__init__")
