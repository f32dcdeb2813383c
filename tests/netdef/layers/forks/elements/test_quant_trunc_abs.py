"""QuantTruncAbs by its words."""

from __future__ import annotations

import pytest
import torch
from one_layer import top_of

X = [-3.5, -2.4, -0.5, 0, 0.49, 1.5, 7]
ROUNDED = [-4, -2, -1, 0, 0, 2, 7]


@pytest.mark.parametrize(("process", "wanted"), [
    ("QUANT", ROUNDED),
    ("ABS", [3.5, 2.4, 0.5, 0, 0.49, 1.5, 7]),
    ("TRUNC", [-3, -2.4, -0.5, 0, 0.49, 1.5, 3]),
    ("QUANTTRUNC", [-3, -2, -1, 0, 0, 2, 3]),
    ("QUANTABS", [4, 2, 1, 0, 0, 2, 7]),
    ("TRUNCABS", [3, 2.4, 0.5, 0, 0.49, 1.5, 3]),
    ("QUANTTRUNCABS", [3, 2, 1, 0, 0, 2, 3]),
])
def test_each_word(process: str, wanted: list[float]):
    x = torch.tensor([X]).double().requires_grad_()
    top = top_of("QuantTruncAbs", f"quant_trunc_abs_param {{ process: {process} threshold: 3 }}", "TRAIN", x=x)
    torch.testing.assert_close(top, torch.tensor([wanted]).double())
    assert not top.requires_grad
