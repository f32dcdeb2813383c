"""Find and import the modules that register layer types, when a type is asked for.

There are hundreds of them, and a net needs a few. A module's types are the words in its ``@register("Type", "Another"``.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib import import_module
from pathlib import Path

_REGISTERED = re.compile(r'^@register\(((?:\s*"\w+",?)+)', re.MULTILINE)
_TYPE = re.compile(r'"(\w+)"')

_modules: dict[str, list[str]] = {}


def add_modules(paths: Iterable[str], package: str) -> None:
    """Add all modules in the folders of a package, and in those below."""
    for folder in map(Path, paths):
        for file in sorted(folder.rglob("*.py")):
            for kind in _TYPE.findall(" ".join(_REGISTERED.findall(file.read_text(encoding="utf-8")))):
                name = ".".join((package, *file.relative_to(folder).with_suffix("").parts))
                _modules.setdefault(kind, []).append(name)


def import_type(kind: str) -> None:
    """Import the modules that register classes of a layer type; none for a type that no module has, and none twice."""
    for name in _modules.get(kind, ()):
        import_module(name)


def import_all() -> None:
    """Import the modules of all types."""
    for kind in types():
        import_type(kind)


def types() -> Iterable[str]:
    """The types that the modules register, sorted."""
    return sorted(_modules)
