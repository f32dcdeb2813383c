"""DetectionLoss and YoloLoss of the first YOLO, number by number."""

from __future__ import annotations

import math

import pytest
import torch
from one_layer import one_layer

import netdef

SIDE, CLASSES, BOXES, CELLS = 3, 2, 2, 9
SCALES = "object_scale: 3 noobject_scale: 0.5 class_scale: 2 coord_scale: 4"
OF_PLANES = f"detection_loss_param {{ side: 3 num_class: 2 num_object: 2 {SCALES} %s }}"
OF_CELLS = f"yolo_loss_param {{ grid_side: 3 classes: 2 bbox_count: 2 {SCALES} %s }}"
TRUTHS = [{4: (1, 0.45, 0.6, 0.3, 0.36), 2: (0, 0.9, 0.1, 0.2, 0.16)}, {0: (1, 0.1, 0.2, 0.04, 0.25)}]  # by cell: class, box


def iou(a: tuple, b: tuple) -> float:
    both = 1.0
    for i in (0, 1):
        both *= max(0, min(a[i] + a[i + 2] / 2, b[i] + b[i + 2] / 2) - max(a[i] - a[i + 2] / 2, b[i] - b[i + 2] / 2))
    return both / (a[2] * a[3] + b[2] * b[3] - both)


def places(planes: bool, cell: int) -> tuple[list[int], list[int], list[list[int]]]:
    """Where the numbers of a cell stand in the bottom: classes, objects, boxes."""
    objects, boxes = CLASSES * CELLS, (CLASSES + BOXES) * CELLS
    if planes:
        return ([c * CELLS + cell for c in range(CLASSES)], [objects + k * CELLS + cell for k in range(BOXES)],
                [[boxes + (4 * k + i) * CELLS + cell for i in range(4)] for k in range(BOXES)])
    return ([cell * CLASSES + c for c in range(CLASSES)], [objects + cell * BOXES + k for k in range(BOXES)],
            [[boxes + (cell * BOXES + k) * 4 + i for i in range(4)] for k in range(BOXES)])


def by_hand(x: torch.Tensor, planes: bool, roots: bool, in_cells: bool = True, rescore: bool = True):
    """The sums of squares at true boxes and elsewhere, the overlaps, and the errors."""
    d, squares, nothing, overlaps = torch.zeros_like(x), 0.0, 0.0, []
    for n, truths in enumerate(TRUTHS):
        for cell in range(CELLS):
            classes, objects, boxes = places(planes, cell)
            v = x[n].tolist()
            for o in objects:
                d[n, o], nothing = 0.5 * v[o], nothing + 0.5 * v[o] ** 2
            if cell not in truths:
                continue
            label, *true = truths[cell]
            column, row, found = cell % SIDE, cell // SIDE, []
            for b in boxes:
                wide, tall = (v[i] ** 2 if roots else v[i] for i in b[2:])
                left, top = ((column + v[b[0]]) / SIDE, (row + v[b[1]]) / SIDE) if in_cells else (v[b[0]], v[b[1]])
                found.append((left, top, wide, tall))
            near = [iou(box, true) for box in found]
            best = near.index(max(near)) if max(near) > 0 else min(range(BOXES), key=lambda k: math.dist(found[k], true))
            o, b = objects[best], boxes[best]
            overlaps.append(near[best])
            nothing -= 0.5 * v[o] ** 2
            squares += 3 * (v[o] - 1) ** 2
            d[n, o] = 3 * (v[o] - (near[best] if rescore else 1))
            wanted = [true[0] * SIDE - column, true[1] * SIDE - row] if in_cells else true[:2]
            wanted += [math.sqrt(side) if roots else side for side in true[2:]]
            for place, right, scale in [*((c, float(i == label), 2) for i, c in enumerate(classes)), *zip(b, wanted, [4] * 4)]:
                d[n, place] = scale * (v[place] - right)
                squares += scale * (v[place] - right) ** 2
    return squares, nothing, overlaps, d


def numbers(seed: int) -> torch.Tensor:
    """Numbers from 0 to 1, most of whose boxes overlap the true ones; two do not."""
    x = torch.rand(2, CELLS * (CLASSES + 5 * BOXES), generator=torch.Generator().manual_seed(seed)).double()
    for planes in (True, False):
        for b in places(planes, 0)[2]:
            x[1, b[:2]] = torch.tensor([3.0, 4.0]).double()
    return x


