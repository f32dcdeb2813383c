"""Name the layers of forks that are layers of other names by these names."""

from __future__ import annotations

from collections.abc import Mapping

from netdef.definition.definitions import NetDefinition
from netdef.schema.messages import LayerParameter

NAMES: Mapping[str, str] = {
    "AbsoluteMem": "AbsVal", "ReLURecover": "ReLU",  # of GuanshuoXu's fork, which keep memory for its BNConv
    "ChannelDropout": "SpatialDropout",  # of ZJUZQ's fork
    "BNData": "BN", "BNplus": "BN", "BatchNormPlus": "BatchNorm", "ChannelwiseAffine": "Scale", "ConvolutionData": "Convolution",
    "ConvolutionDeeplab": "Convolution", "ConvolutionSK": "Convolution", "Cosine": "Cos", "CuDNNBatchNorm": "BN",
    "CuDNNDeconvolution": "Deconvolution", "Detection": "DetectionLoss", "EltwiseAffine": "Scale", "GramMat": "Gram",
    "ImageDataMultilabel": "ImageData", "InnerProductAll": "InnerProduct", "InnerProductData": "InnerProduct",
    "LibDNNConvolution": "Convolution", "LibDNNDeconvolution": "Deconvolution", "LibDNNPooling": "Pooling",
    "LocalConnect": "Local", "LstmJun": "LstmNew",
    "MemorySparseData": "MemoryData",  # DeepDetect's, of vectors that are mostly zeros, which are written out here
    "MultiLabelData": "ImageData", "MultilabelImageData": "ImageData", "NormalizeBBox": "Normalize", "PReLUData": "PReLU",
    "PoolingSK": "Pooling", "RReLU": "Insanity", "SeLU": "SeLu", "SeLUDropout": "SeLuDropout", "SmoothL1LossD": "SmoothL1Loss",
    "SoftmaxWithInfogainLoss": "InfogainLoss", "SoftmaxWithLossData": "SoftmaxWithLoss", "Softplus": "BNLL",
    "SoftmaxWithLossMultiLabel": "SoftmaxWithLoss", "XLU": "ReLU",
}
"""{a fork's type: ours}"""


def upgrade_type_names(net: NetDefinition) -> NetDefinition:
    """The net with the types of `NAMES` as they are called here; MyCaffe's Lstm is LSTM, junhyukoh's has another message.

    LSTM-CF's Mask is DirectionMarkers; that of weights has no ``width``. SpatialTransformer with ``spatialtransformer_param``, of
    DSCLRCN (nian-liu) and caffe_latte (fireae), is PlaneTurn.
    """
    found = [layer for layer in net.layers
             if layer.type in NAMES or _is_mycaffes_lstm(layer.message) or _is_lstm_cfs_mask(layer.message)
             or _is_plane_turn(layer.message)]
    return net.with_changed(found, _rename) if found else net


def _is_mycaffes_lstm(message: LayerParameter) -> bool:
    return message.type == "Lstm" and message.HasField("recurrent_param")


def _is_lstm_cfs_mask(message: LayerParameter) -> bool:
    return message.type == "Mask" and message.mask_param.HasField("width")


def _is_plane_turn(message: LayerParameter) -> bool:
    return message.type == "SpatialTransformer" and message.HasField("spatialtransformer_param")


def _rename(message: LayerParameter) -> None:
    if message.type == "SpatialTransformer":
        message.type = "PlaneTurn"
        return
    if message.type == "Mask":
        message.type = "DirectionMarkers"
        return
    message.type = NAMES.get(message.type, "LSTM")
