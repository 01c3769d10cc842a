"""Pages for the worker who orders."""
