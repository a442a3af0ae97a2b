"""Pages of the phrase book: reading, changing and marking phrases, tables for translators."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from flask import Response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from caseapp import clock
from caseapp.catalogue import queries as catalogue
from caseapp.catalogue.forms import BookFilter, PhraseForm, TakeOverForm, TranslationsForm, read_version
from caseapp.catalogue.queries import phrases as queries
from caseapp.catalogue.rules.phrases import GERMAN, LANGUAGES, PAPERS, RIGHT_TO_LEFT, PhraseBook, Text
from caseapp.catalogue.rules.translations import read_table, write_table
from caseapp.catalogue.service import phrases as service
from caseapp.catalogue.views.area import area
from caseapp.errors import ConflictError, NotFoundError, RuleError
from caseapp.i18n import gettext as _
from caseapp.security.permissions import Permission
from caseapp.web import context, undo
from caseapp.web.messages import tell

_UNDO = "phrases"
VIEWS = ("alle", "fehlt", "ungeprueft", "geprueft")


@area.page("/verwaltung/satzbuch", permission=Permission.CODELIST_EDIT)
def phrases() -> ResponseReturnValue:
    """The phrases of one paper in one language, German beside it. `?ansicht=fehlt` shows what is missing."""
    book = queries.book()
    language, paper = _language(request.args.get("sprache", LANGUAGES[0])), request.args.get("papier", "agreement")
    paper = paper if paper in PAPERS else "agreement"
    view = request.args.get("ansicht", "alle")
    rows = [(key, book.said(key, GERMAN), book.said(key, language)) for key in book.keys_of(paper)]
    filters = BookFilter(
        data={"sprache": language, "papier": paper}, choices={"sprache": _languages(), "papier": _papers()}
    )
    return render_template(
        "catalogue/phrases.html",
        book=book,
        spoken=language,
        direction=_direction(language),
        paper=paper,
        view=view if view in VIEWS else "alle",
        counts={each: sum(_in_view(said, each) for _key, _german, said in rows) for each in VIEWS},
        rows=[row for row in rows if _in_view(row[2], view)],
        filters=filters,
        names=_languages(),
        form=TranslationsForm(),
    )


@area.page("/verwaltung/satzbuch/fassungen", permission=Permission.CODELIST_EDIT)
def phrase_versions() -> ResponseReturnValue:
    """Who changed what, and when."""
    shown = [(row, row.content.writer, queries.changes_of(row)) for row in queries.list_versions()]
    return render_template("catalogue/phrase_versions.html", versions=shown, book=queries.book(), names=_languages())


@area.page("/verwaltung/satzbuch/<key>/<language>", permission=Permission.CODELIST_EDIT, methods=("GET", "POST"))
def phrase(key: str, language: str) -> ResponseReturnValue:
    """Change a phrase in one language, and say who checked it. A conflict shows both versions."""
    book = queries.book()
    if not book.has(key) or language not in (GERMAN, *LANGUAGES):
        raise NotFoundError
    said = book.said(key, language)
    form = PhraseForm(
        data={
            "text": said.text,
            "checked_by": said.checked_by,
            "checked_on": said.checked_on,
            "version": str(book.version),
        }
    )
    theirs: Text | None = None
    if form.validate_on_submit():
        new = Text(form.text.data or "", form.checked_by.data or "", form.checked_on.data)
        try:
            changed = service.change_phrase(
                context.actor(), _organisation(), key, language, new, version=read_version(form)
            )
        except ConflictError:
            theirs, form.version.data = said, str(book.version)
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            return _done(changed, _back(key, language))
    page = render_template(
        "catalogue/phrase.html",
        form=form,
        key=key,
        german=book.said(key, GERMAN),
        spoken=language,
        direction=_direction(language),
        name=_languages().get(language, _("Deutsch")),
        theirs=theirs,
        back=_back(key, language),
    )
    return page, 409 if theirs else form.status


@area.page("/verwaltung/satzbuch/zurueck/<token>", permission=Permission.CODELIST_EDIT, methods=("POST",))
def undo_phrases(token: str) -> ResponseReturnValue:
    """Take the last change back, as a new version."""
    [number] = undo.read(_UNDO, token)
    service.take_back(context.actor(), _organisation(), int(number))
    tell(_("Zurückgenommen. Es gilt wieder der Text von vorher."))
    return redirect(url_for("catalogue.phrase_versions"))


@area.page("/verwaltung/satzbuch/tabelle/<language>", permission=Permission.CODELIST_EDIT)
def phrase_table(language: str) -> Response:
    """All phrases with this language as a table for a translator; `?papier=` only those of one paper."""
    book, paper = queries.book(), request.args.get("papier", "")
    keys = book.keys_of(paper) if paper in PAPERS else book.keys
    table = write_table(book, _asked(language), keys)
    answer = Response(table, mimetype="text/csv; charset=utf-8")
    answer.headers["Content-Disposition"] = f'attachment; filename="satzbuch-{language}-fassung-{book.version}.csv"'
    return answer


@area.page("/verwaltung/satzbuch/einlesen/<language>", permission=Permission.CODELIST_EDIT, methods=("GET", "POST"))
def read_phrases(language: str) -> ResponseReturnValue:
    """Read a translator's table and show what it would change, with the lines that do not fit."""
    language, form, found, table = _asked(language), TranslationsForm(), None, ""
    book = queries.book()
    if form.validate_on_submit():
        posted = form.file.data.read()
        try:
            found = read_table(posted, book, language, clock.today())
        except RuleError as refusal:
            form.refuse(refusal)
        else:
            table = posted.decode("utf-8-sig")
    page = render_template(
        "catalogue/phrases_import.html",
        form=form,
        found=found,
        table=table,
        book=book,
        spoken=language,
        direction=_direction(language),
        name=_languages()[language],
    )
    return page, form.status


