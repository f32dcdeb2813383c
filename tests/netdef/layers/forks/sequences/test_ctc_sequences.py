"""CTCLoss and CTCGreedyDecoder: sums over alignments, and decodings, by hand."""

from __future__ import annotations

import pytest
import torch
from alignments import by_hand
from one_layer import draw, one_layer, tops_of

from netdef.errors import NetdefError, SpecError
from netdef.layers.forks.sequences.ctc_sequences import edit_distance, lengths

MARKS = torch.tensor([[0.0, 0], [1, 1], [1, 1], [0, 1], [1, 1]]).double()  # three steps, and five
LABELS = torch.tensor([[1.0, 0], [0, 0], [-1, 1], [2, -1]]).double()  # 1 0, and 0 0 1


def loss_of(x: torch.Tensor, param: str = "", labels: torch.Tensor = LABELS) -> torch.Tensor:
    return one_layer("CTCLoss", param, "TRAIN", x=x, m=MARKS, t=labels)(x=x, m=MARKS, t=labels)["y0"]


def test_the_mean_over_sequences_of_their_own_lengths_with_the_gradient_of_the_sum():
    x = (draw(5, 2, 3) * 2).requires_grad_()
    expected = [by_hand(x[:3, 0].detach(), [1, 0], 2), by_hand(x[:, 1].detach(), [0, 0, 1], 2)]
    loss = loss_of(x)
    assert loss.item() == pytest.approx(sum(expected) / 2)
    loss.backward()
    assert not x.grad[3:, 0].any()
    for n, length, labels, place in ((0, 3, [1, 0], (1, 2)), (1, 5, [0, 0, 1], (4, 1))):
        moved = [x.detach()[:length, n].clone() for _ in range(2)]
        for points, step in zip(moved, (1e-5, -1e-5)):
            points[place] += step
        up, down = (by_hand(points, labels, 2) for points in moved)
        assert x.grad[place[0], n, place[1]].item() == pytest.approx((up - down) / 2e-5, rel=1e-6)


def test_another_blank_and_repeats_that_count_once():
    x = draw(5, 2, 4)
    labels = torch.tensor([[1.0, 2], [2, 2], [-1, 1], [-1, 3]]).double()  # 3, the last class, ends a sequence
    param = "ctc_loss_param { blank_index: 0 preprocess_collapse_repeated: true }"
    expected = by_hand(x[:3, 0], [1, 2], 0) + by_hand(x[:, 1], [2, 1], 0)
    assert loss_of(x, param, labels).item() == pytest.approx(expected / 2)


def test_sequences_without_labels_or_with_too_many_are_refused():
    for labels, said in (([[-1.0, 0]], "0 labels for the 3 steps of sequence 0"),
                         ([[1.0, 0], [0, -1], [1, 0], [0, 0]], "4 labels for the 3 steps of sequence 0")):
        with pytest.raises(NetdefError, match=said):
            loss_of(draw(5, 2, 3), labels=torch.tensor(labels).double())


@pytest.mark.parametrize(("param", "shapes", "words"), [
    ("ctc_merge_repeated: false", ((5, 2, 3), (5, 2), (4, 2)), "ctc_merge_repeated: false"),
    ("output_delay: 1", ((5, 2, 3), (5, 2), (4, 2)), "`output_delay` 1; only 0"),
    ("blank_index: 3", ((5, 2, 3), (5, 2), (4, 2)), "`blank_index` 3, which is none of 3 classes"),
    ("", ((5, 2, 3), (4, 2), (4, 2)), "marks .time, sequences."),
    ("", ((5, 2, 3), (5, 2), (4, 3)), "labels of each sequence in a column"),
])
def test_bad_parameters_are_refused(param, shapes, words):
    with pytest.raises(SpecError, match=words):
        one_layer("CTCLoss", f"ctc_loss_param {{ {param} }}", x=shapes[0], m=shapes[1], t=shapes[2])


@pytest.mark.parametrize(("merges", "wrong"), [("true", (1 / 3, 0)), ("false", (0, 1 / 4))])
def test_what_the_best_classes_read_as(merges, wrong):
    """Three steps 1 1 0 and five 0 2 0 1 1, of blank 2; wanted are 1 1 0 and 0 0 1."""
    best = torch.tensor([[1, 0], [1, 2], [0, 0], [2, 1], [2, 1]])
    x = torch.nn.functional.one_hot(best, 3) * torch.tensor([0.5, 0.25, 0.75, 1, 0.25]).double()[:, None, None]
    labels = torch.tensor([[1.0, 0], [1, 0], [0, 1], [-1, -1]]).double()
    # Merged 1 0 lacks one of three labels; unmerged 0 0 1 1 has one of four too many.
    sums, accuracy = tops_of("CTCGreedyDecoder", f"ctc_decoder_param {{ ctc_merge_repeated: {merges} }}", 2, x=x, m=MARKS,
                             t=labels)
    assert sums.shape == (2, 1, 1, 1) and sums.flatten().tolist() == [-1.5, -2.75]
    assert accuracy.item() == pytest.approx(1 - sum(wrong) / 2)
    (alone,) = tops_of("CTCGreedyDecoder", "", 1, x=x, m=MARKS)
    assert torch.equal(alone, sums)


def test_labels_and_a_second_top_go_together():
    with pytest.raises(SpecError, match="3 bottoms and 1 tops; with labels it has a second top"):
        one_layer("CTCGreedyDecoder", x=(5, 2, 3), m=(5, 2), t=(4, 2))


def test_a_sequence_ends_before_the_next_begins():
    assert lengths(torch.tensor([[1.0, 0, 0], [1, 0, 1], [1, 1, 1], [0, 1, 1]])).tolist() == [3, 1, 4]


def test_edits_between_sequences():
    assert edit_distance([1, 2, 3], [1, 3]) == 1 and edit_distance([], [4, 5]) == 2 and edit_distance([1, 2], [2, 1]) == 2


def scores_of(*paths: list[int]) -> torch.Tensor:
    """Probabilities (T, N, 4) whose best classes are those of paths."""
    return torch.nn.functional.one_hot(torch.tensor(paths).T, 4).double()


@pytest.mark.parametrize(("param", "wanted"), [
    ("", [[1, 2, 2, -1, -1], [3, 3, 1, -1, -1]]),
    ("blank_index: -1", [[1, 0, 2, 0, 2], [0, 1, -1, -1, -1]]),
    ("ctc_merge_repeated: false", [[1, 2, 2, -1, -1], [3, 3, 1, 1, -1]]),
])
def test_what_is_read_without_marks(param, wanted):
    paths = [1, 0, 2, 0, 2], [3, 0, 3, 1, 1]
    (top,) = tops_of("CTCGreedyDecoder", f"ctc_decoder_param {{ {param} }}", 1, x=scores_of(*paths))
    assert top.shape == (2, 5, 1, 1) and top.flatten(1).tolist() == wanted


def test_accuracies_without_marks():
    paths = [1, 0, 2, 0, 2], [3, 0, 3, 1, 1], [0, 0, 0, 0, 0]
    labels = torch.tensor([[1.0, 2, 2, 0], [3, 1, 0, -1], [0, 0, 0, 0]]).double()
    (top,) = tops_of("CTCGreedyDecoder", "", 1, x=scores_of(*paths), t=labels)
    assert top.shape == (1, 2, 1, 1)
    assert top.flatten().tolist() == pytest.approx([1 - (1 / 3) / 3, 1 / 3])  # 3 1 for 3 3 1; the third is empty
