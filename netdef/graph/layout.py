"""Choose the memory order of a net's tensors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import torch

if TYPE_CHECKING:
    from netdef.graph.net import Net


def use_best_layout(net: Net, device: torch.device) -> None:
    """Store the weights of 2-d convolutions as NHWC on the CPU, which makes torch keep activations in that order.

    Shapes, indices and files do not change. A step of LeNet or of CIFAR's quick net takes two thirds of the time that
    the default order takes, GoogLeNet's nine tenths, AlexNet's the same. A mixture is no faster: grouped convolutions,
    or those on images of three channels, in the default order cost as much for conversions as they save
    (`tools/bench_step.py`). Depthwise convolutions become faster, too. ResNet-50 on a single image would be
    slower, because of a few layers, which `netdef.layers.convolution` computes in another way. Other devices keep the
    default order, in which cuDNN works on float32.
    """
    if device.type != "cpu":
        return
    for layer in net.layers.values():
        if layer.prefers_channels_last and layer.blobs and layer.blobs[0].ndim == 4:
            # to(), not contiguous(): where both orders are the same bytes (one channel, a 1x1 kernel), contiguous() keeps
            # the strides, by which torch chooses its kernels.
            weight = layer.blobs[0]
            weight.data = weight.data.to(memory_format=torch.channels_last)
