"""The layers for volumes of C3D, P3D and video-caffe compute what their sizes say, and go on under usual types."""

import pytest
import torch
import torch.nn.functional as F

import netdef
from netdef.definition.read import read_net_text

INPUT = 'layer { name: "in" type: "Input" top: "x" input_param { shape { dim: 2 dim: 3 dim: 5 dim: 7 dim: 9 } } } '
NEW = INPUT + """
layer { name: "c" type: "Convolution3D" bottom: "x" top: "c" convolution3d_param { num_output: 4 kernel_size: 3 kernel_depth: 2
        pad: 1 temporal_pad: 2 stride: 2 filter_group: 2 weight_filler { type: "gaussian" } bias_filler { value: 0.5 } } }
layer { name: "p" type: "Pooling3D" bottom: "c" top: "p" pooling3d_param { kernel_size: 2 kernel_depth: 3 stride: 2 } }
"""


def blobs(text: str) -> tuple[dict[str, torch.Tensor], netdef.Net]:
    net = netdef.loads(text)
    return net.activations(x=torch.randn(2, 3, 5, 7, 9)), net


def test_convolution_and_pooling_of_c3d_1_1():
    found, net = blobs(NEW)
    weight, bias = net.params["c"]
    assert weight.shape == (4, 3, 2, 3, 3)
    wanted = F.conv3d(found["x"], weight, bias, stride=(1, 2, 2), padding=(2, 1, 1))
    assert torch.allclose(found["c"], wanted, atol=1e-5)
    assert torch.equal(found["p"], F.max_pool3d(found["c"], (3, 2, 2), (1, 2, 2), ceil_mode=True))


def test_old_types_of_c3d_1_0_read_their_own_fields():
    found, net = blobs("""
        input: "x" input_shape { dim: 2 dim: 3 dim: 5 dim: 7 dim: 9 }
        layers { name: "c" type: CONVOLUTION3D bottom: "x" top: "c" blobs_lr: 1 blobs_lr: 2 convolution_param { num_output: 4
                 kernel_size: 2 kernel_depth: 3 stride: 2 temporal_stride: 3 weight_filler { type: "gaussian" } } }
        layers { name: "p" type: POOLING3D bottom: "x" top: "p" pooling_param {
                 pool: AVE kernel_size: 3 kernel_depth: 2 stride: 2 temporal_stride: 3 } }
        layers { name: "d" type: DECONVOLUTION3D bottom: "x" top: "d" convolution_param { num_output: 2 bias_term: false
                 kernel_size: 4 kernel_depth: 2 stride: 2 pad: 1 temporal_stride: 3 weight_filler { type: "gaussian" } } }""")
    assert torch.allclose(found["c"], F.conv3d(found["x"], *net.params["c"], stride=(3, 2, 2)), atol=1e-5)
    assert torch.allclose(found["p"], F.avg_pool3d(found["x"], (2, 3, 3), (3, 2, 2)), atol=1e-6)
    assert net.params["d"][0].shape == (3, 2, 2, 4, 4)
    wanted = F.conv_transpose3d(found["x"], net.params["d"][0], stride=(3, 2, 2), padding=(0, 1, 1))
    assert torch.allclose(found["d"], wanted, atol=1e-5)


def test_inputs_of_c3d_1_0_have_five_sizes_each():
    text = """input: "x" input_dim: [2, 3, 5, 7, 9] input: "y" input_dim: [1, 4, 5, 6, 8]
        layers { name: "p" type: POOLING3D bottom: "x" top: "p" pooling_param { kernel_size: 2 kernel_depth: 1 } }"""
    net = read_net_text(text)
    assert [list(shape.dim) for shape in net.layers[0].message.input_param.shape] == [[2, 3, 5, 7, 9], [1, 4, 5, 6, 8]]
    with pytest.raises(netdef.SpecError, match="2 `input` and 10 `input_dim`; give four an input"):
        read_net_text(text.replace("POOLING3D", "POOLING").replace("kernel_depth: 1", ""))


def test_p3d_calls_the_first_axis_length():
    found, _ = blobs(INPUT + """layer { name: "p" type: "Pooling3D" bottom: "x" top: "p" pooling3d_param {
        pool: MAX pad: 0 kernel_size: 3 stride: 2 pad_l: 0 kernel_l: 2 stride_l: 3 } }""")
    assert torch.equal(found["p"], F.max_pool3d(found["x"], (2, 3, 3), (3, 2, 2), ceil_mode=True))


