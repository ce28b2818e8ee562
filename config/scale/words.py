"""The words of made-up models and people, most frequent first in each list."""

import numpy as np

# By category, in the order of the demo's.
THINGS = (
    "chair armchair sofa table desk bookshelf stool bench cabinet dresser nightstand wardrobe ottoman recliner"
    " sideboard bunk-bed cradle settee chaise credenza bookcase lectern vanity futon hammock footstool",
    "lamp vase mirror candle clock rug pillow curtain teapot bowl picture-frame lantern chandelier basket planter jug"
    " doorknob candelabra tapestry incense-burner decanter snow-globe hourglass paperweight",
    "camera headphones microphone radio television keyboard laptop phone speaker amplifier oscilloscope router drone"
    " turntable cassette synthesizer projector joystick walkman typewriter calculator smartwatch",
    "car truck motorcycle bicycle tractor bus van boat sailboat submarine helicopter airplane rocket tank scooter tram"
    " locomotive hovercraft zeppelin canoe excavator forklift ambulance snowmobile gondola catamaran",
    "robot knight wizard dragon cat dog horse fox bear wolf owl whale goblin orc zombie astronaut pirate samurai golem"
    " mermaid unicorn griffin penguin octopus raven tortoise minotaur centaur chameleon",
    "house castle tower bridge cottage barn church temple lighthouse windmill staircase archway skyscraper warehouse"
    " pavilion gazebo aqueduct pagoda greenhouse observatory cathedral amphitheatre drawbridge belfry",
    "tree rock bush flower mushroom cactus fern log stump grass pine palm bonsai crystal boulder coral vine lily"
    " sunflower seaweed acorn toadstool geode stalagmite baobab willow",
    "sword shield axe bow dagger helmet armour staff chest potion crown spear mace crossbow scroll amulet gauntlet"
    " halberd scimitar trebuchet grimoire chalice warhammer rapier quiver sceptre",
    "chess-set dice puzzle doll kite yo-yo board-game ball guitar drum piano violin train-set spinning-top domino"
    " marionette carousel accordion xylophone ukulele jigsaw pinball trumpet harmonica",
    "bracket gear hook case stand organizer vase-mould keychain cookie-cutter enclosure hinge nozzle clamp adapter"
    " figurine miniature terrain-tile phone-stand cable-clip whistle articulated-lizard knob",
)  # fmt: skip
MATERIALS = (
    "wooden oak steel leather stone glass plastic marble brass walnut iron ceramic concrete copper pine"
    " fabric velvet bronze silver gold aluminium bamboo rattan granite clay birch rubber wool porcelain"
    " titanium ebony jade terracotta obsidian pewter mahogany teak linen slate ivory"
)  # fmt: skip
STYLES = (
    "modern medieval rustic futuristic gothic minimalist industrial victorian fantasy scandinavian steampunk"
    " cyberpunk baroque cartoon art-deco japanese retro colonial brutalist nordic tribal egyptian roman"
    " celtic bauhaus mayan rococo moorish byzantine edwardian"
)  # fmt: skip
ADJECTIVES = (
    "old small large simple worn ornate heavy broken painted carved rusty elegant tiny detailed weathered"
    " folding round curved polished dusty mossy striped tall narrow cracked gilded faceted twisted hollow"
    " modular enchanted abandoned floating haunted miniature colossal lacquered burnished moonlit thorned"
    " riveted quilted woven scorched"
)  # fmt: skip
# About every fifth model has it, in its title or among its tags.
COMMON = "vintage"
COMMON_SHARE = 0.2
GENERAL = (
    "pbr game-ready low-poly realistic textured prop interior exterior decor furniture weapon vehicle"
    " character animal nature architecture printable animated rigged stylized scan photogrammetry unreal"
    " unity blender archviz kitbash scene indoor outdoor kitchen bathroom bedroom office garden street city"
    " village forest desert ocean winter autumn spring summer night horror western space war military police"
    " medical sport music food drink fruit vegetable cake coffee tea wine book paper toy kids school science"
    " laboratory electronics computer tool hardware machine engine mechanical electric antique luxury cheap"
    " set collection bundle pack asset base mesh sculpt highpoly midpoly subdivision quad uv-mapped 4k 2k vr"
    " ar web mobile cinematic film render vray cycles substance hand-painted anime chibi manga voxel"
    " isometric minimal geometric abstract organic hard-surface sci-fi alien mech spaceship planet magic elf"
    " dwarf undead demon angel myth legend dungeon tavern market ship harbour island beach mountain cave ruin"
    " temple-interior fence wall door window roof floor stairs lighting bulb cable pipe barrel crate box"
    " bottle cup plate cutlery tray jewel ring necklace watch shoe hat glove coat dress uniform mask bag"
    " backpack tent camp fire smoke water ice snow"
)  # fmt: skip
OPENINGS = (
    "The {adjective} {thing} is modelled at real scale.",
    "This {thing} was made for close views and stands up to them.",
    "{Style} {thing} with clean topology and named parts.",
    "For scenes that need something {adjective}: one {thing} and its parts.",
    "Modelled after the {material} original of a private collection.",
    "One {thing}, ready to drop into your scene.",
)
SENTENCES = (
    "All textures are packed, in the metallic and roughness workflow.",
    "Every part is a mesh of its own with its pivot where it turns.",
    "The surface shows scratches, dust and honest wear.",
    "Measured in metres and standing on the ground plane.",
    "Edges are bevelled, so that they catch the light.",
    "Unwrapped without overlaps; there is room for a light map.",
    "Tested in two engines and one renderer before it was uploaded.",
    "The colours can be changed without touching the textures.",
    "Comes with a second material for the inside.",
    "Quads where it bends, triangles where nobody looks.",
    "No plugins are needed to open it.",
    "Fits with the other pieces of the same series.",
    "The proportions follow photographs of the real thing.",
    "Light enough for a phone, and good enough for a film set.",
    "Normal maps were baked from a sculpt of nine million polygons.",
    "If something is missing, write to me and I will add it.",
    "Names of nodes and materials are in English.",
    "The lid opens, the drawers slide and the handle turns.",
    "Made over a rainy weekend, with far too much tea.",
    "Watertight, so that a printer takes it as it is.",
    "Doors and wheels are separate and centred on their axes.",
    "The wood grain follows the shape of every board.",
    "There is a clean version and one that has seen the weather.",
    "Please show me what you make of it.",
)
FIRST_NAMES = (
    "Ana Ben Chiara Diego Elif Freya Goran Hana Ivo Jamila Kofi Lena Mateo Nadia Oskar Priya Quentin Rosa"
    " Sami Tove Umar Vera Wanda Xavi Yara Zoe Aisha Bruno Clara Davit Emeka Fatima Gil Hugo Ingrid Jonas"
    " Karim Lucia Milan Noor Olga Pablo Rania Stefan Tara Ugo Viktor Willem Yusuf Zlata"
)  # fmt: skip
LAST_NAMES = (
    "Ruiz Berglund Moreau Wilk Tanabe Okafor Holm Arroyo Castellano Novak Silva Kaya Haddad Popov Jansen"
    " Costa Mensah Larsen Fischer Rossi Dubois Nakamura Petrov Kowalski Santos Ivanova Nguyen Kim Singh Chen"
    " Murphy Andersen Lopez Meyer Horvat Ionescu Papadakis Virtanen Nilsen Torres Varga Weber Bakker Cruz"
    " Demir Eriksson Fontaine Gallo Haas Jovanovic Kaplan Lindqvist Marino Nagy Olsen Pinto Quist Romero Sato"
)  # fmt: skip
COMMENTS = (
    "Exactly what I needed, thank you.",
    "The textures are **great**. How did you do the edges?",
    "Does this work on phones?",
    "Could you add a version without the base?",
    "Beautiful topology, a pleasure to work with.",
    "I used it in a short film, it looks wonderful.",
    "Is the scale in metres or in centimetres?",
    "Printed it yesterday without any support.",
    "A bit heavy for my game, but very well made.",
    "Please make more of this series!",
)
_SYLLABLES = "vel mor kan dri tus qua lin zeb for gar hul nim pex rog sya tor urb wex yal bri"


def things() -> list[list[str]]:
    """By category; a hyphen stands for a space there."""
    return [[word.replace("-", " ") for word in shelf.split()] for shelf in THINGS]


def rare_words(count: int) -> list[str]:
    """Names that nobody has heard of: all different, and unlike all words above."""
    syllables = _SYLLABLES.split()
    base = len(syllables)
    # A multiplier prime to the number of all, so that neighbours look nothing alike.
    numbers = ((number * 104_729 + 7_919) % base**4 for number in range(count))
    return [
        "".join(syllables[number // base**place % base] for place in range(4)).capitalize()
        for number in numbers
    ]


def zipf(rng: np.random.Generator, choices: int, count: int, *, exponent: float = 0.8) -> np.ndarray:
    """`count` numbers below `choices`, the first ones most often."""
    weights = 1 / np.arange(1, choices + 1) ** exponent
    edges = np.cumsum(weights)
    return np.searchsorted(edges, rng.random(count) * edges[-1], side="right").astype(np.int64)
