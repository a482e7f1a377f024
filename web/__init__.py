"""How does a reader ask and read?  May import indexer, never crawler."""
