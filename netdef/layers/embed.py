"""Embed: a row of a table for each index, like an InnerProduct of one-hot vectors."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.channels import ChannelLayout
from netdef.layers.core.checks import check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.core.torch_code import TorchCode, Variable
from netdef.layers.core.weighted import WeightedLayer

PARAM = "embed_param"


class TableOfRows(WeightedLayer):
    """The base of layers that take a row of their weight, and a bias, for each index."""

    def random_bottom(self, index: int, shape: Shape, generator: torch.Generator) -> Tensor:
        """Row numbers of the weight."""
        return torch.randint(self.weight.shape[0], shape, generator=generator).float()

    def channel_layout(self, blob: str) -> ChannelLayout:
        return ChannelLayout(output_axis=1)

    def code_of_rows(self, me: str, indices: str) -> TorchCode:
        """The rows for ``indices``, an expression, in a written module."""
        rows, size = self.weight.shape
        call, members = f"{me}({indices}.long())", {"": f"nn.Embedding({rows}, {size})"}
        state = {"": {"weight": self.blob("weight")}}
        if (bias := self.optional_blob("bias")) is not None:
            call += f" + {me}_bias"
            members["_bias"] = f"nn.Parameter(torch.zeros({size}))"
            state["_bias"] = {"": bias}
        return TorchCode(call, members, state)


@register("Embed")
class Embed(TableOfRows):
    """Indices of any shape to (*shape, num_output); with ``replaces_last_axis`` the row takes the place of a last axis of 1.

    Blobs: ``weight`` (input_dim, num_output); with ``bias_term``, ``bias`` (num_output,). Indices are truncated to
    integers and get no gradient; one outside [0, input_dim) is an IndexError (Caffe reads what lies beside the table).
    """

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.embed_param
        for field in ("num_output", "input_dim"):
            check_positive(spec, getattr(param, field), PARAM, field)
        self.squeezes = param.replaces_last_axis and shapes[0][-1:] == (1,)
        self.add_weight_and_bias(spec, PARAM, (param.input_dim, param.num_output), param.num_output)

    def forward(self, indices: Tensor) -> Tensor:
        """The rows, plus the bias."""
        if self.squeezes:
            indices = indices.squeeze(-1)
        rows, bias = F.embedding(indices.long(), self.blob("weight")), self.optional_blob("bias")
        return rows if bias is None else rows.add_(bias)

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        return self.code_of_rows(me, f"{bottoms[0]}.squeeze(-1)" if self.squeezes else bottoms[0])
