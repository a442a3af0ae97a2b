"""What the forms of duties offer, and how duties are named on the pages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from uuid import UUID

from caseapp.accounts import rules
from caseapp.accounts.forms import DutyForm
from caseapp.accounts.service import DutyRequest
from caseapp.i18n import gettext as _
from caseapp.places import queries as place_queries
from caseapp.security.actor import Role
from caseapp.web.forms import Choices


@dataclass(frozen=True, slots=True)
class Scopes:
    """The carriers of a page with their teams: names for lines, choices for "Gilt für"."""

    carriers: dict[UUID, str]
    teams: dict[UUID, tuple[UUID, str]]  # team: carrier, name

    def name(self, organisation_id: UUID, team_id: UUID | None) -> str:
        """Where a duty applies, as its line says it."""
        if team_id is not None:
            return _("Team %(name)s", name=self.teams[team_id][1])
        return _("ganzer Träger") if len(self.carriers) == 1 else self.carriers[organisation_id]

    def choices(self) -> Choices:
        """Every carrier as a whole and each of its teams; grouped by carrier where there are several."""
        groups = {name: self._of(organisation_id) for organisation_id, name in self.carriers.items()}
        return next(iter(groups.values())) if len(groups) == 1 else groups

    def request(self, form: DutyForm) -> DutyRequest:
        """What the filled-in form asks for."""
        chosen = UUID(form.scope.data)
        team = self.teams.get(chosen)
        return DutyRequest(
            organisation_id=team[0] if team else chosen,
            role=Role(form.role.data),
            team_id=chosen if team else None,
            professional_lead=bool(form.professional_lead.data),
            valid_from=form.valid_from.data,
            valid_to=form.valid_to.data,
        )

    def _of(self, organisation_id: UUID) -> dict[str, str]:
        teams = {str(team): name for team, (owner, name) in self.teams.items() if owner == organisation_id}
        return {**teams, str(organisation_id): _("Ganzer Träger")}


def scopes_of(organisation_ids: Iterable[UUID]) -> Scopes:
    """The carriers with their teams, read from the database."""
    ids = list(organisation_ids)
    carriers = place_queries.name_organisations(ids)
    teams = {team.id: (each, team.profile.name) for each in ids for team in place_queries.list_teams(each)}
    return Scopes(carriers, teams)


def role_choices() -> dict[str, str]:
    """The roles that can be given."""
    return {role.value: rules.ROLE_LABELS[role] for role in rules.GRANTABLE}
