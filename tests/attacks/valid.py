"""One complete and correct answer for each form that creates something."""

from __future__ import annotations

from tests.attacks.pages import Form, forms_of
from tests.attacks.targets import Range

FIRST = "*"  # the first answer that the form offers

# Endpoint (and query): who sends its form, and what is typed.
CREATING: dict[str, tuple[str, dict[str, str]]] = {
    "clients.intake?art=person": ("maier", {"people-0-family_name": "Doppelt", "people-0-given_names": "Dora"}),
    "clients.intake?art=familie": (
        "maier",
        {"people-0-family_name": "Zweifach", "people-1-family_name": "Zweifach", "people-1-relation": "PAR"},
    ),
    "counselling.contact": ("maier", {"kind": "TEL", "note": "Einmal gesprochen", "tasks-0-title": "Anruf"}),
    "counselling.absent": ("maier", {"slip": "1"}),
    "counselling.edit": ("maier", {"note": "Eine neue Fassung"}),
    "counselling.cancel": ("maier", {"reason": "Doppelt erfasst"}),
    "counselling.advice": ("maier", {"topic": "AUF"}),
    "counselling.activity": ("maier", {"kind": "NET", "text": "Netzwerktreffen"}),
    "consents.prepare": ("maier", {"rows-0-recipient": "Verein Einmal", "rows-0-purpose": "TEI"}),
    "consents.prepare_mandate": ("maier", {"recipient": "Familienkasse", "holder": "Eva Maier", "scopes": "AUS"}),
    "letters.write": ("maier", {"day": "20.11.2026", "recipient": "Zur Vorlage", "way": "hand"}),
    "referrals.new?weg=hint": ("maier", {"recipient": "Tafel Musterhausen"}),
    "referrals.new?weg=carried": (
        "maier",
        {"recipient": "Verein Einmal", "purpose": "TEI", "fields": "NAM", "typed_ANL": "Möchte Fußball spielen"},
    ),
    "referrals.ask_by_law": (
        "maier",
        {
            "basis": "KKG4",
            "recipient": "Jugendamt",
            "reason": "Gewichtige Anhaltspunkte",
            "fields": "NAM",
            "second": FIRST,
        },
    ),
    "referrals.add_outside": ("maier", {"asker": "POL", "office": "Polizeirevier", "received_on": "20.11.2026"}),
    "referrals.add_wish": ("maier", {"task": "Beim Elternabend übersetzen"}),
    "tasks.add": ("maier", {"title": "Einmal erledigen"}),
    "goals.add": ("maier", {"area": "WOH", "own_words": "Eine Wohnung für uns", "step_office": "Anrufen"}),
    "goals.add_step": ("maier", {"party": "office", "text": "Einmal anrufen"}),
    "goals.review": ("maier", {"outcome": "goes_on", "client_score": "2", "step_office": "Weiter suchen"}),
    "clients.add_fact": ("maier", {"code": "P25_1", "from_on": "01.02.2026"}),
    "agreements.talk": (
        "maier",
        {"keep_all": "y", "new_goals-0-area": FIRST, "new_goals-0-own_words": "Eine Arbeit finden"},
    ),
    "agreements.add_plan": ("maier", {"kind": "KOP", "office": "Jobcenter", "agreed_on": "03.11.2025"}),
    "accounts.ask_for_duty": ("leitung", {"person": "{user_id}", "role": "lead", "scope": FIRST}),
    "accounts.new_person": ("admin", {"name": "Nora Neu", "login": "nora", "role": "caseworker", "scope": FIRST}),
    "accounts.new_duty": ("admin", {"role": "lead", "scope": FIRST}),
    "network.add": ("maier", {"kind": "VEI", "name": "Freundeskreis Einmal", "people-0-name": "Ute Ein"}),
    "network.add_note": ("maier", {"text": "Einmal notiert"}),
    "network.add_dwelling": ("maier", {"place": "88069 Tettnang", "rent_cold": "650"}),
    "network.add_rent_table": (
        "leitung",
        {
            "label": "Einmal",
            "ags": FIRST,
            "valid_from": "01.01.2020",
            "valid_to": "31.12.2020",
            **{f"cents_{persons}": str(400 + 100 * persons) for persons in range(1, 6)},
            "further": "90",
            "source": "Richtlinie",
        },
    ),
    "housing.apply": ("maier", {"way": "carried"}),
    "accounts.carrier": ("admin", {"name": "Team West"}),
    "figures.compare": ("leitung", {"figure": FIRST, "period": FIRST}),
}


def address_of(shooting: Range, page: str) -> str:
    """The address of an endpoint with this range's records."""
    endpoint, _mark, query = page.partition("?")
    app = shooting.browser("maier").app
    rule = next(rule for rule in app.url_map.iter_rules() if rule.endpoint == endpoint)
    with app.test_request_context():
        address = app.url_for(endpoint, **{name: shooting.samples[name] for name in rule.arguments})
    return f"{address}?{query}" if query else address


def answer_of(shooting: Range, page: str) -> tuple[str, str, dict[str, object]]:
    """Who posts, where, and what: a fresh form of this page, filled in."""
    login, typed = CREATING[page]
    address = address_of(shooting, page)
    form = next(form for form in forms_of(shooting.browser(login).get(address).text) if "form_id" in form.controls)
    return (
        login,
        form.action or address,
        form.sent() | {name: _said(form, name, value).format(**shooting.samples) for name, value in typed.items()},
    )


def _said(form: Form, name: str, value: str) -> str:
    return value if value != FIRST else next(each for each in form.controls[name].offered if each)
