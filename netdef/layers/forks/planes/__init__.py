"""Of forks of Caffe: layers that resize, cut and sample planes."""
