"""Write a net as Python source for torch."""
