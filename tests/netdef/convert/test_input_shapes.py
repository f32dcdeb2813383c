"""The shapes of inputs in place of data layers whose data are not there: following them works."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

import netdef
from netdef.convert.input_shapes import input_shapes, shape_flags, suggested_shapes
from netdef.convert.open import open_model
from netdef.convert.options import OpenOptions
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net_text
from netdef.errors import NetdefError
from netdef.schema.messages import NetParameter

LABEL = """layer { name: "loss" type: "SoftmaxWithLoss" bottom: "ip" bottom: "label" top: "loss" }"""
IP = """layer { name: "ip" type: "InnerProduct" bottom: "%s" top: "ip" inner_product_param { num_output: 5 } }"""
CONV = """
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 4 kernel_size: 5 group: %d } }
layer { name: "pool" type: "Pooling" bottom: "conv" top: "pool" pooling_param { kernel_size: 2 stride: 2 } }
"""
DATA = """layer { name: "data" type: "%s" top: "data" top: "label" %s }"""
SLICED = """
layer { name: "data" type: "Data" top: "pair" top: "label" data_param { source: "nowhere" batch_size: 3 } }
layer { name: "slice" type: "Slice" bottom: "pair" top: "data" top: "other" }
layer { name: "silence" type: "Silence" bottom: "other" }
"""

EVEN = """
layer { name: "conv" type: "Convolution" bottom: "data" top: "conv" convolution_param { num_output: 4 kernel_size: 1 } }
layer { name: "half" type: "Convolution" bottom: "conv" top: "half" convolution_param { num_output: 6 kernel_size: 2 stride: 2 } }
layer { name: "twice" type: "Deconvolution" bottom: "half" top: "twice"
        convolution_param { num_output: 4 kernel_size: 2 stride: 2 } }
