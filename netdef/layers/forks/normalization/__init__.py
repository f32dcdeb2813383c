"""Of forks of Caffe: layers that normalize."""
