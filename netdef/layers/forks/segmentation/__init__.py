"""Of forks of Caffe: layers of nets that label pixels."""
