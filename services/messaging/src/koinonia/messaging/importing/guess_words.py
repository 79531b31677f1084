"""Heads that tell a job more than a file of one request needs: days of birth, groups by the names
of other programs, and of which system an id is."""

from collections.abc import Mapping, Sequence

from koinonia.messaging.people.imports import csv_columns
from koinonia.messaging.people.imports.column_words import FORMS

BIRTHDAYS = frozenset(
    [
        *("birthday", "birthdate", "dateofbirth", "dob", "bday", "born", "birth", "dateofbirthdob"),
        *("birthdaydate", "dateborn", "bdate", "bday", "birthdayfull", "personbirthdate"),
        *("cumpleanos", "nacimiento", "fechadenacimiento", "fechanacimiento", "fnacimiento"),
        *("fechanac", "fechadenac", "fnac", "nacido", "fechacumpleanos", "fechadecumpleanos"),
        *("geburtsdatum", "geburtstag", "gebdatum", "geb", "gebdat", "geborenam"),
    ]
)
ALSO_GROUPS = (  # the better ones first
    *("groupmemberships", "groupmembership", "groupsjoined", "memberofgroups", "tags", "tag"),
    *("tagname", "tagnames", "labels", "label", "etiquetas", "etiqueta", "categories", "category"),
    *("categorias", "kategorien", "kategorie", "list", "lists", "listas", "listen"),
    *("servingteams", "servingteam", "dienste", "dienst", "classes", "class"),
)
IDS = frozenset(
    [
        *("externalid", "personid", "memberid", "memberno", "membernumber", "recordid"),
        *("individualid", "contactid", "iddemiembro", "numerodemiembro", "peopleid", "profileid"),
        *("mitgliedsnummer", "mitgliedsnr", "personennummer", "personguid", "remoteid"),
        *("idpersona", "iddepersona", "individualnumber", "memberidnumber"),
    ]
)
"""Heads of an id that some system gave. A bare "Id" may only count the rows of a sheet."""

_BARE_IDS = ("id", "ids", "uid", "number", "no", "nr", "guid")
_OWNERS = ("person", "people", "individual", "member", "contact", "profile", "user")
SYSTEMS: Mapping[str, Sequence[str]] = {
    "planning-center": ("planningcenter", "planningcenteronline", "planningcenterpeople", "pco"),
    "breeze": ("breeze", "breezechms"),
    "ccb": ("ccb", "churchcommunitybuilder", "pushpay", "pushpayccb"),
    "rock": ("rock", "rockrms"),
    "realm": ("realm", "acsrealm", "onrealm"),
    "acs": ("acs", "acstechnologies"),
    "elvanto": ("elvanto",),
    "churchtrac": ("churchtrac",),
    "subsplash": ("subsplash",),
    "fellowship-one": ("fellowshipone", "f1", "f1go", "fellowshiponego"),
    "tithely": ("tithely", "tithelychms"),
    "servant-keeper": ("servantkeeper",),
    "shelby": ("shelby", "shelbynext", "shelbyarena"),
    "church-windows": ("churchwindows",),
    "churchteams": ("churchteams",),
    "faithlife": ("faithlife",),
    "churchtools": ("churchtools",),
    "flocknote": ("flocknote",),
}
"""Systems of churches by the name that we keep, with the ways to write theirs."""

_NAMED = {spelt: system for system, names in SYSTEMS.items() for spelt in names}
_LONGEST = sorted(_NAMED, key=len, reverse=True)


def squashed(head: str) -> str:
    """The words of a head as one, without those that say how a day is written."""
    return "".join(word for word in csv_columns.words(head) if word not in FORMS)


def is_bare_id(head: str) -> bool:
    return squashed(head) in _BARE_IDS


def system_of_head(head: str) -> str | None:
    """The system whose id a head names: "Breeze ID" and "CCB Individual ID" do."""
    spelt = squashed(head)
    for name in _LONGEST:
        if spelt.startswith(name):
            rest = spelt.removeprefix(name)
            for owner in _OWNERS:
                rest = rest.removeprefix(owner)
            return _NAMED[name] if rest in _BARE_IDS else None
    return None


def system_of_file(filename: str) -> str | None:
    """The system that the name of a file tells: "breeze-people-export.csv" does."""
    spelt = csv_columns.words(filename)
    joined = [*spelt, *("".join(spelt[at : at + 2]) for at in range(len(spelt)))]
    return next((_NAMED[each] for each in joined if each in _NAMED), None)
