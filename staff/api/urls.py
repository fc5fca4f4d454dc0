from rest_framework.routers import SimpleRouter

from staff.api.views import PersonViewSet, UnitViewSet

router = SimpleRouter(use_regex_path=False)
router.register("people", PersonViewSet, "person")
router.register("units", UnitViewSet, "unit")

urlpatterns = router.urls
