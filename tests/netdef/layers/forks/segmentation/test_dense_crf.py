"""The mean field over scores of pixels, against its equations with the lattice's filters."""

from __future__ import annotations

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.layers.forks.segmentation.permutohedral import PermutohedralLattice

PARAM = "dense_crf_param { pos_w: 2 pos_xy_std: 1.5 bi_w: 1.25 bi_xy_std: 4 bi_rgb_std: 9 max_iter: 3 %s }"


def field(scores, filters, steps):
    """Scores (C, H, W), and filters: a weight, widths of columns and rows, and colours (C', H, W) with their widths."""
    _, height, width = scores.shape
    lattices = []
    for weight, (wide, high), colours in filters:
        features = [[c / wide, r / high, *(plane[r, c].item() / w for plane, w in colours)]
                    for r in range(height) for c in range(width)]
        lattices.append((weight, PermutohedralLattice(torch.tensor(features))))
    rows = scores.flatten(1).T.float()
    q = torch.exp(rows) / torch.exp(rows).sum(1, keepdim=True)
    for _ in range(steps):
        following = rows.clone()
        for weight, lattice in lattices:
            ones = lattice.filter(torch.ones(len(rows), 1))
            following += weight * lattice.filter(q) / ones
        q = torch.exp(following) / torch.exp(following).sum(1, keepdim=True)
    return q.T.reshape(scores.shape)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_chances_after_three_steps(phase):
    scores, images = draw(2, 3, 5, 4), 30 * draw(2, 3, 5, 4, seed=2)
    sizes = torch.tensor([[9.0, 4], [3, 2]]).reshape(2, 2, 1, 1)
    top = top_of("DenseCRF", PARAM % "", phase, x=scores, s=sizes, i=images)
    for image, (height, width) in enumerate(((5, 4), (3, 2))):
        own = images[image, :, :height, :width]
        filters = [(2, (1.5, 1.5), []), (1.25, (4, 4), [(plane, 9) for plane in own])]
        expected = field(scores[image, :, :height, :width], filters, 3)
        torch.testing.assert_close(top[image, :, :height, :width].float(), expected, rtol=1e-5, atol=1e-6)
    assert not top[1, :, 3:].any() and not top[1, :, :, 2:].any()
    logs = top_of("DenseCRF", PARAM % "output_probability: false", phase, x=scores, s=sizes, i=images)
    torch.testing.assert_close(logs[0], top[0].log(), rtol=1e-5, atol=1e-6)


def test_without_images_places_alone_count():
    scores = draw(1, 3, 5, 4)
    top = top_of("DenseCRF", PARAM % "", x=scores, s=torch.tensor([[5.0, 4]]))
    torch.testing.assert_close(top[0].float(), field(scores[0], [(2, (1.5, 1.5), [])], 3), rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_classes_after_ten_steps(phase):
    scores, images = draw(2, 3, 5, 4), 255 * torch.rand(2, 3, 5, 4, generator=torch.Generator().manual_seed(2)).double()
    param = ("densecrf_param { x_gauss: 1.5 y_gauss: 2 wt_gauss: 2 x_bilateral: 4 y_bilateral: 5 r_bilateral: 40 "
             "wt_bilateral: 1.5 }")
    top = top_of("DenseCRF", param, phase, x=scores, i=images)
    assert top.shape == (2, 1, 5, 4)
    for one, image, found in zip(scores, images, top):
        colours = list(zip(image.floor(), (20, 20, 40)))
        expected = field(one, [(2, (1.5, 2), []), (1.5, (4, 5), colours)], 10)
        assert torch.equal(found[0], expected.argmax(0).double())


@pytest.mark.parametrize(("param", "shapes", "words"), [
    (PARAM % "pos_w: 1", {"x": (2, 3, 5, 4), "s": (2, 2)}, "has 2 `pos_w` and 1 `pos_xy_std`"),
    (PARAM % "", {"x": (2, 3, 5, 4), "s": (2, 3)}, "the height and width of each image"),
    (PARAM % "", {"x": (2, 3, 5, 4), "s": (2, 2), "i": (2, 1, 5, 4)}, "as large, with 3 channels"),
    ("", {"x": (2, 3, 5, 4), "s": (2, 2), "i": (2, 3, 5, 4)}, "has images, and no `bi_w`"),
    ("densecrf_param { x_gauss: 0 }", {"x": (2, 3, 5, 4), "i": (2, 3, 5, 4)}, "x_gauss"),
    ("densecrf_param { }", {"x": (2, 3, 5, 4), "i": (2, 3, 5, 5)}, "as large, with 3 channels"),
])
def test_refusals(param, shapes, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("DenseCRF", param, **shapes)


def test_the_type_of_2014():
    text = ('input: "x" input_dim: 1 input_dim: 3 input_dim: 5 input_dim: 4 input: "s" input_dim: 1 input_dim: 2 input_dim: 1 '
            'input_dim: 1 layers { name: "l" type: DENSE_CRF bottom: "x" bottom: "s" top: "y" dense_crf_param { max_iter: 1 } }')
    assert netdef.loads(text, phase="TEST").shapes["y"] == (1, 3, 5, 4)
