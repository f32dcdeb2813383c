"""Other layers and fields of forks: normalisation, products, resizing, padding, dropout."""

import math

import numpy as np
import pytest
import torch
import torch.nn.functional as F

import netdef


def net(kind, param, phase="TEST", tops=1, **inputs):
    text = "".join(
        f'layer {{ name: "{n} in" type: "Input" top: "{n}" input_param {{ shape {{ '
        f"{' '.join(f'dim: {size}' for size in x.shape)} }} }} }}"
        for n, x in inputs.items()
    )
    blobs = " ".join([*(f'bottom: "{n}"' for n in inputs), *(f'top: "y{i}"' for i in range(tops))])
    return netdef.loads(f'{text} layer {{ name: "l" type: "{kind}" {blobs} {param} }}', phase=phase).double()


def run(kind, param, phase="TEST", **inputs):
    return net(kind, param, phase, **inputs)(**inputs)["y0"].detach()


def draw(*shape, seed=1):
    return torch.randn(shape, generator=torch.Generator().manual_seed(seed)).double()


def test_normalize_an_image():
    x = draw(2, 3, 5, 4)
    top = run("Normalize", "norm_param { scale_filler { value: 20 } }", x=x)
    for image, found in zip(x, top):
        torch.testing.assert_close(found, 20 * image / math.sqrt(float((image**2).sum()) + 1e-10))


def test_normalize_each_place_with_a_scale_a_channel():
    x = draw(2, 3, 5, 4)
    made = net("Normalize", "norm_param { across_spatial: false channel_shared: false eps: 0.5 }", x=x)
    assert [tuple(blob.shape) for blob in made.params["l"]] == [(3,)]
    with torch.no_grad():
        made.params["l"][0].copy_(torch.tensor([1.0, 2, -3]))
    top = made(x=x)["y0"].detach()
    for n, h, w in np.ndindex(2, 5, 4):
        norm = math.sqrt(sum(float(v) ** 2 for v in x[n, :, h, w]) + 0.5)
        assert top[n, :, h, w].tolist() == pytest.approx(
            [s * float(v) / norm for s, v in zip((1, 2, -3), x[n, :, h, w])]
        )


def test_axpy_and_mul():
    a, x, y = draw(2, 3), draw(2, 3, 5, 4), draw(2, 3, 5, 4, seed=2)
    for factors in (a, a[:, :, None, None]):
        torch.testing.assert_close(run("Axpy", "", a=factors, x=x, y=y), torch.einsum("nc,nchw->nchw", a, x) + y)
    torch.testing.assert_close(run("Mul", "", x=x, a=a[:, :, None, None]), torch.einsum("nc,nchw->nchw", a, x))
    with pytest.raises(netdef.SpecError, match="one factor a channel"):
        run("Axpy", "", a=draw(2, 4), x=x, y=y)


def test_relu6_and_hard_swish():
    x = torch.tensor([[-5.0, -2, -0.5, 0, 1, 5, 7]]).double()
    assert run("ReLU6", "", x=x).tolist() == [[0, 0, 0, 0, 1, 5, 6]]
    assert run("ReLU6", "relu_param { negative_slope: 0.5 }", x=x).tolist() == [[-2.5, -1, -0.25, 0, 1, 5, 6]]
    assert run("HardSwish", "", x=x)[0].tolist() == pytest.approx([0, -2 / 6, -0.5 * 2.5 / 6, 0, 4 / 6, 5, 7])


def test_selu():
    x = torch.tensor([[-2.0, 0, 3]]).double()
    expected = [1.050700987 * 1.67326324 * (math.exp(-2) - 1), 0, 1.050700987 * 3]
    assert run("SeLu", "", x=x)[0].tolist() == pytest.approx(expected, rel=1e-6)
    top = run("SeLu", "selu_param { lambda: 2 alpha: 0.5 }", x=x)
    assert top[0].tolist() == pytest.approx([math.exp(-2) - 1, 0, 6])


