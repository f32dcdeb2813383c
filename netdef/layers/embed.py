"""Embed: a row of a table for every index, which is an InnerProduct of one-hot vectors without making them."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.channels import ChannelLayout
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, check_shape
from netdef.layers.core.torch_code import TorchCode, Variable

PARAM = "embed_param"


@register("Embed")
class Embed(Layer):
    """Indices of any shape to (*shape, num_output).

    Blobs: ``weight`` (input_dim, num_output); with ``bias_term``, ``bias`` (num_output,). Indices are truncated to
    integers and get no gradient; one outside [0, input_dim) is an IndexError (Caffe reads what lies beside the table).
    """

    maskable = ("weight",)
    fresh_output = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.embed_param
        for field in ("num_output", "input_dim"):
            if getattr(param, field) == 0:
                raise spec.refuse(f"needs an `{field}` of at least 1", PARAM, field)
        weight_shape = (param.input_dim, param.num_output)
        check_shape(spec, weight_shape, PARAM, "num_output")
        self.add_blob(
            "weight", weight_shape, filler(param.weight_filler, spec, PARAM, "weight_filler", shape=weight_shape))
        if param.bias_term:
            self.add_blob("bias", (param.num_output,), filler(param.bias_filler, spec, PARAM, "bias_filler"))
        else:
            self.register_parameter("bias", None)

    def forward(self, indices: Tensor) -> Tensor:
        """The rows, plus the bias."""
        rows, bias = F.embedding(indices.long(), self.blob("weight")), self.blob("bias")
        return rows if bias is None else rows.add_(bias)

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor:
        """Row numbers of the table."""
        return torch.randint(len(self.weight), shape, generator=generator).float()

    def channel_layout(self, blob: str) -> ChannelLayout:
        return ChannelLayout(output_axis=1)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        rows, size = self.weight.shape
        call, members = f"{me}({bottoms[0]}.long())", {"": f"nn.Embedding({rows}, {size})"}
        state = {"": {"weight": self.blob("weight")}}
        if "bias" in self.blob_names:
            call += f" + {me}_bias"
            members["_bias"] = f"nn.Parameter(torch.zeros({size}))"
            state["_bias"] = {"": self.blob("bias")}
        return TorchCode(call, members, state)
