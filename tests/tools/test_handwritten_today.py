"""The nets by hand have as many parameters as those of the papers."""

from __future__ import annotations

import torch


def test_published_counts_of_parameters(tool):
    """ResNet-50 25.6 million, DenseNet-121 8.0, VGG-16 138.4, SqueezeNet-1.1 1.24, MobileNet-v2 3.5."""
    handwritten = tool("handwritten_today")
    with torch.device("meta"):
        counts = {kind: sum(p.numel() for p in getattr(handwritten, kind)().parameters())
                  for kind in ("ResNet50", "DenseNet121", "VGG16", "SqueezeNet", "MobileNetV2")}
    assert counts["ResNet50"] == 25_557_032 and counts["DenseNet121"] == 7_978_856
    assert counts["VGG16"] == 138_357_544 and counts["SqueezeNet"] == 1_235_496
    # torchvision's has no convolution that expands by 1 in the first block: 32 x 32 and a norm of 32 less.
    assert counts["MobileNetV2"] == 3_504_872 + 32 * 32 + 2 * 32
