"""The masks of an attached run in its state dict: one bit a weight."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
import torch

from dsd.attached.phases import AttachError
from dsd.engine.enforce import MaskKeeper
from dsd.masks.mask import WeightMask
from netdef.weights.mask_bits import pack_mask, unpack_mask


def mask_entries(masks: Mapping[str, WeightMask]) -> dict[str, dict[str, Any]]:
    """{weight: entry} of numbers and tensors, which ``torch.load(weights_only=True)`` takes."""
    return {
        key: {"shape": list(mask.kept.shape), "bits": torch.from_numpy(np.frombuffer(pack_mask(mask.kept), np.uint8).copy()),
              "under": None if mask.under is None else mask.under.clone(), "threshold": mask.threshold}
        for key, mask in masks.items()}


def read_entries(entries: Mapping[str, Mapping[str, Any]], keeper: MaskKeeper, index: int) -> dict[str, WeightMask]:
    """The masks of a state that was made in the phase ``index``. Raises `AttachError` for those that do not fit."""
    found = {}
    for key, entry in entries.items():
        if key not in keeper.weights:
            raise AttachError(f"the state has a mask of `{key}`, which the model does not have")
        weight = keeper.weights[key].tensor
        if tuple(entry["shape"]) != tuple(weight.shape):
            raise AttachError(
                f"the state's mask of `{key}` has shape {tuple(entry['shape'])}, the weight {tuple(weight.shape)}")
        kept = unpack_mask(entry["shape"], entry["bits"].cpu().numpy().tobytes()).to(weight.device)
        under = entry["under"]
        if under is None and keeper.keeps_under(index):
            raise AttachError(f"the state does not have the values under the mask of `{key}`; was it made with other phases?")
        found[key] = WeightMask(kept, None if under is None else under.to(weight.device, copy=True), entry["threshold"])
    wanted = keeper.pruner.sparsities(keeper.phases[index])
    if missing := [key for key in wanted if key not in found]:
        raise AttachError(f"the state has no mask of `{missing[0]}`, which phase {index + 1} prunes")
    return found
