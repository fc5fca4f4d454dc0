"""Factories: each call makes one valid row, and the rows it cannot be without."""
