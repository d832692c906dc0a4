"""HTTP, websockets, database and workers. Knows no layer by name and computes no tensor."""
