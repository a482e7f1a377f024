"""What do we hold, and how is it found?  The stack room: it imports neither crawler nor web."""
