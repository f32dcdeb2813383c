"""The modules and built-in names of Python 2 that scripts expect; `restore` puts them in place."""

from __future__ import annotations

import builtins
import configparser
import functools
import importlib
import itertools
import operator
import queue
import sys
import urllib.parse
import urllib.request
from collections.abc import Callable, Iterable, Mapping
from types import ModuleType
from typing import Any

import PIL.Image

from dsd.pycaffe.python2 import library, lmdb_keys
from dsd.pycaffe.python2.files import StringIO, as_bytes, as_text, open_file
from dsd.pycaffe.python2.library import module_copy
from dsd.pycaffe.python2.meanings import PREFIX
from dsd.pycaffe.python2.methods import ATTRIBUTES, METHODS
from dsd.pycaffe.python2.operators import compared, divide, divide_in_place, ordered, round_half_away


def restore(readers: Mapping[str, Callable[..., Any]], renamed: Mapping[str, str]) -> None:
    """Put Python 2's modules, built-in names and old names of libraries back, for the rest of the process.

    ``readers`` run and compile sources: execfile, load_source, source and expression. ``renamed`` are modules by their old
    names that differ from today's in nothing else.
    """
    for name, module in {**{old: _alias(old, new) for old, new in renamed.items()}, **_modules()}.items():
        sys.modules.setdefault(name, module)
    imp = _module("imp", load_source=readers["load_source"], reload=importlib.reload, new_module=ModuleType)
    changed = {**library.changed_modules(), "lmdb": lmdb_keys.module(), "imp": imp}
    sys.modules.update({f"{PREFIX}{name}": module for name, module in changed.items()}, cPickle=changed["pickle"])
    called = {**_CALLED, "source": readers["source"], "expression": readers["expression"]}
    for name, value in {**_BUILTINS, "execfile": readers["execfile"], **{PREFIX + key: called[key] for key in called}}.items():
        setattr(builtins, name, value)
    library.restore()


def map_(function: Callable[..., Any] | None, *many: Iterable[Any]) -> list[Any]:
    """``map`` of Python 2: a list. Shorter arguments are filled up with None, and the function None makes tuples."""
    if len(many) == 1:
        return list(many[0]) if function is None else list(map(function, *many))
    return [items if function is None else function(*items) for items in itertools.zip_longest(*many)]


def filter_(function: Callable[[Any], Any] | None, items: Any) -> Any:
    """``filter`` of Python 2: text of text, a tuple of a tuple, and a list of all else."""
    kept = list(filter(function, items))
    return "".join(kept) if isinstance(items, str) else tuple(kept) if isinstance(items, tuple) else kept


def ord_(character: Any) -> int:
    """``ord``, also of a number, which a single item of bytes is today."""
    return character if isinstance(character, int) else ord(character)


class ExecScope(dict[str, Any]):
    """The names that code given to `exec` in a function sees: the function's, and new ones become those of its module."""

    def __init__(self, module: dict[str, Any], function: Mapping[str, Any]):
        super().__init__(function)
        self._module = module

    def __setitem__(self, name: str, value: Any) -> None:
        if name in self:
            super().__setitem__(name, value)
        else:
            self._module[name] = value


def _module(name: str, **attributes: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(attributes)
    return module


def _alias(old: str, new: str) -> ModuleType:
    """A module with the attributes of another, which is imported when the first of them is read."""

    def attribute(name: str) -> Any:
        if name.startswith("__"):  # `inspect` asks all modules for theirs
            raise AttributeError(name)
        return getattr(importlib.import_module(new), name)

    return _module(old, __getattr__=attribute)


def _modules() -> dict[str, ModuleType]:
    return {
        "urllib2": module_copy(urllib.request), "urlparse": module_copy(urllib.parse),
        "StringIO": _module("StringIO", StringIO=StringIO), "cStringIO": _module("cStringIO", StringIO=StringIO),
        "ConfigParser": configparser, "Queue": queue, "__builtin__": builtins, "exceptions": builtins, "Image": PIL.Image,
        "anydbm": _alias("anydbm", "dbm"),
    }


IN_MODULES: dict[str, Any] = {"open": open_file, "round": round_half_away, "map": map_, "filter": filter_, "ord": ord_}
"""What every converted module finds among its names."""

_CALLED: dict[str, Any] = {
    "divide": divide, "divide_in_place": divide_in_place, "as_bytes": as_bytes, "as_text": as_text,
    "lt": ordered(operator.lt), "lte": ordered(operator.le), "gt": ordered(operator.gt), "gte": ordered(operator.ge),
    "cmp_to_key": functools.cmp_to_key, "ExecScope": ExecScope, **METHODS, **ATTRIBUTES,
    **{f"compared_{kind}": compared(getattr(operator, kind)) for kind in ("lt", "le", "gt", "ge", "eq", "ne")},
}
_BUILTINS = {
    "unicode": str, "long": int, "basestring": str, "xrange": range, "raw_input": input, "unichr": chr, "file": open_file,
    "reduce": functools.reduce, "cmp": lambda a, b: (a > b) - (a < b), "reload": importlib.reload, "intern": sys.intern,
    "buffer": memoryview, "apply": lambda function, arguments=(), named={}: function(*arguments, **named),
    "StandardError": Exception,
}
