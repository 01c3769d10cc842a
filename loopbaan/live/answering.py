"""Each act of a centre's own software is done once for its key, however often it is sent."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction

from loopbaan.live.models import Answer, Centre
from loopbaan.live.moving import Refused

Body = dict[str, Any]


class OtherAct(Refused):
    """A key was used before, for something else."""


def once(
    *,
    centre: Centre,
    key: UUID,
    act: str,
    asked: Mapping[str, Any],
    do: Callable[[], Body],
    now: datetime,
) -> Body:
    """Do an act and keep its answer, or return the answer that the same key got before.

    Who sends the same key at the same time waits for the first. What is refused is no answer: the
    key can be used again, and what the refusal left behind (a guess) stays.

    Raises:
        OtherAct: the key was used before, for another act or with other values.
        Refused: what the act refuses.

    """
    digest = hashlib.sha256(
        json.dumps([act, asked], sort_keys=True, default=str).encode()
    ).hexdigest()
    with transaction.atomic():
        row, is_new = Answer.objects.select_for_update().get_or_create(
            centre=centre, key=key, defaults={"act": act, "digest": digest, "at": now}
        )
        if row.digest != digest:
            raise OtherAct("Deze sleutel werd al gebruikt voor iets anders.")
        if not is_new:
            assert row.body is not None, "an answer is kept with its act, or not at all"
            return dict(row.body)
        try:
            row.body = do()
        except Refused as error:
            refused = error
            row.delete()
        else:
            row.save()
            return row.body
    raise refused
