"""Find the weights of a module that can be pruned."""

from __future__ import annotations

import copy
import sys
from collections.abc import Callable, Collection, Sequence
from fnmatch import fnmatchcase
from functools import partial

from torch import Tensor, nn
from torch.nn.modules.conv import _ConvNd, _ConvTransposeNd
from torch.nn.parallel import DataParallel, DistributedDataParallel
from torch.nn.parameter import UninitializedParameter

from dsd.attached.phases import AttachedPhase, AttachError
from dsd.masks.mask import NamedWeight
from netdef.errors import among
from netdef.layers.core.channels import ChannelLayout

Chooses = Callable[[str, nn.Module], bool]
"""Whether the weights of a module (its name, the module) are pruned without being named."""


def unwrapped(model: nn.Module) -> nn.Module:
    """The module inside `torch.compile`, DistributedDataParallel and DataParallel, whose names its state dict has."""
    while True:
        if isinstance(model, DistributedDataParallel | DataParallel):
            model = model.module
        elif isinstance(inner := getattr(model, "_orig_mod", None), nn.Module):
            model = inner
        else:
            return model


def named_weights(
    model: nn.Module, trained: Collection[Tensor], chooses: Chooses | None = None
) -> list[NamedWeight]:
    """The weights that phases can prune: of convolutions, Linear, recurrent layers and MultiheadAttention.

    By default those in ``trained`` are pruned, except the first convolution's, as in the DSD paper, and except weights that
    other modules (an Embedding) share. If ``chooses`` is given it decides instead, about every module with a weight of two
    axes or more. A weight's key is its name in the state dict, its layer the name of its module.
    Raises `AttachError` for weights that are not whole on this process, or have no shape yet.
    """
    first = next((module for module in model.modules() if isinstance(module, _ConvNd)), None)
    found: dict[Tensor, NamedWeight] = {}
    shared = set()  # tensors that some module uses as another kind of parameter
    for path, module in model.named_modules():
        own = path.replace("._orig_mod", "")  # of compiled parts
        chosen = chooses is not None and chooses(own, module)
        layer = own or type(module).__name__
        for name, tensor in module.named_parameters(recurse=False):
            if not ((chosen and tensor.ndim > 1) or _is_weight(module, name)):
                shared.add(tensor)
            elif tensor not in found:
                key = f"{own}.{name}" if own else name
                _check(key, tensor)
                usual = (chosen if chooses else module is not first) and tensor.requires_grad and tensor in trained
                label = layer if name == "weight" else f"{layer}.{name}"
                found[tensor] = NamedWeight(
                    key, layer, label, tensor, _layout(module).by_channel, usual=usual, fill=_fill_of(module, name))
    return [weight for tensor, weight in found.items() if chooses or tensor not in shared]


def check_patterns(phases: Sequence[AttachedPhase], layers: Sequence[str]) -> None:
    """Raise `AttachError` for patterns of phases that match no layer with weights."""
    for phase in phases:
        for pattern in (*(name for name, _ in phase.layers), *phase.exclude):
            if not any(fnmatchcase(layer, pattern) for layer in layers):
                raise AttachError(
                    f"phase `{phase.name}`: no layer `{pattern}` in the model has weights that can be pruned"
                    f"{among(pattern, layers, 'these have:')}")


def _is_weight(module: nn.Module, name: str) -> bool:
    if isinstance(module, _ConvNd | nn.Linear):
        return name == "weight"
    if isinstance(module, nn.MultiheadAttention):
        return name.endswith("proj_weight")
    return isinstance(module, nn.RNNBase | nn.RNNCellBase) and name.startswith("weight_")


def _layout(module: nn.Module) -> ChannelLayout:
    return ChannelLayout(1, module.groups) if isinstance(module, _ConvTransposeNd) else ChannelLayout()


def _check(key: str, tensor: Tensor) -> None:
    """Raise `AttachError` for a weight that cannot be ranked here."""
    if isinstance(tensor, UninitializedParameter):
        raise AttachError(f"`{key}` has no shape yet; run the model on a batch before attaching")
    sharded = sys.modules.get("torch.distributed.tensor")  # if it was not imported, nothing is sharded
    if (sharded and isinstance(tensor, sharded.DTensor)) or getattr(tensor, "_is_flat_param", False):
        raise AttachError(
            f"`{key}` is sharded over processes (FSDP or tensor parallel): its masks cannot be chosen on one of them."
            " Train with DistributedDataParallel, where each process has whole weights")
    if not tensor.is_floating_point():
        raise AttachError(f"`{key}` is of {tensor.dtype}; masks are for floating-point weights")


def _fill_of(module: nn.Module, name: str) -> Callable[[Tensor], object] | None:
    """A function that fills a tensor with new first values, from the module's ``reset_parameters``; None if it has none."""
    reset = "_reset_parameters" if isinstance(module, nn.MultiheadAttention) else "reset_parameters"
    return partial(_fill, module, name, reset) if hasattr(module, reset) else None


def _fill(module: nn.Module, name: str, reset: str, drawn: Tensor) -> None:
    twin = copy.deepcopy(module).to(drawn.device, drawn.dtype)
    getattr(twin, reset)()
    drawn.copy_(twin.get_parameter(name).detach())
