"""Keras, where it is the reference, computes with PyTorch too."""

import os

os.environ["KERAS_BACKEND"] = "torch"