layer { name: "sum" type: "Eltwise" bottom: "conv" bottom: "twice" top: "sum" }
layer { name: "mean" type: "Pooling" bottom: "sum" top: "pool" pooling_param { pool: AVE global_pooling: true } }
"""


def data(more: str = "", kind: str = "Data", source: str = 'data_param { source: "nowhere" batch_size: 6 }') -> str:
    return DATA % (kind, source + more)


IMAGES = 'image_data_param { source: "nowhere" batch_size: 2 %s }'
HDF5 = 'hdf5_data_param { source: "nowhere" batch_size: 2 }'

# {what tells the shape: (the net in training, the shape that its weights are of, the shape to find)}.
NETS = {
    "the crop and the convolution": (data(" transform_param { crop_size: 21 }") + CONV % 1 + IP % "pool", (3, 2, 21, 21)),
    "a crop that is no square": (data(" transform_param { crop_h: 20 crop_w: 33 }") + CONV % 2 + IP % "pool", (3, 6, 20, 33)),
    "resized images": (data(kind="ImageData", source=IMAGES % "new_height: 17 new_width: 26") + CONV % 1 + IP % "pool",
                       (3, 3, 17, 26)),
    "the first inner product": (data() + CONV % 1 + IP % "pool", (3, 1, 28, 28)),
    "an inner product alone": (data(kind="HDF5Data", source=HDF5) + IP % "data", (3, 37)),
    "an inner product of images": (data(" transform_param { crop_size: 12 mean_value: 1 mean_value: 2 }") + IP % "data",
                                   (3, 2, 12, 12)),
    "a convolution of one part of three images": (
        SLICED.replace('top: "other" }', 'top: "other" top: "last" }') + CONV % 1 + IP % "pool", (3, 6, 18, 18)),
    "weights that would be too many for great images": (
        data() + CONV % 1 + IP.replace('"ip"', '"wide"').replace("5", "600") % "pool" + IP % "wide", (3, 3, 20, 20)),
    "sides that are even": (data() + EVEN + IP % "pool", (3, 2, 224, 224)),
    "a convolution of one half of two images": (SLICED + CONV % 1 + IP % "pool", (3, 2, 32, 32)),
}


@pytest.mark.parametrize("name", NETS)
def test_the_shapes_suggested_are_those_that_the_weights_are_of(
    name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.chdir(tmp_path)
    text, shape = NETS[name]
    ending = ".h5" if "inner product" in name else ".caffemodel"
    top = "pair" if "pair" in text else "data"
    Path("train.prototxt").write_text(text + LABEL)
    trained = open_model("train.prototxt", [], OpenOptions(shapes={top: shape})).net
    netdef.save_weights(trained, f"w{ending}")
    spec = filter_net(read_net_text(text + LABEL), "TRAIN")
    found = suggested_shapes(spec, [f"w{ending}"])
    assert found == {top: (1, *shape[1:])}
    assert shape_flags(spec, [f"w{ending}"]) == f"--input-shape {top}={','.join(map(str, found[top]))}"
    with pytest.raises(NetdefError) as caught:
        open_model("train.prototxt", [f"w{ending}"], OpenOptions(deploy=True))
    assert str(caught.value).endswith(shape_flags(spec, [f"w{ending}"])) and "nowhere" not in str(caught.value)
    used = open_model("train.prototxt", [f"w{ending}"], OpenOptions(shapes=found)).net
    assert used(torch.zeros(found[top]))["prob"].shape == (1, 5)


@pytest.mark.parametrize("text, shape", [
    (data(" transform_param { crop_size: 40 mean_value: 7 mean_value: 8 }") + CONV % 1 + IP % "pool", (1, 2, 40, 40)),
    (data() + CONV % 1 + IP % "pool", (1, 3, 227, 227)),
    (data() + CONV % 1 + """layer { name: "shape" type: "Reshape" bottom: "pool" top: "r"
                                    reshape_param { shape { dim: 1 dim: 4 dim: 14 dim: 14 } } }"""
     + IP % "r", (1, 3, 32, 32)),
])
def test_shapes_without_weights_are_of_the_text_or_such_that_the_net_can_be_built(text: str, shape: tuple[int, ...]):
    spec = read_net_text(text + LABEL)
    assert suggested_shapes(spec, []) == {"data": shape}


def test_unknown_sizes_are_letters():
    spec = read_net_text(data() + CONV % 7 + IP % "pool" + LABEL)
    assert shape_flags(spec, []) == "--input-shape data=N,C,H,W"


def test_an_input_without_a_shape_in_a_weight_file_gets_what_fits_the_weights(tmp_path: Path):
    weights = tmp_path / "w.caffemodel"
    given = 'layer { name: "in" type: "Input" top: "data" input_param { shape { dim: [2, 3, 20, 20] } } }'
    text = given + CONV % 1 + IP % "pool"
    netdef.save_weights(netdef.loads(text), weights)
    carried = NetParameter.FromString(weights.read_bytes())
    carried.layer[0].ClearField("input_param")
    weights.write_bytes(carried.SerializeToString())
    with pytest.raises(NetdefError, match=r"The shapes of its inputs may be given: --input-shape data=1,3,20,20$"):
        open_model(None, [weights], OpenOptions())
    with pytest.raises(NetdefError, match=r"\(Input\) has no shape: give the shape of `data`: --input-shape data=1,3,20,20$"):
        open_model(None, [weights], OpenOptions(deploy=True))
    net = open_model(None, [weights], OpenOptions(shapes={"data": (4, 3, 20, 20)})).net
    assert net.shapes["data"] == (4, 3, 20, 20) and net.shapes["ip"] == (4, 5)


def test_data_that_are_there_give_the_shape_and_given_shapes_go_first():
    dummy = """layer { name: "noise" type: "DummyData" top: "z" dummy_data_param { shape { dim: 2 dim: 3 } } }
               layer { name: "sum" type: "InnerProduct" bottom: "z" top: "s" inner_product_param { num_output: 5 } }"""
    spec = read_net_text(data() + dummy + IP % "data" + LABEL)
    assert input_shapes(spec, {"data": (4, 7)}, []) == {"data": (4, 7), "z": (2, 3)}
    assert input_shapes(spec, {"data": (4, 7), "z": (9, 9)}, []) == {"data": (4, 7), "z": (9, 9)}


def test_a_shape_of_what_no_data_layer_makes_is_refused():
    net = filter_net(read_net_text("""
        layer { name: "d" type: "DummyData" top: "data" top: "label"
                dummy_data_param { shape { dim: 2 dim: 3 } shape { dim: 2 } } }
        layer { name: "in" type: "Input" top: "more" input_param { shape { dim: 2 dim: 4 } } }
        layer { name: "ip" type: "InnerProduct" bottom: "data" top: "ip" inner_product_param { num_output: 5 } }"""), "TEST")
    with pytest.raises(NetdefError, match="--input-shape dat: `dat` comes from no data layer; did you mean `data`"):
        input_shapes(net, {"dat": (1, 3)}, ())
    with pytest.raises(NetdefError, match="--input-shape more: `more` is an input already, and has its shape in the text"):
        input_shapes(net, {"more": (1, 4)}, ())
    assert input_shapes(net, {"data": (1, 3), "label": (1,)}, ())["data"] == (1, 3)
