"""How is an archived article cited?  One neutral record (record.py), and what each style writes of it (pure)."""
