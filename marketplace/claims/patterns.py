"""Phrases that claim something of a 3D file, and the words around them that make them speak of something else."""

import re
from dataclasses import dataclass


def _words(text: str) -> re.Pattern:
    return re.compile(text, re.IGNORECASE | re.VERBOSE)


@dataclass(frozen=True)
class Phrase:
    """`unless`: words anywhere in the clause with which the phrase means another thing."""

    pattern: re.Pattern
    unless: re.Pattern | None = None

    def claimed_in(self, clause) -> re.Match | None:
        """The words in the clause that make the claim."""
        match = clause.claims(self.pattern)
        return None if match is None or (self.unless and self.unless.search(clause.text)) else match


RIGGED = Phrase(
    _words(
        r"""\b(?:(?:fully|completely|well|auto|bone|properly|professionally)[\s-]+)?rigged\b
        | \bskinned\s+(?:mesh|and\s+rigged|to\s+(?:an?\s+)?(?:armature|skeleton|bones))\b | \b(?:is|fully)\s+skinned\b
        | \b(?:with|includes?|including|has|have|contains?)\s+
          (?:(?:an?|the|full|complete|simple|control|skeletal|bone)\s+)*(?:rig|armature)\b
        | \b(?:rig|rigging|armature)\s+(?:is\s+)?included\b"""
    ),
    _words(
        r"""\b(?:ships?|sail\w*|masts?|schooners?|brigs?|sloops?|yachts?|boats?|vessels?|square[\s-]rigged|gaff|oil
        |drilling|elections?|vot\w+|casino|dice|lottery|explosives?|traps?|booby|jury|bombs?|cameras?|motors?|electric
        |stator|winding|sculpting|wire|clay|lighting|thin|dark|light|green|fair|pale|lights?|trucks?)\b"""
    ),
)

ANIMATED = Phrase(
    _words(
        r"""\b(?:(?:fully|nicely|beautifully|smoothly)\s+)?animated\b
            (?!\s+(?:series|movies?|films?|shows?|cartoons?|tv|features?|shorts?|gifs?|style|videos?|sitcoms?|banners?
            |thumbnails?|previews?|renders?|turntables?|wallpapers?|adaptation|by|prop\s+from))
        | \b(?:walk|run|idle|fly|flight|attack|jump|swim)\s?-?\s?(?:cycles?|animations?|loops?)\b
        | \banimations?\s+(?:is\s+|are\s+)?included\b
        | \b(?:with|includes?|including|has|contains?|comes\s+with)\s+(?:[\w-]+\s+){0,2}animations?\b
        | \banimation\s+clips?\b"""
    ),
    _words(
        r"""\b(?:from|disney|pixar|netflix|anime|series|movies?|films?|cartoons?|show|fan[\s-]?art|mixamo\s+ready
        |animation[\s-]ready|style|styled|look|bundle\s+with|render|video|compatible)\b"""
    ),
)
ANIMATION_COUNT = Phrase(
    _words(
        r"""\b(?P<number>\d{1,4})\s+(?:(?!and\b)[\w-]+\s+){0,2}(?:animations|animation\s+clips?|animated\s+clips?)\b"""
    ),
    ANIMATED.unless,
)

TEXTURED = Phrase(
    _words(
        r"""\b(?:fully|hand|completely|unwrapped\s+and|uv[\s-]mapped\s+and|rigged\s+and|model+ed\s+and)[\s-]+textured\b
        | \btextured\s+(?:3d\s+)?(?:models?|mesh|asset|character|and\s+rigged|in\s+(?:substance|blender|mari|quixel))\b
        | \b(?:pbr|\d+k|hand[\s-]painted)\s+textures?\b
        | \btextures?\s+(?:are\s+|is\s+)?included\b
        | \b(?:with|includes?|including|has|comes\s+with)\s+(?:[\w-]+\s+)?textures\b"""
    ),
    _words(r"""\b(?:procedural\w*|colou?r\s+only|flat\s+colou?rs?|materials?\s+only|your\s+own)\b"""),
)
TEXTURED_TAG = _words(r"^textured$")

TEXTURE_SIZE = Phrase(
    _words(
        r"""\b(?P<kilo>1|2|4|8|16)\s?k\s+(?:[\w-]+\s+){0,2}(?:textures?|maps?|texture\s+(?:set|maps?)|materials?)\b
        | \btextures?\s*(?:maps?\s*)?[:=]?\s*(?:(?:are|is|in|at|of|with|res\w*|size|come|provided|up\s+to|all)\s+){0,3}
          (?P<kilo_after>1|2|4|8|16)\s?k\b
        | \b(?P<edge>1024|2048|4096|8192|16384)(?:\s?[x×]\s?\d{4,5})?\s*(?:px\s+|pixels?\s+)?
          (?:[\w-]+\s+)?(?:textures?|texture\s+maps?)\b
        | \btextures?\s*(?:size|resolution)?[:=]?\s*(?:(?:are|is|in|at|of)\s+){0,3}
          (?P<edge_after>1024|2048|4096|8192|16384)(?!\d)"""
    ),
    _words(
        r"""\b(?:hdris?|hdr|environment|renders?|rendered|display|tv|screen|monitor|video|backgrounds?|from\s+\d+k
        |resi[sz]ed?|scaled?|downscaled?|upscaled?|originally)\b"""
    ),
)
TEXTURE_SIZE_TAG = _words(r"^(?P<kilo>2|4|8|16)k(?:\s+textures?)?$")

