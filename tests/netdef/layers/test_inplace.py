"""True in-place kernels: used behind every layer that declares its top free, with the numbers of a new blob.

A layer that declares `fresh_output` wrongly fails here: autograd notices that what backward needs was overwritten, or
the gradient differs.
"""

from __future__ import annotations

import pytest
import torch

import netdef

INPUT = 'layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 4 } } }'
MAKERS = {
    'type: "Concat" bottom: "x"': True,
    'type: "Eltwise" bottom: "x" eltwise_param { operation: SUM coeff: 2 coeff: 3 }': True,
    'type: "Eltwise" bottom: "x" eltwise_param { operation: PROD }': True,
    'type: "Eltwise" bottom: "x" eltwise_param { operation: MAX }': True,
    'type: "AbsVal"': True,
    'type: "Power" power_param { power: 3 }': True,
    'type: "Power" power_param { scale: 3 }': True,
    'type: "Power"': False,
    'type: "Log" log_param { shift: 9 base: 2 }': True,
    'type: "PReLU"': True,
    'type: "BNLL"': True,
    'type: "Clip" clip_param { min: -1 max: 1 }': True,
    'type: "Swish"': True,
    'type: "Swish" swish_param { beta: 2 }': True,
    'type: "MVN" mvn_param { across_channels: true }': True,
    'type: "MVN" mvn_param { across_channels: true normalize_variance: false }': True,
    'type: "Tile" tile_param { tiles: 2 }': True,
    'type: "Reduction" reduction_param { operation: SUMSQ axis: 1 coeff: 2 }': True,
    'type: "Crop" bottom: "x"': False,
    'type: "ReLU"': False,
    'type: "ReLU" relu_param { negative_slope: 0.5 }': False,
    'type: "ELU"': False,
    'type: "Sigmoid"': False,
    'type: "TanH"': False,
    'type: "Exp"': False,
    'type: "Softmax"': False,
    'type: "Flatten"': False,
    'type: "Reshape" reshape_param { shape { dim: 0 dim: 12 } }': False,
    'type: "Split"': False,
    'type: "Slice"': False,
}
OVERWRITERS = (
    'type: "ReLU"',
    'type: "ReLU" relu_param { negative_slope: 0.5 }',
    'type: "ELU"',
    'type: "Sigmoid"',
    'type: "TanH"',
    'type: "Exp" exp_param { base: 2 scale: 3 shift: 1 }',
)


def gradient(maker: str, overwriter: str, top: str) -> tuple[torch.Tensor, torch.Tensor, bool]:
    net = netdef.loads(f'{INPUT} layer {{ name: "m" bottom: "x" top: "y" {maker} }}'
                       f'layer {{ name: "o" bottom: "y" top: "{top}" {overwriter} }}')
    x = torch.randn(2, 3, 4, generator=torch.Generator().manual_seed(3)).requires_grad_()
    y = net(x=x)[top]
    (y * torch.arange(1.0, 1 + y.numel()).reshape(y.shape)).sum().backward()
    return y.detach(), x.grad, net.layers["o"].inplace


@pytest.mark.parametrize("maker, overwriter", [(maker, 'type: "Sigmoid"') for maker in MAKERS]
                         + [('type: "Concat"', overwriter) for overwriter in OVERWRITERS])
def test_overwriting_changes_no_number(maker, overwriter):
    y, grad, inplace = gradient(maker, overwriter, "y")
    assert inplace == MAKERS.get(maker, True)
    plain_y, plain_grad, inplace = gradient(maker, overwriter, "z")
    assert not inplace
    assert torch.equal(y, plain_y)
    torch.testing.assert_close(grad, plain_grad)  # ELU's slope comes from its top instead of its bottom: an ulp


@pytest.mark.parametrize("layer", [
    'type: "ReLU" relu_param { negative_slope: -1 }',
    'type: "ELU" elu_param { alpha: -1 }',
    'type: "Power" power_param { power: 2 }',
    'type: "Log" log_param { shift: 9 base: 2 }',
    'type: "BNLL"',
    'type: "Clip" clip_param { min: -1 max: 1 }',
    'type: "Softmax"',
])
def test_kernels_that_need_their_bottom_keep_it(layer):
    """Caffe's backward of Power, Log, BNLL and Clip reads what they overwrote."""
    (y, grad, inplace), (plain_y, plain_grad, _) = (gradient('type: "Concat"', layer, top) for top in "yz")
    assert not inplace and torch.equal(y, plain_y) and torch.equal(grad, plain_grad)
