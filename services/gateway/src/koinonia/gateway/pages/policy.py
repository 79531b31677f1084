"""What a page of ours may load, run and be shown in (Content-Security-Policy).

``web/`` is built without any inline script or style. React Aria alone puts two small ``<style>``
elements into the page while it is used; the policy allows them by the hash of their text.
``tests/web`` uses them in a browser and fails at any report, so a release of React Aria that words
them otherwise is noticed.
"""

import base64
import hashlib

PRESSED = """@layer {
  [data-react-aria-pressable] {
    touch-action: pan-x pan-y pinch-zoom;
  }
}"""
"""Of ``usePress``: without it a press on a touch screen may end as a scroll."""

UNSCROLLED = """@layer {
  * {
    overscroll-behavior: contain;
  }
}"""
"""Of ``usePreventScroll``: without it the page moves below an open dialog."""


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        f"style-src 'self' {_hash(PRESSED)} {_hash(UNSCROLLED)}",
        "img-src 'self' data: blob:",
        "media-src 'self' blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "form-action 'self'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",  # no text becomes HTML; web/src/trusted.ts
        "trusted-types default",
    )
)
