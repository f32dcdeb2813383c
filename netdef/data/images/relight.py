"""Light changed at random along the principal components of colours. Of hyojinie's fork (Kim et al. 2017), after AlexNet."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from netdef.definition.definitions import LayerDefinition

_FIELD = "transform_param"
_KINDS = {"constant", "uniform", "gaussian"}


@dataclass(frozen=True)
class Relight:
    """Numbers added to the channels of an image after mean and scale, in TEST, too.

    ``relight_filler`` draws a number for each component; channel c gets the sum over components k of that number times
    ``eigen_value`` k times number c of the k-th row of ``eigen_vector_component``.
    """

    components: np.ndarray  # a row each, times its eigenvalue
    kind: str
    first: float  # value, least number or mean
    second: float  # greatest number, or standard deviation

    def draws(self, generator: np.random.Generator, count: int) -> np.ndarray:
        """Draw the numbers of the components for ``count`` images."""
        shape = count, len(self.components)
        if self.kind == "uniform":
            return generator.uniform(self.first, self.second, shape)
        return np.full(shape, self.first) if self.kind == "constant" else generator.normal(self.first, self.second, shape)

    def shift(self, draws: np.ndarray) -> np.ndarray:
        """Compute what is added to the channels of an image, (channels, 1, 1), from its row of `draws`."""
        return (draws @ self.components)[:, None, None].astype(np.float32)


def read_relight(spec: LayerDefinition) -> Relight | None:
    """The changes of light that a layer asks for; None if it asks for none. Raises `SpecError`."""
    param = spec.message.transform_param
    values = list(param.eigen_value)
    if not values:
        return None
    if len(param.eigen_vector_component) != len(values) ** 2:
        raise spec.refuse(f"has {len(values)} `eigen_value` and {len(param.eigen_vector_component)} `eigen_vector_component`; it "
                          f"wants {len(values) ** 2}", _FIELD, "eigen_value")
    message = param.relight_filler
    if message.type not in _KINDS:
        raise spec.refuse(f"has a `relight_filler` of type `{message.type}`; known are {', '.join(sorted(_KINDS))}", _FIELD,
                          "relight_filler")
    bounds = {"constant": (message.value, 0.0), "uniform": (message.min, message.max), "gaussian": (message.mean, message.std)}
    vectors = np.array(param.eigen_vector_component).reshape(len(values), -1)
    return Relight(vectors * np.array(values)[:, None], message.type, *bounds[message.type])
