"""UniqueLabel and BiasChannel of DeepLab's fork."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef


def test_the_labels_of_each_map_in_order():
    x = torch.tensor([[7.0, 3, 255, 7], [0, 0, 0, 0]]).reshape(2, 1, 2, 2).double()
    param = "unique_label_param { max_labels: 5 ignore_label: 255 force_label: 0 }"
    assert top_of("UniqueLabel", param, x=x).reshape(2, 5).tolist() == [[0, 3, 7, -1, -1], [0, -1, -1, -1, -1]]
    with pytest.raises(netdef.NetdefError, match="a map has 3 labels, and `max_labels` is 2"):
        top_of("UniqueLabel", "unique_label_param { max_labels: 2 }", x=x)
    with pytest.raises(netdef.SpecError, match="it must be more than its 1 `force_label`"):
        one_layer("UniqueLabel", "unique_label_param { max_labels: 1 force_label: 0 }", x=x)


def test_labels_of_images_raise_their_channels():
    x, labels = draw(2, 4, 2, 3), torch.tensor([[0.0, 3, -1], [2, 2, 9]]).reshape(2, 3, 1, 1)
    top = top_of("BiasChannel", "bias_channel_param { bg_bias: 0.5 fg_bias: 3 ignore_label: 9 }", x=x, t=labels)
    bias = torch.tensor([[0.5, 0, 0, 3], [0, 0, 6, 0]]).double()
    torch.testing.assert_close(top, x + bias[:, :, None, None])


@pytest.mark.parametrize(("param", "background"), [("", None), ("background_label: 2", 2), ("bg_bias: 1", 0)])
def test_labels_of_pixels_raise_their_places(param, background):
    x, labels = draw(1, 4, 2, 3), torch.tensor([[0.0, 3, 2], [-1, 1, 255]]).reshape(1, 1, 2, 3)
    top = top_of("BiasChannel", f"bias_channel_param {{ label_type: PIXEL fg_bias: 3 ignore_label: 255 {param} }}", x=x, t=labels)
    wanted = x.clone()
    for row, column, label in ((0, 0, 0), (0, 1, 3), (0, 2, 2), (1, 1, 1)):
        if label != background:
            wanted[0, label, row, column] += 3
        if background is not None:
            wanted[0, background, row, column] += 1
    torch.testing.assert_close(top, wanted)


@pytest.mark.parametrize(("param", "labels", "said"), [
    ("", (2, 3, 2, 1), r"it wants labels \(N, L, 1, 1\)"),
    ("label_type: PIXEL", (2, 1, 3, 2), "it wants a label for each place"),
    ("bg_bias: -1", (2, 3, 1, 1), "has `bg_bias` -1; it must be at least 0"),
    ("label_type: PIXEL background_label: 4", (2, 1, 2, 3), "has `background_label` 4, which is none of its 4 classes"),
])
def test_refused_settings(param, labels, said):
    with pytest.raises(netdef.SpecError, match=said):
        one_layer("BiasChannel", f"bias_channel_param {{ {param} }}", x=(2, 4, 2, 3), t=labels)


def test_each_label_wins_a_share_of_the_places():
    """Four places; label 1 is to win half of them, label 0 a quarter, and class 2 is pressed below both."""
    scores = torch.tensor([[4.0, 1, 2, 3], [1, 0, 1.5, 0], [0, 5, 1, -2]]).double().reshape(1, 3, 2, 2)
    labels = torch.tensor([1.0, -1, 0]).double().reshape(1, 3, 1, 1)
    param = "bg_portion: 0.25 fg_portion: 0.5 margin_others: 0.5"
    top = top_of("AdaptiveBiasChannel", f"adaptive_bias_channel_param {{ {param} }}", x=scores, t=labels).reshape(3, 4)
    # The highest is label 0 everywhere, so its distances are 0. Those of label 1 are 0.5, 1, 3, 3: it rises by the third.
    raised = torch.tensor([4.0, 3, 4.5, 3])
    shift = torch.tensor([4.0, 1, 2, 3]).mean() - torch.maximum(raised, torch.tensor([4.0, 1, 2, 3])).mean()
    wanted = torch.stack([torch.tensor([4.0, 1, 2, 3]), raised, torch.tensor([0.0, 0 - 0.5, 1, -2])]).double() + shift
    torch.testing.assert_close(top, wanted)


def test_an_image_without_labels_stays_as_it_is():
    x = torch.rand(1, 3, 2, 2).double()
    assert torch.equal(top_of("AdaptiveBiasChannel", x=x, t=-torch.ones(1, 2, 1, 1).double()), x)


@pytest.mark.parametrize(("param", "labels", "message"), [
    ("", (2, 4, 1, 2), "labels .N, L, 1, 1."),
    ("num_iter: 0", (2, 4, 1, 1), "`num_iter` 0"),
    ("fg_portion: 1", (2, 4, 1, 1), "`fg_portion` 1; it must be at least 0 and below 1"),
])
def test_adaptive_biases_that_are_refused(param, labels, message):
    with pytest.raises(netdef.SpecError, match=message):
        one_layer("AdaptiveBiasChannel", f"adaptive_bias_channel_param {{ {param} }}", x=(2, 4, 2, 3), t=labels)
