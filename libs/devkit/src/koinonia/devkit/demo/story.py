"""The chapters of the demo, in their order."""

from pathlib import Path

from rich.console import Console

from koinonia.devkit import home
from koinonia.devkit.demo import (
    arithmetic,
    broadcasts,
    figures,
    lost_number,
    own_test,
    people,
    previews,
    schedules,
)
from koinonia.devkit.demo.church import NAME, Church, until
from koinonia.devkit.demo.directory import imports
from koinonia.devkit.demo.errors import NotAsExpected
from koinonia.devkit.demo.left_to_see import things_left
from koinonia.devkit.demo.network import Network
from koinonia.devkit.demo.screen import Screen
from koinonia.devkit.demo.shared_inbox import (
    conversations,
    first_texts,
    inbox,
    inbox_actions,
    two_at_one_inbox,
)
from koinonia.devkit.demo.stage import Stage
from koinonia.devkit.system import System

NEEDED = 2 * people.COUNT + 150  # parts of two broadcasts, some texts of two, another try, answers


def tell(system: System, console: Console, run: Path) -> bool:
    """Run the demo on ``system``; True when every sum adds up. Raises NotAsExpected."""
    if not system.environment.simulates_carrier:
        raise NotAsExpected(
            "The demo makes people answer, which only the simulated carrier can. Unset "
            "KOINONIA_TELNYX_API_URL to run it."
        )
    church = Church(system.gateway_url, run / "demo.json")
    network = Network(system.carrier_url)
    stage = Stage(church, network, Screen(console))
    try:
        with network.rehearsed():
            _tell(stage)
            things_left.leave(stage, system.environment)
    finally:
        network.close()
        church.close()
    _say_goodbye(stage, system)
    return stage.sums.hold


def _tell(stage: Stage) -> None:
    _meet_the_church(stage)
    _bring_its_people(stage)
    imports.bring_a_list(stage)
    bill, counted = stage.figures()
    own_test.text_oneself(stage)
    preview = previews.preview_a_text(stage)
    broadcasts.text_everybody(stage, preview)
    conversations.hear_answers(stage)
    conversations.honour_plain_words(stage)
    conversations.settle_a_question(stage)
    conversations.reply(stage)
    first_texts.text_first(stage)
    lost_number.find_it_again(stage)
    inbox.watch_it_fill(stage)
    inbox_actions.work_in_it(stage)
    two_at_one_inbox.work_together(stage)
    broadcasts.use_a_template(stage)
    broadcasts.try_again(stage)
    broadcasts.save_a_segment(stage)
    schedules.schedule_sundays(stage)
    figures.look(stage, bill, counted)
    _add_up(stage)


def _meet_the_church(stage: Stage) -> None:
    stage.screen.chapter("A church")
    stage.church.enter()
    is_new = stage.church.is_new
    verb = "registers and gets a trial plan" if is_new else "is here from the last demo"
    stage.screen.say(f"{NAME} {verb}.")
    left = until(stage.bill, "the trial plan", 15)["remaining"]
    if left < NEEDED:
        stage.church.begin_anew()
        stage.screen.say(f"{left} texts are left of its trial, so another {NAME} registers.")
        until(stage.bill, "the trial plan", 15)
    with stage.screen.waiting("A number is ordered at the carrier ..."):
        stage.number = stage.church.number()
    stage.screen.say(f"It texts from {stage.number}, under a profile of its own.")


def _bring_its_people(stage: Stage) -> None:
    stage.screen.chapter("Its people")
    stage.church.lay_out(people.GROUPS)
    everybody = people.everybody()
    before = stage.church.total("/api/members")
    result = stage.church.import_members(people.as_csv(everybody))
    rows = len(everybody) + people.TWICE + people.UNUSABLE
    stage.screen.say(
        f"A file of {rows} rows: {result['created']} created, {result['updated']} updated, "
        f"{result['skipped']} skipped, {result['failed']} refused."
    )
    refused = [(row["row"], row["reason"]) for row in result["rows"] if row["outcome"] == "failed"]
    stage.screen.table(("row", "why it was refused"), refused)
    stage.screen.say(
        f"{len(people.families())} families share a phone, and {len(people.unasked())} people "
        "have not agreed to be texted."
    )
    arithmetic.check_import(stage.sums, result, rows, people.UNUSABLE)
    known = stage.church.total("/api/members")
    stage.sums.claim(
        "the directory holds who was there and who came", known, before + result["created"]
    )


def _add_up(stage: Stage) -> None:
    stage.screen.chapter("Does it add up?")
    for sentence, holds in stage.sums.claims:
        stage.screen.check(sentence, holds=holds)


def _say_goodbye(stage: Stage, system: System) -> None:
    church, say, address = stage.church, stage.screen.say, system.gateway_url
    stage.screen.chapter("Your turn")
    if home.has_pages():
        say(f"Open {address} and sign in:")
    else:
        say(f"There are no pages at {address}: `make pages` builds them, then `make up`. Sign in:")
    say(f"  {church.email}")
    say(f"  {church.password}")
    say(f"What it mails is shown at {system.carrier_url}/mailbox/.")
    say(f"The system stays up. Its interface is described at {address}/api/docs:")
    body = f'{{"email": "{church.email}", "password": "{church.password}"}}'
    say(f"  curl -c jar -H 'Content-Type: application/json' -d '{body}' {address}/api/auth/login")
    say(f"  curl -b jar {address}/api/conversations")
    say(f"  curl -N -b jar {address}/api/events")
    say("make status shows what runs, make down ends it.")
