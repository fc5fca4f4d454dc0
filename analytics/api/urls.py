from rest_framework.routers import SimpleRouter

from analytics.api.uploads import BillingUploadViewSet
from analytics.api.views import AlertViewSet, BillingImportViewSet, BillingPeriodViewSet

router = SimpleRouter(use_regex_path=False)
router.register("alerts", AlertViewSet, "alert")
router.register("billing-imports", BillingImportViewSet, "billing-import")
router.register("billing-imports/uploads", BillingUploadViewSet, "billing-upload")
router.register("periods", BillingPeriodViewSet, "period")

urlpatterns = router.urls
