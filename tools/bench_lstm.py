"""Time forward and backward of a recurrent layer beside the same written by hand with torch's modules.

``python tools/bench_lstm.py [--rounds 15] [--threads 2] [--clock cpu] [--device cuda]``

50 steps of 32 sequences, 128 features to 256. By hand it is `torch.nn.LSTM` or `torch.nn.RNN` where one call does, with
the carried state beside it; where sequences begin in between, or an input is the same at every step, an `LSTMCell` in a
loop. Both stand in one process and take turns, so that a noisy machine is as noisy to both; the ratio is of medians.
Weights are copied and the outputs compared first, so both do the same work.
"""

from __future__ import annotations

import argparse
import statistics
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

import torch
from rich.console import Console
from rich.table import Table
from torch import Tensor, nn
from turns import CLOCKS

import netdef

STEPS, SEQUENCES, FEATURES, SIZE, STATIC = 50, 32, 128, 256, 64
Forward = Callable[[], Tensor]

CASES = {
    "LSTM": ("LSTM", (0,), False),
    "LSTM, sequences begin every 10 steps": ("LSTM", range(0, STEPS, 10), False),
    "LSTM, sequences begin at every step": ("LSTM", range(STEPS), False),
    "LSTM with a static input": ("LSTM", (0,), True),
    "RNN": ("RNN", (0,), False),
}


class Inputs:
    """x, the markers, the static input and the slope of the top; a quarter of the sequences begin at each start."""

    def __init__(self, starts: Sequence[int], static: bool, device: torch.device):
        generator = torch.Generator().manual_seed(1)

        def draw(*shape: int) -> Tensor:
            return torch.randn(shape, generator=generator).to(device)

        self.device = device
        self.x = draw(STEPS, SEQUENCES, FEATURES).requires_grad_()
        cont = torch.ones(STEPS, SEQUENCES)
        for start in starts:
            cont[start, start % 4 :: 4] = 0
        self.cont = cont.to(device)
        self.static = draw(SEQUENCES, STATIC) if static else None
        self.slope = draw(STEPS, SEQUENCES, SIZE)
        self.one_run = len(starts) == 1 and not static


def ours(kind: str, inputs: Inputs) -> tuple[Forward, list[Tensor]]:
    tensors = {"x": inputs.x, "cont": inputs.cont}
    if inputs.static is not None:
        tensors["s"] = inputs.static
    text = "".join(
        f'layer {{ name: "{name}" type: "Input" top: "{name}" input_param {{ shape {{ '
        f'{" ".join(f"dim: {size}" for size in value.shape)} }} }} }}\n' for name, value in tensors.items())
    bottoms = " ".join(f'bottom: "{name}"' for name in tensors)
    net = netdef.loads(
        f'{text} layer {{ name: "l" type: "{kind}" {bottoms} top: "y" recurrent_param {{ num_output: {SIZE} '
        'weight_filler { type: "uniform" min: -0.06 max: 0.06 } bias_filler { type: "constant" value: 0.1 } } }',
        phase="TRAIN", device=inputs.device)
    return lambda: net(**tensors)["y"], list(net.parameters())


def by_hand(kind: str, inputs: Inputs, blobs: Sequence[Tensor]) -> tuple[Forward, list[Tensor]]:
    input_weight, bias, *static_weight, hidden_weight = blobs[: 3 + (inputs.static is not None)]
    if static_weight:
        input_weight = torch.cat((input_weight, static_weight[0]), 1)
    weights = {"weight_ih": input_weight, "weight_hh": hidden_weight, "bias_ih": bias}
    if kind == "LSTM":  # torch's order of gates is i, f, g, o
        weights = {name: torch.cat([value.chunk(4)[gate] for gate in (0, 1, 3, 2)]) for name, value in weights.items()}
    columns, cont = input_weight.shape[1], inputs.cont.unsqueeze(2)
    module: nn.Module = {
        ("LSTM", True): nn.LSTM, ("LSTM", False): nn.LSTMCell, ("RNN", True): nn.RNN
    }[kind, inputs.one_run](columns, SIZE, device=inputs.device)
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.zero_()
        for name, value in weights.items():
            getattr(module, name + ("_l0" if inputs.one_run else "")).copy_(value)
    parameters = list(module.parameters())
    n_states = 2 if kind == "LSTM" else 1
    shape = (1, SEQUENCES, SIZE) if inputs.one_run else (SEQUENCES, SIZE)
    carried = [torch.zeros(shape, device=inputs.device) for _ in range(n_states)]
    output = nn.Linear(SIZE, SIZE, device=inputs.device) if kind == "RNN" else None
    if output is not None:
        with torch.no_grad():
            output.weight.copy_(blobs[-2])
            output.bias.copy_(blobs[-1])
        parameters += output.parameters()

    def at_once() -> Tensor:
        nonlocal carried
        state = [value * cont[0] for value in carried]
        h, state = module(inputs.x, tuple(state) if n_states == 2 else state[0])
        carried = [value.detach() for value in (state if n_states == 2 else (state,))]
        return h if output is None else output(h).tanh()

    def in_a_loop() -> Tensor:
        nonlocal carried
        (h, c), outputs = carried, []
        for x, mark in zip(inputs.x, cont):
            if inputs.static is not None:
                x = torch.cat((x, inputs.static), 1)
            h, c = module(x, (h * mark, c * mark))
            outputs.append(h)
        carried = [h.detach(), c.detach()]
        return torch.stack(outputs)

    return at_once if inputs.one_run else in_a_loop, parameters


def milliseconds(forward: Forward, inputs: Inputs, parameters: list[Tensor], clock: Callable[[], float]) -> float:
    start = clock()
    torch.autograd.grad(forward(), [inputs.x, *parameters], inputs.slope)
    torch.get_device_module(inputs.device).synchronize()
    return 1000 * (clock() - start)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--rounds", type=int, default=15)
    parser.add_argument("--threads", type=int, default=torch.get_num_threads())
    parser.add_argument("--clock", choices=CLOCKS, default="wall", help="cpu: the process's time on all cores")
    parser.add_argument("--device", type=torch.device, default=torch.device("cpu"))
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    clock = CLOCKS[options.clock]
    how = f"{options.clock}, {options.threads} threads, median of {options.rounds}"
    table = Table(title=f"forward and backward on {options.device}, ms ({how})")
    for column in ("layer", "ours", "by hand", "ratio"):
        table.add_column(column, justify="left" if column == "layer" else "right")
    for title, (kind, starts, static) in CASES.items():
        inputs = Inputs(starts, static, options.device)
        mine, blobs = ours(kind, inputs)
        theirs, parameters = by_hand(kind, inputs, [blob.detach() for blob in blobs])
        for _ in range(2):  # the second time with a carried state
            # A GPU may round the operands of its products to TF32.
            torch.testing.assert_close(mine(), theirs(), rtol=1e-4, atol=1e-5 if options.device.type == "cpu" else 1e-2)
        turns = [(milliseconds(mine, inputs, blobs, clock), milliseconds(theirs, inputs, parameters, clock))
                 for _ in range(options.rounds)]
        medians = [statistics.median(side) for side in zip(*turns)]
        table.add_row(title, *(f"{median:.1f}" for median in medians), f"{medians[0] / medians[1]:.2f}")
    Console().print(table)


if __name__ == "__main__":
    main()
