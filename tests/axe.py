"""Accessibility: the serious findings of axe-core on a page, for tests in a browser."""

SERIOUS = ("serious", "critical")


def findings(page):
    """What axe-core finds with every fold open: (rule, element, what to repair) each."""
    from axe_playwright_python.sync_playwright import Axe

    page.evaluate("document.querySelectorAll('details').forEach(fold => fold.open = true)")
    page.wait_for_timeout(200)
    options = {"preload": False, "resultTypes": ["violations"]}
    found = Axe().run(page, options=options).response["violations"]
    return [
        (violation["id"], node["html"][:200], node.get("failureSummary", "")[:300])
        for violation in found
        if violation["impact"] in SERIOUS
        for node in violation["nodes"]
    ]
