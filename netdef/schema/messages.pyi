# Made by tools/make_schema.py from netdef.proto; not edited by hand.
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union
from typing_extensions import Self as _Self

DESCRIPTOR: _descriptor.FileDescriptor

class Phase(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    @classmethod
    def Value(cls, name: str) -> _Self: ...
    __slots__ = ()
    TRAIN: _ClassVar[Phase]
    TEST: _ClassVar[Phase]
TRAIN: Phase
TEST: Phase

class NetParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("name", "force_backward", "state", "debug_info", "layer", "bn_stats_batch_size", "input", "input_shape", "input_dim", "layers")
    NAME_FIELD_NUMBER: _ClassVar[int]
    FORCE_BACKWARD_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    DEBUG_INFO_FIELD_NUMBER: _ClassVar[int]
    LAYER_FIELD_NUMBER: _ClassVar[int]
    BN_STATS_BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    INPUT_FIELD_NUMBER: _ClassVar[int]
    INPUT_SHAPE_FIELD_NUMBER: _ClassVar[int]
    INPUT_DIM_FIELD_NUMBER: _ClassVar[int]
    LAYERS_FIELD_NUMBER: _ClassVar[int]
    name: str
    force_backward: bool
    state: NetState
    debug_info: bool
    layer: _containers.RepeatedCompositeFieldContainer[LayerParameter]
    bn_stats_batch_size: int
    input: _containers.RepeatedScalarFieldContainer[str]
    input_shape: _containers.RepeatedCompositeFieldContainer[BlobShape]
    input_dim: _containers.RepeatedScalarFieldContainer[int]
    layers: _containers.RepeatedCompositeFieldContainer[V1LayerParameter]
    def __init__(self, name: _Optional[str] = ..., force_backward: _Optional[bool] = ..., state: _Optional[_Union[NetState, _Mapping[str, object]]] = ..., debug_info: _Optional[bool] = ..., layer: _Optional[_Iterable[_Union[LayerParameter, _Mapping[str, object]]]] = ..., bn_stats_batch_size: _Optional[int] = ..., input: _Optional[_Iterable[str]] = ..., input_shape: _Optional[_Iterable[_Union[BlobShape, _Mapping[str, object]]]] = ..., input_dim: _Optional[_Iterable[int]] = ..., layers: _Optional[_Iterable[_Union[V1LayerParameter, _Mapping[str, object]]]] = ...) -> None: ...

class NetState(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("phase", "level", "stage", "solver")
    PHASE_FIELD_NUMBER: _ClassVar[int]
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    SOLVER_FIELD_NUMBER: _ClassVar[int]
    phase: Phase
    level: int
    stage: _containers.RepeatedScalarFieldContainer[str]
    solver: bool
    def __init__(self, phase: _Optional[_Union[Phase, str]] = ..., level: _Optional[int] = ..., stage: _Optional[_Iterable[str]] = ..., solver: _Optional[bool] = ...) -> None: ...

class NetStateRule(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("phase", "min_level", "max_level", "stage", "not_stage", "solver")
    PHASE_FIELD_NUMBER: _ClassVar[int]
    MIN_LEVEL_FIELD_NUMBER: _ClassVar[int]
    MAX_LEVEL_FIELD_NUMBER: _ClassVar[int]
    STAGE_FIELD_NUMBER: _ClassVar[int]
    NOT_STAGE_FIELD_NUMBER: _ClassVar[int]
    SOLVER_FIELD_NUMBER: _ClassVar[int]
    phase: Phase
    min_level: int
    max_level: int
    stage: _containers.RepeatedScalarFieldContainer[str]
    not_stage: _containers.RepeatedScalarFieldContainer[str]
    solver: bool
    def __init__(self, phase: _Optional[_Union[Phase, str]] = ..., min_level: _Optional[int] = ..., max_level: _Optional[int] = ..., stage: _Optional[_Iterable[str]] = ..., not_stage: _Optional[_Iterable[str]] = ..., solver: _Optional[bool] = ...) -> None: ...

class LayerParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("name", "type", "bottom", "top", "phase", "loss_weight", "param", "blobs", "propagate_down", "include", "exclude", "transform_param", "loss_param", "accuracy_param", "argmax_param", "batch_norm_param", "bias_param", "clip_param", "concat_param", "contrastive_loss_param", "convolution_param", "crop_param", "data_param", "dropout_param", "dummy_data_param", "eltwise_param", "elu_param", "embed_param", "exp_param", "flatten_param", "hdf5_data_param", "hdf5_output_param", "hinge_loss_param", "image_data_param", "infogain_loss_param", "inner_product_param", "input_param", "log_param", "lrn_param", "memory_data_param", "mvn_param", "parameter_param", "pooling_param", "power_param", "prelu_param", "python_param", "recurrent_param", "reduction_param", "relu_param", "reshape_param", "scale_param", "sigmoid_param", "softmax_param", "spp_param", "slice_param", "swish_param", "tanh_param", "threshold_param", "tile_param", "window_data_param", "mask_param", "continuation_indicator_param", "connectivity_mode", "annotated_data_param", "bn_param", "box_annotator_ohem_param", "center_loss_param", "detection_output_param", "cconvolution_param", "cinner_product_param", "interp_param", "multibox_loss_param", "norm_param", "permute_param", "prior_box_param", "psroi_pooling_param", "randvec_param", "reorg_param", "roi_pooling_param", "shuffle_channel_param", "smooth_l1_loss_param", "squeeze_param", "triplet_loss_param", "upsample_param", "detection_evaluate_param", "selu_param", "selu_dropout_param", "yolo_detection_output_param", "yolov3_detection_output_param", "resize_nearest_neighbor_param", "resize_bilinear_param", "pad_param", "upsample_darknet_param", "space_to_batch_nd_param", "batch_to_space_nd_param", "dense_image_data_param", "image_label_data_param", "seg_accuracy_param", "unpooling_param", "multi_stage_meanfield_param", "transpose_param", "reverse_param", "lstm_param", "ctc_loss_param", "labelsequence_accuracy_param", "proposal_param", "cpm_transform_param", "region_loss_param", "yolov3_param", "eval_detection_param", "yolo_seg_param", "segmentation_evaluate_param", "correlation_param", "flow_warp_param", "resample_param", "l1_loss_param", "local_param", "spatial_pyramid_pooling_param", "batch_reduction_param", "sparsify_param", "hashing_loss_param", "detectnet_groundtruth_param", "detectnet_augmentation_param", "double_margin_contrastive_loss_param", "sparse_data_param", "data_variable_size_param", "spatial_accuracy_param", "video_data_param", "window_cls_data_param", "select_seg_binary_param", "eltwise_accuracy_param", "sliding_window_param", "precision_recall_param", "rank_hard_loss_param", "accumulator_loss_param", "data_loss_param", "gradient_loss_param", "smooth_loss_param", "mult_softmax_loss_param", "face_image_param", "insanity_param", "flip_param", "mean_param", "normalize_param", "channel_scale_param", "label_specific_add_param", "margin_inner_product_param", "inner_distance_param", "general_contrastive_loss_param", "general_triplet_loss_param", "roi_warping_param", "mask_resize_param", "mil_param", "augmentation_param", "writer_param", "mat_write_param", "rand_comp_param", "convolution3d_param", "pooling3d_param", "focal_loss_param", "largemargin_inner_product_param", "guided_dropout_param", "noise_param", "division_param", "combination_param", "deformable_convolution_param", "st_param", "gradient_scaler_param", "mmd_param", "downsample_param", "compact_bilinear_param", "tiling_param", "classwise_product_param", "lstm_conv_param", "crop_center_param", "debug_param", "dense_crf_param", "densecrf_param", "corner_crop_param", "sub_region_param", "hotspot_param", "dice_coef_loss_param", "word_sum_param", "lstm_debug_param", "bbox_reg_param", "box_output_param", "box_group_output_param", "decode_bbox_param", "scale_route_param", "detection_loss_param", "detection_group_loss_param", "detection_accuracy_param", "detection_group_accuracy_param", "proposal_target_param", "sum_pooling_param", "imresize_param", "nms_param", "rotate_pooling_param", "enlarge_param", "shakeout_param", "frcnn_output_param", "labeled_matching_param", "unlabeled_matching_param", "rss_loss_param", "hybrid_softmax_loss_param", "target_sampling_param", "spatialtransformer_param", "srnnformat_param", "beam_search_param", "psroi_align_param", "roi_alignment_param", "netvlad_param", "intranorm_param", "group_norm_param", "brelu_param", "sample_triplet_param", "cosin_loss_param", "tridim_st_param", "tridim_convolution_param", "tridim_pooling_param", "tridim_data_param", "center_object_loss_param", "ctc_decoder_param", "grn_param", "scale_filter_param", "pooling_nd_param", "entropy_param", "weighted_fmeasure_loss_param", "power_file_param", "box_param", "keypoint_acc_param", "heatmap_data_param", "bbtxt_bb_param", "label_drop_param", "expmax_param", "hypercolumns_param", "spatial_dropout_param", "max_drop_param", "mergecrop_param", "affinity_param", "minrelu_param", "penlu_param", "apl_param", "rn_dropout_param", "region_pooling_param", "splice_param", "ristretto_param", "unique_label_param", "bias_channel_param", "renet_lstm_param", "att_pooling_param", "deconvrelu_param", "random_noise_param", "softmax_pair_param", "outer_product_param", "stochastic_dropout_param", "cosine_similarity_batch_param", "create_mask_vector_param", "fappy_loss_param", "output_decay_param", "box_term_param", "const_scale_param", "dist_loss_param", "dtow_param", "duplicate_param", "im2dist_param", "im2parity_param", "linear_transform_param", "multi_roi_pooling_param", "pixelconvolution_param", "ranking_loss_param", "resize_param", "sparse_hypercolumn_extractor_param", "truncation_param", "coeff_schedule_param", "inq_convolution_param", "inq_inner_product_param", "dynamic_bilinear_param", "convolution_mask_param", "roi_mask_pooling_param", "roi_gen_param", "orn_param", "repeat_param", "expand_dims_nd_param", "unstack_param", "depth_to_space_param", "yolo_v2_loss_param", "yolo_v3_loss_param", "yolo_loss_param", "charbonnier_loss_param", "ssim_loss_param", "p2s_loss_param", "topk_param", "rbm_inner_product_param", "confusion_matrix_param", "pairwise_param", "quantization_loss_param", "render_param", "rescale_param", "pushin_param", "qcodeconfig", "region_proposal_param", "bunch_param", "bin_param", "topography_param", "rbm_param", "rpn_param", "spatial_wta_param", "ave_accuracy_param", "conadd_param", "cosin_add_m_param", "adacos_add_m_scale_param", "all_pass_param", "nninterp_param", "set_loss2_param", "kernel_loss_param", "ordinal_regression_loss_param", "hard_mining_param", "fastfood_param", "embedding_extractor_param", "select_binary_param", "crop_bbox_param", "generate_cls_vector_param", "pose_heat_map_loss_param", "extract_primary_param", "label_transform_param", "simpler_nms_param", "faster_rcnn_detection_output_param", "symmetric_rectify_param", "wasserstein_param", "tree_param", "secondary_regions_op_scores_param", "similary_euclidean_loss_param", "pose_coords_from_heat_maps_param", "pose_pdj_accuracy_param", "heat_maps_from_coords_origin_param", "random_image_data2_param", "coord_to_bbox_masks_param", "torso_mask_from_coords_param", "pose_eudist_accuracy_param", "copy_postfix_name", "param_bottoms", "mlquant_param", "mtranspose_param", "lot_param", "decoder_param", "mean_loss_param", "rank_param", "lifted_struct_sim_softmax_loss_param", "hsroi_pooling_param", "grid_pooling_param", "st_loss_param", "loc_loss_param", "lpq_loss_param", "label_specific_rescale_param", "soft_truncation_param", "cross_entropy_loss_param", "softmax_cross_entropy_loss_param", "accuracy_sigmoid_param", "precision_recall_loss_param", "split_merge_param", "sort_param", "axis_pooling_param", "pairwise_ranking_hinge_loss_param", "triplet_ranking_hinge_loss_param", "soft_contrastive_loss_param", "batch_contrastive_loss_param", "nca_param", "confidence_penalty_loss_param", "label_specific_margin_param", "mhe_loss_param", "my_smooth_L1_loss_param", "online_hard_mine_param", "online_hard_mine_v2_param", "online_random_mine_param", "softmax_focal_loss_param", "tv_loss_param", "normalized_inner_product_param", "dns_convolution_param", "dns_inner_product_param", "denseblock_param", "face_evaluate_param", "lp_evaluate_param", "lp_det_param", "norm_conv_meanfield_param", "channel_reduce_param", "multi_stage_meanfield_au3_param", "au_mask_based_land_param", "random_maclaurin_param", "idx21hot_param", "multinomial_logistic_sparsity_loss_param", "fine2coarse_prob_layer_param", "fine2multicoarse_prob_layer_param", "shift_stitch_param", "bilinear_interpolation_param", "compact_probabilistic_average_prob_layer_param", "padding_param", "filter_param", "domain_transform_param", "adaptive_bias_channel_param", "mat_read_param", "space_to_depth_param", "mirror_pad_param", "stack_param", "broadcast_to_param", "tile_nd_param", "piece_param", "strided_slice_param", "range_param", "one_hot_param", "sparse_to_dense_param", "gather_param", "gather_v2_param", "gather_nd_param", "scatter_nd_param", "embedding_lookup_param", "embedding_lookup_sparse_param", "topk_gather_param", "nms_gather_param", "where4_param", "where4_gathernd_param", "where4_gathernd_crop_param", "crop_and_resize_param", "pyramid_roi_align_param", "non_max_suppression_param", "maskrcnn_detection_param", "maskrcnn_proposal_param", "tensor2box_param", "point_net_param", "corr1d_param", "mul_param", "not_equal_param", "reduce_sum_param", "reduce_max_param", "reduce_min_param", "reduce_prod_param", "reduce_mean_param", "reduce_logsumexp_param", "reduce_all_param", "reduce_any_param", "count_nonzero_param", "reduce_l1_param", "reduce_l2_param", "hard_sigmoid_param", "scaled_tanh_param", "thresholded_relu_param", "log_softmax_param", "lp_normalization_param", "layer_norm_param", "matmul_param", "gemm_param", "reverse_sequence_param", "reverse_time_param", "spatial_softmax_param", "gaussian_attention_param", "relux_param", "repack_param", "roi_padding_param", "berhu_param", "scale_invariant_param", "scale_invariant_berhu_param", "l2norm_param", "accuracy_heatmap_param", "prediction_heatmap_param", "match_loss_param", "deformable_psroi_pooling_param", "module_param", "fpn_proposal_param", "general_hinge_loss_param", "log_sum_exp_param", "softmax_temperature_param", "accum_param", "black_augmentation_param", "reader_param", "eliwise_product_param", "jmmd_param", "smooth_pooling_param", "nt", "quant_trunc_abs_param", "bn_conv_param", "norm_loss_param", "argmax_one_param", "downsampling_param", "upsampling_param", "running_average_param", "pooling_num_param", "cut_param", "gaterecurrent_param", "spatialrecurrent_param", "gaterecurrent2d_param", "element_hinge_loss_param", "gn_param", "mask_outputs_param", "euclidean_weight_param", "source_class")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    BOTTOM_FIELD_NUMBER: _ClassVar[int]
    TOP_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    LOSS_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    PARAM_FIELD_NUMBER: _ClassVar[int]
    BLOBS_FIELD_NUMBER: _ClassVar[int]
    PROPAGATE_DOWN_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_FIELD_NUMBER: _ClassVar[int]
    TRANSFORM_PARAM_FIELD_NUMBER: _ClassVar[int]
    LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    ACCURACY_PARAM_FIELD_NUMBER: _ClassVar[int]
    ARGMAX_PARAM_FIELD_NUMBER: _ClassVar[int]
    BATCH_NORM_PARAM_FIELD_NUMBER: _ClassVar[int]
    BIAS_PARAM_FIELD_NUMBER: _ClassVar[int]
    CLIP_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONCAT_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONTRASTIVE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONVOLUTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    CROP_PARAM_FIELD_NUMBER: _ClassVar[int]
    DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    DROPOUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    DUMMY_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    ELTWISE_PARAM_FIELD_NUMBER: _ClassVar[int]
    ELU_PARAM_FIELD_NUMBER: _ClassVar[int]
    EMBED_PARAM_FIELD_NUMBER: _ClassVar[int]
    EXP_PARAM_FIELD_NUMBER: _ClassVar[int]
    FLATTEN_PARAM_FIELD_NUMBER: _ClassVar[int]
    HDF5_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    HDF5_OUTPUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    HINGE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    IMAGE_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    INFOGAIN_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    INNER_PRODUCT_PARAM_FIELD_NUMBER: _ClassVar[int]
    INPUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    LOG_PARAM_FIELD_NUMBER: _ClassVar[int]
    LRN_PARAM_FIELD_NUMBER: _ClassVar[int]
    MEMORY_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    MVN_PARAM_FIELD_NUMBER: _ClassVar[int]
    PARAMETER_PARAM_FIELD_NUMBER: _ClassVar[int]
    POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    POWER_PARAM_FIELD_NUMBER: _ClassVar[int]
    PRELU_PARAM_FIELD_NUMBER: _ClassVar[int]
    PYTHON_PARAM_FIELD_NUMBER: _ClassVar[int]
    RECURRENT_PARAM_FIELD_NUMBER: _ClassVar[int]
    REDUCTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    RELU_PARAM_FIELD_NUMBER: _ClassVar[int]
    RESHAPE_PARAM_FIELD_NUMBER: _ClassVar[int]
    SCALE_PARAM_FIELD_NUMBER: _ClassVar[int]
    SIGMOID_PARAM_FIELD_NUMBER: _ClassVar[int]
    SOFTMAX_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPP_PARAM_FIELD_NUMBER: _ClassVar[int]
    SLICE_PARAM_FIELD_NUMBER: _ClassVar[int]
    SWISH_PARAM_FIELD_NUMBER: _ClassVar[int]
    TANH_PARAM_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_PARAM_FIELD_NUMBER: _ClassVar[int]
    TILE_PARAM_FIELD_NUMBER: _ClassVar[int]
    WINDOW_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    MASK_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONTINUATION_INDICATOR_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONNECTIVITY_MODE_FIELD_NUMBER: _ClassVar[int]
    ANNOTATED_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    BN_PARAM_FIELD_NUMBER: _ClassVar[int]
    BOX_ANNOTATOR_OHEM_PARAM_FIELD_NUMBER: _ClassVar[int]
    CENTER_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    DETECTION_OUTPUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    CCONVOLUTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    CINNER_PRODUCT_PARAM_FIELD_NUMBER: _ClassVar[int]
    INTERP_PARAM_FIELD_NUMBER: _ClassVar[int]
    MULTIBOX_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    NORM_PARAM_FIELD_NUMBER: _ClassVar[int]
    PERMUTE_PARAM_FIELD_NUMBER: _ClassVar[int]
    PRIOR_BOX_PARAM_FIELD_NUMBER: _ClassVar[int]
    PSROI_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    RANDVEC_PARAM_FIELD_NUMBER: _ClassVar[int]
    REORG_PARAM_FIELD_NUMBER: _ClassVar[int]
    ROI_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    SHUFFLE_CHANNEL_PARAM_FIELD_NUMBER: _ClassVar[int]
    SMOOTH_L1_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    SQUEEZE_PARAM_FIELD_NUMBER: _ClassVar[int]
    TRIPLET_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    UPSAMPLE_PARAM_FIELD_NUMBER: _ClassVar[int]
    DETECTION_EVALUATE_PARAM_FIELD_NUMBER: _ClassVar[int]
    SELU_PARAM_FIELD_NUMBER: _ClassVar[int]
    SELU_DROPOUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    YOLO_DETECTION_OUTPUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    YOLOV3_DETECTION_OUTPUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    RESIZE_NEAREST_NEIGHBOR_PARAM_FIELD_NUMBER: _ClassVar[int]
    RESIZE_BILINEAR_PARAM_FIELD_NUMBER: _ClassVar[int]
    PAD_PARAM_FIELD_NUMBER: _ClassVar[int]
    UPSAMPLE_DARKNET_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPACE_TO_BATCH_ND_PARAM_FIELD_NUMBER: _ClassVar[int]
    BATCH_TO_SPACE_ND_PARAM_FIELD_NUMBER: _ClassVar[int]
    DENSE_IMAGE_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    IMAGE_LABEL_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    SEG_ACCURACY_PARAM_FIELD_NUMBER: _ClassVar[int]
    UNPOOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    MULTI_STAGE_MEANFIELD_PARAM_FIELD_NUMBER: _ClassVar[int]
    TRANSPOSE_PARAM_FIELD_NUMBER: _ClassVar[int]
    REVERSE_PARAM_FIELD_NUMBER: _ClassVar[int]
    LSTM_PARAM_FIELD_NUMBER: _ClassVar[int]
    CTC_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    LABELSEQUENCE_ACCURACY_PARAM_FIELD_NUMBER: _ClassVar[int]
    PROPOSAL_PARAM_FIELD_NUMBER: _ClassVar[int]
    CPM_TRANSFORM_PARAM_FIELD_NUMBER: _ClassVar[int]
    REGION_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    YOLOV3_PARAM_FIELD_NUMBER: _ClassVar[int]
    EVAL_DETECTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    YOLO_SEG_PARAM_FIELD_NUMBER: _ClassVar[int]
    SEGMENTATION_EVALUATE_PARAM_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_PARAM_FIELD_NUMBER: _ClassVar[int]
    FLOW_WARP_PARAM_FIELD_NUMBER: _ClassVar[int]
    RESAMPLE_PARAM_FIELD_NUMBER: _ClassVar[int]
    L1_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    LOCAL_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_PYRAMID_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    BATCH_REDUCTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPARSIFY_PARAM_FIELD_NUMBER: _ClassVar[int]
    HASHING_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    DETECTNET_GROUNDTRUTH_PARAM_FIELD_NUMBER: _ClassVar[int]
    DETECTNET_AUGMENTATION_PARAM_FIELD_NUMBER: _ClassVar[int]
    DOUBLE_MARGIN_CONTRASTIVE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPARSE_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    DATA_VARIABLE_SIZE_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_ACCURACY_PARAM_FIELD_NUMBER: _ClassVar[int]
    VIDEO_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    WINDOW_CLS_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    SELECT_SEG_BINARY_PARAM_FIELD_NUMBER: _ClassVar[int]
    ELTWISE_ACCURACY_PARAM_FIELD_NUMBER: _ClassVar[int]
    SLIDING_WINDOW_PARAM_FIELD_NUMBER: _ClassVar[int]
    PRECISION_RECALL_PARAM_FIELD_NUMBER: _ClassVar[int]
    RANK_HARD_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    ACCUMULATOR_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    DATA_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    GRADIENT_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    SMOOTH_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    MULT_SOFTMAX_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    FACE_IMAGE_PARAM_FIELD_NUMBER: _ClassVar[int]
    INSANITY_PARAM_FIELD_NUMBER: _ClassVar[int]
    FLIP_PARAM_FIELD_NUMBER: _ClassVar[int]
    MEAN_PARAM_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_PARAM_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_SCALE_PARAM_FIELD_NUMBER: _ClassVar[int]
    LABEL_SPECIFIC_ADD_PARAM_FIELD_NUMBER: _ClassVar[int]
    MARGIN_INNER_PRODUCT_PARAM_FIELD_NUMBER: _ClassVar[int]
    INNER_DISTANCE_PARAM_FIELD_NUMBER: _ClassVar[int]
    GENERAL_CONTRASTIVE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    GENERAL_TRIPLET_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    ROI_WARPING_PARAM_FIELD_NUMBER: _ClassVar[int]
    MASK_RESIZE_PARAM_FIELD_NUMBER: _ClassVar[int]
    MIL_PARAM_FIELD_NUMBER: _ClassVar[int]
    AUGMENTATION_PARAM_FIELD_NUMBER: _ClassVar[int]
    WRITER_PARAM_FIELD_NUMBER: _ClassVar[int]
    MAT_WRITE_PARAM_FIELD_NUMBER: _ClassVar[int]
    RAND_COMP_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONVOLUTION3D_PARAM_FIELD_NUMBER: _ClassVar[int]
    POOLING3D_PARAM_FIELD_NUMBER: _ClassVar[int]
    FOCAL_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    LARGEMARGIN_INNER_PRODUCT_PARAM_FIELD_NUMBER: _ClassVar[int]
    GUIDED_DROPOUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    NOISE_PARAM_FIELD_NUMBER: _ClassVar[int]
    DIVISION_PARAM_FIELD_NUMBER: _ClassVar[int]
    COMBINATION_PARAM_FIELD_NUMBER: _ClassVar[int]
    DEFORMABLE_CONVOLUTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    ST_PARAM_FIELD_NUMBER: _ClassVar[int]
    GRADIENT_SCALER_PARAM_FIELD_NUMBER: _ClassVar[int]
    MMD_PARAM_FIELD_NUMBER: _ClassVar[int]
    DOWNSAMPLE_PARAM_FIELD_NUMBER: _ClassVar[int]
    COMPACT_BILINEAR_PARAM_FIELD_NUMBER: _ClassVar[int]
    TILING_PARAM_FIELD_NUMBER: _ClassVar[int]
    CLASSWISE_PRODUCT_PARAM_FIELD_NUMBER: _ClassVar[int]
    LSTM_CONV_PARAM_FIELD_NUMBER: _ClassVar[int]
    CROP_CENTER_PARAM_FIELD_NUMBER: _ClassVar[int]
    DEBUG_PARAM_FIELD_NUMBER: _ClassVar[int]
    DENSE_CRF_PARAM_FIELD_NUMBER: _ClassVar[int]
    DENSECRF_PARAM_FIELD_NUMBER: _ClassVar[int]
    CORNER_CROP_PARAM_FIELD_NUMBER: _ClassVar[int]
    SUB_REGION_PARAM_FIELD_NUMBER: _ClassVar[int]
    HOTSPOT_PARAM_FIELD_NUMBER: _ClassVar[int]
    DICE_COEF_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    WORD_SUM_PARAM_FIELD_NUMBER: _ClassVar[int]
    LSTM_DEBUG_PARAM_FIELD_NUMBER: _ClassVar[int]
    BBOX_REG_PARAM_FIELD_NUMBER: _ClassVar[int]
    BOX_OUTPUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    BOX_GROUP_OUTPUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    DECODE_BBOX_PARAM_FIELD_NUMBER: _ClassVar[int]
    SCALE_ROUTE_PARAM_FIELD_NUMBER: _ClassVar[int]
    DETECTION_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    DETECTION_GROUP_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    DETECTION_ACCURACY_PARAM_FIELD_NUMBER: _ClassVar[int]
    DETECTION_GROUP_ACCURACY_PARAM_FIELD_NUMBER: _ClassVar[int]
    PROPOSAL_TARGET_PARAM_FIELD_NUMBER: _ClassVar[int]
    SUM_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    IMRESIZE_PARAM_FIELD_NUMBER: _ClassVar[int]
    NMS_PARAM_FIELD_NUMBER: _ClassVar[int]
    ROTATE_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    ENLARGE_PARAM_FIELD_NUMBER: _ClassVar[int]
    SHAKEOUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    FRCNN_OUTPUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    LABELED_MATCHING_PARAM_FIELD_NUMBER: _ClassVar[int]
    UNLABELED_MATCHING_PARAM_FIELD_NUMBER: _ClassVar[int]
    RSS_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    HYBRID_SOFTMAX_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    TARGET_SAMPLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPATIALTRANSFORMER_PARAM_FIELD_NUMBER: _ClassVar[int]
    SRNNFORMAT_PARAM_FIELD_NUMBER: _ClassVar[int]
    BEAM_SEARCH_PARAM_FIELD_NUMBER: _ClassVar[int]
    PSROI_ALIGN_PARAM_FIELD_NUMBER: _ClassVar[int]
    ROI_ALIGNMENT_PARAM_FIELD_NUMBER: _ClassVar[int]
    NETVLAD_PARAM_FIELD_NUMBER: _ClassVar[int]
    INTRANORM_PARAM_FIELD_NUMBER: _ClassVar[int]
    GROUP_NORM_PARAM_FIELD_NUMBER: _ClassVar[int]
    BRELU_PARAM_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_TRIPLET_PARAM_FIELD_NUMBER: _ClassVar[int]
    COSIN_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    TRIDIM_ST_PARAM_FIELD_NUMBER: _ClassVar[int]
    TRIDIM_CONVOLUTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    TRIDIM_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    TRIDIM_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    CENTER_OBJECT_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    CTC_DECODER_PARAM_FIELD_NUMBER: _ClassVar[int]
    GRN_PARAM_FIELD_NUMBER: _ClassVar[int]
    SCALE_FILTER_PARAM_FIELD_NUMBER: _ClassVar[int]
    POOLING_ND_PARAM_FIELD_NUMBER: _ClassVar[int]
    ENTROPY_PARAM_FIELD_NUMBER: _ClassVar[int]
    WEIGHTED_FMEASURE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    POWER_FILE_PARAM_FIELD_NUMBER: _ClassVar[int]
    BOX_PARAM_FIELD_NUMBER: _ClassVar[int]
    KEYPOINT_ACC_PARAM_FIELD_NUMBER: _ClassVar[int]
    HEATMAP_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    BBTXT_BB_PARAM_FIELD_NUMBER: _ClassVar[int]
    LABEL_DROP_PARAM_FIELD_NUMBER: _ClassVar[int]
    EXPMAX_PARAM_FIELD_NUMBER: _ClassVar[int]
    HYPERCOLUMNS_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_DROPOUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    MAX_DROP_PARAM_FIELD_NUMBER: _ClassVar[int]
    MERGECROP_PARAM_FIELD_NUMBER: _ClassVar[int]
    AFFINITY_PARAM_FIELD_NUMBER: _ClassVar[int]
    MINRELU_PARAM_FIELD_NUMBER: _ClassVar[int]
    PENLU_PARAM_FIELD_NUMBER: _ClassVar[int]
    APL_PARAM_FIELD_NUMBER: _ClassVar[int]
    RN_DROPOUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    REGION_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPLICE_PARAM_FIELD_NUMBER: _ClassVar[int]
    RISTRETTO_PARAM_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_LABEL_PARAM_FIELD_NUMBER: _ClassVar[int]
    BIAS_CHANNEL_PARAM_FIELD_NUMBER: _ClassVar[int]
    RENET_LSTM_PARAM_FIELD_NUMBER: _ClassVar[int]
    ATT_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    DECONVRELU_PARAM_FIELD_NUMBER: _ClassVar[int]
    RANDOM_NOISE_PARAM_FIELD_NUMBER: _ClassVar[int]
    SOFTMAX_PAIR_PARAM_FIELD_NUMBER: _ClassVar[int]
    OUTER_PRODUCT_PARAM_FIELD_NUMBER: _ClassVar[int]
    STOCHASTIC_DROPOUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    COSINE_SIMILARITY_BATCH_PARAM_FIELD_NUMBER: _ClassVar[int]
    CREATE_MASK_VECTOR_PARAM_FIELD_NUMBER: _ClassVar[int]
    FAPPY_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_DECAY_PARAM_FIELD_NUMBER: _ClassVar[int]
    BOX_TERM_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONST_SCALE_PARAM_FIELD_NUMBER: _ClassVar[int]
    DIST_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    DTOW_PARAM_FIELD_NUMBER: _ClassVar[int]
    DUPLICATE_PARAM_FIELD_NUMBER: _ClassVar[int]
    IM2DIST_PARAM_FIELD_NUMBER: _ClassVar[int]
    IM2PARITY_PARAM_FIELD_NUMBER: _ClassVar[int]
    LINEAR_TRANSFORM_PARAM_FIELD_NUMBER: _ClassVar[int]
    MULTI_ROI_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    PIXELCONVOLUTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    RANKING_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    RESIZE_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPARSE_HYPERCOLUMN_EXTRACTOR_PARAM_FIELD_NUMBER: _ClassVar[int]
    TRUNCATION_PARAM_FIELD_NUMBER: _ClassVar[int]
    COEFF_SCHEDULE_PARAM_FIELD_NUMBER: _ClassVar[int]
    INQ_CONVOLUTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    INQ_INNER_PRODUCT_PARAM_FIELD_NUMBER: _ClassVar[int]
    DYNAMIC_BILINEAR_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONVOLUTION_MASK_PARAM_FIELD_NUMBER: _ClassVar[int]
    ROI_MASK_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    ROI_GEN_PARAM_FIELD_NUMBER: _ClassVar[int]
    ORN_PARAM_FIELD_NUMBER: _ClassVar[int]
    REPEAT_PARAM_FIELD_NUMBER: _ClassVar[int]
    EXPAND_DIMS_ND_PARAM_FIELD_NUMBER: _ClassVar[int]
    UNSTACK_PARAM_FIELD_NUMBER: _ClassVar[int]
    DEPTH_TO_SPACE_PARAM_FIELD_NUMBER: _ClassVar[int]
    YOLO_V2_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    YOLO_V3_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    YOLO_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    CHARBONNIER_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    SSIM_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    P2S_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    TOPK_PARAM_FIELD_NUMBER: _ClassVar[int]
    RBM_INNER_PRODUCT_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONFUSION_MATRIX_PARAM_FIELD_NUMBER: _ClassVar[int]
    PAIRWISE_PARAM_FIELD_NUMBER: _ClassVar[int]
    QUANTIZATION_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    RENDER_PARAM_FIELD_NUMBER: _ClassVar[int]
    RESCALE_PARAM_FIELD_NUMBER: _ClassVar[int]
    PUSHIN_PARAM_FIELD_NUMBER: _ClassVar[int]
    QCODECONFIG_FIELD_NUMBER: _ClassVar[int]
    REGION_PROPOSAL_PARAM_FIELD_NUMBER: _ClassVar[int]
    BUNCH_PARAM_FIELD_NUMBER: _ClassVar[int]
    BIN_PARAM_FIELD_NUMBER: _ClassVar[int]
    TOPOGRAPHY_PARAM_FIELD_NUMBER: _ClassVar[int]
    RBM_PARAM_FIELD_NUMBER: _ClassVar[int]
    RPN_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_WTA_PARAM_FIELD_NUMBER: _ClassVar[int]
    AVE_ACCURACY_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONADD_PARAM_FIELD_NUMBER: _ClassVar[int]
    COSIN_ADD_M_PARAM_FIELD_NUMBER: _ClassVar[int]
    ADACOS_ADD_M_SCALE_PARAM_FIELD_NUMBER: _ClassVar[int]
    ALL_PASS_PARAM_FIELD_NUMBER: _ClassVar[int]
    NNINTERP_PARAM_FIELD_NUMBER: _ClassVar[int]
    SET_LOSS2_PARAM_FIELD_NUMBER: _ClassVar[int]
    KERNEL_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    ORDINAL_REGRESSION_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    HARD_MINING_PARAM_FIELD_NUMBER: _ClassVar[int]
    FASTFOOD_PARAM_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_EXTRACTOR_PARAM_FIELD_NUMBER: _ClassVar[int]
    SELECT_BINARY_PARAM_FIELD_NUMBER: _ClassVar[int]
    CROP_BBOX_PARAM_FIELD_NUMBER: _ClassVar[int]
    GENERATE_CLS_VECTOR_PARAM_FIELD_NUMBER: _ClassVar[int]
    POSE_HEAT_MAP_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    EXTRACT_PRIMARY_PARAM_FIELD_NUMBER: _ClassVar[int]
    LABEL_TRANSFORM_PARAM_FIELD_NUMBER: _ClassVar[int]
    SIMPLER_NMS_PARAM_FIELD_NUMBER: _ClassVar[int]
    FASTER_RCNN_DETECTION_OUTPUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    SYMMETRIC_RECTIFY_PARAM_FIELD_NUMBER: _ClassVar[int]
    WASSERSTEIN_PARAM_FIELD_NUMBER: _ClassVar[int]
    TREE_PARAM_FIELD_NUMBER: _ClassVar[int]
    SECONDARY_REGIONS_OP_SCORES_PARAM_FIELD_NUMBER: _ClassVar[int]
    SIMILARY_EUCLIDEAN_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    POSE_COORDS_FROM_HEAT_MAPS_PARAM_FIELD_NUMBER: _ClassVar[int]
    POSE_PDJ_ACCURACY_PARAM_FIELD_NUMBER: _ClassVar[int]
    HEAT_MAPS_FROM_COORDS_ORIGIN_PARAM_FIELD_NUMBER: _ClassVar[int]
    RANDOM_IMAGE_DATA2_PARAM_FIELD_NUMBER: _ClassVar[int]
    COORD_TO_BBOX_MASKS_PARAM_FIELD_NUMBER: _ClassVar[int]
    TORSO_MASK_FROM_COORDS_PARAM_FIELD_NUMBER: _ClassVar[int]
    POSE_EUDIST_ACCURACY_PARAM_FIELD_NUMBER: _ClassVar[int]
    COPY_POSTFIX_NAME_FIELD_NUMBER: _ClassVar[int]
    PARAM_BOTTOMS_FIELD_NUMBER: _ClassVar[int]
    MLQUANT_PARAM_FIELD_NUMBER: _ClassVar[int]
    MTRANSPOSE_PARAM_FIELD_NUMBER: _ClassVar[int]
    LOT_PARAM_FIELD_NUMBER: _ClassVar[int]
    DECODER_PARAM_FIELD_NUMBER: _ClassVar[int]
    MEAN_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    RANK_PARAM_FIELD_NUMBER: _ClassVar[int]
    LIFTED_STRUCT_SIM_SOFTMAX_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    HSROI_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    GRID_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    ST_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    LOC_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    LPQ_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    LABEL_SPECIFIC_RESCALE_PARAM_FIELD_NUMBER: _ClassVar[int]
    SOFT_TRUNCATION_PARAM_FIELD_NUMBER: _ClassVar[int]
    CROSS_ENTROPY_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    SOFTMAX_CROSS_ENTROPY_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    ACCURACY_SIGMOID_PARAM_FIELD_NUMBER: _ClassVar[int]
    PRECISION_RECALL_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPLIT_MERGE_PARAM_FIELD_NUMBER: _ClassVar[int]
    SORT_PARAM_FIELD_NUMBER: _ClassVar[int]
    AXIS_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    PAIRWISE_RANKING_HINGE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    TRIPLET_RANKING_HINGE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    SOFT_CONTRASTIVE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    BATCH_CONTRASTIVE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    NCA_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_PENALTY_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    LABEL_SPECIFIC_MARGIN_PARAM_FIELD_NUMBER: _ClassVar[int]
    MHE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    MY_SMOOTH_L1_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    ONLINE_HARD_MINE_PARAM_FIELD_NUMBER: _ClassVar[int]
    ONLINE_HARD_MINE_V2_PARAM_FIELD_NUMBER: _ClassVar[int]
    ONLINE_RANDOM_MINE_PARAM_FIELD_NUMBER: _ClassVar[int]
    SOFTMAX_FOCAL_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    TV_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    NORMALIZED_INNER_PRODUCT_PARAM_FIELD_NUMBER: _ClassVar[int]
    DNS_CONVOLUTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    DNS_INNER_PRODUCT_PARAM_FIELD_NUMBER: _ClassVar[int]
    DENSEBLOCK_PARAM_FIELD_NUMBER: _ClassVar[int]
    FACE_EVALUATE_PARAM_FIELD_NUMBER: _ClassVar[int]
    LP_EVALUATE_PARAM_FIELD_NUMBER: _ClassVar[int]
    LP_DET_PARAM_FIELD_NUMBER: _ClassVar[int]
    NORM_CONV_MEANFIELD_PARAM_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_REDUCE_PARAM_FIELD_NUMBER: _ClassVar[int]
    MULTI_STAGE_MEANFIELD_AU3_PARAM_FIELD_NUMBER: _ClassVar[int]
    AU_MASK_BASED_LAND_PARAM_FIELD_NUMBER: _ClassVar[int]
    RANDOM_MACLAURIN_PARAM_FIELD_NUMBER: _ClassVar[int]
    IDX21HOT_PARAM_FIELD_NUMBER: _ClassVar[int]
    MULTINOMIAL_LOGISTIC_SPARSITY_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    FINE2COARSE_PROB_LAYER_PARAM_FIELD_NUMBER: _ClassVar[int]
    FINE2MULTICOARSE_PROB_LAYER_PARAM_FIELD_NUMBER: _ClassVar[int]
    SHIFT_STITCH_PARAM_FIELD_NUMBER: _ClassVar[int]
    BILINEAR_INTERPOLATION_PARAM_FIELD_NUMBER: _ClassVar[int]
    COMPACT_PROBABILISTIC_AVERAGE_PROB_LAYER_PARAM_FIELD_NUMBER: _ClassVar[int]
    PADDING_PARAM_FIELD_NUMBER: _ClassVar[int]
    FILTER_PARAM_FIELD_NUMBER: _ClassVar[int]
    DOMAIN_TRANSFORM_PARAM_FIELD_NUMBER: _ClassVar[int]
    ADAPTIVE_BIAS_CHANNEL_PARAM_FIELD_NUMBER: _ClassVar[int]
    MAT_READ_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPACE_TO_DEPTH_PARAM_FIELD_NUMBER: _ClassVar[int]
    MIRROR_PAD_PARAM_FIELD_NUMBER: _ClassVar[int]
    STACK_PARAM_FIELD_NUMBER: _ClassVar[int]
    BROADCAST_TO_PARAM_FIELD_NUMBER: _ClassVar[int]
    TILE_ND_PARAM_FIELD_NUMBER: _ClassVar[int]
    PIECE_PARAM_FIELD_NUMBER: _ClassVar[int]
    STRIDED_SLICE_PARAM_FIELD_NUMBER: _ClassVar[int]
    RANGE_PARAM_FIELD_NUMBER: _ClassVar[int]
    ONE_HOT_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPARSE_TO_DENSE_PARAM_FIELD_NUMBER: _ClassVar[int]
    GATHER_PARAM_FIELD_NUMBER: _ClassVar[int]
    GATHER_V2_PARAM_FIELD_NUMBER: _ClassVar[int]
    GATHER_ND_PARAM_FIELD_NUMBER: _ClassVar[int]
    SCATTER_ND_PARAM_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_LOOKUP_PARAM_FIELD_NUMBER: _ClassVar[int]
    EMBEDDING_LOOKUP_SPARSE_PARAM_FIELD_NUMBER: _ClassVar[int]
    TOPK_GATHER_PARAM_FIELD_NUMBER: _ClassVar[int]
    NMS_GATHER_PARAM_FIELD_NUMBER: _ClassVar[int]
    WHERE4_PARAM_FIELD_NUMBER: _ClassVar[int]
    WHERE4_GATHERND_PARAM_FIELD_NUMBER: _ClassVar[int]
    WHERE4_GATHERND_CROP_PARAM_FIELD_NUMBER: _ClassVar[int]
    CROP_AND_RESIZE_PARAM_FIELD_NUMBER: _ClassVar[int]
    PYRAMID_ROI_ALIGN_PARAM_FIELD_NUMBER: _ClassVar[int]
    NON_MAX_SUPPRESSION_PARAM_FIELD_NUMBER: _ClassVar[int]
    MASKRCNN_DETECTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    MASKRCNN_PROPOSAL_PARAM_FIELD_NUMBER: _ClassVar[int]
    TENSOR2BOX_PARAM_FIELD_NUMBER: _ClassVar[int]
    POINT_NET_PARAM_FIELD_NUMBER: _ClassVar[int]
    CORR1D_PARAM_FIELD_NUMBER: _ClassVar[int]
    MUL_PARAM_FIELD_NUMBER: _ClassVar[int]
    NOT_EQUAL_PARAM_FIELD_NUMBER: _ClassVar[int]
    REDUCE_SUM_PARAM_FIELD_NUMBER: _ClassVar[int]
    REDUCE_MAX_PARAM_FIELD_NUMBER: _ClassVar[int]
    REDUCE_MIN_PARAM_FIELD_NUMBER: _ClassVar[int]
    REDUCE_PROD_PARAM_FIELD_NUMBER: _ClassVar[int]
    REDUCE_MEAN_PARAM_FIELD_NUMBER: _ClassVar[int]
    REDUCE_LOGSUMEXP_PARAM_FIELD_NUMBER: _ClassVar[int]
    REDUCE_ALL_PARAM_FIELD_NUMBER: _ClassVar[int]
    REDUCE_ANY_PARAM_FIELD_NUMBER: _ClassVar[int]
    COUNT_NONZERO_PARAM_FIELD_NUMBER: _ClassVar[int]
    REDUCE_L1_PARAM_FIELD_NUMBER: _ClassVar[int]
    REDUCE_L2_PARAM_FIELD_NUMBER: _ClassVar[int]
    HARD_SIGMOID_PARAM_FIELD_NUMBER: _ClassVar[int]
    SCALED_TANH_PARAM_FIELD_NUMBER: _ClassVar[int]
    THRESHOLDED_RELU_PARAM_FIELD_NUMBER: _ClassVar[int]
    LOG_SOFTMAX_PARAM_FIELD_NUMBER: _ClassVar[int]
    LP_NORMALIZATION_PARAM_FIELD_NUMBER: _ClassVar[int]
    LAYER_NORM_PARAM_FIELD_NUMBER: _ClassVar[int]
    MATMUL_PARAM_FIELD_NUMBER: _ClassVar[int]
    GEMM_PARAM_FIELD_NUMBER: _ClassVar[int]
    REVERSE_SEQUENCE_PARAM_FIELD_NUMBER: _ClassVar[int]
    REVERSE_TIME_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_SOFTMAX_PARAM_FIELD_NUMBER: _ClassVar[int]
    GAUSSIAN_ATTENTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    RELUX_PARAM_FIELD_NUMBER: _ClassVar[int]
    REPACK_PARAM_FIELD_NUMBER: _ClassVar[int]
    ROI_PADDING_PARAM_FIELD_NUMBER: _ClassVar[int]
    BERHU_PARAM_FIELD_NUMBER: _ClassVar[int]
    SCALE_INVARIANT_PARAM_FIELD_NUMBER: _ClassVar[int]
    SCALE_INVARIANT_BERHU_PARAM_FIELD_NUMBER: _ClassVar[int]
    L2NORM_PARAM_FIELD_NUMBER: _ClassVar[int]
    ACCURACY_HEATMAP_PARAM_FIELD_NUMBER: _ClassVar[int]
    PREDICTION_HEATMAP_PARAM_FIELD_NUMBER: _ClassVar[int]
    MATCH_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    DEFORMABLE_PSROI_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    MODULE_PARAM_FIELD_NUMBER: _ClassVar[int]
    FPN_PROPOSAL_PARAM_FIELD_NUMBER: _ClassVar[int]
    GENERAL_HINGE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    LOG_SUM_EXP_PARAM_FIELD_NUMBER: _ClassVar[int]
    SOFTMAX_TEMPERATURE_PARAM_FIELD_NUMBER: _ClassVar[int]
    ACCUM_PARAM_FIELD_NUMBER: _ClassVar[int]
    BLACK_AUGMENTATION_PARAM_FIELD_NUMBER: _ClassVar[int]
    READER_PARAM_FIELD_NUMBER: _ClassVar[int]
    ELIWISE_PRODUCT_PARAM_FIELD_NUMBER: _ClassVar[int]
    JMMD_PARAM_FIELD_NUMBER: _ClassVar[int]
    SMOOTH_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    NT_FIELD_NUMBER: _ClassVar[int]
    LAMBDA_FIELD_NUMBER: _ClassVar[int]
    QUANT_TRUNC_ABS_PARAM_FIELD_NUMBER: _ClassVar[int]
    BN_CONV_PARAM_FIELD_NUMBER: _ClassVar[int]
    NORM_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    ARGMAX_ONE_PARAM_FIELD_NUMBER: _ClassVar[int]
    DOWNSAMPLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    UPSAMPLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    RUNNING_AVERAGE_PARAM_FIELD_NUMBER: _ClassVar[int]
    POOLING_NUM_PARAM_FIELD_NUMBER: _ClassVar[int]
    CUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    GATERECURRENT_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPATIALRECURRENT_PARAM_FIELD_NUMBER: _ClassVar[int]
    GATERECURRENT2D_PARAM_FIELD_NUMBER: _ClassVar[int]
    ELEMENT_HINGE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    GN_PARAM_FIELD_NUMBER: _ClassVar[int]
    MASK_OUTPUTS_PARAM_FIELD_NUMBER: _ClassVar[int]
    EUCLIDEAN_WEIGHT_PARAM_FIELD_NUMBER: _ClassVar[int]
    SOURCE_CLASS_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: str
    bottom: _containers.RepeatedScalarFieldContainer[str]
    top: _containers.RepeatedScalarFieldContainer[str]
    phase: Phase
    loss_weight: _containers.RepeatedScalarFieldContainer[float]
    param: _containers.RepeatedCompositeFieldContainer[ParamSpec]
    blobs: _containers.RepeatedCompositeFieldContainer[BlobProto]
    propagate_down: _containers.RepeatedScalarFieldContainer[bool]
    include: _containers.RepeatedCompositeFieldContainer[NetStateRule]
    exclude: _containers.RepeatedCompositeFieldContainer[NetStateRule]
    transform_param: TransformationParameter
    loss_param: LossParameter
    accuracy_param: AccuracyParameter
    argmax_param: ArgMaxParameter
    batch_norm_param: BatchNormParameter
    bias_param: BiasParameter
    clip_param: ClipParameter
    concat_param: ConcatParameter
    contrastive_loss_param: ContrastiveLossParameter
    convolution_param: ConvolutionParameter
    crop_param: CropParameter
    data_param: DataParameter
    dropout_param: DropoutParameter
    dummy_data_param: DummyDataParameter
    eltwise_param: EltwiseParameter
    elu_param: ELUParameter
    embed_param: EmbedParameter
    exp_param: ExpParameter
    flatten_param: FlattenParameter
    hdf5_data_param: HDF5DataParameter
    hdf5_output_param: HDF5OutputParameter
    hinge_loss_param: HingeLossParameter
    image_data_param: ImageDataParameter
    infogain_loss_param: InfogainLossParameter
    inner_product_param: InnerProductParameter
    input_param: InputParameter
    log_param: LogParameter
    lrn_param: LRNParameter
    memory_data_param: MemoryDataParameter
    mvn_param: MVNParameter
    parameter_param: ParameterParameter
    pooling_param: PoolingParameter
    power_param: PowerParameter
    prelu_param: PReLUParameter
    python_param: PythonParameter
    recurrent_param: RecurrentParameter
    reduction_param: ReductionParameter
    relu_param: ReLUParameter
    reshape_param: ReshapeParameter
    scale_param: ScaleParameter
    sigmoid_param: SigmoidParameter
    softmax_param: SoftmaxParameter
    spp_param: SPPParameter
    slice_param: SliceParameter
    swish_param: SwishParameter
    tanh_param: TanHParameter
    threshold_param: ThresholdParameter
    tile_param: TileParameter
    window_data_param: WindowDataParameter
    mask_param: MaskParameter
    continuation_indicator_param: ContinuationIndicatorParameter
    connectivity_mode: MaskParameter.ConnectivityMode
    annotated_data_param: AnnotatedDataParameter
    bn_param: BNParameter
    box_annotator_ohem_param: BoxAnnotatorOHEMParameter
    center_loss_param: CenterLossParameter
    detection_output_param: DetectionOutputParameter
    cconvolution_param: DNSParameter
    cinner_product_param: DNSParameter
    interp_param: InterpParameter
    multibox_loss_param: MultiBoxLossParameter
    norm_param: NormalizeParameter
    permute_param: PermuteParameter
    prior_box_param: PriorBoxParameter
    psroi_pooling_param: PSROIPoolingParameter
    randvec_param: RandVecParameter
    reorg_param: ReorgParameter
    roi_pooling_param: ROIPoolingParameter
    shuffle_channel_param: ShuffleChannelParameter
    smooth_l1_loss_param: SmoothL1LossParameter
    squeeze_param: SqueezeParameter
    triplet_loss_param: TripletLossParameter
    upsample_param: UpsampleParameter
    detection_evaluate_param: DetectionEvaluateParameter
    selu_param: SeLuParameter
    selu_dropout_param: SeLuDropoutParameter
    yolo_detection_output_param: YoloDetectionOutputParameter
    yolov3_detection_output_param: Yolov3DetectionOutputParameter
    resize_nearest_neighbor_param: ResizeNearestNeighborParameter
    resize_bilinear_param: ResizeBilinearParameter
    pad_param: PadParameter
    upsample_darknet_param: UpsampleDarknetParameter
    space_to_batch_nd_param: SpaceToBatchNDParameter
    batch_to_space_nd_param: BatchToSpaceNDParameter
    dense_image_data_param: DenseImageDataParameter
    image_label_data_param: ImageLabelDataParameter
    seg_accuracy_param: SegAccuracyParameter
    unpooling_param: UnpoolingParameter
    multi_stage_meanfield_param: MultiStageMeanfieldParameter
    transpose_param: TransposeParameter
    reverse_param: ReverseParameter
    lstm_param: LSTMParameter
    ctc_loss_param: CtcLossParameter
    labelsequence_accuracy_param: LabelsequenceAccuracyParameter
    proposal_param: ProposalParameter
    cpm_transform_param: CPMTransformationParameter
    region_loss_param: RegionLossParameter
    yolov3_param: Yolov3Parameter
    eval_detection_param: EvalDetectionParameter
    yolo_seg_param: YoloSegParameter
    segmentation_evaluate_param: SegmentationEvaluateParameter
    correlation_param: CorrelationParameter
    flow_warp_param: FlowWarpParameter
    resample_param: ResampleParameter
    l1_loss_param: L1LossParameter
    local_param: LocalParameter
    spatial_pyramid_pooling_param: SpatialPyramidPoolingParameter
    batch_reduction_param: BatchReductionParameter
    sparsify_param: SparsifyParameter
    hashing_loss_param: HashingLossParameter
    detectnet_groundtruth_param: DetectNetGroundTruthParameter
    detectnet_augmentation_param: DetectNetAugmentationParameter
    double_margin_contrastive_loss_param: DoubleMarginContrastiveLossParameter
    sparse_data_param: SparseDataParameter
    data_variable_size_param: DataVariableSizeParameter
    spatial_accuracy_param: SpatialAccuracyParameter
    video_data_param: VideoDataParameter
    window_cls_data_param: WindowClsDataParameter
    select_seg_binary_param: SelectSegBinaryParameter
    eltwise_accuracy_param: AccuracyParameter
    sliding_window_param: SlidingWindowParameter
    precision_recall_param: PrecisionRecallParameter
    rank_hard_loss_param: RankParameter
    accumulator_loss_param: AccumulatorLossParameter
    data_loss_param: DenseFlowLossParameter
    gradient_loss_param: DenseFlowLossParameter
    smooth_loss_param: DenseFlowLossParameter
    mult_softmax_loss_param: MultiSoftmaxLossParameter
    face_image_param: FaceImageParameter
    insanity_param: InsanityParameter
    flip_param: FlipParameter
    mean_param: MeanParameter
    normalize_param: NormalizeChannelsParameter
    channel_scale_param: ChannelScaleParameter
    label_specific_add_param: LabelSpecificAddParameter
    margin_inner_product_param: MarginInnerProductParameter
    inner_distance_param: InnerDistanceParameter
    general_contrastive_loss_param: GeneralContrastiveParameter
    general_triplet_loss_param: GeneralTripletParameter
    roi_warping_param: ROIWarpingParameter
    mask_resize_param: MaskResizeParameter
    mil_param: MILParameter
    augmentation_param: AugmentationParameter
    writer_param: WriterParameter
    mat_write_param: MatWriteParameter
    rand_comp_param: RandCompParameter
    convolution3d_param: ConvolutionParameter
    pooling3d_param: PoolingParameter
    focal_loss_param: FocalLossParameter
    largemargin_inner_product_param: MarginInnerProductParameter
    guided_dropout_param: GuidedDropoutParameter
    noise_param: NoiseParameter
    division_param: DivisionParameter
    combination_param: CombinationParameter
    deformable_convolution_param: DeformableConvolutionParameter
    st_param: SpatialTransformerParameter
    gradient_scaler_param: GradientScalerParameter
    mmd_param: MMDParameter
    downsample_param: DownsampleParameter
    compact_bilinear_param: CompactBilinearParameter
    tiling_param: TilingParameter
    classwise_product_param: ClassWiseProductParameter
    lstm_conv_param: _containers.RepeatedCompositeFieldContainer[LSTMConvolutionParameter]
    crop_center_param: CropCenterParameter
    debug_param: BinaryWeightsParameter
    dense_crf_param: DenseCRFParameter
    densecrf_param: DenseCRFLabelsParameter
    corner_crop_param: CornerCropParameter
    sub_region_param: SubRegionParameter
    hotspot_param: HotspotParameter
    dice_coef_loss_param: DiceCoefLossParameter
    word_sum_param: InnerProductParameter
    lstm_debug_param: LSTMDebugParameter
    bbox_reg_param: BBoxRegParameter
    box_output_param: BoxOutputParameter
    box_group_output_param: BoxGroupOutputParameter
    decode_bbox_param: DecodeBBoxParameter
    scale_route_param: ScaleRouteParameter
    detection_loss_param: DetectionLossParameter
    detection_group_loss_param: DetectionGroupLossParameter
    detection_accuracy_param: DetectionAccuracyParameter
    detection_group_accuracy_param: DetectionGroupAccuracyParameter
    proposal_target_param: ProposalTargetParameter
    sum_pooling_param: SumPoolingParameter
    imresize_param: ImResizeParameter
    nms_param: NmsParameter
    rotate_pooling_param: RotateROIPoolingParameter
    enlarge_param: EnlargeParameter
    shakeout_param: ShakeoutParameter
    frcnn_output_param: FrcnnOutputParameter
    labeled_matching_param: LabeledMatchingParameter
    unlabeled_matching_param: UnlabeledMatchingParameter
    rss_loss_param: RandomSamplingSoftmaxLossParameter
    hybrid_softmax_loss_param: HybridSoftmaxLossParameter
    target_sampling_param: TargetSamplingParameter
    spatialtransformer_param: PlaneTurnParameter
    srnnformat_param: SRNNFormatParameter
    beam_search_param: BeamSearchParameter
    psroi_align_param: PSROIAlignParameter
    roi_alignment_param: ROIPoolingParameter
    netvlad_param: NetvladParameter
    intranorm_param: IntranormParameter
    group_norm_param: GroupNormParameter
    brelu_param: BReLUParameter
    sample_triplet_param: SampleTripletParameter
    cosin_loss_param: CosinLossParameter
    tridim_st_param: TridimSpatialTransformerParameter
    tridim_convolution_param: ConvolutionParameter
    tridim_pooling_param: PoolingParameter
    tridim_data_param: VideoDataParameter
    center_object_loss_param: CenterObjectLossParameter
    ctc_decoder_param: CTCDecoderParameter
    grn_param: GRNParameter
    scale_filter_param: ScaleFilterParameter
    pooling_nd_param: PoolingParameter
    entropy_param: EntropyParameter
    weighted_fmeasure_loss_param: WeightedFmeasureLossParameter
    power_file_param: PowerFileParameter
    box_param: BoxParameter
    keypoint_acc_param: KeypointAccParameter
    heatmap_data_param: HeatmapDataParameter
    bbtxt_bb_param: BBTXTBBParameter
    label_drop_param: LabelDropParameter
    expmax_param: ExpMaxParameter
    hypercolumns_param: HyperColumnsParameter
    spatial_dropout_param: SpatialDropoutParameter
    max_drop_param: MaxDropParameter
    mergecrop_param: MergeCropParameter
    affinity_param: AffinityParameter
    minrelu_param: MinReLUParameter
    penlu_param: PENLUParameter
    apl_param: APLParameter
    rn_dropout_param: RNDropoutParameter
    region_pooling_param: RegionPoolingParameter
    splice_param: CombinationParameter
    ristretto_param: RistrettoParameter
    unique_label_param: UniqueLabelParameter
    bias_channel_param: BiasChannelParameter
    renet_lstm_param: ReNetLSTMParameter
    att_pooling_param: AttPoolingParameter
    deconvrelu_param: DeconvReLUParameter
    random_noise_param: RandomNoiseParameter
    softmax_pair_param: SoftmaxPairParameter
    outer_product_param: OuterProductParameter
    stochastic_dropout_param: StochasticDropoutParameter
    cosine_similarity_batch_param: CosineSimilarityBatchParameter
    create_mask_vector_param: CreateMaskVectorParameter
    fappy_loss_param: FAPPYLossParameter
    output_decay_param: OutputDecayParameter
    box_term_param: BoxTermParameter
    const_scale_param: ConstScaleParameter
    dist_loss_param: DistLossParameter
    dtow_param: DtowParameter
    duplicate_param: DuplicateParameter
    im2dist_param: Im2distParameter
    im2parity_param: Im2parityParameter
    linear_transform_param: LinearTransformParameter
    multi_roi_pooling_param: MultiROIPoolingParameter
    pixelconvolution_param: PixelConvParameter
    ranking_loss_param: RankingLossParameter
    resize_param: ResizeLayerParameter
    sparse_hypercolumn_extractor_param: SparseHypercolumnExtractorParameter
    truncation_param: TruncationParameter
    coeff_schedule_param: CoeffScheduleParameter
    inq_convolution_param: IncrementalQuantizationParameter
    inq_inner_product_param: IncrementalQuantizationParameter
    dynamic_bilinear_param: DynamicBilinearParameter
    convolution_mask_param: ConvolutionMaskParameter
    roi_mask_pooling_param: ROIMaskPoolingParameter
    roi_gen_param: RoiGenParameter
    orn_param: ORNParameter
    repeat_param: RepeatParameter
    expand_dims_nd_param: ExpandDimsNDParameter
    unstack_param: UnstackParameter
    depth_to_space_param: DepthToSpaceParameter
    yolo_v2_loss_param: YoloV2LossParameter
    yolo_v3_loss_param: YoloV3LossParameter
    yolo_loss_param: YoloLossParameter
    charbonnier_loss_param: CharbonnierLossParameter
    ssim_loss_param: SSIMLossParameter
    p2s_loss_param: P2SLossParameter
    topk_param: TopKParameter
    rbm_inner_product_param: RBMInnerProductParameter
    confusion_matrix_param: ConfusionMatrixParameter
    pairwise_param: PairwiseParameter
    quantization_loss_param: QuantizationLossParameter
    render_param: RenderParameter
    rescale_param: RescaleParameter
    pushin_param: PushinParameter
    qcodeconfig: _containers.RepeatedCompositeFieldContainer[QCodeConfig]
    region_proposal_param: RegionProposalParameter
    bunch_param: BunchOfNeuronsParameter
    bin_param: BinarizationParameter
    topography_param: TopographyParameter
    rbm_param: RBMParameter
    rpn_param: RPNParameter
    spatial_wta_param: SpatialWtaParameter
    ave_accuracy_param: AveAccuracyParameter
    conadd_param: ConaddParameter
    cosin_add_m_param: CosinAddmParameter
    adacos_add_m_scale_param: AdaCosAddmScaleParameter
    all_pass_param: AllPassParameter
    nninterp_param: NNInterpParameter
    set_loss2_param: SetLoss2Parameter
    kernel_loss_param: KernelLossParameter
    ordinal_regression_loss_param: OrdinalRegressionParameter
    hard_mining_param: HardMiningParameter
    fastfood_param: FastFoodParameter
    embedding_extractor_param: AnchorEmbeddingExtractorParameter
    select_binary_param: SelectBinaryParameter
    crop_bbox_param: CropBBoxParameter
    generate_cls_vector_param: GenerateClsVectorParameter
    pose_heat_map_loss_param: PoseHeatMapLossParameter
    extract_primary_param: ExtractPrimaryParameter
    label_transform_param: LabelTransformParameter
    simpler_nms_param: SimplerNMSParameter
    faster_rcnn_detection_output_param: FasterRcnnDetectionOutputParameter
    symmetric_rectify_param: SymmetricRectifyParameter
    wasserstein_param: WassersteinParameter
    tree_param: TreeParameter
    secondary_regions_op_scores_param: SecondaryRegionsOpScoresParameter
    similary_euclidean_loss_param: SimilaryEuclideanLossParameter
    pose_coords_from_heat_maps_param: PoseCoordsFromHeatMapsParameter
    pose_pdj_accuracy_param: PosePDJAccuracyParameter
    heat_maps_from_coords_origin_param: HeatMapsFromCoordsOriginParameter
    random_image_data2_param: RandomImageData2Parameter
    coord_to_bbox_masks_param: CoordsToBboxMasksParameter
    torso_mask_from_coords_param: TorsoMaskFromCoordsParameter
    pose_eudist_accuracy_param: PoseEuDistAccuracyParameter
    copy_postfix_name: str
    param_bottoms: int
    mlquant_param: MLQuantParameter
    mtranspose_param: MTransposeParameter
    lot_param: LotParameter
    decoder_param: DecoderParameter
    mean_loss_param: MeanLossParameter
    rank_param: RankParameter
    lifted_struct_sim_softmax_loss_param: LiftedStructSimilaritySoftmaxLossParameter
    hsroi_pooling_param: HSROIPoolingParameter
    grid_pooling_param: GRIDPoolingParameter
    st_loss_param: STLossParameter
    loc_loss_param: LocLossParameter
    lpq_loss_param: LpqLossParameter
    label_specific_rescale_param: LabelSpecificRescaleParameter
    soft_truncation_param: SoftTruncationParameter
    cross_entropy_loss_param: CrossEntropyLossParameter
    softmax_cross_entropy_loss_param: SoftmaxCrossEntropyLossParameter
    accuracy_sigmoid_param: AccuracySigmoidParameter
    precision_recall_loss_param: PrecisionRecallLossParameter
    split_merge_param: SplitMergeParameter
    sort_param: SortParameter
    axis_pooling_param: AxisPoolingParameter
    pairwise_ranking_hinge_loss_param: PairwiseRankingHingeLossParameter
    triplet_ranking_hinge_loss_param: TripletRankingHingeLossParameter
    soft_contrastive_loss_param: SoftContrastiveParameter
    batch_contrastive_loss_param: BatchContrastiveParameter
    nca_param: NCAParameter
    confidence_penalty_loss_param: ConfidencePenaltyLossParameter
    label_specific_margin_param: LabelSpecificMarginParameter
    mhe_loss_param: MHELossParameter
    my_smooth_L1_loss_param: MySmoothL1LossParameter
    online_hard_mine_param: OnlineHardMineParameter
    online_hard_mine_v2_param: OnlineHardMineV2Parameter
    online_random_mine_param: OnlineRandomMineParameter
    softmax_focal_loss_param: SoftmaxFocalLossParameter
    tv_loss_param: TVLossParameter
    normalized_inner_product_param: NormalizedInnerProductParameter
    dns_convolution_param: DNSParameter
    dns_inner_product_param: DNSParameter
    denseblock_param: DenseBlockParameter
    face_evaluate_param: FaceEvaluateParameter
    lp_evaluate_param: PlateParameter
    lp_det_param: PlateParameter
    norm_conv_meanfield_param: NormConvMeanfieldParameter
    channel_reduce_param: ChannelReduceParameter
    multi_stage_meanfield_au3_param: MultiStageMeanfieldParameter
    au_mask_based_land_param: AUMaskBasedLandParameter
    random_maclaurin_param: RandomMaclaurinParameter
    idx21hot_param: Idx2OneHotParameter
    multinomial_logistic_sparsity_loss_param: MultinomialLogisticSparsityLossParameter
    fine2coarse_prob_layer_param: Fine2CoarseProbParameter
    fine2multicoarse_prob_layer_param: Fine2MultiCoarseProbParameter
    shift_stitch_param: ShiftStitchParameter
    bilinear_interpolation_param: BilinearInterpolationParameter
    compact_probabilistic_average_prob_layer_param: CompactProbabilisticAverageProbParameter
    padding_param: PaddingParameter
    filter_param: FilterParameter
    domain_transform_param: DomainTransformParameter
    adaptive_bias_channel_param: AdaptiveBiasChannelParameter
    mat_read_param: MatReadParameter
    space_to_depth_param: SpaceToDepthParameter
    mirror_pad_param: MirrorPadParameter
    stack_param: StackParameter
    broadcast_to_param: BroadcastToParameter
    tile_nd_param: TileNDParameter
    piece_param: PieceParameter
    strided_slice_param: StridedSliceParameter
    range_param: RangeParameter
    one_hot_param: OneHotParameter
    sparse_to_dense_param: SparseToDenseParameter
    gather_param: GatherParameter
    gather_v2_param: GatherV2Parameter
    gather_nd_param: GatherNDParameter
    scatter_nd_param: ScatterNDParameter
    embedding_lookup_param: EmbeddingLookupParameter
    embedding_lookup_sparse_param: EmbeddingLookupSparseParameter
    topk_gather_param: TopkGatherParameter
    nms_gather_param: NMSGatherParameter
    where4_param: Where4Parameter
    where4_gathernd_param: Where4Parameter
    where4_gathernd_crop_param: Where4GatherndCropParameter
    crop_and_resize_param: CropAndResizeParameter
    pyramid_roi_align_param: PyramidROIAlignParameter
    non_max_suppression_param: NonMaxSuppressionParameter
    maskrcnn_detection_param: MaskRCNNDetectionParameter
    maskrcnn_proposal_param: MaskRCNNProposalParameter
    tensor2box_param: Tensor2BoxParameter
    point_net_param: PointNetParameter
    corr1d_param: Corr1dParameter
    mul_param: MulParameter
    not_equal_param: NotEqualParameter
    reduce_sum_param: ReduceParameter
    reduce_max_param: ReduceParameter
    reduce_min_param: ReduceParameter
    reduce_prod_param: ReduceParameter
    reduce_mean_param: ReduceParameter
    reduce_logsumexp_param: ReduceParameter
    reduce_all_param: ReduceParameter
    reduce_any_param: ReduceParameter
    count_nonzero_param: ReduceParameter
    reduce_l1_param: ReduceNormParameter
    reduce_l2_param: ReduceNormParameter
    hard_sigmoid_param: HardSigmoidParameter
    scaled_tanh_param: ScaledTanHParameter
    thresholded_relu_param: ThresholdedReLUParameter
    log_softmax_param: LogSoftmaxParameter
    lp_normalization_param: LpNormalizationParameter
    layer_norm_param: LayerNormParameter
    matmul_param: MatMulParameter
    gemm_param: GemmParameter
    reverse_sequence_param: ReverseSequenceParameter
    reverse_time_param: ReverseTimeParameter
    spatial_softmax_param: SpatialSoftmaxParameter
    gaussian_attention_param: GaussianAttentionParameter
    relux_param: ReLUXParameter
    repack_param: RepackParameter
    roi_padding_param: ROIPadingParameter
    berhu_param: BerhuParameter
    scale_invariant_param: ScaleInvariantParameter
    scale_invariant_berhu_param: ScaleInvariantBerhuParameter
    l2norm_param: L2NormParameter
    accuracy_heatmap_param: AccuracyHeatmapParameter
    prediction_heatmap_param: PredictionHeatmapParameter
    match_loss_param: MatchLossParameter
    deformable_psroi_pooling_param: DeformablePSROIPoolingParameter
    module_param: ModuleParameter
    fpn_proposal_param: FPNProposalParameter
    general_hinge_loss_param: GeneralHingeLossParameter
    log_sum_exp_param: LogSumExpParameter
    softmax_temperature_param: SoftmaxTemperatureParameter
    accum_param: AccumParameter
    black_augmentation_param: BlackAugmentationParameter
    reader_param: ReaderParameter
    eliwise_product_param: EliwiseProductParameter
    jmmd_param: JMMDParameter
    smooth_pooling_param: SmoothPoolingParameter
    nt: int
    quant_trunc_abs_param: QuantTruncAbsParameter
    bn_conv_param: BNConvParameter
    norm_loss_param: NormLossParameter
    argmax_one_param: ArgMaxOneParameter
    downsampling_param: DownsamplingParameter
    upsampling_param: DownsamplingParameter
    running_average_param: RunningAverageParameter
    pooling_num_param: PoolingNumParameter
    cut_param: CutParameter
    gaterecurrent_param: GateRecurrentParameter
    spatialrecurrent_param: SpatialRecurrentParameter
    gaterecurrent2d_param: GateRecurrent2dParameter
    element_hinge_loss_param: ElementHingeLossParameter
    gn_param: GNParameter
    mask_outputs_param: MaskOutputsParameter
    euclidean_weight_param: EuclideanWeightParameter
    source_class: str
    def __init__(self, name: _Optional[str] = ..., type: _Optional[str] = ..., bottom: _Optional[_Iterable[str]] = ..., top: _Optional[_Iterable[str]] = ..., phase: _Optional[_Union[Phase, str]] = ..., loss_weight: _Optional[_Iterable[float]] = ..., param: _Optional[_Iterable[_Union[ParamSpec, _Mapping[str, object]]]] = ..., blobs: _Optional[_Iterable[_Union[BlobProto, _Mapping[str, object]]]] = ..., propagate_down: _Optional[_Iterable[bool]] = ..., include: _Optional[_Iterable[_Union[NetStateRule, _Mapping[str, object]]]] = ..., exclude: _Optional[_Iterable[_Union[NetStateRule, _Mapping[str, object]]]] = ..., transform_param: _Optional[_Union[TransformationParameter, _Mapping[str, object]]] = ..., loss_param: _Optional[_Union[LossParameter, _Mapping[str, object]]] = ..., accuracy_param: _Optional[_Union[AccuracyParameter, _Mapping[str, object]]] = ..., argmax_param: _Optional[_Union[ArgMaxParameter, _Mapping[str, object]]] = ..., batch_norm_param: _Optional[_Union[BatchNormParameter, _Mapping[str, object]]] = ..., bias_param: _Optional[_Union[BiasParameter, _Mapping[str, object]]] = ..., clip_param: _Optional[_Union[ClipParameter, _Mapping[str, object]]] = ..., concat_param: _Optional[_Union[ConcatParameter, _Mapping[str, object]]] = ..., contrastive_loss_param: _Optional[_Union[ContrastiveLossParameter, _Mapping[str, object]]] = ..., convolution_param: _Optional[_Union[ConvolutionParameter, _Mapping[str, object]]] = ..., crop_param: _Optional[_Union[CropParameter, _Mapping[str, object]]] = ..., data_param: _Optional[_Union[DataParameter, _Mapping[str, object]]] = ..., dropout_param: _Optional[_Union[DropoutParameter, _Mapping[str, object]]] = ..., dummy_data_param: _Optional[_Union[DummyDataParameter, _Mapping[str, object]]] = ..., eltwise_param: _Optional[_Union[EltwiseParameter, _Mapping[str, object]]] = ..., elu_param: _Optional[_Union[ELUParameter, _Mapping[str, object]]] = ..., embed_param: _Optional[_Union[EmbedParameter, _Mapping[str, object]]] = ..., exp_param: _Optional[_Union[ExpParameter, _Mapping[str, object]]] = ..., flatten_param: _Optional[_Union[FlattenParameter, _Mapping[str, object]]] = ..., hdf5_data_param: _Optional[_Union[HDF5DataParameter, _Mapping[str, object]]] = ..., hdf5_output_param: _Optional[_Union[HDF5OutputParameter, _Mapping[str, object]]] = ..., hinge_loss_param: _Optional[_Union[HingeLossParameter, _Mapping[str, object]]] = ..., image_data_param: _Optional[_Union[ImageDataParameter, _Mapping[str, object]]] = ..., infogain_loss_param: _Optional[_Union[InfogainLossParameter, _Mapping[str, object]]] = ..., inner_product_param: _Optional[_Union[InnerProductParameter, _Mapping[str, object]]] = ..., input_param: _Optional[_Union[InputParameter, _Mapping[str, object]]] = ..., log_param: _Optional[_Union[LogParameter, _Mapping[str, object]]] = ..., lrn_param: _Optional[_Union[LRNParameter, _Mapping[str, object]]] = ..., memory_data_param: _Optional[_Union[MemoryDataParameter, _Mapping[str, object]]] = ..., mvn_param: _Optional[_Union[MVNParameter, _Mapping[str, object]]] = ..., parameter_param: _Optional[_Union[ParameterParameter, _Mapping[str, object]]] = ..., pooling_param: _Optional[_Union[PoolingParameter, _Mapping[str, object]]] = ..., power_param: _Optional[_Union[PowerParameter, _Mapping[str, object]]] = ..., prelu_param: _Optional[_Union[PReLUParameter, _Mapping[str, object]]] = ..., python_param: _Optional[_Union[PythonParameter, _Mapping[str, object]]] = ..., recurrent_param: _Optional[_Union[RecurrentParameter, _Mapping[str, object]]] = ..., reduction_param: _Optional[_Union[ReductionParameter, _Mapping[str, object]]] = ..., relu_param: _Optional[_Union[ReLUParameter, _Mapping[str, object]]] = ..., reshape_param: _Optional[_Union[ReshapeParameter, _Mapping[str, object]]] = ..., scale_param: _Optional[_Union[ScaleParameter, _Mapping[str, object]]] = ..., sigmoid_param: _Optional[_Union[SigmoidParameter, _Mapping[str, object]]] = ..., softmax_param: _Optional[_Union[SoftmaxParameter, _Mapping[str, object]]] = ..., spp_param: _Optional[_Union[SPPParameter, _Mapping[str, object]]] = ..., slice_param: _Optional[_Union[SliceParameter, _Mapping[str, object]]] = ..., swish_param: _Optional[_Union[SwishParameter, _Mapping[str, object]]] = ..., tanh_param: _Optional[_Union[TanHParameter, _Mapping[str, object]]] = ..., threshold_param: _Optional[_Union[ThresholdParameter, _Mapping[str, object]]] = ..., tile_param: _Optional[_Union[TileParameter, _Mapping[str, object]]] = ..., window_data_param: _Optional[_Union[WindowDataParameter, _Mapping[str, object]]] = ..., mask_param: _Optional[_Union[MaskParameter, _Mapping[str, object]]] = ..., continuation_indicator_param: _Optional[_Union[ContinuationIndicatorParameter, _Mapping[str, object]]] = ..., connectivity_mode: _Optional[_Union[MaskParameter.ConnectivityMode, str]] = ..., annotated_data_param: _Optional[_Union[AnnotatedDataParameter, _Mapping[str, object]]] = ..., bn_param: _Optional[_Union[BNParameter, _Mapping[str, object]]] = ..., box_annotator_ohem_param: _Optional[_Union[BoxAnnotatorOHEMParameter, _Mapping[str, object]]] = ..., center_loss_param: _Optional[_Union[CenterLossParameter, _Mapping[str, object]]] = ..., detection_output_param: _Optional[_Union[DetectionOutputParameter, _Mapping[str, object]]] = ..., cconvolution_param: _Optional[_Union[DNSParameter, _Mapping[str, object]]] = ..., cinner_product_param: _Optional[_Union[DNSParameter, _Mapping[str, object]]] = ..., interp_param: _Optional[_Union[InterpParameter, _Mapping[str, object]]] = ..., multibox_loss_param: _Optional[_Union[MultiBoxLossParameter, _Mapping[str, object]]] = ..., norm_param: _Optional[_Union[NormalizeParameter, _Mapping[str, object]]] = ..., permute_param: _Optional[_Union[PermuteParameter, _Mapping[str, object]]] = ..., prior_box_param: _Optional[_Union[PriorBoxParameter, _Mapping[str, object]]] = ..., psroi_pooling_param: _Optional[_Union[PSROIPoolingParameter, _Mapping[str, object]]] = ..., randvec_param: _Optional[_Union[RandVecParameter, _Mapping[str, object]]] = ..., reorg_param: _Optional[_Union[ReorgParameter, _Mapping[str, object]]] = ..., roi_pooling_param: _Optional[_Union[ROIPoolingParameter, _Mapping[str, object]]] = ..., shuffle_channel_param: _Optional[_Union[ShuffleChannelParameter, _Mapping[str, object]]] = ..., smooth_l1_loss_param: _Optional[_Union[SmoothL1LossParameter, _Mapping[str, object]]] = ..., squeeze_param: _Optional[_Union[SqueezeParameter, _Mapping[str, object]]] = ..., triplet_loss_param: _Optional[_Union[TripletLossParameter, _Mapping[str, object]]] = ..., upsample_param: _Optional[_Union[UpsampleParameter, _Mapping[str, object]]] = ..., detection_evaluate_param: _Optional[_Union[DetectionEvaluateParameter, _Mapping[str, object]]] = ..., selu_param: _Optional[_Union[SeLuParameter, _Mapping[str, object]]] = ..., selu_dropout_param: _Optional[_Union[SeLuDropoutParameter, _Mapping[str, object]]] = ..., yolo_detection_output_param: _Optional[_Union[YoloDetectionOutputParameter, _Mapping[str, object]]] = ..., yolov3_detection_output_param: _Optional[_Union[Yolov3DetectionOutputParameter, _Mapping[str, object]]] = ..., resize_nearest_neighbor_param: _Optional[_Union[ResizeNearestNeighborParameter, _Mapping[str, object]]] = ..., resize_bilinear_param: _Optional[_Union[ResizeBilinearParameter, _Mapping[str, object]]] = ..., pad_param: _Optional[_Union[PadParameter, _Mapping[str, object]]] = ..., upsample_darknet_param: _Optional[_Union[UpsampleDarknetParameter, _Mapping[str, object]]] = ..., space_to_batch_nd_param: _Optional[_Union[SpaceToBatchNDParameter, _Mapping[str, object]]] = ..., batch_to_space_nd_param: _Optional[_Union[BatchToSpaceNDParameter, _Mapping[str, object]]] = ..., dense_image_data_param: _Optional[_Union[DenseImageDataParameter, _Mapping[str, object]]] = ..., image_label_data_param: _Optional[_Union[ImageLabelDataParameter, _Mapping[str, object]]] = ..., seg_accuracy_param: _Optional[_Union[SegAccuracyParameter, _Mapping[str, object]]] = ..., unpooling_param: _Optional[_Union[UnpoolingParameter, _Mapping[str, object]]] = ..., multi_stage_meanfield_param: _Optional[_Union[MultiStageMeanfieldParameter, _Mapping[str, object]]] = ..., transpose_param: _Optional[_Union[TransposeParameter, _Mapping[str, object]]] = ..., reverse_param: _Optional[_Union[ReverseParameter, _Mapping[str, object]]] = ..., lstm_param: _Optional[_Union[LSTMParameter, _Mapping[str, object]]] = ..., ctc_loss_param: _Optional[_Union[CtcLossParameter, _Mapping[str, object]]] = ..., labelsequence_accuracy_param: _Optional[_Union[LabelsequenceAccuracyParameter, _Mapping[str, object]]] = ..., proposal_param: _Optional[_Union[ProposalParameter, _Mapping[str, object]]] = ..., cpm_transform_param: _Optional[_Union[CPMTransformationParameter, _Mapping[str, object]]] = ..., region_loss_param: _Optional[_Union[RegionLossParameter, _Mapping[str, object]]] = ..., yolov3_param: _Optional[_Union[Yolov3Parameter, _Mapping[str, object]]] = ..., eval_detection_param: _Optional[_Union[EvalDetectionParameter, _Mapping[str, object]]] = ..., yolo_seg_param: _Optional[_Union[YoloSegParameter, _Mapping[str, object]]] = ..., segmentation_evaluate_param: _Optional[_Union[SegmentationEvaluateParameter, _Mapping[str, object]]] = ..., correlation_param: _Optional[_Union[CorrelationParameter, _Mapping[str, object]]] = ..., flow_warp_param: _Optional[_Union[FlowWarpParameter, _Mapping[str, object]]] = ..., resample_param: _Optional[_Union[ResampleParameter, _Mapping[str, object]]] = ..., l1_loss_param: _Optional[_Union[L1LossParameter, _Mapping[str, object]]] = ..., local_param: _Optional[_Union[LocalParameter, _Mapping[str, object]]] = ..., spatial_pyramid_pooling_param: _Optional[_Union[SpatialPyramidPoolingParameter, _Mapping[str, object]]] = ..., batch_reduction_param: _Optional[_Union[BatchReductionParameter, _Mapping[str, object]]] = ..., sparsify_param: _Optional[_Union[SparsifyParameter, _Mapping[str, object]]] = ..., hashing_loss_param: _Optional[_Union[HashingLossParameter, _Mapping[str, object]]] = ..., detectnet_groundtruth_param: _Optional[_Union[DetectNetGroundTruthParameter, _Mapping[str, object]]] = ..., detectnet_augmentation_param: _Optional[_Union[DetectNetAugmentationParameter, _Mapping[str, object]]] = ..., double_margin_contrastive_loss_param: _Optional[_Union[DoubleMarginContrastiveLossParameter, _Mapping[str, object]]] = ..., sparse_data_param: _Optional[_Union[SparseDataParameter, _Mapping[str, object]]] = ..., data_variable_size_param: _Optional[_Union[DataVariableSizeParameter, _Mapping[str, object]]] = ..., spatial_accuracy_param: _Optional[_Union[SpatialAccuracyParameter, _Mapping[str, object]]] = ..., video_data_param: _Optional[_Union[VideoDataParameter, _Mapping[str, object]]] = ..., window_cls_data_param: _Optional[_Union[WindowClsDataParameter, _Mapping[str, object]]] = ..., select_seg_binary_param: _Optional[_Union[SelectSegBinaryParameter, _Mapping[str, object]]] = ..., eltwise_accuracy_param: _Optional[_Union[AccuracyParameter, _Mapping[str, object]]] = ..., sliding_window_param: _Optional[_Union[SlidingWindowParameter, _Mapping[str, object]]] = ..., precision_recall_param: _Optional[_Union[PrecisionRecallParameter, _Mapping[str, object]]] = ..., rank_hard_loss_param: _Optional[_Union[RankParameter, _Mapping[str, object]]] = ..., accumulator_loss_param: _Optional[_Union[AccumulatorLossParameter, _Mapping[str, object]]] = ..., data_loss_param: _Optional[_Union[DenseFlowLossParameter, _Mapping[str, object]]] = ..., gradient_loss_param: _Optional[_Union[DenseFlowLossParameter, _Mapping[str, object]]] = ..., smooth_loss_param: _Optional[_Union[DenseFlowLossParameter, _Mapping[str, object]]] = ..., mult_softmax_loss_param: _Optional[_Union[MultiSoftmaxLossParameter, _Mapping[str, object]]] = ..., face_image_param: _Optional[_Union[FaceImageParameter, _Mapping[str, object]]] = ..., insanity_param: _Optional[_Union[InsanityParameter, _Mapping[str, object]]] = ..., flip_param: _Optional[_Union[FlipParameter, _Mapping[str, object]]] = ..., mean_param: _Optional[_Union[MeanParameter, _Mapping[str, object]]] = ..., normalize_param: _Optional[_Union[NormalizeChannelsParameter, _Mapping[str, object]]] = ..., channel_scale_param: _Optional[_Union[ChannelScaleParameter, _Mapping[str, object]]] = ..., label_specific_add_param: _Optional[_Union[LabelSpecificAddParameter, _Mapping[str, object]]] = ..., margin_inner_product_param: _Optional[_Union[MarginInnerProductParameter, _Mapping[str, object]]] = ..., inner_distance_param: _Optional[_Union[InnerDistanceParameter, _Mapping[str, object]]] = ..., general_contrastive_loss_param: _Optional[_Union[GeneralContrastiveParameter, _Mapping[str, object]]] = ..., general_triplet_loss_param: _Optional[_Union[GeneralTripletParameter, _Mapping[str, object]]] = ..., roi_warping_param: _Optional[_Union[ROIWarpingParameter, _Mapping[str, object]]] = ..., mask_resize_param: _Optional[_Union[MaskResizeParameter, _Mapping[str, object]]] = ..., mil_param: _Optional[_Union[MILParameter, _Mapping[str, object]]] = ..., augmentation_param: _Optional[_Union[AugmentationParameter, _Mapping[str, object]]] = ..., writer_param: _Optional[_Union[WriterParameter, _Mapping[str, object]]] = ..., mat_write_param: _Optional[_Union[MatWriteParameter, _Mapping[str, object]]] = ..., rand_comp_param: _Optional[_Union[RandCompParameter, _Mapping[str, object]]] = ..., convolution3d_param: _Optional[_Union[ConvolutionParameter, _Mapping[str, object]]] = ..., pooling3d_param: _Optional[_Union[PoolingParameter, _Mapping[str, object]]] = ..., focal_loss_param: _Optional[_Union[FocalLossParameter, _Mapping[str, object]]] = ..., largemargin_inner_product_param: _Optional[_Union[MarginInnerProductParameter, _Mapping[str, object]]] = ..., guided_dropout_param: _Optional[_Union[GuidedDropoutParameter, _Mapping[str, object]]] = ..., noise_param: _Optional[_Union[NoiseParameter, _Mapping[str, object]]] = ..., division_param: _Optional[_Union[DivisionParameter, _Mapping[str, object]]] = ..., combination_param: _Optional[_Union[CombinationParameter, _Mapping[str, object]]] = ..., deformable_convolution_param: _Optional[_Union[DeformableConvolutionParameter, _Mapping[str, object]]] = ..., st_param: _Optional[_Union[SpatialTransformerParameter, _Mapping[str, object]]] = ..., gradient_scaler_param: _Optional[_Union[GradientScalerParameter, _Mapping[str, object]]] = ..., mmd_param: _Optional[_Union[MMDParameter, _Mapping[str, object]]] = ..., downsample_param: _Optional[_Union[DownsampleParameter, _Mapping[str, object]]] = ..., compact_bilinear_param: _Optional[_Union[CompactBilinearParameter, _Mapping[str, object]]] = ..., tiling_param: _Optional[_Union[TilingParameter, _Mapping[str, object]]] = ..., classwise_product_param: _Optional[_Union[ClassWiseProductParameter, _Mapping[str, object]]] = ..., lstm_conv_param: _Optional[_Iterable[_Union[LSTMConvolutionParameter, _Mapping[str, object]]]] = ..., crop_center_param: _Optional[_Union[CropCenterParameter, _Mapping[str, object]]] = ..., debug_param: _Optional[_Union[BinaryWeightsParameter, _Mapping[str, object]]] = ..., dense_crf_param: _Optional[_Union[DenseCRFParameter, _Mapping[str, object]]] = ..., densecrf_param: _Optional[_Union[DenseCRFLabelsParameter, _Mapping[str, object]]] = ..., corner_crop_param: _Optional[_Union[CornerCropParameter, _Mapping[str, object]]] = ..., sub_region_param: _Optional[_Union[SubRegionParameter, _Mapping[str, object]]] = ..., hotspot_param: _Optional[_Union[HotspotParameter, _Mapping[str, object]]] = ..., dice_coef_loss_param: _Optional[_Union[DiceCoefLossParameter, _Mapping[str, object]]] = ..., word_sum_param: _Optional[_Union[InnerProductParameter, _Mapping[str, object]]] = ..., lstm_debug_param: _Optional[_Union[LSTMDebugParameter, _Mapping[str, object]]] = ..., bbox_reg_param: _Optional[_Union[BBoxRegParameter, _Mapping[str, object]]] = ..., box_output_param: _Optional[_Union[BoxOutputParameter, _Mapping[str, object]]] = ..., box_group_output_param: _Optional[_Union[BoxGroupOutputParameter, _Mapping[str, object]]] = ..., decode_bbox_param: _Optional[_Union[DecodeBBoxParameter, _Mapping[str, object]]] = ..., scale_route_param: _Optional[_Union[ScaleRouteParameter, _Mapping[str, object]]] = ..., detection_loss_param: _Optional[_Union[DetectionLossParameter, _Mapping[str, object]]] = ..., detection_group_loss_param: _Optional[_Union[DetectionGroupLossParameter, _Mapping[str, object]]] = ..., detection_accuracy_param: _Optional[_Union[DetectionAccuracyParameter, _Mapping[str, object]]] = ..., detection_group_accuracy_param: _Optional[_Union[DetectionGroupAccuracyParameter, _Mapping[str, object]]] = ..., proposal_target_param: _Optional[_Union[ProposalTargetParameter, _Mapping[str, object]]] = ..., sum_pooling_param: _Optional[_Union[SumPoolingParameter, _Mapping[str, object]]] = ..., imresize_param: _Optional[_Union[ImResizeParameter, _Mapping[str, object]]] = ..., nms_param: _Optional[_Union[NmsParameter, _Mapping[str, object]]] = ..., rotate_pooling_param: _Optional[_Union[RotateROIPoolingParameter, _Mapping[str, object]]] = ..., enlarge_param: _Optional[_Union[EnlargeParameter, _Mapping[str, object]]] = ..., shakeout_param: _Optional[_Union[ShakeoutParameter, _Mapping[str, object]]] = ..., frcnn_output_param: _Optional[_Union[FrcnnOutputParameter, _Mapping[str, object]]] = ..., labeled_matching_param: _Optional[_Union[LabeledMatchingParameter, _Mapping[str, object]]] = ..., unlabeled_matching_param: _Optional[_Union[UnlabeledMatchingParameter, _Mapping[str, object]]] = ..., rss_loss_param: _Optional[_Union[RandomSamplingSoftmaxLossParameter, _Mapping[str, object]]] = ..., hybrid_softmax_loss_param: _Optional[_Union[HybridSoftmaxLossParameter, _Mapping[str, object]]] = ..., target_sampling_param: _Optional[_Union[TargetSamplingParameter, _Mapping[str, object]]] = ..., spatialtransformer_param: _Optional[_Union[PlaneTurnParameter, _Mapping[str, object]]] = ..., srnnformat_param: _Optional[_Union[SRNNFormatParameter, _Mapping[str, object]]] = ..., beam_search_param: _Optional[_Union[BeamSearchParameter, _Mapping[str, object]]] = ..., psroi_align_param: _Optional[_Union[PSROIAlignParameter, _Mapping[str, object]]] = ..., roi_alignment_param: _Optional[_Union[ROIPoolingParameter, _Mapping[str, object]]] = ..., netvlad_param: _Optional[_Union[NetvladParameter, _Mapping[str, object]]] = ..., intranorm_param: _Optional[_Union[IntranormParameter, _Mapping[str, object]]] = ..., group_norm_param: _Optional[_Union[GroupNormParameter, _Mapping[str, object]]] = ..., brelu_param: _Optional[_Union[BReLUParameter, _Mapping[str, object]]] = ..., sample_triplet_param: _Optional[_Union[SampleTripletParameter, _Mapping[str, object]]] = ..., cosin_loss_param: _Optional[_Union[CosinLossParameter, _Mapping[str, object]]] = ..., tridim_st_param: _Optional[_Union[TridimSpatialTransformerParameter, _Mapping[str, object]]] = ..., tridim_convolution_param: _Optional[_Union[ConvolutionParameter, _Mapping[str, object]]] = ..., tridim_pooling_param: _Optional[_Union[PoolingParameter, _Mapping[str, object]]] = ..., tridim_data_param: _Optional[_Union[VideoDataParameter, _Mapping[str, object]]] = ..., center_object_loss_param: _Optional[_Union[CenterObjectLossParameter, _Mapping[str, object]]] = ..., ctc_decoder_param: _Optional[_Union[CTCDecoderParameter, _Mapping[str, object]]] = ..., grn_param: _Optional[_Union[GRNParameter, _Mapping[str, object]]] = ..., scale_filter_param: _Optional[_Union[ScaleFilterParameter, _Mapping[str, object]]] = ..., pooling_nd_param: _Optional[_Union[PoolingParameter, _Mapping[str, object]]] = ..., entropy_param: _Optional[_Union[EntropyParameter, _Mapping[str, object]]] = ..., weighted_fmeasure_loss_param: _Optional[_Union[WeightedFmeasureLossParameter, _Mapping[str, object]]] = ..., power_file_param: _Optional[_Union[PowerFileParameter, _Mapping[str, object]]] = ..., box_param: _Optional[_Union[BoxParameter, _Mapping[str, object]]] = ..., keypoint_acc_param: _Optional[_Union[KeypointAccParameter, _Mapping[str, object]]] = ..., heatmap_data_param: _Optional[_Union[HeatmapDataParameter, _Mapping[str, object]]] = ..., bbtxt_bb_param: _Optional[_Union[BBTXTBBParameter, _Mapping[str, object]]] = ..., label_drop_param: _Optional[_Union[LabelDropParameter, _Mapping[str, object]]] = ..., expmax_param: _Optional[_Union[ExpMaxParameter, _Mapping[str, object]]] = ..., hypercolumns_param: _Optional[_Union[HyperColumnsParameter, _Mapping[str, object]]] = ..., spatial_dropout_param: _Optional[_Union[SpatialDropoutParameter, _Mapping[str, object]]] = ..., max_drop_param: _Optional[_Union[MaxDropParameter, _Mapping[str, object]]] = ..., mergecrop_param: _Optional[_Union[MergeCropParameter, _Mapping[str, object]]] = ..., affinity_param: _Optional[_Union[AffinityParameter, _Mapping[str, object]]] = ..., minrelu_param: _Optional[_Union[MinReLUParameter, _Mapping[str, object]]] = ..., penlu_param: _Optional[_Union[PENLUParameter, _Mapping[str, object]]] = ..., apl_param: _Optional[_Union[APLParameter, _Mapping[str, object]]] = ..., rn_dropout_param: _Optional[_Union[RNDropoutParameter, _Mapping[str, object]]] = ..., region_pooling_param: _Optional[_Union[RegionPoolingParameter, _Mapping[str, object]]] = ..., splice_param: _Optional[_Union[CombinationParameter, _Mapping[str, object]]] = ..., ristretto_param: _Optional[_Union[RistrettoParameter, _Mapping[str, object]]] = ..., unique_label_param: _Optional[_Union[UniqueLabelParameter, _Mapping[str, object]]] = ..., bias_channel_param: _Optional[_Union[BiasChannelParameter, _Mapping[str, object]]] = ..., renet_lstm_param: _Optional[_Union[ReNetLSTMParameter, _Mapping[str, object]]] = ..., att_pooling_param: _Optional[_Union[AttPoolingParameter, _Mapping[str, object]]] = ..., deconvrelu_param: _Optional[_Union[DeconvReLUParameter, _Mapping[str, object]]] = ..., random_noise_param: _Optional[_Union[RandomNoiseParameter, _Mapping[str, object]]] = ..., softmax_pair_param: _Optional[_Union[SoftmaxPairParameter, _Mapping[str, object]]] = ..., outer_product_param: _Optional[_Union[OuterProductParameter, _Mapping[str, object]]] = ..., stochastic_dropout_param: _Optional[_Union[StochasticDropoutParameter, _Mapping[str, object]]] = ..., cosine_similarity_batch_param: _Optional[_Union[CosineSimilarityBatchParameter, _Mapping[str, object]]] = ..., create_mask_vector_param: _Optional[_Union[CreateMaskVectorParameter, _Mapping[str, object]]] = ..., fappy_loss_param: _Optional[_Union[FAPPYLossParameter, _Mapping[str, object]]] = ..., output_decay_param: _Optional[_Union[OutputDecayParameter, _Mapping[str, object]]] = ..., box_term_param: _Optional[_Union[BoxTermParameter, _Mapping[str, object]]] = ..., const_scale_param: _Optional[_Union[ConstScaleParameter, _Mapping[str, object]]] = ..., dist_loss_param: _Optional[_Union[DistLossParameter, _Mapping[str, object]]] = ..., dtow_param: _Optional[_Union[DtowParameter, _Mapping[str, object]]] = ..., duplicate_param: _Optional[_Union[DuplicateParameter, _Mapping[str, object]]] = ..., im2dist_param: _Optional[_Union[Im2distParameter, _Mapping[str, object]]] = ..., im2parity_param: _Optional[_Union[Im2parityParameter, _Mapping[str, object]]] = ..., linear_transform_param: _Optional[_Union[LinearTransformParameter, _Mapping[str, object]]] = ..., multi_roi_pooling_param: _Optional[_Union[MultiROIPoolingParameter, _Mapping[str, object]]] = ..., pixelconvolution_param: _Optional[_Union[PixelConvParameter, _Mapping[str, object]]] = ..., ranking_loss_param: _Optional[_Union[RankingLossParameter, _Mapping[str, object]]] = ..., resize_param: _Optional[_Union[ResizeLayerParameter, _Mapping[str, object]]] = ..., sparse_hypercolumn_extractor_param: _Optional[_Union[SparseHypercolumnExtractorParameter, _Mapping[str, object]]] = ..., truncation_param: _Optional[_Union[TruncationParameter, _Mapping[str, object]]] = ..., coeff_schedule_param: _Optional[_Union[CoeffScheduleParameter, _Mapping[str, object]]] = ..., inq_convolution_param: _Optional[_Union[IncrementalQuantizationParameter, _Mapping[str, object]]] = ..., inq_inner_product_param: _Optional[_Union[IncrementalQuantizationParameter, _Mapping[str, object]]] = ..., dynamic_bilinear_param: _Optional[_Union[DynamicBilinearParameter, _Mapping[str, object]]] = ..., convolution_mask_param: _Optional[_Union[ConvolutionMaskParameter, _Mapping[str, object]]] = ..., roi_mask_pooling_param: _Optional[_Union[ROIMaskPoolingParameter, _Mapping[str, object]]] = ..., roi_gen_param: _Optional[_Union[RoiGenParameter, _Mapping[str, object]]] = ..., orn_param: _Optional[_Union[ORNParameter, _Mapping[str, object]]] = ..., repeat_param: _Optional[_Union[RepeatParameter, _Mapping[str, object]]] = ..., expand_dims_nd_param: _Optional[_Union[ExpandDimsNDParameter, _Mapping[str, object]]] = ..., unstack_param: _Optional[_Union[UnstackParameter, _Mapping[str, object]]] = ..., depth_to_space_param: _Optional[_Union[DepthToSpaceParameter, _Mapping[str, object]]] = ..., yolo_v2_loss_param: _Optional[_Union[YoloV2LossParameter, _Mapping[str, object]]] = ..., yolo_v3_loss_param: _Optional[_Union[YoloV3LossParameter, _Mapping[str, object]]] = ..., yolo_loss_param: _Optional[_Union[YoloLossParameter, _Mapping[str, object]]] = ..., charbonnier_loss_param: _Optional[_Union[CharbonnierLossParameter, _Mapping[str, object]]] = ..., ssim_loss_param: _Optional[_Union[SSIMLossParameter, _Mapping[str, object]]] = ..., p2s_loss_param: _Optional[_Union[P2SLossParameter, _Mapping[str, object]]] = ..., topk_param: _Optional[_Union[TopKParameter, _Mapping[str, object]]] = ..., rbm_inner_product_param: _Optional[_Union[RBMInnerProductParameter, _Mapping[str, object]]] = ..., confusion_matrix_param: _Optional[_Union[ConfusionMatrixParameter, _Mapping[str, object]]] = ..., pairwise_param: _Optional[_Union[PairwiseParameter, _Mapping[str, object]]] = ..., quantization_loss_param: _Optional[_Union[QuantizationLossParameter, _Mapping[str, object]]] = ..., render_param: _Optional[_Union[RenderParameter, _Mapping[str, object]]] = ..., rescale_param: _Optional[_Union[RescaleParameter, _Mapping[str, object]]] = ..., pushin_param: _Optional[_Union[PushinParameter, _Mapping[str, object]]] = ..., qcodeconfig: _Optional[_Iterable[_Union[QCodeConfig, _Mapping[str, object]]]] = ..., region_proposal_param: _Optional[_Union[RegionProposalParameter, _Mapping[str, object]]] = ..., bunch_param: _Optional[_Union[BunchOfNeuronsParameter, _Mapping[str, object]]] = ..., bin_param: _Optional[_Union[BinarizationParameter, _Mapping[str, object]]] = ..., topography_param: _Optional[_Union[TopographyParameter, _Mapping[str, object]]] = ..., rbm_param: _Optional[_Union[RBMParameter, _Mapping[str, object]]] = ..., rpn_param: _Optional[_Union[RPNParameter, _Mapping[str, object]]] = ..., spatial_wta_param: _Optional[_Union[SpatialWtaParameter, _Mapping[str, object]]] = ..., ave_accuracy_param: _Optional[_Union[AveAccuracyParameter, _Mapping[str, object]]] = ..., conadd_param: _Optional[_Union[ConaddParameter, _Mapping[str, object]]] = ..., cosin_add_m_param: _Optional[_Union[CosinAddmParameter, _Mapping[str, object]]] = ..., adacos_add_m_scale_param: _Optional[_Union[AdaCosAddmScaleParameter, _Mapping[str, object]]] = ..., all_pass_param: _Optional[_Union[AllPassParameter, _Mapping[str, object]]] = ..., nninterp_param: _Optional[_Union[NNInterpParameter, _Mapping[str, object]]] = ..., set_loss2_param: _Optional[_Union[SetLoss2Parameter, _Mapping[str, object]]] = ..., kernel_loss_param: _Optional[_Union[KernelLossParameter, _Mapping[str, object]]] = ..., ordinal_regression_loss_param: _Optional[_Union[OrdinalRegressionParameter, _Mapping[str, object]]] = ..., hard_mining_param: _Optional[_Union[HardMiningParameter, _Mapping[str, object]]] = ..., fastfood_param: _Optional[_Union[FastFoodParameter, _Mapping[str, object]]] = ..., embedding_extractor_param: _Optional[_Union[AnchorEmbeddingExtractorParameter, _Mapping[str, object]]] = ..., select_binary_param: _Optional[_Union[SelectBinaryParameter, _Mapping[str, object]]] = ..., crop_bbox_param: _Optional[_Union[CropBBoxParameter, _Mapping[str, object]]] = ..., generate_cls_vector_param: _Optional[_Union[GenerateClsVectorParameter, _Mapping[str, object]]] = ..., pose_heat_map_loss_param: _Optional[_Union[PoseHeatMapLossParameter, _Mapping[str, object]]] = ..., extract_primary_param: _Optional[_Union[ExtractPrimaryParameter, _Mapping[str, object]]] = ..., label_transform_param: _Optional[_Union[LabelTransformParameter, _Mapping[str, object]]] = ..., simpler_nms_param: _Optional[_Union[SimplerNMSParameter, _Mapping[str, object]]] = ..., faster_rcnn_detection_output_param: _Optional[_Union[FasterRcnnDetectionOutputParameter, _Mapping[str, object]]] = ..., symmetric_rectify_param: _Optional[_Union[SymmetricRectifyParameter, _Mapping[str, object]]] = ..., wasserstein_param: _Optional[_Union[WassersteinParameter, _Mapping[str, object]]] = ..., tree_param: _Optional[_Union[TreeParameter, _Mapping[str, object]]] = ..., secondary_regions_op_scores_param: _Optional[_Union[SecondaryRegionsOpScoresParameter, _Mapping[str, object]]] = ..., similary_euclidean_loss_param: _Optional[_Union[SimilaryEuclideanLossParameter, _Mapping[str, object]]] = ..., pose_coords_from_heat_maps_param: _Optional[_Union[PoseCoordsFromHeatMapsParameter, _Mapping[str, object]]] = ..., pose_pdj_accuracy_param: _Optional[_Union[PosePDJAccuracyParameter, _Mapping[str, object]]] = ..., heat_maps_from_coords_origin_param: _Optional[_Union[HeatMapsFromCoordsOriginParameter, _Mapping[str, object]]] = ..., random_image_data2_param: _Optional[_Union[RandomImageData2Parameter, _Mapping[str, object]]] = ..., coord_to_bbox_masks_param: _Optional[_Union[CoordsToBboxMasksParameter, _Mapping[str, object]]] = ..., torso_mask_from_coords_param: _Optional[_Union[TorsoMaskFromCoordsParameter, _Mapping[str, object]]] = ..., pose_eudist_accuracy_param: _Optional[_Union[PoseEuDistAccuracyParameter, _Mapping[str, object]]] = ..., copy_postfix_name: _Optional[str] = ..., param_bottoms: _Optional[int] = ..., mlquant_param: _Optional[_Union[MLQuantParameter, _Mapping[str, object]]] = ..., mtranspose_param: _Optional[_Union[MTransposeParameter, _Mapping[str, object]]] = ..., lot_param: _Optional[_Union[LotParameter, _Mapping[str, object]]] = ..., decoder_param: _Optional[_Union[DecoderParameter, _Mapping[str, object]]] = ..., mean_loss_param: _Optional[_Union[MeanLossParameter, _Mapping[str, object]]] = ..., rank_param: _Optional[_Union[RankParameter, _Mapping[str, object]]] = ..., lifted_struct_sim_softmax_loss_param: _Optional[_Union[LiftedStructSimilaritySoftmaxLossParameter, _Mapping[str, object]]] = ..., hsroi_pooling_param: _Optional[_Union[HSROIPoolingParameter, _Mapping[str, object]]] = ..., grid_pooling_param: _Optional[_Union[GRIDPoolingParameter, _Mapping[str, object]]] = ..., st_loss_param: _Optional[_Union[STLossParameter, _Mapping[str, object]]] = ..., loc_loss_param: _Optional[_Union[LocLossParameter, _Mapping[str, object]]] = ..., lpq_loss_param: _Optional[_Union[LpqLossParameter, _Mapping[str, object]]] = ..., label_specific_rescale_param: _Optional[_Union[LabelSpecificRescaleParameter, _Mapping[str, object]]] = ..., soft_truncation_param: _Optional[_Union[SoftTruncationParameter, _Mapping[str, object]]] = ..., cross_entropy_loss_param: _Optional[_Union[CrossEntropyLossParameter, _Mapping[str, object]]] = ..., softmax_cross_entropy_loss_param: _Optional[_Union[SoftmaxCrossEntropyLossParameter, _Mapping[str, object]]] = ..., accuracy_sigmoid_param: _Optional[_Union[AccuracySigmoidParameter, _Mapping[str, object]]] = ..., precision_recall_loss_param: _Optional[_Union[PrecisionRecallLossParameter, _Mapping[str, object]]] = ..., split_merge_param: _Optional[_Union[SplitMergeParameter, _Mapping[str, object]]] = ..., sort_param: _Optional[_Union[SortParameter, _Mapping[str, object]]] = ..., axis_pooling_param: _Optional[_Union[AxisPoolingParameter, _Mapping[str, object]]] = ..., pairwise_ranking_hinge_loss_param: _Optional[_Union[PairwiseRankingHingeLossParameter, _Mapping[str, object]]] = ..., triplet_ranking_hinge_loss_param: _Optional[_Union[TripletRankingHingeLossParameter, _Mapping[str, object]]] = ..., soft_contrastive_loss_param: _Optional[_Union[SoftContrastiveParameter, _Mapping[str, object]]] = ..., batch_contrastive_loss_param: _Optional[_Union[BatchContrastiveParameter, _Mapping[str, object]]] = ..., nca_param: _Optional[_Union[NCAParameter, _Mapping[str, object]]] = ..., confidence_penalty_loss_param: _Optional[_Union[ConfidencePenaltyLossParameter, _Mapping[str, object]]] = ..., label_specific_margin_param: _Optional[_Union[LabelSpecificMarginParameter, _Mapping[str, object]]] = ..., mhe_loss_param: _Optional[_Union[MHELossParameter, _Mapping[str, object]]] = ..., my_smooth_L1_loss_param: _Optional[_Union[MySmoothL1LossParameter, _Mapping[str, object]]] = ..., online_hard_mine_param: _Optional[_Union[OnlineHardMineParameter, _Mapping[str, object]]] = ..., online_hard_mine_v2_param: _Optional[_Union[OnlineHardMineV2Parameter, _Mapping[str, object]]] = ..., online_random_mine_param: _Optional[_Union[OnlineRandomMineParameter, _Mapping[str, object]]] = ..., softmax_focal_loss_param: _Optional[_Union[SoftmaxFocalLossParameter, _Mapping[str, object]]] = ..., tv_loss_param: _Optional[_Union[TVLossParameter, _Mapping[str, object]]] = ..., normalized_inner_product_param: _Optional[_Union[NormalizedInnerProductParameter, _Mapping[str, object]]] = ..., dns_convolution_param: _Optional[_Union[DNSParameter, _Mapping[str, object]]] = ..., dns_inner_product_param: _Optional[_Union[DNSParameter, _Mapping[str, object]]] = ..., denseblock_param: _Optional[_Union[DenseBlockParameter, _Mapping[str, object]]] = ..., face_evaluate_param: _Optional[_Union[FaceEvaluateParameter, _Mapping[str, object]]] = ..., lp_evaluate_param: _Optional[_Union[PlateParameter, _Mapping[str, object]]] = ..., lp_det_param: _Optional[_Union[PlateParameter, _Mapping[str, object]]] = ..., norm_conv_meanfield_param: _Optional[_Union[NormConvMeanfieldParameter, _Mapping[str, object]]] = ..., channel_reduce_param: _Optional[_Union[ChannelReduceParameter, _Mapping[str, object]]] = ..., multi_stage_meanfield_au3_param: _Optional[_Union[MultiStageMeanfieldParameter, _Mapping[str, object]]] = ..., au_mask_based_land_param: _Optional[_Union[AUMaskBasedLandParameter, _Mapping[str, object]]] = ..., random_maclaurin_param: _Optional[_Union[RandomMaclaurinParameter, _Mapping[str, object]]] = ..., idx21hot_param: _Optional[_Union[Idx2OneHotParameter, _Mapping[str, object]]] = ..., multinomial_logistic_sparsity_loss_param: _Optional[_Union[MultinomialLogisticSparsityLossParameter, _Mapping[str, object]]] = ..., fine2coarse_prob_layer_param: _Optional[_Union[Fine2CoarseProbParameter, _Mapping[str, object]]] = ..., fine2multicoarse_prob_layer_param: _Optional[_Union[Fine2MultiCoarseProbParameter, _Mapping[str, object]]] = ..., shift_stitch_param: _Optional[_Union[ShiftStitchParameter, _Mapping[str, object]]] = ..., bilinear_interpolation_param: _Optional[_Union[BilinearInterpolationParameter, _Mapping[str, object]]] = ..., compact_probabilistic_average_prob_layer_param: _Optional[_Union[CompactProbabilisticAverageProbParameter, _Mapping[str, object]]] = ..., padding_param: _Optional[_Union[PaddingParameter, _Mapping[str, object]]] = ..., filter_param: _Optional[_Union[FilterParameter, _Mapping[str, object]]] = ..., domain_transform_param: _Optional[_Union[DomainTransformParameter, _Mapping[str, object]]] = ..., adaptive_bias_channel_param: _Optional[_Union[AdaptiveBiasChannelParameter, _Mapping[str, object]]] = ..., mat_read_param: _Optional[_Union[MatReadParameter, _Mapping[str, object]]] = ..., space_to_depth_param: _Optional[_Union[SpaceToDepthParameter, _Mapping[str, object]]] = ..., mirror_pad_param: _Optional[_Union[MirrorPadParameter, _Mapping[str, object]]] = ..., stack_param: _Optional[_Union[StackParameter, _Mapping[str, object]]] = ..., broadcast_to_param: _Optional[_Union[BroadcastToParameter, _Mapping[str, object]]] = ..., tile_nd_param: _Optional[_Union[TileNDParameter, _Mapping[str, object]]] = ..., piece_param: _Optional[_Union[PieceParameter, _Mapping[str, object]]] = ..., strided_slice_param: _Optional[_Union[StridedSliceParameter, _Mapping[str, object]]] = ..., range_param: _Optional[_Union[RangeParameter, _Mapping[str, object]]] = ..., one_hot_param: _Optional[_Union[OneHotParameter, _Mapping[str, object]]] = ..., sparse_to_dense_param: _Optional[_Union[SparseToDenseParameter, _Mapping[str, object]]] = ..., gather_param: _Optional[_Union[GatherParameter, _Mapping[str, object]]] = ..., gather_v2_param: _Optional[_Union[GatherV2Parameter, _Mapping[str, object]]] = ..., gather_nd_param: _Optional[_Union[GatherNDParameter, _Mapping[str, object]]] = ..., scatter_nd_param: _Optional[_Union[ScatterNDParameter, _Mapping[str, object]]] = ..., embedding_lookup_param: _Optional[_Union[EmbeddingLookupParameter, _Mapping[str, object]]] = ..., embedding_lookup_sparse_param: _Optional[_Union[EmbeddingLookupSparseParameter, _Mapping[str, object]]] = ..., topk_gather_param: _Optional[_Union[TopkGatherParameter, _Mapping[str, object]]] = ..., nms_gather_param: _Optional[_Union[NMSGatherParameter, _Mapping[str, object]]] = ..., where4_param: _Optional[_Union[Where4Parameter, _Mapping[str, object]]] = ..., where4_gathernd_param: _Optional[_Union[Where4Parameter, _Mapping[str, object]]] = ..., where4_gathernd_crop_param: _Optional[_Union[Where4GatherndCropParameter, _Mapping[str, object]]] = ..., crop_and_resize_param: _Optional[_Union[CropAndResizeParameter, _Mapping[str, object]]] = ..., pyramid_roi_align_param: _Optional[_Union[PyramidROIAlignParameter, _Mapping[str, object]]] = ..., non_max_suppression_param: _Optional[_Union[NonMaxSuppressionParameter, _Mapping[str, object]]] = ..., maskrcnn_detection_param: _Optional[_Union[MaskRCNNDetectionParameter, _Mapping[str, object]]] = ..., maskrcnn_proposal_param: _Optional[_Union[MaskRCNNProposalParameter, _Mapping[str, object]]] = ..., tensor2box_param: _Optional[_Union[Tensor2BoxParameter, _Mapping[str, object]]] = ..., point_net_param: _Optional[_Union[PointNetParameter, _Mapping[str, object]]] = ..., corr1d_param: _Optional[_Union[Corr1dParameter, _Mapping[str, object]]] = ..., mul_param: _Optional[_Union[MulParameter, _Mapping[str, object]]] = ..., not_equal_param: _Optional[_Union[NotEqualParameter, _Mapping[str, object]]] = ..., reduce_sum_param: _Optional[_Union[ReduceParameter, _Mapping[str, object]]] = ..., reduce_max_param: _Optional[_Union[ReduceParameter, _Mapping[str, object]]] = ..., reduce_min_param: _Optional[_Union[ReduceParameter, _Mapping[str, object]]] = ..., reduce_prod_param: _Optional[_Union[ReduceParameter, _Mapping[str, object]]] = ..., reduce_mean_param: _Optional[_Union[ReduceParameter, _Mapping[str, object]]] = ..., reduce_logsumexp_param: _Optional[_Union[ReduceParameter, _Mapping[str, object]]] = ..., reduce_all_param: _Optional[_Union[ReduceParameter, _Mapping[str, object]]] = ..., reduce_any_param: _Optional[_Union[ReduceParameter, _Mapping[str, object]]] = ..., count_nonzero_param: _Optional[_Union[ReduceParameter, _Mapping[str, object]]] = ..., reduce_l1_param: _Optional[_Union[ReduceNormParameter, _Mapping[str, object]]] = ..., reduce_l2_param: _Optional[_Union[ReduceNormParameter, _Mapping[str, object]]] = ..., hard_sigmoid_param: _Optional[_Union[HardSigmoidParameter, _Mapping[str, object]]] = ..., scaled_tanh_param: _Optional[_Union[ScaledTanHParameter, _Mapping[str, object]]] = ..., thresholded_relu_param: _Optional[_Union[ThresholdedReLUParameter, _Mapping[str, object]]] = ..., log_softmax_param: _Optional[_Union[LogSoftmaxParameter, _Mapping[str, object]]] = ..., lp_normalization_param: _Optional[_Union[LpNormalizationParameter, _Mapping[str, object]]] = ..., layer_norm_param: _Optional[_Union[LayerNormParameter, _Mapping[str, object]]] = ..., matmul_param: _Optional[_Union[MatMulParameter, _Mapping[str, object]]] = ..., gemm_param: _Optional[_Union[GemmParameter, _Mapping[str, object]]] = ..., reverse_sequence_param: _Optional[_Union[ReverseSequenceParameter, _Mapping[str, object]]] = ..., reverse_time_param: _Optional[_Union[ReverseTimeParameter, _Mapping[str, object]]] = ..., spatial_softmax_param: _Optional[_Union[SpatialSoftmaxParameter, _Mapping[str, object]]] = ..., gaussian_attention_param: _Optional[_Union[GaussianAttentionParameter, _Mapping[str, object]]] = ..., relux_param: _Optional[_Union[ReLUXParameter, _Mapping[str, object]]] = ..., repack_param: _Optional[_Union[RepackParameter, _Mapping[str, object]]] = ..., roi_padding_param: _Optional[_Union[ROIPadingParameter, _Mapping[str, object]]] = ..., berhu_param: _Optional[_Union[BerhuParameter, _Mapping[str, object]]] = ..., scale_invariant_param: _Optional[_Union[ScaleInvariantParameter, _Mapping[str, object]]] = ..., scale_invariant_berhu_param: _Optional[_Union[ScaleInvariantBerhuParameter, _Mapping[str, object]]] = ..., l2norm_param: _Optional[_Union[L2NormParameter, _Mapping[str, object]]] = ..., accuracy_heatmap_param: _Optional[_Union[AccuracyHeatmapParameter, _Mapping[str, object]]] = ..., prediction_heatmap_param: _Optional[_Union[PredictionHeatmapParameter, _Mapping[str, object]]] = ..., match_loss_param: _Optional[_Union[MatchLossParameter, _Mapping[str, object]]] = ..., deformable_psroi_pooling_param: _Optional[_Union[DeformablePSROIPoolingParameter, _Mapping[str, object]]] = ..., module_param: _Optional[_Union[ModuleParameter, _Mapping[str, object]]] = ..., fpn_proposal_param: _Optional[_Union[FPNProposalParameter, _Mapping[str, object]]] = ..., general_hinge_loss_param: _Optional[_Union[GeneralHingeLossParameter, _Mapping[str, object]]] = ..., log_sum_exp_param: _Optional[_Union[LogSumExpParameter, _Mapping[str, object]]] = ..., softmax_temperature_param: _Optional[_Union[SoftmaxTemperatureParameter, _Mapping[str, object]]] = ..., accum_param: _Optional[_Union[AccumParameter, _Mapping[str, object]]] = ..., black_augmentation_param: _Optional[_Union[BlackAugmentationParameter, _Mapping[str, object]]] = ..., reader_param: _Optional[_Union[ReaderParameter, _Mapping[str, object]]] = ..., eliwise_product_param: _Optional[_Union[EliwiseProductParameter, _Mapping[str, object]]] = ..., jmmd_param: _Optional[_Union[JMMDParameter, _Mapping[str, object]]] = ..., smooth_pooling_param: _Optional[_Union[SmoothPoolingParameter, _Mapping[str, object]]] = ..., nt: _Optional[int] = ..., quant_trunc_abs_param: _Optional[_Union[QuantTruncAbsParameter, _Mapping[str, object]]] = ..., bn_conv_param: _Optional[_Union[BNConvParameter, _Mapping[str, object]]] = ..., norm_loss_param: _Optional[_Union[NormLossParameter, _Mapping[str, object]]] = ..., argmax_one_param: _Optional[_Union[ArgMaxOneParameter, _Mapping[str, object]]] = ..., downsampling_param: _Optional[_Union[DownsamplingParameter, _Mapping[str, object]]] = ..., upsampling_param: _Optional[_Union[DownsamplingParameter, _Mapping[str, object]]] = ..., running_average_param: _Optional[_Union[RunningAverageParameter, _Mapping[str, object]]] = ..., pooling_num_param: _Optional[_Union[PoolingNumParameter, _Mapping[str, object]]] = ..., cut_param: _Optional[_Union[CutParameter, _Mapping[str, object]]] = ..., gaterecurrent_param: _Optional[_Union[GateRecurrentParameter, _Mapping[str, object]]] = ..., spatialrecurrent_param: _Optional[_Union[SpatialRecurrentParameter, _Mapping[str, object]]] = ..., gaterecurrent2d_param: _Optional[_Union[GateRecurrent2dParameter, _Mapping[str, object]]] = ..., element_hinge_loss_param: _Optional[_Union[ElementHingeLossParameter, _Mapping[str, object]]] = ..., gn_param: _Optional[_Union[GNParameter, _Mapping[str, object]]] = ..., mask_outputs_param: _Optional[_Union[MaskOutputsParameter, _Mapping[str, object]]] = ..., euclidean_weight_param: _Optional[_Union[EuclideanWeightParameter, _Mapping[str, object]]] = ..., source_class: _Optional[str] = ..., **kwargs: object) -> None: ...

class ParamSpec(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("name", "share_mode", "lr_mult", "decay_mult", "regularization_type", "kernel_shape_decay_mult", "breadth_decay_mult", "block_group_lasso", "special_shape_decay_mult", "group_decay_mult", "param_propagate_down", "force_mult")
    class DimCheckMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        STRICT: _ClassVar[ParamSpec.DimCheckMode]
        PERMISSIVE: _ClassVar[ParamSpec.DimCheckMode]
    STRICT: ParamSpec.DimCheckMode
    PERMISSIVE: ParamSpec.DimCheckMode
    NAME_FIELD_NUMBER: _ClassVar[int]
    SHARE_MODE_FIELD_NUMBER: _ClassVar[int]
    LR_MULT_FIELD_NUMBER: _ClassVar[int]
    DECAY_MULT_FIELD_NUMBER: _ClassVar[int]
    REGULARIZATION_TYPE_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SHAPE_DECAY_MULT_FIELD_NUMBER: _ClassVar[int]
    BREADTH_DECAY_MULT_FIELD_NUMBER: _ClassVar[int]
    BLOCK_GROUP_LASSO_FIELD_NUMBER: _ClassVar[int]
    SPECIAL_SHAPE_DECAY_MULT_FIELD_NUMBER: _ClassVar[int]
    GROUP_DECAY_MULT_FIELD_NUMBER: _ClassVar[int]
    PARAM_PROPAGATE_DOWN_FIELD_NUMBER: _ClassVar[int]
    FORCE_MULT_FIELD_NUMBER: _ClassVar[int]
    name: str
    share_mode: ParamSpec.DimCheckMode
    lr_mult: float
    decay_mult: float
    regularization_type: str
    kernel_shape_decay_mult: float
    breadth_decay_mult: float
    block_group_lasso: _containers.RepeatedCompositeFieldContainer[BlockGroupLasso]
    special_shape_decay_mult: float
    group_decay_mult: float
    param_propagate_down: bool
    force_mult: float
    def __init__(self, name: _Optional[str] = ..., share_mode: _Optional[_Union[ParamSpec.DimCheckMode, str]] = ..., lr_mult: _Optional[float] = ..., decay_mult: _Optional[float] = ..., regularization_type: _Optional[str] = ..., kernel_shape_decay_mult: _Optional[float] = ..., breadth_decay_mult: _Optional[float] = ..., block_group_lasso: _Optional[_Iterable[_Union[BlockGroupLasso, _Mapping[str, object]]]] = ..., special_shape_decay_mult: _Optional[float] = ..., group_decay_mult: _Optional[float] = ..., param_propagate_down: _Optional[bool] = ..., force_mult: _Optional[float] = ...) -> None: ...

class BlockGroupLasso(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("xdimen", "ydimen", "block_decay_mult")
    XDIMEN_FIELD_NUMBER: _ClassVar[int]
    YDIMEN_FIELD_NUMBER: _ClassVar[int]
    BLOCK_DECAY_MULT_FIELD_NUMBER: _ClassVar[int]
    xdimen: int
    ydimen: int
    block_decay_mult: float
    def __init__(self, xdimen: _Optional[int] = ..., ydimen: _Optional[int] = ..., block_decay_mult: _Optional[float] = ...) -> None: ...

class FillerParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("type", "value", "min", "max", "mean", "std", "sparse", "variance_norm", "alpha", "negative_slope", "diag_val", "file", "values", "border_ratio", "scale")
    class VarianceNorm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        FAN_IN: _ClassVar[FillerParameter.VarianceNorm]
        FAN_OUT: _ClassVar[FillerParameter.VarianceNorm]
        AVERAGE: _ClassVar[FillerParameter.VarianceNorm]
    FAN_IN: FillerParameter.VarianceNorm
    FAN_OUT: FillerParameter.VarianceNorm
    AVERAGE: FillerParameter.VarianceNorm
    TYPE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    MIN_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    MEAN_FIELD_NUMBER: _ClassVar[int]
    STD_FIELD_NUMBER: _ClassVar[int]
    SPARSE_FIELD_NUMBER: _ClassVar[int]
    VARIANCE_NORM_FIELD_NUMBER: _ClassVar[int]
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_SLOPE_FIELD_NUMBER: _ClassVar[int]
    DIAG_VAL_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    VALUES_FIELD_NUMBER: _ClassVar[int]
    BORDER_RATIO_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    type: str
    value: float
    min: float
    max: float
    mean: float
    std: float
    sparse: int
    variance_norm: FillerParameter.VarianceNorm
    alpha: float
    negative_slope: float
    diag_val: _containers.RepeatedScalarFieldContainer[float]
    file: str
    values: _containers.RepeatedScalarFieldContainer[float]
    border_ratio: float
    scale: float
    def __init__(self, type: _Optional[str] = ..., value: _Optional[float] = ..., min: _Optional[float] = ..., max: _Optional[float] = ..., mean: _Optional[float] = ..., std: _Optional[float] = ..., sparse: _Optional[int] = ..., variance_norm: _Optional[_Union[FillerParameter.VarianceNorm, str]] = ..., alpha: _Optional[float] = ..., negative_slope: _Optional[float] = ..., diag_val: _Optional[_Iterable[float]] = ..., file: _Optional[str] = ..., values: _Optional[_Iterable[float]] = ..., border_ratio: _Optional[float] = ..., scale: _Optional[float] = ...) -> None: ...

class BlobShape(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("dim",)
    DIM_FIELD_NUMBER: _ClassVar[int]
    dim: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, dim: _Optional[_Iterable[int]] = ...) -> None: ...

class BlobProto(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("shape", "data", "diff", "double_data", "double_diff", "num", "channels", "height", "width")
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    DIFF_FIELD_NUMBER: _ClassVar[int]
    DOUBLE_DATA_FIELD_NUMBER: _ClassVar[int]
    DOUBLE_DIFF_FIELD_NUMBER: _ClassVar[int]
    NUM_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    shape: BlobShape
    data: _containers.RepeatedScalarFieldContainer[float]
    diff: _containers.RepeatedScalarFieldContainer[float]
    double_data: _containers.RepeatedScalarFieldContainer[float]
    double_diff: _containers.RepeatedScalarFieldContainer[float]
    num: int
    channels: int
    height: int
    width: int
    def __init__(self, shape: _Optional[_Union[BlobShape, _Mapping[str, object]]] = ..., data: _Optional[_Iterable[float]] = ..., diff: _Optional[_Iterable[float]] = ..., double_data: _Optional[_Iterable[float]] = ..., double_diff: _Optional[_Iterable[float]] = ..., num: _Optional[int] = ..., channels: _Optional[int] = ..., height: _Optional[int] = ..., width: _Optional[int] = ...) -> None: ...

class BlobProtoVector(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("blobs",)
    BLOBS_FIELD_NUMBER: _ClassVar[int]
    blobs: _containers.RepeatedCompositeFieldContainer[BlobProto]
    def __init__(self, blobs: _Optional[_Iterable[_Union[BlobProto, _Mapping[str, object]]]] = ...) -> None: ...

class Datum(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("channels", "height", "width", "data", "label", "float_data", "encoded")
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    FLOAT_DATA_FIELD_NUMBER: _ClassVar[int]
    ENCODED_FIELD_NUMBER: _ClassVar[int]
    channels: int
    height: int
    width: int
    data: bytes
    label: int
    float_data: _containers.RepeatedScalarFieldContainer[float]
    encoded: bool
    def __init__(self, channels: _Optional[int] = ..., height: _Optional[int] = ..., width: _Optional[int] = ..., data: _Optional[bytes] = ..., label: _Optional[int] = ..., float_data: _Optional[_Iterable[float]] = ..., encoded: _Optional[bool] = ...) -> None: ...

class DatumLabels(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("label",)
    LABEL_FIELD_NUMBER: _ClassVar[int]
    label: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, label: _Optional[_Iterable[float]] = ...) -> None: ...

class TransformationParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("scale", "mirror", "crop_size", "mean_file", "mean_value", "force_color", "force_gray", "center_crop", "random_crop_on_test", "caffe_yolo", "resize_param", "distort_param", "expand_param", "emit_constraint", "noise_param", "geometry_param", "rotate", "crop_h", "crop_w", "crop_height", "crop_width", "rand_shift", "rand_s_height", "rand_s_width", "rand_noise", "scale_factors", "img_rand_resize_lower", "img_rand_resize_upper", "rand_resize_ratio_lower", "rand_resize_ratio_upper", "vertical_stretch_lower", "vertical_stretch_upper", "horizontal_stretch_lower", "horizontal_stretch_upper", "allow_upscale", "interpolation_algo_down", "interpolation_algo_up", "random_resize_param", "pad", "resize_size", "resize_short_side_min", "resize_short_side_max", "multi_scale_levels", "random_aspect_ratio_param", "min_resize", "max_resize", "square_resize", "flow", "multi_scale", "scale_ratios", "max_distort", "fix_crop", "more_fix_crop", "is_flow", "eigen_value", "eigen_vector_component", "relight_filler", "invalid_detection_mode", "max_rotation_angle", "min_side", "min_side_min", "min_side_max", "max_color_shift", "contrast_brightness_adjustment", "min_contrast", "max_contrast", "max_brightness_shift", "apply_probability", "bgr2rgb", "cvt_bgr2rgb")
    SCALE_FIELD_NUMBER: _ClassVar[int]
    MIRROR_FIELD_NUMBER: _ClassVar[int]
    CROP_SIZE_FIELD_NUMBER: _ClassVar[int]
    MEAN_FILE_FIELD_NUMBER: _ClassVar[int]
    MEAN_VALUE_FIELD_NUMBER: _ClassVar[int]
    FORCE_COLOR_FIELD_NUMBER: _ClassVar[int]
    FORCE_GRAY_FIELD_NUMBER: _ClassVar[int]
    CENTER_CROP_FIELD_NUMBER: _ClassVar[int]
    RANDOM_CROP_ON_TEST_FIELD_NUMBER: _ClassVar[int]
    CAFFE_YOLO_FIELD_NUMBER: _ClassVar[int]
    RESIZE_PARAM_FIELD_NUMBER: _ClassVar[int]
    DISTORT_PARAM_FIELD_NUMBER: _ClassVar[int]
    EXPAND_PARAM_FIELD_NUMBER: _ClassVar[int]
    EMIT_CONSTRAINT_FIELD_NUMBER: _ClassVar[int]
    NOISE_PARAM_FIELD_NUMBER: _ClassVar[int]
    GEOMETRY_PARAM_FIELD_NUMBER: _ClassVar[int]
    ROTATE_FIELD_NUMBER: _ClassVar[int]
    CROP_H_FIELD_NUMBER: _ClassVar[int]
    CROP_W_FIELD_NUMBER: _ClassVar[int]
    CROP_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    CROP_WIDTH_FIELD_NUMBER: _ClassVar[int]
    RAND_SHIFT_FIELD_NUMBER: _ClassVar[int]
    RAND_S_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    RAND_S_WIDTH_FIELD_NUMBER: _ClassVar[int]
    RAND_NOISE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FACTORS_FIELD_NUMBER: _ClassVar[int]
    IMG_RAND_RESIZE_LOWER_FIELD_NUMBER: _ClassVar[int]
    IMG_RAND_RESIZE_UPPER_FIELD_NUMBER: _ClassVar[int]
    RAND_RESIZE_RATIO_LOWER_FIELD_NUMBER: _ClassVar[int]
    RAND_RESIZE_RATIO_UPPER_FIELD_NUMBER: _ClassVar[int]
    VERTICAL_STRETCH_LOWER_FIELD_NUMBER: _ClassVar[int]
    VERTICAL_STRETCH_UPPER_FIELD_NUMBER: _ClassVar[int]
    HORIZONTAL_STRETCH_LOWER_FIELD_NUMBER: _ClassVar[int]
    HORIZONTAL_STRETCH_UPPER_FIELD_NUMBER: _ClassVar[int]
    ALLOW_UPSCALE_FIELD_NUMBER: _ClassVar[int]
    INTERPOLATION_ALGO_DOWN_FIELD_NUMBER: _ClassVar[int]
    INTERPOLATION_ALGO_UP_FIELD_NUMBER: _ClassVar[int]
    RANDOM_RESIZE_PARAM_FIELD_NUMBER: _ClassVar[int]
    PAD_FIELD_NUMBER: _ClassVar[int]
    RESIZE_SIZE_FIELD_NUMBER: _ClassVar[int]
    RESIZE_SHORT_SIDE_MIN_FIELD_NUMBER: _ClassVar[int]
    RESIZE_SHORT_SIDE_MAX_FIELD_NUMBER: _ClassVar[int]
    MULTI_SCALE_LEVELS_FIELD_NUMBER: _ClassVar[int]
    RANDOM_ASPECT_RATIO_PARAM_FIELD_NUMBER: _ClassVar[int]
    MIN_RESIZE_FIELD_NUMBER: _ClassVar[int]
    MAX_RESIZE_FIELD_NUMBER: _ClassVar[int]
    SQUARE_RESIZE_FIELD_NUMBER: _ClassVar[int]
    FLOW_FIELD_NUMBER: _ClassVar[int]
    MULTI_SCALE_FIELD_NUMBER: _ClassVar[int]
    SCALE_RATIOS_FIELD_NUMBER: _ClassVar[int]
    MAX_DISTORT_FIELD_NUMBER: _ClassVar[int]
    FIX_CROP_FIELD_NUMBER: _ClassVar[int]
    MORE_FIX_CROP_FIELD_NUMBER: _ClassVar[int]
    IS_FLOW_FIELD_NUMBER: _ClassVar[int]
    EIGEN_VALUE_FIELD_NUMBER: _ClassVar[int]
    EIGEN_VECTOR_COMPONENT_FIELD_NUMBER: _ClassVar[int]
    RELIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    INVALID_DETECTION_MODE_FIELD_NUMBER: _ClassVar[int]
    MAX_ROTATION_ANGLE_FIELD_NUMBER: _ClassVar[int]
    MIN_SIDE_FIELD_NUMBER: _ClassVar[int]
    MIN_SIDE_MIN_FIELD_NUMBER: _ClassVar[int]
    MIN_SIDE_MAX_FIELD_NUMBER: _ClassVar[int]
    MAX_COLOR_SHIFT_FIELD_NUMBER: _ClassVar[int]
    CONTRAST_BRIGHTNESS_ADJUSTMENT_FIELD_NUMBER: _ClassVar[int]
    MIN_CONTRAST_FIELD_NUMBER: _ClassVar[int]
    MAX_CONTRAST_FIELD_NUMBER: _ClassVar[int]
    MAX_BRIGHTNESS_SHIFT_FIELD_NUMBER: _ClassVar[int]
    APPLY_PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    BGR2RGB_FIELD_NUMBER: _ClassVar[int]
    CVT_BGR2RGB_FIELD_NUMBER: _ClassVar[int]
    scale: float
    mirror: bool
    crop_size: int
    mean_file: str
    mean_value: _containers.RepeatedScalarFieldContainer[float]
    force_color: bool
    force_gray: bool
    center_crop: bool
    random_crop_on_test: bool
    caffe_yolo: bool
    resize_param: _containers.RepeatedCompositeFieldContainer[ResizeParameter]
    distort_param: DistortionParameter
    expand_param: ExpansionParameter
    emit_constraint: EmitConstraint
    noise_param: _containers.RepeatedCompositeFieldContainer[ImageNoiseParameter]
    geometry_param: GeometryParameter
    rotate: bool
    crop_h: int
    crop_w: int
    crop_height: int
    crop_width: int
    rand_shift: int
    rand_s_height: int
    rand_s_width: int
    rand_noise: int
    scale_factors: _containers.RepeatedScalarFieldContainer[float]
    img_rand_resize_lower: int
    img_rand_resize_upper: int
    rand_resize_ratio_lower: float
    rand_resize_ratio_upper: float
    vertical_stretch_lower: float
    vertical_stretch_upper: float
    horizontal_stretch_lower: float
    horizontal_stretch_upper: float
    allow_upscale: bool
    interpolation_algo_down: RandomResizeParameter.InterpolationAlgo
    interpolation_algo_up: RandomResizeParameter.InterpolationAlgo
    random_resize_param: RandomResizeParameter
    pad: int
    resize_size: int
    resize_short_side_min: int
    resize_short_side_max: int
    multi_scale_levels: _containers.RepeatedScalarFieldContainer[float]
    random_aspect_ratio_param: RandomAspectRatioParameter
    min_resize: int
    max_resize: int
    square_resize: bool
    flow: bool
    multi_scale: bool
    scale_ratios: _containers.RepeatedScalarFieldContainer[float]
    max_distort: int
    fix_crop: bool
    more_fix_crop: bool
    is_flow: bool
    eigen_value: _containers.RepeatedScalarFieldContainer[float]
    eigen_vector_component: _containers.RepeatedScalarFieldContainer[float]
    relight_filler: FillerParameter
    invalid_detection_mode: InvalidDetections.Mode
    max_rotation_angle: int
    min_side: int
    min_side_min: int
    min_side_max: int
    max_color_shift: int
    contrast_brightness_adjustment: bool
    min_contrast: float
    max_contrast: float
    max_brightness_shift: int
    apply_probability: float
    bgr2rgb: bool
    cvt_bgr2rgb: bool
    def __init__(self, scale: _Optional[float] = ..., mirror: _Optional[bool] = ..., crop_size: _Optional[int] = ..., mean_file: _Optional[str] = ..., mean_value: _Optional[_Iterable[float]] = ..., force_color: _Optional[bool] = ..., force_gray: _Optional[bool] = ..., center_crop: _Optional[bool] = ..., random_crop_on_test: _Optional[bool] = ..., caffe_yolo: _Optional[bool] = ..., resize_param: _Optional[_Iterable[_Union[ResizeParameter, _Mapping[str, object]]]] = ..., distort_param: _Optional[_Union[DistortionParameter, _Mapping[str, object]]] = ..., expand_param: _Optional[_Union[ExpansionParameter, _Mapping[str, object]]] = ..., emit_constraint: _Optional[_Union[EmitConstraint, _Mapping[str, object]]] = ..., noise_param: _Optional[_Iterable[_Union[ImageNoiseParameter, _Mapping[str, object]]]] = ..., geometry_param: _Optional[_Union[GeometryParameter, _Mapping[str, object]]] = ..., rotate: _Optional[bool] = ..., crop_h: _Optional[int] = ..., crop_w: _Optional[int] = ..., crop_height: _Optional[int] = ..., crop_width: _Optional[int] = ..., rand_shift: _Optional[int] = ..., rand_s_height: _Optional[int] = ..., rand_s_width: _Optional[int] = ..., rand_noise: _Optional[int] = ..., scale_factors: _Optional[_Iterable[float]] = ..., img_rand_resize_lower: _Optional[int] = ..., img_rand_resize_upper: _Optional[int] = ..., rand_resize_ratio_lower: _Optional[float] = ..., rand_resize_ratio_upper: _Optional[float] = ..., vertical_stretch_lower: _Optional[float] = ..., vertical_stretch_upper: _Optional[float] = ..., horizontal_stretch_lower: _Optional[float] = ..., horizontal_stretch_upper: _Optional[float] = ..., allow_upscale: _Optional[bool] = ..., interpolation_algo_down: _Optional[_Union[RandomResizeParameter.InterpolationAlgo, str]] = ..., interpolation_algo_up: _Optional[_Union[RandomResizeParameter.InterpolationAlgo, str]] = ..., random_resize_param: _Optional[_Union[RandomResizeParameter, _Mapping[str, object]]] = ..., pad: _Optional[int] = ..., resize_size: _Optional[int] = ..., resize_short_side_min: _Optional[int] = ..., resize_short_side_max: _Optional[int] = ..., multi_scale_levels: _Optional[_Iterable[float]] = ..., random_aspect_ratio_param: _Optional[_Union[RandomAspectRatioParameter, _Mapping[str, object]]] = ..., min_resize: _Optional[int] = ..., max_resize: _Optional[int] = ..., square_resize: _Optional[bool] = ..., flow: _Optional[bool] = ..., multi_scale: _Optional[bool] = ..., scale_ratios: _Optional[_Iterable[float]] = ..., max_distort: _Optional[int] = ..., fix_crop: _Optional[bool] = ..., more_fix_crop: _Optional[bool] = ..., is_flow: _Optional[bool] = ..., eigen_value: _Optional[_Iterable[float]] = ..., eigen_vector_component: _Optional[_Iterable[float]] = ..., relight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., invalid_detection_mode: _Optional[_Union[InvalidDetections.Mode, str]] = ..., max_rotation_angle: _Optional[int] = ..., min_side: _Optional[int] = ..., min_side_min: _Optional[int] = ..., min_side_max: _Optional[int] = ..., max_color_shift: _Optional[int] = ..., contrast_brightness_adjustment: _Optional[bool] = ..., min_contrast: _Optional[float] = ..., max_contrast: _Optional[float] = ..., max_brightness_shift: _Optional[int] = ..., apply_probability: _Optional[float] = ..., bgr2rgb: _Optional[bool] = ..., cvt_bgr2rgb: _Optional[bool] = ...) -> None: ...

class InputParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("shape",)
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    shape: _containers.RepeatedCompositeFieldContainer[BlobShape]
    def __init__(self, shape: _Optional[_Iterable[_Union[BlobShape, _Mapping[str, object]]]] = ...) -> None: ...

class FlowRecords(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    class RANDPERMORDER(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        FIRST_PERMUTE_THEN_RANGE: _ClassVar[FlowRecords.RANDPERMORDER]
        FIRST_RANGE_THEN_PERMUTE: _ClassVar[FlowRecords.RANDPERMORDER]
    FIRST_PERMUTE_THEN_RANGE: FlowRecords.RANDPERMORDER
    FIRST_RANGE_THEN_PERMUTE: FlowRecords.RANDPERMORDER
    class CHANNELENCODING(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        UINT8: _ClassVar[FlowRecords.CHANNELENCODING]
        UINT16FLOW: _ClassVar[FlowRecords.CHANNELENCODING]
        BOOL1: _ClassVar[FlowRecords.CHANNELENCODING]
    UINT8: FlowRecords.CHANNELENCODING
    UINT16FLOW: FlowRecords.CHANNELENCODING
    BOOL1: FlowRecords.CHANNELENCODING
    def __init__(self) -> None: ...

class DataParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("source", "batch_size", "rand_skip", "backend", "force_encoded_color", "prefetch", "shuffle", "shuffle_pool_size", "cache", "parser_threads", "get_mirror_crop", "side", "random", "selective_list", "selective_list_shuffle", "preselection_file", "preselection_label", "range_start", "range_end", "rand_permute", "rand_permute_order", "rand_permute_seed", "permute_every_iter", "block_size", "slice_point", "encoding", "subtract", "scale", "mean_file", "crop_size", "mirror")
    class DB(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        LEVELDB: _ClassVar[DataParameter.DB]
        LMDB: _ClassVar[DataParameter.DB]
    LEVELDB: DataParameter.DB
    LMDB: DataParameter.DB
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    RAND_SKIP_FIELD_NUMBER: _ClassVar[int]
    BACKEND_FIELD_NUMBER: _ClassVar[int]
    FORCE_ENCODED_COLOR_FIELD_NUMBER: _ClassVar[int]
    PREFETCH_FIELD_NUMBER: _ClassVar[int]
    SHUFFLE_FIELD_NUMBER: _ClassVar[int]
    SHUFFLE_POOL_SIZE_FIELD_NUMBER: _ClassVar[int]
    CACHE_FIELD_NUMBER: _ClassVar[int]
    PARSER_THREADS_FIELD_NUMBER: _ClassVar[int]
    GET_MIRROR_CROP_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    RANDOM_FIELD_NUMBER: _ClassVar[int]
    SELECTIVE_LIST_FIELD_NUMBER: _ClassVar[int]
    SELECTIVE_LIST_SHUFFLE_FIELD_NUMBER: _ClassVar[int]
    PRESELECTION_FILE_FIELD_NUMBER: _ClassVar[int]
    PRESELECTION_LABEL_FIELD_NUMBER: _ClassVar[int]
    RANGE_START_FIELD_NUMBER: _ClassVar[int]
    RANGE_END_FIELD_NUMBER: _ClassVar[int]
    RAND_PERMUTE_FIELD_NUMBER: _ClassVar[int]
    RAND_PERMUTE_ORDER_FIELD_NUMBER: _ClassVar[int]
    RAND_PERMUTE_SEED_FIELD_NUMBER: _ClassVar[int]
    PERMUTE_EVERY_ITER_FIELD_NUMBER: _ClassVar[int]
    BLOCK_SIZE_FIELD_NUMBER: _ClassVar[int]
    SLICE_POINT_FIELD_NUMBER: _ClassVar[int]
    ENCODING_FIELD_NUMBER: _ClassVar[int]
    SUBTRACT_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    MEAN_FILE_FIELD_NUMBER: _ClassVar[int]
    CROP_SIZE_FIELD_NUMBER: _ClassVar[int]
    MIRROR_FIELD_NUMBER: _ClassVar[int]
    source: str
    batch_size: int
    rand_skip: int
    backend: DataParameter.DB
    force_encoded_color: bool
    prefetch: int
    shuffle: bool
    shuffle_pool_size: int
    cache: bool
    parser_threads: int
    get_mirror_crop: bool
    side: _containers.RepeatedScalarFieldContainer[int]
    random: bool
    selective_list: str
    selective_list_shuffle: bool
    preselection_file: str
    preselection_label: int
    range_start: int
    range_end: int
    rand_permute: bool
    rand_permute_order: FlowRecords.RANDPERMORDER
    rand_permute_seed: int
    permute_every_iter: int
    block_size: int
    slice_point: _containers.RepeatedScalarFieldContainer[int]
    encoding: _containers.RepeatedScalarFieldContainer[FlowRecords.CHANNELENCODING]
    subtract: _containers.RepeatedScalarFieldContainer[float]
    scale: float
    mean_file: str
    crop_size: int
    mirror: bool
    def __init__(self, source: _Optional[str] = ..., batch_size: _Optional[int] = ..., rand_skip: _Optional[int] = ..., backend: _Optional[_Union[DataParameter.DB, str]] = ..., force_encoded_color: _Optional[bool] = ..., prefetch: _Optional[int] = ..., shuffle: _Optional[bool] = ..., shuffle_pool_size: _Optional[int] = ..., cache: _Optional[bool] = ..., parser_threads: _Optional[int] = ..., get_mirror_crop: _Optional[bool] = ..., side: _Optional[_Iterable[int]] = ..., random: _Optional[bool] = ..., selective_list: _Optional[str] = ..., selective_list_shuffle: _Optional[bool] = ..., preselection_file: _Optional[str] = ..., preselection_label: _Optional[int] = ..., range_start: _Optional[int] = ..., range_end: _Optional[int] = ..., rand_permute: _Optional[bool] = ..., rand_permute_order: _Optional[_Union[FlowRecords.RANDPERMORDER, str]] = ..., rand_permute_seed: _Optional[int] = ..., permute_every_iter: _Optional[int] = ..., block_size: _Optional[int] = ..., slice_point: _Optional[_Iterable[int]] = ..., encoding: _Optional[_Iterable[_Union[FlowRecords.CHANNELENCODING, str]]] = ..., subtract: _Optional[_Iterable[float]] = ..., scale: _Optional[float] = ..., mean_file: _Optional[str] = ..., crop_size: _Optional[int] = ..., mirror: _Optional[bool] = ...) -> None: ...

class WindowClsDataParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("label_dim",)
    LABEL_DIM_FIELD_NUMBER: _ClassVar[int]
    label_dim: int
    def __init__(self, label_dim: _Optional[int] = ...) -> None: ...

class SelectSegBinaryParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("cls_label_base",)
    CLS_LABEL_BASE_FIELD_NUMBER: _ClassVar[int]
    cls_label_base: int
    def __init__(self, cls_label_base: _Optional[int] = ...) -> None: ...

class SlidingWindowParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("window_h", "window_w", "stride_h", "stride_w")
    WINDOW_H_FIELD_NUMBER: _ClassVar[int]
    WINDOW_W_FIELD_NUMBER: _ClassVar[int]
    STRIDE_H_FIELD_NUMBER: _ClassVar[int]
    STRIDE_W_FIELD_NUMBER: _ClassVar[int]
    window_h: int
    window_w: int
    stride_h: int
    stride_w: int
    def __init__(self, window_h: _Optional[int] = ..., window_w: _Optional[int] = ..., stride_h: _Optional[int] = ..., stride_w: _Optional[int] = ...) -> None: ...

class PrecisionRecallParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("thresh", "ignore_label")
    THRESH_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    thresh: float
    ignore_label: int
    def __init__(self, thresh: _Optional[float] = ..., ignore_label: _Optional[int] = ...) -> None: ...

class AccumulatorLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("radius", "downsampling", "negative_ratio", "circle_ratio", "bounds_overlap")
    RADIUS_FIELD_NUMBER: _ClassVar[int]
    DOWNSAMPLING_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_RATIO_FIELD_NUMBER: _ClassVar[int]
    CIRCLE_RATIO_FIELD_NUMBER: _ClassVar[int]
    BOUNDS_OVERLAP_FIELD_NUMBER: _ClassVar[int]
    radius: int
    downsampling: int
    negative_ratio: float
    circle_ratio: float
    bounds_overlap: float
    def __init__(self, radius: _Optional[int] = ..., downsampling: _Optional[int] = ..., negative_ratio: _Optional[float] = ..., circle_ratio: _Optional[float] = ..., bounds_overlap: _Optional[float] = ...) -> None: ...

class DenseFlowLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("normalize_by_num_entries", "epsilon", "plateau")
    NORMALIZE_BY_NUM_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    PLATEAU_FIELD_NUMBER: _ClassVar[int]
    normalize_by_num_entries: bool
    epsilon: float
    plateau: float
    def __init__(self, normalize_by_num_entries: _Optional[bool] = ..., epsilon: _Optional[float] = ..., plateau: _Optional[float] = ...) -> None: ...

class MultiSoftmaxLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("learning_multiple",)
    LEARNING_MULTIPLE_FIELD_NUMBER: _ClassVar[int]
    learning_multiple: int
    def __init__(self, learning_multiple: _Optional[int] = ...) -> None: ...

class FaceImageParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("source", "batch_size", "rand_skip", "shuffle", "triplet_ver", "root_folder")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    RAND_SKIP_FIELD_NUMBER: _ClassVar[int]
    SHUFFLE_FIELD_NUMBER: _ClassVar[int]
    TRIPLET_VER_FIELD_NUMBER: _ClassVar[int]
    ROOT_FOLDER_FIELD_NUMBER: _ClassVar[int]
    source: str
    batch_size: int
    rand_skip: int
    shuffle: bool
    triplet_ver: bool
    root_folder: str
    def __init__(self, source: _Optional[str] = ..., batch_size: _Optional[int] = ..., rand_skip: _Optional[int] = ..., shuffle: _Optional[bool] = ..., triplet_ver: _Optional[bool] = ..., root_folder: _Optional[str] = ...) -> None: ...

class VideoDataParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("source", "batch_size", "rand_skip", "shuffle", "new_height", "new_width", "new_length", "num_segments", "modality", "name_pattern", "encoded", "grayscale", "length_first", "video_type", "device_id", "video_file", "skip_frames", "root_folder", "use_image", "use_temporal_jitter", "sampling_rate", "max_sampling_rate", "use_sampling_rate_jitter")
    class Modality(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        RGB: _ClassVar[VideoDataParameter.Modality]
        FLOW: _ClassVar[VideoDataParameter.Modality]
    RGB: VideoDataParameter.Modality
    FLOW: VideoDataParameter.Modality
    class VideoType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        WEBCAM: _ClassVar[VideoDataParameter.VideoType]
        VIDEO: _ClassVar[VideoDataParameter.VideoType]
        LOCAL_SOURCE: _ClassVar[VideoDataParameter.VideoType]
    WEBCAM: VideoDataParameter.VideoType
    VIDEO: VideoDataParameter.VideoType
    LOCAL_SOURCE: VideoDataParameter.VideoType
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    RAND_SKIP_FIELD_NUMBER: _ClassVar[int]
    SHUFFLE_FIELD_NUMBER: _ClassVar[int]
    NEW_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    NEW_WIDTH_FIELD_NUMBER: _ClassVar[int]
    NEW_LENGTH_FIELD_NUMBER: _ClassVar[int]
    NUM_SEGMENTS_FIELD_NUMBER: _ClassVar[int]
    MODALITY_FIELD_NUMBER: _ClassVar[int]
    NAME_PATTERN_FIELD_NUMBER: _ClassVar[int]
    ENCODED_FIELD_NUMBER: _ClassVar[int]
    GRAYSCALE_FIELD_NUMBER: _ClassVar[int]
    LENGTH_FIRST_FIELD_NUMBER: _ClassVar[int]
    VIDEO_TYPE_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    VIDEO_FILE_FIELD_NUMBER: _ClassVar[int]
    SKIP_FRAMES_FIELD_NUMBER: _ClassVar[int]
    ROOT_FOLDER_FIELD_NUMBER: _ClassVar[int]
    USE_IMAGE_FIELD_NUMBER: _ClassVar[int]
    USE_TEMPORAL_JITTER_FIELD_NUMBER: _ClassVar[int]
    SAMPLING_RATE_FIELD_NUMBER: _ClassVar[int]
    MAX_SAMPLING_RATE_FIELD_NUMBER: _ClassVar[int]
    USE_SAMPLING_RATE_JITTER_FIELD_NUMBER: _ClassVar[int]
    source: str
    batch_size: int
    rand_skip: int
    shuffle: bool
    new_height: int
    new_width: int
    new_length: int
    num_segments: int
    modality: VideoDataParameter.Modality
    name_pattern: str
    encoded: bool
    grayscale: bool
    length_first: bool
    video_type: VideoDataParameter.VideoType
    device_id: int
    video_file: str
    skip_frames: int
    root_folder: str
    use_image: bool
    use_temporal_jitter: bool
    sampling_rate: int
    max_sampling_rate: int
    use_sampling_rate_jitter: bool
    def __init__(self, source: _Optional[str] = ..., batch_size: _Optional[int] = ..., rand_skip: _Optional[int] = ..., shuffle: _Optional[bool] = ..., new_height: _Optional[int] = ..., new_width: _Optional[int] = ..., new_length: _Optional[int] = ..., num_segments: _Optional[int] = ..., modality: _Optional[_Union[VideoDataParameter.Modality, str]] = ..., name_pattern: _Optional[str] = ..., encoded: _Optional[bool] = ..., grayscale: _Optional[bool] = ..., length_first: _Optional[bool] = ..., video_type: _Optional[_Union[VideoDataParameter.VideoType, str]] = ..., device_id: _Optional[int] = ..., video_file: _Optional[str] = ..., skip_frames: _Optional[int] = ..., root_folder: _Optional[str] = ..., use_image: _Optional[bool] = ..., use_temporal_jitter: _Optional[bool] = ..., sampling_rate: _Optional[int] = ..., max_sampling_rate: _Optional[int] = ..., use_sampling_rate_jitter: _Optional[bool] = ...) -> None: ...

class SparseDataParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("source", "batch_size", "rand_skip", "backend")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    RAND_SKIP_FIELD_NUMBER: _ClassVar[int]
    BACKEND_FIELD_NUMBER: _ClassVar[int]
    source: str
    batch_size: int
    rand_skip: int
    backend: DataParameter.DB
    def __init__(self, source: _Optional[str] = ..., batch_size: _Optional[int] = ..., rand_skip: _Optional[int] = ..., backend: _Optional[_Union[DataParameter.DB, str]] = ...) -> None: ...

class DataVariableSizeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("source", "batch_size", "max_pixel_num", "rand_skip", "backend", "selective_list", "selective_list_shuffle")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    MAX_PIXEL_NUM_FIELD_NUMBER: _ClassVar[int]
    RAND_SKIP_FIELD_NUMBER: _ClassVar[int]
    BACKEND_FIELD_NUMBER: _ClassVar[int]
    SELECTIVE_LIST_FIELD_NUMBER: _ClassVar[int]
    SELECTIVE_LIST_SHUFFLE_FIELD_NUMBER: _ClassVar[int]
    source: str
    batch_size: int
    max_pixel_num: int
    rand_skip: int
    backend: DataParameter.DB
    selective_list: str
    selective_list_shuffle: bool
    def __init__(self, source: _Optional[str] = ..., batch_size: _Optional[int] = ..., max_pixel_num: _Optional[int] = ..., rand_skip: _Optional[int] = ..., backend: _Optional[_Union[DataParameter.DB, str]] = ..., selective_list: _Optional[str] = ..., selective_list_shuffle: _Optional[bool] = ...) -> None: ...

class SpatialAccuracyParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("top_k", "spatial_subsample_height_factor", "spatial_subsample_width_factor")
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_SUBSAMPLE_HEIGHT_FACTOR_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_SUBSAMPLE_WIDTH_FACTOR_FIELD_NUMBER: _ClassVar[int]
    top_k: int
    spatial_subsample_height_factor: int
    spatial_subsample_width_factor: int
    def __init__(self, top_k: _Optional[int] = ..., spatial_subsample_height_factor: _Optional[int] = ..., spatial_subsample_width_factor: _Optional[int] = ...) -> None: ...

class SparseDatum(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("size", "nn", "indices", "label", "data")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    NN_FIELD_NUMBER: _ClassVar[int]
    INDICES_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    size: int
    nn: int
    indices: _containers.RepeatedScalarFieldContainer[int]
    label: int
    data: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, size: _Optional[int] = ..., nn: _Optional[int] = ..., indices: _Optional[_Iterable[int]] = ..., label: _Optional[int] = ..., data: _Optional[_Iterable[float]] = ...) -> None: ...

class SparseDatumOfFloat(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("size", "nn", "indices", "label", "data")
    SIZE_FIELD_NUMBER: _ClassVar[int]
    NN_FIELD_NUMBER: _ClassVar[int]
    INDICES_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    DATA_FIELD_NUMBER: _ClassVar[int]
    size: int
    nn: int
    indices: _containers.RepeatedScalarFieldContainer[int]
    label: float
    data: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, size: _Optional[int] = ..., nn: _Optional[int] = ..., indices: _Optional[_Iterable[int]] = ..., label: _Optional[float] = ..., data: _Optional[_Iterable[float]] = ...) -> None: ...

class ImageDataParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("source", "batch_size", "rand_skip", "shuffle", "new_height", "new_width", "is_color", "root_folder", "cat_per_iter", "ignore_label", "label_type", "num_label_chn", "min_height", "min_width", "new_dim", "bicubic", "label_num", "num_of_labels", "num_labels", "pair_size", "use_gps", "target", "raw_hdf5", "sample_num", "probability", "min_aspect_ratio", "max_aspect_ratio", "lower", "higher", "scale", "mean_file", "crop_size", "mirror", "short_side")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    RAND_SKIP_FIELD_NUMBER: _ClassVar[int]
    SHUFFLE_FIELD_NUMBER: _ClassVar[int]
    NEW_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    NEW_WIDTH_FIELD_NUMBER: _ClassVar[int]
    IS_COLOR_FIELD_NUMBER: _ClassVar[int]
    ROOT_FOLDER_FIELD_NUMBER: _ClassVar[int]
    CAT_PER_ITER_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    LABEL_TYPE_FIELD_NUMBER: _ClassVar[int]
    NUM_LABEL_CHN_FIELD_NUMBER: _ClassVar[int]
    MIN_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    MIN_WIDTH_FIELD_NUMBER: _ClassVar[int]
    NEW_DIM_FIELD_NUMBER: _ClassVar[int]
    BICUBIC_FIELD_NUMBER: _ClassVar[int]
    LABEL_NUM_FIELD_NUMBER: _ClassVar[int]
    NUM_OF_LABELS_FIELD_NUMBER: _ClassVar[int]
    NUM_LABELS_FIELD_NUMBER: _ClassVar[int]
    PAIR_SIZE_FIELD_NUMBER: _ClassVar[int]
    USE_GPS_FIELD_NUMBER: _ClassVar[int]
    TARGET_FIELD_NUMBER: _ClassVar[int]
    RAW_HDF5_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_NUM_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    MIN_ASPECT_RATIO_FIELD_NUMBER: _ClassVar[int]
    MAX_ASPECT_RATIO_FIELD_NUMBER: _ClassVar[int]
    LOWER_FIELD_NUMBER: _ClassVar[int]
    HIGHER_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    MEAN_FILE_FIELD_NUMBER: _ClassVar[int]
    CROP_SIZE_FIELD_NUMBER: _ClassVar[int]
    MIRROR_FIELD_NUMBER: _ClassVar[int]
    SHORT_SIDE_FIELD_NUMBER: _ClassVar[int]
    source: str
    batch_size: int
    rand_skip: int
    shuffle: bool
    new_height: int
    new_width: int
    is_color: bool
    root_folder: str
    cat_per_iter: int
    ignore_label: int
    label_type: ImageSegLabels.LabelType
    num_label_chn: int
    min_height: int
    min_width: int
    new_dim: int
    bicubic: bool
    label_num: int
    num_of_labels: int
    num_labels: int
    pair_size: int
    use_gps: bool
    target: str
    raw_hdf5: bool
    sample_num: int
    probability: float
    min_aspect_ratio: float
    max_aspect_ratio: float
    lower: float
    higher: float
    scale: float
    mean_file: str
    crop_size: int
    mirror: bool
    short_side: int
    def __init__(self, source: _Optional[str] = ..., batch_size: _Optional[int] = ..., rand_skip: _Optional[int] = ..., shuffle: _Optional[bool] = ..., new_height: _Optional[int] = ..., new_width: _Optional[int] = ..., is_color: _Optional[bool] = ..., root_folder: _Optional[str] = ..., cat_per_iter: _Optional[int] = ..., ignore_label: _Optional[int] = ..., label_type: _Optional[_Union[ImageSegLabels.LabelType, str]] = ..., num_label_chn: _Optional[int] = ..., min_height: _Optional[int] = ..., min_width: _Optional[int] = ..., new_dim: _Optional[int] = ..., bicubic: _Optional[bool] = ..., label_num: _Optional[int] = ..., num_of_labels: _Optional[int] = ..., num_labels: _Optional[int] = ..., pair_size: _Optional[int] = ..., use_gps: _Optional[bool] = ..., target: _Optional[str] = ..., raw_hdf5: _Optional[bool] = ..., sample_num: _Optional[int] = ..., probability: _Optional[float] = ..., min_aspect_ratio: _Optional[float] = ..., max_aspect_ratio: _Optional[float] = ..., lower: _Optional[float] = ..., higher: _Optional[float] = ..., scale: _Optional[float] = ..., mean_file: _Optional[str] = ..., crop_size: _Optional[int] = ..., mirror: _Optional[bool] = ..., short_side: _Optional[int] = ...) -> None: ...

class HDF5DataParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("source", "batch_size", "shuffle", "mean_value", "scale", "mirror")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    SHUFFLE_FIELD_NUMBER: _ClassVar[int]
    MEAN_VALUE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    MIRROR_FIELD_NUMBER: _ClassVar[int]
    source: str
    batch_size: int
    shuffle: bool
    mean_value: _containers.RepeatedScalarFieldContainer[float]
    scale: float
    mirror: bool
    def __init__(self, source: _Optional[str] = ..., batch_size: _Optional[int] = ..., shuffle: _Optional[bool] = ..., mean_value: _Optional[_Iterable[float]] = ..., scale: _Optional[float] = ..., mirror: _Optional[bool] = ...) -> None: ...

class HDF5OutputParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("file_name",)
    FILE_NAME_FIELD_NUMBER: _ClassVar[int]
    file_name: str
    def __init__(self, file_name: _Optional[str] = ...) -> None: ...

class MemoryDataParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("batch_size", "channels", "height", "width", "source", "dim")
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    DIM_FIELD_NUMBER: _ClassVar[int]
    batch_size: int
    channels: int
    height: int
    width: int
    source: str
    dim: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, batch_size: _Optional[int] = ..., channels: _Optional[int] = ..., height: _Optional[int] = ..., width: _Optional[int] = ..., source: _Optional[str] = ..., dim: _Optional[_Iterable[int]] = ...) -> None: ...

class AffinityParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("offset",)
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    offset: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, offset: _Optional[_Iterable[int]] = ...) -> None: ...

class MergeCropParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("operation", "forward", "backward")
    class MergeOp(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        STACK: _ClassVar[MergeCropParameter.MergeOp]
        ADD: _ClassVar[MergeCropParameter.MergeOp]
    STACK: MergeCropParameter.MergeOp
    ADD: MergeCropParameter.MergeOp
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    FORWARD_FIELD_NUMBER: _ClassVar[int]
    BACKWARD_FIELD_NUMBER: _ClassVar[int]
    operation: MergeCropParameter.MergeOp
    forward: _containers.RepeatedScalarFieldContainer[bool]
    backward: _containers.RepeatedScalarFieldContainer[bool]
    def __init__(self, operation: _Optional[_Union[MergeCropParameter.MergeOp, str]] = ..., forward: _Optional[_Iterable[bool]] = ..., backward: _Optional[_Iterable[bool]] = ...) -> None: ...

class DummyDataParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("data_filler", "shape", "num", "channels", "height", "width")
    DATA_FILLER_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    NUM_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    data_filler: _containers.RepeatedCompositeFieldContainer[FillerParameter]
    shape: _containers.RepeatedCompositeFieldContainer[BlobShape]
    num: _containers.RepeatedScalarFieldContainer[int]
    channels: _containers.RepeatedScalarFieldContainer[int]
    height: _containers.RepeatedScalarFieldContainer[int]
    width: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, data_filler: _Optional[_Iterable[_Union[FillerParameter, _Mapping[str, object]]]] = ..., shape: _Optional[_Iterable[_Union[BlobShape, _Mapping[str, object]]]] = ..., num: _Optional[_Iterable[int]] = ..., channels: _Optional[_Iterable[int]] = ..., height: _Optional[_Iterable[int]] = ..., width: _Optional[_Iterable[int]] = ...) -> None: ...

class WindowDataParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("source", "batch_size", "fg_threshold", "bg_threshold", "fg_fraction", "context_pad", "crop_mode", "cache_images", "root_folder", "scale", "mean_file", "crop_size", "mirror")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    FG_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    BG_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    FG_FRACTION_FIELD_NUMBER: _ClassVar[int]
    CONTEXT_PAD_FIELD_NUMBER: _ClassVar[int]
    CROP_MODE_FIELD_NUMBER: _ClassVar[int]
    CACHE_IMAGES_FIELD_NUMBER: _ClassVar[int]
    ROOT_FOLDER_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    MEAN_FILE_FIELD_NUMBER: _ClassVar[int]
    CROP_SIZE_FIELD_NUMBER: _ClassVar[int]
    MIRROR_FIELD_NUMBER: _ClassVar[int]
    source: str
    batch_size: int
    fg_threshold: float
    bg_threshold: float
    fg_fraction: float
    context_pad: int
    crop_mode: str
    cache_images: bool
    root_folder: str
    scale: float
    mean_file: str
    crop_size: int
    mirror: bool
    def __init__(self, source: _Optional[str] = ..., batch_size: _Optional[int] = ..., fg_threshold: _Optional[float] = ..., bg_threshold: _Optional[float] = ..., fg_fraction: _Optional[float] = ..., context_pad: _Optional[int] = ..., crop_mode: _Optional[str] = ..., cache_images: _Optional[bool] = ..., root_folder: _Optional[str] = ..., scale: _Optional[float] = ..., mean_file: _Optional[str] = ..., crop_size: _Optional[int] = ..., mirror: _Optional[bool] = ...) -> None: ...

class DenseImageDataParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("source", "batch_size", "rand_skip", "shuffle", "new_height", "new_width", "is_color", "mean_file", "root_folder", "mirror", "crop_width", "crop_height", "label_divide_factor", "rotate")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    RAND_SKIP_FIELD_NUMBER: _ClassVar[int]
    SHUFFLE_FIELD_NUMBER: _ClassVar[int]
    NEW_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    NEW_WIDTH_FIELD_NUMBER: _ClassVar[int]
    IS_COLOR_FIELD_NUMBER: _ClassVar[int]
    MEAN_FILE_FIELD_NUMBER: _ClassVar[int]
    ROOT_FOLDER_FIELD_NUMBER: _ClassVar[int]
    MIRROR_FIELD_NUMBER: _ClassVar[int]
    CROP_WIDTH_FIELD_NUMBER: _ClassVar[int]
    CROP_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    LABEL_DIVIDE_FACTOR_FIELD_NUMBER: _ClassVar[int]
    ROTATE_FIELD_NUMBER: _ClassVar[int]
    source: str
    batch_size: int
    rand_skip: int
    shuffle: bool
    new_height: int
    new_width: int
    is_color: bool
    mean_file: str
    root_folder: str
    mirror: bool
    crop_width: int
    crop_height: int
    label_divide_factor: int
    rotate: bool
    def __init__(self, source: _Optional[str] = ..., batch_size: _Optional[int] = ..., rand_skip: _Optional[int] = ..., shuffle: _Optional[bool] = ..., new_height: _Optional[int] = ..., new_width: _Optional[int] = ..., is_color: _Optional[bool] = ..., mean_file: _Optional[str] = ..., root_folder: _Optional[str] = ..., mirror: _Optional[bool] = ..., crop_width: _Optional[int] = ..., crop_height: _Optional[int] = ..., label_divide_factor: _Optional[int] = ..., rotate: _Optional[bool] = ...) -> None: ...

class ImageLabelDataParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("image_list_path", "label_list_path", "batch_size", "rand_skip", "shuffle", "backend", "threads", "data_dir", "image_dir", "label_dir", "size_min", "size_max", "scale_prob", "scale_min", "scale_max", "padding", "label_slice", "check_image_files", "hsv_noise", "h_noise", "s_noise", "v_noise", "random_gaussian_blur", "blur_probability", "min_kernel_size", "max_kernel_size", "min_sigma_x", "max_sigma_x", "min_sigma_y", "max_sigma_y", "rand_scale", "min_scale", "max_scale", "pad_centre", "random_rotate", "max_rotation_angle", "min_rotation_angle", "num_channels", "filename_to_idx", "label_space", "ignore_first_channel_for_classification", "make_transform_independent_classification_gt", "box_dir", "box_extension", "filename_in_idx", "init_num_dets", "max_num_dets_allowed", "random_box_perturb", "box_perturb_max_scale_percent", "box_perturb_max_translate_percent")
    class Padding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        ZERO: _ClassVar[ImageLabelDataParameter.Padding]
        REFLECT: _ClassVar[ImageLabelDataParameter.Padding]
    ZERO: ImageLabelDataParameter.Padding
    REFLECT: ImageLabelDataParameter.Padding
    IMAGE_LIST_PATH_FIELD_NUMBER: _ClassVar[int]
    LABEL_LIST_PATH_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    RAND_SKIP_FIELD_NUMBER: _ClassVar[int]
    SHUFFLE_FIELD_NUMBER: _ClassVar[int]
    BACKEND_FIELD_NUMBER: _ClassVar[int]
    THREADS_FIELD_NUMBER: _ClassVar[int]
    DATA_DIR_FIELD_NUMBER: _ClassVar[int]
    IMAGE_DIR_FIELD_NUMBER: _ClassVar[int]
    LABEL_DIR_FIELD_NUMBER: _ClassVar[int]
    SIZE_MIN_FIELD_NUMBER: _ClassVar[int]
    SIZE_MAX_FIELD_NUMBER: _ClassVar[int]
    SCALE_PROB_FIELD_NUMBER: _ClassVar[int]
    SCALE_MIN_FIELD_NUMBER: _ClassVar[int]
    SCALE_MAX_FIELD_NUMBER: _ClassVar[int]
    PADDING_FIELD_NUMBER: _ClassVar[int]
    LABEL_SLICE_FIELD_NUMBER: _ClassVar[int]
    CHECK_IMAGE_FILES_FIELD_NUMBER: _ClassVar[int]
    HSV_NOISE_FIELD_NUMBER: _ClassVar[int]
    H_NOISE_FIELD_NUMBER: _ClassVar[int]
    S_NOISE_FIELD_NUMBER: _ClassVar[int]
    V_NOISE_FIELD_NUMBER: _ClassVar[int]
    RANDOM_GAUSSIAN_BLUR_FIELD_NUMBER: _ClassVar[int]
    BLUR_PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    MIN_KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    MAX_KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    MIN_SIGMA_X_FIELD_NUMBER: _ClassVar[int]
    MAX_SIGMA_X_FIELD_NUMBER: _ClassVar[int]
    MIN_SIGMA_Y_FIELD_NUMBER: _ClassVar[int]
    MAX_SIGMA_Y_FIELD_NUMBER: _ClassVar[int]
    RAND_SCALE_FIELD_NUMBER: _ClassVar[int]
    MIN_SCALE_FIELD_NUMBER: _ClassVar[int]
    MAX_SCALE_FIELD_NUMBER: _ClassVar[int]
    PAD_CENTRE_FIELD_NUMBER: _ClassVar[int]
    RANDOM_ROTATE_FIELD_NUMBER: _ClassVar[int]
    MAX_ROTATION_ANGLE_FIELD_NUMBER: _ClassVar[int]
    MIN_ROTATION_ANGLE_FIELD_NUMBER: _ClassVar[int]
    NUM_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    FILENAME_TO_IDX_FIELD_NUMBER: _ClassVar[int]
    LABEL_SPACE_FIELD_NUMBER: _ClassVar[int]
    IGNORE_FIRST_CHANNEL_FOR_CLASSIFICATION_FIELD_NUMBER: _ClassVar[int]
    MAKE_TRANSFORM_INDEPENDENT_CLASSIFICATION_GT_FIELD_NUMBER: _ClassVar[int]
    BOX_DIR_FIELD_NUMBER: _ClassVar[int]
    BOX_EXTENSION_FIELD_NUMBER: _ClassVar[int]
    FILENAME_IN_IDX_FIELD_NUMBER: _ClassVar[int]
    INIT_NUM_DETS_FIELD_NUMBER: _ClassVar[int]
    MAX_NUM_DETS_ALLOWED_FIELD_NUMBER: _ClassVar[int]
    RANDOM_BOX_PERTURB_FIELD_NUMBER: _ClassVar[int]
    BOX_PERTURB_MAX_SCALE_PERCENT_FIELD_NUMBER: _ClassVar[int]
    BOX_PERTURB_MAX_TRANSLATE_PERCENT_FIELD_NUMBER: _ClassVar[int]
    image_list_path: str
    label_list_path: str
    batch_size: int
    rand_skip: int
    shuffle: bool
    backend: DataParameter.DB
    threads: int
    data_dir: str
    image_dir: str
    label_dir: str
    size_min: int
    size_max: int
    scale_prob: float
    scale_min: float
    scale_max: float
    padding: ImageLabelDataParameter.Padding
    label_slice: LabelSlice
    check_image_files: bool
    hsv_noise: bool
    h_noise: int
    s_noise: int
    v_noise: int
    random_gaussian_blur: bool
    blur_probability: float
    min_kernel_size: int
    max_kernel_size: int
    min_sigma_x: float
    max_sigma_x: float
    min_sigma_y: float
    max_sigma_y: float
    rand_scale: bool
    min_scale: float
    max_scale: float
    pad_centre: bool
    random_rotate: bool
    max_rotation_angle: int
    min_rotation_angle: int
    num_channels: int
    filename_to_idx: bool
    label_space: int
    ignore_first_channel_for_classification: bool
    make_transform_independent_classification_gt: bool
    box_dir: str
    box_extension: str
    filename_in_idx: bool
    init_num_dets: int
    max_num_dets_allowed: int
    random_box_perturb: bool
    box_perturb_max_scale_percent: float
    box_perturb_max_translate_percent: float
    def __init__(self, image_list_path: _Optional[str] = ..., label_list_path: _Optional[str] = ..., batch_size: _Optional[int] = ..., rand_skip: _Optional[int] = ..., shuffle: _Optional[bool] = ..., backend: _Optional[_Union[DataParameter.DB, str]] = ..., threads: _Optional[int] = ..., data_dir: _Optional[str] = ..., image_dir: _Optional[str] = ..., label_dir: _Optional[str] = ..., size_min: _Optional[int] = ..., size_max: _Optional[int] = ..., scale_prob: _Optional[float] = ..., scale_min: _Optional[float] = ..., scale_max: _Optional[float] = ..., padding: _Optional[_Union[ImageLabelDataParameter.Padding, str]] = ..., label_slice: _Optional[_Union[LabelSlice, _Mapping[str, object]]] = ..., check_image_files: _Optional[bool] = ..., hsv_noise: _Optional[bool] = ..., h_noise: _Optional[int] = ..., s_noise: _Optional[int] = ..., v_noise: _Optional[int] = ..., random_gaussian_blur: _Optional[bool] = ..., blur_probability: _Optional[float] = ..., min_kernel_size: _Optional[int] = ..., max_kernel_size: _Optional[int] = ..., min_sigma_x: _Optional[float] = ..., max_sigma_x: _Optional[float] = ..., min_sigma_y: _Optional[float] = ..., max_sigma_y: _Optional[float] = ..., rand_scale: _Optional[bool] = ..., min_scale: _Optional[float] = ..., max_scale: _Optional[float] = ..., pad_centre: _Optional[bool] = ..., random_rotate: _Optional[bool] = ..., max_rotation_angle: _Optional[int] = ..., min_rotation_angle: _Optional[int] = ..., num_channels: _Optional[int] = ..., filename_to_idx: _Optional[bool] = ..., label_space: _Optional[int] = ..., ignore_first_channel_for_classification: _Optional[bool] = ..., make_transform_independent_classification_gt: _Optional[bool] = ..., box_dir: _Optional[str] = ..., box_extension: _Optional[str] = ..., filename_in_idx: _Optional[bool] = ..., init_num_dets: _Optional[int] = ..., max_num_dets_allowed: _Optional[int] = ..., random_box_perturb: _Optional[bool] = ..., box_perturb_max_scale_percent: _Optional[float] = ..., box_perturb_max_translate_percent: _Optional[float] = ...) -> None: ...

class InvalidDetections(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    class Mode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        REMOVE: _ClassVar[InvalidDetections.Mode]
        ZERO_OUT: _ClassVar[InvalidDetections.Mode]
    REMOVE: InvalidDetections.Mode
    ZERO_OUT: InvalidDetections.Mode
    def __init__(self) -> None: ...

class LabelSlice(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("dim", "stride", "offset")
    DIM_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    dim: _containers.RepeatedScalarFieldContainer[int]
    stride: _containers.RepeatedScalarFieldContainer[int]
    offset: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, dim: _Optional[_Iterable[int]] = ..., stride: _Optional[_Iterable[int]] = ..., offset: _Optional[_Iterable[int]] = ...) -> None: ...

class ImageSegLabels(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    class LabelType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        NONE: _ClassVar[ImageSegLabels.LabelType]
        IMAGE: _ClassVar[ImageSegLabels.LabelType]
        PIXEL: _ClassVar[ImageSegLabels.LabelType]
        PIXELML: _ClassVar[ImageSegLabels.LabelType]
    NONE: ImageSegLabels.LabelType
    IMAGE: ImageSegLabels.LabelType
    PIXEL: ImageSegLabels.LabelType
    PIXELML: ImageSegLabels.LabelType
    def __init__(self) -> None: ...

class CPMTransformationParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("stride", "crop_size_x", "crop_size_y", "target_dist", "scale_prob", "scale_min", "scale_max", "max_rotate_degree", "center_perterb_max", "flip_prob", "sigma", "sigma_center", "num_parts", "np_in_lmdb", "transform_body_joint", "do_clahe", "gray", "aug_way", "pose_machine", "scale", "mirror", "crop_size", "mean_file", "mean_value", "scale_cvg", "max_cvg_len", "min_cvg_len", "opaque_coverage", "coverage", "visualize", "bbox_norm_factor", "img_header", "force_color", "force_gray", "clahe_tile_size", "clahe_clip_limit", "num_total_augs")
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    CROP_SIZE_X_FIELD_NUMBER: _ClassVar[int]
    CROP_SIZE_Y_FIELD_NUMBER: _ClassVar[int]
    TARGET_DIST_FIELD_NUMBER: _ClassVar[int]
    SCALE_PROB_FIELD_NUMBER: _ClassVar[int]
    SCALE_MIN_FIELD_NUMBER: _ClassVar[int]
    SCALE_MAX_FIELD_NUMBER: _ClassVar[int]
    MAX_ROTATE_DEGREE_FIELD_NUMBER: _ClassVar[int]
    CENTER_PERTERB_MAX_FIELD_NUMBER: _ClassVar[int]
    FLIP_PROB_FIELD_NUMBER: _ClassVar[int]
    SIGMA_FIELD_NUMBER: _ClassVar[int]
    SIGMA_CENTER_FIELD_NUMBER: _ClassVar[int]
    NUM_PARTS_FIELD_NUMBER: _ClassVar[int]
    NP_IN_LMDB_FIELD_NUMBER: _ClassVar[int]
    TRANSFORM_BODY_JOINT_FIELD_NUMBER: _ClassVar[int]
    DO_CLAHE_FIELD_NUMBER: _ClassVar[int]
    GRAY_FIELD_NUMBER: _ClassVar[int]
    AUG_WAY_FIELD_NUMBER: _ClassVar[int]
    POSE_MACHINE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    MIRROR_FIELD_NUMBER: _ClassVar[int]
    CROP_SIZE_FIELD_NUMBER: _ClassVar[int]
    MEAN_FILE_FIELD_NUMBER: _ClassVar[int]
    MEAN_VALUE_FIELD_NUMBER: _ClassVar[int]
    SCALE_CVG_FIELD_NUMBER: _ClassVar[int]
    MAX_CVG_LEN_FIELD_NUMBER: _ClassVar[int]
    MIN_CVG_LEN_FIELD_NUMBER: _ClassVar[int]
    OPAQUE_COVERAGE_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_FIELD_NUMBER: _ClassVar[int]
    VISUALIZE_FIELD_NUMBER: _ClassVar[int]
    BBOX_NORM_FACTOR_FIELD_NUMBER: _ClassVar[int]
    IMG_HEADER_FIELD_NUMBER: _ClassVar[int]
    FORCE_COLOR_FIELD_NUMBER: _ClassVar[int]
    FORCE_GRAY_FIELD_NUMBER: _ClassVar[int]
    CLAHE_TILE_SIZE_FIELD_NUMBER: _ClassVar[int]
    CLAHE_CLIP_LIMIT_FIELD_NUMBER: _ClassVar[int]
    NUM_TOTAL_AUGS_FIELD_NUMBER: _ClassVar[int]
    stride: int
    crop_size_x: int
    crop_size_y: int
    target_dist: float
    scale_prob: float
    scale_min: float
    scale_max: float
    max_rotate_degree: float
    center_perterb_max: float
    flip_prob: float
    sigma: float
    sigma_center: float
    num_parts: int
    np_in_lmdb: int
    transform_body_joint: bool
    do_clahe: bool
    gray: int
    aug_way: str
    pose_machine: bool
    scale: float
    mirror: bool
    crop_size: int
    mean_file: str
    mean_value: _containers.RepeatedScalarFieldContainer[float]
    scale_cvg: float
    max_cvg_len: int
    min_cvg_len: int
    opaque_coverage: bool
    coverage: str
    visualize: bool
    bbox_norm_factor: float
    img_header: str
    force_color: bool
    force_gray: bool
    clahe_tile_size: float
    clahe_clip_limit: float
    num_total_augs: int
    def __init__(self, stride: _Optional[int] = ..., crop_size_x: _Optional[int] = ..., crop_size_y: _Optional[int] = ..., target_dist: _Optional[float] = ..., scale_prob: _Optional[float] = ..., scale_min: _Optional[float] = ..., scale_max: _Optional[float] = ..., max_rotate_degree: _Optional[float] = ..., center_perterb_max: _Optional[float] = ..., flip_prob: _Optional[float] = ..., sigma: _Optional[float] = ..., sigma_center: _Optional[float] = ..., num_parts: _Optional[int] = ..., np_in_lmdb: _Optional[int] = ..., transform_body_joint: _Optional[bool] = ..., do_clahe: _Optional[bool] = ..., gray: _Optional[int] = ..., aug_way: _Optional[str] = ..., pose_machine: _Optional[bool] = ..., scale: _Optional[float] = ..., mirror: _Optional[bool] = ..., crop_size: _Optional[int] = ..., mean_file: _Optional[str] = ..., mean_value: _Optional[_Iterable[float]] = ..., scale_cvg: _Optional[float] = ..., max_cvg_len: _Optional[int] = ..., min_cvg_len: _Optional[int] = ..., opaque_coverage: _Optional[bool] = ..., coverage: _Optional[str] = ..., visualize: _Optional[bool] = ..., bbox_norm_factor: _Optional[float] = ..., img_header: _Optional[str] = ..., force_color: _Optional[bool] = ..., force_gray: _Optional[bool] = ..., clahe_tile_size: _Optional[float] = ..., clahe_clip_limit: _Optional[float] = ..., num_total_augs: _Optional[int] = ...) -> None: ...

class RandomResizeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("min_size", "max_size", "resize_param")
    class InterpolationAlgo(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        INTER_NEAREST: _ClassVar[RandomResizeParameter.InterpolationAlgo]
        INTER_LINEAR: _ClassVar[RandomResizeParameter.InterpolationAlgo]
        INTER_CUBIC: _ClassVar[RandomResizeParameter.InterpolationAlgo]
        INTER_AREA: _ClassVar[RandomResizeParameter.InterpolationAlgo]
    INTER_NEAREST: RandomResizeParameter.InterpolationAlgo
    INTER_LINEAR: RandomResizeParameter.InterpolationAlgo
    INTER_CUBIC: RandomResizeParameter.InterpolationAlgo
    INTER_AREA: RandomResizeParameter.InterpolationAlgo
    MIN_SIZE_FIELD_NUMBER: _ClassVar[int]
    MAX_SIZE_FIELD_NUMBER: _ClassVar[int]
    RESIZE_PARAM_FIELD_NUMBER: _ClassVar[int]
    min_size: int
    max_size: int
    resize_param: ResizeParameter
    def __init__(self, min_size: _Optional[int] = ..., max_size: _Optional[int] = ..., resize_param: _Optional[_Union[ResizeParameter, _Mapping[str, object]]] = ...) -> None: ...

class RandomAspectRatioParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("min_area_ratio", "max_area_ratio", "aspect_ratio_change", "max_attempt", "resize_param")
    MIN_AREA_RATIO_FIELD_NUMBER: _ClassVar[int]
    MAX_AREA_RATIO_FIELD_NUMBER: _ClassVar[int]
    ASPECT_RATIO_CHANGE_FIELD_NUMBER: _ClassVar[int]
    MAX_ATTEMPT_FIELD_NUMBER: _ClassVar[int]
    RESIZE_PARAM_FIELD_NUMBER: _ClassVar[int]
    min_area_ratio: float
    max_area_ratio: float
    aspect_ratio_change: float
    max_attempt: int
    resize_param: ResizeParameter
    def __init__(self, min_area_ratio: _Optional[float] = ..., max_area_ratio: _Optional[float] = ..., aspect_ratio_change: _Optional[float] = ..., max_attempt: _Optional[int] = ..., resize_param: _Optional[_Union[ResizeParameter, _Mapping[str, object]]] = ...) -> None: ...

class ParameterParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("shape", "blob_filler")
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    BLOB_FILLER_FIELD_NUMBER: _ClassVar[int]
    shape: BlobShape
    blob_filler: FillerParameter
    def __init__(self, shape: _Optional[_Union[BlobShape, _Mapping[str, object]]] = ..., blob_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ...) -> None: ...

class ConvolutionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "bias_term", "pad", "kernel_size", "stride", "dilation", "pad_h", "pad_w", "pad_l", "pad_r", "pad_t", "pad_b", "pad_type", "kernel_h", "kernel_w", "stride_h", "stride_w", "group", "weight_filler", "bias_filler", "engine", "axis", "force_nd_im2col", "kernel_depth", "temporal_stride", "temporal_pad", "filter_group", "kernel_d", "stride_d", "pad_d", "kstride_h", "kstride_w", "kstride_d", "num_conv_partition", "bottom_is_im2col", "constrain", "group_in", "group_out", "dilation_from_bottom", "submanifold_sparse", "output_pad", "fuse_type", "relu_param", "sq", "ratio", "relu", "negative_slope", "fusion_type", "coeff")
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[ConvolutionParameter.Engine]
        CAFFE: _ClassVar[ConvolutionParameter.Engine]
        CUDNN: _ClassVar[ConvolutionParameter.Engine]
    DEFAULT: ConvolutionParameter.Engine
    CAFFE: ConvolutionParameter.Engine
    CUDNN: ConvolutionParameter.Engine
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    PAD_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    DILATION_FIELD_NUMBER: _ClassVar[int]
    PAD_H_FIELD_NUMBER: _ClassVar[int]
    PAD_W_FIELD_NUMBER: _ClassVar[int]
    PAD_L_FIELD_NUMBER: _ClassVar[int]
    PAD_R_FIELD_NUMBER: _ClassVar[int]
    PAD_T_FIELD_NUMBER: _ClassVar[int]
    PAD_B_FIELD_NUMBER: _ClassVar[int]
    PAD_TYPE_FIELD_NUMBER: _ClassVar[int]
    KERNEL_H_FIELD_NUMBER: _ClassVar[int]
    KERNEL_W_FIELD_NUMBER: _ClassVar[int]
    STRIDE_H_FIELD_NUMBER: _ClassVar[int]
    STRIDE_W_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    FORCE_ND_IM2COL_FIELD_NUMBER: _ClassVar[int]
    KERNEL_DEPTH_FIELD_NUMBER: _ClassVar[int]
    TEMPORAL_STRIDE_FIELD_NUMBER: _ClassVar[int]
    TEMPORAL_PAD_FIELD_NUMBER: _ClassVar[int]
    FILTER_GROUP_FIELD_NUMBER: _ClassVar[int]
    KERNEL_D_FIELD_NUMBER: _ClassVar[int]
    STRIDE_D_FIELD_NUMBER: _ClassVar[int]
    PAD_D_FIELD_NUMBER: _ClassVar[int]
    KSTRIDE_H_FIELD_NUMBER: _ClassVar[int]
    KSTRIDE_W_FIELD_NUMBER: _ClassVar[int]
    KSTRIDE_D_FIELD_NUMBER: _ClassVar[int]
    NUM_CONV_PARTITION_FIELD_NUMBER: _ClassVar[int]
    BOTTOM_IS_IM2COL_FIELD_NUMBER: _ClassVar[int]
    CONSTRAIN_FIELD_NUMBER: _ClassVar[int]
    GROUP_IN_FIELD_NUMBER: _ClassVar[int]
    GROUP_OUT_FIELD_NUMBER: _ClassVar[int]
    DILATION_FROM_BOTTOM_FIELD_NUMBER: _ClassVar[int]
    SUBMANIFOLD_SPARSE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_PAD_FIELD_NUMBER: _ClassVar[int]
    FUSE_TYPE_FIELD_NUMBER: _ClassVar[int]
    RELU_PARAM_FIELD_NUMBER: _ClassVar[int]
    SQ_FIELD_NUMBER: _ClassVar[int]
    RATIO_FIELD_NUMBER: _ClassVar[int]
    RELU_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_SLOPE_FIELD_NUMBER: _ClassVar[int]
    FUSION_TYPE_FIELD_NUMBER: _ClassVar[int]
    COEFF_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    bias_term: bool
    pad: _containers.RepeatedScalarFieldContainer[int]
    kernel_size: _containers.RepeatedScalarFieldContainer[int]
    stride: _containers.RepeatedScalarFieldContainer[int]
    dilation: _containers.RepeatedScalarFieldContainer[int]
    pad_h: int
    pad_w: int
    pad_l: int
    pad_r: int
    pad_t: int
    pad_b: int
    pad_type: int
    kernel_h: int
    kernel_w: int
    stride_h: int
    stride_w: int
    group: int
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    engine: ConvolutionParameter.Engine
    axis: int
    force_nd_im2col: bool
    kernel_depth: int
    temporal_stride: int
    temporal_pad: int
    filter_group: int
    kernel_d: int
    stride_d: int
    pad_d: int
    kstride_h: int
    kstride_w: int
    kstride_d: int
    num_conv_partition: int
    bottom_is_im2col: bool
    constrain: int
    group_in: int
    group_out: int
    dilation_from_bottom: bool
    submanifold_sparse: bool
    output_pad: int
    fuse_type: FusedConvolution.FuseType
    relu_param: ReLUParameter
    sq: bool
    ratio: float
    relu: bool
    negative_slope: float
    fusion_type: FusedSum.FusionType
    coeff: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, num_output: _Optional[int] = ..., bias_term: _Optional[bool] = ..., pad: _Optional[_Iterable[int]] = ..., kernel_size: _Optional[_Iterable[int]] = ..., stride: _Optional[_Iterable[int]] = ..., dilation: _Optional[_Iterable[int]] = ..., pad_h: _Optional[int] = ..., pad_w: _Optional[int] = ..., pad_l: _Optional[int] = ..., pad_r: _Optional[int] = ..., pad_t: _Optional[int] = ..., pad_b: _Optional[int] = ..., pad_type: _Optional[int] = ..., kernel_h: _Optional[int] = ..., kernel_w: _Optional[int] = ..., stride_h: _Optional[int] = ..., stride_w: _Optional[int] = ..., group: _Optional[int] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., engine: _Optional[_Union[ConvolutionParameter.Engine, str]] = ..., axis: _Optional[int] = ..., force_nd_im2col: _Optional[bool] = ..., kernel_depth: _Optional[int] = ..., temporal_stride: _Optional[int] = ..., temporal_pad: _Optional[int] = ..., filter_group: _Optional[int] = ..., kernel_d: _Optional[int] = ..., stride_d: _Optional[int] = ..., pad_d: _Optional[int] = ..., kstride_h: _Optional[int] = ..., kstride_w: _Optional[int] = ..., kstride_d: _Optional[int] = ..., num_conv_partition: _Optional[int] = ..., bottom_is_im2col: _Optional[bool] = ..., constrain: _Optional[int] = ..., group_in: _Optional[int] = ..., group_out: _Optional[int] = ..., dilation_from_bottom: _Optional[bool] = ..., submanifold_sparse: _Optional[bool] = ..., output_pad: _Optional[int] = ..., fuse_type: _Optional[_Union[FusedConvolution.FuseType, str]] = ..., relu_param: _Optional[_Union[ReLUParameter, _Mapping[str, object]]] = ..., sq: _Optional[bool] = ..., ratio: _Optional[float] = ..., relu: _Optional[bool] = ..., negative_slope: _Optional[float] = ..., fusion_type: _Optional[_Union[FusedSum.FusionType, str]] = ..., coeff: _Optional[_Iterable[float]] = ...) -> None: ...

class InnerProductParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "bias_term", "weight_filler", "bias_filler", "axis", "transpose", "normalize", "sq", "ratio", "index_input_dim", "backward_update_lr", "relu", "negative_slope")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    TRANSPOSE_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_FIELD_NUMBER: _ClassVar[int]
    SQ_FIELD_NUMBER: _ClassVar[int]
    RATIO_FIELD_NUMBER: _ClassVar[int]
    INDEX_INPUT_DIM_FIELD_NUMBER: _ClassVar[int]
    BACKWARD_UPDATE_LR_FIELD_NUMBER: _ClassVar[int]
    RELU_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_SLOPE_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    bias_term: bool
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    axis: int
    transpose: bool
    normalize: bool
    sq: bool
    ratio: float
    index_input_dim: int
    backward_update_lr: float
    relu: bool
    negative_slope: float
    def __init__(self, num_output: _Optional[int] = ..., bias_term: _Optional[bool] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., axis: _Optional[int] = ..., transpose: _Optional[bool] = ..., normalize: _Optional[bool] = ..., sq: _Optional[bool] = ..., ratio: _Optional[float] = ..., index_input_dim: _Optional[int] = ..., backward_update_lr: _Optional[float] = ..., relu: _Optional[bool] = ..., negative_slope: _Optional[float] = ...) -> None: ...

class EmbedParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "input_dim", "bias_term", "weight_filler", "bias_filler", "replaces_last_axis")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    INPUT_DIM_FIELD_NUMBER: _ClassVar[int]
    BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    REPLACES_LAST_AXIS_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    input_dim: int
    bias_term: bool
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    replaces_last_axis: bool
    def __init__(self, num_output: _Optional[int] = ..., input_dim: _Optional[int] = ..., bias_term: _Optional[bool] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., replaces_last_axis: _Optional[bool] = ...) -> None: ...

class RecurrentParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "weight_filler", "bias_filler", "debug_info", "expose_hidden", "forget_bias", "tf_rnn", "static_input_only_start")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    DEBUG_INFO_FIELD_NUMBER: _ClassVar[int]
    EXPOSE_HIDDEN_FIELD_NUMBER: _ClassVar[int]
    FORGET_BIAS_FIELD_NUMBER: _ClassVar[int]
    TF_RNN_FIELD_NUMBER: _ClassVar[int]
    STATIC_INPUT_ONLY_START_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    debug_info: bool
    expose_hidden: bool
    forget_bias: float
    tf_rnn: bool
    static_input_only_start: bool
    def __init__(self, num_output: _Optional[int] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., debug_info: _Optional[bool] = ..., expose_hidden: _Optional[bool] = ..., forget_bias: _Optional[float] = ..., tf_rnn: _Optional[bool] = ..., static_input_only_start: _Optional[bool] = ...) -> None: ...

class ContinuationIndicatorParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("time_step", "batch_size", "axis")
    TIME_STEP_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    time_step: int
    batch_size: int
    axis: int
    def __init__(self, time_step: _Optional[int] = ..., batch_size: _Optional[int] = ..., axis: _Optional[int] = ...) -> None: ...

class BatchNormParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("use_global_stats", "moving_average_fraction", "eps", "scale_bias", "scale_filler", "bias_filler", "add_eps_before_sqrt", "stats_batch_size", "relu")
    USE_GLOBAL_STATS_FIELD_NUMBER: _ClassVar[int]
    MOVING_AVERAGE_FRACTION_FIELD_NUMBER: _ClassVar[int]
    EPS_FIELD_NUMBER: _ClassVar[int]
    SCALE_BIAS_FIELD_NUMBER: _ClassVar[int]
    SCALE_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    ADD_EPS_BEFORE_SQRT_FIELD_NUMBER: _ClassVar[int]
    STATS_BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    RELU_FIELD_NUMBER: _ClassVar[int]
    use_global_stats: bool
    moving_average_fraction: float
    eps: float
    scale_bias: bool
    scale_filler: FillerParameter
    bias_filler: FillerParameter
    add_eps_before_sqrt: bool
    stats_batch_size: int
    relu: bool
    def __init__(self, use_global_stats: _Optional[bool] = ..., moving_average_fraction: _Optional[float] = ..., eps: _Optional[float] = ..., scale_bias: _Optional[bool] = ..., scale_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., add_eps_before_sqrt: _Optional[bool] = ..., stats_batch_size: _Optional[int] = ..., relu: _Optional[bool] = ...) -> None: ...

class ScaleParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis", "num_axes", "filler", "bias_term", "bias_filler", "min_value", "max_value", "scale_factor")
    AXIS_FIELD_NUMBER: _ClassVar[int]
    NUM_AXES_FIELD_NUMBER: _ClassVar[int]
    FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    MIN_VALUE_FIELD_NUMBER: _ClassVar[int]
    MAX_VALUE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FACTOR_FIELD_NUMBER: _ClassVar[int]
    axis: int
    num_axes: int
    filler: FillerParameter
    bias_term: bool
    bias_filler: FillerParameter
    min_value: float
    max_value: float
    scale_factor: float
    def __init__(self, axis: _Optional[int] = ..., num_axes: _Optional[int] = ..., filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_term: _Optional[bool] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., min_value: _Optional[float] = ..., max_value: _Optional[float] = ..., scale_factor: _Optional[float] = ...) -> None: ...

class BiasParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis", "num_axes", "filler")
    AXIS_FIELD_NUMBER: _ClassVar[int]
    NUM_AXES_FIELD_NUMBER: _ClassVar[int]
    FILLER_FIELD_NUMBER: _ClassVar[int]
    axis: int
    num_axes: int
    filler: FillerParameter
    def __init__(self, axis: _Optional[int] = ..., num_axes: _Optional[int] = ..., filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ...) -> None: ...

class PReLUParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("filler", "channel_shared")
    FILLER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_SHARED_FIELD_NUMBER: _ClassVar[int]
    filler: FillerParameter
    channel_shared: bool
    def __init__(self, filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., channel_shared: _Optional[bool] = ...) -> None: ...

class MaskParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("width", "height", "masktype", "direction", "sparsity", "blob", "zeros", "shape", "bits")
    class ConnectivityMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        CONNECTED: _ClassVar[MaskParameter.ConnectivityMode]
        DISCONNECTED_ELTWISE: _ClassVar[MaskParameter.ConnectivityMode]
        DISCONNECTED_GRPWISE: _ClassVar[MaskParameter.ConnectivityMode]
    CONNECTED: MaskParameter.ConnectivityMode
    DISCONNECTED_ELTWISE: MaskParameter.ConnectivityMode
    DISCONNECTED_GRPWISE: MaskParameter.ConnectivityMode
    class SparseMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        SPARSE_NONE: _ClassVar[MaskParameter.SparseMode]
        SPARSE_UPDATE: _ClassVar[MaskParameter.SparseMode]
    SPARSE_NONE: MaskParameter.SparseMode
    SPARSE_UPDATE: MaskParameter.SparseMode
    class WeightConnectMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        WEIGHT_CONNECTED: _ClassVar[MaskParameter.WeightConnectMode]
        WEIGHT_DISCONNECTED_ELTWISE: _ClassVar[MaskParameter.WeightConnectMode]
    WEIGHT_CONNECTED: MaskParameter.WeightConnectMode
    WEIGHT_DISCONNECTED_ELTWISE: MaskParameter.WeightConnectMode
    class Zeros(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        LEARN: _ClassVar[MaskParameter.Zeros]
        STAY: _ClassVar[MaskParameter.Zeros]
        STAY_IN_GROUPS: _ClassVar[MaskParameter.Zeros]
    LEARN: MaskParameter.Zeros
    STAY: MaskParameter.Zeros
    STAY_IN_GROUPS: MaskParameter.Zeros
    class MaskType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        VERTICAL: _ClassVar[MaskParameter.MaskType]
        HORIZONTAL: _ClassVar[MaskParameter.MaskType]
    VERTICAL: MaskParameter.MaskType
    HORIZONTAL: MaskParameter.MaskType
    class Direction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        LEFT2RIGHT: _ClassVar[MaskParameter.Direction]
        RIGHT2LEFT: _ClassVar[MaskParameter.Direction]
        TOP2BOTTOM: _ClassVar[MaskParameter.Direction]
        BOTTOM2TOP: _ClassVar[MaskParameter.Direction]
    LEFT2RIGHT: MaskParameter.Direction
    RIGHT2LEFT: MaskParameter.Direction
    TOP2BOTTOM: MaskParameter.Direction
    BOTTOM2TOP: MaskParameter.Direction
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    MASKTYPE_FIELD_NUMBER: _ClassVar[int]
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    SPARSITY_FIELD_NUMBER: _ClassVar[int]
    BLOB_FIELD_NUMBER: _ClassVar[int]
    ZEROS_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    BITS_FIELD_NUMBER: _ClassVar[int]
    width: int
    height: int
    masktype: MaskParameter.MaskType
    direction: MaskParameter.Direction
    sparsity: float
    blob: int
    zeros: MaskParameter.Zeros
    shape: BlobShape
    bits: bytes
    def __init__(self, width: _Optional[int] = ..., height: _Optional[int] = ..., masktype: _Optional[_Union[MaskParameter.MaskType, str]] = ..., direction: _Optional[_Union[MaskParameter.Direction, str]] = ..., sparsity: _Optional[float] = ..., blob: _Optional[int] = ..., zeros: _Optional[_Union[MaskParameter.Zeros, str]] = ..., shape: _Optional[_Union[BlobShape, _Mapping[str, object]]] = ..., bits: _Optional[bytes] = ...) -> None: ...

class PoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pool", "pad", "pad_h", "pad_w", "kernel_size", "kernel_h", "kernel_w", "stride", "stride_h", "stride_w", "engine", "global_pooling", "round_mode", "ceil_mode", "pad_l", "pad_r", "pad_t", "pad_b", "pad_type", "avg_include_pad", "kernel_sizes", "strides", "pads", "kernel_depth", "temporal_stride", "kernel_l", "stride_l", "dilation", "kernel_d", "stride_d", "pad_d", "kstride_h", "kstride_w", "kstride_d")
    class PoolMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MAX: _ClassVar[PoolingParameter.PoolMethod]
        AVE: _ClassVar[PoolingParameter.PoolMethod]
        STOCHASTIC: _ClassVar[PoolingParameter.PoolMethod]
        AVE_EXC_PAD: _ClassVar[PoolingParameter.PoolMethod]
        AVE_TF: _ClassVar[PoolingParameter.PoolMethod]
        MIN: _ClassVar[PoolingParameter.PoolMethod]
    MAX: PoolingParameter.PoolMethod
    AVE: PoolingParameter.PoolMethod
    STOCHASTIC: PoolingParameter.PoolMethod
    AVE_EXC_PAD: PoolingParameter.PoolMethod
    AVE_TF: PoolingParameter.PoolMethod
    MIN: PoolingParameter.PoolMethod
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[PoolingParameter.Engine]
        CAFFE: _ClassVar[PoolingParameter.Engine]
        CUDNN: _ClassVar[PoolingParameter.Engine]
    DEFAULT: PoolingParameter.Engine
    CAFFE: PoolingParameter.Engine
    CUDNN: PoolingParameter.Engine
    class RoundMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        CEIL: _ClassVar[PoolingParameter.RoundMode]
        FLOOR: _ClassVar[PoolingParameter.RoundMode]
    CEIL: PoolingParameter.RoundMode
    FLOOR: PoolingParameter.RoundMode
    POOL_FIELD_NUMBER: _ClassVar[int]
    PAD_FIELD_NUMBER: _ClassVar[int]
    PAD_H_FIELD_NUMBER: _ClassVar[int]
    PAD_W_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    KERNEL_H_FIELD_NUMBER: _ClassVar[int]
    KERNEL_W_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    STRIDE_H_FIELD_NUMBER: _ClassVar[int]
    STRIDE_W_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    GLOBAL_POOLING_FIELD_NUMBER: _ClassVar[int]
    ROUND_MODE_FIELD_NUMBER: _ClassVar[int]
    CEIL_MODE_FIELD_NUMBER: _ClassVar[int]
    PAD_L_FIELD_NUMBER: _ClassVar[int]
    PAD_R_FIELD_NUMBER: _ClassVar[int]
    PAD_T_FIELD_NUMBER: _ClassVar[int]
    PAD_B_FIELD_NUMBER: _ClassVar[int]
    PAD_TYPE_FIELD_NUMBER: _ClassVar[int]
    AVG_INCLUDE_PAD_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SIZES_FIELD_NUMBER: _ClassVar[int]
    STRIDES_FIELD_NUMBER: _ClassVar[int]
    PADS_FIELD_NUMBER: _ClassVar[int]
    KERNEL_DEPTH_FIELD_NUMBER: _ClassVar[int]
    TEMPORAL_STRIDE_FIELD_NUMBER: _ClassVar[int]
    KERNEL_L_FIELD_NUMBER: _ClassVar[int]
    STRIDE_L_FIELD_NUMBER: _ClassVar[int]
    DILATION_FIELD_NUMBER: _ClassVar[int]
    KERNEL_D_FIELD_NUMBER: _ClassVar[int]
    STRIDE_D_FIELD_NUMBER: _ClassVar[int]
    PAD_D_FIELD_NUMBER: _ClassVar[int]
    KSTRIDE_H_FIELD_NUMBER: _ClassVar[int]
    KSTRIDE_W_FIELD_NUMBER: _ClassVar[int]
    KSTRIDE_D_FIELD_NUMBER: _ClassVar[int]
    pool: PoolingParameter.PoolMethod
    pad: int
    pad_h: int
    pad_w: int
    kernel_size: int
    kernel_h: int
    kernel_w: int
    stride: int
    stride_h: int
    stride_w: int
    engine: PoolingParameter.Engine
    global_pooling: bool
    round_mode: PoolingParameter.RoundMode
    ceil_mode: bool
    pad_l: int
    pad_r: int
    pad_t: int
    pad_b: int
    pad_type: int
    avg_include_pad: bool
    kernel_sizes: _containers.RepeatedScalarFieldContainer[int]
    strides: _containers.RepeatedScalarFieldContainer[int]
    pads: _containers.RepeatedScalarFieldContainer[int]
    kernel_depth: int
    temporal_stride: int
    kernel_l: int
    stride_l: int
    dilation: _containers.RepeatedScalarFieldContainer[int]
    kernel_d: int
    stride_d: int
    pad_d: int
    kstride_h: int
    kstride_w: int
    kstride_d: int
    def __init__(self, pool: _Optional[_Union[PoolingParameter.PoolMethod, str]] = ..., pad: _Optional[int] = ..., pad_h: _Optional[int] = ..., pad_w: _Optional[int] = ..., kernel_size: _Optional[int] = ..., kernel_h: _Optional[int] = ..., kernel_w: _Optional[int] = ..., stride: _Optional[int] = ..., stride_h: _Optional[int] = ..., stride_w: _Optional[int] = ..., engine: _Optional[_Union[PoolingParameter.Engine, str]] = ..., global_pooling: _Optional[bool] = ..., round_mode: _Optional[_Union[PoolingParameter.RoundMode, str]] = ..., ceil_mode: _Optional[bool] = ..., pad_l: _Optional[int] = ..., pad_r: _Optional[int] = ..., pad_t: _Optional[int] = ..., pad_b: _Optional[int] = ..., pad_type: _Optional[int] = ..., avg_include_pad: _Optional[bool] = ..., kernel_sizes: _Optional[_Iterable[int]] = ..., strides: _Optional[_Iterable[int]] = ..., pads: _Optional[_Iterable[int]] = ..., kernel_depth: _Optional[int] = ..., temporal_stride: _Optional[int] = ..., kernel_l: _Optional[int] = ..., stride_l: _Optional[int] = ..., dilation: _Optional[_Iterable[int]] = ..., kernel_d: _Optional[int] = ..., stride_d: _Optional[int] = ..., pad_d: _Optional[int] = ..., kstride_h: _Optional[int] = ..., kstride_w: _Optional[int] = ..., kstride_d: _Optional[int] = ...) -> None: ...

class SPPParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pyramid_height", "pool", "engine", "base_bin_h", "base_bin_w", "fineness_h", "fineness_w", "overlap_ratio_h", "overlap_ratio_w")
    class PoolMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MAX: _ClassVar[SPPParameter.PoolMethod]
        AVE: _ClassVar[SPPParameter.PoolMethod]
        STOCHASTIC: _ClassVar[SPPParameter.PoolMethod]
    MAX: SPPParameter.PoolMethod
    AVE: SPPParameter.PoolMethod
    STOCHASTIC: SPPParameter.PoolMethod
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[SPPParameter.Engine]
        CAFFE: _ClassVar[SPPParameter.Engine]
        CUDNN: _ClassVar[SPPParameter.Engine]
    DEFAULT: SPPParameter.Engine
    CAFFE: SPPParameter.Engine
    CUDNN: SPPParameter.Engine
    PYRAMID_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    POOL_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    BASE_BIN_H_FIELD_NUMBER: _ClassVar[int]
    BASE_BIN_W_FIELD_NUMBER: _ClassVar[int]
    FINENESS_H_FIELD_NUMBER: _ClassVar[int]
    FINENESS_W_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_RATIO_H_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_RATIO_W_FIELD_NUMBER: _ClassVar[int]
    pyramid_height: int
    pool: SPPParameter.PoolMethod
    engine: SPPParameter.Engine
    base_bin_h: int
    base_bin_w: int
    fineness_h: int
    fineness_w: int
    overlap_ratio_h: float
    overlap_ratio_w: float
    def __init__(self, pyramid_height: _Optional[int] = ..., pool: _Optional[_Union[SPPParameter.PoolMethod, str]] = ..., engine: _Optional[_Union[SPPParameter.Engine, str]] = ..., base_bin_h: _Optional[int] = ..., base_bin_w: _Optional[int] = ..., fineness_h: _Optional[int] = ..., fineness_w: _Optional[int] = ..., overlap_ratio_h: _Optional[float] = ..., overlap_ratio_w: _Optional[float] = ...) -> None: ...

class LRNParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("local_size", "alpha", "beta", "norm_region", "k", "engine", "fuse_type", "pooling_param")
    class NormRegion(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        ACROSS_CHANNELS: _ClassVar[LRNParameter.NormRegion]
        WITHIN_CHANNEL: _ClassVar[LRNParameter.NormRegion]
    ACROSS_CHANNELS: LRNParameter.NormRegion
    WITHIN_CHANNEL: LRNParameter.NormRegion
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[LRNParameter.Engine]
        CAFFE: _ClassVar[LRNParameter.Engine]
        CUDNN: _ClassVar[LRNParameter.Engine]
    DEFAULT: LRNParameter.Engine
    CAFFE: LRNParameter.Engine
    CUDNN: LRNParameter.Engine
    LOCAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    BETA_FIELD_NUMBER: _ClassVar[int]
    NORM_REGION_FIELD_NUMBER: _ClassVar[int]
    K_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    FUSE_TYPE_FIELD_NUMBER: _ClassVar[int]
    POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    local_size: int
    alpha: float
    beta: float
    norm_region: LRNParameter.NormRegion
    k: float
    engine: LRNParameter.Engine
    fuse_type: FusedLRN.FuseType
    pooling_param: PoolingParameter
    def __init__(self, local_size: _Optional[int] = ..., alpha: _Optional[float] = ..., beta: _Optional[float] = ..., norm_region: _Optional[_Union[LRNParameter.NormRegion, str]] = ..., k: _Optional[float] = ..., engine: _Optional[_Union[LRNParameter.Engine, str]] = ..., fuse_type: _Optional[_Union[FusedLRN.FuseType, str]] = ..., pooling_param: _Optional[_Union[PoolingParameter, _Mapping[str, object]]] = ...) -> None: ...

class MVNParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("normalize_variance", "across_channels", "eps", "add_eps_before_sqrt")
    NORMALIZE_VARIANCE_FIELD_NUMBER: _ClassVar[int]
    ACROSS_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    EPS_FIELD_NUMBER: _ClassVar[int]
    ADD_EPS_BEFORE_SQRT_FIELD_NUMBER: _ClassVar[int]
    normalize_variance: bool
    across_channels: bool
    eps: float
    add_eps_before_sqrt: bool
    def __init__(self, normalize_variance: _Optional[bool] = ..., across_channels: _Optional[bool] = ..., eps: _Optional[float] = ..., add_eps_before_sqrt: _Optional[bool] = ...) -> None: ...

class ReLUParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("negative_slope", "engine", "relu6", "maximum", "minimum", "thresh", "delta")
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[ReLUParameter.Engine]
        CAFFE: _ClassVar[ReLUParameter.Engine]
        CUDNN: _ClassVar[ReLUParameter.Engine]
    DEFAULT: ReLUParameter.Engine
    CAFFE: ReLUParameter.Engine
    CUDNN: ReLUParameter.Engine
    NEGATIVE_SLOPE_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    RELU6_FIELD_NUMBER: _ClassVar[int]
    MAXIMUM_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_FIELD_NUMBER: _ClassVar[int]
    THRESH_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    negative_slope: float
    engine: ReLUParameter.Engine
    relu6: bool
    maximum: float
    minimum: float
    thresh: float
    delta: float
    def __init__(self, negative_slope: _Optional[float] = ..., engine: _Optional[_Union[ReLUParameter.Engine, str]] = ..., relu6: _Optional[bool] = ..., maximum: _Optional[float] = ..., minimum: _Optional[float] = ..., thresh: _Optional[float] = ..., delta: _Optional[float] = ...) -> None: ...

class ELUParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("alpha", "symmetric_mode")
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    SYMMETRIC_MODE_FIELD_NUMBER: _ClassVar[int]
    LAMBDA_FIELD_NUMBER: _ClassVar[int]
    alpha: float
    symmetric_mode: bool
    def __init__(self, alpha: _Optional[float] = ..., symmetric_mode: _Optional[bool] = ..., **kwargs: object) -> None: ...

class SigmoidParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("engine",)
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[SigmoidParameter.Engine]
        CAFFE: _ClassVar[SigmoidParameter.Engine]
        CUDNN: _ClassVar[SigmoidParameter.Engine]
    DEFAULT: SigmoidParameter.Engine
    CAFFE: SigmoidParameter.Engine
    CUDNN: SigmoidParameter.Engine
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    engine: SigmoidParameter.Engine
    def __init__(self, engine: _Optional[_Union[SigmoidParameter.Engine, str]] = ...) -> None: ...

class TanHParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("engine",)
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[TanHParameter.Engine]
        CAFFE: _ClassVar[TanHParameter.Engine]
        CUDNN: _ClassVar[TanHParameter.Engine]
    DEFAULT: TanHParameter.Engine
    CAFFE: TanHParameter.Engine
    CUDNN: TanHParameter.Engine
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    engine: TanHParameter.Engine
    def __init__(self, engine: _Optional[_Union[TanHParameter.Engine, str]] = ...) -> None: ...

class SwishParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("beta",)
    BETA_FIELD_NUMBER: _ClassVar[int]
    beta: float
    def __init__(self, beta: _Optional[float] = ...) -> None: ...

class ClipParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("min", "max")
    MIN_FIELD_NUMBER: _ClassVar[int]
    MAX_FIELD_NUMBER: _ClassVar[int]
    min: float
    max: float
    def __init__(self, min: _Optional[float] = ..., max: _Optional[float] = ...) -> None: ...

class ThresholdParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("threshold",)
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    threshold: float
    def __init__(self, threshold: _Optional[float] = ...) -> None: ...

class PowerParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("power", "scale", "shift", "eps")
    POWER_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    SHIFT_FIELD_NUMBER: _ClassVar[int]
    EPS_FIELD_NUMBER: _ClassVar[int]
    power: float
    scale: float
    shift: float
    eps: float
    def __init__(self, power: _Optional[float] = ..., scale: _Optional[float] = ..., shift: _Optional[float] = ..., eps: _Optional[float] = ...) -> None: ...

class ExpParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("base", "scale", "shift")
    BASE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    SHIFT_FIELD_NUMBER: _ClassVar[int]
    base: float
    scale: float
    shift: float
    def __init__(self, base: _Optional[float] = ..., scale: _Optional[float] = ..., shift: _Optional[float] = ...) -> None: ...

class LogParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("base", "scale", "shift")
    BASE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    SHIFT_FIELD_NUMBER: _ClassVar[int]
    base: float
    scale: float
    shift: float
    def __init__(self, base: _Optional[float] = ..., scale: _Optional[float] = ..., shift: _Optional[float] = ...) -> None: ...

class DropoutParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("dropout_ratio", "scale_train", "sample_weights_test", "drop_type", "mu", "sigma", "a", "b", "num_axes", "sqrt_scale")
    DROPOUT_RATIO_FIELD_NUMBER: _ClassVar[int]
    SCALE_TRAIN_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_WEIGHTS_TEST_FIELD_NUMBER: _ClassVar[int]
    DROP_TYPE_FIELD_NUMBER: _ClassVar[int]
    MU_FIELD_NUMBER: _ClassVar[int]
    SIGMA_FIELD_NUMBER: _ClassVar[int]
    A_FIELD_NUMBER: _ClassVar[int]
    B_FIELD_NUMBER: _ClassVar[int]
    NUM_AXES_FIELD_NUMBER: _ClassVar[int]
    SQRT_SCALE_FIELD_NUMBER: _ClassVar[int]
    dropout_ratio: float
    scale_train: bool
    sample_weights_test: bool
    drop_type: RandomFactors.DropType
    mu: float
    sigma: float
    a: float
    b: float
    num_axes: int
    sqrt_scale: bool
    def __init__(self, dropout_ratio: _Optional[float] = ..., scale_train: _Optional[bool] = ..., sample_weights_test: _Optional[bool] = ..., drop_type: _Optional[_Union[RandomFactors.DropType, str]] = ..., mu: _Optional[float] = ..., sigma: _Optional[float] = ..., a: _Optional[float] = ..., b: _Optional[float] = ..., num_axes: _Optional[int] = ..., sqrt_scale: _Optional[bool] = ...) -> None: ...

class RandomFactors(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    class DropType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        BERNOULLI: _ClassVar[RandomFactors.DropType]
        GAUSSIAN: _ClassVar[RandomFactors.DropType]
        UNIFORM: _ClassVar[RandomFactors.DropType]
    BERNOULLI: RandomFactors.DropType
    GAUSSIAN: RandomFactors.DropType
    UNIFORM: RandomFactors.DropType
    def __init__(self) -> None: ...

class ConcatParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis", "per_fla_fuse", "drops_last_axes", "concat_dim")
    AXIS_FIELD_NUMBER: _ClassVar[int]
    PER_FLA_FUSE_FIELD_NUMBER: _ClassVar[int]
    DROPS_LAST_AXES_FIELD_NUMBER: _ClassVar[int]
    CONCAT_DIM_FIELD_NUMBER: _ClassVar[int]
    axis: int
    per_fla_fuse: bool
    drops_last_axes: bool
    concat_dim: int
    def __init__(self, axis: _Optional[int] = ..., per_fla_fuse: _Optional[bool] = ..., drops_last_axes: _Optional[bool] = ..., concat_dim: _Optional[int] = ...) -> None: ...

class SliceParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis", "slice_point", "slice_dim", "last_n", "do_squeeze")
    AXIS_FIELD_NUMBER: _ClassVar[int]
    SLICE_POINT_FIELD_NUMBER: _ClassVar[int]
    SLICE_DIM_FIELD_NUMBER: _ClassVar[int]
    LAST_N_FIELD_NUMBER: _ClassVar[int]
    DO_SQUEEZE_FIELD_NUMBER: _ClassVar[int]
    axis: int
    slice_point: _containers.RepeatedScalarFieldContainer[int]
    slice_dim: int
    last_n: int
    do_squeeze: bool
    def __init__(self, axis: _Optional[int] = ..., slice_point: _Optional[_Iterable[int]] = ..., slice_dim: _Optional[int] = ..., last_n: _Optional[int] = ..., do_squeeze: _Optional[bool] = ...) -> None: ...

class EltwiseParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("operation", "coeff", "stable_prod_grad", "axis", "coeff_blob")
    class EltwiseOp(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        PROD: _ClassVar[EltwiseParameter.EltwiseOp]
        SUM: _ClassVar[EltwiseParameter.EltwiseOp]
        MAX: _ClassVar[EltwiseParameter.EltwiseOp]
        DIV: _ClassVar[EltwiseParameter.EltwiseOp]
        MIN: _ClassVar[EltwiseParameter.EltwiseOp]
    PROD: EltwiseParameter.EltwiseOp
    SUM: EltwiseParameter.EltwiseOp
    MAX: EltwiseParameter.EltwiseOp
    DIV: EltwiseParameter.EltwiseOp
    MIN: EltwiseParameter.EltwiseOp
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    COEFF_FIELD_NUMBER: _ClassVar[int]
    STABLE_PROD_GRAD_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    COEFF_BLOB_FIELD_NUMBER: _ClassVar[int]
    operation: EltwiseParameter.EltwiseOp
    coeff: _containers.RepeatedScalarFieldContainer[float]
    stable_prod_grad: bool
    axis: int
    coeff_blob: bool
    def __init__(self, operation: _Optional[_Union[EltwiseParameter.EltwiseOp, str]] = ..., coeff: _Optional[_Iterable[float]] = ..., stable_prod_grad: _Optional[bool] = ..., axis: _Optional[int] = ..., coeff_blob: _Optional[bool] = ...) -> None: ...

class CropParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis", "offset", "crop_height", "crop_width", "blob_name")
    AXIS_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    CROP_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    CROP_WIDTH_FIELD_NUMBER: _ClassVar[int]
    BLOB_NAME_FIELD_NUMBER: _ClassVar[int]
    axis: int
    offset: _containers.RepeatedScalarFieldContainer[int]
    crop_height: int
    crop_width: int
    blob_name: str
    def __init__(self, axis: _Optional[int] = ..., offset: _Optional[_Iterable[int]] = ..., crop_height: _Optional[int] = ..., crop_width: _Optional[int] = ..., blob_name: _Optional[str] = ...) -> None: ...

class FlattenParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis", "end_axis")
    AXIS_FIELD_NUMBER: _ClassVar[int]
    END_AXIS_FIELD_NUMBER: _ClassVar[int]
    axis: int
    end_axis: int
    def __init__(self, axis: _Optional[int] = ..., end_axis: _Optional[int] = ...) -> None: ...

class ReshapeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("shape", "axis", "num_axes", "pixelshuffler", "new_channel", "new_height", "new_width", "new_patch_width", "new_patch_height")
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    NUM_AXES_FIELD_NUMBER: _ClassVar[int]
    PIXELSHUFFLER_FIELD_NUMBER: _ClassVar[int]
    NEW_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    NEW_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    NEW_WIDTH_FIELD_NUMBER: _ClassVar[int]
    NEW_PATCH_WIDTH_FIELD_NUMBER: _ClassVar[int]
    NEW_PATCH_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    shape: BlobShape
    axis: int
    num_axes: int
    pixelshuffler: int
    new_channel: int
    new_height: int
    new_width: int
    new_patch_width: int
    new_patch_height: int
    def __init__(self, shape: _Optional[_Union[BlobShape, _Mapping[str, object]]] = ..., axis: _Optional[int] = ..., num_axes: _Optional[int] = ..., pixelshuffler: _Optional[int] = ..., new_channel: _Optional[int] = ..., new_height: _Optional[int] = ..., new_width: _Optional[int] = ..., new_patch_width: _Optional[int] = ..., new_patch_height: _Optional[int] = ...) -> None: ...

class SparsifyParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("thre", "coef")
    THRE_FIELD_NUMBER: _ClassVar[int]
    COEF_FIELD_NUMBER: _ClassVar[int]
    thre: float
    coef: float
    def __init__(self, thre: _Optional[float] = ..., coef: _Optional[float] = ...) -> None: ...

class LocalParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "bias_term", "pad", "kernel_size", "stride", "weight_filler", "bias_filler")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    PAD_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    bias_term: bool
    pad: int
    kernel_size: int
    stride: int
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    def __init__(self, num_output: _Optional[int] = ..., bias_term: _Optional[bool] = ..., pad: _Optional[int] = ..., kernel_size: _Optional[int] = ..., stride: _Optional[int] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ...) -> None: ...

class SpatialPyramidPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pool", "spatial_bin", "scale")
    POOL_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_BIN_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    pool: PoolingParameter.PoolMethod
    spatial_bin: _containers.RepeatedScalarFieldContainer[int]
    scale: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, pool: _Optional[_Union[PoolingParameter.PoolMethod, str]] = ..., spatial_bin: _Optional[_Iterable[int]] = ..., scale: _Optional[_Iterable[float]] = ...) -> None: ...

class TileParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis", "tiles", "coeff")
    AXIS_FIELD_NUMBER: _ClassVar[int]
    TILES_FIELD_NUMBER: _ClassVar[int]
    COEFF_FIELD_NUMBER: _ClassVar[int]
    axis: int
    tiles: int
    coeff: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, axis: _Optional[int] = ..., tiles: _Optional[int] = ..., coeff: _Optional[_Iterable[float]] = ...) -> None: ...

class ReductionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("operation", "axis", "coeff", "k")
    class ReductionOp(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        SUM: _ClassVar[ReductionParameter.ReductionOp]
        ASUM: _ClassVar[ReductionParameter.ReductionOp]
        SUMSQ: _ClassVar[ReductionParameter.ReductionOp]
        MEAN: _ClassVar[ReductionParameter.ReductionOp]
        TOPK: _ClassVar[ReductionParameter.ReductionOp]
    SUM: ReductionParameter.ReductionOp
    ASUM: ReductionParameter.ReductionOp
    SUMSQ: ReductionParameter.ReductionOp
    MEAN: ReductionParameter.ReductionOp
    TOPK: ReductionParameter.ReductionOp
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    COEFF_FIELD_NUMBER: _ClassVar[int]
    K_FIELD_NUMBER: _ClassVar[int]
    operation: ReductionParameter.ReductionOp
    axis: int
    coeff: float
    k: int
    def __init__(self, operation: _Optional[_Union[ReductionParameter.ReductionOp, str]] = ..., axis: _Optional[int] = ..., coeff: _Optional[float] = ..., k: _Optional[int] = ...) -> None: ...

class BatchReductionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("level", "reduction_param", "pos")
    LEVEL_FIELD_NUMBER: _ClassVar[int]
    REDUCTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    POS_FIELD_NUMBER: _ClassVar[int]
    level: _containers.RepeatedScalarFieldContainer[int]
    reduction_param: ReductionParameter
    pos: bool
    def __init__(self, level: _Optional[_Iterable[int]] = ..., reduction_param: _Optional[_Union[ReductionParameter, _Mapping[str, object]]] = ..., pos: _Optional[bool] = ...) -> None: ...

class ArgMaxParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("out_max_val", "top_k", "axis", "min_first")
    OUT_MAX_VAL_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    MIN_FIRST_FIELD_NUMBER: _ClassVar[int]
    out_max_val: bool
    top_k: int
    axis: int
    min_first: bool
    def __init__(self, out_max_val: _Optional[bool] = ..., top_k: _Optional[int] = ..., axis: _Optional[int] = ..., min_first: _Optional[bool] = ...) -> None: ...

class SoftmaxParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("engine", "axis", "normalize_type", "label_smooth_factor", "pos_mult", "pos_cid", "scaling_temperature", "weight_source", "lamda")
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[SoftmaxParameter.Engine]
        CAFFE: _ClassVar[SoftmaxParameter.Engine]
        CUDNN: _ClassVar[SoftmaxParameter.Engine]
    DEFAULT: SoftmaxParameter.Engine
    CAFFE: SoftmaxParameter.Engine
    CUDNN: SoftmaxParameter.Engine
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_TYPE_FIELD_NUMBER: _ClassVar[int]
    LABEL_SMOOTH_FACTOR_FIELD_NUMBER: _ClassVar[int]
    POS_MULT_FIELD_NUMBER: _ClassVar[int]
    POS_CID_FIELD_NUMBER: _ClassVar[int]
    SCALING_TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_SOURCE_FIELD_NUMBER: _ClassVar[int]
    LAMDA_FIELD_NUMBER: _ClassVar[int]
    engine: SoftmaxParameter.Engine
    axis: int
    normalize_type: str
    label_smooth_factor: float
    pos_mult: float
    pos_cid: int
    scaling_temperature: float
    weight_source: str
    lamda: float
    def __init__(self, engine: _Optional[_Union[SoftmaxParameter.Engine, str]] = ..., axis: _Optional[int] = ..., normalize_type: _Optional[str] = ..., label_smooth_factor: _Optional[float] = ..., pos_mult: _Optional[float] = ..., pos_cid: _Optional[int] = ..., scaling_temperature: _Optional[float] = ..., weight_source: _Optional[str] = ..., lamda: _Optional[float] = ...) -> None: ...

class LossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("ignore_label", "normalization", "pre_fixed_normalizer", "weight_by_label_freqs", "class_weighting", "weigh_instance", "background_weight", "adaptive_weighting", "gamma", "scale", "min_weight", "max_weight", "max_entropy_weight", "ignore_objectness", "ignore_location", "ignore_constraint", "ignore_classes", "ignore_rank", "normalize_supervised", "normalize_classes", "normalize_constraint", "normalize_objectness", "is_siftflow", "normalize", "weights_keep_divisor", "has_probability_thresh", "probability_threshold", "use_ohem", "ohem_n", "hm_ratio", "label_smoothing", "smooth_as_nvidia", "weight_source")
    class NormalizationMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        FULL: _ClassVar[LossParameter.NormalizationMode]
        VALID: _ClassVar[LossParameter.NormalizationMode]
        BATCH_SIZE: _ClassVar[LossParameter.NormalizationMode]
        NONE: _ClassVar[LossParameter.NormalizationMode]
        PRE_FIXED: _ClassVar[LossParameter.NormalizationMode]
    FULL: LossParameter.NormalizationMode
    VALID: LossParameter.NormalizationMode
    BATCH_SIZE: LossParameter.NormalizationMode
    NONE: LossParameter.NormalizationMode
    PRE_FIXED: LossParameter.NormalizationMode
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    NORMALIZATION_FIELD_NUMBER: _ClassVar[int]
    PRE_FIXED_NORMALIZER_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_BY_LABEL_FREQS_FIELD_NUMBER: _ClassVar[int]
    CLASS_WEIGHTING_FIELD_NUMBER: _ClassVar[int]
    WEIGH_INSTANCE_FIELD_NUMBER: _ClassVar[int]
    BACKGROUND_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    ADAPTIVE_WEIGHTING_FIELD_NUMBER: _ClassVar[int]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    MIN_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    MAX_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    MAX_ENTROPY_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    IGNORE_OBJECTNESS_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LOCATION_FIELD_NUMBER: _ClassVar[int]
    IGNORE_CONSTRAINT_FIELD_NUMBER: _ClassVar[int]
    IGNORE_CLASSES_FIELD_NUMBER: _ClassVar[int]
    IGNORE_RANK_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_SUPERVISED_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_CLASSES_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_CONSTRAINT_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_OBJECTNESS_FIELD_NUMBER: _ClassVar[int]
    IS_SIFTFLOW_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_KEEP_DIVISOR_FIELD_NUMBER: _ClassVar[int]
    HAS_PROBABILITY_THRESH_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    USE_OHEM_FIELD_NUMBER: _ClassVar[int]
    OHEM_N_FIELD_NUMBER: _ClassVar[int]
    HM_RATIO_FIELD_NUMBER: _ClassVar[int]
    LABEL_SMOOTHING_FIELD_NUMBER: _ClassVar[int]
    SMOOTH_AS_NVIDIA_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_SOURCE_FIELD_NUMBER: _ClassVar[int]
    ignore_label: int
    normalization: LossParameter.NormalizationMode
    pre_fixed_normalizer: float
    weight_by_label_freqs: bool
    class_weighting: _containers.RepeatedScalarFieldContainer[float]
    weigh_instance: bool
    background_weight: float
    adaptive_weighting: bool
    gamma: float
    scale: float
    min_weight: float
    max_weight: float
    max_entropy_weight: float
    ignore_objectness: bool
    ignore_location: bool
    ignore_constraint: bool
    ignore_classes: bool
    ignore_rank: bool
    normalize_supervised: bool
    normalize_classes: bool
    normalize_constraint: bool
    normalize_objectness: bool
    is_siftflow: bool
    normalize: bool
    weights_keep_divisor: bool
    has_probability_thresh: bool
    probability_threshold: float
    use_ohem: bool
    ohem_n: int
    hm_ratio: float
    label_smoothing: float
    smooth_as_nvidia: bool
    weight_source: str
    def __init__(self, ignore_label: _Optional[int] = ..., normalization: _Optional[_Union[LossParameter.NormalizationMode, str]] = ..., pre_fixed_normalizer: _Optional[float] = ..., weight_by_label_freqs: _Optional[bool] = ..., class_weighting: _Optional[_Iterable[float]] = ..., weigh_instance: _Optional[bool] = ..., background_weight: _Optional[float] = ..., adaptive_weighting: _Optional[bool] = ..., gamma: _Optional[float] = ..., scale: _Optional[float] = ..., min_weight: _Optional[float] = ..., max_weight: _Optional[float] = ..., max_entropy_weight: _Optional[float] = ..., ignore_objectness: _Optional[bool] = ..., ignore_location: _Optional[bool] = ..., ignore_constraint: _Optional[bool] = ..., ignore_classes: _Optional[bool] = ..., ignore_rank: _Optional[bool] = ..., normalize_supervised: _Optional[bool] = ..., normalize_classes: _Optional[bool] = ..., normalize_constraint: _Optional[bool] = ..., normalize_objectness: _Optional[bool] = ..., is_siftflow: _Optional[bool] = ..., normalize: _Optional[bool] = ..., weights_keep_divisor: _Optional[bool] = ..., has_probability_thresh: _Optional[bool] = ..., probability_threshold: _Optional[float] = ..., use_ohem: _Optional[bool] = ..., ohem_n: _Optional[int] = ..., hm_ratio: _Optional[float] = ..., label_smoothing: _Optional[float] = ..., smooth_as_nvidia: _Optional[bool] = ..., weight_source: _Optional[str] = ...) -> None: ...

class AccuracyParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("top_k", "axis", "ignore_label", "history_size", "denominator", "min_is_better")
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    HISTORY_SIZE_FIELD_NUMBER: _ClassVar[int]
    DENOMINATOR_FIELD_NUMBER: _ClassVar[int]
    MIN_IS_BETTER_FIELD_NUMBER: _ClassVar[int]
    top_k: int
    axis: int
    ignore_label: int
    history_size: int
    denominator: float
    min_is_better: bool
    def __init__(self, top_k: _Optional[int] = ..., axis: _Optional[int] = ..., ignore_label: _Optional[int] = ..., history_size: _Optional[int] = ..., denominator: _Optional[float] = ..., min_is_better: _Optional[bool] = ...) -> None: ...

class HingeLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("norm",)
    class Norm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        L1: _ClassVar[HingeLossParameter.Norm]
        L2: _ClassVar[HingeLossParameter.Norm]
    L1: HingeLossParameter.Norm
    L2: HingeLossParameter.Norm
    NORM_FIELD_NUMBER: _ClassVar[int]
    norm: HingeLossParameter.Norm
    def __init__(self, norm: _Optional[_Union[HingeLossParameter.Norm, str]] = ...) -> None: ...

class ContrastiveLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("margin", "legacy_version", "label_type", "add_weighted", "inner_margin")
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    LEGACY_VERSION_FIELD_NUMBER: _ClassVar[int]
    LABEL_TYPE_FIELD_NUMBER: _ClassVar[int]
    ADD_WEIGHTED_FIELD_NUMBER: _ClassVar[int]
    INNER_MARGIN_FIELD_NUMBER: _ClassVar[int]
    margin: float
    legacy_version: bool
    label_type: PairLabels.LabelType
    add_weighted: bool
    inner_margin: float
    def __init__(self, margin: _Optional[float] = ..., legacy_version: _Optional[bool] = ..., label_type: _Optional[_Union[PairLabels.LabelType, str]] = ..., add_weighted: _Optional[bool] = ..., inner_margin: _Optional[float] = ...) -> None: ...

class PairLabels(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    class LabelType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        PAIR_SIMILARITY: _ClassVar[PairLabels.LabelType]
        CATEGORY: _ClassVar[PairLabels.LabelType]
    PAIR_SIMILARITY: PairLabels.LabelType
    CATEGORY: PairLabels.LabelType
    def __init__(self) -> None: ...

class DoubleMarginContrastiveLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("margin_gen", "margin_imp")
    MARGIN_GEN_FIELD_NUMBER: _ClassVar[int]
    MARGIN_IMP_FIELD_NUMBER: _ClassVar[int]
    margin_gen: float
    margin_imp: float
    def __init__(self, margin_gen: _Optional[float] = ..., margin_imp: _Optional[float] = ...) -> None: ...

class InfogainLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("source", "axis")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    source: str
    axis: int
    def __init__(self, source: _Optional[str] = ..., axis: _Optional[int] = ...) -> None: ...

class PythonParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("module", "layer", "param_str", "share_in_parallel", "param_str1", "param_str2", "param_str3")
    MODULE_FIELD_NUMBER: _ClassVar[int]
    LAYER_FIELD_NUMBER: _ClassVar[int]
    PARAM_STR_FIELD_NUMBER: _ClassVar[int]
    SHARE_IN_PARALLEL_FIELD_NUMBER: _ClassVar[int]
    PARAM_STR1_FIELD_NUMBER: _ClassVar[int]
    PARAM_STR2_FIELD_NUMBER: _ClassVar[int]
    PARAM_STR3_FIELD_NUMBER: _ClassVar[int]
    module: str
    layer: str
    param_str: str
    share_in_parallel: bool
    param_str1: str
    param_str2: str
    param_str3: str
    def __init__(self, module: _Optional[str] = ..., layer: _Optional[str] = ..., param_str: _Optional[str] = ..., share_in_parallel: _Optional[bool] = ..., param_str1: _Optional[str] = ..., param_str2: _Optional[str] = ..., param_str3: _Optional[str] = ...) -> None: ...

class PermuteParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("order",)
    ORDER_FIELD_NUMBER: _ClassVar[int]
    order: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, order: _Optional[_Iterable[int]] = ...) -> None: ...

class NormalizeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("across_spatial", "scale_filler", "channel_shared", "eps", "add_eps_before_sqrt", "fix_scale")
    ACROSS_SPATIAL_FIELD_NUMBER: _ClassVar[int]
    SCALE_FILLER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_SHARED_FIELD_NUMBER: _ClassVar[int]
    EPS_FIELD_NUMBER: _ClassVar[int]
    ADD_EPS_BEFORE_SQRT_FIELD_NUMBER: _ClassVar[int]
    FIX_SCALE_FIELD_NUMBER: _ClassVar[int]
    across_spatial: bool
    scale_filler: FillerParameter
    channel_shared: bool
    eps: float
    add_eps_before_sqrt: bool
    fix_scale: bool
    def __init__(self, across_spatial: _Optional[bool] = ..., scale_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., channel_shared: _Optional[bool] = ..., eps: _Optional[float] = ..., add_eps_before_sqrt: _Optional[bool] = ..., fix_scale: _Optional[bool] = ...) -> None: ...

class PriorBoxParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("min_size", "max_size", "aspect_ratio", "flip", "clip", "variance", "img_size", "img_h", "img_w", "step", "step_h", "step_w", "offset", "offset_h", "offset_w", "fixed_size", "fixed_ratio", "density", "tf", "yx_order", "keras", "denser_prior_boxes", "faceboxes", "use_default", "by_side", "width", "height")
    class CodeType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        CORNER: _ClassVar[PriorBoxParameter.CodeType]
        CENTER_SIZE: _ClassVar[PriorBoxParameter.CodeType]
        CORNER_SIZE: _ClassVar[PriorBoxParameter.CodeType]
    CORNER: PriorBoxParameter.CodeType
    CENTER_SIZE: PriorBoxParameter.CodeType
    CORNER_SIZE: PriorBoxParameter.CodeType
    MIN_SIZE_FIELD_NUMBER: _ClassVar[int]
    MAX_SIZE_FIELD_NUMBER: _ClassVar[int]
    ASPECT_RATIO_FIELD_NUMBER: _ClassVar[int]
    FLIP_FIELD_NUMBER: _ClassVar[int]
    CLIP_FIELD_NUMBER: _ClassVar[int]
    VARIANCE_FIELD_NUMBER: _ClassVar[int]
    IMG_SIZE_FIELD_NUMBER: _ClassVar[int]
    IMG_H_FIELD_NUMBER: _ClassVar[int]
    IMG_W_FIELD_NUMBER: _ClassVar[int]
    STEP_FIELD_NUMBER: _ClassVar[int]
    STEP_H_FIELD_NUMBER: _ClassVar[int]
    STEP_W_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FIELD_NUMBER: _ClassVar[int]
    OFFSET_H_FIELD_NUMBER: _ClassVar[int]
    OFFSET_W_FIELD_NUMBER: _ClassVar[int]
    FIXED_SIZE_FIELD_NUMBER: _ClassVar[int]
    FIXED_RATIO_FIELD_NUMBER: _ClassVar[int]
    DENSITY_FIELD_NUMBER: _ClassVar[int]
    TF_FIELD_NUMBER: _ClassVar[int]
    YX_ORDER_FIELD_NUMBER: _ClassVar[int]
    KERAS_FIELD_NUMBER: _ClassVar[int]
    DENSER_PRIOR_BOXES_FIELD_NUMBER: _ClassVar[int]
    FACEBOXES_FIELD_NUMBER: _ClassVar[int]
    USE_DEFAULT_FIELD_NUMBER: _ClassVar[int]
    BY_SIDE_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    min_size: _containers.RepeatedScalarFieldContainer[float]
    max_size: _containers.RepeatedScalarFieldContainer[float]
    aspect_ratio: _containers.RepeatedScalarFieldContainer[float]
    flip: bool
    clip: bool
    variance: _containers.RepeatedScalarFieldContainer[float]
    img_size: int
    img_h: int
    img_w: int
    step: float
    step_h: float
    step_w: float
    offset: float
    offset_h: _containers.RepeatedScalarFieldContainer[float]
    offset_w: _containers.RepeatedScalarFieldContainer[float]
    fixed_size: _containers.RepeatedScalarFieldContainer[float]
    fixed_ratio: _containers.RepeatedScalarFieldContainer[float]
    density: _containers.RepeatedScalarFieldContainer[float]
    tf: bool
    yx_order: bool
    keras: bool
    denser_prior_boxes: bool
    faceboxes: bool
    use_default: bool
    by_side: bool
    width: _containers.RepeatedScalarFieldContainer[float]
    height: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, min_size: _Optional[_Iterable[float]] = ..., max_size: _Optional[_Iterable[float]] = ..., aspect_ratio: _Optional[_Iterable[float]] = ..., flip: _Optional[bool] = ..., clip: _Optional[bool] = ..., variance: _Optional[_Iterable[float]] = ..., img_size: _Optional[int] = ..., img_h: _Optional[int] = ..., img_w: _Optional[int] = ..., step: _Optional[float] = ..., step_h: _Optional[float] = ..., step_w: _Optional[float] = ..., offset: _Optional[float] = ..., offset_h: _Optional[_Iterable[float]] = ..., offset_w: _Optional[_Iterable[float]] = ..., fixed_size: _Optional[_Iterable[float]] = ..., fixed_ratio: _Optional[_Iterable[float]] = ..., density: _Optional[_Iterable[float]] = ..., tf: _Optional[bool] = ..., yx_order: _Optional[bool] = ..., keras: _Optional[bool] = ..., denser_prior_boxes: _Optional[bool] = ..., faceboxes: _Optional[bool] = ..., use_default: _Optional[bool] = ..., by_side: _Optional[bool] = ..., width: _Optional[_Iterable[float]] = ..., height: _Optional[_Iterable[float]] = ...) -> None: ...

class NonMaximumSuppressionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("nms_threshold", "top_k", "eta", "soft_nms", "theta")
    NMS_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    ETA_FIELD_NUMBER: _ClassVar[int]
    SOFT_NMS_FIELD_NUMBER: _ClassVar[int]
    THETA_FIELD_NUMBER: _ClassVar[int]
    nms_threshold: float
    top_k: int
    eta: float
    soft_nms: bool
    theta: float
    def __init__(self, nms_threshold: _Optional[float] = ..., top_k: _Optional[int] = ..., eta: _Optional[float] = ..., soft_nms: _Optional[bool] = ..., theta: _Optional[float] = ...) -> None: ...

class DetectionEvaluateParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_classes", "background_label_id", "overlap_threshold", "evaluate_difficult_gt", "has_lm")
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    BACKGROUND_LABEL_ID_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    EVALUATE_DIFFICULT_GT_FIELD_NUMBER: _ClassVar[int]
    HAS_LM_FIELD_NUMBER: _ClassVar[int]
    num_classes: int
    background_label_id: int
    overlap_threshold: float
    evaluate_difficult_gt: bool
    has_lm: bool
    def __init__(self, num_classes: _Optional[int] = ..., background_label_id: _Optional[int] = ..., overlap_threshold: _Optional[float] = ..., evaluate_difficult_gt: _Optional[bool] = ..., has_lm: _Optional[bool] = ...) -> None: ...

class DetectionOutputParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_classes", "share_location", "background_label_id", "nms_param", "code_type", "keep_top_k", "variance_encoded_in_target", "confidence_threshold", "use_polygon", "no_permute", "nbottom", "ratio_permute", "ratio0", "ratio1", "ratio2", "ratio3", "ratio4", "ratio5", "objectness_score", "biases", "num_box", "coords", "classes", "nms_threshold", "side", "sidex", "sidey", "label_map_file", "bias_scale", "nms_thresh", "class_type", "has_lm", "net_height", "net_width")
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    SHARE_LOCATION_FIELD_NUMBER: _ClassVar[int]
    BACKGROUND_LABEL_ID_FIELD_NUMBER: _ClassVar[int]
    NMS_PARAM_FIELD_NUMBER: _ClassVar[int]
    CODE_TYPE_FIELD_NUMBER: _ClassVar[int]
    KEEP_TOP_K_FIELD_NUMBER: _ClassVar[int]
    VARIANCE_ENCODED_IN_TARGET_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    USE_POLYGON_FIELD_NUMBER: _ClassVar[int]
    NO_PERMUTE_FIELD_NUMBER: _ClassVar[int]
    NBOTTOM_FIELD_NUMBER: _ClassVar[int]
    RATIO_PERMUTE_FIELD_NUMBER: _ClassVar[int]
    RATIO0_FIELD_NUMBER: _ClassVar[int]
    RATIO1_FIELD_NUMBER: _ClassVar[int]
    RATIO2_FIELD_NUMBER: _ClassVar[int]
    RATIO3_FIELD_NUMBER: _ClassVar[int]
    RATIO4_FIELD_NUMBER: _ClassVar[int]
    RATIO5_FIELD_NUMBER: _ClassVar[int]
    OBJECTNESS_SCORE_FIELD_NUMBER: _ClassVar[int]
    BIASES_FIELD_NUMBER: _ClassVar[int]
    NUM_BOX_FIELD_NUMBER: _ClassVar[int]
    COORDS_FIELD_NUMBER: _ClassVar[int]
    CLASSES_FIELD_NUMBER: _ClassVar[int]
    NMS_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    SIDEX_FIELD_NUMBER: _ClassVar[int]
    SIDEY_FIELD_NUMBER: _ClassVar[int]
    LABEL_MAP_FILE_FIELD_NUMBER: _ClassVar[int]
    BIAS_SCALE_FIELD_NUMBER: _ClassVar[int]
    NMS_THRESH_FIELD_NUMBER: _ClassVar[int]
    CLASS_TYPE_FIELD_NUMBER: _ClassVar[int]
    HAS_LM_FIELD_NUMBER: _ClassVar[int]
    NET_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    NET_WIDTH_FIELD_NUMBER: _ClassVar[int]
    num_classes: int
    share_location: bool
    background_label_id: int
    nms_param: NonMaximumSuppressionParameter
    code_type: PriorBoxParameter.CodeType
    keep_top_k: int
    variance_encoded_in_target: bool
    confidence_threshold: float
    use_polygon: bool
    no_permute: bool
    nbottom: int
    ratio_permute: bool
    ratio0: int
    ratio1: int
    ratio2: int
    ratio3: int
    ratio4: int
    ratio5: int
    objectness_score: float
    biases: _containers.RepeatedScalarFieldContainer[float]
    num_box: int
    coords: int
    classes: int
    nms_threshold: float
    side: int
    sidex: int
    sidey: int
    label_map_file: str
    bias_scale: _containers.RepeatedScalarFieldContainer[int]
    nms_thresh: float
    class_type: CentreScores.ClassType
    has_lm: bool
    net_height: int
    net_width: int
    def __init__(self, num_classes: _Optional[int] = ..., share_location: _Optional[bool] = ..., background_label_id: _Optional[int] = ..., nms_param: _Optional[_Union[NonMaximumSuppressionParameter, _Mapping[str, object]]] = ..., code_type: _Optional[_Union[PriorBoxParameter.CodeType, str]] = ..., keep_top_k: _Optional[int] = ..., variance_encoded_in_target: _Optional[bool] = ..., confidence_threshold: _Optional[float] = ..., use_polygon: _Optional[bool] = ..., no_permute: _Optional[bool] = ..., nbottom: _Optional[int] = ..., ratio_permute: _Optional[bool] = ..., ratio0: _Optional[int] = ..., ratio1: _Optional[int] = ..., ratio2: _Optional[int] = ..., ratio3: _Optional[int] = ..., ratio4: _Optional[int] = ..., ratio5: _Optional[int] = ..., objectness_score: _Optional[float] = ..., biases: _Optional[_Iterable[float]] = ..., num_box: _Optional[int] = ..., coords: _Optional[int] = ..., classes: _Optional[int] = ..., nms_threshold: _Optional[float] = ..., side: _Optional[int] = ..., sidex: _Optional[int] = ..., sidey: _Optional[int] = ..., label_map_file: _Optional[str] = ..., bias_scale: _Optional[_Iterable[int]] = ..., nms_thresh: _Optional[float] = ..., class_type: _Optional[_Union[CentreScores.ClassType, str]] = ..., has_lm: _Optional[bool] = ..., net_height: _Optional[int] = ..., net_width: _Optional[int] = ...) -> None: ...

class MultiBoxLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("objectness_score", "fl_gamma", "fl_alpha", "loc_loss_type", "conf_loss_type", "loc_weight", "num_classes", "share_location", "match_type", "overlap_threshold", "use_prior_for_matching", "background_label_id", "use_difficult_gt", "do_neg_mining", "neg_pos_ratio", "neg_overlap", "code_type", "encode_variance_in_target", "map_object_to_agnostic", "ignore_cross_boundary_bbox", "bp_inside", "mining_type", "nms_param", "sample_size", "use_prior_for_nms", "ignore_difficult_gt")
    class LocLossType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        L2: _ClassVar[MultiBoxLossParameter.LocLossType]
        SMOOTH_L1: _ClassVar[MultiBoxLossParameter.LocLossType]
    L2: MultiBoxLossParameter.LocLossType
    SMOOTH_L1: MultiBoxLossParameter.LocLossType
    class ConfLossType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        SOFTMAX: _ClassVar[MultiBoxLossParameter.ConfLossType]
        LOGISTIC: _ClassVar[MultiBoxLossParameter.ConfLossType]
        FocalLoss: _ClassVar[MultiBoxLossParameter.ConfLossType]
    SOFTMAX: MultiBoxLossParameter.ConfLossType
    LOGISTIC: MultiBoxLossParameter.ConfLossType
    FocalLoss: MultiBoxLossParameter.ConfLossType
    class MatchType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        BIPARTITE: _ClassVar[MultiBoxLossParameter.MatchType]
        PER_PREDICTION: _ClassVar[MultiBoxLossParameter.MatchType]
    BIPARTITE: MultiBoxLossParameter.MatchType
    PER_PREDICTION: MultiBoxLossParameter.MatchType
    class MiningType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        NONE: _ClassVar[MultiBoxLossParameter.MiningType]
        MAX_NEGATIVE: _ClassVar[MultiBoxLossParameter.MiningType]
        HARD_EXAMPLE: _ClassVar[MultiBoxLossParameter.MiningType]
    NONE: MultiBoxLossParameter.MiningType
    MAX_NEGATIVE: MultiBoxLossParameter.MiningType
    HARD_EXAMPLE: MultiBoxLossParameter.MiningType
    OBJECTNESS_SCORE_FIELD_NUMBER: _ClassVar[int]
    FL_GAMMA_FIELD_NUMBER: _ClassVar[int]
    FL_ALPHA_FIELD_NUMBER: _ClassVar[int]
    LOC_LOSS_TYPE_FIELD_NUMBER: _ClassVar[int]
    CONF_LOSS_TYPE_FIELD_NUMBER: _ClassVar[int]
    LOC_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    SHARE_LOCATION_FIELD_NUMBER: _ClassVar[int]
    MATCH_TYPE_FIELD_NUMBER: _ClassVar[int]
    OVERLAP_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    USE_PRIOR_FOR_MATCHING_FIELD_NUMBER: _ClassVar[int]
    BACKGROUND_LABEL_ID_FIELD_NUMBER: _ClassVar[int]
    USE_DIFFICULT_GT_FIELD_NUMBER: _ClassVar[int]
    DO_NEG_MINING_FIELD_NUMBER: _ClassVar[int]
    NEG_POS_RATIO_FIELD_NUMBER: _ClassVar[int]
    NEG_OVERLAP_FIELD_NUMBER: _ClassVar[int]
    CODE_TYPE_FIELD_NUMBER: _ClassVar[int]
    ENCODE_VARIANCE_IN_TARGET_FIELD_NUMBER: _ClassVar[int]
    MAP_OBJECT_TO_AGNOSTIC_FIELD_NUMBER: _ClassVar[int]
    IGNORE_CROSS_BOUNDARY_BBOX_FIELD_NUMBER: _ClassVar[int]
    BP_INSIDE_FIELD_NUMBER: _ClassVar[int]
    MINING_TYPE_FIELD_NUMBER: _ClassVar[int]
    NMS_PARAM_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_SIZE_FIELD_NUMBER: _ClassVar[int]
    USE_PRIOR_FOR_NMS_FIELD_NUMBER: _ClassVar[int]
    IGNORE_DIFFICULT_GT_FIELD_NUMBER: _ClassVar[int]
    objectness_score: float
    fl_gamma: float
    fl_alpha: float
    loc_loss_type: MultiBoxLossParameter.LocLossType
    conf_loss_type: MultiBoxLossParameter.ConfLossType
    loc_weight: float
    num_classes: int
    share_location: bool
    match_type: MultiBoxLossParameter.MatchType
    overlap_threshold: float
    use_prior_for_matching: bool
    background_label_id: int
    use_difficult_gt: bool
    do_neg_mining: bool
    neg_pos_ratio: float
    neg_overlap: float
    code_type: PriorBoxParameter.CodeType
    encode_variance_in_target: bool
    map_object_to_agnostic: bool
    ignore_cross_boundary_bbox: bool
    bp_inside: bool
    mining_type: MultiBoxLossParameter.MiningType
    nms_param: NonMaximumSuppressionParameter
    sample_size: int
    use_prior_for_nms: bool
    ignore_difficult_gt: bool
    def __init__(self, objectness_score: _Optional[float] = ..., fl_gamma: _Optional[float] = ..., fl_alpha: _Optional[float] = ..., loc_loss_type: _Optional[_Union[MultiBoxLossParameter.LocLossType, str]] = ..., conf_loss_type: _Optional[_Union[MultiBoxLossParameter.ConfLossType, str]] = ..., loc_weight: _Optional[float] = ..., num_classes: _Optional[int] = ..., share_location: _Optional[bool] = ..., match_type: _Optional[_Union[MultiBoxLossParameter.MatchType, str]] = ..., overlap_threshold: _Optional[float] = ..., use_prior_for_matching: _Optional[bool] = ..., background_label_id: _Optional[int] = ..., use_difficult_gt: _Optional[bool] = ..., do_neg_mining: _Optional[bool] = ..., neg_pos_ratio: _Optional[float] = ..., neg_overlap: _Optional[float] = ..., code_type: _Optional[_Union[PriorBoxParameter.CodeType, str]] = ..., encode_variance_in_target: _Optional[bool] = ..., map_object_to_agnostic: _Optional[bool] = ..., ignore_cross_boundary_bbox: _Optional[bool] = ..., bp_inside: _Optional[bool] = ..., mining_type: _Optional[_Union[MultiBoxLossParameter.MiningType, str]] = ..., nms_param: _Optional[_Union[NonMaximumSuppressionParameter, _Mapping[str, object]]] = ..., sample_size: _Optional[int] = ..., use_prior_for_nms: _Optional[bool] = ..., ignore_difficult_gt: _Optional[bool] = ...) -> None: ...

class AnnotatedDataParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("batch_sampler", "label_map_file", "anno_type", "yoloformat", "crop_type", "has_landmarks", "data_anchor_sampler", "bbox_sampler", "yolo_data_type", "yolo_data_jitter", "train_diffcult", "difficult_label_warmup", "single_class", "seg_scales", "seg_resize_width", "seg_resize_height")
    BATCH_SAMPLER_FIELD_NUMBER: _ClassVar[int]
    LABEL_MAP_FILE_FIELD_NUMBER: _ClassVar[int]
    ANNO_TYPE_FIELD_NUMBER: _ClassVar[int]
    YOLOFORMAT_FIELD_NUMBER: _ClassVar[int]
    CROP_TYPE_FIELD_NUMBER: _ClassVar[int]
    HAS_LANDMARKS_FIELD_NUMBER: _ClassVar[int]
    DATA_ANCHOR_SAMPLER_FIELD_NUMBER: _ClassVar[int]
    BBOX_SAMPLER_FIELD_NUMBER: _ClassVar[int]
    YOLO_DATA_TYPE_FIELD_NUMBER: _ClassVar[int]
    YOLO_DATA_JITTER_FIELD_NUMBER: _ClassVar[int]
    TRAIN_DIFFCULT_FIELD_NUMBER: _ClassVar[int]
    DIFFICULT_LABEL_WARMUP_FIELD_NUMBER: _ClassVar[int]
    SINGLE_CLASS_FIELD_NUMBER: _ClassVar[int]
    SEG_SCALES_FIELD_NUMBER: _ClassVar[int]
    SEG_RESIZE_WIDTH_FIELD_NUMBER: _ClassVar[int]
    SEG_RESIZE_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    batch_sampler: _containers.RepeatedCompositeFieldContainer[BatchSampler]
    label_map_file: str
    anno_type: AnnotatedDatum.AnnotationType
    yoloformat: bool
    crop_type: AnnotatedCrops.CropType
    has_landmarks: bool
    data_anchor_sampler: DataAnchorSampler
    bbox_sampler: LFFDSampler
    yolo_data_type: int
    yolo_data_jitter: float
    train_diffcult: bool
    difficult_label_warmup: bool
    single_class: bool
    seg_scales: int
    seg_resize_width: int
    seg_resize_height: int
    def __init__(self, batch_sampler: _Optional[_Iterable[_Union[BatchSampler, _Mapping[str, object]]]] = ..., label_map_file: _Optional[str] = ..., anno_type: _Optional[_Union[AnnotatedDatum.AnnotationType, str]] = ..., yoloformat: _Optional[bool] = ..., crop_type: _Optional[_Union[AnnotatedCrops.CropType, str]] = ..., has_landmarks: _Optional[bool] = ..., data_anchor_sampler: _Optional[_Union[DataAnchorSampler, _Mapping[str, object]]] = ..., bbox_sampler: _Optional[_Union[LFFDSampler, _Mapping[str, object]]] = ..., yolo_data_type: _Optional[int] = ..., yolo_data_jitter: _Optional[float] = ..., train_diffcult: _Optional[bool] = ..., difficult_label_warmup: _Optional[bool] = ..., single_class: _Optional[bool] = ..., seg_scales: _Optional[int] = ..., seg_resize_width: _Optional[int] = ..., seg_resize_height: _Optional[int] = ...) -> None: ...

class BatchSampler(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("use_original_image", "sampler", "sample_constraint", "max_sample", "max_trials")
    USE_ORIGINAL_IMAGE_FIELD_NUMBER: _ClassVar[int]
    SAMPLER_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_CONSTRAINT_FIELD_NUMBER: _ClassVar[int]
    MAX_SAMPLE_FIELD_NUMBER: _ClassVar[int]
    MAX_TRIALS_FIELD_NUMBER: _ClassVar[int]
    use_original_image: bool
    sampler: Sampler
    sample_constraint: SampleConstraint
    max_sample: int
    max_trials: int
    def __init__(self, use_original_image: _Optional[bool] = ..., sampler: _Optional[_Union[Sampler, _Mapping[str, object]]] = ..., sample_constraint: _Optional[_Union[SampleConstraint, _Mapping[str, object]]] = ..., max_sample: _Optional[int] = ..., max_trials: _Optional[int] = ...) -> None: ...

class Sampler(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("min_scale", "max_scale", "min_aspect_ratio", "max_aspect_ratio")
    MIN_SCALE_FIELD_NUMBER: _ClassVar[int]
    MAX_SCALE_FIELD_NUMBER: _ClassVar[int]
    MIN_ASPECT_RATIO_FIELD_NUMBER: _ClassVar[int]
    MAX_ASPECT_RATIO_FIELD_NUMBER: _ClassVar[int]
    min_scale: float
    max_scale: float
    min_aspect_ratio: float
    max_aspect_ratio: float
    def __init__(self, min_scale: _Optional[float] = ..., max_scale: _Optional[float] = ..., min_aspect_ratio: _Optional[float] = ..., max_aspect_ratio: _Optional[float] = ...) -> None: ...

class SampleConstraint(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("min_jaccard_overlap", "max_jaccard_overlap", "min_sample_coverage", "max_sample_coverage", "min_object_coverage", "max_object_coverage")
    MIN_JACCARD_OVERLAP_FIELD_NUMBER: _ClassVar[int]
    MAX_JACCARD_OVERLAP_FIELD_NUMBER: _ClassVar[int]
    MIN_SAMPLE_COVERAGE_FIELD_NUMBER: _ClassVar[int]
    MAX_SAMPLE_COVERAGE_FIELD_NUMBER: _ClassVar[int]
    MIN_OBJECT_COVERAGE_FIELD_NUMBER: _ClassVar[int]
    MAX_OBJECT_COVERAGE_FIELD_NUMBER: _ClassVar[int]
    min_jaccard_overlap: float
    max_jaccard_overlap: float
    min_sample_coverage: float
    max_sample_coverage: float
    min_object_coverage: float
    max_object_coverage: float
    def __init__(self, min_jaccard_overlap: _Optional[float] = ..., max_jaccard_overlap: _Optional[float] = ..., min_sample_coverage: _Optional[float] = ..., max_sample_coverage: _Optional[float] = ..., min_object_coverage: _Optional[float] = ..., max_object_coverage: _Optional[float] = ...) -> None: ...

class ResizeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("prob", "resize_mode", "height", "width", "height_scale", "width_scale", "pad_mode", "pad_value", "interp_mode", "center_object", "max_angle", "jitter")
    class Resize_mode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        WARP: _ClassVar[ResizeParameter.Resize_mode]
        FIT_SMALL_SIZE: _ClassVar[ResizeParameter.Resize_mode]
        FIT_LARGE_SIZE_AND_PAD: _ClassVar[ResizeParameter.Resize_mode]
    WARP: ResizeParameter.Resize_mode
    FIT_SMALL_SIZE: ResizeParameter.Resize_mode
    FIT_LARGE_SIZE_AND_PAD: ResizeParameter.Resize_mode
    class Pad_mode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        CONSTANT: _ClassVar[ResizeParameter.Pad_mode]
        MIRRORED: _ClassVar[ResizeParameter.Pad_mode]
        REPEAT_NEAREST: _ClassVar[ResizeParameter.Pad_mode]
    CONSTANT: ResizeParameter.Pad_mode
    MIRRORED: ResizeParameter.Pad_mode
    REPEAT_NEAREST: ResizeParameter.Pad_mode
    class Interp_mode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        LINEAR: _ClassVar[ResizeParameter.Interp_mode]
        AREA: _ClassVar[ResizeParameter.Interp_mode]
        NEAREST: _ClassVar[ResizeParameter.Interp_mode]
        CUBIC: _ClassVar[ResizeParameter.Interp_mode]
        LANCZOS4: _ClassVar[ResizeParameter.Interp_mode]
    LINEAR: ResizeParameter.Interp_mode
    AREA: ResizeParameter.Interp_mode
    NEAREST: ResizeParameter.Interp_mode
    CUBIC: ResizeParameter.Interp_mode
    LANCZOS4: ResizeParameter.Interp_mode
    PROB_FIELD_NUMBER: _ClassVar[int]
    RESIZE_MODE_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_SCALE_FIELD_NUMBER: _ClassVar[int]
    WIDTH_SCALE_FIELD_NUMBER: _ClassVar[int]
    PAD_MODE_FIELD_NUMBER: _ClassVar[int]
    PAD_VALUE_FIELD_NUMBER: _ClassVar[int]
    INTERP_MODE_FIELD_NUMBER: _ClassVar[int]
    CENTER_OBJECT_FIELD_NUMBER: _ClassVar[int]
    MAX_ANGLE_FIELD_NUMBER: _ClassVar[int]
    JITTER_FIELD_NUMBER: _ClassVar[int]
    prob: float
    resize_mode: ResizeParameter.Resize_mode
    height: int
    width: int
    height_scale: int
    width_scale: int
    pad_mode: ResizeParameter.Pad_mode
    pad_value: _containers.RepeatedScalarFieldContainer[float]
    interp_mode: _containers.RepeatedScalarFieldContainer[ResizeParameter.Interp_mode]
    center_object: bool
    max_angle: float
    jitter: float
    def __init__(self, prob: _Optional[float] = ..., resize_mode: _Optional[_Union[ResizeParameter.Resize_mode, str]] = ..., height: _Optional[int] = ..., width: _Optional[int] = ..., height_scale: _Optional[int] = ..., width_scale: _Optional[int] = ..., pad_mode: _Optional[_Union[ResizeParameter.Pad_mode, str]] = ..., pad_value: _Optional[_Iterable[float]] = ..., interp_mode: _Optional[_Iterable[_Union[ResizeParameter.Interp_mode, str]]] = ..., center_object: _Optional[bool] = ..., max_angle: _Optional[float] = ..., jitter: _Optional[float] = ...) -> None: ...

class DistortionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("brightness_prob", "brightness_delta", "contrast_prob", "contrast_lower", "contrast_upper", "hue_prob", "hue_delta", "saturation_prob", "saturation_lower", "saturation_upper", "random_order_prob", "exposure_lower", "exposure_upper", "prob", "brightness", "contrast", "saturation", "hue", "random_order", "all_effects")
    BRIGHTNESS_PROB_FIELD_NUMBER: _ClassVar[int]
    BRIGHTNESS_DELTA_FIELD_NUMBER: _ClassVar[int]
    CONTRAST_PROB_FIELD_NUMBER: _ClassVar[int]
    CONTRAST_LOWER_FIELD_NUMBER: _ClassVar[int]
    CONTRAST_UPPER_FIELD_NUMBER: _ClassVar[int]
    HUE_PROB_FIELD_NUMBER: _ClassVar[int]
    HUE_DELTA_FIELD_NUMBER: _ClassVar[int]
    SATURATION_PROB_FIELD_NUMBER: _ClassVar[int]
    SATURATION_LOWER_FIELD_NUMBER: _ClassVar[int]
    SATURATION_UPPER_FIELD_NUMBER: _ClassVar[int]
    RANDOM_ORDER_PROB_FIELD_NUMBER: _ClassVar[int]
    EXPOSURE_LOWER_FIELD_NUMBER: _ClassVar[int]
    EXPOSURE_UPPER_FIELD_NUMBER: _ClassVar[int]
    PROB_FIELD_NUMBER: _ClassVar[int]
    BRIGHTNESS_FIELD_NUMBER: _ClassVar[int]
    CONTRAST_FIELD_NUMBER: _ClassVar[int]
    SATURATION_FIELD_NUMBER: _ClassVar[int]
    HUE_FIELD_NUMBER: _ClassVar[int]
    RANDOM_ORDER_FIELD_NUMBER: _ClassVar[int]
    ALL_EFFECTS_FIELD_NUMBER: _ClassVar[int]
    brightness_prob: float
    brightness_delta: float
    contrast_prob: float
    contrast_lower: float
    contrast_upper: float
    hue_prob: float
    hue_delta: float
    saturation_prob: float
    saturation_lower: float
    saturation_upper: float
    random_order_prob: float
    exposure_lower: float
    exposure_upper: float
    prob: float
    brightness: bool
    contrast: bool
    saturation: bool
    hue: bool
    random_order: bool
    all_effects: bool
    def __init__(self, brightness_prob: _Optional[float] = ..., brightness_delta: _Optional[float] = ..., contrast_prob: _Optional[float] = ..., contrast_lower: _Optional[float] = ..., contrast_upper: _Optional[float] = ..., hue_prob: _Optional[float] = ..., hue_delta: _Optional[float] = ..., saturation_prob: _Optional[float] = ..., saturation_lower: _Optional[float] = ..., saturation_upper: _Optional[float] = ..., random_order_prob: _Optional[float] = ..., exposure_lower: _Optional[float] = ..., exposure_upper: _Optional[float] = ..., prob: _Optional[float] = ..., brightness: _Optional[bool] = ..., contrast: _Optional[bool] = ..., saturation: _Optional[bool] = ..., hue: _Optional[bool] = ..., random_order: _Optional[bool] = ..., all_effects: _Optional[bool] = ...) -> None: ...

class ImageNoiseParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("prob", "decolorize", "gauss_blur", "hist_eq", "clahe", "jpeg", "erode", "posterize", "inverse", "saltpepper", "saltpepper_param", "convert_to_hsv", "convert_to_lab", "all_effects")
    PROB_FIELD_NUMBER: _ClassVar[int]
    DECOLORIZE_FIELD_NUMBER: _ClassVar[int]
    GAUSS_BLUR_FIELD_NUMBER: _ClassVar[int]
    HIST_EQ_FIELD_NUMBER: _ClassVar[int]
    CLAHE_FIELD_NUMBER: _ClassVar[int]
    JPEG_FIELD_NUMBER: _ClassVar[int]
    ERODE_FIELD_NUMBER: _ClassVar[int]
    POSTERIZE_FIELD_NUMBER: _ClassVar[int]
    INVERSE_FIELD_NUMBER: _ClassVar[int]
    SALTPEPPER_FIELD_NUMBER: _ClassVar[int]
    SALTPEPPER_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONVERT_TO_HSV_FIELD_NUMBER: _ClassVar[int]
    CONVERT_TO_LAB_FIELD_NUMBER: _ClassVar[int]
    ALL_EFFECTS_FIELD_NUMBER: _ClassVar[int]
    prob: float
    decolorize: bool
    gauss_blur: bool
    hist_eq: bool
    clahe: bool
    jpeg: float
    erode: bool
    posterize: bool
    inverse: bool
    saltpepper: bool
    saltpepper_param: SaltPepperParameter
    convert_to_hsv: bool
    convert_to_lab: bool
    all_effects: bool
    def __init__(self, prob: _Optional[float] = ..., decolorize: _Optional[bool] = ..., gauss_blur: _Optional[bool] = ..., hist_eq: _Optional[bool] = ..., clahe: _Optional[bool] = ..., jpeg: _Optional[float] = ..., erode: _Optional[bool] = ..., posterize: _Optional[bool] = ..., inverse: _Optional[bool] = ..., saltpepper: _Optional[bool] = ..., saltpepper_param: _Optional[_Union[SaltPepperParameter, _Mapping[str, object]]] = ..., convert_to_hsv: _Optional[bool] = ..., convert_to_lab: _Optional[bool] = ..., all_effects: _Optional[bool] = ...) -> None: ...

class SaltPepperParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("fraction", "value")
    FRACTION_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    fraction: float
    value: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, fraction: _Optional[float] = ..., value: _Optional[_Iterable[float]] = ...) -> None: ...

class GeometryParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("prob", "persp_horizontal", "persp_vertical", "zoom_out", "zoom_in", "zoom_factor", "persp_factor", "all_effects", "pad_mode")
    class Pad_mode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        CONSTANT: _ClassVar[GeometryParameter.Pad_mode]
        MIRRORED: _ClassVar[GeometryParameter.Pad_mode]
        REPEAT_NEAREST: _ClassVar[GeometryParameter.Pad_mode]
    CONSTANT: GeometryParameter.Pad_mode
    MIRRORED: GeometryParameter.Pad_mode
    REPEAT_NEAREST: GeometryParameter.Pad_mode
    PROB_FIELD_NUMBER: _ClassVar[int]
    PERSP_HORIZONTAL_FIELD_NUMBER: _ClassVar[int]
    PERSP_VERTICAL_FIELD_NUMBER: _ClassVar[int]
    ZOOM_OUT_FIELD_NUMBER: _ClassVar[int]
    ZOOM_IN_FIELD_NUMBER: _ClassVar[int]
    ZOOM_FACTOR_FIELD_NUMBER: _ClassVar[int]
    PERSP_FACTOR_FIELD_NUMBER: _ClassVar[int]
    ALL_EFFECTS_FIELD_NUMBER: _ClassVar[int]
    PAD_MODE_FIELD_NUMBER: _ClassVar[int]
    prob: float
    persp_horizontal: bool
    persp_vertical: bool
    zoom_out: bool
    zoom_in: bool
    zoom_factor: float
    persp_factor: float
    all_effects: bool
    pad_mode: GeometryParameter.Pad_mode
    def __init__(self, prob: _Optional[float] = ..., persp_horizontal: _Optional[bool] = ..., persp_vertical: _Optional[bool] = ..., zoom_out: _Optional[bool] = ..., zoom_in: _Optional[bool] = ..., zoom_factor: _Optional[float] = ..., persp_factor: _Optional[float] = ..., all_effects: _Optional[bool] = ..., pad_mode: _Optional[_Union[GeometryParameter.Pad_mode, str]] = ...) -> None: ...

class ExpansionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("prob", "max_expand_ratio")
    PROB_FIELD_NUMBER: _ClassVar[int]
    MAX_EXPAND_RATIO_FIELD_NUMBER: _ClassVar[int]
    prob: float
    max_expand_ratio: float
    def __init__(self, prob: _Optional[float] = ..., max_expand_ratio: _Optional[float] = ...) -> None: ...

class EmitConstraint(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("emit_type", "emit_overlap")
    class EmitType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        CENTER: _ClassVar[EmitConstraint.EmitType]
        MIN_OVERLAP: _ClassVar[EmitConstraint.EmitType]
    CENTER: EmitConstraint.EmitType
    MIN_OVERLAP: EmitConstraint.EmitType
    EMIT_TYPE_FIELD_NUMBER: _ClassVar[int]
    EMIT_OVERLAP_FIELD_NUMBER: _ClassVar[int]
    emit_type: EmitConstraint.EmitType
    emit_overlap: float
    def __init__(self, emit_type: _Optional[_Union[EmitConstraint.EmitType, str]] = ..., emit_overlap: _Optional[float] = ...) -> None: ...

class AnnotatedDatum(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("datum", "type", "annotation_group")
    class AnnotationType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        BBOX: _ClassVar[AnnotatedDatum.AnnotationType]
    BBOX: AnnotatedDatum.AnnotationType
    DATUM_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ANNOTATION_GROUP_FIELD_NUMBER: _ClassVar[int]
    datum: Datum
    type: AnnotatedDatum.AnnotationType
    annotation_group: _containers.RepeatedCompositeFieldContainer[AnnotationGroup]
    def __init__(self, datum: _Optional[_Union[Datum, _Mapping[str, object]]] = ..., type: _Optional[_Union[AnnotatedDatum.AnnotationType, str]] = ..., annotation_group: _Optional[_Iterable[_Union[AnnotationGroup, _Mapping[str, object]]]] = ...) -> None: ...

class AnnotationGroup(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("group_label", "annotation")
    GROUP_LABEL_FIELD_NUMBER: _ClassVar[int]
    ANNOTATION_FIELD_NUMBER: _ClassVar[int]
    group_label: int
    annotation: _containers.RepeatedCompositeFieldContainer[Annotation]
    def __init__(self, group_label: _Optional[int] = ..., annotation: _Optional[_Iterable[_Union[Annotation, _Mapping[str, object]]]] = ...) -> None: ...

class Annotation(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("instance_id", "bbox", "has_lm", "face_lm")
    INSTANCE_ID_FIELD_NUMBER: _ClassVar[int]
    BBOX_FIELD_NUMBER: _ClassVar[int]
    HAS_LM_FIELD_NUMBER: _ClassVar[int]
    FACE_LM_FIELD_NUMBER: _ClassVar[int]
    instance_id: int
    bbox: NormalizedBBox
    has_lm: int
    face_lm: AnnoFaceLandmarks
    def __init__(self, instance_id: _Optional[int] = ..., bbox: _Optional[_Union[NormalizedBBox, _Mapping[str, object]]] = ..., has_lm: _Optional[int] = ..., face_lm: _Optional[_Union[AnnoFaceLandmarks, _Mapping[str, object]]] = ...) -> None: ...

class AnnoFaceLandmarks(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("lefteye", "righteye", "nose", "leftmouth", "rightmouth")
    LEFTEYE_FIELD_NUMBER: _ClassVar[int]
    RIGHTEYE_FIELD_NUMBER: _ClassVar[int]
    NOSE_FIELD_NUMBER: _ClassVar[int]
    LEFTMOUTH_FIELD_NUMBER: _ClassVar[int]
    RIGHTMOUTH_FIELD_NUMBER: _ClassVar[int]
    lefteye: FacePoint
    righteye: FacePoint
    nose: FacePoint
    leftmouth: FacePoint
    rightmouth: FacePoint
    def __init__(self, lefteye: _Optional[_Union[FacePoint, _Mapping[str, object]]] = ..., righteye: _Optional[_Union[FacePoint, _Mapping[str, object]]] = ..., nose: _Optional[_Union[FacePoint, _Mapping[str, object]]] = ..., leftmouth: _Optional[_Union[FacePoint, _Mapping[str, object]]] = ..., rightmouth: _Optional[_Union[FacePoint, _Mapping[str, object]]] = ...) -> None: ...

class FacePoint(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("x", "y")
    X_FIELD_NUMBER: _ClassVar[int]
    Y_FIELD_NUMBER: _ClassVar[int]
    x: float
    y: float
    def __init__(self, x: _Optional[float] = ..., y: _Optional[float] = ...) -> None: ...

class NormalizedBBox(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("xmin", "ymin", "xmax", "ymax", "label", "difficult", "score", "size", "x_center", "y_center", "width", "height")
    XMIN_FIELD_NUMBER: _ClassVar[int]
    YMIN_FIELD_NUMBER: _ClassVar[int]
    XMAX_FIELD_NUMBER: _ClassVar[int]
    YMAX_FIELD_NUMBER: _ClassVar[int]
    LABEL_FIELD_NUMBER: _ClassVar[int]
    DIFFICULT_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    X_CENTER_FIELD_NUMBER: _ClassVar[int]
    Y_CENTER_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    xmin: float
    ymin: float
    xmax: float
    ymax: float
    label: int
    difficult: bool
    score: float
    size: float
    x_center: float
    y_center: float
    width: float
    height: float
    def __init__(self, xmin: _Optional[float] = ..., ymin: _Optional[float] = ..., xmax: _Optional[float] = ..., ymax: _Optional[float] = ..., label: _Optional[int] = ..., difficult: _Optional[bool] = ..., score: _Optional[float] = ..., size: _Optional[float] = ..., x_center: _Optional[float] = ..., y_center: _Optional[float] = ..., width: _Optional[float] = ..., height: _Optional[float] = ...) -> None: ...

class ROIPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pooled_h", "pooled_w", "spatial_scale", "pad_ratio", "pool", "bi_type", "is_multi_interpolate")
    POOLED_H_FIELD_NUMBER: _ClassVar[int]
    POOLED_W_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_SCALE_FIELD_NUMBER: _ClassVar[int]
    PAD_RATIO_FIELD_NUMBER: _ClassVar[int]
    POOL_FIELD_NUMBER: _ClassVar[int]
    BI_TYPE_FIELD_NUMBER: _ClassVar[int]
    IS_MULTI_INTERPOLATE_FIELD_NUMBER: _ClassVar[int]
    pooled_h: int
    pooled_w: int
    spatial_scale: float
    pad_ratio: float
    pool: ROIPoolingMethod.PoolMethod
    bi_type: int
    is_multi_interpolate: bool
    def __init__(self, pooled_h: _Optional[int] = ..., pooled_w: _Optional[int] = ..., spatial_scale: _Optional[float] = ..., pad_ratio: _Optional[float] = ..., pool: _Optional[_Union[ROIPoolingMethod.PoolMethod, str]] = ..., bi_type: _Optional[int] = ..., is_multi_interpolate: _Optional[bool] = ...) -> None: ...

class ROIPoolingMethod(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    class PoolMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MAX: _ClassVar[ROIPoolingMethod.PoolMethod]
        AVE: _ClassVar[ROIPoolingMethod.PoolMethod]
    MAX: ROIPoolingMethod.PoolMethod
    AVE: ROIPoolingMethod.PoolMethod
    def __init__(self) -> None: ...

class PSROIPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("spatial_scale", "output_dim", "group_size", "pad_ratio")
    SPATIAL_SCALE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_DIM_FIELD_NUMBER: _ClassVar[int]
    GROUP_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAD_RATIO_FIELD_NUMBER: _ClassVar[int]
    spatial_scale: float
    output_dim: int
    group_size: int
    pad_ratio: float
    def __init__(self, spatial_scale: _Optional[float] = ..., output_dim: _Optional[int] = ..., group_size: _Optional[int] = ..., pad_ratio: _Optional[float] = ...) -> None: ...

class BoxAnnotatorOHEMParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("roi_per_img", "ignore_label")
    ROI_PER_IMG_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    roi_per_img: int
    ignore_label: int
    def __init__(self, roi_per_img: _Optional[int] = ..., ignore_label: _Optional[int] = ...) -> None: ...

class SmoothL1LossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("sigma", "abssum")
    SIGMA_FIELD_NUMBER: _ClassVar[int]
    ABSSUM_FIELD_NUMBER: _ClassVar[int]
    sigma: float
    abssum: bool
    def __init__(self, sigma: _Optional[float] = ..., abssum: _Optional[bool] = ...) -> None: ...

class ReorgParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("stride", "reverse")
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    REVERSE_FIELD_NUMBER: _ClassVar[int]
    stride: int
    reverse: bool
    def __init__(self, stride: _Optional[int] = ..., reverse: _Optional[bool] = ...) -> None: ...

class UpsampleParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("scale", "scale_h", "scale_w", "pad_out_h", "pad_out_w", "upsample_h", "upsample_w")
    SCALE_FIELD_NUMBER: _ClassVar[int]
    SCALE_H_FIELD_NUMBER: _ClassVar[int]
    SCALE_W_FIELD_NUMBER: _ClassVar[int]
    PAD_OUT_H_FIELD_NUMBER: _ClassVar[int]
    PAD_OUT_W_FIELD_NUMBER: _ClassVar[int]
    UPSAMPLE_H_FIELD_NUMBER: _ClassVar[int]
    UPSAMPLE_W_FIELD_NUMBER: _ClassVar[int]
    scale: int
    scale_h: int
    scale_w: int
    pad_out_h: bool
    pad_out_w: bool
    upsample_h: int
    upsample_w: int
    def __init__(self, scale: _Optional[int] = ..., scale_h: _Optional[int] = ..., scale_w: _Optional[int] = ..., pad_out_h: _Optional[bool] = ..., pad_out_w: _Optional[bool] = ..., upsample_h: _Optional[int] = ..., upsample_w: _Optional[int] = ...) -> None: ...

class InterpParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("height", "width", "zoom_factor", "shrink_factor", "pad_beg", "pad_end", "full_zoom_factor", "use_blob_size", "mode", "interp_type", "is_seglabel")
    class Mode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        LINEAR: _ClassVar[InterpParameter.Mode]
        NEAREST: _ClassVar[InterpParameter.Mode]
    LINEAR: InterpParameter.Mode
    NEAREST: InterpParameter.Mode
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    ZOOM_FACTOR_FIELD_NUMBER: _ClassVar[int]
    SHRINK_FACTOR_FIELD_NUMBER: _ClassVar[int]
    PAD_BEG_FIELD_NUMBER: _ClassVar[int]
    PAD_END_FIELD_NUMBER: _ClassVar[int]
    FULL_ZOOM_FACTOR_FIELD_NUMBER: _ClassVar[int]
    USE_BLOB_SIZE_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    INTERP_TYPE_FIELD_NUMBER: _ClassVar[int]
    IS_SEGLABEL_FIELD_NUMBER: _ClassVar[int]
    height: int
    width: int
    zoom_factor: int
    shrink_factor: int
    pad_beg: int
    pad_end: int
    full_zoom_factor: int
    use_blob_size: bool
    mode: InterpParameter.Mode
    interp_type: str
    is_seglabel: bool
    def __init__(self, height: _Optional[int] = ..., width: _Optional[int] = ..., zoom_factor: _Optional[int] = ..., shrink_factor: _Optional[int] = ..., pad_beg: _Optional[int] = ..., pad_end: _Optional[int] = ..., full_zoom_factor: _Optional[int] = ..., use_blob_size: _Optional[bool] = ..., mode: _Optional[_Union[InterpParameter.Mode, str]] = ..., interp_type: _Optional[str] = ..., is_seglabel: _Optional[bool] = ...) -> None: ...

class ShuffleChannelParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("group",)
    GROUP_FIELD_NUMBER: _ClassVar[int]
    group: int
    def __init__(self, group: _Optional[int] = ...) -> None: ...

class SqueezeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis",)
    AXIS_FIELD_NUMBER: _ClassVar[int]
    axis: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, axis: _Optional[_Iterable[int]] = ...) -> None: ...

class UpsampleDarknetParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("stride",)
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    stride: int
    def __init__(self, stride: _Optional[int] = ...) -> None: ...

class ResizeNearestNeighborParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("align_corners", "half_pixel_centers", "half_pixel_onnx", "output_height", "output_width", "data_format", "scale_height", "scale_width")
    ALIGN_CORNERS_FIELD_NUMBER: _ClassVar[int]
    HALF_PIXEL_CENTERS_FIELD_NUMBER: _ClassVar[int]
    HALF_PIXEL_ONNX_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_WIDTH_FIELD_NUMBER: _ClassVar[int]
    DATA_FORMAT_FIELD_NUMBER: _ClassVar[int]
    SCALE_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    SCALE_WIDTH_FIELD_NUMBER: _ClassVar[int]
    align_corners: bool
    half_pixel_centers: bool
    half_pixel_onnx: bool
    output_height: int
    output_width: int
    data_format: str
    scale_height: float
    scale_width: float
    def __init__(self, align_corners: _Optional[bool] = ..., half_pixel_centers: _Optional[bool] = ..., half_pixel_onnx: _Optional[bool] = ..., output_height: _Optional[int] = ..., output_width: _Optional[int] = ..., data_format: _Optional[str] = ..., scale_height: _Optional[float] = ..., scale_width: _Optional[float] = ...) -> None: ...

class ResizeBilinearParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("align_corners", "half_pixel_centers", "pytorch_half_pixel", "output_height", "output_width", "output_depth", "data_format", "scale_height", "scale_width", "scale_depth")
    ALIGN_CORNERS_FIELD_NUMBER: _ClassVar[int]
    HALF_PIXEL_CENTERS_FIELD_NUMBER: _ClassVar[int]
    PYTORCH_HALF_PIXEL_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_WIDTH_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_DEPTH_FIELD_NUMBER: _ClassVar[int]
    DATA_FORMAT_FIELD_NUMBER: _ClassVar[int]
    SCALE_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    SCALE_WIDTH_FIELD_NUMBER: _ClassVar[int]
    SCALE_DEPTH_FIELD_NUMBER: _ClassVar[int]
    align_corners: bool
    half_pixel_centers: bool
    pytorch_half_pixel: bool
    output_height: int
    output_width: int
    output_depth: int
    data_format: str
    scale_height: float
    scale_width: float
    scale_depth: float
    def __init__(self, align_corners: _Optional[bool] = ..., half_pixel_centers: _Optional[bool] = ..., pytorch_half_pixel: _Optional[bool] = ..., output_height: _Optional[int] = ..., output_width: _Optional[int] = ..., output_depth: _Optional[int] = ..., data_format: _Optional[str] = ..., scale_height: _Optional[float] = ..., scale_width: _Optional[float] = ..., scale_depth: _Optional[float] = ...) -> None: ...

class FilterParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis", "num_output")
    AXIS_FIELD_NUMBER: _ClassVar[int]
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    axis: int
    num_output: int
    def __init__(self, axis: _Optional[int] = ..., num_output: _Optional[int] = ...) -> None: ...

class PaddingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pad", "pad_beg", "pad_end")
    PAD_FIELD_NUMBER: _ClassVar[int]
    PAD_BEG_FIELD_NUMBER: _ClassVar[int]
    PAD_END_FIELD_NUMBER: _ClassVar[int]
    pad: int
    pad_beg: int
    pad_end: int
    def __init__(self, pad: _Optional[int] = ..., pad_beg: _Optional[int] = ..., pad_end: _Optional[int] = ...) -> None: ...

class PadParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("paddings", "pad_w", "pad_h", "constant_values")
    PADDINGS_FIELD_NUMBER: _ClassVar[int]
    PAD_W_FIELD_NUMBER: _ClassVar[int]
    PAD_H_FIELD_NUMBER: _ClassVar[int]
    CONSTANT_VALUES_FIELD_NUMBER: _ClassVar[int]
    paddings: _containers.RepeatedScalarFieldContainer[int]
    pad_w: int
    pad_h: int
    constant_values: float
    def __init__(self, paddings: _Optional[_Iterable[int]] = ..., pad_w: _Optional[int] = ..., pad_h: _Optional[int] = ..., constant_values: _Optional[float] = ...) -> None: ...

class SpaceToBatchNDParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("block_shape", "paddings")
    BLOCK_SHAPE_FIELD_NUMBER: _ClassVar[int]
    PADDINGS_FIELD_NUMBER: _ClassVar[int]
    block_shape: _containers.RepeatedScalarFieldContainer[int]
    paddings: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, block_shape: _Optional[_Iterable[int]] = ..., paddings: _Optional[_Iterable[int]] = ...) -> None: ...

class BatchToSpaceNDParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("block_shape", "crops")
    BLOCK_SHAPE_FIELD_NUMBER: _ClassVar[int]
    CROPS_FIELD_NUMBER: _ClassVar[int]
    block_shape: _containers.RepeatedScalarFieldContainer[int]
    crops: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, block_shape: _Optional[_Iterable[int]] = ..., crops: _Optional[_Iterable[int]] = ...) -> None: ...

class SegAccuracyParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("metric", "ignore_label", "reset")
    METRIC_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    RESET_FIELD_NUMBER: _ClassVar[int]
    metric: str
    ignore_label: _containers.RepeatedScalarFieldContainer[int]
    reset: bool
    def __init__(self, metric: _Optional[str] = ..., ignore_label: _Optional[_Iterable[int]] = ..., reset: _Optional[bool] = ...) -> None: ...

class UnpoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("unpool", "pad", "pad_h", "pad_w", "kernel_size", "kernel_h", "kernel_w", "stride", "stride_h", "stride_w", "engine", "unpool_size", "unpool_h", "unpool_w")
    class UnpoolMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MAX: _ClassVar[UnpoolingParameter.UnpoolMethod]
        AVE: _ClassVar[UnpoolingParameter.UnpoolMethod]
        TILE: _ClassVar[UnpoolingParameter.UnpoolMethod]
    MAX: UnpoolingParameter.UnpoolMethod
    AVE: UnpoolingParameter.UnpoolMethod
    TILE: UnpoolingParameter.UnpoolMethod
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[UnpoolingParameter.Engine]
        CAFFE: _ClassVar[UnpoolingParameter.Engine]
        CUDNN: _ClassVar[UnpoolingParameter.Engine]
    DEFAULT: UnpoolingParameter.Engine
    CAFFE: UnpoolingParameter.Engine
    CUDNN: UnpoolingParameter.Engine
    UNPOOL_FIELD_NUMBER: _ClassVar[int]
    PAD_FIELD_NUMBER: _ClassVar[int]
    PAD_H_FIELD_NUMBER: _ClassVar[int]
    PAD_W_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    KERNEL_H_FIELD_NUMBER: _ClassVar[int]
    KERNEL_W_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    STRIDE_H_FIELD_NUMBER: _ClassVar[int]
    STRIDE_W_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    UNPOOL_SIZE_FIELD_NUMBER: _ClassVar[int]
    UNPOOL_H_FIELD_NUMBER: _ClassVar[int]
    UNPOOL_W_FIELD_NUMBER: _ClassVar[int]
    unpool: UnpoolingParameter.UnpoolMethod
    pad: int
    pad_h: int
    pad_w: int
    kernel_size: int
    kernel_h: int
    kernel_w: int
    stride: int
    stride_h: int
    stride_w: int
    engine: UnpoolingParameter.Engine
    unpool_size: int
    unpool_h: int
    unpool_w: int
    def __init__(self, unpool: _Optional[_Union[UnpoolingParameter.UnpoolMethod, str]] = ..., pad: _Optional[int] = ..., pad_h: _Optional[int] = ..., pad_w: _Optional[int] = ..., kernel_size: _Optional[int] = ..., kernel_h: _Optional[int] = ..., kernel_w: _Optional[int] = ..., stride: _Optional[int] = ..., stride_h: _Optional[int] = ..., stride_w: _Optional[int] = ..., engine: _Optional[_Union[UnpoolingParameter.Engine, str]] = ..., unpool_size: _Optional[int] = ..., unpool_h: _Optional[int] = ..., unpool_w: _Optional[int] = ...) -> None: ...

class MultiStageMeanfieldParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("compatibility_mode", "threshold", "theta_alpha", "theta_beta", "theta_gamma", "num_iterations", "spatial_filter_weight", "bilateral_filter_weight", "forced_spatial_filter_weight", "forced_bilateral_filter_weight", "spatial_filter_weights_str", "bilateral_filter_weights_str", "force_cpu")
    class Mode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        POTTS: _ClassVar[MultiStageMeanfieldParameter.Mode]
        SEMI_METRIC: _ClassVar[MultiStageMeanfieldParameter.Mode]
        METRIC: _ClassVar[MultiStageMeanfieldParameter.Mode]
    POTTS: MultiStageMeanfieldParameter.Mode
    SEMI_METRIC: MultiStageMeanfieldParameter.Mode
    METRIC: MultiStageMeanfieldParameter.Mode
    COMPATIBILITY_MODE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    THETA_ALPHA_FIELD_NUMBER: _ClassVar[int]
    THETA_BETA_FIELD_NUMBER: _ClassVar[int]
    THETA_GAMMA_FIELD_NUMBER: _ClassVar[int]
    NUM_ITERATIONS_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_FILTER_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    BILATERAL_FILTER_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    FORCED_SPATIAL_FILTER_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    FORCED_BILATERAL_FILTER_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_FILTER_WEIGHTS_STR_FIELD_NUMBER: _ClassVar[int]
    BILATERAL_FILTER_WEIGHTS_STR_FIELD_NUMBER: _ClassVar[int]
    FORCE_CPU_FIELD_NUMBER: _ClassVar[int]
    compatibility_mode: MultiStageMeanfieldParameter.Mode
    threshold: float
    theta_alpha: float
    theta_beta: float
    theta_gamma: float
    num_iterations: int
    spatial_filter_weight: float
    bilateral_filter_weight: float
    forced_spatial_filter_weight: float
    forced_bilateral_filter_weight: float
    spatial_filter_weights_str: str
    bilateral_filter_weights_str: str
    force_cpu: bool
    def __init__(self, compatibility_mode: _Optional[_Union[MultiStageMeanfieldParameter.Mode, str]] = ..., threshold: _Optional[float] = ..., theta_alpha: _Optional[float] = ..., theta_beta: _Optional[float] = ..., theta_gamma: _Optional[float] = ..., num_iterations: _Optional[int] = ..., spatial_filter_weight: _Optional[float] = ..., bilateral_filter_weight: _Optional[float] = ..., forced_spatial_filter_weight: _Optional[float] = ..., forced_bilateral_filter_weight: _Optional[float] = ..., spatial_filter_weights_str: _Optional[str] = ..., bilateral_filter_weights_str: _Optional[str] = ..., force_cpu: _Optional[bool] = ...) -> None: ...

class TransposeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("dim", "shape", "transposetype")
    class TransposeType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        CONVTOLSTM: _ClassVar[TransposeParameter.TransposeType]
        LSTMTOCONV: _ClassVar[TransposeParameter.TransposeType]
    CONVTOLSTM: TransposeParameter.TransposeType
    LSTMTOCONV: TransposeParameter.TransposeType
    DIM_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    TRANSPOSETYPE_FIELD_NUMBER: _ClassVar[int]
    dim: _containers.RepeatedScalarFieldContainer[int]
    shape: BlobShape
    transposetype: TransposeParameter.TransposeType
    def __init__(self, dim: _Optional[_Iterable[int]] = ..., shape: _Optional[_Union[BlobShape, _Mapping[str, object]]] = ..., transposetype: _Optional[_Union[TransposeParameter.TransposeType, str]] = ...) -> None: ...

class ReverseParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis",)
    AXIS_FIELD_NUMBER: _ClassVar[int]
    axis: int
    def __init__(self, axis: _Optional[int] = ...) -> None: ...

class LSTMParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "clipping_threshold", "weight_filler", "bias_filler", "batch_size", "num_cells", "bias_term", "input_gate_weight_filler", "forget_gate_weight_filler", "output_gate_weight_filler", "input_weight_filler", "input_gate_bias_filler", "forget_gate_bias_filler", "output_gate_bias_filler", "input_bias_filler", "hidden_dim", "buffer_size", "lstm_debug_info", "identity_prior", "diagonal_cell_gates")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    CLIPPING_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    NUM_CELLS_FIELD_NUMBER: _ClassVar[int]
    BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    INPUT_GATE_WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    FORGET_GATE_WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_GATE_WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    INPUT_WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    INPUT_GATE_BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    FORGET_GATE_BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_GATE_BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    INPUT_BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    HIDDEN_DIM_FIELD_NUMBER: _ClassVar[int]
    BUFFER_SIZE_FIELD_NUMBER: _ClassVar[int]
    LSTM_DEBUG_INFO_FIELD_NUMBER: _ClassVar[int]
    IDENTITY_PRIOR_FIELD_NUMBER: _ClassVar[int]
    DIAGONAL_CELL_GATES_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    clipping_threshold: float
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    batch_size: int
    num_cells: int
    bias_term: bool
    input_gate_weight_filler: FillerParameter
    forget_gate_weight_filler: FillerParameter
    output_gate_weight_filler: FillerParameter
    input_weight_filler: FillerParameter
    input_gate_bias_filler: FillerParameter
    forget_gate_bias_filler: FillerParameter
    output_gate_bias_filler: FillerParameter
    input_bias_filler: FillerParameter
    hidden_dim: int
    buffer_size: int
    lstm_debug_info: bool
    identity_prior: bool
    diagonal_cell_gates: bool
    def __init__(self, num_output: _Optional[int] = ..., clipping_threshold: _Optional[float] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., batch_size: _Optional[int] = ..., num_cells: _Optional[int] = ..., bias_term: _Optional[bool] = ..., input_gate_weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., forget_gate_weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., output_gate_weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., input_weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., input_gate_bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., forget_gate_bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., output_gate_bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., input_bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., hidden_dim: _Optional[int] = ..., buffer_size: _Optional[int] = ..., lstm_debug_info: _Optional[bool] = ..., identity_prior: _Optional[bool] = ..., diagonal_cell_gates: _Optional[bool] = ...) -> None: ...

class Fine2CoarseProbParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_coarse", "fine2coarse")
    NUM_COARSE_FIELD_NUMBER: _ClassVar[int]
    FINE2COARSE_FIELD_NUMBER: _ClassVar[int]
    num_coarse: int
    fine2coarse: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, num_coarse: _Optional[int] = ..., fine2coarse: _Optional[_Iterable[int]] = ...) -> None: ...

class Fine2MultiCoarseParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("coarse_id",)
    COARSE_ID_FIELD_NUMBER: _ClassVar[int]
    coarse_id: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, coarse_id: _Optional[_Iterable[int]] = ...) -> None: ...

class Fine2MultiCoarseProbParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_coarse", "fine2multicoarse_param")
    NUM_COARSE_FIELD_NUMBER: _ClassVar[int]
    FINE2MULTICOARSE_PARAM_FIELD_NUMBER: _ClassVar[int]
    num_coarse: int
    fine2multicoarse_param: _containers.RepeatedCompositeFieldContainer[Fine2MultiCoarseParameter]
    def __init__(self, num_coarse: _Optional[int] = ..., fine2multicoarse_param: _Optional[_Iterable[_Union[Fine2MultiCoarseParameter, _Mapping[str, object]]]] = ...) -> None: ...

class ShiftStitchParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("iter", "stride", "stride_h", "stride_w")
    ITER_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    STRIDE_H_FIELD_NUMBER: _ClassVar[int]
    STRIDE_W_FIELD_NUMBER: _ClassVar[int]
    iter: int
    stride: _containers.RepeatedScalarFieldContainer[int]
    stride_h: _containers.RepeatedScalarFieldContainer[int]
    stride_w: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, iter: _Optional[int] = ..., stride: _Optional[_Iterable[int]] = ..., stride_h: _Optional[_Iterable[int]] = ..., stride_w: _Optional[_Iterable[int]] = ...) -> None: ...

class BilinearInterpolationParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("interpolation_factor",)
    INTERPOLATION_FACTOR_FIELD_NUMBER: _ClassVar[int]
    interpolation_factor: int
    def __init__(self, interpolation_factor: _Optional[int] = ...) -> None: ...

class MultinomialLogisticSparsityLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("sparsity_lamda", "target_sparsity")
    SPARSITY_LAMDA_FIELD_NUMBER: _ClassVar[int]
    TARGET_SPARSITY_FIELD_NUMBER: _ClassVar[int]
    sparsity_lamda: float
    target_sparsity: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, sparsity_lamda: _Optional[float] = ..., target_sparsity: _Optional[_Iterable[float]] = ...) -> None: ...

class CompactClassifyLayerParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("class_id",)
    CLASS_ID_FIELD_NUMBER: _ClassVar[int]
    class_id: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, class_id: _Optional[_Iterable[int]] = ...) -> None: ...

class CompactProbabilisticAverageProbParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_class", "compact_classify_layer_param")
    NUM_CLASS_FIELD_NUMBER: _ClassVar[int]
    COMPACT_CLASSIFY_LAYER_PARAM_FIELD_NUMBER: _ClassVar[int]
    num_class: int
    compact_classify_layer_param: _containers.RepeatedCompositeFieldContainer[CompactClassifyLayerParameter]
    def __init__(self, num_class: _Optional[int] = ..., compact_classify_layer_param: _Optional[_Iterable[_Union[CompactClassifyLayerParameter, _Mapping[str, object]]]] = ...) -> None: ...

class Idx2OneHotParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("dim",)
    DIM_FIELD_NUMBER: _ClassVar[int]
    dim: int
    def __init__(self, dim: _Optional[int] = ...) -> None: ...

class MILParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("context_per_roi",)
    CONTEXT_PER_ROI_FIELD_NUMBER: _ClassVar[int]
    context_per_roi: int
    def __init__(self, context_per_roi: _Optional[int] = ...) -> None: ...

class CtcLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("alphabet_size", "time_step", "blank_label", "output_delay", "blank_index", "preprocess_collapse_repeated", "ctc_merge_repeated", "loss_calculation_t")
    ALPHABET_SIZE_FIELD_NUMBER: _ClassVar[int]
    TIME_STEP_FIELD_NUMBER: _ClassVar[int]
    BLANK_LABEL_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_DELAY_FIELD_NUMBER: _ClassVar[int]
    BLANK_INDEX_FIELD_NUMBER: _ClassVar[int]
    PREPROCESS_COLLAPSE_REPEATED_FIELD_NUMBER: _ClassVar[int]
    CTC_MERGE_REPEATED_FIELD_NUMBER: _ClassVar[int]
    LOSS_CALCULATION_T_FIELD_NUMBER: _ClassVar[int]
    alphabet_size: int
    time_step: int
    blank_label: int
    output_delay: int
    blank_index: int
    preprocess_collapse_repeated: bool
    ctc_merge_repeated: bool
    loss_calculation_t: int
    def __init__(self, alphabet_size: _Optional[int] = ..., time_step: _Optional[int] = ..., blank_label: _Optional[int] = ..., output_delay: _Optional[int] = ..., blank_index: _Optional[int] = ..., preprocess_collapse_repeated: _Optional[bool] = ..., ctc_merge_repeated: _Optional[bool] = ..., loss_calculation_t: _Optional[int] = ...) -> None: ...

class CTCDecoderParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("blank_index", "ctc_merge_repeated")
    BLANK_INDEX_FIELD_NUMBER: _ClassVar[int]
    CTC_MERGE_REPEATED_FIELD_NUMBER: _ClassVar[int]
    blank_index: int
    ctc_merge_repeated: bool
    def __init__(self, blank_index: _Optional[int] = ..., ctc_merge_repeated: _Optional[bool] = ...) -> None: ...

class SampleTripletParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("label_num", "sample_num", "eps", "alpha")
    LABEL_NUM_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_NUM_FIELD_NUMBER: _ClassVar[int]
    EPS_FIELD_NUMBER: _ClassVar[int]
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    label_num: int
    sample_num: int
    eps: float
    alpha: float
    def __init__(self, label_num: _Optional[int] = ..., sample_num: _Optional[int] = ..., eps: _Optional[float] = ..., alpha: _Optional[float] = ...) -> None: ...

class CosinLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "cosin_filler", "axis", "scale", "margin")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    COSIN_FILLER_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    cosin_filler: FillerParameter
    axis: int
    scale: float
    margin: float
    def __init__(self, num_output: _Optional[int] = ..., cosin_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., axis: _Optional[int] = ..., scale: _Optional[float] = ..., margin: _Optional[float] = ...) -> None: ...

class TridimSpatialTransformerParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("transform_type", "sampler_type", "output_H", "output_W", "output_D", "to_compute_dU", "theta_1_1", "theta_1_2", "theta_1_3", "theta_1_4", "theta_2_1", "theta_2_2", "theta_2_3", "theta_2_4", "theta_3_1", "theta_3_2", "theta_3_3", "theta_3_4")
    TRANSFORM_TYPE_FIELD_NUMBER: _ClassVar[int]
    SAMPLER_TYPE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_H_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_W_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_D_FIELD_NUMBER: _ClassVar[int]
    TO_COMPUTE_DU_FIELD_NUMBER: _ClassVar[int]
    THETA_1_1_FIELD_NUMBER: _ClassVar[int]
    THETA_1_2_FIELD_NUMBER: _ClassVar[int]
    THETA_1_3_FIELD_NUMBER: _ClassVar[int]
    THETA_1_4_FIELD_NUMBER: _ClassVar[int]
    THETA_2_1_FIELD_NUMBER: _ClassVar[int]
    THETA_2_2_FIELD_NUMBER: _ClassVar[int]
    THETA_2_3_FIELD_NUMBER: _ClassVar[int]
    THETA_2_4_FIELD_NUMBER: _ClassVar[int]
    THETA_3_1_FIELD_NUMBER: _ClassVar[int]
    THETA_3_2_FIELD_NUMBER: _ClassVar[int]
    THETA_3_3_FIELD_NUMBER: _ClassVar[int]
    THETA_3_4_FIELD_NUMBER: _ClassVar[int]
    transform_type: str
    sampler_type: str
    output_H: int
    output_W: int
    output_D: int
    to_compute_dU: bool
    theta_1_1: float
    theta_1_2: float
    theta_1_3: float
    theta_1_4: float
    theta_2_1: float
    theta_2_2: float
    theta_2_3: float
    theta_2_4: float
    theta_3_1: float
    theta_3_2: float
    theta_3_3: float
    theta_3_4: float
    def __init__(self, transform_type: _Optional[str] = ..., sampler_type: _Optional[str] = ..., output_H: _Optional[int] = ..., output_W: _Optional[int] = ..., output_D: _Optional[int] = ..., to_compute_dU: _Optional[bool] = ..., theta_1_1: _Optional[float] = ..., theta_1_2: _Optional[float] = ..., theta_1_3: _Optional[float] = ..., theta_1_4: _Optional[float] = ..., theta_2_1: _Optional[float] = ..., theta_2_2: _Optional[float] = ..., theta_2_3: _Optional[float] = ..., theta_2_4: _Optional[float] = ..., theta_3_1: _Optional[float] = ..., theta_3_2: _Optional[float] = ..., theta_3_3: _Optional[float] = ..., theta_3_4: _Optional[float] = ...) -> None: ...

class AnnotatedCrops(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    class CropType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        CROP_BATCH: _ClassVar[AnnotatedCrops.CropType]
        CROP_JITTER: _ClassVar[AnnotatedCrops.CropType]
        CROP_ANCHOR: _ClassVar[AnnotatedCrops.CropType]
        CROP_GT_BBOX: _ClassVar[AnnotatedCrops.CropType]
        CROP_DEFAULT: _ClassVar[AnnotatedCrops.CropType]
    CROP_BATCH: AnnotatedCrops.CropType
    CROP_JITTER: AnnotatedCrops.CropType
    CROP_ANCHOR: AnnotatedCrops.CropType
    CROP_GT_BBOX: AnnotatedCrops.CropType
    CROP_DEFAULT: AnnotatedCrops.CropType
    def __init__(self) -> None: ...

class DataAnchorSampler(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("use_original_image", "scale", "sample_constraint", "max_sample", "max_trials")
    USE_ORIGINAL_IMAGE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_CONSTRAINT_FIELD_NUMBER: _ClassVar[int]
    MAX_SAMPLE_FIELD_NUMBER: _ClassVar[int]
    MAX_TRIALS_FIELD_NUMBER: _ClassVar[int]
    use_original_image: bool
    scale: _containers.RepeatedScalarFieldContainer[int]
    sample_constraint: SampleConstraint
    max_sample: int
    max_trials: int
    def __init__(self, use_original_image: _Optional[bool] = ..., scale: _Optional[_Iterable[int]] = ..., sample_constraint: _Optional[_Union[SampleConstraint, _Mapping[str, object]]] = ..., max_sample: _Optional[int] = ..., max_trials: _Optional[int] = ...) -> None: ...

class LFFDSampler(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("box", "max_sample", "max_trials")
    class BboxSampler(_message.Message):
        DESCRIPTOR: _descriptor.Descriptor
        __slots__ = ("bbox_small_scale", "bbox_large_scale", "ancher_stride")
        BBOX_SMALL_SCALE_FIELD_NUMBER: _ClassVar[int]
        BBOX_LARGE_SCALE_FIELD_NUMBER: _ClassVar[int]
        ANCHER_STRIDE_FIELD_NUMBER: _ClassVar[int]
        bbox_small_scale: float
        bbox_large_scale: float
        ancher_stride: int
        def __init__(self, bbox_small_scale: _Optional[float] = ..., bbox_large_scale: _Optional[float] = ..., ancher_stride: _Optional[int] = ...) -> None: ...
    BOX_FIELD_NUMBER: _ClassVar[int]
    MAX_SAMPLE_FIELD_NUMBER: _ClassVar[int]
    MAX_TRIALS_FIELD_NUMBER: _ClassVar[int]
    box: _containers.RepeatedCompositeFieldContainer[LFFDSampler.BboxSampler]
    max_sample: int
    max_trials: int
    def __init__(self, box: _Optional[_Iterable[_Union[LFFDSampler.BboxSampler, _Mapping[str, object]]]] = ..., max_sample: _Optional[int] = ..., max_trials: _Optional[int] = ...) -> None: ...

class CenterObjectLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_class", "share_location", "loc_loss_type", "conf_loss_type", "loc_weight", "bias_scale", "bias_num", "net_width", "net_height", "ignore_thresh", "low_bbox_scale", "up_bbox_scale", "class_type", "has_lm", "lm_loss_type")
    class LocLossType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        L2: _ClassVar[CenterObjectLossParameter.LocLossType]
        SMOOTH_L1: _ClassVar[CenterObjectLossParameter.LocLossType]
    L2: CenterObjectLossParameter.LocLossType
    SMOOTH_L1: CenterObjectLossParameter.LocLossType
    class ConfLossType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        FOCALSIGMOID: _ClassVar[CenterObjectLossParameter.ConfLossType]
    FOCALSIGMOID: CenterObjectLossParameter.ConfLossType
    NUM_CLASS_FIELD_NUMBER: _ClassVar[int]
    SHARE_LOCATION_FIELD_NUMBER: _ClassVar[int]
    LOC_LOSS_TYPE_FIELD_NUMBER: _ClassVar[int]
    CONF_LOSS_TYPE_FIELD_NUMBER: _ClassVar[int]
    LOC_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    BIAS_SCALE_FIELD_NUMBER: _ClassVar[int]
    BIAS_NUM_FIELD_NUMBER: _ClassVar[int]
    NET_WIDTH_FIELD_NUMBER: _ClassVar[int]
    NET_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    IGNORE_THRESH_FIELD_NUMBER: _ClassVar[int]
    LOW_BBOX_SCALE_FIELD_NUMBER: _ClassVar[int]
    UP_BBOX_SCALE_FIELD_NUMBER: _ClassVar[int]
    CLASS_TYPE_FIELD_NUMBER: _ClassVar[int]
    HAS_LM_FIELD_NUMBER: _ClassVar[int]
    LM_LOSS_TYPE_FIELD_NUMBER: _ClassVar[int]
    num_class: int
    share_location: bool
    loc_loss_type: CenterObjectLossParameter.LocLossType
    conf_loss_type: CenterObjectLossParameter.ConfLossType
    loc_weight: float
    bias_scale: _containers.RepeatedScalarFieldContainer[float]
    bias_num: int
    net_width: int
    net_height: int
    ignore_thresh: float
    low_bbox_scale: int
    up_bbox_scale: int
    class_type: CentreScores.ClassType
    has_lm: bool
    lm_loss_type: CenterObjectLossParameter.LocLossType
    def __init__(self, num_class: _Optional[int] = ..., share_location: _Optional[bool] = ..., loc_loss_type: _Optional[_Union[CenterObjectLossParameter.LocLossType, str]] = ..., conf_loss_type: _Optional[_Union[CenterObjectLossParameter.ConfLossType, str]] = ..., loc_weight: _Optional[float] = ..., bias_scale: _Optional[_Iterable[float]] = ..., bias_num: _Optional[int] = ..., net_width: _Optional[int] = ..., net_height: _Optional[int] = ..., ignore_thresh: _Optional[float] = ..., low_bbox_scale: _Optional[int] = ..., up_bbox_scale: _Optional[int] = ..., class_type: _Optional[_Union[CentreScores.ClassType, str]] = ..., has_lm: _Optional[bool] = ..., lm_loss_type: _Optional[_Union[CenterObjectLossParameter.LocLossType, str]] = ...) -> None: ...

class ScaleFilterParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("min_scale", "max_scale")
    MIN_SCALE_FIELD_NUMBER: _ClassVar[int]
    MAX_SCALE_FIELD_NUMBER: _ClassVar[int]
    min_scale: float
    max_scale: float
    def __init__(self, min_scale: _Optional[float] = ..., max_scale: _Optional[float] = ...) -> None: ...

class RandomImageData2Parameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("source", "root_folder", "label_num", "batch_size", "always_max_size", "is_scale_image", "rand_skip", "shuffle", "max_size", "min_size", "is_color", "visual_path", "skel_points_path", "img_ext", "visual_images_path", "visual_labels_path", "visual_aux_info_path", "is_perturb_coords", "min_plb", "max_plb", "receptive_field_size", "parts_orders_path")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    ROOT_FOLDER_FIELD_NUMBER: _ClassVar[int]
    LABEL_NUM_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    ALWAYS_MAX_SIZE_FIELD_NUMBER: _ClassVar[int]
    IS_SCALE_IMAGE_FIELD_NUMBER: _ClassVar[int]
    RAND_SKIP_FIELD_NUMBER: _ClassVar[int]
    SHUFFLE_FIELD_NUMBER: _ClassVar[int]
    MAX_SIZE_FIELD_NUMBER: _ClassVar[int]
    MIN_SIZE_FIELD_NUMBER: _ClassVar[int]
    IS_COLOR_FIELD_NUMBER: _ClassVar[int]
    VISUAL_PATH_FIELD_NUMBER: _ClassVar[int]
    SKEL_POINTS_PATH_FIELD_NUMBER: _ClassVar[int]
    IMG_EXT_FIELD_NUMBER: _ClassVar[int]
    VISUAL_IMAGES_PATH_FIELD_NUMBER: _ClassVar[int]
    VISUAL_LABELS_PATH_FIELD_NUMBER: _ClassVar[int]
    VISUAL_AUX_INFO_PATH_FIELD_NUMBER: _ClassVar[int]
    IS_PERTURB_COORDS_FIELD_NUMBER: _ClassVar[int]
    MIN_PLB_FIELD_NUMBER: _ClassVar[int]
    MAX_PLB_FIELD_NUMBER: _ClassVar[int]
    RECEPTIVE_FIELD_SIZE_FIELD_NUMBER: _ClassVar[int]
    PARTS_ORDERS_PATH_FIELD_NUMBER: _ClassVar[int]
    source: _containers.RepeatedScalarFieldContainer[str]
    root_folder: _containers.RepeatedScalarFieldContainer[str]
    label_num: int
    batch_size: int
    always_max_size: bool
    is_scale_image: bool
    rand_skip: int
    shuffle: bool
    max_size: int
    min_size: _containers.RepeatedScalarFieldContainer[int]
    is_color: bool
    visual_path: str
    skel_points_path: str
    img_ext: str
    visual_images_path: str
    visual_labels_path: str
    visual_aux_info_path: str
    is_perturb_coords: bool
    min_plb: float
    max_plb: float
    receptive_field_size: int
    parts_orders_path: str
    def __init__(self, source: _Optional[_Iterable[str]] = ..., root_folder: _Optional[_Iterable[str]] = ..., label_num: _Optional[int] = ..., batch_size: _Optional[int] = ..., always_max_size: _Optional[bool] = ..., is_scale_image: _Optional[bool] = ..., rand_skip: _Optional[int] = ..., shuffle: _Optional[bool] = ..., max_size: _Optional[int] = ..., min_size: _Optional[_Iterable[int]] = ..., is_color: _Optional[bool] = ..., visual_path: _Optional[str] = ..., skel_points_path: _Optional[str] = ..., img_ext: _Optional[str] = ..., visual_images_path: _Optional[str] = ..., visual_labels_path: _Optional[str] = ..., visual_aux_info_path: _Optional[str] = ..., is_perturb_coords: _Optional[bool] = ..., min_plb: _Optional[float] = ..., max_plb: _Optional[float] = ..., receptive_field_size: _Optional[int] = ..., parts_orders_path: _Optional[str] = ...) -> None: ...

class FusedSum(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    class FusionType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        NONE_FUSION: _ClassVar[FusedSum.FusionType]
        SUM_FUSION: _ClassVar[FusedSum.FusionType]
    NONE_FUSION: FusedSum.FusionType
    SUM_FUSION: FusedSum.FusionType
    def __init__(self) -> None: ...

class FusedConvolution(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    class FuseType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        UNFUSED: _ClassVar[FusedConvolution.FuseType]
        FUSED_CONV_MAX_POOLING_RELU: _ClassVar[FusedConvolution.FuseType]
        FUSED_CONV_RELU: _ClassVar[FusedConvolution.FuseType]
        FUSED_CONV_ELTWISE_RELU: _ClassVar[FusedConvolution.FuseType]
        FUSED_CONV_ELTWISE: _ClassVar[FusedConvolution.FuseType]
        FUSED_CONV_PRELU: _ClassVar[FusedConvolution.FuseType]
        FUSED_CONV_ELTWISE_PRELU: _ClassVar[FusedConvolution.FuseType]
    UNFUSED: FusedConvolution.FuseType
    FUSED_CONV_MAX_POOLING_RELU: FusedConvolution.FuseType
    FUSED_CONV_RELU: FusedConvolution.FuseType
    FUSED_CONV_ELTWISE_RELU: FusedConvolution.FuseType
    FUSED_CONV_ELTWISE: FusedConvolution.FuseType
    FUSED_CONV_PRELU: FusedConvolution.FuseType
    FUSED_CONV_ELTWISE_PRELU: FusedConvolution.FuseType
    def __init__(self) -> None: ...

class FusedLRN(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    class FuseType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        UNFUSED: _ClassVar[FusedLRN.FuseType]
        FUSED_POOL_MAX: _ClassVar[FusedLRN.FuseType]
    UNFUSED: FusedLRN.FuseType
    FUSED_POOL_MAX: FusedLRN.FuseType
    def __init__(self) -> None: ...

class SimplerNMSParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("cls_threshold", "max_num_proposals", "iou_threshold", "min_bbox_size", "feat_stride", "pre_nms_topn", "post_nms_topn", "scale")
    CLS_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    MAX_NUM_PROPOSALS_FIELD_NUMBER: _ClassVar[int]
    IOU_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    MIN_BBOX_SIZE_FIELD_NUMBER: _ClassVar[int]
    FEAT_STRIDE_FIELD_NUMBER: _ClassVar[int]
    PRE_NMS_TOPN_FIELD_NUMBER: _ClassVar[int]
    POST_NMS_TOPN_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    cls_threshold: float
    max_num_proposals: int
    iou_threshold: float
    min_bbox_size: int
    feat_stride: int
    pre_nms_topn: int
    post_nms_topn: int
    scale: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, cls_threshold: _Optional[float] = ..., max_num_proposals: _Optional[int] = ..., iou_threshold: _Optional[float] = ..., min_bbox_size: _Optional[int] = ..., feat_stride: _Optional[int] = ..., pre_nms_topn: _Optional[int] = ..., post_nms_topn: _Optional[int] = ..., scale: _Optional[_Iterable[float]] = ...) -> None: ...

class FasterRcnnDetectionOutputParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_classes", "background_label_id", "nms_param", "confidence_threshold")
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    BACKGROUND_LABEL_ID_FIELD_NUMBER: _ClassVar[int]
    NMS_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    num_classes: int
    background_label_id: int
    nms_param: NonMaximumSuppressionParameter
    confidence_threshold: float
    def __init__(self, num_classes: _Optional[int] = ..., background_label_id: _Optional[int] = ..., nms_param: _Optional[_Union[NonMaximumSuppressionParameter, _Mapping[str, object]]] = ..., confidence_threshold: _Optional[float] = ...) -> None: ...

class SymmetricRectifyParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("filler", "channel_shared", "thre_decay")
    FILLER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_SHARED_FIELD_NUMBER: _ClassVar[int]
    THRE_DECAY_FIELD_NUMBER: _ClassVar[int]
    filler: FillerParameter
    channel_shared: bool
    thre_decay: float
    def __init__(self, filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., channel_shared: _Optional[bool] = ..., thre_decay: _Optional[float] = ...) -> None: ...

class WassersteinParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("ground_metric", "scaling_iter", "shift_gradient")
    GROUND_METRIC_FIELD_NUMBER: _ClassVar[int]
    SCALING_ITER_FIELD_NUMBER: _ClassVar[int]
    LAMBDA_FIELD_NUMBER: _ClassVar[int]
    SHIFT_GRADIENT_FIELD_NUMBER: _ClassVar[int]
    ground_metric: str
    scaling_iter: int
    shift_gradient: bool
    def __init__(self, ground_metric: _Optional[str] = ..., scaling_iter: _Optional[int] = ..., shift_gradient: _Optional[bool] = ..., **kwargs: object) -> None: ...

class LabelTransformParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("label_transform_file",)
    LABEL_TRANSFORM_FILE_FIELD_NUMBER: _ClassVar[int]
    label_transform_file: str
    def __init__(self, label_transform_file: _Optional[str] = ...) -> None: ...

class TreeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("node_weight", "tree_depth", "label_transform_file")
    NODE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    TREE_DEPTH_FIELD_NUMBER: _ClassVar[int]
    LABEL_TRANSFORM_FILE_FIELD_NUMBER: _ClassVar[int]
    node_weight: _containers.RepeatedScalarFieldContainer[float]
    tree_depth: int
    label_transform_file: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, node_weight: _Optional[_Iterable[float]] = ..., tree_depth: _Optional[int] = ..., label_transform_file: _Optional[_Iterable[str]] = ...) -> None: ...

class ExtractPrimaryParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("ims_per_batch",)
    IMS_PER_BATCH_FIELD_NUMBER: _ClassVar[int]
    ims_per_batch: int
    def __init__(self, ims_per_batch: _Optional[int] = ...) -> None: ...

class SecondaryRegionsOpScoresParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("n_secondary_regions", "op_scores", "has_scene_branch")
    class OpScoresMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MAX: _ClassVar[SecondaryRegionsOpScoresParameter.OpScoresMethod]
        SUM: _ClassVar[SecondaryRegionsOpScoresParameter.OpScoresMethod]
        AVE: _ClassVar[SecondaryRegionsOpScoresParameter.OpScoresMethod]
    MAX: SecondaryRegionsOpScoresParameter.OpScoresMethod
    SUM: SecondaryRegionsOpScoresParameter.OpScoresMethod
    AVE: SecondaryRegionsOpScoresParameter.OpScoresMethod
    N_SECONDARY_REGIONS_FIELD_NUMBER: _ClassVar[int]
    OP_SCORES_FIELD_NUMBER: _ClassVar[int]
    HAS_SCENE_BRANCH_FIELD_NUMBER: _ClassVar[int]
    n_secondary_regions: int
    op_scores: SecondaryRegionsOpScoresParameter.OpScoresMethod
    has_scene_branch: bool
    def __init__(self, n_secondary_regions: _Optional[int] = ..., op_scores: _Optional[_Union[SecondaryRegionsOpScoresParameter.OpScoresMethod, str]] = ..., has_scene_branch: _Optional[bool] = ...) -> None: ...

class SimilaryEuclideanLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("learn_lr", "loss_thresh", "loss_bias")
    LEARN_LR_FIELD_NUMBER: _ClassVar[int]
    LOSS_THRESH_FIELD_NUMBER: _ClassVar[int]
    LOSS_BIAS_FIELD_NUMBER: _ClassVar[int]
    learn_lr: float
    loss_thresh: float
    loss_bias: float
    def __init__(self, learn_lr: _Optional[float] = ..., loss_thresh: _Optional[float] = ..., loss_bias: _Optional[float] = ...) -> None: ...

class HeatMapsFromCoordsOriginParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("radius", "is_binary", "gau_mean", "gau_stds", "radius_str")
    RADIUS_FIELD_NUMBER: _ClassVar[int]
    IS_BINARY_FIELD_NUMBER: _ClassVar[int]
    GAU_MEAN_FIELD_NUMBER: _ClassVar[int]
    GAU_STDS_FIELD_NUMBER: _ClassVar[int]
    RADIUS_STR_FIELD_NUMBER: _ClassVar[int]
    radius: int
    is_binary: bool
    gau_mean: float
    gau_stds: float
    radius_str: str
    def __init__(self, radius: _Optional[int] = ..., is_binary: _Optional[bool] = ..., gau_mean: _Optional[float] = ..., gau_stds: _Optional[float] = ..., radius_str: _Optional[str] = ...) -> None: ...

class CoordsToBboxMasksParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("top_id", "bottom_id", "value", "visual_path", "img_ext", "top_id2", "bottom_id2", "perturb_num")
    TOP_ID_FIELD_NUMBER: _ClassVar[int]
    BOTTOM_ID_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    VISUAL_PATH_FIELD_NUMBER: _ClassVar[int]
    IMG_EXT_FIELD_NUMBER: _ClassVar[int]
    TOP_ID2_FIELD_NUMBER: _ClassVar[int]
    BOTTOM_ID2_FIELD_NUMBER: _ClassVar[int]
    PERTURB_NUM_FIELD_NUMBER: _ClassVar[int]
    top_id: int
    bottom_id: int
    value: int
    visual_path: str
    img_ext: str
    top_id2: int
    bottom_id2: int
    perturb_num: int
    def __init__(self, top_id: _Optional[int] = ..., bottom_id: _Optional[int] = ..., value: _Optional[int] = ..., visual_path: _Optional[str] = ..., img_ext: _Optional[str] = ..., top_id2: _Optional[int] = ..., bottom_id2: _Optional[int] = ..., perturb_num: _Optional[int] = ...) -> None: ...

class PoseEuDistAccuracyParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("acc_factor", "acc_factor_num", "images_num", "acc_path", "acc_name", "log_name", "zero_iter_test")
    ACC_FACTOR_FIELD_NUMBER: _ClassVar[int]
    ACC_FACTOR_NUM_FIELD_NUMBER: _ClassVar[int]
    IMAGES_NUM_FIELD_NUMBER: _ClassVar[int]
    ACC_PATH_FIELD_NUMBER: _ClassVar[int]
    ACC_NAME_FIELD_NUMBER: _ClassVar[int]
    LOG_NAME_FIELD_NUMBER: _ClassVar[int]
    ZERO_ITER_TEST_FIELD_NUMBER: _ClassVar[int]
    acc_factor: float
    acc_factor_num: int
    images_num: int
    acc_path: str
    acc_name: str
    log_name: str
    zero_iter_test: bool
    def __init__(self, acc_factor: _Optional[float] = ..., acc_factor_num: _Optional[int] = ..., images_num: _Optional[int] = ..., acc_path: _Optional[str] = ..., acc_name: _Optional[str] = ..., log_name: _Optional[str] = ..., zero_iter_test: _Optional[bool] = ...) -> None: ...

class TorsoMaskFromCoordsParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("top_id", "bottom_id", "value", "img_ext", "visual_path", "top_id2", "bottom_id2", "input_path", "perb_num")
    TOP_ID_FIELD_NUMBER: _ClassVar[int]
    BOTTOM_ID_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    IMG_EXT_FIELD_NUMBER: _ClassVar[int]
    VISUAL_PATH_FIELD_NUMBER: _ClassVar[int]
    TOP_ID2_FIELD_NUMBER: _ClassVar[int]
    BOTTOM_ID2_FIELD_NUMBER: _ClassVar[int]
    INPUT_PATH_FIELD_NUMBER: _ClassVar[int]
    PERB_NUM_FIELD_NUMBER: _ClassVar[int]
    top_id: int
    bottom_id: int
    value: int
    img_ext: str
    visual_path: str
    top_id2: int
    bottom_id2: int
    input_path: str
    perb_num: int
    def __init__(self, top_id: _Optional[int] = ..., bottom_id: _Optional[int] = ..., value: _Optional[int] = ..., img_ext: _Optional[str] = ..., visual_path: _Optional[str] = ..., top_id2: _Optional[int] = ..., bottom_id2: _Optional[int] = ..., input_path: _Optional[str] = ..., perb_num: _Optional[int] = ...) -> None: ...

class PoseHeatMapLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("loss_emphase_type", "fg_eof", "bg_eof", "ratio", "bg_num", "heat_score_thres", "heat_score_thres_arr", "parts_err_num_thres", "hard_negative_filepath", "prob_num")
    LOSS_EMPHASE_TYPE_FIELD_NUMBER: _ClassVar[int]
    FG_EOF_FIELD_NUMBER: _ClassVar[int]
    BG_EOF_FIELD_NUMBER: _ClassVar[int]
    RATIO_FIELD_NUMBER: _ClassVar[int]
    BG_NUM_FIELD_NUMBER: _ClassVar[int]
    HEAT_SCORE_THRES_FIELD_NUMBER: _ClassVar[int]
    HEAT_SCORE_THRES_ARR_FIELD_NUMBER: _ClassVar[int]
    PARTS_ERR_NUM_THRES_FIELD_NUMBER: _ClassVar[int]
    HARD_NEGATIVE_FILEPATH_FIELD_NUMBER: _ClassVar[int]
    PROB_NUM_FIELD_NUMBER: _ClassVar[int]
    loss_emphase_type: int
    fg_eof: float
    bg_eof: float
    ratio: float
    bg_num: float
    heat_score_thres: float
    heat_score_thres_arr: _containers.RepeatedScalarFieldContainer[float]
    parts_err_num_thres: int
    hard_negative_filepath: str
    prob_num: int
    def __init__(self, loss_emphase_type: _Optional[int] = ..., fg_eof: _Optional[float] = ..., bg_eof: _Optional[float] = ..., ratio: _Optional[float] = ..., bg_num: _Optional[float] = ..., heat_score_thres: _Optional[float] = ..., heat_score_thres_arr: _Optional[_Iterable[float]] = ..., parts_err_num_thres: _Optional[int] = ..., hard_negative_filepath: _Optional[str] = ..., prob_num: _Optional[int] = ...) -> None: ...

class PoseCoordsFromHeatMapsParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("heat_map_a", "heat_map_b", "top_k")
    HEAT_MAP_A_FIELD_NUMBER: _ClassVar[int]
    HEAT_MAP_B_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    heat_map_a: int
    heat_map_b: int
    top_k: int
    def __init__(self, heat_map_a: _Optional[int] = ..., heat_map_b: _Optional[int] = ..., top_k: _Optional[int] = ...) -> None: ...

class PosePDJAccuracyParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("acc_factor", "acc_factor_num", "images_num", "acc_path", "acc_name", "hip_id", "shoulder_id", "log_name", "zero_iter_test")
    ACC_FACTOR_FIELD_NUMBER: _ClassVar[int]
    ACC_FACTOR_NUM_FIELD_NUMBER: _ClassVar[int]
    IMAGES_NUM_FIELD_NUMBER: _ClassVar[int]
    ACC_PATH_FIELD_NUMBER: _ClassVar[int]
    ACC_NAME_FIELD_NUMBER: _ClassVar[int]
    HIP_ID_FIELD_NUMBER: _ClassVar[int]
    SHOULDER_ID_FIELD_NUMBER: _ClassVar[int]
    LOG_NAME_FIELD_NUMBER: _ClassVar[int]
    ZERO_ITER_TEST_FIELD_NUMBER: _ClassVar[int]
    acc_factor: float
    acc_factor_num: int
    images_num: int
    acc_path: str
    acc_name: str
    hip_id: int
    shoulder_id: int
    log_name: str
    zero_iter_test: bool
    def __init__(self, acc_factor: _Optional[float] = ..., acc_factor_num: _Optional[int] = ..., images_num: _Optional[int] = ..., acc_path: _Optional[str] = ..., acc_name: _Optional[str] = ..., hip_id: _Optional[int] = ..., shoulder_id: _Optional[int] = ..., log_name: _Optional[str] = ..., zero_iter_test: _Optional[bool] = ...) -> None: ...

class AnchorEmbeddingExtractorParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_anchors", "label_src_pos", "num_valid_actions", "output_instance_weights", "output_proposals")
    NUM_ANCHORS_FIELD_NUMBER: _ClassVar[int]
    LABEL_SRC_POS_FIELD_NUMBER: _ClassVar[int]
    NUM_VALID_ACTIONS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_INSTANCE_WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_PROPOSALS_FIELD_NUMBER: _ClassVar[int]
    num_anchors: int
    label_src_pos: int
    num_valid_actions: int
    output_instance_weights: bool
    output_proposals: bool
    def __init__(self, num_anchors: _Optional[int] = ..., label_src_pos: _Optional[int] = ..., num_valid_actions: _Optional[int] = ..., output_instance_weights: _Optional[bool] = ..., output_proposals: _Optional[bool] = ...) -> None: ...

class GRNParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("bias", "dummy_backward")
    BIAS_FIELD_NUMBER: _ClassVar[int]
    DUMMY_BACKWARD_FIELD_NUMBER: _ClassVar[int]
    bias: float
    dummy_backward: bool
    def __init__(self, bias: _Optional[float] = ..., dummy_backward: _Optional[bool] = ...) -> None: ...

class LabelsequenceAccuracyParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("blank_label",)
    BLANK_LABEL_FIELD_NUMBER: _ClassVar[int]
    blank_label: int
    def __init__(self, blank_label: _Optional[int] = ...) -> None: ...

class ProposalParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("feat_stride", "pre_nms_topn", "base_size", "min_size", "ratio", "scale", "post_nms_topn", "nms_thresh", "anchor_base_size", "anchor_scale", "anchor_ratio", "max_rois", "rpn_min_size", "rpn_nms_thresh")
    FEAT_STRIDE_FIELD_NUMBER: _ClassVar[int]
    PRE_NMS_TOPN_FIELD_NUMBER: _ClassVar[int]
    BASE_SIZE_FIELD_NUMBER: _ClassVar[int]
    MIN_SIZE_FIELD_NUMBER: _ClassVar[int]
    RATIO_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    POST_NMS_TOPN_FIELD_NUMBER: _ClassVar[int]
    NMS_THRESH_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_BASE_SIZE_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_SCALE_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_RATIO_FIELD_NUMBER: _ClassVar[int]
    MAX_ROIS_FIELD_NUMBER: _ClassVar[int]
    RPN_MIN_SIZE_FIELD_NUMBER: _ClassVar[int]
    RPN_NMS_THRESH_FIELD_NUMBER: _ClassVar[int]
    feat_stride: int
    pre_nms_topn: int
    base_size: int
    min_size: int
    ratio: _containers.RepeatedScalarFieldContainer[float]
    scale: _containers.RepeatedScalarFieldContainer[float]
    post_nms_topn: int
    nms_thresh: float
    anchor_base_size: int
    anchor_scale: int
    anchor_ratio: int
    max_rois: int
    rpn_min_size: float
    rpn_nms_thresh: float
    def __init__(self, feat_stride: _Optional[int] = ..., pre_nms_topn: _Optional[int] = ..., base_size: _Optional[int] = ..., min_size: _Optional[int] = ..., ratio: _Optional[_Iterable[float]] = ..., scale: _Optional[_Iterable[float]] = ..., post_nms_topn: _Optional[int] = ..., nms_thresh: _Optional[float] = ..., anchor_base_size: _Optional[int] = ..., anchor_scale: _Optional[int] = ..., anchor_ratio: _Optional[int] = ..., max_rois: _Optional[int] = ..., rpn_min_size: _Optional[float] = ..., rpn_nms_thresh: _Optional[float] = ...) -> None: ...

class RPNParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("feat_stride", "basesize", "scale", "ratio", "boxminsize", "per_nms_topn", "post_nms_topn", "nms_thresh")
    FEAT_STRIDE_FIELD_NUMBER: _ClassVar[int]
    BASESIZE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    RATIO_FIELD_NUMBER: _ClassVar[int]
    BOXMINSIZE_FIELD_NUMBER: _ClassVar[int]
    PER_NMS_TOPN_FIELD_NUMBER: _ClassVar[int]
    POST_NMS_TOPN_FIELD_NUMBER: _ClassVar[int]
    NMS_THRESH_FIELD_NUMBER: _ClassVar[int]
    feat_stride: int
    basesize: int
    scale: _containers.RepeatedScalarFieldContainer[int]
    ratio: _containers.RepeatedScalarFieldContainer[float]
    boxminsize: int
    per_nms_topn: int
    post_nms_topn: int
    nms_thresh: float
    def __init__(self, feat_stride: _Optional[int] = ..., basesize: _Optional[int] = ..., scale: _Optional[_Iterable[int]] = ..., ratio: _Optional[_Iterable[float]] = ..., boxminsize: _Optional[int] = ..., per_nms_topn: _Optional[int] = ..., post_nms_topn: _Optional[int] = ..., nms_thresh: _Optional[float] = ...) -> None: ...

class RegionLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_class", "num", "biases", "bias_match", "rescore", "object_scale", "class_scale", "noobject_scale", "coord_scale", "thresh", "class_map", "softmax_tree", "side", "coords", "softmax", "jitter", "absolute", "random")
    NUM_CLASS_FIELD_NUMBER: _ClassVar[int]
    NUM_FIELD_NUMBER: _ClassVar[int]
    BIASES_FIELD_NUMBER: _ClassVar[int]
    BIAS_MATCH_FIELD_NUMBER: _ClassVar[int]
    RESCORE_FIELD_NUMBER: _ClassVar[int]
    OBJECT_SCALE_FIELD_NUMBER: _ClassVar[int]
    CLASS_SCALE_FIELD_NUMBER: _ClassVar[int]
    NOOBJECT_SCALE_FIELD_NUMBER: _ClassVar[int]
    COORD_SCALE_FIELD_NUMBER: _ClassVar[int]
    THRESH_FIELD_NUMBER: _ClassVar[int]
    CLASS_MAP_FIELD_NUMBER: _ClassVar[int]
    SOFTMAX_TREE_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    COORDS_FIELD_NUMBER: _ClassVar[int]
    SOFTMAX_FIELD_NUMBER: _ClassVar[int]
    JITTER_FIELD_NUMBER: _ClassVar[int]
    ABSOLUTE_FIELD_NUMBER: _ClassVar[int]
    RANDOM_FIELD_NUMBER: _ClassVar[int]
    num_class: int
    num: int
    biases: _containers.RepeatedScalarFieldContainer[float]
    bias_match: int
    rescore: int
    object_scale: float
    class_scale: float
    noobject_scale: float
    coord_scale: float
    thresh: float
    class_map: str
    softmax_tree: str
    side: int
    coords: int
    softmax: int
    jitter: float
    absolute: int
    random: int
    def __init__(self, num_class: _Optional[int] = ..., num: _Optional[int] = ..., biases: _Optional[_Iterable[float]] = ..., bias_match: _Optional[int] = ..., rescore: _Optional[int] = ..., object_scale: _Optional[float] = ..., class_scale: _Optional[float] = ..., noobject_scale: _Optional[float] = ..., coord_scale: _Optional[float] = ..., thresh: _Optional[float] = ..., class_map: _Optional[str] = ..., softmax_tree: _Optional[str] = ..., side: _Optional[int] = ..., coords: _Optional[int] = ..., softmax: _Optional[int] = ..., jitter: _Optional[float] = ..., absolute: _Optional[int] = ..., random: _Optional[int] = ...) -> None: ...

class Yolov3Parameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_class", "num", "biases", "mask", "anchors_scale", "object_scale", "class_scale", "coord_scale", "thresh", "iou_thresh", "use_logic_gradient", "use_focal_loss", "label_smooth_eps", "iou_loss", "iou_normalizer", "max_delta", "accumulate", "side", "noobject_scale")
    class IouLoss(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        IOU: _ClassVar[Yolov3Parameter.IouLoss]
        GIOU: _ClassVar[Yolov3Parameter.IouLoss]
        MSE: _ClassVar[Yolov3Parameter.IouLoss]
        DIOU: _ClassVar[Yolov3Parameter.IouLoss]
        CIOU: _ClassVar[Yolov3Parameter.IouLoss]
    IOU: Yolov3Parameter.IouLoss
    GIOU: Yolov3Parameter.IouLoss
    MSE: Yolov3Parameter.IouLoss
    DIOU: Yolov3Parameter.IouLoss
    CIOU: Yolov3Parameter.IouLoss
    NUM_CLASS_FIELD_NUMBER: _ClassVar[int]
    NUM_FIELD_NUMBER: _ClassVar[int]
    BIASES_FIELD_NUMBER: _ClassVar[int]
    MASK_FIELD_NUMBER: _ClassVar[int]
    ANCHORS_SCALE_FIELD_NUMBER: _ClassVar[int]
    OBJECT_SCALE_FIELD_NUMBER: _ClassVar[int]
    CLASS_SCALE_FIELD_NUMBER: _ClassVar[int]
    COORD_SCALE_FIELD_NUMBER: _ClassVar[int]
    THRESH_FIELD_NUMBER: _ClassVar[int]
    IOU_THRESH_FIELD_NUMBER: _ClassVar[int]
    USE_LOGIC_GRADIENT_FIELD_NUMBER: _ClassVar[int]
    USE_FOCAL_LOSS_FIELD_NUMBER: _ClassVar[int]
    LABEL_SMOOTH_EPS_FIELD_NUMBER: _ClassVar[int]
    IOU_LOSS_FIELD_NUMBER: _ClassVar[int]
    IOU_NORMALIZER_FIELD_NUMBER: _ClassVar[int]
    MAX_DELTA_FIELD_NUMBER: _ClassVar[int]
    ACCUMULATE_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    NOOBJECT_SCALE_FIELD_NUMBER: _ClassVar[int]
    num_class: int
    num: int
    biases: _containers.RepeatedScalarFieldContainer[float]
    mask: _containers.RepeatedScalarFieldContainer[int]
    anchors_scale: float
    object_scale: float
    class_scale: float
    coord_scale: float
    thresh: float
    iou_thresh: float
    use_logic_gradient: bool
    use_focal_loss: bool
    label_smooth_eps: float
    iou_loss: Yolov3Parameter.IouLoss
    iou_normalizer: float
    max_delta: float
    accumulate: bool
    side: int
    noobject_scale: float
    def __init__(self, num_class: _Optional[int] = ..., num: _Optional[int] = ..., biases: _Optional[_Iterable[float]] = ..., mask: _Optional[_Iterable[int]] = ..., anchors_scale: _Optional[float] = ..., object_scale: _Optional[float] = ..., class_scale: _Optional[float] = ..., coord_scale: _Optional[float] = ..., thresh: _Optional[float] = ..., iou_thresh: _Optional[float] = ..., use_logic_gradient: _Optional[bool] = ..., use_focal_loss: _Optional[bool] = ..., label_smooth_eps: _Optional[float] = ..., iou_loss: _Optional[_Union[Yolov3Parameter.IouLoss, str]] = ..., iou_normalizer: _Optional[float] = ..., max_delta: _Optional[float] = ..., accumulate: _Optional[bool] = ..., side: _Optional[int] = ..., noobject_scale: _Optional[float] = ...) -> None: ...

class EvalDetectionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("side", "num_class", "num_object", "threshold", "sqrt", "constriant", "score_type", "nms", "biases")
    class ScoreType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        OBJ: _ClassVar[EvalDetectionParameter.ScoreType]
        PROB: _ClassVar[EvalDetectionParameter.ScoreType]
        MULTIPLY: _ClassVar[EvalDetectionParameter.ScoreType]
    OBJ: EvalDetectionParameter.ScoreType
    PROB: EvalDetectionParameter.ScoreType
    MULTIPLY: EvalDetectionParameter.ScoreType
    SIDE_FIELD_NUMBER: _ClassVar[int]
    NUM_CLASS_FIELD_NUMBER: _ClassVar[int]
    NUM_OBJECT_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    SQRT_FIELD_NUMBER: _ClassVar[int]
    CONSTRIANT_FIELD_NUMBER: _ClassVar[int]
    SCORE_TYPE_FIELD_NUMBER: _ClassVar[int]
    NMS_FIELD_NUMBER: _ClassVar[int]
    BIASES_FIELD_NUMBER: _ClassVar[int]
    side: int
    num_class: int
    num_object: int
    threshold: float
    sqrt: bool
    constriant: bool
    score_type: EvalDetectionParameter.ScoreType
    nms: float
    biases: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, side: _Optional[int] = ..., num_class: _Optional[int] = ..., num_object: _Optional[int] = ..., threshold: _Optional[float] = ..., sqrt: _Optional[bool] = ..., constriant: _Optional[bool] = ..., score_type: _Optional[_Union[EvalDetectionParameter.ScoreType, str]] = ..., nms: _Optional[float] = ..., biases: _Optional[_Iterable[float]] = ...) -> None: ...

class YoloSegParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("object_scale", "num_class", "class_scale", "use_logic_gradient", "use_hardsigmoid")
    OBJECT_SCALE_FIELD_NUMBER: _ClassVar[int]
    NUM_CLASS_FIELD_NUMBER: _ClassVar[int]
    CLASS_SCALE_FIELD_NUMBER: _ClassVar[int]
    USE_LOGIC_GRADIENT_FIELD_NUMBER: _ClassVar[int]
    USE_HARDSIGMOID_FIELD_NUMBER: _ClassVar[int]
    object_scale: float
    num_class: int
    class_scale: float
    use_logic_gradient: bool
    use_hardsigmoid: bool
    def __init__(self, object_scale: _Optional[float] = ..., num_class: _Optional[int] = ..., class_scale: _Optional[float] = ..., use_logic_gradient: _Optional[bool] = ..., use_hardsigmoid: _Optional[bool] = ...) -> None: ...

class SegmentationEvaluateParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_classes", "threshold")
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    num_classes: int
    threshold: float
    def __init__(self, num_classes: _Optional[int] = ..., threshold: _Optional[float] = ...) -> None: ...

class CorrelationParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pad", "kernel_size", "max_displacement", "stride_1", "stride_2", "do_abs", "single_direction", "correlation_type")
    class CorrelationType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MULTIPLY: _ClassVar[CorrelationParameter.CorrelationType]
        SUBTRACT: _ClassVar[CorrelationParameter.CorrelationType]
    MULTIPLY: CorrelationParameter.CorrelationType
    SUBTRACT: CorrelationParameter.CorrelationType
    PAD_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    MAX_DISPLACEMENT_FIELD_NUMBER: _ClassVar[int]
    STRIDE_1_FIELD_NUMBER: _ClassVar[int]
    STRIDE_2_FIELD_NUMBER: _ClassVar[int]
    DO_ABS_FIELD_NUMBER: _ClassVar[int]
    SINGLE_DIRECTION_FIELD_NUMBER: _ClassVar[int]
    CORRELATION_TYPE_FIELD_NUMBER: _ClassVar[int]
    pad: int
    kernel_size: int
    max_displacement: int
    stride_1: int
    stride_2: int
    do_abs: bool
    single_direction: int
    correlation_type: CorrelationParameter.CorrelationType
    def __init__(self, pad: _Optional[int] = ..., kernel_size: _Optional[int] = ..., max_displacement: _Optional[int] = ..., stride_1: _Optional[int] = ..., stride_2: _Optional[int] = ..., do_abs: _Optional[bool] = ..., single_direction: _Optional[int] = ..., correlation_type: _Optional[_Union[CorrelationParameter.CorrelationType, str]] = ...) -> None: ...

class AugmentationParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("crop_width", "crop_height", "recompute_mean", "mean_per_pixel", "mean", "augment_during_test", "max_multiplier", "mode", "bottomwidth", "bottomheight", "num", "write_augmented", "write_mean", "chromatic_eigvec", "mirror", "translate", "rotate", "zoom", "squeeze", "translate_x", "translate_y", "lmult_pow", "lmult_mult", "lmult_add", "sat_pow", "sat_mult", "sat_add", "col_pow", "col_mult", "col_add", "ladd_pow", "ladd_mult", "ladd_add", "col_rotate", "gamma", "brightness", "contrast", "color", "fog_amount", "fog_size", "motion_blur_angle", "motion_blur_size", "shadow_angle", "shadow_distance", "shadow_strength", "noise")
    CROP_WIDTH_FIELD_NUMBER: _ClassVar[int]
    CROP_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    RECOMPUTE_MEAN_FIELD_NUMBER: _ClassVar[int]
    MEAN_PER_PIXEL_FIELD_NUMBER: _ClassVar[int]
    MEAN_FIELD_NUMBER: _ClassVar[int]
    AUGMENT_DURING_TEST_FIELD_NUMBER: _ClassVar[int]
    MAX_MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    BOTTOMWIDTH_FIELD_NUMBER: _ClassVar[int]
    BOTTOMHEIGHT_FIELD_NUMBER: _ClassVar[int]
    NUM_FIELD_NUMBER: _ClassVar[int]
    WRITE_AUGMENTED_FIELD_NUMBER: _ClassVar[int]
    WRITE_MEAN_FIELD_NUMBER: _ClassVar[int]
    CHROMATIC_EIGVEC_FIELD_NUMBER: _ClassVar[int]
    MIRROR_FIELD_NUMBER: _ClassVar[int]
    TRANSLATE_FIELD_NUMBER: _ClassVar[int]
    ROTATE_FIELD_NUMBER: _ClassVar[int]
    ZOOM_FIELD_NUMBER: _ClassVar[int]
    SQUEEZE_FIELD_NUMBER: _ClassVar[int]
    TRANSLATE_X_FIELD_NUMBER: _ClassVar[int]
    TRANSLATE_Y_FIELD_NUMBER: _ClassVar[int]
    LMULT_POW_FIELD_NUMBER: _ClassVar[int]
    LMULT_MULT_FIELD_NUMBER: _ClassVar[int]
    LMULT_ADD_FIELD_NUMBER: _ClassVar[int]
    SAT_POW_FIELD_NUMBER: _ClassVar[int]
    SAT_MULT_FIELD_NUMBER: _ClassVar[int]
    SAT_ADD_FIELD_NUMBER: _ClassVar[int]
    COL_POW_FIELD_NUMBER: _ClassVar[int]
    COL_MULT_FIELD_NUMBER: _ClassVar[int]
    COL_ADD_FIELD_NUMBER: _ClassVar[int]
    LADD_POW_FIELD_NUMBER: _ClassVar[int]
    LADD_MULT_FIELD_NUMBER: _ClassVar[int]
    LADD_ADD_FIELD_NUMBER: _ClassVar[int]
    COL_ROTATE_FIELD_NUMBER: _ClassVar[int]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    BRIGHTNESS_FIELD_NUMBER: _ClassVar[int]
    CONTRAST_FIELD_NUMBER: _ClassVar[int]
    COLOR_FIELD_NUMBER: _ClassVar[int]
    FOG_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    FOG_SIZE_FIELD_NUMBER: _ClassVar[int]
    MOTION_BLUR_ANGLE_FIELD_NUMBER: _ClassVar[int]
    MOTION_BLUR_SIZE_FIELD_NUMBER: _ClassVar[int]
    SHADOW_ANGLE_FIELD_NUMBER: _ClassVar[int]
    SHADOW_DISTANCE_FIELD_NUMBER: _ClassVar[int]
    SHADOW_STRENGTH_FIELD_NUMBER: _ClassVar[int]
    NOISE_FIELD_NUMBER: _ClassVar[int]
    crop_width: int
    crop_height: int
    recompute_mean: int
    mean_per_pixel: bool
    mean: _containers.RepeatedScalarFieldContainer[float]
    augment_during_test: bool
    max_multiplier: float
    mode: str
    bottomwidth: int
    bottomheight: int
    num: int
    write_augmented: str
    write_mean: str
    chromatic_eigvec: _containers.RepeatedScalarFieldContainer[float]
    mirror: RandomGeneratorParameter
    translate: RandomGeneratorParameter
    rotate: RandomGeneratorParameter
    zoom: RandomGeneratorParameter
    squeeze: RandomGeneratorParameter
    translate_x: RandomGeneratorParameter
    translate_y: RandomGeneratorParameter
    lmult_pow: RandomGeneratorParameter
    lmult_mult: RandomGeneratorParameter
    lmult_add: RandomGeneratorParameter
    sat_pow: RandomGeneratorParameter
    sat_mult: RandomGeneratorParameter
    sat_add: RandomGeneratorParameter
    col_pow: RandomGeneratorParameter
    col_mult: RandomGeneratorParameter
    col_add: RandomGeneratorParameter
    ladd_pow: RandomGeneratorParameter
    ladd_mult: RandomGeneratorParameter
    ladd_add: RandomGeneratorParameter
    col_rotate: RandomGeneratorParameter
    gamma: RandomGeneratorParameter
    brightness: RandomGeneratorParameter
    contrast: RandomGeneratorParameter
    color: RandomGeneratorParameter
    fog_amount: RandomGeneratorParameter
    fog_size: RandomGeneratorParameter
    motion_blur_angle: RandomGeneratorParameter
    motion_blur_size: RandomGeneratorParameter
    shadow_angle: RandomGeneratorParameter
    shadow_distance: RandomGeneratorParameter
    shadow_strength: RandomGeneratorParameter
    noise: RandomGeneratorParameter
    def __init__(self, crop_width: _Optional[int] = ..., crop_height: _Optional[int] = ..., recompute_mean: _Optional[int] = ..., mean_per_pixel: _Optional[bool] = ..., mean: _Optional[_Iterable[float]] = ..., augment_during_test: _Optional[bool] = ..., max_multiplier: _Optional[float] = ..., mode: _Optional[str] = ..., bottomwidth: _Optional[int] = ..., bottomheight: _Optional[int] = ..., num: _Optional[int] = ..., write_augmented: _Optional[str] = ..., write_mean: _Optional[str] = ..., chromatic_eigvec: _Optional[_Iterable[float]] = ..., mirror: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., translate: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., rotate: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., zoom: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., squeeze: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., translate_x: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., translate_y: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., lmult_pow: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., lmult_mult: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., lmult_add: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., sat_pow: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., sat_mult: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., sat_add: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., col_pow: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., col_mult: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., col_add: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., ladd_pow: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., ladd_mult: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., ladd_add: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., col_rotate: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., gamma: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., brightness: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., contrast: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., color: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., fog_amount: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., fog_size: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., motion_blur_angle: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., motion_blur_size: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., shadow_angle: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., shadow_distance: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., shadow_strength: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., noise: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ...) -> None: ...

class IncrementalQuantizationParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("portion", "num_quantum_values", "weight_mask_filler", "bias_mask_filler")
    PORTION_FIELD_NUMBER: _ClassVar[int]
    NUM_QUANTUM_VALUES_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_MASK_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_MASK_FILLER_FIELD_NUMBER: _ClassVar[int]
    portion: _containers.RepeatedScalarFieldContainer[float]
    num_quantum_values: int
    weight_mask_filler: FillerParameter
    bias_mask_filler: FillerParameter
    def __init__(self, portion: _Optional[_Iterable[float]] = ..., num_quantum_values: _Optional[int] = ..., weight_mask_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_mask_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ...) -> None: ...

class DynamicBilinearParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("scale", "output_H", "output_W")
    SCALE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_H_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_W_FIELD_NUMBER: _ClassVar[int]
    scale: float
    output_H: int
    output_W: int
    def __init__(self, scale: _Optional[float] = ..., output_H: _Optional[int] = ..., output_W: _Optional[int] = ...) -> None: ...

class CoeffScheduleParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("half_life", "initial_coeff", "final_coeff")
    HALF_LIFE_FIELD_NUMBER: _ClassVar[int]
    INITIAL_COEFF_FIELD_NUMBER: _ClassVar[int]
    FINAL_COEFF_FIELD_NUMBER: _ClassVar[int]
    half_life: float
    initial_coeff: float
    final_coeff: float
    def __init__(self, half_life: _Optional[float] = ..., initial_coeff: _Optional[float] = ..., final_coeff: _Optional[float] = ...) -> None: ...

class RandomGeneratorParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("rand_type", "exp", "mean", "spread", "prob", "apply_schedule", "discretize", "multiplier")
    RAND_TYPE_FIELD_NUMBER: _ClassVar[int]
    EXP_FIELD_NUMBER: _ClassVar[int]
    MEAN_FIELD_NUMBER: _ClassVar[int]
    SPREAD_FIELD_NUMBER: _ClassVar[int]
    PROB_FIELD_NUMBER: _ClassVar[int]
    APPLY_SCHEDULE_FIELD_NUMBER: _ClassVar[int]
    DISCRETIZE_FIELD_NUMBER: _ClassVar[int]
    MULTIPLIER_FIELD_NUMBER: _ClassVar[int]
    rand_type: str
    exp: bool
    mean: float
    spread: float
    prob: float
    apply_schedule: bool
    discretize: bool
    multiplier: float
    def __init__(self, rand_type: _Optional[str] = ..., exp: _Optional[bool] = ..., mean: _Optional[float] = ..., spread: _Optional[float] = ..., prob: _Optional[float] = ..., apply_schedule: _Optional[bool] = ..., discretize: _Optional[bool] = ..., multiplier: _Optional[float] = ...) -> None: ...

class RandCompParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("compression_rate", "pad")
    COMPRESSION_RATE_FIELD_NUMBER: _ClassVar[int]
    PAD_FIELD_NUMBER: _ClassVar[int]
    compression_rate: _containers.RepeatedScalarFieldContainer[int]
    pad: bool
    def __init__(self, compression_rate: _Optional[_Iterable[int]] = ..., pad: _Optional[bool] = ...) -> None: ...

class MatWriteParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("prefix", "source", "strip", "period")
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    STRIP_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    prefix: str
    source: str
    strip: int
    period: int
    def __init__(self, prefix: _Optional[str] = ..., source: _Optional[str] = ..., strip: _Optional[int] = ..., period: _Optional[int] = ...) -> None: ...

class WriterParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("file", "folder", "prefix", "suffix", "normalize", "scale")
    FILE_FIELD_NUMBER: _ClassVar[int]
    FOLDER_FIELD_NUMBER: _ClassVar[int]
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    SUFFIX_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    file: str
    folder: str
    prefix: str
    suffix: str
    normalize: bool
    scale: float
    def __init__(self, file: _Optional[str] = ..., folder: _Optional[str] = ..., prefix: _Optional[str] = ..., suffix: _Optional[str] = ..., normalize: _Optional[bool] = ..., scale: _Optional[float] = ...) -> None: ...

class FlowWarpParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("fill_value", "at_places")
    class FillParameter(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        ZERO: _ClassVar[FlowWarpParameter.FillParameter]
        NOT_A_NUMBER: _ClassVar[FlowWarpParameter.FillParameter]
    ZERO: FlowWarpParameter.FillParameter
    NOT_A_NUMBER: FlowWarpParameter.FillParameter
    FILL_VALUE_FIELD_NUMBER: _ClassVar[int]
    AT_PLACES_FIELD_NUMBER: _ClassVar[int]
    fill_value: FlowWarpParameter.FillParameter
    at_places: bool
    def __init__(self, fill_value: _Optional[_Union[FlowWarpParameter.FillParameter, str]] = ..., at_places: _Optional[bool] = ...) -> None: ...

class ExpMaxParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("base", "scale", "shift")
    BASE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    SHIFT_FIELD_NUMBER: _ClassVar[int]
    base: float
    scale: float
    shift: float
    def __init__(self, base: _Optional[float] = ..., scale: _Optional[float] = ..., shift: _Optional[float] = ...) -> None: ...

class ResampleParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("width", "height", "type", "antialias", "factor")
    class ResampleType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        NEAREST: _ClassVar[ResampleParameter.ResampleType]
        LINEAR: _ClassVar[ResampleParameter.ResampleType]
        CUBIC: _ClassVar[ResampleParameter.ResampleType]
        AREA: _ClassVar[ResampleParameter.ResampleType]
    NEAREST: ResampleParameter.ResampleType
    LINEAR: ResampleParameter.ResampleType
    CUBIC: ResampleParameter.ResampleType
    AREA: ResampleParameter.ResampleType
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    ANTIALIAS_FIELD_NUMBER: _ClassVar[int]
    FACTOR_FIELD_NUMBER: _ClassVar[int]
    width: int
    height: int
    type: ResampleParameter.ResampleType
    antialias: bool
    factor: float
    def __init__(self, width: _Optional[int] = ..., height: _Optional[int] = ..., type: _Optional[_Union[ResampleParameter.ResampleType, str]] = ..., antialias: _Optional[bool] = ..., factor: _Optional[float] = ...) -> None: ...

class MeanParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("operation", "file", "value", "mean_scale", "input_scale", "output_scale", "scale")
    class MeanOperation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        ADD: _ClassVar[MeanParameter.MeanOperation]
        SUBTRACT: _ClassVar[MeanParameter.MeanOperation]
    ADD: MeanParameter.MeanOperation
    SUBTRACT: MeanParameter.MeanOperation
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    FILE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    MEAN_SCALE_FIELD_NUMBER: _ClassVar[int]
    INPUT_SCALE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_SCALE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    operation: MeanParameter.MeanOperation
    file: str
    value: _containers.RepeatedScalarFieldContainer[float]
    mean_scale: float
    input_scale: float
    output_scale: float
    scale: float
    def __init__(self, operation: _Optional[_Union[MeanParameter.MeanOperation, str]] = ..., file: _Optional[str] = ..., value: _Optional[_Iterable[float]] = ..., mean_scale: _Optional[float] = ..., input_scale: _Optional[float] = ..., output_scale: _Optional[float] = ..., scale: _Optional[float] = ...) -> None: ...

class L1LossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("l2_per_location", "l2_prescale_by_channels", "normalize_by_num_entries", "epsilon", "plateau")
    L2_PER_LOCATION_FIELD_NUMBER: _ClassVar[int]
    L2_PRESCALE_BY_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_BY_NUM_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    PLATEAU_FIELD_NUMBER: _ClassVar[int]
    l2_per_location: bool
    l2_prescale_by_channels: bool
    normalize_by_num_entries: bool
    epsilon: float
    plateau: float
    def __init__(self, l2_per_location: _Optional[bool] = ..., l2_prescale_by_channels: _Optional[bool] = ..., normalize_by_num_entries: _Optional[bool] = ..., epsilon: _Optional[float] = ..., plateau: _Optional[float] = ...) -> None: ...

class CenterLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "center_filler", "axis")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    CENTER_FILLER_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    center_filler: FillerParameter
    axis: int
    def __init__(self, num_output: _Optional[int] = ..., center_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., axis: _Optional[int] = ...) -> None: ...

class DetectNetGroundTruthParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("stride", "scale_cvg", "gridbox_type", "max_cvg_len", "min_cvg_len", "coverage_type", "image_size_x", "image_size_y", "obj_norm", "crop_bboxes", "object_class")
    class GridboxType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        GRIDBOX_MAX: _ClassVar[DetectNetGroundTruthParameter.GridboxType]
        GRIDBOX_MIN: _ClassVar[DetectNetGroundTruthParameter.GridboxType]
    GRIDBOX_MAX: DetectNetGroundTruthParameter.GridboxType
    GRIDBOX_MIN: DetectNetGroundTruthParameter.GridboxType
    class CoverageType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        RECTANGULAR: _ClassVar[DetectNetGroundTruthParameter.CoverageType]
    RECTANGULAR: DetectNetGroundTruthParameter.CoverageType
    class ClassMapping(_message.Message):
        DESCRIPTOR: _descriptor.Descriptor
        __slots__ = ("src", "dst")
        SRC_FIELD_NUMBER: _ClassVar[int]
        DST_FIELD_NUMBER: _ClassVar[int]
        src: int
        dst: int
        def __init__(self, src: _Optional[int] = ..., dst: _Optional[int] = ...) -> None: ...
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    SCALE_CVG_FIELD_NUMBER: _ClassVar[int]
    GRIDBOX_TYPE_FIELD_NUMBER: _ClassVar[int]
    MAX_CVG_LEN_FIELD_NUMBER: _ClassVar[int]
    MIN_CVG_LEN_FIELD_NUMBER: _ClassVar[int]
    COVERAGE_TYPE_FIELD_NUMBER: _ClassVar[int]
    IMAGE_SIZE_X_FIELD_NUMBER: _ClassVar[int]
    IMAGE_SIZE_Y_FIELD_NUMBER: _ClassVar[int]
    OBJ_NORM_FIELD_NUMBER: _ClassVar[int]
    CROP_BBOXES_FIELD_NUMBER: _ClassVar[int]
    OBJECT_CLASS_FIELD_NUMBER: _ClassVar[int]
    stride: int
    scale_cvg: float
    gridbox_type: DetectNetGroundTruthParameter.GridboxType
    max_cvg_len: int
    min_cvg_len: int
    coverage_type: DetectNetGroundTruthParameter.CoverageType
    image_size_x: int
    image_size_y: int
    obj_norm: bool
    crop_bboxes: bool
    object_class: _containers.RepeatedCompositeFieldContainer[DetectNetGroundTruthParameter.ClassMapping]
    def __init__(self, stride: _Optional[int] = ..., scale_cvg: _Optional[float] = ..., gridbox_type: _Optional[_Union[DetectNetGroundTruthParameter.GridboxType, str]] = ..., max_cvg_len: _Optional[int] = ..., min_cvg_len: _Optional[int] = ..., coverage_type: _Optional[_Union[DetectNetGroundTruthParameter.CoverageType, str]] = ..., image_size_x: _Optional[int] = ..., image_size_y: _Optional[int] = ..., obj_norm: _Optional[bool] = ..., crop_bboxes: _Optional[bool] = ..., object_class: _Optional[_Iterable[_Union[DetectNetGroundTruthParameter.ClassMapping, _Mapping[str, object]]]] = ...) -> None: ...

class DetectNetAugmentationParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("crop_prob", "shift_x", "shift_y", "scale_prob", "scale_min", "scale_max", "flip_prob", "rotation_prob", "max_rotate_degree", "hue_rotation_prob", "hue_rotation", "desaturation_prob", "desaturation_max")
    CROP_PROB_FIELD_NUMBER: _ClassVar[int]
    SHIFT_X_FIELD_NUMBER: _ClassVar[int]
    SHIFT_Y_FIELD_NUMBER: _ClassVar[int]
    SCALE_PROB_FIELD_NUMBER: _ClassVar[int]
    SCALE_MIN_FIELD_NUMBER: _ClassVar[int]
    SCALE_MAX_FIELD_NUMBER: _ClassVar[int]
    FLIP_PROB_FIELD_NUMBER: _ClassVar[int]
    ROTATION_PROB_FIELD_NUMBER: _ClassVar[int]
    MAX_ROTATE_DEGREE_FIELD_NUMBER: _ClassVar[int]
    HUE_ROTATION_PROB_FIELD_NUMBER: _ClassVar[int]
    HUE_ROTATION_FIELD_NUMBER: _ClassVar[int]
    DESATURATION_PROB_FIELD_NUMBER: _ClassVar[int]
    DESATURATION_MAX_FIELD_NUMBER: _ClassVar[int]
    crop_prob: float
    shift_x: int
    shift_y: int
    scale_prob: float
    scale_min: float
    scale_max: float
    flip_prob: float
    rotation_prob: float
    max_rotate_degree: float
    hue_rotation_prob: float
    hue_rotation: float
    desaturation_prob: float
    desaturation_max: float
    def __init__(self, crop_prob: _Optional[float] = ..., shift_x: _Optional[int] = ..., shift_y: _Optional[int] = ..., scale_prob: _Optional[float] = ..., scale_min: _Optional[float] = ..., scale_max: _Optional[float] = ..., flip_prob: _Optional[float] = ..., rotation_prob: _Optional[float] = ..., max_rotate_degree: _Optional[float] = ..., hue_rotation_prob: _Optional[float] = ..., hue_rotation: _Optional[float] = ..., desaturation_prob: _Optional[float] = ..., desaturation_max: _Optional[float] = ...) -> None: ...

class HashingLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("bi_margin", "tradeoff", "nsim")
    BI_MARGIN_FIELD_NUMBER: _ClassVar[int]
    TRADEOFF_FIELD_NUMBER: _ClassVar[int]
    NSIM_FIELD_NUMBER: _ClassVar[int]
    bi_margin: float
    tradeoff: float
    nsim: int
    def __init__(self, bi_margin: _Optional[float] = ..., tradeoff: _Optional[float] = ..., nsim: _Optional[int] = ...) -> None: ...

class TripletLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("margin", "losstype", "num_negatives", "use_pair", "sim_type", "mu", "sample", "num_triplets")
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    LOSSTYPE_FIELD_NUMBER: _ClassVar[int]
    NUM_NEGATIVES_FIELD_NUMBER: _ClassVar[int]
    USE_PAIR_FIELD_NUMBER: _ClassVar[int]
    SIM_TYPE_FIELD_NUMBER: _ClassVar[int]
    MU_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_FIELD_NUMBER: _ClassVar[int]
    NUM_TRIPLETS_FIELD_NUMBER: _ClassVar[int]
    margin: float
    losstype: int
    num_negatives: int
    use_pair: int
    sim_type: str
    mu: float
    sample: bool
    num_triplets: int
    def __init__(self, margin: _Optional[float] = ..., losstype: _Optional[int] = ..., num_negatives: _Optional[int] = ..., use_pair: _Optional[int] = ..., sim_type: _Optional[str] = ..., mu: _Optional[float] = ..., sample: _Optional[bool] = ..., num_triplets: _Optional[int] = ...) -> None: ...

class InnerDistanceParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "bias_term", "weight_filler", "bias_filler", "axis", "transpose", "distance_type", "normalize", "update_center_only")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    TRANSPOSE_FIELD_NUMBER: _ClassVar[int]
    DISTANCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_FIELD_NUMBER: _ClassVar[int]
    UPDATE_CENTER_ONLY_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    bias_term: bool
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    axis: int
    transpose: bool
    distance_type: str
    normalize: bool
    update_center_only: bool
    def __init__(self, num_output: _Optional[int] = ..., bias_term: _Optional[bool] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., axis: _Optional[int] = ..., transpose: _Optional[bool] = ..., distance_type: _Optional[str] = ..., normalize: _Optional[bool] = ..., update_center_only: _Optional[bool] = ...) -> None: ...

class GeneralContrastiveParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("positive_margin", "negative_margin", "positive_weight", "negative_weight", "normalize_negative", "positive_outlier_thresh", "square", "max_negative_only", "max_positive_only", "positive_first", "positive_upper_bound", "exp_negative_weight", "add_intra_mae", "max_negative_margin")
    POSITIVE_MARGIN_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_MARGIN_FIELD_NUMBER: _ClassVar[int]
    POSITIVE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_NEGATIVE_FIELD_NUMBER: _ClassVar[int]
    POSITIVE_OUTLIER_THRESH_FIELD_NUMBER: _ClassVar[int]
    SQUARE_FIELD_NUMBER: _ClassVar[int]
    MAX_NEGATIVE_ONLY_FIELD_NUMBER: _ClassVar[int]
    MAX_POSITIVE_ONLY_FIELD_NUMBER: _ClassVar[int]
    POSITIVE_FIRST_FIELD_NUMBER: _ClassVar[int]
    POSITIVE_UPPER_BOUND_FIELD_NUMBER: _ClassVar[int]
    EXP_NEGATIVE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    ADD_INTRA_MAE_FIELD_NUMBER: _ClassVar[int]
    MAX_NEGATIVE_MARGIN_FIELD_NUMBER: _ClassVar[int]
    positive_margin: float
    negative_margin: float
    positive_weight: float
    negative_weight: float
    normalize_negative: float
    positive_outlier_thresh: float
    square: bool
    max_negative_only: bool
    max_positive_only: bool
    positive_first: bool
    positive_upper_bound: float
    exp_negative_weight: bool
    add_intra_mae: bool
    max_negative_margin: float
    def __init__(self, positive_margin: _Optional[float] = ..., negative_margin: _Optional[float] = ..., positive_weight: _Optional[float] = ..., negative_weight: _Optional[float] = ..., normalize_negative: _Optional[float] = ..., positive_outlier_thresh: _Optional[float] = ..., square: _Optional[bool] = ..., max_negative_only: _Optional[bool] = ..., max_positive_only: _Optional[bool] = ..., positive_first: _Optional[bool] = ..., positive_upper_bound: _Optional[float] = ..., exp_negative_weight: _Optional[bool] = ..., add_intra_mae: _Optional[bool] = ..., max_negative_margin: _Optional[float] = ...) -> None: ...

class GeneralTripletParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("margin", "add_center_loss", "hardest_only", "positive_first", "positive_upper_bound", "positive_weight", "negative_weight")
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    ADD_CENTER_LOSS_FIELD_NUMBER: _ClassVar[int]
    HARDEST_ONLY_FIELD_NUMBER: _ClassVar[int]
    POSITIVE_FIRST_FIELD_NUMBER: _ClassVar[int]
    POSITIVE_UPPER_BOUND_FIELD_NUMBER: _ClassVar[int]
    POSITIVE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    margin: float
    add_center_loss: bool
    hardest_only: bool
    positive_first: bool
    positive_upper_bound: float
    positive_weight: float
    negative_weight: float
    def __init__(self, margin: _Optional[float] = ..., add_center_loss: _Optional[bool] = ..., hardest_only: _Optional[bool] = ..., positive_first: _Optional[bool] = ..., positive_upper_bound: _Optional[float] = ..., positive_weight: _Optional[float] = ..., negative_weight: _Optional[float] = ...) -> None: ...

class FocalLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("engine", "axis", "alpha", "gamma", "type", "beta")
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[FocalLossParameter.Engine]
        CAFFE: _ClassVar[FocalLossParameter.Engine]
        CUDNN: _ClassVar[FocalLossParameter.Engine]
    DEFAULT: FocalLossParameter.Engine
    CAFFE: FocalLossParameter.Engine
    CUDNN: FocalLossParameter.Engine
    class Type(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        ORIGIN: _ClassVar[FocalLossParameter.Type]
        LINEAR: _ClassVar[FocalLossParameter.Type]
        ONEADDP: _ClassVar[FocalLossParameter.Type]
    ORIGIN: FocalLossParameter.Type
    LINEAR: FocalLossParameter.Type
    ONEADDP: FocalLossParameter.Type
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    BETA_FIELD_NUMBER: _ClassVar[int]
    engine: FocalLossParameter.Engine
    axis: int
    alpha: float
    gamma: float
    type: FocalLossParameter.Type
    beta: float
    def __init__(self, engine: _Optional[_Union[FocalLossParameter.Engine, str]] = ..., axis: _Optional[int] = ..., alpha: _Optional[float] = ..., gamma: _Optional[float] = ..., type: _Optional[_Union[FocalLossParameter.Type, str]] = ..., beta: _Optional[float] = ...) -> None: ...

class DivisionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("width", "height", "xcoord", "ycoord")
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    XCOORD_FIELD_NUMBER: _ClassVar[int]
    YCOORD_FIELD_NUMBER: _ClassVar[int]
    width: int
    height: int
    xcoord: _containers.RepeatedScalarFieldContainer[int]
    ycoord: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, width: _Optional[int] = ..., height: _Optional[int] = ..., xcoord: _Optional[_Iterable[int]] = ..., ycoord: _Optional[_Iterable[int]] = ...) -> None: ...

class DeformableConvolutionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "bias_term", "pad", "kernel_size", "group", "stride", "weight_filler", "bias_filler", "pad_h", "pad_w", "kernel_h", "kernel_w", "stride_h", "stride_w", "engine", "axis", "force_nd_im2col", "dilation", "deformable_group")
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[DeformableConvolutionParameter.Engine]
        CAFFE: _ClassVar[DeformableConvolutionParameter.Engine]
        CUDNN: _ClassVar[DeformableConvolutionParameter.Engine]
    DEFAULT: DeformableConvolutionParameter.Engine
    CAFFE: DeformableConvolutionParameter.Engine
    CUDNN: DeformableConvolutionParameter.Engine
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    PAD_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    PAD_H_FIELD_NUMBER: _ClassVar[int]
    PAD_W_FIELD_NUMBER: _ClassVar[int]
    KERNEL_H_FIELD_NUMBER: _ClassVar[int]
    KERNEL_W_FIELD_NUMBER: _ClassVar[int]
    STRIDE_H_FIELD_NUMBER: _ClassVar[int]
    STRIDE_W_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    FORCE_ND_IM2COL_FIELD_NUMBER: _ClassVar[int]
    DILATION_FIELD_NUMBER: _ClassVar[int]
    DEFORMABLE_GROUP_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    bias_term: bool
    pad: _containers.RepeatedScalarFieldContainer[int]
    kernel_size: _containers.RepeatedScalarFieldContainer[int]
    group: int
    stride: _containers.RepeatedScalarFieldContainer[int]
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    pad_h: int
    pad_w: int
    kernel_h: int
    kernel_w: int
    stride_h: int
    stride_w: int
    engine: DeformableConvolutionParameter.Engine
    axis: int
    force_nd_im2col: bool
    dilation: _containers.RepeatedScalarFieldContainer[int]
    deformable_group: int
    def __init__(self, num_output: _Optional[int] = ..., bias_term: _Optional[bool] = ..., pad: _Optional[_Iterable[int]] = ..., kernel_size: _Optional[_Iterable[int]] = ..., group: _Optional[int] = ..., stride: _Optional[_Iterable[int]] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., pad_h: _Optional[int] = ..., pad_w: _Optional[int] = ..., kernel_h: _Optional[int] = ..., kernel_w: _Optional[int] = ..., stride_h: _Optional[int] = ..., stride_w: _Optional[int] = ..., engine: _Optional[_Union[DeformableConvolutionParameter.Engine, str]] = ..., axis: _Optional[int] = ..., force_nd_im2col: _Optional[bool] = ..., dilation: _Optional[_Iterable[int]] = ..., deformable_group: _Optional[int] = ...) -> None: ...

class LSTMConvolutionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "bias_term", "pad", "kernel_size", "group", "stride", "weight_filler", "bias_filler", "pad_h", "pad_w", "kernel_h", "kernel_w", "stride_h", "stride_w", "engine", "axis", "force_nd_im2col", "dilation", "type")
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[LSTMConvolutionParameter.Engine]
        CAFFE: _ClassVar[LSTMConvolutionParameter.Engine]
        CUDNN: _ClassVar[LSTMConvolutionParameter.Engine]
    DEFAULT: LSTMConvolutionParameter.Engine
    CAFFE: LSTMConvolutionParameter.Engine
    CUDNN: LSTMConvolutionParameter.Engine
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    PAD_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    PAD_H_FIELD_NUMBER: _ClassVar[int]
    PAD_W_FIELD_NUMBER: _ClassVar[int]
    KERNEL_H_FIELD_NUMBER: _ClassVar[int]
    KERNEL_W_FIELD_NUMBER: _ClassVar[int]
    STRIDE_H_FIELD_NUMBER: _ClassVar[int]
    STRIDE_W_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    FORCE_ND_IM2COL_FIELD_NUMBER: _ClassVar[int]
    DILATION_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    bias_term: bool
    pad: _containers.RepeatedScalarFieldContainer[int]
    kernel_size: _containers.RepeatedScalarFieldContainer[int]
    group: int
    stride: _containers.RepeatedScalarFieldContainer[int]
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    pad_h: int
    pad_w: int
    kernel_h: int
    kernel_w: int
    stride_h: int
    stride_w: int
    engine: LSTMConvolutionParameter.Engine
    axis: int
    force_nd_im2col: bool
    dilation: _containers.RepeatedScalarFieldContainer[int]
    type: str
    def __init__(self, num_output: _Optional[int] = ..., bias_term: _Optional[bool] = ..., pad: _Optional[_Iterable[int]] = ..., kernel_size: _Optional[_Iterable[int]] = ..., group: _Optional[int] = ..., stride: _Optional[_Iterable[int]] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., pad_h: _Optional[int] = ..., pad_w: _Optional[int] = ..., kernel_h: _Optional[int] = ..., kernel_w: _Optional[int] = ..., stride_h: _Optional[int] = ..., stride_w: _Optional[int] = ..., engine: _Optional[_Union[LSTMConvolutionParameter.Engine, str]] = ..., axis: _Optional[int] = ..., force_nd_im2col: _Optional[bool] = ..., dilation: _Optional[_Iterable[int]] = ..., type: _Optional[str] = ...) -> None: ...

class LSTMDebugParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("expose", "disable_hadamard", "axis_hadamard", "num_axes_hadamard", "ignore_x")
    EXPOSE_FIELD_NUMBER: _ClassVar[int]
    DISABLE_HADAMARD_FIELD_NUMBER: _ClassVar[int]
    AXIS_HADAMARD_FIELD_NUMBER: _ClassVar[int]
    NUM_AXES_HADAMARD_FIELD_NUMBER: _ClassVar[int]
    IGNORE_X_FIELD_NUMBER: _ClassVar[int]
    expose: _containers.RepeatedScalarFieldContainer[str]
    disable_hadamard: bool
    axis_hadamard: int
    num_axes_hadamard: int
    ignore_x: bool
    def __init__(self, expose: _Optional[_Iterable[str]] = ..., disable_hadamard: _Optional[bool] = ..., axis_hadamard: _Optional[int] = ..., num_axes_hadamard: _Optional[int] = ..., ignore_x: _Optional[bool] = ...) -> None: ...

class DenseCRFParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("max_iter", "pos_xy_std", "pos_w", "bi_xy_std", "bi_rgb_std", "bi_w", "output_probability")
    MAX_ITER_FIELD_NUMBER: _ClassVar[int]
    POS_XY_STD_FIELD_NUMBER: _ClassVar[int]
    POS_W_FIELD_NUMBER: _ClassVar[int]
    BI_XY_STD_FIELD_NUMBER: _ClassVar[int]
    BI_RGB_STD_FIELD_NUMBER: _ClassVar[int]
    BI_W_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    max_iter: int
    pos_xy_std: _containers.RepeatedScalarFieldContainer[float]
    pos_w: _containers.RepeatedScalarFieldContainer[float]
    bi_xy_std: _containers.RepeatedScalarFieldContainer[float]
    bi_rgb_std: _containers.RepeatedScalarFieldContainer[float]
    bi_w: _containers.RepeatedScalarFieldContainer[float]
    output_probability: bool
    def __init__(self, max_iter: _Optional[int] = ..., pos_xy_std: _Optional[_Iterable[float]] = ..., pos_w: _Optional[_Iterable[float]] = ..., bi_xy_std: _Optional[_Iterable[float]] = ..., bi_rgb_std: _Optional[_Iterable[float]] = ..., bi_w: _Optional[_Iterable[float]] = ..., output_probability: _Optional[bool] = ...) -> None: ...

class DenseCRFLabelsParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("x_gauss", "y_gauss", "wt_gauss", "x_bilateral", "y_bilateral", "r_bilateral", "g_bilateral", "b_bilateral", "wt_bilateral")
    X_GAUSS_FIELD_NUMBER: _ClassVar[int]
    Y_GAUSS_FIELD_NUMBER: _ClassVar[int]
    WT_GAUSS_FIELD_NUMBER: _ClassVar[int]
    X_BILATERAL_FIELD_NUMBER: _ClassVar[int]
    Y_BILATERAL_FIELD_NUMBER: _ClassVar[int]
    R_BILATERAL_FIELD_NUMBER: _ClassVar[int]
    G_BILATERAL_FIELD_NUMBER: _ClassVar[int]
    B_BILATERAL_FIELD_NUMBER: _ClassVar[int]
    WT_BILATERAL_FIELD_NUMBER: _ClassVar[int]
    x_gauss: float
    y_gauss: float
    wt_gauss: float
    x_bilateral: float
    y_bilateral: float
    r_bilateral: float
    g_bilateral: float
    b_bilateral: float
    wt_bilateral: float
    def __init__(self, x_gauss: _Optional[float] = ..., y_gauss: _Optional[float] = ..., wt_gauss: _Optional[float] = ..., x_bilateral: _Optional[float] = ..., y_bilateral: _Optional[float] = ..., r_bilateral: _Optional[float] = ..., g_bilateral: _Optional[float] = ..., b_bilateral: _Optional[float] = ..., wt_bilateral: _Optional[float] = ...) -> None: ...

class BinaryWeightsParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("xnorno_grad",)
    XNORNO_GRAD_FIELD_NUMBER: _ClassVar[int]
    xnorno_grad: bool
    def __init__(self, xnorno_grad: _Optional[bool] = ...) -> None: ...

class CropCenterParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("crop_size",)
    CROP_SIZE_FIELD_NUMBER: _ClassVar[int]
    crop_size: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, crop_size: _Optional[_Iterable[int]] = ...) -> None: ...

class CornerCropParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("crop_size", "crop_h", "crop_w", "position")
    CROP_SIZE_FIELD_NUMBER: _ClassVar[int]
    CROP_H_FIELD_NUMBER: _ClassVar[int]
    CROP_W_FIELD_NUMBER: _ClassVar[int]
    POSITION_FIELD_NUMBER: _ClassVar[int]
    crop_size: int
    crop_h: int
    crop_w: int
    position: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, crop_size: _Optional[int] = ..., crop_h: _Optional[int] = ..., crop_w: _Optional[int] = ..., position: _Optional[_Iterable[str]] = ...) -> None: ...

class SubRegionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("region_height", "region_width", "data_height", "data_width", "as_dim")
    REGION_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    REGION_WIDTH_FIELD_NUMBER: _ClassVar[int]
    DATA_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    DATA_WIDTH_FIELD_NUMBER: _ClassVar[int]
    AS_DIM_FIELD_NUMBER: _ClassVar[int]
    region_height: int
    region_width: int
    data_height: int
    data_width: int
    as_dim: int
    def __init__(self, region_height: _Optional[int] = ..., region_width: _Optional[int] = ..., data_height: _Optional[int] = ..., data_width: _Optional[int] = ..., as_dim: _Optional[int] = ...) -> None: ...

class HotspotParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("gaussian_std", "output_height", "output_width", "data_height", "data_width", "mean_removed")
    GAUSSIAN_STD_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_WIDTH_FIELD_NUMBER: _ClassVar[int]
    DATA_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    DATA_WIDTH_FIELD_NUMBER: _ClassVar[int]
    MEAN_REMOVED_FIELD_NUMBER: _ClassVar[int]
    gaussian_std: float
    output_height: int
    output_width: int
    data_height: int
    data_width: int
    mean_removed: bool
    def __init__(self, gaussian_std: _Optional[float] = ..., output_height: _Optional[int] = ..., output_width: _Optional[int] = ..., data_height: _Optional[int] = ..., data_width: _Optional[int] = ..., mean_removed: _Optional[bool] = ...) -> None: ...

class DiceCoefLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("smooth", "generalization", "ignore_label", "weight_mode", "weights", "contour_shape", "contour_size", "contour_amplitude")
    class GeneralizationMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        NONE: _ClassVar[DiceCoefLossParameter.GeneralizationMode]
        MULTICLASS: _ClassVar[DiceCoefLossParameter.GeneralizationMode]
        MULTICLASS_WEIGHTED: _ClassVar[DiceCoefLossParameter.GeneralizationMode]
        MULTICLASS_WEIGHTED_BATCH: _ClassVar[DiceCoefLossParameter.GeneralizationMode]
        MULTICLASS_WEIGHTED_ALL: _ClassVar[DiceCoefLossParameter.GeneralizationMode]
    NONE: DiceCoefLossParameter.GeneralizationMode
    MULTICLASS: DiceCoefLossParameter.GeneralizationMode
    MULTICLASS_WEIGHTED: DiceCoefLossParameter.GeneralizationMode
    MULTICLASS_WEIGHTED_BATCH: DiceCoefLossParameter.GeneralizationMode
    MULTICLASS_WEIGHTED_ALL: DiceCoefLossParameter.GeneralizationMode
    class WeightMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        INVERSE_VOLUME: _ClassVar[DiceCoefLossParameter.WeightMode]
        EQUALIZE_CLASSES: _ClassVar[DiceCoefLossParameter.WeightMode]
        EXTRA_SMALL_VOLUMES: _ClassVar[DiceCoefLossParameter.WeightMode]
    INVERSE_VOLUME: DiceCoefLossParameter.WeightMode
    EQUALIZE_CLASSES: DiceCoefLossParameter.WeightMode
    EXTRA_SMALL_VOLUMES: DiceCoefLossParameter.WeightMode
    class ContourShape(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        NO: _ClassVar[DiceCoefLossParameter.ContourShape]
        SIMPLE: _ClassVar[DiceCoefLossParameter.ContourShape]
        SHARP: _ClassVar[DiceCoefLossParameter.ContourShape]
    NO: DiceCoefLossParameter.ContourShape
    SIMPLE: DiceCoefLossParameter.ContourShape
    SHARP: DiceCoefLossParameter.ContourShape
    SMOOTH_FIELD_NUMBER: _ClassVar[int]
    GENERALIZATION_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_MODE_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    CONTOUR_SHAPE_FIELD_NUMBER: _ClassVar[int]
    CONTOUR_SIZE_FIELD_NUMBER: _ClassVar[int]
    CONTOUR_AMPLITUDE_FIELD_NUMBER: _ClassVar[int]
    smooth: float
    generalization: DiceCoefLossParameter.GeneralizationMode
    ignore_label: int
    weight_mode: DiceCoefLossParameter.WeightMode
    weights: str
    contour_shape: DiceCoefLossParameter.ContourShape
    contour_size: int
    contour_amplitude: float
    def __init__(self, smooth: _Optional[float] = ..., generalization: _Optional[_Union[DiceCoefLossParameter.GeneralizationMode, str]] = ..., ignore_label: _Optional[int] = ..., weight_mode: _Optional[_Union[DiceCoefLossParameter.WeightMode, str]] = ..., weights: _Optional[str] = ..., contour_shape: _Optional[_Union[DiceCoefLossParameter.ContourShape, str]] = ..., contour_size: _Optional[int] = ..., contour_amplitude: _Optional[float] = ...) -> None: ...

class SpatialTransformerParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("transform_type", "sampler_type", "output_H", "output_W", "to_compute_dU", "theta_1_1", "theta_1_2", "theta_1_3", "theta_2_1", "theta_2_2", "theta_2_3")
    TRANSFORM_TYPE_FIELD_NUMBER: _ClassVar[int]
    SAMPLER_TYPE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_H_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_W_FIELD_NUMBER: _ClassVar[int]
    TO_COMPUTE_DU_FIELD_NUMBER: _ClassVar[int]
    THETA_1_1_FIELD_NUMBER: _ClassVar[int]
    THETA_1_2_FIELD_NUMBER: _ClassVar[int]
    THETA_1_3_FIELD_NUMBER: _ClassVar[int]
    THETA_2_1_FIELD_NUMBER: _ClassVar[int]
    THETA_2_2_FIELD_NUMBER: _ClassVar[int]
    THETA_2_3_FIELD_NUMBER: _ClassVar[int]
    transform_type: str
    sampler_type: str
    output_H: int
    output_W: int
    to_compute_dU: bool
    theta_1_1: float
    theta_1_2: float
    theta_1_3: float
    theta_2_1: float
    theta_2_2: float
    theta_2_3: float
    def __init__(self, transform_type: _Optional[str] = ..., sampler_type: _Optional[str] = ..., output_H: _Optional[int] = ..., output_W: _Optional[int] = ..., to_compute_dU: _Optional[bool] = ..., theta_1_1: _Optional[float] = ..., theta_1_2: _Optional[float] = ..., theta_1_3: _Optional[float] = ..., theta_2_1: _Optional[float] = ..., theta_2_2: _Optional[float] = ..., theta_2_3: _Optional[float] = ...) -> None: ...

class PlaneTurnParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("mirror", "rotate", "operation")
    class Rotate(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        NOROTATE: _ClassVar[PlaneTurnParameter.Rotate]
        ROTATE90: _ClassVar[PlaneTurnParameter.Rotate]
        ROTATE180: _ClassVar[PlaneTurnParameter.Rotate]
        ROTATE270: _ClassVar[PlaneTurnParameter.Rotate]
    NOROTATE: PlaneTurnParameter.Rotate
    ROTATE90: PlaneTurnParameter.Rotate
    ROTATE180: PlaneTurnParameter.Rotate
    ROTATE270: PlaneTurnParameter.Rotate
    class Operation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        TRANSFORM: _ClassVar[PlaneTurnParameter.Operation]
        UNTRANSFORM: _ClassVar[PlaneTurnParameter.Operation]
    TRANSFORM: PlaneTurnParameter.Operation
    UNTRANSFORM: PlaneTurnParameter.Operation
    MIRROR_FIELD_NUMBER: _ClassVar[int]
    ROTATE_FIELD_NUMBER: _ClassVar[int]
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    mirror: bool
    rotate: PlaneTurnParameter.Rotate
    operation: PlaneTurnParameter.Operation
    def __init__(self, mirror: _Optional[bool] = ..., rotate: _Optional[_Union[PlaneTurnParameter.Rotate, str]] = ..., operation: _Optional[_Union[PlaneTurnParameter.Operation, str]] = ...) -> None: ...

class SRNNFormatParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("operation",)
    class Operation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        FORMAT: _ClassVar[SRNNFormatParameter.Operation]
        UNFORMAT: _ClassVar[SRNNFormatParameter.Operation]
    FORMAT: SRNNFormatParameter.Operation
    UNFORMAT: SRNNFormatParameter.Operation
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    operation: SRNNFormatParameter.Operation
    def __init__(self, operation: _Optional[_Union[SRNNFormatParameter.Operation, str]] = ...) -> None: ...

class GradientScalerParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("lower_bound", "upper_bound", "alpha", "max_iter", "threshold_iter", "scale_factor")
    LOWER_BOUND_FIELD_NUMBER: _ClassVar[int]
    UPPER_BOUND_FIELD_NUMBER: _ClassVar[int]
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    MAX_ITER_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_ITER_FIELD_NUMBER: _ClassVar[int]
    SCALE_FACTOR_FIELD_NUMBER: _ClassVar[int]
    lower_bound: float
    upper_bound: float
    alpha: float
    max_iter: float
    threshold_iter: int
    scale_factor: float
    def __init__(self, lower_bound: _Optional[float] = ..., upper_bound: _Optional[float] = ..., alpha: _Optional[float] = ..., max_iter: _Optional[float] = ..., threshold_iter: _Optional[int] = ..., scale_factor: _Optional[float] = ...) -> None: ...

class MMDParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("kernel_num", "kernel_mul", "fix_gamma")
    KERNEL_NUM_FIELD_NUMBER: _ClassVar[int]
    KERNEL_MUL_FIELD_NUMBER: _ClassVar[int]
    FIX_GAMMA_FIELD_NUMBER: _ClassVar[int]
    kernel_num: int
    kernel_mul: float
    fix_gamma: bool
    def __init__(self, kernel_num: _Optional[int] = ..., kernel_mul: _Optional[float] = ..., fix_gamma: _Optional[bool] = ...) -> None: ...

class EntropyParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("threshold", "ignore_label", "iterations_num")
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    ITERATIONS_NUM_FIELD_NUMBER: _ClassVar[int]
    threshold: float
    ignore_label: int
    iterations_num: int
    def __init__(self, threshold: _Optional[float] = ..., ignore_label: _Optional[int] = ..., iterations_num: _Optional[int] = ...) -> None: ...

class WeightedFmeasureLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("margin", "mse_lambda", "avg_fm")
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    MSE_LAMBDA_FIELD_NUMBER: _ClassVar[int]
    AVG_FM_FIELD_NUMBER: _ClassVar[int]
    margin: float
    mse_lambda: float
    avg_fm: bool
    def __init__(self, margin: _Optional[float] = ..., mse_lambda: _Optional[float] = ..., avg_fm: _Optional[bool] = ...) -> None: ...

class PowerFileParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("shift_file",)
    SHIFT_FILE_FIELD_NUMBER: _ClassVar[int]
    shift_file: str
    def __init__(self, shift_file: _Optional[str] = ...) -> None: ...

class HeatmapDataParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("segmentation", "multfact", "num_channels", "batchsize", "root_img_dir", "random_crop", "sample_per_cluster", "labelinds", "source", "meanfile", "crop_meanfile", "cropsize", "outsize", "scale", "label_width", "label_height", "dont_flip_first", "angle_max", "flip_joint_labels")
    SEGMENTATION_FIELD_NUMBER: _ClassVar[int]
    MULTFACT_FIELD_NUMBER: _ClassVar[int]
    NUM_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    BATCHSIZE_FIELD_NUMBER: _ClassVar[int]
    ROOT_IMG_DIR_FIELD_NUMBER: _ClassVar[int]
    RANDOM_CROP_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_PER_CLUSTER_FIELD_NUMBER: _ClassVar[int]
    LABELINDS_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    MEANFILE_FIELD_NUMBER: _ClassVar[int]
    CROP_MEANFILE_FIELD_NUMBER: _ClassVar[int]
    CROPSIZE_FIELD_NUMBER: _ClassVar[int]
    OUTSIZE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    LABEL_WIDTH_FIELD_NUMBER: _ClassVar[int]
    LABEL_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    DONT_FLIP_FIRST_FIELD_NUMBER: _ClassVar[int]
    ANGLE_MAX_FIELD_NUMBER: _ClassVar[int]
    FLIP_JOINT_LABELS_FIELD_NUMBER: _ClassVar[int]
    segmentation: bool
    multfact: int
    num_channels: int
    batchsize: int
    root_img_dir: str
    random_crop: bool
    sample_per_cluster: bool
    labelinds: str
    source: str
    meanfile: str
    crop_meanfile: str
    cropsize: int
    outsize: int
    scale: float
    label_width: int
    label_height: int
    dont_flip_first: bool
    angle_max: float
    flip_joint_labels: bool
    def __init__(self, segmentation: _Optional[bool] = ..., multfact: _Optional[int] = ..., num_channels: _Optional[int] = ..., batchsize: _Optional[int] = ..., root_img_dir: _Optional[str] = ..., random_crop: _Optional[bool] = ..., sample_per_cluster: _Optional[bool] = ..., labelinds: _Optional[str] = ..., source: _Optional[str] = ..., meanfile: _Optional[str] = ..., crop_meanfile: _Optional[str] = ..., cropsize: _Optional[int] = ..., outsize: _Optional[int] = ..., scale: _Optional[float] = ..., label_width: _Optional[int] = ..., label_height: _Optional[int] = ..., dont_flip_first: _Optional[bool] = ..., angle_max: _Optional[float] = ..., flip_joint_labels: _Optional[bool] = ...) -> None: ...

class KeypointAccParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("metric",)
    METRIC_FIELD_NUMBER: _ClassVar[int]
    metric: float
    def __init__(self, metric: _Optional[float] = ...) -> None: ...

class BoxParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("xcoord", "ycoord", "width", "height")
    XCOORD_FIELD_NUMBER: _ClassVar[int]
    YCOORD_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    xcoord: _containers.RepeatedScalarFieldContainer[int]
    ycoord: _containers.RepeatedScalarFieldContainer[int]
    width: int
    height: int
    def __init__(self, xcoord: _Optional[_Iterable[int]] = ..., ycoord: _Optional[_Iterable[int]] = ..., width: _Optional[int] = ..., height: _Optional[int] = ...) -> None: ...

class DownsampleParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("top_height", "top_width")
    TOP_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    TOP_WIDTH_FIELD_NUMBER: _ClassVar[int]
    top_height: int
    top_width: int
    def __init__(self, top_height: _Optional[int] = ..., top_width: _Optional[int] = ...) -> None: ...

class CompactBilinearParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "sum_pool")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    SUM_POOL_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    sum_pool: bool
    def __init__(self, num_output: _Optional[int] = ..., sum_pool: _Optional[bool] = ...) -> None: ...

class TilingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("tile_dim",)
    TILE_DIM_FIELD_NUMBER: _ClassVar[int]
    tile_dim: int
    def __init__(self, tile_dim: _Optional[int] = ...) -> None: ...

class ClassWiseProductParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "bias_term", "weight_filler", "bias_filler", "axis", "num_class")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    NUM_CLASS_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    bias_term: bool
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    axis: int
    num_class: int
    def __init__(self, num_output: _Optional[int] = ..., bias_term: _Optional[bool] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., axis: _Optional[int] = ..., num_class: _Optional[int] = ...) -> None: ...

class CombinationParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("xcoord", "ycoord")
    XCOORD_FIELD_NUMBER: _ClassVar[int]
    YCOORD_FIELD_NUMBER: _ClassVar[int]
    xcoord: _containers.RepeatedScalarFieldContainer[int]
    ycoord: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, xcoord: _Optional[_Iterable[int]] = ..., ycoord: _Optional[_Iterable[int]] = ...) -> None: ...

class NoiseParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("gaussian_std", "uniform_range", "bias")
    GAUSSIAN_STD_FIELD_NUMBER: _ClassVar[int]
    UNIFORM_RANGE_FIELD_NUMBER: _ClassVar[int]
    BIAS_FIELD_NUMBER: _ClassVar[int]
    gaussian_std: float
    uniform_range: float
    bias: float
    def __init__(self, gaussian_std: _Optional[float] = ..., uniform_range: _Optional[float] = ..., bias: _Optional[float] = ...) -> None: ...

class GuidedDropoutParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("type", "guidance_threshold", "sigmoid_scaler")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    GUIDANCE_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    SIGMOID_SCALER_FIELD_NUMBER: _ClassVar[int]
    type: str
    guidance_threshold: float
    sigmoid_scaler: float
    def __init__(self, type: _Optional[str] = ..., guidance_threshold: _Optional[float] = ..., sigmoid_scaler: _Optional[float] = ...) -> None: ...

class ROIWarpingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pooled_h", "pooled_w", "spatial_scale")
    POOLED_H_FIELD_NUMBER: _ClassVar[int]
    POOLED_W_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_SCALE_FIELD_NUMBER: _ClassVar[int]
    pooled_h: int
    pooled_w: int
    spatial_scale: float
    def __init__(self, pooled_h: _Optional[int] = ..., pooled_w: _Optional[int] = ..., spatial_scale: _Optional[float] = ...) -> None: ...

class MaskResizeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("output_height", "output_width", "factor_height", "factor_width")
    OUTPUT_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_WIDTH_FIELD_NUMBER: _ClassVar[int]
    FACTOR_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    FACTOR_WIDTH_FIELD_NUMBER: _ClassVar[int]
    output_height: int
    output_width: int
    factor_height: float
    factor_width: float
    def __init__(self, output_height: _Optional[int] = ..., output_width: _Optional[int] = ..., factor_height: _Optional[float] = ..., factor_width: _Optional[float] = ...) -> None: ...

class BBoxRegParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("bbox_mean", "bbox_std", "cls_aware")
    BBOX_MEAN_FIELD_NUMBER: _ClassVar[int]
    BBOX_STD_FIELD_NUMBER: _ClassVar[int]
    CLS_AWARE_FIELD_NUMBER: _ClassVar[int]
    bbox_mean: _containers.RepeatedScalarFieldContainer[float]
    bbox_std: _containers.RepeatedScalarFieldContainer[float]
    cls_aware: bool
    def __init__(self, bbox_mean: _Optional[_Iterable[float]] = ..., bbox_std: _Optional[_Iterable[float]] = ..., cls_aware: _Optional[bool] = ...) -> None: ...

class BoxOutputParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("fg_thr", "iou_thr", "nms_type", "field_h", "field_w", "downsample_rate", "field_whr", "field_xyr", "max_nms_num", "max_post_nms_num", "min_size")
    FG_THR_FIELD_NUMBER: _ClassVar[int]
    IOU_THR_FIELD_NUMBER: _ClassVar[int]
    NMS_TYPE_FIELD_NUMBER: _ClassVar[int]
    FIELD_H_FIELD_NUMBER: _ClassVar[int]
    FIELD_W_FIELD_NUMBER: _ClassVar[int]
    DOWNSAMPLE_RATE_FIELD_NUMBER: _ClassVar[int]
    FIELD_WHR_FIELD_NUMBER: _ClassVar[int]
    FIELD_XYR_FIELD_NUMBER: _ClassVar[int]
    MAX_NMS_NUM_FIELD_NUMBER: _ClassVar[int]
    MAX_POST_NMS_NUM_FIELD_NUMBER: _ClassVar[int]
    MIN_SIZE_FIELD_NUMBER: _ClassVar[int]
    fg_thr: float
    iou_thr: float
    nms_type: str
    field_h: _containers.RepeatedScalarFieldContainer[int]
    field_w: _containers.RepeatedScalarFieldContainer[int]
    downsample_rate: _containers.RepeatedScalarFieldContainer[int]
    field_whr: float
    field_xyr: float
    max_nms_num: int
    max_post_nms_num: int
    min_size: float
    def __init__(self, fg_thr: _Optional[float] = ..., iou_thr: _Optional[float] = ..., nms_type: _Optional[str] = ..., field_h: _Optional[_Iterable[int]] = ..., field_w: _Optional[_Iterable[int]] = ..., downsample_rate: _Optional[_Iterable[int]] = ..., field_whr: _Optional[float] = ..., field_xyr: _Optional[float] = ..., max_nms_num: _Optional[int] = ..., max_post_nms_num: _Optional[int] = ..., min_size: _Optional[float] = ...) -> None: ...

class BoxGroupParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("field_h", "field_w", "stride")
    FIELD_H_FIELD_NUMBER: _ClassVar[int]
    FIELD_W_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    field_h: _containers.RepeatedScalarFieldContainer[int]
    field_w: _containers.RepeatedScalarFieldContainer[int]
    stride: int
    def __init__(self, field_h: _Optional[_Iterable[int]] = ..., field_w: _Optional[_Iterable[int]] = ..., stride: _Optional[int] = ...) -> None: ...

class BoxGroupOutputParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("fg_thr", "iou_thr", "nms_type", "box_group_param", "field_whr", "field_xyr", "max_nms_num", "max_post_nms_num", "min_size")
    FG_THR_FIELD_NUMBER: _ClassVar[int]
    IOU_THR_FIELD_NUMBER: _ClassVar[int]
    NMS_TYPE_FIELD_NUMBER: _ClassVar[int]
    BOX_GROUP_PARAM_FIELD_NUMBER: _ClassVar[int]
    FIELD_WHR_FIELD_NUMBER: _ClassVar[int]
    FIELD_XYR_FIELD_NUMBER: _ClassVar[int]
    MAX_NMS_NUM_FIELD_NUMBER: _ClassVar[int]
    MAX_POST_NMS_NUM_FIELD_NUMBER: _ClassVar[int]
    MIN_SIZE_FIELD_NUMBER: _ClassVar[int]
    fg_thr: float
    iou_thr: float
    nms_type: str
    box_group_param: _containers.RepeatedCompositeFieldContainer[BoxGroupParameter]
    field_whr: float
    field_xyr: float
    max_nms_num: int
    max_post_nms_num: int
    min_size: float
    def __init__(self, fg_thr: _Optional[float] = ..., iou_thr: _Optional[float] = ..., nms_type: _Optional[str] = ..., box_group_param: _Optional[_Iterable[_Union[BoxGroupParameter, _Mapping[str, object]]]] = ..., field_whr: _Optional[float] = ..., field_xyr: _Optional[float] = ..., max_nms_num: _Optional[int] = ..., max_post_nms_num: _Optional[int] = ..., min_size: _Optional[float] = ...) -> None: ...

class DecodeBBoxParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("gt_iou_thr",)
    GT_IOU_THR_FIELD_NUMBER: _ClassVar[int]
    gt_iou_thr: float
    def __init__(self, gt_iou_thr: _Optional[float] = ...) -> None: ...

class ScaleRouteParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("low_scale", "high_scale")
    LOW_SCALE_FIELD_NUMBER: _ClassVar[int]
    HIGH_SCALE_FIELD_NUMBER: _ClassVar[int]
    low_scale: float
    high_scale: float
    def __init__(self, low_scale: _Optional[float] = ..., high_scale: _Optional[float] = ...) -> None: ...

class DetectionLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("cls_num", "coord_num", "field_h", "field_w", "downsample_rate", "bb_smooth", "field_whr", "field_xyr", "bg_threshold", "bg_multiple", "sample_mode", "objectness", "iou_weighted", "pos_neg_weighted", "side", "num_class", "num_object", "object_scale", "noobject_scale", "class_scale", "coord_scale", "sqrt", "constriant")
    CLS_NUM_FIELD_NUMBER: _ClassVar[int]
    COORD_NUM_FIELD_NUMBER: _ClassVar[int]
    LAMBDA_FIELD_NUMBER: _ClassVar[int]
    FIELD_H_FIELD_NUMBER: _ClassVar[int]
    FIELD_W_FIELD_NUMBER: _ClassVar[int]
    DOWNSAMPLE_RATE_FIELD_NUMBER: _ClassVar[int]
    BB_SMOOTH_FIELD_NUMBER: _ClassVar[int]
    FIELD_WHR_FIELD_NUMBER: _ClassVar[int]
    FIELD_XYR_FIELD_NUMBER: _ClassVar[int]
    BG_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    BG_MULTIPLE_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_MODE_FIELD_NUMBER: _ClassVar[int]
    OBJECTNESS_FIELD_NUMBER: _ClassVar[int]
    IOU_WEIGHTED_FIELD_NUMBER: _ClassVar[int]
    POS_NEG_WEIGHTED_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    NUM_CLASS_FIELD_NUMBER: _ClassVar[int]
    NUM_OBJECT_FIELD_NUMBER: _ClassVar[int]
    OBJECT_SCALE_FIELD_NUMBER: _ClassVar[int]
    NOOBJECT_SCALE_FIELD_NUMBER: _ClassVar[int]
    CLASS_SCALE_FIELD_NUMBER: _ClassVar[int]
    COORD_SCALE_FIELD_NUMBER: _ClassVar[int]
    SQRT_FIELD_NUMBER: _ClassVar[int]
    CONSTRIANT_FIELD_NUMBER: _ClassVar[int]
    cls_num: int
    coord_num: int
    field_h: int
    field_w: int
    downsample_rate: int
    bb_smooth: bool
    field_whr: float
    field_xyr: float
    bg_threshold: float
    bg_multiple: int
    sample_mode: str
    objectness: bool
    iou_weighted: bool
    pos_neg_weighted: bool
    side: int
    num_class: int
    num_object: int
    object_scale: float
    noobject_scale: float
    class_scale: float
    coord_scale: float
    sqrt: bool
    constriant: bool
    def __init__(self, cls_num: _Optional[int] = ..., coord_num: _Optional[int] = ..., field_h: _Optional[int] = ..., field_w: _Optional[int] = ..., downsample_rate: _Optional[int] = ..., bb_smooth: _Optional[bool] = ..., field_whr: _Optional[float] = ..., field_xyr: _Optional[float] = ..., bg_threshold: _Optional[float] = ..., bg_multiple: _Optional[int] = ..., sample_mode: _Optional[str] = ..., objectness: _Optional[bool] = ..., iou_weighted: _Optional[bool] = ..., pos_neg_weighted: _Optional[bool] = ..., side: _Optional[int] = ..., num_class: _Optional[int] = ..., num_object: _Optional[int] = ..., object_scale: _Optional[float] = ..., noobject_scale: _Optional[float] = ..., class_scale: _Optional[float] = ..., coord_scale: _Optional[float] = ..., sqrt: _Optional[bool] = ..., constriant: _Optional[bool] = ..., **kwargs: object) -> None: ...

class DetectionGroupLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("cls_num", "field_h", "field_w", "stride", "field_whr", "field_xyr", "bg_threshold", "bg_multiple", "neg_mining_type", "neg_ranking_type", "min_num_neg", "objectness", "batch_size", "pos_neg_weighted", "bbox_loss_type")
    CLS_NUM_FIELD_NUMBER: _ClassVar[int]
    LAMBDA_FIELD_NUMBER: _ClassVar[int]
    FIELD_H_FIELD_NUMBER: _ClassVar[int]
    FIELD_W_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    FIELD_WHR_FIELD_NUMBER: _ClassVar[int]
    FIELD_XYR_FIELD_NUMBER: _ClassVar[int]
    BG_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    BG_MULTIPLE_FIELD_NUMBER: _ClassVar[int]
    NEG_MINING_TYPE_FIELD_NUMBER: _ClassVar[int]
    NEG_RANKING_TYPE_FIELD_NUMBER: _ClassVar[int]
    MIN_NUM_NEG_FIELD_NUMBER: _ClassVar[int]
    OBJECTNESS_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    POS_NEG_WEIGHTED_FIELD_NUMBER: _ClassVar[int]
    BBOX_LOSS_TYPE_FIELD_NUMBER: _ClassVar[int]
    cls_num: int
    field_h: _containers.RepeatedScalarFieldContainer[int]
    field_w: _containers.RepeatedScalarFieldContainer[int]
    stride: int
    field_whr: float
    field_xyr: float
    bg_threshold: float
    bg_multiple: int
    neg_mining_type: str
    neg_ranking_type: str
    min_num_neg: int
    objectness: bool
    batch_size: int
    pos_neg_weighted: bool
    bbox_loss_type: str
    def __init__(self, cls_num: _Optional[int] = ..., field_h: _Optional[_Iterable[int]] = ..., field_w: _Optional[_Iterable[int]] = ..., stride: _Optional[int] = ..., field_whr: _Optional[float] = ..., field_xyr: _Optional[float] = ..., bg_threshold: _Optional[float] = ..., bg_multiple: _Optional[int] = ..., neg_mining_type: _Optional[str] = ..., neg_ranking_type: _Optional[str] = ..., min_num_neg: _Optional[int] = ..., objectness: _Optional[bool] = ..., batch_size: _Optional[int] = ..., pos_neg_weighted: _Optional[bool] = ..., bbox_loss_type: _Optional[str] = ..., **kwargs: object) -> None: ...

class DetectionAccuracyParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("cls_num", "coord_num", "field_h", "field_w", "downsample_rate", "top_k", "field_whr", "field_xyr", "bg_threshold", "objectness")
    CLS_NUM_FIELD_NUMBER: _ClassVar[int]
    COORD_NUM_FIELD_NUMBER: _ClassVar[int]
    FIELD_H_FIELD_NUMBER: _ClassVar[int]
    FIELD_W_FIELD_NUMBER: _ClassVar[int]
    DOWNSAMPLE_RATE_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    FIELD_WHR_FIELD_NUMBER: _ClassVar[int]
    FIELD_XYR_FIELD_NUMBER: _ClassVar[int]
    BG_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    OBJECTNESS_FIELD_NUMBER: _ClassVar[int]
    cls_num: int
    coord_num: int
    field_h: int
    field_w: int
    downsample_rate: int
    top_k: int
    field_whr: float
    field_xyr: float
    bg_threshold: float
    objectness: bool
    def __init__(self, cls_num: _Optional[int] = ..., coord_num: _Optional[int] = ..., field_h: _Optional[int] = ..., field_w: _Optional[int] = ..., downsample_rate: _Optional[int] = ..., top_k: _Optional[int] = ..., field_whr: _Optional[float] = ..., field_xyr: _Optional[float] = ..., bg_threshold: _Optional[float] = ..., objectness: _Optional[bool] = ...) -> None: ...

class DetectionGroupAccuracyParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("cls_num", "field_h", "field_w", "stride", "field_whr", "field_xyr", "bg_threshold", "objectness")
    CLS_NUM_FIELD_NUMBER: _ClassVar[int]
    FIELD_H_FIELD_NUMBER: _ClassVar[int]
    FIELD_W_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    FIELD_WHR_FIELD_NUMBER: _ClassVar[int]
    FIELD_XYR_FIELD_NUMBER: _ClassVar[int]
    BG_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    OBJECTNESS_FIELD_NUMBER: _ClassVar[int]
    cls_num: int
    field_h: _containers.RepeatedScalarFieldContainer[int]
    field_w: _containers.RepeatedScalarFieldContainer[int]
    stride: int
    field_whr: float
    field_xyr: float
    bg_threshold: float
    objectness: bool
    def __init__(self, cls_num: _Optional[int] = ..., field_h: _Optional[_Iterable[int]] = ..., field_w: _Optional[_Iterable[int]] = ..., stride: _Optional[int] = ..., field_whr: _Optional[float] = ..., field_xyr: _Optional[float] = ..., bg_threshold: _Optional[float] = ..., objectness: _Optional[bool] = ...) -> None: ...

class ProposalTargetParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("cls_num", "batch_size", "fg_fraction", "num_img_per_batch", "fg_thr", "bg_thr_hg", "bg_thr_lw", "img_width", "img_height", "iou_weighted", "bbox_thr_lw", "bbox_thr_hg", "pickup_discard", "append_gtbox")
    CLS_NUM_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    FG_FRACTION_FIELD_NUMBER: _ClassVar[int]
    NUM_IMG_PER_BATCH_FIELD_NUMBER: _ClassVar[int]
    FG_THR_FIELD_NUMBER: _ClassVar[int]
    BG_THR_HG_FIELD_NUMBER: _ClassVar[int]
    BG_THR_LW_FIELD_NUMBER: _ClassVar[int]
    IMG_WIDTH_FIELD_NUMBER: _ClassVar[int]
    IMG_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    IOU_WEIGHTED_FIELD_NUMBER: _ClassVar[int]
    BBOX_THR_LW_FIELD_NUMBER: _ClassVar[int]
    BBOX_THR_HG_FIELD_NUMBER: _ClassVar[int]
    PICKUP_DISCARD_FIELD_NUMBER: _ClassVar[int]
    APPEND_GTBOX_FIELD_NUMBER: _ClassVar[int]
    cls_num: int
    batch_size: int
    fg_fraction: float
    num_img_per_batch: int
    fg_thr: float
    bg_thr_hg: float
    bg_thr_lw: float
    img_width: int
    img_height: int
    iou_weighted: bool
    bbox_thr_lw: float
    bbox_thr_hg: float
    pickup_discard: bool
    append_gtbox: bool
    def __init__(self, cls_num: _Optional[int] = ..., batch_size: _Optional[int] = ..., fg_fraction: _Optional[float] = ..., num_img_per_batch: _Optional[int] = ..., fg_thr: _Optional[float] = ..., bg_thr_hg: _Optional[float] = ..., bg_thr_lw: _Optional[float] = ..., img_width: _Optional[int] = ..., img_height: _Optional[int] = ..., iou_weighted: _Optional[bool] = ..., bbox_thr_lw: _Optional[float] = ..., bbox_thr_hg: _Optional[float] = ..., pickup_discard: _Optional[bool] = ..., append_gtbox: _Optional[bool] = ...) -> None: ...

class FrcnnOutputParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("conf_thr", "iou_thr", "nms_type", "max_det_num")
    CONF_THR_FIELD_NUMBER: _ClassVar[int]
    IOU_THR_FIELD_NUMBER: _ClassVar[int]
    NMS_TYPE_FIELD_NUMBER: _ClassVar[int]
    MAX_DET_NUM_FIELD_NUMBER: _ClassVar[int]
    conf_thr: float
    iou_thr: float
    nms_type: str
    max_det_num: int
    def __init__(self, conf_thr: _Optional[float] = ..., iou_thr: _Optional[float] = ..., nms_type: _Optional[str] = ..., max_det_num: _Optional[int] = ...) -> None: ...

class LabeledMatchingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_classes", "momentum")
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM_FIELD_NUMBER: _ClassVar[int]
    num_classes: int
    momentum: float
    def __init__(self, num_classes: _Optional[int] = ..., momentum: _Optional[float] = ...) -> None: ...

class UnlabeledMatchingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("queue_size",)
    QUEUE_SIZE_FIELD_NUMBER: _ClassVar[int]
    queue_size: int
    def __init__(self, queue_size: _Optional[int] = ...) -> None: ...

class RandomSamplingSoftmaxLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("random_sampling_num", "random_sampling_policy")
    RANDOM_SAMPLING_NUM_FIELD_NUMBER: _ClassVar[int]
    RANDOM_SAMPLING_POLICY_FIELD_NUMBER: _ClassVar[int]
    random_sampling_num: int
    random_sampling_policy: str
    def __init__(self, random_sampling_num: _Optional[int] = ..., random_sampling_policy: _Optional[str] = ...) -> None: ...

class HybridSoftmaxLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_classes", "unlabeled_pool_size", "unlabeled_score_weight", "weight_filler", "random_sampling_num", "random_sampling_policy")
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    UNLABELED_POOL_SIZE_FIELD_NUMBER: _ClassVar[int]
    UNLABELED_SCORE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    RANDOM_SAMPLING_NUM_FIELD_NUMBER: _ClassVar[int]
    RANDOM_SAMPLING_POLICY_FIELD_NUMBER: _ClassVar[int]
    num_classes: int
    unlabeled_pool_size: int
    unlabeled_score_weight: float
    weight_filler: FillerParameter
    random_sampling_num: int
    random_sampling_policy: str
    def __init__(self, num_classes: _Optional[int] = ..., unlabeled_pool_size: _Optional[int] = ..., unlabeled_score_weight: _Optional[float] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., random_sampling_num: _Optional[int] = ..., random_sampling_policy: _Optional[str] = ...) -> None: ...

class TargetSamplingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_sampling",)
    NUM_SAMPLING_FIELD_NUMBER: _ClassVar[int]
    num_sampling: int
    def __init__(self, num_sampling: _Optional[int] = ...) -> None: ...

class BeamSearchParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("beam_size", "end_of_sequence", "ignore_label", "prevent_repeats", "allowed_multiple")
    BEAM_SIZE_FIELD_NUMBER: _ClassVar[int]
    END_OF_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    PREVENT_REPEATS_FIELD_NUMBER: _ClassVar[int]
    ALLOWED_MULTIPLE_FIELD_NUMBER: _ClassVar[int]
    beam_size: int
    end_of_sequence: int
    ignore_label: int
    prevent_repeats: bool
    allowed_multiple: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, beam_size: _Optional[int] = ..., end_of_sequence: _Optional[int] = ..., ignore_label: _Optional[int] = ..., prevent_repeats: _Optional[bool] = ..., allowed_multiple: _Optional[_Iterable[int]] = ...) -> None: ...

class PSROIAlignParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("spatial_scale", "output_dim", "group_size", "sample_num")
    SPATIAL_SCALE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_DIM_FIELD_NUMBER: _ClassVar[int]
    GROUP_SIZE_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_NUM_FIELD_NUMBER: _ClassVar[int]
    spatial_scale: float
    output_dim: int
    group_size: int
    sample_num: int
    def __init__(self, spatial_scale: _Optional[float] = ..., output_dim: _Optional[int] = ..., group_size: _Optional[int] = ..., sample_num: _Optional[int] = ...) -> None: ...

class NetvladParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("cluster_num", "local_dim", "vlad_dim", "weight_filler")
    CLUSTER_NUM_FIELD_NUMBER: _ClassVar[int]
    LOCAL_DIM_FIELD_NUMBER: _ClassVar[int]
    VLAD_DIM_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    cluster_num: int
    local_dim: int
    vlad_dim: int
    weight_filler: FillerParameter
    def __init__(self, cluster_num: _Optional[int] = ..., local_dim: _Optional[int] = ..., vlad_dim: _Optional[int] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ...) -> None: ...

class IntranormParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("cluster_num",)
    CLUSTER_NUM_FIELD_NUMBER: _ClassVar[int]
    cluster_num: int
    def __init__(self, cluster_num: _Optional[int] = ...) -> None: ...

class BReLUParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("minval", "maxval")
    MINVAL_FIELD_NUMBER: _ClassVar[int]
    MAXVAL_FIELD_NUMBER: _ClassVar[int]
    minval: float
    maxval: float
    def __init__(self, minval: _Optional[float] = ..., maxval: _Optional[float] = ...) -> None: ...

class BBTXTBBParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("ideal_size", "downsampling")
    IDEAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    DOWNSAMPLING_FIELD_NUMBER: _ClassVar[int]
    ideal_size: float
    downsampling: int
    def __init__(self, ideal_size: _Optional[float] = ..., downsampling: _Optional[int] = ...) -> None: ...

class BoxTermParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("detection_box_input_dir", "detection_pixel_input_dir", "is_no_rescore_baseline", "is_background_det", "background_det_score", "force_cpu")
    DETECTION_BOX_INPUT_DIR_FIELD_NUMBER: _ClassVar[int]
    DETECTION_PIXEL_INPUT_DIR_FIELD_NUMBER: _ClassVar[int]
    IS_NO_RESCORE_BASELINE_FIELD_NUMBER: _ClassVar[int]
    IS_BACKGROUND_DET_FIELD_NUMBER: _ClassVar[int]
    BACKGROUND_DET_SCORE_FIELD_NUMBER: _ClassVar[int]
    FORCE_CPU_FIELD_NUMBER: _ClassVar[int]
    detection_box_input_dir: str
    detection_pixel_input_dir: str
    is_no_rescore_baseline: bool
    is_background_det: bool
    background_det_score: float
    force_cpu: bool
    def __init__(self, detection_box_input_dir: _Optional[str] = ..., detection_pixel_input_dir: _Optional[str] = ..., is_no_rescore_baseline: _Optional[bool] = ..., is_background_det: _Optional[bool] = ..., background_det_score: _Optional[float] = ..., force_cpu: _Optional[bool] = ...) -> None: ...

class ConstScaleParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("bias", "scale")
    BIAS_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    bias: float
    scale: float
    def __init__(self, bias: _Optional[float] = ..., scale: _Optional[float] = ...) -> None: ...

class CosineSimilarityBatchParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pos_label", "neg_label")
    POS_LABEL_FIELD_NUMBER: _ClassVar[int]
    NEG_LABEL_FIELD_NUMBER: _ClassVar[int]
    pos_label: float
    neg_label: float
    def __init__(self, pos_label: _Optional[float] = ..., neg_label: _Optional[float] = ...) -> None: ...

class CreateMaskVectorParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_label", "pool")
    class PoolMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MAX: _ClassVar[CreateMaskVectorParameter.PoolMethod]
        AVE: _ClassVar[CreateMaskVectorParameter.PoolMethod]
    MAX: CreateMaskVectorParameter.PoolMethod
    AVE: CreateMaskVectorParameter.PoolMethod
    NUM_LABEL_FIELD_NUMBER: _ClassVar[int]
    POOL_FIELD_NUMBER: _ClassVar[int]
    num_label: int
    pool: CreateMaskVectorParameter.PoolMethod
    def __init__(self, num_label: _Optional[int] = ..., pool: _Optional[_Union[CreateMaskVectorParameter.PoolMethod, str]] = ...) -> None: ...

class DistLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("ignore_label", "alpha", "beta")
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    BETA_FIELD_NUMBER: _ClassVar[int]
    ignore_label: int
    alpha: float
    beta: float
    def __init__(self, ignore_label: _Optional[int] = ..., alpha: _Optional[float] = ..., beta: _Optional[float] = ...) -> None: ...

class DtowParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("method", "psize", "ngroup")
    class DtowMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MDTOW: _ClassVar[DtowParameter.DtowMethod]
        MWTOD: _ClassVar[DtowParameter.DtowMethod]
        LDTOW: _ClassVar[DtowParameter.DtowMethod]
        LWTOD: _ClassVar[DtowParameter.DtowMethod]
    MDTOW: DtowParameter.DtowMethod
    MWTOD: DtowParameter.DtowMethod
    LDTOW: DtowParameter.DtowMethod
    LWTOD: DtowParameter.DtowMethod
    METHOD_FIELD_NUMBER: _ClassVar[int]
    PSIZE_FIELD_NUMBER: _ClassVar[int]
    NGROUP_FIELD_NUMBER: _ClassVar[int]
    method: DtowParameter.DtowMethod
    psize: int
    ngroup: int
    def __init__(self, method: _Optional[_Union[DtowParameter.DtowMethod, str]] = ..., psize: _Optional[int] = ..., ngroup: _Optional[int] = ...) -> None: ...

class DuplicateParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("height", "width")
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    height: float
    width: float
    def __init__(self, height: _Optional[float] = ..., width: _Optional[float] = ...) -> None: ...

class FAPPYLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("delta",)
    DELTA_FIELD_NUMBER: _ClassVar[int]
    delta: float
    def __init__(self, delta: _Optional[float] = ...) -> None: ...

class HyperColumnsParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("is_train", "sample_num", "skip_ratio")
    IS_TRAIN_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_NUM_FIELD_NUMBER: _ClassVar[int]
    SKIP_RATIO_FIELD_NUMBER: _ClassVar[int]
    is_train: bool
    sample_num: int
    skip_ratio: float
    def __init__(self, is_train: _Optional[bool] = ..., sample_num: _Optional[int] = ..., skip_ratio: _Optional[float] = ...) -> None: ...

class Im2distParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("norm", "remove_center", "remove_bounds")
    class Norm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        L1: _ClassVar[Im2distParameter.Norm]
        L2: _ClassVar[Im2distParameter.Norm]
    L1: Im2distParameter.Norm
    L2: Im2distParameter.Norm
    NORM_FIELD_NUMBER: _ClassVar[int]
    REMOVE_CENTER_FIELD_NUMBER: _ClassVar[int]
    REMOVE_BOUNDS_FIELD_NUMBER: _ClassVar[int]
    norm: Im2distParameter.Norm
    remove_center: bool
    remove_bounds: bool
    def __init__(self, norm: _Optional[_Union[Im2distParameter.Norm, str]] = ..., remove_center: _Optional[bool] = ..., remove_bounds: _Optional[bool] = ...) -> None: ...

class Im2parityParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("ignore_label",)
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    ignore_label: int
    def __init__(self, ignore_label: _Optional[int] = ...) -> None: ...

class LabelDropParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("drop_neg_ratio", "hard_ratio", "rand_ratio")
    DROP_NEG_RATIO_FIELD_NUMBER: _ClassVar[int]
    HARD_RATIO_FIELD_NUMBER: _ClassVar[int]
    RAND_RATIO_FIELD_NUMBER: _ClassVar[int]
    drop_neg_ratio: float
    hard_ratio: float
    rand_ratio: float
    def __init__(self, drop_neg_ratio: _Optional[float] = ..., hard_ratio: _Optional[float] = ..., rand_ratio: _Optional[float] = ...) -> None: ...

class LinearTransformParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("scale", "bias", "num_output", "weight_filler", "axis", "backprop", "verbose")
    SCALE_FIELD_NUMBER: _ClassVar[int]
    BIAS_FIELD_NUMBER: _ClassVar[int]
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    BACKPROP_FIELD_NUMBER: _ClassVar[int]
    VERBOSE_FIELD_NUMBER: _ClassVar[int]
    scale: float
    bias: float
    num_output: int
    weight_filler: FillerParameter
    axis: int
    backprop: bool
    verbose: bool
    def __init__(self, scale: _Optional[float] = ..., bias: _Optional[float] = ..., num_output: _Optional[int] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., axis: _Optional[int] = ..., backprop: _Optional[bool] = ..., verbose: _Optional[bool] = ...) -> None: ...

class MultiROIPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pooled_h", "pooled_w", "spatial_scale", "top_num")
    POOLED_H_FIELD_NUMBER: _ClassVar[int]
    POOLED_W_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_SCALE_FIELD_NUMBER: _ClassVar[int]
    TOP_NUM_FIELD_NUMBER: _ClassVar[int]
    pooled_h: int
    pooled_w: int
    spatial_scale: float
    top_num: int
    def __init__(self, pooled_h: _Optional[int] = ..., pooled_w: _Optional[int] = ..., spatial_scale: _Optional[float] = ..., top_num: _Optional[int] = ...) -> None: ...

class OutputDecayParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("output_decay", "regularization_type")
    OUTPUT_DECAY_FIELD_NUMBER: _ClassVar[int]
    REGULARIZATION_TYPE_FIELD_NUMBER: _ClassVar[int]
    output_decay: float
    regularization_type: str
    def __init__(self, output_decay: _Optional[float] = ..., regularization_type: _Optional[str] = ...) -> None: ...

class PixelConvParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("is_pad", "is_bpk", "is_bpd")
    IS_PAD_FIELD_NUMBER: _ClassVar[int]
    IS_BPK_FIELD_NUMBER: _ClassVar[int]
    IS_BPD_FIELD_NUMBER: _ClassVar[int]
    is_pad: bool
    is_bpk: bool
    is_bpd: bool
    def __init__(self, is_pad: _Optional[bool] = ..., is_bpk: _Optional[bool] = ..., is_bpd: _Optional[bool] = ...) -> None: ...

class RankingLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("trunc", "margin")
    TRUNC_FIELD_NUMBER: _ClassVar[int]
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    trunc: bool
    margin: float
    def __init__(self, trunc: _Optional[bool] = ..., margin: _Optional[float] = ...) -> None: ...

class ResizeLayerParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("height", "width", "is_pyramid_test", "out_height_scale", "out_width_scale", "multiple_scale", "height_fac", "width_fac")
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    IS_PYRAMID_TEST_FIELD_NUMBER: _ClassVar[int]
    OUT_HEIGHT_SCALE_FIELD_NUMBER: _ClassVar[int]
    OUT_WIDTH_SCALE_FIELD_NUMBER: _ClassVar[int]
    MULTIPLE_SCALE_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FAC_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FAC_FIELD_NUMBER: _ClassVar[int]
    height: int
    width: int
    is_pyramid_test: bool
    out_height_scale: float
    out_width_scale: float
    multiple_scale: float
    height_fac: float
    width_fac: float
    def __init__(self, height: _Optional[int] = ..., width: _Optional[int] = ..., is_pyramid_test: _Optional[bool] = ..., out_height_scale: _Optional[float] = ..., out_width_scale: _Optional[float] = ..., multiple_scale: _Optional[float] = ..., height_fac: _Optional[float] = ..., width_fac: _Optional[float] = ...) -> None: ...

class SpatialDropoutParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("dropout_ratio", "dropout_scale", "prob")
    DROPOUT_RATIO_FIELD_NUMBER: _ClassVar[int]
    DROPOUT_SCALE_FIELD_NUMBER: _ClassVar[int]
    PROB_FIELD_NUMBER: _ClassVar[int]
    dropout_ratio: float
    dropout_scale: float
    prob: float
    def __init__(self, dropout_ratio: _Optional[float] = ..., dropout_scale: _Optional[float] = ..., prob: _Optional[float] = ...) -> None: ...

class ReNetLSTMParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("direction", "num_output", "patch_width", "patch_height", "general_weight_filler", "general_bias_filler", "forget_gate_bias_filler", "input_gate_bias_filler", "output_gate_bias_filler", "peephole")
    class Direction(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        X_DIR: _ClassVar[ReNetLSTMParameter.Direction]
        Y_DIR: _ClassVar[ReNetLSTMParameter.Direction]
    X_DIR: ReNetLSTMParameter.Direction
    Y_DIR: ReNetLSTMParameter.Direction
    DIRECTION_FIELD_NUMBER: _ClassVar[int]
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    PATCH_WIDTH_FIELD_NUMBER: _ClassVar[int]
    PATCH_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    GENERAL_WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    GENERAL_BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    FORGET_GATE_BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    INPUT_GATE_BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_GATE_BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    PEEPHOLE_FIELD_NUMBER: _ClassVar[int]
    direction: ReNetLSTMParameter.Direction
    num_output: int
    patch_width: int
    patch_height: int
    general_weight_filler: FillerParameter
    general_bias_filler: FillerParameter
    forget_gate_bias_filler: FillerParameter
    input_gate_bias_filler: FillerParameter
    output_gate_bias_filler: FillerParameter
    peephole: bool
    def __init__(self, direction: _Optional[_Union[ReNetLSTMParameter.Direction, str]] = ..., num_output: _Optional[int] = ..., patch_width: _Optional[int] = ..., patch_height: _Optional[int] = ..., general_weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., general_bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., forget_gate_bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., input_gate_bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., output_gate_bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., peephole: _Optional[bool] = ...) -> None: ...

class AttPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("att_mode", "pad", "kernel_size", "stride", "dilation")
    class AttMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        GLOBAL: _ClassVar[AttPoolingParameter.AttMode]
        LOCAL: _ClassVar[AttPoolingParameter.AttMode]
    GLOBAL: AttPoolingParameter.AttMode
    LOCAL: AttPoolingParameter.AttMode
    ATT_MODE_FIELD_NUMBER: _ClassVar[int]
    PAD_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    DILATION_FIELD_NUMBER: _ClassVar[int]
    att_mode: AttPoolingParameter.AttMode
    pad: int
    kernel_size: int
    stride: int
    dilation: int
    def __init__(self, att_mode: _Optional[_Union[AttPoolingParameter.AttMode, str]] = ..., pad: _Optional[int] = ..., kernel_size: _Optional[int] = ..., stride: _Optional[int] = ..., dilation: _Optional[int] = ...) -> None: ...

class UniqueLabelParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("max_labels", "ignore_label", "force_label")
    MAX_LABELS_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    FORCE_LABEL_FIELD_NUMBER: _ClassVar[int]
    max_labels: int
    ignore_label: _containers.RepeatedScalarFieldContainer[int]
    force_label: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, max_labels: _Optional[int] = ..., ignore_label: _Optional[_Iterable[int]] = ..., force_label: _Optional[_Iterable[float]] = ...) -> None: ...

class BiasChannelParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("bg_bias", "fg_bias", "ignore_label", "label_type", "background_label")
    class LabelType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        IMAGE: _ClassVar[BiasChannelParameter.LabelType]
        PIXEL: _ClassVar[BiasChannelParameter.LabelType]
    IMAGE: BiasChannelParameter.LabelType
    PIXEL: BiasChannelParameter.LabelType
    BG_BIAS_FIELD_NUMBER: _ClassVar[int]
    FG_BIAS_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    LABEL_TYPE_FIELD_NUMBER: _ClassVar[int]
    BACKGROUND_LABEL_FIELD_NUMBER: _ClassVar[int]
    bg_bias: float
    fg_bias: float
    ignore_label: _containers.RepeatedScalarFieldContainer[int]
    label_type: BiasChannelParameter.LabelType
    background_label: int
    def __init__(self, bg_bias: _Optional[float] = ..., fg_bias: _Optional[float] = ..., ignore_label: _Optional[_Iterable[int]] = ..., label_type: _Optional[_Union[BiasChannelParameter.LabelType, str]] = ..., background_label: _Optional[int] = ...) -> None: ...

class QuantTruncAbsParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("process", "threshold")
    class ProcessMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        QUANTTRUNCABS: _ClassVar[QuantTruncAbsParameter.ProcessMethod]
        QUANT: _ClassVar[QuantTruncAbsParameter.ProcessMethod]
        ABS: _ClassVar[QuantTruncAbsParameter.ProcessMethod]
        TRUNC: _ClassVar[QuantTruncAbsParameter.ProcessMethod]
        QUANTTRUNC: _ClassVar[QuantTruncAbsParameter.ProcessMethod]
        QUANTABS: _ClassVar[QuantTruncAbsParameter.ProcessMethod]
        TRUNCABS: _ClassVar[QuantTruncAbsParameter.ProcessMethod]
    QUANTTRUNCABS: QuantTruncAbsParameter.ProcessMethod
    QUANT: QuantTruncAbsParameter.ProcessMethod
    ABS: QuantTruncAbsParameter.ProcessMethod
    TRUNC: QuantTruncAbsParameter.ProcessMethod
    QUANTTRUNC: QuantTruncAbsParameter.ProcessMethod
    QUANTABS: QuantTruncAbsParameter.ProcessMethod
    TRUNCABS: QuantTruncAbsParameter.ProcessMethod
    PROCESS_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    process: QuantTruncAbsParameter.ProcessMethod
    threshold: int
    def __init__(self, process: _Optional[_Union[QuantTruncAbsParameter.ProcessMethod, str]] = ..., threshold: _Optional[int] = ...) -> None: ...

class BNConvParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("decay", "fix")
    DECAY_FIELD_NUMBER: _ClassVar[int]
    FIX_FIELD_NUMBER: _ClassVar[int]
    decay: float
    fix: bool
    def __init__(self, decay: _Optional[float] = ..., fix: _Optional[bool] = ...) -> None: ...

class NormLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("type", "p")
    class NormType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        L1: _ClassVar[NormLossParameter.NormType]
        L2: _ClassVar[NormLossParameter.NormType]
        Lp: _ClassVar[NormLossParameter.NormType]
    L1: NormLossParameter.NormType
    L2: NormLossParameter.NormType
    Lp: NormLossParameter.NormType
    TYPE_FIELD_NUMBER: _ClassVar[int]
    P_FIELD_NUMBER: _ClassVar[int]
    type: NormLossParameter.NormType
    p: float
    def __init__(self, type: _Optional[_Union[NormLossParameter.NormType, str]] = ..., p: _Optional[float] = ...) -> None: ...

class ArgMaxOneParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis",)
    AXIS_FIELD_NUMBER: _ClassVar[int]
    axis: int
    def __init__(self, axis: _Optional[int] = ...) -> None: ...

class DownsamplingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("kernel_size", "kernel_h", "kernel_w")
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    KERNEL_H_FIELD_NUMBER: _ClassVar[int]
    KERNEL_W_FIELD_NUMBER: _ClassVar[int]
    kernel_size: int
    kernel_h: int
    kernel_w: int
    def __init__(self, kernel_size: _Optional[int] = ..., kernel_h: _Optional[int] = ..., kernel_w: _Optional[int] = ...) -> None: ...

class RunningAverageParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("mass", "update_test", "reset_history")
    MASS_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TEST_FIELD_NUMBER: _ClassVar[int]
    RESET_HISTORY_FIELD_NUMBER: _ClassVar[int]
    mass: float
    update_test: bool
    reset_history: bool
    def __init__(self, mass: _Optional[float] = ..., update_test: _Optional[bool] = ..., reset_history: _Optional[bool] = ...) -> None: ...

class PoolingNumParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pool", "kernel_size")
    class PoolMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MAX: _ClassVar[PoolingNumParameter.PoolMethod]
        AVE: _ClassVar[PoolingNumParameter.PoolMethod]
        STOCHASTIC: _ClassVar[PoolingNumParameter.PoolMethod]
    MAX: PoolingNumParameter.PoolMethod
    AVE: PoolingNumParameter.PoolMethod
    STOCHASTIC: PoolingNumParameter.PoolMethod
    POOL_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    pool: PoolingNumParameter.PoolMethod
    kernel_size: int
    def __init__(self, pool: _Optional[_Union[PoolingNumParameter.PoolMethod, str]] = ..., kernel_size: _Optional[int] = ...) -> None: ...

class CutParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("fold", "start", "end")
    FOLD_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    fold: int
    start: int
    end: int
    def __init__(self, fold: _Optional[int] = ..., start: _Optional[int] = ..., end: _Optional[int] = ...) -> None: ...

class GateRecurrentParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "use_bias", "use_wx", "use_wh", "weight_filler", "bias_filler", "horizontal", "reverse", "active", "bound_diff", "restrict_w", "restrict_g", "use_x_gate", "use_new_fix", "slash")
    class Active(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        LINEAR: _ClassVar[GateRecurrentParameter.Active]
        SIGMOID: _ClassVar[GateRecurrentParameter.Active]
        RELU: _ClassVar[GateRecurrentParameter.Active]
        TANH: _ClassVar[GateRecurrentParameter.Active]
    LINEAR: GateRecurrentParameter.Active
    SIGMOID: GateRecurrentParameter.Active
    RELU: GateRecurrentParameter.Active
    TANH: GateRecurrentParameter.Active
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    USE_BIAS_FIELD_NUMBER: _ClassVar[int]
    USE_WX_FIELD_NUMBER: _ClassVar[int]
    USE_WH_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    HORIZONTAL_FIELD_NUMBER: _ClassVar[int]
    REVERSE_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    BOUND_DIFF_FIELD_NUMBER: _ClassVar[int]
    RESTRICT_W_FIELD_NUMBER: _ClassVar[int]
    RESTRICT_G_FIELD_NUMBER: _ClassVar[int]
    USE_X_GATE_FIELD_NUMBER: _ClassVar[int]
    USE_NEW_FIX_FIELD_NUMBER: _ClassVar[int]
    SLASH_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    use_bias: bool
    use_wx: bool
    use_wh: bool
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    horizontal: bool
    reverse: bool
    active: GateRecurrentParameter.Active
    bound_diff: float
    restrict_w: float
    restrict_g: float
    use_x_gate: bool
    use_new_fix: bool
    slash: bool
    def __init__(self, num_output: _Optional[int] = ..., use_bias: _Optional[bool] = ..., use_wx: _Optional[bool] = ..., use_wh: _Optional[bool] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., horizontal: _Optional[bool] = ..., reverse: _Optional[bool] = ..., active: _Optional[_Union[GateRecurrentParameter.Active, str]] = ..., bound_diff: _Optional[float] = ..., restrict_w: _Optional[float] = ..., restrict_g: _Optional[float] = ..., use_x_gate: _Optional[bool] = ..., use_new_fix: _Optional[bool] = ..., slash: _Optional[bool] = ...) -> None: ...

class SpatialRecurrentParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "bias_term", "weight_filler", "bias_filler", "horizontal", "reverse", "active", "bound_diff", "restrict_w")
    class Active(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        LINEAR: _ClassVar[SpatialRecurrentParameter.Active]
        SIGMOID: _ClassVar[SpatialRecurrentParameter.Active]
        RELU: _ClassVar[SpatialRecurrentParameter.Active]
        TANH: _ClassVar[SpatialRecurrentParameter.Active]
    LINEAR: SpatialRecurrentParameter.Active
    SIGMOID: SpatialRecurrentParameter.Active
    RELU: SpatialRecurrentParameter.Active
    TANH: SpatialRecurrentParameter.Active
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    HORIZONTAL_FIELD_NUMBER: _ClassVar[int]
    REVERSE_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    BOUND_DIFF_FIELD_NUMBER: _ClassVar[int]
    RESTRICT_W_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    bias_term: bool
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    horizontal: bool
    reverse: bool
    active: SpatialRecurrentParameter.Active
    bound_diff: float
    restrict_w: float
    def __init__(self, num_output: _Optional[int] = ..., bias_term: _Optional[bool] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., horizontal: _Optional[bool] = ..., reverse: _Optional[bool] = ..., active: _Optional[_Union[SpatialRecurrentParameter.Active, str]] = ..., bound_diff: _Optional[float] = ..., restrict_w: _Optional[float] = ...) -> None: ...

class GateRecurrent2dParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "horizontal", "reverse", "active")
    class Active(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        LINEAR: _ClassVar[GateRecurrent2dParameter.Active]
        SIGMOID: _ClassVar[GateRecurrent2dParameter.Active]
        RELU: _ClassVar[GateRecurrent2dParameter.Active]
        TANH: _ClassVar[GateRecurrent2dParameter.Active]
    LINEAR: GateRecurrent2dParameter.Active
    SIGMOID: GateRecurrent2dParameter.Active
    RELU: GateRecurrent2dParameter.Active
    TANH: GateRecurrent2dParameter.Active
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    HORIZONTAL_FIELD_NUMBER: _ClassVar[int]
    REVERSE_FIELD_NUMBER: _ClassVar[int]
    ACTIVE_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    horizontal: bool
    reverse: bool
    active: GateRecurrent2dParameter.Active
    def __init__(self, num_output: _Optional[int] = ..., horizontal: _Optional[bool] = ..., reverse: _Optional[bool] = ..., active: _Optional[_Union[GateRecurrent2dParameter.Active, str]] = ...) -> None: ...

class ElementHingeLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("norm", "scale_loss")
    class Norm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        L1: _ClassVar[ElementHingeLossParameter.Norm]
        L2: _ClassVar[ElementHingeLossParameter.Norm]
    L1: ElementHingeLossParameter.Norm
    L2: ElementHingeLossParameter.Norm
    NORM_FIELD_NUMBER: _ClassVar[int]
    SCALE_LOSS_FIELD_NUMBER: _ClassVar[int]
    norm: ElementHingeLossParameter.Norm
    scale_loss: bool
    def __init__(self, norm: _Optional[_Union[ElementHingeLossParameter.Norm, str]] = ..., scale_loss: _Optional[bool] = ...) -> None: ...

class AdaptiveBiasChannelParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_iter", "bg_portion", "fg_portion", "suppress_others", "margin_others")
    NUM_ITER_FIELD_NUMBER: _ClassVar[int]
    BG_PORTION_FIELD_NUMBER: _ClassVar[int]
    FG_PORTION_FIELD_NUMBER: _ClassVar[int]
    SUPPRESS_OTHERS_FIELD_NUMBER: _ClassVar[int]
    MARGIN_OTHERS_FIELD_NUMBER: _ClassVar[int]
    num_iter: int
    bg_portion: float
    fg_portion: float
    suppress_others: bool
    margin_others: float
    def __init__(self, num_iter: _Optional[int] = ..., bg_portion: _Optional[float] = ..., fg_portion: _Optional[float] = ..., suppress_others: _Optional[bool] = ..., margin_others: _Optional[float] = ...) -> None: ...

class DomainTransformParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_iter", "spatial_sigma", "range_sigma", "min_weight")
    NUM_ITER_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_SIGMA_FIELD_NUMBER: _ClassVar[int]
    RANGE_SIGMA_FIELD_NUMBER: _ClassVar[int]
    MIN_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    num_iter: int
    spatial_sigma: float
    range_sigma: float
    min_weight: float
    def __init__(self, num_iter: _Optional[int] = ..., spatial_sigma: _Optional[float] = ..., range_sigma: _Optional[float] = ..., min_weight: _Optional[float] = ...) -> None: ...

class MatReadParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("prefix", "source", "strip", "batch_size")
    PREFIX_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    STRIP_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    prefix: str
    source: str
    strip: int
    batch_size: int
    def __init__(self, prefix: _Optional[str] = ..., source: _Optional[str] = ..., strip: _Optional[int] = ..., batch_size: _Optional[int] = ...) -> None: ...

class BerhuParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("c_rate", "max_label", "min_label", "invalid_label", "normalize", "c_rate_mode", "h_rate")
    class CRateMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MAX: _ClassVar[BerhuParameter.CRateMode]
        AVE: _ClassVar[BerhuParameter.CRateMode]
    MAX: BerhuParameter.CRateMode
    AVE: BerhuParameter.CRateMode
    C_RATE_FIELD_NUMBER: _ClassVar[int]
    MAX_LABEL_FIELD_NUMBER: _ClassVar[int]
    MIN_LABEL_FIELD_NUMBER: _ClassVar[int]
    INVALID_LABEL_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_FIELD_NUMBER: _ClassVar[int]
    C_RATE_MODE_FIELD_NUMBER: _ClassVar[int]
    H_RATE_FIELD_NUMBER: _ClassVar[int]
    c_rate: float
    max_label: float
    min_label: float
    invalid_label: float
    normalize: bool
    c_rate_mode: BerhuParameter.CRateMode
    h_rate: float
    def __init__(self, c_rate: _Optional[float] = ..., max_label: _Optional[float] = ..., min_label: _Optional[float] = ..., invalid_label: _Optional[float] = ..., normalize: _Optional[bool] = ..., c_rate_mode: _Optional[_Union[BerhuParameter.CRateMode, str]] = ..., h_rate: _Optional[float] = ...) -> None: ...

class ScaleInvariantParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("delta", "min_label", "max_label", "adjust_pixel_num")
    DELTA_FIELD_NUMBER: _ClassVar[int]
    MIN_LABEL_FIELD_NUMBER: _ClassVar[int]
    MAX_LABEL_FIELD_NUMBER: _ClassVar[int]
    ADJUST_PIXEL_NUM_FIELD_NUMBER: _ClassVar[int]
    delta: float
    min_label: float
    max_label: float
    adjust_pixel_num: bool
    def __init__(self, delta: _Optional[float] = ..., min_label: _Optional[float] = ..., max_label: _Optional[float] = ..., adjust_pixel_num: _Optional[bool] = ...) -> None: ...

class ScaleInvariantBerhuParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("delta", "min_label", "max_label", "adjust_pixel_num", "c_rate", "c_boundary", "c_rate_mode", "h_rate")
    class CRateMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MAX: _ClassVar[ScaleInvariantBerhuParameter.CRateMode]
        AVE: _ClassVar[ScaleInvariantBerhuParameter.CRateMode]
    MAX: ScaleInvariantBerhuParameter.CRateMode
    AVE: ScaleInvariantBerhuParameter.CRateMode
    DELTA_FIELD_NUMBER: _ClassVar[int]
    MIN_LABEL_FIELD_NUMBER: _ClassVar[int]
    MAX_LABEL_FIELD_NUMBER: _ClassVar[int]
    ADJUST_PIXEL_NUM_FIELD_NUMBER: _ClassVar[int]
    C_RATE_FIELD_NUMBER: _ClassVar[int]
    C_BOUNDARY_FIELD_NUMBER: _ClassVar[int]
    C_RATE_MODE_FIELD_NUMBER: _ClassVar[int]
    H_RATE_FIELD_NUMBER: _ClassVar[int]
    delta: float
    min_label: float
    max_label: float
    adjust_pixel_num: bool
    c_rate: float
    c_boundary: float
    c_rate_mode: ScaleInvariantBerhuParameter.CRateMode
    h_rate: float
    def __init__(self, delta: _Optional[float] = ..., min_label: _Optional[float] = ..., max_label: _Optional[float] = ..., adjust_pixel_num: _Optional[bool] = ..., c_rate: _Optional[float] = ..., c_boundary: _Optional[float] = ..., c_rate_mode: _Optional[_Union[ScaleInvariantBerhuParameter.CRateMode, str]] = ..., h_rate: _Optional[float] = ...) -> None: ...

class L2NormParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("l2_length", "eps")
    L2_LENGTH_FIELD_NUMBER: _ClassVar[int]
    EPS_FIELD_NUMBER: _ClassVar[int]
    l2_length: float
    eps: float
    def __init__(self, l2_length: _Optional[float] = ..., eps: _Optional[float] = ...) -> None: ...

class AccuracyHeatmapParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("threshold",)
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    threshold: float
    def __init__(self, threshold: _Optional[float] = ...) -> None: ...

class PredictionHeatmapParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_joints",)
    NUM_JOINTS_FIELD_NUMBER: _ClassVar[int]
    num_joints: int
    def __init__(self, num_joints: _Optional[int] = ...) -> None: ...

class MatchLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("eps", "penalize")
    LAMBDA_FIELD_NUMBER: _ClassVar[int]
    EPS_FIELD_NUMBER: _ClassVar[int]
    PENALIZE_FIELD_NUMBER: _ClassVar[int]
    eps: float
    penalize: float
    def __init__(self, eps: _Optional[float] = ..., penalize: _Optional[float] = ..., **kwargs: object) -> None: ...

class RistrettoParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("precision", "rounding_scheme", "bw_layer_in", "bw_layer_out", "bw_params", "fl_layer_in", "fl_layer_out", "fl_params", "mant_bits", "exp_bits", "exp_min", "exp_max", "bw_bias", "fl_bias", "bw_add", "fl_add", "bw_multiply", "fl_multiply", "rounding_time", "overflow_behavior", "analyze_mode")
    class Precision(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DYNAMIC_FIXED_POINT: _ClassVar[RistrettoParameter.Precision]
        MINIFLOAT: _ClassVar[RistrettoParameter.Precision]
        INTEGER_POWER_OF_2_WEIGHTS: _ClassVar[RistrettoParameter.Precision]
    DYNAMIC_FIXED_POINT: RistrettoParameter.Precision
    MINIFLOAT: RistrettoParameter.Precision
    INTEGER_POWER_OF_2_WEIGHTS: RistrettoParameter.Precision
    class Rounding(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        NEAREST: _ClassVar[RistrettoParameter.Rounding]
        STOCHASTIC: _ClassVar[RistrettoParameter.Rounding]
    NEAREST: RistrettoParameter.Rounding
    STOCHASTIC: RistrettoParameter.Rounding
    class Time(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        LAYER_BY_LAYER: _ClassVar[RistrettoParameter.Time]
        EVERY_OPERATION: _ClassVar[RistrettoParameter.Time]
        EVERY_OPERATION_SERIAL: _ClassVar[RistrettoParameter.Time]
    LAYER_BY_LAYER: RistrettoParameter.Time
    EVERY_OPERATION: RistrettoParameter.Time
    EVERY_OPERATION_SERIAL: RistrettoParameter.Time
    class Overflow(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        OVERFLOW_SIM: _ClassVar[RistrettoParameter.Overflow]
        TRIM_AT_THRESH: _ClassVar[RistrettoParameter.Overflow]
    OVERFLOW_SIM: RistrettoParameter.Overflow
    TRIM_AT_THRESH: RistrettoParameter.Overflow
    class Analysis(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        NO_ANALYZE: _ClassVar[RistrettoParameter.Analysis]
        ANALYZE_ADD: _ClassVar[RistrettoParameter.Analysis]
        ANALYZE_MULTIPLY: _ClassVar[RistrettoParameter.Analysis]
        ANALYZE_BOTH: _ClassVar[RistrettoParameter.Analysis]
    NO_ANALYZE: RistrettoParameter.Analysis
    ANALYZE_ADD: RistrettoParameter.Analysis
    ANALYZE_MULTIPLY: RistrettoParameter.Analysis
    ANALYZE_BOTH: RistrettoParameter.Analysis
    PRECISION_FIELD_NUMBER: _ClassVar[int]
    ROUNDING_SCHEME_FIELD_NUMBER: _ClassVar[int]
    BW_LAYER_IN_FIELD_NUMBER: _ClassVar[int]
    BW_LAYER_OUT_FIELD_NUMBER: _ClassVar[int]
    BW_PARAMS_FIELD_NUMBER: _ClassVar[int]
    FL_LAYER_IN_FIELD_NUMBER: _ClassVar[int]
    FL_LAYER_OUT_FIELD_NUMBER: _ClassVar[int]
    FL_PARAMS_FIELD_NUMBER: _ClassVar[int]
    MANT_BITS_FIELD_NUMBER: _ClassVar[int]
    EXP_BITS_FIELD_NUMBER: _ClassVar[int]
    EXP_MIN_FIELD_NUMBER: _ClassVar[int]
    EXP_MAX_FIELD_NUMBER: _ClassVar[int]
    BW_BIAS_FIELD_NUMBER: _ClassVar[int]
    FL_BIAS_FIELD_NUMBER: _ClassVar[int]
    BW_ADD_FIELD_NUMBER: _ClassVar[int]
    FL_ADD_FIELD_NUMBER: _ClassVar[int]
    BW_MULTIPLY_FIELD_NUMBER: _ClassVar[int]
    FL_MULTIPLY_FIELD_NUMBER: _ClassVar[int]
    ROUNDING_TIME_FIELD_NUMBER: _ClassVar[int]
    OVERFLOW_BEHAVIOR_FIELD_NUMBER: _ClassVar[int]
    ANALYZE_MODE_FIELD_NUMBER: _ClassVar[int]
    precision: RistrettoParameter.Precision
    rounding_scheme: RistrettoParameter.Rounding
    bw_layer_in: int
    bw_layer_out: int
    bw_params: int
    fl_layer_in: int
    fl_layer_out: int
    fl_params: int
    mant_bits: int
    exp_bits: int
    exp_min: int
    exp_max: int
    bw_bias: int
    fl_bias: int
    bw_add: int
    fl_add: int
    bw_multiply: int
    fl_multiply: int
    rounding_time: RistrettoParameter.Time
    overflow_behavior: RistrettoParameter.Overflow
    analyze_mode: RistrettoParameter.Analysis
    def __init__(self, precision: _Optional[_Union[RistrettoParameter.Precision, str]] = ..., rounding_scheme: _Optional[_Union[RistrettoParameter.Rounding, str]] = ..., bw_layer_in: _Optional[int] = ..., bw_layer_out: _Optional[int] = ..., bw_params: _Optional[int] = ..., fl_layer_in: _Optional[int] = ..., fl_layer_out: _Optional[int] = ..., fl_params: _Optional[int] = ..., mant_bits: _Optional[int] = ..., exp_bits: _Optional[int] = ..., exp_min: _Optional[int] = ..., exp_max: _Optional[int] = ..., bw_bias: _Optional[int] = ..., fl_bias: _Optional[int] = ..., bw_add: _Optional[int] = ..., fl_add: _Optional[int] = ..., bw_multiply: _Optional[int] = ..., fl_multiply: _Optional[int] = ..., rounding_time: _Optional[_Union[RistrettoParameter.Time, str]] = ..., overflow_behavior: _Optional[_Union[RistrettoParameter.Overflow, str]] = ..., analyze_mode: _Optional[_Union[RistrettoParameter.Analysis, str]] = ...) -> None: ...

class MinReLUParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("positive_slope",)
    POSITIVE_SLOPE_FIELD_NUMBER: _ClassVar[int]
    positive_slope: float
    def __init__(self, positive_slope: _Optional[float] = ...) -> None: ...

class PENLUParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("alpha_filler", "beta_filler", "eta_filler", "channel_shared")
    ALPHA_FILLER_FIELD_NUMBER: _ClassVar[int]
    BETA_FILLER_FIELD_NUMBER: _ClassVar[int]
    ETA_FILLER_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_SHARED_FIELD_NUMBER: _ClassVar[int]
    alpha_filler: FillerParameter
    beta_filler: FillerParameter
    eta_filler: FillerParameter
    channel_shared: bool
    def __init__(self, alpha_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., beta_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., eta_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., channel_shared: _Optional[bool] = ...) -> None: ...

class APLParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("sums", "slope_filler", "offset_filler", "save_mem")
    SUMS_FIELD_NUMBER: _ClassVar[int]
    SLOPE_FILLER_FIELD_NUMBER: _ClassVar[int]
    OFFSET_FILLER_FIELD_NUMBER: _ClassVar[int]
    SAVE_MEM_FIELD_NUMBER: _ClassVar[int]
    sums: int
    slope_filler: FillerParameter
    offset_filler: FillerParameter
    save_mem: bool
    def __init__(self, sums: _Optional[int] = ..., slope_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., offset_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., save_mem: _Optional[bool] = ...) -> None: ...

class RegionPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_features", "num_rfcn_regions", "spatial_scale", "num_samples", "num_regions")
    NUM_FEATURES_FIELD_NUMBER: _ClassVar[int]
    NUM_RFCN_REGIONS_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_SCALE_FIELD_NUMBER: _ClassVar[int]
    NUM_SAMPLES_FIELD_NUMBER: _ClassVar[int]
    NUM_REGIONS_FIELD_NUMBER: _ClassVar[int]
    num_features: int
    num_rfcn_regions: int
    spatial_scale: float
    num_samples: int
    num_regions: int
    def __init__(self, num_features: _Optional[int] = ..., num_rfcn_regions: _Optional[int] = ..., spatial_scale: _Optional[float] = ..., num_samples: _Optional[int] = ..., num_regions: _Optional[int] = ...) -> None: ...

class DeconvReLUParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("negative_slope",)
    NEGATIVE_SLOPE_FIELD_NUMBER: _ClassVar[int]
    negative_slope: float
    def __init__(self, negative_slope: _Optional[float] = ...) -> None: ...

class RandomNoiseParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("mu", "sigma", "adaptive_sigma", "adaptive_factor")
    MU_FIELD_NUMBER: _ClassVar[int]
    SIGMA_FIELD_NUMBER: _ClassVar[int]
    ADAPTIVE_SIGMA_FIELD_NUMBER: _ClassVar[int]
    ADAPTIVE_FACTOR_FIELD_NUMBER: _ClassVar[int]
    mu: float
    sigma: float
    adaptive_sigma: bool
    adaptive_factor: float
    def __init__(self, mu: _Optional[float] = ..., sigma: _Optional[float] = ..., adaptive_sigma: _Optional[bool] = ..., adaptive_factor: _Optional[float] = ...) -> None: ...

class SoftmaxPairParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis",)
    AXIS_FIELD_NUMBER: _ClassVar[int]
    axis: int
    def __init__(self, axis: _Optional[int] = ...) -> None: ...

class OuterProductParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("loss_weight",)
    LOSS_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    loss_weight: float
    def __init__(self, loss_weight: _Optional[float] = ...) -> None: ...

class MaxDropParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("prob", "dim_option", "kernel_w", "kernel_h", "off_num")
    PROB_FIELD_NUMBER: _ClassVar[int]
    DIM_OPTION_FIELD_NUMBER: _ClassVar[int]
    KERNEL_W_FIELD_NUMBER: _ClassVar[int]
    KERNEL_H_FIELD_NUMBER: _ClassVar[int]
    OFF_NUM_FIELD_NUMBER: _ClassVar[int]
    prob: float
    dim_option: int
    kernel_w: int
    kernel_h: int
    off_num: int
    def __init__(self, prob: _Optional[float] = ..., dim_option: _Optional[int] = ..., kernel_w: _Optional[int] = ..., kernel_h: _Optional[int] = ..., off_num: _Optional[int] = ...) -> None: ...

class RNDropoutParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_drop_blobs", "drop_prob", "drop_seqs")
    NUM_DROP_BLOBS_FIELD_NUMBER: _ClassVar[int]
    DROP_PROB_FIELD_NUMBER: _ClassVar[int]
    DROP_SEQS_FIELD_NUMBER: _ClassVar[int]
    num_drop_blobs: int
    drop_prob: int
    drop_seqs: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, num_drop_blobs: _Optional[int] = ..., drop_prob: _Optional[int] = ..., drop_seqs: _Optional[_Iterable[int]] = ...) -> None: ...

class StochasticDropoutParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("type", "prob_layer", "prob_arg1", "prob_arg2")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    PROB_LAYER_FIELD_NUMBER: _ClassVar[int]
    PROB_ARG1_FIELD_NUMBER: _ClassVar[int]
    PROB_ARG2_FIELD_NUMBER: _ClassVar[int]
    type: int
    prob_layer: float
    prob_arg1: float
    prob_arg2: float
    def __init__(self, type: _Optional[int] = ..., prob_layer: _Optional[float] = ..., prob_arg1: _Optional[float] = ..., prob_arg2: _Optional[float] = ...) -> None: ...

class SparseHypercolumnExtractorParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("scale", "offset_height", "offset_width", "activation_mult")
    SCALE_FIELD_NUMBER: _ClassVar[int]
    OFFSET_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    OFFSET_WIDTH_FIELD_NUMBER: _ClassVar[int]
    ACTIVATION_MULT_FIELD_NUMBER: _ClassVar[int]
    scale: _containers.RepeatedScalarFieldContainer[float]
    offset_height: _containers.RepeatedScalarFieldContainer[float]
    offset_width: _containers.RepeatedScalarFieldContainer[float]
    activation_mult: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, scale: _Optional[_Iterable[float]] = ..., offset_height: _Optional[_Iterable[float]] = ..., offset_width: _Optional[_Iterable[float]] = ..., activation_mult: _Optional[_Iterable[float]] = ...) -> None: ...

class TruncationParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("lower_bound", "upper_bound", "truncation_min", "truncation_max")
    LOWER_BOUND_FIELD_NUMBER: _ClassVar[int]
    UPPER_BOUND_FIELD_NUMBER: _ClassVar[int]
    TRUNCATION_MIN_FIELD_NUMBER: _ClassVar[int]
    TRUNCATION_MAX_FIELD_NUMBER: _ClassVar[int]
    lower_bound: float
    upper_bound: float
    truncation_min: float
    truncation_max: float
    def __init__(self, lower_bound: _Optional[float] = ..., upper_bound: _Optional[float] = ..., truncation_min: _Optional[float] = ..., truncation_max: _Optional[float] = ...) -> None: ...

class GroupNormParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("eps", "group_num")
    EPS_FIELD_NUMBER: _ClassVar[int]
    GROUP_NUM_FIELD_NUMBER: _ClassVar[int]
    eps: float
    group_num: int
    def __init__(self, eps: _Optional[float] = ..., group_num: _Optional[int] = ...) -> None: ...

class GNParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("slope_filler", "bias_filler", "eps", "num_groups", "channels_per_group")
    SLOPE_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    EPS_FIELD_NUMBER: _ClassVar[int]
    NUM_GROUPS_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_PER_GROUP_FIELD_NUMBER: _ClassVar[int]
    slope_filler: FillerParameter
    bias_filler: FillerParameter
    eps: float
    num_groups: int
    channels_per_group: int
    def __init__(self, slope_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., eps: _Optional[float] = ..., num_groups: _Optional[int] = ..., channels_per_group: _Optional[int] = ...) -> None: ...

class SumPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pool", "pad", "pad_h", "pad_w", "kernel_size", "kernel_h", "kernel_w", "stride", "stride_h", "stride_w", "engine", "global_pooling")
    class PoolMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MAX: _ClassVar[SumPoolingParameter.PoolMethod]
        AVE: _ClassVar[SumPoolingParameter.PoolMethod]
        STOCHASTIC: _ClassVar[SumPoolingParameter.PoolMethod]
        SUM: _ClassVar[SumPoolingParameter.PoolMethod]
    MAX: SumPoolingParameter.PoolMethod
    AVE: SumPoolingParameter.PoolMethod
    STOCHASTIC: SumPoolingParameter.PoolMethod
    SUM: SumPoolingParameter.PoolMethod
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[SumPoolingParameter.Engine]
        CAFFE: _ClassVar[SumPoolingParameter.Engine]
        CUDNN: _ClassVar[SumPoolingParameter.Engine]
    DEFAULT: SumPoolingParameter.Engine
    CAFFE: SumPoolingParameter.Engine
    CUDNN: SumPoolingParameter.Engine
    POOL_FIELD_NUMBER: _ClassVar[int]
    PAD_FIELD_NUMBER: _ClassVar[int]
    PAD_H_FIELD_NUMBER: _ClassVar[int]
    PAD_W_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    KERNEL_H_FIELD_NUMBER: _ClassVar[int]
    KERNEL_W_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    STRIDE_H_FIELD_NUMBER: _ClassVar[int]
    STRIDE_W_FIELD_NUMBER: _ClassVar[int]
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    GLOBAL_POOLING_FIELD_NUMBER: _ClassVar[int]
    pool: SumPoolingParameter.PoolMethod
    pad: int
    pad_h: int
    pad_w: int
    kernel_size: int
    kernel_h: int
    kernel_w: int
    stride: int
    stride_h: int
    stride_w: int
    engine: SumPoolingParameter.Engine
    global_pooling: bool
    def __init__(self, pool: _Optional[_Union[SumPoolingParameter.PoolMethod, str]] = ..., pad: _Optional[int] = ..., pad_h: _Optional[int] = ..., pad_w: _Optional[int] = ..., kernel_size: _Optional[int] = ..., kernel_h: _Optional[int] = ..., kernel_w: _Optional[int] = ..., stride: _Optional[int] = ..., stride_h: _Optional[int] = ..., stride_w: _Optional[int] = ..., engine: _Optional[_Union[SumPoolingParameter.Engine, str]] = ..., global_pooling: _Optional[bool] = ...) -> None: ...

class ImResizeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("target_spatial_width", "target_spatial_height", "factor", "start_scale", "scale_gap")
    TARGET_SPATIAL_WIDTH_FIELD_NUMBER: _ClassVar[int]
    TARGET_SPATIAL_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    FACTOR_FIELD_NUMBER: _ClassVar[int]
    START_SCALE_FIELD_NUMBER: _ClassVar[int]
    SCALE_GAP_FIELD_NUMBER: _ClassVar[int]
    target_spatial_width: int
    target_spatial_height: int
    factor: float
    start_scale: float
    scale_gap: float
    def __init__(self, target_spatial_width: _Optional[int] = ..., target_spatial_height: _Optional[int] = ..., factor: _Optional[float] = ..., start_scale: _Optional[float] = ..., scale_gap: _Optional[float] = ...) -> None: ...

class RenderParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output",)
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    def __init__(self, num_output: _Optional[int] = ...) -> None: ...

class RescaleParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("rf",)
    RF_FIELD_NUMBER: _ClassVar[int]
    rf: int
    def __init__(self, rf: _Optional[int] = ...) -> None: ...

class NmsParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("threshold", "num_peak", "max_peaks", "num_parts", "top_k", "axis", "iou_threshold")
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    NUM_PEAK_FIELD_NUMBER: _ClassVar[int]
    MAX_PEAKS_FIELD_NUMBER: _ClassVar[int]
    NUM_PARTS_FIELD_NUMBER: _ClassVar[int]
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    IOU_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    threshold: float
    num_peak: int
    max_peaks: int
    num_parts: int
    top_k: int
    axis: int
    iou_threshold: float
    def __init__(self, threshold: _Optional[float] = ..., num_peak: _Optional[int] = ..., max_peaks: _Optional[int] = ..., num_parts: _Optional[int] = ..., top_k: _Optional[int] = ..., axis: _Optional[int] = ..., iou_threshold: _Optional[float] = ...) -> None: ...

class RotateROIPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pooled_h", "pooled_w", "spatial_scale")
    POOLED_H_FIELD_NUMBER: _ClassVar[int]
    POOLED_W_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_SCALE_FIELD_NUMBER: _ClassVar[int]
    pooled_h: int
    pooled_w: int
    spatial_scale: float
    def __init__(self, pooled_h: _Optional[int] = ..., pooled_w: _Optional[int] = ..., spatial_scale: _Optional[float] = ...) -> None: ...

class EnlargeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("scale",)
    SCALE_FIELD_NUMBER: _ClassVar[int]
    scale: int
    def __init__(self, scale: _Optional[int] = ...) -> None: ...

class ShakeoutParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("dropout_ratio", "shakeout_scale", "tanh_smooth_scale", "operate_layer_type")
    DROPOUT_RATIO_FIELD_NUMBER: _ClassVar[int]
    SHAKEOUT_SCALE_FIELD_NUMBER: _ClassVar[int]
    TANH_SMOOTH_SCALE_FIELD_NUMBER: _ClassVar[int]
    OPERATE_LAYER_TYPE_FIELD_NUMBER: _ClassVar[int]
    dropout_ratio: float
    shakeout_scale: float
    tanh_smooth_scale: float
    operate_layer_type: str
    def __init__(self, dropout_ratio: _Optional[float] = ..., shakeout_scale: _Optional[float] = ..., tanh_smooth_scale: _Optional[float] = ..., operate_layer_type: _Optional[str] = ...) -> None: ...

class RandVecParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("batch_size", "dim", "height", "width", "lower", "upper", "repeat")
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    DIM_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    LOWER_FIELD_NUMBER: _ClassVar[int]
    UPPER_FIELD_NUMBER: _ClassVar[int]
    REPEAT_FIELD_NUMBER: _ClassVar[int]
    batch_size: int
    dim: int
    height: int
    width: int
    lower: float
    upper: float
    repeat: int
    def __init__(self, batch_size: _Optional[int] = ..., dim: _Optional[int] = ..., height: _Optional[int] = ..., width: _Optional[int] = ..., lower: _Optional[float] = ..., upper: _Optional[float] = ..., repeat: _Optional[int] = ...) -> None: ...

class BNParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("slope_filler", "bias_filler", "momentum", "eps", "frozen", "icnet", "scale_filler", "shift_filler", "bn_mode", "var_eps", "moving_average", "decay")
    class BNMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        LEARN: _ClassVar[BNParameter.BNMode]
        INFERENCE: _ClassVar[BNParameter.BNMode]
    LEARN: BNParameter.BNMode
    INFERENCE: BNParameter.BNMode
    SLOPE_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM_FIELD_NUMBER: _ClassVar[int]
    EPS_FIELD_NUMBER: _ClassVar[int]
    FROZEN_FIELD_NUMBER: _ClassVar[int]
    ICNET_FIELD_NUMBER: _ClassVar[int]
    SCALE_FILLER_FIELD_NUMBER: _ClassVar[int]
    SHIFT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BN_MODE_FIELD_NUMBER: _ClassVar[int]
    VAR_EPS_FIELD_NUMBER: _ClassVar[int]
    MOVING_AVERAGE_FIELD_NUMBER: _ClassVar[int]
    DECAY_FIELD_NUMBER: _ClassVar[int]
    slope_filler: FillerParameter
    bias_filler: FillerParameter
    momentum: float
    eps: float
    frozen: bool
    icnet: bool
    scale_filler: FillerParameter
    shift_filler: FillerParameter
    bn_mode: BNParameter.BNMode
    var_eps: float
    moving_average: bool
    decay: float
    def __init__(self, slope_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., momentum: _Optional[float] = ..., eps: _Optional[float] = ..., frozen: _Optional[bool] = ..., icnet: _Optional[bool] = ..., scale_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., shift_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bn_mode: _Optional[_Union[BNParameter.BNMode, str]] = ..., var_eps: _Optional[float] = ..., moving_average: _Optional[bool] = ..., decay: _Optional[float] = ...) -> None: ...

class InsanityParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("lb", "ub")
    LB_FIELD_NUMBER: _ClassVar[int]
    UB_FIELD_NUMBER: _ClassVar[int]
    lb: float
    ub: float
    def __init__(self, lb: _Optional[float] = ..., ub: _Optional[float] = ...) -> None: ...

class NormalizeChannelsParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("normalize_type", "fix_gradient", "bp_norm")
    NORMALIZE_TYPE_FIELD_NUMBER: _ClassVar[int]
    FIX_GRADIENT_FIELD_NUMBER: _ClassVar[int]
    BP_NORM_FIELD_NUMBER: _ClassVar[int]
    normalize_type: str
    fix_gradient: bool
    bp_norm: bool
    def __init__(self, normalize_type: _Optional[str] = ..., fix_gradient: _Optional[bool] = ..., bp_norm: _Optional[bool] = ...) -> None: ...

class ChannelScaleParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("do_forward", "do_backward_feature", "do_backward_scale", "global_scale")
    DO_FORWARD_FIELD_NUMBER: _ClassVar[int]
    DO_BACKWARD_FEATURE_FIELD_NUMBER: _ClassVar[int]
    DO_BACKWARD_SCALE_FIELD_NUMBER: _ClassVar[int]
    GLOBAL_SCALE_FIELD_NUMBER: _ClassVar[int]
    do_forward: bool
    do_backward_feature: bool
    do_backward_scale: bool
    global_scale: bool
    def __init__(self, do_forward: _Optional[bool] = ..., do_backward_feature: _Optional[bool] = ..., do_backward_scale: _Optional[bool] = ..., global_scale: _Optional[bool] = ...) -> None: ...

class LabelSpecificAddParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("bias", "transform_test", "bias_base", "bias_gamma", "bias_power", "bias_min", "bias_max", "iteration")
    BIAS_FIELD_NUMBER: _ClassVar[int]
    TRANSFORM_TEST_FIELD_NUMBER: _ClassVar[int]
    BIAS_BASE_FIELD_NUMBER: _ClassVar[int]
    BIAS_GAMMA_FIELD_NUMBER: _ClassVar[int]
    BIAS_POWER_FIELD_NUMBER: _ClassVar[int]
    BIAS_MIN_FIELD_NUMBER: _ClassVar[int]
    BIAS_MAX_FIELD_NUMBER: _ClassVar[int]
    ITERATION_FIELD_NUMBER: _ClassVar[int]
    bias: float
    transform_test: bool
    bias_base: float
    bias_gamma: float
    bias_power: float
    bias_min: float
    bias_max: float
    iteration: int
    def __init__(self, bias: _Optional[float] = ..., transform_test: _Optional[bool] = ..., bias_base: _Optional[float] = ..., bias_gamma: _Optional[float] = ..., bias_power: _Optional[float] = ..., bias_min: _Optional[float] = ..., bias_max: _Optional[float] = ..., iteration: _Optional[int] = ...) -> None: ...

class MarginInnerProductParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "type", "weight_filler", "axis", "base", "gamma", "power", "iteration", "lambda_min")
    class MarginType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        SINGLE: _ClassVar[MarginInnerProductParameter.MarginType]
        DOUBLE: _ClassVar[MarginInnerProductParameter.MarginType]
        TRIPLE: _ClassVar[MarginInnerProductParameter.MarginType]
        QUADRUPLE: _ClassVar[MarginInnerProductParameter.MarginType]
    SINGLE: MarginInnerProductParameter.MarginType
    DOUBLE: MarginInnerProductParameter.MarginType
    TRIPLE: MarginInnerProductParameter.MarginType
    QUADRUPLE: MarginInnerProductParameter.MarginType
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    BASE_FIELD_NUMBER: _ClassVar[int]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    POWER_FIELD_NUMBER: _ClassVar[int]
    ITERATION_FIELD_NUMBER: _ClassVar[int]
    LAMBDA_MIN_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    type: MarginInnerProductParameter.MarginType
    weight_filler: FillerParameter
    axis: int
    base: float
    gamma: float
    power: float
    iteration: int
    lambda_min: float
    def __init__(self, num_output: _Optional[int] = ..., type: _Optional[_Union[MarginInnerProductParameter.MarginType, str]] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., axis: _Optional[int] = ..., base: _Optional[float] = ..., gamma: _Optional[float] = ..., power: _Optional[float] = ..., iteration: _Optional[int] = ..., lambda_min: _Optional[float] = ...) -> None: ...

class FlipParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("flip_width", "flip_height")
    FLIP_WIDTH_FIELD_NUMBER: _ClassVar[int]
    FLIP_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    flip_width: bool
    flip_height: bool
    def __init__(self, flip_width: _Optional[bool] = ..., flip_height: _Optional[bool] = ...) -> None: ...

class SeLuParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("alpha",)
    LAMBDA_FIELD_NUMBER: _ClassVar[int]
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    alpha: float
    def __init__(self, alpha: _Optional[float] = ..., **kwargs: object) -> None: ...

class SeLuDropoutParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("dropout_ratio", "alpha")
    DROPOUT_RATIO_FIELD_NUMBER: _ClassVar[int]
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    dropout_ratio: float
    alpha: float
    def __init__(self, dropout_ratio: _Optional[float] = ..., alpha: _Optional[float] = ...) -> None: ...

class YoloDetectionOutputParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("side", "num_classes", "num_box", "coords", "confidence_threshold", "nms_threshold", "biases", "ssd_format")
    SIDE_FIELD_NUMBER: _ClassVar[int]
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    NUM_BOX_FIELD_NUMBER: _ClassVar[int]
    COORDS_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    NMS_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    BIASES_FIELD_NUMBER: _ClassVar[int]
    SSD_FORMAT_FIELD_NUMBER: _ClassVar[int]
    side: int
    num_classes: int
    num_box: int
    coords: int
    confidence_threshold: float
    nms_threshold: float
    biases: _containers.RepeatedScalarFieldContainer[float]
    ssd_format: bool
    def __init__(self, side: _Optional[int] = ..., num_classes: _Optional[int] = ..., num_box: _Optional[int] = ..., coords: _Optional[int] = ..., confidence_threshold: _Optional[float] = ..., nms_threshold: _Optional[float] = ..., biases: _Optional[_Iterable[float]] = ..., ssd_format: _Optional[bool] = ...) -> None: ...

class Yolov3DetectionOutputParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_classes", "num_box", "confidence_threshold", "nms_threshold", "biases", "anchors_scale", "mask_group_num", "mask", "gaussian_box")
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    NUM_BOX_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    NMS_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    BIASES_FIELD_NUMBER: _ClassVar[int]
    ANCHORS_SCALE_FIELD_NUMBER: _ClassVar[int]
    MASK_GROUP_NUM_FIELD_NUMBER: _ClassVar[int]
    MASK_FIELD_NUMBER: _ClassVar[int]
    GAUSSIAN_BOX_FIELD_NUMBER: _ClassVar[int]
    num_classes: int
    num_box: int
    confidence_threshold: float
    nms_threshold: float
    biases: _containers.RepeatedScalarFieldContainer[float]
    anchors_scale: _containers.RepeatedScalarFieldContainer[int]
    mask_group_num: int
    mask: _containers.RepeatedScalarFieldContainer[int]
    gaussian_box: bool
    def __init__(self, num_classes: _Optional[int] = ..., num_box: _Optional[int] = ..., confidence_threshold: _Optional[float] = ..., nms_threshold: _Optional[float] = ..., biases: _Optional[_Iterable[float]] = ..., anchors_scale: _Optional[_Iterable[int]] = ..., mask_group_num: _Optional[int] = ..., mask: _Optional[_Iterable[int]] = ..., gaussian_box: _Optional[bool] = ...) -> None: ...

class DNSParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("weight_mask_filler", "bias_mask_filler", "gamma", "power", "c_rate", "iter_stop", "alpha_low", "alpha_high", "dynamicsplicing", "splicing_rate")
    WEIGHT_MASK_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_MASK_FILLER_FIELD_NUMBER: _ClassVar[int]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    POWER_FIELD_NUMBER: _ClassVar[int]
    C_RATE_FIELD_NUMBER: _ClassVar[int]
    ITER_STOP_FIELD_NUMBER: _ClassVar[int]
    ALPHA_LOW_FIELD_NUMBER: _ClassVar[int]
    ALPHA_HIGH_FIELD_NUMBER: _ClassVar[int]
    DYNAMICSPLICING_FIELD_NUMBER: _ClassVar[int]
    SPLICING_RATE_FIELD_NUMBER: _ClassVar[int]
    weight_mask_filler: FillerParameter
    bias_mask_filler: FillerParameter
    gamma: float
    power: float
    c_rate: float
    iter_stop: float
    alpha_low: float
    alpha_high: float
    dynamicsplicing: bool
    splicing_rate: float
    def __init__(self, weight_mask_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_mask_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., gamma: _Optional[float] = ..., power: _Optional[float] = ..., c_rate: _Optional[float] = ..., iter_stop: _Optional[float] = ..., alpha_low: _Optional[float] = ..., alpha_high: _Optional[float] = ..., dynamicsplicing: _Optional[bool] = ..., splicing_rate: _Optional[float] = ...) -> None: ...

class SolverParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("net", "net_param", "train_net", "test_net", "train_net_param", "test_net_param", "train_state", "test_state", "test_iter", "test_net_reset", "test_interval", "test_compute_loss", "test_initialization", "ap_version", "eval_type", "show_per_class_result", "base_lr", "display", "average_loss", "max_iter", "iter_size", "lr_policy", "gamma", "power", "momentum", "weight_decay", "regularization_type", "stepsize", "stepvalue", "clip_gradients", "snapshot", "snapshot_prefix", "snapshot_diff", "snapshot_format", "solver_mode", "device_id", "random_seed", "type", "delta", "momentum2", "rms_decay", "debug_info", "snapshot_after_train", "layer_wise_reduce", "weights", "dsd_phase", "warmup_iter", "warmup_start_lr", "rampup_interval", "rampup_lr", "warm_up_iters", "warm_up_factor", "warm_up_method", "warm_up_power", "min_lr", "max_lr", "stagelr", "stageiter", "dst_lr", "dst_iter", "period", "p_mult", "lr_mult", "plateau_winsize", "momentum_policy", "max_momentum", "momentum_power", "momentum_start", "momentum_end", "terminal_epoch_number", "re", "rs", "mom_inc_iter", "larc", "larc_policy", "larc_eta", "local_lr_auto", "local_gw_ratio", "sparse_mode", "sparsity_target", "sparsity_step_factor", "sparsity_step_iter", "sparsity_start_iter", "sparsity_start_factor", "weight_connect_mode", "kernel_shape_decay", "group_weight_decay", "breadth_decay", "block_group_decay", "special_shape_decay", "force_type", "force_decay", "force_decay_type", "force_iter", "force_direction", "solver_type")
    class SnapshotFormat(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        HDF5: _ClassVar[SolverParameter.SnapshotFormat]
        BINARYPROTO: _ClassVar[SolverParameter.SnapshotFormat]
    HDF5: SolverParameter.SnapshotFormat
    BINARYPROTO: SolverParameter.SnapshotFormat
    class SolverMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        CPU: _ClassVar[SolverParameter.SolverMode]
        GPU: _ClassVar[SolverParameter.SolverMode]
    CPU: SolverParameter.SolverMode
    GPU: SolverParameter.SolverMode
    class SolverType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        SGD: _ClassVar[SolverParameter.SolverType]
        NESTEROV: _ClassVar[SolverParameter.SolverType]
        ADAGRAD: _ClassVar[SolverParameter.SolverType]
        RMSPROP: _ClassVar[SolverParameter.SolverType]
        ADADELTA: _ClassVar[SolverParameter.SolverType]
        ADAM: _ClassVar[SolverParameter.SolverType]
    SGD: SolverParameter.SolverType
    NESTEROV: SolverParameter.SolverType
    ADAGRAD: SolverParameter.SolverType
    RMSPROP: SolverParameter.SolverType
    ADADELTA: SolverParameter.SolverType
    ADAM: SolverParameter.SolverType
    NET_FIELD_NUMBER: _ClassVar[int]
    NET_PARAM_FIELD_NUMBER: _ClassVar[int]
    TRAIN_NET_FIELD_NUMBER: _ClassVar[int]
    TEST_NET_FIELD_NUMBER: _ClassVar[int]
    TRAIN_NET_PARAM_FIELD_NUMBER: _ClassVar[int]
    TEST_NET_PARAM_FIELD_NUMBER: _ClassVar[int]
    TRAIN_STATE_FIELD_NUMBER: _ClassVar[int]
    TEST_STATE_FIELD_NUMBER: _ClassVar[int]
    TEST_ITER_FIELD_NUMBER: _ClassVar[int]
    TEST_NET_RESET_FIELD_NUMBER: _ClassVar[int]
    TEST_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    TEST_COMPUTE_LOSS_FIELD_NUMBER: _ClassVar[int]
    TEST_INITIALIZATION_FIELD_NUMBER: _ClassVar[int]
    AP_VERSION_FIELD_NUMBER: _ClassVar[int]
    EVAL_TYPE_FIELD_NUMBER: _ClassVar[int]
    SHOW_PER_CLASS_RESULT_FIELD_NUMBER: _ClassVar[int]
    BASE_LR_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_FIELD_NUMBER: _ClassVar[int]
    AVERAGE_LOSS_FIELD_NUMBER: _ClassVar[int]
    MAX_ITER_FIELD_NUMBER: _ClassVar[int]
    ITER_SIZE_FIELD_NUMBER: _ClassVar[int]
    LR_POLICY_FIELD_NUMBER: _ClassVar[int]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    POWER_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_DECAY_FIELD_NUMBER: _ClassVar[int]
    REGULARIZATION_TYPE_FIELD_NUMBER: _ClassVar[int]
    STEPSIZE_FIELD_NUMBER: _ClassVar[int]
    STEPVALUE_FIELD_NUMBER: _ClassVar[int]
    CLIP_GRADIENTS_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_PREFIX_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_DIFF_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_FORMAT_FIELD_NUMBER: _ClassVar[int]
    SOLVER_MODE_FIELD_NUMBER: _ClassVar[int]
    DEVICE_ID_FIELD_NUMBER: _ClassVar[int]
    RANDOM_SEED_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM2_FIELD_NUMBER: _ClassVar[int]
    RMS_DECAY_FIELD_NUMBER: _ClassVar[int]
    DEBUG_INFO_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_AFTER_TRAIN_FIELD_NUMBER: _ClassVar[int]
    LAYER_WISE_REDUCE_FIELD_NUMBER: _ClassVar[int]
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    DSD_PHASE_FIELD_NUMBER: _ClassVar[int]
    WARMUP_ITER_FIELD_NUMBER: _ClassVar[int]
    WARMUP_START_LR_FIELD_NUMBER: _ClassVar[int]
    RAMPUP_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    RAMPUP_LR_FIELD_NUMBER: _ClassVar[int]
    WARM_UP_ITERS_FIELD_NUMBER: _ClassVar[int]
    WARM_UP_FACTOR_FIELD_NUMBER: _ClassVar[int]
    WARM_UP_METHOD_FIELD_NUMBER: _ClassVar[int]
    WARM_UP_POWER_FIELD_NUMBER: _ClassVar[int]
    MIN_LR_FIELD_NUMBER: _ClassVar[int]
    MAX_LR_FIELD_NUMBER: _ClassVar[int]
    STAGELR_FIELD_NUMBER: _ClassVar[int]
    STAGEITER_FIELD_NUMBER: _ClassVar[int]
    DST_LR_FIELD_NUMBER: _ClassVar[int]
    DST_ITER_FIELD_NUMBER: _ClassVar[int]
    PERIOD_FIELD_NUMBER: _ClassVar[int]
    P_MULT_FIELD_NUMBER: _ClassVar[int]
    LR_MULT_FIELD_NUMBER: _ClassVar[int]
    PLATEAU_WINSIZE_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM_POLICY_FIELD_NUMBER: _ClassVar[int]
    MAX_MOMENTUM_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM_POWER_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM_START_FIELD_NUMBER: _ClassVar[int]
    MOMENTUM_END_FIELD_NUMBER: _ClassVar[int]
    TERMINAL_EPOCH_NUMBER_FIELD_NUMBER: _ClassVar[int]
    RE_FIELD_NUMBER: _ClassVar[int]
    RS_FIELD_NUMBER: _ClassVar[int]
    MOM_INC_ITER_FIELD_NUMBER: _ClassVar[int]
    LARC_FIELD_NUMBER: _ClassVar[int]
    LARC_POLICY_FIELD_NUMBER: _ClassVar[int]
    LARC_ETA_FIELD_NUMBER: _ClassVar[int]
    LOCAL_LR_AUTO_FIELD_NUMBER: _ClassVar[int]
    LOCAL_GW_RATIO_FIELD_NUMBER: _ClassVar[int]
    SPARSE_MODE_FIELD_NUMBER: _ClassVar[int]
    SPARSITY_TARGET_FIELD_NUMBER: _ClassVar[int]
    SPARSITY_STEP_FACTOR_FIELD_NUMBER: _ClassVar[int]
    SPARSITY_STEP_ITER_FIELD_NUMBER: _ClassVar[int]
    SPARSITY_START_ITER_FIELD_NUMBER: _ClassVar[int]
    SPARSITY_START_FACTOR_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_CONNECT_MODE_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SHAPE_DECAY_FIELD_NUMBER: _ClassVar[int]
    GROUP_WEIGHT_DECAY_FIELD_NUMBER: _ClassVar[int]
    BREADTH_DECAY_FIELD_NUMBER: _ClassVar[int]
    BLOCK_GROUP_DECAY_FIELD_NUMBER: _ClassVar[int]
    SPECIAL_SHAPE_DECAY_FIELD_NUMBER: _ClassVar[int]
    FORCE_TYPE_FIELD_NUMBER: _ClassVar[int]
    FORCE_DECAY_FIELD_NUMBER: _ClassVar[int]
    FORCE_DECAY_TYPE_FIELD_NUMBER: _ClassVar[int]
    FORCE_ITER_FIELD_NUMBER: _ClassVar[int]
    FORCE_DIRECTION_FIELD_NUMBER: _ClassVar[int]
    SOLVER_TYPE_FIELD_NUMBER: _ClassVar[int]
    net: str
    net_param: NetParameter
    train_net: str
    test_net: _containers.RepeatedScalarFieldContainer[str]
    train_net_param: NetParameter
    test_net_param: _containers.RepeatedCompositeFieldContainer[NetParameter]
    train_state: NetState
    test_state: _containers.RepeatedCompositeFieldContainer[NetState]
    test_iter: _containers.RepeatedScalarFieldContainer[int]
    test_net_reset: _containers.RepeatedScalarFieldContainer[bool]
    test_interval: int
    test_compute_loss: bool
    test_initialization: bool
    ap_version: str
    eval_type: str
    show_per_class_result: bool
    base_lr: float
    display: int
    average_loss: int
    max_iter: int
    iter_size: int
    lr_policy: str
    gamma: float
    power: float
    momentum: float
    weight_decay: float
    regularization_type: str
    stepsize: int
    stepvalue: _containers.RepeatedScalarFieldContainer[int]
    clip_gradients: float
    snapshot: int
    snapshot_prefix: str
    snapshot_diff: bool
    snapshot_format: SolverParameter.SnapshotFormat
    solver_mode: SolverParameter.SolverMode
    device_id: int
    random_seed: int
    type: str
    delta: float
    momentum2: float
    rms_decay: float
    debug_info: bool
    snapshot_after_train: bool
    layer_wise_reduce: bool
    weights: _containers.RepeatedScalarFieldContainer[str]
    dsd_phase: _containers.RepeatedCompositeFieldContainer[DsdPhase]
    warmup_iter: int
    warmup_start_lr: float
    rampup_interval: int
    rampup_lr: float
    warm_up_iters: int
    warm_up_factor: float
    warm_up_method: str
    warm_up_power: int
    min_lr: float
    max_lr: float
    stagelr: _containers.RepeatedScalarFieldContainer[float]
    stageiter: _containers.RepeatedScalarFieldContainer[int]
    dst_lr: float
    dst_iter: float
    period: int
    p_mult: float
    lr_mult: float
    plateau_winsize: _containers.RepeatedScalarFieldContainer[int]
    momentum_policy: str
    max_momentum: float
    momentum_power: float
    momentum_start: float
    momentum_end: float
    terminal_epoch_number: int
    re: float
    rs: float
    mom_inc_iter: int
    larc: bool
    larc_policy: str
    larc_eta: float
    local_lr_auto: bool
    local_gw_ratio: float
    sparse_mode: MaskParameter.SparseMode
    sparsity_target: float
    sparsity_step_factor: float
    sparsity_step_iter: int
    sparsity_start_iter: int
    sparsity_start_factor: float
    weight_connect_mode: MaskParameter.WeightConnectMode
    kernel_shape_decay: float
    group_weight_decay: float
    breadth_decay: float
    block_group_decay: float
    special_shape_decay: float
    force_type: str
    force_decay: float
    force_decay_type: str
    force_iter: int
    force_direction: str
    solver_type: SolverParameter.SolverType
    def __init__(self, net: _Optional[str] = ..., net_param: _Optional[_Union[NetParameter, _Mapping[str, object]]] = ..., train_net: _Optional[str] = ..., test_net: _Optional[_Iterable[str]] = ..., train_net_param: _Optional[_Union[NetParameter, _Mapping[str, object]]] = ..., test_net_param: _Optional[_Iterable[_Union[NetParameter, _Mapping[str, object]]]] = ..., train_state: _Optional[_Union[NetState, _Mapping[str, object]]] = ..., test_state: _Optional[_Iterable[_Union[NetState, _Mapping[str, object]]]] = ..., test_iter: _Optional[_Iterable[int]] = ..., test_net_reset: _Optional[_Iterable[bool]] = ..., test_interval: _Optional[int] = ..., test_compute_loss: _Optional[bool] = ..., test_initialization: _Optional[bool] = ..., ap_version: _Optional[str] = ..., eval_type: _Optional[str] = ..., show_per_class_result: _Optional[bool] = ..., base_lr: _Optional[float] = ..., display: _Optional[int] = ..., average_loss: _Optional[int] = ..., max_iter: _Optional[int] = ..., iter_size: _Optional[int] = ..., lr_policy: _Optional[str] = ..., gamma: _Optional[float] = ..., power: _Optional[float] = ..., momentum: _Optional[float] = ..., weight_decay: _Optional[float] = ..., regularization_type: _Optional[str] = ..., stepsize: _Optional[int] = ..., stepvalue: _Optional[_Iterable[int]] = ..., clip_gradients: _Optional[float] = ..., snapshot: _Optional[int] = ..., snapshot_prefix: _Optional[str] = ..., snapshot_diff: _Optional[bool] = ..., snapshot_format: _Optional[_Union[SolverParameter.SnapshotFormat, str]] = ..., solver_mode: _Optional[_Union[SolverParameter.SolverMode, str]] = ..., device_id: _Optional[int] = ..., random_seed: _Optional[int] = ..., type: _Optional[str] = ..., delta: _Optional[float] = ..., momentum2: _Optional[float] = ..., rms_decay: _Optional[float] = ..., debug_info: _Optional[bool] = ..., snapshot_after_train: _Optional[bool] = ..., layer_wise_reduce: _Optional[bool] = ..., weights: _Optional[_Iterable[str]] = ..., dsd_phase: _Optional[_Iterable[_Union[DsdPhase, _Mapping[str, object]]]] = ..., warmup_iter: _Optional[int] = ..., warmup_start_lr: _Optional[float] = ..., rampup_interval: _Optional[int] = ..., rampup_lr: _Optional[float] = ..., warm_up_iters: _Optional[int] = ..., warm_up_factor: _Optional[float] = ..., warm_up_method: _Optional[str] = ..., warm_up_power: _Optional[int] = ..., min_lr: _Optional[float] = ..., max_lr: _Optional[float] = ..., stagelr: _Optional[_Iterable[float]] = ..., stageiter: _Optional[_Iterable[int]] = ..., dst_lr: _Optional[float] = ..., dst_iter: _Optional[float] = ..., period: _Optional[int] = ..., p_mult: _Optional[float] = ..., lr_mult: _Optional[float] = ..., plateau_winsize: _Optional[_Iterable[int]] = ..., momentum_policy: _Optional[str] = ..., max_momentum: _Optional[float] = ..., momentum_power: _Optional[float] = ..., momentum_start: _Optional[float] = ..., momentum_end: _Optional[float] = ..., terminal_epoch_number: _Optional[int] = ..., re: _Optional[float] = ..., rs: _Optional[float] = ..., mom_inc_iter: _Optional[int] = ..., larc: _Optional[bool] = ..., larc_policy: _Optional[str] = ..., larc_eta: _Optional[float] = ..., local_lr_auto: _Optional[bool] = ..., local_gw_ratio: _Optional[float] = ..., sparse_mode: _Optional[_Union[MaskParameter.SparseMode, str]] = ..., sparsity_target: _Optional[float] = ..., sparsity_step_factor: _Optional[float] = ..., sparsity_step_iter: _Optional[int] = ..., sparsity_start_iter: _Optional[int] = ..., sparsity_start_factor: _Optional[float] = ..., weight_connect_mode: _Optional[_Union[MaskParameter.WeightConnectMode, str]] = ..., kernel_shape_decay: _Optional[float] = ..., group_weight_decay: _Optional[float] = ..., breadth_decay: _Optional[float] = ..., block_group_decay: _Optional[float] = ..., special_shape_decay: _Optional[float] = ..., force_type: _Optional[str] = ..., force_decay: _Optional[float] = ..., force_decay_type: _Optional[str] = ..., force_iter: _Optional[int] = ..., force_direction: _Optional[str] = ..., solver_type: _Optional[_Union[SolverParameter.SolverType, str]] = ...) -> None: ...

class DsdPhase(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("name", "max_iter", "sparsity", "layer", "exclude", "base_lr", "lr_policy", "gamma", "power", "stepsize", "stepvalue", "solver_state", "constraint", "clip_scope", "scope", "mask_policy", "regrow", "mask_end", "update_interval", "n", "m", "channel_norm", "c_rate", "splice_gamma", "splice_power", "until_converged")
    class SolverStateRule(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        RESET: _ClassVar[DsdPhase.SolverStateRule]
        CARRY: _ClassVar[DsdPhase.SolverStateRule]
        CARRY_ACTIVE: _ClassVar[DsdPhase.SolverStateRule]
    RESET: DsdPhase.SolverStateRule
    CARRY: DsdPhase.SolverStateRule
    CARRY_ACTIVE: DsdPhase.SolverStateRule
    class Constraint(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MASK_BLOB: _ClassVar[DsdPhase.Constraint]
        ZERO_AFTER_STEP: _ClassVar[DsdPhase.Constraint]
        MASK_UPDATE: _ClassVar[DsdPhase.Constraint]
    MASK_BLOB: DsdPhase.Constraint
    ZERO_AFTER_STEP: DsdPhase.Constraint
    MASK_UPDATE: DsdPhase.Constraint
    class ClipScope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        ACTIVE: _ClassVar[DsdPhase.ClipScope]
        ALL: _ClassVar[DsdPhase.ClipScope]
    ACTIVE: DsdPhase.ClipScope
    ALL: DsdPhase.ClipScope
    class Scope(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        LAYER: _ClassVar[DsdPhase.Scope]
        GLOBAL: _ClassVar[DsdPhase.Scope]
    LAYER: DsdPhase.Scope
    GLOBAL: DsdPhase.Scope
    class MaskPolicy(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        FIXED: _ClassVar[DsdPhase.MaskPolicy]
        GRADUAL: _ClassVar[DsdPhase.MaskPolicy]
        DYNAMIC: _ClassVar[DsdPhase.MaskPolicy]
        N_OF_M: _ClassVar[DsdPhase.MaskPolicy]
        CHANNEL: _ClassVar[DsdPhase.MaskPolicy]
        RANDOM: _ClassVar[DsdPhase.MaskPolicy]
    FIXED: DsdPhase.MaskPolicy
    GRADUAL: DsdPhase.MaskPolicy
    DYNAMIC: DsdPhase.MaskPolicy
    N_OF_M: DsdPhase.MaskPolicy
    CHANNEL: DsdPhase.MaskPolicy
    RANDOM: DsdPhase.MaskPolicy
    class Regrow(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        ZERO: _ClassVar[DsdPhase.Regrow]
        SAVED: _ClassVar[DsdPhase.Regrow]
        FILLER: _ClassVar[DsdPhase.Regrow]
    ZERO: DsdPhase.Regrow
    SAVED: DsdPhase.Regrow
    FILLER: DsdPhase.Regrow
    class Norm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        L2: _ClassVar[DsdPhase.Norm]
        L1: _ClassVar[DsdPhase.Norm]
    L2: DsdPhase.Norm
    L1: DsdPhase.Norm
    NAME_FIELD_NUMBER: _ClassVar[int]
    MAX_ITER_FIELD_NUMBER: _ClassVar[int]
    SPARSITY_FIELD_NUMBER: _ClassVar[int]
    LAYER_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_FIELD_NUMBER: _ClassVar[int]
    BASE_LR_FIELD_NUMBER: _ClassVar[int]
    LR_POLICY_FIELD_NUMBER: _ClassVar[int]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    POWER_FIELD_NUMBER: _ClassVar[int]
    STEPSIZE_FIELD_NUMBER: _ClassVar[int]
    STEPVALUE_FIELD_NUMBER: _ClassVar[int]
    SOLVER_STATE_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINT_FIELD_NUMBER: _ClassVar[int]
    CLIP_SCOPE_FIELD_NUMBER: _ClassVar[int]
    SCOPE_FIELD_NUMBER: _ClassVar[int]
    MASK_POLICY_FIELD_NUMBER: _ClassVar[int]
    REGROW_FIELD_NUMBER: _ClassVar[int]
    MASK_END_FIELD_NUMBER: _ClassVar[int]
    UPDATE_INTERVAL_FIELD_NUMBER: _ClassVar[int]
    N_FIELD_NUMBER: _ClassVar[int]
    M_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_NORM_FIELD_NUMBER: _ClassVar[int]
    C_RATE_FIELD_NUMBER: _ClassVar[int]
    SPLICE_GAMMA_FIELD_NUMBER: _ClassVar[int]
    SPLICE_POWER_FIELD_NUMBER: _ClassVar[int]
    UNTIL_CONVERGED_FIELD_NUMBER: _ClassVar[int]
    name: str
    max_iter: int
    sparsity: float
    layer: _containers.RepeatedCompositeFieldContainer[DsdLayer]
    exclude: _containers.RepeatedScalarFieldContainer[str]
    base_lr: float
    lr_policy: str
    gamma: float
    power: float
    stepsize: int
    stepvalue: _containers.RepeatedScalarFieldContainer[int]
    solver_state: DsdPhase.SolverStateRule
    constraint: DsdPhase.Constraint
    clip_scope: DsdPhase.ClipScope
    scope: DsdPhase.Scope
    mask_policy: DsdPhase.MaskPolicy
    regrow: DsdPhase.Regrow
    mask_end: int
    update_interval: int
    n: int
    m: int
    channel_norm: DsdPhase.Norm
    c_rate: float
    splice_gamma: float
    splice_power: float
    until_converged: UntilConverged
    def __init__(self, name: _Optional[str] = ..., max_iter: _Optional[int] = ..., sparsity: _Optional[float] = ..., layer: _Optional[_Iterable[_Union[DsdLayer, _Mapping[str, object]]]] = ..., exclude: _Optional[_Iterable[str]] = ..., base_lr: _Optional[float] = ..., lr_policy: _Optional[str] = ..., gamma: _Optional[float] = ..., power: _Optional[float] = ..., stepsize: _Optional[int] = ..., stepvalue: _Optional[_Iterable[int]] = ..., solver_state: _Optional[_Union[DsdPhase.SolverStateRule, str]] = ..., constraint: _Optional[_Union[DsdPhase.Constraint, str]] = ..., clip_scope: _Optional[_Union[DsdPhase.ClipScope, str]] = ..., scope: _Optional[_Union[DsdPhase.Scope, str]] = ..., mask_policy: _Optional[_Union[DsdPhase.MaskPolicy, str]] = ..., regrow: _Optional[_Union[DsdPhase.Regrow, str]] = ..., mask_end: _Optional[int] = ..., update_interval: _Optional[int] = ..., n: _Optional[int] = ..., m: _Optional[int] = ..., channel_norm: _Optional[_Union[DsdPhase.Norm, str]] = ..., c_rate: _Optional[float] = ..., splice_gamma: _Optional[float] = ..., splice_power: _Optional[float] = ..., until_converged: _Optional[_Union[UntilConverged, _Mapping[str, object]]] = ...) -> None: ...

class UntilConverged(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("patience", "output", "min_delta")
    PATIENCE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_FIELD_NUMBER: _ClassVar[int]
    MIN_DELTA_FIELD_NUMBER: _ClassVar[int]
    patience: int
    output: str
    min_delta: float
    def __init__(self, patience: _Optional[int] = ..., output: _Optional[str] = ..., min_delta: _Optional[float] = ...) -> None: ...

class DsdLayer(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("name", "sparsity")
    NAME_FIELD_NUMBER: _ClassVar[int]
    SPARSITY_FIELD_NUMBER: _ClassVar[int]
    name: str
    sparsity: float
    def __init__(self, name: _Optional[str] = ..., sparsity: _Optional[float] = ...) -> None: ...

class SolverState(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("iter", "learned_net", "history", "current_step", "minimum_loss", "iter_last_event", "dsd")
    ITER_FIELD_NUMBER: _ClassVar[int]
    LEARNED_NET_FIELD_NUMBER: _ClassVar[int]
    HISTORY_FIELD_NUMBER: _ClassVar[int]
    CURRENT_STEP_FIELD_NUMBER: _ClassVar[int]
    MINIMUM_LOSS_FIELD_NUMBER: _ClassVar[int]
    ITER_LAST_EVENT_FIELD_NUMBER: _ClassVar[int]
    DSD_FIELD_NUMBER: _ClassVar[int]
    iter: int
    learned_net: str
    history: _containers.RepeatedCompositeFieldContainer[BlobProto]
    current_step: int
    minimum_loss: float
    iter_last_event: int
    dsd: DsdState
    def __init__(self, iter: _Optional[int] = ..., learned_net: _Optional[str] = ..., history: _Optional[_Iterable[_Union[BlobProto, _Mapping[str, object]]]] = ..., current_step: _Optional[int] = ..., minimum_loss: _Optional[float] = ..., iter_last_event: _Optional[int] = ..., dsd: _Optional[_Union[DsdState, _Mapping[str, object]]] = ...) -> None: ...

class DsdState(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("phase_index", "mask", "seed", "feed_position", "losses", "carried", "run", "solver", "batch_size", "ranks", "precision", "loss_scale", "loss_scale_steps", "ended", "convergence")
    PHASE_INDEX_FIELD_NUMBER: _ClassVar[int]
    MASK_FIELD_NUMBER: _ClassVar[int]
    SEED_FIELD_NUMBER: _ClassVar[int]
    FEED_POSITION_FIELD_NUMBER: _ClassVar[int]
    LOSSES_FIELD_NUMBER: _ClassVar[int]
    CARRIED_FIELD_NUMBER: _ClassVar[int]
    RUN_FIELD_NUMBER: _ClassVar[int]
    SOLVER_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    RANKS_FIELD_NUMBER: _ClassVar[int]
    PRECISION_FIELD_NUMBER: _ClassVar[int]
    LOSS_SCALE_FIELD_NUMBER: _ClassVar[int]
    LOSS_SCALE_STEPS_FIELD_NUMBER: _ClassVar[int]
    ENDED_FIELD_NUMBER: _ClassVar[int]
    CONVERGENCE_FIELD_NUMBER: _ClassVar[int]
    phase_index: int
    mask: _containers.RepeatedCompositeFieldContainer[MaskState]
    seed: int
    feed_position: _containers.RepeatedScalarFieldContainer[int]
    losses: _containers.RepeatedScalarFieldContainer[float]
    carried: _containers.RepeatedCompositeFieldContainer[CarriedState]
    run: str
    solver: SolverParameter
    batch_size: _containers.RepeatedScalarFieldContainer[int]
    ranks: int
    precision: str
    loss_scale: float
    loss_scale_steps: int
    ended: _containers.RepeatedCompositeFieldContainer[EndedPhase]
    convergence: ConvergenceState
    def __init__(self, phase_index: _Optional[int] = ..., mask: _Optional[_Iterable[_Union[MaskState, _Mapping[str, object]]]] = ..., seed: _Optional[int] = ..., feed_position: _Optional[_Iterable[int]] = ..., losses: _Optional[_Iterable[float]] = ..., carried: _Optional[_Iterable[_Union[CarriedState, _Mapping[str, object]]]] = ..., run: _Optional[str] = ..., solver: _Optional[_Union[SolverParameter, _Mapping[str, object]]] = ..., batch_size: _Optional[_Iterable[int]] = ..., ranks: _Optional[int] = ..., precision: _Optional[str] = ..., loss_scale: _Optional[float] = ..., loss_scale_steps: _Optional[int] = ..., ended: _Optional[_Iterable[_Union[EndedPhase, _Mapping[str, object]]]] = ..., convergence: _Optional[_Union[ConvergenceState, _Mapping[str, object]]] = ...) -> None: ...

class EndedPhase(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("phase_index", "iterations")
    PHASE_INDEX_FIELD_NUMBER: _ClassVar[int]
    ITERATIONS_FIELD_NUMBER: _ClassVar[int]
    phase_index: int
    iterations: int
    def __init__(self, phase_index: _Optional[int] = ..., iterations: _Optional[int] = ...) -> None: ...

class ConvergenceState(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("best", "tests_since")
    BEST_FIELD_NUMBER: _ClassVar[int]
    TESTS_SINCE_FIELD_NUMBER: _ClassVar[int]
    best: float
    tests_since: int
    def __init__(self, best: _Optional[float] = ..., tests_since: _Optional[int] = ...) -> None: ...

class CarriedState(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("layer", "name", "value", "rank")
    LAYER_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    RANK_FIELD_NUMBER: _ClassVar[int]
    layer: str
    name: str
    value: BlobProto
    rank: int
    def __init__(self, layer: _Optional[str] = ..., name: _Optional[str] = ..., value: _Optional[_Union[BlobProto, _Mapping[str, object]]] = ..., rank: _Optional[int] = ...) -> None: ...

class MaskState(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("layer", "blob", "shape", "bits", "under", "threshold")
    LAYER_FIELD_NUMBER: _ClassVar[int]
    BLOB_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    BITS_FIELD_NUMBER: _ClassVar[int]
    UNDER_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    layer: str
    blob: int
    shape: BlobShape
    bits: bytes
    under: BlobProto
    threshold: float
    def __init__(self, layer: _Optional[str] = ..., blob: _Optional[int] = ..., shape: _Optional[_Union[BlobShape, _Mapping[str, object]]] = ..., bits: _Optional[bytes] = ..., under: _Optional[_Union[BlobProto, _Mapping[str, object]]] = ..., threshold: _Optional[float] = ...) -> None: ...

class V1LayerParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("bottom", "top", "name", "include", "exclude", "type", "blobs", "param", "blob_share_mode", "blobs_lr", "weight_decay", "loss_weight", "accuracy_param", "argmax_param", "concat_param", "contrastive_loss_param", "convolution_param", "data_param", "dropout_param", "dummy_data_param", "eltwise_param", "exp_param", "hdf5_data_param", "hdf5_output_param", "hinge_loss_param", "image_data_param", "infogain_loss_param", "inner_product_param", "lrn_param", "memory_data_param", "mvn_param", "pooling_param", "power_param", "relu_param", "sigmoid_param", "softmax_param", "slice_param", "tanh_param", "threshold_param", "window_data_param", "transform_param", "loss_param", "layer", "unpooling_param", "bn_param", "multi_stage_meanfield_param", "reshape_param", "python_param", "roi_pooling_param", "smooth_l1_loss_param", "local_param", "spatial_pyramid_pooling_param", "sparse_data_param", "interp_param", "seg_accuracy_param", "mat_write_param", "dense_crf_param", "mat_read_param", "bias_channel_param", "adaptive_bias_channel_param", "unique_label_param", "heatmap_data_param", "mask_outputs_param", "euclidean_weight_param", "resize_param", "label_drop_param", "mult_softmax_loss_param", "label_transform_param", "tree_param", "video_data_param", "input_param", "prelu_param", "topk_param", "topography_param", "lstm_param", "idx21hot_param", "reduction_param", "multinomial_logistic_sparsity_loss_param", "padding_param")
    class LayerType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        NONE: _ClassVar[V1LayerParameter.LayerType]
        ABSVAL: _ClassVar[V1LayerParameter.LayerType]
        ACCURACY: _ClassVar[V1LayerParameter.LayerType]
        ARGMAX: _ClassVar[V1LayerParameter.LayerType]
        BNLL: _ClassVar[V1LayerParameter.LayerType]
        CONCAT: _ClassVar[V1LayerParameter.LayerType]
        CONTRASTIVE_LOSS: _ClassVar[V1LayerParameter.LayerType]
        CONVOLUTION: _ClassVar[V1LayerParameter.LayerType]
        DATA: _ClassVar[V1LayerParameter.LayerType]
        DECONVOLUTION: _ClassVar[V1LayerParameter.LayerType]
        DROPOUT: _ClassVar[V1LayerParameter.LayerType]
        DUMMY_DATA: _ClassVar[V1LayerParameter.LayerType]
        EUCLIDEAN_LOSS: _ClassVar[V1LayerParameter.LayerType]
        ELTWISE: _ClassVar[V1LayerParameter.LayerType]
        EXP: _ClassVar[V1LayerParameter.LayerType]
        FLATTEN: _ClassVar[V1LayerParameter.LayerType]
        HDF5_DATA: _ClassVar[V1LayerParameter.LayerType]
        HDF5_OUTPUT: _ClassVar[V1LayerParameter.LayerType]
        HINGE_LOSS: _ClassVar[V1LayerParameter.LayerType]
        IM2COL: _ClassVar[V1LayerParameter.LayerType]
        IMAGE_DATA: _ClassVar[V1LayerParameter.LayerType]
        INFOGAIN_LOSS: _ClassVar[V1LayerParameter.LayerType]
        INNER_PRODUCT: _ClassVar[V1LayerParameter.LayerType]
        LRN: _ClassVar[V1LayerParameter.LayerType]
        MEMORY_DATA: _ClassVar[V1LayerParameter.LayerType]
        MULTINOMIAL_LOGISTIC_LOSS: _ClassVar[V1LayerParameter.LayerType]
        MVN: _ClassVar[V1LayerParameter.LayerType]
        POOLING: _ClassVar[V1LayerParameter.LayerType]
        POWER: _ClassVar[V1LayerParameter.LayerType]
        RELU: _ClassVar[V1LayerParameter.LayerType]
        SIGMOID: _ClassVar[V1LayerParameter.LayerType]
        SIGMOID_CROSS_ENTROPY_LOSS: _ClassVar[V1LayerParameter.LayerType]
        SILENCE: _ClassVar[V1LayerParameter.LayerType]
        SOFTMAX: _ClassVar[V1LayerParameter.LayerType]
        SOFTMAX_LOSS: _ClassVar[V1LayerParameter.LayerType]
        SPLIT: _ClassVar[V1LayerParameter.LayerType]
        SLICE: _ClassVar[V1LayerParameter.LayerType]
        TANH: _ClassVar[V1LayerParameter.LayerType]
        WINDOW_DATA: _ClassVar[V1LayerParameter.LayerType]
        THRESHOLD: _ClassVar[V1LayerParameter.LayerType]
        CROP: _ClassVar[V1LayerParameter.LayerType]
        UNPOOLING: _ClassVar[V1LayerParameter.LayerType]
        BN: _ClassVar[V1LayerParameter.LayerType]
        MULTI_STAGE_MEANFIELD: _ClassVar[V1LayerParameter.LayerType]
        RESHAPE: _ClassVar[V1LayerParameter.LayerType]
        PYTHON: _ClassVar[V1LayerParameter.LayerType]
        ROIPOOLING: _ClassVar[V1LayerParameter.LayerType]
        SMOOTH_L1_LOSS: _ClassVar[V1LayerParameter.LayerType]
        LOCAL: _ClassVar[V1LayerParameter.LayerType]
        TOPK: _ClassVar[V1LayerParameter.LayerType]
        SPATIAL_PYRAMID_POOLING: _ClassVar[V1LayerParameter.LayerType]
        DATA_SPARSE_INPUT: _ClassVar[V1LayerParameter.LayerType]
        SPARSE_INNER_PRODUCT: _ClassVar[V1LayerParameter.LayerType]
        IMAGE_SEG_DATA: _ClassVar[V1LayerParameter.LayerType]
        INTERP: _ClassVar[V1LayerParameter.LayerType]
        SEG_ACCURACY: _ClassVar[V1LayerParameter.LayerType]
        MAT_WRITE: _ClassVar[V1LayerParameter.LayerType]
        DENSE_CRF: _ClassVar[V1LayerParameter.LayerType]
        MAT_READ: _ClassVar[V1LayerParameter.LayerType]
        BIAS_CHANNEL: _ClassVar[V1LayerParameter.LayerType]
        ADAPTIVE_BIAS_CHANNEL: _ClassVar[V1LayerParameter.LayerType]
        UNIQUE_LABEL: _ClassVar[V1LayerParameter.LayerType]
        DATA_HEATMAP: _ClassVar[V1LayerParameter.LayerType]
        EUCLIDEAN_LOSS_HEATMAP: _ClassVar[V1LayerParameter.LayerType]
        MULTI_SOFTMAX: _ClassVar[V1LayerParameter.LayerType]
        MULTI_SOFTMAX_LOSS: _ClassVar[V1LayerParameter.LayerType]
        RESIZE: _ClassVar[V1LayerParameter.LayerType]
        LABEL_DROPOUT: _ClassVar[V1LayerParameter.LayerType]
        TRANSFORM_SOFTMAX_LOSS: _ClassVar[V1LayerParameter.LayerType]
        TRANSFORM_ACCURACY: _ClassVar[V1LayerParameter.LayerType]
        ACCURACY_TREE: _ClassVar[V1LayerParameter.LayerType]
        SOFTMAX_LOSS_TREE: _ClassVar[V1LayerParameter.LayerType]
        NORM: _ClassVar[V1LayerParameter.LayerType]
        ANGLE_LOSS: _ClassVar[V1LayerParameter.LayerType]
        ACCURACY_REGRESSION: _ClassVar[V1LayerParameter.LayerType]
        VIDEO_DATA: _ClassVar[V1LayerParameter.LayerType]
        INPUT: _ClassVar[V1LayerParameter.LayerType]
        PRELU: _ClassVar[V1LayerParameter.LayerType]
        BACCURACY: _ClassVar[V1LayerParameter.LayerType]
        MASK_OUTPUTS: _ClassVar[V1LayerParameter.LayerType]
        EUCLIDEAN_WEIGHTED_LOSS: _ClassVar[V1LayerParameter.LayerType]
        TOPOGRAPHY: _ClassVar[V1LayerParameter.LayerType]
        ACCURACY_DIAGONAL: _ClassVar[V1LayerParameter.LayerType]
        LSTM: _ClassVar[V1LayerParameter.LayerType]
        IDX21HOT: _ClassVar[V1LayerParameter.LayerType]
        REDUCTION: _ClassVar[V1LayerParameter.LayerType]
        RESET_RNN: _ClassVar[V1LayerParameter.LayerType]
        SAMPLE: _ClassVar[V1LayerParameter.LayerType]
        PROBABLISTIC_AVERAGE_PROB: _ClassVar[V1LayerParameter.LayerType]
        MULTINOMIAL_LOGISTIC_SPARSITY_LOSS: _ClassVar[V1LayerParameter.LayerType]
        PADDING: _ClassVar[V1LayerParameter.LayerType]
    NONE: V1LayerParameter.LayerType
    ABSVAL: V1LayerParameter.LayerType
    ACCURACY: V1LayerParameter.LayerType
    ARGMAX: V1LayerParameter.LayerType
    BNLL: V1LayerParameter.LayerType
    CONCAT: V1LayerParameter.LayerType
    CONTRASTIVE_LOSS: V1LayerParameter.LayerType
    CONVOLUTION: V1LayerParameter.LayerType
    DATA: V1LayerParameter.LayerType
    DECONVOLUTION: V1LayerParameter.LayerType
    DROPOUT: V1LayerParameter.LayerType
    DUMMY_DATA: V1LayerParameter.LayerType
    EUCLIDEAN_LOSS: V1LayerParameter.LayerType
    ELTWISE: V1LayerParameter.LayerType
    EXP: V1LayerParameter.LayerType
    FLATTEN: V1LayerParameter.LayerType
    HDF5_DATA: V1LayerParameter.LayerType
    HDF5_OUTPUT: V1LayerParameter.LayerType
    HINGE_LOSS: V1LayerParameter.LayerType
    IM2COL: V1LayerParameter.LayerType
    IMAGE_DATA: V1LayerParameter.LayerType
    INFOGAIN_LOSS: V1LayerParameter.LayerType
    INNER_PRODUCT: V1LayerParameter.LayerType
    LRN: V1LayerParameter.LayerType
    MEMORY_DATA: V1LayerParameter.LayerType
    MULTINOMIAL_LOGISTIC_LOSS: V1LayerParameter.LayerType
    MVN: V1LayerParameter.LayerType
    POOLING: V1LayerParameter.LayerType
    POWER: V1LayerParameter.LayerType
    RELU: V1LayerParameter.LayerType
    SIGMOID: V1LayerParameter.LayerType
    SIGMOID_CROSS_ENTROPY_LOSS: V1LayerParameter.LayerType
    SILENCE: V1LayerParameter.LayerType
    SOFTMAX: V1LayerParameter.LayerType
    SOFTMAX_LOSS: V1LayerParameter.LayerType
    SPLIT: V1LayerParameter.LayerType
    SLICE: V1LayerParameter.LayerType
    TANH: V1LayerParameter.LayerType
    WINDOW_DATA: V1LayerParameter.LayerType
    THRESHOLD: V1LayerParameter.LayerType
    CROP: V1LayerParameter.LayerType
    UNPOOLING: V1LayerParameter.LayerType
    BN: V1LayerParameter.LayerType
    MULTI_STAGE_MEANFIELD: V1LayerParameter.LayerType
    RESHAPE: V1LayerParameter.LayerType
    PYTHON: V1LayerParameter.LayerType
    ROIPOOLING: V1LayerParameter.LayerType
    SMOOTH_L1_LOSS: V1LayerParameter.LayerType
    LOCAL: V1LayerParameter.LayerType
    TOPK: V1LayerParameter.LayerType
    SPATIAL_PYRAMID_POOLING: V1LayerParameter.LayerType
    DATA_SPARSE_INPUT: V1LayerParameter.LayerType
    SPARSE_INNER_PRODUCT: V1LayerParameter.LayerType
    IMAGE_SEG_DATA: V1LayerParameter.LayerType
    INTERP: V1LayerParameter.LayerType
    SEG_ACCURACY: V1LayerParameter.LayerType
    MAT_WRITE: V1LayerParameter.LayerType
    DENSE_CRF: V1LayerParameter.LayerType
    MAT_READ: V1LayerParameter.LayerType
    BIAS_CHANNEL: V1LayerParameter.LayerType
    ADAPTIVE_BIAS_CHANNEL: V1LayerParameter.LayerType
    UNIQUE_LABEL: V1LayerParameter.LayerType
    DATA_HEATMAP: V1LayerParameter.LayerType
    EUCLIDEAN_LOSS_HEATMAP: V1LayerParameter.LayerType
    MULTI_SOFTMAX: V1LayerParameter.LayerType
    MULTI_SOFTMAX_LOSS: V1LayerParameter.LayerType
    RESIZE: V1LayerParameter.LayerType
    LABEL_DROPOUT: V1LayerParameter.LayerType
    TRANSFORM_SOFTMAX_LOSS: V1LayerParameter.LayerType
    TRANSFORM_ACCURACY: V1LayerParameter.LayerType
    ACCURACY_TREE: V1LayerParameter.LayerType
    SOFTMAX_LOSS_TREE: V1LayerParameter.LayerType
    NORM: V1LayerParameter.LayerType
    ANGLE_LOSS: V1LayerParameter.LayerType
    ACCURACY_REGRESSION: V1LayerParameter.LayerType
    VIDEO_DATA: V1LayerParameter.LayerType
    INPUT: V1LayerParameter.LayerType
    PRELU: V1LayerParameter.LayerType
    BACCURACY: V1LayerParameter.LayerType
    MASK_OUTPUTS: V1LayerParameter.LayerType
    EUCLIDEAN_WEIGHTED_LOSS: V1LayerParameter.LayerType
    TOPOGRAPHY: V1LayerParameter.LayerType
    ACCURACY_DIAGONAL: V1LayerParameter.LayerType
    LSTM: V1LayerParameter.LayerType
    IDX21HOT: V1LayerParameter.LayerType
    REDUCTION: V1LayerParameter.LayerType
    RESET_RNN: V1LayerParameter.LayerType
    SAMPLE: V1LayerParameter.LayerType
    PROBABLISTIC_AVERAGE_PROB: V1LayerParameter.LayerType
    MULTINOMIAL_LOGISTIC_SPARSITY_LOSS: V1LayerParameter.LayerType
    PADDING: V1LayerParameter.LayerType
    class DimCheckMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        STRICT: _ClassVar[V1LayerParameter.DimCheckMode]
        PERMISSIVE: _ClassVar[V1LayerParameter.DimCheckMode]
    STRICT: V1LayerParameter.DimCheckMode
    PERMISSIVE: V1LayerParameter.DimCheckMode
    BOTTOM_FIELD_NUMBER: _ClassVar[int]
    TOP_FIELD_NUMBER: _ClassVar[int]
    NAME_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_FIELD_NUMBER: _ClassVar[int]
    EXCLUDE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    BLOBS_FIELD_NUMBER: _ClassVar[int]
    PARAM_FIELD_NUMBER: _ClassVar[int]
    BLOB_SHARE_MODE_FIELD_NUMBER: _ClassVar[int]
    BLOBS_LR_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_DECAY_FIELD_NUMBER: _ClassVar[int]
    LOSS_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    ACCURACY_PARAM_FIELD_NUMBER: _ClassVar[int]
    ARGMAX_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONCAT_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONTRASTIVE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    CONVOLUTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    DROPOUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    DUMMY_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    ELTWISE_PARAM_FIELD_NUMBER: _ClassVar[int]
    EXP_PARAM_FIELD_NUMBER: _ClassVar[int]
    HDF5_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    HDF5_OUTPUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    HINGE_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    IMAGE_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    INFOGAIN_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    INNER_PRODUCT_PARAM_FIELD_NUMBER: _ClassVar[int]
    LRN_PARAM_FIELD_NUMBER: _ClassVar[int]
    MEMORY_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    MVN_PARAM_FIELD_NUMBER: _ClassVar[int]
    POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    POWER_PARAM_FIELD_NUMBER: _ClassVar[int]
    RELU_PARAM_FIELD_NUMBER: _ClassVar[int]
    SIGMOID_PARAM_FIELD_NUMBER: _ClassVar[int]
    SOFTMAX_PARAM_FIELD_NUMBER: _ClassVar[int]
    SLICE_PARAM_FIELD_NUMBER: _ClassVar[int]
    TANH_PARAM_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_PARAM_FIELD_NUMBER: _ClassVar[int]
    WINDOW_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    TRANSFORM_PARAM_FIELD_NUMBER: _ClassVar[int]
    LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    LAYER_FIELD_NUMBER: _ClassVar[int]
    UNPOOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    BN_PARAM_FIELD_NUMBER: _ClassVar[int]
    MULTI_STAGE_MEANFIELD_PARAM_FIELD_NUMBER: _ClassVar[int]
    RESHAPE_PARAM_FIELD_NUMBER: _ClassVar[int]
    PYTHON_PARAM_FIELD_NUMBER: _ClassVar[int]
    ROI_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    SMOOTH_L1_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    LOCAL_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_PYRAMID_POOLING_PARAM_FIELD_NUMBER: _ClassVar[int]
    SPARSE_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    INTERP_PARAM_FIELD_NUMBER: _ClassVar[int]
    SEG_ACCURACY_PARAM_FIELD_NUMBER: _ClassVar[int]
    MAT_WRITE_PARAM_FIELD_NUMBER: _ClassVar[int]
    DENSE_CRF_PARAM_FIELD_NUMBER: _ClassVar[int]
    MAT_READ_PARAM_FIELD_NUMBER: _ClassVar[int]
    BIAS_CHANNEL_PARAM_FIELD_NUMBER: _ClassVar[int]
    ADAPTIVE_BIAS_CHANNEL_PARAM_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_LABEL_PARAM_FIELD_NUMBER: _ClassVar[int]
    HEATMAP_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    MASK_OUTPUTS_PARAM_FIELD_NUMBER: _ClassVar[int]
    EUCLIDEAN_WEIGHT_PARAM_FIELD_NUMBER: _ClassVar[int]
    RESIZE_PARAM_FIELD_NUMBER: _ClassVar[int]
    LABEL_DROP_PARAM_FIELD_NUMBER: _ClassVar[int]
    MULT_SOFTMAX_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    LABEL_TRANSFORM_PARAM_FIELD_NUMBER: _ClassVar[int]
    TREE_PARAM_FIELD_NUMBER: _ClassVar[int]
    VIDEO_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    INPUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    PRELU_PARAM_FIELD_NUMBER: _ClassVar[int]
    TOPK_PARAM_FIELD_NUMBER: _ClassVar[int]
    TOPOGRAPHY_PARAM_FIELD_NUMBER: _ClassVar[int]
    LSTM_PARAM_FIELD_NUMBER: _ClassVar[int]
    IDX21HOT_PARAM_FIELD_NUMBER: _ClassVar[int]
    REDUCTION_PARAM_FIELD_NUMBER: _ClassVar[int]
    MULTINOMIAL_LOGISTIC_SPARSITY_LOSS_PARAM_FIELD_NUMBER: _ClassVar[int]
    PADDING_PARAM_FIELD_NUMBER: _ClassVar[int]
    bottom: _containers.RepeatedScalarFieldContainer[str]
    top: _containers.RepeatedScalarFieldContainer[str]
    name: str
    include: _containers.RepeatedCompositeFieldContainer[NetStateRule]
    exclude: _containers.RepeatedCompositeFieldContainer[NetStateRule]
    type: V1LayerParameter.LayerType
    blobs: _containers.RepeatedCompositeFieldContainer[BlobProto]
    param: _containers.RepeatedScalarFieldContainer[str]
    blob_share_mode: _containers.RepeatedScalarFieldContainer[V1LayerParameter.DimCheckMode]
    blobs_lr: _containers.RepeatedScalarFieldContainer[float]
    weight_decay: _containers.RepeatedScalarFieldContainer[float]
    loss_weight: _containers.RepeatedScalarFieldContainer[float]
    accuracy_param: AccuracyParameter
    argmax_param: ArgMaxParameter
    concat_param: ConcatParameter
    contrastive_loss_param: ContrastiveLossParameter
    convolution_param: ConvolutionParameter
    data_param: DataParameter
    dropout_param: DropoutParameter
    dummy_data_param: DummyDataParameter
    eltwise_param: EltwiseParameter
    exp_param: ExpParameter
    hdf5_data_param: HDF5DataParameter
    hdf5_output_param: HDF5OutputParameter
    hinge_loss_param: HingeLossParameter
    image_data_param: ImageDataParameter
    infogain_loss_param: InfogainLossParameter
    inner_product_param: InnerProductParameter
    lrn_param: LRNParameter
    memory_data_param: MemoryDataParameter
    mvn_param: MVNParameter
    pooling_param: PoolingParameter
    power_param: PowerParameter
    relu_param: ReLUParameter
    sigmoid_param: SigmoidParameter
    softmax_param: SoftmaxParameter
    slice_param: SliceParameter
    tanh_param: TanHParameter
    threshold_param: ThresholdParameter
    window_data_param: WindowDataParameter
    transform_param: TransformationParameter
    loss_param: LossParameter
    layer: V0LayerParameter
    unpooling_param: UnpoolingParameter
    bn_param: BNParameter
    multi_stage_meanfield_param: MultiStageMeanfieldParameter
    reshape_param: ReshapeParameter
    python_param: PythonParameter
    roi_pooling_param: ROIPoolingParameter
    smooth_l1_loss_param: SmoothL1LossParameter
    local_param: LocalParameter
    spatial_pyramid_pooling_param: SpatialPyramidPoolingParameter
    sparse_data_param: SparseDataParameter
    interp_param: InterpParameter
    seg_accuracy_param: SegAccuracyParameter
    mat_write_param: MatWriteParameter
    dense_crf_param: DenseCRFParameter
    mat_read_param: MatReadParameter
    bias_channel_param: BiasChannelParameter
    adaptive_bias_channel_param: AdaptiveBiasChannelParameter
    unique_label_param: UniqueLabelParameter
    heatmap_data_param: HeatmapDataParameter
    mask_outputs_param: MaskOutputsParameter
    euclidean_weight_param: EuclideanWeightParameter
    resize_param: ResizeLayerParameter
    label_drop_param: LabelDropParameter
    mult_softmax_loss_param: MultiSoftmaxLossParameter
    label_transform_param: LabelTransformParameter
    tree_param: TreeParameter
    video_data_param: VideoDataParameter
    input_param: InputParameter
    prelu_param: PReLUParameter
    topk_param: TopKParameter
    topography_param: TopographyParameter
    lstm_param: LSTMParameter
    idx21hot_param: Idx2OneHotParameter
    reduction_param: ReductionParameter
    multinomial_logistic_sparsity_loss_param: MultinomialLogisticSparsityLossParameter
    padding_param: PaddingParameter
    def __init__(self, bottom: _Optional[_Iterable[str]] = ..., top: _Optional[_Iterable[str]] = ..., name: _Optional[str] = ..., include: _Optional[_Iterable[_Union[NetStateRule, _Mapping[str, object]]]] = ..., exclude: _Optional[_Iterable[_Union[NetStateRule, _Mapping[str, object]]]] = ..., type: _Optional[_Union[V1LayerParameter.LayerType, str]] = ..., blobs: _Optional[_Iterable[_Union[BlobProto, _Mapping[str, object]]]] = ..., param: _Optional[_Iterable[str]] = ..., blob_share_mode: _Optional[_Iterable[_Union[V1LayerParameter.DimCheckMode, str]]] = ..., blobs_lr: _Optional[_Iterable[float]] = ..., weight_decay: _Optional[_Iterable[float]] = ..., loss_weight: _Optional[_Iterable[float]] = ..., accuracy_param: _Optional[_Union[AccuracyParameter, _Mapping[str, object]]] = ..., argmax_param: _Optional[_Union[ArgMaxParameter, _Mapping[str, object]]] = ..., concat_param: _Optional[_Union[ConcatParameter, _Mapping[str, object]]] = ..., contrastive_loss_param: _Optional[_Union[ContrastiveLossParameter, _Mapping[str, object]]] = ..., convolution_param: _Optional[_Union[ConvolutionParameter, _Mapping[str, object]]] = ..., data_param: _Optional[_Union[DataParameter, _Mapping[str, object]]] = ..., dropout_param: _Optional[_Union[DropoutParameter, _Mapping[str, object]]] = ..., dummy_data_param: _Optional[_Union[DummyDataParameter, _Mapping[str, object]]] = ..., eltwise_param: _Optional[_Union[EltwiseParameter, _Mapping[str, object]]] = ..., exp_param: _Optional[_Union[ExpParameter, _Mapping[str, object]]] = ..., hdf5_data_param: _Optional[_Union[HDF5DataParameter, _Mapping[str, object]]] = ..., hdf5_output_param: _Optional[_Union[HDF5OutputParameter, _Mapping[str, object]]] = ..., hinge_loss_param: _Optional[_Union[HingeLossParameter, _Mapping[str, object]]] = ..., image_data_param: _Optional[_Union[ImageDataParameter, _Mapping[str, object]]] = ..., infogain_loss_param: _Optional[_Union[InfogainLossParameter, _Mapping[str, object]]] = ..., inner_product_param: _Optional[_Union[InnerProductParameter, _Mapping[str, object]]] = ..., lrn_param: _Optional[_Union[LRNParameter, _Mapping[str, object]]] = ..., memory_data_param: _Optional[_Union[MemoryDataParameter, _Mapping[str, object]]] = ..., mvn_param: _Optional[_Union[MVNParameter, _Mapping[str, object]]] = ..., pooling_param: _Optional[_Union[PoolingParameter, _Mapping[str, object]]] = ..., power_param: _Optional[_Union[PowerParameter, _Mapping[str, object]]] = ..., relu_param: _Optional[_Union[ReLUParameter, _Mapping[str, object]]] = ..., sigmoid_param: _Optional[_Union[SigmoidParameter, _Mapping[str, object]]] = ..., softmax_param: _Optional[_Union[SoftmaxParameter, _Mapping[str, object]]] = ..., slice_param: _Optional[_Union[SliceParameter, _Mapping[str, object]]] = ..., tanh_param: _Optional[_Union[TanHParameter, _Mapping[str, object]]] = ..., threshold_param: _Optional[_Union[ThresholdParameter, _Mapping[str, object]]] = ..., window_data_param: _Optional[_Union[WindowDataParameter, _Mapping[str, object]]] = ..., transform_param: _Optional[_Union[TransformationParameter, _Mapping[str, object]]] = ..., loss_param: _Optional[_Union[LossParameter, _Mapping[str, object]]] = ..., layer: _Optional[_Union[V0LayerParameter, _Mapping[str, object]]] = ..., unpooling_param: _Optional[_Union[UnpoolingParameter, _Mapping[str, object]]] = ..., bn_param: _Optional[_Union[BNParameter, _Mapping[str, object]]] = ..., multi_stage_meanfield_param: _Optional[_Union[MultiStageMeanfieldParameter, _Mapping[str, object]]] = ..., reshape_param: _Optional[_Union[ReshapeParameter, _Mapping[str, object]]] = ..., python_param: _Optional[_Union[PythonParameter, _Mapping[str, object]]] = ..., roi_pooling_param: _Optional[_Union[ROIPoolingParameter, _Mapping[str, object]]] = ..., smooth_l1_loss_param: _Optional[_Union[SmoothL1LossParameter, _Mapping[str, object]]] = ..., local_param: _Optional[_Union[LocalParameter, _Mapping[str, object]]] = ..., spatial_pyramid_pooling_param: _Optional[_Union[SpatialPyramidPoolingParameter, _Mapping[str, object]]] = ..., sparse_data_param: _Optional[_Union[SparseDataParameter, _Mapping[str, object]]] = ..., interp_param: _Optional[_Union[InterpParameter, _Mapping[str, object]]] = ..., seg_accuracy_param: _Optional[_Union[SegAccuracyParameter, _Mapping[str, object]]] = ..., mat_write_param: _Optional[_Union[MatWriteParameter, _Mapping[str, object]]] = ..., dense_crf_param: _Optional[_Union[DenseCRFParameter, _Mapping[str, object]]] = ..., mat_read_param: _Optional[_Union[MatReadParameter, _Mapping[str, object]]] = ..., bias_channel_param: _Optional[_Union[BiasChannelParameter, _Mapping[str, object]]] = ..., adaptive_bias_channel_param: _Optional[_Union[AdaptiveBiasChannelParameter, _Mapping[str, object]]] = ..., unique_label_param: _Optional[_Union[UniqueLabelParameter, _Mapping[str, object]]] = ..., heatmap_data_param: _Optional[_Union[HeatmapDataParameter, _Mapping[str, object]]] = ..., mask_outputs_param: _Optional[_Union[MaskOutputsParameter, _Mapping[str, object]]] = ..., euclidean_weight_param: _Optional[_Union[EuclideanWeightParameter, _Mapping[str, object]]] = ..., resize_param: _Optional[_Union[ResizeLayerParameter, _Mapping[str, object]]] = ..., label_drop_param: _Optional[_Union[LabelDropParameter, _Mapping[str, object]]] = ..., mult_softmax_loss_param: _Optional[_Union[MultiSoftmaxLossParameter, _Mapping[str, object]]] = ..., label_transform_param: _Optional[_Union[LabelTransformParameter, _Mapping[str, object]]] = ..., tree_param: _Optional[_Union[TreeParameter, _Mapping[str, object]]] = ..., video_data_param: _Optional[_Union[VideoDataParameter, _Mapping[str, object]]] = ..., input_param: _Optional[_Union[InputParameter, _Mapping[str, object]]] = ..., prelu_param: _Optional[_Union[PReLUParameter, _Mapping[str, object]]] = ..., topk_param: _Optional[_Union[TopKParameter, _Mapping[str, object]]] = ..., topography_param: _Optional[_Union[TopographyParameter, _Mapping[str, object]]] = ..., lstm_param: _Optional[_Union[LSTMParameter, _Mapping[str, object]]] = ..., idx21hot_param: _Optional[_Union[Idx2OneHotParameter, _Mapping[str, object]]] = ..., reduction_param: _Optional[_Union[ReductionParameter, _Mapping[str, object]]] = ..., multinomial_logistic_sparsity_loss_param: _Optional[_Union[MultinomialLogisticSparsityLossParameter, _Mapping[str, object]]] = ..., padding_param: _Optional[_Union[PaddingParameter, _Mapping[str, object]]] = ...) -> None: ...

class ConvolutionMaskParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("default_init", "mask_filler", "mask_term")
    DEFAULT_INIT_FIELD_NUMBER: _ClassVar[int]
    MASK_FILLER_FIELD_NUMBER: _ClassVar[int]
    MASK_TERM_FIELD_NUMBER: _ClassVar[int]
    default_init: bool
    mask_filler: FillerParameter
    mask_term: bool
    def __init__(self, default_init: _Optional[bool] = ..., mask_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., mask_term: _Optional[bool] = ...) -> None: ...

class RBMInnerProductParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("forward_is_update", "connection_layer_param", "hidden_activation_layer_param", "hidden_sampling_layer_param", "visible_activation_layer_param", "visible_sampling_layer_param", "visible_bias_term", "sample_steps_in_update", "visible_bias_filler", "loss_measure")
    class LossMeasure(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        RECONSTRUCTION: _ClassVar[RBMInnerProductParameter.LossMeasure]
        FREE_ENERGY: _ClassVar[RBMInnerProductParameter.LossMeasure]
    RECONSTRUCTION: RBMInnerProductParameter.LossMeasure
    FREE_ENERGY: RBMInnerProductParameter.LossMeasure
    FORWARD_IS_UPDATE_FIELD_NUMBER: _ClassVar[int]
    CONNECTION_LAYER_PARAM_FIELD_NUMBER: _ClassVar[int]
    HIDDEN_ACTIVATION_LAYER_PARAM_FIELD_NUMBER: _ClassVar[int]
    HIDDEN_SAMPLING_LAYER_PARAM_FIELD_NUMBER: _ClassVar[int]
    VISIBLE_ACTIVATION_LAYER_PARAM_FIELD_NUMBER: _ClassVar[int]
    VISIBLE_SAMPLING_LAYER_PARAM_FIELD_NUMBER: _ClassVar[int]
    VISIBLE_BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_STEPS_IN_UPDATE_FIELD_NUMBER: _ClassVar[int]
    VISIBLE_BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    LOSS_MEASURE_FIELD_NUMBER: _ClassVar[int]
    forward_is_update: bool
    connection_layer_param: RBMPartParameter
    hidden_activation_layer_param: RBMPartParameter
    hidden_sampling_layer_param: RBMPartParameter
    visible_activation_layer_param: RBMPartParameter
    visible_sampling_layer_param: RBMPartParameter
    visible_bias_term: bool
    sample_steps_in_update: int
    visible_bias_filler: FillerParameter
    loss_measure: _containers.RepeatedScalarFieldContainer[RBMInnerProductParameter.LossMeasure]
    def __init__(self, forward_is_update: _Optional[bool] = ..., connection_layer_param: _Optional[_Union[RBMPartParameter, _Mapping[str, object]]] = ..., hidden_activation_layer_param: _Optional[_Union[RBMPartParameter, _Mapping[str, object]]] = ..., hidden_sampling_layer_param: _Optional[_Union[RBMPartParameter, _Mapping[str, object]]] = ..., visible_activation_layer_param: _Optional[_Union[RBMPartParameter, _Mapping[str, object]]] = ..., visible_sampling_layer_param: _Optional[_Union[RBMPartParameter, _Mapping[str, object]]] = ..., visible_bias_term: _Optional[bool] = ..., sample_steps_in_update: _Optional[int] = ..., visible_bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., loss_measure: _Optional[_Iterable[_Union[RBMInnerProductParameter.LossMeasure, str]]] = ...) -> None: ...

class RBMPartParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("name", "type", "inner_product_param")
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    INNER_PRODUCT_PARAM_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: str
    inner_product_param: InnerProductParameter
    def __init__(self, name: _Optional[str] = ..., type: _Optional[str] = ..., inner_product_param: _Optional[_Union[InnerProductParameter, _Mapping[str, object]]] = ...) -> None: ...

class TopKParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("k", "a", "across_channels")
    K_FIELD_NUMBER: _ClassVar[int]
    A_FIELD_NUMBER: _ClassVar[int]
    ACROSS_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    k: int
    a: float
    across_channels: bool
    def __init__(self, k: _Optional[int] = ..., a: _Optional[float] = ..., across_channels: _Optional[bool] = ...) -> None: ...

class ConfusionMatrixParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis",)
    AXIS_FIELD_NUMBER: _ClassVar[int]
    axis: int
    def __init__(self, axis: _Optional[int] = ...) -> None: ...

class PairwiseParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("threshold", "operation", "coeff")
    class PairwiseOp(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        SUM: _ClassVar[PairwiseParameter.PairwiseOp]
        PROD: _ClassVar[PairwiseParameter.PairwiseOp]
        MAX: _ClassVar[PairwiseParameter.PairwiseOp]
    SUM: PairwiseParameter.PairwiseOp
    PROD: PairwiseParameter.PairwiseOp
    MAX: PairwiseParameter.PairwiseOp
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    COEFF_FIELD_NUMBER: _ClassVar[int]
    threshold: float
    operation: PairwiseParameter.PairwiseOp
    coeff: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, threshold: _Optional[float] = ..., operation: _Optional[_Union[PairwiseParameter.PairwiseOp, str]] = ..., coeff: _Optional[_Iterable[float]] = ...) -> None: ...

class QuantizationLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("threshold",)
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    threshold: float
    def __init__(self, threshold: _Optional[float] = ...) -> None: ...

class BunchOfNeuronsParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("bunch_a", "bunch_b")
    BUNCH_A_FIELD_NUMBER: _ClassVar[int]
    BUNCH_B_FIELD_NUMBER: _ClassVar[int]
    bunch_a: float
    bunch_b: float
    def __init__(self, bunch_a: _Optional[float] = ..., bunch_b: _Optional[float] = ...) -> None: ...

class BinarizationParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("work", "threshold")
    WORK_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    work: bool
    threshold: float
    def __init__(self, work: _Optional[bool] = ..., threshold: _Optional[float] = ...) -> None: ...

class RBMParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_hidden", "w_filler", "b_filler", "c_filler", "llAprox", "axis", "rbm_cd_param", "rbm_pcd_param", "rbm_pm_param")
    class LogLikelihoodAprox(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        AIS: _ClassVar[RBMParameter.LogLikelihoodAprox]
        RAIS: _ClassVar[RBMParameter.LogLikelihoodAprox]
        CSL: _ClassVar[RBMParameter.LogLikelihoodAprox]
        REC: _ClassVar[RBMParameter.LogLikelihoodAprox]
    AIS: RBMParameter.LogLikelihoodAprox
    RAIS: RBMParameter.LogLikelihoodAprox
    CSL: RBMParameter.LogLikelihoodAprox
    REC: RBMParameter.LogLikelihoodAprox
    NUM_HIDDEN_FIELD_NUMBER: _ClassVar[int]
    W_FILLER_FIELD_NUMBER: _ClassVar[int]
    B_FILLER_FIELD_NUMBER: _ClassVar[int]
    C_FILLER_FIELD_NUMBER: _ClassVar[int]
    LLAPROX_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    RBM_CD_PARAM_FIELD_NUMBER: _ClassVar[int]
    RBM_PCD_PARAM_FIELD_NUMBER: _ClassVar[int]
    RBM_PM_PARAM_FIELD_NUMBER: _ClassVar[int]
    num_hidden: int
    w_filler: FillerParameter
    b_filler: FillerParameter
    c_filler: FillerParameter
    llAprox: RBMParameter.LogLikelihoodAprox
    axis: int
    rbm_cd_param: RBMCDParameter
    rbm_pcd_param: RBMPCDParameter
    rbm_pm_param: RBMPMParameter
    def __init__(self, num_hidden: _Optional[int] = ..., w_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., b_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., c_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., llAprox: _Optional[_Union[RBMParameter.LogLikelihoodAprox, str]] = ..., axis: _Optional[int] = ..., rbm_cd_param: _Optional[_Union[RBMCDParameter, _Mapping[str, object]]] = ..., rbm_pcd_param: _Optional[_Union[RBMPCDParameter, _Mapping[str, object]]] = ..., rbm_pm_param: _Optional[_Union[RBMPMParameter, _Mapping[str, object]]] = ...) -> None: ...

class RBMPCDParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("gibbs_steps", "gibbs_chains")
    GIBBS_STEPS_FIELD_NUMBER: _ClassVar[int]
    GIBBS_CHAINS_FIELD_NUMBER: _ClassVar[int]
    gibbs_steps: int
    gibbs_chains: int
    def __init__(self, gibbs_steps: _Optional[int] = ..., gibbs_chains: _Optional[int] = ...) -> None: ...

class RBMCDParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("gibbs_steps",)
    GIBBS_STEPS_FIELD_NUMBER: _ClassVar[int]
    gibbs_steps: int
    def __init__(self, gibbs_steps: _Optional[int] = ...) -> None: ...

class RBMPMParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("map_method", "batch_repeats", "coordinate_descent_param", "fegd_param", "rbm_pm1_param", "rbm_pm2_param", "pert_str", "geo_param", "persistent", "rgeo_param")
    class MAPMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        CoordinateDescent: _ClassVar[RBMPMParameter.MAPMethod]
        FreeEnergyGradientDescent: _ClassVar[RBMPMParameter.MAPMethod]
        FreeEnergyGradientDescentEta2: _ClassVar[RBMPMParameter.MAPMethod]
        GreedyEnergyOptimization: _ClassVar[RBMPMParameter.MAPMethod]
        RandomizedGreedyEnergyOptimization: _ClassVar[RBMPMParameter.MAPMethod]
    CoordinateDescent: RBMPMParameter.MAPMethod
    FreeEnergyGradientDescent: RBMPMParameter.MAPMethod
    FreeEnergyGradientDescentEta2: RBMPMParameter.MAPMethod
    GreedyEnergyOptimization: RBMPMParameter.MAPMethod
    RandomizedGreedyEnergyOptimization: RBMPMParameter.MAPMethod
    MAP_METHOD_FIELD_NUMBER: _ClassVar[int]
    BATCH_REPEATS_FIELD_NUMBER: _ClassVar[int]
    COORDINATE_DESCENT_PARAM_FIELD_NUMBER: _ClassVar[int]
    FEGD_PARAM_FIELD_NUMBER: _ClassVar[int]
    RBM_PM1_PARAM_FIELD_NUMBER: _ClassVar[int]
    RBM_PM2_PARAM_FIELD_NUMBER: _ClassVar[int]
    PERT_STR_FIELD_NUMBER: _ClassVar[int]
    GEO_PARAM_FIELD_NUMBER: _ClassVar[int]
    PERSISTENT_FIELD_NUMBER: _ClassVar[int]
    RGEO_PARAM_FIELD_NUMBER: _ClassVar[int]
    map_method: RBMPMParameter.MAPMethod
    batch_repeats: int
    coordinate_descent_param: CoordinateDescentMAPParameter
    fegd_param: FreeEnergyGradientDescentMAPParameter
    rbm_pm1_param: RBMPM1Parameter
    rbm_pm2_param: RBMPM2Parameter
    pert_str: float
    geo_param: GreedyEnergyOptimizationMAPParameter
    persistent: bool
    rgeo_param: RandomizedGreedyEnergyOptimizationMAPParameter
    def __init__(self, map_method: _Optional[_Union[RBMPMParameter.MAPMethod, str]] = ..., batch_repeats: _Optional[int] = ..., coordinate_descent_param: _Optional[_Union[CoordinateDescentMAPParameter, _Mapping[str, object]]] = ..., fegd_param: _Optional[_Union[FreeEnergyGradientDescentMAPParameter, _Mapping[str, object]]] = ..., rbm_pm1_param: _Optional[_Union[RBMPM1Parameter, _Mapping[str, object]]] = ..., rbm_pm2_param: _Optional[_Union[RBMPM2Parameter, _Mapping[str, object]]] = ..., pert_str: _Optional[float] = ..., geo_param: _Optional[_Union[GreedyEnergyOptimizationMAPParameter, _Mapping[str, object]]] = ..., persistent: _Optional[bool] = ..., rgeo_param: _Optional[_Union[RandomizedGreedyEnergyOptimizationMAPParameter, _Mapping[str, object]]] = ...) -> None: ...

class CoordinateDescentMAPParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("descent_steps",)
    DESCENT_STEPS_FIELD_NUMBER: _ClassVar[int]
    descent_steps: int
    def __init__(self, descent_steps: _Optional[int] = ...) -> None: ...

class FreeEnergyGradientDescentMAPParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("descent_steps", "eta_0", "eta_decay")
    DESCENT_STEPS_FIELD_NUMBER: _ClassVar[int]
    ETA_0_FIELD_NUMBER: _ClassVar[int]
    ETA_DECAY_FIELD_NUMBER: _ClassVar[int]
    descent_steps: int
    eta_0: float
    eta_decay: float
    def __init__(self, descent_steps: _Optional[int] = ..., eta_0: _Optional[float] = ..., eta_decay: _Optional[float] = ...) -> None: ...

class GreedyEnergyOptimizationMAPParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("steps",)
    STEPS_FIELD_NUMBER: _ClassVar[int]
    steps: int
    def __init__(self, steps: _Optional[int] = ...) -> None: ...

class RandomizedGreedyEnergyOptimizationMAPParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("steps", "maskout")
    STEPS_FIELD_NUMBER: _ClassVar[int]
    MASKOUT_FIELD_NUMBER: _ClassVar[int]
    steps: int
    maskout: float
    def __init__(self, steps: _Optional[int] = ..., maskout: _Optional[float] = ...) -> None: ...

class RBMPM1Parameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    def __init__(self) -> None: ...

class RBMPM2Parameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("w_pert_param",)
    class RBMPM2WPerturbation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        Random: _ClassVar[RBMPM2Parameter.RBMPM2WPerturbation]
        ExpProb: _ClassVar[RBMPM2Parameter.RBMPM2WPerturbation]
        AbsExpProb: _ClassVar[RBMPM2Parameter.RBMPM2WPerturbation]
    Random: RBMPM2Parameter.RBMPM2WPerturbation
    ExpProb: RBMPM2Parameter.RBMPM2WPerturbation
    AbsExpProb: RBMPM2Parameter.RBMPM2WPerturbation
    W_PERT_PARAM_FIELD_NUMBER: _ClassVar[int]
    w_pert_param: RBMPM2Parameter.RBMPM2WPerturbation
    def __init__(self, w_pert_param: _Optional[_Union[RBMPM2Parameter.RBMPM2WPerturbation, str]] = ...) -> None: ...

class MaskOutputsParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("kernel_size",)
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    kernel_size: int
    def __init__(self, kernel_size: _Optional[int] = ...) -> None: ...

class EuclideanWeightParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    LAMBDA_FIELD_NUMBER: _ClassVar[int]
    def __init__(self, **kwargs: object) -> None: ...

class TopographyParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pad", "pad_h", "pad_w", "kernel_size", "kernel_h", "kernel_w", "group", "stride", "stride_h", "stride_w", "weight_filler", "gaussian_sd", "is_gaussian_topo", "smooth_output")
    PAD_FIELD_NUMBER: _ClassVar[int]
    PAD_H_FIELD_NUMBER: _ClassVar[int]
    PAD_W_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    KERNEL_H_FIELD_NUMBER: _ClassVar[int]
    KERNEL_W_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    STRIDE_H_FIELD_NUMBER: _ClassVar[int]
    STRIDE_W_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    GAUSSIAN_SD_FIELD_NUMBER: _ClassVar[int]
    IS_GAUSSIAN_TOPO_FIELD_NUMBER: _ClassVar[int]
    SMOOTH_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    pad: int
    pad_h: int
    pad_w: int
    kernel_size: int
    kernel_h: int
    kernel_w: int
    group: int
    stride: int
    stride_h: int
    stride_w: int
    weight_filler: FillerParameter
    gaussian_sd: float
    is_gaussian_topo: bool
    smooth_output: bool
    def __init__(self, pad: _Optional[int] = ..., pad_h: _Optional[int] = ..., pad_w: _Optional[int] = ..., kernel_size: _Optional[int] = ..., kernel_h: _Optional[int] = ..., kernel_w: _Optional[int] = ..., group: _Optional[int] = ..., stride: _Optional[int] = ..., stride_h: _Optional[int] = ..., stride_w: _Optional[int] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., gaussian_sd: _Optional[float] = ..., is_gaussian_topo: _Optional[bool] = ..., smooth_output: _Optional[bool] = ...) -> None: ...

class SpatialWtaParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("kernel_size", "stride", "pad", "kernel_h", "kernel_w", "stride_h", "stride_w", "pad_h", "pad_w", "global_wta")
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    PAD_FIELD_NUMBER: _ClassVar[int]
    KERNEL_H_FIELD_NUMBER: _ClassVar[int]
    KERNEL_W_FIELD_NUMBER: _ClassVar[int]
    STRIDE_H_FIELD_NUMBER: _ClassVar[int]
    STRIDE_W_FIELD_NUMBER: _ClassVar[int]
    PAD_H_FIELD_NUMBER: _ClassVar[int]
    PAD_W_FIELD_NUMBER: _ClassVar[int]
    GLOBAL_WTA_FIELD_NUMBER: _ClassVar[int]
    kernel_size: int
    stride: int
    pad: int
    kernel_h: int
    kernel_w: int
    stride_h: int
    stride_w: int
    pad_h: int
    pad_w: int
    global_wta: bool
    def __init__(self, kernel_size: _Optional[int] = ..., stride: _Optional[int] = ..., pad: _Optional[int] = ..., kernel_h: _Optional[int] = ..., kernel_w: _Optional[int] = ..., stride_h: _Optional[int] = ..., stride_w: _Optional[int] = ..., pad_h: _Optional[int] = ..., pad_w: _Optional[int] = ..., global_wta: _Optional[bool] = ...) -> None: ...

class AveAccuracyParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("top_k", "axis", "ignore_label", "npartition", "nbatch", "nclass", "burnin")
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    NPARTITION_FIELD_NUMBER: _ClassVar[int]
    NBATCH_FIELD_NUMBER: _ClassVar[int]
    NCLASS_FIELD_NUMBER: _ClassVar[int]
    BURNIN_FIELD_NUMBER: _ClassVar[int]
    top_k: int
    axis: int
    ignore_label: int
    npartition: int
    nbatch: int
    nclass: int
    burnin: int
    def __init__(self, top_k: _Optional[int] = ..., axis: _Optional[int] = ..., ignore_label: _Optional[int] = ..., npartition: _Optional[int] = ..., nbatch: _Optional[int] = ..., nclass: _Optional[int] = ..., burnin: _Optional[int] = ...) -> None: ...

class ConaddParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    def __init__(self) -> None: ...

class ROIMaskPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pooled_h", "pooled_w", "spatial_scale", "half_part", "roi_scale", "mask_scale", "spatial_shift")
    POOLED_H_FIELD_NUMBER: _ClassVar[int]
    POOLED_W_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_SCALE_FIELD_NUMBER: _ClassVar[int]
    HALF_PART_FIELD_NUMBER: _ClassVar[int]
    ROI_SCALE_FIELD_NUMBER: _ClassVar[int]
    MASK_SCALE_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_SHIFT_FIELD_NUMBER: _ClassVar[int]
    pooled_h: int
    pooled_w: int
    spatial_scale: float
    half_part: int
    roi_scale: float
    mask_scale: float
    spatial_shift: float
    def __init__(self, pooled_h: _Optional[int] = ..., pooled_w: _Optional[int] = ..., spatial_scale: _Optional[float] = ..., half_part: _Optional[int] = ..., roi_scale: _Optional[float] = ..., mask_scale: _Optional[float] = ..., spatial_shift: _Optional[float] = ...) -> None: ...

class RepeatParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_repeats", "axis")
    NUM_REPEATS_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    num_repeats: int
    axis: int
    def __init__(self, num_repeats: _Optional[int] = ..., axis: _Optional[int] = ...) -> None: ...

class ExpandDimsNDParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis",)
    AXIS_FIELD_NUMBER: _ClassVar[int]
    axis: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, axis: _Optional[_Iterable[int]] = ...) -> None: ...

class UnstackParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num", "axis")
    NUM_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    num: int
    axis: int
    def __init__(self, num: _Optional[int] = ..., axis: _Optional[int] = ...) -> None: ...

class DepthToSpaceParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("block_size", "data_format")
    BLOCK_SIZE_FIELD_NUMBER: _ClassVar[int]
    DATA_FORMAT_FIELD_NUMBER: _ClassVar[int]
    block_size: int
    data_format: str
    def __init__(self, block_size: _Optional[int] = ..., data_format: _Optional[str] = ...) -> None: ...

class SpaceToDepthParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("block_size", "data_format")
    BLOCK_SIZE_FIELD_NUMBER: _ClassVar[int]
    DATA_FORMAT_FIELD_NUMBER: _ClassVar[int]
    block_size: int
    data_format: str
    def __init__(self, block_size: _Optional[int] = ..., data_format: _Optional[str] = ...) -> None: ...

class MirrorPadParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("paddings", "constant_values", "mode")
    PADDINGS_FIELD_NUMBER: _ClassVar[int]
    CONSTANT_VALUES_FIELD_NUMBER: _ClassVar[int]
    MODE_FIELD_NUMBER: _ClassVar[int]
    paddings: _containers.RepeatedScalarFieldContainer[int]
    constant_values: float
    mode: str
    def __init__(self, paddings: _Optional[_Iterable[int]] = ..., constant_values: _Optional[float] = ..., mode: _Optional[str] = ...) -> None: ...

class StackParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis",)
    AXIS_FIELD_NUMBER: _ClassVar[int]
    axis: int
    def __init__(self, axis: _Optional[int] = ...) -> None: ...

class BroadcastToParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("shape",)
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, shape: _Optional[_Iterable[int]] = ...) -> None: ...

class TileNDParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("multiples",)
    MULTIPLES_FIELD_NUMBER: _ClassVar[int]
    multiples: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, multiples: _Optional[_Iterable[int]] = ...) -> None: ...

class PieceParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("begin", "size")
    BEGIN_FIELD_NUMBER: _ClassVar[int]
    SIZE_FIELD_NUMBER: _ClassVar[int]
    begin: _containers.RepeatedScalarFieldContainer[int]
    size: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, begin: _Optional[_Iterable[int]] = ..., size: _Optional[_Iterable[int]] = ...) -> None: ...

class StridedSliceParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("begin", "end", "strides", "axes", "begin_mask", "end_mask", "ellipsis_mask", "new_axis_mask", "shrink_axis_mask")
    BEGIN_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    STRIDES_FIELD_NUMBER: _ClassVar[int]
    AXES_FIELD_NUMBER: _ClassVar[int]
    BEGIN_MASK_FIELD_NUMBER: _ClassVar[int]
    END_MASK_FIELD_NUMBER: _ClassVar[int]
    ELLIPSIS_MASK_FIELD_NUMBER: _ClassVar[int]
    NEW_AXIS_MASK_FIELD_NUMBER: _ClassVar[int]
    SHRINK_AXIS_MASK_FIELD_NUMBER: _ClassVar[int]
    begin: _containers.RepeatedScalarFieldContainer[int]
    end: _containers.RepeatedScalarFieldContainer[int]
    strides: _containers.RepeatedScalarFieldContainer[int]
    axes: _containers.RepeatedScalarFieldContainer[int]
    begin_mask: int
    end_mask: int
    ellipsis_mask: int
    new_axis_mask: int
    shrink_axis_mask: int
    def __init__(self, begin: _Optional[_Iterable[int]] = ..., end: _Optional[_Iterable[int]] = ..., strides: _Optional[_Iterable[int]] = ..., axes: _Optional[_Iterable[int]] = ..., begin_mask: _Optional[int] = ..., end_mask: _Optional[int] = ..., ellipsis_mask: _Optional[int] = ..., new_axis_mask: _Optional[int] = ..., shrink_axis_mask: _Optional[int] = ...) -> None: ...

class RangeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("start", "limit", "delta")
    START_FIELD_NUMBER: _ClassVar[int]
    LIMIT_FIELD_NUMBER: _ClassVar[int]
    DELTA_FIELD_NUMBER: _ClassVar[int]
    start: float
    limit: float
    delta: float
    def __init__(self, start: _Optional[float] = ..., limit: _Optional[float] = ..., delta: _Optional[float] = ...) -> None: ...

class OneHotParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("depth", "on_value", "off_value", "axis")
    DEPTH_FIELD_NUMBER: _ClassVar[int]
    ON_VALUE_FIELD_NUMBER: _ClassVar[int]
    OFF_VALUE_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    depth: int
    on_value: float
    off_value: float
    axis: int
    def __init__(self, depth: _Optional[int] = ..., on_value: _Optional[float] = ..., off_value: _Optional[float] = ..., axis: _Optional[int] = ...) -> None: ...

class SparseToDenseParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("sparse_indices", "sparse_indices_shape", "output_shape", "sparse_values", "default_value", "validate_indices")
    SPARSE_INDICES_FIELD_NUMBER: _ClassVar[int]
    SPARSE_INDICES_SHAPE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_SHAPE_FIELD_NUMBER: _ClassVar[int]
    SPARSE_VALUES_FIELD_NUMBER: _ClassVar[int]
    DEFAULT_VALUE_FIELD_NUMBER: _ClassVar[int]
    VALIDATE_INDICES_FIELD_NUMBER: _ClassVar[int]
    sparse_indices: _containers.RepeatedScalarFieldContainer[int]
    sparse_indices_shape: _containers.RepeatedScalarFieldContainer[int]
    output_shape: _containers.RepeatedScalarFieldContainer[int]
    sparse_values: _containers.RepeatedScalarFieldContainer[float]
    default_value: float
    validate_indices: bool
    def __init__(self, sparse_indices: _Optional[_Iterable[int]] = ..., sparse_indices_shape: _Optional[_Iterable[int]] = ..., output_shape: _Optional[_Iterable[int]] = ..., sparse_values: _Optional[_Iterable[float]] = ..., default_value: _Optional[float] = ..., validate_indices: _Optional[bool] = ...) -> None: ...

class GatherParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("indices", "shape", "axis")
    INDICES_FIELD_NUMBER: _ClassVar[int]
    SHAPE_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    indices: _containers.RepeatedScalarFieldContainer[int]
    shape: _containers.RepeatedScalarFieldContainer[int]
    axis: int
    def __init__(self, indices: _Optional[_Iterable[int]] = ..., shape: _Optional[_Iterable[int]] = ..., axis: _Optional[int] = ...) -> None: ...

class GatherV2Parameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis", "batch_flag")
    AXIS_FIELD_NUMBER: _ClassVar[int]
    BATCH_FLAG_FIELD_NUMBER: _ClassVar[int]
    axis: int
    batch_flag: bool
    def __init__(self, axis: _Optional[int] = ..., batch_flag: _Optional[bool] = ...) -> None: ...

class GatherNDParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("indices", "indices_shape")
    INDICES_FIELD_NUMBER: _ClassVar[int]
    INDICES_SHAPE_FIELD_NUMBER: _ClassVar[int]
    indices: _containers.RepeatedScalarFieldContainer[int]
    indices_shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, indices: _Optional[_Iterable[int]] = ..., indices_shape: _Optional[_Iterable[int]] = ...) -> None: ...

class ScatterNDParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("is_data_param", "is_indices_param", "is_updates_param", "data_shape", "indices_shape", "updates_shape")
    IS_DATA_PARAM_FIELD_NUMBER: _ClassVar[int]
    IS_INDICES_PARAM_FIELD_NUMBER: _ClassVar[int]
    IS_UPDATES_PARAM_FIELD_NUMBER: _ClassVar[int]
    DATA_SHAPE_FIELD_NUMBER: _ClassVar[int]
    INDICES_SHAPE_FIELD_NUMBER: _ClassVar[int]
    UPDATES_SHAPE_FIELD_NUMBER: _ClassVar[int]
    is_data_param: bool
    is_indices_param: bool
    is_updates_param: bool
    data_shape: _containers.RepeatedScalarFieldContainer[int]
    indices_shape: _containers.RepeatedScalarFieldContainer[int]
    updates_shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, is_data_param: _Optional[bool] = ..., is_indices_param: _Optional[bool] = ..., is_updates_param: _Optional[bool] = ..., data_shape: _Optional[_Iterable[int]] = ..., indices_shape: _Optional[_Iterable[int]] = ..., updates_shape: _Optional[_Iterable[int]] = ...) -> None: ...

class EmbeddingLookupParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("ids", "ids_shape", "partition_strategy", "max_norm")
    IDS_FIELD_NUMBER: _ClassVar[int]
    IDS_SHAPE_FIELD_NUMBER: _ClassVar[int]
    PARTITION_STRATEGY_FIELD_NUMBER: _ClassVar[int]
    MAX_NORM_FIELD_NUMBER: _ClassVar[int]
    ids: _containers.RepeatedScalarFieldContainer[int]
    ids_shape: _containers.RepeatedScalarFieldContainer[int]
    partition_strategy: str
    max_norm: float
    def __init__(self, ids: _Optional[_Iterable[int]] = ..., ids_shape: _Optional[_Iterable[int]] = ..., partition_strategy: _Optional[str] = ..., max_norm: _Optional[float] = ...) -> None: ...

class EmbeddingLookupSparseParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("ids_indices", "ids_values", "ids_shape", "weight_values", "partition_strategy", "combiner", "max_norm")
    IDS_INDICES_FIELD_NUMBER: _ClassVar[int]
    IDS_VALUES_FIELD_NUMBER: _ClassVar[int]
    IDS_SHAPE_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_VALUES_FIELD_NUMBER: _ClassVar[int]
    PARTITION_STRATEGY_FIELD_NUMBER: _ClassVar[int]
    COMBINER_FIELD_NUMBER: _ClassVar[int]
    MAX_NORM_FIELD_NUMBER: _ClassVar[int]
    ids_indices: _containers.RepeatedScalarFieldContainer[int]
    ids_values: _containers.RepeatedScalarFieldContainer[int]
    ids_shape: _containers.RepeatedScalarFieldContainer[int]
    weight_values: _containers.RepeatedScalarFieldContainer[float]
    partition_strategy: str
    combiner: str
    max_norm: float
    def __init__(self, ids_indices: _Optional[_Iterable[int]] = ..., ids_values: _Optional[_Iterable[int]] = ..., ids_shape: _Optional[_Iterable[int]] = ..., weight_values: _Optional[_Iterable[float]] = ..., partition_strategy: _Optional[str] = ..., combiner: _Optional[str] = ..., max_norm: _Optional[float] = ...) -> None: ...

class TopkGatherParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("top_k", "axis")
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    top_k: int
    axis: int
    def __init__(self, top_k: _Optional[int] = ..., axis: _Optional[int] = ...) -> None: ...

class NMSGatherParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("top_k", "axis", "iou_threshold")
    TOP_K_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    IOU_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    top_k: int
    axis: int
    iou_threshold: float
    def __init__(self, top_k: _Optional[int] = ..., axis: _Optional[int] = ..., iou_threshold: _Optional[float] = ...) -> None: ...

class Where4Parameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "axis")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    axis: int
    def __init__(self, num_output: _Optional[int] = ..., axis: _Optional[int] = ...) -> None: ...

class Where4GatherndCropParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "axis", "crop_h", "crop_w", "extrapolation_value")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    CROP_H_FIELD_NUMBER: _ClassVar[int]
    CROP_W_FIELD_NUMBER: _ClassVar[int]
    EXTRAPOLATION_VALUE_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    axis: int
    crop_h: int
    crop_w: int
    extrapolation_value: float
    def __init__(self, num_output: _Optional[int] = ..., axis: _Optional[int] = ..., crop_h: _Optional[int] = ..., crop_w: _Optional[int] = ..., extrapolation_value: _Optional[float] = ...) -> None: ...

class CropAndResizeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("crop_h", "crop_w", "extrapolation_value", "data_format")
    CROP_H_FIELD_NUMBER: _ClassVar[int]
    CROP_W_FIELD_NUMBER: _ClassVar[int]
    EXTRAPOLATION_VALUE_FIELD_NUMBER: _ClassVar[int]
    DATA_FORMAT_FIELD_NUMBER: _ClassVar[int]
    crop_h: int
    crop_w: int
    extrapolation_value: float
    data_format: str
    def __init__(self, crop_h: _Optional[int] = ..., crop_w: _Optional[int] = ..., extrapolation_value: _Optional[float] = ..., data_format: _Optional[str] = ...) -> None: ...

class PyramidROIAlignParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("crop_height", "crop_width", "extrapolation_value", "data_format")
    CROP_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    CROP_WIDTH_FIELD_NUMBER: _ClassVar[int]
    EXTRAPOLATION_VALUE_FIELD_NUMBER: _ClassVar[int]
    DATA_FORMAT_FIELD_NUMBER: _ClassVar[int]
    crop_height: int
    crop_width: int
    extrapolation_value: float
    data_format: str
    def __init__(self, crop_height: _Optional[int] = ..., crop_width: _Optional[int] = ..., extrapolation_value: _Optional[float] = ..., data_format: _Optional[str] = ...) -> None: ...

class NonMaxSuppressionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("max_output_boxes_per_class", "iou_threshold", "score_threshold", "center_point_box")
    MAX_OUTPUT_BOXES_PER_CLASS_FIELD_NUMBER: _ClassVar[int]
    IOU_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    SCORE_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    CENTER_POINT_BOX_FIELD_NUMBER: _ClassVar[int]
    max_output_boxes_per_class: int
    iou_threshold: float
    score_threshold: float
    center_point_box: int
    def __init__(self, max_output_boxes_per_class: _Optional[int] = ..., iou_threshold: _Optional[float] = ..., score_threshold: _Optional[float] = ..., center_point_box: _Optional[int] = ...) -> None: ...

class MaskRCNNDetectionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("bbox_std_dev", "batch_size", "detection_max_instances", "detection_min_confidence", "detection_nms_threshold")
    BBOX_STD_DEV_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    DETECTION_MAX_INSTANCES_FIELD_NUMBER: _ClassVar[int]
    DETECTION_MIN_CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    DETECTION_NMS_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    bbox_std_dev: _containers.RepeatedScalarFieldContainer[float]
    batch_size: int
    detection_max_instances: int
    detection_min_confidence: float
    detection_nms_threshold: float
    def __init__(self, bbox_std_dev: _Optional[_Iterable[float]] = ..., batch_size: _Optional[int] = ..., detection_max_instances: _Optional[int] = ..., detection_min_confidence: _Optional[float] = ..., detection_nms_threshold: _Optional[float] = ...) -> None: ...

class MaskRCNNProposalParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("rpn_bbox_std_dev", "batch_size", "images_per_gpu", "pre_nms_limit", "rpn_nms_threshold", "post_nms_rois_inference")
    RPN_BBOX_STD_DEV_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    IMAGES_PER_GPU_FIELD_NUMBER: _ClassVar[int]
    PRE_NMS_LIMIT_FIELD_NUMBER: _ClassVar[int]
    RPN_NMS_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    POST_NMS_ROIS_INFERENCE_FIELD_NUMBER: _ClassVar[int]
    rpn_bbox_std_dev: _containers.RepeatedScalarFieldContainer[float]
    batch_size: int
    images_per_gpu: int
    pre_nms_limit: int
    rpn_nms_threshold: float
    post_nms_rois_inference: int
    def __init__(self, rpn_bbox_std_dev: _Optional[_Iterable[float]] = ..., batch_size: _Optional[int] = ..., images_per_gpu: _Optional[int] = ..., pre_nms_limit: _Optional[int] = ..., rpn_nms_threshold: _Optional[float] = ..., post_nms_rois_inference: _Optional[int] = ...) -> None: ...

class Tensor2BoxParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_classes", "img_dim_h", "img_dim_w", "anchors_x", "anchors_y")
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    IMG_DIM_H_FIELD_NUMBER: _ClassVar[int]
    IMG_DIM_W_FIELD_NUMBER: _ClassVar[int]
    ANCHORS_X_FIELD_NUMBER: _ClassVar[int]
    ANCHORS_Y_FIELD_NUMBER: _ClassVar[int]
    num_classes: int
    img_dim_h: int
    img_dim_w: int
    anchors_x: _containers.RepeatedScalarFieldContainer[int]
    anchors_y: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, num_classes: _Optional[int] = ..., img_dim_h: _Optional[int] = ..., img_dim_w: _Optional[int] = ..., anchors_x: _Optional[_Iterable[int]] = ..., anchors_y: _Optional[_Iterable[int]] = ...) -> None: ...

class PointNetParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("n_sample_point", "radius")
    N_SAMPLE_POINT_FIELD_NUMBER: _ClassVar[int]
    RADIUS_FIELD_NUMBER: _ClassVar[int]
    n_sample_point: int
    radius: float
    def __init__(self, n_sample_point: _Optional[int] = ..., radius: _Optional[float] = ...) -> None: ...

class AccumParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("top_height", "top_width", "size_divisible_by", "have_reference")
    TOP_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    TOP_WIDTH_FIELD_NUMBER: _ClassVar[int]
    SIZE_DIVISIBLE_BY_FIELD_NUMBER: _ClassVar[int]
    HAVE_REFERENCE_FIELD_NUMBER: _ClassVar[int]
    top_height: int
    top_width: int
    size_divisible_by: int
    have_reference: bool
    def __init__(self, top_height: _Optional[int] = ..., top_width: _Optional[int] = ..., size_divisible_by: _Optional[int] = ..., have_reference: _Optional[bool] = ...) -> None: ...

class BlackAugmentationParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("black", "border")
    BLACK_FIELD_NUMBER: _ClassVar[int]
    BORDER_FIELD_NUMBER: _ClassVar[int]
    black: RandomGeneratorParameter
    border: RandomGeneratorParameter
    def __init__(self, black: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ..., border: _Optional[_Union[RandomGeneratorParameter, _Mapping[str, object]]] = ...) -> None: ...

class ReaderParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("file", "num")
    FILE_FIELD_NUMBER: _ClassVar[int]
    NUM_FIELD_NUMBER: _ClassVar[int]
    file: str
    num: int
    def __init__(self, file: _Optional[str] = ..., num: _Optional[int] = ...) -> None: ...

class Corr1dParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("stride", "num_of_shifts")
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    NUM_OF_SHIFTS_FIELD_NUMBER: _ClassVar[int]
    stride: int
    num_of_shifts: int
    def __init__(self, stride: _Optional[int] = ..., num_of_shifts: _Optional[int] = ...) -> None: ...

class MulParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("mul_shape",)
    MUL_SHAPE_FIELD_NUMBER: _ClassVar[int]
    mul_shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, mul_shape: _Optional[_Iterable[int]] = ...) -> None: ...

class NotEqualParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("comparand",)
    COMPARAND_FIELD_NUMBER: _ClassVar[int]
    comparand: float
    def __init__(self, comparand: _Optional[float] = ...) -> None: ...

class ReduceParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis", "keepdims")
    AXIS_FIELD_NUMBER: _ClassVar[int]
    KEEPDIMS_FIELD_NUMBER: _ClassVar[int]
    axis: _containers.RepeatedScalarFieldContainer[int]
    keepdims: bool
    def __init__(self, axis: _Optional[_Iterable[int]] = ..., keepdims: _Optional[bool] = ...) -> None: ...

class ReduceNormParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axes", "keepdims")
    AXES_FIELD_NUMBER: _ClassVar[int]
    KEEPDIMS_FIELD_NUMBER: _ClassVar[int]
    axes: _containers.RepeatedScalarFieldContainer[int]
    keepdims: int
    def __init__(self, axes: _Optional[_Iterable[int]] = ..., keepdims: _Optional[int] = ...) -> None: ...

class HardSigmoidParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("alpha", "beta")
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    BETA_FIELD_NUMBER: _ClassVar[int]
    alpha: float
    beta: float
    def __init__(self, alpha: _Optional[float] = ..., beta: _Optional[float] = ...) -> None: ...

class ScaledTanHParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("alpha", "beta")
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    BETA_FIELD_NUMBER: _ClassVar[int]
    alpha: float
    beta: float
    def __init__(self, alpha: _Optional[float] = ..., beta: _Optional[float] = ...) -> None: ...

class ThresholdedReLUParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("alpha",)
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    alpha: float
    def __init__(self, alpha: _Optional[float] = ...) -> None: ...

class LogSoftmaxParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis",)
    AXIS_FIELD_NUMBER: _ClassVar[int]
    axis: int
    def __init__(self, axis: _Optional[int] = ...) -> None: ...

class LpNormalizationParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis", "p")
    AXIS_FIELD_NUMBER: _ClassVar[int]
    P_FIELD_NUMBER: _ClassVar[int]
    axis: _containers.RepeatedScalarFieldContainer[int]
    p: int
    def __init__(self, axis: _Optional[_Iterable[int]] = ..., p: _Optional[int] = ...) -> None: ...

class LayerNormParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("eps", "elementwise_affine")
    EPS_FIELD_NUMBER: _ClassVar[int]
    ELEMENTWISE_AFFINE_FIELD_NUMBER: _ClassVar[int]
    eps: float
    elementwise_affine: bool
    def __init__(self, eps: _Optional[float] = ..., elementwise_affine: _Optional[bool] = ...) -> None: ...

class MatMulParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("transpose_a", "transpose_b", "blob_shape")
    TRANSPOSE_A_FIELD_NUMBER: _ClassVar[int]
    TRANSPOSE_B_FIELD_NUMBER: _ClassVar[int]
    BLOB_SHAPE_FIELD_NUMBER: _ClassVar[int]
    transpose_a: bool
    transpose_b: bool
    blob_shape: _containers.RepeatedScalarFieldContainer[int]
    def __init__(self, transpose_a: _Optional[bool] = ..., transpose_b: _Optional[bool] = ..., blob_shape: _Optional[_Iterable[int]] = ...) -> None: ...

class GemmParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("alpha", "beta", "transA", "transB")
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    BETA_FIELD_NUMBER: _ClassVar[int]
    TRANSA_FIELD_NUMBER: _ClassVar[int]
    TRANSB_FIELD_NUMBER: _ClassVar[int]
    alpha: float
    beta: float
    transA: int
    transB: int
    def __init__(self, alpha: _Optional[float] = ..., beta: _Optional[float] = ..., transA: _Optional[int] = ..., transB: _Optional[int] = ...) -> None: ...

class ReverseSequenceParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("seq_axis", "batch_axis")
    SEQ_AXIS_FIELD_NUMBER: _ClassVar[int]
    BATCH_AXIS_FIELD_NUMBER: _ClassVar[int]
    seq_axis: int
    batch_axis: int
    def __init__(self, seq_axis: _Optional[int] = ..., batch_axis: _Optional[int] = ...) -> None: ...

class ORNParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("orientations",)
    ORIENTATIONS_FIELD_NUMBER: _ClassVar[int]
    orientations: int
    def __init__(self, orientations: _Optional[int] = ...) -> None: ...

class RoiGenParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_class", "num_object", "num_coord", "prop_num", "softmax", "anchor_x", "anchor_y", "thresh", "net_w", "net_h")
    NUM_CLASS_FIELD_NUMBER: _ClassVar[int]
    NUM_OBJECT_FIELD_NUMBER: _ClassVar[int]
    NUM_COORD_FIELD_NUMBER: _ClassVar[int]
    PROP_NUM_FIELD_NUMBER: _ClassVar[int]
    SOFTMAX_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_X_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_Y_FIELD_NUMBER: _ClassVar[int]
    THRESH_FIELD_NUMBER: _ClassVar[int]
    NET_W_FIELD_NUMBER: _ClassVar[int]
    NET_H_FIELD_NUMBER: _ClassVar[int]
    num_class: int
    num_object: int
    num_coord: int
    prop_num: int
    softmax: bool
    anchor_x: _containers.RepeatedScalarFieldContainer[float]
    anchor_y: _containers.RepeatedScalarFieldContainer[float]
    thresh: float
    net_w: int
    net_h: int
    def __init__(self, num_class: _Optional[int] = ..., num_object: _Optional[int] = ..., num_coord: _Optional[int] = ..., prop_num: _Optional[int] = ..., softmax: _Optional[bool] = ..., anchor_x: _Optional[_Iterable[float]] = ..., anchor_y: _Optional[_Iterable[float]] = ..., thresh: _Optional[float] = ..., net_w: _Optional[int] = ..., net_h: _Optional[int] = ...) -> None: ...

class RegionProposalParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("feature_stride", "prenms_top", "nms_max_out", "anchor_ratio_count", "anchor_scale_count", "iou_threshold", "min_box_size", "anchor_ratio", "anchor_scale")
    FEATURE_STRIDE_FIELD_NUMBER: _ClassVar[int]
    PRENMS_TOP_FIELD_NUMBER: _ClassVar[int]
    NMS_MAX_OUT_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_RATIO_COUNT_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_SCALE_COUNT_FIELD_NUMBER: _ClassVar[int]
    IOU_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    MIN_BOX_SIZE_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_RATIO_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_SCALE_FIELD_NUMBER: _ClassVar[int]
    feature_stride: int
    prenms_top: int
    nms_max_out: int
    anchor_ratio_count: int
    anchor_scale_count: int
    iou_threshold: float
    min_box_size: float
    anchor_ratio: _containers.RepeatedScalarFieldContainer[float]
    anchor_scale: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, feature_stride: _Optional[int] = ..., prenms_top: _Optional[int] = ..., nms_max_out: _Optional[int] = ..., anchor_ratio_count: _Optional[int] = ..., anchor_scale_count: _Optional[int] = ..., iou_threshold: _Optional[float] = ..., min_box_size: _Optional[float] = ..., anchor_ratio: _Optional[_Iterable[float]] = ..., anchor_scale: _Optional[_Iterable[float]] = ...) -> None: ...

class QCodeConfig(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("il", "fl")
    IL_FIELD_NUMBER: _ClassVar[int]
    FL_FIELD_NUMBER: _ClassVar[int]
    il: int
    fl: int
    def __init__(self, il: _Optional[int] = ..., fl: _Optional[int] = ...) -> None: ...

class PushinParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pushin_ratio",)
    PUSHIN_RATIO_FIELD_NUMBER: _ClassVar[int]
    pushin_ratio: float
    def __init__(self, pushin_ratio: _Optional[float] = ...) -> None: ...

class ReverseTimeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("copy_remaining",)
    COPY_REMAINING_FIELD_NUMBER: _ClassVar[int]
    copy_remaining: bool
    def __init__(self, copy_remaining: _Optional[bool] = ...) -> None: ...

class SpatialSoftmaxParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("engine", "temperature")
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[SpatialSoftmaxParameter.Engine]
        CAFFE: _ClassVar[SpatialSoftmaxParameter.Engine]
        CUDNN: _ClassVar[SpatialSoftmaxParameter.Engine]
    DEFAULT: SpatialSoftmaxParameter.Engine
    CAFFE: SpatialSoftmaxParameter.Engine
    CUDNN: SpatialSoftmaxParameter.Engine
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    engine: SpatialSoftmaxParameter.Engine
    temperature: float
    def __init__(self, engine: _Optional[_Union[SpatialSoftmaxParameter.Engine, str]] = ..., temperature: _Optional[float] = ...) -> None: ...

class GaussianAttentionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("engine", "sigma")
    class Engine(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        DEFAULT: _ClassVar[GaussianAttentionParameter.Engine]
        CAFFE: _ClassVar[GaussianAttentionParameter.Engine]
        CUDNN: _ClassVar[GaussianAttentionParameter.Engine]
    DEFAULT: GaussianAttentionParameter.Engine
    CAFFE: GaussianAttentionParameter.Engine
    CUDNN: GaussianAttentionParameter.Engine
    ENGINE_FIELD_NUMBER: _ClassVar[int]
    SIGMA_FIELD_NUMBER: _ClassVar[int]
    engine: GaussianAttentionParameter.Engine
    sigma: float
    def __init__(self, engine: _Optional[_Union[GaussianAttentionParameter.Engine, str]] = ..., sigma: _Optional[float] = ...) -> None: ...

class ReLUXParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("negative_slope", "maximal_value")
    NEGATIVE_SLOPE_FIELD_NUMBER: _ClassVar[int]
    MAXIMAL_VALUE_FIELD_NUMBER: _ClassVar[int]
    negative_slope: float
    maximal_value: float
    def __init__(self, negative_slope: _Optional[float] = ..., maximal_value: _Optional[float] = ...) -> None: ...

class RepackParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("operation", "stride", "stride_h", "stride_w")
    class Operation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        PACK_IMAGE: _ClassVar[RepackParameter.Operation]
        UNPACK_IMAGE: _ClassVar[RepackParameter.Operation]
    PACK_IMAGE: RepackParameter.Operation
    UNPACK_IMAGE: RepackParameter.Operation
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    STRIDE_H_FIELD_NUMBER: _ClassVar[int]
    STRIDE_W_FIELD_NUMBER: _ClassVar[int]
    operation: RepackParameter.Operation
    stride: int
    stride_h: int
    stride_w: int
    def __init__(self, operation: _Optional[_Union[RepackParameter.Operation, str]] = ..., stride: _Optional[int] = ..., stride_h: _Optional[int] = ..., stride_w: _Optional[int] = ...) -> None: ...

class DeformablePSROIPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("spatial_scale", "output_dim", "group_size", "pooled_size", "part_size", "sample_per_part", "trans_std", "no_trans")
    SPATIAL_SCALE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_DIM_FIELD_NUMBER: _ClassVar[int]
    GROUP_SIZE_FIELD_NUMBER: _ClassVar[int]
    POOLED_SIZE_FIELD_NUMBER: _ClassVar[int]
    PART_SIZE_FIELD_NUMBER: _ClassVar[int]
    SAMPLE_PER_PART_FIELD_NUMBER: _ClassVar[int]
    TRANS_STD_FIELD_NUMBER: _ClassVar[int]
    NO_TRANS_FIELD_NUMBER: _ClassVar[int]
    spatial_scale: float
    output_dim: int
    group_size: int
    pooled_size: int
    part_size: int
    sample_per_part: int
    trans_std: float
    no_trans: bool
    def __init__(self, spatial_scale: _Optional[float] = ..., output_dim: _Optional[int] = ..., group_size: _Optional[int] = ..., pooled_size: _Optional[int] = ..., part_size: _Optional[int] = ..., sample_per_part: _Optional[int] = ..., trans_std: _Optional[float] = ..., no_trans: _Optional[bool] = ...) -> None: ...

class GeneralHingeLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("norm", "display", "ignore_label")
    class Norm(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        L1: _ClassVar[GeneralHingeLossParameter.Norm]
        L2: _ClassVar[GeneralHingeLossParameter.Norm]
    L1: GeneralHingeLossParameter.Norm
    L2: GeneralHingeLossParameter.Norm
    NORM_FIELD_NUMBER: _ClassVar[int]
    DISPLAY_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    norm: GeneralHingeLossParameter.Norm
    display: int
    ignore_label: int
    def __init__(self, norm: _Optional[_Union[GeneralHingeLossParameter.Norm, str]] = ..., display: _Optional[int] = ..., ignore_label: _Optional[int] = ...) -> None: ...

class LogSumExpParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("r",)
    R_FIELD_NUMBER: _ClassVar[int]
    r: float
    def __init__(self, r: _Optional[float] = ...) -> None: ...

class SoftmaxTemperatureParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("temperature", "is_append")
    TEMPERATURE_FIELD_NUMBER: _ClassVar[int]
    IS_APPEND_FIELD_NUMBER: _ClassVar[int]
    temperature: float
    is_append: bool
    def __init__(self, temperature: _Optional[float] = ..., is_append: _Optional[bool] = ...) -> None: ...

class FPNProposalParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("feat_strides", "anchor_scales", "anchor_ratios")
    FEAT_STRIDES_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_SCALES_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_RATIOS_FIELD_NUMBER: _ClassVar[int]
    feat_strides: _containers.RepeatedScalarFieldContainer[int]
    anchor_scales: _containers.RepeatedScalarFieldContainer[int]
    anchor_ratios: _containers.RepeatedScalarFieldContainer[float]
    def __init__(self, feat_strides: _Optional[_Iterable[int]] = ..., anchor_scales: _Optional[_Iterable[int]] = ..., anchor_ratios: _Optional[_Iterable[float]] = ...) -> None: ...

class ModuleParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("module", "type", "creator_symbol", "deleter_symbol", "param_str")
    MODULE_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    CREATOR_SYMBOL_FIELD_NUMBER: _ClassVar[int]
    DELETER_SYMBOL_FIELD_NUMBER: _ClassVar[int]
    PARAM_STR_FIELD_NUMBER: _ClassVar[int]
    module: str
    type: str
    creator_symbol: str
    deleter_symbol: str
    param_str: str
    def __init__(self, module: _Optional[str] = ..., type: _Optional[str] = ..., creator_symbol: _Optional[str] = ..., deleter_symbol: _Optional[str] = ..., param_str: _Optional[str] = ...) -> None: ...

class ROIPadingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pad_ratio",)
    PAD_RATIO_FIELD_NUMBER: _ClassVar[int]
    pad_ratio: float
    def __init__(self, pad_ratio: _Optional[float] = ...) -> None: ...

class P2SLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("margin1", "margin2", "margin3", "weight", "num_positive", "num_negative", "choose_positive", "alpha", "beta", "eta")
    MARGIN1_FIELD_NUMBER: _ClassVar[int]
    MARGIN2_FIELD_NUMBER: _ClassVar[int]
    MARGIN3_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    NUM_POSITIVE_FIELD_NUMBER: _ClassVar[int]
    NUM_NEGATIVE_FIELD_NUMBER: _ClassVar[int]
    CHOOSE_POSITIVE_FIELD_NUMBER: _ClassVar[int]
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    BETA_FIELD_NUMBER: _ClassVar[int]
    ETA_FIELD_NUMBER: _ClassVar[int]
    margin1: float
    margin2: float
    margin3: float
    weight: float
    num_positive: int
    num_negative: int
    choose_positive: int
    alpha: float
    beta: float
    eta: float
    def __init__(self, margin1: _Optional[float] = ..., margin2: _Optional[float] = ..., margin3: _Optional[float] = ..., weight: _Optional[float] = ..., num_positive: _Optional[int] = ..., num_negative: _Optional[int] = ..., choose_positive: _Optional[int] = ..., alpha: _Optional[float] = ..., beta: _Optional[float] = ..., eta: _Optional[float] = ...) -> None: ...

class CharbonnierLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("alpha", "epsilon", "beta")
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    EPSILON_FIELD_NUMBER: _ClassVar[int]
    BETA_FIELD_NUMBER: _ClassVar[int]
    alpha: float
    epsilon: float
    beta: float
    def __init__(self, alpha: _Optional[float] = ..., epsilon: _Optional[float] = ..., beta: _Optional[float] = ...) -> None: ...

class SSIMLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("kernel_size", "stride", "c1", "c2")
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    C1_FIELD_NUMBER: _ClassVar[int]
    C2_FIELD_NUMBER: _ClassVar[int]
    kernel_size: int
    stride: int
    c1: float
    c2: float
    def __init__(self, kernel_size: _Optional[int] = ..., stride: _Optional[int] = ..., c1: _Optional[float] = ..., c2: _Optional[float] = ...) -> None: ...

class YoloV2LossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("anchors", "side", "num_classes", "num_object", "box_scale", "class_scale", "noobject_scale", "object_scale", "rescore", "constraint", "thresh")
    ANCHORS_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    NUM_OBJECT_FIELD_NUMBER: _ClassVar[int]
    BOX_SCALE_FIELD_NUMBER: _ClassVar[int]
    CLASS_SCALE_FIELD_NUMBER: _ClassVar[int]
    NOOBJECT_SCALE_FIELD_NUMBER: _ClassVar[int]
    OBJECT_SCALE_FIELD_NUMBER: _ClassVar[int]
    RESCORE_FIELD_NUMBER: _ClassVar[int]
    CONSTRAINT_FIELD_NUMBER: _ClassVar[int]
    THRESH_FIELD_NUMBER: _ClassVar[int]
    anchors: _containers.RepeatedScalarFieldContainer[float]
    side: int
    num_classes: int
    num_object: int
    box_scale: float
    class_scale: float
    noobject_scale: float
    object_scale: float
    rescore: bool
    constraint: bool
    thresh: float
    def __init__(self, anchors: _Optional[_Iterable[float]] = ..., side: _Optional[int] = ..., num_classes: _Optional[int] = ..., num_object: _Optional[int] = ..., box_scale: _Optional[float] = ..., class_scale: _Optional[float] = ..., noobject_scale: _Optional[float] = ..., object_scale: _Optional[float] = ..., rescore: _Optional[bool] = ..., constraint: _Optional[bool] = ..., thresh: _Optional[float] = ...) -> None: ...

class YoloV3LossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("anchors", "mask", "side", "num_classes", "num_object", "total_object", "ignore_thresh", "truth_thresh", "net_w", "net_h")
    ANCHORS_FIELD_NUMBER: _ClassVar[int]
    MASK_FIELD_NUMBER: _ClassVar[int]
    SIDE_FIELD_NUMBER: _ClassVar[int]
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    NUM_OBJECT_FIELD_NUMBER: _ClassVar[int]
    TOTAL_OBJECT_FIELD_NUMBER: _ClassVar[int]
    IGNORE_THRESH_FIELD_NUMBER: _ClassVar[int]
    TRUTH_THRESH_FIELD_NUMBER: _ClassVar[int]
    NET_W_FIELD_NUMBER: _ClassVar[int]
    NET_H_FIELD_NUMBER: _ClassVar[int]
    anchors: _containers.RepeatedScalarFieldContainer[int]
    mask: _containers.RepeatedScalarFieldContainer[int]
    side: int
    num_classes: int
    num_object: int
    total_object: int
    ignore_thresh: float
    truth_thresh: float
    net_w: int
    net_h: int
    def __init__(self, anchors: _Optional[_Iterable[int]] = ..., mask: _Optional[_Iterable[int]] = ..., side: _Optional[int] = ..., num_classes: _Optional[int] = ..., num_object: _Optional[int] = ..., total_object: _Optional[int] = ..., ignore_thresh: _Optional[float] = ..., truth_thresh: _Optional[float] = ..., net_w: _Optional[int] = ..., net_h: _Optional[int] = ...) -> None: ...

class YoloLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_class", "num_object", "num_coord", "object_scale", "noobject_scale", "class_scale", "coord_scale", "anchor_x", "anchor_y", "mask", "anchor_mask", "ignore_thresh", "truth_thresh", "net_w", "net_h", "ignore_w", "ignore_h", "with_mask", "mask_w", "mask_h", "with_rcnn", "grid_side", "classes", "bbox_count", "sqrt", "rescore")
    NUM_CLASS_FIELD_NUMBER: _ClassVar[int]
    NUM_OBJECT_FIELD_NUMBER: _ClassVar[int]
    NUM_COORD_FIELD_NUMBER: _ClassVar[int]
    OBJECT_SCALE_FIELD_NUMBER: _ClassVar[int]
    NOOBJECT_SCALE_FIELD_NUMBER: _ClassVar[int]
    CLASS_SCALE_FIELD_NUMBER: _ClassVar[int]
    COORD_SCALE_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_X_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_Y_FIELD_NUMBER: _ClassVar[int]
    MASK_FIELD_NUMBER: _ClassVar[int]
    ANCHOR_MASK_FIELD_NUMBER: _ClassVar[int]
    IGNORE_THRESH_FIELD_NUMBER: _ClassVar[int]
    TRUTH_THRESH_FIELD_NUMBER: _ClassVar[int]
    NET_W_FIELD_NUMBER: _ClassVar[int]
    NET_H_FIELD_NUMBER: _ClassVar[int]
    IGNORE_W_FIELD_NUMBER: _ClassVar[int]
    IGNORE_H_FIELD_NUMBER: _ClassVar[int]
    WITH_MASK_FIELD_NUMBER: _ClassVar[int]
    MASK_W_FIELD_NUMBER: _ClassVar[int]
    MASK_H_FIELD_NUMBER: _ClassVar[int]
    WITH_RCNN_FIELD_NUMBER: _ClassVar[int]
    GRID_SIDE_FIELD_NUMBER: _ClassVar[int]
    CLASSES_FIELD_NUMBER: _ClassVar[int]
    BBOX_COUNT_FIELD_NUMBER: _ClassVar[int]
    SQRT_FIELD_NUMBER: _ClassVar[int]
    RESCORE_FIELD_NUMBER: _ClassVar[int]
    num_class: int
    num_object: int
    num_coord: int
    object_scale: float
    noobject_scale: float
    class_scale: float
    coord_scale: float
    anchor_x: _containers.RepeatedScalarFieldContainer[float]
    anchor_y: _containers.RepeatedScalarFieldContainer[float]
    mask: _containers.RepeatedScalarFieldContainer[int]
    anchor_mask: bool
    ignore_thresh: float
    truth_thresh: float
    net_w: int
    net_h: int
    ignore_w: float
    ignore_h: float
    with_mask: bool
    mask_w: int
    mask_h: int
    with_rcnn: bool
    grid_side: int
    classes: int
    bbox_count: int
    sqrt: bool
    rescore: bool
    def __init__(self, num_class: _Optional[int] = ..., num_object: _Optional[int] = ..., num_coord: _Optional[int] = ..., object_scale: _Optional[float] = ..., noobject_scale: _Optional[float] = ..., class_scale: _Optional[float] = ..., coord_scale: _Optional[float] = ..., anchor_x: _Optional[_Iterable[float]] = ..., anchor_y: _Optional[_Iterable[float]] = ..., mask: _Optional[_Iterable[int]] = ..., anchor_mask: _Optional[bool] = ..., ignore_thresh: _Optional[float] = ..., truth_thresh: _Optional[float] = ..., net_w: _Optional[int] = ..., net_h: _Optional[int] = ..., ignore_w: _Optional[float] = ..., ignore_h: _Optional[float] = ..., with_mask: _Optional[bool] = ..., mask_w: _Optional[int] = ..., mask_h: _Optional[int] = ..., with_rcnn: _Optional[bool] = ..., grid_side: _Optional[int] = ..., classes: _Optional[int] = ..., bbox_count: _Optional[int] = ..., sqrt: _Optional[bool] = ..., rescore: _Optional[bool] = ...) -> None: ...

class CosinAddmParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("m", "transform_test")
    M_FIELD_NUMBER: _ClassVar[int]
    TRANSFORM_TEST_FIELD_NUMBER: _ClassVar[int]
    m: float
    transform_test: bool
    def __init__(self, m: _Optional[float] = ..., transform_test: _Optional[bool] = ...) -> None: ...

class AdaCosAddmScaleParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("m", "num_classes", "transform_test")
    M_FIELD_NUMBER: _ClassVar[int]
    NUM_CLASSES_FIELD_NUMBER: _ClassVar[int]
    TRANSFORM_TEST_FIELD_NUMBER: _ClassVar[int]
    m: float
    num_classes: float
    transform_test: bool
    def __init__(self, m: _Optional[float] = ..., num_classes: _Optional[float] = ..., transform_test: _Optional[bool] = ...) -> None: ...

class AllPassParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("key",)
    KEY_FIELD_NUMBER: _ClassVar[int]
    key: float
    def __init__(self, key: _Optional[float] = ...) -> None: ...

class NNInterpParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("height", "width", "zoom_factor", "shrink_factor")
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    ZOOM_FACTOR_FIELD_NUMBER: _ClassVar[int]
    SHRINK_FACTOR_FIELD_NUMBER: _ClassVar[int]
    height: int
    width: int
    zoom_factor: int
    shrink_factor: int
    def __init__(self, height: _Optional[int] = ..., width: _Optional[int] = ..., zoom_factor: _Optional[int] = ..., shrink_factor: _Optional[int] = ...) -> None: ...

class SetLoss2Parameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("alpha",)
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    alpha: float
    def __init__(self, alpha: _Optional[float] = ...) -> None: ...

class KernelLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("sigma_sq",)
    SIGMA_SQ_FIELD_NUMBER: _ClassVar[int]
    sigma_sq: float
    def __init__(self, sigma_sq: _Optional[float] = ...) -> None: ...

class OrdinalRegressionParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("k", "weight_file")
    K_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILE_FIELD_NUMBER: _ClassVar[int]
    k: int
    weight_file: str
    def __init__(self, k: _Optional[int] = ..., weight_file: _Optional[str] = ...) -> None: ...

class EliwiseProductParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("bias_term", "weight_filler", "bias_filler", "axis")
    BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    bias_term: bool
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    axis: int
    def __init__(self, bias_term: _Optional[bool] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., axis: _Optional[int] = ...) -> None: ...

class JMMDParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("kernel_num", "sigma", "label_kernel_mode", "label_kernel_mul", "label_kernel_num", "kernel_mul", "fix_gamma", "auto_sigma", "label_back_propagate")
    class LabelKernelMode(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        ONE_OF_K_RBF: _ClassVar[JMMDParameter.LabelKernelMode]
        IDENTIFY: _ClassVar[JMMDParameter.LabelKernelMode]
        PROB_RBF: _ClassVar[JMMDParameter.LabelKernelMode]
    ONE_OF_K_RBF: JMMDParameter.LabelKernelMode
    IDENTIFY: JMMDParameter.LabelKernelMode
    PROB_RBF: JMMDParameter.LabelKernelMode
    KERNEL_NUM_FIELD_NUMBER: _ClassVar[int]
    SIGMA_FIELD_NUMBER: _ClassVar[int]
    LABEL_KERNEL_MODE_FIELD_NUMBER: _ClassVar[int]
    LABEL_KERNEL_MUL_FIELD_NUMBER: _ClassVar[int]
    LABEL_KERNEL_NUM_FIELD_NUMBER: _ClassVar[int]
    KERNEL_MUL_FIELD_NUMBER: _ClassVar[int]
    FIX_GAMMA_FIELD_NUMBER: _ClassVar[int]
    AUTO_SIGMA_FIELD_NUMBER: _ClassVar[int]
    LABEL_BACK_PROPAGATE_FIELD_NUMBER: _ClassVar[int]
    kernel_num: int
    sigma: float
    label_kernel_mode: JMMDParameter.LabelKernelMode
    label_kernel_mul: float
    label_kernel_num: int
    kernel_mul: float
    fix_gamma: bool
    auto_sigma: bool
    label_back_propagate: bool
    def __init__(self, kernel_num: _Optional[int] = ..., sigma: _Optional[float] = ..., label_kernel_mode: _Optional[_Union[JMMDParameter.LabelKernelMode, str]] = ..., label_kernel_mul: _Optional[float] = ..., label_kernel_num: _Optional[int] = ..., kernel_mul: _Optional[float] = ..., fix_gamma: _Optional[bool] = ..., auto_sigma: _Optional[bool] = ..., label_back_propagate: _Optional[bool] = ...) -> None: ...

class SmoothPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("has_smooth_blobs", "smooth_filler", "z", "unique_smooth", "max_value", "fix_smooth")
    HAS_SMOOTH_BLOBS_FIELD_NUMBER: _ClassVar[int]
    SMOOTH_FILLER_FIELD_NUMBER: _ClassVar[int]
    Z_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_SMOOTH_FIELD_NUMBER: _ClassVar[int]
    MAX_VALUE_FIELD_NUMBER: _ClassVar[int]
    FIX_SMOOTH_FIELD_NUMBER: _ClassVar[int]
    has_smooth_blobs: bool
    smooth_filler: FillerParameter
    z: float
    unique_smooth: bool
    max_value: float
    fix_smooth: bool
    def __init__(self, has_smooth_blobs: _Optional[bool] = ..., smooth_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., z: _Optional[float] = ..., unique_smooth: _Optional[bool] = ..., max_value: _Optional[float] = ..., fix_smooth: _Optional[bool] = ...) -> None: ...

class HardMiningParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_roi_per_image", "num_image")
    NUM_ROI_PER_IMAGE_FIELD_NUMBER: _ClassVar[int]
    NUM_IMAGE_FIELD_NUMBER: _ClassVar[int]
    num_roi_per_image: int
    num_image: int
    def __init__(self, num_roi_per_image: _Optional[int] = ..., num_image: _Optional[int] = ...) -> None: ...

class FastFoodParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "bias_term", "s_filler", "g_filler", "b_filler", "bias_filler", "axis")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    BIAS_TERM_FIELD_NUMBER: _ClassVar[int]
    S_FILLER_FIELD_NUMBER: _ClassVar[int]
    G_FILLER_FIELD_NUMBER: _ClassVar[int]
    B_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    bias_term: bool
    s_filler: FillerParameter
    g_filler: FillerParameter
    b_filler: FillerParameter
    bias_filler: FillerParameter
    axis: int
    def __init__(self, num_output: _Optional[int] = ..., bias_term: _Optional[bool] = ..., s_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., g_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., b_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., axis: _Optional[int] = ...) -> None: ...

class SelectBinaryParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("random_select", "num_class", "background_label_id", "use_difficult_gt", "ignore_label", "random_instance")
    RANDOM_SELECT_FIELD_NUMBER: _ClassVar[int]
    NUM_CLASS_FIELD_NUMBER: _ClassVar[int]
    BACKGROUND_LABEL_ID_FIELD_NUMBER: _ClassVar[int]
    USE_DIFFICULT_GT_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    RANDOM_INSTANCE_FIELD_NUMBER: _ClassVar[int]
    random_select: bool
    num_class: int
    background_label_id: int
    use_difficult_gt: bool
    ignore_label: int
    random_instance: bool
    def __init__(self, random_select: _Optional[bool] = ..., num_class: _Optional[int] = ..., background_label_id: _Optional[int] = ..., use_difficult_gt: _Optional[bool] = ..., ignore_label: _Optional[int] = ..., random_instance: _Optional[bool] = ...) -> None: ...

class CropBBoxParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("background_label_id", "use_difficult_gt", "is_crop_score_map", "is_crop_all", "is_crop_cls")
    BACKGROUND_LABEL_ID_FIELD_NUMBER: _ClassVar[int]
    USE_DIFFICULT_GT_FIELD_NUMBER: _ClassVar[int]
    IS_CROP_SCORE_MAP_FIELD_NUMBER: _ClassVar[int]
    IS_CROP_ALL_FIELD_NUMBER: _ClassVar[int]
    IS_CROP_CLS_FIELD_NUMBER: _ClassVar[int]
    background_label_id: int
    use_difficult_gt: bool
    is_crop_score_map: bool
    is_crop_all: bool
    is_crop_cls: bool
    def __init__(self, background_label_id: _Optional[int] = ..., use_difficult_gt: _Optional[bool] = ..., is_crop_score_map: _Optional[bool] = ..., is_crop_all: _Optional[bool] = ..., is_crop_cls: _Optional[bool] = ...) -> None: ...

class GenerateClsVectorParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_class", "batch_size", "background_label_id")
    NUM_CLASS_FIELD_NUMBER: _ClassVar[int]
    BATCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    BACKGROUND_LABEL_ID_FIELD_NUMBER: _ClassVar[int]
    num_class: int
    batch_size: int
    background_label_id: int
    def __init__(self, num_class: _Optional[int] = ..., batch_size: _Optional[int] = ..., background_label_id: _Optional[int] = ...) -> None: ...

class MLQuantParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("groups", "method")
    class MLQuantMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        SINGLE: _ClassVar[MLQuantParameter.MLQuantMethod]
        NEIGHBOR: _ClassVar[MLQuantParameter.MLQuantMethod]
    SINGLE: MLQuantParameter.MLQuantMethod
    NEIGHBOR: MLQuantParameter.MLQuantMethod
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    groups: int
    method: MLQuantParameter.MLQuantMethod
    def __init__(self, groups: _Optional[int] = ..., method: _Optional[_Union[MLQuantParameter.MLQuantMethod, str]] = ...) -> None: ...

class MTransposeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("groups", "inverse", "width", "height", "channel")
    GROUPS_FIELD_NUMBER: _ClassVar[int]
    INVERSE_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    CHANNEL_FIELD_NUMBER: _ClassVar[int]
    groups: int
    inverse: bool
    width: int
    height: int
    channel: int
    def __init__(self, groups: _Optional[int] = ..., inverse: _Optional[bool] = ..., width: _Optional[int] = ..., height: _Optional[int] = ..., channel: _Optional[int] = ...) -> None: ...

class LotParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("slope", "method")
    class LotMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        L1: _ClassVar[LotParameter.LotMethod]
        L2: _ClassVar[LotParameter.LotMethod]
        PSNR: _ClassVar[LotParameter.LotMethod]
    L1: LotParameter.LotMethod
    L2: LotParameter.LotMethod
    PSNR: LotParameter.LotMethod
    SLOPE_FIELD_NUMBER: _ClassVar[int]
    METHOD_FIELD_NUMBER: _ClassVar[int]
    slope: float
    method: LotParameter.LotMethod
    def __init__(self, slope: _Optional[float] = ..., method: _Optional[_Union[LotParameter.LotMethod, str]] = ...) -> None: ...

class DecoderParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("nchannels", "total_region", "extract_label")
    NCHANNELS_FIELD_NUMBER: _ClassVar[int]
    TOTAL_REGION_FIELD_NUMBER: _ClassVar[int]
    EXTRACT_LABEL_FIELD_NUMBER: _ClassVar[int]
    nchannels: int
    total_region: int
    extract_label: bool
    def __init__(self, nchannels: _Optional[int] = ..., total_region: _Optional[int] = ..., extract_label: _Optional[bool] = ...) -> None: ...

class MeanLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("method",)
    class LossMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        LONE: _ClassVar[MeanLossParameter.LossMethod]
        LTWO: _ClassVar[MeanLossParameter.LossMethod]
    LONE: MeanLossParameter.LossMethod
    LTWO: MeanLossParameter.LossMethod
    METHOD_FIELD_NUMBER: _ClassVar[int]
    method: MeanLossParameter.LossMethod
    def __init__(self, method: _Optional[_Union[MeanLossParameter.LossMethod, str]] = ...) -> None: ...

class RankParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("neg_num", "pair_size", "hard_ratio", "rand_ratio", "margin")
    NEG_NUM_FIELD_NUMBER: _ClassVar[int]
    PAIR_SIZE_FIELD_NUMBER: _ClassVar[int]
    HARD_RATIO_FIELD_NUMBER: _ClassVar[int]
    RAND_RATIO_FIELD_NUMBER: _ClassVar[int]
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    neg_num: int
    pair_size: int
    hard_ratio: float
    rand_ratio: float
    margin: float
    def __init__(self, neg_num: _Optional[int] = ..., pair_size: _Optional[int] = ..., hard_ratio: _Optional[float] = ..., rand_ratio: _Optional[float] = ..., margin: _Optional[float] = ...) -> None: ...

class LiftedStructSimilaritySoftmaxLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("margin",)
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    margin: float
    def __init__(self, margin: _Optional[float] = ...) -> None: ...

class HSROIPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("spatial_scale", "output_dim", "output_height")
    SPATIAL_SCALE_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_DIM_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    spatial_scale: float
    output_dim: int
    output_height: int
    def __init__(self, spatial_scale: _Optional[float] = ..., output_dim: _Optional[int] = ..., output_height: _Optional[int] = ...) -> None: ...

class GRIDPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pooled_h", "pooled_w")
    POOLED_H_FIELD_NUMBER: _ClassVar[int]
    POOLED_W_FIELD_NUMBER: _ClassVar[int]
    pooled_h: int
    pooled_w: int
    def __init__(self, pooled_h: _Optional[int] = ..., pooled_w: _Optional[int] = ...) -> None: ...

class STLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("output_H", "output_W")
    OUTPUT_H_FIELD_NUMBER: _ClassVar[int]
    OUTPUT_W_FIELD_NUMBER: _ClassVar[int]
    output_H: int
    output_W: int
    def __init__(self, output_H: _Optional[int] = ..., output_W: _Optional[int] = ...) -> None: ...

class LocLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("threshold",)
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    threshold: float
    def __init__(self, threshold: _Optional[float] = ...) -> None: ...

class LpqLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("pq_episode_starts_at_iter", "p", "q", "p_epsilon", "q_epsilon", "l2_prescale_by_channels", "normalize_by_num_entries")
    PQ_EPISODE_STARTS_AT_ITER_FIELD_NUMBER: _ClassVar[int]
    P_FIELD_NUMBER: _ClassVar[int]
    Q_FIELD_NUMBER: _ClassVar[int]
    P_EPSILON_FIELD_NUMBER: _ClassVar[int]
    Q_EPSILON_FIELD_NUMBER: _ClassVar[int]
    L2_PRESCALE_BY_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    NORMALIZE_BY_NUM_ENTRIES_FIELD_NUMBER: _ClassVar[int]
    pq_episode_starts_at_iter: _containers.RepeatedScalarFieldContainer[int]
    p: _containers.RepeatedScalarFieldContainer[float]
    q: _containers.RepeatedScalarFieldContainer[float]
    p_epsilon: float
    q_epsilon: float
    l2_prescale_by_channels: bool
    normalize_by_num_entries: bool
    def __init__(self, pq_episode_starts_at_iter: _Optional[_Iterable[int]] = ..., p: _Optional[_Iterable[float]] = ..., q: _Optional[_Iterable[float]] = ..., p_epsilon: _Optional[float] = ..., q_epsilon: _Optional[float] = ..., l2_prescale_by_channels: _Optional[bool] = ..., normalize_by_num_entries: _Optional[bool] = ...) -> None: ...

class NormConvMeanfieldParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_iterations", "kernel_size", "pad", "dilation", "scale", "remove_center", "remove_bounds")
    NUM_ITERATIONS_FIELD_NUMBER: _ClassVar[int]
    KERNEL_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAD_FIELD_NUMBER: _ClassVar[int]
    DILATION_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    REMOVE_CENTER_FIELD_NUMBER: _ClassVar[int]
    REMOVE_BOUNDS_FIELD_NUMBER: _ClassVar[int]
    num_iterations: int
    kernel_size: _containers.RepeatedScalarFieldContainer[int]
    pad: _containers.RepeatedScalarFieldContainer[int]
    dilation: _containers.RepeatedScalarFieldContainer[int]
    scale: _containers.RepeatedScalarFieldContainer[float]
    remove_center: _containers.RepeatedScalarFieldContainer[bool]
    remove_bounds: _containers.RepeatedScalarFieldContainer[bool]
    def __init__(self, num_iterations: _Optional[int] = ..., kernel_size: _Optional[_Iterable[int]] = ..., pad: _Optional[_Iterable[int]] = ..., dilation: _Optional[_Iterable[int]] = ..., scale: _Optional[_Iterable[float]] = ..., remove_center: _Optional[_Iterable[bool]] = ..., remove_bounds: _Optional[_Iterable[bool]] = ...) -> None: ...

class ChannelReduceParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_channels", "operation")
    class Op(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        SUM: _ClassVar[ChannelReduceParameter.Op]
        MAX: _ClassVar[ChannelReduceParameter.Op]
    SUM: ChannelReduceParameter.Op
    MAX: ChannelReduceParameter.Op
    NUM_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    OPERATION_FIELD_NUMBER: _ClassVar[int]
    num_channels: int
    operation: ChannelReduceParameter.Op
    def __init__(self, num_channels: _Optional[int] = ..., operation: _Optional[_Union[ChannelReduceParameter.Op, str]] = ...) -> None: ...

class RandomMaclaurinParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_output", "epoch_size", "std1", "std2", "distribution_type", "a1", "b1", "a2", "b2")
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    EPOCH_SIZE_FIELD_NUMBER: _ClassVar[int]
    STD1_FIELD_NUMBER: _ClassVar[int]
    STD2_FIELD_NUMBER: _ClassVar[int]
    DISTRIBUTION_TYPE_FIELD_NUMBER: _ClassVar[int]
    A1_FIELD_NUMBER: _ClassVar[int]
    B1_FIELD_NUMBER: _ClassVar[int]
    A2_FIELD_NUMBER: _ClassVar[int]
    B2_FIELD_NUMBER: _ClassVar[int]
    num_output: int
    epoch_size: int
    std1: float
    std2: float
    distribution_type: str
    a1: float
    b1: float
    a2: float
    b2: float
    def __init__(self, num_output: _Optional[int] = ..., epoch_size: _Optional[int] = ..., std1: _Optional[float] = ..., std2: _Optional[float] = ..., distribution_type: _Optional[str] = ..., a1: _Optional[float] = ..., b1: _Optional[float] = ..., a2: _Optional[float] = ..., b2: _Optional[float] = ...) -> None: ...

class AUMaskBasedLandParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("img_size", "spatial_ratio", "spatial_scale", "fill_type", "fill_coeff", "fill_value")
    IMG_SIZE_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_RATIO_FIELD_NUMBER: _ClassVar[int]
    SPATIAL_SCALE_FIELD_NUMBER: _ClassVar[int]
    FILL_TYPE_FIELD_NUMBER: _ClassVar[int]
    FILL_COEFF_FIELD_NUMBER: _ClassVar[int]
    FILL_VALUE_FIELD_NUMBER: _ClassVar[int]
    img_size: int
    spatial_ratio: float
    spatial_scale: float
    fill_type: str
    fill_coeff: float
    fill_value: float
    def __init__(self, img_size: _Optional[int] = ..., spatial_ratio: _Optional[float] = ..., spatial_scale: _Optional[float] = ..., fill_type: _Optional[str] = ..., fill_coeff: _Optional[float] = ..., fill_value: _Optional[float] = ...) -> None: ...

class CrossEntropyLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("display", "ignore_label", "ignore_value", "class_num")
    DISPLAY_FIELD_NUMBER: _ClassVar[int]
    IGNORE_LABEL_FIELD_NUMBER: _ClassVar[int]
    IGNORE_VALUE_FIELD_NUMBER: _ClassVar[int]
    CLASS_NUM_FIELD_NUMBER: _ClassVar[int]
    display: int
    ignore_label: int
    ignore_value: int
    class_num: int
    def __init__(self, display: _Optional[int] = ..., ignore_label: _Optional[int] = ..., ignore_value: _Optional[int] = ..., class_num: _Optional[int] = ...) -> None: ...

class SoftmaxCrossEntropyLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("weights", "zero_channel", "random_zero")
    WEIGHTS_FIELD_NUMBER: _ClassVar[int]
    ZERO_CHANNEL_FIELD_NUMBER: _ClassVar[int]
    RANDOM_ZERO_FIELD_NUMBER: _ClassVar[int]
    weights: _containers.RepeatedScalarFieldContainer[float]
    zero_channel: int
    random_zero: bool
    def __init__(self, weights: _Optional[_Iterable[float]] = ..., zero_channel: _Optional[int] = ..., random_zero: _Optional[bool] = ...) -> None: ...

class PrecisionRecallLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("point_num",)
    POINT_NUM_FIELD_NUMBER: _ClassVar[int]
    point_num: int
    def __init__(self, point_num: _Optional[int] = ...) -> None: ...

class AccuracySigmoidParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("task_num", "axis", "compute_average_accuracy")
    TASK_NUM_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    COMPUTE_AVERAGE_ACCURACY_FIELD_NUMBER: _ClassVar[int]
    task_num: int
    axis: int
    compute_average_accuracy: bool
    def __init__(self, task_num: _Optional[int] = ..., axis: _Optional[int] = ..., compute_average_accuracy: _Optional[bool] = ...) -> None: ...

class SplitMergeParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("group_num", "axis", "group")
    GROUP_NUM_FIELD_NUMBER: _ClassVar[int]
    AXIS_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    group_num: int
    axis: int
    group: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, group_num: _Optional[int] = ..., axis: _Optional[int] = ..., group: _Optional[_Iterable[str]] = ...) -> None: ...

class SortParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis",)
    AXIS_FIELD_NUMBER: _ClassVar[int]
    axis: int
    def __init__(self, axis: _Optional[int] = ...) -> None: ...

class AxisPoolingParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("axis", "pool")
    class PoolMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MAX: _ClassVar[AxisPoolingParameter.PoolMethod]
        AVE: _ClassVar[AxisPoolingParameter.PoolMethod]
        STOCHASTIC: _ClassVar[AxisPoolingParameter.PoolMethod]
    MAX: AxisPoolingParameter.PoolMethod
    AVE: AxisPoolingParameter.PoolMethod
    STOCHASTIC: AxisPoolingParameter.PoolMethod
    AXIS_FIELD_NUMBER: _ClassVar[int]
    POOL_FIELD_NUMBER: _ClassVar[int]
    axis: int
    pool: AxisPoolingParameter.PoolMethod
    def __init__(self, axis: _Optional[int] = ..., pool: _Optional[_Union[AxisPoolingParameter.PoolMethod, str]] = ...) -> None: ...

class PairwiseRankingHingeLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("margin",)
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    margin: float
    def __init__(self, margin: _Optional[float] = ...) -> None: ...

class TripletRankingHingeLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("dim", "margin")
    DIM_FIELD_NUMBER: _ClassVar[int]
    MARGIN_FIELD_NUMBER: _ClassVar[int]
    dim: int
    margin: float
    def __init__(self, dim: _Optional[int] = ..., margin: _Optional[float] = ...) -> None: ...

class SoftTruncationParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("c",)
    C_FIELD_NUMBER: _ClassVar[int]
    c: float
    def __init__(self, c: _Optional[float] = ...) -> None: ...

class SoftContrastiveParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("positive_margin", "negative_margin", "positive_weight", "negative_weight", "exponent_scale", "square")
    POSITIVE_MARGIN_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_MARGIN_FIELD_NUMBER: _ClassVar[int]
    POSITIVE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    EXPONENT_SCALE_FIELD_NUMBER: _ClassVar[int]
    SQUARE_FIELD_NUMBER: _ClassVar[int]
    positive_margin: float
    negative_margin: float
    positive_weight: float
    negative_weight: float
    exponent_scale: float
    square: bool
    def __init__(self, positive_margin: _Optional[float] = ..., negative_margin: _Optional[float] = ..., positive_weight: _Optional[float] = ..., negative_weight: _Optional[float] = ..., exponent_scale: _Optional[float] = ..., square: _Optional[bool] = ...) -> None: ...

class BatchContrastiveParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("positive_margin", "negative_margin", "positive_weight", "negative_weight", "max_only")
    POSITIVE_MARGIN_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_MARGIN_FIELD_NUMBER: _ClassVar[int]
    POSITIVE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    MAX_ONLY_FIELD_NUMBER: _ClassVar[int]
    positive_margin: float
    negative_margin: float
    positive_weight: float
    negative_weight: float
    max_only: bool
    def __init__(self, positive_margin: _Optional[float] = ..., negative_margin: _Optional[float] = ..., positive_weight: _Optional[float] = ..., negative_weight: _Optional[float] = ..., max_only: _Optional[bool] = ...) -> None: ...

class NCAParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("min_negative_only",)
    MIN_NEGATIVE_ONLY_FIELD_NUMBER: _ClassVar[int]
    min_negative_only: bool
    def __init__(self, min_negative_only: _Optional[bool] = ...) -> None: ...

class ConfidencePenaltyLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("beta",)
    BETA_FIELD_NUMBER: _ClassVar[int]
    beta: float
    def __init__(self, beta: _Optional[float] = ...) -> None: ...

class LabelSpecificMarginParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("type", "margin_base", "margin_max", "power", "gamma", "iteration", "reset_margin", "margin_on_test", "auto_tune", "pass_bp")
    class MarginType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        HARD: _ClassVar[LabelSpecificMarginParameter.MarginType]
        SOFT: _ClassVar[LabelSpecificMarginParameter.MarginType]
    HARD: LabelSpecificMarginParameter.MarginType
    SOFT: LabelSpecificMarginParameter.MarginType
    TYPE_FIELD_NUMBER: _ClassVar[int]
    MARGIN_BASE_FIELD_NUMBER: _ClassVar[int]
    MARGIN_MAX_FIELD_NUMBER: _ClassVar[int]
    POWER_FIELD_NUMBER: _ClassVar[int]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    ITERATION_FIELD_NUMBER: _ClassVar[int]
    RESET_MARGIN_FIELD_NUMBER: _ClassVar[int]
    MARGIN_ON_TEST_FIELD_NUMBER: _ClassVar[int]
    AUTO_TUNE_FIELD_NUMBER: _ClassVar[int]
    PASS_BP_FIELD_NUMBER: _ClassVar[int]
    type: LabelSpecificMarginParameter.MarginType
    margin_base: float
    margin_max: float
    power: float
    gamma: float
    iteration: int
    reset_margin: bool
    margin_on_test: bool
    auto_tune: bool
    pass_bp: bool
    def __init__(self, type: _Optional[_Union[LabelSpecificMarginParameter.MarginType, str]] = ..., margin_base: _Optional[float] = ..., margin_max: _Optional[float] = ..., power: _Optional[float] = ..., gamma: _Optional[float] = ..., iteration: _Optional[int] = ..., reset_margin: _Optional[bool] = ..., margin_on_test: _Optional[bool] = ..., auto_tune: _Optional[bool] = ..., pass_bp: _Optional[bool] = ...) -> None: ...

class MHELossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("lambda_m", "lambda_max", "gamma", "power", "iter")
    LAMBDA_M_FIELD_NUMBER: _ClassVar[int]
    LAMBDA_MAX_FIELD_NUMBER: _ClassVar[int]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    POWER_FIELD_NUMBER: _ClassVar[int]
    ITER_FIELD_NUMBER: _ClassVar[int]
    lambda_m: float
    lambda_max: float
    gamma: float
    power: float
    iter: float
    def __init__(self, lambda_m: _Optional[float] = ..., lambda_max: _Optional[float] = ..., gamma: _Optional[float] = ..., power: _Optional[float] = ..., iter: _Optional[float] = ...) -> None: ...

class MySmoothL1LossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("sigma",)
    SIGMA_FIELD_NUMBER: _ClassVar[int]
    sigma: float
    def __init__(self, sigma: _Optional[float] = ...) -> None: ...

class OnlineHardMineParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("resample_ratio", "post_n_ratio")
    RESAMPLE_RATIO_FIELD_NUMBER: _ClassVar[int]
    POST_N_RATIO_FIELD_NUMBER: _ClassVar[int]
    resample_ratio: float
    post_n_ratio: float
    def __init__(self, resample_ratio: _Optional[float] = ..., post_n_ratio: _Optional[float] = ...) -> None: ...

class OnlineHardMineV2Parameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("neg_vs_pos_ratio", "top_ignore_ratio")
    NEG_VS_POS_RATIO_FIELD_NUMBER: _ClassVar[int]
    TOP_IGNORE_RATIO_FIELD_NUMBER: _ClassVar[int]
    neg_vs_pos_ratio: float
    top_ignore_ratio: float
    def __init__(self, neg_vs_pos_ratio: _Optional[float] = ..., top_ignore_ratio: _Optional[float] = ...) -> None: ...

class OnlineRandomMineParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("sample_size",)
    SAMPLE_SIZE_FIELD_NUMBER: _ClassVar[int]
    sample_size: int
    def __init__(self, sample_size: _Optional[int] = ...) -> None: ...

class SoftmaxFocalLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("alpha", "gamma")
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    GAMMA_FIELD_NUMBER: _ClassVar[int]
    alpha: float
    gamma: float
    def __init__(self, alpha: _Optional[float] = ..., gamma: _Optional[float] = ...) -> None: ...

class TVLossParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("beta",)
    BETA_FIELD_NUMBER: _ClassVar[int]
    beta: float
    def __init__(self, beta: _Optional[float] = ...) -> None: ...

class NormalizedInnerProductParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("normalize",)
    NORMALIZE_FIELD_NUMBER: _ClassVar[int]
    normalize: bool
    def __init__(self, normalize: _Optional[bool] = ...) -> None: ...

class LabelSpecificRescaleParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("positive_weight", "negative_weight", "rescale_test", "for_ip")
    POSITIVE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    NEGATIVE_WEIGHT_FIELD_NUMBER: _ClassVar[int]
    RESCALE_TEST_FIELD_NUMBER: _ClassVar[int]
    FOR_IP_FIELD_NUMBER: _ClassVar[int]
    positive_weight: float
    negative_weight: float
    rescale_test: bool
    for_ip: bool
    def __init__(self, positive_weight: _Optional[float] = ..., negative_weight: _Optional[float] = ..., rescale_test: _Optional[bool] = ..., for_ip: _Optional[bool] = ...) -> None: ...

class DenseBlockParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("numTransition", "initChannel", "growthRate", "pad_h", "pad_w", "conv_verticalStride", "conv_horizentalStride", "filter_H", "filter_W", "Filter_Filler", "BN_Scaler_Filler", "BN_Bias_Filler", "gpuIdx", "use_dropout", "dropout_amount", "use_BC", "BC_ultra_space_efficient", "workspace_MB", "moving_average_fraction")
    NUMTRANSITION_FIELD_NUMBER: _ClassVar[int]
    INITCHANNEL_FIELD_NUMBER: _ClassVar[int]
    GROWTHRATE_FIELD_NUMBER: _ClassVar[int]
    PAD_H_FIELD_NUMBER: _ClassVar[int]
    PAD_W_FIELD_NUMBER: _ClassVar[int]
    CONV_VERTICALSTRIDE_FIELD_NUMBER: _ClassVar[int]
    CONV_HORIZENTALSTRIDE_FIELD_NUMBER: _ClassVar[int]
    FILTER_H_FIELD_NUMBER: _ClassVar[int]
    FILTER_W_FIELD_NUMBER: _ClassVar[int]
    FILTER_FILLER_FIELD_NUMBER: _ClassVar[int]
    BN_SCALER_FILLER_FIELD_NUMBER: _ClassVar[int]
    BN_BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    GPUIDX_FIELD_NUMBER: _ClassVar[int]
    USE_DROPOUT_FIELD_NUMBER: _ClassVar[int]
    DROPOUT_AMOUNT_FIELD_NUMBER: _ClassVar[int]
    USE_BC_FIELD_NUMBER: _ClassVar[int]
    BC_ULTRA_SPACE_EFFICIENT_FIELD_NUMBER: _ClassVar[int]
    WORKSPACE_MB_FIELD_NUMBER: _ClassVar[int]
    MOVING_AVERAGE_FRACTION_FIELD_NUMBER: _ClassVar[int]
    numTransition: int
    initChannel: int
    growthRate: int
    pad_h: int
    pad_w: int
    conv_verticalStride: int
    conv_horizentalStride: int
    filter_H: int
    filter_W: int
    Filter_Filler: FillerParameter
    BN_Scaler_Filler: FillerParameter
    BN_Bias_Filler: FillerParameter
    gpuIdx: int
    use_dropout: bool
    dropout_amount: float
    use_BC: bool
    BC_ultra_space_efficient: bool
    workspace_MB: int
    moving_average_fraction: float
    def __init__(self, numTransition: _Optional[int] = ..., initChannel: _Optional[int] = ..., growthRate: _Optional[int] = ..., pad_h: _Optional[int] = ..., pad_w: _Optional[int] = ..., conv_verticalStride: _Optional[int] = ..., conv_horizentalStride: _Optional[int] = ..., filter_H: _Optional[int] = ..., filter_W: _Optional[int] = ..., Filter_Filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., BN_Scaler_Filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., BN_Bias_Filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., gpuIdx: _Optional[int] = ..., use_dropout: _Optional[bool] = ..., dropout_amount: _Optional[float] = ..., use_BC: _Optional[bool] = ..., BC_ultra_space_efficient: _Optional[bool] = ..., workspace_MB: _Optional[int] = ..., moving_average_fraction: _Optional[float] = ...) -> None: ...

class FaceEvaluateParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("facetype", "facepoints", "num_gender", "num_glasses", "num_headpose")
    class FaceType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        FACEATTRIBUTE: _ClassVar[FaceEvaluateParameter.FaceType]
        FACE_5_TYPE: _ClassVar[FaceEvaluateParameter.FaceType]
        FACE_ANGLE: _ClassVar[FaceEvaluateParameter.FaceType]
    FACEATTRIBUTE: FaceEvaluateParameter.FaceType
    FACE_5_TYPE: FaceEvaluateParameter.FaceType
    FACE_ANGLE: FaceEvaluateParameter.FaceType
    FACETYPE_FIELD_NUMBER: _ClassVar[int]
    FACEPOINTS_FIELD_NUMBER: _ClassVar[int]
    NUM_GENDER_FIELD_NUMBER: _ClassVar[int]
    NUM_GLASSES_FIELD_NUMBER: _ClassVar[int]
    NUM_HEADPOSE_FIELD_NUMBER: _ClassVar[int]
    facetype: FaceEvaluateParameter.FaceType
    facepoints: int
    num_gender: int
    num_glasses: int
    num_headpose: int
    def __init__(self, facetype: _Optional[_Union[FaceEvaluateParameter.FaceType, str]] = ..., facepoints: _Optional[int] = ..., num_gender: _Optional[int] = ..., num_glasses: _Optional[int] = ..., num_headpose: _Optional[int] = ...) -> None: ...

class PlateParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("num_chinese", "num_english", "num_letter")
    NUM_CHINESE_FIELD_NUMBER: _ClassVar[int]
    NUM_ENGLISH_FIELD_NUMBER: _ClassVar[int]
    NUM_LETTER_FIELD_NUMBER: _ClassVar[int]
    num_chinese: int
    num_english: int
    num_letter: int
    def __init__(self, num_chinese: _Optional[int] = ..., num_english: _Optional[int] = ..., num_letter: _Optional[int] = ...) -> None: ...

class CentreScores(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ()
    class ClassType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        SIGMOID: _ClassVar[CentreScores.ClassType]
        SOFTMAX: _ClassVar[CentreScores.ClassType]
    SIGMOID: CentreScores.ClassType
    SOFTMAX: CentreScores.ClassType
    def __init__(self) -> None: ...

class V0LayerParameter(_message.Message):
    DESCRIPTOR: _descriptor.Descriptor
    __slots__ = ("name", "type", "num_output", "biasterm", "weight_filler", "bias_filler", "pad", "kernelsize", "group", "stride", "pool", "dropout_ratio", "local_size", "alpha", "beta", "k", "source", "scale", "meanfile", "batchsize", "cropsize", "mirror", "blobs", "blobs_lr", "weight_decay", "rand_skip", "det_fg_threshold", "det_bg_threshold", "det_fg_fraction", "det_context_pad", "det_crop_mode", "new_num", "new_channels", "new_height", "new_width", "shuffle_images", "concat_dim", "hdf5_output_param", "mean_value", "channels", "height", "width")
    class PoolMethod(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
        @classmethod
        def Value(cls, name: str) -> _Self: ...
        __slots__ = ()
        MAX: _ClassVar[V0LayerParameter.PoolMethod]
        AVE: _ClassVar[V0LayerParameter.PoolMethod]
        STOCHASTIC: _ClassVar[V0LayerParameter.PoolMethod]
    MAX: V0LayerParameter.PoolMethod
    AVE: V0LayerParameter.PoolMethod
    STOCHASTIC: V0LayerParameter.PoolMethod
    NAME_FIELD_NUMBER: _ClassVar[int]
    TYPE_FIELD_NUMBER: _ClassVar[int]
    NUM_OUTPUT_FIELD_NUMBER: _ClassVar[int]
    BIASTERM_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FILLER_FIELD_NUMBER: _ClassVar[int]
    BIAS_FILLER_FIELD_NUMBER: _ClassVar[int]
    PAD_FIELD_NUMBER: _ClassVar[int]
    KERNELSIZE_FIELD_NUMBER: _ClassVar[int]
    GROUP_FIELD_NUMBER: _ClassVar[int]
    STRIDE_FIELD_NUMBER: _ClassVar[int]
    POOL_FIELD_NUMBER: _ClassVar[int]
    DROPOUT_RATIO_FIELD_NUMBER: _ClassVar[int]
    LOCAL_SIZE_FIELD_NUMBER: _ClassVar[int]
    ALPHA_FIELD_NUMBER: _ClassVar[int]
    BETA_FIELD_NUMBER: _ClassVar[int]
    K_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    SCALE_FIELD_NUMBER: _ClassVar[int]
    MEANFILE_FIELD_NUMBER: _ClassVar[int]
    BATCHSIZE_FIELD_NUMBER: _ClassVar[int]
    CROPSIZE_FIELD_NUMBER: _ClassVar[int]
    MIRROR_FIELD_NUMBER: _ClassVar[int]
    BLOBS_FIELD_NUMBER: _ClassVar[int]
    BLOBS_LR_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_DECAY_FIELD_NUMBER: _ClassVar[int]
    RAND_SKIP_FIELD_NUMBER: _ClassVar[int]
    DET_FG_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    DET_BG_THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    DET_FG_FRACTION_FIELD_NUMBER: _ClassVar[int]
    DET_CONTEXT_PAD_FIELD_NUMBER: _ClassVar[int]
    DET_CROP_MODE_FIELD_NUMBER: _ClassVar[int]
    NEW_NUM_FIELD_NUMBER: _ClassVar[int]
    NEW_CHANNELS_FIELD_NUMBER: _ClassVar[int]
    NEW_HEIGHT_FIELD_NUMBER: _ClassVar[int]
    NEW_WIDTH_FIELD_NUMBER: _ClassVar[int]
    SHUFFLE_IMAGES_FIELD_NUMBER: _ClassVar[int]
    CONCAT_DIM_FIELD_NUMBER: _ClassVar[int]
    HDF5_OUTPUT_PARAM_FIELD_NUMBER: _ClassVar[int]
    MEAN_VALUE_FIELD_NUMBER: _ClassVar[int]
    CHANNELS_FIELD_NUMBER: _ClassVar[int]
    HEIGHT_FIELD_NUMBER: _ClassVar[int]
    WIDTH_FIELD_NUMBER: _ClassVar[int]
    name: str
    type: str
    num_output: int
    biasterm: bool
    weight_filler: FillerParameter
    bias_filler: FillerParameter
    pad: int
    kernelsize: int
    group: int
    stride: int
    pool: V0LayerParameter.PoolMethod
    dropout_ratio: float
    local_size: int
    alpha: float
    beta: float
    k: float
    source: str
    scale: float
    meanfile: str
    batchsize: int
    cropsize: int
    mirror: bool
    blobs: _containers.RepeatedCompositeFieldContainer[BlobProto]
    blobs_lr: _containers.RepeatedScalarFieldContainer[float]
    weight_decay: _containers.RepeatedScalarFieldContainer[float]
    rand_skip: int
    det_fg_threshold: float
    det_bg_threshold: float
    det_fg_fraction: float
    det_context_pad: int
    det_crop_mode: str
    new_num: int
    new_channels: int
    new_height: int
    new_width: int
    shuffle_images: bool
    concat_dim: int
    hdf5_output_param: HDF5OutputParameter
    mean_value: _containers.RepeatedScalarFieldContainer[float]
    channels: int
    height: int
    width: int
    def __init__(self, name: _Optional[str] = ..., type: _Optional[str] = ..., num_output: _Optional[int] = ..., biasterm: _Optional[bool] = ..., weight_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., bias_filler: _Optional[_Union[FillerParameter, _Mapping[str, object]]] = ..., pad: _Optional[int] = ..., kernelsize: _Optional[int] = ..., group: _Optional[int] = ..., stride: _Optional[int] = ..., pool: _Optional[_Union[V0LayerParameter.PoolMethod, str]] = ..., dropout_ratio: _Optional[float] = ..., local_size: _Optional[int] = ..., alpha: _Optional[float] = ..., beta: _Optional[float] = ..., k: _Optional[float] = ..., source: _Optional[str] = ..., scale: _Optional[float] = ..., meanfile: _Optional[str] = ..., batchsize: _Optional[int] = ..., cropsize: _Optional[int] = ..., mirror: _Optional[bool] = ..., blobs: _Optional[_Iterable[_Union[BlobProto, _Mapping[str, object]]]] = ..., blobs_lr: _Optional[_Iterable[float]] = ..., weight_decay: _Optional[_Iterable[float]] = ..., rand_skip: _Optional[int] = ..., det_fg_threshold: _Optional[float] = ..., det_bg_threshold: _Optional[float] = ..., det_fg_fraction: _Optional[float] = ..., det_context_pad: _Optional[int] = ..., det_crop_mode: _Optional[str] = ..., new_num: _Optional[int] = ..., new_channels: _Optional[int] = ..., new_height: _Optional[int] = ..., new_width: _Optional[int] = ..., shuffle_images: _Optional[bool] = ..., concat_dim: _Optional[int] = ..., hdf5_output_param: _Optional[_Union[HDF5OutputParameter, _Mapping[str, object]]] = ..., mean_value: _Optional[_Iterable[float]] = ..., channels: _Optional[int] = ..., height: _Optional[int] = ..., width: _Optional[int] = ...) -> None: ...
