"""The divisor of a summed loss, and the label that it ignores."""

from __future__ import annotations

from torch import Tensor

from netdef.definition.definitions import LayerDefinition


class Normalizer:
    """``loss_param``: the divisor of the summed loss, and the label to ignore.

    FULL divides by the number of predictions, VALID by those whose label is not ignored, BATCH_SIZE by ``batch`` (the
    count of the axes before the class axis), NONE by 1, PRE_FIXED by ``pre_fixed_normalizer``. No divisor is below 1.
    The old ``normalize`` means VALID or BATCH_SIZE and is overruled by ``normalization``.
    """

    def __init__(self, spec: LayerDefinition, default: str):
        param = spec.message.loss_param
        if param.HasField("normalization"):
            default = param.NormalizationMode.Name(param.normalization)
        elif param.HasField("normalize"):
            default = "VALID" if param.normalize else "BATCH_SIZE"
        self.mode = default
        self.fixed: float = param.pre_fixed_normalizer
        self.ignore_label: int | None = param.ignore_label if param.HasField("ignore_label") else None

    def ignored(self, labels: Tensor) -> Tensor | None:
        """True where a label, truncated to an integer, is ``ignore_label``; None if there is none."""
        return None if self.ignore_label is None else labels.long() == self.ignore_label

    def reduce(self, losses: Tensor, batch: int, ignored: Tensor | None) -> Tensor:
        """The sum of ``losses``, one a prediction and 0 where ``ignored``, over the divisor."""
        count = losses.numel()
        if self.mode == "VALID" and ignored is not None:
            return losses.sum() / (count - ignored.sum()).clamp(min=1)
        if self.mode in ("FULL", "VALID") and count:
            return losses.mean()  # one kernel each way instead of two
        return losses.sum() / max(1, {"BATCH_SIZE": batch, "PRE_FIXED": self.fixed}.get(self.mode, 1))
