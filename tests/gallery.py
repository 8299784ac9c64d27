"""Write a picture of every page, narrow and wide, and of every PDF page: ``./run gallery OUT``.

First the scenes: the pages in the states that people meet them in. Then whatever else is found the way people find it:
from the landing page, link by link, as a visitor and signed in as each person of the demo; addresses without parameters
are tried as well. One picture for each endpoint that no scene showed; what was never reached is listed at the end.
"""

import sys
import tempfile
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from urllib.parse import urldefrag, urlsplit

import pypdfium2
from playwright.sync_api import APIResponse, Browser, BrowserContext, Page, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from werkzeug.exceptions import HTTPException
from werkzeug.routing import MapAdapter, RequestRedirect, Rule

from tests.browser.chromium import find_chromium, launch_arguments
from tests.browser.demo_site import Site, seed, serve
from tests.browser.scenes import SCENES, remembered
from tests.browser.visits import HEIGHTS, visiting

TALLEST = 16_000
PDF_SCALE = 1.5
VISITOR = "visitor"
MISSING_PAGE = "/no-such-page"


@dataclass
class Gallery:
    """What has been pictured so far, and where the pictures go."""

    site: Site
    out: Path
    seen: set[str] = field(default_factory=set)
    broken: list[str] = field(default_factory=list)

    def endpoint(self, path: str) -> str:
        """Return the endpoint that answers a path; a path that none answers stands for the error page."""
        try:
            return self.routes().match(path, method="GET")[0]
        except RequestRedirect as elsewhere:
            return self.endpoint(urlsplit(elsewhere.new_url).path)
        except HTTPException:
            return "error"

    def routes(self) -> MapAdapter:
        """Return the application's map of addresses."""
        return self.site.app.url_map.bind("localhost")

    def rules(self) -> list[Rule]:
        """Return the addresses that can be opened, as patterns."""
        return [rule for rule in self.site.app.url_map.iter_rules() if "GET" in (rule.methods or ())]

    def unseen(self) -> set[str]:
        """Return the endpoints that were never reached."""
        return {rule.endpoint for rule in self.rules()} - self.seen

    def beginnings(self) -> list[str]:
        """Return where every walk starts: the landing page, a page that is missing, and all plain addresses."""
        plain = [rule.rule for rule in self.rules() if not rule.arguments]
        return [self.site.url + path for path in ("/", MISSING_PAGE, *sorted(plain))]

    def picture_pdf(self, name: str, content: bytes) -> None:
        """Write each page of a PDF as PNG."""
        document = pypdfium2.PdfDocument(content)
        for number, page in enumerate(document, start=1):
            page.render(scale=PDF_SCALE).to_pil().save(self.file("pdf", f"{name}-{number}"))

    def picture_page(self, name: str, page: Page) -> None:
        """Write the whole page at each width."""
        for width, height in HEIGHTS.items():
            page.set_viewport_size({"width": width, "height": height})
            # As tall as the page, so that what sticks to the window's edge covers nothing.
            whole = page.evaluate("document.documentElement.scrollHeight")
            page.set_viewport_size({"width": width, "height": min(max(whole, height), TALLEST)})
            page.screenshot(path=self.file(str(width), name))
            page.set_viewport_size({"width": width, "height": height})

    def file(self, folder: str, name: str) -> Path:
        """Return the path of a picture; its folder exists afterwards."""
        path = self.out / folder / f"{name.replace('.', '-')}.png"
        path.parent.mkdir(parents=True, exist_ok=True)
        return path


def links(page: Page, site: Site) -> list[str]:
    """Return the addresses on this site that the page links to, without fragments."""
    found = page.eval_on_selector_all("a[href]", "links => links.map(link => link.href)")
    return [urldefrag(link).url for link in found if link.startswith(site.url)]


def walk(gallery: Gallery, context: BrowserContext, role: str) -> None:
    """Follow links from the landing page; picture each endpoint that nobody has pictured before."""
    page, followed = context.new_page(), set()
    landing, *others = gallery.beginnings()
    # Links first: a page is pictured as it looks to somebody who came to it.
    waiting = [landing]
    while waiting or others:
        url = waiting.pop(0) if waiting else others.pop(0)
        endpoint = gallery.endpoint(urlsplit(url).path)
        if endpoint in followed:
            continue
        followed.add(endpoint)
        waiting += visit(gallery, context.request.get(url), page, endpoint, role)
    page.close()


def visit(gallery: Gallery, answer: APIResponse, page: Page, endpoint: str, role: str) -> list[str]:
    """Picture one address according to what it answers; return the links found there."""
    kind = answer.headers.get("content-type", "")
    if answer.status >= HTTPStatus.INTERNAL_SERVER_ERROR:
        gallery.broken.append(f"{answer.url} ({role})")
    # A redirect (to signing in, say) shows the page it leads to, which is found under its own address.
    shown = gallery.endpoint(urlsplit(answer.url).path)
    name = shown if role == VISITOR else f"{shown}-{role}"
    is_new = shown == endpoint and shown not in gallery.seen
    if kind.startswith("application/pdf"):
        gallery.picture_pdf(name, answer.body())
    elif kind.startswith("text/html"):
        page.goto(answer.url)
        if is_new:
            gallery.picture_page(name, page)
    gallery.seen.add(shown)
    return links(page, gallery.site) if kind.startswith("text/html") else []


def picture_scenes(gallery: Gallery, browser: Browser) -> None:
    """Picture each scene; one that cannot be arranged is named among what is broken."""
    cookies = remembered(browser, gallery.site)
    for scene in SCENES:
        try:
            with visiting(browser, gallery.site, state=cookies[scene.who]) as visit:
                scene.arrange(visit.page, gallery.site.url)
                gallery.picture_page(scene.name, visit.page)
                gallery.seen.add(gallery.endpoint(urlsplit(visit.page.url).path))
        except (AssertionError, PlaywrightError) as problem:
            gallery.broken.append(f"{scene.name}: {problem}")


def picture_everything(gallery: Gallery, browser: Browser) -> None:
    """Picture the scenes, then walk the site as a visitor and as each person of the demo."""
    picture_scenes(gallery, browser)
    for role in (VISITOR, *dict.fromkeys(person.role for person in gallery.site.sign_ins)):
        context = browser.new_context(reduced_motion="reduce")
        if role != VISITOR:
            page = context.new_page()
            gallery.site.sign_in(page, role)
            page.close()
        walk(gallery, context, role)
        context.close()


def main(out: Path) -> int:
    """Fill the folder; return 1 when there is no browser, or a page that answers with a server error."""
    chromium = find_chromium()
    if chromium is None:
        print("Chromium is needed to take pictures. Install it or set COVERWRIGHT_CHROMIUM.", file=sys.stderr)
        return 1
    with tempfile.TemporaryDirectory() as home, sync_playwright() as playwright:
        folder = Path(home)
        browser = playwright.chromium.launch(executable_path=chromium, args=launch_arguments())
        with serve(folder, seed(folder)) as site:
            gallery = Gallery(site, out)
            picture_everything(gallery, browser)
        browser.close()
    count = sum(1 for _ in out.rglob("*.png"))
    for broken in gallery.broken:
        print(f"Broken: {broken}", file=sys.stderr)
    print(f"{count} pictures in {out}. Not reached: {', '.join(sorted(gallery.unseen())) or 'nothing'}")
    return int(bool(gallery.broken))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
