"""`.pt`: a state dict of torch, a dictionary of tensors by name, as ``torch.save(net.state_dict(), path)`` writes it.

Masks are applied to the weights, and not stored.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pickle import UnpicklingError
from zipfile import ZipFile, is_zipfile

import torch
from torch import Tensor

from netdef.errors import FileError, first_line
from netdef.files import atomic_write
from netdef.graph.net import Net
from netdef.text.other_files import NUMPY_ARCHIVE, kind_text
from netdef.weights.state_dict import state_dict

_WRAPPERS = ("state_dict", "model_state_dict", "model", "net", "module")


@contextmanager
def read(path: str | os.PathLike[str]) -> Iterator[dict[str, Tensor]]:
    """The tensors of a file by name, of a state dict or of a checkpoint that holds one under a usual name (`_WRAPPERS`).

    Nothing in the file is executed: torch reads tensors and containers only. Raises `FileError` for a damaged file, and
    for one that holds something else.
    """
    try:
        found = torch.load(path, "cpu", weights_only=True, mmap=is_zipfile(path))
    except Exception as error:  # damaged bytes may make the unpickler raise anything
        raise FileError(f"{os.fspath(path)}: {_complaint(path, error)}") from error
    while isinstance(found, dict) and (inner := next((found[w] for w in _WRAPPERS if isinstance(found.get(w), dict)), None)):
        found = inner  # of a training checkpoint
    if not isinstance(found, dict) or not all(isinstance(x, Tensor) for x in found.values()):
        raise FileError(f"{os.fspath(path)}: is no state dict, a dictionary of tensors; save `net.state_dict()`")
    yield {str(name): tensor for name, tensor in found.items()}


def _complaint(path: str | os.PathLike[str], error: Exception) -> str:
    """The reason why torch does not read a file, as the words behind its name."""
    if _holds_numpy(path):
        return kind_text(NUMPY_ARCHIVE, "a file of weights")
    reason = first_line(error)
    if found := re.search(r"Unsupported global: GLOBAL (\S+)", str(error)):  # torch's own advice is to run the code
        reason = (f"it holds Python objects besides tensors ({found[1]}), which could run code when they are read; "
                  "save `net.state_dict()` alone")
    elif isinstance(error, UnpicklingError) and "weights_only" in str(error):
        reason = "its pickle is damaged, or holds more than tensors and numbers"
    return f"cannot be read as a state dict of torch: {reason}"


def _holds_numpy(path: str | os.PathLike[str]) -> bool:
    """Whether a file is an archive with arrays of numpy in it."""
    try:
        return is_zipfile(path) and any(name.endswith(".npy") for name in ZipFile(path).namelist())
    except Exception:  # damaged bytes may make the reader raise anything
        return False


def write(path: str | os.PathLike[str], net: Net) -> None:
    """Write the state dict of a net, under torch's names. All or nothing; raises `FileError`."""
    with atomic_write(path) as file:
        torch.save(state_dict(net), file)
