"""How the page's parts reach its script, ``static/page.js``."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import gradio as gr

ServerFunction = Callable[[Mapping[str, Any]], str]
"""Called from the browser with one object, returns HTML. What it is given is never trusted."""


def html_part(name: str, value: str = "", functions: Sequence[ServerFunction] = ()) -> gr.HTML:
    """An element that the server fills with HTML and that hands itself to the script under its name.

    The value reaches the element through Gradio's ``${value}`` template, as an argument: a template in
    braces (``{{value}}``) would be compiled with the value in it, and text from an article could run.
    """
    return gr.HTML(
        value,
        elem_id=name,
        html_template="${value}",
        apply_default_css=False,
        js_on_load=f"window.byline.register({name!r}, {{element, props, server, watch}})",
        server_functions=list(functions),
    )
