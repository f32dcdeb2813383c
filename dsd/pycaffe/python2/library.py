"""Names that the standard library, numpy, scipy, Pillow and yaml had in the time of Python 2.

`restore` puts those back that do not disturb libraries; `changed_modules` makes modules for scripts alone.
"""

from __future__ import annotations

import base64
import collections
import collections.abc
import csv
import errno
import functools
import hashlib
import importlib
import inspect
import itertools
import os
import pickle
import string
import struct
import sys
import tempfile
import time
import types
import urllib.parse
import urllib.request
import warnings
from collections.abc import Callable, Iterable
from types import ModuleType
from typing import Any

import numpy as np
import PIL.Image

from dsd.pycaffe.python2 import images
from dsd.pycaffe.python2.files import as_bytes, as_text, dump, load, loads, named_temporary_file


def restore() -> None:
    """Put names back, for the rest of the process. Functions that are replaced do all that today's do."""
    for module, names in _ADDED.items():
        for name, value in names.items():
            vars(module).setdefault(name, value)
    for name, value in _NUMPY_CHANGED.items():
        setattr(np, name, value)
    vars(tempfile)["NamedTemporaryFile"] = named_temporary_file
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # to look for a name that is gone warns
        for name, value in _NUMPY.items():
            if not hasattr(np, name):  # numpy 2 has `np.bool` again, as a type of its own
                setattr(np, name, value)
    _restore_scipy()
    _restore_yaml()


def changed_modules() -> dict[str, ModuleType]:
    """Copies of modules, by the names of these, with the names that they had."""
    return {module.__name__: module_copy(module, **names) for module, names in {
        string: {**{name: _string_function(name) for name in _STRING_METHODS}, "letters": string.ascii_letters,
                 "lowercase": string.ascii_lowercase, "uppercase": string.ascii_uppercase, "maketrans": str.maketrans,
                 "join": lambda words, separator=" ": separator.join(words), "atoi": int, "atol": int, "atof": float},
        types: _TYPES,
        struct: {"unpack": lambda form, data: struct.unpack(form, as_bytes(data))},
        csv: {"reader": lambda lines, *more, **named: csv.reader(map(as_text, lines), *more, **named),
              "DictReader": lambda lines, *more, **named: csv.DictReader(map(as_text, lines), *more, **named)},
        hashlib: {name: _hash_of_text(getattr(hashlib, name)) for name in ("md5", "sha1", "sha256")},
        itertools: {"izip": zip, "imap": map, "ifilter": filter, "izip_longest": itertools.zip_longest,
                    "ifilterfalse": itertools.filterfalse},
        collections: {name: getattr(collections.abc, name) for name in collections.abc.__all__},
        base64: {"encodestring": lambda data: as_text(base64.encodebytes(as_bytes(data))),
                 "decodestring": lambda data: base64.decodebytes(as_bytes(data))},
        inspect: {"getargspec": lambda function: inspect.getfullargspec(function)[:4]},
        pickle: {"load": load, "loads": loads, "dump": dump},
    }.items()}


def module_copy(module: ModuleType, **changed: object) -> ModuleType:
    """A module with the attributes of another, some of them changed."""
    made = ModuleType(module.__name__)
    vars(made).update({name: value for name, value in vars(module).items() if not name.startswith("__")}, **changed)
    return made


def _string_function(name: str) -> Callable[..., Any]:
    return lambda text, *arguments: getattr(str(text), name)(*arguments)


def _hash_of_text(kind: Callable[..., Any]) -> Callable[..., Any]:
    """A hash that is also made of text."""
    return lambda data=b"", **named: kind(as_bytes(data), **named)


def _walk(top: str, visit: Callable[[Any, str, list[str]], object], argument: Any) -> None:
    """``os.path.walk``: ``visit(argument, folder, names)``, which may take names out of the list."""
    names = os.listdir(top)
    visit(argument, top, names)
    for name in names:
        path = os.path.join(top, name)
        if os.path.isdir(path) and not os.path.islink(path):
            _walk(path, visit, argument)


def _restore_scipy() -> None:
    """Put numpy's functions into ``scipy``, and images and combinations into ``scipy.misc``, which new versions do not have."""
    try:
        scipy, special = (importlib.import_module(name) for name in ("scipy", "scipy.special"))
    except ImportError:
        return
    for name in np.__all__:
        if name not in scipy.__all__:
            vars(scipy).setdefault(name, getattr(np, name))
    try:
        misc = importlib.import_module("scipy.misc")
    except ImportError:
        misc = vars(scipy)["misc"] = sys.modules["scipy.misc"] = ModuleType("scipy.misc")
    for module, names in {images: ("imread", "imsave", "imresize", "toimage", "bytescale"),
                          special: ("comb", "factorial", "logsumexp")}.items():
        for name in names:
            vars(misc).setdefault(name, getattr(module, name))


