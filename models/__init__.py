"""Networks, and how they learn: pure PyTorch, no web, no database, usable in a notebook."""
