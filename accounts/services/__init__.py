"""Writes about clients, contacts and members."""
