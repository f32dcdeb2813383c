"""Labels that a file turns into others, by hand."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from one_layer import draw

import netdef
from netdef.errors import FileError, NetdefError, SpecError
from netdef.testing import check_layer

TABLE = "2 0 -1 1 0"
X = draw(4, 3)
LABELS = torch.tensor([3.0, 0, 2, 4])  # to 1, 2, none, 0


@pytest.fixture
def table(tmp_path: Path) -> Path:
    path = tmp_path / "table.txt"
    path.write_text(TABLE.replace(" ", "\n"))
    return path


def net_of(kind: str, path: Path, more: str = "", tops: str = 'top: "y0"', phase: str = "TRAIN") -> netdef.Net:
    inputs = "".join(f'layer {{ name: "{name} in" type: "Input" top: "{name}" input_param {{ shape {{ {shape} }} }} }} '
                     for name, shape in (("x", "dim: 4 dim: 3"), ("t", "dim: 4")))
    return netdef.loads(f'{inputs} layer {{ name: "l" type: "{kind}" bottom: "x" bottom: "t" {tops} {more} '
                        f'label_transform_param {{ label_transform_file: "{path}" }} }}', phase=phase).double()


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_the_loss_is_over_all_items(table: Path, phase: str):
    net = net_of("TransformSoftmaxWithLoss", table, "loss_weight: 1 loss_weight: 0", 'top: "y0" top: "p"', phase)
    outputs = net(x=X, t=LABELS)
    softmax = X.exp() / X.exp().sum(1, keepdim=True)
    assert outputs["y0"].item() == pytest.approx(-(softmax[0, 1].log() + softmax[1, 2].log() + softmax[3, 0].log()).item() / 4)
    torch.testing.assert_close(outputs["p"], softmax)


def test_a_label_without_a_class_has_no_gradient(table: Path):
    x = X.clone().requires_grad_()
    net_of("TransformSoftmaxWithLoss", table)(x=x, t=LABELS)["y0"].backward()
    softmax = X.exp() / X.exp().sum(1, keepdim=True)
    wanted = (softmax - torch.eye(3).double()[[1, 2, 0, 0]]) / 4
    wanted[2] = 0
    torch.testing.assert_close(x.grad, wanted)


def test_promises(table: Path):
    for phase in ("TRAIN", "TEST"):
        check_layer('layer { name: "l" type: "TransformSoftmaxWithLoss" bottom: "x" bottom: "t" top: "y" '
                    f'label_transform_param {{ label_transform_file: "{table}" }} }}', phase, x=(4, 3), t=LABELS)


@pytest.mark.parametrize(("top_k", "share"), [(1, 0.25), (2, 0.5), (3, 0.75)])
def test_of_equal_scores_the_later_is_better(table: Path, top_k: int, share: float):
    """The classes 1, 2, none and 0: the second of two, the last of three, no hit, and the first of three equal ones."""
    x = torch.tensor([[5.0, 4, 3], [1, 2, 3], [1, 2, 3], [0, 0, 0]]).double()
    top = net_of("TransformAccuracy", table, f"accuracy_param {{ top_k: {top_k} }}", phase="TEST")(x=x, t=LABELS)["y0"]
    assert top.shape == (1, 1, 1, 1) and top.item() == share


def test_old_nets_name_them_in_capitals(table: Path):
    text = ('input: "x" input: "t" input_shape { dim: 4 dim: 3 } input_shape { dim: 4 } '
            'layers { name: "l" type: TRANSFORM_SOFTMAX_LOSS bottom: "x" bottom: "t" top: "y" '
            f'label_transform_param {{ label_transform_file: "{table}" }} }}')
    assert netdef.loads(text).layers["l"].type_name == "TransformSoftmaxWithLoss"


@pytest.mark.parametrize(("text", "complaint"), [
    ("0 1", "turns labels into 2 others, up to 1"), ("0 1 3", "into 3 others, up to 3")])
def test_other_numbers_of_classes_are_refused(tmp_path: Path, text: str, complaint: str):
    (tmp_path / "table").write_text(text)
    with pytest.raises(SpecError, match=complaint):
        net_of("TransformSoftmaxWithLoss", tmp_path / "table")


def test_bad_files_and_labels_are_errors(tmp_path: Path, table: Path):
    with pytest.raises(SpecError, match="but there is no"):
        net_of("TransformAccuracy", tmp_path / "none")
    (tmp_path / "words").write_text("one two three")
    with pytest.raises((SpecError, FileError), match="wants whole numbers, one for each label"):
        net_of("TransformAccuracy", tmp_path / "words")
    with pytest.raises(NetdefError, match="got labels from 0 to 5; its file has 5"):
        net_of("TransformSoftmaxWithLoss", table)(x=X, t=torch.tensor([5.0, 0, 0, 0]))
    with pytest.raises(SpecError, match="has top_k 4, but its scores have 3 classes"):
        net_of("TransformAccuracy", table, "accuracy_param { top_k: 4 }")