def test_upsample_repeats():
    x = draw(2, 3, 2, 4)
    top = run("Upsample", "upsample_param { scale: 3 }", x=x)
    assert top.shape == (2, 3, 6, 12)
    for h, w in np.ndindex(6, 12):
        assert torch.equal(top[:, :, h, w], x[:, :, h // 3, w // 3])


def test_unpooling_undoes_pooling():
    """The greatest values at their own places, zeros elsewhere: of an odd plane, too."""
    x = draw(2, 3, 7, 6)
    pool = net("Pooling", "pooling_param { kernel_size: 2 stride: 2 }", tops=2, x=x)(x=x)
    for param in ("upsample_param { scale: 2 pad_out_h: true }", "upsample_param { upsample_h: 7 upsample_w: 6 }"):
        top = run("Upsample", param, v=pool["y0"], i=pool["y1"])
        assert top.shape == x.shape
        expected = torch.zeros_like(x)
        for n, c, h, w in np.ndindex(2, 3, 4, 3):
            place = int(pool["y1"][n, c, h, w])
            expected[n, c, place // 6, place % 6] = pool["y0"][n, c, h, w]
        assert torch.equal(top, expected)


def test_interp_keeps_corners_and_divides_evenly():
    x = draw(1, 2, 4, 3)
    top = run("Interp", "interp_param { height: 7 width: 5 }", x=x)
    for h, w in np.ndindex(7, 5):
        y, z = h * 3 / 6, w * 2 / 4
        i, j = min(int(y), 2), min(int(z), 1)
        rows = [(1 - (y - i)) * x[0, :, i, k] + (y - i) * x[0, :, i + 1, k] for k in (j, j + 1)]
        torch.testing.assert_close(top[0, :, h, w], (1 - (z - j)) * rows[0] + (z - j) * rows[1])


@pytest.mark.parametrize(
    ("param", "shape"),
    [
        ("zoom_factor: 3", (10, 25)),  # 4 + 3 * 2, 9 + 8 * 2
        ("shrink_factor: 2", (2, 5)),  # 3 // 2 + 1, 8 // 2 + 1
        ("shrink_factor: 2 zoom_factor: 2", (3, 9)),
        ("zoom_factor: 2 pad_beg: -1 pad_end: -1", (3, 13)),
        ("height: 5 width: 6 pad_beg: -1", (5, 6)),
    ],
)
def test_interp_sizes(param, shape):
    assert run("Interp", f"interp_param {{ {param} }}", x=draw(2, 3, 4, 9)).shape == (2, 3, *shape)


def test_interp_needs_a_size():
    with pytest.raises(netdef.SpecError, match="give `height` and `width`"):
        run("Interp", "", x=draw(2, 3, 4, 9))


def convolved(kind, param, x):
    made = net(kind, f"convolution_param {{ {param} }}", x=x)
    with torch.no_grad():
        for i, blob in enumerate(made.params["l"]):
            blob.copy_(draw(*blob.shape, seed=i))
    return made(x=x)["y0"].detach(), [blob.detach() for blob in made.params["l"]]


def test_depthwise_is_a_group_a_channel():
    x = draw(2, 6, 5, 4)
    for kind in ("DepthwiseConvolution", "ConvolutionDepthwise"):
        for group in ("", "group: 6"):
            top, (weight, bias) = convolved(kind, f"num_output: 6 kernel_size: 3 pad: 1 stride: 2 {group}", x)
            assert weight.shape == (6, 1, 3, 3)
            for c in range(6):
                one = F.conv2d(x[:, c : c + 1], weight[c : c + 1], bias[c : c + 1], stride=2, padding=1)
                torch.testing.assert_close(top[:, c : c + 1], one)
    with pytest.raises(netdef.SpecError, match="`group` 3 must be its 6 channels"):
        convolved("DepthwiseConvolution", "num_output: 6 kernel_size: 3 group: 3", x)
    with pytest.raises(netdef.SpecError, match="`num_output` 12 must be its 6 input channels"):
        convolved("ConvolutionDepthwise", "num_output: 12 kernel_size: 3", x)


def test_zeros_on_single_sides():
    x = draw(2, 3, 5, 4)
    top, (weight, bias) = convolved("Convolution", "num_output: 7 kernel_size: 3 pad_l: 1 pad_r: 2 pad_b: 3", x)
    wide = torch.zeros(2, 3, 8, 7).double()
    wide[:, :, :5, 1:5] = x
    torch.testing.assert_close(top, F.conv2d(wide, weight, bias))
    with pytest.raises(netdef.SpecError, match="both `pad` and `pad_l`"):
        convolved("Convolution", "num_output: 7 kernel_size: 3 pad_l: 1 pad: 2", x)
    with pytest.raises(netdef.SpecError, match="`pad_t`, which is for a convolution with 2 spatial axes"):
        convolved("Deconvolution", "num_output: 7 kernel_size: 3 pad_t: 1", x)


def test_ceil_mode_is_the_round_mode():
    x = draw(2, 3, 6, 5)
    for forks, ours in (("ceil_mode: false", "round_mode: FLOOR"), ("ceil_mode: true", "")):
        one, other = (run("Pooling", f"pooling_param {{ kernel_size: 3 stride: 2 {p} }}", x=x) for p in (forks, ours))
        assert torch.equal(one, other)
    assert run("Pooling", "pooling_param { kernel_size: 3 stride: 2 ceil_mode: false }", x=x).shape == (2, 3, 2, 2)
    with pytest.raises(netdef.SpecError, match="both `round_mode` and the `ceil_mode`"):
        run("Pooling", "pooling_param { kernel_size: 3 ceil_mode: true round_mode: CEIL }", x=x)


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
def test_batch_norm_with_scale_and_bias_is_the_two_layers_in_one(phase):
    x = draw(4, 3, 5, 2)
    one = net("BatchNorm", "batch_norm_param { scale_bias: true }", phase, x=x)
    two = net("BatchNorm", "", phase, x=x)
    assert [tuple(blob.shape) for blob in one.params["l"]] == [(3,), (3,), (1,), (3,), (3,)]
    with torch.no_grad():
        for i, blob in enumerate(one.params["l"]):
            blob.copy_(draw(*blob.shape, seed=i).abs() + 0.5)
        for mine, theirs in zip(two.params["l"], one.params["l"]):
            mine.copy_(theirs)
    scale, bias = (blob.detach()[:, None, None] for blob in one.params["l"][3:])
    torch.testing.assert_close(one(x=x)["y0"].detach(), two(x=x)["y0"] * scale + bias)
    for mine, theirs in zip(two.params["l"], one.params["l"]):
        torch.testing.assert_close(mine, theirs)


def test_dropout_that_scales_in_test():
    x = torch.ones(1, 4000).double()
    param = "dropout_param { dropout_ratio: 0.25 scale_train: false }"
    torch.testing.assert_close(run("Dropout", param, x=x), 0.75 * x)
    torch.manual_seed(1)
    top = run("Dropout", param, "TRAIN", x=x)
    assert sorted(set(top[0].tolist())) == [0, 1] and abs(float(top.mean()) - 0.75) < 0.03


def test_dropout_that_goes_on_in_test():
    torch.manual_seed(1)
    top = run("Dropout", "dropout_param { sample_weights_test: true }", x=torch.ones(1, 4000).double())
    assert sorted(set(top[0].tolist())) == [0, 2]


def test_random_vectors():
    made = netdef.loads(
        'layer { name: "l" type: "RandVec" top: "y" randvec_param { batch_size: 50 dim: 7 lower: 2 upper: 5 } }'
    )
    one, other = made()["y"], made()["y"]
    assert one.shape == (50, 7) and not torch.equal(one, other)
    assert 2 <= one.min() < 2.1 and 4.9 < one.max() <= 5
    with pytest.raises(netdef.SpecError, match="same numbers for 3 passes"):
        netdef.loads('layer { name: "l" type: "RandVec" top: "y" randvec_param { batch_size: 5 dim: 7 repeat: 3 } }')


def bn(param, phase, x):
    made = net("BN", f"bn_param {{ {param} }}", phase, x=x)
    with torch.no_grad():
        for i, blob in enumerate(made.params["l"]):
            blob.copy_(draw(*blob.shape, seed=i).abs() + 0.5)
    return made, [blob.detach().clone() for blob in made.params["l"]]


def test_bn_with_running_statistics():
    x = draw(4, 3, 5, 2)
    made, (slope, bias, mean, variance) = bn("momentum: 0.8 eps: 0.1", "TEST", x)
    assert slope.shape == mean.shape == (1, 3, 1, 1)
    torch.testing.assert_close(made(x=x)["y0"].detach(), slope * (x - mean) / (variance + 0.1).sqrt() + bias)
    made, (slope, bias, mean, variance) = bn("momentum: 0.8 eps: 0.1", "TRAIN", x)
    axes = (0, 2, 3)
    centred = (x - x.mean(axes, keepdim=True)) / (x.var(axes, correction=0, keepdim=True) + 0.1).sqrt()
    torch.testing.assert_close(made(x=x)["y0"].detach(), slope * centred + bias)
    torch.testing.assert_close(made.params["l"][2], 0.8 * mean + 0.2 * x.mean(axes, keepdim=True))
    torch.testing.assert_close(made.params["l"][3], 0.8 * variance + 0.2 * x.var(axes, keepdim=True))
    made, blobs = bn("frozen: true", "TRAIN", x)
    made(x=x)
    assert not list(made.parameters()) and all(map(torch.equal, made.params["l"], blobs))


def test_bn_of_segnet():
    x = draw(4, 3, 5, 2)
    made, (scale, shift) = bn("bn_mode: INFERENCE", "TEST", x)
    torch.testing.assert_close(made(x=x)["y0"].detach(), scale * x + shift)


def test_bn_asks_whose_it_is():
    x = draw(4, 3, 5, 2)
    with pytest.raises(netdef.SpecError, match="does not say which: write `slope_filler .* `bn_mode: INFERENCE`"):
        net("BN", "", x=x)
    with pytest.raises(netdef.SpecError, match="gives both `slope_filler` and `shift_filler`"):
        net("BN", "bn_param { slope_filler { value: 1 } shift_filler { value: 0 } }", x=x)
