"""The options --gpu and --device, and the start of one process for each of several GPUs."""

from __future__ import annotations

import os
import sys
from dataclasses import dataclass

import click

from dsd.cli.shared.options import names, option_group
from netdef.errors import NetdefError


@dataclass(frozen=True)
class Devices:
    """The values of --gpu and --device, of which at most one is given."""

    gpu: str | None
    device: str | None

    def __post_init__(self) -> None:
        if self.gpu and self.device:
            raise click.UsageError("give --gpu or --device, not both")

    def one(self) -> str | None:
        """The device of a command that runs on one; None if neither flag is given."""
        ids = gpu_ids(self.gpu)
        if len(ids) > 1:
            raise click.UsageError(f"{click.get_current_context().info_name} runs on one GPU")
        return f"cuda:{ids[0]}" if ids else self.device

    def of_this_process(self) -> str | None:
        """The device of a process of a command that runs on several.

        For several GPUs this replaces the process by torchrun, which starts the command once for each GPU.
        """
        if not self.gpu:
            return self.device
        if "LOCAL_RANK" in os.environ:
            return f"cuda:{os.environ['LOCAL_RANK']}"
        ids = gpu_ids(self.gpu)
        if len(ids) > 1:
            _start_a_process_a_gpu(ids)
        return f"cuda:{ids[0]}"


def _start_a_process_a_gpu(ids: list[int]) -> None:
    """Replace this process by torchrun of the same command line; the processes see only these GPUs."""
    parent = click.get_current_context().parent
    module = "dsd.cli.train" if parent is None else "dsd"
    os.environ["CUDA_VISIBLE_DEVICES"] = ",".join(map(str, ids))
    # `--`: torchrun takes what follows as it is; else --log is ambiguous to it.
    run = ["-m", "torch.distributed.run", "--standalone", f"--nproc_per_node={len(ids)}", "-m", "--", module]
    sys.stdout.flush()
    os.execv(sys.executable, [sys.executable, *run, *sys.argv[1:]])


def gpu_ids(text: str | None) -> list[int]:
    """The GPUs that a ``--gpu`` flag names; none without the flag. Raises `BadParameter` for a missing GPU."""
    if text is None:
        return []
    import torch

    count = torch.cuda.device_count()
    if text == "all":
        ids = list(range(count))
    else:
        try:
            ids = [int(part) for part in names(text)]
        except ValueError:
            ids = []
        if not ids or len(set(ids)) < len(ids):
            allowed = "a GPU's number, a list of them such as 0,1, or all"
            raise click.BadParameter(f"`{text}` is not {allowed}", param_hint="--gpu")
    missing = [i for i in ids if not 0 <= i < count]
    if missing or not ids:
        which = f"no GPU {missing[0]}" if missing else "no GPU"
        has = "none" if count == 0 else f"GPUs 0 to {count - 1}" if count > 1 else "GPU 0"
        raise click.BadParameter(f"there is {which}; this machine has {has}", param_hint="--gpu")
    return ids


def check_device(ctx: click.Context, param: click.Parameter, name: str | None) -> str | None:
    """A click callback that refuses a missing device."""
    if name is not None and not ctx.resilient_parsing:
        from netdef.graph.device import find_device

        try:
            if find_device(name).type == "meta":
                raise click.BadParameter("the device `meta` holds no numbers")
        except NetdefError as error:
            raise click.BadParameter(str(error)) from None
    return name


device_option = click.option(
    "--device", metavar="NAME", callback=check_device, help="Run on this device of torch: cpu, cuda:1, mps.")

one_gpu_options = option_group(
    "devices", Devices, click.option("--gpu", metavar="ID", help="Run on this GPU: 0."), device_option)

gpus_options = option_group(
    "devices", Devices, click.option("--gpu", metavar="IDS", help="Run on this GPU: 0; on several: 0,1, or all."),
    device_option)
