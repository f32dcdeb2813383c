"""DeformablePSROIPooling by arithmetic."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef

ROI = torch.tensor([[0.0, 1, 1, 4, 2]]).double()  # From 0.5 to 4.5 across, from 0.5 to 2.5 down.


def ramp(channels: int) -> torch.Tensor:
    """Channel c at row i and column j is 1000 c + 10 i + j."""
    rows, columns = torch.meshgrid(torch.arange(5.0), torch.arange(7.0), indexing="ij")
    return (1000 * torch.arange(float(channels))[:, None, None] + 10 * rows + columns)[None].double()


def param(text: str) -> str:
    return f"deformable_psroi_pooling_param {{ spatial_scale: 1 group_size: 2 {text} }}"


def test_cells_have_channels_of_their_own():
    top = top_of("DeformablePSROIPooling", param("output_dim: 1 no_trans: true sample_per_part: 2"), x=ramp(4), r=ROI)
    # Cells are 2 x 1; samples stand at 0 and half a cell.
    across, down = [0.5 + 0.5, 2.5 + 0.5], [0.5 + 0.25, 1.5 + 0.25]
    wanted = [1000 * (2 * i + j) + 10 * down[i] + across[j] for i in range(2) for j in range(2)]
    assert top.shape == (1, 1, 2, 2) and top.flatten().tolist() == pytest.approx(wanted)


def test_cells_move_by_their_set():
    moves = torch.zeros(1, 4, 1, 1).double()
    moves[0, 2:, 0, 0] = torch.tensor([2.0, 1])  # The second set: across by 2 of 0.1 of 4, down by 1 of 0.1 of 2
    moves.requires_grad_()
    top = top_of("DeformablePSROIPooling", param("output_dim: 2 trans_std: 0.1 part_size: 1"), x=ramp(8), r=ROI, m=moves)
    assert top[0, 0, 0, 0].item() == pytest.approx(5 + 0.5) and top[0, 1, 0, 0].item() == pytest.approx(4000 + 7 + 1.3)
    top.sum().backward()
    assert moves.grad.flatten().tolist() == pytest.approx([4 * 0.1 * 4, 4 * 10 * 0.1 * 2] * 2)


def test_samples_outside_do_not_count():
    regions = torch.tensor([[0.0, 5, 1, 12, 2], [0, 20, 20, 30, 30]]).double()  # From 4.5 to 12.5: cells of 4
    top = top_of("DeformablePSROIPooling", param("output_dim: 1 no_trans: true sample_per_part: 2"), x=ramp(4), r=regions)
    # Of the first cell's 4.5 and 6.5 the second is at the border; the next cell's are all outside.
    assert top[0, 0, 0].tolist() == pytest.approx([7.5 + (4.5 + 6) / 2, 0]) and top[1].abs().sum() == 0


def test_what_does_not_fit_is_refused():
    with pytest.raises(netdef.SpecError, match="1 x 2 x 2 channels"):
        one_layer("DeformablePSROIPooling", param("output_dim: 1 no_trans: true"), x=(1, 3, 5, 7), r=(1, 5))
    with pytest.raises(netdef.SpecError, match="needs a third bottom"):
        one_layer("DeformablePSROIPooling", param("output_dim: 1 part_size: 2"), x=(1, 4, 5, 7), r=(1, 5))
    with pytest.raises(netdef.SpecError, match="3 x 3 moves"):
        one_layer("DeformablePSROIPooling", param("output_dim: 1 part_size: 3"), x=(1, 4, 5, 7), r=(1, 5), m=draw(1, 2, 2, 2))
