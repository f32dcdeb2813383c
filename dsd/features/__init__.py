"""Write the blobs of a net for the items of a data set."""
