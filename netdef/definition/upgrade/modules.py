"""Layers that makefile's frcnn loads from libraries, under their own types and with their settings in fields."""

from __future__ import annotations

import ast
from typing import Any

from netdef.definition.definitions import NetDefinition
from netdef.schema.messages import LayerParameter

_SETTINGS = {
    "FPNProposal": {"feat_strides", "anchor_scales", "anchor_ratios"},
    "ROIPadding": {"pad_ratio"},
    "Upsample": {"scale"},
}


def upgrade_modules(net: NetDefinition) -> NetDefinition:
    """The net with each Module as the layer that its message names, if netdef has it; Upsample is UpsampleDarknet.

    The ``param_str``, which is read as YAML there, must be a mapping that is written as in Python, too.
    """
    found = [layer for layer in net.layers if layer.type == "Module" and _settings(layer.message) is not None]
    return net.with_changed(found, _change) if found else net


def _settings(message: LayerParameter) -> dict[str, Any] | None:
    """The settings of a Module; None for one that is not read."""
    param = message.module_param
    try:
        given = ast.literal_eval(param.param_str.strip() or "{}")
    except (ValueError, SyntaxError):
        return None
    known = _SETTINGS.get(param.type)
    return given if known is not None and isinstance(given, dict) and set(given) <= known else None


def _change(message: LayerParameter) -> None:
    given, kind = _settings(message) or {}, message.module_param.type
    message.ClearField("module_param")
    message.type = kind
    if kind == "FPNProposal":
        for name, values in given.items():
            getattr(message.fpn_proposal_param, name).extend(values)
    elif kind == "ROIPadding" and "pad_ratio" in given:
        message.roi_padding_param.pad_ratio = given["pad_ratio"]
    elif kind == "Upsample":
        message.type = "UpsampleDarknet"
        message.upsample_darknet_param.stride = given.get("scale", 1)
