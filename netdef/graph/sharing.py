"""Shared weights: ``param { name }`` within a net, and one net's weights in another (TRAIN and TEST)."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import NamedTuple

from torch import Tensor

from netdef.definition.definitions import LayerDefinition
from netdef.errors import Note, Problems, warn_at
from netdef.layers.core.base import Layer
from netdef.schema.messages import ParamSpec


@dataclass
class Learnable:
    """One entry of the solver: a blob with its multipliers, owned by the first layer that names it.

    ``lr_mult`` and ``decay_mult`` are None until some layer states them; Caffe's default is 1.
    """

    key: str  # "conv1/0": layer and blob index
    layer: Layer = field(repr=False)
    blob: str
    spec: LayerDefinition = field(repr=False)
    index: int
    lr_mult: float | None = None
    decay_mult: float | None = None

    @property
    def tensor(self) -> Tensor:
        return getattr(self.layer, self.blob)


class _Borrowed(NamedTuple):
    """A blob of a layer that belongs to another: an owner in this net, or a tensor of another net."""

    layer: Layer
    blob: str
    spec: LayerDefinition
    owner: Learnable | Tensor


class Sharing:
    """The learnable blobs of a net in Caffe's order, and the blobs that belong to other layers or nets.

    ``store`` is a net whose weights this one uses in layers of the same name.
    """

    def __init__(self, problems: Problems, store_layers: dict[str, Layer], store_phase: str):
        self.problems = problems
        self.learnable: list[Learnable] = []
        self._store_layers, self._store_phase = store_layers, store_phase
        self._borrowed: list[_Borrowed] = []
        self._borrowed_blobs: set[tuple[int, str]] = set()  # by id of the layer
        self._owners: dict[str, Learnable] = {}
        self._ignored_rates: list[tuple[LayerDefinition, int]] = []  # layers and blobs
        self._renamed: list[LayerDefinition] = []  # layers with blobs and the name of a layer before

    def add(self, layer: Layer, key: str, spec: LayerDefinition) -> None:
        """Add a layer's blobs, with the ``param`` messages that belong to them.

        Raises `SpecError` for shapes that differ from those of the other net.
        """
        params = spec.message.param
        if key != spec.name and layer.blob_names:
            self._renamed.append(spec)
        if len(params) > len(layer.blob_names):
            self.problems.add(
                f"layer `{spec.name}` ({spec.type}) has {len(layer.blob_names)} blobs, the text gives {len(params)} `param`",
                spec.span("param", len(layer.blob_names)),
            )
        for index, blob in enumerate(layer.blob_names):
            param = params[index] if index < len(params) else ParamSpec()
            owner = self._owners.get(param.name) if param.name else None
            if owner is None:
                owner = Learnable(f"{key}/{index}", layer, blob, spec, index)
                self.learnable.append(owner)
                if param.name:
                    self._owners[param.name] = owner
            else:
                self._check_shape(owner, layer, blob, spec, index, param)
                self._borrow(layer, blob, spec, owner)
            if param.HasField("param_propagate_down") and not param.param_propagate_down:
                owner.lr_mult = 0.0
            else:
                self._set_multiplier(owner, "lr_mult", spec, index, param)
            self._set_multiplier(owner, "decay_mult", spec, index, param)
            self._freeze_statistics(layer, blob, spec, index, param, owner)
        if key in self._store_layers:
            self._borrow_from_store(layer, self._store_layers[key], spec)

    def borrows(self, layer: Layer, blob: str) -> bool:
        """Whether a layer's blob is another layer's or another net's."""
        return (id(layer), blob) in self._borrowed_blobs

    def tie(self) -> None:
        """Point all borrowers to the tensors of the owners, after these are allocated."""
        for layer, blob, _, owner in self._borrowed:
            layer.share_blob(blob, owner.tensor if isinstance(owner, Learnable) else owner)

    def check_masks(self) -> None:
        """Check that all layers that share a weight have the same mask over it."""
        for layer, blob, spec, owner in self._borrowed:
            if isinstance(owner, Learnable) and layer.masks.get(blob) is not owner.layer.masks.get(owner.blob):
                self.problems.add(
                    f"layer `{layer.name}` shares the weights of `{owner.layer.name}` but not its mask; "
                    "give both the same mask bottom, or none",
                    spec.span(),
                    Note(f"`{owner.layer.name}` is here", owner.spec.span()),
                )

    def warn_ignored_rates(self) -> None:
        """Warn once about rates given for blobs that are not learned."""
        if self._ignored_rates:
            spec, index = self._ignored_rates[0]
            more = len(self._ignored_rates) - 1
            again = f" (and of {more} more blob{'s' if more > 1 else ''})" if more else ""
            warn_at(
                spec.span("param", index, "lr_mult"),
                f"layer `{spec.name}` ({spec.type}): `lr_mult` of blob {index}{again} is ignored: statistics, and what is "
                "frozen, are not learned")

    def warn_same_names(self) -> None:
        """Warn once about layers with weights whose names other layers have."""
        if self._renamed:
            first, more = self._renamed[0], len(self._renamed) - 1
            again = f" (and {more} more layer{'s' if more > 1 else ''})" if more else ""
            warn_at(
                first.span("name"),
                f"layer `{first.name}` ({first.type}){again} has the name of a layer before it: weights are stored by name, so a "
                "file keeps those of the first alone; give each layer a name of its own")

    def _borrow_from_store(self, layer: Layer, stored: Layer, spec: LayerDefinition) -> None:
        for name, mine, theirs in zip(layer.blob_names, layer.blobs, stored.blobs):
            if mine.shape != theirs.shape:
                raise spec.refuse(
                    f"has weights of shape {tuple(mine.shape)}, in the {self._store_phase} net it has {tuple(theirs.shape)}")
            self._borrow(layer, name, spec, theirs)

    def _borrow(self, layer: Layer, blob: str, spec: LayerDefinition, owner: Learnable | Tensor) -> None:
        self._borrowed.append(_Borrowed(layer, blob, spec, owner))
        self._borrowed_blobs.add((id(layer), blob))

    def _check_shape(
        self, owner: Learnable, layer: Layer, blob: str, spec: LayerDefinition, index: int, param: ParamSpec
    ) -> None:
        mine, theirs = getattr(layer, blob), owner.tensor
        permissive = param.share_mode == ParamSpec.PERMISSIVE
        if (mine.numel() != theirs.numel()) if permissive else (mine.shape != theirs.shape):
            self.problems.add(
                f"layer `{spec.name}` cannot share param `{param.name}`: its blob {index} has shape {tuple(mine.shape)}, "
                f"that of its owner `{owner.spec.name}` {tuple(theirs.shape)}",
                spec.span("param", index, "name"),
                Note(f"`{param.name}` is first named here", owner.spec.span("param", owner.index, "name")),
            )

    def _set_multiplier(self, owner: Learnable, field: str, spec: LayerDefinition, index: int, param: ParamSpec) -> None:
        if not param.HasField(field):
            return
        stated, known = getattr(param, field), getattr(owner, field)
        if known is None:
            setattr(owner, field, stated)
        elif known != stated:
            self.problems.add(
                f"shared param `{param.name}` has {field} {stated:g} in layer `{spec.name}`, but {known:g} elsewhere",
                spec.span("param", index, field),
                Note(f"`{param.name}` is first named here", owner.spec.span("param", owner.index, "name")),
            )

    def _freeze_statistics(
        self, layer: Layer, blob: str, spec: LayerDefinition, index: int, param: ParamSpec, owner: Learnable
    ) -> None:
        """Set the multipliers of statistics, and of what a layer has frozen, to 0."""
        if blob in dict(layer.named_buffers(recurse=False)):
            if param.HasField("lr_mult") and param.lr_mult != 0 and not layer.updates_itself:
                self._ignored_rates.append((spec, index))
            owner.lr_mult = owner.decay_mult = 0.0
