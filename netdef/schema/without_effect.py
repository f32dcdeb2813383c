"""The fields that the schema has and nothing reads, each with the reason. A test checks that all others are read.

Most are of forks, or steer how the original computes. Fields of forks that the schema does not have are in
`netdef.schema.forks`.
"""

from __future__ import annotations

# (reason, fields). A field is `Message.field`.
_ROWS = [
    ("it chooses among the original's kernels; torch chooses here",
     "TanHParameter.engine SoftmaxParameter.engine SigmoidParameter.engine ReLUParameter.engine PoolingParameter.engine "
     "LRNParameter.engine SPPParameter.engine UnpoolingParameter.engine ConvolutionParameter.engine "
     "MultiStageMeanfieldParameter.force_cpu FocalLossParameter.engine SpatialSoftmaxParameter.engine "
     "GaussianAttentionParameter.engine "
     "DeformableConvolutionParameter.engine DeformableConvolutionParameter.force_nd_im2col "
     "LSTMConvolutionParameter.engine LSTMConvolutionParameter.force_nd_im2col "
     "DenseBlockParameter.gpuIdx DenseBlockParameter.BC_ultra_space_efficient DenseBlockParameter.workspace_MB"),
    ("gradients are exchanged as torch's DistributedDataParallel does, while backward goes on",
     "SolverParameter.layer_wise_reduce"),
    ("the message has nothing but an `engine`",
     "LayerParameter.sigmoid_param LayerParameter.tanh_param V1LayerParameter.sigmoid_param V1LayerParameter.tanh_param"),
    ("its fork reads nothing that the message has", "LayerParameter.softmax_pair_param LayerParameter.outer_product_param "
     "LayerParameter.conadd_param"),
    ("records are read ahead in the background, through the system's cache", "DataParameter.cache "
     "DataParameter.parser_threads"),
    ("every process has its own layer, and the original ignores it since it trains in processes",
     "PythonParameter.share_in_parallel"),
    ("recurrent layers are not unrolled into a net here, whose lines it would print",
     "RecurrentParameter.debug_info LSTMParameter.lstm_debug_info"),
    ("its fork's last version of the layer reads it nowhere", "LSTMParameter.identity_prior"),
    ("the original reads them in none of its own layers, either: old nets are reshaped by `reshape_param`",
     "V0LayerParameter.new_num V0LayerParameter.new_channels"),
    ("it belongs to a value that is refused: `crop_type: CROP_ANCHOR` or `CROP_GT_BBOX`",
     "AnnotatedDataParameter.data_anchor_sampler AnnotatedDataParameter.bbox_sampler DataAnchorSampler.use_original_image "
     "DataAnchorSampler.scale DataAnchorSampler.sample_constraint DataAnchorSampler.max_sample DataAnchorSampler.max_trials "
     "LFFDSampler.box LFFDSampler.max_sample LFFDSampler.max_trials BboxSampler.bbox_small_scale BboxSampler.bbox_large_scale "
     "BboxSampler.ancher_stride"),
    ("it belongs to a value that is refused: `bias_term: true`", "EliwiseProductParameter.bias_filler"),
    ("it belongs to a value that is refused: `soft_nms: true`", "NonMaximumSuppressionParameter.theta"),
    ("it cuts the work in parts, to fit memory", "ConvolutionParameter.num_conv_partition"),
    ("it is for what the log shows", "GeneralHingeLossParameter.display"),
    ("it is a number for int8 kernels", "ConvolutionParameter.coeff"),
    ("its fork's kernel takes 0 all the same", "InnerProductParameter.negative_slope"),
    ("it names a part of a layer", "RBMPartParameter.name"),
    ("it names the library that has the layer, which is in netdef", "ModuleParameter.module ModuleParameter.creator_symbol "
     "ModuleParameter.deleter_symbol"),
    ("its forks make grids of `group_size` all the same", "DeformablePSROIPoolingParameter.pooled_size"),
    ("its fork reads it nowhere",
     "SampleTripletParameter.label_num SampleTripletParameter.sample_num SampleTripletParameter.eps "
     "CenterObjectLossParameter.share_location CenterObjectLossParameter.conf_loss_type "
     "CenterObjectLossParameter.net_width CenterObjectLossParameter.ignore_thresh "
     "DenseBlockParameter.initChannel FaceEvaluateParameter.facepoints FaceEvaluateParameter.num_gender "
     "FaceEvaluateParameter.num_glasses FaceEvaluateParameter.num_headpose LayerParameter.lp_evaluate_param "
     "SpatialPyramidPoolingParameter.pool SpatialPyramidPoolingParameter.scale SegmentationEvaluateParameter.num_classes "
     "SegAccuracyParameter.metric MultiStageMeanfieldParameter.threshold "
     "MultiStageMeanfieldParameter.forced_spatial_filter_weight "
     "MultiStageMeanfieldParameter.forced_bilateral_filter_weight MultiBoxLossParameter.use_prior_for_nms "
     "CPMTransformationParameter.scale_cvg CPMTransformationParameter.max_cvg_len CPMTransformationParameter.min_cvg_len "
     "CPMTransformationParameter.opaque_coverage CPMTransformationParameter.coverage "
     "CPMTransformationParameter.bbox_norm_factor CPMTransformationParameter.img_header "
     "CPMTransformationParameter.scale AccuracyParameter.history_size "
     "SpatialDropoutParameter.dropout_scale MaxDropParameter.off_num SoftmaxPairParameter.axis OuterProductParameter.loss_weight "
     "LabelSpecificAddParameter.transform_test VideoDataParameter.encoded RegionPoolingParameter.spatial_scale "
     "YoloLossParameter.num_coord YoloLossParameter.anchor_mask YoloLossParameter.with_mask YoloLossParameter.mask_w "
     "YoloLossParameter.mask_h YoloLossParameter.with_rcnn "
     "RoiGenParameter.softmax CosinAddmParameter.transform_test AdaCosAddmScaleParameter.transform_test "
     "YoloV2LossParameter.constraint RegionLossParameter.side Yolov3Parameter.side CorrelationParameter.do_abs "
     "ResampleParameter.factor InnerDistanceParameter.bias_term InnerDistanceParameter.bias_filler "
     "GeneralContrastiveParameter.square ClassWiseProductParameter.axis LSTMConvolutionParameter.axis "
     "EntropyParameter.ignore_label SoftContrastiveParameter.exponent_scale LabelSpecificMarginParameter.reset_margin "
     "SoftmaxCrossEntropyLossParameter.random_zero "
     "LabelSpecificMarginParameter.margin_on_test "
     "GateRecurrentParameter.bound_diff SpatialRecurrentParameter.bound_diff SpatialRecurrentParameter.num_output "
     "GateRecurrent2dParameter.num_output GateRecurrent2dParameter.active "
     "HeatmapDataParameter.num_channels HeatmapDataParameter.crop_meanfile GatherV2Parameter.batch_flag "
     "MaskRCNNProposalParameter.images_per_gpu"),
    ("its fork reads it nowhere; channels that go round need no padding",
     "TopographyParameter.pad TopographyParameter.pad_h TopographyParameter.pad_w TopographyParameter.kernel_h "
     "TopographyParameter.kernel_w TopographyParameter.stride TopographyParameter.stride_h TopographyParameter.stride_w "
     "SpatialWtaParameter.pad SpatialWtaParameter.pad_h SpatialWtaParameter.pad_w"),
    ("the layer's type says it", "RBMPMParameter.rbm_pm1_param"),
    ("it is of RBMPCD, which is not implemented",
     "RBMParameter.rbm_pcd_param RBMPCDParameter.gibbs_steps RBMPCDParameter.gibbs_chains"),
    ("losses are above 0 in any case, and the gradient is the true one", "SmoothL1LossParameter.abssum"),
    ("there are as many parts as tops, as in its fork", "UnstackParameter.num"),
    ("a class is always drawn, as in its fork", "SelectBinaryParameter.random_select"),
    ("windows are chosen by flags, in its fork, too", "SlidingWindowParameter.stride_h SlidingWindowParameter.stride_w"),
    ("classes are counted from 1, and a box of another is an error",
     "SelectBinaryParameter.background_label_id GenerateClsVectorParameter.background_label_id "
     "CropBBoxParameter.background_label_id"),
    ("both of its values rank alike", "DetectionGroupLossParameter.neg_ranking_type"),
    ("it chooses among the fork's kernels; torch chooses here", "SumPoolingParameter.engine BoxTermParameter.force_cpu"),
    ("it is of another layer of that fork",
     "BoxTermParameter.detection_box_input_dir BoxTermParameter.detection_pixel_input_dir "
     "BoxTermParameter.is_no_rescore_baseline"),
    ("its loss does not use it, since September 2017", "MultiBoxLossParameter.fl_alpha"),
    ("its fork prints the mean loss so often", "CrossEntropyLossParameter.display"),
    ("it prints shapes", "LinearTransformParameter.verbose"),
    ("its fork prints the greatest products and sums with it", "RistrettoParameter.analyze_mode"),
    ("it chooses how its fork keeps what backward needs", "APLParameter.save_mem"),
    ("it belongs to a value that is refused: `default_init: false`", "ConvolutionMaskParameter.mask_filler"),
    ("its fork prints it", "LayerParameter.all_pass_param AllPassParameter.key"),
    ("its fork draws pictures into files with it",
     "RandomImageData2Parameter.visual_path RandomImageData2Parameter.visual_images_path "
     "RandomImageData2Parameter.visual_labels_path RandomImageData2Parameter.visual_aux_info_path "
     "RandomImageData2Parameter.skel_points_path RandomImageData2Parameter.receptive_field_size "
     "CoordsToBboxMasksParameter.visual_path CoordsToBboxMasksParameter.img_ext "
     "TorsoMaskFromCoordsParameter.visual_path TorsoMaskFromCoordsParameter.img_ext TorsoMaskFromCoordsParameter.input_path"),
    ("it belongs to a value that is refused: `is_binary: false`",
     "HeatMapsFromCoordsOriginParameter.gau_mean HeatMapsFromCoordsOriginParameter.gau_stds"),
    ("clCaffe's layer reads it and makes no use of it",
     "SimplerNMSParameter.cls_threshold SimplerNMSParameter.max_num_proposals"),
    ("zimenglan's fork reads it and makes no use of it",
     "PoseHeatMapLossParameter.heat_score_thres_arr PoseHeatMapLossParameter.hard_negative_filepath "
     "PoseHeatMapLossParameter.parts_err_num_thres RandomImageData2Parameter.is_perturb_coords "
     "RandomImageData2Parameter.min_plb RandomImageData2Parameter.max_plb"),
    ("it is of a log beside the layer's top, which is not written here",
     "LayerParameter.pose_pdj_accuracy_param PosePDJAccuracyParameter.acc_factor PosePDJAccuracyParameter.acc_factor_num "
     "PosePDJAccuracyParameter.images_num LayerParameter.pose_eudist_accuracy_param PoseEuDistAccuracyParameter.acc_factor "
     "PoseEuDistAccuracyParameter.acc_factor_num PoseEuDistAccuracyParameter.images_num PoseEuDistAccuracyParameter.acc_path "
     "PoseEuDistAccuracyParameter.acc_name PoseEuDistAccuracyParameter.log_name PoseEuDistAccuracyParameter.zero_iter_test "
     "PosePDJAccuracyParameter.acc_path PosePDJAccuracyParameter.acc_name PosePDJAccuracyParameter.hip_id "
     "PosePDJAccuracyParameter.shoulder_id PosePDJAccuracyParameter.log_name PosePDJAccuracyParameter.zero_iter_test"),
    ("its fork reads it nowhere, either", "NmsParameter.num_peak BeamSearchParameter.ignore_label"),
    ("it belongs to a value that is refused: `type: LINEAR`", "FocalLossParameter.beta"),
    ("it belongs to a value that is refused: `add_intra_mae`", "GeneralContrastiveParameter.max_negative_margin"),
    ("its fork reads it and makes no use of it, in the branch that is implemented",
     "MultiStageMeanfieldParameter.spatial_filter_weight MultiStageMeanfieldParameter.bilateral_filter_weight "
     "YoloSegParameter.num_class YoloSegParameter.class_scale YoloSegParameter.use_logic_gradient "
     "YoloSegParameter.use_hardsigmoid EvalDetectionParameter.sqrt EvalDetectionParameter.constriant "
     "CPMTransformationParameter.crop_size "
     "CPMTransformationParameter.mean_file CPMTransformationParameter.mean_value "
     "CPMTransformationParameter.force_color CPMTransformationParameter.force_gray "
     "CPMTransformationParameter.num_total_augs"),
    ("it only writes images to files", "AugmentationParameter.write_augmented AugmentationParameter.write_mean"),
    ("bottoms always have items here", "AugmentationParameter.num"),
    ("it belongs to a value that is refused: `iou_loss` other than MSE",
     "Yolov3Parameter.iou_normalizer Yolov3Parameter.max_delta Yolov3Parameter.accumulate"),
    ("it moves boxes with `resize_mode: FIT_SMALL_SIZE`, which layers with boxes refuse",
     "ResizeParameter.height_scale ResizeParameter.width_scale"),
    ("it belongs to a value that is refused: `do_clahe`",
     "CPMTransformationParameter.clahe_tile_size CPMTransformationParameter.clahe_clip_limit"),
    ("it belongs to a value that is refused: `mining_type: HARD_EXAMPLE`", "MultiBoxLossParameter.sample_size"),
    ("gradients in a file of weights are written by `snapshot_diff`, and not read, as in the original",
     "BlobProto.double_diff"),
    ("`transform_param` has one", "DenseImageDataParameter.mean_file"),
    ("as many threads as there are cores decode images; `dsd-train --workers` says how many processes",
     "ImageLabelDataParameter.threads"),
    ("the score is the mean over the classes", "SolverParameter.show_per_class_result"),
    ("convolutions of any number of axes are torch's", "ConvolutionParameter.force_nd_im2col"),
    ("it saves memory: that fork convolves that many parts of the outputs one by one", "ConvolutionParameter.filter_group"),
    ("it has one value", "DetectNetGroundTruthParameter.coverage_type"),
    ("it draws on the screen", "CPMTransformationParameter.visualize"),
    ("a file that cannot be read ends the run in any case", "ImageLabelDataParameter.check_image_files"),
    ("the maps have their own sizes", "YoloDetectionOutputParameter.side DetectionOutputParameter.side "
     "DetectionOutputParameter.sidex DetectionOutputParameter.sidey"),
    ("classes are numbers here", "DetectionOutputParameter.label_map_file"),
    ("blobs have two axes of space; the fork's third is for networks in 3D",
     "ResizeBilinearParameter.output_depth ResizeBilinearParameter.scale_depth"),
    ("records hold the numbers of classes, and their own kind of annotation",
     "AnnotatedDataParameter.label_map_file AnnotatedDataParameter.anno_type"),
    ("it is of a third top, label images, which is refused",
     "AnnotatedDataParameter.single_class AnnotatedDataParameter.seg_scales AnnotatedDataParameter.seg_resize_width "
     "AnnotatedDataParameter.seg_resize_height"),
    ("a solver's phase says when masks change, `dsd_phase { mask_policy: DYNAMIC }`; a warning names the message",
     "DNSParameter.weight_mask_filler DNSParameter.bias_mask_filler DNSParameter.gamma DNSParameter.power "
     "DNSParameter.c_rate DNSParameter.iter_stop DNSParameter.alpha_low DNSParameter.alpha_high DNSParameter.dynamicsplicing "
     "DNSParameter.splicing_rate"),
]  # fmt: skip

WITHOUT_EFFECT = {field: reason for reason, fields in _ROWS for field in fields.split()}
