"""Which environment variables are settings: asked of the settings themselves."""

from dashboard.settings.oidc import Oidc
from dashboard.settings.settings import Mail, Proxy, Settings

# Made of others, and no variables.
_MADE = {"RTT_PROOF", "RTT_PROXY", "RTT_OIDC", "RTT_MAIL"}
VARIABLES = {
    str(field.validation_alias)
    for model in (Settings, Proxy, Oidc, Mail)
    for field in model.model_fields.values()
} - _MADE
