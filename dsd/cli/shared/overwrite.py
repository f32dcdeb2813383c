"""Files that exist are replaced only with --force."""

from __future__ import annotations

from pathlib import Path

import click

from netdef.errors import FileError

force_option = click.option("--force", is_flag=True, help="Replace files that exist.")


def refuse_existing(path: str | Path | None, force: bool) -> None:
    """Raise `FileError` if the file exists and --force is absent. Call it before the work, not after."""
    if path is not None and not force and Path(path).exists():
        raise FileError(f"{path}: already exists; --force replaces it")
