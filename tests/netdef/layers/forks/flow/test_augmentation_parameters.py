"""Numbers for a second image, and the flow between two changed images."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import draw, one_layer, top_of

import netdef
from netdef.layers.forks.flow.augmentation_draws import affine, from_blob, moved, to_blob, unchanged

GIVEN = to_blob(unchanged(torch.zeros(2, dtype=torch.float64)) | {
    "dx": torch.tensor([0.05, -0.05]).double(), "gamma": torch.tensor([2.0, 0.5]).double(),
    "noise": torch.full((2,), 0.1).double()})
IMAGES = {"before": (2, 3, 10, 16), "after": (2, 3, 8, 12)}


def generated(param: str, phase: str = "TRAIN", schedule: str = ""):
    return from_blob(top_of("GenerateAugmentationParameters", f"augmentation_param {{ {param} }} {schedule}", phase,
                            p=GIVEN, **{name: draw(*shape) for name, shape in IMAGES.items()}))


@pytest.mark.parametrize("phase, more", [("TRAIN", ""), ("TEST", "augment_during_test: true")])
def test_drawn_numbers_are_added_or_multiplied(phase, more):
    found = generated(f"translate_x {{ mean: 0.02 }} gamma {{ mean: 3 }} noise {{ mean: 0.2 }} {more}", phase)
    assert found["dx"].tolist() == pytest.approx([0.07, -0.03])
    assert found["gamma"].tolist() == pytest.approx([6, 1.5]) and found["noise"].tolist() == pytest.approx([0.3, 0.3])


def test_numbers_stay_in_a_test():
    assert torch.allclose(to_blob(generated("translate_x { mean: 0.02 } gamma { mean: 3 }", "TEST")), GIVEN)


def test_replaced_numbers():
    found = generated("mode: 'replace' translate_y { mean: 0.02 } gamma { mean: 3 }")
    assert found["dx"].tolist() == [0, 0] and found["dy"].tolist() == pytest.approx([0.02, 0.02])
    assert found["gamma"].tolist() == pytest.approx([3, 3]) and found["noise"].tolist() == pytest.approx([0.1, 0.1])
    assert generated("mode: 'replace' gamma { mean: 3 }")["dx"].tolist() == pytest.approx([0.05, -0.05])


def test_regenerated_numbers():
    found = generated("mode: 'regenerate' translate_y { mean: 0.02 }")
    assert not to_blob(found | {"dy": torch.zeros(2).double()}).any() and found["dy"].tolist() == pytest.approx([0.02, 0.02])


def test_sizes_of_the_text():
    sizes = "bottomheight: 10 bottomwidth: 16 crop_height: 8 crop_width: 12"
    text = f"augmentation_param {{ translate_x {{ mean: 0.02 }} {sizes} }}"
    found = from_blob(top_of("GenerateAugmentationParameters", text, "TRAIN", p=GIVEN))
    assert found["dx"].tolist() == pytest.approx([0.07, -0.03])
    images = draw(2, 3, 10, 16)
    found = from_blob(top_of("GenerateAugmentationParameters", text, "TRAIN", x=images))
    assert found["dx"].tolist() == pytest.approx([0.02, 0.02]) and found["gamma"].tolist() == [1, 1]


def test_spreads_follow_the_passes_of_training():
    schedule = "coeff_schedule_param { half_life: 2 initial_coeff: 0 final_coeff: 1 }"
    net = one_layer("GenerateAugmentationParameters", f"augmentation_param {{ noise {{ spread: 1 }} }} {schedule}", "TRAIN",
                    p=(500, 42, 1, 1), before=(500, 3, 2, 3), after=(500, 3, 2, 2))
    p, before, after = torch.zeros(500, 42, 1, 1).double(), torch.zeros(500, 3, 2, 3).double(), torch.zeros(500, 3, 2, 2).double()
    spans = [from_blob(net(p=p, before=before, after=after)["y0"])["noise"].abs().max().item() for _ in range(3)]
    expected = [2 / (1 + math.exp(-1.0986 * n / 2)) - 1 for n in (1, 2, 3)]
    assert spans == pytest.approx(expected, rel=0.02)


@pytest.mark.parametrize("param, shapes, words", [
    ("mode: 'sum'", {"p": (2, 42, 1, 1), **IMAGES}, '`mode` "sum"'),
    ("", {"p": (2, 42, 1, 1)}, "needs the sizes"),
    ("", {"p": (2, 41, 1, 1), **IMAGES}, "42 numbers an image"),
    ("", {"p": (2, 42, 1, 1), "x": (2, 3, 4, 5)}, "takes 1 or 3 bottoms"),
])
def test_refusals(param, shapes, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("GenerateAugmentationParameters", f"augmentation_param {{ {param} }}", **shapes)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_flow_between_changed_images(phase):
    """A place of the first crop, moved by the flow, is where the second crop's matrix maps the new place to."""
    flow = torch.randint(-1, 2, (2, 2, 10, 16), generator=torch.Generator().manual_seed(2)).double()
    plain = unchanged(torch.zeros(2, dtype=torch.float64))
    first = plain | {"dx": torch.tensor([0.0, 1 / 12]).double(), "dy": torch.tensor([1 / 8, 0.0]).double()}
    second = plain | {"angle": torch.tensor([0.3, 0.0]).double(), "zoom_x": torch.tensor([1.2, 0.8]).double()}
    found = top_of("FlowAugmentation", "augmentation_param { crop_height: 8 crop_width: 12 }", phase,
                   f=flow, a=to_blob(first), b=to_blob(second))
    assert found.shape == (2, 2, 8, 12)
    for item, (dx, dy) in ((0, (2, 2)), (1, (3, 1))):  # the crop's first place, in the image
        for row, column in ((0, 0), (3, 7), (6, 11)):
            x, y = column + dx, row + dy
            to = x + flow[item, 0, y, x], y + flow[item, 1, y, x]
            new = torch.tensor([[[column + found[item, 0, row, column]], [row + found[item, 1, row, column]]]])
            back = moved(affine({k: v[item : item + 1] for k, v in second.items()}, (10, 16), (8, 12)), new[:, 0], new[:, 1])
            assert [a.item() for a in back] == pytest.approx([a.item() for a in to])


@pytest.mark.parametrize("param, flow, words", [
    ("", (2, 2, 10, 16), "needs `crop_height`"), ("crop_height: 8 crop_width: 12", (2, 3, 10, 16), "flow of two channels")])
def test_refusals_of_flow(param, flow, words):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer("FlowAugmentation", f"augmentation_param {{ {param} }}", f=flow, a=(2, 42), b=(2, 42))
