"""Read the logs of runs, ours and Caffe's, and plot them."""
