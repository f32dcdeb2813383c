"""OnlineHardMine, OnlineHardMineV2 and OnlineRandomMine: which labels are left out."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

LABELS = torch.tensor([[2.0, 0, 0, -1, 0, 0, 0, 1, 0, 0], [3.0] * 10]).double().reshape(2, 1, 2, 5)
SCORES = torch.stack([torch.tensor([0.0, 0.9, 0.2, 0.1, 0.8, 0.3, 0.7, 0, 0.6, 0.4]), torch.zeros(10)]).double()


def scores(channels: int) -> torch.Tensor:
    return torch.stack([SCORES, *[torch.zeros(2, 10).double()] * (channels - 1)], 1).reshape(2, channels, 2, 5)


def test_the_lowest_scores_but_the_highest_of_them():
    # 6 of 10 places: scores 0.1, 0.2, 0.3, 0.4, 0.6, 0.7, of which the highest two, 0.25 * 6 rounded down and 1, do not count
    top = top_of("OnlineHardMine", "online_hard_mine_param { resample_ratio: 0.6 post_n_ratio: 0.25 }", x=scores(3), t=LABELS)
    assert top[0].flatten().tolist() == [2, -1, 0, 0, -1, 0, -1, 1, -1, 0]
    assert torch.equal(top[1], LABELS[1])


def test_a_share_of_no_place_keeps_the_labels():
    assert torch.equal(top_of("OnlineHardMine", "", x=scores(3), t=LABELS), LABELS)  # a hundredth of 10


def test_fewer_places_than_wanted():
    labels = LABELS.clone().masked_fill(SCORES.reshape(2, 1, 2, 5) > 0.35, 1)
    top = top_of("OnlineHardMine", "online_hard_mine_param { resample_ratio: 0.9 post_n_ratio: 0 }", x=scores(3), t=labels)
    assert top[0].flatten().tolist() == [2, 1, 0, 0, 1, -1, 1, 1, 1, 1]


@pytest.mark.parametrize(("share", "wanted"), [
    # the 8 labels below 0.1, fewer than the least number of 10; the lowest of them, 0.25 * 8, do not count
    ("top_ignore_ratio: 0.25", [2, 0, -1, -1, 0, 0, 0, 1, 0, 0]), ("top_ignore_ratio: 0", [2, 0, 0, 0, 0, 0, 0, 1, 0, 0])])
def test_the_second_version_drops_the_lowest_scores(share: str, wanted: list):
    top = top_of("OnlineHardMineV2", f"online_hard_mine_v2_param {{ {share} }}", x=scores(2), t=LABELS)
    assert top[0].flatten().tolist() == wanted


def test_a_multiple_of_the_labels_above_0():
    x, labels = draw(1, 2, 6, 7), torch.zeros(1, 1, 6, 7).double()
    labels[0, 0, 0, :5] = 1
    top = top_of("OnlineHardMineV2", "online_hard_mine_v2_param { neg_vs_pos_ratio: 2.5 top_ignore_ratio: 0.3 }", x=x, t=labels)
    order = x[0, 0].flatten()[5:].argsort()
    zeros = (top.flatten()[5:] == 0).nonzero().flatten().tolist()
    assert zeros == sorted(order[4:13].tolist())  # 13 of 12.5, without 4 of 3.9


def test_as_many_of_both_are_drawn():
    labels = (torch.arange(60.0) % 3 - 1).reshape(2, 1, 5, 6).double() * 4
    top = top_of("OnlineRandomMine", "online_random_mine_param { sample_size: 7 }", t=labels)
    for before, after in zip(labels.flatten(1), top.flatten(1)):
        for old, new, count in ((4, 1, 3), (0, 0, 3)):
            assert ((before == old) & (after == new)).sum() == count
        assert ((after == -1).sum(), len(after)) == (24, 30)
    assert (top_of("OnlineRandomMine", t=labels) == labels / 4).all()  # all of them: fewer than 64


def test_what_the_fork_refuses():
    with pytest.raises(netdef.SpecError, match="`post_n_ratio` 1; it must be from 0 to below 1"):
        one_layer("OnlineHardMine", "online_hard_mine_param { post_n_ratio: 1 }", x=(2, 3, 4, 5), t=(2, 1, 4, 5))
    with pytest.raises(netdef.SpecError, match="the scores have 2 channels"):
        one_layer("OnlineHardMineV2", x=(2, 3, 4, 5), t=(2, 1, 4, 5))
    with pytest.raises(netdef.SpecError, match=r"labels must have shape \(2, 1, 4, 5\)"):
        one_layer("OnlineHardMineV2", x=(2, 2, 4, 5), t=(2, 1, 4, 6))
