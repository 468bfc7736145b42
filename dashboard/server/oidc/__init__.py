"""Sign-in by OpenID Connect (RTT_ACCESS=oidc). Authlib does the protocol; the sessions are ours.

What is here knows no page and no SQL: the store of sessions is handed in. Only with RTT_ACCESS=oidc is
anything imported that imports Authlib.
"""
