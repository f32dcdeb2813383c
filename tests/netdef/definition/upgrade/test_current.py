"""Texts of every age say the same net, and keep their places. Semantics recorded with Caffe's own upgrade tools."""

import pytest
from google.protobuf import text_format
from oracle import shared

from netdef.definition.read import read_net, read_net_text, read_solver, read_solver_text
from netdef.definition.upgrade.current import upgrade_net
from netdef.definition.upgrade.v1 import TYPES
from netdef.errors import Problems
from netdef.schema.messages import LayerParameter, NetParameter, SolverParameter, V1LayerParameter
from netdef.schema.where import Where
from netdef.text.write import message_text

# What a user wrote then, and what the same net is now.
PAIRS = {
    "a net of 2013": (
        """
        name: "old"
        layers {
          layer { name: "data" type: "data" source: "db" meanfile: "mean" batchsize: 7 cropsize: 5 mirror: true
                  scale: 0.5
                  rand_skip: 3 }
          top: "data" top: "label"
        }
        layers { layer { name: "pad1" type: "padding" pad: 2 } bottom: "data" top: "padded" }
        layers {
          layer { name: "conv1" type: "conv" num_output: 6 kernelsize: 3 stride: 2 group: 2 biasterm: false
                  weight_filler { type: "gaussian" std: 0.01 } blobs_lr: 1 blobs_lr: 2 weight_decay: 1 weight_decay: 0 }
          bottom: "padded" top: "conv1"
        }
        layers { layer { name: "pool1" type: "pool" pool: AVE kernelsize: 3 stride: 2 pad: 1 } bottom: "conv1"
                top: "pool1" }
        layers { layer { name: "norm1" type: "lrn" local_size: 3 alpha: 0.1 beta: 0.5 k: 2 } bottom: "pool1"
                top: "norm1" }
        layers { layer { name: "cat" type: "concat" concat_dim: 0 } bottom: "norm1" bottom: "norm1" top: "cat" }
        layers { layer { name: "drop" type: "dropout" dropout_ratio: 0.3 } bottom: "cat" top: "cat" }
        layers { layer { name: "fc" type: "innerproduct" num_output: 4 bias_filler { value: 1 } } bottom: "cat"
                top: "fc" }
        layers { layer { name: "out" type: "hdf5_output" hdf5_output_param { file_name: "o.h5" } } bottom: "fc"
                bottom: "label" }
        layers { layer { name: "win" type: "window_data" source: "w" det_fg_threshold: 0.6 det_context_pad: 4
                det_crop_mode: "square" }
                 top: "win" }
        layers { layer { name: "img" type: "images" source: "i" shuffle_images: true new_height: 8 new_width: 9
                } top: "img" }
        """,
        """
        name: "old"
        layer { name: "data" type: "Data" top: "data" top: "label"
                transform_param { scale: 0.5 mirror: true crop_size: 5 mean_file: "mean" }
                data_param { source: "db" batch_size: 7 rand_skip: 3 } }
        layer { name: "conv1" type: "Convolution" bottom: "data" top: "conv1"
                param { lr_mult: 1 decay_mult: 1 } param { lr_mult: 2 decay_mult: 0 }
                convolution_param { num_output: 6 bias_term: false pad: 2 kernel_size: 3 group: 2 stride: 2
                                    weight_filler { type: "gaussian" std: 0.01 } } }
        layer { name: "pool1" type: "Pooling" bottom: "conv1" top: "pool1"
                pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 } }
        layer { name: "norm1" type: "LRN" bottom: "pool1" top: "norm1" lrn_param { local_size: 3 alpha: 0.1
                beta: 0.5 k: 2 } }
        layer { name: "cat" type: "Concat" bottom: "norm1" bottom: "norm1" top: "cat" concat_param { concat_dim: 0 } }
        layer { name: "drop" type: "Dropout" bottom: "cat" top: "cat" dropout_param { dropout_ratio: 0.3 } }
        layer { name: "fc" type: "InnerProduct" bottom: "cat" top: "fc"
                inner_product_param { num_output: 4 bias_filler { value: 1 } } }
        layer { name: "out" type: "HDF5Output" bottom: "fc" bottom: "label" hdf5_output_param { file_name: "o.h5" } }
        layer { name: "win" type: "WindowData" top: "win"
                window_data_param { source: "w" fg_threshold: 0.6 context_pad: 4 crop_mode: "square" } }
        layer { name: "img" type: "ImageData" top: "img"
                image_data_param { source: "i" shuffle: true new_height: 8 new_width: 9 } }
        """,
    ),
    "a net of 2014": (
        """
        layers { name: "data" type: DATA top: "data" include { phase: TRAIN }
                 data_param { source: "db" batch_size: 7 scale: 0.5 crop_size: 5 mean_file: "mean" } }
        layers { name: "img" type: IMAGE_DATA top: "img" image_data_param { source: "i" mirror: true }
                 transform_param { mean_value: 3 } }
        layers { name: "c" type: CONVOLUTION bottom: "data" top: "c" param: "w" param: "b" blob_share_mode: PERMISSIVE
                 blobs_lr: 1 blobs_lr: 2 blobs_lr: 3 weight_decay: 0.5
                 convolution_param { num_output: 4 kernel_size: 3 } }
        layers { name: "l" type: SOFTMAX_LOSS bottom: "c" bottom: "img" loss_weight: 2 loss_param { ignore_label: 9 } }
        """,
        """
        layer { name: "data" type: "Data" top: "data" include { phase: TRAIN } data_param { source: "db" batch_size: 7 }
                transform_param { scale: 0.5 crop_size: 5 mean_file: "mean" } }
        layer { name: "img" type: "ImageData" top: "img" image_data_param { source: "i" }
                transform_param { mean_value: 3 mirror: true } }
        layer { name: "c" type: "Convolution" bottom: "data" top: "c"
                param { name: "w" share_mode: PERMISSIVE lr_mult: 1 decay_mult: 0.5 } param { name: "b"
                        lr_mult: 2 } param { lr_mult: 3 }
                convolution_param { num_output: 4 kernel_size: 3 } }
        layer { name: "l" type: "SoftmaxWithLoss" bottom: "c" bottom: "img" loss_weight: 2 loss_param {
                ignore_label: 9 } }
        """,
    ),
    "inputs with shapes": (
        'input: "a" input_shape { dim: 2 dim: 3 } input: "b" input_shape { dim: 5 } layer { name: "x" bottom: "a" }',
        'layer { name: "input" type: "Input" top: "a" top: "b" '
        "input_param { shape { dim: 2 dim: 3 } shape { dim: 5 } } }"
        'layer { name: "x" bottom: "a" }',
    ),
    "inputs with four sizes each": (
        'input: "a" input_dim: [1, 2, 3, 4] input: "b" input_dim: [5, 6, 7, 8]',
        'layer { name: "input" type: "Input" top: "a" top: "b"'
        " input_param { shape { dim: [1, 2, 3, 4] } shape { dim: [5, 6, 7, 8] } } }",
    ),
    "an input forgotten beside its Input layer": (
        'input: "a" layer { name: "i" type: "Input" top: "a" }',
        'layer { name: "i" type: "Input" top: "a" }',
    ),
    "statistics of BatchNorm stated as parameters": (
        'layer { type: "BatchNorm" param { lr_mult: 1 name: "m" } param { decay_mult: 1 } param {} }'
        'layer { type: "BatchNorm" param {} }',
        'layer { type: "BatchNorm" param { lr_mult: 0 decay_mult: 0 name: "m" } param { lr_mult: 0 decay_mult: 0 }'
        ' param { lr_mult: 0 decay_mult: 0 } } layer { type: "BatchNorm" param {} }',
    ),
    "image fields that today's Data layers ignore": (
        'layer { type: "Data" data_param { scale: 2 } }',
        'layer { type: "Data" data_param { scale: 2 } }',
    ),
}


