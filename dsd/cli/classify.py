"""dsd-classify: classify images, or detect objects in them, as ``classification.bin`` and ``classify.py``."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.devices import Devices, one_gpu_options
from dsd.cli.shared.options import ReadOptions, option_group, read_options
from dsd.cli.shared.overwrite import check_target, force_option
from dsd.cli.shared.screen import console
from dsd.cli.shared.weights import load_all_weights

if TYPE_CHECKING:
    import numpy as np

    from dsd.classify.results import Labels, Prediction
    from netdef.graph.net import Net


@dataclass(frozen=True)
class ImageOptions:
    """Options for making the net's input of an image."""

    mean: str | None
    scale: float
    oversample: bool
    size: tuple[int, int]

    def inputs(self, path: str, shape: Sequence[int], mean: np.ndarray | None) -> np.ndarray:
        """The image of a file as a batch for an input of this shape (channels, height, width)."""
        from dsd.classify.images import ten_crops, whole_image

        if self.oversample:
            return ten_crops(path, shape, self.size, mean, self.scale)
        return whole_image(path, shape, mean, self.scale)


@dataclass(frozen=True)
class AnswerOptions:
    """The results to show."""

    labels: str | None
    top: int
    as_json: bool
    boxes: bool
    threshold: float
    force: bool


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-classify net.prototxt w.caffemodel cat.jpg --mean 104,117,123
  dsd-classify net.prototxt w.caffemodel *.jpg --mean m.npy --oversample
  dsd-classify net.prototxt w.caffemodel street.jpg --scale 0.01 --detections

\b
Images are resized to the net's input, as classification.bin does, and each
channel's average of the mean is subtracted. With --oversample the answer is
the mean over ten crops, and the mean is subtracted pixel by pixel, as
classify.py does with --raw_scale 255 --channel_swap 2,1,0. Pixels are from
0 to 255, blue first.

\b
Exit status: 0, or 1 if scores are not finite, or 2 for a mistake.""")
@click.argument("model", metavar="NET", type=click.Path())
@click.argument("weights", type=click.Path())
@click.argument("images", nargs=-1, required=True, type=click.Path())
@option_group(
    "image", ImageOptions,
    click.option("--mean", metavar="FILE|B,G,R", help="Subtract it: a .binaryproto or .npy file, or numbers."),
    click.option("--scale", default=1.0, metavar="S", help="Multiply by it, after the mean. [default: 1]"),
    click.option("--oversample", is_flag=True, help="Take the mean over ten crops of each image."),
    click.option("--size", nargs=2, default=(256, 256), show_default=True, metavar="H W", type=click.IntRange(min=1),
                 help="With --oversample: the size before crops are cut."),
)
@option_group(
    "answer", AnswerOptions,
    click.option("--labels", metavar="FILE", help="Names of the classes, a line each."),
    click.option("--top", default=5, show_default=True, metavar="N", type=click.IntRange(min=1), help="How many classes."),
    click.option("--json", "as_json", is_flag=True, help="Print JSON instead of tables."),
    click.option("--detections", "boxes", is_flag=True,
                 help="The net ends in DetectionOutput: draw boxes into copies, IMAGE_detections.png."),
    click.option("--threshold", default=0.5, show_default=True, metavar="SCORE", help="With --detections: the least score."),
    force_option,
)
@one_gpu_options
@read_options
def main(
    model: str, weights: str, images: tuple[str, ...], image: ImageOptions, answer: AnswerOptions, devices: Devices,
    read: ReadOptions,
) -> None:
    """Show what NET, a deploy file, with WEIGHTS says of IMAGES."""
    if image.oversample and answer.boxes:
        raise click.UsageError("--oversample is for classes; boxes of ten crops do not lie in one image")
    device = devices.one() or "cpu"
    targets = [Path(f"{Path(path).stem}_detections.png") for path in images] if answer.boxes else []
    if len(set(targets)) < len(targets):
        twice = next(target for target in targets if targets.count(target) > 1)
        raise click.UsageError(f"two images would have the same copy, {twice}; give them in two calls")
    for target in targets:
        check_target(target, answer.force)

    from dsd.classify.mean import read_mean
    from dsd.classify.net import image_shape
    from dsd.classify.results import Labels
    from netdef.api import load

    net = load(model, "TEST", None, device, read.level, read.stages, **read.flags)
    shape = image_shape(net)
    load_all_weights(net, [weights])
    net.freeze()
    labels = Labels.read(answer.labels) if answer.labels else Labels()
    mean = None if image.mean is None else read_mean(image.mean, shape[0])
    answers = []
    for number, path in enumerate(images):
        batch = image.inputs(path, shape, mean)
        if answer.boxes:
            found = _detect(net, batch, path, targets[number], answer, labels)
        else:
            found = _classify(net, batch, answer, labels)
        if not answer.as_json:
            _show(path, found, targets[number] if targets else None)
        answers.append({"image": path, ("detections" if answer.boxes else "predictions"): [one.as_dict() for one in found]})
    if answer.as_json:
        click.echo(json.dumps(answers, indent=1))


def _classify(net: Net, batch: np.ndarray, answer: AnswerOptions, labels: Labels) -> list[Prediction]:
    from dsd.classify.net import scores
    from dsd.classify.results import best

    found = scores(net, batch)
    labels.check(len(found))
    return best(found, answer.top, labels)


def _detect(
    net: Net, batch: np.ndarray, path: str, target: Path, answer: AnswerOptions, labels: Labels
) -> Sequence[Prediction]:
    from dsd.classify.net import detection_rows
    from dsd.classify.results import detections, draw
    from netdef.data.images.image_file import read_image

    size = read_image(path).shape[1:]
    found = detections(detection_rows(net, batch), size, answer.threshold, labels)
    draw(path, found, target)
    return found


def _show(path: str, found: Sequence[Prediction], target: Path | None) -> None:
    from rich.table import Table
    from rich.text import Text

    from dsd.classify.results import Detection

    table = Table(title=Text(path if target is None else f"{path} -> {target}"), title_justify="left")
    table.add_column("score", justify="right")
    table.add_column("class", justify="right")
    table.add_column("label")
    if target is not None:
        table.add_column("left, top, right, bottom", justify="right")
    for one in found:
        box = [", ".join(f"{side:.0f}" for side in one.box)] if isinstance(one, Detection) else []
        table.add_row(f"{one.score:.4f}", str(one.index), Text(one.label), *box)
    console().print(table)


if __name__ == "__main__":
    main()
