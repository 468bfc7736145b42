"""What a browser refuses by our Content-Security-Policy, told by the browser itself."""

from playwright.sync_api import BrowserContext

TOLD = "Refused by the policy:"
LISTENER = f"""document.addEventListener("securitypolicyviolation", refused => console.error(
    "{TOLD}", refused.effectiveDirective, refused.blockedURI, refused.sample,
    refused.sourceFile + ":" + refused.lineNumber + ":" + refused.columnNumber));"""


def refusals(context: BrowserContext) -> list[str]:
    """A list that grows by one line for everything refused from now on, on any page of the context."""
    found: list[str] = []
    context.add_init_script(LISTENER)
    context.on("console", lambda said: found.append(said.text) if said.text.startswith(TOLD) else None)
    return found
