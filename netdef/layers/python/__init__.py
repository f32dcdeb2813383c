"""Python layers: code of users, as pycaffe runs it."""
