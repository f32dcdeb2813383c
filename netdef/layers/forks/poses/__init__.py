"""Of forks of Caffe: layers of maps of joints."""
