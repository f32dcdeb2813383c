"""AnnotatedData: images with boxes, cut, resized, distorted, mirrored."""

import lmdb
import numpy as np
import pytest
import torch
from oracle import shared

import netdef
from netdef.schema.messages import AnnotatedDatum

BOXES = [
    [(3, 0, 0.1, 0.2, 0.5, 0.6, False), (7, 0, 0.5, 0.5, 1.0, 0.75, True)],
    [],
    [(2, 4, 0.0, 0.0, 0.25, 1.0, False)],
]


def image(number):
    return np.random.default_rng(number).integers(0, 256, (3, 8, 20), np.uint8)


@pytest.fixture
def database(tmp_path):
    """Three images of 8 x 20 with two boxes, none and one."""
    with lmdb.open(str(tmp_path / "db")) as env, env.begin(write=True) as txn:
        for number, boxes in enumerate(BOXES):
            datum = AnnotatedDatum(
                type="BBOX", datum={"channels": 3, "height": 8, "width": 20, "data": image(number).tobytes()}
            )
            for label, instance, x1, y1, x2, y2, difficult in boxes:
                box = {"xmin": x1, "ymin": y1, "xmax": x2, "ymax": y2, "difficult": difficult}
                datum.annotation_group.add(group_label=label, annotation=[{"instance_id": instance, "bbox": box}])
            txn.put(f"{number:08}".encode(), datum.SerializeToString())
    return tmp_path / "db"


def feed(database, transform="", more="", batch=2, phase="TRAIN", seed=1):
    net = netdef.loads(
        f"""
        layer {{ name: "data" type: "AnnotatedData" top: "data" top: "label" transform_param {{ {transform} }}
                data_param {{ source: "{database}" batch_size: {batch} backend: LMDB }}
                annotated_data_param {{ {more} }} }}""",
        phase=phase,
        device="meta",
    )
    net.feeds.configure(seed)
    return net.feeds


def rows(*numbered):
    return [[i, *row] for i, image in enumerate(numbered) for row in image]


def test_images_and_boxes_as_they_are(database):
    batches = feed(database)
    one, two = next(batches), next(batches)
    np.testing.assert_array_equal(one["data"], [image(0), image(1)])
    np.testing.assert_array_equal(two["data"], [image(2), image(0)])
    assert one["label"].shape == (1, 1, 2, 8)
    np.testing.assert_allclose(one["label"][0, 0], rows(BOXES[0], BOXES[1]), rtol=1e-6)
    np.testing.assert_allclose(two["label"][0, 0], rows(BOXES[2], BOXES[0]), rtol=1e-6)


def test_a_batch_without_boxes_has_a_row_of_minus_one(database):
    batches = feed(database, batch=1)
    next(batches)
    assert (next(batches)["label"] == -1).all()


def test_images_are_resized_shifted_and_scaled(database):
    found = next(
        feed(
            database,
            """resize_param { height: 4 width: 5 interp_mode: NEAREST } mean_value: 10 mean_value: 20
                                   mean_value: 30 scale: 0.5""",
        )
    )
    expected = (image(0)[:, ::2, ::4] - np.array([10.0, 20, 30])[:, None, None]) * 0.5
    np.testing.assert_allclose(found["data"][0], expected)
    np.testing.assert_allclose(found["label"][0, 0], rows(BOXES[0], BOXES[1]), rtol=1e-6)  # parts of the sides stay


FIT = "resize_param { resize_mode: FIT_LARGE_SIZE_AND_PAD interp_mode: NEAREST height: %d width: %d %s }"


