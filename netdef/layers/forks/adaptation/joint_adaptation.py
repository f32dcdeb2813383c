"""JMMDLoss: how far apart two sets of items are in features and classes together. Of JAN (Long et al. 2017), on a GPU there."""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import between, exactly
from netdef.layers.core.checks import check_above_zero, check_positive, refuse_shapes
from netdef.layers.core.labels import check_classes
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.forks.adaptation.domain_adaptation import MMDLoss, pairs, squared_distances


@register("JMMDLoss")
class JMMDLoss(MMDLoss):
    """`MMDLoss`, each kernel times one of classes.

    Bottoms: features of both sets, probabilities of both, and labels of the first. With two bottoms the kernel of classes is 1.
    PROB_RBF compares probabilities: the sum of ``label_kernel_num`` kernels ``exp(-d^2 / s)``, s ``label_kernel_mul`` times that
    of the one before, and the middle one's ``sigma``. ONE_OF_K_RBF has one kernel, and labels in place of the first set's
    probabilities; two labels that differ have exp(-1). IDENTIFY is 1 where the class of one item, its label or the greatest of
    its probabilities, is the label or has the greatest probability of the other, else 0. With ``auto_sigma`` ``sigma`` is the
    mean of ``d^2`` over pairs drawn from all items.

    Both tops are the mean over the draws; in the fork they are 0. Gradients are those of the fork: the first top's reaches
    features alone; the second's reaches probabilities, with ``label_back_propagate``, as if the kernel of classes were
    ``exp(-d^2 / sigma)``, whichever it is.
    """

    n_bottoms = between(2, 5)
    n_tops = exactly(2)
    param = "jmmd_param"

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes[:2])
        param = spec.message.jmmd_param
        self.mode: str = param.LabelKernelMode.Name(param.label_kernel_mode)
        self.learns_classes: bool = param.label_back_propagate
        wanted = 5 if self.learns_classes or self.mode != "PROB_RBF" else 4
        if (len(shapes) > 2 or self.learns_classes) and len(shapes) < wanted:
            raise spec.refuse(f"has {len(shapes)} bottoms; `label_kernel_mode: {self.mode}`"
                              f"{' with `label_back_propagate`' * self.learns_classes} wants {wanted}", "bottom")
        for index in (2, 3):
            if len(shapes) > 2 and (len(shapes[index]) < 2 or shapes[index][0] != shapes[index - 2][0]
                                    or shapes[index][1:] != shapes[2][1:]):
                raise refuse_shapes(spec, shapes, index, "there must be equally many probabilities for each item")
        self.sigma: float | None = None if param.auto_sigma else param.sigma
        if self.sigma is not None and len(shapes) > 2 and (self.learns_classes or self.mode != "IDENTIFY"):
            check_above_zero(spec, self.sigma, self.param, "sigma")
        check_positive(spec, param.label_kernel_num, self.param, "label_kernel_num")
        check_above_zero(spec, param.label_kernel_mul, self.param, "label_kernel_mul")
        count = param.label_kernel_num
        self.widths = [param.label_kernel_mul ** (i - count // 2) for i in range(count)]

    def top_shapes(self, bottoms: Sequence[Shape]) -> Sequence[Shape]:
        return [(), ()]

    def forward(self, source: Tensor, target: Tensor, *classes: Tensor) -> tuple[Tensor, Tensor]:  # type: ignore[override]
        n, m = len(source), len(target)
        if min(n, m) < 2:
            nothing = (source.sum() + target.sum()) * 0
            return nothing, nothing.detach()
        kernels = self.kernels(torch.cat((source.flatten(1), target.flatten(1))))
        probabilities = torch.cat([x.flatten(1) for x in classes[:2]]) if classes else kernels.new_zeros(n + m, 1)
        distances = squared_distances(probabilities)
        sigma = self._sigma(distances.detach())
        weights = self._draws(n, m, kernels)
        if classes:
            weights = weights * self.alike(distances.detach(), sigma, probabilities.detach(), n, classes[2:])
        features = (weights * kernels).sum()
        if not self.learns_classes:
            return features, features.detach()
        slope = (weights * kernels.detach() * -distances / sigma).sum()
        return features, features.detach() + slope - slope.detach()

    def _sigma(self, distances: Tensor) -> Tensor:
        """The width of the kernel of classes."""
        if self.sigma is not None:
            return distances.new_tensor(self.sigma)
        first, second = pairs(len(distances), len(distances), distances.device)
        return distances[first, second].mean()

    def _draws(self, n: int, m: int, like: Tensor) -> Tensor:
        """The weight of each pair of items: each draw adds a share for two items of one set, and takes one for one of each."""
        draws, weights = max(n, m), torch.zeros_like(like)
        (s, s2), (t, t2) = pairs(n, draws, like.device), pairs(m, draws, like.device)
        part = like.new_full((draws,), 1 / draws)
        for row, column, sign in ((s, s2, 1), (s, n + t2, -1), (n + t, s2, -1), (n + t, n + t2, 1)):
            weights.index_put_((row, column), sign * part, accumulate=True)
        return weights

    def alike(self, distances: Tensor, sigma: Tensor, probabilities: Tensor, n: int, labels: Sequence[Tensor]) -> Tensor:
        """The kernel of classes of all pairs of items."""
        if self.mode == "PROB_RBF":
            return torch.stack([(-distances / (sigma * width)).exp() for width in self.widths]).sum(0)
        found = labels[0].detach().flatten().long()
        check_classes(self, found, probabilities.shape[1])
        same = found[:, None] == found
        if self.mode == "ONE_OF_K_RBF":
            one_hot = torch.nn.functional.one_hot(found, probabilities.shape[1]).to(probabilities)
            kernel = (-squared_distances(torch.cat((one_hot, probabilities[n:]))) / sigma).exp()
            kernel[:n, :n] = torch.where(same, 1.0, torch.exp(torch.tensor(-1.0)).item()).to(kernel)
            return kernel
        greatest = probabilities == probabilities.amax(1, keepdim=True)
        named = torch.cat((found, probabilities[n:].argmax(1)))
        kernel = greatest[:, named].t().to(probabilities)
        kernel[:n, :n] = same.to(kernel)
        kernel[n:, :n] = kernel[:n, n:].t()
        return kernel
