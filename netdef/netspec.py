"""The names of `netdef.builder.net_spec`, for model builders that import them as from ``caffe.net_spec``."""

from netdef.builder.net_spec import (
    TEST,
    TRAIN,
    Function,
    NetSpec,
    Top,
    assign_proto,
    layers,
    param_name_dict,
    params,
    to_proto,
)

__all__ = [
    "TEST", "TRAIN", "Function", "NetSpec", "Top", "assign_proto", "layers", "param_name_dict", "params", "to_proto"]