def test_images_are_fitted_and_padded(database):
    """8 x 20 into 12 x 10: 4 rows of 10 in the middle; into 4 x 15: 10 columns, of the 5 more the odd one behind."""
    half = image(0)[:, ::2, ::2]
    for pad, above in (
        ("", np.zeros((3, 1, 10))),
        ("pad_value: 7", np.full((3, 1, 10), 7)),
        ("pad_value: 7 pad_value: 300 pad_value: 9.6", np.array([7, 255, 10])[:, None, None]),
        ("pad_mode: REPEAT_NEAREST", half[:, :1]),
        ("pad_mode: MIRRORED", half[:, [2, 3, 2, 1]]),  # of rows 0 to 3: the border's own row is not repeated
    ):
        found = next(feed(database, FIT % (12, 10, pad), batch=1))
        assert found["data"].shape == (1, 3, 12, 10)
        np.testing.assert_array_equal(found["data"][0, :, 4:8], half)
        np.testing.assert_array_equal(found["data"][0, :, :4], np.broadcast_to(above, (3, 4, 10)))
        for row, (_, _, x1, y1, x2, y2, _) in zip(found["label"][0, 0].tolist(), BOXES[0]):
            assert row[3:7] == pytest.approx([x1, (4 + 4 * y1) / 12, x2, (4 + 4 * y2) / 12])
    found = next(feed(database, FIT % (4, 15, "pad_value: 3"), batch=1))
    np.testing.assert_array_equal(found["data"][0, ..., 2:12], half)
    assert (found["data"][0, ..., :2] == 3).all() and (found["data"][0, ..., 12:] == 3).all()
    for row, (_, _, x1, y1, x2, y2, _) in zip(found["label"][0, 0].tolist(), BOXES[0]):
        assert row[3:7] == pytest.approx([(2.5 + 10 * x1) / 15, y1, (2.5 + 10 * x2) / 15, y2])


def test_boxes_are_mirrored_with_their_image(database):
    batches = feed(database, "mirror: true", batch=1)
    seen = set()
    for _ in range(12):
        for number in range(3):
            batch = next(batches)
            plain = np.array_equal(batch["data"][0], image(number))
            assert plain or np.array_equal(batch["data"][0], image(number)[:, :, ::-1])
            seen.add(plain)
            for row, (label, _, x1, y1, x2, y2, _) in zip(batch["label"][0, 0].tolist(), BOXES[number]):
                assert row[1] == label
                assert row[3:7] == pytest.approx([x1, y1, x2, y2] if plain else [1 - x2, y1, 1 - x1, y2])
    assert seen == {True, False}


def test_cuts_keep_the_boxes_whose_centre_they_hold(database):
    """Each number of the image says where it was, so that the cut can be told from the pixels."""
    batches = feed(
        database,
        "emit_constraint { emit_type: CENTER }",
        """
        batch_sampler { max_sample: 1 max_trials: 50 sampler { min_scale: 0.5 max_scale: 0.5 }
                        sample_constraint { min_object_coverage: 0.9 } }""",
        batch=1,
    )
    whole = {image(n).tobytes(): n for n in range(3)}
    # A cut of another size than the image's needs a resize, which comes behind.
    with pytest.raises(netdef.NetdefError, match="is of shape"):
        for _ in range(9):
            assert next(batches)["data"].numpy().astype(np.uint8)[0].tobytes() in whole
    batches = feed(
        database,
        """resize_param { height: 4 width: 10 interp_mode: NEAREST }
        emit_constraint { emit_type: CENTER }""",
        """
        batch_sampler { max_sample: 1 max_trials: 50 sampler { min_scale: 0.5 max_scale: 0.5 }
                        sample_constraint { min_object_coverage: 0.9 } }""",
        batch=1,
    )
    cuts = 0
    for _ in range(10):
        batch = next(batches)
        next(batches), next(batches)
        for top in range(5):
            for left in range(11):
                if np.array_equal(batch["data"][0], image(0)[:, top : top + 4, left : left + 10]):
                    cuts += 1
                    for row in batch["label"][0, 0].tolist():
                        ((_, _, x1, y1, x2, y2, _),) = [box for box in BOXES[0] if box[0] == row[1]]
                        # The cut begins within the pixel (left, top); seen from it the box is twice as large.
                        wide = [(x1 - left / 20) * 2, (y1 - top / 8) * 2, (x2 - left / 20) * 2, (y2 - top / 8) * 2]
                        assert row[3:7] == pytest.approx(np.clip(wide, 0, 1), abs=0.26)
    assert cuts >= 8  # boxes of 0.9 coverage are found for most


