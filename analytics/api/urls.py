from rest_framework.routers import SimpleRouter

from analytics.api.uploads import BillingUploadViewSet
from analytics.api.values import ValueAssessmentViewSet, ValueDueViewSet
from analytics.api.views import AlertViewSet, BillingImportViewSet, BillingPeriodViewSet

router = SimpleRouter(use_regex_path=False)
router.register("alerts", AlertViewSet, "alert")
router.register("billing-imports", BillingImportViewSet, "billing-import")
router.register("billing-imports/uploads", BillingUploadViewSet, "billing-upload")
router.register("periods", BillingPeriodViewSet, "period")
router.register("value-assessments", ValueAssessmentViewSet, "value-assessment")
router.register("values-due", ValueDueViewSet, "value-due")

urlpatterns = router.urls
