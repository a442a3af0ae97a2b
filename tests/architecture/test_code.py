"""Rules about the code that no linter knows."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "caseapp"
MODULES = sorted(PACKAGE.rglob("*.py"))
ROOMS = {"frame", "models", "rules", "queries", "service", "forms", "documents", "jobs", "panels", "views", "__init__"}
SLICES = sorted(
    folder
    for folder in PACKAGE.iterdir()
    if folder.is_dir()
    and any((folder / room).exists() or (folder / f"{room}.py").exists() for room in ("views", "models"))
    and folder.name not in {"audit", "jobs", "tallies"}  # below the slices, with modules of their own names
)
# A room that one slice has besides: the engine that knows nothing of the application.
OWN_ROOMS = {"reporting": {"disclosure"}}
# The row scope does not cover these. Where they are needed, the place is named here with its reason.
RAW_ACCESS = {
    "caseapp/keystore/store.py": "its own database, without clients' rows",
    "caseapp/keystore/rotation.py": "its own database, without clients' rows",
    "caseapp/rotation/checks.py": "reads the keystore",
    "caseapp/rotation/resealing.py": "seals many values in one statement, with the row scope lifted",
    "caseapp/backup/databases.py": "copies and counts whole databases",
    "caseapp/cli/check.py": "counts keys in the keystore",
    "caseapp/db/unit.py": "opens transactions",
    "caseapp/db/postgres.py": "begins transactions",
    "caseapp/db/walls.py": "row-level security, for the owner and for checks; reads and writes no row",
    "caseapp/db/remains.py": "reads and writes no row",
}
BANNED = re.compile(
    r"__table__|from_statement|\btext\(\"|exec_driver_sql|\.connection\(\)\.execute|engine\.(connect|begin)\("
)


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions(tree: ast.AST) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef))


@pytest.mark.parametrize("folder", SLICES, ids=lambda folder: folder.name)
def test_a_slice_has_only_the_known_rooms(folder: Path) -> None:
    rooms = {path.stem for path in folder.iterdir() if path.name != "__pycache__"}
    known = ROOMS | OWN_ROOMS.get(folder.name, set())
    assert rooms <= known, rooms - known


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_nothing_passes_by_the_row_scope_unnamed(path: Path) -> None:
    if relative(path) in RAW_ACCESS or path.name == "schema.py":
        return
    assert not BANNED.findall(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_every_module_and_public_function_says_what_it_is(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    assert ast.get_docstring(tree), "module without docstring"
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_"):
            assert ast.get_docstring(node), node.name


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_only_the_settings_read_the_environment(path: Path) -> None:
    if path.name != "settings.py":
        assert not re.search(r"os\.(environ|getenv)", path.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    "path", sorted(PACKAGE.rglob("service*/**/*.py")) + sorted(PACKAGE.glob("*/service.py")), ids=relative
)
def test_services_flush_and_never_commit(path: Path) -> None:
    assert ".commit(" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=relative)
def test_templates_keep_to_the_content_policy(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert not re.search(r"\sstyle=|\son[a-z]+=\"|<style|javascript:|https?://(?!www\.w3\.org)", text)


@pytest.mark.parametrize("path", sorted((ROOT / "templates").rglob("*.html")), ids=relative)
def test_every_form_of_a_template_is_protected_against_forgery(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    for form in re.findall(r"<form[^>]*method=\"post\".*?</form>", text, re.DOTALL):
        assert "csrf_token" in form or "hidden(" in form or "caller()" in form


def test_no_machine_path_or_registry_host_is_written_down() -> None:
    hosts = re.compile(
        "|".join((r"pypi\." + "org", r"registry\.npmjs", "files.python" + "hosted", "deb.debian" + r"\.org"))
    )
    for name in ("requirements.lock", "requirements-dev.lock", "Makefile", "README.md", "pyproject.toml"):
        assert not hosts.search((ROOT / name).read_text(encoding="utf-8")), name
