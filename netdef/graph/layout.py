"""In which memory order a net's tensors lie: chosen here, so that no user has to know."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from netdef.graph.net import Net


def use_best_layout(net: Net, device: torch.device) -> None:
    """Lay the weights of 2-d convolutions out as NHWC on the CPU, which makes torch keep activations so.

    Shapes, indices and files are unchanged by it. A step of LeNet or of CIFAR's quick net takes two thirds of the time of
    the default order, GoogLeNet's nine tenths, AlexNet's the same. A mixture is no better: leaving grouped convolutions
    or those on images of three channels in the default order costs as much in between as it saves (`tools/bench_step.py`).
    Depthwise convolutions gain as well. On other devices the default order stays: cuDNN works on float32 in it.
    """
    if device.type != "cpu":
        return
    for layer in net.layers.values():
        if layer.type_name in ("Convolution", "Deconvolution") and layer.weight.ndim == 4:
            # to(), not contiguous(): where one channel or a 1x1 kernel makes both orders the same bytes, that one keeps
            # the strides, and it is by the strides that torch chooses.
            layer.weight.data = layer.weight.data.to(memory_format=torch.channels_last)
