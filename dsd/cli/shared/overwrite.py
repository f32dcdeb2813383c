"""The option --force, without which existing files are not replaced."""

from __future__ import annotations

import click

from netdef.files import check_target as check_target
from netdef.files import refuse_existing as refuse_existing

force_option = click.option("--force", is_flag=True, help="Replace files that exist.")
