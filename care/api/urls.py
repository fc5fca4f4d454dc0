from rest_framework.routers import SimpleRouter

from care.api.views import GiftViewSet, ServiceRecordViewSet

router = SimpleRouter(use_regex_path=False)
router.register("gifts", GiftViewSet, "gift")
router.register("service-records", ServiceRecordViewSet, "service-record")

urlpatterns = router.urls
