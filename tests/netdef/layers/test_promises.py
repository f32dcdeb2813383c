"""Every registered layer through the public harness: a new type that nobody lists here fails the last test."""

from __future__ import annotations

import fork_layer_cases
import pytest
import torch

import netdef.layers.catalogue  # noqa: F401  all types
from netdef.definition.upgrade.type_names import NAMES
from netdef.layer_runs import OneLayer
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import known_types
from netdef.testing import check_layer

X = {"x": (2, 3, 5, 4)}
PAIR = {"a": (2, 3, 5), "b": (2, 3, 5)}
LABELS = torch.tensor([2.0, 0.0])
RESTARTS = torch.ones(2, 7, 3)  # of a sequence of 7 steps: at one step; at many, some of them in part
RESTARTS[0, 4, 1] = 0
RESTARTS[1, ::2, 0], RESTARTS[1, 3, 2] = 0, 0.5
UNLIKE = torch.tensor([1.0, 0.0, 0.0])
ROIS = torch.tensor([[0.0, 1, 0, 6, 7], [1, 2, 3, 5, 4], [0, -3, 4, 2, 12], [1, 30, 30, 40, 40]])
BOXES = {
    "loc": (2, 16), "conf": (2, 12),
    "priors": torch.tensor([[[0.1, 0.1, 0.4, 0.5], [0.5, 0.5, 0.9, 0.8], [0, 0, 0.2, 0.9], [0.3, 0.6, 0.6, 1]],
                            [[0.1, 0.1, 0.2, 0.2]] * 4]).reshape(1, 2, 16),
    "gt": torch.tensor([[0.0, 1, 0, 0.1, 0.2, 0.45, 0.5, 0], [1, 2, 0, 0.4, 0.5, 0.8, 0.9, 0], [-1] * 8])[None, None],
}

