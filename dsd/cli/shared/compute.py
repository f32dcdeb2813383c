"""Options for the computation of passes: precision, compilation, determinism."""

from __future__ import annotations

from dataclasses import dataclass

import click

from dsd.cli.shared.options import option_group


@dataclass(frozen=True)
class ComputeOptions:
    """The precision of passes, and whether torch compiles them."""

    precision: str | None
    compile: bool


def _be_deterministic(ctx: click.Context, param: click.Parameter, wanted: bool) -> None:
    """A click callback that has torch compute the same bits in every run."""
    if wanted and not ctx.resilient_parsing:
        from dsd.compute.determinism import be_deterministic

        be_deterministic()


precision_option = click.option(
    "--precision", type=click.Choice(["fp32", "tf32", "bf16", "fp16"]), metavar="NAME",
    help="Compute passes in fp32, tf32, bf16 or fp16.")

compute_options = option_group(
    "compute", ComputeOptions,
    precision_option,
    click.option("--compile", is_flag=True, help="Have torch compile the passes; needs a C++ compiler."),
    click.option("--deterministic", is_flag=True, expose_value=False, callback=_be_deterministic,
                 help="The same bits in every run, on a GPU, too."),
)
