"""Open a net and its weights from Caffe's files, of any age."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass

from netdef.convert.edits.cut import cut_to
from netdef.convert.edits.deploy import deployed, has_data_layers
from netdef.convert.embedded import embedded_net
from netdef.convert.input_shapes import input_shapes, way_out
from netdef.convert.options import OpenOptions
from netdef.definition.definitions import NetDefinition
from netdef.definition.filter import filter_net
from netdef.definition.read import read_net
from netdef.definition.rewrite import old_parts
from netdef.errors import FileError, NetdefError, Note, SpecError
from netdef.graph.build import build_net
from netdef.graph.net import Net
from netdef.text.load import load_source
from netdef.weights.load import LoadReport, load_weights


@dataclass(frozen=True)
class Model:
    """A net with its weights; the old parts found in its text, and the load report of each weight file."""

    net: Net
    changes: tuple[Note, ...]
    loaded: tuple[LoadReport, ...]


def open_model(text: str | None, weights: Sequence[str | os.PathLike[str]], options: OpenOptions) -> Model:
    """Read a net file and load its weight files; without ``text``, use the net stored in the first weight file.

    Raises `SpecError` for mistakes in the text, `FileError` for weights that are damaged or belong to another net.
    """
    spec = filter_net(read_definition(text, weights, options), options.phase, options.level, options.stages)
    changes = old_parts(load_source(text)) if text is not None else ()
    try:
        net = build_net(spec, fill=not weights)
    except SpecError as wrong:
        # Complaints about the net in a weight file have no places, so they do not name the file.
        error = wrong if text is not None else FileError(f"{weights[0]}: the net that it carries cannot be built\n{wrong}")
        if not has_data_layers(spec):
            raise error from None
        raise NetdefError(f"{error}\n{way_out(spec, weights)}") from error
    loaded = tuple(load_weights(net, path) for path in weights)
    if weights:
        _check_all_loaded(net, text or str(weights[0]), loaded, options.partial)
    return Model(net, changes, loaded)


def read_definition(
    text: str | None, weights: Sequence[str | os.PathLike[str]], options: OpenOptions
) -> NetDefinition:
    """The net of a text or, without one, of the first weight file.

    Filtered for its phase if it is deployed or cut; otherwise it keeps the layers of all phases.
    """
    embedded = embedded_net(weights[0]) if text is None else None
    if embedded is not None:
        spec = embedded.spec
    elif text is not None:
        spec = read_net(text, lenient=options.lenient, allow_python=options.allow_python)
    deploy = options.deploy or bool(options.shapes)
    if deploy or options.outputs:
        spec = filter_net(spec, options.phase, options.level, options.stages)
    if deploy:
        spec = deployed(spec, input_shapes(spec, options.shapes, weights))
    if options.outputs:
        spec = cut_to(spec, options.outputs)
    if embedded is not None:
        embedded.check_read(spec)
    return spec


def _check_all_loaded(net: Net, text: str, loaded: Sequence[LoadReport], partial: bool) -> None:
    """Raise `FileError` if no layer was loaded or, unless ``partial``, if any was not; fill the missing ones."""
    used = {layer for report in loaded for layer in report.used}
    left = ", ".join(dict.fromkeys(layer for report in loaded for layer in report.only_in_file))
    if not used:
        raise FileError(f"{loaded[0].path}: is of another net than {text}: no layer with weights has the same name; "
                        f"the net's are {', '.join(net.params) or 'none'}, the file's {left or 'none'}")
    missing = [layer for layer in loaded[-1].only_in_net if all(layer in report.only_in_net for report in loaded)]
    if missing and not partial:
        raise FileError(
            f"{loaded[0].path}: has no weights for {', '.join(f'`{layer}`' for layer in missing)} of {text}"
            f"{f'; it has others, of {left}' if left else ''}. --partial fills them as for training")
    net.fill(missing)
