from rest_framework.routers import SimpleRouter

from accounts.api.value import ClassProposalViewSet
from accounts.api.views import ClientViewSet, ContactViewSet, MemberViewSet

router = SimpleRouter(use_regex_path=False)
router.register("clients", ClientViewSet, "client")
router.register("contacts", ContactViewSet, "contact")
router.register("class-proposals", ClassProposalViewSet, "class-proposal")
router.register("members", MemberViewSet, "member")

urlpatterns = router.urls
