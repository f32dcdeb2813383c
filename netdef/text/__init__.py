"""Read and write the text of prototxts."""
