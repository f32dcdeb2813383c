"""Trees of classifiers by hand: one of two classes, and one of three and one of two below it."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from one_layer import draw

import netdef
from netdef.errors import SpecError

TABLES = ["0 0 0 1 1", "0 1 2 -1 -1", "-1 -1 -1 0 1"]
SIZES = [2, 3, 2]
LABELS = torch.tensor([2.0, 4, 1, 3])
ROOT = torch.tensor([[1.0, 0], [0, 1], [0, 1], [0, 1]]).double()  # the third item is taken for one of the second class
LEFT = torch.tensor([[3.0, 1, 2], [0, 0, 0], [0, 9, 0], [0, 0, 0]]).double()
RIGHT = torch.tensor([[0.0, 0], [1, 0], [0, 9], [5, 5]]).double()


def net_of(folder: Path, kind: str, more: str = "", depth: int = 2, tops: int = 2, files: int = 3) -> netdef.Net:
    for number, text in enumerate(TABLES):
        (folder / f"{number}.txt").write_text(text)
    shapes = [*(f"dim: 4 dim: {size}" for size in SIZES), "dim: 4"]
    inputs = "".join(f'layer {{ name: "{name} in" type: "Input" top: "{name}" input_param {{ shape {{ {shape} }} }} }} '
                     for name, shape in zip("abct", shapes))
    names = " ".join(f'label_transform_file: "{folder}/{number}.txt"' for number in range(files))
    made = " ".join(f'top: "y{number}"' for number in range(tops))
    weights = "node_weight: 2 node_weight: 3" if kind == "SoftmaxWithLossTree" else ""
    layer = (f'layer {{ name: "l" type: "{kind}" bottom: "a" bottom: "b" bottom: "c" bottom: "t" {made} {more} '
             f'tree_param {{ tree_depth: {depth} {names} {weights} }} }}')
    return netdef.loads(inputs + layer, phase="TRAIN").double()


@pytest.mark.parametrize(("top_k", "second"), [(1, 0.0), (2, 0.75)])
def test_items_go_on_where_their_class_is_the_best(tmp_path: Path, top_k: int, second: float):
    """The root finds items 0, 1 and 3. Below, class 2 of item 0 and class 1 of item 1 are second; of item 3, 0 is after 1."""
    outputs = net_of(tmp_path, "AccuracyTree", f"accuracy_param {{ top_k: {top_k} }}")(a=ROOT, b=LEFT, c=RIGHT, t=LABELS)
    assert outputs["y0"].item() == 0.75 and outputs["y1"].item() == second and outputs["y0"].shape == (1, 1, 1, 1)


def test_losses_of_levels_and_gradients_of_reached_classifiers(tmp_path: Path):
    blobs = {name: x.clone().requires_grad_() for name, x in (("a", ROOT), ("b", draw(4, 3)), ("c", RIGHT))}
    net = net_of(tmp_path, "SoftmaxWithLossTree", "loss_weight: 1 loss_weight: 1")
    outputs = net(**blobs, t=LABELS)
    a, b, c = (torch.softmax(x.detach(), 1) for x in blobs.values())
    first = a[[0, 1, 2, 3], [0, 1, 0, 1]]
    assert outputs["y0"].item() == pytest.approx(-first.log().sum().item() / 4)
    second = torch.stack([b[0, 2], b[2, 1], c[1, 1], c[3, 0]])  # item 2 counts, though the root misses it
    assert outputs["y1"].item() == pytest.approx(-second.log().sum().item() / 4)
    (outputs["y0"] + 10 * outputs["y1"]).backward()
    eye = torch.eye(3).double()
    torch.testing.assert_close(blobs["a"].grad, (a - eye[[0, 1, 0, 1], :2]) * 2 / 4)  # times node_weight 2
    wanted = torch.zeros(4, 3).double()
    wanted[0] = (b[0] - eye[2]) * 3 * 10 / 4  # node_weight 3
    torch.testing.assert_close(blobs["b"].grad, wanted)
    wanted = torch.zeros(4, 2).double()
    wanted[1], wanted[3] = (c[1] - eye[1, :2]) * 10 / 4, (c[3] - eye[0, :2]) * 10 / 4
    torch.testing.assert_close(blobs["c"].grad, wanted)


@pytest.mark.parametrize(("changes", "complaint"), [
    ({"depth": 1, "tops": 1}, "has 3 classifiers; 1 levels have 1"),
    ({"depth": 3, "tops": 3}, "has 3 classifiers; 3 levels have 8"),
    ({"tops": 1}, "has 2 levels and 1 tops"),
    ({"files": 2}, "has 2 `label_transform_file` for 3 classifiers"),
    ({"more": "accuracy_param { top_k: 3 }"}, "has top_k 3, but its scores have 2 classes"),
])
def test_trees_that_do_not_fit_are_refused(tmp_path: Path, changes: dict, complaint: str):
    with pytest.raises(SpecError, match=complaint):
        net_of(tmp_path, "AccuracyTree", **changes)


def test_a_published_type_without_a_source_is_named():
    with pytest.raises(SpecError, match="it is of yjxiong/caffe, which never published its source, and not implemented"):
        netdef.loads('layers { name: "l" type: LOSS_TREE top: "y" }')
