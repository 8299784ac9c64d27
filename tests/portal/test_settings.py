"""Settings: refused by name, strict unless told otherwise; the clock; the brand."""

from datetime import date
from decimal import Decimal

import pytest

from portal.web import clock, formats
from portal.web.branding import branding
from portal.web.origin import own_path
from portal.web.settings import SettingsError, read_settings


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({}, "SECRET_KEY"),
        ({"SECRET_KEY": "short"}, "SECRET_KEY"),
        ({"COVERWRIGHT_MODE": "party"}, "COVERWRIGHT_MODE"),
        ({"COVERWRIGHT_MODE": "demo", "COVERWRIGHT_TODAY": "tomorrow"}, "COVERWRIGHT_TODAY"),
        ({"COVERWRIGHT_MODE": "demo", "DATABASE_URL": "mysql://x"}, "DATABASE_URL"),
        ({"COVERWRIGHT_MODE": "demo", "DATABASE_URL": "nonsense"}, "DATABASE_URL"),
        ({"COVERWRIGHT_MODE": "demo", "COVERWRIGHT_PROXIES": "-1"}, "COVERWRIGHT_PROXIES"),
    ],
)
def test_a_wrong_setting_is_named(environment, named):
    with pytest.raises(SettingsError, match=named):
        read_settings(environment)


def test_the_demo_keeps_one_secret_for_all_its_processes(tmp_path):
    environment = {"COVERWRIGHT_MODE": "demo", "COVERWRIGHT_DATA": str(tmp_path)}
    first, second = read_settings(environment), read_settings(environment)
    assert first.secret_key == second.secret_key
    assert len(first.secret_key) == 64
    assert [path.name for path in tmp_path.iterdir()] == ["demo-secret"]


def test_production_is_the_default():
    assert read_settings({"SECRET_KEY": "k" * 32}).secure


def test_host_names_are_read_from_one_setting():
    assert read_settings({"COVERWRIGHT_HOSTS": "a.example b.example"}, needs_secret=False).hosts == (
        "a.example",
        "b.example",
    )


def test_postgres_urls_name_the_driver():
    for url in ("postgres://u:p@h/d", "postgresql://u:p@h/d"):
        settings = read_settings({"COVERWRIGHT_MODE": "test", "SECRET_KEY": "x", "DATABASE_URL": url})
        assert settings.database_url == "postgresql+psycopg://u:p@h/d"


def test_the_clock_follows_the_setting(app):
    with app.app_context():
        assert clock.today() == date(2026, 11, 15)
        assert clock.now().date() == date(2026, 11, 15)
        assert clock.now().tzinfo is not None


def luminance(colour):
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


def contrast(one, other):
    light, dark = sorted((luminance(one), luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("scheme", ["colours", "dark"])
@pytest.mark.parametrize("ground", ["canvas", "surface"])
@pytest.mark.parametrize("text", ["ink", "quiet", "action", "action-dark", "highlight", "good", "caution", "stop"])
def test_text_colours_can_be_read(scheme, ground, text):
    colours = getattr(branding(), scheme)
    assert contrast(colours[text], colours[ground]) >= 4.5


def test_button_words_can_be_read():
    assert contrast("#FFFFFF", branding().colours["action"]) >= 4.5
    assert contrast(branding().dark["on-action"], branding().dark["action"]) >= 4.5


def test_money_and_dates_are_written_for_people():
    assert formats.dollars(Decimal("1204.5")) == "$1,204.50"
    assert formats.dollars(Decimal(-3)) == "\u2212$3.00"
    assert formats.whole_dollars(Decimal("9800.49")) == "$9,800"
    assert formats.day(date(2027, 3, 3)) == "March 3, 2027"
    assert [formats.count_of(number, "plan") for number in (0, 1, 1200)] == ["0 plans", "1 plan", "1,200 plans"]


@pytest.mark.parametrize("path", ["/", "/plans?page=2", "/a/b#c"])
def test_own_paths_are_kept(path):
    assert own_path(path) == path
