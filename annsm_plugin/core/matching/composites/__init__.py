"""Composites of several days: their pixels brought to cells, their fields brought to days, and two sources compared where both exist."""
