"""Fold layers that multiply and shift channels into the weights of the layer before them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

import torch
from torch import Tensor, nn

from netdef.graph.graph import Graph, Node
from netdef.graph.steps import Step, slots_of
from netdef.layers.core.base import Layer, describes_forward
from netdef.layers.mask import Mask


def foldable(graph: Graph, layers: Mapping[str, Layer]) -> Iterator[tuple[Node, tuple[Node, ...]]]:
    """Layers with weights, each with the layers after it that in TEST only multiply and shift the channels of its top.

    Only layers whose blobs in between nothing else reads are found.
    """
    for node in graph.nodes:
        layer = layers.get(node.key)
        if layer is None or len(node.tops) != 1 or not _takes_a_factor(layer):
            continue
        after: list[Node] = []
        top = node.tops[0]
        while top not in graph.outputs and len(readers := graph.readers.get(top, ())) == 1:
            reader = graph.nodes[readers[0]]
            if not _is_affine(layers[reader.key]):
                break
            after.append(reader)
            top = reader.tops[0]
        if after:
            yield node, tuple(after)


@torch.no_grad()
def folded_blobs(layer: Layer, weight: Tensor, after: Sequence[Layer]) -> tuple[Tensor, Tensor]:
    """Weight and bias with which ``layer`` gives the top of the last layer ``after`` it, computed in double precision.

    ``weight`` is its own, with or without masks; the result is in the same memory order.
    """
    bias = layer.optional_blob("bias")
    by_channel = layer.channel_layout("weight").by_channel
    groups, outputs = by_channel(weight).shape[:2]
    factor = weight.new_ones(groups * outputs, dtype=torch.double)
    shift = torch.zeros_like(factor) if bias is None else bias.double()
    for other in after:
        affine = other.channel_affine()
        assert affine is not None  # else it cannot be folded
        other_factor, other_shift = affine
        factor, shift = factor * other_factor, shift * other_factor + other_shift
    folded = torch.empty_like(weight)
    by_channel(folded).copy_(by_channel(weight.double()) * factor.reshape(groups, outputs, 1, 1))
    return folded, shift.to(weight.dtype)


class FoldedLayer:
    """A layer with weights and those after it as one, in TEST, for weights that get no gradient.

    The folded weights are kept until one of the blobs or masks that they come from is replaced or written to. Torch
    counts writes to a tensor, but not those through its ``data`` or a numpy array: call
    `torch.autograd.graph.increment_version` after such a write.
    """

    def __init__(self, layer: Layer, after: Sequence[Layer]):
        self.layer, self.after = layer, after
        self._masks = [mask for each in (layer, *after) for mask in each.masks.values() if isinstance(mask, Mask)]
        self._kept: tuple[Tensor, Tensor] | None = None
        self._state: list[tuple[object, ...]] = []
        self._sources: list[Tensor] = []  # held, so that no other tensor takes their place in memory

    def __reduce__(self) -> tuple[type[FoldedLayer], tuple[Layer, Sequence[Layer]]]:
        return FoldedLayer, (self.layer, self.after)

    def forward(self, x: Tensor) -> Tensor:
        """The top of the last layer."""
        blobs = self._blobs()
        if blobs is not None:
            return self.layer.compute(x, *blobs)
        for layer in (self.layer, *self.after):
            x = layer(x)
        return x

    def _blobs(self) -> tuple[Tensor, Tensor] | None:
        """The folded weight and bias, None where the layers must run one by one."""
        modules: tuple[nn.Module, ...] = (self.layer, *self.after, *self._masks)
        sources = [tensor for module in modules for tensors in (module._parameters, module._buffers)
                   for tensor in tensors.values() if tensor is not None]
        if any(tensor.is_inference() for tensor in sources):  # torch does not count writes to them
            return None
        state: list[tuple[object, ...]] = [(id(x), x._version, x.data_ptr()) for x in sources]
        state.append((*(mask.folded for mask in self._masks), *(layer.training for layer in self.after)))
        if state != self._state:
            self._kept = self._fold()
            self._state, self._sources = state, [*sources, *(tensor.detach() for tensor in sources)]
        return self._kept

    def _fold(self) -> tuple[Tensor, Tensor] | None:
        layers = self.layer, *self.after
        if any(layer.training for layer in layers) or not all(map(_owns_its_blobs, layers)):
            return None
        with torch.inference_mode(False):
            return folded_blobs(self.layer, self.layer.blob("weight"), self.after)


def with_folds(graph: Graph, layers: Mapping[str, Layer], steps: Iterable[Step]) -> Iterator[Step]:
    """The steps of a graph, where the layers that `foldable` finds run as one step."""
    slots = slots_of(graph)
    folds = {layers[node.key]: after for node, after in foldable(graph, layers)}
    gone = {layers[node.key] for after in folds.values() for node in after}
    for step in steps:
        if isinstance(step.run, Layer) and (after := folds.get(step.run)) is not None:
            folded = FoldedLayer(step.run, [layers[node.key] for node in after])
            yield step._replace(run=folded, tops=(slots[after[-1].tops[0]],))
        elif step.run not in gone:
            yield step


def is_plain_pass() -> bool:
    """Whether a pass is neither traced, transformed nor cast: those need each operation as it is in the text."""
    return not (
        torch.compiler.is_compiling() or torch.jit.is_tracing() or torch._C._is_any_autocast_enabled()
        or torch._C._are_functorch_transforms_active() or torch._C._len_torch_dispatch_stack())


def _takes_a_factor(layer: Layer) -> bool:
    return layer.folding_param() is not None and describes_forward(type(layer), "compute")


def _is_affine(layer: Layer) -> bool:
    return describes_forward(type(layer), "channel_affine") and layer.channel_affine() is not None


def _owns_its_blobs(layer: Layer) -> bool:
    """Whether the blobs are the layer's own tensors, not made from others (by `torch.nn.utils.parametrize`, for one)."""
    return all(name in layer._parameters or name in layer._buffers for name in layer.blob_names)
