"""Choose the memory order of a net's weights."""

from __future__ import annotations

import torch
from torch import Tensor

from netdef.layers.core.base import Layer


def best_layout(layer: Layer, name: str, tensor: Tensor, device: torch.device) -> torch.memory_format:
    """The order of a layer's tensor of that name: NHWC for the weights of 2-d convolutions on the CPU.

    It makes torch keep activations in that order. Shapes, indices and files do not change. A step of LeNet or of CIFAR's quick
    net takes two thirds of the time that the default order takes, GoogLeNet's nine tenths, AlexNet's the same. A mixture is no
    faster: grouped convolutions, or those on images of three channels, in the default order cost as much for conversions as
    they save (`tools/bench_step.py`). Depthwise convolutions become faster, too. ResNet-50 on a single image would be slower,
    because of a few layers, which `netdef.layers.convolution` computes in another way. Other devices keep the default order,
    in which cuDNN works on float32.
    """
    planar = layer.prefers_channels_last and name in layer.blob_names[:1] and tensor.ndim == 4
    return torch.channels_last if planar and device.type == "cpu" else torch.contiguous_format
