"""How many SQL statements a page takes: few, and as many for one plan as for all of them."""

import pytest

from tests.portal.plans.conftest import CATASTROPHIC, SEPARATE_DRUGS, SILVER, SILVER_VISION, TWO_TIERS

MOST = 12
FIVE = "&".join(f"plan={each}" for each in (SILVER, SILVER_VISION, TWO_TIERS, SEPARATE_DRUGS, CATASTROPHIC))
PAGES = {
    "list": "/plans",
    "list by bad year": "/plans?sort=bad-year&metal=silver",
    "dental": "/plans?line=dental",
    "comparison": f"/plans/compare?{FIVE}",
    "csv": f"/plans/compare.csv?{FIVE}",
    "plan page": f"/plans/{SILVER}",
}


@pytest.fixture
def statements(family, demo_app, count_sql):
    """Statements of a page, for somebody at an address that the process knows already."""

    def counting(path):
        family.browser.get("/plans")
        with count_sql(demo_app.extensions["sessions"].engine) as seen:
            assert family.browser.get(path).status_code == 200
        return [each for each in seen if each != "BEGIN"]

    return counting


@pytest.mark.parametrize("path", PAGES.values(), ids=PAGES)
def test_a_page_takes_few_statements(statements, path):
    seen = statements(path)
    assert len(seen) <= MOST, "\n".join(each[:150] for each in seen)


def test_one_plan_takes_as_many_as_all_of_them(statements):
    assert len(statements("/plans?metal=platinum")) == len(statements("/plans"))
    assert len(statements(f"/plans/compare?plan={SILVER}")) == len(statements(PAGES["comparison"]))
