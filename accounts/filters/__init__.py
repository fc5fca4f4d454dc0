"""Filters and orders of the lists of clients, contacts and members; pages and API share them."""

from accounts.filters.archive import (
    AgreementFilter,
    AnniversaryFilter,
    ArchiveCheckFilter,
    AreaFilter,
    CollectionCountFilter,
    DepartmentFilter,
    ItemFilter,
    OfClientFilter,
    PolicyFilter,
    SegmentFilter,
    StatusChangeFilter,
    SuccessCaseFilter,
)
from accounts.filters.change_requests import ChangeRequestFilter
from accounts.filters.classes import (
    ClassProposalFilter,
)
from accounts.filters.clients import (
    ClientFilter,
)
from accounts.filters.contacts import (
    ContactFilter,
    ContactNoteFilter,
    ContactRelationFilter,
)
from accounts.filters.files import (
    ClientFileFilter,
    FileLookFilter,
)
from accounts.filters.journal import (
    ContactLogFilter,
    NoteFilter,
)
from accounts.filters.members import (
    EntitlementFilter,
    EntitlementUseFilter,
    MemberFilter,
)
from accounts.filters.merges import (
    MergeFilter,
)
from accounts.filters.pairs import SuspectedPairFilter
from accounts.filters.reports import ReportFilter
from accounts.filters.shared import (
    ClientRefFilter,
    ContactRefFilter,
    HandoverFilter,
    MoneyFilter,
    PersonFilter,
    UnitFilter,
    names_of,
    visible_clients,
    visible_contacts,
    visible_people,
    visible_units,
)
from accounts.filters.teamwork import (
    EscalationFilter,
    InstructionFilter,
    MajorChangeFilter,
    PromiseFilter,
    RepresentationFilter,
)
from accounts.filters.voices import ImprovementFilter, VoiceFilter

__all__ = [
    "AgreementFilter",
    "AnniversaryFilter",
    "ArchiveCheckFilter",
    "AreaFilter",
    "ChangeRequestFilter",
    "ClassProposalFilter",
    "ClientFileFilter",
    "ClientFilter",
    "ClientRefFilter",
    "CollectionCountFilter",
    "ContactFilter",
    "ContactLogFilter",
    "ContactNoteFilter",
    "ContactRefFilter",
    "ContactRelationFilter",
    "DepartmentFilter",
    "EntitlementFilter",
    "EntitlementUseFilter",
    "EscalationFilter",
    "FileLookFilter",
    "HandoverFilter",
    "ImprovementFilter",
    "InstructionFilter",
    "ItemFilter",
    "MajorChangeFilter",
    "MemberFilter",
    "MergeFilter",
    "MoneyFilter",
    "NoteFilter",
    "OfClientFilter",
    "PersonFilter",
    "PolicyFilter",
    "PromiseFilter",
    "ReportFilter",
    "RepresentationFilter",
    "SegmentFilter",
    "StatusChangeFilter",
    "SuccessCaseFilter",
    "SuspectedPairFilter",
    "UnitFilter",
    "VoiceFilter",
    "names_of",
    "visible_clients",
    "visible_contacts",
    "visible_people",
    "visible_units",
]