@pytest.mark.parametrize("old, new", PAIRS.values(), ids=PAIRS)
def test_upgrade(old, new):
    upgraded = read_net_text(old).message
    assert upgraded == text_format.Parse(new, NetParameter())
    again, _ = upgrade_net(upgraded, Where(), Problems())
    assert again == upgraded


@pytest.mark.parametrize(
    "old, new",
    [
        ("SGD", "SGD"),
        ("NESTEROV", "Nesterov"),
        ("ADAGRAD", "AdaGrad"),
        ("RMSPROP", "RMSProp"),
        ("ADADELTA", "AdaDelta"),
        ("ADAM", "Adam"),
    ],
)
def test_solver_type(old, new):
    spec = read_solver_text(f"base_lr: 0.1\nsolver_type: {old}")
    assert spec.message == SolverParameter(base_lr=0.1, type=new)
    assert spec.span("type").text == f"solver_type: {old}"


def test_every_v1_type_has_a_name():
    assert set(TYPES) == set(V1LayerParameter.LayerType.keys())
    assert len(set(TYPES.values())) == len(TYPES)


def test_every_v1_parameter_has_its_place_today():
    own = {"type", "param", "blob_share_mode", "blobs_lr", "weight_decay", "layer"}
    assert set(V1LayerParameter.DESCRIPTOR.fields_by_name) - own <= set(LayerParameter.DESCRIPTOR.fields_by_name)


