"""AnchorEmbeddingExtractor, of OpenVINO's fork: the features at matched detections."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import NetdefError
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_axes, refuse_shapes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape

PARAM = "embedding_extractor_param"
_ANCHORS, _RECORD = 4, 11
_ITEM, _BOX, _ANCHOR, _TRACK, _ACTION, _X, _Y = 0, slice(2, 6), 6, 7, 8, 9, 10  # places in a record


@register("AnchorEmbeddingExtractor")
class AnchorEmbeddingExtractor(Layer):
    """Features of matched detections, (M, C), and a label of each, (M,).

    Bottoms: records (1, 1, M, 11) and a map (N, C, H, W) for each of 4 anchors. A record holds the item, a number that is not
    read, a box of 4, the anchor, the track, the action, and x and y in the maps. Those of an item below 0 are left out, and with
    ``num_valid_actions`` those of an action that is not below it. The label is place ``label_src_pos`` of the record, cut to a
    whole number. Without any record, one of features 0 and label -1 is made.

    A third top has one over the number of records of the same item and track (``output_instance_weights``), or item and box,
    (M, 5), (``output_proposals``); -1 without any record.
    """

    n_bottoms = exactly(_ANCHORS + 1)
    n_tops = between(2, 3)
    depends_on_data = True
    family = "windows"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.embedding_extractor_param
        if param.num_anchors != _ANCHORS:
            raise spec.refuse(f"has `num_anchors` {param.num_anchors}; the fork supports {_ANCHORS} only", PARAM, "num_anchors")
        if not param.HasField("label_src_pos") or not 0 <= param.label_src_pos < _RECORD:
            raise spec.refuse(f"wants a `label_src_pos` from 0 to {_RECORD - 1}, the label's place in a record", PARAM,
                              "label_src_pos")
        check_axes(spec, shapes, 4)
        if shapes[0][:2] != (1, 1) or shapes[0][3] != _RECORD:
            raise spec.refuse(
                f"wants records of shape (1, 1, M, {_RECORD}); `{spec.bottoms[0]}` has shape {shapes[0]}", "bottom", 0)
        for index in range(1, len(shapes)):
            check_axes(spec, shapes, 4, index)
            if shapes[index] != shapes[1]:
                raise refuse_shapes(spec, shapes, index, f"the maps must be of one shape; the first has {shapes[1]}")
        self.label: int = param.label_src_pos
        self.actions: int | None = param.num_valid_actions if param.num_valid_actions >= 0 else None
        self.with_weights = len(spec.tops) == 3 and param.output_instance_weights
        self.with_boxes = len(spec.tops) == 3 and param.output_proposals
        if len(spec.tops) == 3 and self.with_weights == self.with_boxes:
            raise spec.refuse("has a third top; give one of `output_instance_weights` and `output_proposals`", "top", 2)

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        """Those without any record; a pass has as many rows as records."""
        tops: list[Shape] = [(1, bottoms[1][1]), (1,)]
        return [*tops, (1,)] if self.with_weights else [*tops, (1, 5)] if self.with_boxes else tops

    def forward(self, records: Tensor, *maps: Tensor) -> tuple[Tensor, ...]:
        records = records.detach().flatten(0, 2)
        whole = records.long()
        valid = whole[:, _ITEM] >= 0
        if self.actions is not None:
            valid &= whole[:, _ACTION] < self.actions
        records, whole = records[valid], whole[valid]
        if not len(records):
            shapes = self.top_shapes([(), tuple(maps[0].shape)])
            return tuple(maps[0].new_full(shape, -1.0 if top else 0.0) for top, shape in enumerate(shapes))
        tops = (self._features(whole, torch.stack(maps)), whole[:, self.label].to(records))
        if self.with_weights:
            keys = whole[:, _TRACK] * 1000 + whole[:, _ITEM]  # as the fork tells records apart
            return (*tops, 1 / (keys[:, None] == keys).sum(1).to(records))
        return (*tops, torch.cat((whole[:, :1].to(records), records[:, _BOX]), 1)) if self.with_boxes else tops

    def _features(self, whole: Tensor, maps: Tensor) -> Tensor:
        """The features of records, from maps (anchors, N, C, H, W)."""
        places = whole[:, [_ANCHOR, _ITEM, _Y, _X]]
        sizes = places.new_tensor([maps.shape[axis] for axis in (0, 1, 3, 4)])
        outside = ((places < 0) | (places >= sizes)).any(1)
        if outside.any():
            anchor, item, y, x = places[outside][0].tolist()
            raise NetdefError(
                f"layer `{self.name}` ({self.type_name}) got a record of anchor {anchor}, item {item}, x {x}, y {y}; its "
                f"{_ANCHORS} anchors have maps of shape {tuple(maps.shape[1:])}")
        anchor, item, y, x = places.unbind(1)
        features: Tensor = maps[anchor, item, :, y, x]
        return features
