"""Fields and values of forks of Caffe that published nets use and the schema does not have.

Fields that are implemented are in `netdef.proto`, with the fork's name; types are in `netdef.schema.fork_types`. Fields that only
tune kernels or reports are ignored with a warning: `_IGNORED`. The others, `_REFUSED`, are errors; ``lenient`` makes them
warnings, too.
"""

from __future__ import annotations

from typing import NamedTuple

from netdef.schema import history


class Fork(NamedTuple):
    """A fork that has a field or a value. ``reason`` says what it does there, or what to write here instead."""

    name: str
    reason: str
    ignored: bool


# (fork, reason, fields). A field is `Message.field`; a value `field.VALUE`, of an enum.
_IGNORED = [
    ("dreadlord1984's fork", "a file of settings for all layers of Faster R-CNN in the net; here they have those of the original",
     "AnnotatedDataParameter.config"),
    ("intel/caffe", "it chooses among its kernels",
     "engine.MKL2017 engine.MKLDNN LayerParameter.engine NetParameter.engine ConvolutionParameter.conv_algorithm"),
    ("intel/caffe", "numbers for its int8 kernels; the net computes in single precision",
     "LayerParameter.quantization_param NetParameter.quantization_param"),
    ("intel/caffe", "a hint for its compiler, which folds the Scale layer that follows", "BatchNormParameter.filler"),
    ("NVIDIA/caffe", "it chooses the precision of its kernels; use torch's autocast",
     "NetParameter.default_forward_type NetParameter.default_backward_type NetParameter.default_forward_math "
     "NetParameter.default_backward_math LayerParameter.forward_type LayerParameter.backward_type "
     "LayerParameter.forward_math LayerParameter.backward_math NetParameter.global_grad_scale "
     "NetParameter.global_grad_scale_adaptive SolverParameter.solver_data_type"),
    ("NVIDIA/caffe", "it saves memory, and changes no result",
     "NetParameter.eltwise_mem_sharing NetParameter.reduce_buckets LayerParameter.cudnn_math_override"),
    ("tnarihi/caffe", "it saves memory, and changes no result",
     "SolverParameter.share_blobs SolverParameter.force_cpu_momentum"),
    ("Caffe-Compression (Pinging-ZJU)", "it keeps what backward needs compressed, to save memory",
     "SolverParameter.vdnn_setting NetParameter.vdnn_setting RecurrentParameter.vdnn_setting"),
    ("CCN (limuhit)", "it chooses layers where a program trains two nets in turn; all of them are trained here",
     "LayerParameter.net_id"),
    ("DeepLab's fork", "images may differ in size in any case", "V1LayerParameter.strict_dim LayerParameter.strict_dim"),
    ("NVIDIA/caffe", "images may differ in size in any case", "TransformationParameter.var_sz_img_enabled"),
    ("NVIDIA/caffe", "files are written in BVLC's format in any case", "SolverParameter.store_blobs_in_old_format"),
    ("NVIDIA/caffe", "it corrects local rates by how gradients and momentum agree; here they follow the norms alone, and "
     "training differs", "SolverParameter.larc_turbo"),
    ("yahoo/CaffeOnSpark", "it says how Spark deals out records",
     "MemoryDataParameter.share_in_parallel MemoryDataParameter.dataframe_column_select MemoryDataParameter.image_encoded "
     "MemoryDataParameter.dataframe_format"),
    ("intel/caffe", "torchrun starts the processes of a run, and they exchange gradients as torch's do",
     "NetParameter.multinode LayerParameter.multinode SolverParameter.multinode_param"),
    ("IntelLabs/SkimCaffe", "it chooses among its sparse kernels",
     "ConvolutionParameter.conv_mode InnerProductParameter.gemm_mode InnerProductParameter.spmdm_transpose_in "
     "InnerProductParameter.spmdm_transpose_out"),
    ("weiliu89/caffe (SSD)", "boxes are compared in parts of their image's sides, not in its pixels",
     "DetectionEvaluateParameter.name_size_file DetectionEvaluateParameter.resize_param"),
    ("IntelLabs/SkimCaffe", "weights below it stay as they are; a sparse `dsd_phase` prunes them",
     "SolverParameter.prune_threshold SolverParameter.max_threshold_factor"),
    ("wenwei202/caffe", "dsd-check and the log show sparsity", "SolverParameter.display_sparsity"),
    ("NHZlX's Auto_pruning", "`dsd_phase { mask_policy: GRADUAL }` in the solver says when masks change",
     "DNSParameter.upper_bound DNSParameter.inter_iter DNSParameter.is_pruning"),
    ("MingSun-Tse/Caffe_IncReg", "it only matters to a solver with a `prune_method`", "LayerParameter.prune_param"),
    ("a fork", "it only logs, tests or takes snapshots",
     "SolverParameter.debug_display SolverParameter.snapshot_log "
     "SolverParameter.test_and_snapshot_last_epochs SolverParameter.test_offset "
     "SolverParameter.snapshot_trace SolverParameter.snapshot_trace_interval SolverParameter.snapshot_before_train "
     "SolverParameter.snapshot_trace_after_train SolverParameter.train_trace_interval SolverParameter.human_readable_trace "
     "SolverParameter.create_test_trace SolverParameter.weight_trace_interval SolverParameter.num_weight_traces"),
    ("tidsp/caffe-jacinto", "zeros are what is below 1e-4; no weight is kept from being pruned for its size",
     "SolverParameter.sparsity_threshold SolverParameter.sparsity_threshold_maxratio "
     "SolverParameter.sparsity_threshold_value_max SolverParameter.threshold_weights "
     "SolverParameter.sparsity_itr_increment_bfr_applying"),
    ("stephenyan1231/caffe-public (HD-CNN)", "it takes weights from files of cluster centres; here the net's own are taken",
     "LayerParameter.parameter_compress " + " ".join(
         f"{message}Parameter.quantization_{field}" for message in ("Convolution", "InnerProduct")
         for field in ("kmean_num_cluster", "num_segment", "kmean_cluster_centers_file", "kmean_cluster_indices_file"))),
    ("stephenyan1231/caffe-public (HD-CNN)", "weights of an InnerProduct with as many numbers are read in any case",
     "ConvolutionParameter.init_from_inner_product"),
    ("LRCN's fork of 2014", "it says whether a layer is computed on the GPU; a net here is on one device",
     "V1LayerParameter.layer_mode"),
    ("a pull request to BVLC/caffe", "it says which of several GPUs computes a layer; a net here is on one",
     "LayerParameter.device LayerParameter.thread_id"),
    ("yjxiong/caffe", "torchrun and `--gpu` choose the devices",
     "SolverParameter.richness SolverParameter.group_id"),
    ("yjxiong/caffe", "it bounds the memory of its convolutions, or says which blobs may share theirs, or how "
     "processes exchange theirs", "ConvolutionParameter.mem_group_size NetParameter.richness "
     "NetParameter.mem_param NetParameter.auto_insert_gathers"),
    ("weiliu89/caffe (SSD)", "it draws and writes files; the net's output holds the detections",
     "DetectionOutputParameter.save_output_param FrcnnOutputParameter.save_output_param DetectionOutputParameter.visualize "
     "DetectionOutputParameter.visualize_threshold DetectionOutputParameter.save_file "
     "YoloDetectionOutputParameter.save_file"),
    ("a fork of SSD", "it belongs to `gaussian_prob`, images that are blurred at random",
     "DistortionParameter.gaussian_size_min DistortionParameter.gaussian_size_max DistortionParameter.gaussian_sigma"),
    ("jkokkin/UberNet", "it frees memory between layers, which torch does",
     "LayerParameter.deletetop LayerParameter.deletebottom LayerParameter.pullsfrom"),
    ("BirdeeChen/caffe_yolo_v2", "the labels' shape says how many boxes an image has", "RegionLossParameter.num_label"),
    ("eric612/MobileNet-YOLO", "classes are numbers here", "YoloDetectionOutputParameter.label_map_file"),
    ("yjxiong/caffe", "each process takes its own batches in any case", "DataParameter.mpi_skip_step"),
    ("yjxiong/caffe", "it is of a third top, boxes from a list, which Data has not here", "DataParameter.mem_data_source"),
    ("a pull request to BVLC/caffe", "it only logs weights and blobs", "SolverParameter.solver_trace_param"),
    ("tidsp/caffe-jacinto", "weights of the same count are loaded in any case, and others refused",
     "SolverParameter.ignore_shape_mismatch"),
    ("tidsp/caffe-jacinto", "a layer that has reached its sparsity keeps its rate here, and training differs",
     "SolverParameter.sparsity_lr_mult"),
    ("zimenglan-sysu-512/pose_action_caffe", "it only logs", "LayerParameter.is_disp_info LayerParameter.train_net_output_disp"),
    ("AkiChen/Correlative-Filters-Caffe", "the middle of an image is taken, as there without the file `multiview_cache`, in "
     "which a script writes the part that it wants", "TransformationParameter.multi_view"),
    ("gtlim/Ahra", "training ends after `max_iter` iterations in any case", "SolverParameter.mode"),
    ("ChenglongChen/caffe-windows", "it shows images on the screen", "TransformationParameter.debug_display"),
    ("raajay/pmls-caffe (Poseidon)", "one process reads a database, and torchrun's deal out its batches",
     "DataParameter.shared_file_system ImageDataParameter.shared_file_system"),
    ("Hao-Tju/GLP4NN_Caffe", "it says how many of its kernels run at a time", "ConvolutionParameter.parallel_degree"),
    ("dicecco1/fpga_caffe", "it says which program of its FPGA computes a layer",
     "LayerParameter.kernel_name LayerParameter.kernel_name_2"),
    ("MyCaffe", "its image database is not read here; put the images into an LMDB, name that as `source`, and write `LMDB`",
     "backend.IMAGEDB"),
    ("MyCaffe", "it draws images from its image database; here records come in their order, or in another with `shuffle: true`",
     "DataParameter.enable_random_selection DataParameter.enable_pair_selection"),
    ("MyCaffe", "channels stand in the order that the records have: BGR, as Caffe writes them",
     "TransformationParameter.color_order"),
    ("MyCaffe", "it subtracts the mean that its image database has; here `mean_file` or `mean_value` says what is subtracted",
     "TransformationParameter.use_imagedb_mean TransformationParameter.use_image_mean"),
    ("MyCaffe", "labels are those that the records or the program give",
     "DataParameter.label_type DataParameter.load_multiple_labels MemoryDataParameter.label_type "
     "MemoryDataParameter.label_channels MemoryDataParameter.label_height MemoryDataParameter.label_width"),
    ("MyCaffe", "it only logs or takes snapshots, which hold weights and state here",
     "SolverParameter.snapshot_include_weights SolverParameter.snapshot_include_state SolverParameter.output_average_results "
     "SolverParameter.enable_clip_gradient_status SolverParameter.accuracy_average_window"),
]
_REFUSED = [
    ("MyCaffe", "here the field is `unpool`, of the type `Unpooling`", "UnpoolingParameter.pool"),
    ("GuohongWu/caffe-windows", "classes weighted, and the hardest items trained alone, are not implemented",
     "SoftmaxParameter.class_weight SoftmaxParameter.hard_ratio SoftmaxParameter.cutting_point "
     "SoftmaxParameter.hard_mining_label"),
    ("Lyp100208/Caffe_action", "videos read in segments or views are not implemented",
     "VideoDataParameter.rep_label VideoDataParameter.stride_tmp VideoDataParameter.num_views "
     "TransformationParameter.num_segments"),
    ("MyCaffe", "several images in one item are not implemented",
     "DataParameter.images_per_blob DataParameter.output_all_labels DataParameter.balance_matches"),
    ("MyCaffe", "images masked, or labels exchanged, when they are read are not implemented; leave out what is not `active`",
     "TransformationParameter.mask_param TransformationParameter.label_mapping"),
    ("MyCaffe", "only its AnnotatedData reads it; `distort_param`, of SSD, is its name here",
     "TransformationParameter.distortion_param"),
    ("MyCaffe", "its weights with noise that is learned (NoisyNet) are not implemented",
     "InnerProductParameter.enable_noise InnerProductParameter.sigma_init"),
    ("MyCaffe", "a Reshape layer after this one gives its top axes of size 1", "InnerProductParameter.min_top_axes"),
    ("MyCaffe", "several LSTMs in one layer, of cuDNN, are not implemented; write a layer for each, with Dropout between them",
     "RecurrentParameter.num_layers RecurrentParameter.dropout_ratio RecurrentParameter.dropout_seed"),
    ("GuohongWu/caffe-windows", "each filter's weights are brought to this length after every update there, which no solver here "
     "does", "ConvolutionParameter.normalize_scale InnerProductParameter.normalize_scale"),
    ("LRCN's fork of 2014", "records of whole videos, and clips of them, are not implemented; HDF5Data gives an LSTM its frames",
     "DataParameter.clip_mode DataParameter.LSTM_clip DataParameter.LSTM_clip_length DataParameter.clip_length "
     "DataParameter.clip_sub_sample DataParameter.batch_videos DataParameter.weight_loss"),
    ("LRCN's fork of 2014", "images of a database are not enlarged; those of a list are: ImageData has it",
     "DataParameter.min_height DataParameter.min_width"),
    ("facebook/C3D", "several labels of a clip are not implemented",
     "VideoDataParameter.use_multiple_label VideoDataParameter.num_of_labels"),
    ("NVIDIA/caffe", "its versions disagree on what it does; only a fixed weight_decay is here",
     "SolverParameter.weight_decay_policy SolverParameter.weight_decay_power SolverParameter.max_weight_decay"),
    ("CamlinZ/face_alignment", "images cut out about landmarks are not implemented",
     "ImageDataParameter.rate_height ImageDataParameter.rate_width"),
    ("a fork of HED", "its source, which would say what becomes of the labels, is not public", "ImageDataParameter.normalize"),
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
    ("Synopsys' fork", "its Gather picks entries by index, and is not implemented", "LayerParameter.gather_param"),
    ("Synopsys' fork", "two solvers in turn are not implemented", "SolverParameter.gan_solver"),
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
    ("ChenglongChen/caffe-windows", "its data layer and changes of images are not implemented",
     "TransformationParameter.multiscale TransformationParameter.contrast_adjustment "
     "TransformationParameter.jpeg_compression TransformationParameter.smooth_filtering "
     "TransformationParameter.angle_interval TransformationParameter.max_scaling_factor "
     "TransformationParameter.min_scaling_factor TransformationParameter.max_shearing_ratio "
     "TransformationParameter.max_perspective_ratio"),
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
    ("opencv_contrib (SqueezeDet)", "its layers are not implemented",
     "LayerParameter.squeezedet_param LayerParameter.bbox_data_param"),
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

_TABLE = {
    field: Fork(fork, reason, ignored)
    for ignored, rows in ((True, _IGNORED), (False, _REFUSED))
    for fork, reason, fields in rows
    for field in fields.split()
} | {
    field: Fork(f"BVLC/caffe of {row.when}", row.what, row.treatment == history.IGNORED)
    for row in history.ROWS if row.treatment in (history.IGNORED, history.REFUSED)
    for field in row.fields.split()
}

# Fields that a fork has several times, of which only the first matters here.
_REPEATED = {
    "SolverParameter.device_id": Fork("yjxiong/caffe", "torchrun and `--gpu` choose the devices", True),
    "DataParameter.source": Fork("the branch `parallel` of BVLC/caffe", "its threads read copies of one database, each where "
                                 "it is stored, and take records as they come; only the first is read here", True),
}

# What no net depends on, whichever fork has it and wherever: kernels, devices, what is shown. The words of a name tell it.
_ENGINE = Fork("a fork", "it chooses among its kernels", True)
_DEVICES = Fork("a fork", "it says how its devices do the work, not what they compute", True)
_READING = Fork("a fork", "records are read ahead in the background, through the system's cache", True)
_SHOWING = Fork("a fork", "it only shows what is computed", True)
_SEED = Fork("a fork", "all that is random follows the solver's `random_seed`", True)
_QUANTIZATION = Fork("a fork", "numbers for its int8 kernels; the net computes in single precision", True)

_ENGINE_WORDS = {"engine", "subengine", "cudnn"}
_DEVICE_WORDS = {"gpu", "gpus", "cuda", "ocl", "opencl", "xcl", "fpga"}
_SHOWING_WORDS = {"dump", "print", "show", "verbose"}


def fork_of(owner: str, name: str) -> Fork | None:
    """The fork that has the field ``owner.name`` of a message, or the value ``name`` of an enum field ``owner``."""
    known = _TABLE.get(f"{owner}.{name}") or _REPEATED.get(f"{owner}.{name}")
    if known is not None:
        return known
    words = set(name.split("_"))
    if owner == "engine" or words & _ENGINE_WORDS or "conv_algo" in name:
        return _ENGINE
    if words & _DEVICE_WORDS:
        return _DEVICES
    if words & _SHOWING_WORDS or name.startswith(("debug", "display", "visualis", "visualiz")):
        return _SHOWING
    if name.endswith("random_seed"):
        return _SEED
    if owner.endswith("DataParameter") and name.endswith(("cache", "threads")):
        return _READING
    return _QUANTIZATION if name.startswith(("quantiz", "insert_quantiz", "net_quantiz")) else None


def needs_only_first(owner: str, name: str) -> bool:
    """Whether a fork has the field ``owner.name`` several times, and all but the first are ignored."""
    return f"{owner}.{name}" in _REPEATED
