"""What a name in a module means: modules, functions and classes by their dotted names."""

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

Function = ast.FunctionDef | ast.AsyncFunctionDef

LEFT_OUT = ("migrations", "testing")  # folders that no request passes


@dataclass
class Source:
    """Everything is keyed by dotted name: ``koinonia.messaging.people.members.get``."""

    modules: dict[str, ast.Module] = field(default_factory=dict)
    imports: dict[str, dict[str, str]] = field(default_factory=dict)  # module: {name: dotted}
    functions: dict[str, Function] = field(default_factory=dict)  # methods as module.Class.name
    classes: dict[str, ast.ClassDef] = field(default_factory=dict)
    constants: dict[str, ast.expr] = field(default_factory=dict)
    home: dict[str, str] = field(default_factory=dict)  # the module of a function or constant

    @classmethod
    def read(cls, *roots: Path) -> "Source":
        """The source below ``roots``, each a folder that is on the path of imports."""
        source = cls()
        for root in roots:
            for path in sorted(root.rglob("*.py")):
                parts = path.relative_to(root).with_suffix("").parts
                if not set(parts) & set(LEFT_OUT):
                    source._add(parts, ast.parse(path.read_text()))
        return source

    def _add(self, parts: tuple[str, ...], tree: ast.Module) -> None:
        is_package = parts[-1] == "__init__"
        name = ".".join(parts[:-1] if is_package else parts)
        package = parts[:-1]
        self.modules[name] = tree
        self.imports[name] = dict(_imports(tree, package))
        for node in tree.body:
            self._add_statement(name, node)

    def _add_statement(self, module: str, node: ast.stmt) -> None:
        if isinstance(node, Function):
            self._add_function(module, f"{module}.{node.name}", node)
        elif isinstance(node, ast.ClassDef):
            self.classes[f"{module}.{node.name}"] = node
            self.home[f"{module}.{node.name}"] = module
            for each in node.body:
                if isinstance(each, Function):
                    self._add_function(module, f"{module}.{node.name}.{each.name}", each)
        elif isinstance(node, ast.Assign | ast.AnnAssign) and node.value is not None:
            for target in node.targets if isinstance(node, ast.Assign) else [node.target]:
                if isinstance(target, ast.Name):
                    self.constants[f"{module}.{target.id}"] = node.value
                    self.home[f"{module}.{target.id}"] = module

    def _add_function(self, module: str, name: str, node: Function) -> None:
        self.functions[name] = node
        self.home[name] = module

    def meaning(self, node: ast.expr, module: str) -> str | None:
        """The dotted name of what a name or attribute in ``module`` refers to."""
        if isinstance(node, ast.Name):
            return self.canonical(self.imports[module].get(node.id, f"{module}.{node.id}"))
        if isinstance(node, ast.Attribute):
            owner = self.meaning(node.value, module)
            return self.canonical(f"{owner}.{node.attr}") if owner else None
        return None

    def canonical(self, name: str) -> str:
        """Where a thing is defined, if ``name`` is another module's name for it."""
        known = (self.functions, self.classes, self.modules, self.constants)
        if any(name in each for each in known):
            return name
        owner, _, last = name.rpartition(".")
        if not owner:
            return name
        module = self.canonical(owner)
        if last in self.imports.get(module, {}):
            return self.canonical(self.imports[module][last])
        return name if module == owner else self.canonical(f"{module}.{last}")


def _imports(tree: ast.Module, package: tuple[str, ...]) -> Iterator[tuple[str, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            for alias in node.names:
                first = alias.name.partition(".")[0]
                yield alias.asname or first, alias.name if alias.asname else first
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else ()
            origin = ".".join((*above, *([node.module] if node.module else [])))
            for alias in node.names:
                yield alias.asname or alias.name, f"{origin}.{alias.name}"
