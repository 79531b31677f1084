"""Templates: one file for each kind and language makes subject, text and HTML of a mail.

A template names what it says by parts, which are drawn twice::

    {% block subject %}Join {{ church }}{% endblock %}
    {% block body %}
    {% call paragraph() %}{{ inviter }} invites you to {{ church }}.{% endcall %}
    {{ button("Accept the invitation", link) }}
    {% call aside() %}It works once.{% endcall %}
    {% endblock %}

Values are escaped in the HTML, and a value that a template names and nobody gave is an error.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

PARTS = Path(__file__).with_name("parts")
_SPACES = re.compile(r"\s+")
_EMPTY_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True, slots=True)
class Rendered:
    """A mail without its address."""

    subject: str = field(repr=False)  # one line
    text: str = field(repr=False)
    html: str = field(repr=False)


class Templates:
    """The templates below ``folder``: ``<language>/<kind>.jinja``."""

    def __init__(self, folder: Path) -> None:
        self._text = _environment(folder, "text", escapes=False)
        self._html = _environment(folder, "html", escapes=True)
        self.languages = tuple(sorted(each.name for each in folder.iterdir() if each.is_dir()))

    def render(self, kind: str, language: str, values: Mapping[str, object]) -> Rendered:
        """``language`` is a folder of templates. Raises ``jinja2.TemplateError``."""
        name = f"{language}/{kind}.jinja"
        given = {**values, "language": language}
        text = self._text.get_template(name)
        subject = "".join(text.blocks["subject"](text.new_context(given)))
        return Rendered(
            subject=_SPACES.sub(" ", subject).strip(),
            text=_EMPTY_LINES.sub("\n\n", text.render(given)).strip() + "\n",
            html=self._html.get_template(name).render(given),
        )


def _environment(folder: Path, part: str, *, escapes: bool) -> Environment:
    environment = Environment(
        loader=FileSystemLoader([folder, PARTS]),
        autoescape=escapes,  # noqa: S701 - a text part has no markup to escape for
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["one_line"] = lambda value: _SPACES.sub(" ", str(value)).strip()
    environment.globals["frame"] = f"frame.{part}.jinja"
    parts = environment.get_template(f"parts.{part}.jinja").module
    environment.globals |= {
        name: getattr(parts, name) for name in ("paragraph", "aside", "button", "facts")
    }
    return environment