def test_nd_layers_give_shapes():
    found, net = blobs(INPUT + """
        layer { name: "c" type: "NdConvolution" bottom: "x" top: "c" convolution_param { num_output: 4
                kernel_shape { dim: 3 dim: 1 dim: 2 } stride_shape { dim: 1 dim: 2 dim: 3 } pad_shape { dim: 1 dim: 0 dim: 1 }
                weight_filler { type: "gaussian" } } }
        layer { name: "p" type: "NdPooling" bottom: "x" top: "p" pooling_param { pool: MAX
                kernel_shape { dim: 1 dim: 2 dim: 3 } stride_shape { dim: 1 dim: 2 dim: 3 } } }""")
    wanted = F.conv3d(found["x"], *net.params["c"], stride=(1, 2, 3), padding=(1, 0, 1))
    assert torch.allclose(found["c"], wanted, atol=1e-5)
    assert torch.equal(found["p"], F.max_pool3d(found["x"], (1, 2, 3), (1, 2, 3), ceil_mode=True))


def test_softmax_of_voxels():
    spec = read_net_text("""
        layers { name: "p" type: VOXEL_SOFTMAX bottom: "x" top: "p" }
        layers { name: "l" type: VOXEL_SOFTMAX_LOSS bottom: "x" bottom: "t" top: "l" }""")
    assert [layer.type for layer in spec.layers] == ["Softmax", "SoftmaxWithLoss"]
    net = netdef.loads("""
        input: "x" input_shape { dim: 2 dim: 3 dim: 1 dim: 2 dim: 2 }
        input: "t" input_shape { dim: 2 dim: 1 dim: 1 dim: 2 dim: 2 }
        layers { name: "l" type: VOXEL_SOFTMAX_LOSS bottom: "x" bottom: "t" top: "l" }""")
    x, t = torch.randn(2, 3, 1, 2, 2), torch.tensor([0.0, 1, 2, 0, 1, 2, 2, 1]).reshape(2, 1, 1, 2, 2)
    chosen = x.log_softmax(1).gather(1, t.long())
    torch.testing.assert_close(net(x=x, t=t)["l"], -chosen.sum() / 8)


def test_upgraded_layers_keep_their_places():
    spec = read_net_text(NEW, name="n")
    assert [(layer.name, layer.type) for layer in spec.layers[1:]] == [("c", "Convolution"), ("p", "Pooling")]
    assert str(spec.layers[1].span("convolution_param", "pad", 2)) == "n:3:9"


@pytest.mark.parametrize("layer, complaint", [
    ('type: "Convolution3D" convolution3d_param { num_output: 4 kernel_size: 3 }', "needs a `kernel_depth`"),
    ('type: "Convolution3D" convolution3d_param { num_output: 4 kernel_depth: 3 }', "needs a `kernel_size`"),
    ('type: "Convolution3D" convolution3d_param { num_output: 4 kernel_depth: 3 kernel_size: 2 kernel_size: 3 }',
     "gives `kernel_size` 2 times; it is one number for height and width"),
    ('type: "Pooling3D" pooling3d_param { kernel_size: 3 kernel_depth: 2 pool: AVE pad: 1 }', "pads what it pools"),
    ('type: "Convolution" convolution_param { num_output: 4 kernel_size: 3 kernel_depth: 2 }',
     "gives `kernel_depth`, which only Convolution3D and Pooling3D have; give `kernel_size`"),
    ('type: "Pooling" pooling_param { kernel_size: 3 kernel_l: 2 }', "gives `kernel_l`, which only"),
    ('type: "NdConvolution" convolution_param { num_output: 4 kernel_shape { dim: 3 dim: 2 } }', "gives `kernel_size` 2 times"),
    ('type: "Convolution" convolution3d_param { num_output: 4 }', "has a `convolution3d_param`, which only"),
])
def test_refusals(layer, complaint):
    with pytest.raises(netdef.SpecError, match=complaint):
        netdef.loads(INPUT + f'layer {{ name: "l" bottom: "x" top: "y" {layer} }}')


def test_pooling_of_3d_u_net_has_a_message_of_its_own():
    found, net = blobs(INPUT + """
        layer { name: "p" type: "PoolingND" bottom: "x" top: "p" pooling_nd_param { pool: MAX kernel_size: 2 stride: 2 } }
        layer { name: "q" type: "PoolingND" bottom: "x" top: "q" pooling_nd_param {
                pool: AVE kernel_size: 2 kernel_size: 3 kernel_size: 4 stride: 1 stride: 2 stride: 3 } }""")
    assert torch.equal(found["p"], F.max_pool3d(found["x"], 2, 2, ceil_mode=True)) and found["p"].shape[2:] == (3, 4, 5)
    assert found["q"].shape[2:] == (4, 3, 3)
    torch.testing.assert_close(found["q"][:, :, 1, 2, 1], found["x"][:, :, 1:3, 4:7, 3:7].mean((2, 3, 4)))
    assert [layer.type for layer in net.spec.layers[1:]] == ["Pooling", "Pooling"]


def test_a_size_that_does_not_fit_is_refused_where_it_stands():
    with pytest.raises(netdef.SpecError, match=r"^<text>:1:\d+: layer `p` .Pooling. has a kernel of 20"):
        netdef.loads(INPUT + 'layer { name: "p" type: "PoolingND" bottom: "x" top: "p" pooling_nd_param { kernel_size: 20 } }')
