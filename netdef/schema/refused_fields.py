"""Fields and values of forks that are refused: they change results, and are not implemented. ``lenient`` ignores them.

Those of data layers are in `netdef.schema.refused_data_fields`.
"""

# (fork, reason, fields). A field is `Message.field`; a value `field.VALUE`, of an enum.
REFUSED = [
    ("makefile/frcnn", "rates that rise and fall in turn are not implemented", "SolverParameter.start_lr_policy"),
    ("fireae/caffe_latte", "its layer is not implemented", "ProposalTargetParameter.n_classes"),
    ("DSCLRCN (nian-liu)", "RNN layers with another function or a filler of their own for the state are not implemented",
     "RecurrentParameter.rnn_recweight_filler RecurrentParameter.rnn_actvfunc"),
    ("BestSonny/SSTD", "its layer is not implemented",
     "MultiBoxLossParameter.oriented_weight"),
    ("shenyunhang/caffe-wsl", "its layer is not implemented",
     "RegionPoolingParameter.pooled_h RegionPoolingParameter.pooled_w RegionPoolingParameter.offset"),
    ("superxuang/caffe_3d_faster_rcnn", "regions and sizes of volumes are not implemented",
     "ProposalParameter.anchor_size ProposalParameter.feat_stride_xy ProposalParameter.feat_stride_z "
     "ProposalParameter.rpn_pre_nms_top_n ProposalParameter.rpn_post_nms_top_n ProposalParameter.rpn_nms_threshold "
     "ProposalParameter.proposal_num ProposalParameter.bg_score_threshold ProposalParameter.bbox_normalize "
     "ProposalParameter.bbox_normalize_mean ProposalParameter.bbox_normalize_std ProposalTargetParameter.class_num "
     "ProposalTargetParameter.fg_threshold ProposalTargetParameter.bbox_normalize "
     "ProposalTargetParameter.bbox_normalize_mean ProposalTargetParameter.bbox_normalize_std UpsampleParameter.scale_l "
     "UpsampleParameter.pad_out_l UpsampleParameter.upsample_l"),
    ("shenyunhang/caffe-wsl", "centres of its own, several for a class, are not implemented",
     "CenterLossParameter.lr CenterLossParameter.top_k CenterLossParameter.num_center CenterLossParameter.update "
     "CenterLossParameter.max_num_im_center CenterLossParameter.ignore_label"),
    ("naibaf7/caffe", "a sum within a convolution is not implemented; write an Eltwise layer",
     "ConvolutionParameter.eltwise_param"),
    ("yeahkun's and gklz1982's forks", "only layers of the new form have it; write the net with `layer`",
     "V1LayerParameter.detection_loss_param V1LayerParameter.eval_detection_param"),
    ("Akrit2013's fork", "its layers are not there in nets of 2014; write `layer` and its type",
     "V1LayerParameter.convolution_ex_param V1LayerParameter.berhu_param V1LayerParameter.unpackbits_param "
     "V1LayerParameter.conv1x1_param V1LayerParameter.crf_loss_param V1LayerParameter.crf2_loss_param "
     "V1LayerParameter.crf3_loss_param V1LayerParameter.superpixel_pooling_param V1LayerParameter.l2norm_param "
     "V1LayerParameter.fusion_l2max_param V1LayerParameter.pairwise_map_param V1LayerParameter.crf_unary_loss_param "
     "V1LayerParameter.transform_param_ex V1LayerParameter.synctransform_param V1LayerParameter.synctransfast_param "
     "V1LayerParameter.focaltransform_param"),
    ("Akrit2013's fork", "planes made larger or smaller on four sides are not implemented; Padding and Crop do it",
     "UnpoolingParameter.pad_u UnpoolingParameter.pad_d UnpoolingParameter.pad_l UnpoolingParameter.pad_r"),
    ("Akrit2013's and vzhangmeng726's forks",
     "their Resize layers resize as OpenCV does; those here take a `height` and a `width`",
     "ResizeParameter.inter ResizeParameter.zoom ResizeParameter.zoom_w ResizeParameter.zoom_h ResizeParameter.resize_ratio "
     "ResizeParameter.type"),
    ("Lyp100208/Caffe_action", "its Permute of segments is not implemented",
     "PermuteParameter.num_seg PermuteParameter.axis"),
    ("YutingZhang's dbnet", "convolutions of its own, its image database and its Folding are not implemented",
     "LayerParameter.snapshot LayerParameter.folding_param LayerParameter.imagedb_data_param "
     "LayerParameter.local_weighted_convolution_param LayerParameter.convolution_cr_param LayerParameter.fida_conv_param "
     "LayerParameter.eltwise_with_filler_param LayerParameter.image_output_param"),
    ("YutingZhang's dbnet", "coefficients that are learned are not implemented; Scale and Bias learn factors and sums",
     "PowerParameter.learnable_power PowerParameter.learnable_scale PowerParameter.learnable_shift "
     "PowerParameter.nonnegative_scale PowerParameter.nonnegative_shift EltwiseParameter.learnable_coeff"),
    ("YutingZhang's dbnet", "its pooling at one place of each window, and its kinds of indices, are not implemented",
     "PoolingParameter.fix PoolingParameter.fix_x PoolingParameter.fix_y PoolingParameter.mask_index_type"),
    ("YutingZhang's dbnet", "a deviation for each filter is not implemented",
     "FillerParameter.stds"),
    ("YutingZhang's dbnet", "its BN along another axis than 1 is not implemented",
     "BNParameter.axis"),
    ("ZJUZQ's fork", "its labels mixed and masked are not implemented",
     "LayerParameter.softmax_mask_param LayerParameter.label_mix_param"),
    ("lxx1991's fork", "its layers work on the regions that its Mask cuts out, and are not implemented",
     "MaskParameter.threshold MaskParameter.prev_mask MaskParameter.ignore_label"),
    ("lxx1991's and yjxiong's forks", "their SegData is not implemented; ImageSegData reads such lists",
     "LayerParameter.seg_data_param"),
    ("lxx1991's and torrvision's forks", "batch renormalisation is not implemented",
     "BNParameter.rebn BNParameter.relax_iter BNParameter.max_r BNParameter.max_d BNParameter.use_global_stats "
     "BNParameter.clip_r BNParameter.clip_d BNParameter.d_max BNParameter.r_max"),
    ("soulslicer's fork", "its OPData, of poses in videos, is not implemented; CPMData reads OpenPose's images",
     "LayerParameter.op_transform_param"),
    ("soulslicer's fork", "convolutions of binary weights are there as BinaryConvolution only",
     "ConvolutionParameter.binary"),
    ("torrvision's caffe-tvg", "its terms of detections in files, and of shapes, are not implemented",
     "LayerParameter.iou_accuracy_param LayerParameter.instance_id_param LayerParameter.transfer_param "
     "LayerParameter.shape_term_param MultiStageMeanfieldParameter.detection_potentials_enabled "
     "MultiStageMeanfieldParameter.detection_dat_input_dir MultiStageMeanfieldParameter.train_dataset_size "
     "MultiStageMeanfieldParameter.detection_dat_check_enabled MultiStageMeanfieldParameter.detection_potentials_max_score "
     "MultiStageMeanfieldParameter.detection_potentials_epsilon MultiStageMeanfieldParameter.detection_x_weights_str "
     "MultiStageMeanfieldParameter.detection_y_weights_str MultiStageMeanfieldParameter.ho_potentials_enabled "
     "MultiStageMeanfieldParameter.ho_dat_input_dir MultiStageMeanfieldParameter.ho_w_param_str "
     "MultiStageMeanfieldParameter.ho_num_layers MultiStageMeanfieldParameter.ho_w2_param_str "
     "MultiStageMeanfieldParameter.ho_w2_enabled MultiStageMeanfieldParameter.is_no_class_weights"),
    ("torrvision's caffe-tvg", "its filler of groups is not implemented",
     "FillerParameter.num_groups"),
    ("torrvision's caffe-tvg", "averages over the places that are there are `avg_include_pad: false`",
     "PoolingParameter.real_pool_size"),
    ("vzhangmeng726's fork", "triplets in an order of their own, and the hardest of them, are not implemented",
     "TripletLossParameter.norm_diff TripletLossParameter.sequencial_bottom TripletLossParameter.step "
     "TripletLossParameter.ignore_hardest_ratio TripletLossParameter.use_hard_sample "
     "TripletLossParameter.active_ignorehardest_len"),
    ("vzhangmeng726's fork", "nets to test are named in `test_net`",
     "SolverParameter.test_protos"),
    ("Xiaomi2008/Caffe_3D_FF", "its volumes, and patches drawn from them, are not implemented; HDF5Data reads volumes",
     "Datum.depth Datum.float_label V0LayerParameter.new_depth BlobProto.depth"),
    ("MVIG-SJTU's RMPE", "in its GPU code the map back is never computed, so that it samples the bottom as it is",
     "SpatialTransformerParameter.de_transform"),
    ("yihui-he/caffe-pro", "each filter is applied to a part of the channels alone, which no layer here does",
     "ConvolutionParameter.filterwise_ratio"),
    ("superxuang/caffe_3d_faster_rcnn", "regions of volumes are not implemented",
     "ROIPoolingParameter.pooled_l ROIPoolingParameter.spatial_scale_xy ROIPoolingParameter.spatial_scale_z"),
    ("superxuang/caffe_3d_faster_rcnn", "a crop about the middle of the second bottom is not implemented; give an `offset`",
     "CropParameter.center_align"),
    ("fireae/caffe_latte", "its Proposal with sizes and strides of their own down and across is not implemented; `feat_stride` "
     "is Faster R-CNN's",
     "ProposalParameter.base_h ProposalParameter.base_w ProposalParameter.feat_stride_h ProposalParameter.feat_stride_w"),
    ("MyCaffe", "here the field is `unpool`, of the type `Unpooling`", "UnpoolingParameter.pool"),
    ("GuohongWu/caffe-windows", "classes weighted, and the hardest items trained alone, are not implemented",
     "SoftmaxParameter.class_weight SoftmaxParameter.hard_ratio SoftmaxParameter.cutting_point "
     "SoftmaxParameter.hard_mining_label"),
    ("happynear/caffe-windows", "statistics of which a mean or a variance does not count are not implemented",
     "BatchNormParameter.disable_mean BatchNormParameter.disable_variance"),
    ("happynear/caffe-windows", "tops enlarged by rows and columns are not implemented; pad and cut them by other layers",
     "ConvolutionParameter.shape_offset"),
    ("happynear/caffe-windows", "pooling by learned quadratic costs of places is not implemented",
     "PoolingParameter.blobs_lr PoolingParameter.blobs_a_min"),
    ("happynear/caffe-windows", "sides scaled by factors are not implemented; give `height` and `width`",
     "ResizeParameter.is_pyramid_test ResizeParameter.out_height_scale ResizeParameter.out_width_scale"),
    ("happynear/caffe-windows", "it belongs to `global_scale`, which is not implemented",
     "ChannelScaleParameter.max_global_scale ChannelScaleParameter.min_global_scale ChannelScaleParameter.init_global_scale"),
    ("happynear/caffe-windows", "bounds and numbers that change during training are of a layer that it has no longer",
     "LabelSpecificRescaleParameter.positive_lower_bound LabelSpecificRescaleParameter.negative_upper_bound "
     "LabelSpecificRescaleParameter.positive_weight_base LabelSpecificRescaleParameter.gamma LabelSpecificRescaleParameter.power "
     "LabelSpecificRescaleParameter.positive_weight_min LabelSpecificRescaleParameter.positive_weight_max "
     "LabelSpecificRescaleParameter.iteration LabelSpecificRescaleParameter.bias_fix "
     "LabelSpecificRescaleParameter.power_on_positive LabelSpecificRescaleParameter.base "
     "LabelSpecificRescaleParameter.lambda_min"),
    ("happynear/caffe-windows", "only its distance L2 is implemented, which it has by default",
     "CenterLossParameter.distance_type"),
    ("happynear/caffe-windows", "no layer of it reads it",
     "LayerParameter.smoothl1_param LayerParameter.infimum_loss_param LayerParameter.feature_decay_loss_param "
     "LayerParameter.label_specific_affine_param LayerParameter.label_specific_hard_margin_param"),
    ("FuchenUSTC/caffe-hash", "no layer of it reads it",
     "InnerProductParameter.regular_unit"),
    ("jasonustc/caffe-multigpu", "its EuclideanLoss divides by the sizes of the axes before this one, which is not implemented",
     "LayerParameter.euclidean_param"),
    ("jolibrain/caffe", "a rule that no solver here has",
     "SolverParameter.lr_dropout SolverParameter.decoupled_wd_t0 SolverParameter.decoupled_wd_mult SolverParameter.gc "
     "SolverParameter.adabelief SolverParameter.lookahead_steps"),
    ("jolibrain/caffe", "the scores of all classes of a box are not given out",
     "DetectionEvaluateParameter.output_logits DetectionOutputParameter.output_logits"),
    ("dicecco1/fpga_caffe", "gradients scaled for numbers of few bits are not implemented", "SoftmaxParameter.scale"),
    ("MyCaffe", "its weights with noise that is learned (NoisyNet) are not implemented",
     "InnerProductParameter.enable_noise InnerProductParameter.sigma_init"),
    ("MyCaffe", "a Reshape layer after this one gives its top axes of size 1", "InnerProductParameter.min_top_axes"),
    ("MyCaffe", "several LSTMs in one layer, of cuDNN, are not implemented; write a layer for each, with Dropout between them",
     "RecurrentParameter.num_layers RecurrentParameter.dropout_ratio RecurrentParameter.dropout_seed"),
    ("GuohongWu/caffe-windows", "each filter's weights are brought to this length after every update there, which no solver here "
     "does", "ConvolutionParameter.normalize_scale InnerProductParameter.normalize_scale"),
    ("NVIDIA/caffe", "its versions disagree on what it does; only a fixed weight_decay is here",
     "SolverParameter.weight_decay_policy SolverParameter.weight_decay_power SolverParameter.max_weight_decay"),
    ("cchangyou/Santa", "its samplers, pSGLD and Santa, are not implemented",
     "SolverParameter.nD SolverParameter.C SolverParameter.sigma SolverParameter.lambda SolverParameter.anneal_a "
     "SolverParameter.anneal_b SolverParameter.anneal_c SolverParameter.approx_g SolverParameter.explore SolverParameter.pc"),
    ("ctensmeyer/caffe", "rates that follow a test's score are not implemented; `dsd_phase { until_converged { patience: 5 } }` "
     "ends a phase that no longer improves",
     "SolverParameter.monitor_test SolverParameter.monitor_test_id SolverParameter.max_steps_without_improvement "
     "SolverParameter.max_periods_without_improvement SolverParameter.min_iters_per_period "
     "SolverParameter.max_nonfinite_test_loss"),
    ("weiliu89/caffe (SSD) of February 2016", "its first loss averaged the scores over all priors; `loss_param "
     "{ normalization: VALID }` trains with that of the release", "MultiBoxLossParameter.normalize"),
    ("hszhao's PSPNet", "statistics that are used and updated in the same pass are not implemented",
     "BatchNormParameter.update_global_stats"),
    ("intel/caffe", "no weight would be updated", "SolverParameter.disabled_update"),
    ("a fork", "weights limited after each update, which no solver here does",
     "SolverParameter.clamp_weights_lower SolverParameter.clamp_weights_upper SolverParameter.clip_weights"),
    ("a fork of SSD", "images that are blurred at random are not implemented", "DistortionParameter.gaussian_prob"),
    ("jasjeetIM's and soeaver's forks", "they disagree on what it means to ROIAlign, jasjeetIM's reads other regions' numbers or "
     "beyond them, and it is not implemented; `roi_pooling_param` is read as Cascade R-CNN's", "LayerParameter.roi_align_param"),
    ("fireae/caffe_latte in its first week", "its Proposal took scores from 0.3 and suppressed boxes in the order of places, "
     "which is not implemented; `proposal_param` with the same fields is Faster R-CNN's", "LayerParameter.rcnn_proposal_param"),
    ("Tengine (OAID)", "its converter alone reads it, into a network of another program; no Caffe has it",
     "CropParameter.num_args CropParameter.offset_h CropParameter.offset_w CropParameter.offset_c CropParameter.crop_h "
     "CropParameter.crop_w CropParameter.center_crop EltwiseParameter.power EltwiseParameter.scale EltwiseParameter.shift "
     "ReductionParameter.dim_0 ReductionParameter.dim_1 ReductionParameter.dim_2 ReductionParameter.dim_3 "
     "ReductionParameter.keepdim TileParameter.index EmbedParameter.weight_data_size LayerParameter.region_param "
     "LayerParameter.resize1_param LayerParameter.DepthwiseConvolution_param V1LayerParameter.DepthwiseConvolution_parameter "
     "V1LayerParameter.bias_param V1LayerParameter.clip_param V1LayerParameter.detection_output_param "
     "V1LayerParameter.embed_param V1LayerParameter.prior_box_param V1LayerParameter.tile_param"),
    ("Synopsys' fork", "two solvers in turn are not implemented",
     "SolverParameter.gan_solver ConvolutionParameter.dis_mode ConvolutionParameter.gen_mode InnerProductParameter.dis_mode "
     "InnerProductParameter.gen_mode ScaleParameter.dis_mode ScaleParameter.gen_mode"),
    ("Synopsys' fork", "a `param { lr_mult: 0 decay_mult: 0 }` for each blob keeps them as they are",
     "ConvolutionParameter.weight_fixed InnerProductParameter.weight_fixed"),
    ("Synopsys' fork", "SpatialBatchingPooling, of several images in one plane, which its tools make for its chips, is not "
     "implemented; Pooling pools images one by one", "LayerParameter.spatial_batching_pooling_param"),
    ("Synopsys' fork", "gradients that leave out those of the batch's statistics are not implemented; without the field, "
     "`use_global_stats: true` computes the same", "BatchNormParameter.icnet"),
    ("Synopsys' fork", "other functions than the usual, sequences without markers, last states without first ones, and GRU are "
     "not implemented; a bottom of ones stands for markers",
     "RecurrentParameter.activations RecurrentParameter.continue_recur RecurrentParameter.default_initial "
     "RecurrentParameter.linear_before_reset LayerParameter.rnn_v2_param LayerParameter.attention_param"),
    ("Synopsys' fork", "it takes sides in turn, with two solvers, which is not implemented", "LayerParameter.gan_loss_param"),
    ("Synopsys' fork", "detections as TensorFlow Lite has them are not implemented",
     "DetectionOutputParameter.tflite_detection DetectionOutputParameter.tflite_use_regular_nms "
     "DetectionOutputParameter.max_classes_per_detection DetectionOutputParameter.scale_xywh"),
    ("Synopsys' fork", "scores and offsets of a first stage are taken as two bottoms, not as two of each map; Concat joins them",
     "DetectionOutputParameter.arm_conf_no_concat DetectionOutputParameter.arm_loc_no_concat"),
    ("a pull request to BVLC/caffe", "a rule that no solver here has",
     "SolverParameter.amsgrad SolverParameter.lookahead SolverParameter.lookahead_k SolverParameter.lookahead_alpha "
     "SolverParameter.rectified"),
    ("a pull request to BVLC/caffe", "its layer of several sources is not implemented; use Data", "V0LayerParameter.data_blob"),
    ("wenwei202/caffe", "a regularisation that no solver here has", "ParamSpec.decay_proto"),
    ("IntelLabs/SkimCaffe", "a regularisation that no solver here has", "SolverParameter.winograd_sparsity_factor"),
    ("MingSun-Tse/Caffe_IncReg", "columns of weights with a decay of their own that grows are not implemented; `dsd_phase { "
     "mask_policy: GRADUAL }` prunes more and more weights, CHANNEL whole channels",
     "SolverParameter.prune_method SolverParameter.target_reg SolverParameter.AA "
     "SolverParameter.iter_size_retrain SolverParameter.iter_size_final_retrain SolverParameter.iter_size_losseval "
     "SolverParameter.iter_size_prune SolverParameter.losseval_interval SolverParameter.acc_borderline "
     "SolverParameter.retrain_test_interval SolverParameter.speedup SolverParameter.compRatio SolverParameter.baseline_acc "
     "SolverParameter.IF_eswpf SolverParameter.IF_speedup_count_fc SolverParameter.IF_compr_count_conv "
     "SolverParameter.IF_update_row_col SolverParameter.IF_scheme1_when_Reg_rank SolverParameter.IF_use_acc1"),
    ("HolmesShuan's Dynamic Network Surgery", "prune by `dsd_phase { mask_policy: DYNAMIC }` here",
     "InnerProductParameter.sparsity_term ConvolutionParameter.sparsity_term InnerProductParameter.threshold "
     "ConvolutionParameter.threshold InnerProductParameter.weight_mask_filler ConvolutionParameter.weight_mask_filler"),
    ("an example of BVLC/caffe", "no version of Caffe reads it, and lr_policy \"stepearly\" is unknown to all; with lr_policy "
     "\"multistep\" the iterations of the steps are written down", "SolverParameter.stepearly"),
    ("liuxianming/caffe_feedback", "this is a configuration of its visualizer, no solver",
     "SolverParameter.visualization_net SolverParameter.model SolverParameter.store_dir SolverParameter.visualizer_mode "
     "SolverParameter.visualization_type SolverParameter.target_layer SolverParameter.k SolverParameter.channel_idx "
     "SolverParameter.row_idx SolverParameter.col_idx SolverParameter.original_output SolverParameter.original_store_dir "
     "SolverParameter.visualize_with_feedback"),
    ("liuxianming/caffe_feedback", "its solver, which switches off units of RELUPLUS that do not lead to the `top_k` largest "
     "outputs, is not implemented", "SolverParameter.top_k"),
    ("szymonzareba/perturb_and_map_caffe", "it ends training after so many tests without a smaller loss; `dsd_phase "
     "{ until_converged { patience: 5 } }` ends a phase that no longer improves", "SolverParameter.early_stopping"),
    ("GuanshuoXu's fork for steganalysis", "it tests the mean of the weights of so many last iterations, which no solver here "
     "does", "SolverParameter.use_polyak SolverParameter.num_iter_polyak"),
    ("dyuliu/dl_caffepro", "its nets, of 2014's form with fields of its own, are not implemented",
     "V0LayerParameter.conv_param V0LayerParameter.pool_param V0LayerParameter.data_bigfile_param "
     "V0LayerParameter.data_entry_param V0LayerParameter.batch_norm_param V0LayerParameter.record "
     "V0LayerParameter.record_internel V0LayerParameter.concat_param V0LayerParameter.inner_product_param "
     "V0LayerParameter.gpu_id V0LayerParameter.gpu_split NetParameter.config_file NetParameter.data_provider_name"),
    ("superxuang/caffe_3d_faster_rcnn", "its boxes in volumes are not implemented",
     "LayerParameter.mhd_data_param LayerParameter.pooling_3d_param LayerParameter.anchor_target_param "
     "LayerParameter.rpn_output_param LayerParameter.bbox_output_param LayerParameter.weighted_softmax_loss_param"),
    ("dicecco1/fpga_caffe", "it prepares blobs for an FPGA, whose layers are not implemented",
     "PadParameter.pad PadParameter.pad_to PadParameter.pad_val PadParameter.axis"),
    ("eric612/MobileNet-YOLO in its first days", "its loss was another one; give `anchors` as `biases` to train with the "
     "later one", "Yolov3Parameter.anchors"),
    ("a branch of BVLC/caffe", "only labels to ignore are there: `ignore_label`", "LossParameter.only_care_label"),
    ("SSD's label maps", "this is a list of labels, no net", "NetParameter.item"),
    ("caffe_neural_tool (naibaf7)", "this tells that program how to train, apply or time a net in another file; it is no net",
     "NetParameter.train NetParameter.process NetParameter.benchmark"),
    ("Caffe-TPS (YongjunChen93)", "classes chosen and weighted by a file of how frequent they are, which is not implemented",
     "LayerParameter.label_select_param"),
    ("Caffe-TPS (YongjunChen93)", "this is a list of how frequent classes are, no net",
     "NetParameter.label_prob_mapping_info NetParameter.ignore_rest_of_label NetParameter.rest_of_label_mapping "
     "NetParameter.rest_of_label_mapping_label NetParameter.rest_of_label_prob"),
    ("TensorFlow", "this is a TensorFlow graph, no Caffe net", "NetParameter.node NetParameter.library"),
]  # fmt: skip
