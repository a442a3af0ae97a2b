"""Puts the application together: the only module that knows every slice.

`open_services` is enough for commands and jobs; `create_app` adds the web. One short function a concern.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from flask import Flask
from flask_wtf.csrf import CSRFProtect
from werkzeug.middleware.proxy_fix import ProxyFix

from caseapp import audit, backup, logs, rotation, sealed
from caseapp.about.views import area as about_area
from caseapp.accounts import queries as account_queries
from caseapp.accounts.forms import SignInForm
from caseapp.accounts.rules import Clocks
from caseapp.accounts.views import SessionIdentity
from caseapp.accounts.views import area as accounts_area
from caseapp.agreements import documents as agreement_papers
from caseapp.agreements import panels as agreement_panels
from caseapp.agreements import queries as agreement_queries
from caseapp.agreements.views import DRAFT_FORMS as AGREEMENT_DRAFTS
from caseapp.agreements.views import area as agreements_area
from caseapp.attachments import jobs as attachment_jobs
from caseapp.attachments import panels as attachment_panels
from caseapp.attachments.views import area as attachments_area
from caseapp.catalogue.views import area as catalogue_area
from caseapp.clients import queries as client_queries
from caseapp.clients.panels import REGISTRY as CLIENT_PANELS
from caseapp.clients.panels import Milestones, Panel, PanelRegistry, Tab
from caseapp.clients.service.rebuild import Counter
from caseapp.clients.views import DRAFT_FORMS as INTAKE_DRAFTS
from caseapp.clients.views import area as clients_area
from caseapp.consents import documents as consent_papers
from caseapp.consents import panels as consent_panels
from caseapp.consents import queries as consent_queries
from caseapp.consents.service import WithdrawalHook
from caseapp.consents.views import HOOKS as WITHDRAWAL
from caseapp.consents.views import area as consents_area
from caseapp.counselling import panels as contact_panels
from caseapp.counselling import queries as contact_queries
from caseapp.counselling.views import DRAFT_FORMS as CONTACT_DRAFTS
from caseapp.counselling.views import area as counselling_area
from caseapp.db import Database
from caseapp.documents import render
from caseapp.drafts.forms import REGISTRY as DRAFT_FORMS
from caseapp.drafts.views import area as drafts_area
from caseapp.figures import jobs as figure_jobs
from caseapp.figures.service.erasing import TRACES as FIGURE_TRACES
from caseapp.figures.views import area as figures_area
from caseapp.goals import panels as goal_panels
from caseapp.goals import queries as goal_queries
from caseapp.goals.views import COUNTS as GOAL_COUNTS
from caseapp.goals.views import area as goals_area
from caseapp.housing import documents as housing_papers
from caseapp.housing.queries.counting import count_for_goals
from caseapp.housing.views import area as housing_area
from caseapp.i18n import lazy_gettext as _
from caseapp.imports import jobs as import_jobs
from caseapp.imports.service.erasing import TRACES as IMPORT_TRACES
from caseapp.imports.views import area as imports_area
from caseapp.indicators.views import area as indicators_area
from caseapp.jobs import Chore, Handler, Queue
from caseapp.keyfigures import jobs as keyfigure_jobs
from caseapp.keyfigures.views import area as keyfigures_area
from caseapp.keystore import KeyStore
from caseapp.letters import documents as letter_papers
from caseapp.letters.views import area as letters_area
from caseapp.network.views import area as network_area
from caseapp.papers import jobs as paper_jobs
from caseapp.papers.service import Printer
from caseapp.papers.views import area as papers_area
from caseapp.places import queries as place_queries
from caseapp.privacy import jobs as privacy_jobs
from caseapp.privacy.service import OWN_TRACES, Eraser, Trace
from caseapp.privacy.views import TRACES
from caseapp.privacy.views import area as privacy_area
from caseapp.referrals import documents as referral_papers
from caseapp.referrals import panels as referral_panels
from caseapp.referrals import queries as referral_queries
from caseapp.referrals.service import stop_for_releases
from caseapp.referrals.views import area as referrals_area
from caseapp.reporting import jobs as reporting_jobs
from caseapp.reporting.documents import FORMS as REPORT_FORMS
from caseapp.reporting.views import area as reporting_area
from caseapp.sealed import files as sealed_files
from caseapp.sealed.files import FileStore
from caseapp.security.actor import Actor
from caseapp.security.keyring import Keyring
from caseapp.security.permissions import Permission
from caseapp.settings import PROJECT_ROOT, Settings
from caseapp.tasks import panels as task_panels
from caseapp.tasks import queries as task_queries
from caseapp.tasks.views import area as tasks_area
from caseapp.teamwork import panels as team_panels
from caseapp.teamwork.views import area as teamwork_area
from caseapp.today.views import area as today_area
from caseapp.web import area as doors
from caseapp.web import errors, headers, static_files, templating, uploads
from caseapp.web.area import Area
from caseapp.web.templating import NavigationEntry

AREAS: tuple[Area, ...] = (
    about_area,
    accounts_area,
    catalogue_area,
    network_area,
    drafts_area,
    clients_area,
    attachments_area,
    papers_area,
    tasks_area,
    consents_area,
    goals_area,
    counselling_area,
    agreements_area,
    letters_area,
    referrals_area,
    housing_area,
    today_area,
    teamwork_area,
    privacy_area,
    indicators_area,
    figures_area,
    keyfigures_area,
    reporting_area,
    imports_area,
)

NAVIGATION = (
    NavigationEntry(_("Heute"), "today.index", Permission.CLIENT_EDIT),
    NavigationEntry(_("Klientinnen und Klienten"), "clients.caseload", Permission.CLIENT_FIND),
    NavigationEntry(_("Aufgaben"), "tasks.index", Permission.CONTACT_WRITE),
    NavigationEntry(_("Kontakt"), "counselling.pick", Permission.CONTACT_WRITE),
    NavigationEntry(_("Partner"), "network.index", Permission.PARTNER_READ),
    NavigationEntry(_("Team"), "teamwork.board", Permission.TEAM_BOARD),
    NavigationEntry(_("Zahlen"), "figures.index", Permission.FIGURES_EXACT, also=("keyfigures",)),
    NavigationEntry(_("Berichte"), "reporting.index", Permission.REPORT_READ, also=("keyfigures",)),
    NavigationEntry(_("Importe"), "imports.index", Permission.IMPORT_RUN),
    NavigationEntry(_("Zugriffe"), "privacy.watch", Permission.AUDIT_REGISTER),
    NavigationEntry(_("Beschwerden"), "privacy.complaints", Permission.AUDIT_REGISTER),
    NavigationEntry(_("Datenpanne"), "privacy.breach", Permission.AUDIT_REGISTER),
    NavigationEntry(_("Löschungen"), "privacy.erasures", Permission.ERASURE_REGISTER),
    NavigationEntry(_("Nach dem Gesetz"), "referrals.register", Permission.REFERRAL_REGISTER),
    NavigationEntry(_("Personen"), "accounts.people", Permission.USERS_MANAGE),
    NavigationEntry(_("Träger"), "accounts.carrier", Permission.ORGANISATION_EDIT),
    NavigationEntry(_("Codelisten"), "catalogue.lists", Permission.CODELIST_EDIT),
    NavigationEntry(_("Systemprotokoll"), "privacy.system", Permission.AUDIT_SYSTEM),
)

# What the slices above the client file keep in its caseload row.
CASELOAD_COUNTERS = (
    Counter({"last_contact_on": None}, contact_queries.last_contacts),
    Counter({"next_step_on": None, "open_tasks": 0}, task_queries.next_steps),
    Counter({"open_goals": 0}, goal_queries.goal_counts),
    Counter({"review_on": None}, agreement_queries.review_days),
    Counter({"release_ends_on": None}, consent_queries.earliest_ends),
    Counter({"answer_due_on": None}, referral_queries.answers_due),
)

# Forms whose input is kept while it is typed, of all slices.
DRAFTED = {form.name: form for form in (*CONTACT_DRAFTS, *INTAKE_DRAFTS, *AGREEMENT_DRAFTS)}

# What the slices above the client file show on its page.
ON_CLIENT_PAGE = PanelRegistry(
    sources=[contact_panels.timeline],
    milestones=[
        Milestones("present", contact_queries.select_links, contact_panels.presence_entry),
        Milestones("goal_opened", goal_queries.select_opened, goal_panels.opened_entry),
        Milestones("goal_closed", goal_queries.select_closed, goal_panels.closed_entry),
        Milestones("agreement_shown", agreement_queries.select_presented, agreement_panels.presented_entry),
        Milestones("agreement_decided", agreement_queries.select_decided, agreement_panels.decided_entry),
        Milestones("declared", consent_queries.select_decisions, consent_panels.decided_entry),
        Milestones("withdrawn", consent_queries.select_withdrawals, consent_panels.withdrawn_entry),
        Milestones("referral", referral_queries.select_steps, referral_panels.step_entry),
    ],
    panels=[
        Panel("next-steps", _("Nächste Schritte"), task_panels.TEMPLATE, task_panels.next_steps),
        Panel("files", _("Dateien"), attachment_panels.TEMPLATE, attachment_panels.ways),
        Panel("responsibility", _("Zuständigkeit"), team_panels.TEMPLATE, team_panels.responsibility),
    ],
    tabs=[
        Tab("goals", _("Ziele und Plan"), "goals.index", Permission.CLIENT_READ),
        Tab("consents", _("Freigaben"), "consents.index", Permission.CLIENT_READ),
        Tab("referrals", _("Vermittlung"), "referrals.index", Permission.CLIENT_READ),
        Tab("letters", _("Schreiben"), "letters.index", Permission.CLIENT_READ),
        Tab("attachments", _("Dateien"), "attachments.index", Permission.ATTACHMENT_READ),
    ],
)

# Who finds a person outside the own file, for its erasure.
ERASURE_TRACES: tuple[Trace, ...] = (*OWN_TRACES, *IMPORT_TRACES, *FIGURE_TRACES)

# What stops when a release, a consent or a power of attorney is withdrawn.
WITHDRAWAL_HOOKS: tuple[WithdrawalHook, ...] = (stop_for_releases,)

# Who prints which kind of paper.
PRINTERS: dict[str, Printer] = {
    **agreement_papers.PRINTERS,
    **consent_papers.PRINTERS,
    **referral_papers.PRINTERS,
    **letter_papers.PRINTERS,
    **housing_papers.PRINTERS,
}

JOB_HANDLERS: dict[str, Handler] = {**import_jobs.HANDLERS, **attachment_jobs.HANDLERS, **figure_jobs.HANDLERS}


@dataclass(frozen=True, slots=True)
class Services:
    """What commands, jobs and the web share."""

    settings: Settings
    database: Database
    keystore: KeyStore
    queue: Queue

    def load_actor(self, user_id: UUID) -> Actor:
        """The actor that this account is today, with the cases opened to it. Raises NotFoundError."""
        return _load_actor(self.database, user_id)

    def eraser(self) -> Eraser:
        """Carries out erasures, and repeats them after a restore (`replay`)."""
        return Eraser(self.database, self.keystore, ERASURE_TRACES, render)

    def close(self) -> None:
        """Close all connections."""
        self.database.dispose()
        self.keystore.dispose()


def open_services(settings: Settings, *, immediate_jobs: bool = False, restoring: bool = False) -> Services:
    """Open keys and databases. Raises ConfigurationError when secrets are missing or wrong; writes nothing then."""
    logs.install()
    if not restoring:
        backup.require_finished(settings)
    keyring = Keyring.load(settings.keys_dir)
    database = Database(settings.database_url)
    keystore = KeyStore(settings.keystore_url, keyring)
    sealed.install(database, keystore)
    audit.install(database, settings.keys_dir)
    sealed_files.install(database, settings.attachments_dir)

    queue = Queue(settings.jobs_path, database, partial(_load_actor, database), immediate=immediate_jobs)
    services = Services(settings, database, keystore, queue)
    handed = paper_jobs.handlers(PRINTERS) | privacy_jobs.handlers(services.eraser()) | keyfigure_jobs.handlers(render)
    handed |= reporting_jobs.handlers(REPORT_FORMS)
    for kind, handler in (JOB_HANDLERS | handed).items():
        queue.register(kind, handler)
    return services


def chores(services: Services) -> list[Chore]:
    """What the job process does by itself, again and again."""
    epochs = partial(rotation.nightly, services.database, services.keystore, services.settings.data_dir)
    files = FileStore(services.settings.attachments_dir)
    sealer = audit.SealKeeper(services.database, services.settings.audit_roots_path)
    return [
        Chore("epochs", dt.timedelta(minutes=30), epochs),
        Chore("audit seals", dt.timedelta(seconds=3), sealer),
        Chore("erasures", dt.timedelta(minutes=5), services.eraser().resume),
        Chore("attachments", dt.timedelta(minutes=2), partial(attachment_jobs.tidy, services.database, files)),
    ]


def create_app(settings: Settings | None = None, services: Services | None = None) -> Flask:
    """The web application. Raises ConfigurationError when it cannot start."""
    services = services or open_services(settings or Settings.from_env())
    app = Flask("caseapp", template_folder=str(PROJECT_ROOT / "templates"), static_folder=None)
    app.request_class = uploads.MemoryRequest
    _configure(app, services)
    headers.install(app)
    doors.install(app)
    uploads.install(app)  # before the check for forged forms, which is the first to read the posted form
    CSRFProtect(app)
    errors.install(app)
    static_files.install(app)
    templating.install(app, NAVIGATION, is_demo=_is_demo(services))
    for area in AREAS:
        app.register_blueprint(area)
    return app


def _configure(app: Flask, services: Services) -> None:
    settings = services.settings
    if settings.secure_cookies:
        # Behind the https proxy all requests come from 127.0.0.1; throttling needs the address that the proxy saw.
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=1, x_proto=1)  # type: ignore[method-assign]
    app.config.update(
        SECRET_KEY=services.keystore.keyring.secret("session"),
        SESSION_COOKIE_NAME="caseapp_form",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        WTF_CSRF_TIME_LIMIT=None,  # the token lives as long as the browser session: a long visit is no forgery
        MAX_CONTENT_LENGTH=settings.upload_limit_bytes,
        MAX_FORM_MEMORY_SIZE=settings.upload_limit_bytes,
        MAX_FORM_PARTS=5_000,
    )
    clocks = Clocks(
        idle=dt.timedelta(minutes=settings.idle_minutes), absolute=dt.timedelta(minutes=settings.absolute_minutes)
    )
    app.extensions.update(
        caseapp_settings=settings,
        caseapp_database=services.database,
        caseapp_keystore=services.keystore,
        caseapp_queue=services.queue,
        caseapp_files=FileStore(settings.attachments_dir),
        caseapp_sign_in_form=SignInForm,
        **{GOAL_COUNTS: {"housing": count_for_goals}},
        **{CLIENT_PANELS: ON_CLIENT_PAGE, DRAFT_FORMS: DRAFTED, TRACES: ERASURE_TRACES, WITHDRAWAL: WITHDRAWAL_HOOKS},
        caseapp_identity=SessionIdentity(services.database, settings, clocks, client_queries.opened_clients),
    )


def _load_actor(database: Database, user_id: UUID) -> Actor:
    with database.unit(None, write=False):
        user = account_queries.get_user(user_id)
        memberships = account_queries.list_memberships(user_id)
        return account_queries.actor_of(user, memberships, openings=client_queries.opened_clients(user_id))


def _is_demo(services: Services) -> bool:
    with services.database.unit(None, write=False):
        installation = place_queries.find_installation()
        return installation is not None and installation.demo
