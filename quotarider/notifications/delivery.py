"""Draining the outbox: at least once, in the order of their time, several drains beside each other.

1. Claim: in a transaction of its own, as the clock role, due messages get one attempt more and a lease. Who dies
   while sending leaves a message that is due again when its lease ends.
2. Send, outside of any transaction: a slow mail server holds no lock.
3. Settle: sent, or due again after the next pause, or dead after the last. Only the attempt that was claimed may
   settle, so a drain that outlived its lease can't undo what another one did.
"""

import hashlib
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from email.utils import parseaddr
from typing import Any

from django.conf import settings
from django.core.mail import EmailMessage
from django.db import connections, transaction

from quotarider.notifications import letters

log = logging.getLogger(__name__)

CLOCK = "clock"
LEASE = timedelta(minutes=5)  # longer than BATCH messages take, each at EMAIL_TIMEOUT
BATCH = 20
PAUSES = (  # after the first, second, … failure; the schedule of Standard Webhooks
    timedelta(seconds=5),
    timedelta(minutes=5),
    timedelta(minutes=30),
    timedelta(hours=2),
    timedelta(hours=5),
    timedelta(hours=10),
    timedelta(hours=14),
    timedelta(hours=20),
    timedelta(hours=24),
)
TRIES = len(PAUSES) + 1

CLAIM = """
UPDATE notifications_outbox SET attempts = attempts + 1, next_attempt_at = app_now() + %s
WHERE id IN (
  SELECT id FROM notifications_outbox
  WHERE sent_at IS NULL AND dead_at IS NULL AND next_attempt_at <= app_now() AND kind = ANY(%s)
  ORDER BY next_attempt_at LIMIT %s FOR UPDATE SKIP LOCKED)
RETURNING id, workspace_id, kind, key, payload, attempts
"""
SENT = """
UPDATE notifications_outbox SET sent_at = app_now(), next_attempt_at = NULL, last_error = ''
WHERE id = %s AND attempts = %s AND sent_at IS NULL
"""
FAILED = """
UPDATE notifications_outbox SET last_error = %s,
  next_attempt_at = app_now() + %s::interval,
  dead_at = CASE WHEN %s::interval IS NULL THEN app_now() END
WHERE id = %s AND attempts = %s AND sent_at IS NULL
"""


@dataclass(frozen=True)
class Letter:
    """A claimed message. `attempt` counts from 1."""

    id: int
    workspace_id: int
    kind: str
    key: str
    payload: Mapping[str, Any]
    attempt: int

    @property
    def message_id(self) -> str:
        """The same for each attempt, and without a word of what the key says."""
        digest = hashlib.sha256(f"{self.workspace_id}:{self.key}".encode()).hexdigest()[:40]
        host = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"
        return f"<{digest}@{host}>"


def send_mail(letter: Letter) -> None:
    """Hands a mail to the mail server. Raises: whatever the server or the network says."""
    subject, text = letters.compose(letter.payload)
    EmailMessage(
        subject,
        text,
        to=[letter.payload["to"]],
        headers={"Message-ID": letter.message_id, "Auto-Submitted": "auto-generated"},
    ).send()


SENDERS: dict[str, Callable[[Letter], None]] = {"mail": send_mail}


def deliver(limit: int = BATCH) -> int:
    """Sends up to `limit` due messages of all workspaces; returns how many were claimed."""
    claimed = claim(limit)
    for letter in claimed:
        _deliver_one(letter)
    return len(claimed)


def claim(limit: int) -> list[Letter]:
    """Takes due messages for the time of the lease; two claims never hold the same one."""
    with transaction.atomic(using=CLOCK), connections[CLOCK].cursor() as cursor:
        parameters: list[Any] = [LEASE, list(SENDERS), limit]
        cursor.execute(CLAIM, parameters)
        return [_letter(row) for row in cursor.fetchall()]


def _letter(row: tuple[Any, ...]) -> Letter:
    letter_id, workspace_id, kind, key, payload, attempt = row
    read = json.loads(payload) if isinstance(payload, str) else payload
    return Letter(letter_id, workspace_id, kind, key, read, attempt)


def _deliver_one(letter: Letter) -> None:
    try:
        SENDERS[letter.kind](letter)
    except Exception as error:  # one bad letter must not keep back the others; it is counted, and dies in the end
        _settle_failure(letter, error)
    else:
        _execute(SENT, [letter.id, letter.attempt])


def _settle_failure(letter: Letter, error: Exception) -> None:
    pause = PAUSES[letter.attempt - 1] if letter.attempt < TRIES else None
    reason = describe(error)
    log.warning("not delivered: outbox=%s attempt=%s error=%s dead=%s", letter.id, letter.attempt, reason, not pause)
    _execute(FAILED, [reason, pause, pause, letter.id, letter.attempt])


def describe(error: Exception) -> str:
    """The kind of error and the mail server's code; never its text, which may hold an address."""
    code = getattr(error, "smtp_code", None)
    return f"{type(error).__name__} {code}" if isinstance(code, int) else type(error).__name__


def _execute(statement: str, parameters: list[Any]) -> None:
    with transaction.atomic(using=CLOCK), connections[CLOCK].cursor() as cursor:
        cursor.execute(statement, parameters)