def test_expanded_image_lies_on_a_larger_canvas(database):
    batches = feed(
        database,
        "expand_param { prob: 1 max_expand_ratio: 3 } resize_param { height: 8 width: 20 } mean_value: 9",
        batch=1,
    )
    for number in range(6):
        row = next(batches)["label"][0, 0, 0].tolist()
        if number % 3 == 0:
            sides = np.array([row[5] - row[3], row[6] - row[4]])
            assert (sides >= 0.4 / 3 - 0.01).all() and (
                sides <= 0.401
            ).all()  # both of 0.4, and of one scale but rounding
            assert sides[0] == pytest.approx(sides[1], rel=0.15)


def test_distorted_colours_follow_from_the_seed(database):
    distort = """distort_param { brightness_prob: 1 brightness_delta: 32 contrast_prob: 0.5 contrast_lower: 0.5
        contrast_upper: 1.5 hue_prob: 0.5 hue_delta: 18 saturation_prob: 0.5 saturation_lower: 0.5 saturation_upper: 1.5
        random_order_prob: 0.2 }"""
    one, other, third = feed(database, distort), feed(database, distort), feed(database, distort, seed=2)
    first, same, another = next(one), next(other), next(third)
    assert torch.equal(first["data"], same["data"]) and not torch.equal(first["data"], another["data"])
    other.seek([0])
    assert torch.equal(next(other)["data"], first["data"])
    brighter = next(feed(database, "distort_param { brightness_prob: 1 brightness_delta: 32 }"))["data"].numpy()
    for found, original in zip(brighter, (image(0), image(1))):
        inside = (found > 0) & (found < 255)
        assert len(np.unique((found - original)[inside])) == 1 and np.abs((found - original)[inside]).max() <= 32


def test_noise_changes_the_resized_image(database):
    found = next(feed(database, "resize_param { height: 4 width: 5 interp_mode: NEAREST } noise_param { inverse: true }"))
    np.testing.assert_array_equal(found["data"][0], 255 - image(0)[:, ::2, ::4])
    np.testing.assert_allclose(found["label"][0, 0], rows(BOXES[0], BOXES[1]), rtol=1e-6)


def test_colours_of_one_chance_are_changed_twice(database):
    """As in jolibrain's fork: brightness changes by up to 2 * 32."""
    text = "distort_param { prob: 1 brightness: true brightness_delta: 32 }"
    found = [next(feed(database, text, batch=1, seed=seed))["data"][0].numpy() for seed in range(20)]
    changes = [np.abs(data - image(0)).max() for data in found]
    assert 32 < max(changes) <= 64


def test_boxes_are_seen_from_a_side_with_their_image(database):
    """The box of the last image, a quarter of its width and all of its height, keeps about that share."""
    text = "geometry_param { prob: 1 pad_mode: CONSTANT zoom_factor: 0.1 persp_factor: 0.05 }"
    one, other = (feed(database, text, batch=1) for _ in range(2))
    found = [next(one) for _ in range(3)]
    for batch in found:
        assert torch.equal(batch["data"], next(other)["data"]) and batch["data"].shape == (1, 3, 8, 20)
    assert not np.array_equal(found[2]["data"][0], image(2))
    row = found[2]["label"][0, 0, 0].tolist()
    assert row[:3] == [0, 2, 4] and row[3:7] == pytest.approx([0, 0, 0.25, 1], abs=0.16)


