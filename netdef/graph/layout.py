"""In which memory order a net's tensors lie: chosen here, so that no user has to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from netdef.graph.net import Net


def use_best_layout(net: Net, device: torch.device) -> None:
    """Lay the weights of 2-d convolutions out as NHWC, which makes torch keep activations so.

    On the CPU this halves the step of small convolutional nets; shapes, indices and files are unchanged by it.
    """
    for layer in net.layers.values():
        if layer.type_name in ("Convolution", "Deconvolution") and layer.weight.ndim == 4:
            # not contiguous(): where one channel or a 1x1 kernel makes both orders the same bytes it changes no stride,
            # and it is by the strides that torch goes
            layer.weight.data = layer.weight.data.to(memory_format=torch.channels_last)
