"""What has to be said before any test imports a library."""

import os

os.environ["KERAS_BACKEND"] = "torch"
"""Keras, where it is the reference, computes with PyTorch."""
os.environ.setdefault("OMP_NUM_THREADS", "1")
"""Tests run side by side: threads that wait spinning for a core would hold all of them up."""
