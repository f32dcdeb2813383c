"""SegAccuracy and IOUAccuracy from counts made by hand."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer, tops_of

from netdef.errors import NetdefError, SpecError

# Labels and answers of ten pixels; classes 0 to 3, of which 3 is never there.
LABELS = [0, 0, 0, 0, 1, 1, 1, 2, 9, 9]
ANSWERS = [0, 0, 0, 1, 1, 1, 2, 2, 0, 3]


def scores() -> torch.Tensor:
    """(2, 4, 1, 5): the greatest at the answers."""
    found = torch.zeros(10, 4).double()
    found[range(10), ANSWERS] = 1
    return found.reshape(2, 1, 5, 4).permute(0, 3, 1, 2)


def labels() -> torch.Tensor:
    return torch.tensor(LABELS).double().reshape(2, 1, 1, 5)


def test_accuracy_recall_and_overlap():
    """Right: 3, 2, 1 of 4, 3, 1 pixels; with those taken for them, unions of 4, 4, 2; class 3 counts as 1."""
    (found,) = tops_of("SegAccuracy", "seg_accuracy_param { ignore_label: 9 }", 1, x=scores(), t=labels())
    assert found.shape == (1, 1, 1, 3)
    assert found.flatten().tolist() == pytest.approx([6 / 8, (3 / 4 + 2 / 3 + 1) / 3, (3 / 4 + 2 / 4 + 1 / 2 + 1) / 4])


def test_several_ignored_labels():
    param = "seg_accuracy_param { ignore_label: 9 ignore_label: 0 }"
    (found,) = tops_of("SegAccuracy", param, 1, x=scores(), t=labels())
    assert found.flatten().tolist() == pytest.approx([3 / 4, (2 / 3 + 1) / 2, (1 + 2 / 3 + 1 / 2 + 1) / 4])


def test_ties_go_to_the_last_class():
    x, t = torch.zeros(1, 3, 1, 2).double(), torch.tensor([2.0, 0]).double()
    assert tops_of("SegAccuracy", "", 1, x=x, t=t)[0].flatten()[0] == 0.5
    assert tops_of("IOUAccuracy", "", 2, x=x, t=t)[1].tolist() == [0, 0, 0.5]


def test_counts_add_up_over_batches():
    """The second batch is all wrong: 6 of 16 are right."""
    net = one_layer("SegAccuracy", "seg_accuracy_param { ignore_label: 9 reset: false }", x=scores(), t=labels())
    assert net(x=scores(), t=labels())["y0"].flatten()[0] == 6 / 8
    wrong = torch.zeros(10, 4).double()
    wrong[:, 3] = 1
    second = net(x=wrong.reshape(2, 1, 5, 4).permute(0, 3, 1, 2), t=labels())["y0"].flatten()
    assert second.tolist() == pytest.approx([6 / 16, (3 / 8 + 2 / 6 + 1 / 2) / 3, (3 / 8 + 2 / 7 + 1 / 3 + 0) / 4])


def test_a_label_that_is_no_class_is_refused():
    with pytest.raises(NetdefError, match="layer `l` .SegAccuracy. got the label 9; its scores have 4 classes, 0 to 3"):
        tops_of("SegAccuracy", "", 1, x=scores(), t=labels())
    with pytest.raises(SpecError, match="10 predictions"):
        one_layer("SegAccuracy", "", x=scores(), t=labels()[:1])


@pytest.mark.parametrize("param", ["", "accuracy_param { ignore_label: 9 history_size: 7 }"])
def test_iou_of_each_class_and_their_mean(param):
    """Labels that are no class never count; class 3 is answered for one of them only, and has no part in the mean."""
    mean, each = tops_of("IOUAccuracy", param, 2, x=scores(), t=labels())
    assert each.tolist() == pytest.approx([3 / 4, 2 / 4, 1 / 2, 0])
    assert mean.tolist() == pytest.approx([(3 / 4 + 2 / 4 + 1 / 2) / 3])


def test_iou_along_the_last_axis():
    x, t = scores().permute(0, 2, 3, 1).squeeze(1), labels()
    _mean, each = tops_of("IOUAccuracy", "accuracy_param { axis: -1 }", 2, x=x, t=t)
    assert each.tolist() == pytest.approx([3 / 4, 2 / 4, 1 / 2, 0])
