"""Time reading a VGG-16 sized .caffemodel (528 MiB), and prototxts of 2,000 and 100,000 lines.

``python tools/bench_read.py [--runs 5]`` writes a weight file into a temporary folder and loads it by
`netdef.load_weights`, each time in a fresh process, beside a bare ``read()`` of the same file. Prints the ratios of
median times, and peak memory (the net's own parameters counted) over the file's size. Prototxts are read beside protobuf's
own ``text_format``, which keeps no places for errors.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT), str(ROOT / "tools")]

from google.protobuf import text_format
from memory import resident_peak

from netdef.definition.read import read_net_text
from netdef.graph.build import build_net
from netdef.graph.net import Net
from netdef.schema.messages import LayerParameter, NetParameter
from netdef.weights import caffemodel
from netdef.weights.load import load_weights

CHANNELS = [(64, 64), (128, 128), (256, 256, 256), (512, 512, 512), (512, 512, 512)]
DENSE = [4096, 4096, 1000]


def vgg16() -> str:
    """VGG-16's layers: five blocks of convolutions, each followed by a pooling, and three dense layers."""
    lines = ['layer { name: "data" type: "Input" top: "x" input_param { shape { dim: 1 dim: 3 dim: 224 dim: 224 } } }']
    for i, block in enumerate(CHANNELS):
        lines += [f"""layer {{ name: "conv{i}_{j}" type: "Convolution" bottom: "x" top: "x" convolution_param {{
            num_output: {n} pad: 1 kernel_size: 3 }} }}""" for j, n in enumerate(block)]
        lines.append(f"""layer {{ name: "pool{i}" type: "Pooling" bottom: "x" top: "x" pooling_param {{
            kernel_size: 2 stride: 2 }} }}""")
    lines += [f"""layer {{ name: "fc{i}" type: "InnerProduct" bottom: "x" top: "x" inner_product_param {{
        num_output: {n} }} }}""" for i, n in enumerate(DENSE)]
    return "\n".join(lines)


def blank_net() -> Net:
    """The net with uninitialised parameters."""
    return build_net(read_net_text(vgg16()), fill=False)


def make(path: str) -> None:
    """Write a weight file of normal numbers."""
    layers = [
        (LayerParameter(name=name), [blob.detach().normal_() for blob in blobs])
        for name, blobs in blank_net().params.items()
    ]
    caffemodel.write(path, "vgg16", layers)


def bare(path: str) -> object:
    with open(path, "rb") as file:
        return file.read()


def measure(what: str, path: str) -> tuple[float, int]:
    """Seconds, and bytes of peak memory above what came before, of one run in a fresh process."""
    seconds, peak = in_fresh_process(what, path).split()
    return float(seconds), int(peak)


def in_fresh_process(what: str, path: str) -> str:
    command = [sys.executable, __file__, "--once", what, path]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def report_once(what: str, path: str) -> None:
    net = blank_net() if what == "load" else None  # built, which is not read; its parameters are not in memory yet
    before = resident_peak()
    start = time.perf_counter()
    kept = bare(path) if net is None else load_weights(net, path)
    seconds = time.perf_counter() - start
    print(seconds, resident_peak() - before)
    del kept, net


def bench_weights(runs: int) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "vgg16.caffemodel")
        in_fresh_process("make", path)  # a process starts with its parent's peak memory, so ours must stay small
        size = os.path.getsize(path)
        results: dict[str, list[tuple[float, int]]] = {what: [] for what in ("bare", "load")}
        for what in (*results, *list(results) * runs):  # in turns; the first of each only warms the page cache
            results[what].append(measure(what, path))
        seconds = {what: statistics.median(s for s, _ in each[1:]) for what, each in results.items()}
        peak = {what: statistics.median(p for _, p in each[1:]) for what, each in results.items()}
        print(f".caffemodel of {size / 2**20:.0f} MiB, median of {runs} runs in turns")
        for what in results:
            print(f"  {what:5} {seconds[what] * 1e3:7.0f} ms, peak memory {peak[what] / size:.2f} of the file's size")
        print(f"  load / bare: {seconds['load'] / seconds['bare']:.2f}")


def deep_net(convolutions: int) -> str:
    """A net of convolutions, 33 lines each; 64 of them make about as many lines as GoogLeNet has."""
    lines = ['name: "big"', 'layer { name: "data" type: "Input" top: "data"', "  input_param {",
             "    shape { dim: 1 dim: 3 dim: 224 dim: 224 }", "  }", "}"]  # fmt: skip
    bottom = "data"
    for i in range(convolutions):
        lines += f"""
layer {{
  name: "conv{i}"
  type: "Convolution"
  bottom: "{bottom}"
  top: "conv{i}"
  param {{
    lr_mult: 1
    decay_mult: 1
  }}
  param {{
    lr_mult: 2
    decay_mult: 0
  }}
  convolution_param {{
    num_output: 64
    pad: 1
    kernel_size: 3
    weight_filler {{
      type: "xavier"
      std: 0.03
    }}
    bias_filler {{
      type: "constant"
      value: 0.2
    }}
  }}
}}
layer {{
  name: "relu{i}"
  type: "ReLU"
  bottom: "conv{i}"
  top: "conv{i}"
}}""".splitlines()[1:]
        bottom = f"conv{i}"
    return "\n".join(lines)


def bench_prototxt(convolutions: int, runs: int) -> None:
    text = deep_net(convolutions)
    lines = text.count("\n") + 1
    ours: list[float] = []
    protobuf: list[float] = []
    for _ in range(runs + 1):
        for read, times in ((read_net_text, ours), (lambda text: text_format.Parse(text, NetParameter()), protobuf)):
            start = time.perf_counter()
            read(text)
            times.append(time.perf_counter() - start)
    seconds, theirs = (statistics.median(times[1:]) for times in (ours, protobuf))
    print(f"prototxt of {lines:,} lines: first {ours[0] * 1e3:,.0f} ms, then {seconds * 1e3:,.0f} ms, "
          f"{lines / seconds:,.0f} lines a second (protobuf's own parser {lines / theirs:,.0f})")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--once", nargs=2, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.once:
        what, path = arguments.once
        make(path) if what == "make" else report_once(what, path)
    else:
        bench_weights(arguments.runs)
        for convolutions in (64, 3225):
            bench_prototxt(convolutions, arguments.runs)


if __name__ == "__main__":
    main()
