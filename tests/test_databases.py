"""The database fixtures give each test an empty database of its own, on both engines."""

from sqlalchemy import inspect, text

seen = set()


def test_a_database_is_empty_and_writable(engine):
    assert inspect(engine).get_table_names() == []
    with engine.begin() as connection:
        connection.execute(text("CREATE TABLE something (number integer PRIMARY KEY)"))
    assert inspect(engine).get_table_names() == ["something"]


def test_no_two_tests_share_one(database_url):
    assert database_url not in seen
    seen.add(database_url)


def test_the_next_test_gets_another(database_url):
    assert database_url not in seen


def test_a_module_may_share_one(module_database_url):
    assert module_database_url.startswith(("sqlite:///", "postgresql+psycopg://"))
