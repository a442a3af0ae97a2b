"""Security headers of every answer: a strict content policy with a nonce, nothing from elsewhere."""

from __future__ import annotations

import secrets

from flask import Flask, Response, g

_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; manifest-src 'self'; "
    "worker-src 'self'; require-trusted-types-for 'script'; trusted-types app"
)


def sandbox() -> None:
    """Let a browser that opens this answer as a page run and load nothing of it: what it holds comes from outside."""
    g.sandboxed = True


def install(app: Flask) -> None:
    """The nonce is made before everything else, so that a refusal has one too."""

    @app.before_request
    def make_nonce() -> None:
        g.csp_nonce = secrets.token_urlsafe(16)

    @app.after_request
    def add_headers(response: Response) -> Response:
        policy = _POLICY.format(nonce=g.get("csp_nonce", ""))
        response.headers["Content-Security-Policy"] = f"{policy}; sandbox" if g.get("sandboxed") else policy
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Referrer-Policy"] = "same-origin"
        response.headers["Cross-Origin-Opener-Policy"] = "same-origin"
        response.headers["Permissions-Policy"] = "camera=(), microphone=(), geolocation=()"
        return response
