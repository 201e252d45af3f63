"""Text of a page that no reader sees: dropped before extraction, so that nobody can plant it.

Judged from the markup alone: the ``hidden`` attribute, inline styles, one-class and one-id rules of
the page's own style sheets, and old presentational attributes. Scripts and linked style sheets are
not run or loaded, so text that only they hide stays.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

    from lxml.html import HtmlElement

Style = dict[str, str]
"""CSS declarations: property -> value, lower case."""

FAR_OFF = 500.0
"""Pixels beside the page from which nothing can be scrolled into view."""
SMALLEST_FONT = 2.0
"""Pixels; smaller letters cannot be read."""
_LONGEST_STYLE_SHEET = 500_000
"""Characters of a page's own style sheets that are read."""

_NEVER_SHOWN = frozenset({"template", "datalist", "noframes"})
_COMMENT = re.compile(r"/\*[^*]*\*+(?:[^/*][^*]*\*+)*/")
_RULE = re.compile(r"([^{}]*)\{([^{}]*)\}")
_SIMPLE_SELECTOR = re.compile(r"(?:[a-z][a-z0-9]*)?([.#][\w-]+)", re.IGNORECASE)
_LENGTH = re.compile(r"(-?\d*\.?\d+)(px|pt|em|rem|ex|ch|%|vw|vh|in|cm|mm)?")
_PIXELS = {"px": 1.0, "pt": 1.33, "em": 16.0, "rem": 16.0, "ex": 8.0, "ch": 8.0, "vw": 12.8, "vh": 7.2}
_PIXELS |= {"in": 96.0, "cm": 37.8, "mm": 3.78, "%": 12.8}
_RGB = re.compile(r"(?:rgb|hsl)a?\(([^)]*)\)")
_ALPHA_ZERO = re.compile(r"(?:rgb|hsl)a?\([^)]*[,/]\s*0*\.?0+%?\s*\)")
_COLOURS = {"white": "ffffff", "black": "000000", "snow": "fffafa", "ivory": "fffff0", "red": "ff0000"}


def drop_hidden(tree: HtmlElement) -> None:
    """Remove every element that no reader sees, in place; text after it stays.

    The inline styles of what is left go too: they have been judged here, and trafilatura would take
    every "hidden" in them, as in ``overflow: hidden``, for a reason to drop the element.
    """
    rules = _read_style_sheets(tree)
    all_text = None
    backgrounds: dict[HtmlElement, str] = {}
    hidden: list[HtmlElement] = []
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        style = _style_of(element, rules)
        element.attrib.pop("style", None)
        parent = element.getparent()
        backgrounds[element] = background = _background(element, style) or backgrounds.get(parent, "ffffff")
        if element.tag in {"html", "body", "head"}:
            continue
        if element.get("aria-hidden", "").strip().lower() == "true":
            # Readers do see this text, screen readers do not; a page saved under an open dialog is
            # marked so as a whole, and then it is the article.
            all_text = len(tree.text_content()) if all_text is None else all_text
            if 2 * len(element.text_content()) < all_text:
                hidden.append(element)
        elif _is_unseen(element, style, background):
            hidden.append(element)
    for element in hidden:
        if element.getparent() is not None:
            element.drop_tree()


def _is_unseen(element: HtmlElement, style: Style, background: str) -> bool:
    if element.tag in _NEVER_SHOWN or "hidden" in element.attrib:
        return True
    if element.tag == "dialog" and "open" not in element.attrib:
        return True
    colour = style.get("color") or element.get("color", "").strip().lower()
    if colour and (_is_transparent(colour) or _colour(colour) == background):
        return True
    return bool(style) and (_is_switched_off(style) or _is_too_small(style) or _is_off_screen(style))


def _is_switched_off(style: Style) -> bool:
    return (
        style.get("display") == "none"
        or style.get("visibility") in {"hidden", "collapse"}
        or style.get("content-visibility") == "hidden"
        or _number(style.get("opacity")) == 0
    )


def _is_too_small(style: Style) -> bool:
    font = _pixels(style.get("font-size"))
    if font is not None and font < SMALLEST_FONT:
        return True
    if "scale(0" in style.get("transform", "") and "scale(0." not in style["transform"]:
        return True
    if style.get("overflow") not in {"hidden", "clip"}:
        return False
    sizes = [_pixels(style.get(name)) for name in ("height", "width", "max-height", "max-width")]
    return any(size is not None and size <= 1 for size in sizes)


