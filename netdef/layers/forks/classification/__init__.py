"""Of forks of Caffe: losses and scores of classes."""
