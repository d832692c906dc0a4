"""The HTTP routes: one file per noun. None imports torch, however indirectly, nor another."""
