"""The numbers in binary files of forks' layer fields that have an equivalent in `netdef.proto`.

A number alone does not identify a field, because forks chose the same ones; number and layer type together do.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import NamedTuple

from netdef.schema.descriptors import descriptor_of
from netdef.schema.messages import BatchNormParameter, LayerParameter, PoolingParameter


class ForkField(NamedTuple):
    """A fork's field of a layer. ``field`` is the number of ours; None for one without effect on what a net computes.

    ``numbers`` are ours by the fork's number and wire type (None: any), for the fields of its message; None if they
    are the same. ``ignored`` are those of its fields without effect. ``before`` is the bytes of the fields whose defaults
    differ.
    """

    field: int | None
    numbers: Mapping[tuple[int, int | None], int] | None = None
    ignored: frozenset[int] = frozenset()
    before: bytes = b""


INTEL, NVIDIA = "intel/caffe", "NVIDIA/caffe"
_VARINT, _BYTES, _FIXED32 = 0, 2, 5  # types of protobuf's wire format

# (layer types, our field, numbers in the forks)
_ROWS = [
    ("Mask", "mask_param", (10001,)),  # ours, in old files
    ("ContinuationIndicator", "continuation_indicator_param", (10002, 201)),
    ("AnnotatedData", "annotated_data_param", (200,)),
    ("MultiBoxLoss", "multibox_loss_param", (201,)),
    ("Permute", "permute_param", (202, 224)),
    ("PriorBox PriorBoxClustered", "prior_box_param", (203,)),
    ("DetectionOutput DetectionOutputExtended", "detection_output_param", (204,)),
    ("DetectionEvaluate", "detection_evaluate_param", (205,)),
    ("Normalize", "norm_param", (206,)),
    ("ROIPooling", "roi_pooling_param", (8266711, 154, 150, 204, 147)),
    ("ROIAlign", "roi_pooling_param", (147,)),
    ("SmoothL1Loss SmoothL1LossOHEM", "smooth_l1_loss_param", (8266712, 148, 149, 222)),
    ("PSROIPooling", "psroi_pooling_param", (10001, 148, 153, 220)),
    ("BoxAnnotatorOHEM", "box_annotator_ohem_param", (10000, 152)),
    ("BatchReduction", "batch_reduction_param", (162,)),
    ("BN", "bn_param", (45, 137, 152, 200)),
    ("Upsample", "upsample_param", (137, 147, 150, 177)),
    ("Interp", "interp_param", (143, 153, 163)),
    ("SegAccuracy", "seg_accuracy_param", (144, 154, 164)),
    ("Reorg", "reorg_param", (149, 159, 197)),
    ("YoloDetectionOutput", "yolo_detection_output_param", (601,)),
    ("Yolov3DetectionOutput", "yolov3_detection_output_param", (602,)),
    ("ReLU6", "relu_param", (211,)),
    ("ShuffleChannel", "shuffle_channel_param", (166,)),
    ("CenterLoss", "center_loss_param", (147, 211)),
    ("SeLu", "selu_param", (232,)),
    ("SeLuDropout", "selu_dropout_param", (233,)),
    ("MultiStageMeanfield", "multi_stage_meanfield_param", (146, 1000)),
    ("Lstm", "lstm_param", (140,)),
    ("Transpose", "transpose_param", (142,)),
    ("Reverse", "reverse_param", (143, 147)),
    ("CtcLoss", "ctc_loss_param", (200,)),
    ("CTCLoss", "ctc_loss_param", (148,)),
    ("CTCGreedyDecoder", "ctc_decoder_param", (149,)),
    ("GRN", "grn_param", (208,)),
    ("ScaleFilter", "scale_filter_param", (211,)),
    ("AnchorEmbeddingExtractor", "embedding_extractor_param", (210,)),
    ("HardMining", "hard_mining_param", (153,)),
    ("SymmetricRectify", "symmetric_rectify_param", (148,)),
    ("WassersteinLoss", "wasserstein_param", (147,)),
    ("ExtractPrimary", "extract_primary_param", (301,)),
    ("SecondaryRegionsOpScores", "secondary_regions_op_scores_param", (302,)),
    ("SimilaryEuclideanLoss", "similary_euclidean_loss_param", (304,)),
    ("PoseHeatMapLoss", "pose_heat_map_loss_param", (314,)),
    ("CoordsFromHeatMaps", "pose_coords_from_heat_maps_param", (315,)),
    ("PosePDJAccuracy", "pose_pdj_accuracy_param", (318,)),
    ("HeatMapsFromCoordsOrigin", "heat_maps_from_coords_origin_param", (320,)),
    ("RandomImageData2", "random_image_data2_param", (324,)),
    ("CoordsToBboxesMasks", "coord_to_bbox_masks_param", (326,)),
    ("PoseEuDistAccuracy", "pose_eudist_accuracy_param", (412,)),
    ("TorsoMaskFromCoords", "torso_mask_from_coords_param", (330,)),
    ("LabelsequenceAccuracy", "labelsequence_accuracy_param", (203,)),
    ("LSTM RNN", "recurrent_param", (134, 151)),
    ("Embed", "embed_param", (132,)),
    ("Scale", "scale_param", (160,)),
    ("Bias", "bias_param", (161,)),
    ("Sparsify", "sparsify_param", (147,)),
    ("DetectNetTransformation", "detectnet_groundtruth_param", (6801,)),
    ("DetectNetTransformation", "detectnet_augmentation_param", (6802,)),
    ("DoubleMarginContrastiveLoss", "double_margin_contrastive_loss_param", (147,)),
    ("SparseData", "sparse_data_param", (132,)),
    ("HashingLoss", "hashing_loss_param", (145,)),
    ("Insanity", "insanity_param", (202,)),
    ("Flip", "flip_param", (212,)),
    ("Normalize", "normalize_param", (214,)),
    ("ChannelScale", "channel_scale_param", (237,)),
    ("LabelSpecificAdd", "label_specific_add_param", (209, 241)),
    ("MarginInnerProduct", "margin_inner_product_param", (147,)),
    ("Noise", "noise_param", (207,)),
    ("InnerDistance", "inner_distance_param", (213,)),
    ("GeneralContrastiveLoss", "general_contrastive_loss_param", (215,)),
    ("GeneralTripletLoss", "general_triplet_loss_param", (217,)),
    ("ROIWarping", "roi_warping_param", (11870,)),
    ("MaskResize", "mask_resize_param", (11890,)),
    ("LargeMarginInnerProduct", "largemargin_inner_product_param", (202,)),
    ("BoxOutput", "box_output_param", (151,)),
    ("BoxGroupOutput", "box_group_output_param", (158,)),
    ("DecodeBBox", "decode_bbox_param", (155,)),
    ("BoxOutput DecodeBBox", "bbox_reg_param", (154,)),
    ("BoxGroupOutput DecodeBBox", "bbox_reg_param", (150,)),
    ("ScaleRoute", "scale_route_param", (154,)),
    ("DeformableConvolution", "deformable_convolution_param", (999, 999999)),
    ("CornerCrop", "corner_crop_param", (148,)),
    ("SubRegion", "sub_region_param", (206,)),
    ("Hotspot", "hotspot_param", (208,)),
    ("DenseCRF", "dense_crf_param", (146, 152, 176)),
    ("BinaryConvolution BinaryInnerProduct", "debug_param", (149,)),
    ("ConvLSTM", "lstm_conv_param", (150,)),
    ("ConvLSTM", "lstm_debug_param", (151,)),
    ("GradientScaler", "gradient_scaler_param", (200,)),
    ("MMDLoss", "mmd_param", (147,)),
    ("ClassWiseProduct", "classwise_product_param", (147,)),
    ("Tiling", "tiling_param", (500,)),
    ("CompactBilinear", "compact_bilinear_param", (208,)),
    ("Downsample", "downsample_param", (156,)),
    ("SpatialTransformer", "st_param", (139,)),
    ("DetectionLoss", "detection_loss_param", (149,)),
    ("DetectionAccuracy", "detection_accuracy_param", (150,)),
    ("DetectionGroupLoss", "detection_group_loss_param", (156,)),
    ("DetectionGroupAccuracy", "detection_group_accuracy_param", (157,)),
    ("ProposalTarget", "proposal_target_param", (152, 159)),
    ("DetectionLoss DetectionAccuracy", "bbox_reg_param", (154,)),
    ("DetectionGroupLoss DetectionGroupAccuracy", "bbox_reg_param", (150,)),
    ("ProposalTarget BboxAccuracy", "bbox_reg_param", (150, 154)),
    ("SumPooling", "sum_pooling_param", (147,)),
    ("FrcnnOutput", "frcnn_output_param", (160,)),
    ("FrcnnOutput", "bbox_reg_param", (150,)),
    ("LabeledMatching", "labeled_matching_param", (8266715,)),
    ("PSROIAlign", "psroi_align_param", (90000,)),
    ("UnlabeledMatching", "unlabeled_matching_param", (8266716,)),
    ("RotateROIPooling", "rotate_pooling_param", (123456,)),
    ("Local", "local_param", (102, 134, 139, 140, 146, 201)),
]
_FIELDS = {
    (kind, number): ForkField(descriptor_of(LayerParameter).fields_by_name[ours].number)
    for kinds, ours, numbers in _ROWS
    for kind in kinds.split()
    for number in numbers
}


def _differs(
    kind: str, *forks: int, numbers: Mapping[int, int] | None = None, ignored: Iterable[int] = (), before: bytes = b""
) -> None:
    """Describe how the messages at these numbers differ from ours."""
    by_wire_type: dict[tuple[int, int | None], int] | None = None
    if numbers is not None:
        by_wire_type = {(theirs, None): ours for theirs, ours in numbers.items()}
    for fork in forks:
        _FIELDS[kind, fork] = ForkField(_FIELDS[kind, fork].field, by_wire_type, frozenset(ignored), before)


_differs("BN", 45, numbers={1: 10, 2: 11, 3: 12})  # SegNet's scale_filler, shift_filler, bn_mode
_differs("BN", 137, 152, 200, numbers={1: 1, 2: 2, 3: 3, 4: 4, 5: 5}, ignored=[6])  # yjxiong's; 6 is its engine
_differs("CTCLoss", 148, numbers={n: n + 10 for n in range(1, 6)})
for _kind in ("DetectionOutput", "DetectionOutputExtended"):
    _differs(_kind, 204, ignored=[5, 10, 11, 12])  # what it draws and writes to files
_differs("DetectionEvaluate", 205, ignored=[5, 6])  # name_size_file, resize_param: see `forks`
_differs("FrcnnOutput", 160, ignored=[5])  # what it writes to files
_differs("PriorBoxClustered", 203, numbers={**{n: n for n in range(1, 14)}, 14: 10001, 15: 10002})  # width, height
_differs("Upsample", 150, before=b"\x08\x01")  # in MobileNet-YOLO the scale is 1 by default

# When Dynamic Network Surgery changes its masks; phases of the solver say that here.
_FIELDS |= {("CConvolution", n): ForkField(None) for n in (140, 150)}
_FIELDS |= {("CInnerProduct", n): ForkField(None) for n in (141, 151)}

# NVIDIA's scale_filler, bias_filler and scale_bias, which other forks have as fields of other wire types.
_FIELDS["BatchNorm", 139] = ForkField(139, {
    **{(field.number, None): field.number for field in descriptor_of(BatchNormParameter).fields},
    (5, _BYTES): 10002, (6, _BYTES): 10003, (7, _VARINT): 10001})

_FIELDS["ELU", 140] = ForkField(140, {(1, None): 1, (2, _FIXED32): 10001})  # NVIDIA's lambda

# The types that read a message of BVLC's, at numbers where forks have messages of other types.
_READERS = {
    132: "SPP", 134: "Log", 137: "Embed", 138: "Tile", 140: "ELU", 141: "Bias", 142: "Scale", 143: "Input", 144: "Crop",
    145: "Parameter", 146: "LSTM RNN", 147: "Swish", 148: "Clip",
}  # fmt: skip

SIZES_OF_AXES = {
    descriptor_of(PoolingParameter).fields_by_name[one].number: descriptor_of(PoolingParameter).fields_by_name[several].number
    for one, several in (("kernel_size", "kernel_sizes"), ("stride", "strides"), ("pad", "pads"))
}
"""The number of a size in a pooling_param, and of the field for one size an axis, which pull requests have at the same number."""

# Fields of a net: intel's engine and compiled state, and where its nodes are; NVIDIA's precisions and kernels; yjxiong's memory;
# jacinto's quantisation. Number and wire type tell them from fields with an effect, such as intel's bn_stats_batch_size.
_WITHOUT_EFFECT_IN_NETS = {
    (9, _BYTES), (10, _BYTES), (101, _BYTES), *((number, _VARINT) for number in (12, 13, 14, 16, 18, 19, 20, 200)),
    (15, _FIXED32), (17, _BYTES), (200, _BYTES), (201, _BYTES)}

# Fields (message and number) that mean something else in one fork than in others or in BVLC's; other marks show the fork.
_WITHOUT_EFFECT_IN_NVIDIAS = {("NetParameter", 11), ("dropout_param", 2), ("dropout_param", 3), ("convolution_param", 19),
                 ("convolution_param", 20)}
_OTHER_IN_INTELS = {("pooling_param", 13)}

# Fields of any layer: numbers that NVIDIA's fork has for precisions and debugging (145 to 150), FlowNet2's for when to reshape
# (157), jacinto's for logs (200 to 202, 8405 to 8407).
_SWITCHES = frozenset((*range(145, 151), 157, 200, 201, 202, 8405, 8406, 8407))
# Where Mask and ContinuationIndicator once were; in other layers a name in CaffeOnSpark's source_class, and the like.
_FORMER_NUMBERS = frozenset((10001, 10002))


def fork_field(kind: str, number: int) -> ForkField | None:
    """The field with ``number`` in layers of this type, if it is known."""
    return _FIELDS.get((kind, number), ForkField(None) if number in _FORMER_NUMBERS else None)


def is_foreign(kind: str, number: int) -> bool:
    """Whether ``number`` is BVLC's for a message that layers of this type do not read, so that it is a fork's."""
    return kind not in _READERS.get(number, kind).split()


def has_no_effect(message: str, number: int, wire_type: int, marks: Collection[str]) -> bool:
    """Whether an unknown field of a net or of a layer's message only chooses kernels; ``marks`` as of `mark_of`."""
    if message == "NetParameter" and (number, wire_type) in _WITHOUT_EFFECT_IN_NETS:
        return True
    return NVIDIA in marks and (message, number) in _WITHOUT_EFFECT_IN_NVIDIAS


def is_doubtful(message: str, number: int, marks: Collection[str]) -> bool:
    """Whether a field that BVLC has means something else in the fork that a net is of."""
    return INTEL in marks and (message, number) in _OTHER_IN_INTELS


def mark_of(message: str, number: int, wire_type: int, value: bytes) -> str | None:
    """The fork that writes this field into each net or layer, if that is certain: `INTEL` or `NVIDIA`."""
    if message == "NetParameter":
        return INTEL if (number, wire_type) in ((9, _BYTES), (10, _BYTES), (101, _BYTES)) else None
    if number in range(145, 149) and wire_type == _VARINT:
        return NVIDIA
    return INTEL if number in (149, 158) and value.startswith((b"MKL", b"CAFFE", b"DNNL")) else None


def is_switch(number: int) -> bool:
    """Whether a whole number in this field of a layer has no effect on what the layer computes."""
    return number in _SWITCHES
