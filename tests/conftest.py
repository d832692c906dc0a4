"""What has to be said before any test imports a library."""

import os
import sys

sys.dont_write_bytecode = False
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
"""Hundreds of tests start processes of the app: each would compile all of it anew."""
os.environ["KERAS_BACKEND"] = "torch"
"""Keras, where it is the reference, computes with PyTorch."""
os.environ.setdefault("OMP_NUM_THREADS", "1")
"""Tests run side by side: threads that wait spinning for a core would hold all of them up."""
