"""Markdown and HTML by jinja2: the templates beside this module."""

import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape


def render(template: str, **values: Any) -> str:
    """Fill a template: `NAME.html.jinja`, whose values are escaped for HTML, or `NAME.md.jinja`."""
    environment = Environment(
        loader=PackageLoader("pose2imu.reporting", "."),
        autoescape=".html" in template,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters["code"] = _code
    environment.filters["literal"] = _literal
    environment.filters["breakable"] = _breakable
    return environment.get_template(template).render(**values)


def _code(text: str) -> Markup:
    """Turn `name` in backquotes to code."""
    return Markup(re.sub(r"`([^`]+)`", r"<code>\1</code>", str(escape(text))))


def _breakable(text: str) -> Markup:
    """Let a line break after an underscore."""
    return escape(text).replace("_", Markup("_<wbr>"))


def _literal(text: str) -> str:
    """Keep an asterisk from being Markdown's."""
    return text.replace("*", "\\*")
