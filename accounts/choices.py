"""Choice lists of clients, contacts and members."""

from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy


class ClientClass(models.TextChoices):
    A = "A", "A"
    B = "B", "B"
    C = "C", "C"


class ClientNature(models.TextChoices):
    GOVERNMENT = "government", _("Government")
    ENTERPRISE = "enterprise", _("Enterprise")
    INSTITUTION = "institution", _("Public institution")
    OTHER = "other", _("Other")


class ClientStatus(models.TextChoices):
    POTENTIAL = "potential", _("Potential")
    TARGET = "target", _("Target")
    SIGNED = "signed", _("Signed")
    PRE_CHURN = "pre_churn", _("Pre-churn")
    CHURNED = "churned", _("Churned")


class LeadSource(models.TextChoices):
    """How the account manager came upon a prospect (ARC-04)."""

    DIRECT = "direct", _("Direct visit or call")
    CLIENT = "client", _("Referral by a client")
    COLLEAGUE = "colleague", _("Help of a colleague")
    DISPLAY = "display", _("Product display or road show")
    DIRECTORY = "directory", _("Directory or list")
    EXCHANGE = "exchange", _("Exchange of name lists")


class InfoSource(models.TextChoices):
    """Where the data of the archive come from (ARC-05)."""

    GOVERNMENT = "government", _("Government departments")
    ASSOCIATION = "association", _("Associations and research institutes")
    ENTERPRISE = "enterprise", _("Industrial and commercial enterprises")
    AGENCY = "agency", _("Information agencies")
    MEDIA = "media", _("Media")


class Reimbursement(models.TextChoices):
    """Who pays the phone fees of the client's people (ARC-F09)."""

    FULL = "full", _("Paid in full by the unit")
    LIMIT = "limit", _("Paid up to a limit")
    ALLOWANCE = "allowance", _("Fixed allowance")
    PART = "part", _("Paid for some people")
    NONE = "none", _("Paid by the people themselves")


class Automation(models.TextChoices):
    """State of office automation (ARC-F14)."""

    NONE = "none", _("On paper")
    PLANNED = "planned", _("Planned")
    PARTLY = "partly", _("Some parts")
    FULL = "full", _("Throughout")


class FeePayment(models.TextChoices):
    """How the client pays (ARC-F24)."""

    CASH = "cash", _("Cash")
    TRANSFER = "transfer", _("Transfer")
    COLLECTION = "collection", _("Collection by bank")


class AnniversaryKind(models.TextChoices):
    COMPANY = "company", _("Founding day of the company")
    SCHOOL = "school", _("Founding day of the school")
    SHOP = "shop", _("New shop")
    BUILDING = "building", _("New building")
    OTHER = "other", _("Other")


class SegmentFactor(models.TextChoices):
    """The nine factors an account manager may divide clients by (ARC-25)."""

    INDIVIDUAL = "individual", _("Individual data")
    CONSUMPTION = "consumption", _("Consumption behaviour")
    BUYING = "buying", _("Way of buying")
    LOCATION = "location", _("Location and occupation")
    NETWORK = "network", _("Relation network")
    KNOWLEDGE = "knowledge", _("Level of knowledge")
    SIZE = "size", _("Size")
    CONTRIBUTION = "contribution", _("Contribution")
    LOYALTY = "loyalty", _("Loyalty and credit")


class ContactKind(models.TextChoices):
    CONTACT = "contact", _("Contact person")
    IN_CHARGE = "in_charge", _("Person in charge")
    TOP_LEADER = "top_leader", _("Top leader")
    OTHER = "other", _("Other person")


class BuyingRole(models.TextChoices):
    INITIATOR = "initiator", _("Initiator")
    INFLUENCER = "influencer", _("Influencer")
    DECIDER = "decider", _("Decider")
    EXECUTOR = "executor", _("Executor")
    USER = "user", _("User")


class Personality(models.TextChoices):
    ANALYTICAL = "analytical", _("Analytical")
    DRIVER = "driver", _("Driver")
    EXPRESSIVE = "expressive", _("Expressive")
    AMIABLE = "amiable", _("Amiable")
    SILENT = "silent", _("Silent")


class ClientAttitude(models.TextChoices):
    """How the person behaved at a visit (CON-22)."""

    OPEN = "open", _("Friendly and open")
    RETICENT = "reticent", _("Did not like to talk")
    DISSATISFIED = "dissatisfied", _("Dissatisfied, not welcoming")
    ANGRY = "angry", _("Angry because of others")


