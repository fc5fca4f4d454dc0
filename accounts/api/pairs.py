"""Records that may be the same, over REST (ARC-20)."""

from django.utils import timezone
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.contact_serializers import ContactRef
from accounts.api.serializers import ClientRef, PersonRef
from accounts.choices import PAIR_VERDICTS, PairState
from accounts.filters import SuspectedPairFilter
from accounts.models import SuspectedPair
from accounts.services import pairs
from crm.lib.serializers import NoInput, ReadSerializer, StrictFields
from crm.lib.viewsets import ReadViewSet

VERDICTS = [choice for choice in PairState.choices if choice[0] in PAIR_VERDICTS]


class SuspectedPairSerializer(ReadSerializer):
    """`first` and `second` are clients; of a pair of contacts the clients they are at."""

    first = ClientRef()
    second = ClientRef()
    first_contact = ContactRef(allow_null=True)
    second_contact = ContactRef(allow_null=True)
    decided_by = PersonRef(allow_null=True)

    class Meta:
        model = SuspectedPair
        fields = (
            "id", "kind", "first", "second", "first_contact", "second_contact", "reason", "state",
            "later_until", "found_at", "decided_at", "decided_by",
        )  # fmt: skip


class PairJudge(StrictFields):
    verdict = serializers.ChoiceField(choices=VERDICTS)


class SuspectedPairViewSet(ReadViewSet):
    queryset = SuspectedPair.objects.with_records()
    filterset_class = SuspectedPairFilter
    serializer_class = SuspectedPairSerializer
    inputs = {"judge": PairJudge, "reopen": NoInput}
    rights = dict.fromkeys(("list", "retrieve", "judge", "reopen"), "accounts.judge_pair")

    @action(methods=["post"], detail=True)
    def judge(self, request: Request, pk: object) -> Response:
        """`different`, `later` (comes back after some days) or `same` (operations get a to-do)."""
        return self.write(
            pairs.judge_pair,
            pair=self.get_object(),
            now=timezone.now(),
            today=timezone.localdate(),
            **self.cleaned(),
        )

    @action(methods=["post"], detail=True)
    def reopen(self, request: Request, pk: object) -> Response:
        """Take a judgement back."""
        self.cleaned()
        return self.write(pairs.reopen_pair, pair=self.get_object(), now=timezone.now())
