"""Serve the batches of data layers to a net, from threads and processes."""
