"""MultiBoxLoss: the loss of a detector's offsets from priors and scores of classes."""

from __future__ import annotations

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import exactly
from netdef.layers.core.base import Layer
from netdef.layers.core.checks import check_at_least, check_positive
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.detection.boxes import decode, encode, overlaps
from netdef.layers.detection.ssd.detection_output import check_predictions
from netdef.layers.forks.classification.focal_loss import background_focal
from netdef.schema import messages

PARAM = "multibox_loss_param"
_UNMATCHED, _IGNORED = -1, -2


@register("MultiBoxLoss")
class MultiBoxLoss(Layer):
    """``(loc_weight * location loss + confidence loss) / normaliser``, from SSD's fork (Liu et al. 2016).

    Bottoms: offsets (N, priors * 4; without ``share_location`` priors * classes * 4), scores before softmax
    (N, priors * classes), priors (1, 2, priors * 4) of PriorBox, and true boxes (1, 1, M, 8): image, class, instance,
    x1, y1, x2, y2, difficult; a row of image -1 is none.

    Matching: each true box has the prior that overlaps it most, best pair first; PER_PREDICTION gives every other prior
    the box it overlaps most, from ``overlap_threshold`` on. The location loss compares offsets of matched priors with
    their boxes'. The confidence loss is over matched priors and negatives: MAX_NEGATIVE takes, of the unmatched priors
    that overlap no box by ``neg_overlap``, those that lose most, ``neg_pos_ratio`` for each match in the image; NONE
    takes all. Both are sums. The normaliser is ``loss_param``'s: VALID the number of matches, FULL of all priors,
    BATCH_SIZE N, NONE 1, and never below 1. The fork's mining of HARD_EXAMPLEs, matching by predicted boxes and mining
    behind suppression are refused.

    From caffe-jacinto: with ``ignore_difficult_gt`` difficult boxes have no priors; a prior that overlaps one, and has not
    matched another box that it overlaps more, is neither a match nor a negative.

    From dreadlord1984: with ``conf_loss_type: FocalLoss`` the confidence loss is `background_focal`, as since September 2017.
    """

    n_bottoms = exactly(4)
    is_loss = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        param = spec.message.multibox_loss_param
        self.mining = _mining(spec)
        self.classes: int = param.num_classes
        check_positive(spec, self.classes, PARAM, "num_classes")
        self.shared: bool = param.share_location
        check_predictions(spec, shapes, self.classes, self.shared)
        if not shapes[3] or shapes[3][-1] != 8:
            raise spec.refuse(
                f"wants true boxes of 8 numbers each; `{spec.bottoms[3]}` has shape {shapes[3]}", "bottom", 3)
        self.background: int = param.background_label_id
        self.loc_weight: float = param.loc_weight
        self.euclidean = param.loc_loss_type == param.L2
        self.logistic = param.conf_loss_type == param.LOGISTIC
        self.focal: float | None = param.fl_gamma if param.conf_loss_type == param.FocalLoss else None
        if self.focal is not None:
            check_at_least(spec, self.focal, 0, PARAM, "fl_gamma")
        self.per_prediction = param.match_type == param.PER_PREDICTION
        self.overlap: float = param.overlap_threshold
        self.difficult: bool = param.use_difficult_gt
        self.ignores_difficult: bool = param.ignore_difficult_gt
        self.ratio: float = param.neg_pos_ratio
        self.neg_overlap: float = param.neg_overlap
        self.code: str = messages.PriorBoxParameter.CodeType.Name(param.code_type)
        self.with_variance = not param.encode_variance_in_target
        self.agnostic: bool = param.map_object_to_agnostic
        self.inside_only: bool = param.ignore_cross_boundary_bbox
        loss = spec.message.loss_param
        self.normalization: str = loss.NormalizationMode.Name(loss.normalization)
        if not loss.HasField("normalization") and loss.HasField("normalize"):
            self.normalization = "VALID" if loss.normalize else "BATCH_SIZE"

    def forward(self, offsets: Tensor, scores: Tensor, priors: Tensor, truth: Tensor) -> Tensor:
        return self.loss(offsets, scores, priors, truth)

    def loss(
        self, offsets: Tensor, scores: Tensor, priors: Tensor, truth: Tensor, likely: Tensor | None = None,
        moves: Tensor | None = None,
    ) -> Tensor:
        """The top. ``likely`` (N, priors): which may be negatives; ``moves`` (N, priors, 4): offsets that move them."""
        if offsets.is_meta:
            return offsets.new_empty(())
        boxes, variances = priors.detach().reshape(2, -1, 4)
        deviations = variances if self.with_variance else None
        fixed = boxes
        offsets = offsets.reshape(len(offsets), len(boxes), -1, 4)
        scores = scores.reshape(len(scores), len(boxes), self.classes)
        truth = truth.detach().reshape(-1, 8)
        loss, matches = offsets.new_zeros(()), 0
        for number, (offset, score) in enumerate(zip(offsets, scores)):
            true = truth[truth[:, 0] == number]
            if moves is not None:
                boxes = decode(self.code, fixed, deviations, moves[number])
            if not self.difficult:
                true = true[true[:, 7] == 0]
            match, most = self._match(boxes, true[:, 3:7], self.ignores_difficult & (true[:, 7] != 0))
            (matched,) = torch.where(match >= 0)
            true = true[match[matched]]
            if len(matched):
                loss = loss + self.loc_weight * self._location(
                    offset[matched, 0 if self.shared else true[:, 1].long()],
                    encode(self.code, boxes[matched], None if deviations is None else deviations[matched], true[:, 3:7]),
                )
                matches += len(matched)
            labels = torch.full_like(match, self.background)
            labels[matched] = self.background + 1 if self.agnostic else true[:, 1].long()
            losses = self._confidence(score, labels)
            if likely is not None:
                match = torch.where((match == _UNMATCHED) & ~likely[number], _IGNORED, match)
            loss = loss + losses[self._chosen(match, most, losses.detach())].sum()
        count = {"VALID": matches, "FULL": offsets.shape[0] * len(boxes), "BATCH_SIZE": len(offsets), "NONE": 1}
        return loss / max(1, count[self.normalization])

    def _match(self, priors: Tensor, true: Tensor, ignored: Tensor) -> tuple[Tensor, Tensor]:
        """For each prior the index of its true box, or `_UNMATCHED` or `_IGNORED`, and its greatest overlap with any.

        Boxes that are ``ignored`` are matched with none, and what overlaps them most is `_IGNORED`.
        """
        match = torch.full((len(priors),), _UNMATCHED, device=priors.device)
        if self.inside_only:
            match[((priors < 0) | (priors > 1)).any(1)] = _IGNORED
        if not len(true):
            return match, priors.new_zeros(len(priors))
        table = overlaps(priors, true)
        table = torch.where((table > 1e-6) & (match != _IGNORED)[:, None], table, 0)
        most, best = table.max(1)
        beside = (table * ignored).amax(1)
        left = torch.where(table > beside[:, None], table, 0)
        for _ in range(len(true)):
            place = int(left.argmax())
            prior, box = divmod(place, len(true))
            if left[prior, box] <= 0:
                break
            match[prior] = box
            left[prior], left[:, box] = 0, 0
        match[(match == _UNMATCHED) & (beside > 0)] = _IGNORED
        if self.per_prediction:
            match = torch.where((match == _UNMATCHED) & (most > 0) & (most >= self.overlap), best, match)
        return match, most

    def _location(self, found: Tensor, wanted: Tensor) -> Tensor:
        if self.euclidean:
            return (found - wanted).square().sum() / 2
        return F.smooth_l1_loss(found, wanted, reduction="sum")

    def _confidence(self, scores: Tensor, labels: Tensor) -> Tensor:
        """The loss of each prior."""
        if self.logistic:
            wanted = F.one_hot(labels, self.classes).to(scores.dtype)
            return F.binary_cross_entropy_with_logits(scores, wanted, reduction="none").sum(1)
        losses = F.cross_entropy(scores, labels, reduction="none")
        return losses if self.focal is None else background_focal(losses, labels, self.focal)

    def _chosen(self, match: Tensor, most: Tensor, losses: Tensor) -> Tensor:
        """The priors whose confidence loss counts."""
        if self.mining == "NONE":
            return torch.arange(len(match), device=match.device)
        (matched,) = torch.where(match >= 0)
        (eligible,) = torch.where((match == _UNMATCHED) & (most < self.neg_overlap))
        count = min(int(len(matched) * self.ratio), len(eligible))
        hardest = losses[eligible].argsort(descending=True, stable=True)[:count]
        return torch.cat((matched, eligible[hardest]))


def _mining(spec: LayerDefinition) -> str:
    """The choice of negatives: ``MAX_NEGATIVE`` or ``NONE``. Refuses values of the fork that are not implemented."""
    param = spec.message.multibox_loss_param
    if not param.use_prior_for_matching:
        raise spec.refuse("matches predicted boxes, which is not implemented; give `use_prior_for_matching: true`",
                          PARAM, "use_prior_for_matching")
    if param.bp_inside:
        raise spec.refuse("has `bp_inside`, which is not implemented", PARAM, "bp_inside")
    if param.HasField("nms_param"):
        raise spec.refuse("mines behind a suppression, which is not implemented", PARAM, "nms_param")
    mining: str = param.MiningType.Name(param.mining_type)
    if not param.HasField("mining_type") and not param.do_neg_mining:
        mining = "NONE"
    if mining == "HARD_EXAMPLE":
        raise spec.refuse("mines HARD_EXAMPLEs, which is not implemented; there are MAX_NEGATIVE and NONE",
                          PARAM, "mining_type")
    return mining
