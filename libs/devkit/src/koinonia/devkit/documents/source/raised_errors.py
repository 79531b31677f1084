"""Which errors a function can raise: its own, and those of what it calls.

A call is followed by the name that is called; of a method, where only one class has a method of
that name. A ``try`` keeps what it catches. What this cannot see, a function that is handed on as a
value of an object, its caller declares with ``@raises``. The result may name an error that no
request can reach; that none is missing is held in every test (:mod:`..contract`).
"""

import ast
from collections import defaultdict
from collections.abc import Iterator, Mapping, Set
from functools import cached_property

from koinonia.devkit.documents.source.names import Function, Source

ROOT_ERROR = "koinonia.common.errors.AppError"
CONSTRUCTORS = ("__init__", "__post_init__", "__call__", "__aenter__")
READ_OF_A_CLASS = ("code", "message", "status")  # which raises nothing
LIBRARIES = ("common", "carriers", "media")
NOT_FOLLOWED = ("koinonia.common.bus.", "koinonia.common.operators.")  # after the request, or apart

Caught = frozenset[str]
Reference = tuple[str, Caught]  # a dotted name, and the errors that its place catches


class RaisedErrors:
    """The errors of every function of ``source``."""

    def __init__(self, source: Source) -> None:
        self._source = source

    def by(self, function: str) -> Set[str]:
        """The dotted names of the error classes that ``function`` can raise."""
        return self._found.get(function, frozenset())

    @cached_property
    def errors(self) -> Set[str]:
        """Every class below :data:`ROOT_ERROR`."""
        return {name for name in self._source.classes if ROOT_ERROR in self._ancestors(name)}

    def _ancestors(self, name: str) -> Iterator[str]:
        node = self._source.classes.get(name)
        for base in node.bases if node else ():
            if parent := self._source.meaning(base, self._source.home[name]):
                yield parent
                yield from self._ancestors(parent)

    @cached_property
    def _found(self) -> Mapping[str, Set[str]]:
        """Errors are passed on to callers until nothing changes."""
        references = {name: self._references(name) for name in self._all}
        found: dict[str, set[str]] = {name: set() for name in self._all}
        callers = defaultdict(set)
        for name, each in references.items():
            for target, _ in each:
                callers[target].add(name)
        waiting = set(self._all)
        while waiting:
            name = waiting.pop()
            before = len(found[name])
            for target, caught in references[name]:
                raised = {target} if target in self.errors else found.get(target, set())
                found[name] |= {each for each in raised if not self._is_caught(each, caught)}
            if len(found[name]) > before:
                waiting |= callers[name]
        return found

    @cached_property
    def _all(self) -> Set[str]:
        return {*self._source.functions, *self._source.constants}

    def _is_caught(self, error: str, caught: Caught) -> bool:
        return bool(caught) and not caught.isdisjoint((error, *self._ancestors(error)))

    def _references(self, name: str) -> Set[Reference]:
        module = self._source.home[name]
        if (value := self._source.constants.get(name)) is not None:
            nodes = [(node, Caught()) for node in ast.walk(value)]
        else:
            nodes = list(self._in_function(self._source.functions[name], module))
        return {
            (target, caught)
            for node, caught in nodes
            for target in self._targets(node, module)
            if target != name and not target.startswith(NOT_FOLLOWED)
        }

    def _in_function(self, function: Function, module: str) -> Iterator[tuple[ast.AST, Caught]]:
        for part in (function.args, *function.body):
            yield from self._with_caught(part, Caught(), module)

    def _with_caught(
        self, node: ast.AST, caught: Caught, module: str
    ) -> Iterator[tuple[ast.AST, Caught]]:
        if self._is_only_read(node, module):
            return
        yield node, caught
        inner = caught | self._handled(node, module) if isinstance(node, ast.Try) else caught
        for part in ast.iter_child_nodes(node):
            is_tried = isinstance(node, ast.Try) and part in node.body
            is_name = isinstance(node, ast.ExceptHandler) and part is node.type
            if not is_name:
                yield from self._with_caught(part, inner if is_tried else caught, module)

    def _is_only_read(self, node: ast.AST, module: str) -> bool:
        return (
            isinstance(node, ast.Attribute)
            and node.attr in READ_OF_A_CLASS
            and self._source.meaning(node.value, module) in self.errors
        )

    def _handled(self, node: ast.Try, module: str) -> Caught:
        """The errors that a ``try`` does not let through."""
        kept = (handler for handler in node.handlers if not _raises_again(handler))
        named = (part for handler in kept if handler.type for part in ast.walk(handler.type))
        meanings = (
            self._source.meaning(part, module) for part in named if isinstance(part, ast.expr)
        )
        return frozenset(each for each in meanings if each)

    def _targets(self, node: ast.AST, module: str) -> Iterator[str]:
        if not isinstance(node, ast.Name | ast.Attribute):
            return
        target = self._source.meaning(node, module)
        if target in self.errors or target in self._all:
            yield str(target)
        elif target in self._source.classes:
            yield from (f"{target}.{name}" for name in CONSTRUCTORS)
        elif isinstance(node, ast.Attribute):
            service = module.split(".")[1]
            known = {
                name
                for name in self._methods[node.attr]
                if name.split(".")[1] in (service, *LIBRARIES)
            }
            yield from known if len(known) == 1 else ()

    @cached_property
    def _methods(self) -> Mapping[str, Set[str]]:
        """The methods of all classes by their own name."""
        found = defaultdict(set)
        for name in self._source.functions:
            owner, _, own = name.rpartition(".")
            if owner in self._source.classes:
                found[own].add(name)
        return found


def _raises_again(handler: ast.ExceptHandler) -> bool:
    return any(isinstance(node, ast.Raise) and node.exc is None for node in ast.walk(handler))
