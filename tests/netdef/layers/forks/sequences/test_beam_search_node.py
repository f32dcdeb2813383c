"""Steps of a beam search, sequence by sequence."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, tops_of
from torch import Tensor

import netdef


def best_of(item: int, beams: int, sums, before, scores, states: Tensor, allowed: tuple[int, ...]):
    """The best sequences of an item: (sum, words, state)."""
    found = []
    for row in range(item * beams, (item + 1) * beams):
        words = [int(word) for word in before[row]]
        if words[-1] == 0:
            found.append((float(sums[row, 0]), [*words, 0], 0 * states[row]))
            continue
        for word in range(scores.shape[1]):
            if word != words[-1] and not (allowed and word in words and word not in allowed):
                found.append((float(sums[row, 0] + scores[row, word]), [*words, word], states[row]))
    return sorted(found, key=lambda each: -each[0])[:beams]


@pytest.mark.parametrize("allowed", [(), (3, 4)])
def test_the_best_sequences_that_are_one_word_longer(allowed: tuple[int, ...]):
    sums, scores, states = draw(6, 1), draw(6, 5, seed=2), draw(6, 2, seed=3)
    before = torch.tensor([[1.0, 2], [3, 0], [4, 3], [2, 1], [2, 4], [3, 0]]).double()
    more = " ".join(f"allowed_multiple: {word}" for word in allowed)
    tops = tops_of("BeamSearchNode", f"beam_search_param {{ beam_size: 3 {more} }}", 4, p=sums, q=before, s=scores, h=states)
    for item in range(2):
        for place, (total, words, state) in enumerate(best_of(item, 3, sums, before, scores, states, allowed)):
            row = 3 * item + place
            assert tops[0][row].tolist() == pytest.approx([total]) and tops[1][row].tolist() == words
            assert tops[2][row].tolist() == [words[-1]] and torch.equal(tops[3][row], state)


def test_the_first_step_looks_at_one_beam():
    scores, states = draw(4, 5), draw(4, 2, seed=3)
    tops = tops_of("BeamSearchNode", "beam_search_param { beam_size: 2 }", 4, s=scores, h=states)
    for item in range(2):
        best, words = scores[2 * item].topk(2)
        rows = slice(2 * item, 2 * item + 2)
        assert torch.equal(tops[0][rows, 0], best) and tops[1][rows, 0].tolist() == tops[2][rows, 0].tolist() == words.tolist()
        assert torch.equal(tops[3][rows], states[2 * item].expand(2, -1))


def test_gradients_go_to_the_scores_and_states_that_were_chosen():
    sums, scores, states = (draw(*shape, seed=seed).requires_grad_() for shape, seed in (((2, 1), 1), ((2, 4), 2), ((2, 3), 3)))
    before = torch.tensor([[1.0], [0]]).double()
    net = one_layer("BeamSearchNode", "beam_search_param { beam_size: 2 }", "TRAIN", tops=4, p=sums, q=before, s=scores, h=states)
    tops = net(p=sums, q=before, s=scores, h=states)
    (tops["y0"] * torch.tensor([[2.0], [3]])).sum().backward()
    expected_sums, expected_scores = torch.zeros(2, 1).double(), torch.zeros(2, 4).double()
    for row, weight in ((0, 2.0), (1, 3.0)):
        source = int(tops["y1"][row, 0] == 0)
        expected_sums[source] += weight
        if source == 0:
            expected_scores[0, int(tops["y2"][row, 0])] += weight
    assert torch.equal(sums.grad, expected_sums) and torch.equal(scores.grad, expected_scores)


@pytest.mark.parametrize(("tops", "shapes", "complaint"), [
    (4, ((4, 1), (4, 2), (4, 5)), "it wants as many, or in its first step two tops more"),
    (3, ((4, 1), (4, 2), (3, 5)), "wants rows of 2 beams of each item"),
    (3, ((4, 1), (4, 2), (4, 5, 1)), "wants a bottom of 2 axes")])
def test_what_does_not_fit_is_refused(tops: int, shapes, complaint: str):
    with pytest.raises(netdef.SpecError, match=complaint):
        one_layer("BeamSearchNode", "beam_search_param { beam_size: 2 }", tops=tops, **dict(zip("pqs", shapes)))
