"""Of forks of Caffe: layers that change each value alone."""
