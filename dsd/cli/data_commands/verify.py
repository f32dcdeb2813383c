"""dsd-data verify: decode all records of a database."""

from __future__ import annotations

from pathlib import Path

import click

from dsd.cli.shared.command import Command
from dsd.cli.shared.screen import progress
from netdef.errors import NetdefError


class VerifyError(NetdefError):
    """A database with damaged records, or records of several shapes. Exit status 1: a result, not a usage error."""

    exit_status = 1


@click.command(cls=Command, epilog="""\b
Example:
  dsd-data verify train_lmdb

\b
Exit status: 0, or 1 if a record cannot be decoded or shapes differ, or 2 for
a mistake.""")
@click.argument("database", type=click.Path(path_type=Path))
def verify(database: Path) -> None:
    """Decode every record of a DATABASE, and check that all are whole and of one shape."""
    from netdef.data.databases.survey import decoded_items, survey

    found = survey(progress(decoded_items(database), database.name))
    click.echo(f"{database}: {found.summary()}")
    if problems := found.problems():
        raise VerifyError("\n".join(f"{database}: {problem}" for problem in problems))
