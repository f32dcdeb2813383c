"""Find, import and call the classes that a net names, if that is allowed.

A net file alone never executes anything: `find_class` refuses unless the net was read with ``allow_python``.
"""

from __future__ import annotations

import importlib
import os
import random
import re
import sys
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.machinery import PathFinder
from itertools import dropwhile, takewhile
from pathlib import Path
from types import ModuleType

import numpy as np
import torch

from netdef.definition.definitions import LayerDefinition
from netdef.errors import Absent, NetdefError, Problem, SpecError, did_you_mean
from netdef.layers.python.stand_in import standing_in
from netdef.source import Span

_modules: dict[tuple[Path, str], ModuleType] = {}
_OURS = tuple(str(Path(__file__).parents[3] / package) + os.sep for package in ("netdef", "dsd"))  # folders of this project


def find_class(spec: LayerDefinition) -> type:
    """The class that a Python layer names; its module is imported once a process.

    The module is looked for beside the net's file, then along ``sys.path``. Refused with a place: a net that was read
    without ``allow_python``, a module that is not there or fails, a class that it does not have.
    """
    param = spec.message.python_param
    for field in ("module", "layer"):
        if not getattr(param, field):
            raise spec.refuse(f"names no {'class' if field == 'layer' else field}; "
                              'give `python_param { module: "file" layer: "Class" }`', "python_param")
    if not spec.allow_python:
        raise spec.refuse(
            f"runs `{param.module}.{param.layer}`, which is code beside the net; if you trust it, allow it with "
            "`--allow-python` (in Python `allow_python=True`)", "python_param", kind=Absent)
    try:
        module = _import(param.module, spec.base_dir.resolve())
    except Exception as error:
        if isinstance(error, ModuleNotFoundError) and error.name and f"{param.module}.".startswith(f"{error.name}."):
            raise spec.refuse(f"finds no module `{error.name}` in `{spec.base_dir.absolute()}`, nor on Python's path",
                              "python_param", "module", kind=Absent) from error
        raise spec.refuse(f"cannot import `{param.module}`: {described(error)}", "python_param", "module") from error
    found = getattr(module, param.layer, None)
    if not isinstance(found, type):
        classes = [name for name, value in vars(module).items() if isinstance(value, type)]
        raise spec.refuse(f"finds no class `{param.layer}` in `{module.__file__}`{did_you_mean(param.layer, classes)}",
                          "python_param", "layer")
    return found


def _import(name: str, folder: Path) -> ModuleType:
    """Import a module with ``folder`` first on the path. An imported module of that name from another folder stays imported."""
    if (folder, name) not in _modules:
        top = name.partition(".")[0]
        importlib.invalidate_caches()
        beside = PathFinder.find_spec(top, [str(folder)]) is not None
        aside = {}
        if beside and not _comes_from(sys.modules.get(top), folder):
            aside = {key: sys.modules.pop(key) for key in [*sys.modules] if key == top or key.startswith(f"{top}.")}
        sys.path.insert(0, str(folder))
        try:
            with standing_in():
                _modules[folder, name] = importlib.import_module(name)
        finally:
            sys.path.remove(str(folder))
            sys.modules.update(aside)
    return _modules[folder, name]


def _comes_from(module: ModuleType | None, folder: Path) -> bool:
    file = getattr(module, "__file__", None)
    return file is not None and Path(file).resolve().is_relative_to(folder)


class Caller:
    """Run a user's code for one layer; errors say the layer, its place in the net, and the line of the code."""

    def __init__(self, spec: LayerDefinition):
        param = spec.message.python_param
        self._title = f"layer `{spec.name}` ({spec.type})"
        self._code = f"{param.module}.{param.layer}"
        self._span: Span | None = spec.span("python_param")

    @contextmanager
    def running(self, method: str, building: bool = False) -> Iterator[None]:
        """Context manager around a call of ``method``.

        Its error becomes the cause of a `SpecError` while the net is built, and of a `NetdefError` of one line when it
        runs. Errors about memory are not changed.
        """
        try:
            yield
        except (MemoryError, torch.OutOfMemoryError):
            raise
        except Exception as error:
            raise self.error(f"`{self._code}{method}` raised {described(error)}", building) from error

    def error(self, message: str, building: bool = False) -> NetdefError:
        """The error about the user's class."""
        if building:
            return SpecError([Problem(f"{self._title}: {message}", self._span)])
        return NetdefError(f"{f'{self._span}: ' if self._span else ''}{self._title}: {message}")


def _is_ours(frame: traceback.FrameSummary) -> bool:
    return frame.filename.startswith(_OURS)


def described(error: Exception) -> str:
    """An error's kind, message and line, in one line. The line is the user's if the error was raised here on its behalf."""
    if isinstance(error, SyntaxError):
        old = "; it is written for Python 2, and `2to3 -w` converts it" if _is_of_python_2(error) else ""
        return f"{type(error).__name__}: {error.msg} ({error.filename}, line {error.lineno}){old}"
    frames = traceback.extract_tb(error.__traceback__)
    users = list(takewhile(lambda frame: not _is_ours(frame), dropwhile(_is_ours, frames)))
    last = (users or frames)[-1:]
    line = "".join(f" ({frame.filename}, line {frame.lineno})" for frame in last)
    text = " ".join(str(error).split())
    return f"{type(error).__name__}{f': {text}' if text else ''}{line}"


def _is_of_python_2(error: SyntaxError) -> bool:
    """Whether Python 2 had the line: `print x`, `except A, e`, `exec x`, a number such as 0777, or tabs among spaces."""
    statements = r"Missing parentheses in call to|multiple exception types must be|leading zeros in decimal"
    return isinstance(error, TabError) or bool(re.match(statements, error.msg))


def drawn_seed() -> int:
    """Draw a seed for `seeded` from torch's default generator."""
    return int(torch.randint(2**32, (), dtype=torch.int64, device="cpu"))


@contextmanager
def seeded(seed: int) -> Iterator[None]:
    """Seed the global generators of numpy and of `random` within a block, and restore them after it."""
    before = np.random.get_state(), random.getstate()
    np.random.seed(seed)
    random.seed(seed)
    try:
        yield
    finally:
        np.random.set_state(before[0])
        random.setstate(before[1])


def generator_states() -> tuple[object, ...]:
    """The states of both generators, to compare."""
    kind, key, *rest = np.random.get_state(legacy=True)
    return kind, np.asarray(key).tobytes(), *rest, random.getstate()
