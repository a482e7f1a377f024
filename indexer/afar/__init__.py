"""How is a question answered by an engine on other machines?

It counts and narrows, and hands over the words of the best few hundred articles; those are put in order, explained and
shown by the very code that does so for the embedded engine.
"""
