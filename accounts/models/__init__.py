"""Clients, who is responsible for them, the people there and their lines."""

from accounts.models.archive_items import (
    Agreement,
    Anniversary,
    ArchiveItem,
    Area,
    CollectionCount,
    Department,
    Policy,
    Segment,
    SuccessCase,
)
from accounts.models.classes import ClassProposal, ClassProposalQuerySet
from accounts.models.clients import (
    PROVISIONAL,
    Client,
    ClientQuerySet,
    Ownership,
    SearchedQuerySet,
)
from accounts.models.contacts import Contact, ContactQuerySet
from accounts.models.members import Member, NewMemberId, NumberReveal
from accounts.models.prospecting import ArchiveCheck, Industry, StatusChange
from accounts.models.recents import RecentClient

__all__ = [
    "PROVISIONAL",
    "Agreement",
    "Anniversary",
    "ArchiveCheck",
    "ArchiveItem",
    "Area",
    "ClassProposal",
    "ClassProposalQuerySet",
    "Client",
    "ClientQuerySet",
    "CollectionCount",
    "Contact",
    "ContactQuerySet",
    "Department",
    "Industry",
    "Member",
    "NewMemberId",
    "NumberReveal",
    "Ownership",
    "Policy",
    "RecentClient",
    "SearchedQuerySet",
    "Segment",
    "StatusChange",
    "SuccessCase",
]
