"""The layers of forks of Caffe, a module each."""
