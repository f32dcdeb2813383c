"""Find where masks cut a net: layers whose tops no longer depend on the net's input.

The search follows channels, axis 1 of a blob. Where it cannot, each output of a layer is taken to read each of its inputs:
every cut that is found is real; some are missed.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from netdef.graph.graph import Node, Value
from netdef.graph.net import Net
from netdef.layers.core.base import Layer
from netdef.layers.mask import Mask

_CHANNEL_BY_CHANNEL = frozenset({
    "AbsVal", "BN", "BNLL", "BatchNorm", "Bias", "Dropout", "ELU", "Eltwise", "Exp", "HardSwish", "LRN", "Log", "PReLU",
    "Pooling", "Power", "ReLU", "ReLU6", "Scale", "SeLu", "Sigmoid", "Swish", "TanH", "Threshold"})


@dataclass(frozen=True)
class Cuts:
    """The layers at which masks cut a net.

    ``ends`` are the masked layers with a bottom that depends on the input and no top that does, in order. ``whole`` is true
    if the input reaches no loss (no output in a net without losses) through a layer with weights.
    """

    ends: tuple[str, ...]
    whole: bool


@torch.no_grad()
def find_cuts(net: Net) -> Cuts:
    """The places where the masks of a net, as they are set, cut it."""
    return _CutSearch(net).cuts()


class _CutSearch:
    """Follow the channels that depend on the input through a net, layer by layer."""

    def __init__(self, net: Net):
        self.net = net
        kept = (mask.kept for mask in net.masks.values())
        self.device = next((mask.device for mask in kept if mask is not None), torch.device("cpu"))
        self.fed: dict[Value, Tensor] = {}  # the channels that depend on the input
        self.learned: set[Value] = set()  # values behind layers with weights

    def cuts(self) -> Cuts:
        ends: list[str] = []
        losses: list[bool] = []
        layers = self.net.layers
        for node in self.net.graph.nodes:
            layer = layers.get(node.key)
            if isinstance(layer, Mask):
                continue
            tops = self._tops(node, layer)
            self.fed.update(zip(node.tops, tops))
            if self.learned.intersection(node.bottoms) or (layer is not None and layer.blob_names):
                self.learned.update(node.tops)
            if layer is not None and layer.masks and not _any(tops) and _any([self.fed[value] for value in node.bottoms]):
                ends.append(node.key)
            if layer is not None and layer.is_loss:
                losses.append(_any([self.fed[value] for value in self._answers(node)]))
        reached = losses or [_any([self.fed[value]]) for value in self.net.graph.outputs if value in self.learned]
        return Cuts(tuple(ends), bool(reached) and not any(reached))

    def _answers(self, node: Node) -> list[Value]:
        """The bottoms of a loss that the net computes with weights, not labels."""
        return [value for value in node.bottoms if value in self.learned] or list(node.bottoms)

    def _tops(self, node: Node, layer: Layer | None) -> list[Tensor]:
        """The channels of each top that depend on the input, as bool tensors."""
        sizes = [_channels(self.net.shapes[value.blob]) for value in node.tops]
        if layer is None or not node.bottoms:
            return [torch.ones(size, dtype=torch.bool, device=self.device) for size in sizes]
        answers = self._answers(node) if layer.is_loss or layer.is_score else node.bottoms
        fed = [self.fed[value] for value in answers]
        masks = [mask.kept for mask in layer.masks.values() if isinstance(mask, Mask)]
        weight = layer.masks.get("weight")
        if isinstance(weight, Mask) and weight.kept is not None and getattr(layer, "axis", 1) == 1:
            return [_through(layer, weight.kept, bottom) for bottom, _ in zip(fed, sizes)]
        if masks and not any(kept is None or bool(kept.any()) for kept in masks):
            return [torch.zeros(size, dtype=torch.bool, device=self.device) for size in sizes]
        if node.spec.type in _CHANNEL_BY_CHANNEL and {bottom.numel() for bottom in fed} == set(sizes):
            return [torch.stack(fed).any(0) for _ in sizes]
        if node.spec.type == "Concat" and sizes == [sum(bottom.numel() for bottom in fed)]:
            return [torch.cat(fed)]
        if node.spec.type == "Flatten" and sizes[0] % fed[0].numel() == 0:
            return [fed[0].repeat_interleave(sizes[0] // fed[0].numel())]
        return [torch.full((size,), _any(fed), device=self.device) for size in sizes]


def _through(layer: Layer, kept: Tensor, fed: Tensor) -> Tensor:
    """The outputs of a layer that read a fed channel through a kept weight."""
    reads = layer.channel_layout("weight").by_channel(kept).any(3)  # groups, outputs, inputs
    inputs = reads.shape[2]
    places = max(inputs // fed.numel(), 1)  # an InnerProduct reads each place of a channel
    groups = fed.numel() * places // inputs
    fed = fed.repeat_interleave(places).view(groups, 1, inputs)
    return (reads.reshape(groups, -1, inputs) & fed).any(2).flatten()


def _any(fed: list[Tensor]) -> bool:
    return any(bool(channels.any()) for channels in fed)


def _channels(shape: tuple[int, ...]) -> int:
    return shape[1] if len(shape) > 1 else 1
