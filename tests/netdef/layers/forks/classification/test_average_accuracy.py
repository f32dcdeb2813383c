"""AveAccuracy: the accuracy of scores that add up."""

from __future__ import annotations

import pytest
import torch
from one_layer import one_layer

import netdef

PARAM = "ave_accuracy_param {{ nbatch: 2 nclass: 3 {} }}"
LABELS = torch.tensor([0.0, 2])
BATCHES = [torch.tensor([[3.0, 1, 0], [0, 5, 1]]), torch.tensor([[0.0, 1, 0], [0, 1, 9]]), torch.tensor([[0.0, 2, 0], [0, 1, 2]])]


def accuracies(param: str) -> list[float]:
    """Of three passes in turn."""
    net = one_layer("AveAccuracy", PARAM.format(param), x=(2, 3), t=(2,))
    return [net(x=batch, t=LABELS)["y0"].item() for batch in BATCHES]


def test_scores_add_up_from_test_to_test():
    """Sums are 3 1 0, 0 5 1; then 3 2 0, 0 6 10; then 3 4 0, 0 7 12."""
    assert accuracies("burnin: 0") == [0.5, 1, 0.5]


def test_they_begin_anew_in_the_first_tests():
    """Pass 1 and 2 stand alone; pass 3 adds to the second: 0 3 0, 0 2 11."""
    assert accuracies("burnin: 2") == [0.5, 0.5, 0.5]


def test_each_batch_of_a_test_has_sums_of_its_own():
    """The third batch is the first of the second test: 3 3 0, of which the first place is a miss, and 0 6 3."""
    assert accuracies("burnin: 0 npartition: 2") == [0.5, 0.5, 0]


def test_the_share_of_each_class():
    net = one_layer("AveAccuracy", PARAM.format("burnin: 0"), tops=2, x=(2, 3), t=(2,))
    assert net(x=BATCHES[0], t=LABELS)["y1"].tolist() == [1, 0, 0]


@pytest.mark.parametrize(("param", "complaint"), [
    ("nbatch: 1", "has room for `nbatch` 1 x `nclass` 3 scores; a batch has 6"), ("npartition: 0", "has `npartition` 0"),
    ("top_k: 4", "has top_k 4, but its scores have 3 classes"),
])
def test_what_does_not_fit_is_refused(param: str, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("AveAccuracy", PARAM.format("").replace("nbatch: 2", param if "nbatch" in param else f"nbatch: 2 {param}"),
                  x=(2, 3), t=(2,))
