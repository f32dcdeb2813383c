"""Layers of forks for `tests/netdef/layers/test_promises.py`: type, message, bottoms and, of several tops, their number."""

from __future__ import annotations

import torch

X = {"x": (2, 3, 5, 4)}

TRUE_BOXES = torch.zeros(2, 1, 4, 5)
TRUE_BOXES[0, 0, 0], TRUE_BOXES[1, 0, 0], TRUE_BOXES[1, 0, 1] = (torch.tensor(box) for box in (
    [1, 0.4, 0.6, 0.3, 0.2], [0, 0.7, 0.1, 0.5, 0.9], [1, 0.2, 0.3, 0.1, 0.1]))
ANNOTATED = torch.tensor([[0, 2, 0, 0.25, 0.5, 0.55, 0.7, 0], [1, 1, 0, 0.1, 0.2, 0.9, 0.8, 0], [-1] * 8])[None, None]
REGIONS = torch.tensor([[0.0, 1, 0, 6, 7], [1, 2, 3, 5, 4], [0, -3, 4, 2, 12], [1, 30, 30, 40, 40]])
ANCHORS = "biases: 1 biases: 2 biases: 3 biases: 1.5"
BOXES_OF_DETECTNET = torch.zeros(2, 1, 3, 16)
BOXES_OF_DETECTNET[:, 0, 0, :2] = torch.tensor([[1, 16], [2, 16]])
BOXES_OF_DETECTNET[:, 0, 1:, :6] = torch.tensor([[3.0, 2, 9, 5, 0, 1], [10, 4, 4, 8, 0, 1]])

