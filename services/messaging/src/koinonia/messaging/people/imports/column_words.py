"""The words of the heads of columns, in English, Spanish and German, and as other programs write
them. They are compared without accents, spaces and signs (``csv_columns.words``).
"""

from collections.abc import Sequence

SYNONYMS: dict[str, Sequence[str]] = {  # by what a column can be; the better ones first
    "firstName": (
        *("firstname", "first", "fname", "givenname", "given", "forename", "firstnames"),
        *("primernombre", "nombres", "nombredepila", "preferredfirstname"),
        *("vorname", "vornamen", "rufname", "christianname", "legalfirstname", "nombreprimero"),
    ),
    "lastName": (
        *("lastname", "last", "lname", "surname", "familyname", "family", "lastnames"),
        *("apellido", "apellidos", "primerapellido", "apellidopaterno"),
        *("nachname", "nachnamen", "familienname", "zuname", "legallastname"),
    ),
    "name": (
        *("name", "fullname", "displayname", "membername", "contactname", "personname"),
        *("nombrecompleto", "nombreyapellido", "nombreyapellidos", "nombresyapellidos"),
        *("names", "firstlast", "firstandlast", "firstandlastname", "firstnamelastname"),
        *("firstlastname", "namefirstlast", "vollername", "vollstandigername", "vorundnachname"),
        *("vornamenachname", "vornameundnachname", "wholename", "completename", "individualname"),
    ),
    "groups": (
        *("groups", "group", "groupname", "groupnames", "smallgroup", "smallgroups", "lifegroup"),
        *("lifegroups", "ministry", "ministries", "team", "teams", "grupo", "grupos"),
        *("grupopequeno", "ministerio", "ministerios", "equipo", "equipos"),
        *("gruppe", "gruppen", "kleingruppe", "kleingruppen", "hauskreis", "hauskreise"),
        *("grupospequenos", "celula", "celulas", "communitygroup", "communitygroups"),
        *("connectgroup", "connectgroups", "homegroup", "homegroups"),
    ),
    "branch": ("branch", "campus", "sede", "sucursal", "primarycampus", "standort"),
    "timezone": ("timezone", "zonahoraria", "husohorario", "zeitzone"),
    "consent": ("consent",),
}
LAST_NAME_FIRST = frozenset(
    [
        *("lastfirst", "lastnamefirst", "lastnamefirstname", "namelastfirst", "lastcommafirst"),
        *("lastandfirst", "lastandfirstname", "surnamefirstname", "surnamename", "nameslastfirst"),
        *("fullnamelastfirst", "lastfirstname", "sortname", "listname", "nameasfiled"),
        *("apellidonombre", "apellidosnombre", "apellidosnombres", "apellidosynombres"),
        *("apellidoynombre", "apellidosynombre", "apellidoynombres"),
        *("nachnamevorname", "namevorname", "familiennamevorname"),
    ]
)
"""Heads of whole names that begin with the last one, with a comma or without."""

MOBILE = frozenset(
    [
        *("mobile", "cell", "cells", "cellphone", "cellular", "celular", "cel", "movil", "mobil"),
        *("handy", "handynummer", "mobiltelefon", "mobilnummer", "mobilfunk", "mobiles"),
        *("celulares", "telefonino", "whatsapp"),
    ]
)
PHONES = MOBILE | frozenset(
    [
        *("phone", "phones", "telephone", "tel", "telefono", "telefonos", "tlf", "tfno"),
        *("telefon", "telefonnummer", "rufnummer", "festnetz", "fon", "ph"),
    ]
)
EMAILS = frozenset(["email", "emails", "mail", "correo", "electronico", "correos", "mailadresse"])
RANKS = {
    **dict.fromkeys(["home", "casa", "particular", "privat", "hogar", "festnetz"], 2),
    **dict.fromkeys(["other", "otro", "evening", "daytime", "contact", "contacto", "fijo"], 3),
    **dict.fromkeys(["secondary", "alternate", "alternative", "alt", "secundario"], 3),
    **dict.fromkeys(["work", "business", "office", "company", "trabajo", "oficina"], 4),
    **dict.fromkeys(["dienstlich", "geschaftlich", "arbeit", "buro", "firma"], 4),
}
FILLERS = frozenset(
    [
        *("e", "sms", "text", "number", "numbers", "no", "num", "nr", "numero", "value", "valor"),
        *("primary", "main", "preferred", "personal", "principal", "address", "direccion"),
        *("the", "my", "your", "de", "del", "us", "e164", "formatted"),
        *("member", "person", "individual", "contact", "best", "nummer", "adresse", "numeros"),
    ]
)
FORMS = frozenset(["mm", "dd", "yyyy", "yy", "tt", "jj", "jjjj", "aaaa", "aa"])
"""Parts of "(MM/DD/YYYY)", which say how a day is written and not what it is."""
