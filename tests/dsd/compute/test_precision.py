"""What passes compute in, and what is refused."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import torch

import netdef
from dsd.compute.precision import Precision
from netdef.errors import NetdefError

NET = """
layer { name: "x" type: "Input" top: "x" input_param { shape { dim: 1 dim: 2 } } }
layer { name: "goal" type: "Input" top: "goal" input_param { shape { dim: 1 dim: 1 } } }
layer { name: "ip" type: "InnerProduct" bottom: "x" top: "ip" inner_product_param { num_output: 1 bias_term: false } }
layer { name: "loss" type: "EuclideanLoss" bottom: "ip" bottom: "goal" top: "loss" }
layer { name: "shown" type: "Power" bottom: "ip" top: "shown" power_param { scale: 2 } }
"""
FINE = 1 + 2**-10  # a float32 that bfloat16, with 8 bits, rounds to 1


def outputs(precision: str | None) -> dict[str, torch.Tensor]:
    net = netdef.loads(NET, phase="TRAIN")
    with torch.no_grad():
        net.params["ip"][0].copy_(torch.tensor([[FINE, 2.0]]))
    return Precision(precision).of(net)(x=torch.tensor([[1.0, 1.0]]), goal=torch.tensor([[2 - 2**-9]]))


@pytest.fixture
def switches() -> Iterator[None]:
    """Torch's switches, which are put back at the end."""
    before = torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32
    yield
    torch.backends.cuda.matmul.allow_tf32, torch.backends.cudnn.allow_tf32 = before


@pytest.mark.usefixtures("switches")
@pytest.mark.parametrize("precision, product", [(None, FINE + 2), ("fp32", FINE + 2), ("bf16", 3.0)])
def test_products_are_rounded_and_losses_are_not(precision: str | None, product: float):
    found = outputs(precision)
    assert {x.dtype for x in found.values()} == {torch.float32}
    assert found["shown"].item() == 2 * product
    # In bfloat16 the goal, 2 - 2**-9, would be 2 and the loss 0.5.
    assert found["loss"].item() == torch.tensor((product - 2 + 2**-9) ** 2 / 2).item()


@pytest.mark.usefixtures("switches")
def test_a_device_without_tf32_computes_in_float32_and_says_so():
    with pytest.warns(UserWarning, match="the device `cpu` has no TF32: it computes in float32"):
        found = outputs("tf32")
    assert found["shown"].item() == 2 * (FINE + 2)
    assert torch.backends.cuda.matmul.allow_tf32 and torch.backends.cudnn.allow_tf32
    Precision("fp32")
    assert not torch.backends.cuda.matmul.allow_tf32 and not torch.backends.cudnn.allow_tf32


@pytest.mark.usefixtures("switches")
def test_nothing_is_wrapped_unless_asked():
    net = netdef.loads(NET, phase="TRAIN")
    assert Precision().of(net) is net and Precision("fp32").of(net) is net


def test_what_is_refused(monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(NetdefError, match="unknown precision `fp64`; it is fp32, tf32, bf16 or fp16"):
        Precision("fp64")
    with pytest.raises(NetdefError, match="the device `meta` does not train in bfloat16: torch has no autocast for it"):
        Precision("bf16", "meta")

    def broken(*tensors: torch.Tensor) -> torch.Tensor:
        raise RuntimeError("no kernel for Half")

    monkeypatch.setattr(torch.nn.functional, "conv2d", broken)
    with pytest.raises(NetdefError, match="the device `cpu` does not train in float16: no kernel for Half"):
        Precision("fp16", "cpu")
