"""Load the weights of a trained net from files that a user names."""

from __future__ import annotations

import warnings
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from netdef.errors import FileError

if TYPE_CHECKING:
    from netdef.graph.net import Net


def load_all_weights(net: Net, files: Sequence[str]) -> None:
    """Load weight files in turn, and warn of layers without weights in any of them, which stay random.

    Raises `FileError` for a file without weights for this net.
    """
    from netdef.weights.load import NothingLoadedWarning, load_weights

    missing = dict.fromkeys(net.params)
    for file in files:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore", NothingLoadedWarning)  # it is an error here
            report = load_weights(net, file)
        if net.params and not report.used:
            has = ", ".join(report.only_in_file) or "nothing"
            raise FileError(f"{file}: has none of the net's layers; it has {has}")
        if report.only_in_file:
            click.echo(report, err=True)
        for layer in report.used:
            missing.pop(layer, None)
    if missing:
        layers = ", ".join(f"`{layer}`" for layer in missing)
        click.echo(f"warning: no file has weights for {layers}: they are as the fillers drew them", err=True)
