"""The HTTP routes: one file per noun. None imports torch, directly or through `models`, nor another."""
