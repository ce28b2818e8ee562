"""The shelves and the people of the demo."""

from __future__ import annotations

from config.demo.catalogue.entry import DemoCategory, DemoCreator

CATEGORIES = (
    DemoCategory(
        "Furniture", "armchair", 1, "Seating, tables and storage for interior scenes and catalogues."
    ),
    DemoCategory(
        "Home & decor", "lamp-desk", 2, "Lamps, vessels and the small things that make a room lived in."
    ),
    DemoCategory(
        "Electronics", "headphones", 3, "Cameras, audio gear and devices with buttons worth pressing."
    ),
    DemoCategory("Vehicles", "car", 4, "What drives, sails and flies, from camper vans to rockets."),
    DemoCategory(
        "Characters & animals", "cat", 5, "Figures and creatures, some of them rigged and animated."
    ),
    DemoCategory("Architecture", "landmark", 6, "Buildings, stairs and bridges for scenes of every size."),
    DemoCategory("Nature & plants", "trees", 7, "Trees, houseplants, mushrooms and minerals."),
    DemoCategory("Weapons & fantasy", "swords", 8, "Arms, armour and treasure for games and stories."),
    DemoCategory("Toys & games", "puzzle", 9, "Board games, instruments and mechanical toys."),
    DemoCategory("3D printing", "printer", 10, "Watertight models that go straight to the slicer."),
)

CREATORS = (
    DemoCreator(
        "creator",
        "Noa Berglund",
        "Furniture maker turned 3D artist. I model chairs the way I used to build them: joint by joint, at real scale.",
        "Sweden",
        ("Furniture", "Product visualisation", "PBR texturing"),
        ("Blender", "Substance 3D Painter"),
    ),
    DemoCreator(
        "ines_moreau",
        "Inès Moreau",
        "Ceramicist and set dresser from Lyon. Small objects with honest materials, ready for close-ups.",
        "France",
        ("Props", "Ceramics", "Interior scenes"),
        ("Blender", "Houdini"),
    ),
    DemoCreator(
        "tomasz_wilk",
        "Tomasz Wilk",
        "Mechanical engineer who restores old engines at the weekend. Everything that should turn, turns.",
        "Poland",
        ("Vehicles", "Hard surface", "Mechanical animation"),
        ("Fusion", "Blender"),
    ),
    DemoCreator(
        "yuki_tanabe",
        "Yuki Tanabe",
        "Character designer for picture books and small games. I like round shapes and clear silhouettes.",
        "Japan",
        ("Characters", "Rigging", "Stylised"),
        ("ZBrush", "Maya"),
    ),
    DemoCreator(
        "amara_okafor",
        "Amara Okafor",
        "Architect in Lagos. I build small worlds for games between competitions and construction sites.",
        "Nigeria",
        ("Architecture", "Environment art", "Modular design"),
        ("Rhino", "Blender", "Unreal Engine"),
    ),
    DemoCreator(
        "leo_castellano",
        "Leo Castellano",
        "Industrial designer with a soft spot for knobs, dials and machines from before touch screens.",
        "Italy",
        ("Product design", "Hard surface", "Watchmaking"),
        ("SolidWorks", "KeyShot", "Blender"),
    ),
    DemoCreator(
        "freya_holm",
        "Freya Holm",
        "Prop artist for tabletop and video games. Steel, leather, oak, and the stories they have been through.",
        "Denmark",
        ("Game props", "Weapons", "Texturing"),
        ("Blender", "Substance 3D Designer"),
    ),
    DemoCreator(
        "diego_arroyo",
        "Diego Arroyo",
        "Botanist by training, generative artist by habit. I grow plants and printable shapes from a few rules.",
        "Mexico",
        ("Vegetation", "Procedural modelling", "3D printing"),
        ("Houdini", "Python"),
    ),
)
