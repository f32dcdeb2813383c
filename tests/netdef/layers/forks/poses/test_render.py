"""Render: room for a picture."""

from __future__ import annotations

import torch
from one_layer import draw, top_of


def test_zeros_of_the_images_size():
    top = top_of("Render", "", x=draw(2, 4, 5, 7))
    assert torch.equal(top, torch.zeros(2, 3, 5, 7).double())
    assert top_of("Render", "render_param { num_output: 6 }", x=draw(2, 4, 5, 7)).shape == (2, 6, 5, 7)
