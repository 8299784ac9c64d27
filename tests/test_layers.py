"""Three floors, arrows only downward: what each package may import, by reading its code and by loading it."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
FLOORS = ("portal", "configurator", "catalog")
# The configurator decides over plain values: it may name the nouns and the law, and nothing that reaches a database.
CONFIGURATOR_MAY = ("configurator", "catalog.terms", "catalog.parameters")
PURE = ("catalog/terms", "catalog/parameters", "configurator")
LONGEST_FILE = 600


def python_files(folder):
    return sorted(path for path in (ROOT / folder).rglob("*.py") if "migrations" not in path.parts)


def module_name(path):
    parts = path.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imported_modules(path):
    """Yield each module that a file imports, also inside functions; relative imports by their full name."""
    package = module_name(path).split(".")
    if path.name != "__init__.py":
        package = package[:-1]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = ".".join(package[: len(package) - node.level + 1]) if node.level else ""
            module = ".".join(filter(None, [base, node.module]))
            yield module
            yield from (f"{module}.{alias.name}" for alias in node.names)


def inside(module, packages):
    return any(module == package or module.startswith(f"{package}.") for package in packages)


def offences(folder, forbidden):
    return [
        f"{path.relative_to(ROOT)} imports {module}"
        for path in python_files(folder)
        for module in imported_modules(path)
        if forbidden(module)
    ]


def test_catalog_imports_nothing_above_it():
    assert not offences("catalog", lambda module: inside(module, ("configurator", "portal")))


def test_configurator_imports_only_nouns_and_law():
    assert not offences(
        "configurator",
        lambda module: inside(module, FLOORS) and module != "catalog" and not inside(module, CONFIGURATOR_MAY),
    )


@pytest.mark.parametrize("folder", PURE)
def test_pure_code_loads_neither_flask_nor_sqlalchemy(folder):
    modules = [module_name(path) for path in python_files(folder)]
    assert modules, f"{folder} holds no modules"
    code = (
        "import importlib, sys\n"
        "for name in sys.argv[1:]: importlib.import_module(name)\n"
        "print(*sorted({'flask', 'sqlalchemy'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code, *modules], cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert done.stdout.strip() == "", "loaded by importing it"


@pytest.mark.parametrize("floor", FLOORS)
def test_no_file_wants_a_second_room(floor):
    lengths = {path.relative_to(ROOT): path.read_text().count("\n") for path in python_files(floor)}
    assert not {path: length for path, length in lengths.items() if length > LONGEST_FILE}


def test_only_ui_macros_name_the_design_system():
    templates = ROOT / "templates"
    pages = [path for path in templates.rglob("*.html") if path.relative_to(templates).parts[0] != "ui"]
    assert not [str(path.relative_to(ROOT)) for path in pages if re.search(r"\bds-[a-z]", path.read_text())]
