"""Images: from a zip with a folder per class to one array."""
