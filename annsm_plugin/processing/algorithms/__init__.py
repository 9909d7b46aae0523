"""One thin file per algorithm."""
