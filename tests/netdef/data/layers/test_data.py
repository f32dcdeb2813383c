"""`Data`: raw, encoded and mixed datums; warnings and errors."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from netdef.data.images.image_file import decode
from netdef.data.images.resize import resize
from netdef.errors import FileError, SpecError
from netdef.schema.messages import Datum, DatumLabels

DATA = "type: 'Data' top: 'data' top: 'label' data_param { source: 'db' backend: LMDB batch_size: 3 }"


def with_transform(text: str) -> str:
    return f"{DATA} transform_param {{ {text} }}"


def jpeg(image: np.ndarray, label: int) -> Datum:
    buffer = io.BytesIO()
    Image.fromarray(image.transpose(1, 2, 0)).save(buffer, "JPEG")
    return Datum(encoded=True, data=buffer.getvalue(), label=label)


def test_encoded_images_are_prepared_ahead_and_equal(
    make_feed: Callable, make_database: Callable, random_images: Callable
):
    datums = [jpeg(image, label) for label, image in enumerate(random_images(7, 3, 9, 11))]
    make_database(datums)
    feed = make_feed(with_transform("mean_value: 10 mean_value: 20 mean_value: 30"))
    mean = np.array([10, 20, 30], np.float32)[:, None, None]
    for number in range(5):
        batch = next(feed)
        items = [(number * 3 + i) % 7 for i in range(3)]
        assert batch["label"].tolist() == items
        np.testing.assert_array_equal(batch["data"], [decode(datums[i].data) - mean for i in items])
    assert feed._ahead is not None


def test_small_raw_images_use_no_thread(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database(random_images(4, 3, 9, 11))
    assert make_feed(DATA)._ahead is None


@pytest.mark.parametrize("more, world", [
    ("", 1), ("", 2), ("shuffle: true", 1), ("shuffle: true", 3), ("rand_skip: 5", 1), ("batch_size: 9", 1)])
@pytest.mark.parametrize("transform", ["scale: 0.5 mean_value: 3", "crop_size: 4 mirror: true"])
def test_batches_are_the_same_whether_images_are_kept_or_read(
    make_feed: Callable, make_database: Callable, random_images: Callable, more: str, world: int, transform: str
):
    """Over three epochs of seven, whose ends lie within batches, and back at the first."""
    images = random_images(7, 3, 5, 6)
    make_database([Datum(channels=3, height=5, width=6, data=image.tobytes(), label=i) for i, image in enumerate(images)])
    text = with_transform(transform).replace("batch_size: 3", more if "batch_size" in more else f"batch_size: 3 {more}")
    keeps, reads = make_feed(text, "TRAIN"), make_feed(text, "TRAIN")
    assert keeps.kept is not None
    reads.kept = None
    for feed in (keeps, reads):
        feed.configure(5, world - 1, world)
    for number in (*range(8), 0, 3):
        keeps.seek(number), reads.seek(number)
        mine, wanted = next(keeps), next(reads)
        assert all(torch.equal(mine[top], wanted[top]) for top in ("data", "label"))
    assert keeps.kept.get(range(7)) is not None


def test_a_kept_database_is_not_read_again(make_feed: Callable, make_database: Callable, random_images: Callable, monkeypatch):
    make_database(random_images(6, 3, 5, 4))
    feed = make_feed(DATA)
    first = [next(feed), next(feed)]
    monkeypatch.setattr(feed, "items", None)
    again = [next(feed), next(feed)]
    assert all(torch.equal(a["data"], b["data"]) for a, b in zip(first, again))


def test_large_and_encoded_images_are_not_kept(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database([jpeg(image, 0) for image in random_images(3, 3, 9, 11)])
    assert make_feed(DATA).kept is None
    make_database(random_images(3, 3, 9, 11), "raw")
    raw = DATA.replace("'db'", "'raw'")
    assert make_feed(raw).kept is not None
    assert make_feed(raw.replace("batch_size: 3", "batch_size: 3600")).kept is None  # 1 Mi values: made by a thread


def test_raw_and_encoded_may_be_mixed(make_feed: Callable, make_database: Callable, random_images: Callable):
    first, second, third = random_images(3, 3, 8, 12)
    raw = Datum(channels=3, height=8, width=12, data=third.tobytes(), label=2)
    encoded = [jpeg(first, 0), jpeg(second, 1)]
    make_database([*encoded, raw])
    batch = next(make_feed(DATA))
    np.testing.assert_array_equal(batch["data"], [decode(encoded[0].data), decode(encoded[1].data), third])


def test_force_gray_makes_one_channel(make_feed: Callable, make_database: Callable, random_images: Callable):
    datums = [jpeg(image, 0) for image in random_images(3, 3, 9, 11)]
    make_database(datums)
    feed = make_feed(with_transform("force_gray: true"))
    assert feed.shapes["data"] == (3, 1, 9, 11)
    np.testing.assert_array_equal(next(feed)["data"], [decode(datum.data, color=False) for datum in datums])


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_images_are_resized(make_feed: Callable, make_database: Callable, random_images: Callable, phase: str):
    images = [*random_images(1, 2, 5, 9), *random_images(1, 2, 7, 4), *random_images(1, 2, 4, 4)]
    make_database(images)
    feed = make_feed(with_transform("resize_param { height: 6 width: 8 } scale: 0.5"), phase)
    assert feed.shapes["data"] == (3, 2, 6, 8)
    np.testing.assert_array_equal(next(feed)["data"], [resize(image, 6, 8).astype(np.float32) / 2 for image in images])


def test_resized_images_are_cropped(make_feed: Callable, make_database: Callable, random_images: Callable):
    images = random_images(3, 3, 5, 9)
    make_database([jpeg(image, 0) for image in images])
    feed = make_feed(with_transform("resize_param { height: 6 width: 8 } crop_size: 4"), "TEST")
    assert feed.shapes["data"] == (3, 3, 4, 4)
    expected = [resize(decode(jpeg(image, 0).data), 6, 8)[:, 1:5, 2:6] for image in images]
    np.testing.assert_array_equal(next(feed)["data"], expected)


def test_what_only_annotated_data_reads_is_ignored(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database(random_images(3, 3, 5, 9))
    text = with_transform("distort_param { brightness_prob: 1 brightness_delta: 90 } expand_param { max_expand_ratio: 4 }")
    with pytest.warns(UserWarning, match="`distort_param` ignored: only AnnotatedData"), \
            pytest.warns(UserWarning, match="`expand_param` ignored"):
        changed = next(make_feed(text))["data"]
    assert torch.equal(changed, next(make_feed(DATA))["data"])


def test_several_sizes_are_refused(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database(random_images(3, 3, 5, 9))
    with pytest.raises(SpecError, match="several `resize_param`"):
        make_feed(with_transform("resize_param { height: 6 width: 8 } resize_param { height: 4 width: 8 }"))


def test_sizes_may_differ_under_a_crop(make_feed: Callable, make_database: Callable, random_images: Callable):
    images = [*random_images(1, 2, 5, 9), *random_images(1, 2, 7, 4), *random_images(1, 2, 4, 4)]
    make_database(images)
    batch = next(make_feed(with_transform("crop_size: 4"), "TEST"))
    np.testing.assert_array_equal(batch["data"], [images[0][:, :4, 2:6], images[1][:, 1:5], images[2]])


def test_batch_of_one_takes_any_size(make_feed: Callable, make_database: Callable, random_images: Callable):
    images = [*random_images(1, 2, 5, 9), *random_images(1, 2, 7, 4)]
    make_database(images)
    feed = make_feed(DATA.replace("batch_size: 3", "batch_size: 1"))
    assert [tuple(next(feed)["data"].shape) for _ in range(3)] == [(1, 2, 5, 9), (1, 2, 7, 4), (1, 2, 5, 9)]


def test_image_of_another_size_is_refused_by_key(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database([*random_images(4, 2, 5, 9), *random_images(1, 2, 7, 4)])
    feed = make_feed(DATA)
    next(feed)
    with pytest.raises(
        FileError, match=r"db: item `00000004` is of shape \(2, 7, 4\), the first of its batch of \(2, 5, 9\)"
    ):
        next(feed)


@pytest.mark.parametrize("bad", [0, 4])
def test_value_that_is_no_datum_is_refused_by_key(
    make_feed: Callable, make_database: Callable, random_images: Callable, bad: int
):
    class Noise:
        def SerializeToString(self) -> bytes:
            return b"\xff\xfe"

    images = random_images(5, 1, 2, 3)
    images[bad] = Noise()
    make_database(images)
    with pytest.raises(FileError, match=rf"db: item `0000000{bad}` is not a Datum"):
        feed = make_feed(DATA)
        next(feed)
        next(feed)


@pytest.mark.parametrize("encoded", [False, True])
def test_broken_image_is_refused_by_key(make_feed: Callable, make_database: Callable, random_images: Callable, encoded: bool):
    images = random_images(5, 3, 8, 9)
    good = [jpeg(image, 0) if encoded else image for image in images]
    broken = Datum(encoded=encoded, data=b"\xff\xd8\xff broken", channels=3, height=8, width=9)
    make_database([*good[:4], broken])
    feed = make_feed(DATA)
    first = next(feed)
    for _ in range(2):
        with pytest.raises(FileError, match=r"db: item `00000004` (holds an image|says 3 x 8 x 9)"):
            next(feed)
    feed.seek(0)
    assert torch.equal(next(feed)["data"], first["data"])


def test_a_missing_source_names_both_places(make_feed: Callable, tmp_path: Path):
    with pytest.raises(SpecError) as caught:
        make_feed(DATA)
    (problem,) = caught.value.problems
    assert problem.span.text.startswith("source")
    assert f"`{tmp_path / 'db'}`" in problem.message and f"`{Path.cwd() / 'db'}`" in problem.message


def test_an_absent_backend_means_leveldb(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database(random_images(2, 1, 2, 3))
    with pytest.raises(FileError, match="is an LMDB, not a LevelDB; say `backend: LMDB`"):
        make_feed(DATA.replace("backend: LMDB", ""))


def test_legacy_fields_warn(make_feed: Callable, make_database: Callable, random_images: Callable):
    images = random_images(3, 1, 2, 3)
    make_database(images)
    with pytest.warns(UserWarning, match=r"<text>:1:\d+: layer `input`: .*data_param `scale`"):
        feed = make_feed(DATA.replace("batch_size", "scale: 2 batch_size"))
    np.testing.assert_array_equal(next(feed)["data"], images)


def test_rand_skip_passes_over_items(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database(random_images(50, 1, 2, 3))
    feed = make_feed(DATA.replace("batch_size", "rand_skip: 4 batch_size"))
    starts = set()
    for seed in range(40):
        feed.configure(seed)
        feed.seek(0)
        labels = next(feed)["label"].tolist()
        assert labels == list(range(int(labels[0]), int(labels[0]) + 3))
        starts.add(labels[0])
    assert starts == {0, 1, 2, 3}


def shuffled(make_feed: Callable, count: int, seed: int = 1, batch: int = 3) -> list[int]:
    """The first ``count`` labels of a shuffled database."""
    feed = make_feed(DATA.replace("batch_size: 3", f"batch_size: {batch} shuffle: true"))
    feed.configure(seed)
    return [int(label) for _ in range(count // batch) for label in next(feed)["label"]]


def test_each_epoch_is_shuffled_differently(make_feed: Callable, make_database: Callable, random_images: Callable):
    images = random_images(7, 1, 2, 3)
    make_database(images)
    drawn = shuffled(make_feed, 42)
    epochs = [drawn[start : start + 7] for start in range(0, 42, 7)]
    assert all(sorted(epoch) == list(range(7)) for epoch in epochs)
    assert len({tuple(epoch) for epoch in epochs}) == 6
    assert drawn != shuffled(make_feed, 42, seed=2)
    assert drawn == shuffled(make_feed, 42, batch=2)
    pool = make_feed(DATA.replace("batch_size: 3", "batch_size: 3 shuffle_pool_size: 10"))
    pool.configure(1)
    assert [int(label) for _ in range(14) for label in next(pool)["label"]] == drawn


def test_a_list_selects_records_and_has_their_labels(
    make_feed: Callable, make_database: Callable, random_images: Callable, tmp_path: Path
):
    images = random_images(7, 1, 2, 3)
    make_database(images)
    (tmp_path / "some").write_text("00000004 40\n00000001 10\n00000006 60\n00000002 20\n")
    text = DATA.replace("batch_size: 3", "batch_size: 3 selective_list: 'some' selective_list_shuffle: false")
    feed = make_feed(text)
    for wanted in ([4, 1, 6], [2, 4, 1]):
        batch = next(feed)
        assert batch["label"].tolist() == [10 * place for place in wanted]
        assert [image.tolist() for image in batch["data"]] == [images[place].tolist() for place in wanted]
    assert feed.epoch_size() == 4
    feed = make_feed(text.replace("false", "true"))
    feed.configure(1)
    drawn = [int(label) for _ in range(8) for label in next(feed)["label"]]
    assert all(sorted(drawn[start : start + 4]) == [10, 20, 40, 60] for start in range(0, 24, 4))
    assert len({tuple(drawn[start : start + 4]) for start in range(0, 24, 4)}) > 1


@pytest.mark.parametrize(("lines", "words"), [("", "lists no records"), ("00000001 1\n00000002", "line 2 is not a key and")])
def test_a_list_without_records_or_labels_is_refused(
    make_feed: Callable, make_database: Callable, random_images: Callable, tmp_path: Path, lines: str, words: str
):
    make_database(random_images(3, 1, 2, 3))
    (tmp_path / "some").write_text(lines)
    with pytest.raises(SpecError, match=words):
        make_feed(DATA.replace("batch_size: 3", "batch_size: 3 selective_list: 'some'"))


def test_a_shuffled_database_is_resumed_at_any_batch(make_feed: Callable, make_database: Callable, random_images: Callable):
    images = random_images(7, 1, 2, 3)
    make_database(images)
    text = DATA.replace("batch_size: 3", "batch_size: 3 shuffle: true")
    feed, again = make_feed(text), make_feed(text)
    batches = [next(feed) for _ in range(10)]
    for position in (9, 2, 5):
        again.seek(position)
        batch = next(again)
        assert torch.equal(batch["label"], batches[position]["label"])
        np.testing.assert_array_equal(batch["data"], [images[int(label)] for label in batch["label"]])


def test_ranks_share_a_shuffled_database(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database(random_images(7, 1, 2, 3))
    text = DATA.replace("batch_size: 3", "batch_size: 2 shuffle: true")
    whole, parts = make_feed(text), [make_feed(text), make_feed(text)]
    for rank, part in enumerate(parts):
        part.configure(0, rank, 2)
    dealt = [next(part)["label"].tolist() for _ in range(6) for part in parts]
    assert dealt == [next(whole)["label"].tolist() for _ in range(12)]


def test_crops_of_a_batch_get_one_random_size(make_feed: Callable, make_database: Callable, random_images: Callable):
    """Encoded images, in TRAIN; the crop is the whole image here."""
    datums = [jpeg(image, label) for label, image in enumerate(random_images(6, 3, 9, 9))]
    make_database(datums)
    feed = make_feed(with_transform("crop_size: 9 mean_value: 7 min_resize: 4 max_resize: 7"))
    sizes = set()
    for number in range(12):
        data = next(feed)["data"]
        sizes.add(data.shape[2:])
        for image, index in zip(data, range(3 * number, 3 * number + 3)):
            np.testing.assert_array_equal(image, resize(decode(datums[index % 6].data), *data.shape[2:]).astype(np.float32) - 7)
    assert sizes == {(4, 4), (5, 5), (6, 6)}
    oblong = make_feed(with_transform("crop_size: 9 min_resize: 4 max_resize: 7 square_resize: false"))
    assert len({next(oblong)["data"].shape[2:] for _ in range(40)}) == 9
    assert make_feed(with_transform("crop_size: 9 min_resize: 4 max_resize: 7"), "TEST").shapes["data"] == (3, 3, 9, 9)


def test_raw_crops_keep_their_size(make_feed: Callable, make_database: Callable, random_images: Callable):
    make_database(random_images(4, 3, 9, 9))
    feed = make_feed(with_transform("crop_size: 8 min_resize: 4 max_resize: 7"))
    assert {next(feed)["data"].shape for _ in range(5)} == {(3, 3, 8, 8)}


@pytest.mark.parametrize(("transform", "words"), [
    ("min_resize: 4 max_resize: 4", "`min_resize` 4 and `max_resize` 4, which must be greater"),
    ("min_resize: 4 max_resize: 5 mean_file: 'm'", "`min_resize` and a `mean_file`"),
])
def test_other_random_sizes_of_batches_are_refused(
    make_feed: Callable, make_database: Callable, random_images: Callable, transform: str, words: str
):
    make_database(random_images(4, 3, 9, 9))
    with pytest.raises(SpecError, match=words):
        make_feed(with_transform(transform))


def test_a_float_for_each_further_top(make_feed: Callable, make_database: Callable, random_images: Callable):
    images = random_images(4, 3, 5, 6)
    speeds = [0.5, 1.5, -2, 4]
    values = [
        Datum.FromString(Datum(channels=3, height=5, width=6, data=image.tobytes()).SerializeToString()
                         + DatumLabels(label=[i, speed]).SerializeToString())
        for i, (image, speed) in enumerate(zip(images, speeds))]
    make_database(values)
    feed = make_feed(DATA.replace("top: 'label'", "top: 'door' top: 'speed'"))
    first, second = next(feed), next(feed)
    assert first["speed"].tolist() == [[[[0.5]]], [[[1.5]]], [[[-2]]]] and second["door"].flatten().tolist() == [3, 0, 1]
    np.testing.assert_array_equal(second["data"], np.stack([images[3], images[0], images[1]]))
    with pytest.raises(FileError, match="has 2 labels, and layer `.*` .Data. 3 tops for them"):
        make_feed(DATA.replace("top: 'label'", "top: 'door' top: 'speed' top: 'seat'"))


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_pixels_are_changed_in_both_phases(make_feed: Callable, make_database: Callable, random_images: Callable, phase: str):
    images = random_images(3, 3, 5, 4)
    make_database(images)
    text = "resize_param { height: 10 width: 8 interp_mode: NEAREST } noise_param { posterize: true }"
    found = next(make_feed(with_transform(text), phase))["data"]
    np.testing.assert_array_equal(found[:, :, ::2, ::2], np.stack(images) // 64 * 64 + 32)


def test_crops_are_turned_in_training(make_feed: Callable, make_database: Callable, random_images: Callable):
    (image,) = images = random_images(1, 3, 4, 4)
    make_database(images)
    text, seen = with_transform("rotate: true mean_value: 7"), set()
    feed, other = make_feed(text), make_feed(text)
    for _ in range(20):
        batch = next(feed)["data"]
        np.testing.assert_array_equal(batch, next(other)["data"])
        for found in batch:
            seen.update(n for n in range(4) if np.array_equal(found, np.rot90(image, -n, (1, 2)) - 7.0))
    assert seen == {0, 1, 2, 3}
    np.testing.assert_array_equal(next(make_feed(text, "TEST"))["data"][0], image - 7.0)
    make_database(random_images(1, 3, 5, 4), "oblong")
    with pytest.raises(SpecError, match="turns images of 5 x 4; `rotate` is for squares"):
        make_feed(text.replace('"db"', '"oblong"').replace("'db'", "'oblong'"))


def test_images_cover_a_size_and_are_cropped(make_feed: Callable, make_database: Callable, random_images: Callable):
    """5 x 9 to cover 10 x 12 is 10 x 18, of which the middle 6 columns; 8 x 4 is 24 x 12, of which the middle 10 rows."""
    images = [*random_images(1, 3, 5, 9), *random_images(1, 3, 8, 4), *random_images(1, 3, 10, 12)]
    make_database(images)
    size = "resize_param { resize_mode: FIT_SMALL_SIZE interp_mode: NEAREST height: 10 width: 12 }"
    found = next(make_feed(with_transform(f"{size} crop_h: 10 crop_w: 6"), "TEST"))["data"]
    np.testing.assert_array_equal(found[0], images[0].repeat(2, 1).repeat(2, 2)[:, :, 6:12])
    np.testing.assert_array_equal(found[1], images[1].repeat(3, 1).repeat(3, 2)[:, 7:17, 3:9])
    np.testing.assert_array_equal(found[2], images[2][:, :, 3:9])
    with pytest.raises(SpecError, match="images of a batch have one size: WARP or FIT_LARGE_SIZE_AND_PAD, or a crop"):
        make_feed(with_transform(size))