def _is_off_screen(style: Style) -> bool:
    indent = _pixels(style.get("text-indent"))
    if indent is not None and indent <= -FAR_OFF:
        return True
    if style.get("position") in {"absolute", "fixed"}:
        edges = [_pixels(style.get(name)) for name in ("left", "top", "right", "bottom")]
        if any(edge is not None and edge <= -FAR_OFF for edge in edges):
            return True
        clip = style.get("clip", "")
        if clip.startswith("rect(") and not re.search("[2-9]|1[0-9]", clip):
            return True
    clip_path = style.get("clip-path", "")
    return clip_path.startswith(("inset(50%", "inset(100%", "circle(0"))


def _style_of(element: HtmlElement, rules: Mapping[str, Style]) -> Style:
    style: Style = {}
    if rules:
        for name in element.get("class", "").split():
            style |= rules.get(f".{name}", {})
        style |= rules.get(f"#{element.get('id')}", {})
    inline = element.get("style")
    return style | _read_declarations(inline) if inline else style


def _read_style_sheets(tree: HtmlElement) -> dict[str, Style]:
    """Map ".class" and "#id" to their declarations; rules inside ``@media`` and the like are left out."""
    css = "\n".join(sheet.text or "" for sheet in tree.iter("style"))[:_LONGEST_STYLE_SHEET]
    rules: dict[str, Style] = {}
    for match in _RULE.finditer(_top_level(_COMMENT.sub("", css))):
        for selector in match[1].split(","):
            simple = _SIMPLE_SELECTOR.fullmatch(selector.strip())
            if simple is not None:
                rules.setdefault(simple[1], {}).update(_read_declarations(match[2]))
    return rules


def _top_level(css: str) -> str:
    """Cut out the at-rules with their blocks."""
    kept: list[str] = []
    skipped_blocks: list[bool] = []  # for each open block, whether it is cut out
    pieces = re.split(r"([{}])", css)
    for text, brace in zip(pieces[0::2], [*pieces[1::2], ""], strict=True):
        statement = text.rpartition(";")[2] if brace == "{" else text
        skipped = bool(skipped_blocks and skipped_blocks[-1]) or statement.lstrip().startswith("@")
        if not skipped:
            kept.append(statement + brace)
        if brace == "{":
            skipped_blocks.append(skipped)
        elif brace == "}" and skipped_blocks:
            skipped_blocks.pop()
    return "".join(kept)


def _read_declarations(css: str) -> Style:
    style: Style = {}
    for declaration in css.lower().split(";"):
        name, colon, value = declaration.partition(":")
        if colon:
            style[name.strip()] = value.replace("!important", "").strip()
    return style


def _background(element: HtmlElement, style: Style) -> str | None:
    """The background colour an element declares; "?" where it is a picture or cannot be told."""
    declared = style.get("background-color") or style.get("background") or element.get("bgcolor")
    if not declared or declared in {"none", "inherit", "transparent", "initial"}:
        return None
    return _colour(declared.strip().lower()) or "?"


def _colour(value: str) -> str | None:
    """Six hexadecimal digits of a CSS colour, or None."""
    value = _COLOURS.get(value, value)
    digits = value.removeprefix("#")
    if re.fullmatch("[0-9a-f]{3,4}", digits):
        digits = "".join(2 * digit for digit in digits[:3])
    if re.fullmatch("[0-9a-f]{6}(?:[0-9a-f]{2})?", digits):
        return digits[:6]
    match = _RGB.fullmatch(value)
    if match and value.startswith("rgb"):
        numbers = re.findall(r"\d+", match[1])[:3]
        if len(numbers) == 3:
            return "".join(f"{min(int(number[:4]), 255):02x}" for number in numbers)
    return None


def _is_transparent(value: str) -> bool:
    if value == "transparent" or re.fullmatch("#[0-9a-f]{3}0|#[0-9a-f]{6}00", value):
        return True
    return value.startswith(("rgba(", "hsla(")) and _ALPHA_ZERO.fullmatch(value) is not None


def _pixels(value: str | None) -> float | None:
    """A CSS length in pixels, roughly; None where there is none."""
    match = _LENGTH.fullmatch(value) if value else None
    if match is None:
        return None
    return float(match[1]) * _PIXELS[match[2] or "px"]


def _number(value: str | None) -> float | None:
    try:
        return float(value.rstrip("%")) if value else None
    except ValueError:
        return None
