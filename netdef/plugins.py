"""Import modules of users that register layer types, by the path of their file."""

from __future__ import annotations

import importlib
import os
import sys
import traceback
from pathlib import Path

from netdef.errors import FileError, NetdefError

_VARIABLE = "NETDEF_PLUGINS"
"""The environment variable that hands the files on to processes that this one starts."""


def load_plugin(path: str | os.PathLike[str]) -> None:
    """Import a Python file, once a process, as the module of its name; its folder is put on Python's path.

    Raises `FileError` for a file that is not there, `NetdefError` for one that fails or whose name another module has.
    """
    file = Path(path).resolve()
    if not file.exists():
        raise FileError(f"{os.fspath(path)}: no such file")
    if file.suffix != ".py" or not file.is_file():
        raise FileError(f"{os.fspath(path)}: is no Python file; a module that registers layers is wanted here")
    if str(file.parent) not in sys.path:
        sys.path.insert(0, str(file.parent))
    importlib.invalidate_caches()
    try:
        module = importlib.import_module(file.stem)
    except Exception as error:
        frames = traceback.extract_tb(error.__traceback__)
        line = next((frame for frame in reversed(frames) if frame.filename == str(file)), frames[-1])
        raise NetdefError(f"{os.fspath(path)}: cannot be imported: {type(error).__name__}: {error} "
                          f"({line.filename}, line {line.lineno})") from error
    found = getattr(module, "__file__", None)
    if found is None or Path(found).resolve() != file:
        raise NetdefError(f"{os.fspath(path)}: another module is named `{file.stem}`; give the file another name")
    given = _of_environment()
    if str(file) not in given:
        os.environ[_VARIABLE] = os.pathsep.join([*given, str(file)])


def load_plugins_of_environment() -> None:
    """Import the files that the process which started this one has imported."""
    for path in _of_environment():
        load_plugin(path)


def _of_environment() -> list[str]:
    return [path for path in os.environ.get(_VARIABLE, "").split(os.pathsep) if path]