@area.page("/verwaltung/satzbuch/uebernehmen/<language>", permission=Permission.CODELIST_EDIT, methods=("POST",))
def take_phrases(language: str) -> ResponseReturnValue:
    """Take over what the preview showed."""
    language, form = _asked(language), TakeOverForm()
    if not form.validate_on_submit():
        return redirect(url_for("catalogue.read_phrases", language=language))
    found = read_table((form.table.data or "").encode(), queries.book(), language, clock.today())
    made = service.import_phrases(context.actor(), _organisation(), found.changes, version=read_version(form))
    return _done(made, url_for("catalogue.phrases", sprache=language))


def _done(book: PhraseBook | None, back: str) -> ResponseReturnValue:
    if book is None:
        tell(_("Nichts geändert."))
    else:
        token = undo.sign(_UNDO, str(book.version))
        tell(
            _("Gespeichert: Fassung %(number)s des Satzbuchs.", number=book.version),
            undo=url_for("catalogue.undo_phrases", token=token),
        )
    return redirect(back)


def _back(key: str, language: str) -> str:
    shown = LANGUAGES[0] if language == GERMAN else language
    return url_for("catalogue.phrases", sprache=shown, papier=key.partition(".")[0], _anchor=key.replace(".", "-"))


def _organisation() -> UUID:
    return context.organisation_id(Permission.CODELIST_EDIT)


def _asked(language: str) -> str:
    if language not in LANGUAGES:
        raise NotFoundError
    return language


def _language(language: str) -> str:
    return language if language in LANGUAGES else LANGUAGES[0]


def _direction(language: str) -> str:
    return "rtl" if language in RIGHT_TO_LEFT else "ltr"


def _languages() -> dict[str, str]:
    return {code: catalogue.label("languages", code) for code in LANGUAGES}


def _papers() -> dict[str, Any]:
    return {
        "common": _("Allgemeines"),
        "agreement": _("Integrationsvereinbarung"),
        "release": _("Entbindung von der Schweigepflicht"),
        "withdrawal": _("Widerruf"),
        "attorney": _("Vollmacht"),
        "notice": _("Datenschutzhinweise"),
        "letters": _("Schreiben"),
    }


def _in_view(said: Text, view: str) -> bool:
    match view:
        case "fehlt":
            return not said.text
        case "ungeprueft":
            return bool(said.text) and not said.checked_by
        case "geprueft":
            return bool(said.text and said.checked_by)
        case _:
            return True
