"""dsd-features: blobs of a net for its own data, as ``extract_features``."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.devices import Devices, one_gpu_options
from dsd.cli.shared.options import NAMES, ReadOptions, option_group, read_options
from dsd.cli.shared.overwrite import check_target, force_option, refuse_existing
from dsd.cli.shared.screen import progress
from dsd.cli.shared.weights import load_all_weights

if TYPE_CHECKING:
    from netdef.definition.definitions import PhaseName

_HDF5 = (".h5", ".hdf5")


@dataclass(frozen=True)
class OutOptions:
    """The blobs to write, and where: one HDF5 file, or a database for each."""

    blobs: tuple[str, ...]
    out: tuple[str, ...]
    backend: str
    force: bool

    @property
    def paths(self) -> list[Path]:
        """``out`` as paths."""
        return [Path(path) for path in self.out]

    @property
    def is_hdf5(self) -> bool:
        """True if all blobs go to one HDF5 file."""
        return len(self.out) == 1 and self.paths[0].suffix.lower() in _HDF5

    def check(self) -> None:
        """Raise if the outputs do not match the blobs, or exist."""
        blobs = self.blobs
        if not blobs:
            raise click.BadParameter("names no blob; give names such as ip1,prob", param_hint="--blobs")
        if not self.is_hdf5 and len(self.out) != len(blobs):
            raise click.BadParameter(
                f"{len(blobs)} blobs need one .h5 file or {len(blobs)} databases, not {len(self.out)}", param_hint="--out")
        if len(set(self.paths)) < len(self.out):
            twice = next(path for path in self.paths if self.paths.count(path) > 1)
            raise click.BadParameter(f"names {twice} twice; each blob needs a place of its own", param_hint="--out")
        for path in self.paths:
            (check_target if self.is_hdf5 else refuse_existing)(path, self.force)


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-features --model=train_val.prototxt --weights=w.caffemodel \\
               --blobs=ip1,prob --batches=10 --out=features.h5
  dsd-features --model=train_val.prototxt --weights=w.caffemodel \\
               --blobs=ip1,label --batches=10 --out=ip1_lmdb,label_lmdb

\b
An HDF5 file holds a data set for each blob. A database holds float datums,
its keys have ten digits.""")
@click.option("--model", required=True, metavar="NET", type=click.Path(), help="The net file; its data are used.")
@click.option("--weights", required=True, type=NAMES, metavar="A,B", help="Weight files, of any kind.")
@option_group(
    "target", OutOptions,
    click.option("--blobs", required=True, type=NAMES, metavar="A,B", help="The blobs to write."),
    click.option("--out", required=True, type=NAMES, metavar="PATHS", help="One .h5 file, or a database a blob: A,B."),
    click.option("--backend", default="lmdb", show_default=True, help="The kind of database.",
                 type=click.Choice(["lmdb", "leveldb"], case_sensitive=False)),
    force_option,
)
@click.option("--batches", required=True, metavar="N", type=click.IntRange(min=1), help="How many batches.")
@click.option("--phase", default="TEST", show_default=True, type=click.Choice(["TRAIN", "TEST"]), help="The net's phase.")
@one_gpu_options
@click.option("--seed", default=0, metavar="N", type=click.IntRange(min=0),
              help="Seed of whatever the net draws. [default: 0]")
@read_options
def main(
    model: str, weights: tuple[str, ...], target: OutOptions, batches: int, phase: PhaseName, devices: Devices, seed: int,
    read: ReadOptions,
) -> None:
    """Write blobs of a trained net, for the data of its own data layers."""
    device = devices.one() or "cpu"
    target.check()
    blobs = target.blobs

    import torch

    from dsd.features.extract import check_blobs, extract
    from dsd.features.write import database_features, hdf5_features
    from netdef.api import load

    torch.manual_seed(seed)
    net = load(model, phase, None, device, read.level, read.stages, **read.flags)
    check_blobs(net, blobs)
    load_all_weights(net, weights)
    net.feeds.configure(seed)
    if target.is_hdf5:
        writer = hdf5_features(target.paths[0])
    else:
        writer = database_features(dict(zip(blobs, target.paths)), target.backend.upper(), target.force)
    items = 0
    with writer as opened:
        for arrays in progress(extract(net, blobs, batches, torch.device(device)), "extracting", batches):
            opened.write(arrays)
            items += len(arrays[blobs[0]])
    net.feeds.close()
    for path in target.paths:
        click.echo(f"{path}: {items:,} items")


if __name__ == "__main__":
    main()
