"""SSD and its like: boxes around the places of maps, their losses and what is found."""
