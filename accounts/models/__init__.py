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
from accounts.models.bulk_changes import BulkChange, BulkItem
from accounts.models.change_requests import ChangeRequest, ChangeRequestQuerySet
from accounts.models.changes import MajorChange
from accounts.models.classes import ClassProposal, ClassProposalQuerySet
from accounts.models.clients import PROVISIONAL, Client, ClientQuerySet, Ownership, SearchedQuerySet
from accounts.models.confidential import ConfidentialLook, ConfidentialProfile
from accounts.models.contact_details import ContactNote, ContactRelation, ContactWindow
from accounts.models.contact_log import ContactLog, ContactLogQuerySet
from accounts.models.contacts import Contact, ContactQuerySet
from accounts.models.entitlements import (
    Entitlement,
    EntitlementQuerySet,
    EntitlementUse,
    EntitlementUseQuerySet,
)
from accounts.models.escalations import Escalation
from accounts.models.files import ClientFile, ClientFileQuerySet, FileLook
from accounts.models.handovers import Handover, HandoverItem, HandoverMove, HandoverShare
from accounts.models.instructions import Instruction
from accounts.models.member_profiles import MemberProfile, OwnerChange
from accounts.models.members import Member, MemberQuerySet, NewMemberId, NumberReveal
from accounts.models.merges import Merge, MergeQuerySet
from accounts.models.notes import Note, NoteQuerySet
from accounts.models.pairs import SuspectedPair, SuspectedPairQuerySet
from accounts.models.promises import Promise
from accounts.models.prospecting import ArchiveCheck, Industry, StatusChange
from accounts.models.recents import RecentClient
from accounts.models.record_looks import RecordLook
from accounts.models.reports import Report, ReportRecipient
from accounts.models.representations import Representation
from accounts.models.rhythms import RhythmVersion
from accounts.models.tiers import TierGrant, TierTerm
from accounts.models.tips import Tip
from accounts.models.voices import ClientVoice, Improvement

__all__ = [
    "PROVISIONAL",
    "Agreement",
    "Anniversary",
    "ArchiveCheck",
    "ArchiveItem",
    "Area",
    "BulkChange",
    "BulkItem",
    "ChangeRequest",
    "ChangeRequestQuerySet",
    "ClassProposal",
    "ClassProposalQuerySet",
    "Client",
    "ClientFile",
    "ClientFileQuerySet",
    "ClientQuerySet",
    "ClientVoice",
    "CollectionCount",
    "ConfidentialLook",
    "ConfidentialProfile",
    "Contact",
    "ContactLog",
    "ContactLogQuerySet",
    "ContactNote",
    "ContactQuerySet",
    "ContactRelation",
    "ContactWindow",
    "Department",
    "Entitlement",
    "EntitlementQuerySet",
    "EntitlementUse",
    "EntitlementUseQuerySet",
    "Escalation",
    "FileLook",
    "Handover",
    "HandoverItem",
    "HandoverMove",
    "HandoverShare",
    "Improvement",
    "Industry",
    "Instruction",
    "MajorChange",
    "Member",
    "MemberProfile",
    "MemberQuerySet",
    "Merge",
    "MergeQuerySet",
    "NewMemberId",
    "Note",
    "NoteQuerySet",
    "NumberReveal",
    "OwnerChange",
    "Ownership",
    "Policy",
    "Promise",
    "RecentClient",
    "RecordLook",
    "Report",
    "ReportRecipient",
    "Representation",
    "RhythmVersion",
    "SearchedQuerySet",
    "Segment",
    "StatusChange",
    "SuccessCase",
    "SuspectedPair",
    "SuspectedPairQuerySet",
    "TierGrant",
    "TierTerm",
    "Tip",
]
