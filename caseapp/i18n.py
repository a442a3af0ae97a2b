"""Translation with gettext: the msgid is the German text, so German needs no catalogue.

The language of the running request or command lies in a context variable; no Flask here.
"""

from __future__ import annotations

import gettext as _gettext
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.support import LazyProxy

SOURCE_LOCALE = "de"
_CATALOGUES = Path(__file__).resolve().parent.parent / "translations"
_locale: ContextVar[str] = ContextVar("locale", default=SOURCE_LOCALE)


@lru_cache(maxsize=8)
def _translations(locale: str) -> _gettext.NullTranslations:
    catalogue = _CATALOGUES / f"{locale}.po"
    if locale == SOURCE_LOCALE or not catalogue.is_file():
        return _gettext.NullTranslations()
    compiled = BytesIO()
    with catalogue.open("rb") as source:
        write_mo(compiled, read_po(source, locale=locale))
    compiled.seek(0)
    return _gettext.GNUTranslations(compiled)


def current_locale() -> str:
    """The language code in force, `de` unless `use_locale` says otherwise."""
    return _locale.get()


@contextmanager
def use_locale(locale: str) -> Iterator[None]:
    """Everything inside the block is translated into `locale`; unknown languages stay German."""
    token = _locale.set(locale)
    try:
        yield
    finally:
        _locale.reset(token)


def gettext(message: str, **values: object) -> str:
    """`message` in the current language, with `%(name)s` replaced by `values`."""
    text = _translations(_locale.get()).gettext(message)
    return text % values if values else text


def ngettext(singular: str, plural: str, number: int, **values: object) -> str:
    """The form that fits `number`, which is also available as `%(num)s`."""
    text = _translations(_locale.get()).ngettext(singular, plural, number)
    return text % {"num": number, **values}


def lazy_gettext(message: str, **values: object) -> str:
    """Like `gettext`, translated when shown: for class bodies such as form labels."""
    # Typed as the text it stands for, so that form labels accept it.
    return cast(str, LazyProxy(gettext, message, enable_cache=False, **values))
