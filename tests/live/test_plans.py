"""A plan is the worker's own: sealed where it lies, and opened for its own voucher alone."""

from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.test import override_settings

from loopbaan.adapters.insz import BadSeal, Keyring, new_key
from loopbaan.live import plans, restoring
from loopbaan.live.models import Plan
from tests.live.scheme import Scheme


def test_what_a_plan_says_lies_nowhere_open_and_opens_for_its_own_voucher_alone(
    scheme: Scheme,
) -> None:
    an = scheme.started("an")
    scheme.now += timedelta(days=1)  # the bank closes one day once
    bram = scheme.started(7)
    plan = scheme.plan(an)
    with connection.cursor() as cursor:
        cursor.execute("SELECT t::text, encode(content_cipher, 'escape') FROM live_plan t")
        assert "Leerkracht" not in "".join(cursor.fetchone())
    other = Plan.objects.create(
        voucher=bram.voucher,
        made_at=scheme.now,
        made_by="worker:2",
        is_pdf=False,
        content_key=plan.content_key,
        content_cipher=plan.content_cipher,
    )
    with pytest.raises(BadSeal):
        plans.parts_of(other)


def test_a_plan_is_sealed_again_under_a_newer_key(scheme: Scheme) -> None:
    plan = scheme.plan(scheme.started())
    newer = new_key("n2")
    keys = Keyring.read(f"{newer},{settings.INSZ_KEYS}")
    assert plans.reseal(keys) == 1
    assert plans.reseal(keys) == 0
    with override_settings(INSZ_KEYS=newer):
        assert plans.parts_of(Plan.objects.get(pk=plan.pk))["goal"] == "Leerkracht worden."


def test_a_backup_without_the_key_of_its_plans_is_seen(scheme: Scheme) -> None:
    scheme.plan(scheme.started())
    newer = new_key("n2")
    plans.reseal(Keyring.read(f"{newer},{settings.INSZ_KEYS}"))
    assert restoring.missing_keys() == ["n2"]
    with override_settings(INSZ_KEYS=f"{newer},{settings.INSZ_KEYS}"):
        assert restoring.missing_keys() == []
