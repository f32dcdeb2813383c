"""A layer as a user writes it: two weights, and all that a net for use and a drawing need to know of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional as F

import netdef
from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.channels import ChannelLayout
from netdef.layers.core.checks import check_axes, check_positive
from netdef.layers.core.fillers import filler
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable


class GatedLinear(nn.Module):
    """What `Gated` is in a module of torch: the source of this class is copied into it."""

    def __init__(self, features: int, outputs: int):
        super().__init__()
        self.linear, self.gate = nn.Linear(features, outputs), nn.Linear(features, outputs)

    def forward(self, x: Tensor) -> Tensor:
        return self.linear(x) * torch.sigmoid(self.gate(x))


class Gated(netdef.Layer):
    """``(W x + b) * sigmoid(V x + c)``, of (N, features) to (N, num_output). Dauphin et al. 2017.

    Blobs: ``weight`` W (num_output, features), ``bias`` b, ``gate`` V (features, num_output), ``gate_bias`` c.
    """

    maskable = ("weight", "gate")
    pruned_by_default = True
    family = "pointwise"
    always_shown = ("inner_product_param", "bias_term")

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        check_axes(spec, shapes, 2)
        self.outputs: int = spec.message.inner_product_param.num_output
        check_positive(spec, self.outputs, "inner_product_param", "num_output")
        self.features = shapes[0][1]
        fill = filler(spec, "inner_product_param", "weight_filler")
        self.add_blob("weight", (self.outputs, self.features), fill)
        self.add_blob("bias", (self.outputs,))
        self.add_blob("gate", (self.features, self.outputs), fill)
        self.add_blob("gate_bias", (self.outputs,))

    def forward(self, x: Tensor) -> Tensor:
        gate = torch.sigmoid(F.linear(x, self.blob("gate").t(), self.blob("gate_bias")))
        return F.linear(x, self.blob("weight"), self.blob("bias")) * gate

    @classmethod
    def weight_indices(cls, definition: LayerDefinition, n_bottoms: int) -> tuple[int, ...]:
        return (0, 2)

    def channel_layout(self, blob: str) -> ChannelLayout:
        return ChannelLayout(output_axis=1 if blob == "gate" else 0)

    def to_torch(self) -> dict[str, Tensor]:
        return {
            "linear.weight": self.blob("weight"), "linear.bias": self.blob("bias"),
            "gate.weight": self.blob("gate").t(), "gate.bias": self.blob("gate_bias"),
        }  # fmt: skip

    def from_torch(self, tensors: Mapping[str, Tensor]) -> list[Tensor]:
        return [tensors["linear.weight"], tensors["linear.bias"], tensors["gate.weight"].t(), tensors["gate.bias"]]

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        made = f"GatedLinear({self.features}, {self.outputs})"
        return TorchCode(f"{me}({bottoms[0]})", {"": made}, {"": self.to_torch()}, (GatedLinear,))