class Gender(models.TextChoices):
    FEMALE = "female", _("Female")
    MALE = "male", _("Male")


class DecisionLevel(models.TextChoices):
    """Where in the client's structure decisions are made (ARC-F16)."""

    DECIDING = "deciding", _("Decision level")
    MANAGING = "managing", _("Management level")
    WORKING = "working", _("Working level")


class Attachment(models.TextChoices):
    """How the person stands to our company (ARC-F28)."""

    SUPPORTER = "supporter", _("Supporter")
    FRIENDLY = "friendly", _("Friendly")
    NEUTRAL = "neutral", _("Neutral")
    CRITICAL = "critical", _("Critical")
    OPPONENT = "opponent", _("Prefers a competitor")


class RelationKind(models.TextChoices):
    """Between two people; those of DIRECTED_RELATIONS read from the first to the second."""

    REPORTS_TO = "reports_to", _("Reports to")
    INTRODUCED_BY = "introduced_by", _("Introduced to us by")
    KIN = "kin", _("Relative")
    ALUMNI = "alumni", _("Fellow student")
    FORMER_COLLEAGUE = "former_colleague", _("Former colleague")
    FRIEND = "friend", _("Friend")
    CONFLICT = "conflict", _("In conflict")


class TipSubject(models.TextChoices):
    PERSONALITY = "personality", _("Personality")
    ATTITUDE = "attitude", _("Client attitude")


class MemberStatus(models.IntegerChoices):
    """Numbers, because a month of bills stores millions of them."""

    ACTIVE = 1, _("Active")
    PRE_CHURN = 2, _("Pre-churn")
    SUSPENDED = 3, _("Suspended")
    BOOKED_CANCEL = 4, _("Cancellation booked")
    ARREARS_CANCELLED = 5, _("Cancelled for arrears")
    CHURNED = 6, _("Churned")


class Tier(models.IntegerChoices):
    """Card tiers in rising order (ARC-46)."""

    NONE = 0, _("No card")
    VIP = 1, _("VIP card")
    SILVER = 2, _("Silver card")
    GOLD = 3, _("Gold card")
    DIAMOND = 4, _("Diamond card")


class PaymentMethod(models.IntegerChoices):
    UNKNOWN = 0, _("Not known")
    CASH = 1, _("Cash")
    TRANSFER = 2, _("Transfer")
    COLLECTION = 3, _("Collection by bank")


