"""dsd-data: make, average, show and check databases for Data layers."""

from __future__ import annotations

import click

from dsd.cli.data_commands.cifar import cifar
from dsd.cli.data_commands.idx import idx
from dsd.cli.data_commands.images import images
from dsd.cli.data_commands.mean import mean
from dsd.cli.data_commands.show import show
from dsd.cli.data_commands.verify import verify
from dsd.cli.shared.command import Group


@click.group(cls=Group, epilog="""\b
Examples:
  dsd-data images train/ train_lmdb --resize_height 256 --resize_width 256
  dsd-data images images/ train.txt train_lmdb --shuffle
  dsd-data idx images-idx3-ubyte.gz labels-idx1-ubyte.gz train_lmdb
  dsd-data cifar cifar-10-batches-bin models/cifar10_quick
  dsd-data mean train_lmdb mean.binaryproto
  dsd-data show train_lmdb --save first.png
  dsd-data verify train_lmdb

\b
dsd-data COMMAND --help says more.""")
def main() -> None:
    """Make, average, show and check the databases that Data layers read."""


for command in (images, idx, cifar, mean, show, verify):
    main.add_command(command)

if __name__ == "__main__":
    main()
