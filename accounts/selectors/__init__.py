"""Reads that compose several models."""
