"""SpatialAccuracy: places inside of images, classes of equal sums, and what is refused."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.testing import check_layer

ALL = "spatial_accuracy_param { top_k: %d }"
INSIDE = "spatial_accuracy_param { spatial_subsample_height_factor: 8 spatial_subsample_width_factor: 4 }"


def of_places(*places: float) -> torch.Tensor:
    """Scores (1, 2, 1, W) of two classes, where class 1 has the chance ``places``."""
    chances = torch.tensor([places]).double()
    return torch.stack((1 - chances, chances), 1).log()[:, :, None]


def test_chances_of_all_places_are_summed():
    """Class 1 wins two of three places, but has 0.1 + 0.6 + 0.6 = 1.3 of 3."""
    scores = of_places(0.1, 0.6, 0.6)
    assert top_of("SpatialAccuracy", ALL % 1, x=scores, t=torch.tensor([1.0])).item() == 0
    assert top_of("SpatialAccuracy", ALL % 1, x=scores, t=torch.tensor([0.0])).item() == 1
    assert top_of("SpatialAccuracy", ALL % 2, x=scores, t=torch.tensor([1.0])).item() == 1


def test_places_inside_the_image_count():
    """Two rows and three columns, 8 and 4 pixels apart. Of each image one row counts, and two (11 / 4) or three columns."""
    scores = torch.cat((of_places(0.1, 0.6, 0.99), of_places(0.99, 0.99, 0.99)), 2).expand(2, -1, -1, -1)
    sizes = torch.tensor([[15.0, 11], [8, 12]]).reshape(2, 1, 1, 2)
    labels = torch.tensor([0.0, 0]).reshape(2, 1, 1, 1)
    # 0.7 of 2 is less than half; 1.69 of 3 is more.
    assert top_of("SpatialAccuracy", INSIDE, x=scores, t=labels, s=sizes).item() == 0.5
    assert top_of("SpatialAccuracy", INSIDE, x=scores, t=1 - labels, s=sizes).item() == 0.5


def test_of_equal_sums_the_last_class_is_the_best_and_nan_misses():
    scores = torch.zeros(2, 3, 1, 2).double()
    assert top_of("SpatialAccuracy", ALL % 1, x=scores, t=torch.tensor([2.0, 1])).item() == 0.5
    assert top_of("SpatialAccuracy", ALL % 2, x=scores, t=torch.tensor([2.0, 1])).item() == 1
    scores[0] = torch.nan
    assert top_of("SpatialAccuracy", ALL % 3, x=scores, t=torch.tensor([2.0, 1])).item() == 0.5


def test_what_every_layer_does():
    check_layer(f'layer {{ name: "l" type: "SpatialAccuracy" bottom: "x" bottom: "t" bottom: "s" top: "y" {INSIDE} }}',
                x=(2, 5, 3, 4), t=(2, 1, 1, 1), s=(2, 1, 1, 2), gradients=False)


def test_what_does_not_fit_is_refused():
    shapes = {"x": (2, 5, 3, 4), "t": (2,)}
    with pytest.raises(netdef.SpecError, match="has top_k 6, but its scores have 5 classes"):
        one_layer("SpatialAccuracy", ALL % 6, **shapes)
    with pytest.raises(netdef.SpecError, match=r"of shape \(2, 1, 1, 2\), as `s`"):
        one_layer("SpatialAccuracy", ALL % 1, **shapes, s=(2, 2))
    with pytest.raises(netdef.SpecError, match="`spatial_subsample_width_factor` 0"):
        one_layer("SpatialAccuracy", "spatial_accuracy_param { spatial_subsample_width_factor: 0 }", **shapes)
    with pytest.raises(netdef.NetdefError, match="got an image of 4 places along axis 2, where its scores have 3"):
        top_of("SpatialAccuracy", INSIDE, x=draw(1, 5, 3, 4), t=torch.zeros(1), s=torch.full((1, 1, 1, 2), 32.0))
