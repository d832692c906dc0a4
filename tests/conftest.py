"""Keras, where it is the reference, computes with PyTorch: said before any test imports it."""

import os

os.environ["KERAS_BACKEND"] = "torch"
