from rest_framework.routers import SimpleRouter

from complaints.api.views import CaseStepViewSet, CaseViewSet

router = SimpleRouter(use_regex_path=False)
router.register("cases", CaseViewSet, "case")
router.register("case-steps", CaseStepViewSet, "case-step")

urlpatterns = router.urls
