"""Describe torch's errors inside a layer: the blob, the layer, the shapes built."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import torch
from torch import Tensor

from netdef.errors import Note, Problem, SpecError, first_line
from netdef.graph.graph import Graph, Node, Value
from netdef.graph.net_inputs import DtypeDevice
from netdef.graph.steps import slots_of
from netdef.layers.core.shapes import Shape

INSIDE = (RuntimeError, TypeError, ValueError, IndexError)
"""What torch raises about tensors that a layer cannot work on."""


class LayerError(SpecError, RuntimeError):
    """The error for a layer that cannot work on its bottoms. Also a RuntimeError, as torch's own."""


def layer_error(
    graph: Graph, shapes: Mapping[str, Shape], weights: DtypeDevice, step: tuple[Sequence[int], Sequence[int]],
    inputs: Sequence[object], given: Mapping[str, Tensor], error: Exception,
) -> LayerError | None:
    """The error to raise for torch's error inside a layer; None if it is not about the tensors.

    ``step`` has the slots of the layer's bottoms and tops, ``inputs`` its bottoms, ``given`` the inputs of the net that
    was built with ``shapes``; ``weights`` are type and device of its weights.
    """
    values = {slot: value for value, slot in slots_of(graph).items()}
    bottoms, tops = step
    node = node_of(graph, values, bottoms, tops)
    if node is None:
        return None
    named = [(values[slot].blob, x) for slot, x in zip(bottoms, inputs)]
    return error_of(node, named, error, _unexpected_inputs(shapes, weights, given))


def error_of(
    node: Node, bottoms: Sequence[tuple[str, object]], error: Exception, notes: Iterable[Note] = ()
) -> LayerError | None:
    """`layer_error` of a layer and its bottoms, by the names of their blobs."""
    if isinstance(error, (SpecError, NotImplementedError)) or _is_of_device(error) or node.spec.type == "Python":
        return None
    on = " and ".join(f"`{name}` {describe(x)}" for name, x in bottoms) or "no bottoms"
    message = f"layer `{node.spec.name}` ({node.spec.type}) cannot work on {on}: {first_line(error)}"
    return LayerError([Problem(message, node.spec.span(), tuple(notes))])


def describe(value: object) -> str:
    """``(2, 3) float32 on cpu``"""
    if not isinstance(value, Tensor):
        return f"of type {type(value).__name__}"
    return f"{tuple(value.shape)} {_dtype(value.dtype)} on {value.device}"


def node_of(graph: Graph, values: Mapping[int, Value], bottoms: Sequence[int], tops: Sequence[int]) -> Node | None:
    """The layer of a step; of several that run as one, the first."""
    read = [values[slot] for slot in bottoms]
    if tops:
        node = graph.nodes[min(values[slot].producer for slot in tops)]
        while node.bottoms and list(node.bottoms) != read:
            node = graph.nodes[node.bottoms[0].producer]
        return node
    return next((node for node in graph.nodes if not node.tops and list(node.bottoms) == read), None)


def _unexpected_inputs(shapes: Mapping[str, Shape], weights: DtypeDevice, given: Mapping[str, Tensor]) -> Iterator[Note]:
    """A note on each input that differs from what the net has: in the axes after the first, in type or device."""
    dtype, device = weights
    unexpected = {
        name: tensor for name, tensor in given.items()
        if (tensor.ndim, tensor.shape[1:], tensor.device) != (len(shapes[name]), shapes[name][1:], device)
        or (tensor.dtype.is_floating_point and tensor.dtype != dtype)}
    for name, tensor in (unexpected or {name: tensor for name, tensor in given.items() if tensor.dtype != dtype}).items():
        yield Note(f"input `{name}` is {describe(tensor)}; the net has {shapes[name]} {_dtype(dtype)} on {device}")


def _dtype(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


def _is_of_device(error: Exception) -> bool:
    """Whether memory ran out or the device failed, which says nothing about a layer."""
    return is_out_of_memory(error) or type(error).__name__ == "AcceleratorError" or "CUDA error" in str(error)


def is_out_of_memory(error: BaseException) -> bool:
    """Whether memory ran out: torch raises OutOfMemoryError on a GPU, a plain RuntimeError on the CPU."""
    named = isinstance(error, MemoryError) or type(error).__name__ == "OutOfMemoryError"
    return named or "allocate memory" in str(error)
