from rest_framework.routers import SimpleRouter

from accounts.api import archive
from accounts.api.change_requests import ChangeRequestViewSet
from accounts.api.contact_views import ContactNoteViewSet, ContactRelationViewSet, ContactViewSet
from accounts.api.files import ClientFileViewSet
from accounts.api.handovers import HandoverViewSet
from accounts.api.journal import ContactLogViewSet, NoteViewSet
from accounts.api.member_views import EntitlementUseViewSet, EntitlementViewSet, MemberViewSet
from accounts.api.merges import MergeViewSet
from accounts.api.pairs import SuspectedPairViewSet
from accounts.api.reports import ReportViewSet
from accounts.api.value import ClassProposalViewSet, MajorChangeViewSet
from accounts.api.views import ClientViewSet
from accounts.api.voices import ImprovementViewSet, VoiceViewSet

router = SimpleRouter(use_regex_path=False)
router.register("clients", ClientViewSet, "client")
router.register("contacts", ContactViewSet, "contact")
router.register("class-proposals", ClassProposalViewSet, "class-proposal")
router.register("major-changes", MajorChangeViewSet, "major-change")
router.register("change-requests", ChangeRequestViewSet, "change-request")
router.register("suspected-pairs", SuspectedPairViewSet, "suspected-pair")
router.register("merges", MergeViewSet, "merge")
router.register("voices", VoiceViewSet, "voice")
router.register("improvements", ImprovementViewSet, "improvement")
router.register("reports", ReportViewSet, "report")
router.register("contact-notes", ContactNoteViewSet, "contact-note")
router.register("contact-relations", ContactRelationViewSet, "contact-relation")
router.register("contact-logs", ContactLogViewSet, "contact-log")
router.register("notes", NoteViewSet, "note")
router.register("client-files", ClientFileViewSet, "client-file")
router.register("members", MemberViewSet, "member")
router.register("status-changes", archive.StatusChangeViewSet, "status-change")
router.register("archive-checks", archive.ArchiveCheckViewSet, "archive-check")
router.register("segments", archive.SegmentViewSet, "segment")
router.register("anniversaries", archive.AnniversaryViewSet, "anniversary")
router.register("departments", archive.DepartmentViewSet, "department")
router.register("collection-counts", archive.CollectionCountViewSet, "collection-count")
router.register("policies", archive.PolicyViewSet, "policy")
router.register("agreements", archive.AgreementViewSet, "agreement")
router.register("areas", archive.AreaViewSet, "area")
router.register("success-cases", archive.SuccessCaseViewSet, "success-case")
router.register("handovers", HandoverViewSet, "handover")
router.register("entitlements", EntitlementViewSet, "entitlement")
router.register("entitlement-uses", EntitlementUseViewSet, "entitlement-use")

urlpatterns = router.urls
