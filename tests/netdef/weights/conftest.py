"""A net as far as weight files touch one."""

from types import SimpleNamespace

import pytest

from netdef.schema.messages import LayerParameter


class StandInMask:
    def __init__(self, shape, kept=None):
        self.shape = shape
        self.kept = kept

    def set(self, kept):
        self.kept = kept


@pytest.fixture
def make_net():
    """``make_net({layer: [tensors]}, {mask layer: (shape, kept)})``; every layer and mask is in the spec."""

    def make(params, masks=None, name="net"):
        masks = {layer: StandInMask(*each) for layer, each in (masks or {}).items()}
        messages = [LayerParameter(name=layer, type="Mask", mask_param={"sparsity": 0.25}) for layer in masks]
        messages += [LayerParameter(name=layer, type="InnerProduct", bottom=["x"], top=[layer]) for layer in params]
        spec = SimpleNamespace(layers=[SimpleNamespace(name=each.name, message=each) for each in messages])
        return SimpleNamespace(name=name, params=params, masks=masks, spec=spec)

    return make
