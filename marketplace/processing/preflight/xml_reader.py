"""XML read as a stream: no document types, no entities, bounded depth and size; nothing is built in memory."""

from collections.abc import Callable
from typing import BinaryIO
from xml.parsers import expat

from ..tool import FileRejected

PIECE_BYTES = 256 * 1024
MAX_ATTRIBUTES = 200

Opened = Callable[[str, dict[str, str]], None]
Closed = Callable[[str], None]


def read_xml(stream: BinaryIO, *, label: str, limits: dict, opened: Opened, closed: Closed) -> None:
    """Calls ``opened`` with each element's local name and attributes, and ``closed`` at its end.

    Raises FileRejected for a document type or an entity (by which a small file unfolds to gigabytes, or reads other
    files), for nesting deeper or content larger than the limits, and for what is not well-formed.
    """
    depth = 0
    size = 0

    def start(name: str, attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > limits["max_xml_depth"]:
            raise FileRejected("xml_too_deep", format=label, limit=limits["max_xml_depth"])
        if len(attributes) > MAX_ATTRIBUTES:
            raise FileRejected("damaged", format=label, detail="an element has too many attributes")
        opened(name.rpartition(":")[2], attributes)

    def end(name: str) -> None:
        nonlocal depth
        depth -= 1
        closed(name.rpartition(":")[2])

    def refuse(*_arguments: object) -> None:
        raise FileRejected("xml_entities", format=label)

    parser = expat.ParserCreate()
    parser.SetParamEntityParsing(expat.XML_PARAM_ENTITY_PARSING_NEVER)
    parser.StartElementHandler = start
    parser.EndElementHandler = end
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    parser.ExternalEntityRefHandler = refuse
    try:
        while piece := stream.read(PIECE_BYTES):
            size += len(piece)
            if size > limits["max_xml_bytes"]:
                raise FileRejected("xml_too_large", format=label, limit=limits["max_xml_bytes"])
            parser.Parse(piece, False)
        parser.Parse(b"", True)
    except expat.ExpatError as error:
        is_cut = error.code in (
            expat.errors.codes[expat.errors.XML_ERROR_NO_ELEMENTS],
            expat.errors.codes[expat.errors.XML_ERROR_UNCLOSED_TOKEN],
            expat.errors.codes[expat.errors.XML_ERROR_PARTIAL_CHAR],
        )
        if is_cut or (depth and error.offset == 0 and not piece):
            raise FileRejected("cut_off", format=label) from None
        raise FileRejected("damaged", format=label, detail=f"line {error.lineno}") from None
    except (LookupError, ValueError):
        raise FileRejected("damaged", format=label, detail="its character encoding") from None
