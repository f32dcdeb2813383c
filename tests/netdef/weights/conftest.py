"""Stand-ins for nets: the part of one that weight files read and write."""

from types import SimpleNamespace

import pytest
import torch

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
        spec = SimpleNamespace(layers=[SimpleNamespace(name=each.name, type=each.type, message=each) for each in messages])
        return SimpleNamespace(name=name, params=params, masks=masks, spec=spec)

    return make


@pytest.fixture
def example(make_net):
    """``example(seed)``: two layers that share a weight, a buffer, a scalar, a name with a slash, masks; all of other shapes."""

    def make(seed):
        draw = torch.Generator().manual_seed(seed)

        def parameter(*shape):
            return torch.nn.Parameter(torch.rand(shape, generator=draw))

        weight = parameter(3, 7)
        conv = torch.nn.Parameter(parameter(4, 2, 3, 5).detach().to(memory_format=torch.channels_last))
        params = {
            "conv": [conv, parameter(4)],
            "relu": [],
            "in/fa": [weight],
            "fb": [weight, parameter(3)],
            "bn": [torch.rand(6, generator=draw), torch.rand(1, generator=draw)],
            "half": [torch.nn.Parameter(parameter(2, 2).detach().half())],
            "slope": [parameter()],
        }
        kept = torch.rand(4, 2, 3, 5, generator=draw) < 0.5
        return make_net(params, {"conv_mask": ((4, 2, 3, 5), kept), "fa_mask": ((3, 7), None)})

    return make
