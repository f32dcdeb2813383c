"""Of forks of Caffe: losses that adapt a net to another domain."""
