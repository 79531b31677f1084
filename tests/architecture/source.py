"""What the checks look at: every Python file of ours, parsed once."""

import ast
import gc
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Source:
    """One file: its path below the root, its text, its syntax tree."""

    path: str
    text: str
    tree: ast.Module

    @property
    def is_test(self) -> bool:
        return "/tests/" in f"/{self.path}" or self.path.startswith("tests/")

    @cached_property
    def nodes(self) -> tuple[ast.AST, ...]:
        """All of the tree, walked once for all rules."""
        return tuple(ast.walk(self.tree))

    def calls(self) -> Iterator[ast.Call]:
        return (node for node in self.nodes if isinstance(node, ast.Call))

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        for node in self.nodes:
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def at(self, node: ast.expr | ast.stmt) -> str:
        return f"{self.path}:{node.lineno}"


@cache
def sources() -> tuple[Source, ...]:
    """Tracked and untracked files that git does not ignore."""
    listed = subprocess.run(
        ["git", "ls-files", "-co", "--exclude-standard", "*.py"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    ).stdout.split()
    found = []
    for path in sorted(set(listed)):
        if (ROOT / path).is_file():
            text = (ROOT / path).read_text()
            found.append(Source(path, text, ast.parse(text)))
    gc.collect()
    gc.freeze()  # millions of nodes stay to the end, so they need no look at each collection
    return tuple(found)


def code() -> list[Source]:
    """Everything that runs in production or on a developer's machine; no tests."""
    return [source for source in sources() if not source.is_test]


def report(rule: str, remedy: str, breaches: list[str]) -> None:
    """Fail with the reason of the rule, how to comply, and each place."""
    assert not breaches, f"\n{rule}\n{remedy}\n  " + "\n  ".join(breaches)
