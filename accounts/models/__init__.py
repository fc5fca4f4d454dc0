"""Clients, who is responsible for them, the people there and their lines."""

from accounts.models.classes import ClassProposal, ClassProposalQuerySet
from accounts.models.clients import Client, ClientQuerySet, Ownership, SearchedQuerySet
from accounts.models.contacts import Contact, ContactQuerySet
from accounts.models.members import Member, NewMemberId, NumberReveal
from accounts.models.recents import RecentClient

__all__ = [
    "ClassProposal",
    "ClassProposalQuerySet",
    "Client",
    "ClientQuerySet",
    "Contact",
    "ContactQuerySet",
    "Member",
    "NewMemberId",
    "NumberReveal",
    "Ownership",
    "RecentClient",
    "SearchedQuerySet",
]
