"""``python -m dsd``: the command `dsd`."""

from dsd.cli.main import main

main(prog_name="python -m dsd")