def test_what_a_layer_of_2013_ignores_is_a_warning():
    with pytest.warns(UserWarning, match=r"<text>:1:41: layer `r` of type `relu` ignores `num_output`"):
        spec = read_net_text('layers { layer { name: "r" type: "relu" num_output: 3 } top: "r" }')
    assert spec.layers[0].message == LayerParameter(name="r", type="ReLU", top=["r"])


def test_places_move_with_the_fields():
    conv = read_net_text(PAIRS["a net of 2013"][0]).layers[1]
    assert conv.span("bottom", 0).text == 'bottom: "padded"'
    assert conv.span("convolution_param", "kernel_size", 0).text == "kernelsize: 3"
    assert conv.span("convolution_param", "pad").text == "pad: 2"
    assert conv.span("convolution_param", "weight_filler", "std").text == "std: 0.01"
    assert conv.span("param", 1, "lr_mult").text == "blobs_lr: 2"
    assert conv.span("param", 1, "decay_mult").text == "weight_decay: 0"
    assert conv.span("type").text == 'type: "conv"'
    assert conv.span("name").text == 'name: "conv1"'

    data, image, conv, _ = read_net_text(PAIRS["a net of 2014"][0]).layers
    assert data.span("transform_param", "mean_file").text == 'mean_file: "mean"'
    assert data.span("data_param", "batch_size").text == "batch_size: 7"
    assert image.span("transform_param", "mean_value", 0).text == "mean_value: 3"
    assert image.span("transform_param", "mirror").text == "mirror: true"
    assert conv.span("param", 0).text == 'param: "w"'
    assert conv.span("param", 2).text == "blobs_lr: 3"
    assert conv.span("param", 2, "decay_mult").text == "blobs_lr: 3"
    assert conv.span().text.startswith('layers { name: "c"')

    entry = read_net_text(PAIRS["inputs with shapes"][0]).layers[0]
    assert entry.span("top", 1).text == 'input: "b"'
    assert entry.span("input_param", "shape", 1).text == "input_shape { dim: 5 }"
    entry = read_net_text(PAIRS["inputs with four sizes each"][0]).layers[0]
    assert [entry.span("input_param", "shape", 1, "dim", i).text for i in range(4)] == ["5", "6", "7", "8"]


def test_published_files_upgrade_as_the_original_tools_do():
    golden = shared("golden/upgraded")
    files = sorted(p for p in golden.rglob("*") if p.is_file())
    count = 0
    for path in files:
        original = shared("corpus/prototxt") / path.relative_to(golden)
        if original.stat().st_size > 15_000:
            continue
        kind = SolverParameter if "solver" in path.name else NetParameter
        expected = text_format.Parse(path.read_bytes(), kind())
        found = (read_solver if kind is SolverParameter else read_net)(original).message
        assert found == expected, path
        if kind is NetParameter:
            assert read_net_text(message_text(found)).message == expected, path
        count += 1
    assert count > 140
