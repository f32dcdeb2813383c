"""Python layers written as a ``torch.nn.Module``."""

from __future__ import annotations

import ast
import json
from collections.abc import Sequence
from functools import partial

import torch
from torch import Tensor, nn

from netdef.definition.definitions import LayerDefinition
from netdef.layers.core.arity import at_least
from netdef.layers.core.base import Layer
from netdef.layers.core.registry import register
from netdef.layers.core.shapes import Shape
from netdef.layers.python.caffe_layer import MORE_PARAMS, copy_into
from netdef.layers.python.user_code import Caller, find_class


def names_module(spec: LayerDefinition) -> bool:
    """Whether a Python layer's class is one of torch's."""
    return issubclass(find_class(spec), nn.Module)


@register("Python", when=names_module)
class PythonModule(Layer):
    """``python_param { module layer param_str }``: a module's ``forward(*bottoms)``, which returns a tensor for each top.

    ``param_str`` is given to its constructor: a dictionary (JSON or Python) as keyword arguments, any other text as one
    string. Its parameters are the layer's blobs in their order, with the values its constructor gave them; then its
    persistent floating buffers (running statistics), which are no learned blobs. The shapes of its tops come from a
    run on torch's ``meta`` device.
    """

    n_bottoms = at_least(0)
    n_tops = at_least(0)
    object_is_maskable = True
    depends_on_data = True

    def __init__(self, spec: LayerDefinition, shapes: Sequence[Shape]):
        super().__init__(spec, shapes)
        self.caller = Caller(spec)
        param = spec.message.python_param
        for field in MORE_PARAMS:
            if param.HasField(field):
                raise spec.refuse(f"has `{field}`; a torch.nn.Module takes `param_str` alone", "python_param", field)
        text = param.param_str
        options = _dictionary(text)
        found = find_class(spec)
        with torch.device("cpu"), self.caller.running("", building=True):
            module = found(*[text] * bool(text and options is None), **(options or {}))
        self.n_outputs = len(spec.tops)
        self.larger_is_better = bool(getattr(module, "larger_is_better", False))
        self._held = [module]  # in a list it is not a child: its tensors are the layer's, as blobs
        self._ours: dict[str, str] = {}
        kept = module.state_dict().keys()
        for name, value in module.named_parameters():
            self._take(name, value, blob=True, learnable=value.requires_grad)
        for name, value in module.named_buffers():
            self._take(name, value, blob=name in kept and value.is_floating_point(), learnable=False)
        self.maskable = tuple(name for name in self.blob_names if isinstance(getattr(self, name), nn.Parameter))
        module.to("meta")

    def _take(self, name: str, value: Tensor, *, blob: bool, learnable: bool) -> None:
        fill = partial(copy_into, value=value.detach())
        if blob:
            ours = f"blob{len(self.blob_names)}"
            self.add_blob(ours, value.shape, fill, learnable=learnable)
        else:
            ours = f"constant{len(self._ours)}"
            self.register_buffer(ours, torch.empty_like(value, device="meta"), persistent=False)
            self.fills[ours] = fill
        self._ours[name] = ours

    def forward(self, *bottoms: Tensor) -> tuple[Tensor, ...]:
        (module,) = self._held
        module.train(self.training)
        tensors = {name: self.blob(ours) for name, ours in self._ours.items()}
        building = any(x.is_meta for x in (*bottoms, *tensors.values()))
        with self.caller.running(".forward", building):
            tops = torch.func.functional_call(module, tensors, bottoms)
        tops = (tops,) if isinstance(tops, Tensor) else tuple(tops)
        if len(tops) != self.n_outputs or not all(isinstance(top, Tensor) for top in tops):
            raise self.caller.error(
                f"its forward must return {self.n_outputs} tensors, one a top; it returned "
                f"{', '.join(type(top).__name__ for top in tops) or 'none'}", building)
        return tops


def _dictionary(text: str) -> dict | None:
    """Parse a dictionary with string keys from JSON or Python text; None for any other text."""
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(text)
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            continue
        if isinstance(value, dict) and all(isinstance(key, str) for key in value):
            return value
    return None
