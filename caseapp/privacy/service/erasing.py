"""Carrying an erasure out, step by step. Every step may be interrupted and repeated; none is ever taken back.

The order is the guarantee: first the erasure list, which is replayed after every restore; then what names the person
outside the file, as long as the file can be read; then the key, with which everything becomes unreadable in every copy;
then the rows; then the protocol.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from uuid import UUID

import msgspec

from caseapp import audit, clock
from caseapp.accounts.rules import ROLE_LABELS
from caseapp.clients.queries import find_client
from caseapp.db import Database, scope, session
from caseapp.db.remains import drop_remains
from caseapp.errors import NotFoundError
from caseapp.i18n import gettext as _
from caseapp.keystore import KeyStore
from caseapp.places import queries as places
from caseapp.privacy.models import Erasure, ErasurePlan, ErasureProtocol, ErasureStep
from caseapp.privacy.queries import list_unfinished
from caseapp.privacy.rules.kinds import in_words, what_stays
from caseapp.privacy.service.removing import remove_rows
from caseapp.privacy.service.traces import Subject, Trace, count_all, subject_of
from caseapp.security.actor import Actor, Role
from caseapp.security.vault import keyed_digest

STEPS = tuple(ErasureStep)
Progress = Callable[[int, int], None]


def _no_progress(_done: int, _total: int) -> None:
    return


@dataclass(frozen=True, slots=True)
class Eraser:
    """Carries erasures out. `render` makes the protocol (`documents.render`)."""

    database: Database
    keystore: KeyStore
    traces: Sequence[Trace]
    render: Callable[..., bytes]

    def run(self, actor: Actor | None, erasure_id: UUID, progress: Progress = _no_progress) -> None:
        """All steps that are left. Raises NotFoundError for an erasure that was never decided."""
        step = self._step_of(erasure_id)
        while step is not ErasureStep.DONE:
            progress(STEPS.index(step), len(STEPS) - 1)
            step = self._next(actor, erasure_id, step)
        progress(len(STEPS) - 1, len(STEPS) - 1)

    def resume(self, *, older_than: dt.timedelta = dt.timedelta(minutes=2)) -> int:
        """Finish what a killed process has left, decided so long ago; how many there were."""
        with self.database.unit(None, write=False) as unit, scope.everything(unit):
            left = list_unfinished(clock.now() - older_than)
        for erasure_id in left:
            self.run(None, erasure_id)
        return len(left)

    def replay(self, client_ids: Iterable[UUID]) -> int:
        """Erase again what a restored copy has brought back: keys and rows of these clients. How many had rows."""
        erased = sorted(client_ids, key=lambda each: each.bytes)
        found = 0
        for client_id in erased:
            with self.database.unit(None, write=True) as unit, scope.everything(unit):
                client = find_client(client_id)
                if client is not None:
                    self._clear(subject_of(client))
            self.keystore.destroy([client_id])
            with self.database.unit(None, write=True) as unit, scope.everything(unit):
                if remove_rows(client_id):
                    found += 1
                    audit.record("client:erase_again", client_id=client_id)
        self._drop_remains()
        return found

    def _next(self, actor: Actor | None, erasure_id: UUID, step: ErasureStep) -> ErasureStep:
        """Do what follows `step`, and say what was reached."""
        match step:
            case ErasureStep.DECIDED:
                self.keystore.erasures.append([self._client_of(erasure_id)])
                return self._reach(actor, erasure_id, ErasureStep.LISTED)
            case ErasureStep.LISTED:
                return self._reach(actor, erasure_id, ErasureStep.CLEARED, self._clear_elsewhere)
            case ErasureStep.CLEARED:
                self.keystore.destroy([self._client_of(erasure_id)])
                return self._reach(actor, erasure_id, ErasureStep.KEYLESS)
            case ErasureStep.KEYLESS:
                reached = self._reach(actor, erasure_id, ErasureStep.REMOVED, _remove)
                self._drop_remains()
                return reached
            case _:
                return self._reach(actor, erasure_id, ErasureStep.DONE, self._finish)

    def _reach(
        self,
        actor: Actor | None,
        erasure_id: UUID,
        step: ErasureStep,
        change: Callable[[Erasure], None] = lambda _erasure: None,
    ) -> ErasureStep:
        """Make the change and note the step in one transaction; nothing if another process was faster."""
        with self.database.unit(actor, write=True), audit.everything("erasure"):
            erasure = _get(erasure_id, lock=True)
            if STEPS.index(ErasureStep(erasure.step)) < STEPS.index(step):
                change(erasure)
                erasure.step = step.value
            return ErasureStep(erasure.step)

    def _clear_elsewhere(self, erasure: Erasure) -> None:
        client = find_client(erasure.client_id)
        if client is None:
            return
        counts = {kind: count for kind, count in count_all(client, self.traces).items() if count}
        self._clear(subject_of(client))
        erasure.plan = msgspec.structs.replace(erasure.plan, counts=tuple(counts.items()))

    def _clear(self, subject: Subject) -> None:
        for trace in self.traces:
            trace.clear(subject)
        session().flush()

    def _finish(self, erasure: Erasure) -> None:
        now = clock.now()
        digest = _digest(self.keystore, erasure)
        pdf = self.render(
            "erasure",
            carrier=places.get_organisation(erasure.organisation_id).profile.name,
            title=_("Löschprotokoll"),
            facts=facts_of(erasure, clock.local(now).strftime("%d.%m.%Y")),
            counts=in_words(dict(erasure.plan.counts)),
            stays=what_stays(),
            digest=digest,
        )
        erasure.protocol = ErasureProtocol(pdf=pdf, digest=digest)
        erasure.ended_at = now

    def _step_of(self, erasure_id: UUID) -> ErasureStep:
        with self.database.unit(None, write=False) as unit, scope.everything(unit):
            return ErasureStep(_get(erasure_id).step)

    def _client_of(self, erasure_id: UUID) -> UUID:
        with self.database.unit(None, write=False) as unit, scope.everything(unit):
            return _get(erasure_id).client_id

    def _drop_remains(self) -> None:
        for engine in (self.database.engine, self.keystore.engine):
            drop_remains(engine)


def facts_of(erasure: Erasure, erased_on: str) -> list[tuple[str, str]]:
    """What the protocol says of the two people and the days: functions, never names."""
    return [
        (_("Nummer des Protokolls"), number_of(erasure)),
        (_("Beantragt am"), clock.local(erasure.requested_at).strftime("%d.%m.%Y")),
        (_("Beantragt von"), _label(erasure.plan.requested_as)),
        (_("Entschieden am"), clock.local(erasure.decided_at).strftime("%d.%m.%Y")),
        (_("Entschieden von"), _("Leitung des Trägers")),
        (_("Gelöscht am"), erased_on),
        (_("Datenschutz"), _("sieht diese Löschung im Verzeichnis, ohne Stimme")),
    ]


def number_of(erasure: Erasure) -> str:
    """The protocol's number: random, from the id of the erasure, not of the file."""
    return erasure.id.hex[:8].upper()


def _label(role: str) -> str:
    return str(ROLE_LABELS[Role(role)]) if role else "–"


def _get(erasure_id: UUID, *, lock: bool = False) -> Erasure:
    found = session().get(Erasure, erasure_id, with_for_update=lock or None)
    if found is None:
        raise NotFoundError
    return found


def _remove(erasure: Erasure) -> None:
    remove_rows(erasure.client_id)
    audit.record("client:erase", client_id=erasure.client_id, organisation_id=erasure.organisation_id)


def _digest(keystore: KeyStore, erasure: Erasure) -> str:
    """A keyed digest of what the protocol says, and of the client's random id: it proves which file it was about."""
    plan: ErasurePlan = erasure.plan
    said = (erasure.id.hex, erasure.client_id.hex, erasure.requested_at.isoformat(), erasure.decided_at.isoformat())
    counted = ";".join(f"{kind}={count}" for kind, count in sorted(plan.counts))
    return keyed_digest(keystore.keyring.secret("audit"), "|".join((*said, counted))).hex()
