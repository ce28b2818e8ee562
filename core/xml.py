"""Text in XML documents of our own making."""

import re

# Signs that XML 1.0 cannot hold in any spelling; what people type can.
_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def xml_text(text: str) -> str:
    """`text` without what XML has no sign for; the marks of XML itself are left to whoever writes the document."""
    return _NOT_XML.sub("", text)
