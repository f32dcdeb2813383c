"""Find the first layer of a pass whose values are not finite."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from netdef.errors import NetdefError
from netdef.graph.graph import Node
from netdef.graph.layer_state import state_kept
from netdef.graph.net import Net
from netdef.graph.watch import PassWatcher, watched
from netdef.layers.core.base import Layer
from netdef.layers.mask import Mask


class NotFiniteError(NetdefError):
    """The error for a loss, scores or weights that are not finite. Commands exit with 1: the user's files are not at fault."""

    exit_status = 1


@dataclass(frozen=True)
class Count:
    """The numbers of NaN, of infinite and of all values in a tensor."""

    nan: int
    inf: int
    values: int

    @classmethod
    def of(cls, tensor: Tensor) -> Count | None:
        """The counts of a tensor, None if all its values are finite."""
        if all_finite([tensor]):
            return None
        return cls(int(tensor.isnan().sum()), int(tensor.isinf().sum()), tensor.numel())

    def __str__(self) -> str:
        parts = [f"{count:,} {name}" for count, name in ((self.nan, "NaN"), (self.inf, "infinite")) if count]
        return f"{' and '.join(parts)} of {self.values:,} values"


@torch.no_grad()
def all_finite(tensors: Sequence[Tensor]) -> bool:
    """Whether all values are finite. Reads the answer from the device once."""
    largest = torch._foreach_norm([t for t in tensors if t.numel() and t.is_floating_point()], float("inf"))
    return not largest or bool(torch.stack([x.float() for x in largest]).isfinite().all())


def broken_blob(net: Net) -> str | None:
    """The first blob of a layer, as it is stored, that is not finite; None if there is none."""
    if all_finite([blob for blobs in net.params.values() for blob in blobs]):
        return None
    for key, blobs in net.params.items():
        for index, blob in enumerate(blobs):
            if (count := Count.of(blob)) is not None:
                return f"layer `{key}`: blob {index} of its weights has {count}"
    return None


def first_not_finite(net: Net, batch: Mapping[str, Tensor]) -> str | None:
    """The first layer, in the order of the forward pass and then of the backward pass, whose numbers are not finite.

    Runs both passes on the batch. Parameters, their gradients and the state of layers stay as they are. Returns what was
    found in a sentence with the smallest and largest finite input of the layer, or None.
    """
    search = _Search(net)
    layers = [layer for layer in net.layers.values() if not isinstance(layer, Mask)]
    with state_kept(layers), watched(net, search), torch.enable_grad():
        loss = net.loss(net(**batch))
        if search.forward is not None or not loss.requires_grad:
            return search.forward
        parameters = [entry.tensor for entry in net.learnable if entry.tensor.requires_grad]
        gradients = torch.autograd.grad(loss, parameters, allow_unused=True)
    of_blobs = {p: Count.of(gradient) for p, gradient in zip(parameters, gradients) if gradient is not None}
    return search.backward(of_blobs)


class _Search(PassWatcher):
    """A watcher of both passes. ``forward`` is the first complaint of the forward pass."""

    def __init__(self, net: Net):
        self.net = net
        self.forward: str | None = None
        self.inputs: dict[str, str] = {}  # the range of each layer's bottoms
        self.gradients: dict[tuple[str, int], Count] = {}

    def began(self, inputs: Mapping[str, Tensor]) -> None:
        for blob, tensor in inputs.items():
            if self.forward is None and (count := Count.of(tensor)) is not None:
                self.forward = f"blob `{blob}` of the data has {count}"

    def before(self, node: Node, bottoms: Sequence[Tensor]) -> None:
        if self.forward is None:
            self.inputs[node.key] = _range(bottoms)

    def after(self, node: Node, tops: Sequence[Tensor]) -> None:
        for value, top in zip(node.tops, tops):
            if self.forward is None and (count := Count.of(top)) is not None:
                self.forward = (f"forward pass, {_named(node)}: its top `{value.blob}` has {count}{self.inputs[node.key]}"
                                f"{_weights(self.net.layers[node.key])}")

    def gradient(self, node: Node, bottom: int, gradient: Tensor) -> None:
        if (count := Count.of(gradient)) is not None:
            self.gradients[node.key, bottom] = count

    def backward(self, of_blobs: Mapping[Tensor, Count | None]) -> str | None:
        """The first complaint of the backward pass, given the counts of the parameters' gradients."""
        for node in reversed(self.net.graph.nodes):
            layer = self.net.layers.get(node.key)
            found = [(f"bottom `{value.blob}`", self.gradients.get((node.key, i))) for i, value in enumerate(node.bottoms)]
            if layer is not None:
                found += [(f"blob {i}", of_blobs.get(getattr(layer, name))) for i, name in enumerate(layer.blob_names)]
            for part, count in found:
                if count is not None:
                    return f"backward pass, {_named(node)}: the gradient of its {part} has {count}{self.inputs[node.key]}"
        return None


def _named(node: Node) -> str:
    return f"layer `{node.key}` ({node.spec.type})"


def _range(bottoms: Sequence[Tensor]) -> str:
    """``; its input lies between -1 and 2.5``, of the finite values."""
    finite = [values for bottom in bottoms if (values := bottom.detach()[bottom.detach().isfinite()]).numel()]
    if not finite:
        return ""
    low, high = min(float(values.min()) for values in finite), max(float(values.max()) for values in finite)
    return f"; its input lies between {low:.4g} and {high:.4g}"


def _weights(layer: Layer) -> str:
    """``; blob 0 of its weights has 3 NaN of 9 values``: the first one that is learned and not finite."""
    for index, name in enumerate(layer.blob_names):
        blob = getattr(layer, name)
        if isinstance(blob, nn.Parameter) and (count := Count.of(blob)) is not None:
            return f"; blob {index} of its weights has {count}"
    return ""