CASES = [
    ("ClassBalancedSigmoidCrossEntropyLoss", "", X | {"t": (torch.arange(120) % 5 < 2).float().reshape(2, 3, 5, 4)}),
    ("BatchNorm", "batch_norm_param { add_eps_before_sqrt: false eps: 0.3 scale_bias: true }", X),
    ("BatchReduction", "batch_reduction_param { reduction_param { operation: MEAN axis: 1 } }", X),
    ("BatchReduction", "batch_reduction_param { level: 2 level: 1 reduction_param { axis: -2 } }", X),
    ("BatchReduction", "batch_reduction_param { reduction_param { operation: TOPK axis: 2 k: 3 } }", X),
    ("BatchReduction", "batch_reduction_param { pos: true reduction_param { axis: 1 } }", {"x": (2, 4, 4, 5)}),
    ("BatchToSpaceND", "batch_to_space_nd_param { block_shape: 3 block_shape: 2 crops: 1 crops: 0 crops: 0 crops: 2 }",
     {"x": (12, 5, 4, 7)}),
    ("ChannelNorm", "", X),
    ("ChannelScale", "", X | {"s": (2, 1, 5, 4)}),
    ("LabelSpecificAdd", "label_specific_add_param { bias: -0.25 }", {"x": (2, 3), "t": torch.tensor([2.0, 0])}),
    ("Normalize", "normalize_param { }", {"x": (2, 3, 5)}),
    ("ContrastiveLoss", "contrastive_loss_param { margin: 9 label_type: CATEGORY }",
     {"a": (3, 4), "b": (3, 4), "y": torch.tensor([1.0, 5, 2]), "z": torch.tensor([1.0, 2, 5])}),
    ("DoubleMarginContrastiveLoss", "double_margin_contrastive_loss_param { margin_imp: 9 }",
     {"a": (3, 4), "b": (3, 4), "y": torch.tensor([1.0, 0, 0])}),
    ("SparseInnerProduct", "inner_product_param { num_output: 4 }", {"x": (2, 3)}),
    ("HashingLoss", "hashing_loss_param { bi_margin: 0.1 }", {"b": (4, 3), "t": torch.eye(5)[[1, 1, 3, 0]]}),
    ("Local", "local_param { num_output: 2 kernel_size: 3 stride: 2 pad: 1 weight_filler { type: 'gaussian' std: 0.5 } }", X),
    ("Local", "local_param { num_output: 2 kernel_size: 2 bias_term: false }", X),
    ("Sparsify", "sparsify_param { thre: 0.25 }", X),
    ("SpatialPyramidPooling", "spatial_pyramid_pooling_param { spatial_bin: 1 spatial_bin: 2 }", {"x": (2, 3, 5, 7)}),
    ("Correlation", "correlation_param { pad: 2 kernel_size: 3 max_displacement: 2 stride_1: 2 stride_2: 2 }",
     {"a": (2, 3, 5, 7), "b": (2, 3, 5, 7)}),
    ("Correlation", "correlation_param { pad: 1 kernel_size: 1 max_displacement: 1 correlation_type: SUBTRACT }",
     {"a": (2, 3, 5, 4), "b": (2, 3, 5, 4)}),
    ("Correlation1D", "correlation_param { pad: 3 kernel_size: 1 max_displacement: 3 single_direction: -1 }",
     {"a": (2, 3, 5, 7), "b": (2, 3, 5, 7)}),
    ("CtcLoss", "ctc_loss_param { alphabet_size: 4 time_step: 6 }", {"x": (6, 1, 4), "t": torch.tensor([[0.0, 2, 2, 0, 3]])}),
    ("CropSimple", "crop_param { crop_height: 2 crop_width: 3 }", X),
    ("DetectionOutput", "detection_output_param { num_classes: 2 keep_top_k: 1 nbottom: 2 no_permute: true }",
     {"c": torch.tensor([[0.1, 0.9], [0.9, 0.1]]).reshape(1, 2, 1, 2), "d": torch.tensor([0.2, 0.8]).reshape(1, 2, 1, 1),
      "l": torch.zeros(1, 4, 1, 2), "m": torch.zeros(1, 4, 1, 1),
      "priors": torch.linspace(0, 1, 24).reshape(1, 2, 12)[:, [1, 0]]}),
    ("Eltwise", "eltwise_param { coeff_blob: true coeff: 2 coeff: -1 }",
     {"a": (2, 3, 5), "b": (2, 3, 5), "k": torch.randn(2, 2, 3)}),
    ("EvalDetection", f"eval_detection_param {{ side: 3 num_class: 2 num_object: 2 nms: 0.4 {ANCHORS} }}",
     {"x": torch.randn(2, 14, 3, 3), "gt": ANNOTATED}),
    ("Concat", "concat_param { per_fla_fuse: true }", X | {"y": (2, 1, 2, 7)}),
    ("Flip", "flip_param { flip_height: true }", X),
    ("FlowWarp", "", {"x": (2, 3, 5, 4), "f": (2, 2, 5, 4)}),
    ("Gather", "", X),
    ("Scatter", "", X),
    ("InnerDistance", "inner_distance_param { num_output: 4 weight_filler { type: 'gaussian_unitball' } }", {"x": (2, 3)}),
    ("InnerDistance", 'inner_distance_param { distance_type: "L1" }', {"x": (2, 3), "w": (4, 3)}),
    ("GeneralTripletLoss", "", {"x": torch.rand(2, 3), "t": torch.tensor([2.0, 0])}),
    ("Insanity", "insanity_param { lb: 2 ub: 4 }", X),
    ("Interp", "interp_param { use_blob_size: true pad_beg: -1 }", X | {"like": torch.zeros(1, 1, 7, 6)}),
    ("L1Loss", "l1_loss_param { l2_per_location: true plateau: 0.3 normalize_by_num_entries: true }",
     {"a": (2, 3, 5, 4), "b": (2, 3, 5, 4)}),
    ("L1Loss", "", X),
    ("IOUAccuracy", "accuracy_param { ignore_label: 1 }", {"x": torch.randn(2, 4, 3), "t": torch.arange(6.0) % 5}),
    ("LabelsequenceAccuracy", "", {"x": torch.randn(2, 6, 4), "t": torch.tensor([[1.0, 2, 0], [3, 0, 0]])}),
    ("Lstm", "lstm_param { num_output: 4 }", {"x": (7, 3, 5, 2)}),
    ("Lstm", "lstm_param { num_output: 4 }", {"x": (7, 3, 5), "clip": (torch.arange(21.0) % 4).reshape(7, 3)}),
    ("Lstm", "lstm_param { num_output: 4 clipping_threshold: 1000 }", {"x": (7, 3, 5)}),
    ("MarginInnerProduct", "margin_inner_product_param { num_output: 4 }", {"x": (2, 3), "t": torch.tensor([2.0, 0])}),
    ("MaskPooling", "", X | {"m": (2, 1, 5, 4)}),
    ("MaskResize", "mask_resize_param { output_height: 3 output_width: 7 }", X),
    ("ROIAlign", "roi_pooling_param { pooled_h: 2 pooled_w: 3 spatial_scale: 0.5 }", {"x": (2, 3, 5, 4), "r": REGIONS}),
    ("ROIWarping", "roi_warping_param { pooled_h: 2 pooled_w: 3 spatial_scale: 0.5 }", {"x": (2, 3, 5, 4), "r": REGIONS}),
    ("MVN", "mvn_param { add_eps_before_sqrt: true eps: 0.5 }", X),
    ("MultiStageMeanfield", "multi_stage_meanfield_param { num_iterations: 2 theta_gamma: 2 }",
     {"u": (2, 3, 5, 4), "q": (2, 3, 5, 4), "image": torch.randn(2, 3, 5, 4) * 9}),
    ("NegReLU", "relu_param { negative_slope: 0.2 }", X),
    ("Normalize", "norm_param { add_eps_before_sqrt: false eps: 0.5 }", X),
    ("Pad", "pad_param { paddings: 0 paddings: 1 paddings: 2 paddings: 0 paddings: 1 paddings: 3 constant_values: -2 }",
     {"x": (2, 3, 5)}),
    ("Pooling", "pooling_param { kernel_size: 3 stride: 2 pad_l: 1 pad_b: 2 }", X),
    ("Pooling", "pooling_param { pool: AVE kernel_size: 3 stride: 2 pad_r: 1 pad_t: 2 }", X),
    ("Pooling", "pooling_param { kernel_size: 2 stride: [1, 2, 2] }", {"x": (2, 3, 5, 4, 6)}),
    ("Pooling", "pooling_param { pool: AVE kernel_size: [3, 2, 1] pad: [1, 0, 0] }", {"x": (2, 3, 5, 4, 6)}),
    ("Pooling", "pooling_param { pool: AVE_EXC_PAD kernel_size: 3 stride: 2 pad: 1 }", X),
    ("Pooling", "pooling_param { pool: AVE_TF kernel_size: 3 stride: 2 pad_type: 1 }", X),
    ("Proposal", "proposal_param { max_rois: 1 anchor_scale: 1 anchor_ratio: 1 }",
     {"s": torch.rand(1, 2, 3, 4), "o": torch.randn(1, 4, 3, 4) / 9, "i": torch.tensor([[50.0, 60, 1.5]])}),
    ("RegionLoss", f"region_loss_param {{ num_class: 3 num: 2 {ANCHORS} }}", {"x": (2, 16, 5, 5), "gt": TRUE_BOXES}),
    ("RegionLoss", f"region_loss_param {{ num_class: 3 num: 2 {ANCHORS} }}", {"x": (2, 16, 5, 5), "gt": ANNOTATED}),
    ("ReLU", "relu_param { relu6: true negative_slope: 0.25 }",
     {"x": torch.linspace(-1.3, 7.1, 30).reshape(2, 3, 5).requires_grad_()}),
    ("ReLU", "relu_param { maximum: 0.7 minimum: 0.1 }", X),
    ("Mean", "mean_param { operation: SUBTRACT value: 0.4 input_scale: 0.5 output_scale: 3 }", X),
    ("Resample", "resample_param { height: 3 width: 7 }", X),
    ("Resample", "resample_param { type: CUBIC }", X | {"like": torch.zeros(1, 1, 9, 3)}),
    ("Resample", "resample_param { type: NEAREST height: 3 width: 7 }", X),
    ("Reshape", "reshape_param { pixelshuffler: 2 }", {"x": (2, 12, 5, 3)}),
    ("ResizeBilinear", "resize_bilinear_param { output_height: 3 scale_width: 2.5 half_pixel_centers: true }", X),
    ("ResizeBilinear", 'resize_bilinear_param { data_format: "NCHWD" output_depth: 3 scale_height: 2 align_corners: true }',
     {"x": (2, 3, 5, 4, 7)}),
    ("ResizeNearestNeighbor", 'resize_nearest_neighbor_param { data_format: "NCHW" output_height: 3 scale_width: 2.5 }', X),
    ("Reverse", "reverse_param { axis: 1 }", X),
    ("SegAccuracy", "seg_accuracy_param { ignore_label: 9 ignore_label: 1 }",
     {"x": torch.randn(2, 4, 3, 5), "t": torch.arange(30.0) % 4}),
    ("SegAccuracy", "seg_accuracy_param { reset: false }", {"x": torch.randn(2, 4, 3, 5), "t": torch.arange(30.0) % 4}),
    ("SegmentationEvaluate", "", {"x": torch.rand(2, 3, 5, 4), "t": torch.rand(2, 3, 5, 4)}),
    ("SoftmaxWithLoss", "loss_param { weight_by_label_freqs: true class_weighting: 0.5 class_weighting: 2 class_weighting: 3 "
     "ignore_label: 1 }", {"x": (4, 3, 2), "t": torch.tensor([[2.0, 0], [1, 0], [0, 2], [1, 2]])}),
    ("SpaceToBatchND", "space_to_batch_nd_param { block_shape: 2 block_shape: 3 paddings: 0 paddings: 1 paddings: 1 "
     "paddings: 1 }", {"x": (2, 3, 4, 5)}),
    ("Transpose", "transpose_param { dim: 3 dim: 0 dim: -3 dim: 2 }", X),
    ("Unpooling", "unpooling_param { kernel_size: 2 stride: 2 unpool_h: 9 unpool_w: 7 }",
     {"x": (2, 3, 5, 4), "i": torch.arange(120.0).reshape(2, 3, 5, 4) * 7 % 66}),
    ("Unpooling", "unpooling_param { kernel_size: 3 stride: 2 }", X),
    ("Unpooling", "unpooling_param { unpool: AVE kernel_h: 3 kernel_w: 4 stride: 2 unpool_h: 9 unpool_w: 12 }", X),
    ("Unpooling", "unpooling_param { unpool: TILE kernel_size: 3 stride_h: 1 stride_w: 2 unpool_size: 7 }", X),
    ("Unpooling", "pooling_param { kernel_size: 3 stride: 2 pad: 1 }",
     {"x": (2, 3, 5, 4), "i": torch.arange(120.0).reshape(2, 3, 5, 4) % 70}),
    ("UpsampleDarknet", "upsample_darknet_param { stride: 3 }", X),
    ("YoloSeg", "", X | {"t": torch.rand(2, 3, 5, 4), "n": torch.arange(6.0).reshape(2, 3)}),
    ("Yolov3", "yolov3_param { num_class: 3 num: 1 mask: 1 biases: 20 biases: 30 biases: 70 biases: 50 use_focal_loss: true "
     "use_logic_gradient: true }", {"x": (2, 8, 4, 5), "gt": TRUE_BOXES}),
]
SEVERAL_TOPS = [
    ("DetectNetTransformation", "detectnet_groundtruth_param { stride: 4 image_size_x: 20 image_size_y: 12 } "
     "detectnet_augmentation_param { scale_prob: 1 rotation_prob: 1 max_rotate_degree: 20 hue_rotation_prob: 1 shift_x: 4 }",
     {"x": torch.rand(2, 3, 14, 23), "t": BOXES_OF_DETECTNET}, 2),
    ("Proposal", "proposal_param { ratio: 1 scale: 2 min_size: 0 post_nms_topn: 1 }",
     {"s": torch.rand(2, 2, 3, 4), "o": torch.randn(2, 4, 3, 4) / 9, "i": torch.tensor([[50.0, 60, 1.5, 1]] * 2)}, 2),
    ("IOUAccuracy", "", {"x": torch.randn(2, 4, 3), "t": torch.arange(6.0) % 4}, 2),
    ("GeneralContrastiveLoss", "loss_weight: 1 loss_weight: 0", {"x": torch.rand(2, 3), "t": torch.tensor([2.0, 0])}, 2),
    ("Normalize", "normalize_param { bp_norm: true }", X, 2),
    ("Pooling", "pooling_param { kernel_size: 3 stride: 2 pad_l: 1 }", X, 2),
]
NO_GRADIENT = {
    "DetectNetTransformation", "EvalDetection", "IOUAccuracy", "LabelsequenceAccuracy", "Proposal", "SegAccuracy",
    "SegmentationEvaluate",
} | {  # whose gradients are not the derivatives: see their own tests
    "GeneralContrastiveLoss", "GeneralTripletLoss", "HashingLoss", "MarginInnerProduct", "RegionLoss", "YoloSeg", "Yolov3",
}
