"""A builder to click in: a browser without scripts, with a family of four in front of the demo's catalogue."""

import pytest
import sqlalchemy as sa

from portal.builder.models import BundleDraft
from portal.web.scope import everything
from tests.demo_release import publish_year
from tests.portal.conftest import PageClient, form_fields, make_app

GOLD, BRONZE = "99001OH0010009", "99001OH0010001"
PLANS = {"gold": GOLD, "bronze": BRONZE}


class Builder:
    """What a person does on the builder's pages."""

    def __init__(self, client: PageClient) -> None:
        self.client = client

    def page(self, line="", **query):
        return self.client.get(f"/builder/{line}".rstrip("/"), query_string=query)

    def hidden(self, page, form_id="apply"):
        """The hidden fields of a form, people among them."""
        fields = {}
        for each in page.dom.find(id=form_id)("input", type="hidden"):
            fields.setdefault(each["name"], []).append(each["value"])
        return fields

    def choose(self, line, option, page=None, **changes):
        """Press the button of an option, with what the page of the line would send."""
        fields = self.hidden(page or self.page(line)) | {"option": option} | changes
        return self.client.post(f"/builder/{line}", fields, token=False)

    def send(self, path, page=None, **fields):
        """Send a form of a page by its path."""
        page = page or self.page()
        form = next(form for form in page.dom.main("form") if form["action"] == path)
        hidden = {each["name"]: each["value"] for each in form("input", type="hidden")}
        return self.client.post(path, hidden | fields, token=False)

    def family(self, people="38, 36, 7, 4", zip_code="43215", income="72000"):
        answer = self.client.submit(self.client.get("/"), "/start", zip_code=zip_code, people=people, income=income)
        assert answer.status == 303, answer.text
        return self

    def change_person(self, person, **changes):
        """Change somebody of the household on the page for it."""
        path = f"/household/people/{person}"
        form = next(form for form in self.client.get(path).dom.main("form") if form["action"] == path)
        assert self.client.post(path, form_fields(form) | changes, token=False).status == 303

    @property
    def bundle(self):
        """What is in the bundle: option names in order, from the basket."""
        lines = self.page().dom.select(".basket-line-head > span:first-child")
        return [" ".join(list(line.stripped_strings)[1:]) for line in lines]

    @property
    def total(self):
        return self.page().dom.select_one(".basket-sum").text

    def chosen(self, line):
        return [each["id"].removeprefix("option-") for each in self.page(line).dom.select(".option--chosen[id]")]

    def draft(self):
        """The stored draft, when there is exactly one in the database."""
        with self.client.app.extensions["sessions"].read() as session, everything(session, "a test looks at it"):
            return session.scalars(sa.select(BundleDraft)).one_or_none()


@pytest.fixture
def builder(family):
    """The builder of the family of four, on SQLite."""
    return Builder(family)


@pytest.fixture(scope="module")
def both_app(module_database_url, data_folder):
    """The portal with the demo's catalogue, on each engine."""
    app = make_app(module_database_url, data_folder)
    yield app
    app.extensions["sessions"].engine.dispose()


@pytest.fixture(scope="module")
def stocked_app(both_app, tmp_path_factory):
    """The same with plan year 2027 published."""
    publish_year(both_app.extensions["sessions"], tmp_path_factory.mktemp("filings"), 2027)
    return both_app


@pytest.fixture
def shopper(stocked_app):
    """A new family of four in a new browser, on each engine."""
    return Builder(PageClient(stocked_app)).family()
