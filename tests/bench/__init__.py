"""What does it cost?  Figures, compared within one run; never part of the tests."""
