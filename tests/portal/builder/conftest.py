"""A builder to click in: a browser without scripts, with a family of four in front of the demo's catalogue."""

import pytest
import sqlalchemy as sa

from portal.builder.models import BundleDraft
from portal.household.models import HouseholdRecord
from portal.web.scope import everything
from tests.demo_release import copy_template, publish_year
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
        before = {each.id for each in stored(self, HouseholdRecord)}
        answer = self.client.submit(self.client.get("/"), "/start", zip_code=zip_code, people=people, income=income)
        assert answer.status == 303, answer.text
        (self.household,) = (each.id for each in stored(self, HouseholdRecord) if each.id not in before)
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
        """The stored draft of this family, or None."""
        return next(iter(stored(self, BundleDraft, household_id=self.household)), None)

    def health(self, **answers):
        """Answers of the applicant to health questions, as the form names them."""
        applicant = self.hidden(self.page("critical_illness"))["covered"][0]
        return {f"question-{name.replace('_', '-')}.{applicant}": answer for name, answer in answers.items()}


@pytest.fixture(scope="session")
def builder_app(demo_template, tmp_path_factory, data_folder):
    """The portal on one copy of the demo's catalogue, in SQLite: each test comes with a browser of its own."""
    app = make_app(copy_template(demo_template, tmp_path_factory.mktemp("builder")), data_folder)
    yield app
    app.extensions["sessions"].engine.dispose()


@pytest.fixture
def builder(builder_app):
    """A new family of four in a new browser."""
    return Builder(PageClient(builder_app)).family()


@pytest.fixture(scope="module")
def stocked_app(module_database_url, builder_app, data_folder, tmp_path_factory):
    """The portal with plan year 2027 published, on each engine."""
    if module_database_url.startswith("sqlite"):
        yield builder_app
        return
    app = make_app(module_database_url, data_folder)
    publish_year(app.extensions["sessions"], tmp_path_factory.mktemp("filings"), 2027)
    yield app
    app.extensions["sessions"].engine.dispose()


@pytest.fixture
def shopper(stocked_app):
    """A new family of four in a new browser, on each engine: for what depends on transactions."""
    return Builder(PageClient(stocked_app)).family()


def stored(builder, model, **where):
    """Rows of a table, whoever owns them."""
    with builder.client.app.extensions["sessions"].read() as session, everything(session, "a test looks at it"):
        return list(session.scalars(sa.select(model).filter_by(**where)))


def save(builder, name, **more):
    """Save what is in the basket; gives the id of the saved bundle."""
    return builder.send("/builder/save", name=name, **more).location.rpartition("/")[2]
