"""Writes about care."""
