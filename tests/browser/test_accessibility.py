"""Every scene, narrow and wide, light and dark: no finding of axe, nothing sticks out, every target can be hit."""

import pytest
from axe_playwright_python.sync_playwright import Axe

from tests.browser import steps
from tests.browser.scenes import SCENES
from tests.browser.visits import HEIGHTS, NARROW, WIDE, visiting

pytestmark = pytest.mark.browser
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
NARROWEST = 360
SMALLEST_TARGET = 24
# WCAG 2.2, 2.5.8: inline links are exempt; so is what a label makes larger, and what shows only to the keyboard.
SMALL_TARGETS = """(smallest) => [...document.querySelectorAll(
    "button, summary, input:not([type=hidden]), select, textarea, a[role=button], .navigation a, .chip, .steps a"
)].filter(each => {
    const box = (each.labels?.[0] ?? each).getBoundingClientRect(), own = each.getBoundingClientRect();
    const hidden = own.width <= 1 || !each.checkVisibility({visibilityProperty: true});
    return !hidden && (Math.max(box.height, own.height) < smallest || Math.max(box.width, own.width) < smallest);
}).map(each => each.outerHTML.slice(0, 160))"""


EVERY_RULE = {"type": "tag", "values": TAGS}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}


def findings(page, rules=EVERY_RULE) -> str:
    """What axe has to say against the page, as text; empty when nothing."""
    found = Axe().run(page, options={"runOnly": rules, "resultTypes": ["violations"], "preload": False})
    return "\n".join(
        f"{rule['id']} ({rule['help']}): " + " | ".join(node["html"][:200] for node in rule["nodes"][:4])
        for rule in found.response["violations"]
    )


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.name)
def test_nobody_is_shut_out(scene, browser, site, cookies_of):
    with visiting(browser, site, NARROW, state=cookies_of[scene.who]) as visit:
        page = visit.page
        scene.arrange(page, site.url)
        problems = {"narrow": findings(page)}
        page.set_viewport_size({"width": NARROWEST, "height": HEIGHTS[NARROW]})
        problems["sideways"] = "\n".join(steps.sideways(page))
        problems["small targets"] = "\n".join(page.evaluate(SMALL_TARGETS, SMALLEST_TARGET))
        page.set_viewport_size({"width": WIDE, "height": HEIGHTS[WIDE]})
        problems["wide"] = findings(page)
        page.emulate_media(color_scheme="dark")
        problems["dark"] = findings(page, COLOURS)
    assert not any(problems.values()), "\n".join(f"{where}: {what}" for where, what in problems.items() if what)
