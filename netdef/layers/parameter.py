"""Parameter: a learnable blob as a top."""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.fillers import filler
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape, read_shape
from netdef.layers.core.torch_code import TorchCode, Variable


@register("Parameter")
class Parameter(Layer):
    """The top is the layer's only blob, of the shape that ``parameter_param`` names.

    It begins with zeros, or as ``blob_filler``, of happynear's fork, fills it. Its gradient adds up like that of any other
    blob; Caffe overwrites it, which loses all but the last pass of an ``iter_size``.
    """

    n_bottoms = exactly(0)

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        shape = read_shape(spec, spec.message.parameter_param.shape, "parameter_param", "shape")
        self.add_blob("value", shape, filler(spec, "parameter_param", "blob_filler", shape=shape))

    def forward(self) -> Tensor:
        return self.blob("value")

    def torch_code(self, me: str, bottoms: Sequence[Variable]) -> TorchCode:
        value = self.blob("value")
        return TorchCode.of_member(me, f"nn.Parameter(torch.zeros({tuple(value.shape)}))", {"": value})
