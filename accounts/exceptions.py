"""Refusals of this app."""

from crm.lib.exceptions import DomainError


class NotAnOwner(DomainError):
    code = "not_an_owner"


class DuplicateClient(DomainError):
    code = "duplicate_client"


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