def test_square_images_are_turned_with_their_boxes(database):
    """In TEST, too, as in the fork; a box of 2 x 1 pixels at the upper border."""
    seen = set()
    with pytest.raises(netdef.NetdefError, match="is of 8 x 20; `rotate` turns square images"):
        next(feed(database, "rotate: true", batch=1))
    squares = database.parent / "squares"
    with lmdb.open(str(squares)) as env, env.begin(write=True) as txn:
        square = AnnotatedDatum(type="BBOX", datum={"channels": 3, "height": 8, "width": 8,
                                                    "data": np.ascontiguousarray(image(0)[..., :8]).tobytes()})
        box = {"xmin": 0.25, "ymin": 0, "xmax": 0.5, "ymax": 0.125}
        square.annotation_group.add(group_label=3, annotation=[{"bbox": box}])
        txn.put(b"0", square.SerializeToString())
    places = [(2, 0, 4, 1), (7, 2, 8, 4), (4, 7, 6, 8), (0, 4, 1, 6)]
    for seed in range(12):
        batch = next(feed(squares, "rotate: true", phase="TEST", batch=1, seed=seed))
        (quarters,) = [n for n in range(4) if np.array_equal(batch["data"][0], np.rot90(image(0)[..., :8], -n, (1, 2)))]
        assert batch["label"][0, 0, 0, 3:7].tolist() == pytest.approx([place / 8 for place in places[quarters]])
        seen.add(quarters)
    assert seen == {0, 1, 2, 3}


@pytest.mark.parametrize("field", ["geometry_param {}", "rotate: true"])
def test_landmarks_are_not_moved_by_another_forks_fields(database, field):
    with pytest.raises(netdef.SpecError, match="has `has_landmarks` and another fork's `"):
        feed(database, field, "has_landmarks: true")


@pytest.mark.parametrize(
    ("transform", "message"),
    [
        ("crop_size: 9", "cannot cut a crop_size of 9 out of an image of 8 x 20"),
        ("resize_param { height: 3 width: 4 resize_mode: FIT_SMALL_SIZE }", "images of a batch have one size"),
        ("resize_param { height: 3 width: 4 pad_value: 1 pad_value: 2 }", "has 2 `pad_value` for images of 3 channels"),
        ("resize_param { height: 3 }", "give `height` and `width`"),
        ("expand_param { max_expand_ratio: 0.5 }", "it must be at least 1"),
        ("distort_param { contrast_lower: 2 contrast_upper: 1 }", "0 <= lower <= upper"),
    ],
)
def test_invalid_settings_are_refused(database, transform, message):
    with pytest.raises(netdef.SpecError, match=message):
        feed(database, transform)


def test_boxes_are_cropped_with_their_image(database):
    """In TEST the middle 4 x 10 of 8 x 20: from a quarter to three quarters of each side."""
    found = next(feed(database, "crop_h: 4 crop_w: 10", phase="TEST"))
    np.testing.assert_array_equal(found["data"], [image(0)[:, 2:6, 5:15], image(1)[:, 2:6, 5:15]])
    np.testing.assert_allclose(
        found["label"][0, 0],
        [(0, 3, 0, 0, 0, 0.5, 0.7, 0), (0, 7, 0, 0.5, 0.5, 1, 1, 1)],  # 2 x - 1/2, within 0 and 1
        rtol=1e-6, atol=1e-6)


def test_a_crop_of_the_resized_size_changes_nothing(database):
    size = "resize_param { height: 4 width: 5 interp_mode: NEAREST }"
    one, other = next(feed(database, size)), next(feed(database, f"{size} crop_h: 4 crop_w: 5"))
    assert torch.equal(one["data"], other["data"]) and torch.equal(one["label"], other["label"])


def test_plain_datums_are_refused(tmp_path):
    with lmdb.open(str(tmp_path / "db")) as env, env.begin(write=True) as txn:
        txn.put(b"0", AnnotatedDatum(type="BBOX").SerializeToString())
    with pytest.raises(netdef.NetdefError, match="item `0` holds no image"):
        feed(tmp_path / "db")


