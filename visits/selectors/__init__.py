"""Reads about visits."""
