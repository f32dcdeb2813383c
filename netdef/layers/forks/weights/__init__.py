"""Of forks of Caffe: layers with weights."""
