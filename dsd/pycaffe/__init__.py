"""``import caffe`` for scripts that were written against pycaffe.

    import dsd.pycaffe
    dsd.pycaffe.install()
    import caffe

``python -m dsd.pycaffe script.py`` runs a script as it is. `install` also is a context manager.
"""

from dsd.pycaffe.import_hook import install, uninstall

__all__ = ["install", "uninstall"]
