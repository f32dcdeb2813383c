"""dsd completion: the script with which a shell completes commands, flags and files."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from dsd.cli.shared.command import Command


@click.command(cls=Command, epilog="""\b
Examples:
  eval "$(dsd completion bash)"                           in ~/.bashrc
  eval "$(dsd completion zsh)"                            in ~/.zshrc
  dsd completion fish > ~/.config/fish/conf.d/dsd.fish""")
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def main(shell: str) -> None:
    """Print the completion script of a SHELL, for dsd and for every dsd-COMMAND."""
    from dsd.cli.main import COMMANDS
    from dsd.cli.main import main as dsd

    completion = get_completion_class(shell)
    assert completion is not None
    for program in ("dsd", *(f"dsd-{name}" for name in COMMANDS)):
        variable = f"_{program.upper().replace('-', '_')}_COMPLETE"
        click.echo(completion(dsd, {}, program, variable).source())


if __name__ == "__main__":
    main()
