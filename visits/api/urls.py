from rest_framework.routers import SimpleRouter

from visits.api.views import VisitViewSet

router = SimpleRouter(use_regex_path=False)
router.register("visits", VisitViewSet, "visit")

urlpatterns = router.urls
