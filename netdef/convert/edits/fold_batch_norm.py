"""Fold batch normalisation into the layer before it, so that a convolution and its normalisation are one layer."""

from __future__ import annotations

from collections.abc import Iterator
from copy import deepcopy
from typing import NamedTuple

import torch

from netdef.convert.edits.rebuild import rebuilt
from netdef.graph.folding import foldable, folded_blobs
from netdef.graph.graph import Node
from netdef.graph.net import Net
from netdef.layers.core.base import Layer
from netdef.weights.stored_layers import memory_of


class Fold(NamedTuple):
    """A layer with weights, and the layers after it to fold into it: BatchNorm, BN, Scale, Bias, Power, or several of them."""

    into: Node
    folded: tuple[Node, ...]


@torch.no_grad()
def fold_batch_norm(net: Net) -> tuple[Net, list[Fold]]:
    """A net that computes the same in TEST without the folded layers, and what was folded.

    A layer is folded if it is the only reader of a layer with weights and uses stored statistics, not the batch's. A
    weight that several layers share is left as it is. Masks are kept: zeros stay zero when they are scaled.
    """
    folds = list(_folds(net))
    if not folds:
        return net, []
    gone = {node.key for fold in folds for node in fold.folded}
    tops = {fold.into.key: fold.folded[-1].tops[0].blob for fold in folds}
    layers = []
    for node in net.graph.nodes:
        if node.key in gone:
            continue
        layer = deepcopy(node.spec.message)
        if node.key in tops:
            layer.top[0] = tops[node.key]
            getattr(layer, net.layers[node.key].folding_param() or "").bias_term = True
        layers.append((layer, node.spec.where))
    spec = net.spec.with_layers(layers)
    folded = rebuilt(net, spec, without=tops)
    for fold in folds:
        _fold(net, folded.layers[fold.into.key], fold)
    return folded, folds


def _folds(net: Net) -> Iterator[Fold]:
    owners: dict[int, int] = {}
    for blobs in net.params.values():
        for blob in blobs:
            owners[memory_of(blob)] = owners.get(memory_of(blob), 0) + 1
    for node, after in foldable(net.graph, net.layers):
        if all(owners[memory_of(blob)] == 1 for blob in net.params[node.key]):
            yield Fold(node, after)


def _fold(net: Net, into: Layer, fold: Fold) -> None:
    """Set weight and bias of the layer ``into`` from those of the layers that it replaces."""
    old = net.layers[fold.into.key]
    after = [net.layers[node.key] for node in fold.folded]
    for blob, value in zip(into.blobs, folded_blobs(old, old.blobs[0], after), strict=True):
        blob.copy_(value)