class ProposalState(models.TextChoices):
    """Where the change of a client's class stands (ARC-14)."""

    OPEN = "open", pgettext_lazy("of a proposal", "Open")
    APPROVED = "approved", pgettext_lazy("of a proposal", "Approved")
    REFUSED = "refused", pgettext_lazy("of a proposal", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a proposal", "Withdrawn")
    OVERTAKEN = "overtaken", pgettext_lazy("of a proposal", "Overtaken")


class ClassSource(models.TextChoices):
    """Where the change of a class came from."""

    PERSON = "person", _("A person")
    SUGGESTION = "suggestion", _("Yearly suggestion")
    ROSTER = "roster", _("Client roster")


class MajorChangeKind(models.TextChoices):
    """What about a client is reported at the first moment (ARC-21)."""

    MANAGEMENT = "management", _("Management system")
    OPERATION = "operation", _("Operating condition")
    FINANCE = "finance", _("Financial system")
    MARKET = "market", _("Product market")
    LEADERSHIP = "leadership", _("Leadership team")


class EscalationLevel(models.IntegerChoices):
    """How high a problem is carried (ORG-18), in rising order."""

    CENTRE = 1, _("Own centre")
    CITY = 2, pgettext_lazy("level of an escalation", "City")
    PROVINCE = 3, pgettext_lazy("level of an escalation", "Province")


class PromiseState(models.TextChoices):
    """A promise to a client; one beyond one's authority waits for it first (ORG-19)."""

    WAITING = "waiting", _("Waits for authority")
    OPEN = "open", pgettext_lazy("of a promise", "Open")
    KEPT = "kept", pgettext_lazy("of a promise", "Kept")
    DECLINED = "declined", pgettext_lazy("of a promise", "Declined")


class RhythmKind(models.TextChoices):
    """What comes round every so many months."""

    ASSESSMENT = "assessment", _("Assessment of the value")
    REPRESENTATIVE = "representative", _("Visit of the chief representative")


# Months between, unless the company has set others (ARC-22 quarterly, ORG-11).
RHYTHM_DEFAULTS: dict[tuple[str, str], int] = {
    (RhythmKind.ASSESSMENT, ClientClass.A): 3,
    (RhythmKind.ASSESSMENT, ClientClass.B): 3,
    (RhythmKind.ASSESSMENT, ClientClass.C): 3,
    (RhythmKind.REPRESENTATIVE, ClientClass.A): 3,
    (RhythmKind.REPRESENTATIVE, ClientClass.B): 6,
}
UNSETTLED_PROMISES = (PromiseState.WAITING, PromiseState.OPEN)


class SplitWay(models.TextChoices):
    """How clients are dealt out to several people."""

    NUMBER = "number", _("Evenly by number of clients")
    INCOME = "income", _("Evenly by income")
    HAND = "hand", _("By hand, client by client")


class HandoverOutcome(models.TextChoices):
    """What an undo did to a client."""

    RETURNED = "returned", _("given back")
    HANDED_ON = "handed_on", _("meanwhile given to somebody else")
    OUT_OF_SIGHT = "out_of_sight", _("meanwhile in another unit")


class BulkOutcome(models.TextChoices):
    """What a bulk change did to a client, and its undo after that."""

    WAITING = "waiting", _("waiting")
    CHANGED = "changed", _("changed")
    SAME = "same", _("was so already")
    STALE = "stale", _("changed by somebody since the preview")
    OUT_OF_SIGHT = "out_of_sight", _("no longer in sight")
    STEP = "step", _("the status cannot follow from the present one")
    BASICS = "basics", _("the basic profile is not filled in")
    SAME_NAME = "same_name", _("the unit has a client of this name")
    TARGET = "target", _("the new manager or unit is no longer possible")
    RETURNED = "returned", _("put back")
    CHANGED_SINCE = "changed_since", _("changed since, left as it is")


# Nothing was done to these.
REFUSED_OUTCOMES = (
    BulkOutcome.STALE, BulkOutcome.OUT_OF_SIGHT, BulkOutcome.STEP, BulkOutcome.BASICS,
    BulkOutcome.SAME_NAME, BulkOutcome.TARGET,
)  # fmt: skip


class MovedWork(models.TextChoices):
    VISIT = "visit", _("Visit")
    TASK = "task", _("Task")
    CASE = "case", _("Case")


class MoveOutcome(models.TextChoices):
    """What an undo did to a visit, task or case."""

    RETURNED = "returned", _("given back")
    FINISHED = "finished", _("done meanwhile")
    CANCELLED = "cancelled", _("called off meanwhile")
    REASSIGNED = "reassigned", _("meanwhile somebody else's")
    GONE = "gone", _("no longer there")


# Still on the network at month end: what an active member is (AMB-35).
ON_NETWORK_STATUSES = (
    MemberStatus.ACTIVE,
    MemberStatus.PRE_CHURN,
    MemberStatus.SUSPENDED,
    MemberStatus.BOOKED_CANCEL,
)
PRE_CHURN_STATUSES = (MemberStatus.PRE_CHURN, MemberStatus.BOOKED_CANCEL)
# Classes that must have a chief representative (ORG-09).
REPRESENTED_CLASSES = (ClientClass.A, ClientClass.B)
# Which status may follow which (ARC-01).
NEXT_STATUSES: dict[str, tuple[ClientStatus, ...]] = {
    ClientStatus.POTENTIAL: (ClientStatus.TARGET,),
    ClientStatus.TARGET: (ClientStatus.SIGNED, ClientStatus.POTENTIAL),
    ClientStatus.SIGNED: (ClientStatus.PRE_CHURN, ClientStatus.CHURNED),
    ClientStatus.PRE_CHURN: (ClientStatus.SIGNED, ClientStatus.CHURNED),
    ClientStatus.CHURNED: (ClientStatus.SIGNED, ClientStatus.TARGET),
}
# Clients that have to be won.
PROSPECT_STATUSES = (ClientStatus.POTENTIAL, ClientStatus.TARGET)


class AffectionGift(models.TextChoices):
    """What a gold or silver card holder may choose as affection service (TIR-14, TIR-19)."""

    NEWSPAPER = "newspaper", _("Newspaper subscription")
    WATER = "water", _("Water subscription")
    GIFT = "gift", _("Birthday gift")


class IdentityDocument(models.TextChoices):
    """What the owner of a number shows before it changes hands (SEC-11)."""

    ID_CARD = "id_card", _("Identity card")
    PASSPORT = "passport", _("Passport")
    OFFICER = "officer", _("Military or police card")
    LICENCE = "licence", _("Business licence")
    LETTER = "letter", _("Letter of the unit with the agent's identity card")


class RecordWay(models.TextChoices):
    """How a line's records were looked at (SEC-05)."""

    SCREEN = "screen", _("On screen")
    PRINT = "print", _("Printed")
    FILE = "file", _("Saved as a file")


# The contact person, the person in charge and top leaders are served by the class (CON-01, CON-02).
KEY_CONTACT_KINDS = (ContactKind.CONTACT, ContactKind.IN_CHARGE, ContactKind.TOP_LEADER)
# What each signed client must have at least one of (CON-01).
NEEDED_CONTACT_KINDS = (ContactKind.CONTACT, ContactKind.IN_CHARGE)
# How many good times of a contact are kept (CON-21).
CONTACT_WINDOWS = 3
DIRECTED_RELATIONS = (RelationKind.REPORTS_TO, RelationKind.INTRODUCED_BY)
# Key persons of a client are served at this card tier at least (ARC-41, ARC-42, ARC-43).
CLASS_SERVICE_TIERS = {
    ClientClass.A: Tier.DIAMOND,
    ClientClass.B: Tier.GOLD,
    ClientClass.C: Tier.SILVER,
}


class ContactChannel(models.TextChoices):
    """The ways in which information about a person comes in (ARC-31)."""

    PHONE = "phone", _("Phone")
    SMS = "sms", _("SMS")
    LETTER = "letter", _("Letter")
    VISIT = "visit", pgettext_lazy("channel", "In person")
    EMAIL = "email", _("E-mail")
    SOCIAL = "social", _("Client social event")
    COMMUNITY = "community", _("Community activity")


class ContactDirection(models.TextChoices):
    """Who came to whom; `walk_in` is a reception at our desk (ORG-05, VIS-73)."""

    OUTGOING = "outgoing", _("We got in touch")
    INCOMING = "incoming", _("The client got in touch")
    WALK_IN = "walk_in", _("Walked in")


class ContactPurpose(models.TextChoices):
    """Why: first the eight main services of an account manager (ARC-50)."""

    ENQUIRY = "enquiry", _("Enquiry")
    BUSINESS = "business", _("Handling business")
    BILL = "bill", _("Bill query and explanation")
    COMPLAINT = "complaint", _("Complaint")
    DEMONSTRATION = "demonstration", _("Demonstration of a new service")
    BOARDING = "boarding", _("Easy boarding")
    ACTIVITY = "activity", _("Member activity")
    PERSONAL = "personal", _("Personal service (card, small gift)")
    LIAISON = "liaison", _("Liaison")
    RETENTION = "retention", _("Retention")
    ARREARS = "arrears", _("Reminder of arrears")
    POLICY = "policy", _("Passing on policy or tariffs")
    OTHER = "other", _("Other")


# The eight main services (ARC-50): purposes of contacts, and what service records are about.
MAIN_SERVICES = (
    ContactPurpose.ENQUIRY,
    ContactPurpose.BUSINESS,
    ContactPurpose.BILL,
    ContactPurpose.COMPLAINT,
    ContactPurpose.DEMONSTRATION,
    ContactPurpose.BOARDING,
    ContactPurpose.ACTIVITY,
    ContactPurpose.PERSONAL,
)
# What a person wrote down may be corrected that long; after that it is a record.
CORRECTION_HOURS = 24


# Files ----------------------------------------------------------------------------------------


class FileKind(models.TextChoices):
    """What a file is to us, in the order in which files are filed (`FILING`)."""

    LICENCE = "licence", _("Business licence")
    IDENTITY = "identity", _("Identity papers")
    AUTHORITY = "authority", _("Letter of authority")
    PHOTO = "photo", _("Photo")
    OTHER = "other", pgettext_lazy("kind of file", "Other")
    PROPOSAL = "proposal", pgettext_lazy("kind of file", "Proposal")
    AGREEMENT = "agreement", pgettext_lazy("kind of file", "Agreement")


# The place of each kind in the order of filing: archive (1x), proposal (2x), agreement (3x), as the
# parts of the dossier (ARC-18).
FILING = {
    FileKind.LICENCE: 11,
    FileKind.IDENTITY: 12,
    FileKind.AUTHORITY: 13,
    FileKind.PHOTO: 14,
    FileKind.OTHER: 19,
    FileKind.PROPOSAL: 21,
    FileKind.AGREEMENT: 31,
}
# They say something about people; whoever takes one out is noted (P34).
PERSONAL_FILE_KINDS = frozenset({FileKind.IDENTITY, FileKind.AUTHORITY, FileKind.AGREEMENT})


class ScanState(models.TextChoices):
    """What a virus scanner said; `off`: there was none when the file came."""

    OFF = "off", _("Not scanned")
    WAITING = "waiting", _("Waiting to be scanned")
    CLEAN = "clean", _("No virus found")
    INFECTED = "infected", _("Infected")


class FileState(models.TextChoices):
    """Where a file stands; only a ready one is given out."""

    READY = "ready", pgettext_lazy("of a file", "Ready")
    WAITING = "waiting", pgettext_lazy("of a file", "Being checked")
    INFECTED = "infected", pgettext_lazy("of a file", "Infected, locked away")
    BROKEN = "broken", pgettext_lazy("of a file", "Broken")
    REMOVED = "removed", pgettext_lazy("of a file", "Removed")
    PURGED = "purged", pgettext_lazy("of a file", "Deleted for good")


class FileWay(models.TextChoices):
    """How a file was taken out."""

    PAGE = "page", _("On the page")
    API = "api", _("By a program")


class ReportKind(models.TextChoices):
    """What a report is for (ARC-23, ARC-32, ORG-33)."""

    SUGGESTION = "suggestion", _("Suggestion about a client")
    SUMMARY = "summary", _("Summary of collected data")
    URGENT = "urgent", _("Urgent information")
    MARKET_MONTH = "market_month", _("Market information of a month")


class ReportState(models.TextChoices):
    DRAFT = "draft", pgettext_lazy("of a report", "Draft")
    SUBMITTED = "submitted", pgettext_lazy("of a report", "Submitted")
    ANSWERED = "answered", pgettext_lazy("of a report", "Answered")
    DISCARDED = "discarded", pgettext_lazy("of a report", "Discarded")


# What goes to the recipients of the province (ORG-33, MKT-02, MKT-03).
PROVINCE_REPORTS = (ReportKind.URGENT, ReportKind.MARKET_MONTH)
# Hours from learning of an urgent matter to its report (MKT-03).
URGENT_HOURS = 24


class ChangeState(models.TextChoices):
    """Where a change that an agent handed in stands (ORG-21)."""

    OPEN = "open", pgettext_lazy("of a change", "To be decided")
    APPROVED = "approved", pgettext_lazy("of a change", "Approved")
    PARTLY = "partly", pgettext_lazy("of a change", "Partly approved")
    REFUSED = "refused", pgettext_lazy("of a change", "Refused")
    WITHDRAWN = "withdrawn", pgettext_lazy("of a change", "Withdrawn")


class VoiceTopic(models.TextChoices):
    """What a client's feedback is about (ORG-24)."""

    SERVICE = "service", _("Service")
    NETWORK = "network", _("Network")
    TARIFF = "tariff", _("Tariff")
    PRODUCT = "product", _("Product")
    BILL = "bill", _("Bill")
    COMPETITOR = "competitor", _("Competitor")
    PRAISE = "praise", _("Praise")
    OTHER = "other", _("Other")


class ImprovementState(models.TextChoices):
    OPEN = "open", pgettext_lazy("of an improvement", "Open")
    TAKEN_UP = "taken_up", pgettext_lazy("of an improvement", "Taken up")
    DONE = "done", pgettext_lazy("of an improvement", "Done")
    DECLINED = "declined", pgettext_lazy("of an improvement", "Declined")


OPEN_IMPROVEMENT_STATES = (ImprovementState.OPEN, ImprovementState.TAKEN_UP)


class PairKind(models.TextChoices):
    """What two records that may be the same are (ARC-20)."""

    CLIENT = "client", _("Client")
    CONTACT = "contact", _("Contact")


class PairReason(models.TextChoices):
    """Why two records may be the same; the strongest that holds."""

    SAME_NAME = "same_name", _("same name")
    SAME_MOBILE = "same_mobile", _("same mobile")
    ALIKE_NAME = "alike_name", _("alike name")
    SAME_ADDRESS = "same_address", _("same address")


class PairState(models.TextChoices):
    """What people said of two records that may be the same."""

    OPEN = "open", pgettext_lazy("of a pair", "To be judged")
    LATER = "later", pgettext_lazy("of a pair", "Later")
    DIFFERENT = "different", pgettext_lazy("of a pair", "Not the same")
    SAME = "same", pgettext_lazy("of a pair", "The same")


PAIR_VERDICTS = frozenset({PairState.LATER, PairState.DIFFERENT, PairState.SAME})
