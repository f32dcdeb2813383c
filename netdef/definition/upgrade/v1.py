"""Upgrade nets of 2014, `layers { type: CONVOLUTION blobs_lr: 1 ... }`, to the current schema."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace

from netdef.schema.descriptors import set_field
from netdef.schema.forks import fork_of
from netdef.schema.messages import LayerParameter, NetParameter, V1LayerParameter
from netdef.schema.where import Where

# V1 enum -> type. Not derived from the names: BNLL, LRN, MVN and the losses follow no rule.
TYPES = {
    "NONE": "",
    "ABSVAL": "AbsVal",
    "ACCURACY": "Accuracy",
    "ARGMAX": "ArgMax",
    "BNLL": "BNLL",
    "CONCAT": "Concat",
    "CONTRASTIVE_LOSS": "ContrastiveLoss",
    "CONVOLUTION": "Convolution",
    "DATA": "Data",
    "DECONVOLUTION": "Deconvolution",
    "DROPOUT": "Dropout",
    "DUMMY_DATA": "DummyData",
    "EUCLIDEAN_LOSS": "EuclideanLoss",
    "ELTWISE": "Eltwise",
    "EXP": "Exp",
    "FLATTEN": "Flatten",
    "HDF5_DATA": "HDF5Data",
    "HDF5_OUTPUT": "HDF5Output",
    "HINGE_LOSS": "HingeLoss",
    "IM2COL": "Im2col",
    "IMAGE_DATA": "ImageData",
    "INFOGAIN_LOSS": "InfogainLoss",
    "INNER_PRODUCT": "InnerProduct",
    "LRN": "LRN",
    "MEMORY_DATA": "MemoryData",
    "MULTINOMIAL_LOGISTIC_LOSS": "MultinomialLogisticLoss",
    "MVN": "MVN",
    "POOLING": "Pooling",
    "POWER": "Power",
    "RELU": "ReLU",
    "SIGMOID": "Sigmoid",
    "SIGMOID_CROSS_ENTROPY_LOSS": "SigmoidCrossEntropyLoss",
    "SILENCE": "Silence",
    "SOFTMAX": "Softmax",
    "SOFTMAX_LOSS": "SoftmaxWithLoss",
    "SPLIT": "Split",
    "SLICE": "Slice",
    "TANH": "TanH",
    "WINDOW_DATA": "WindowData",
    "THRESHOLD": "Threshold",
    "CROP": "CROP",  # `upgrade_crops` makes Crop of it
    "UNPOOLING": "Unpooling",
    "BN": "BN",
    "MULTI_STAGE_MEANFIELD": "MultiStageMeanfield",
    "RESHAPE": "Reshape",
    "PYTHON": "Python",
    "ROIPOOLING": "ROIPooling",
    "SMOOTH_L1_LOSS": "SmoothL1Loss",
    "LOCAL": "Local",
    "TOPK": "TOPK",
    "SPATIAL_PYRAMID_POOLING": "SpatialPyramidPooling",
    "DATA_SPARSE_INPUT": "SparseData",
    "SPARSE_INNER_PRODUCT": "SparseInnerProduct",
    "PADDING": "Padding",
    "IMAGE_SEG_DATA": "ImageSegData",
    "INTERP": "Interp",
    "SEG_ACCURACY": "SegAccuracy",
    "MAT_WRITE": "MatWrite",
    "DENSE_CRF": "DenseCRF",
    "MAT_READ": "MatRead",
    "BIAS_CHANNEL": "BiasChannel",
    "ADAPTIVE_BIAS_CHANNEL": "AdaptiveBiasChannel",
    "UNIQUE_LABEL": "UniqueLabel",
    "DATA_HEATMAP": "DataHeatmap",
    "EUCLIDEAN_LOSS_HEATMAP": "EuclideanLossHeatmap",
    "MULTI_SOFTMAX": "MultiSoftmax",
    "MULTI_SOFTMAX_LOSS": "MultiSoftmaxWithLoss",
    "RESIZE": "Resize",
    "LABEL_DROPOUT": "LabelDropout",
    "TRANSFORM_SOFTMAX_LOSS": "TransformSoftmaxWithLoss",
    "TRANSFORM_ACCURACY": "TransformAccuracy",
    "ACCURACY_TREE": "AccuracyTree",
    "SOFTMAX_LOSS_TREE": "SoftmaxWithLossTree",
    "NORM": "Norm",
    "ANGLE_LOSS": "AngleLoss",
    "ACCURACY_REGRESSION": "AccuracyRegression",
    "VIDEO_DATA": "VideoData",
    "INPUT": "Input",
    "PRELU": "PReLU",
    "BACCURACY": "BAccuracy",
    "MASK_OUTPUTS": "MaskOutputs",
    "EUCLIDEAN_WEIGHTED_LOSS": "EuclideanWeightedLoss",
    "TOPOGRAPHY": "Topography",
    "ACCURACY_DIAGONAL": "AccuracyDiagonal",
    "LSTM": "LSTM",
    "IDX21HOT": "Idx2OneHot",
    "REDUCTION": "Reduction",
    "RESET_RNN": "ResetRNN",
    "SAMPLE": "Sample",
    "PROBABLISTIC_AVERAGE_PROB": "ProbabilisticAverageProb",
    "MULTINOMIAL_LOGISTIC_SPARSITY_LOSS": "MultinomialLogisticSparsityLoss",
}
# Types of forks with the numbers of other types here, so that only texts can have them.
_FORKS_TYPES = {
    "GATHER": "Gather",
    "L2_LOSS": "EuclideanLoss",
    "PER_CLASS_ACCURACY": "PerClassAccuracy",
    "PER_CLASS_BAYESIAN_ACCURACY": "PerClassBayesianAccuracy",
    "SIGMOID_LOSS": "SigmoidWithLoss",
    "SOFTMAX_BAYESIAN_LOSS": "SoftmaxWithBayesianLoss",
}
# What became `param`: a V1 field with a value for each blob -> the field of the blob's ParamSpec.
_PARAM = {"param": "name", "blob_share_mode": "share_mode", "blobs_lr": "lr_mult", "weight_decay": "decay_mult"}
# Fields of data layers that moved to `transform_param`.
_TRANSFORM = ("scale", "mean_file", "crop_size", "mirror")
_IMAGE_LAYERS = {"DATA": "data_param", "IMAGE_DATA": "image_data_param", "WINDOW_DATA": "window_data_param"}


def upgrade_v1(net: NetParameter, where: Where) -> tuple[NetParameter, Where]:
    """The net with a current layer for each of its V1 layers."""
    if not net.layers:
        return net, where
    upgraded = deepcopy(net)
    del upgraded.layers[:]
    places = []
    for i, old in enumerate(net.layers):
        layer, place = upgrade_layer(old, where.child("layers", i))
        upgraded.layer.append(layer)
        places.append(place)
    return upgraded, where.replace(layers=[], layer=places)


def upgrade_layer(old: V1LayerParameter, where: Where) -> tuple[LayerParameter, Where]:
    """The current form of a V1 layer; used for weight files of 2014, too. A type of a fork keeps its name."""
    layer = LayerParameter()
    where = _name_foreign_type(layer, where)
    fields = {name: places for name, places in where.fields.items() if name not in _PARAM}
    for field, value in old.ListFields():
        name = field.name
        if name == "type":
            layer.type = TYPES[V1LayerParameter.LayerType.Name(value)]
        elif name in _PARAM:
            while len(layer.param) < len(value):
                layer.param.add()
            for param, part in zip(layer.param, value, strict=False):
                setattr(param, _PARAM[name], part)
        elif name != "layer":
            set_field(layer, name, value)
    params = [_param_place(where, i) for i in range(len(layer.param))]
    if params:
        fields["param"] = params
    place = Where(where.span, where.name, fields, where.unread)
    image_param = _IMAGE_LAYERS.get(V1LayerParameter.LayerType.Name(old.type))
    return layer, _move_transform(layer, place, image_param) if image_param and layer.HasField(image_param) else place


def _name_foreign_type(layer: LayerParameter, where: Where) -> Where:
    """Set ``type`` to a word of the text that is no V1 type, unless a fork has it; return the remaining places."""
    word = next((unread for unread in where.unread if unread.owner == "type"), None)
    if word is None or fork_of(word.owner, word.name):
        return where
    layer.type = _FORKS_TYPES.get(word.name, word.name)
    rest = tuple(unread for unread in where.unread if unread is not word)
    return replace(where, fields={**where.fields, "type": [Where(word.span)]}, unread=rest)


def _param_place(where: Where, index: int) -> Where:
    """The places of one ParamSpec, gathered from the lists of the V1 layer."""
    parts = {new: [where.fields[old][index]] for old, new in _PARAM.items() if len(where.fields.get(old, ())) > index}
    first = next(iter(parts.values()))[0] if parts else where
    return Where(first.span, first.name, parts)


def _move_transform(layer: LayerParameter, where: Where, image_param: str) -> Where:
    """Move a data layer's image fields to ``transform_param``, in place; returns the layer's places."""
    old, inside = getattr(layer, image_param), where.child(image_param)
    moved = {}
    for name in _TRANSFORM:
        if old.HasField(name):
            setattr(layer.transform_param, name, getattr(old, name))
            old.ClearField(name)
            moved[name] = [inside.child(name)]
    if not moved:
        return where
    transform = where.child("transform_param") if where.has("transform_param") else Where(inside.span, inside.name)
    rest = inside.replace(**{name: [] for name in moved})
    return where.replace(**{image_param: [rest], "transform_param": [transform.replace(**moved)]})
