"""Batch normalisation folded into the layer before it: for use, a convolution and its normalisation are one convolution."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

import torch
from torch import Tensor

from netdef.convert.edits.rebuild import rebuilt
from netdef.graph.graph import Node
from netdef.graph.net import Net
from netdef.layers.core.base import Layer
from netdef.schema.messages import NetParameter
from netdef.weights.stored import memory_of

_PARAMS = {
    "Convolution": "convolution_param", "ConvolutionDepthwise": "convolution_param", "Deconvolution": "convolution_param",
    "DepthwiseConvolution": "convolution_param", "InnerProduct": "inner_product_param",
}  # fmt: skip


class Fold(NamedTuple):
    """A layer with weights and those behind it that become part of it: a BatchNorm, BN or Scale, or BatchNorm and Scale."""

    into: Node
    folded: tuple[Node, ...]


@torch.no_grad()
def fold_batch_norm(net: Net) -> tuple[Net, list[Fold]]:
    """A net that computes the same in TEST without the folded layers, and what was folded.

    Folded are layers that alone read a layer with weights, and use statistics of their own rather than the batch's. A
    weight that several layers share stays as it is. Masks stay: what is zero is zero after scaling.
    """
    folds = list(_folds(net))
    if not folds:
        return net, []
    gone = {node.key for fold in folds for node in fold.folded}
    tops = {fold.into.key: fold.folded[-1].tops[0].blob for fold in folds}
    message = NetParameter()
    message.CopyFrom(net.spec.message)
    del message.layer[:]
    places = []
    for node in net.graph.nodes:
        if node.key in gone:
            continue
        layer = message.layer.add()
        layer.CopyFrom(node.spec.message)
        if node.key in tops:
            layer.top[0] = tops[node.key]
            getattr(layer, _PARAMS[layer.type]).bias_term = True
        places.append(node.spec.where)
    spec = replace(net.spec, message=message, where=net.spec.where.replace(layer=places))
    folded = rebuilt(net, spec, without=tops)
    for fold in folds:
        _fold(net, folded.layers[fold.into.key], fold)
    return folded, folds


def _folds(net: Net) -> Iterator[Fold]:
    graph = net.graph
    owners: dict[int, int] = {}
    for blobs in net.params.values():
        for blob in blobs:
            owners[memory_of(blob)] = owners.get(memory_of(blob), 0) + 1
    taken: set[str] = set()
    for node in graph.nodes:
        if node.spec.type not in _PARAMS or len(node.tops) != 1 or not _channels_are_second(net, node):
            continue
        if any(owners[memory_of(blob)] > 1 for blob in net.params[node.key]):
            continue
        chain: list[Node] = []
        while len(readers := graph.readers.get((chain or [node])[-1].tops[0], ())) == 1:
            reader = graph.nodes[readers[0]]
            if not _is_affine(net.layers.get(reader.key)) or len(chain) == 2 or reader.key in taken:
                break
            chain.append(reader)
        if chain:
            taken.update(reader.key for reader in chain)
            yield Fold(node, tuple(chain))


def _channels_are_second(net: Net, node: Node) -> bool:
    """Whether the outputs of the layer are axis 1 of its top, which is what a batch norm normalises."""
    return net.layers[node.key].axis == 1


def _is_affine(layer: Layer | None) -> bool:
    """Whether a layer multiplies and shifts each channel by numbers that are known now."""
    kind = getattr(layer, "type_name", None)
    if kind == "BatchNorm":
        return layer.use_global_stats is not False and not layer.single_axis
    if kind == "Scale":
        return "scale" in layer.blob_names and layer.per_channel
    return kind == "BN" and (layer.folded or not layer.segnet)


def _affine(layer: Layer) -> tuple[Tensor, Tensor]:
    """Factor and shift of each channel, in double precision."""
    if layer.type_name == "Scale":
        scale, bias = layer.blob("scale").double(), layer.blob("bias")
        return scale, torch.zeros_like(scale) if bias is None else bias.double()
    if layer.type_name == "BatchNorm":
        share = layer.factor.double().reciprocal().nan_to_num(posinf=0.0)
        mean, variance = layer.mean_sum * share, layer.variance_sum * share
        slope, bias = (layer.blob("scale"), layer.blob("bias")) if layer.affine else (torch.ones_like(mean), 0.0)
    else:
        slope, bias = layer.blob("slope").flatten().double(), layer.blob("bias").flatten().double()
        if layer.folded:
            return slope, bias
        mean, variance = layer.mean.flatten().double(), layer.variance.flatten().double()
    factor = slope / (variance + layer.eps).sqrt()
    return factor, bias - mean * factor


def _fold(net: Net, into: Layer, fold: Fold) -> None:
    """Weight and bias of the folded layer, from those of the old one."""
    old = net.layers[fold.into.key]
    factor, shift = torch.ones(()), torch.zeros(()) if old.bias is None else old.bias.double()
    for node in fold.folded:
        times, plus = _affine(net.layers[node.key])
        factor, shift = factor * times, shift * times + plus
    weight = old.weight.double()
    if old.type_name == "InnerProduct":
        spread = factor if old.transpose else factor[:, None]
    elif old.transposed:  # (channels, num_output / group, *kernel): the outputs of a group lie along axis 1
        group = old.group
        rows = factor.reshape(group, 1, -1).expand(-1, weight.shape[0] // group, -1)
        spread = rows.reshape(*weight.shape[:2], *[1] * (weight.ndim - 2))
    else:
        spread = factor.reshape(-1, *[1] * (weight.ndim - 1))
    into.weight.copy_(weight * spread)
    into.bias.copy_(shift.expand(math.prod(into.bias.shape)))