CASES = [
    *fork_layer_cases.CASES,
    ("AbsVal", "", X),
    ("Accuracy", "", {"x": torch.randn(2, 3), "t": LABELS}),
    ("ArgMax", "", {"x": torch.randn(2, 3)}),
    ("Axpy", "", {"a": (2, 3), "x": (2, 3, 5, 4), "y": (2, 3, 5, 4)}),
    ("Axpy", "", {"a": (2, 3, 1, 1), "x": (2, 3, 5, 4), "y": (2, 3, 5, 4)}),
    ("BroadcastMul", "", {"a": (2, 3, 1, 1), "x": (2, 3, 5, 4)}),
    ("BN", "bn_param { momentum: 0.8 }", X),
    ("BN", "bn_param { frozen: true eps: 0.1 }", X),
    ("BN", "bn_param { bn_mode: INFERENCE }", X),
    ("BN", "bn_param { bn_mode: LEARN }", X),
    ("BN", "bn_param { moving_average: true decay: 0.25 }", X),
    ("BN", "bn_param { moving_average: false decay: 0.25 }", X),
    ("BNLL", "", X),
    ("BatchNorm", "", X),
    ("BatchNorm", "", {"x": (4,)}),
    ("BatchNorm", "batch_norm_param { scale_bias: true }", X),
    ("BatchNorm", "batch_norm_param { scale_bias: true }", {"x": (1, 3)}),
    ("BatchReindex", "", {"x": (2, 3, 5), "i": torch.tensor([1.0, 1, 0, 1])}),
    ("Bias", "", X),
    ("Bias", "", {"x": (2, 3, 5), "s": (3, 5)}),
    ("CenterLoss", "center_loss_param { num_output: 4 }", {"x": (2, 3), "t": LABELS}),  # centres: test_embedding_losses.py
    ("Clip", "clip_param { min: -0.5 max: 1 }", X),
    ("Concat", "", {"a": (2, 3, 5), "b": (2, 4, 5), "c": (2, 1, 5)}),
    ("ContrastiveLoss", "contrastive_loss_param { margin: 4 }", {"a": (3, 4), "b": (3, 4), "y": UNLIKE}),
    ("ContrastiveLoss", "contrastive_loss_param { margin: 9 legacy_version: true }",
     {"a": (3, 4), "b": (3, 4), "y": UNLIKE}),
    ("ContinuationIndicator", "continuation_indicator_param { time_step: 3 batch_size: 2 }", {}),
    ("ContinuationIndicator", "continuation_indicator_param { time_step: 3 axis: 1 }", {"x": torch.randn(4, 2)}),
    ("Convolution", "convolution_param { num_output: 4 kernel_size: 3 kernel_size: 2 stride: 2 pad: 1 }", X),
    ("Convolution", "convolution_param { num_output: 6 group: 3 kernel_size: 2 bias_term: false }", X),
    ("Convolution", "convolution_param { num_output: 4 kernel_size: 2 axis: 2 }", X),
    ("Convolution", "convolution_param { num_output: 4 }", {"x": (2, 3)}),
    ("Convolution", "convolution_param { num_output: 4 kernel_size: 3 pad_l: 2 pad_t: 1 }", X),
    ("Convolution", "convolution_param { num_output: 4 kernel_size: 3 stride: 2 pad_type: 1 }", X),
    ("ConvolutionDepthwise", "convolution_param { num_output: 3 kernel_size: 2 pad: 1 }", X),
    ("Crop", "crop_param { axis: 1 offset: 1 offset: 0 offset: 2 }", {"x": (2, 3, 5, 4), "y": torch.zeros(1, 2, 4, 2)}),
    ("Deconvolution", "convolution_param { num_output: 6 group: 3 kernel_size: 2 stride: 2 }", X),
    ("DepthwiseConvolution", "convolution_param { num_output: 3 group: 3 kernel_size: 2 stride: 2 }", X),
    ("DetectionEvaluate", "detection_evaluate_param { num_classes: 3 }",
     {"found": torch.tensor([[0.0, 1, 0.5, 0.1, 0.2, 0.4, 0.5], [1, 2, 0.7, 0.4, 0.5, 0.8, 0.9]])[None, None],
      "gt": BOXES["gt"]}),
    ("DetectionOutput", "detection_output_param { num_classes: 2 keep_top_k: 1 }",
     {"loc": torch.zeros(1, 12), "conf": torch.tensor([[0, 0.9, 0, 0.2, 0, 0.4]]),
      "priors": torch.linspace(0, 1, 24).reshape(1, 2, 12)[:, [1, 0]]}),
    ("Dropout", "", X),
    ("Dropout", "dropout_param { scale_train: false dropout_ratio: 0.3 }", X),
    ("Dropout", "dropout_param { sample_weights_test: true }", X),
    ("DummyData", "dummy_data_param { shape { dim: 2 dim: 3 } data_filler { type: 'gaussian' } }", {}),
    ("ELU", "elu_param { alpha: 0.5 }", X),
    ("Eltwise", "eltwise_param { operation: PROD }", PAIR),
    ("Eltwise", "eltwise_param { operation: SUM coeff: 2 coeff: -0.5 }", PAIR),
    ("Eltwise", "eltwise_param { operation: MAX }", PAIR),
    ("Eltwise", "eltwise_param { operation: MIN }", PAIR),
    ("Eltwise", "eltwise_param { operation: DIV }", {"a": (2, 3), "b": torch.rand(2, 3) + 0.5}),
    ("Eltwise", "eltwise_param { coeff: 2 coeff: -0.5 coeff: 1 axis: 1 }", {"a": (2, 3, 5), "b": (3,), "c": (2, 3, 5)}),
    ("Eltwise", "eltwise_param { operation: MAX }", {"a": (2, 3), "b": ()}),
    ("Embed", "embed_param { num_output: 4 input_dim: 3 }", {"x": torch.tensor([[2.0, 0], [1, 2], [2, 2]])}),
    ("EuclideanLoss", "", PAIR),
    ("Exp", "exp_param { base: 2 scale: 0.5 shift: 1 }", X),
    ("Filter", "", {"x": (2, 3, 5), "s": torch.tensor([1.0, -2])}),  # all, for the stated shapes to be true
    ("Flatten", "flatten_param { axis: 1 end_axis: 2 }", X),
    ("HardSwish", "", {"x": torch.linspace(-4.3, 4.1, 30).reshape(2, 3, 5).requires_grad_()}),
    ("HingeLoss", "", {"x": (2, 3), "t": LABELS}),
    ("HingeLoss", "hinge_loss_param { norm: L2 }", {"x": (2, 3, 5), "t": LABELS}),
    ("Im2col", "convolution_param { kernel_h: 3 kernel_w: 2 stride: 2 pad: 1 dilation: 2 dilation: 1 }", X),
    ("Im2col", "convolution_param { kernel_size: 2 axis: 2 }", X),
    ("InfogainLoss", "", {"x": (2, 3), "t": LABELS, "h": torch.randn(3, 3)}),
    ("MultiLabelSigmoidLoss", "", {"x": (2, 3), "t": torch.tensor([[0.0, 1, -1], [1, 0.5, 0]])}),
    ("InfogainLoss", "infogain_loss_param { axis: 2 }",
     {"x": (2, 4, 3), "t": torch.tensor([[0.0, 1, 2, 0], [1, 1, 0, 2]]), "h": torch.randn(3, 3)}),
    ("InnerProduct", "inner_product_param { num_output: 7 axis: 2 }", X),
    ("InnerProduct", "inner_product_param { num_output: 7 transpose: true bias_term: false }", X),
    ("LSTM", "recurrent_param { num_output: 4 }", {"x": (7, 3, 5), "cont": RESTARTS[0]}),
    ("LSTM", "recurrent_param { num_output: 4 }", {"x": (7, 3, 5), "cont": RESTARTS[1]}),
    ("LSTM", "recurrent_param { num_output: 4 forget_bias: 0.5 }", {"x": (7, 3, 5), "cont": RESTARTS[0]}),
    ("LSTM", "recurrent_param { num_output: 4 }", {"x": (7, 3, 5, 2), "cont": RESTARTS[0], "s": (3, 2, 3)}),
    ("LSTM", "recurrent_param { num_output: 4 static_input_only_start: true }",
     {"x": (7, 3, 5), "cont": RESTARTS[0], "s": (3, 2)}),
    ("SimpleRNN", "recurrent_param { num_output: 4 }", {"x": (7, 3, 5), "cont": RESTARTS[0]}),
    ("RNN", "recurrent_param { num_output: 4 static_input_only_start: true }",
     {"x": (7, 3, 5), "cont": RESTARTS[0], "s": (3, 2)}),
    ("Interp", "interp_param { height: 7 width: 3 }", X),
    ("Interp", "interp_param { zoom_factor: 2 pad_beg: -1 }", X),
    ("Interp", "interp_param { height: 7 width: 3 mode: NEAREST }", X),
    ("L1Loss", "", PAIR),
    ("LRN", "lrn_param { alpha: 0.5 }", {"x": (2, 7, 5, 4)}),
    ("LRN", "lrn_param { alpha: 0.5 beta: 0.6 local_size: 3 norm_region: WITHIN_CHANNEL }", X),
    ("Log", "", {"x": torch.rand(2, 3, 5).add(0.5).requires_grad_()}),
    ("MVN", "", X),
    ("MVN", "mvn_param { across_channels: true normalize_variance: false }", X),
    ("MVN", "mvn_param { across_channels: true eps: 0.5 }", {"x": (2, 7)}),
    ("Mul", "", {"a": (3, 1), "b": (2, 1, 5)}),
    ("Mul", "", {"a": (2, 3, 5), "b": (2, 1, 5), "c": (1, 3, 1)}),
    ("Mul", "mul_param { mul_shape: [4, 1, 5] }", {"a": (2, 1, 3, 1)}),
    ("MultiBoxFocalLoss", "multibox_loss_param { num_classes: 3 code_type: CENTER_SIZE mining_type: NONE }", BOXES),
    ("MultiBoxLoss", "multibox_loss_param { num_classes: 3 code_type: CENTER_SIZE }", BOXES),
    ("MultiBoxLoss",
     "multibox_loss_param { num_classes: 3 loc_loss_type: L2 conf_loss_type: LOGISTIC mining_type: NONE }", BOXES),
    ("MultiBoxLoss", "multibox_loss_param { num_classes: 3 share_location: false code_type: CORNER_SIZE }",
     BOXES | {"loc": (2, 48)}),
    ("MultinomialLogisticLoss", "", {"x": torch.rand(2, 3).add(0.1).requires_grad_(), "t": LABELS}),
    ("Normalize", "", X),
    ("Normalize", "norm_param { across_spatial: false channel_shared: false }", X),
    ("PReLU", "", X),
    ("PSROIPooling", "psroi_pooling_param { output_dim: 2 group_size: 2 spatial_scale: 0.5 }",
     {"x": (2, 8, 5, 4), "r": ROIS}),
    ("Permute", "permute_param { order: 0 order: 2 order: 3 }", X),
    ("Parameter", "parameter_param { shape { dim: 2 dim: 3 } }", {}),
    ("Pooling", "pooling_param { kernel_size: 3 stride: 2 pad: 1 }", X),
    ("Pooling", "pooling_param { kernel_size: 3 stride: 2 pad: 2 }", X),
    ("Pooling", "pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 1 }", X),
    ("Pooling", "pooling_param { pool: AVE kernel_size: 3 stride: 2 pad: 2 }", X),
    ("Pooling", "pooling_param { pool: MIN kernel_size: 3 stride: 2 pad: 1 }", X),
    ("Pooling", "pooling_param { pool: AVE global_pooling: true }", X),
    ("Pooling", "pooling_param { pool: STOCHASTIC kernel_size: 2 }", {"x": torch.rand(2, 3, 5, 4).requires_grad_()}),
    ("Pooling", "pooling_param { kernel_size: 2 stride: 2 ceil_mode: false }", X),
    ("PriorBoxClustered", "prior_box_param { width: 3.5 width: 2 height: 4 height: 5 }",
     {"x": torch.zeros(2, 3, 5, 4), "image": torch.zeros(2, 3, 11, 9)}),
    ("PriorBox", "prior_box_param { min_size: 3 max_size: 5 aspect_ratio: 2 }",
     {"x": torch.zeros(2, 3, 5, 4), "image": torch.zeros(2, 3, 11, 9)}),
    ("Power", "power_param { power: 2 scale: 0.5 shift: 1 }", X),
    ("Python", "python_param { module: 'user_layers' layer: 'EuclideanLoss' }", PAIR),
    ("Python", "python_param { module: 'user_layers' layer: 'Affine' param_str: '1.5' }", X),
    ("Python", "python_param { module: 'user_layers' layer: 'Noise' }", X),
    ("Python", "python_param { module: 'user_modules' layer: 'Perceptron' }", {"x": (2, 3)}),
    ("Python", "python_param { module: 'user_modules' layer: 'Learned' }", {}),
    ("RNN", "recurrent_param { num_output: 4 }", {"x": (7, 3, 5), "cont": RESTARTS[0]}),
    ("RNN", "recurrent_param { num_output: 4 }", {"x": (7, 3, 5), "cont": RESTARTS[1], "s": (3, 2)}),
    ("RandVec", "randvec_param { batch_size: 2 dim: 3 }", {}),
    ("ReLU6", "", {"x": torch.linspace(-1.3, 7.1, 30).reshape(2, 3, 5).requires_grad_()}),
    ("ReLU6", "relu_param { negative_slope: 0.25 }", X),
    ("ROIPooling", "roi_pooling_param { pooled_h: 2 pooled_w: 3 spatial_scale: 0.5 }", {"x": (2, 3, 5, 4), "r": ROIS}),
    ("ReLU", "relu_param { negative_slope: 0.25 }", X),
    ("Reduction", "reduction_param { operation: MEAN axis: 1 coeff: 2.5 }", X),
    ("Reduction", "reduction_param { operation: ASUM axis: -1 }", X),
    ("Reduction", "reduction_param { operation: SUM }", X),
    ("Reduction", "reduction_param { operation: SUMSQ axis: 2 coeff: -1 }", X),
    ("Reorg", "reorg_param { stride: 2 }", {"x": (2, 4, 6, 8)}),
    ("Reorg", "reorg_param { stride: 2 reverse: true }", {"x": (2, 8, 3, 5)}),
    ("Reshape", "reshape_param { shape { dim: 0 dim: -1 dim: 2 } }", X),
    ("SPP", "spp_param { pyramid_height: 2 }", X),
    ("SPP", "spp_param { pyramid_height: 1 }", X),
    ("SPP", "spp_param { pyramid_height: 2 pool: AVE }", X),
    ("SPP", "spp_param { pyramid_height: 2 pool: STOCHASTIC }", {"x": torch.rand(2, 3, 5, 4).requires_grad_()}),
    ("Scale", "scale_param { bias_term: true }", X),
    ("Scale", "scale_param { bias_term: true }", {"x": (2, 3, 5), "s": (3, 5)}),
    ("SeLu", "selu_param { alpha: 0.7 }", X),
    ("SeLuDropout", "", X),
    ("ShuffleChannel", "shuffle_channel_param { group: 3 }", {"x": (2, 6, 5, 4)}),
    ("Sigmoid", "", X),
    ("SigmoidCrossEntropyLoss", "", {"x": (2, 3), "t": torch.tensor([[0.0, 1, 0.25], [1, 0.5, 0]])}),
    ("SmoothL1Loss", "smooth_l1_loss_param { sigma: 2 }", PAIR),
    ("SmoothL1Loss", "", PAIR | {"w": torch.rand(2, 3, 5), "v": torch.rand(2, 3, 5)}),
    ("SmoothL1LossOHEM", "loss_param { normalization: PRE_FIXED pre_fixed_normalizer: 7 }", PAIR),
    ("Softmax", "", X),
    ("Softmax", "softmax_param { scaling_temperature: 1.75 }", X),
    ("SoftmaxWithLoss", "", {"x": (2, 3), "t": LABELS}),
    ("SoftmaxWithLossOHEM", "", {"x": (2, 3), "t": LABELS}),
    ("Squeeze", "squeeze_param { axis: 1 axis: -1 }", {"x": (2, 1, 3, 1)}),
    ("Swish", "", X),
    ("Swish", "swish_param { beta: -0.5 }", X),
    ("TanH", "", X),
    ("Threshold", "threshold_param { threshold: 0.25 }", X),
    ("TripletLoss", "triplet_loss_param { margin: 0.7 }", {"a": (3, 4), "p": (3, 4), "n": (3, 4)}),
    ("Upsample", "upsample_param { scale: 3 }", X),
    ("Upsample", "upsample_param { scale: 2 pad_out_w: true }",
     {"x": (2, 3, 2, 3), "i": torch.arange(36.0).reshape(2, 3, 2, 3) % 20}),
    ("Tile", "tile_param { axis: 2 tiles: 3 }", X),
    ("YoloDetectionOutput",
     "yolo_detection_output_param { num_classes: 3 num_box: 1 biases: 2 biases: 3 nms_threshold: 0 }",
     {"x": torch.full((1, 8, 1, 1), 2.0)}),
    ("Yolov3DetectionOutput", "yolov3_detection_output_param { num_classes: 2 num_box: 1 biases: 20 biases: 30 mask: 0 "
     "anchors_scale: 16 mask_group_num: 1 nms_threshold: 0 }", {"x": torch.full((1, 7, 1, 1), 2.0)}),
]
SEVERAL_TOPS = [
    *fork_layer_cases.SEVERAL_TOPS,
    ("BoxAnnotatorOHEM", "box_annotator_ohem_param { roi_per_img: 1 }",
     {"r": ROIS, "l": torch.rand(4), "t": torch.arange(4.0), "w": torch.rand(4, 8)}, 2),
    ("SmoothL1LossOHEM", "loss_weight: 1 loss_weight: 0", {"a": (2, 3, 5, 4), "b": (2, 3, 5, 4)}, 2),
    ("SoftmaxWithLossOHEM", "loss_weight: 1 loss_weight: 0 loss_weight: 0", {"x": (2, 3), "t": LABELS}, 3),
    ("SmoothL1Loss", "loss_weight: 1 loss_weight: 0", {"a": (2, 3, 5, 4), "b": (2, 3, 5, 4)}, 2),
    ("Pooling", "pooling_param { kernel_size: 3 stride: 2 }", X, 2),
    ("Filter", "", {"x": (3, 2), "w": (3, 4, 5), "s": torch.ones(3)}, 2),
    ("InfogainLoss", "loss_weight: 1 loss_weight: 0", {"x": (2, 3), "t": LABELS, "h": torch.randn(3, 3)}, 2),
    ("LSTM", "recurrent_param { num_output: 4 expose_hidden: true }",
     {"x": (7, 3, 5), "cont": RESTARTS[0], "h": torch.randn(1, 3, 4), "c": torch.randn(1, 3, 4)}, 3),
    ("LSTMUnit", "", {"c": (1, 3, 4), "g": (1, 3, 16), "cont": torch.tensor([[1.0, 0, 0.5]])}, 2),
    ("RNN", "recurrent_param { num_output: 4 expose_hidden: true }",
     {"x": (7, 3, 5), "cont": RESTARTS[0], "s": (3, 2), "h": torch.randn(1, 3, 4)}, 2),
    ("Slice", "slice_param { slice_point: 1 slice_point: 3 }", {"x": (2, 7, 3)}, 3),
    ("Split", "", {"x": (2, 3, 5)}, 2),
]
NEEDS_FILES = {"DeepHandModel"}  # test_hand_model.py
COMPUTES_NOTHING = {"FLOWriter", "FloatWriter", "HDF5Output", "ImageOutput", "ImgWriter", "Mask", "MatWrite", "PFMWriter",
                    "RBMReturn", "Silence", "XCLProgram"}
