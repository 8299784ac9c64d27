"""Changes to the tables, in order, applied by `coverwright db upgrade`. Configured here; there is no ini file."""

from functools import cache
from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Engine

FOLDER = Path(__file__).parent


def configuration(engine: Engine | None = None) -> Config:
    """What alembic needs to know; the engine travels with it so that tests and commands share one."""
    config = Config()
    config.set_main_option("script_location", str(FOLDER).replace("%", "%%"))
    config.set_main_option("file_template", "%%(year)d%%(month).2d%%(day).2d_%%(hour).2d%%(minute).2d_%%(slug)s")
    config.set_main_option("path_separator", "os")
    config.attributes["engine"] = engine
    return config


@cache
def head() -> str | None:
    """The newest revision in this folder."""
    return ScriptDirectory.from_config(configuration()).get_current_head()


def upgrade(engine: Engine) -> None:
    """Bring the database to the newest revision; each revision is one transaction."""
    command.upgrade(configuration(engine), "head")


def current(engine: Engine) -> str | None:
    """The revision of the database, None when it was never upgraded."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def new_revision(engine: Engine, slug: str) -> None:
    """Write a revision from the difference between the tables in code and the database."""
    command.revision(configuration(engine), message=slug, autogenerate=True)
