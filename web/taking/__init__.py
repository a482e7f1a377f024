"""How are articles taken away?  Formats as rows of data (formats.py), written batch by batch (stream.py)."""
