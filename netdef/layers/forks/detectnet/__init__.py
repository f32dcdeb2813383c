"""Of forks of Caffe: NVIDIA's DetectNet."""
