"""Read and write files of weights."""
