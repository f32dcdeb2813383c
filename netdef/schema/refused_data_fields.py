"""Fields of data layers and of changes of images, of forks, that are refused: they change results, and are not implemented."""

# (fork, reason, fields), as in `refused_fields`.
REFUSED_DATA = [
    ("dlunion/CC4.0", "its layer is not implemented",
     "DataParameter.global_augmented"),
    ("BestSonny/SSTD", "its layer is not implemented",
     "AnnotatedDataParameter.oriented"),
    ("NVIDIA/caffe", "changes of SSD within DetectNet's are not implemented; AnnotatedData has them",
     "DetectNetAugmentationParameter.resize_param DetectNetAugmentationParameter.noise_param "
     "DetectNetAugmentationParameter.distort_param DetectNetAugmentationParameter.expand_param "
     "DetectNetAugmentationParameter.emit_constraint"),
    ("Lyp100208/Caffe_action", "its VideoDataRNN and tubes of boxes are not implemented",
     "VideoDataParameter.strategy VideoDataParameter.root_folder_dst VideoDataParameter.tot_views "
     "VideoDataParameter.view_ids VideoDataParameter.do_rolling VideoDataParameter.seq_length VideoDataParameter.stride_seq "
     "VideoDataParameter.do_squeeze VideoDataParameter.tube_folder_prefix VideoDataParameter.eval_num "
     "VideoDataParameter.suffix"),
    ("Lyp100208/Caffe_action", "frames and flow in one blob, each with its mean, are not implemented",
     "TransformationParameter.mean_file_rgb TransformationParameter.mean_file_flow TransformationParameter.mean_value_rgb "
     "TransformationParameter.mean_value_flow"),
    ("TheLegendAli/DeepLab-Context", "its layers of labels and channels are not implemented",
     "ImageDataParameter.max_labels"),
    ("YutingZhang's dbnet", "convolutions of its own, its image database and its Folding are not implemented",
     "ImageDataParameter.other_object_label"),
    ("ZJUZQ's fork", "its labels mixed, masked and drawn are not implemented",
     "CPMTransformationParameter.do_flip_updown"),
    ("facebook/C3D 1.0", "VIDEO_DATA reads it; write it there, or in `video_data_param` of VideoData",
     "ImageDataParameter.new_length ImageDataParameter.use_image ImageDataParameter.sampling_rate "
     "ImageDataParameter.use_label ImageDataParameter.use_temporal_jitter ImageDataParameter.mean_value "
     "ImageDataParameter.num_truth_channels ImageDataParameter.use_byte_input ImageDataParameter.is_flow "
     "ImageDataParameter.truth_scale ImageDataParameter.clip_min ImageDataParameter.clip_max"),
    ("lxx1991's and yjxiong's forks", "their SegData is not implemented; ImageSegData reads such lists",
     "TransformationParameter.upper_size TransformationParameter.upper_height TransformationParameter.upper_width "
     "TransformationParameter.ignore_label TransformationParameter.rand_rotate TransformationParameter.gaussian_blur "
     "TransformationParameter.original_image"),
    ("xiahouzuoxin's fork", "labels of several bytes a pixel are not implemented",
     "ImageDataParameter.label_span"),
    ("Xiaomi2008/Caffe_3D_FF", "its volumes, and patches drawn from them, are not implemented; HDF5Data reads volumes",
     "ImageDataParameter.new_depth ImageLabelDataParameter.crop_size_h ImageLabelDataParameter.crop_size_w "
     "ImageLabelDataParameter.crop_size_d ImageLabelDataParameter.rand_patch_times ImageLabelDataParameter.out_label_size "
     "ImageLabelDataParameter.out_label_size_h ImageLabelDataParameter.out_label_size_w "
     "ImageLabelDataParameter.out_label_size_d ImageLabelDataParameter.num_memory_datum "
     "ImageLabelDataParameter.label_select_param MemoryDataParameter.depth DummyDataParameter.depth"),
    ("Xiaomi2008/Caffe_3D_FF", "its lists and changes are those of other layers here; ImageLabelData has `transform_param`",
     "ImageLabelDataParameter.source ImageLabelDataParameter.scale ImageLabelDataParameter.mean_file "
     "ImageLabelDataParameter.crop_size ImageLabelDataParameter.mirror"),
    ("MVIG-SJTU's RMPE", "its DataHeatmap cuts people out by boxes, which is not implemented",
     "HeatmapDataParameter.data_augment HeatmapDataParameter.bbox_or_centerscale HeatmapDataParameter.scale_width "
     "HeatmapDataParameter.scale_height HeatmapDataParameter.shuffle"),
    ("forks for poses (CMU, ZJUZQ)", "their CPMData alone reads it; here that has `cpm_transform_param`",
     "TransformationParameter.stride "
     "TransformationParameter.scale_cvg TransformationParameter.max_cvg_len TransformationParameter.min_cvg_len "
     "TransformationParameter.opaque_coverage TransformationParameter.coverage TransformationParameter.flip_prob "
     "TransformationParameter.max_rotate_degree TransformationParameter.crop_size_x TransformationParameter.crop_size_y "
     "TransformationParameter.scale_prob TransformationParameter.bbox_norm_factor TransformationParameter.img_header "
     "TransformationParameter.target_dist TransformationParameter.center_perterb_max TransformationParameter.sigma "
     "TransformationParameter.sigma_center TransformationParameter.clahe_tile_size TransformationParameter.clahe_clip_limit "
     "TransformationParameter.do_clahe TransformationParameter.num_parts TransformationParameter.num_total_augs "
     "TransformationParameter.aug_way TransformationParameter.gray TransformationParameter.np_in_lmdb "
     "TransformationParameter.transform_body_joint"),
    ("caffe-augmentation", "images that are smoothed at random are not implemented", "TransformationParameter.max_smooth"),
    ("happynear/caffe-windows", "faces cut out and turned by landmarks, classes balanced, and labels cut are not implemented",
     "ImageDataParameter.face_transform ImageDataParameter.max_shear_ratio ImageDataParameter.max_rotate_angle "
     "ImageDataParameter.min_random_scale ImageDataParameter.max_random_scale ImageDataParameter.max_random_shift "
     "ImageDataParameter.face_mirror ImageDataParameter.face_point_num ImageDataParameter.balance_class "
     "ImageDataParameter.balance_by ImageDataParameter.label_cut_start ImageDataParameter.label_cut_end"),
    ("happynear/caffe-windows", "rectangles of images erased at random are not implemented",
     "TransformationParameter.erase_ratio TransformationParameter.scale_min TransformationParameter.scale_max "
     "TransformationParameter.aspect_min TransformationParameter.aspect_max"),
    ("GuohongWu/caffe-windows", "its changes of images are not implemented",
     "TransformationParameter.color_distort TransformationParameter.scaled_resize TransformationParameter.mask_size_min "
     "TransformationParameter.mask_size_max"),
    ("ducha-aiki/caffe", "images flipped upside down, or turned by quarters in TEST, too, are not implemented",
     "TransformationParameter.vertical_mirror TransformationParameter.random_90_deg_rot"),
    ("happynear/caffe-windows", "images with exchanged sides are not implemented", "MemoryDataParameter.transpose"),
    ("GuohongWu/caffe-windows", "its layer is not implemented",
     "ImageDataParameter.bbox_source"),
    ("zhanglaplace/caffe_newLayer", "its layer is not implemented",
     "ImageDataParameter.uniform_num"),
    ("senlinuc/caffe_ocr", "labels of several tasks are not implemented", "ImageDataParameter.task_class_num"),
    ("BraveApple/my_caffe", "its layer is not implemented",
     "MemoryDataParameter.dim_label"),
    ("FuchenUSTC/caffe-hash", "records of several frames are not implemented",
     "TransformationParameter.crop_position TransformationParameter.crop_by_time_length "
     "TransformationParameter.crop_by_time_position TransformationParameter.mirror_by_time TransformationParameter.time_unit"),
    ("FuchenUSTC/caffe-hash", "no layer of it reads it",
     "DataParameter.class_num"),
    ("jolibrain/caffe", "a top of images before their changes is not implemented", "TransformationParameter.untransformed_top"),
    ("jolibrain/caffe", "labels with a channel for each class are not implemented; a OneHot layer makes them",
     "DenseImageDataParameter.one_hot_nclasses"),
    ("jolibrain/caffe", "files of images that are transformed are not implemented", "HDF5DataParameter.image"),
    ("Lyp100208/Caffe_action", "videos read in segments or views are not implemented",
     "VideoDataParameter.rep_label VideoDataParameter.stride_tmp VideoDataParameter.num_views "
     "TransformationParameter.num_segments"),
    ("MyCaffe", "several images in one item are not implemented",
     "DataParameter.images_per_blob DataParameter.output_all_labels DataParameter.balance_matches"),
    ("MyCaffe", "images masked, or labels exchanged, when they are read are not implemented; leave out what is not `active`",
     "TransformationParameter.mask_param TransformationParameter.label_mapping"),
    ("MyCaffe", "only its AnnotatedData reads it; `distort_param`, of SSD, is its name here",
     "TransformationParameter.distortion_param"),
    ("LRCN's fork of 2014", "records of whole videos, and clips of them, are not implemented; HDF5Data gives an LSTM its frames",
     "DataParameter.clip_mode DataParameter.LSTM_clip DataParameter.LSTM_clip_length DataParameter.clip_length "
     "DataParameter.clip_sub_sample DataParameter.batch_videos DataParameter.weight_loss"),
    ("LRCN's fork of 2014", "images of a database are not enlarged; those of a list are: ImageData has it",
     "DataParameter.min_height DataParameter.min_width"),
    ("facebook/C3D", "several labels of a clip are not implemented",
     "VideoDataParameter.use_multiple_label VideoDataParameter.num_of_labels"),
    ("CamlinZ/face_alignment", "images cut out about landmarks are not implemented",
     "ImageDataParameter.rate_height ImageDataParameter.rate_width"),
    ("a fork of HED", "its source, which would say what becomes of the labels, is not public", "ImageDataParameter.normalize"),
    ("ChenglongChen/caffe-windows", "its data layer and changes of images are not implemented",
     "TransformationParameter.multiscale TransformationParameter.contrast_adjustment "
     "TransformationParameter.jpeg_compression TransformationParameter.smooth_filtering "
     "TransformationParameter.angle_interval TransformationParameter.max_scaling_factor "
     "TransformationParameter.min_scaling_factor TransformationParameter.max_shearing_ratio "
     "TransformationParameter.max_perspective_ratio"),
]  # fmt: skip
