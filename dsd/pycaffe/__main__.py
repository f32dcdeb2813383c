"""``python -m dsd.pycaffe [--allow-python] [--lenient] [--py2] script.py args...``: run a script as it is."""

from __future__ import annotations

import os
import runpy
import sys
from collections.abc import Callable
from types import TracebackType

import click

from dsd.pycaffe.import_hook import install
from netdef.errors import NetdefError


@click.command(context_settings={"ignore_unknown_options": True, "allow_interspersed_args": False})
@click.option("--allow-python", is_flag=True, help="Let nets run the Python layers that they name.")
@click.option("--lenient", is_flag=True, help="Leave out unknown fields of nets, with a warning each.")
@click.option("--py2", is_flag=True, help="The script and what it imports from beside it are Python 2.")
@click.argument("script", type=click.Path(exists=True, dir_okay=False))
@click.argument("args", nargs=-1, type=click.UNPROCESSED)
def main(allow_python: bool, lenient: bool, py2: bool, script: str, args: tuple[str, ...]) -> None:
    """Run a Python SCRIPT written against pycaffe, with its ARGS."""
    try:
        install(allow_python=allow_python, lenient=lenient)
    except NetdefError as error:
        raise click.ClickException(str(error)) from None
    sys.excepthook = _hook(script)
    sys.argv = [script, *args]
    sys.path[0] = os.path.dirname(os.path.abspath(script))
    if py2:
        from dsd.pycaffe.python2.scripts import run_script

        run_script(script)
    else:
        try:
            runpy.run_path(script, run_name="__main__")
        except SyntaxError as error:
            if error.filename == script:
                click.echo(f"{script} is not Python 3; if it is Python 2, --py2 runs it", err=True)
            raise


def _hook(script: str) -> Callable[[type[BaseException], BaseException, TracebackType | None], None]:
    """Show tracebacks from the script on, as ``python script.py`` does."""
    def show(kind: type[BaseException], error: BaseException, trace: TracebackType | None) -> None:
        while trace is not None and trace.tb_frame.f_code.co_filename != script:
            trace = trace.tb_next
        sys.__excepthook__(kind, error.with_traceback(trace), trace)

    return show


if __name__ == "__main__":
    main()
