"""A net of one layer on small inputs, and runs of it: what `netdef.testing` checks a layer with."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import torch
from torch import Tensor

from netdef.api import compile_net
from netdef.definition.definitions import PhaseName
from netdef.definition.read import read_net_text
from netdef.graph.net import Net
from netdef.graph.pruning import attach_masks
from netdef.layers.core.shapes import Shape

Run = tuple[dict[str, Tensor], dict[str, Tensor]]
"""The tops, and the gradients of inputs and parameters, by name."""


class OneLayer:
    """A layer with random blobs, on its inputs.

    ``net`` is the net in ``phase``, ``layer`` its only layer, called ``name``. ``inputs`` are the tensors by bottom: a
    shape stands for normal random numbers that take part in gradients.
    """

    def __init__(self, text: str, phase: PhaseName, inputs: Mapping[str, Shape | Tensor], allow_python: bool):
        random = torch.Generator().manual_seed(1)
        self.inputs = {
            blob: (given.detach().clone().requires_grad_(given.requires_grad) if isinstance(given, Tensor)
                   else torch.randn(given, generator=random).requires_grad_())
            for blob, given in inputs.items()
        }
        declared = "".join(
            f'layer {{ name: "{blob} input" type: "Input" top: "{blob}" input_param {{ shape {{ '
            f'{" ".join(f"dim: {size}" for size in x.shape)} }} }} }}\n' for blob, x in self.inputs.items())
        self.spec, self.phase = read_net_text(declared + text, allow_python=allow_python), phase
        self.net = compile_net(self.spec, phase)
        (self.name, self.layer), = self.net.layers.items()
        with torch.no_grad():
            for blob in self.layer.blobs:
                # Zeros, the default filler, would hide mistakes. Statistics are positive.
                learnt = isinstance(blob, torch.nn.Parameter)
                blob.copy_(torch.randn(blob.shape, generator=random) if learnt
                           else 0.5 + torch.rand(blob.shape, generator=random))

    def another_net(self, mask: int | None = None, phase: PhaseName | None = None) -> Net:
        """A new net with the same blobs, in ``phase`` if given; ``mask`` is the index of a blob to cover by a Mask."""
        spec = self.spec
        if mask is not None:
            spec = attach_masks(spec, {self.name: None}, blobs=(mask,))
        net = compile_net(spec, phase or self.phase)
        with torch.no_grad():
            for theirs, mine in zip(net.layers[self.name].blobs, self.layer.blobs):
                theirs.copy_(mine)
        return net

    def call(self, net: Net, inputs: Mapping[str, Tensor], parameters: Mapping[str, Tensor]) -> dict[str, Tensor]:
        """One forward pass from the same seed and the same statistics or recurrent state, left as they were."""
        torch.manual_seed(2)
        state = {name: value.clone() for name, value in net.named_buffers()}
        return torch.func.functional_call(net, {**state, **parameters}, kwargs=dict(inputs))

    def run(self, net: Net, after: Callable[[dict[str, Tensor]], object] | None = None, cloned: bool = False) -> Run:
        """The tops, and the gradients of what requires them; ``after`` is called with the tops before backward."""
        inputs = {blob: x.clone() if cloned else x for blob, x in self.inputs.items()}
        tops = self.call(net, inputs, {})
        kept = {blob: top.detach().clone() for blob, top in tops.items()}
        if after is not None:
            after(tops)
        random = torch.Generator().manual_seed(3)
        heads = [(top, torch.randn(top.shape, generator=random)) for top in tops.values() if top.requires_grad]
        parts = {**self.inputs, **dict(net.named_parameters())}
        parts = {name: part for name, part in parts.items() if part.requires_grad}
        if not heads or not parts:
            return kept, {}
        gradients = torch.autograd.grad(
            [top for top, _ in heads], list(parts.values()), [weight for _, weight in heads], allow_unused=True)
        return kept, {name: gradient for name, gradient in zip(parts, gradients) if gradient is not None}
