"""A list of another system comes in: seen, mapped, checked, written and taken out again."""

from koinonia.common.testing.phones import phone
from koinonia.devkit.demo.answers import Json
from koinonia.devkit.demo.church import until
from koinonia.devkit.demo.stage import Stage

PATH = "/api/imports"
FIRST = 5_000  # index of the first phone, which nobody else in the demo has
PEOPLE = 40
STATEMENT = {
    "agreed": True,
    "wording": "I would like to get texts from Grace Chapel.",
    "source": "the connect cards of the autumn fair",
}


def bring_a_list(stage: Stage) -> None:
    stage.screen.chapter("A list of another system")
    before = stage.church.total("/api/members")
    job = stage.church.send_file("/api/imports", "fair.csv", _as_csv())
    guessed = [(each["head"], each["looksLike"], each["to"]) for each in job["columns"]]
    stage.screen.table(("column", "looks like", "is taken for"), guessed)
    columns = [_mapped(each) for each in job["columns"]]
    stage.church.put(f"{PATH}/{job['id']}/mapping", {"columns": columns, "consent": STATEMENT})
    job = _turned(stage, job, "start", {"dryRun": True}, "checked")
    counts = job["counts"]
    stage.screen.say(
        f"A dry run: {counts['created']} people would be new, {counts['failed']} row refused, "
        f"{len(job['newGroups'])} group made. Nothing is changed."
    )
    stage.sums.claim("a dry run changes nothing", stage.church.total("/api/members"), before)
    job = _turned(stage, job, "start", {}, "done")
    stage.sums.claim(
        "an import writes what its dry run said", job["counts"]["created"], counts["created"]
    )
    stage.sums.claim(
        "the directory holds them", stage.church.total("/api/members"), before + PEOPLE
    )
    job = _turned(stage, job, "undo", None, "undone")
    stage.screen.say(
        f"It was the wrong list. Undone: {job['undo']['removed']} people are out again, "
        f"{job['undo']['annulled']} statements in the ledger annulled."
    )
    stage.sums.claim("an undo leaves nothing", stage.church.total("/api/members"), before)


def _as_csv() -> str:
    lines = ["Vorname,First Name,Surname,Cell #,E-mail,Date of Birth,Ministry Team"]
    lines += [
        f"x,Guest{n},Fair,{phone(FIRST + n)},guest{n}@example.org,1990-04-{n % 28 + 1:02},Fair"
        for n in range(PEOPLE)
    ]
    return "\n".join([*lines, "x,Nobody,Fair,unknown,,,Fair"])


def _mapped(column: Json) -> Json:
    """As it was guessed, but for one that nobody could know."""
    if column["head"] == "Ministry Team":
        return {"column": column["column"], "to": "groups"}
    return {"column": column["column"], "to": column["to"]}


def _turned(stage: Stage, job: Json, command: str, body: object, status: str) -> Json:
    stage.church.post(f"{PATH}/{job['id']}/{command}", body, 202)

    def ended() -> Json | None:
        shown = stage.church.get(f"{PATH}/{job['id']}")
        return shown if shown["status"] == status else None

    return until(ended, f"the import to be {status}")
