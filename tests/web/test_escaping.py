"""What templates print is, sign for sign, what MarkupSafe would print."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st
from jinja2 import Environment
from markupsafe import Markup

from caseapp.i18n import lazy_gettext
from caseapp.web import escaping

SOURCE = """{% macro twice(x) %}[{{ x }}|{{ x ~ "<" }}{{ caller() if caller }}]{% endmacro %}
{% set kept %}{{ value }}{% endset %}
{{ value }} {{ kept }} {{ twice(value) }} {{ value|e }} {{ [value]|length }} {{ value|default("&") }}
{{ "<" if value else ">" }}
{% for sign in [value, none, 1] %}<i title="{{ sign }}">{{ loop.index }}</i>{% endfor %}
{% autoescape false %}{{ value }}{% endautoescape %}{% call twice(value) %}{{ value }}{% endcall %}{{ missing }}"""


class Page:
    """A value that says itself how it looks."""

    def __html__(self) -> str:
        return "<b>&amp;</b>"

    def __str__(self) -> str:
        return "plain"


def rendered(value: Any, *, ours: bool) -> str:
    environment = Environment(autoescape=True)
    if ours:
        escaping.install(environment)
    return environment.from_string(SOURCE).render(value=value)


VALUES = st.one_of(
    st.text(),
    st.text(alphabet="<>&\"'äß😀 "),
    st.integers(),
    st.none(),
    st.booleans(),
    st.text(alphabet="<&b>").map(Markup),
    st.just(Page()),
    st.just(lazy_gettext("Ja & <Nein>")),
    st.dates(),
)


@given(value=VALUES)
def test_every_value_looks_the_same(value: Any) -> None:
    assert rendered(value, ours=True) == rendered(value, ours=False)


def test_what_a_person_typed_is_never_markup() -> None:
    assert "<script>" not in escaping.shown("<script>alert(1)</script>")
    assert escaping.shown(Markup("<b>")) == "<b>"
