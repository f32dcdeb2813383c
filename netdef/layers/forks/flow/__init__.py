"""Of forks of Caffe: layers of FlowNet and its like, for optical flow."""
