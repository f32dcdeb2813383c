"""Normalize, ChannelScale and InnerProduct of happynear's fork, by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of, tops_of

from netdef.errors import SpecError
from netdef.layers.core.torch_code import Variable
from netdef.testing import check_layer

EPS = 1e-6


def test_every_place_has_length_1():
    x = draw(2, 3, 5, 4)
    top, lengths = tops_of("Normalize", "normalize_param { }", 2, x=x)
    expected = (x.square().sum(1, keepdim=True) + EPS).sqrt()
    torch.testing.assert_close(lengths, expected)
    torch.testing.assert_close(top, x / expected)
    torch.testing.assert_close(top_of("Normalize", 'normalize_param { normalize_type: "L1" }', x=x),
                               x / (x.abs().sum(1, keepdim=True) + EPS))


def test_tops_have_four_axes():
    x = draw(2, 3)
    top, lengths = tops_of("Normalize", "normalize_param { }", 2, x=x)
    assert top.shape == (2, 3, 1, 1) and lengths.shape == (2, 1, 1, 1)


@pytest.mark.parametrize(("param", "learns"), [("", False), ("bp_norm: true", True)])
def test_gradients_come_back_through_the_lengths_only_with_bp_norm(param: str, learns: bool):
    x = draw(2, 3, 5, 4).requires_grad_()
    net = one_layer("Normalize", f"normalize_param {{ {param} }}", "TRAIN", tops=2, x=x)
    lengths = net(x=x)["y1"]
    assert lengths.requires_grad == learns
    if learns:
        (slope,) = torch.autograd.grad(lengths.sum(), x)
        torch.testing.assert_close(slope, (x / lengths).detach())


@pytest.mark.parametrize(("param", "shape", "words"), [
    ('normalize_type: "L3"', (2, 3), '`normalize_type` "L3"; it is L2 or L1'),
    ("fix_gradient: true", (2, 3), "`fix_gradient`, which is not implemented"),
    ("", (2, 3, 4, 5, 6), "wants a bottom of 2 to 4 axes"),
])
def test_what_normalize_refuses(param: str, shape: tuple[int, ...], words: str):
    with pytest.raises(SpecError, match=words):
        one_layer("Normalize", f"normalize_param {{ {param} }}", x=shape)


@pytest.mark.parametrize("scale", [(2, 1, 5, 4), (2, 5, 4)])
def test_channels_of_a_place_are_scaled_alike(scale: tuple[int, ...]):
    x, s = draw(2, 3, 5, 4), draw(*scale, seed=2)
    torch.testing.assert_close(top_of("ChannelScale", x=x, s=s), x * s.reshape(2, 1, 5, 4))


@pytest.mark.parametrize("forward", [True, False])
@pytest.mark.parametrize("feature", [True, False])
@pytest.mark.parametrize("learns", [True, False])
def test_each_direction_of_a_scale_can_be_left_out(forward: bool, feature: bool, learns: bool):
    words = (f"{name}: {str(value).lower()}" for name, value in (
        ("do_forward", forward), ("do_backward_feature", feature), ("do_backward_scale", learns)))
    x, s, slope = draw(2, 3, 5), draw(2, 1, 5, seed=2), draw(2, 3, 5, seed=3)
    x.requires_grad_(), s.requires_grad_()
    net = one_layer("ChannelScale", f"channel_scale_param {{ {' '.join(words)} }}", "TRAIN", x=x, s=s)
    top = net(x=x, s=s)["y0"]
    torch.testing.assert_close(top, x * s if forward else x)
    of_x, of_s = torch.autograd.grad(top, (x, s), slope, materialize_grads=True)
    torch.testing.assert_close(of_x, slope * s.detach() if feature else slope)
    torch.testing.assert_close(of_s, (slope * x.detach()).sum(1, keepdim=True) if learns else torch.zeros(2, 1, 5).double())


def test_a_scale_of_another_shape_is_refused():
    with pytest.raises(SpecError, match=r"it wants one number for each place, \(2, 1, 5\)"):
        one_layer("ChannelScale", x=(2, 3, 5), s=(2, 3, 5))


def unit(phase: str):
    net = one_layer("InnerProduct", "inner_product_param { num_output: 4 normalize: true bias_term: false }", phase, x=(2, 3))
    net.params["l"][0].data.copy_(draw(4, 3, seed=5))
    return net


def test_weights_are_used_at_length_1_and_stay_in_test():
    net, x = unit("TEST"), draw(2, 3)
    weight = net.params["l"][0].detach().clone()
    lengths = weight.norm(dim=1, keepdim=True)
    torch.testing.assert_close(net(x=x)["y0"], x @ (weight / lengths).t())
    assert torch.equal(net.params["l"][0], weight)
    code = net.layers["l"].torch_code("self.l", [Variable("x", (2, 3))])
    torch.testing.assert_close(code.state[""]["weight"], weight / lengths)


def test_weights_themselves_are_divided_in_training_and_their_gradient_is_the_products():
    net, x, slope = unit("TRAIN"), draw(2, 3), draw(2, 4, seed=6)
    weight = net.params["l"][0].detach().clone()
    lengths = weight.norm(dim=1, keepdim=True)
    net(x=x)["y0"].backward(slope)
    torch.testing.assert_close(net.params["l"][0].detach(), weight / lengths)
    torch.testing.assert_close(net.params["l"][0].grad, slope.t() @ x)
    before = net.params["l"][0].detach().clone()
    net(x=x)
    assert torch.equal(net.params["l"][0], before)  # they have length 1 already


def test_the_layer_keeps_its_promises_in_test():
    param = "inner_product_param { num_output: 4 normalize: true }"
    check_layer(f'layer {{ name: "l" type: "InnerProduct" bottom: "x" top: "y" {param} }}', "TEST", x=(2, 3, 5))
    check_layer(f'layer {{ name: "l" type: "InnerProduct" bottom: "x" top: "y" {param} }}', gradients=False, x=(2, 3, 5))


def test_a_transposed_weight_is_refused():
    with pytest.raises(SpecError, match="`normalize` and `transpose`"):
        one_layer("InnerProduct", "inner_product_param { num_output: 4 normalize: true transpose: true }", x=(2, 3))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize("normalizes", [True, False])
def test_normalized_inner_product_gives_its_weights(phase: str, normalizes: bool):
    x = draw(2, 3)
    text = (f"normalized_inner_product_param {{ normalize: {str(normalizes).lower()} }} inner_product_param {{ num_output: 4 "
            "weight_filler { type: 'gaussian' std: 1 } }")
    net = one_layer("NormalizedInnerProduct", text, phase, tops=2, x=x)
    weight = net.params["l"][0].detach().clone()
    if normalizes:
        weight = weight / weight.norm(dim=1, keepdim=True)
    tops = net(x=x)
    torch.testing.assert_close(tops["y1"].detach(), weight)
    torch.testing.assert_close(tops["y0"].detach(), x @ weight.t())
    net.zero_grad()
    (2 * tops["y1"]).sum().backward()
    if phase == "TRAIN":
        assert net.params["l"][0].grad.tolist() == [[2.0] * 3] * 4
