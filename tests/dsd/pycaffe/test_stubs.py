"""The types of ``import caffe``, in `caffe-stubs`, name what its modules offer: no more, no less, and the same objects."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from types import ModuleType

import pytest

import dsd
from dsd.pycaffe.module import package

STUBS = Path(dsd.__file__).parent.parent / "caffe-stubs"
MODULES = {
    ".".join(["caffe", *path.relative_to(STUBS).with_suffix("").parts]).removesuffix(".__init__"): path
    for path in STUBS.rglob("*.pyi")}


def offered(module: ModuleType) -> dict[str, object]:
    """The names that ``from module import *`` brings, and the version."""
    names = getattr(module, "__all__", [name for name in vars(module) if not name.startswith("_")])
    return {name: getattr(module, name) for name in [*names, *({"__version__"} & vars(module).keys())]}


def stubbed(name: str) -> dict[str, object]:
    """The names in the stub of a module, and the objects whose types they have."""
    found: dict[str, object] = {}
    private: dict[str, object] = {}  # imported without `as`, so not handed on
    for node in ast.parse(MODULES[name].read_text()).body:
        if isinstance(node, ast.ImportFrom):
            assert node.module != name
            source = ("." + node.module if node.level and node.module else node.module) or "."
            module = import_module(source, name if MODULES[name].stem == "__init__" else name.rpartition(".")[0])
            for alias in node.names:
                if alias.name == "*":
                    found.update(offered(module))
                else:
                    (found if alias.asname else private)[alias.asname or alias.name] = getattr(module, alias.name)
        elif isinstance(node, ast.Assign):
            (target,), value = node.targets, node.value
            assert isinstance(target, ast.Name) and isinstance(value, ast.Name)
            found[target.id] = private[value.id]
        elif isinstance(node, ast.AnnAssign):
            assert isinstance(node.target, ast.Name)
            found[node.target.id] = None
        else:
            assert isinstance(node, ast.Expr), ast.dump(node)  # a docstring
    return found


def differences(name: str, module: ModuleType) -> Iterator[str]:
    """The names that only one has, or that stand for different objects. Modules of forks, once imported, do not count."""
    theirs = stubbed(name)
    ours = {each: value for each, value in offered(module).items()
            if not (isinstance(value, ModuleType) and value.__name__.startswith("caffe.") and value.__name__ not in MODULES)}
    if "_caffe" in vars(module):  # private by its name, and yet scripts import it
        ours["_caffe"] = vars(module)["_caffe"]
    yield from sorted(ours.keys() ^ theirs.keys())
    yield from (each for each in ours.keys() & theirs.keys() if each != "__version__" and ours[each] is not theirs[each])


def test_each_module_has_a_stub():
    assert MODULES.keys() == package().keys()


@pytest.mark.parametrize("name", MODULES)
def test_the_names_of_a_stub_are_those_of_the_module(caffe, name):
    assert list(differences(name, import_module(name))) == []