def label_map() -> torch.Tensor:
    """The labels of yeahkun's fork: difficult, there, class, then boxes."""
    labels = torch.zeros(2, 7, CELLS).double()
    labels[:, 2] = -1
    for n, truths in enumerate(TRUTHS):
        for cell, (label, *box) in truths.items():
            labels[n, 1:3, cell] = torch.tensor([1.0, label]).double()
            labels[n, 3:].view(CELLS, 4)[cell] = torch.tensor(box, dtype=torch.float64)
    return labels.flatten(1)


def label_rows() -> torch.Tensor:
    """The labels of luolongqiang's fork, x and y in cells."""
    labels = torch.zeros(2, CELLS, 5 + CLASSES).double()
    for n, truths in enumerate(TRUTHS):
        for cell, (label, x, y, *sides) in truths.items():
            row = [1, label == 0, label == 1, x * SIDE - cell % SIDE, y * SIDE - cell // SIDE, *sides]
            labels[n, cell] = torch.tensor(row, dtype=torch.float64)
    return labels.flatten(1)


def run(kind: str, param: str, x: torch.Tensor, labels: torch.Tensor) -> tuple[float, torch.Tensor]:
    x = x.clone().requires_grad_()
    loss = one_layer(kind, param, x=x, t=labels)(x=x, t=labels)["y0"]
    loss.backward()
    return loss.item(), x.grad


@pytest.mark.parametrize(("more", "roots", "in_cells"), [
    ("constriant: true", True, True), ("sqrt: false constriant: true", False, True), ("", True, False)])
def test_means_of_squares(more: str, roots: bool, in_cells: bool):
    x = numbers(3)
    squares, nothing, _, d = by_hand(x, True, roots, in_cells)
    loss, gradient = run("DetectionLoss", OF_PLANES % more, x, label_map())
    assert loss == pytest.approx(squares / 3 + nothing / (2 * CELLS * BOXES - 3))
    torch.testing.assert_close(gradient, d / 2)


@pytest.mark.parametrize(("more", "roots", "rescore"), [("", True, True), ("sqrt: false rescore: false", False, False)])
def test_the_mean_overlap_is_the_loss_of_the_other_fork(more: str, roots: bool, rescore: bool):
    x = numbers(4)
    _, _, overlaps, d = by_hand(x, False, roots, rescore=rescore)
    loss, gradient = run("YoloLoss", OF_CELLS % more, x, label_rows())
    assert loss == pytest.approx(sum(overlaps) / 3)
    torch.testing.assert_close(gradient, d)


def test_without_true_boxes():
    x, empty = numbers(5), torch.zeros(2, 7 * CELLS).double()
    loss, gradient = run("DetectionLoss", OF_PLANES % "", x, empty)
    objects = x[:, CLASSES * CELLS : (CLASSES + BOXES) * CELLS]
    assert loss == pytest.approx(0.5 * float(objects.square().mean()))
    torch.testing.assert_close(gradient[:, CLASSES * CELLS : (CLASSES + BOXES) * CELLS], objects * 0.5 / 2)
    assert run("YoloLoss", OF_CELLS % "", x, empty)[0] == 0


@pytest.mark.parametrize(("kind", "param", "shape", "words"), [
    ("DetectionLoss", OF_PLANES % "", (2, 100), "wants 108 numbers"),
    ("YoloLoss", OF_CELLS % "", (2, 100), "wants 108 numbers"),
    ("YoloLoss", "yolo_loss_param { grid_side: 3 }", (2, 100), "classes"),
])
def test_bad_settings_are_refused(kind: str, param: str, shape: tuple[int, ...], words: str):
    with pytest.raises(netdef.SpecError, match=words):
        one_layer(kind, param, x=shape, t=(2, 63))


def test_a_class_that_is_none_is_an_error():
    labels = label_map().view(2, 7, CELLS)
    labels[0, 2, 4] = 2
    with pytest.raises(netdef.NetdefError, match="class"):
        run("DetectionLoss", OF_PLANES % "", numbers(6), labels.flatten(1))
