"""What is taken from maps within regions."""
