"""Train several arms over several seeds, and compare their results."""
