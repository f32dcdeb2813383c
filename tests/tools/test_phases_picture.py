"""The README's picture: a square for each weight that is not zero."""

from __future__ import annotations

import runpy
from pathlib import Path

from click.testing import CliRunner

import netdef

ROOT = Path(__file__).parent.parent.parent


def test_zeros_are_left_out(tmp_path, monkeypatch):
    monkeypatch.chdir(ROOT)
    zeros = {3000: 0, 4500: 11, 6000: 2}
    for iteration, count in zeros.items():
        net = netdef.load("models/digits/deploy.prototxt")
        weight = net.params["ip2"][0].detach().fill_(0.3)
        weight.view(-1)[:count] = 0
        netdef.save_weights(net, tmp_path / f"x_iter_{iteration}.caffemodel")
    main = runpy.run_path("tools/phases_picture.py")["main"]
    done = CliRunner().invoke(main, [str(tmp_path / "x"), str(tmp_path / "x.svg")])
    assert done.exit_code == 0, done.output
    panels = (tmp_path / "x.svg").read_text().split("<text ")[1:]
    assert [panel.count("h10v10h-10z") for panel in panels] == [640 - count for count in zeros.values()]
