"""Fields that BVLC/caffe's schema had between 2013 and 2016: renamed, rewritten, ignored or refused.

A text does not state its year, but each name had one meaning. `ROWS` is the table; `netdef.schema.rewrites` writes what
was rewritten. What V0 and V1 layers had when they were released is in `netdef.proto`, and upgraded by
`netdef.definition.upgrade`.
"""

from __future__ import annotations

from typing import NamedTuple

RENAMED, REWRITTEN, IGNORED, REFUSED = "renamed", "rewritten", "ignored", "refused"


class Row(NamedTuple):
    """Fields of one period that are treated alike. ``what`` is the new name, what is written instead, or the reason."""

    when: str
    treatment: str
    fields: str
    what: str


ROWS = [
    Row("2013-09", RENAMED, "NetParameter.bottom", "input"),
    Row("2013-09", IGNORED, "NetParameter.top", "a net's outputs are the blobs that no layer reads"),
    Row("2013-09", REWRITTEN, "V0LayerParameter.subtraction", "mean_value, divided by the scale: it came after that"),
    Row("2013-10", IGNORED, "SolverParameter.adagrad_gamma SolverParameter.adagrad_skip", "no version of Caffe read them"),
    Row("2013-11", IGNORED, "SolverParameter.tcp_port SolverParameter.tcp_server SolverParameter.communication_interval",
        "torchrun starts the processes of a run"),
    Row("2014-02", REWRITTEN, "V0LayerParameter.bias_filler", "mean_value, in a data layer of a pull request"),
    Row("2014-02", RENAMED, "V0LayerParameter.shuffle_data", "shuffle_images"),
    Row("2014-02", REWRITTEN, "V0LayerParameter.resize_image", "new_height and new_width"),
    Row("2014-03", RENAMED, "V0LayerParameter.context_pad", "det_context_pad"),
    Row("2014-03", RENAMED, "V0LayerParameter.crop_mode", "det_crop_mode"),
    Row("2014-03", IGNORED, "V0LayerParameter.can_clobber", "no version of Caffe read it"),
    Row("2014-03", IGNORED, "NetParameter.version", "the form of the layers says their version"),
    Row("2014-03", RENAMED, "ConvolutionParameter.kernelsize", "kernel_size"),
    Row("2014-03", RENAMED, "ConvolutionParameter.biasterm InnerProductParameter.biasterm", "bias_term"),
    Row("2014-03", RENAMED, "DataParameter.meanfile", "mean_file"),
    Row("2014-03", RENAMED, "DataParameter.batchsize", "batch_size"),
    Row("2014-03", RENAMED, "DataParameter.cropsize", "crop_size"),
    Row("2014-03", RENAMED, "ImageDataParameter.shuffle_images", "shuffle"),
    Row("2014-03", RENAMED, "WindowDataParameter.det_fg_threshold", "fg_threshold"),
    Row("2014-03", RENAMED, "WindowDataParameter.det_bg_threshold", "bg_threshold"),
    Row("2014-03", RENAMED, "WindowDataParameter.det_fg_fraction", "fg_fraction"),
    Row("2014-03", RENAMED, "WindowDataParameter.det_context_pad", "context_pad"),
    Row("2014-03", RENAMED, "WindowDataParameter.det_crop_mode", "crop_mode"),
    Row("2014-03", RENAMED, "V1LayerParameter.pool_param", "pooling_param"),
    Row("2014-03", REWRITTEN, "V0LayerParameter.datum_dims", "channels, height and width of memory data"),  # of a pull request
    Row("2014-03", REWRITTEN, " ".join(f"ReshapeParameter.new_{side}" for side in "num channels height width".split()), "shape"),
    Row("2014-04", REWRITTEN, "V1LayerParameter.lrn_map_param type.LRN_MAP", "lrn_param WITHIN_CHANNEL, alpha / local_size^2"),
    Row("2014-04", REWRITTEN, "type.ELTWISE_PRODUCT", "ELTWISE with PROD"),
    Row("2014-06", RENAMED, "V1LayerParameter.blob_name", "param"),
    Row("2014-06", RENAMED, "HingeLossParameter.hinge_norm", "norm"),
    Row("2014-06", RENAMED, "AccuracyParameter.compare_to_top_k", "top_k"),
    Row("2014-07", RENAMED, "PoolingParameter.kernel_size_h", "kernel_h"),
    Row("2014-07", RENAMED, "PoolingParameter.kernel_size_w", "kernel_w"),
    Row("2014-07", RENAMED, "V1LayerParameter.enable", "include"),  # of jeffdonahue's pull request
    Row("2014-07", RENAMED, "V1LayerParameter.disable", "exclude"),
    Row("2014-07", REWRITTEN, "V1LayerParameter.phase V1LayerParameter.stage V1LayerParameter.level", "include"),
    Row("2014-07", REWRITTEN, "SolverParameter.train_level SolverParameter.train_stage SolverParameter.test_level "
        "SolverParameter.test_stage", "train_state and test_state"),
    Row("2014-07", REWRITTEN, "InputParameter.num InputParameter.channels InputParameter.height InputParameter.width",
        "a shape for each top"),
    Row("2014-08", REWRITTEN, "DataParameter.transform_param ImageDataParameter.transform_param "
        "MemoryDataParameter.transform_param", "transform_param of the layer"),
    Row("2014-09", REWRITTEN, "type.CONVOLUTION_SK type.POOLING_SK type.LRELU", "CONVOLUTION, POOLING and RELU"),
    # Of liuxianming's fork, whose own solver switches units of it off.
    Row("2014-08", REWRITTEN, "type.RELUPLUS", "RELU"),
    Row("2014-09", REWRITTEN, "type.ELTWISE_ACCURACY", "ACCURACY, which counts every pixel, too"),  # of DeconvNet's fork
    Row("2014-09", RENAMED, "V1LayerParameter.eltwise_accuracy_param", "accuracy_param"),
    Row("2014-09", RENAMED, "ConvolutionParameter.kstride", "dilation"),
    Row("2019-03", REWRITTEN, "LayerParameter.cudnn_batch_norm_param type.CuDNNBatchNorm", "bn_param of BN"),  # GENet's
    Row("2018-10", REWRITTEN, "InputParameter.dim", "a shape for all tops"),  # GENet's
    Row("2018-01", REWRITTEN, "LayerParameter.batch_norm_plus_param", "batch_norm_param"),  # of zhanglaplace's caffe_newLayer
    Row("2016-02", REWRITTEN, "LayerParameter.eltwise_affine_param type.EltwiseAffine", "scale_param with a bias"),
    Row("2016-02", RENAMED, "LayerParameter.rrelu_param", "insanity_param"),  # of ducha-aiki's fork, as the last
    Row("2017-11", REWRITTEN, "ConvolutionParameter.tf_pad", "pad_type, or no padding"),  # of chuanqi305's fork
    Row("2014-10", REWRITTEN, "ImageDataParameter.has_label", "label_type"),  # of DeepLab's fork
    Row("2014-10", RENAMED, "ImageDataParameter.images_in_color", "is_color"),  # of dnns_easily_fooled's fork
    Row("2014-10", RENAMED, "V1LayerParameter.softmaxloss_param", "loss_param"),  # of DeepLab's fork
    Row("2014-10", RENAMED, "V1LayerParameter.local_weighted_convolution_param", "local_param"),  # of a pull request
    Row("2014-10", REWRITTEN, "type.LOCAL_WEIGHTED_CONVOLUTION", "LOCAL"),
    Row("2014-06", REWRITTEN, "V1LayerParameter.cccp_param type.CCCP", "a CONVOLUTION of 1 x 1"),  # of HD-CNN's fork, as the next
    Row("2014-06", REWRITTEN, "type.FLOAT_DATA", "DATA, which reads numbers, too"),
    Row("2014-10", REWRITTEN, "SolverParameter.snapshot_blobs_hdf5", "snapshot_format"),  # of LRCN's fork
    Row("2014-11", RENAMED, "V1LayerParameter.data_sparse_input_param", "sparse_data_param"),
    Row("2015-02", RENAMED, "SolverParameter.update_interval", "iter_size"),  # of yjxiong's fork
    # Of CUHK's forks, where each process has a part of a batch.
    Row("2015-02", REWRITTEN, "type.ConvolutionData type.BNData type.InnerProductData type.InnerProductAll type.PReLUData "
        "type.SoftmaxWithLossData type.CONVOLUTION_DATA type.BN_DATA type.INNER_PRODUCT_DATA type.INNER_PRODUCT_ALL "
        "type.SOFTMAX_LOSS_DATA", "the types without `Data` or `All`"),
    Row("2015-02", REWRITTEN, "type.ROI_POOLING", "ROIPOOLING"),  # of Fast R-CNN before its release: regions were in cells
    Row("2015-03", RENAMED, "ConvolutionParameter.hole", "dilation"),
    Row("2015-03", REWRITTEN, "ConvolutionParameter.hole_h ConvolutionParameter.hole_w", "two dilations"),  # of DeepLab's fork
    Row("2015-08", REWRITTEN, "ConvolutionParameter.dilation_h ConvolutionParameter.dilation_w", "two dilations"),  # of yjxiong's
    Row("2015-04", RENAMED, "PoolingParameter.kstride", "dilation"),  # of naibaf7's fork
    Row("2018-03", REWRITTEN, "PoolingParameter.kernel_size_3d PoolingParameter.stride_3d PoolingParameter.pad_3d",
        "kernel_size, stride and pad, once or once an axis"),  # of intel/caffe
    Row("2018-03", REWRITTEN, "ROIPoolingParameter.pooled_size", "pooled_h and pooled_w"),  # of intel/caffe
    Row("2017-03", RENAMED, "ImageDataParameter.task_class_num", "label_num"),  # of senlinuc's caffe_ocr
    Row("2015-04", REWRITTEN, "type.ConvolutionSK type.PoolingSK", "Convolution and Pooling"),
    Row("2015-04", REWRITTEN, "ConvolutionParameter.pad_shape ConvolutionParameter.kernel_shape "
        "ConvolutionParameter.stride_shape PoolingParameter.pad_shape PoolingParameter.kernel_shape "
        "PoolingParameter.stride_shape",
        "pad, kernel_size and stride, each once an axis"),  # of a pull request, and video-caffe
    Row("2015-06", REWRITTEN, "LayerParameter.blobs_lr LayerParameter.weight_decay", "a `param` a blob, in CaffeConTroll's"),
    Row("2015-04", REWRITTEN, "DataParameter.shuffle_buffer_size",
        "shuffle: a pull request draws records from a buffer of so many batches"),
    Row("2015-02", REWRITTEN, "type.VIDEO_DATA", "VideoData, with video_data_param and transform_param"),  # of C3D 1.0
    Row("2015-03", REWRITTEN, "DataParameter.backend", "LMDB or LEVELDB, where it is a string"),  # of sguada's fork
    Row("2015-05", REWRITTEN, "ReshapeParameter.num ReshapeParameter.channels ReshapeParameter.height ReshapeParameter.width",
        "shape"),
    Row("2015-05", REWRITTEN, "PoolingParameter.kernel_size PoolingParameter.stride PoolingParameter.pad",
        "kernel_sizes, strides and pads, where a pull request's are given once for each axis"),
    Row("2015-11", RENAMED, "TransformationParameter.crop_size_h", "crop_h"),  # of Person-Re-ID's fork
    Row("2015-11", RENAMED, "TransformationParameter.crop_size_w", "crop_w"),
    Row("2015-09", RENAMED, "FillerParameter.path", "file"),  # of szymonzareba's fork
    Row("2018-09", RENAMED, "ParameterParameter.filler", "blob_filler"),  # of OpenVINO's fork
    Row("2015-12", REFUSED, "NetParameter.start_layer NetParameter.end_layer NetParameter.end_layers NetParameter.num_splits "
        "NetParameter.node_info", "a request for a part of a model, of intel's pull requests for several nodes, and no net"),
    Row("2015-12", REWRITTEN, "LayerParameter.cpmdata_param", "data_param, and cpm_transform_param in place of transform_param"),
    Row("2016-01", REWRITTEN, "LayerParameter.channelwise_affine_param", "scale_param with a bias"),
    Row("2016-10", REWRITTEN, "DropoutParameter.scale_test", "scale_train, the other way round"),  # of a pull request
    Row("2016-06", REWRITTEN, "type.ImageDataMultilabel type.MultilabelImageData", "ImageData"),  # of DRML's fork
    Row("2016-11", RENAMED, "LayerParameter.multi_label_data_param", "image_data_param"),  # of DHN's pull request
    Row("2016-11", REWRITTEN, "type.MultiLabelData", "ImageData"),
    Row("2016-06", RENAMED, "ImageDataParameter.multilabel_num ImageDataParameter.label_dim", "num_labels"),
    Row("2017-04", RENAMED, "ImageDataParameter.dim_label", "num_labels"),  # of BraveApple's fork
    Row("2015-09", RENAMED, "ImageDataParameter.label_size", "num_labels"),  # of jolibrain's fork
    Row("2016-07", RENAMED, "DetectNetGroundTruthParameter.crop_size_x", "image_size_x"),  # of NVIDIA's fork
    Row("2016-07", RENAMED, "DetectNetGroundTruthParameter.crop_size_y", "image_size_y"),
    Row("2016-08", RENAMED, "LayerParameter.detection_param", "detection_loss_param"),  # of MS-CNN's first version
    Row("2016-08", REWRITTEN, "type.Detection", "DetectionLoss"),
    Row("2016-08", REWRITTEN, "ProposalTargetParameter.bbox_mean ProposalTargetParameter.bbox_std "
        "LayerParameter.bbox_accuracy_param", "bbox_reg_param"),
    Row("2017-08", RENAMED, "TransformationParameter.var_sz_img_rand_resize_lower", "img_rand_resize_lower"),  # of NVIDIA's fork
    Row("2017-08", RENAMED, "TransformationParameter.var_sz_img_rand_resize_upper", "img_rand_resize_upper"),
    Row("2017-08", RENAMED, "TransformationParameter.var_sz_img_rand_crop TransformationParameter.var_sz_img_center_crop",
        "crop_size"),
    Row("2016-04", REWRITTEN, "LayerParameter.quantization_param", "ristretto_param, in Ristretto's layers, and "
        "quantization_loss_param in QuantizationLoss"),
    Row("2017-11", REWRITTEN, "type.SmoothL1LossD", "SmoothL1Loss"),  # of dreadlord1984's fork
    Row("2018-05", REWRITTEN, "type.BNplus LayerParameter.bnplus_param", "BN and bn_param"),  # of ArcherFMY's fork, SegNet's BN
    Row("2015-03", REWRITTEN, "PReLUParameter.init_value", "a constant filler"),  # of ChenglongChen's fork
    Row("2016-07", REWRITTEN, "type.NormalizeBBox", "Normalize"),  # of opencv_contrib, which reads SSD's nets
    Row("2016-07", RENAMED, "LayerParameter.normalize_bbox_param", "norm_param"),
    Row("2016-07", REWRITTEN, "DetectionOutputParameter.top_k", "nms_param, with the `nms_threshold` beside it"),
    Row("2017-10", RENAMED, "PriorBoxParameter.additional_y_offset", "denser_prior_boxes"),
    Row("2018-10", RENAMED, "PriorBoxParameter.box_width", "width"),  # of Synopsys' fork
    Row("2018-10", RENAMED, "PriorBoxParameter.box_height", "height"),
    Row("2016-10", RENAMED, "RecurrentParameter.lstm_additional_forget_bias", "forget_bias"),  # of DSCLRCN
    Row("2018-01", RENAMED, "LayerParameter.relu6_param V1LayerParameter.relu6_param", "relu_param"),  # of MobileNet-YOLO's fork
    Row("2016-03", REWRITTEN, "CropParameter.offset_height CropParameter.offset_width", "axis 2 and two offsets"),
]

_RENAMED = {field: row.what for row in ROWS if row.treatment == RENAMED for field in row.fields.split()}


def renamed(owner: str, name: str) -> str | None:
    """Today's name of the field ``name`` of message ``owner``; None if it was not renamed."""
    return _RENAMED.get(f"{owner}.{name}")
