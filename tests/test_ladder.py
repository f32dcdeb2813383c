"""Imports run one way, down the ladder of rooms, and in no circle. Reading the rungs is reading the house."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

ROOT = Path(__file__).parent.parent
RUNGS = (  # a room a rung; each imports from its own and lower ones
    {"netdef.source", "netdef.errors", "netdef.extras", "netdef.files", "netdef.garbage", "netdef.plugins"},
    {"netdef.text"},
    {"netdef.schema"},
    {"netdef.definition"},
    {"netdef.layers"},
    {"netdef.data"},
    {"netdef.graph"},
    {"netdef.weights"},
    {"netdef.api"},
    {"netdef.builder"},
    {"netdef.convert"},
    {"netdef.pycaffe"},
    {"netdef", "netdef.testing", "netdef.netspec", "netdef.coord_map"},
    {"dsd.seeds", "dsd.display", "dsd.compute"},
    {"dsd.masks"},
    {"dsd.distributed"},
    {"dsd.solver"},
    {"dsd.evaluate"},
    {"dsd.engine"},
    {"dsd.plan"},
    {"dsd.training"},
    {"dsd.observers"},
    {"dsd.timing"},
    {"dsd.features"},
    {"dsd.classify"},
    {"dsd.logs"},
    {"dsd.drawing"},
    {"dsd.scan"},
    {"dsd.study"},
    {"dsd.report"},
    {"dsd.attached"},
    {"dsd.pycaffe"},
    {"dsd.cli"},
    {"dsd"},
)


def rung(module: str) -> int:
    """The rung of the longest listed prefix of a module's name."""
    parts = module.split(".")
    for n in range(len(parts), 0, -1):
        name = ".".join(parts[:n])
        for number, names in enumerate(RUNGS):
            if name in names:
                return number
    raise AssertionError(f"{module} stands on no rung")


def modules() -> dict[str, Path]:
    found = {}
    for path in [*ROOT.glob("netdef/**/*.py"), *ROOT.glob("dsd/**/*.py")]:
        parts = path.relative_to(ROOT).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


def imports(path: Path, known: set[str]) -> Iterator[str]:
    """Our modules that a file imports, anywhere in it, those for type checkers too."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module:
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                if full in known:
                    yield full
                elif node.module in known:
                    yield node.module


def test_no_import_climbs():
    found = modules()
    climbing = [
        f"{name} (rung {rung(name)}) imports {other} (rung {rung(other)})"
        for name, path in found.items()
        for other in imports(path, set(found))
        if rung(other) > rung(name)
    ]
    assert climbing == []


def test_no_circle():
    found = modules()
    graph = {name: set(imports(path, set(found))) - {name} for name, path in found.items()}
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the circle


def test_the_engine_knows_no_nets():
    """It works on named weights and an optimiser, so that any PyTorch model can be its user."""
    found = modules()
    barred = ("netdef.graph", "netdef.layers", "netdef.definition", "netdef.data", "dsd.plan", "dsd.training")
    reached, todo = set(), [name for name in found if name.startswith("dsd.engine")]
    while todo:
        name = todo.pop()
        if name not in reached:
            reached.add(name)
            todo += imports(found[name], set(found))
    assert [name for name in sorted(reached) if name.startswith(barred)] == []


def test_nothing_imports_what_stands_beside_the_house():
    for path in modules().values():
        for node in ast.walk(ast.parse(path.read_text())):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else (
                [node.module or ""] if isinstance(node, ast.ImportFrom) else [])
            assert not {n.split(".")[0] for n in names} & {"tools", "tests", "models"}, path


def test_package_inits_below_the_top_say_what_the_room_holds_and_hold_nothing_else():
    public = ROOT / "dsd" / "pycaffe" / "__init__.py"  # users write `import dsd.pycaffe`
    for path in [*ROOT.glob("netdef/*/**/__init__.py"), *ROOT.glob("dsd/*/**/__init__.py")]:
        module = ast.parse(path.read_text())
        assert ast.get_docstring(module), path
        assert path == public or len(module.body) == 1, path
