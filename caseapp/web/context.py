"""What the running request knows: the database, the settings, the signed-in actor."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol, cast
from uuid import UUID

from flask import Request, Response, current_app, g, request

from caseapp.db import Database
from caseapp.errors import NotFoundError
from caseapp.jobs import Queue
from caseapp.security import policy
from caseapp.security.actor import Actor
from caseapp.security.permissions import Permission
from caseapp.settings import Settings


class Identity(Protocol):
    """Who is behind a request. Implemented by `accounts`, handed over by the factory."""

    def actor(self, request: Request) -> Actor | None:
        """The signed-in person, or None. Touches the session's idle clock."""
        ...

    def last_user(self, request: Request) -> UUID | None:
        """Whose session the request carried, even if it has expired: for giving typed text back to its author."""
        ...

    def clear(self, response: Response) -> None:
        """Remove the session's cookie."""
        ...


def database() -> Database:
    """The application's data database."""
    return cast(Database, current_app.extensions["caseapp_database"])


def settings() -> Settings:
    """The application's settings."""
    return cast(Settings, current_app.extensions["caseapp_settings"])


def hand_over(job_ids: Iterable[UUID]) -> None:
    """Give committed jobs to the job process."""
    queue = cast(Queue, current_app.extensions["caseapp_queue"])
    for job_id in job_ids:
        queue.put(job_id, actor().user_id)


def identity() -> Identity:
    """The application's way to recognise people."""
    return cast(Identity, current_app.extensions["caseapp_identity"])


def find_actor() -> Actor | None:
    """The signed-in person of this request, or None."""
    return cast(Actor | None, g.get("actor"))


def actor() -> Actor:
    """The signed-in person. Only pages with a permission may call it: RuntimeError elsewhere."""
    found = find_actor()
    if found is None:
        raise RuntimeError("this page is public and has no actor")
    return found


def organisation_id(permission: Permission) -> UUID:
    """The carrier that this page is about: `traeger` in the address, else the actor's first with the permission.

    Raises NotFoundError for a carrier in which the actor does not hold it.
    """
    allowed = policy.organisations(actor(), permission)
    named = request.args.get("traeger")
    found = next((each for each in allowed if named is None or str(each) == named), None)
    if found is None:
        raise NotFoundError
    return found


def carriers(permission: Permission) -> dict[UUID, str]:
    """The carriers in which the person holds the permission, with their names: for choosing one of several."""
    person = actor()
    names = dict(zip(dict.fromkeys(duty.organisation_id for duty in person.duties), person.carriers, strict=False))
    return {each: names.get(each, "") for each in policy.organisations(person, permission)}
