"""Refusals of this app."""

from crm.lib.exceptions import DomainError


class NotAnOwner(DomainError):
    code = "not_an_owner"


class DuplicateClient(DomainError):
    code = "duplicate_client"


class NotEntitled(DomainError):
    """The card of that day does not include it, or it is not offered that year."""

    code = "not_entitled"


class UsedUp(DomainError):
    """Nothing is left of this year's quantity or value."""

    code = "used_up"


class NotThisYear(DomainError):
    code = "not_this_year"


class AmountMissing(DomainError):
    code = "amount_missing"


class AlreadyTakenBack(DomainError):
    code = "already_taken_back"


class ReasonMissing(DomainError):
    code = "reason_missing"


class ClassUnchanged(DomainError):
    code = "class_unchanged"


class ProposalAlreadyOpen(DomainError):
    code = "proposal_already_open"


class ProposalNotOpen(DomainError):
    code = "proposal_not_open"


class OwnProposal(DomainError):
    code = "own_proposal"


class NotTheProposer(DomainError):
    code = "not_the_proposer"


class SameName(DomainError):
    """Another client of the unit has this name (ARC-F01); pass `allow_same_name` when it is true."""

    code = "same_name"


class CircularSuperior(DomainError):
    code = "circular_superior"


class ReferralIncomplete(DomainError):
    code = "referral_incomplete"


class StatusStepNotAllowed(DomainError):
    code = "status_step_not_allowed"


class BasicProfileIncomplete(DomainError):
    code = "basic_profile_incomplete"


class AlreadyInArchive(DomainError):
    code = "already_in_archive"


class DepartmentElsewhere(DomainError):
    code = "department_elsewhere"


class CheckNotOpen(DomainError):
    code = "check_not_open"


class NotEligible(DomainError):
    code = "not_eligible"


class NothingChanged(DomainError):
    code = "nothing_changed"


class AlreadyAnswered(DomainError):
    code = "already_answered"


class OwnReport(DomainError):
    code = "own_report"


class ImpossibleTime(DomainError):
    code = "impossible_time"


class NobodyResponsible(DomainError):
    code = "nobody_responsible"


class NotHigher(DomainError):
    code = "not_higher"


class NotWaiting(DomainError):
    code = "not_waiting"


class SameOwner(DomainError):
    code = "same_owner"


class IdentityNotChecked(DomainError):
    code = "identity_not_checked"


class TierOverlaps(DomainError):
    code = "tier_overlaps"


class NotOneYear(DomainError):
    code = "not_one_year"


class HandoverOutdated(DomainError):
    code = "handover_outdated"


class HandoverEmpty(DomainError):
    code = "handover_empty"


class HandoverTooLarge(DomainError):
    code = "handover_too_large"


class HandoverUndone(DomainError):
    code = "handover_undone"


class ContactNotThere(DomainError):
    code = "contact_not_there"


class ContactStillThere(DomainError):
    code = "contact_still_there"


class SameClient(DomainError):
    code = "same_client"


class RelationToSelf(DomainError):
    code = "relation_to_self"


class RelationExists(DomainError):
    code = "relation_exists"


class RelationInCircle(DomainError):
    code = "relation_in_circle"


class RelationElsewhere(DomainError):
    code = "relation_elsewhere"


class TextMissing(DomainError):
    code = "text_missing"


class OtherClient(DomainError):
    code = "other_client"


class IsAVisit(DomainError):
    code = "is_a_visit"


class NotCorrectable(DomainError):
    code = "not_correctable"


class OutOfReach(DomainError):
    code = "out_of_reach"


class FileNotTaken(DomainError):
    """Empty, or larger than one file or all files of a client may be; `code` says which."""

    code = "file_too_large"


class FileAlreadyThere(DomainError):
    """The same bytes are among the client's files."""

    code = "file_already_there"


class FileNotReady(DomainError):
    """Being checked, infected, broken or removed: nothing is given out."""

    code = "file_not_ready"


class FileStorageFailed(DomainError):
    """The disk is full or the bucket away; nothing was kept."""

    code = "storage_failed"


class FileGone(DomainError):
    """Its bytes were deleted for good."""

    code = "file_gone"


class BulkChangeEmpty(DomainError):
    code = "bulk_change_empty"


class BulkChangeTooLarge(DomainError):
    code = "bulk_change_too_large"


class BulkChangeNotDone(DomainError):
    code = "bulk_change_not_done"


class BulkChangeUndone(DomainError):
    code = "bulk_change_undone"


class BulkChangeOutdated(DomainError):
    code = "bulk_change_outdated"


class NotADraft(DomainError):
    code = "not_a_draft"


class NotSubmitted(DomainError):
    code = "not_submitted"


class NotDiscarded(DomainError):
    code = "not_discarded"


class NotTheWriter(DomainError):
    code = "not_the_writer"


class NothingSaid(DomainError):
    code = "nothing_said"


class ReportThere(DomainError):
    code = "report_there"


class NothingFound(DomainError):
    code = "nothing_found"


class CannotReceive(DomainError):
    code = "cannot_receive"


class ChangeOpen(DomainError):
    code = "change_open"


class ChangeDecided(DomainError):
    code = "change_decided"


class NotRequestable(DomainError):
    code = "not_requestable"


class FieldChanged(DomainError):
    code = "field_changed"


class NotTheRequester(DomainError):
    code = "not_the_requester"


class OwnChange(DomainError):
    code = "own_change"


class ImprovementThere(DomainError):
    code = "improvement_there"


class NotImprovable(DomainError):
    code = "not_improvable"


class PairJudged(DomainError):
    code = "pair_judged"


class PairNotJudged(DomainError):
    code = "pair_not_judged"


class NotMergeable(DomainError):
    """One and the same record, or one that has gone into another meanwhile."""

    code = "not_mergeable"


class MergeUndone(DomainError):
    code = "merge_undone"


class NewerMerge(DomainError):
    """A later merge builds on this one and has to be undone before it."""

    code = "newer_merge"


class CannotPart(DomainError):
    """Something stands where the restored rows would go."""

    code = "cannot_part"
