"""Check layers of users while they are built: errors of their code, their parameters, and what they return."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import LayerClass, is_ours
from netdef.layers.python.user_code import described

_EXPLAINED = (NetdefError, MemoryError, torch.OutOfMemoryError, RuntimeError, ValueError, IndexError, OverflowError)
"""Errors for which the builder has words."""


@contextmanager
def blamed(spec: LayerDefinition, cls: LayerClass) -> Iterator[None]:
    """Turn an error of a user's class into a `SpecError` that names the layer, its place and the line of the code."""
    try:
        yield
    except _EXPLAINED:
        raise
    except Exception as error:
        if is_ours(cls):
            raise
        raise spec.refuse(f"cannot be built: {described(error)}") from error


def check_constructor(spec: LayerDefinition, layer: Layer) -> None:
    """Refuse a user's layer whose constructor has not called that of `Layer`."""
    if "name" not in vars(layer):
        raise spec.refuse(f"is of the class {type(layer).__name__}, whose constructor must begin with "
                          "`super().__init__(spec, shapes)`")


def check_parameters(spec: LayerDefinition, layer: Layer) -> None:
    """Refuse parameters and buffers of a user's layer that it has not declared: nobody would fill or save them."""
    declared = {*layer.blob_names, *layer.fills}
    found = [name for name, _ in [*layer.named_parameters(), *layer.named_buffers()] if name not in declared]
    if found:
        raise spec.refuse(f"has {', '.join(found)}, which no file of weights would hold: declare each by `add_blob`, or by "
                          "`add_constant` if it is not learned")


def check_tops(spec: LayerDefinition, tops: object) -> None:
    """Refuse what ``forward`` of a user's layer returned if it is not a tensor for each top."""
    found: Sequence[object] = tops if isinstance(tops, (tuple, list)) else [tops]
    if len(found) != len(spec.tops) or not all(isinstance(top, Tensor) for top in found):
        wanted = "a tensor" if len(spec.tops) == 1 else f"{len(spec.tops)} tensors, one for each top"
        kinds = ", ".join(type(top).__name__ for top in found) or "none"
        raise spec.refuse(f"wants {wanted} from `forward`; it returned {kinds}")