def test_a_published_database_is_read():
    source = shared("corpus/models/lmdb_ssd_annotated/trainval_lmdb")
    batch = next(feed(source, "resize_param { height: 60 width: 70 interp_mode: LINEAR }", batch=3))
    assert batch["data"].shape == (3, 3, 60, 70) and 0 <= batch["data"].min() and batch["data"].max() <= 255
    label = batch["label"][0, 0]
    np.testing.assert_allclose(label[0], [0, 2, 0, 0.18, 0.378378391, 0.666, 0.645645618, 0], rtol=1e-6)
    assert (
        set(label[:, 0].tolist()) == {0, 1, 2}
        and (label[:, 3] < label[:, 5]).all()
        and (label[:, 4] < label[:, 6]).all()
    )


# MobileNet-YOLO's fields


def of_yolo(*boxes):
    """Rows of class from 0, centre and sizes, and zeros behind them."""
    found = np.zeros((300, 5))
    for row, (label, _, x1, y1, x2, y2, _) in zip(found, boxes):
        row[:] = label - 1, (x1 + x2) / 2, (y1 + y2) / 2, x2 - x1, y2 - y1
    return found


def test_labels_of_yolo_are_centre_and_size(database):
    whole = "yolo_data_type: 1 yolo_data_jitter: 0"
    batches = feed(database, more=whole)
    one = next(batches)["label"]
    assert one.shape == batches[0].shapes["label"] == (2, 1, 300, 5)
    np.testing.assert_allclose(one[0, 0], of_yolo(*BOXES[0]), rtol=1e-6)
    assert not one[1].any()
    easy = next(feed(database, more=f"{whole} train_diffcult: false"))["label"]
    np.testing.assert_allclose(easy[0, 0], of_yolo(BOXES[0][0]), rtol=1e-6)


def test_random_parts_of_images_take_their_boxes_along(database):
    """The third image has one box of the left quarter of its columns: whole images keep it, cuts make it narrower or wider."""
    batches = feed(database, more="yolo_data_type: 1 yolo_data_jitter: 0.5", transform="resize_param { height: 8 width: 20 }",
                   batch=3)
    seen, same = [], 0
    for _ in range(40):
        batch = next(batches)
        label, x, y, width, height = batch["label"][2, 0, 0].tolist()
        same += np.array_equal(batch["data"][2], image(2))
        seen.append(x)
        if width:
            assert (label, y, height) == (1, 0.5, 1) and x == pytest.approx(width / 2, abs=1e-6)
    assert 0 < same < 20 and len(set(seen)) > 10
    again = feed(database, more="yolo_data_type: 1 yolo_data_jitter: 0.5", transform="resize_param { height: 8 width: 20 }",
                 batch=3)
    again.seek([39])
    assert torch.equal(next(again)["data"], batch["data"])


def test_samplers_replace_random_parts(database):
    sampled = feed(database, more="yolo_data_type: 1 yolo_data_jitter: 0.9 batch_sampler { max_sample: 1 max_trials: 1 }")
    np.testing.assert_array_equal(next(sampled)["data"], [image(0), image(1)])


def test_one_of_several_sizes_is_drawn_for_ten_batches(database):
    sizes = " ".join(f"resize_param {{ prob: {prob} height: {size} width: {size + 1} }}"
                     for prob, size in ((0.25, 3), (0.25, 4), (0.5, 5)))
    batches = feed(database, sizes, batch=1)
    assert batches[0].shapes["data"] == (1, 3, 3, 4)
    shapes = [tuple(next(batches)["data"].shape) for _ in range(120)]
    assert all(len(set(shapes[start : start + 10])) == 1 for start in range(0, 120, 10))
    assert set(shapes) == {(1, 3, 3, 4), (1, 3, 4, 5), (1, 3, 5, 6)}
    batches.seek([57])
    assert tuple(next(batches)["data"].shape) == shapes[57]


