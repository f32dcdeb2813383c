"""Python: classes written for the original's interface."""

from __future__ import annotations

import copy
import random
import sys

import numpy as np
import pytest
import torch

import netdef
from netdef.errors import NetdefError

INPUT = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 5 dim: 4 } } }'
X = torch.linspace(-2, 3, 120).reshape(2, 3, 5, 4)


def python(layer: str, param_str: str = "", bottoms: str = "x", tops: str = "y", more: str = "") -> str:
    blobs = [*(f'bottom: "{b}"' for b in bottoms.split()), *(f'top: "{t}"' for t in tops.split())]
    return (f'layer {{ name: "l" type: "Python" {" ".join(blobs)} {more} python_param {{ module: "user_layers" '
            f'layer: "{layer}" param_str: "{param_str}" share_in_parallel: true }} }}')


def load(text: str, phase: str = "TRAIN") -> netdef.Net:
    return netdef.loads(INPUT + text, phase=phase, allow_python=True)


def test_a_loss_of_the_originals_kind_is_EuclideanLoss():
    other = 'layer { name: "in2" type: "Input" top: "t" input_param { shape { dim: 2 dim: 3 dim: 5 dim: 4 } } }'
    net = load(other + python("EuclideanLoss", bottoms="x t", tops="loss", more="loss_weight: 3"))
    ours = load(other + 'layer { name: "l" type: "EuclideanLoss" bottom: "x" bottom: "t" top: "loss" loss_weight: 3 }')
    assert net.shapes["loss"] == (1,)
    found = []
    for one in (net, ours):
        a, b = X.clone().requires_grad_(), (X.flip(3) + 1).requires_grad_()
        loss = one.loss(one(x=a, t=b))
        loss.backward()
        found.append((loss.detach(), a.grad, b.grad))
    for mine, theirs in zip(*found):
        torch.testing.assert_close(mine, theirs)


def test_a_bottom_that_needs_no_gradient_is_not_propagated_to():
    other = 'layer { name: "in2" type: "Input" top: "t" input_param { shape { dim: 2 dim: 3 dim: 5 dim: 4 } } }'
    net = load(other + python("EuclideanLoss", bottoms="x t", tops="loss",
                              more="propagate_down: true propagate_down: false"))
    a, b = X.clone().requires_grad_(), X.flip(0).clone().requires_grad_()
    net(x=a, t=b)["loss"].sum().backward()
    torch.testing.assert_close(a.grad, (X - X.flip(0)) / 2)
    assert b.grad is None


def test_blobs_of_setup_are_the_layers_with_its_values():
    net = load(python("Affine", "2.5"))
    scale, shift = net.params["l"]
    assert scale.tolist() == [2.5] * 3 and shift.tolist() == [0] * 3
    with torch.no_grad():
        shift.copy_(torch.tensor([1.0, 2.0, 4.0]))
    x = X.clone().requires_grad_()
    y = net(x=x)["y"]
    torch.testing.assert_close(y, X * 2.5 + torch.tensor([1.0, 2, 4])[:, None, None])
    (y.sum() + net(x=x)["y"].sum()).backward()  # two passes before backward: gradients add up
    torch.testing.assert_close(scale.grad, 2 * X.sum((0, 2, 3)))
    assert shift.grad.tolist() == [80, 80, 80] and x.grad.unique().tolist() == [5]


def test_further_texts_are_attributes_like_param_str():
    net = load(python("Texts", "5").replace("share_in", "param_str1: '7' param_str3: \"'scales': 8\" share_in"))
    assert net(x=X)["y"].tolist() == [1, 1, 0, 11]


def test_backward_sees_the_numpy_blobs_of_its_own_pass():
    net = load(python("EuclideanLoss", bottoms="x s", tops="loss").replace(
        "layer {", 'layer { name: "s" type: "Power" bottom: "x" top: "s" power_param { scale: 3 } } layer {', 1))
    first, second = X.clone().requires_grad_(), (2 * X).requires_grad_()
    loss = net(x=first)["loss"]
    net(x=second)
    loss.sum().backward()
    torch.testing.assert_close(first.grad, 4 * X / 2)  # of (x - 3x)^2 / (2 * 2): 2x


def test_any_batch_size_goes_through_reshape():
    net = load(python("Affine"))
    assert net(x=X[:1])["y"].shape == (1, 3, 5, 4) and net(x=X)["y"].shape == X.shape


def test_in_place_the_top_begins_as_the_bottom():
    net = load(python("Halver", tops="x"))
    x = X.clone().requires_grad_()
    top = net(x=x)["x"]
    torch.testing.assert_close(top, X / 2)
    top.sum().backward()
    assert x.grad.unique().tolist() == [0.5] and torch.equal(x, X)


def test_gradients_that_forward_makes_stay_until_backward():
    x = X.clone().requires_grad_()
    load(python("GradientInForward"))(x=x)["y"].sum().backward()
    torch.testing.assert_close(x.grad, 2 * X)


