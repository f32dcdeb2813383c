"""The error for a layer in which memory runs out: what takes how much, and the batch that would fit."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import torch
from torch import Tensor

from netdef.errors import Problem, first_line
from netdef.graph.graph import Graph, Value
from netdef.graph.layer_errors import LayerError, is_out_of_memory, node_of
from netdef.graph.memory import memory_of_device
from netdef.graph.steps import slots_of
from netdef.layers.core.shapes import Shape

_USABLE = 0.9  # of a device's memory; the rest is for kernels' workspace and fragmentation
_FLOAT = 4  # bytes


class OutOfMemory(LayerError, torch.OutOfMemoryError):
    """The error for memory that runs out in a layer. Also torch's own error, which programs that try batch sizes catch."""


def out_of_memory(
    graph: Graph, shapes: Mapping[str, Shape], weights: Sequence[Tensor], step: tuple[Sequence[int], Sequence[int]],
    given: Mapping[str, Tensor], error: Exception,
) -> OutOfMemory | None:
    """The error to raise for torch's error inside a layer; None unless memory ran out.

    The arguments are those of `layer_error`; ``weights`` are the net's parameters. The batch that would fit is estimated
    from the sizes of blobs and weights: with gradients all blobs are kept, and each weight has a gradient and a history.
    """
    values = {slot: value for value, slot in slots_of(graph).items()}
    node = node_of(graph, values, *step)
    if node is None or not is_out_of_memory(error):
        return None
    name, tensor = next(iter(given.items()))
    device, batch = tensor.device, tensor.shape[0] if tensor.ndim else 1
    scale = batch / (shapes[name][0] if shapes[name] else 1)  # relative to the batch that the net was built for

    def size(blobs: Sequence[Value]) -> float:
        return scale * _FLOAT * sum(math.prod(shapes[value.blob]) for value in blobs if value.blob in shapes)

    learns = torch.is_grad_enabled() and any(weight.requires_grad for weight in weights)
    others = [other for other in graph.nodes if other.spec.type != "Mask"]
    everything = size([value for other in others for value in other.tops if graph.last_versions[value.blob] == value])
    at_once = everything if learns else max(size([*other.bottoms, *other.tops]) for other in others)
    fixed = sum(weight.nbytes for weight in weights) * (3 if learns else 1)
    memory = memory_of_device(device)
    fits = int(batch * (_USABLE * memory - fixed) / at_once) if at_once else batch
    kept = "its weights, their gradients and histories" if learns else "its weights"
    message = (
        f"memory ran out in layer `{node.spec.name}` ({node.spec.type}), whose tops take {_text(size(node.tops))} at a batch of "
        f"{batch:,}. A pass of the net takes {_text(at_once)}, {kept} {_text(fixed)}, and {device} has {_text(memory)}: "
        f"{_advice(batch, fits)}. torch said: {first_line(error)}")
    return OutOfMemory([Problem(message, node.spec.span())])


def _advice(batch: int, fits: int) -> str:
    if fits < 1:
        return "not even a batch of 1 would fit"
    if fits >= batch:
        return "that should fit; perhaps another process has the memory, or other tensors of this one"
    return f"a batch of about {fits:,} would fit"


def _text(size: float) -> str:
    """``1.5 GiB``, ``12.0 MiB``"""
    unit, name = next(((2**n, name) for n, name in ((30, "GiB"), (20, "MiB")) if size >= 2**n), (2**10, "KiB"))
    return f"{size / unit:,.1f} {name}"
