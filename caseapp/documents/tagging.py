"""Two things that PDF/UA-1 asks and WeasyPrint 70 leaves out: the language of a part, the scope of a table's head.

ISO 14289-1 wants every change of language marked (7.2) and every header cell to say what it heads (7.5). WeasyPrint
drops `lang` below the root and writes no `Scope`. Both are added while it builds the tree of tags. A test holds this
to what a reader of the PDF finds, so that another version of WeasyPrint cannot lose it silently.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

_MARK = "_caseapp_complete"


def complete_tags() -> None:
    """Let WeasyPrint write languages and scopes. Repeating it changes nothing."""
    import pydyf  # type: ignore[import-untyped]  # noqa: PLC0415 - with WeasyPrint, in the process that prints
    from weasyprint.pdf import tags  # noqa: PLC0415

    build = tags._build_box_tree  # noqa: SLF001 - there is no other way in
    if hasattr(build, _MARK):
        return

    def completed(box: Any, parent: Any, *rest: Any) -> Iterator[Any]:
        inner = getattr(box, "_box", box)  # what stands in for a box with an absolute position
        element = getattr(inner, "element", None)
        root = getattr(inner, "element_tag", None) in {"html", "body"}
        for tag in build(box, parent, *rest):
            if element is not None and not root:
                if language := element.get("lang"):
                    tag["Lang"] = pydyf.String(language)
                if tag.get("S") == "/TH":
                    tag["A"]["Scope"] = "/Row" if element.get("scope") == "row" else "/Column"
            yield tag

    setattr(completed, _MARK, True)
    tags._build_box_tree = completed  # noqa: SLF001
