"""Reads about care."""
