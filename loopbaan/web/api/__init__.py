"""The door for a centre's own software: the same operations as the pages, under /api/."""
