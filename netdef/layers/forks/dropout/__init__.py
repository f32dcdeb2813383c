"""Of forks of Caffe: layers that draw in training."""
