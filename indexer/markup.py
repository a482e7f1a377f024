"""How is a tree of HTML changed without a word lost?"""

from typing import TypeAlias

from lxml import etree

Element: TypeAlias = etree._Element


def drop(element: Element) -> None:
    """Take an element out with all that is in it, and leave the words behind it."""
    box, before, tail = element.getparent(), element.getprevious(), element.tail or ""
    if box is None:
        return
    if before is not None:
        before.tail = (before.tail or "") + tail
    else:
        box.text = (box.text or "") + tail
    box.remove(element)
