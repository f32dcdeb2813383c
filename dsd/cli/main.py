"""dsd: every command as a subcommand; ``dsd train`` is ``dsd-train``."""

from __future__ import annotations

from importlib import import_module

import click

from dsd.cli.shared.command import Group

COMMANDS = {
    "train": "Train a net through the phases of a solver file.",
    "test": "Score a trained net, or audit its masks.",
    "check": "Show the layers and phases of a file, or its mistakes.",
    "classify": "Show what a net says of images.",
    "convert": "Convert models and weights to other formats.",
    "study": "Compare training with masks and without, over seeds.",
    "report": "Make a page with pictures of a run or a study.",
    "scan": "Find out how far each layer can be pruned.",
    "data": "Make, show and check databases of images.",
    "draw": "Draw a net as a picture.",
    "features": "Write blobs of a trained net to a file.",
    "log": "Make tables and curves of training logs.",
    "time": "Time each layer of a net.",
}
"""Each is `main` of the module of that name, and a program of its own, ``dsd-NAME``."""


class _LazyGroup(Group):
    """A group that imports a subcommand when it is run."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [*COMMANDS, "completion"]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"dsd.cli.{cmd_name}").main
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([*COMMANDS.items(), ("completion", "Print a shell's completion script.")])


@click.group(cls=_LazyGroup, epilog="""\b
Examples:
  dsd check models/digits/solver.prototxt
  dsd train models/digits/solver.prototxt

\b
`dsd COMMAND --help` says more. Every command is also a program: `dsd train` is
`dsd-train`. Completion of commands and flags in bash: eval "$(dsd completion bash)"
""")
def main() -> None:
    """Train Caffe nets Dense-Sparse-Dense in PyTorch, and convert, test and study them."""


if __name__ == "__main__":
    main()
