"""How the page's parts reach its script, ``static/page.js``."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import gradio as gr

ServerFunction = Callable[..., str]
"""Called from the browser with one object (and the request, where it asks for it), returns HTML.
What it is given is never trusted."""


def html_part(
    name: str, value: str = "", functions: Sequence[ServerFunction] = (), events: Sequence[str] = ()
) -> gr.HTML:
    """An element that the server fills with HTML and that hands itself to the script under its name.

    The value reaches the element through Gradio's ``${value}`` template, as an argument: a template in
    braces (``{{value}}``) would be compiled with the value in it, and text from an article could run.

    Args:
        name: Element id, and name for the script.
        value: First HTML.
        functions: What the script may call on the server.
        events: Names of events that the script may trigger; each becomes a listener of the component.
    """
    part = "{element, props, server, watch, trigger}"
    return gr.HTML(
        value,
        elem_id=name,
        html_template="${value}",
        apply_default_css=False,
        js_on_load=f"window.byline.register({name!r}, {part}, {list(events)!r})",
        server_functions=list(functions),
    )
