"""Errors of integrations: what is wrong, and what to do about it."""

from koinonia.common import errors


class NoSuchEndpoint(errors.NotFound):
    code = "WEBHOOK_ENDPOINT_NOT_FOUND"
    message = "There is no webhook endpoint with this id. GET /api/webhook-endpoints lists yours."


class NoSuchDelivery(errors.NotFound):
    code = "WEBHOOK_DELIVERY_NOT_FOUND"
    message = "There is no such delivery, or it is older than 30 days."


class EndpointOff(errors.Conflict):
    code = "WEBHOOK_ENDPOINT_DISABLED"
    message = "This endpoint is switched off. Switch it on first: PATCH it with state active."


class TooManyEndpoints(errors.Conflict):
    code = "TOO_MANY_WEBHOOK_ENDPOINTS"
    message = "Your church has ten webhook endpoints, the most there may be. Remove one first."


class NotHttps(errors.Invalid):
    code = "WEBHOOK_URL_NOT_HTTPS"
    message = "Webhooks go to https addresses only. Give one like https://example.org/koinonia."


class NotPublicAddress(errors.Invalid):
    code = "WEBHOOK_URL_NOT_PUBLIC"
    message = "Webhooks go to public addresses only. Give one that the whole Internet can reach."


class BadAddress(errors.Invalid):
    code = "WEBHOOK_URL_INVALID"
    message = (
        "That is no address for webhooks. Give one like https://example.org/koinonia, without a "
        "name, a password or a # in it."
    )
