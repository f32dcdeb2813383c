"""Make databases from folders of images, lists, CIFAR and IDX files."""
