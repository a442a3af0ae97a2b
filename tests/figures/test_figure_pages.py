"""Own figures on their pages."""

from __future__ import annotations

from collections.abc import Callable
from uuid import UUID

from tests.factories.browser import Browser
from tests.factories.world import World

Browse = Callable[[str], Browser]


def test_smoke(world: World, browse: Browse, caseload: dict[str, UUID]) -> None:
    page = browse("maier").get("/zahlen")
    assert page.status_code == 200
    open("/tmp/F_index.html", "w").write(page.text)
    for p in ("/zahlen/kontakte/alle", "/zahlen/bestand/ende", "/zahlen/datenlage", "/zahlen/auswertung", "/zahlen/I15/school-missing", "/zahlen/I1/alle"):
        r = browse("maier").get(p)
        assert r.status_code == 200, p
        open("/tmp/F_" + p.replace("/", "_") + ".html", "w").write(r.text)
