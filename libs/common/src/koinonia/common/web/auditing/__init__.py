"""Requests that the audit trail keeps."""
