"""What scripts of Python 2 expect of Python and of numpy of their time. `restore` is for a process that runs one."""

from __future__ import annotations

import builtins
import configparser
import functools
import importlib
import io
import operator
import pickle
import queue
import sys
import urllib.parse
import urllib.request
import warnings
from collections.abc import Callable, Iterator
from types import ModuleType
from typing import IO, Any

import numpy as np


def restore(execfile: Callable[..., None]) -> None:
    """Put Python 2's modules, built-in names and numpy's old names back, for the rest of the process."""
    for name, module in _modules().items():
        sys.modules.setdefault(name, module)
    for name, value in {**_BUILTINS, "execfile": execfile}.items():
        setattr(builtins, name, value)
    for name, value in _NUMPY_CHANGED.items():
        setattr(np, name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # to look for a name that is gone warns
        for name, value in _NUMPY.items():
            if not hasattr(np, name):  # numpy 2 has `np.bool` again, as a type of its own
                setattr(np, name, value)


def divide(a: Any, b: Any) -> Any:
    """``a / b`` of Python 2: between whole numbers it rounds down."""
    return a // b if _is_whole(a) and _is_whole(b) else a / b


def divide_in_place(a: Any, b: Any) -> Any:
    """``a /= b`` of Python 2."""
    return operator.ifloordiv(a, b) if _is_whole(a) and _is_whole(b) else operator.itruediv(a, b)


def tostring(x: Any) -> Any:
    """``x.tostring()``, which arrays of numpy have no more."""
    return x.tobytes() if isinstance(x, (np.ndarray, np.generic)) else x.tostring()


def _fromstring(text: Any, dtype: Any = float, count: int = -1, sep: str = "") -> np.ndarray:
    """`numpy.fromstring`, also of bytes."""
    if sep:
        return _fromstring_now(text, dtype, count, sep=sep)
    return np.frombuffer(text.encode("latin-1") if isinstance(text, str) else text, dtype, count).copy()


def _is_whole(x: Any) -> bool:
    return isinstance(x, (int, np.integer)) or (isinstance(x, np.ndarray) and x.dtype.kind in "iub")


def _load(file: IO[Any]) -> Any:
    """`pickle.load` of a file of Python 2, which may have been opened as text."""
    return pickle.load(getattr(file, "buffer", file), encoding="latin1")


def _loads(data: bytes) -> Any:
    return pickle.loads(data, encoding="latin1")


def _dump(value: object, file: IO[Any], protocol: int = 2) -> None:
    pickle.dump(value, getattr(file, "buffer", file), protocol)


class StringIO:
    """A file in memory for bytes or for text: whichever is written first."""

    def __init__(self, value: str | bytes = ""):
        self._file: Any = None
        if value:
            self._file = io.BytesIO(value) if isinstance(value, bytes) else io.StringIO(value)

    def write(self, value: str | bytes) -> int:
        if self._file is None:
            self._file = io.BytesIO() if isinstance(value, bytes) else io.StringIO()
        return int(self._file.write(value))

    def __getattr__(self, name: str) -> Any:
        return getattr(io.StringIO() if self._file is None else self._file, name)

    def __iter__(self) -> Iterator[Any]:
        return iter(self._file or ())


def _module(name: str, **attributes: object) -> ModuleType:
    module = ModuleType(name)
    vars(module).update(attributes)
    return module


def _modules() -> dict[str, ModuleType]:
    both = {"urllib2": (urllib.request,), "urlparse": (urllib.parse,)}
    merged = {name: _module(name, **{k: v for module in modules for k, v in vars(module).items() if not k.startswith("__")})
              for name, modules in both.items()}
    for name in ("urlencode", "quote", "unquote", "quote_plus", "unquote_plus"):
        setattr(urllib, name, getattr(urllib.parse, name))
    for name in ("urlopen", "urlretrieve"):
        setattr(urllib, name, getattr(urllib.request, name))
    return {
        "cPickle": _module("cPickle", load=_load, loads=_loads, dump=_dump, dumps=pickle.dumps,
                           HIGHEST_PROTOCOL=pickle.HIGHEST_PROTOCOL),
        "StringIO": _module("StringIO", StringIO=StringIO), "cStringIO": _module("cStringIO", StringIO=StringIO),
        "ConfigParser": configparser, "Queue": queue, "__builtin__": builtins, **merged,
    }


_fromstring_now = np.fromstring
_NUMPY_CHANGED = {"fromstring": _fromstring}
_BUILTINS = {
    "unicode": str, "long": int, "basestring": str, "xrange": range, "raw_input": input, "unichr": chr, "file": open,
    "reduce": functools.reduce, "cmp": lambda a, b: (a > b) - (a < b), "reload": importlib.reload,
    "buffer": memoryview, "apply": lambda function, arguments=(), named={}: function(*arguments, **named),
}
_NUMPY = {
    "float": float, "int": int, "bool": bool, "object": object, "complex": complex, "str": str, "long": int,
    "unicode": str, "asscalar": lambda array: array.item(), "product": np.prod, "cumproduct": np.cumprod,
    "alltrue": np.all, "sometrue": np.any, "float_": np.float64, "Inf": np.inf, "NaN": np.nan,
}
