"""Make a table of published models: opened, run against recorded outputs of Caffe, converted and compared.

    python tools/published_models.py MODELS [REFERENCE]

A folder of MODELS is a model: prototxts and weights; without weights, random ones are taken; without both it is left out.
REFERENCE has ``<model>.npz`` or ``<model>.<weights>.npz``, outputs of the original Caffe as `dsd-convert --reference` takes
them. Differences are the largest, over the blob's range.
"""

from __future__ import annotations

import itertools
import sys
import tempfile
import warnings
from collections.abc import Iterator
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent.parent))

import numpy as np
import torch
from torch import Tensor, nn

from netdef.convert.inputs import own_batch
from netdef.convert.open import Model, open_model
from netdef.convert.options import OpenOptions
from netdef.convert.verify import compare_with_recorded
from netdef.convert.write import Verification, convert
from netdef.errors import NetdefError
from netdef.graph.net import Net
from netdef.layers.batch_norm import BatchNorm

TEXTS = ("deploy.prototxt", "train_test.prototxt")
FORMS = ("py", "onnx", "pt2", "caffemodel", "caffemodel.h5", "safetensors")


def main(models: Path, references: Path | None) -> None:
    warnings.simplefilter("ignore")
    print("| model | weights | parameters | against Caffe | " + " | ".join(f".{form}" for form in FORMS) + " |")
    print("|---|---|---:|---:|" + "---:|" * len(FORMS))
    for folder in sorted(path for path in models.iterdir() if path.is_dir()):
        found = sorted(path for path in folder.iterdir() if ".caffemodel" in path.name)
        has_text = any((folder / name).exists() for name in TEXTS)
        for weights in [*found, *([None] if has_text and not found else [])]:
            name = weights.name if weights else "random"
            print(f"| {folder.name} | {name} | " + " | ".join(cells(folder, weights, references)) + " |", flush=True)


def cells(folder: Path, weights: Path | None, references: Path | None) -> Iterator[str]:
    stem = weights.name.partition(".")[0] if weights else ""
    texts = [path for name in (f"{stem}.prototxt", *TEXTS) if (path := folder / name).exists()]
    kind = ".h5" if weights and weights.suffix == ".h5" else ""
    named = [f"{folder.name}.{name}npz" for name in (f"{stem}.derived.", f"{stem}{kind}.", "")]
    found = next((references / name for name in named if (references / name).exists()), None) if references else None
    try:
        model = opened(texts, weights, found)
    except NetdefError as error:
        yield f"refused: {str(error).splitlines()[0].rpartition('/')[2]}"
        return
    yield f"{sum(blob.numel() for blobs in model.net.params.values() for blob in blobs):,}"
    yield largest(compare_with_recorded(model.net, found)) if found else ""
    with tempfile.TemporaryDirectory() as place:
        for form in FORMS:
            try:
                verification = Verification({"random": own_batch(model.net)}, tolerance=1.0)
                outcome = convert(model.net, model.net, Path(place) / f"x.{form}", folder.name, verification)
                yield largest([d for numbers in outcome.numbers.values() for d in numbers])
            except NetdefError as error:
                yield "no: " + ("the answer depends on the data" if "DetectionOutput" in str(error) else str(error)[:60])


def opened(texts: list[Path], weights: Path | None, reference: Path | None) -> Model:
    """The model, with the first text that its weights fit, or the net within them; one for training with inputs in
    place of its data."""
    shape = np.load(reference)["input"].shape if reference else (1, 1, 28, 28)
    ways = [OpenOptions(), *(OpenOptions(shapes={name: shape}) for name in ("data", "Data1"))]
    complaints = []
    for text, how in itertools.product([*map(str, texts), None], ways):
        try:
            if weights:
                return open_model(text, [weights], how)
            if text:
                model = open_model(text, [], how)
                draw_weights(model.net)
                return model
        except NetdefError as error:
            complaints.append(error)
    raise complaints[0]


@torch.no_grad()
def draw_weights(net: Net) -> None:
    """Draw the weights that the fillers leave 0, and scale those of each layer so that its top has variance 1.

    Statistics become 0 and 1.
    """
    torch.manual_seed(0)
    hooks = []
    for layer in net.layers.values():
        if isinstance(layer, BatchNorm):
            layer.variance_sum.fill_(1)
            layer.factor.fill_(1)
        for blob in layer.blobs:
            if blob.ndim > 1 and not blob.any():
                blob.normal_()
        if layer.folding_param():
            hooks.append(layer.register_forward_hook(_scale))
    net.activations(**own_batch(net))
    for hook in hooks:
        hook.remove()


def _scale(layer: nn.Module, bottoms: tuple[Tensor, ...], tops: Tensor | tuple[Tensor, ...]) -> Tensor | tuple[Tensor, ...]:
    """Divide weights and tops by the standard deviation of the first top."""
    first = tops if isinstance(tops, Tensor) else tops[0]
    spread = float(first.std())
    if not 0 < spread < torch.inf:
        return tops
    for blob in layer.parameters():
        blob.div_(spread)
    return tops / spread if isinstance(tops, Tensor) else tuple(top / spread for top in tops)


def largest(numbers: list) -> str:
    return f"{max(d.relative for d in numbers):.0e}"


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]) if len(sys.argv) > 2 else None)
