"""How does an article get in?  May import indexer, never web."""
