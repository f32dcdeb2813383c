"""How a net computes: precision, `torch.compile`, determinism."""
