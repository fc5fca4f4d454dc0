"""The gift register and the service records."""

from care.models.gifts import Gift, GiftQuerySet
from care.models.services import ServiceRecord, ServiceRecordQuerySet

__all__ = ["Gift", "GiftQuerySet", "ServiceRecord", "ServiceRecordQuerySet"]
