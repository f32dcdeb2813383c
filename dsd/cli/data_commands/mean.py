"""dsd-data mean: the mean image of a database."""

from __future__ import annotations

from pathlib import Path

import click

from dsd.cli.data_commands.output import mean_of, save_mean
from dsd.cli.shared.command import Command
from dsd.cli.shared.overwrite import check_target, force_option


@click.command(cls=Command, epilog="""\b
Example:
  dsd-data mean train_lmdb mean.binaryproto""")
@click.argument("database", type=click.Path(path_type=Path))
@click.argument("output", required=False, type=click.Path(path_type=Path))
@click.option("--backend", hidden=True, help="Not needed: a database says itself which kind it is.")
@force_option
def mean(database: Path, output: Path | None, backend: str | None, force: bool) -> None:
    """Write the mean of a database's images as a .binaryproto, and print each channel's, as compute_image_mean."""
    check_target(output, force)
    image = save_mean(database, output) if output else mean_of(database)
    for channel, value in enumerate(image.mean(axis=(1, 2), dtype="float64")):
        click.echo(f"mean_value channel [{channel}]: {value:g}")
