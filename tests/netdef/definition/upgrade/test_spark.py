"""MemoryData layers of CaffeOnSpark."""

from __future__ import annotations

import warnings

import pytest

import netdef
from netdef.definition.read import read_net_text
from netdef.errors import SpecError

DATA = """layer { name: "data" type: "MemoryData" top: "data" top: "label" source_class: "com.yahoo.ml.caffe.%s"
  memory_data_param { source: "file:/data/mnist_lmdb/" batch_size: 64 channels: 1 height: 28 width: 28 share_in_parallel: false }
  transform_param { scale: 0.5 } }"""


def test_an_lmdb_is_read_by_a_data_layer():
    with warnings.catch_warnings(record=True) as caught:
        warnings.simplefilter("always")
        (layer,) = read_net_text(DATA % "LMDB").layers
    data = layer.message.data_param
    assert (layer.type, data.source, data.batch_size, data.DB.Name(data.backend)) == ("Data", "/data/mnist_lmdb/", 64, "LMDB")
    assert layer.message.transform_param.scale == 0.5
    assert not layer.message.HasField("memory_data_param") and not layer.message.source_class
    assert layer.span("data_param", "source").text == 'source: "file:/data/mnist_lmdb/"'
    assert str(caught[-1].message).startswith("<text>:1:66: MemoryData of com.yahoo.ml.caffe.LMDB is read as Data")


def test_data_frames_are_refused_by_name():
    with pytest.raises(SpecError, match="takes its data from com.yahoo.ml.caffe.ImageDataFrame, of CaffeOnSpark"):
        netdef.loads(DATA % "ImageDataFrame", phase="TRAIN")


def test_other_layers_are_left_alone():
    net = read_net_text('layer { name: "m" type: "MemoryData" top: "x" top: "y" memory_data_param { batch_size: 2 } }')
    assert net.layers[0].type == "MemoryData"
