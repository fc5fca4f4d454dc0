"""Writes about people, to-dos and notifications."""