def _restore_yaml() -> None:
    """Make ``yaml.load(text)`` work without a loader: layers read their parameters with it."""
    try:
        yaml = importlib.import_module("yaml")
    except ImportError:
        return
    load = vars(yaml)["load"]
    vars(yaml)["load"] = lambda stream, Loader=None: load(stream, Loader or vars(yaml)["SafeLoader"])


def _fromstring(text: Any, dtype: Any = float, count: int = -1, sep: str = "") -> np.ndarray:
    """`numpy.fromstring`, also of bytes."""
    if sep:
        return _fromstring_now(text, dtype, count, sep=sep)
    try:
        data = text.encode("latin-1") if isinstance(text, str) else text
    except UnicodeEncodeError:  # not of the script's own text, but of a file
        data = as_bytes(text)
    return np.frombuffer(data, dtype, count).copy()


def _set_printoptions(*arguments: Any, **named: Any) -> None:
    """`numpy.set_printoptions`, with ``threshold="nan"`` for no limit."""
    if named.get("threshold") == "nan" or np.isnan(named.get("threshold") or 0):
        named["threshold"] = sys.maxsize
    _set_printoptions_now(*arguments, **named)


def _histogram(*arguments: Any, **named: Any) -> Any:
    """`numpy.histogram`, with ``normed`` for ``density``."""
    return _histogram_now(*arguments, **{"density" if name == "normed" else name: named[name] for name in named})


_fromstring_now, _set_printoptions_now, _histogram_now = np.fromstring, np.set_printoptions, np.histogram
_NUMPY_CHANGED = {"fromstring": _fromstring, "load": functools.partial(np.load, allow_pickle=True, encoding="latin1"),
                  "set_printoptions": _set_printoptions, "histogram": _histogram}
_NUMPY = {
    "float": float, "int": int, "bool": bool, "object": object, "complex": complex, "str": str, "long": int,
    "unicode": str, "asscalar": lambda array: array.item(), "product": np.prod, "cumproduct": np.cumprod,
    "alltrue": np.all, "sometrue": np.any, "float_": np.float64, "round_": np.round, "rank": np.ndim,
    "Inf": np.inf, "Infinity": np.inf, "infty": np.inf, "PINF": np.inf, "NINF": -np.inf, "NaN": np.nan, "NAN": np.nan,
    "in1d": lambda a, b, *more, **named: np.isin(np.ravel(a), b, *more, **named), "string_": np.bytes_, "unicode_": np.str_,
    "msort": lambda array: np.sort(array, 0), "row_stack": np.vstack, "asfarray": lambda array: np.asarray(array, float),
}
_ADDED: dict[ModuleType, dict[str, Any]] = {
    urllib: {**{name: getattr(urllib.parse, name) for name in ("urlencode", "quote", "unquote", "quote_plus", "unquote_plus")},
             **{name: getattr(urllib.request, name) for name in ("urlopen", "urlretrieve")}},
    os: {"errno": errno, "getcwdu": os.getcwd}, sys.modules["os.path"]: {"walk": _walk}, time: {"clock": time.process_time},
    sys: {"setdefaultencoding": lambda name: None, "exc_clear": lambda: None, "maxint": sys.maxsize},
    PIL.Image: {"ANTIALIAS": PIL.Image.Resampling.LANCZOS, "fromstring": PIL.Image.frombytes},
}
_TYPES: dict[str, Any] = {
    "StringType": str, "UnicodeType": str, "StringTypes": (str,), "IntType": int, "LongType": int, "FloatType": float,
    "ListType": list, "TupleType": tuple, "DictType": dict, "DictionaryType": dict, "BooleanType": bool,
    "ObjectType": object, "TypeType": type, "ClassType": type, "InstanceType": object,
}
_STRING_METHODS: Iterable[str] = (
    "split", "rsplit", "replace", "strip", "lstrip", "rstrip", "lower", "upper", "capitalize", "swapcase", "find", "rfind",
    "index", "rindex", "count", "zfill", "ljust", "rjust", "center", "expandtabs", "translate")
