"""Of forks of Caffe: layers of sequences."""
