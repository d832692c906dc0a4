"""The bodies and answers of the HTTP contract that are not documents of `models`."""
