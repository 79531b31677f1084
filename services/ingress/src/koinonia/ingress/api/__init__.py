"""The routes of the ingress: calls of carriers, and of providers of mail."""

from fastapi import APIRouter

from koinonia.ingress.api import carrier_calls, mail_calls


def routers() -> tuple[APIRouter, ...]:
    """All routes; the tables of carriers and providers say which there are."""
    return carrier_calls.router(), mail_calls.router()