@pytest.mark.parametrize(
    ("transform", "more", "message"),
    [
        ("resize_param { prob: 0.5 height: 3 width: 4 } resize_param { prob: 0.2 height: 3 width: 4 }", "",
         "in 2 ways with probabilities that add up to 0.7"),
        ("", "yolo_data_type: 2", "`yolo_data_type` 2; it is 0 or 1"),
        ("", "yolo_data_jitter: 1", "`yolo_data_jitter` 1; it must be at least 0 and below 1"),
        ("", "difficult_label_warmup: true", "it does not know the iteration"),
    ],
)
def test_bad_yolo_fields_are_refused(database, transform, more, message):
    with pytest.raises(netdef.SpecError, match=message):
        feed(database, transform, more)


def test_labels_of_each_image_alone(database):
    batches = feed(database, more="yoloformat: true", batch=3)
    label = next(batches)["label"]
    assert label.shape == (3, 1, 3, 8)
    np.testing.assert_allclose(label[0, 0, :2], rows(BOXES[0]), rtol=1e-6)
    np.testing.assert_allclose(label[2, 0, 0], [2, *BOXES[2][0]], rtol=1e-6)
    assert (label[0, 0, 2:] == -1).all() and (label[1] == -1).all() and (label[2, 0, 1:] == -1).all()


POINTS = (0.2, 0.3, 0.4, 0.3, 0.3, 0.4, 0.25, 0.5, 0.35, 0.5)


@pytest.fixture
def faces(tmp_path):
    """An image of 8 x 20 with a face that has landmarks, and one without."""
    names = ("lefteye", "righteye", "nose", "leftmouth", "rightmouth")
    marks = {name: {"x": x, "y": y} for name, x, y in zip(names, POINTS[::2], POINTS[1::2])}
    datum = AnnotatedDatum(type="BBOX", datum={"channels": 3, "height": 8, "width": 20, "data": image(0).tobytes()})
    box = {"xmin": 0.1, "ymin": 0.2, "xmax": 0.5, "ymax": 0.6}
    datum.annotation_group.add(group_label=1, annotation=[{"bbox": box, "has_lm": 1, "face_lm": marks}, {"bbox": box}])
    with lmdb.open(str(tmp_path / "faces")) as env, env.begin(write=True) as txn:
        txn.put(b"0", datum.SerializeToString())
    return tmp_path / "faces"


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_landmarks_follow_the_boxes(faces, phase):
    found = next(feed(faces, more="has_landmarks: true", batch=1, phase=phase))["label"][0, 0]
    assert found.shape == (2, 19)
    np.testing.assert_allclose(found[0, 8:], [1, *POINTS], rtol=1e-6)
    assert found[1, 8] == 0 and (found[1, 9:] == -1).all()
    seen = set()
    batches = feed(faces, "mirror: true", "has_landmarks: true", batch=1, phase=phase)
    for _ in range(20):
        face = next(batches)["label"][0, 0, 0].numpy()
        mirrored = bool(face[3] > 0.3)
        seen.add(mirrored)
        wanted = [1 - x if mirrored else x for x in POINTS[::2]]
        np.testing.assert_allclose(face[9::2], wanted, rtol=1e-5)
        np.testing.assert_allclose(face[10::2], POINTS[1::2], rtol=1e-6)
    assert seen == {True, False}


def test_landmarks_are_fitted_and_padded(faces):
    """8 x 20 into 12 x 10: 4 rows of 10 in the middle."""
    found = next(feed(faces, FIT % (12, 10, ""), "has_landmarks: true", batch=1))["label"][0, 0]
    np.testing.assert_allclose(found[0, 9::2], POINTS[::2], rtol=1e-6)
    np.testing.assert_allclose(found[0, 10::2], [(4 + 4 * y) / 12 for y in POINTS[1::2]], rtol=1e-5)
    assert (found[1, 9:] == -1).all()


def test_labels_of_two_forks_are_refused(database):
    with pytest.raises(netdef.SpecError, match="another fork's `yoloformat` or `has_landmarks`"):
        feed(database, more="yolo_data_type: 1 yoloformat: true")
