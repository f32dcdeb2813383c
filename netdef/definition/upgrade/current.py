"""Upgrade messages of any age to the current schema, as Caffe's UpgradeNetAsNeeded and UpgradeSolverAsNeeded do.

Places are moved along, so that errors still point at the user's line. Current messages are not changed.
"""

from __future__ import annotations

from copy import deepcopy

from netdef.definition.upgrade.batch_norm import share_batch_size, upgrade_batch_norm
from netdef.definition.upgrade.sparse_training import upgrade_sparse_training
from netdef.definition.upgrade.v0 import upgrade_v0
from netdef.definition.upgrade.v1 import upgrade_v1
from netdef.errors import Note, Problems
from netdef.schema.messages import LayerParameter, NetParameter, SolverParameter
from netdef.schema.where import Where

_SOLVER_TYPES = {
    "SGD": "SGD",
    "NESTEROV": "Nesterov",
    "ADAGRAD": "AdaGrad",
    "RMSPROP": "RMSProp",
    "ADADELTA": "AdaDelta",
    "ADAM": "Adam",
}


def upgrade_net(net: NetParameter, where: Where, problems: Problems) -> tuple[NetParameter, Where]:
    """The net in the current schema. What cannot be upgraded is added to ``problems``."""
    if net.layer and net.layers:
        note = Note("the first `layer` is here", where.name_span("layer", 0))
        problems.add(
            'the net has both `layer` and the old `layers`; write all of them as `layer { type: "Name" ... }`',
            where.name_span("layers", 0),
            note,
        )
        return net, where
    net, where = upgrade_v0(net, where, problems)
    net, where = upgrade_v1(net, where)
    net, where = _upgrade_inputs(net, where, problems)
    return share_batch_size(*upgrade_batch_norm(net, where))


def _has_volumes(layer: LayerParameter) -> bool:
    """Whether a layer is one for volumes of C3D, or of Xiaomi2008's fork, which has sizes of depths."""
    param = layer.convolution_param if layer.type in ("Convolution", "Deconvolution") else layer.pooling_param
    return layer.type.upper().endswith("3D") or param.HasField("kernel_d")


def upgrade_solver(solver: SolverParameter, where: Where, problems: Problems) -> tuple[SolverParameter, Where]:
    """The solver with ``type`` in place of ``solver_type``, and phases for a fork's sparse training.

    Nets inside it are upgraded when they are read.
    """
    solver, where = upgrade_sparse_training(solver, where, problems)
    if not solver.HasField("solver_type"):
        return solver, where
    if solver.HasField("type"):
        note = Note("`type` is given here", where.at("type"))
        problems.add("the solver has both `type` and the old `solver_type`; keep `type`", where.at("solver_type"), note)
        return solver, where
    upgraded = deepcopy(solver)
    upgraded.type = _SOLVER_TYPES[SolverParameter.SolverType.Name(solver.solver_type)]
    upgraded.ClearField("solver_type")
    return upgraded, where.replace(solver_type=[], type=where.fields.get("solver_type", ()))


def _upgrade_inputs(net: NetParameter, where: Where, problems: Problems) -> tuple[NetParameter, Where]:
    """Replace `input` with `input_shape`, or with four `input_dim` each, by an Input layer in front.

    Without any sizes the layer has none: in 2013 the program that read a net gave it the shapes, and OpenCV does so still.
    A net with layers for volumes, such as C3D's CONVOLUTION3D, may have five `input_dim` each, as there.
    """
    if not net.input:
        return net, where
    inputs, dims, shapes = len(net.input), len(net.input_dim), len(net.input_shape)
    made = {top for layer in net.layer for top in layer.top}
    twice = not dims and not shapes and made.issuperset(net.input)  # by an Input layer, too; Caffe ignores the old lines
    sizes: list[list[int]] = []
    places: list[Where] = []
    if shapes:
        if shapes != inputs:
            problems.add(
                f"the net has {inputs} `input` and {shapes} `input_shape`; give one shape an input",
                where.at("input_shape"),
            )
            return net, where
        sizes = [list(shape.dim) for shape in net.input_shape]
        places = list(where.fields.get("input_shape", ()))
    elif dims:
        each = 5 if dims == 5 * inputs and any(map(_has_volumes, net.layer)) else 4
        if dims != each * inputs:
            problems.add(
                f"the net has {inputs} `input` and {dims} `input_dim`; give four an input, or one `input_shape`",
                where.at("input_dim"),
            )
            return net, where
        sizes = [list(net.input_dim[i : i + each]) for i in range(0, dims, each)]
        given = list(where.fields.get("input_dim", ()))
        parts = (given[i : i + each] for i in range(0, dims, each))
        places = [Where(part[0].span, part[0].name, {"dim": part}) for part in parts if part]
    upgraded = deepcopy(net)
    for name in ("layer", "input", "input_dim", "input_shape"):
        upgraded.ClearField(name)
    layers = [where.child("layer", i) for i in range(len(net.layer))]
    if not twice:
        layer = upgraded.layer.add(name="input", type="Input", top=net.input)
        for size in sizes:
            layer.input_param.shape.add(dim=size)
        first = where.child("input", 0)
        shape_place = Where(where.at("input_shape" if shapes else "input_dim" if dims else "input"), None, {"shape": places})
        layers.insert(
            0, Where(first.span, first.name, {"top": where.fields.get("input", ()), "input_param": [shape_place]})
        )
    upgraded.layer.extend(net.layer)
    return upgraded, where.replace(input=[], input_dim=[], input_shape=[], layer=layers)
