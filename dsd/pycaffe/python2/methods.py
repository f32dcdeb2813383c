"""Methods and attributes that objects had in Python 2, as functions that converted code calls in their place."""

from __future__ import annotations

import codecs
from collections.abc import Callable
from typing import Any

import numpy as np

from dsd.pycaffe.python2.files import as_bytes, as_text

_OF_BYTES = ("hex", "base64", "zlib", "bz2")  # codecs from bytes to bytes


def decode(x: Any, *arguments: Any, **named: Any) -> Any:
    """``x.decode(encoding)``. Text of UTF-8 stays as it is; hex, base64, zlib and bz2 give bytes."""
    if not isinstance(x, (str, bytes)):
        return x.decode(*arguments, **named)
    encoding = arguments[0] if arguments else named.get("encoding", "utf-8")
    if encoding in _OF_BYTES:
        return codecs.decode(as_bytes(x), encoding)
    codec = {"string_escape": "unicode_escape", "string-escape": "unicode_escape"}.get(encoding, encoding)
    return as_bytes(x).decode(codec, *arguments[1:], **{key: named[key] for key in named if key != "encoding"})


def encode(x: Any, *arguments: Any, **named: Any) -> Any:
    """``x.encode(encoding)``. The result is text, which stands for its bytes, or for zlib and bz2 bytes."""
    if not isinstance(x, (str, bytes)):
        return x.encode(*arguments, **named)
    encoding = arguments[0] if arguments else named.get("encoding", "utf-8")
    if encoding in _OF_BYTES:
        encoded = codecs.encode(as_bytes(x), encoding)
        return as_text(encoded) if encoded.isascii() else encoded
    return as_text(x.encode(*arguments, **named)) if isinstance(x, str) else x


def translate(x: Any, table: Any, *deleted: str) -> Any:
    """``x.translate(table, characters to delete)``."""
    if isinstance(x, str) and deleted:
        x = "".join(character for character in x if character not in deleted[0])
        return x if table is None else x.translate(table)
    return x.translate(table, *deleted)


def tostring(x: Any, *arguments: Any, **named: Any) -> Any:
    """``x.tostring()``: of arrays and images today's ``tobytes``."""
    if isinstance(x, (np.ndarray, np.generic)) or not hasattr(x, "tostring"):
        return x.tobytes(*arguments, **named)
    return x.tostring(*arguments, **named)


def communicate(process: Any, *data: Any, **named: Any) -> Any:
    """``process.communicate()``, which takes and gives text."""
    if getattr(process, "text_mode", True):
        return process.communicate(*data, **named)
    return tuple(map(as_text, process.communicate(*map(as_bytes, data), **{key: as_bytes(named[key]) for key in named})))


def getchildren(x: Any) -> Any:
    """``element.getchildren()`` of XML."""
    return x.getchildren() if hasattr(x, "getchildren") else list(x)


def getiterator(x: Any, *tag: str) -> Any:
    """``element.getiterator(tag)`` of XML."""
    return x.getiterator(*tag) if hasattr(x, "getiterator") else x.iter(*tag)


def hold(x: Any, *on: bool) -> Any:
    """``pyplot.hold()``: plots add up today without it."""
    return x.hold(*on) if hasattr(x, "hold") else None


def message(x: Any) -> Any:
    """``x.message``: of an exception its only argument."""
    if isinstance(x, BaseException) and not hasattr(x, "message"):
        return x.args[0] if len(x.args) == 1 else ""
    return x.message


def value(x: Any) -> Any:
    """``x.value``: of a data set of h5py its array."""
    return x[()] if type(x).__module__.startswith("h5py") and not hasattr(x, "value") else x.value


METHODS: dict[str, Callable[..., Any]] = {function.__name__: function for function in (
    decode, encode, translate, tostring, communicate, getchildren, getiterator, hold)}
ATTRIBUTES: dict[str, Callable[..., Any]] = {"message": message, "value": value}
