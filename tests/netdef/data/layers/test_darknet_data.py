"""AnnotatedData with caffe_yolo: images on squares, and label maps."""

from __future__ import annotations

import lmdb
import numpy as np
import pytest

import netdef
from netdef.data.layers.darknet_data import label_map
from netdef.schema.messages import AnnotatedDatum

BOXES = [[(3, 0.5, 0.25, 0.5, 0.3)], [], [(1, 0.75, 0.5, 0.3, 0.6)]]  # class, centre and sizes


@pytest.fixture
def database(tmp_path):
    """Three images of 64 x 64, each of one colour, blue 10, green 20 and red 30 times their number."""
    with lmdb.open(str(tmp_path / "db")) as env, env.begin(write=True) as txn:
        for number, boxes in enumerate(BOXES):
            image = np.broadcast_to(np.array([10, 20, 30], np.uint8)[:, None, None] * (number + 1), (3, 64, 64))
            datum = AnnotatedDatum(type="BBOX", datum={"channels": 3, "height": 64, "width": 64, "data": image.tobytes()})
            for label, x, y, width, height in boxes:
                box = {"x_center": x, "y_center": y, "width": width, "height": height}
                datum.annotation_group.add(group_label=label, annotation=[{"bbox": box}])
            txn.put(f"{number:08}".encode(), datum.SerializeToString())
    return tmp_path / "db"


def feed(database, side="side: 2 side: 4", tops=2, data="", transform="", phase="TRAIN"):
    labels = " ".join(f'top: "l{i}"' for i in range(tops))
    net = netdef.loads(f"""layer {{ name: "data" type: "AnnotatedData" top: "data" {labels} transform_param {{ scale: 0.01
        caffe_yolo: true resize_param {{ width: 64 jitter: 0 }} distort_param {{ saturation_lower: 1 saturation_upper: 1
        exposure_lower: 1 exposure_upper: 1 }} {transform} }}
        data_param {{ source: "{database}" batch_size: 3 backend: LMDB {side} {data} }} }}""", phase=phase, device="meta")
    net.feeds.configure(1)
    return net.feeds


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_images_and_label_maps(database, phase):
    """Without jitter a square image fills the square, all but the last row and column of which are whole pixels."""
    batch = next(feed(database, phase=phase))
    assert batch["data"].shape == (3, 3, 64, 64) and batch["l0"].shape == (3, 28) and batch["l1"].shape == (3, 112)
    for number in range(3):
        np.testing.assert_allclose(batch["data"][number, :, 10, 20], 0.01 * (number + 1) * np.array([30, 20, 10]), rtol=1e-5)
        for side in (2, 4):
            found = batch["l0" if side == 2 else "l1"][number].numpy()
            assert any(np.allclose(found, expected(number, side, mirrored)) for mirrored in (False, True))


def expected(number, side, mirrored):
    boxes = [(1 - x if mirrored else x, y, width, height) for _, x, y, width, height in BOXES[number]]
    return label_map(side, np.array(boxes).reshape(-1, 4), np.array([row[0] for row in BOXES[number]]))


def test_a_label_map():
    boxes = np.array([[0.5, 0.2, 0.1, 0.3], [1.0, 1.0, 0.5, 0.25], [0.6, 0.1, 0.7, 0.8]])
    row = label_map(2, boxes, np.array([4, 0, 2]))
    assert row[:12].tolist() == [0, 0, 0, 0, 0, 1, 0, 1, -1, 2, -1, 0]
    np.testing.assert_allclose(row[12:].reshape(4, 4), [[0] * 4, boxes[2], [0] * 4, boxes[1]], rtol=1e-6)


def test_images_alone(database):
    assert list(next(feed(database, tops=0))) == ["data"]


@pytest.mark.parametrize("changed, said", [
    ({"side": "side: 2 side: 3"}, r"has `side` \[2, 3\]; its 2 label maps of images of 64 have \[2, 4\]"),
    ({"tops": 1}, r"its 1 label maps of images of 64 have \[2\]"),
    ({"data": "random: true"}, "`random` sizes"), ({"transform": "expand_param { }"}, "without `expand_param`"),
    ({"transform": "rotate: true"}, "without `noise_param`, `geometry_param` and `rotate`")])
def test_settings_that_do_not_fit_are_refused(database, changed, said):
    with pytest.raises(netdef.SpecError, match=said):
        feed(database, **changed)


def test_grey_images_are_refused(database):
    with lmdb.open(str(database)) as env, env.begin(write=True) as txn:
        grey = {"channels": 1, "height": 64, "width": 64, "data": bytes(64 * 64)}
        txn.put(b"00000000", AnnotatedDatum(datum=grey).SerializeToString())
    with pytest.raises(netdef.SpecError, match="item `00000000` has 1 channels; `caffe_yolo` takes images of 3"):
        feed(database)
