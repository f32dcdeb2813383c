"""Errors inside layers: name the layer, and pass those of a user's own layers through unchanged, as pycaffe does."""

from __future__ import annotations

from collections.abc import Sequence
from types import TracebackType
from typing import NoReturn

from torch import Tensor

from netdef.errors import FileError, NetdefError
from netdef.graph.layer_errors import LayerError, error_of
from netdef.graph.net import Net
from netdef.pycaffe.wiring import WiredLayer


class own_exceptions:  # named as contextlib's are
    """Context manager that raises an exception of a Python layer unchanged, with a note on the layer (Python 3.11)."""

    __slots__ = ()

    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        raised = error.__cause__ if isinstance(error, NetdefError) else None
        if raised is None or isinstance(error, (FileError, LayerError)) or isinstance(raised, NetdefError):
            return
        if hasattr(raised, "add_note"):
            raised.add_note(str(error))
        raise raised from None


def raise_named(net: Net, wired: WiredLayer, bottoms: Sequence[Tensor], error: Exception) -> NoReturn:
    """Raise `LayerError`, which names the layer, its place and its bottoms, for torch's error about them; else ``error``."""
    node = next(node for node in net.graph.nodes if node.key == wired.key)
    found = error_of(node, list(zip((value.blob for value in node.bottoms), bottoms)), error)
    if found is None:
        raise error
    raise found from error