PBR = Phrase(_words(r"""\bpbr\b"""), _words(r"""\b(?:convert\w*|workflow\s+of\s+your)\b"""))

LOW_POLY = Phrase(
    _words(r"""\blow[\s-]?poly(?:gon)?\b(?!\s*[- ]?(?:style|styled|look|aesthetic|art|inspired))"""),
    _words(
        r"""\bhigh[\s-]?poly|\b(?:packs?|collections?|bundles?|sets?|kits?|city|town|world|scene|level|map)\b"""
    ),
)
HIGH_POLY = Phrase(
    _words(r"""\b(?:high|hi)[\s-]?poly(?:gon)?\b"""),
    _words(
        r"""\blow[\s-]?poly|\b(?:bake\w*|baking|from|normal|detail\s+of|subdivi\w+|subd|modifier|look)\b"""
    ),
)

GAME_READY = Phrase(_words(r"""\bgame[\s-]?ready\b"""))

UNWRAPPED = Phrase(
    _words(
        r"""\buv'?s?[\s-]?(?:un)?(?:wrapped|mapped)\b | \bunwrapped\s+uv'?s?\b
        | \b(?:clean|non[\s-]overlapping|good)\s+uv'?s?\b
        | \b(?:with|has|includes?)\s+(?:clean\s+)?uv'?s?(?:\s+maps?|\s+layout)?\b | \bfully\s+unwrapped\b"""
    ),
    _words(r"""\b(?:uv\s+(?:light|lamp|resin|cure\w*|print\w*|resistant|protect\w*|sterili\w*))\b"""),
)

PRINTABLE = Phrase(
    _words(
        r"""\b(?:3d[\s-]?)?print[\s-]?ready\b | \b3d[\s-]?printable\b
        | \bready\s+(?:to|for)\s+(?:3d[\s-]?)?print(?:ing)?\b
        | \bwater[\s-]?tight\b | (?<!non-)(?<!non\s)\bmanifold\b"""
    ),
    _words(
        r"""\b(?:exhaust|intake|engine|inlet|hydraulic|valve|turbo|car|posters?|labels?|pdf|templates?|paper|card
        |non[\s-]manifold|watches|case|door|hatch|bulkhead|container|submarine|boat|ship)\b"""
    ),
)

QUADS = Phrase(
    _words(
        r"""\b(?:all|only|100\s?%|clean|pure|full(?:y)?|entirely)\s+quads?(?:\s+(?:topology|mesh|geometry))?\b
        | \bquads?[\s-](?:only|based|topology|mesh|geometry)\b | \bmade\s+of\s+quads\b"""
    ),
    _words(r"""\b(?:bikes?|copters?|core|drones?|atv|wheels?|motor\w*|damage|terrain)\b"""),
)

_AMOUNT = r"(?P<amount>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)\s?(?P<scale>k|m|thousand|million|mio|mil)?\+?"
_BOUND = (
    r"(?:(?P<most>less\s+than|under|below|up\s+to|max\w*\.?|at\s+most)\s+"
    r"|(?P<least>over|more\s+than|above|at\s+least)\s+)?"
)
_SUBJECT_WORDS = _words(
    r"""\b(?:each|every|per|lods?\d?|versions?|varies|from|between|to|average|collision|subdivi\w+|level|base|head|body
    |piece|item|alone|only\s+the|original\w*|before|high|mid|vs|with\s+modifier|one\s+of|interior|exterior)\b"""
)
TRIANGLE_COUNT = Phrase(
    _words(rf"""{_BOUND}(?:~|ca\.?\s|about\s)?\b{_AMOUNT}\s*(?:triangles?|tris?)\b"""), _SUBJECT_WORDS
)
TRIANGLE_COUNT_AFTER = Phrase(
    _words(rf"""\b(?:triangles?|tris)(?:\s+count)?\s*[:=]?\s*{_AMOUNT}(?:\s|$)"""), _SUBJECT_WORDS
)
POLYGON_COUNT = Phrase(
    _words(rf"""{_BOUND}(?:~|ca\.?\s|about\s)?\b{_AMOUNT}\s*(?:polygons?|polys?|faces)\b"""), _SUBJECT_WORDS
)
