"""Which site may always be crawled?  A department's site of our own, for the demo and the tests."""
