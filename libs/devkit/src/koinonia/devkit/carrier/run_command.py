"""``koinonia-carrier run``: the simulated carrier as a process, until SIGTERM or Ctrl-C."""

from pathlib import Path
from typing import Annotated

import typer
import uvicorn

from koinonia.devkit.carrier import simulated
from koinonia.devkit.carrier.app import create_app, signing_key
from koinonia.devkit.carrier.calls.connections import Protocol
from koinonia.devkit.carrier.state import presets
from koinonia.devkit.carrier.state.behaviour import UnknownKnob
from koinonia.devkit.carrier.telnyx.dialect import telnyx_of
from koinonia.devkit.carrier.twilio.dialect import Account
from koinonia.devkit.mailbox.reports import Reports
from koinonia.devkit.mailbox.reports import signing_key as mail_key


def run(
    webhook_key: Annotated[
        str,
        typer.Option(
            envvar="KOINONIA_SIMULATOR_SIGNING_SEED", help="Base64 of the 32-byte signing seed."
        ),
    ],
    host: str = "127.0.0.1",
    port: int = 8090,
    seed: Annotated[int, typer.Option(help="Decides the fate of every text.")] = 1,
    api_key: Annotated[
        str | None,
        typer.Option(envvar="KOINONIA_TELNYX_API_KEY", help="The only key let in; else any."),
    ] = None,
    account_sid: Annotated[
        str | None,
        typer.Option(envvar="KOINONIA_TWILIO_ACCOUNT_SID", help="The only account let in."),
    ] = None,
    auth_token: Annotated[
        str,
        typer.Option(envvar="KOINONIA_TWILIO_AUTH_TOKEN", help="Its token; the first of several."),
    ] = "",
    behaviour: Annotated[
        str | None, typer.Option(help="A preset: calm, bumpy or hostile; else the defaults.")
    ] = None,
    clock: Annotated[
        float, typer.Option(help="What every time is multiplied by: 0.1 is ten times as fast.")
    ] = 1.0,
    webhooks_url: Annotated[
        str | None,
        typer.Option(envvar="KOINONIA_WEBHOOKS_URL", help="Who is told what became of mails."),
    ] = None,
    memory: Annotated[
        Path | None, typer.Option(help="A file for what must outlive a restart.")
    ] = None,
) -> None:
    """A carrier on this machine: Telnyx's API under /v2, Twilio's, and /_control."""
    try:
        key = signing_key(webhook_key)
    except ValueError as error:
        raise typer.BadParameter(str(error), param_hint="--webhook-key") from None
    account = Account(account_sid, auth_token.partition(",")[0].strip() or None)
    network = simulated.network(key, seed=seed, api_key=api_key, account=account)
    try:
        network.behaviour.turn({**(presets.knobs(behaviour) if behaviour else {}), "clock": clock})
    except UnknownKnob as error:
        raise typer.BadParameter(str(error), param_hint="--behaviour") from None
    print(f"KOINONIA_TELNYX_API_URL=http://{host}:{port}/v2")
    print(f"KOINONIA_TELNYX_PUBLIC_KEYS={telnyx_of(network).public_key}")
    print(f"KOINONIA_TWILIO_API_URL=http://{host}:{port}", flush=True)
    uvicorn.run(
        create_app(network, memory, Reports(mail_key(key.private_bytes_raw()), webhooks_url)),
        http=Protocol,
        host=host,
        port=port,
        access_log=False,
        log_level="warning",
        timeout_graceful_shutdown=1,
        backlog=4096,
    )
