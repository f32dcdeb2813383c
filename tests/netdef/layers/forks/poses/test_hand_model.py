"""DeepHandModel: joints of a hand from angles."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
import torch

import netdef
from netdef.testing import check_layer

NET = """layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 2 dim: 47 } } }
layer { name: "hand" type: "DeepHandModel" bottom: "x" top: "joints" }"""
LENGTHS = [0.1 * (i + 1) for i in range(30)]


def hand(folder: Path, first: list[float], fixed: str = "0") -> netdef.Net:
    """The net in a folder with a configuration."""
    (folder / "configuration").mkdir(exist_ok=True)
    for name, text in (("InitialParameters", " ".join(map(str, first))), ("DofFixedId", fixed),
                       ("BoneLength", " ".join(map(str, LENGTHS)))):
        (folder / "configuration" / f"{name}.txt").write_text(text)
    (folder / "net.prototxt").write_text(NET)
    return netdef.load(folder / "net.prototxt").double()


def joints(net: netdef.Net, **numbers: float) -> torch.Tensor:
    """The joints (31, 3) of item 0, by numbers named n<place>."""
    x = torch.zeros(2, 47).double()
    for name, number in numbers.items():
        x[0, int(name[1:])] = number
    return net(x=x)["joints"][0].reshape(31, 3)


def up(*bones: int) -> torch.Tensor:
    """As far up as these bones are long."""
    return torch.tensor([0, sum(LENGTHS[bone] for bone in bones), 0], dtype=torch.float64)


def test_a_hand_without_turns_lies_along_its_axes(tmp_path: Path):
    places = joints(hand(tmp_path, [0] * 47), n0=1, n1=2, n2=3)
    palm = torch.tensor([1.0, 2, 3]).double()
    torch.testing.assert_close(places[24], palm)
    torch.testing.assert_close(places[25], palm - up(24))  # the wrists and the thumb's root lie downwards
    torch.testing.assert_close(places[27], palm - up(26))
    torch.testing.assert_close(places[30], palm - up(26) + torch.tensor([sum(LENGTHS[27:30]), 0, 0], dtype=torch.float64))
    torch.testing.assert_close(places[22], palm + up(22))
    torch.testing.assert_close(places[10], palm + up(22, 14, 13, 12, 11, 10))  # the tip of the third finger


def test_turns_add_up_along_a_finger(tmp_path: Path):
    """About x: of the whole hand (3), the first finger's root (19), its base (31) and its two further bends (33, 34)."""
    places = joints(hand(tmp_path, [0.0] * 33 + [0.25] + [0.0] * 13), n3=0.1, n19=0.2, n31=0.3, n33=0.15, n34=0.5)
    bends = [(20, 0.3), (4, 0.6), (3, 1.0), (2, 1.0), (1, 1.5), (0, 1.5)]
    wanted = torch.zeros(3).double()
    for joint, angle in bends:
        wanted = wanted + LENGTHS[joint] * torch.tensor([0, math.cos(angle), math.sin(angle)], dtype=torch.float64)
        torch.testing.assert_close(places[joint], wanted)


def test_turns_about_z_and_y(tmp_path: Path):
    """The thumb's second bone lies along x: a turn about z lifts it, then one about y takes it out of the plane."""
    net = hand(tmp_path, [0] * 47)

    def bone(**numbers: float) -> torch.Tensor:
        places = joints(net, **numbers)
        return (places[28] - places[27]) / LENGTHS[27]

    assert bone(n16=0.4).tolist() == pytest.approx([math.cos(0.4), math.sin(0.4), 0])
    assert bone(n15=0.4).tolist() == pytest.approx([math.cos(0.4), 0, math.sin(0.4)])
    assert bone(n16=0.4, n15=0.3).tolist() == pytest.approx(
        [math.cos(0.4) * math.cos(0.3), math.sin(0.4) * math.cos(0.3), math.sin(0.3)])


def test_numbers_that_are_fixed_are_those_of_the_file(tmp_path: Path):
    net = hand(tmp_path, [0.0, 0.5] + [0.0] * 45, "2 1 19")
    x = torch.randn(2, 47).double().requires_grad_()
    top = net(x=x)["joints"]
    assert top[0, 24 * 3 + 1].item() == 0.5
    (gradient,) = torch.autograd.grad(top.square().sum(), x)
    assert (gradient[:, [1, 19]] == 0).all() and (gradient[:, [0, 2, 3, 20, 46]] != 0).all()
    assert torch.autograd.gradcheck(lambda x: net(x=x)["joints"], torch.randn(2, 47).double().requires_grad_(), fast_mode=True)


def test_the_layer_keeps_its_promises(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    hand(tmp_path, [0.01 * i for i in range(47)], "1 5")
    monkeypatch.chdir(tmp_path)
    check_layer('layer { name: "l" type: "DeepHandModel" bottom: "x" top: "y" }', x=(2, 47))


def test_files_that_do_not_fit(tmp_path: Path):
    with pytest.raises(netdef.FileError, match="InitialParameters.txt: 46 numbers for a blob"):
        hand(tmp_path, [0] * 46)
    with pytest.raises(netdef.FileError, match=r"DofFixedId.txt lists \[47\]; wanted are numbers from 0 to 46"):
        hand(tmp_path, [0] * 47, "1 47")


def test_another_number_of_angles_is_refused():
    with pytest.raises(netdef.SpecError, match=r"wants 47 numbers an item; `x` has shape \(2, 46\)"):
        netdef.loads(NET.replace("dim: 47", "dim: 46"))
