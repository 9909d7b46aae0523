"""The methods themselves: samples in, estimates out."""
