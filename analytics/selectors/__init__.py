"""Reads that compose several models into an answer for a page."""
