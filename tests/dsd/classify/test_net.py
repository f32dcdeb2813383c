"""Inputs and outputs of nets that take images."""

from __future__ import annotations

import numpy as np
import pytest

import netdef
from dsd.classify.net import detection_rows, image_shape, scores
from netdef.errors import NetdefError


def net_of(text: str, *sizes: int) -> netdef.Net:
    dims = " ".join(f"dim: {size}" for size in sizes)
    return netdef.loads(f'name: "n" layer {{ name: "in" type: "Input" top: "x" input_param {{ shape {{ {dims} }} }} }} {text}')


def test_the_shape_of_images():
    assert image_shape(net_of("", 5, 3, 4, 7)) == (3, 4, 7) and image_shape(net_of("", 2, 1, 6, 5)) == (1, 6, 5)


@pytest.mark.parametrize("net, said", [
    (lambda: net_of("", 5, 2, 4, 7), r"input `x` has shape \(5, 2, 4, 7\); images are \(batch, 1 or 3 channels, height, width\)"),
    (lambda: net_of("", 5, 3), r"input `x` has shape \(5, 3\)"),
    (lambda: net_of('layer { name: "in2" type: "Input" top: "y" input_param { shape { dim: 2 } } }', 5, 3, 4, 7),
     "net `n` has inputs x, y; one input that takes images is wanted: a deploy file"),
    (lambda: netdef.loads('layer { name: "d" type: "DummyData" top: "x" dummy_data_param { shape { dim: 2 } } }'),
     "has no input; one input"),
    (lambda: netdef.loads('layer { name: "d" type: "MemoryData" top: "x" top: "y" memory_data_param { batch_size: 1 '
                          "channels: 3 height: 4 width: 5 } }"), "has data layers; one input"),
])
def test_nets_that_do_not_take_images(net, said):
    with pytest.raises(NetdefError, match=said):
        image_shape(net())


MEANS = 'layer { name: "p" type: "Pooling" bottom: "x" top: "y" pooling_param { pool: AVE global_pooling: true } }'


def test_scores_are_the_mean_over_the_batch():
    batch = np.arange(48, dtype=np.float32).reshape(2, 3, 4, 2)
    assert scores(net_of(MEANS, 2, 3, 4, 2), batch).tolist() == [3.5 + 12, 11.5 + 12, 19.5 + 12]


def test_outputs_that_are_no_scores():
    batch = np.zeros((2, 3, 4, 5), np.float32)
    relu = 'layer { name: "r" type: "ReLU" bottom: "x" top: "r" }'
    with pytest.raises(NetdefError, match=r"output `r` has shape \(2, 3, 4, 5\); one number for each image and class is wanted"):
        scores(net_of(relu, 2, 3, 4, 5), batch)
    with pytest.raises(NetdefError, match=r"output `r` has shape \(2, 3, 4, 5\); --detections wants that of DetectionOutput"):
        detection_rows(net_of(relu, 2, 3, 4, 5), batch)
    with pytest.raises(NetdefError, match="net `n` has outputs r, y; one is wanted"):
        scores(net_of(relu + MEANS, 2, 3, 4, 5), batch)


def test_the_rows_of_detections():
    rows = np.arange(21, dtype=np.float32).reshape(1, 1, 3, 7)
    twice = 'layer { name: "p" type: "Power" bottom: "x" top: "y" power_param { scale: 2 } }'
    assert np.array_equal(detection_rows(net_of(twice, 1, 1, 3, 7), rows), 2 * rows[0, 0])
