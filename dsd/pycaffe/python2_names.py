"""The modules and names of Python 2 and old numpy that scripts expect; `restore` puts them in place."""

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
import tempfile
import time
import urllib.parse
import urllib.request
import warnings
from collections.abc import Callable, Iterator, Mapping
from types import ModuleType
from typing import IO, Any

import numpy as np
import PIL.Image

from dsd.pycaffe import python2_images
from dsd.pycaffe.python2_operators import divide, divide_in_place, ordered, round_half_away


def restore(execfile: Callable[..., None], renamed: Mapping[str, str]) -> None:
    """Put Python 2's modules, built-in names and numpy's old names back, for the rest of the process.

    ``renamed`` are modules by their old names that differ from today's in nothing else.
    """
    for name, module in {**{old: _alias(old, new) for old, new in renamed.items()}, **_modules()}.items():
        sys.modules.setdefault(name, module)
    for name, value in {**_BUILTINS, "execfile": execfile}.items():
        setattr(builtins, name, value)
    _restore_scipy_misc()
    _restore_yaml()
    tempfile.NamedTemporaryFile = _named_temporary_file
    vars(time).setdefault("clock", time.process_time)
    vars(sys).setdefault("setdefaultencoding", lambda name: None)
    for name, value in _NUMPY_CHANGED.items():
        setattr(np, name, value)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # to look for a name that is gone warns
        for name, value in _NUMPY.items():
            if not hasattr(np, name):  # numpy 2 has `np.bool` again, as a type of its own
                setattr(np, name, value)


def _restore_scipy_misc() -> None:
    """Put the image functions into ``scipy.misc``, which new versions of scipy do not have."""
    try:
        misc = importlib.import_module("scipy.misc")
    except ImportError:
        misc = sys.modules["scipy.misc"] = ModuleType("scipy.misc")
    for name in ("imread", "imsave", "imresize", "toimage", "bytescale"):
        if name not in vars(misc):
            setattr(misc, name, getattr(python2_images, name))


def _restore_yaml() -> None:
    """Make ``yaml.load(text)`` work without a loader: layers read their parameters with it."""
    try:
        yaml = importlib.import_module("yaml")
    except ImportError:
        return
    load = vars(yaml)["load"]
    vars(yaml)["load"] = lambda stream, Loader=None: load(stream, Loader or vars(yaml)["SafeLoader"])


def tostring(x: Any) -> Any:
    """``x.tostring()``, which new numpy's arrays do not have."""
    return x.tobytes() if isinstance(x, (np.ndarray, np.generic)) else x.tostring()


def _fromstring(text: Any, dtype: Any = float, count: int = -1, sep: str = "") -> np.ndarray:
    """`numpy.fromstring`, also of bytes."""
    if sep:
        return _fromstring_now(text, dtype, count, sep=sep)
    try:
        data = text.encode("latin-1") if isinstance(text, str) else text
    except UnicodeEncodeError:  # not of the script's own text, but of a file
        data = as_bytes(text)
    return np.frombuffer(data, dtype, count).copy()


def as_bytes(text: Any) -> Any:
    """The bytes of what a file opened as text has read; anything else as it is."""
    return text.encode("utf-8", "surrogateescape") if isinstance(text, str) else text


def _load(file: IO[Any]) -> Any:
    """`pickle.load` of a file of Python 2, which may have been opened as text."""
    return pickle.load(getattr(file, "buffer", file), encoding="latin1")


def _loads(data: bytes) -> Any:
    return pickle.loads(data, encoding="latin1")


def _dump(value: object, file: IO[Any], protocol: int = 2) -> None:
    pickle.dump(value, getattr(file, "buffer", file), protocol)


class _BinaryFile(io.BufferedWriter):
    """A binary file whose ``write`` also accepts text."""

    def write(self, value: Any) -> int:
        return super().write(value.encode() if isinstance(value, str) else value)


class _TextFile(io.TextIOWrapper):
    """A text file whose ``write`` also accepts bytes."""

    def write(self, value: Any) -> int:
        if isinstance(value, str):
            return super().write(value)
        self.flush()
        written = self.buffer.write(value)
        assert isinstance(written, int)
        return written


def open_file(name: Any, mode: str = "r", buffering: int = -1) -> IO[Any]:
    """``open`` of Python 2, where text and bytes are the same."""
    if mode.replace("b", "") in ("w", "a"):
        binary = _BinaryFile(io.FileIO(name, mode.replace("b", "")))
        return binary if "b" in mode else _TextFile(binary, "utf-8", newline="\n", write_through=True)
    if "b" in mode:
        return open(name, mode)
    newline = None if "U" in mode else "\n"
    return open(name, mode.replace("U", ""), encoding="utf-8", errors="surrogateescape", newline=newline)


def _named_temporary_file(*arguments: Any, **named: Any) -> Any:
    """`tempfile.NamedTemporaryFile`, whose ``write`` also accepts text in a binary file."""
    made: Any = _named_temporary_file_now(*arguments, **named)
    if isinstance(made.file, io.BufferedIOBase):
        write = made.file.write
        made.write = lambda value: write(value.encode() if isinstance(value, str) else value)
    return made


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


def _alias(old: str, new: str) -> ModuleType:
    """A module with the attributes of another, which is imported when the first of them is read."""

    def attribute(name: str) -> Any:
        if name.startswith("__"):  # `inspect` asks all modules for theirs
            raise AttributeError(name)
        return getattr(importlib.import_module(new), name)

    return _module(old, __getattr__=attribute)


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
        "ConfigParser": configparser, "Queue": queue, "__builtin__": builtins, "Image": PIL.Image, **merged,
    }


_fromstring_now = np.fromstring
_named_temporary_file_now = tempfile.NamedTemporaryFile
_NUMPY_CHANGED = {"fromstring": _fromstring, "load": functools.partial(np.load, allow_pickle=True, encoding="latin1")}
PREFIX = "_python2_"
IN_MODULES: dict[str, Any] = {"open": open_file, "round": round_half_away, **{PREFIX + name: function for name, function in {
    "divide": divide, "divide_in_place": divide_in_place, "tostring": tostring, "as_bytes": as_bytes,
    "lt": ordered(operator.lt), "lte": ordered(operator.le), "gt": ordered(operator.gt), "gte": ordered(operator.ge),
    "cmp_to_key": functools.cmp_to_key}.items()}}
"""What every converted module finds among its names; the converted code calls those with the prefix."""

_BUILTINS = {
    "unicode": str, "long": int, "basestring": str, "xrange": range, "raw_input": input, "unichr": chr, "file": open_file,
    "reduce": functools.reduce, "cmp": lambda a, b: (a > b) - (a < b), "reload": importlib.reload,
    "buffer": memoryview, "apply": lambda function, arguments=(), named={}: function(*arguments, **named),
}
_NUMPY = {
    "float": float, "int": int, "bool": bool, "object": object, "complex": complex, "str": str, "long": int,
    "unicode": str, "asscalar": lambda array: array.item(), "product": np.prod, "cumproduct": np.cumprod,
    "alltrue": np.all, "sometrue": np.any, "float_": np.float64, "Inf": np.inf, "NaN": np.nan, "round_": np.round,
    "in1d": lambda a, b, *more, **named: np.isin(np.ravel(a), b, *more, **named), "string_": np.bytes_, "unicode_": np.str_,
}
