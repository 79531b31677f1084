"""One template makes subject, text and HTML, and what somebody typed is never markup."""

from pathlib import Path

import jinja2
import pytest

from koinonia.mail.templates import Templates

TEMPLATES = Templates(Path(__file__).with_name("templates"))
LINK = "https://app.example/join#token=" + "a" * 90
VALUES = {"church": "Grace & <b>Truth</b>", "inviter": "Ann", "role": "staff", "link": LINK}


def test_both_parts_say_the_same_and_each_in_its_own_form() -> None:
    mail = TEMPLATES.render("invitation", "en", VALUES)
    assert mail.subject == "Ann invites you to Grace & <b>Truth</b>"
    assert "Ann invites you to text the people of Grace & <b>Truth</b>." in mail.text
    assert (
        "Ann invites you to text the people of\nGrace &amp; &lt;b&gt;Truth&lt;/b&gt;." in mail.html
    )
    assert "<title>Ann invites you to Grace &amp; &lt;b&gt;Truth&lt;/b&gt;</title>" in mail.html


def test_a_link_stands_whole_in_a_line_of_the_text() -> None:
    mail = TEMPLATES.render("invitation", "en", VALUES)
    assert f"Accept the invitation:\n{LINK}\n" in mail.text
    assert f'<a href="{LINK}"' in mail.html


def test_paragraphs_of_the_text_are_wrapped_and_parted_by_one_empty_line() -> None:
    mail = TEMPLATES.render("invitation", "en", {**VALUES, "church": "Grace " * 30})
    assert all(len(line) <= 76 for line in mail.text.splitlines() if "http" not in line)
    assert "\n\n\n" not in mail.text


def test_the_text_ends_with_why_it_came() -> None:
    mail = TEMPLATES.render("invitation", "en", VALUES)
    assert mail.text.endswith("--\nKoinonia\nSent because Ann named this address.\n")
    assert "Sent because Ann named this address." in mail.html


def test_a_language_has_its_own_words_and_says_so() -> None:
    mail = TEMPLATES.render("invitation", "es", VALUES)
    assert mail.subject == "Ann le invita a Grace & <b>Truth</b>"
    assert '<html lang="es">' in mail.html


def test_a_subject_is_one_line_whatever_a_name_holds() -> None:
    mail = TEMPLATES.render("invitation", "en", {**VALUES, "church": "Grace\r\nBcc: x@y.example"})
    assert mail.subject == "Ann invites you to Grace Bcc: x@y.example"


def test_a_value_that_nobody_gave_is_an_error() -> None:
    values = {name: value for name, value in VALUES.items() if name != "role"}
    with pytest.raises(jinja2.UndefinedError):
        TEMPLATES.render("invitation", "en", values)


def test_the_languages_are_those_of_the_folders() -> None:
    assert TEMPLATES.languages == ("en", "es")
