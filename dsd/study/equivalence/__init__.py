"""Compare a mask as an input with zeroing the weights after each iteration."""
