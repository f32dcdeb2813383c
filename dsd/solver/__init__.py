"""Caffe's solvers as a torch optimizer: step, histories, learning rate, masks."""
