"""Nets that the original Caffe refuses or accepts, as recorded: netdef does the same, with a place."""

from __future__ import annotations

import json

import pytest
import torch
from oracle import golden_cases

import netdef
from netdef.errors import NetdefError, SpecError
from netdef.layers import catalogue  # noqa: F401  all types
from netdef.layers.core.registry import known_types

ACCEPTED_HERE = {
    "infogain_two_tops": "Caffe builds it only with two loss weights, though the second top is no loss",
    "softmaxloss_two_tops_weights": "the second top is declared, and useful; only Caffe's own inner Softmax stumbles",
    "pool_stochastic_cpu": "Caffe has this on the GPU only",
    "spp_stochastic_cpu": "Caffe has this on the GPU only",
    "bn_decay_only": "its `lr_mult` is 1 by default; statistics are not learned whatever it is",
    "reshape_inplace": "LRCN's fork has it, and its nets: the same numbers under their name, in another shape",
    "threshold_backward": "no gradient is a gradient of zeros; Caffe stops when asked for it",
}
"""Nets that Caffe refuses, most for want of an implementation, and ours builds."""

WORDS = {
    "absval_inplace": ("in place",),
    "accuracy_topk": ("top_k 9", "3 classes"),
    "argmax_topk": ("top_k 9", "3 numbers"),
    "bad_enum": ("MEDIAN",),
    "concat_inplace": ("in place",),
    "clip_required": ("`max`",),
    "concat_mismatch": ("(2, 3, 4)", "(2, 3, 5)", "`b`", "axis 1"),
    "contrastive_spatial": ("(4, 3, 2, 2)", "size 1"),
    "crop_offset_count": ("3 times", "2 axes"),
    "crop_too_big": ("cuts 4", "axis 2", "size 3"),
    "dummydata_fillers": ("3 tops", "2 `data_filler`"),
    "eltwise_coeff_count": ("2 bottoms", "1 `coeff`"),
    "eltwise_coeff_prod": ("PROD", "SUM"),
    "eltwise_shapes": ("(2, 3)", "(3, 2)"),
    "euclidean_count": ("(4, 3)", "(4, 2)"),
    "exp_base_neg": ("base -2",),
    "exp_base_zero": ("base 0",),
    "filter_selector_dims": ("(3, 2)", "one number an item"),
    "hinge_zero_norm": ("`L3`", "`L1`, `L2`"),
    "im2col_2axes": ("(4, 3)", "after axis 1"),
    "infogain_no_source": ("`source`", "third bottom"),
    "loss_weight_count": ("3 tops", "1"),
    "relu_two_bottoms": ("takes 1 bottom", "2"),
    "reshape_bad": ("(2, 3, 4, 5)", "120", "(7, -1)"),
    "sigmoidce_count": ("(4, 3)", "(4, 2)"),
    "slice_points_order": ("point 2 after 2",),
    "softmaxloss_label_count": ("(4, 3, 2)", "8 predictions", "4 in all"),
    "tile_zero": ("`tiles` 0", "at least 1"),
    "unknown_bottom": ("`nope`",),
    "unknown_field": ("`negative_slop`", "`negative_slope`"),
    "unknown_layer": ("`Foo`",),
}
"""What the complaint must say: the values found and what is allowed."""

VALUE_WORDS = {"batchreindex_negative": "item -1 of a batch of 3, which has items 0 to 2"}
"""The same for nets that are refused when they run, for the values they are given."""


@pytest.mark.parametrize("folder", golden_cases("errors"), ids=lambda folder: folder.name)
def test_net_is_refused_as_caffe_refuses_it(folder):
    meta = json.loads((folder / "meta.json").read_text())
    text = (folder / "net.prototxt").read_text()
    types = {line.split('"')[1] for line in text.splitlines() if line.startswith("  type: ") and '"' in line}
    missing = types - set(known_types()) - {"Foo"}
    if missing:
        pytest.skip(f"no layer type {', '.join(sorted(missing))}")
    accepted = meta["accepted"] or folder.name in ACCEPTED_HERE
    if accepted or folder.name in VALUE_WORDS:
        net = netdef.loads(text, phase=meta["phase"])
        values = {blob: torch.tensor(meta["vals"].get(blob, 0.0)).expand(net.shapes[blob]) for blob in net.inputs}
        if accepted:
            assert set(net(**values)) == set(net.outputs)
            return
        with pytest.raises(NetdefError, match=VALUE_WORDS[folder.name]):
            net(**values)
        return
    with pytest.raises(SpecError) as caught:
        netdef.loads(text, phase=meta["phase"])
    (problem,) = caught.value.problems  # one mistake, one complaint
    assert problem.span is not None
    for words in WORDS.get(folder.name, ()):
        assert words in problem.message
