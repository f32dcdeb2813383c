"""Run Python 2 scripts: convert them when they are loaded, and provide the modules and names that they expect.

lib2to3 converts the syntax. Other differences are changed on the syntax tree: ``/`` between whole numbers rounds down.
Nothing is written to a disk, and installed packages are left alone.
"""

from __future__ import annotations

import ast
import os
import re
import sys
import sysconfig
import tokenize
import warnings
from collections.abc import Callable, Sequence
from functools import cache, lru_cache
from importlib import import_module
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from io import BytesIO
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

from dsd.pycaffe.python2 import names
from dsd.pycaffe.python2.meanings import OldMeanings
from netdef.errors import NetdefError

# Old names are in `names` and `library`; `from __future__ import division` is read below.
_LEFT_OUT = {"imports", "imports2", "reload", "execfile", "future", "map", "filter", "itertools", "itertools_imports", "types"}


def run_script(path: str) -> None:
    """Run a Python 2 script as ``__main__``; the modules beside it are converted, too."""
    readers: dict[str, Callable[..., Any]] = {
        "execfile": execfile, "load_source": load_source, "source": _source, "expression": _expression}
    names.restore(readers, _renamed_modules())
    sys.meta_path.insert(1, Python2Finder())  # after that of `caffe`
    main = ModuleType("__main__")
    vars(main).update(names.IN_MODULES, __file__=path)
    sys.modules["__main__"] = main
    with open(path, "rb") as file:
        code = compiled(file.read(), path)
    exec(code, vars(main))


def execfile(path: str, names: dict[str, Any] | None = None) -> None:
    """Run a source of Python 2 in the caller's module, or over ``names``."""
    with open(path, "rb") as file:
        exec(compiled(file.read(), path), sys._getframe(1).f_globals if names is None else names)


def load_source(name: str, path: str, file: object = None) -> ModuleType:
    """``imp.load_source``: a module from a source of Python 2."""
    module = sys.modules[name] = ModuleType(name)
    vars(module).update(names.IN_MODULES, __file__=path)
    execfile(path, vars(module))
    return module


def compiled(source: bytes, path: str, in_package: bool = False) -> CodeType:
    """Compile a Python 2 source. Raises `SyntaxError` for text that is neither Python 2 nor 3.

    ``in_package``: imports mean modules of the source's package first.
    """
    tree = ast.parse(converted(_decoded(source), path, in_package), path)
    division = any(isinstance(node, ast.ImportFrom) and node.module == "__future__"
                   and any(name.name == "division" for name in node.names) for node in tree.body)
    tree = ast.fix_missing_locations(OldMeanings(whole_division=not division).visit(tree))
    return compile(tree, path, "exec", dont_inherit=True)


def _source(code: Any) -> Any:
    """Compile text for `exec` as Python 2; anything else stays."""
    return compiled(code.encode(), "<string>") if isinstance(code, str) else code


def _expression(code: Any) -> Any:
    """Compile text for `eval` as Python 2; anything else stays."""
    return _compiled_expression(code.strip()) if isinstance(code, str) else code


@lru_cache(maxsize=1000)
def _compiled_expression(text: str) -> CodeType:
    tree = ast.parse(converted(text, "<string>").strip(), "<string>", "eval")
    return compile(ast.fix_missing_locations(OldMeanings(whole_division=True).visit(tree)), "<string>", "eval")


def converted(text: str, path: str, in_package: bool = False) -> str:
    """Convert a source to Python 3's syntax."""
    text = re.sub(r"^[ \t]+", lambda found: found[0].expandtabs(8), text, flags=re.MULTILINE)  # a tab was 8 columns
    text = text if text.endswith("\n") else text + "\n"
    problem: Exception | None = None
    for print_function in (False, True):
        try:
            return str(_tool(print_function, in_package).refactor_string(text, path))
        except Exception as error:  # of lib2to3's parser, whose kinds are not public
            problem = problem or error
    raise SyntaxError(f"{path}: is neither Python 2 nor Python 3: {problem}") from problem


@cache
def _tool(print_function: bool, in_package: bool) -> Any:
    refactor = _refactor()
    package = refactor.__name__.partition(".")[0]
    left_out = _LEFT_OUT if in_package else {*_LEFT_OUT, "import"}
    fixers = [name for name in refactor.get_fixers_from_package(f"{package}.fixes")
              if name.partition("fix_")[2] not in left_out]
    return refactor.RefactoringTool(fixers, {"print_function": print_function})


def _refactor() -> ModuleType:
    """Import a module of lib2to3, or of fissix where Python (3.13 and later) has no lib2to3."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", DeprecationWarning)
        for package in ("lib2to3", "fissix"):
            try:
                return import_module(f"{package}.refactor")
            except ImportError:
                continue
    raise NetdefError("--py2 needs lib2to3, which this Python no longer has; install fissix: pip install fissix")


def _renamed_modules() -> dict[str, str]:
    """Today's names of the standard library's modules, by their names in Python 2."""
    package = _refactor().__name__.partition(".")[0]
    return dict(import_module(f"{package}.fixes.fix_imports").MAPPING)


def _decoded(source: bytes) -> str:
    try:
        encoding, _ = tokenize.detect_encoding(BytesIO(source).readline)
        return source.decode(encoding).replace("\r\n", "\n")
    except (SyntaxError, UnicodeDecodeError):  # Python 2 did not look closely
        return source.decode("latin-1").replace("\r\n", "\n")


class Python2Finder(MetaPathFinder):
    """Find modules as Python does, and load the user's own as Python 2."""

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of one of the user's own modules; None for all others."""
        spec = PathFinder.find_spec(name, path)
        if spec is not None and type(spec.loader) is SourceFileLoader and spec.origin and _is_users(spec.origin):
            spec.loader = _Loader(name, spec.origin)
            return spec
        return None


class _Loader(SourceFileLoader):
    def exec_module(self, module: ModuleType) -> None:
        vars(module).update(names.IN_MODULES)
        super().exec_module(module)

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        return compiled(self.get_data(path), path, in_package="." in fullname or self.is_package(fullname))


def _is_users(path: str) -> bool:
    """Whether a module is neither Python's, nor installed, nor part of this project."""
    path = os.path.realpath(path)
    if {"site-packages", "dist-packages"} & set(path.split(os.sep)):
        return False
    ours = Path(__file__).parents[3]  # the folder of both packages
    others = (sysconfig.get_path("stdlib"), ours / "dsd", ours / "netdef")
    return not any(path.startswith(os.path.realpath(folder) + os.sep) for folder in others)
