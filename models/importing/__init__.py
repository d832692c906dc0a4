"""Networks of others as architectures. No code of a file is ever run."""