def test_doubles_stay_doubles():
    net = load(python("Affine", "3")).double()
    x = torch.full((1, 3, 1, 2), 1 / 3, dtype=torch.float64)
    assert net(x=x)["y"].dtype == torch.float64 and net(x=x)["y"].unique().tolist() == [3 * (1 / 3)]


def test_whole_numbers_come_as_floats():
    assert load(python("Affine"))(x=torch.ones(1, 3, 1, 2, dtype=torch.int64))["y"].dtype == torch.float32


def test_random_numbers_follow_torchs_seed_and_leave_the_callers_generators():
    net = load(python("Noise"))
    np.random.seed(7)
    random.seed(7)
    expected = np.random.rand(), random.random()
    np.random.seed(7)
    random.seed(7)
    runs = []
    for seed in (1, 1, 2):
        torch.manual_seed(seed)
        runs.append([net(x=X)["y"], net(x=X)["y"]])
    assert (np.random.rand(), random.random()) == expected
    assert torch.equal(runs[0][0], runs[1][0]) and torch.equal(runs[0][1], runs[1][1])
    assert not torch.equal(runs[0][0], runs[0][1]) and not torch.equal(runs[0][0], runs[2][0])


def test_no_tops_and_both_phases():
    load(python("Sink", "word", tops=""))
    user = sys.modules["user_layers"]
    user.Sink.seen.clear()
    for phase in ("TRAIN", "TEST"):
        net = load(python("Sink", "word", tops=""), phase)
        assert net.outputs == []
        net(x=torch.ones(1, 3, 5, 4))
    assert user.Sink.seen == [(0, "word"), 60, (1, "word"), 60]


def test_a_copy_has_an_object_of_its_own():
    net = load(python("Affine", "2"))
    other = copy.deepcopy(net)
    with torch.no_grad():
        other.params["l"][0].fill_(5)
    assert net(x=X)["y"].equal(2 * X) and other(x=X)["y"].equal(5 * X)
    assert net.layers["l"].user.object is not other.layers["l"].user.object


def test_a_mask_covers_its_blob():
    net = load('layer { name: "m" type: "Mask" top: "m" }' + python("Affine", "2", bottoms="x m"))
    net.masks["m"].set(torch.tensor([True, False, True]))
    assert net(x=X)["y"][:, 1].eq(0).all() and net(x=X)["y"][:, 0].equal(2 * X[:, 0])
    with pytest.raises(netdef.SpecError, match="takes mask `m` for its blob 0; it has none that a mask can cover"):
        load('layer { name: "m" type: "Mask" top: "m" }' + python("Halver", bottoms="x m"))


@pytest.mark.parametrize("method", ["setup", "reshape"])
def test_errors_of_setup_and_reshape_have_a_place(method: str):
    with pytest.raises(netdef.SpecError) as raised:
        load("\n" + python("Broken", method))
    text = str(raised.value)
    assert text.startswith("<text>:2:")
    assert f"layer `l` (Python): `user_layers.Broken.{method}` raised KeyError: 'no such thing' (" in text
    assert isinstance(raised.value.__cause__, KeyError)


@pytest.mark.parametrize("method", ["forward", "backward"])
def test_errors_of_a_run_are_one_line_with_a_place(method: str):
    net = load("\n" + python("Broken", method))
    with pytest.raises(NetdefError) as raised:
        net(x=X.clone().requires_grad_())["y"].sum().backward()
    text = str(raised.value)
    assert text.startswith("<text>:2:") and "\n" not in text
    assert f"layer `l` (Python): `user_layers.Broken.{method}` raised KeyError" in text
    assert "user_layers.py, line" in text
    assert isinstance(raised.value.__cause__, KeyError)


def test_a_module_inside_a_forks_package_caffe_is_found(tmp_path):
    """As DetectNet's `caffe.layers.detectnet.clustering`; what the package itself runs, as a compiled pycaffe, is left out."""
    (tmp_path / "caffe" / "layers").mkdir(parents=True)
    (tmp_path / "caffe" / "__init__.py").write_text("raise ImportError('not compiled')")
    (tmp_path / "caffe" / "layers" / "doubling.py").write_text(
        "import caffe\nclass Double(caffe.Layer):\n"
        "    def setup(self, bottom, top): pass\n"
        "    def reshape(self, bottom, top): top[0].reshape(*bottom[0].data.shape)\n"
        "    def forward(self, bottom, top): top[0].data[...] = 2 * bottom[0].data\n"
        "    def backward(self, top, down, bottom): pass\n")
    text = python("Double").replace("user_layers", "caffe.layers.doubling")
    net = netdef.loads(INPUT + text, tmp_path, allow_python=True)
    torch.testing.assert_close(net(x=X)["y"], 2 * X)
    assert not any(name.startswith("caffe.layers") for name in sys.modules)
