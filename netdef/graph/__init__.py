"""Compile a definition: the graph, its shapes, and the `torch.nn.Module` that runs it."""
