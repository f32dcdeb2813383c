"""Fields and values of forks that are ignored with a warning: they only tune kernels, reports or the reading of data."""

# (fork, reason, fields). A field is `Message.field`; a value `field.VALUE`, of an enum.
IGNORED = [
    ("dreadlord1984's fork", "a file of settings for all layers of Faster R-CNN in the net; here they have those of the original",
     "AnnotatedDataParameter.config"),
    ("FlowNet 2", "its fork reads it nowhere", "DataParameter.huge_video_dataset DataParameter.limit_samples"),
    ("FlowNet 2", "shapes follow from each batch in any case", "LayerParameter.reshape_every_iter"),
    ("FlowNet 2", "`prefetch` says how many batches are read ahead", "DataParameter.disk_reader_threads"),
    ("naibaf7/caffe", "it chooses the types of numbers, and kernels; the net computes in single precision",
     "LayerParameter.bottom_data_type LayerParameter.compute_data_type LayerParameter.top_data_type "
     "LayerParameter.bottom_quantizer LayerParameter.top_quantizer LayerParameter.blobs_quantizer LayerParameter.autotune "
     "NetParameter.data_type NetParameter.autotune NetParameter.reduced_memory_inference SolverParameter.data_type "
     "SolverParameter.device LRNParameter.unit_test_mode LRNParameter.unit_test_fuse_kernel"),
    ("naibaf7/caffe", "it says which blobs share memory", "LayerParameter.bottom_shared_index LayerParameter.top_shared_index"),
    ("IntelLabs/SkimCaffe", "it chooses among its sparse kernels, or shows what they find",
     "ConvolutionParameter.parameter_sparsity_pattern_histogram SolverParameter.measure_threshold "
     "SolverParameter.winograd_adjust_threshold"),
    ("dlunion/CC4.0", "the log has losses in any case", "SolverParameter.save_loss"),
    ("intel/caffe", "it keeps account of how a net was compiled", "NetParameter.compile_net_state"),
    ("intel/caffe", "a blob that several layers read is a Split in any case", "LayerParameter.split_param"),
    ("intel/caffe", "gradients are exchanged as they are", "LayerParameter.mn_grad_compress_param"),
    ("NVIDIA/caffe", "its code reads it nowhere", "PoolingParameter.torch_pooling TransformationParameter.num_labels"),
    ("NVIDIA/caffe", "it says how its GPU's memory holds images", "TransformationParameter.forward_packing"),
    ("NVIDIA/caffe", "each process takes its part of the images", "ImageDataParameter.dataset_share_per_node"),
    ("fireae/caffe_latte and senlinuc/caffe_ocr", "their code reads it nowhere",
     "TransformationParameter.add_noise TransformationParameter.noise_ratio DataParameter.task_class_num "
     "MemoryDataParameter.label_size"),
    ("senlinuc/caffe_ocr", "labels may have fractions in any case", "ImageDataParameter.regression"),
    ("dreadlord1984's fork", "its code reads it nowhere", "MultiBoxLossParameter.fl_type MultiBoxLossParameter.fl_beta"),
    ("dreadlord1984's fork", "its code reads it only if it is built in another way",
     "MultiBoxLossParameter.ignore_overlap MultiBoxLossParameter.addition_overlap"),
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
    ("lxx1991/caffe", "it sends what it logs to a server",
     "SolverParameter.pavi_log SolverParameter.pavi_server_host SolverParameter.pavi_username SolverParameter.pavi_password "
     "SolverParameter.session SolverParameter.workdir"),
    ("LSTM-CF (Winstonxu123)", "it writes what it counts to a file",
     "SegAccuracyParameter.save_frequency SegAccuracyParameter.file_name"),
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
