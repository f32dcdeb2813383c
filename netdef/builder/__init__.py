"""Write nets in Python: `NetSpec`, `layers`, `params`, and maps between blobs' coordinates."""
