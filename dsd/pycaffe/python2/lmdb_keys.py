"""``lmdb`` for scripts of Python 2, whose keys are text."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from dsd.pycaffe.python2.files import as_bytes, as_text


def module() -> ModuleType:
    """A module like ``lmdb``, which is imported when the first of its names is read."""

    def attribute(name: str) -> Any:
        if name.startswith("__"):
            raise AttributeError(name)
        found = getattr(importlib.import_module("lmdb"), name)
        return _opener(found) if name in ("open", "Environment") else found

    made = ModuleType("lmdb")
    vars(made)["__getattr__"] = attribute
    return made


def _opener(open_: Any) -> Any:
    return lambda *arguments, **named: TextKeys(open_(*arguments, **named))


class TextKeys:
    """An environment, a transaction or a cursor of lmdb whose keys are text, and whose methods also take text as values.

    Values that are read are bytes.
    """

    def __init__(self, real: Any):
        self._real = real

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if not callable(found):
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            made = found(*map(_argument, arguments), **{key: _argument(named[key]) for key in named})
            return _result(name, made)

        return call

    def __enter__(self) -> TextKeys:
        self._real.__enter__()
        return self

    def __exit__(self, *error: Any) -> Any:
        return self._real.__exit__(*error)

    def __iter__(self) -> Iterator[Any]:
        return _items(self._real)

    def __next__(self) -> bool:
        """``cursor.next()``, as it is converted."""
        return bool(self._real.next())


def _argument(argument: Any) -> Any:
    """An argument as lmdb wants it: bytes for text, its own object for a `TextKeys`."""
    return argument._real if isinstance(argument, TextKeys) else as_bytes(argument)


def _result(name: str, made: Any) -> Any:
    """The result of a method: a part of lmdb, the pair of a key and a value, a key, an iterator over them, or anything else."""
    if name in ("begin", "cursor"):
        return TextKeys(made)
    if name.startswith("iter"):
        return _items(made)
    return _with_text_key(made) if name == "item" else as_text(made) if name == "key" else made


def _items(items: Any) -> Iterator[Any]:
    """Pairs of keys and values, or keys alone."""
    return (_with_text_key(item) if isinstance(item, tuple) else as_text(item) for item in items)


def _with_text_key(item: tuple[bytes, bytes]) -> tuple[str, bytes]:
    return as_text(item[0]), item[1]
