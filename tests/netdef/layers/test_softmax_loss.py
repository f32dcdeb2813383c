"""SoftmaxWithLoss: value, gradient, floor, axes, the second top, and labels that do not fit."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, top_of, tops_of

import netdef
from netdef.errors import NetdefError, SpecError


def build(scores: str, labels: str, extra: str = "") -> torch.nn.Module:
    shapes = " ".join("shape { " + " ".join(f"dim: {d}" for d in text.split()) + " }" for text in (scores, labels))
    return netdef.loads(f'layer {{ name: "i" type: "Input" top: "x" top: "t" input_param {{ {shapes} }} }} '
                        f'layer {{ name: "l" type: "SoftmaxWithLoss" bottom: "x" bottom: "t" top: "loss" {extra} }}')


def test_value_and_gradient():
    x = torch.tensor([[0.0, math.log(3)], [math.log(4), 0.0], [0.0, 0.0]], requires_grad=True)
    net = build("3 2", "3")
    loss = net(x=x, t=torch.tensor([1.9, 1.0, 0.0]))["loss"]  # 1.9 is 1
    assert loss.item() == pytest.approx((math.log(4 / 3) + math.log(5) + math.log(2)) / 3)
    loss.backward()
    expected = [[0.25, -0.25], [0.8, -0.8], [-0.5, 0.5]]
    torch.testing.assert_close(x.grad, torch.tensor(expected) / 3)


def test_loss_of_a_prediction_is_capped_and_its_gradient_is_not():
    x = torch.tensor([[500.0, 0.0], [0.0, 0.0]], requires_grad=True)
    loss = build("2 2", "2")(x=x, t=torch.tensor([1.0, 0.0]))["loss"]
    assert loss.item() == pytest.approx((126 * math.log(2) + math.log(2)) / 2)
    loss.backward()
    assert x.grad.tolist() == [[0.5, -0.5], [-0.25, 0.25]]


@pytest.mark.parametrize("scores, axis", [("2 5 3", 1), ("2 3 5", -1), ("2 3 5", 2)])
def test_loss_does_not_depend_on_the_class_axis(scores, axis):
    values = torch.randn(2, 3, 5, generator=torch.Generator().manual_seed(1))
    labels = torch.tensor([[0, 4, 2], [1, 3, 3]])
    x = values.movedim(2, axis).clone().requires_grad_()
    build(scores, "2 3", f"softmax_param {{ axis: {axis} }}")(x=x, t=labels)["loss"].backward()
    chosen = torch.nn.functional.one_hot(labels, 5)
    torch.testing.assert_close(x.grad.movedim(axis, 2), (values.softmax(2) - chosen) / 6)


def test_classes_on_the_first_axis():
    x = torch.tensor([[1.0, 3.0, 4.0, 1.0], [1.0, 1.0, 1.0, 4.0]]).log()
    loss = build("2 4", "2 2", "softmax_param { axis: 0 }")(x=x, t=torch.tensor([[0, 1], [0, 1]]))["loss"]
    assert loss.item() == pytest.approx(-math.log(1 / 2 * 1 / 4 * 4 / 5 * 4 / 5) / 4)


@pytest.mark.parametrize("weights", ["", "loss_weight: 0.5 loss_weight: 0"])
def test_second_top_is_the_softmax(weights):
    net = build("3 2", "3", f'top: "prob" {weights}')
    x = torch.tensor([[0.0, math.log(3)], [math.log(4), 0.0], [0.0, 0.0]])
    outputs = net(x=x, t=torch.zeros(3))
    torch.testing.assert_close(outputs["prob"], torch.tensor([[0.25, 0.75], [0.8, 0.2], [0.5, 0.5]]))
    assert net.loss(outputs).item() == pytest.approx(outputs["loss"].item() * (0.5 if weights else 1))


@pytest.mark.parametrize("scores, labels, words", [
    ("4 3 2", "4", r"classes on axis 1, so 8 predictions, but labels of shape \(4,\), 4 in all"),
    ("4 3 2", "2 4", "first axes must agree"),
    ("4", "4", "wants axis 1, but its bottom has 1 axes"),
])
def test_labels_that_do_not_fit_are_refused(scores, labels, words):
    with pytest.raises(SpecError, match=words):
        build(scores, labels)


@pytest.mark.parametrize("label", [3, -1])
def test_a_label_that_is_no_class_is_refused(label):
    net = build("2 3", "2", "loss_param { ignore_label: 9 }")
    words = rf"layer `l` \(SoftmaxWithLoss\) got the label {label}; its scores have 3 classes, 0 to 2"
    with pytest.raises(NetdefError, match=words):
        net(x=torch.zeros(2, 3), t=torch.tensor([9.0, label]))


def test_labels_may_have_axes_of_one():
    net = build("4 3 2", "4 1 2")
    assert net(x=torch.zeros(4, 3, 2), t=torch.zeros(4, 1, 2))["loss"].item() == pytest.approx(math.log(3))


def test_softmax_loss_of_each_prediction():
    x, labels = 2 * draw(3, 4), torch.tensor([2.0, 0, 1]).double()
    each = [math.log(sum(math.exp(s) for s in row)) - row[int(t)] for row, t in zip(x.tolist(), labels)]
    param = """loss_weight: 1 loss_weight: 0 loss_weight: 0
               loss_param { normalization: PRE_FIXED pre_fixed_normalizer: 7 ignore_label: 0 }"""
    loss, shares, found = tops_of("SoftmaxWithLossOHEM", param, 3, x=x, t=labels)
    torch.testing.assert_close(shares, torch.softmax(x, 1))
    assert float(loss) == pytest.approx((each[0] + each[2]) / 7)
    assert found.tolist() == pytest.approx([each[0], 0, each[2]])


def test_a_fixed_normaliser_of_the_usual_loss():
    x, labels = 2 * draw(3, 4), torch.tensor([2.0, 0, 1]).double()
    whole = top_of("SoftmaxWithLoss", "loss_param { normalization: NONE }", x=x, t=labels)
    loss = top_of("SoftmaxWithLoss", "loss_param { normalization: PRE_FIXED pre_fixed_normalizer: 128 }", x=x, t=labels)
    assert float(loss) == pytest.approx(float(whole) / 128)


def test_class_weights_of_segnet():
    """Of one pixel with probabilities 1/4 and 3/4, label 1 and weights 2 and 4: 4 log(4/3), and 4 (p - [0 1])."""
    x = torch.tensor([[0.0, math.log(3)]], requires_grad=True)
    weights = "loss_param { weight_by_label_freqs: true class_weighting: 2 class_weighting: 4 }"
    loss = build("1 2", "1", weights)(x=x, t=torch.ones(1))["loss"]
    assert loss.item() == pytest.approx(4 * math.log(4 / 3))
    loss.backward()
    torch.testing.assert_close(x.grad, torch.tensor([[1.0, -1.0]]))


def test_class_0_has_a_weight_in_ccnn():
    """The losses are log 2 times 0.25 and 1, and the divisor is 2."""
    x = torch.zeros(2, 2, requires_grad=True)
    loss = build("2 2", "2", "loss_param { weigh_instance: true background_weight: 0.25 }")(x=x, t=torch.tensor([0.0, 1]))["loss"]
    assert loss.item() == pytest.approx(1.25 * math.log(2) / 2)
    loss.backward()
    torch.testing.assert_close(x.grad, torch.tensor([[-0.0625, 0.0625], [0.25, -0.25]]))


def test_class_weights_are_not_in_the_divisor():
    """Three pixels of which one is ignored: the sum over 2, or with `normalize: false` over the single image."""
    x, t = torch.zeros(1, 2, 1, 3).double(), torch.tensor([[1.0, 7, 0]]).double()
    weights = "weight_by_label_freqs: true class_weighting: 2 class_weighting: 5 ignore_label: 7"
    for normalize, divisor in (("", 2), ("normalize: false", 1)):
        found = top_of("SoftmaxWithLoss", f"loss_param {{ {weights} {normalize} }}", x=x, t=t)
        assert found.item() == pytest.approx((5 + 2) * math.log(2) / divisor)


def test_too_few_class_weights_are_refused():
    x, t = torch.zeros(1, 2).double(), torch.ones(1).double()
    assert top_of("SoftmaxWithLoss", "loss_param { class_weighting: 9 }", x=x, t=t).item() == pytest.approx(math.log(2))
    with pytest.raises(SpecError, match="has 1 numbers in `class_weighting` for 2 classes"):
        top_of("SoftmaxWithLoss", "loss_param { class_weighting: 9 weight_by_label_freqs: true }", x=x, t=t)


def test_another_way_to_normalise_is_refused():
    text = "".join(f'layer {{ name: "{name}" type: "Input" top: "{name}" input_param {{ shape {{ dim: 2 {more} }} }} }}'
                   for name, more in (("x", "dim: 3"), ("t", "")))
    with pytest.raises(SpecError, match='`normalize_type` "L2"; only Softmax is implemented'):
        netdef.loads(text + 'layer { name: "l" type: "SoftmaxWithLoss" bottom: "x" bottom: "t" top: "l" '
                            'softmax_param { normalize_type: "L2" } }')


def test_a_third_bottom_weighs_each_prediction():
    x, labels = draw(4, 3, 2).requires_grad_(), torch.tensor([[0, 2], [1, 1], [2, 0], [7, 1]])
    weights = torch.tensor([[0.5, 2], [0, 1], [3, 0.25], [9, 1]]).double()
    loss = top_of("SoftmaxWithLoss", "loss_param { ignore_label: 7 normalization: NONE }", "TRAIN", x=x, t=labels.double(),
                  w=weights)
    counted = [(n, i) for n in range(4) for i in range(2) if labels[n, i] != 7]
    logs, total = x.detach().log_softmax(1), sum(float(weights[n, i]) for n, i in counted)
    expected = -sum(float(weights[n, i] * logs[n, labels[n, i], i]) for n, i in counted) / total
    assert float(loss.detach()) == pytest.approx(expected)
    (slope,) = torch.autograd.grad(loss, x)
    for n, i in counted:
        target = torch.nn.functional.one_hot(labels[n, i], 3)
        torch.testing.assert_close(slope[n, :, i], weights[n, i] * (x.detach()[n, :, i].softmax(0) - target) / total)
    assert slope[3, :, 0].abs().max() == 0
    assert float(top_of("SoftmaxWithLoss", x=x, t=torch.zeros(4, 2), w=torch.zeros(4, 2)).detach()) == 0
    with pytest.raises(SpecError, match="its third bottom has a weight for each label"):
        top_of("SoftmaxWithLoss", x=x, t=torch.zeros(4, 2), w=torch.zeros(4, 1))


def test_label_smooth_factor_gives_a_part_of_each_label_to_the_other_classes():
    x, labels = draw(4, 3, 2).requires_grad_(), torch.tensor([[0, 2], [1, 1], [2, 0], [7, 1]])
    loss = top_of("SoftmaxWithLoss", "softmax_param { label_smooth_factor: 0.3 } loss_param { ignore_label: 7 }", "TRAIN",
                  x=x, t=labels.double())
    target = torch.full((4, 3, 2), 0.15).double()
    for n, row in enumerate(labels.tolist()):
        for i, label in enumerate(row):
            if label == 7:
                target[n, :, i] = 0
            else:
                target[n, label, i] = 0.7
    expected = -(target * x.detach().log_softmax(1)).sum() / 7
    assert float(loss.detach()) == pytest.approx(float(expected))
    (slope,) = torch.autograd.grad(loss, x)
    torch.testing.assert_close(slope, (x.detach().softmax(1) * target.sum(1, keepdim=True) - target) / 7)


def test_label_smoothing_of_nvidia_changes_the_gradient_alone():
    """Of five predictions one is ignored; an item has 3 x 2 scores, and a sixth less one of the part is taken from each."""
    x, labels = draw(2, 3, 2).requires_grad_(), torch.tensor([[0.0, 2], [7, 1]])
    param = "loss_param { label_smoothing: 0.25 smooth_as_nvidia: true ignore_label: 7 }"
    loss = top_of("SoftmaxWithLoss", param, "TRAIN", x=x, t=labels)
    plain = top_of("SoftmaxWithLoss", "loss_param { ignore_label: 7 }", "TRAIN", x=x, t=labels)
    assert loss.item() == pytest.approx(plain.item())
    loss.backward()
    wanted = torch.softmax(x.detach(), 1) - 0.25 / 5
    for item, place, label in ((0, 0, 0), (0, 1, 2), (1, 1, 1)):
        wanted[item, label, place] -= 0.75
    wanted[1, :, 0] = 0
    torch.testing.assert_close(x.grad, wanted / 3)


def test_label_smoothing_of_an_unknown_fork_is_refused_in_train():
    param = 'loss_param { label_smoothing: 0.25 }'
    with pytest.raises(SpecError, match="on which NVIDIA/caffe and intel/caffe disagree: `smooth_as_nvidia: true` beside it"):
        top_of("SoftmaxWithLoss", param, "TRAIN", x=draw(2, 3), t=torch.tensor([0.0, 2]))
    top_of("SoftmaxWithLoss", param, x=draw(2, 3), t=torch.tensor([0.0, 2]))


def test_label_smooth_factor_is_a_part_of_one_and_wants_a_second_class():
    with pytest.raises(SpecError, match="has `label_smooth_factor` 1; it must be at least 0 and below 1"):
        build("2 3", "2", "softmax_param { label_smooth_factor: 1 }")
    with pytest.raises(SpecError, match="has one class, and no other to give a part of its label to"):
        build("2 1", "2", "softmax_param { label_smooth_factor: 0.1 }")


@pytest.mark.parametrize("param", ["loss_param { weight_source: \"w.txt\" ignore_label: 2 }",
                                   "softmax_param { weight_source: \"w.txt\" } loss_param { ignore_label: 2 }"])
def test_a_file_of_weights_of_classes_makes_a_weighted_mean(tmp_path, monkeypatch, param):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "w.txt").write_text("3 0.5\n7\n")
    x = torch.tensor([[0.0, math.log(2), 0.0], [math.log(6), 0.0, 0.0], [1.0, 0.0, 0.0]], requires_grad=True)
    loss = build("3 3", "3", param)(x=x, t=torch.tensor([1.0, 0, 2]))["loss"]
    assert loss.item() == pytest.approx((0.5 * math.log(2) + 3 * math.log(8 / 6)) / 3.5)
    loss.backward()
    expected = torch.tensor([[0.5 / 4, -0.5 / 2, 0.5 / 4], [-3 / 4, 3 / 8, 3 / 8], [0, 0, 0]]) / 3.5
    torch.testing.assert_close(x.grad, expected)


def test_weights_of_classes_with_another_divisor(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "w.txt").write_text("3 0.5")
    text = 'softmax_param { weight_source: "w.txt" } loss_param { normalize: false }'
    loss = build("3 2", "3", text)(x=torch.zeros(3, 2), t=torch.tensor([1.0, 0, 0]))["loss"]
    assert loss.item() == pytest.approx(6.5 * math.log(2) / 3)


@pytest.mark.parametrize("words, complaint", [
    ("1 2 3", "3 numbers in its `weight_source` for 2 classes"), ("1 -2", "one of at least 0 for each"), ("a b", "cannot read"),
    (None, "reads `w.txt`, but there is no")])
def test_files_of_weights_that_do_not_fit(tmp_path, monkeypatch, words, complaint):
    monkeypatch.chdir(tmp_path)
    if words:
        (tmp_path / "w.txt").write_text(words)
    with pytest.raises(SpecError, match=complaint):
        build("3 2", "3", 'softmax_param { weight_source: "w.txt" }')
