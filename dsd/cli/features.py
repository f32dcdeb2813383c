"""dsd-features: blobs of a net for its own data, as ``extract_features``."""

from __future__ import annotations

from pathlib import Path

import click

from dsd.cli.common import (
    Command,
    device_options,
    force_option,
    gpu_ids,
    lenient_option,
    names,
    progress,
    python_option,
    refuse_existing,
    state_options,
)

HDF5 = (".h5", ".hdf5")


@click.command(cls=Command, epilog="""\b
Examples:
  dsd-features --model=train_val.prototxt --weights=w.caffemodel --blobs=ip1,prob --batches=10 --out=features.h5
  dsd-features --model=train_val.prototxt --weights=w.caffemodel --blobs=ip1,label --batches=10 \\
               --out=ip1_lmdb,label_lmdb
\b
An HDF5 file holds a data set a blob. Databases are one a blob: float datums, keys of ten digits.""")
@click.option("--model", required=True, type=click.Path(), help="The net file; its TEST phase gives the data.")
@click.option("--weights", required=True, metavar="A,B", help="Weight files, of any kind.")
@click.option("--blobs", required=True, metavar="A,B", help="The blobs to write.")
@click.option("--batches", required=True, type=click.IntRange(min=1), help="Of how many batches.")
@click.option("--out", required=True, metavar="PATHS", help="One .h5 file, or a database for each blob: A,B.")
@click.option("--backend", default="lmdb", show_default=True, help="Which kind of database.",
              type=click.Choice(["lmdb", "leveldb"], case_sensitive=False))
@click.option("--phase", default="TEST", show_default=True, type=click.Choice(["TRAIN", "TEST"]), help="Another phase.")
@device_options
@state_options
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="For whatever the net draws.")
@force_option
@lenient_option
@python_option
def main(
    model: str, weights: str, blobs: str, batches: int, out: str, backend: str, phase: str, gpu: str | None,
    device: str | None, level: int, stages: tuple[str, ...], seed: int, force: bool, lenient: bool, allow_python: bool,
) -> None:
    """Write blobs of a trained net, for the data of its own data layers."""
    if gpu and device:
        raise click.UsageError("give --gpu or --device, not both")
    ids = gpu_ids(gpu)
    if len(ids) > 1:
        raise click.UsageError("dsd-features runs on one GPU")
    wanted, paths = names(blobs), [Path(path) for path in names(out)]
    if not wanted:
        raise click.BadParameter("names no blob", param_hint="--blobs")
    hdf5 = len(paths) == 1 and paths[0].suffix.lower() in HDF5
    if not hdf5 and len(paths) != len(wanted):
        raise click.BadParameter(
            f"{len(wanted)} blobs need one .h5 file or {len(wanted)} databases, not {len(paths)}", param_hint="--out")
    if len(set(paths)) < len(paths):
        raise click.BadParameter("names a place twice", param_hint="--out")
    for path in paths:
        refuse_existing(path, force)
    device = f"cuda:{ids[0]}" if ids else device or "cpu"

    import torch

    import netdef
    from dsd.cli.test import take_weights
    from dsd.features.extract import check_blobs, database_sink, extract, hdf5_sink

    torch.manual_seed(seed)
    net = netdef.load(model, phase, None, device, level, stages, lenient, allow_python)
    check_blobs(net, wanted)
    take_weights(net, names(weights))
    net.feeds.configure(seed)
    sink = hdf5_sink(paths[0]) if hdf5 else database_sink(dict(zip(wanted, paths)), backend.upper(), force)
    items = 0
    with sink as target:
        for arrays in progress(extract(net, wanted, batches, torch.device(device)), "extracting", batches):
            target.write(arrays)
            items += len(arrays[wanted[0]])
    net.feeds.close()
    for path in paths:
        click.echo(f"{path}: {items:,} items")


if __name__ == "__main__":
    main()
