"""The base class of layers with a weight and a bias."""

from __future__ import annotations

from torch import nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.base import Layer
from netdef.layers.core.fillers import filler
from netdef.layers.core.shapes import Shape, check_shape


class WeightedLayer(Layer):
    """A layer with the blob ``weight`` and, unless ``bias_term`` is false, the blob ``bias``."""

    maskable: tuple[str, ...] = ("weight",)
    fresh_output = True
    weight: nn.Parameter

    def add_weight_and_bias(self, spec: LayerDefinition, param: str, shape: Shape, outputs: int) -> None:
        """Declare the blobs: ``shape`` is the weight's, ``param`` the layer's message, with its two fillers."""
        check_shape(spec, shape, param, "num_output")
        self.add_blob("weight", shape, filler(spec, param, "weight_filler", shape=shape))
        if getattr(spec.message, param).bias_term:
            self.add_blob("bias", (outputs,), filler(spec, param, "bias_filler"))