NO_GRADIENT = fork_layer_cases.NO_GRADIENT | {
    "Accuracy", "ArgMax", "BoxAnnotatorOHEM", "CenterLoss", "DetectionEvaluate", "DetectionOutput", "DummyData",
    "PriorBox", "PriorBoxClustered", "RandVec", "Threshold", "YoloDetectionOutput", "Yolov3DetectionOutput",
}


@pytest.mark.parametrize("phase", ["TRAIN", "TEST"])
@pytest.mark.parametrize(("kind", "param", "inputs", "n_tops"), [*((*case, 1) for case in CASES), *SEVERAL_TOPS])
def test_layer_keeps_its_promises(kind, param, inputs, n_tops, phase):
    blobs = " ".join([*(f'bottom: "{blob}"' for blob in inputs), *(f'top: "y{i}"' for i in range(n_tops))])
    check_layer(
        f'layer {{ name: "l" type: "{kind}" {blobs} {param} }}', phase, gradients=kind not in NO_GRADIENT,
        allow_python=kind == "Python", **inputs)


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "param", "inputs", "n_tops"), [*((*case, 1) for case in CASES), *SEVERAL_TOPS])
def test_layer_that_does_not_depend_on_data_is_one_graph(kind, param, inputs, n_tops):
    blobs = " ".join([*(f'bottom: "{blob}"' for blob in inputs), *(f'top: "y{i}"' for i in range(n_tops))])
    one = OneLayer(f'layer {{ name: "l" type: "{kind}" {blobs} {param} }}', "TRAIN", inputs, kind == "Python")
    if one.layer.depends_on_data:
        pytest.skip("depends on data")
    torch.compiler.reset()
    compiled = torch.compile(one.net, backend="eager", fullgraph=True, dynamic=False)
    found, wanted = (one.call(net, one.inputs, {}) for net in (compiled, one.net))
    torch.testing.assert_close(found, wanted, equal_nan=True)


def test_every_type_is_checked():
    modules = {name for name, cls in known_types().items() if issubclass(cls, Layer)}
    assert {NAMES.get(kind, kind) for kind, *_ in (*CASES, *SEVERAL_TOPS)} == modules - COMPUTES_NOTHING - NEEDS_FILES
