"""CSV: from the bytes of a file to a table whose every cell stands in its column."""
