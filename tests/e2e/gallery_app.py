"""A bare application that shows every component under the real content policy, without data or sign-in.

`python tests/e2e/gallery_app.py` serves it on 127.0.0.1:5099 for looking at; the tests run it in a thread.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

from flask import Flask, g, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_wtf import CSRFProtect
from jinja2 import ChoiceLoader, FileSystemLoader
from wtforms import BooleanField, EmailField, RadioField, SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from caseapp import i18n
from caseapp.web import headers, static_files
from caseapp.web.fields import ChipsField, GermanDateField, LongTextField, MinutesField, MultiChipsField, PhoneField
from caseapp.web.forms import CreateForm, FilterForm
from caseapp.web.grids import RowForm, RowsField
from caseapp.web.messages import tell

HERE = Path(__file__).parent
NAMES = ["Kovalenko, Olena", "Al-Khatib, Yusuf", "Tesfay, Selam", "Yıldız, Ayşe", "Hosseini, Nasrin", "Barzani, Hêvî"]
LANGUAGES = {
    "uk": "Ukrainisch",
    "ar": "Arabisch",
    "ti": "Tigrinya",
    "tr": "Türkisch",
    "fa": "Farsi",
    "ku": "Kurmandschi",
}
STATES = [("danger", "Überfällig"), ("info", "Erstgespräch"), ("success", "Plan läuft"), ("warning", "Pausiert")]
NAVIGATION = [
    ("Heute", "today.index"),
    ("Klientinnen und Klienten", "clients.index"),
    ("Aufgaben", "form"),
    ("Termine", "parts"),
    ("Netzwerk", "empty"),
    ("Berichte", "charts"),
]


class MemberForm(RowForm):
    name = StringField("Name", [InputRequired("Geben Sie den Namen ein.")])
    born_on = GermanDateField("Geboren", [Optional()], future=False)
    relation = SelectField("Beziehung", [Optional()])


class IntakeForm(CreateForm):
    last_name = StringField("Nachname", [InputRequired("Geben Sie den Nachnamen ein."), Length(max=80)])
    first_name = StringField("Vorname", [InputRequired("Geben Sie den Vornamen ein.")])
    born_on = GermanDateField(
        "Geburtsdatum",
        [Optional()],
        future=False,
        year_alone=True,
        description="Ist nur das Jahr bekannt, genügt 1988.",
    )
    language = SelectField("Sprache", [InputRequired("Wählen Sie eine Sprache aus.")])
    phone = PhoneField("Telefon", [Optional()])
    email = EmailField("E-Mail", [Optional()])
    way = ChipsField("Sicherer Kontaktweg", [InputRequired("Wählen Sie, wie wir die Person erreichen dürfen.")])
    topics = MultiChipsField("Themen", description="Das erste Thema ist das Hauptthema.")
    minutes = MinutesField("Dauer", [Optional()], default=45)
    interpreter = RadioField("Wird gedolmetscht?", [InputRequired("Wählen Sie aus, ob gedolmetscht wird.")])
    note = LongTextField("Anlass der Beratung", [Optional()])
    members = RowsField(MemberForm, "Familie", add_label="Weitere Person", row_label="Person", min_rows=2)
    informed = BooleanField(
        "Die Datenschutzhinweise wurden ausgehändigt.",
        [InputRequired("Bestätigen Sie, dass die Hinweise ausgehändigt wurden.")],
        description="In einer Sprache, die die Person versteht.",
    )


class ListFilter(FilterForm):
    q = StringField("Name oder Aktenzeichen")
    state = SelectField("Status")
    language = SelectField("Sprache")


CHOICES: dict[str, Any] = {
    "language": LANGUAGES,
    "way": {"phone": "Telefon", "sms": "SMS", "letter": "Brief", "none": "Nur persönlich"},
    "topics": {
        "w": "Wohnen",
        "a": "Arbeit",
        "s": "Sprache",
        "l": "Leistungen",
        "t": "Aufenthalt",
        "k": "Kita und Schule",
    },
    "interpreter": {"yes": "Ja", "no": "Nein", "some": "Nur bei Behördenterminen"},
    "members.relation": {"spouse": "Ehefrau, Ehemann", "child": "Kind", "parent": "Elternteil"},
}


def people(number: int) -> list[dict[str, Any]]:
    """Invented rows for the list."""
    return [
        {
            "id": index,
            "name": NAMES[index % len(NAMES)],
            "number": f"IM-2026-{index + 1:04}",
            "language": list(LANGUAGES.values())[index % len(LANGUAGES)],
            "state": STATES[index % len(STATES)],
            "goals": (index * 30) % 110,
            "last": date(2026, 11, 1 + index % 20),
            "next": date(2026, 11, 12 + index % 18),
        }
        for index in range(number)
    ]


def create_gallery() -> Flask:
    """The application; no database behind it."""
    app = Flask(__name__, static_folder=None)
    app.config.update(SECRET_KEY="gallery", WTF_CSRF_TIME_LIMIT=None)
    root = HERE.parents[1] / "templates"
    app.jinja_loader = ChoiceLoader([FileSystemLoader(HERE / "gallery"), FileSystemLoader(root)])
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(_=i18n.gettext, ngettext=i18n.ngettext, is_demo=True)
    app.extensions["drafts"] = []
    headers.install(app)
    static_files.install(app)
    CSRFProtect(app)
    _add_context(app)
    _add_pages(app)
    _add_stubs(app)
    return app


def _add_context(app: Flask) -> None:
    @app.context_processor
    def shared() -> dict[str, Any]:
        entries = [{"label": label, "endpoint": name, "active": name == request.endpoint} for label, name in NAVIGATION]
        return {
            "csp_nonce": g.csp_nonce,
            "navigation": entries,
            "user_name": "M. Beispiel",
            "user_role": "Integrationsmanagement, Team Nord",
            "carrier_name": "Landkreis Musterstadt",
            "theme": request.args.get("theme", ""),
            "density": request.args.get("density", ""),
            "today": date(2026, 11, 22),
        }


def _add_pages(app: Flask) -> None:
    def listing() -> str:
        choices = {"state": {"": "Alle"}, "language": {"": "Alle", **LANGUAGES}}
        return render_template("list.html", rows=people(25), filter=ListFilter(request.args, choices=choices))

    def client() -> str:
        if request.args.get("flash"):
            tell("Aufgabe erledigt.", undo=url_for("clients.search"))
        return render_template("client.html")

    def form() -> ResponseReturnValue:
        shown = IntakeForm(choices=CHOICES)
        if shown.validate_on_submit():
            return redirect(url_for("today.index"))
        return render_template("intake.html", form=shown), shown.status

    def draft() -> ResponseReturnValue:
        status = int(request.args.get("status", "200"))
        app.extensions["drafts"].append(dict(request.form))
        return {"saved_at": "10:42", "version": 2}, status

    app.add_url_rule("/liste", "clients.index", listing)
    app.add_url_rule("/akte", "client", client)
    app.add_url_rule("/formular", "form", form, methods=["GET", "POST"])
    app.add_url_rule("/entwurf", "draft", draft, methods=["PUT"])
    app.add_url_rule("/fehler/<int:code>", "error", lambda code: (render_template(f"errors/{code}.html"), code))
    for name, rule in (("today.index", "/"), ("parts", "/teile"), ("charts", "/grafik"), ("empty", "/leer")):
        template = {"today.index": "today.html"}.get(name, f"{name}.html")
        app.add_url_rule(rule, name, lambda template=template: render_template(template))
    app.add_url_rule("/anmelden", "sign_in", lambda: render_template("sign_in.html"))


def _add_stubs(app: Flask) -> None:
    for endpoint in ("about.accessibility", "about.privacy", "about.imprint", "accounts.profile", "today.start"):
        app.add_url_rule(f"/stub/{endpoint}", endpoint, lambda: redirect("/"))
    for endpoint in ("clients.search", "accounts.sign_out"):
        app.add_url_rule(f"/stub/{endpoint}", endpoint, lambda: redirect("/"), methods=["POST"])


if __name__ == "__main__":
    create_gallery().run(port=5099)
