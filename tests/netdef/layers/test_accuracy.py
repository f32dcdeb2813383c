"""Accuracy and ArgMax: ties, ignored labels, classes, axes."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import top_of

import netdef
from netdef.errors import NetdefError, SpecError


def accuracy(scores: list, labels: list, param: str = "", tops: str = 'top: "y"') -> dict[str, torch.Tensor]:
    x, t = torch.tensor(scores), torch.tensor(labels)
    shapes = " ".join("shape { " + " ".join(f"dim: {d}" for d in v.shape) + " }" for v in (x, t))
    net = netdef.loads(f'layer {{ name: "i" type: "Input" top: "x" top: "t" input_param {{ {shapes} }} }} '
                       f'layer {{ name: "l" type: "Accuracy" bottom: "x" bottom: "t" {tops} '
                       f"accuracy_param {{ {param} }} }}")
    return net(x=x, t=t)


SCORES = [[1.0, 3.0, 2.0], [5.0, 5.0, 0.0], [0.0, 1.0, 2.0], [9.0, 0.0, 1.0]]


@pytest.mark.parametrize("labels, param, share", [
    ([1.0, 2.0, 2.0, 1.0], "", 2 / 4),
    ([1, 2, 2, 1], "", 2 / 4),
    ([0.0, 0.0, 1.0, 2.0], "", 0),  # 5 ties with 5: a miss
    ([2.0, 0.0, 1.0, 1.0], "top_k: 2", 3 / 4),
    ([0.0, 2.0, 0.0, 1.0], "top_k: 3", 1),
    ([1.0, 255.0, 2.0, 1.0], "ignore_label: 255", 2 / 3),
    ([-1.0, -1.0, -1.0, -1.0], "ignore_label: -1", 0),
])
def test_share_of_hits(labels, param, share):
    assert accuracy(SCORES, labels, param)["y"].item() == pytest.approx(share)


def test_force_backward_does_not_reach_them():
    """Caffe aborts."""
    shapes = "shape { dim: 2 dim: 3 } shape { dim: 2 }"
    net = netdef.loads(f'''force_backward: true
        layer {{ name: "i" type: "Input" top: "x" top: "t" input_param {{ {shapes} }} }}
        layer {{ name: "a" type: "Accuracy" bottom: "x" bottom: "t" top: "a" }}
        layer {{ name: "m" type: "ArgMax" bottom: "x" top: "m" }}
        layer {{ name: "h" type: "Threshold" bottom: "x" top: "h" }}''', phase="TRAIN")
    tops = net(x=torch.tensor([[1.0, 3, 2], [4, 0, -1]]).requires_grad_(), t=torch.tensor([1.0, 2]))
    assert tops["a"].item() == 0.5 and tops["m"].flatten().tolist() == [1, 0]
    assert tops["h"].tolist() == [[1, 1, 1], [1, 0, 0]] and not any(top.requires_grad for top in tops.values())


@pytest.mark.parametrize("param, share", [
    ("", 2 / 4), ("top_k: 2", 3 / 4), ("top_k: 3", 3 / 4), ("ignore_label: 1", 1 / 3)])
def test_a_true_score_that_is_nan_is_a_miss(param, share):
    scores = [[math.nan, 1.0, 2.0], [3.0, 1.0, math.nan], [0.0, 1.0, -1.0], [2.0, 3.0, math.nan]]
    assert accuracy(scores, [0.0, 0.0, 0.0, 1.0], param)["y"].item() == pytest.approx(share)


def test_a_true_score_that_is_nan_is_a_miss_of_its_class():
    net = netdef.loads("""layer { name: "i" type: "Input" top: "x" top: "t"
                           input_param { shape { dim: 3 dim: 2 } shape { dim: 3 } } }
        layer { name: "a" type: "Accuracy" bottom: "x" bottom: "t" top: "y" top: "each" }""")
    tops = net(x=torch.tensor([[math.nan, 1.0], [2.0, 1.0], [0.0, math.nan]]), t=torch.tensor([0.0, 0, 1]))
    assert tops["each"].tolist() == [0.5, 0.0]


@pytest.mark.parametrize("label", [3.0, -1.0])
def test_a_label_that_is_no_class_is_refused(label):
    words = rf"layer `l` \(Accuracy\) got the label {label:.0f}; its scores have 3 classes"
    with pytest.raises(NetdefError, match=words):
        accuracy(SCORES, [0.0, 9.0, label, 0.0], "ignore_label: 9")


def test_second_top_is_the_share_for_each_class():
    tops = accuracy(SCORES, [1.0, 2.0, 2.0, 7.0], "ignore_label: 7", 'top: "y" top: "each"')
    assert tops["y"].item() == pytest.approx(2 / 3)
    assert tops["each"].tolist() == [0, 1, 0.5]


def test_classes_along_another_axis():
    scores = [[[1.0, 2.0], [3.0, 0.0], [0.0, 5.0]]]  # 1 x 3 x 2
    assert accuracy(scores, [[1.0, 2.0]])["y"].item() == 1
    assert accuracy(scores, [[1.0, 0.0, 0.0]], "axis: -1")["y"].item() == pytest.approx(2 / 3)


def test_bad_parameters_of_accuracy_are_refused():
    with pytest.raises(SpecError, match="has top_k 4, but its scores have 3 classes"):
        accuracy(SCORES, [0.0] * 4, "top_k: 4")
    with pytest.raises(SpecError, match="one label a prediction"):
        accuracy(SCORES, [0.0] * 3)


X = torch.tensor([[[1.0, 5.0, 5.0], [0.0, 7.0, -1.0]], [[-1.0, -2.0, -3.0], [-4.0, -1.0, -2.0]]])  # 2 x 2 x 3


@pytest.mark.parametrize("param, expected", [
    ("", [[[4.0]], [[4.0]]]),
    ("top_k: 3", [[[4, 2, 1]], [[4, 0, 5]]]),
    ("top_k: 2 out_max_val: true", [[[4, 2], [7, 5]], [[4, 0], [-1, -1]]]),
    ("axis: 1", [[[0, 1, 0]], [[0, 1, 1]]]),
    ("axis: -1", [[[2], [1]], [[0], [1]]]),
    ("axis: 2 top_k: 2", [[[2, 1], [1, 0]], [[0, 1], [1, 2]]]),
    ("axis: 2 top_k: 2 out_max_val: true", [[[5, 5], [7, 0]], [[-1, -2], [-1, -2]]]),
    ("min_first: true top_k: 2", [[[5, 3]], [[3, 2]]]),
    ("axis: 2 top_k: 2 min_first: true", [[[0, 1], [2, 0]], [[2, 1], [0, 2]]]),  # of the equal ones the lower index
    ("axis: 1 min_first: true", [[[1, 0, 1]], [[1, 0, 0]]]),
    ("axis: 2 top_k: 2 min_first: true out_max_val: true", [[[1, 5], [-1, 0]], [[-3, -2], [-4, -2]]]),
])
def test_argmax_prefers_the_higher_index(param, expected):
    net = netdef.loads('layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 2 dim: 2 dim: 3 } } }'
                       f'layer {{ name: "l" type: "ArgMax" bottom: "x" top: "y" argmax_param {{ {param} }} }}')
    y = net(x=X)["y"]
    assert y.dtype == torch.float32
    assert y.tolist() == expected
    assert net.shapes["y"] == tuple(y.shape)


@pytest.mark.parametrize("dims, shape", [
    ((4, 6), (4, 1, 2)),
    ((4, 6, 1, 3), (4, 1, 2, 1)),
    ((4, 6, 1, 3, 5), (4, 1, 2, 1, 1)),
])
def test_argmax_has_at_least_three_axes(dims, shape):
    text = " ".join(f"dim: {d}" for d in dims)
    net = netdef.loads(f'layer {{ name: "i" type: "Input" top: "x" input_param {{ shape {{ {text} }} }} }}'
                       'layer { name: "l" type: "ArgMax" bottom: "x" top: "y" argmax_param { top_k: 2 } }')
    assert net.shapes["y"] == shape


@pytest.mark.parametrize("param, words", [
    ("top_k: 7", "has top_k 7, but chooses among 6 numbers"),
    ("top_k: 0", "has top_k 0"),
    ("axis: 2 top_k: 4", "has top_k 4, but chooses among 3 numbers"),
    ("axis: 3", "wants axis 3"),
])
def test_bad_parameters_of_argmax_are_refused(param, words):
    with pytest.raises(SpecError, match=words):
        netdef.loads('layer { name: "i" type: "Input" top: "x" input_param { shape { dim: 2 dim: 2 dim: 3 } } }'
                     f'layer {{ name: "l" type: "ArgMax" bottom: "x" top: "y" argmax_param {{ {param} }} }}')


def test_the_lowest_scores_may_be_the_best():
    scores = torch.tensor([[3.0, 1, 2], [0, 5, 4], [2, 1, 0]])
    labels = torch.tensor([1.0, 1, 0])
    text = ("".join(f'layer {{ name: "{name}" type: "Input" top: "{name}" input_param {{ shape {{ {dims} }} }} }}'
                    for name, dims in (("x", "dim: 3 dim: 3"), ("t", "dim: 3")))
            + 'layer { name: "a" type: "Accuracy" bottom: "x" bottom: "t" top: "a" accuracy_param { min_is_better: true } }')
    assert netdef.loads(text)(x=scores, t=labels)["a"].item() == pytest.approx(1 / 3)


def test_accuracy_of_pixels_under_its_other_name():
    """Of six pixels two are ignored, and of the others the second and the last are right."""
    scores = torch.tensor([[[[1.0, 5, 0, 0, 2, 0]], [[2, 0, 0, 4, 3, 3]]]]).double()  # best: 1, 0, both, 1, 1, 1
    labels = torch.tensor([[[[0.0, 0, 9, 0, 9, 1]]]]).double()
    text = "eltwise_accuracy_param { ignore_label: 9 }"
    assert top_of("EltwiseAccuracy", text, x=scores, t=labels).item() == 0.5
    with pytest.raises(netdef.SpecError, match="eltwise_accuracy_param|top_k 3"):
        top_of("EltwiseAccuracy", "eltwise_accuracy_param { top_k: 3 }", x=scores, t=labels)
