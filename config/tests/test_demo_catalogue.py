import json
import struct
from decimal import Decimal

import numpy as np
import pytest
import trimesh

from config.demo.catalogue import CATALOGUE, CATEGORIES, CREATORS, LICENCES

SAMPLE = ("moka-pot", "desk-lamp-rigged", "gear-train", "phone-stand", "honeycomb-organiser", "low-poly-bear")
BY_SLUG = {entry.slug: entry for entry in CATALOGUE}
COMPONENT_TYPES = {5121: "u1", 5123: "<u2", 5125: "<u4", 5126: "<f4"}
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4, "MAT4": 16}


class Glb:
    """A GLB taken apart again, by the specification and not by our own writer."""

    def __init__(self, data: bytes) -> None:
        magic, version, length = struct.unpack_from("<4sII", data)
        assert (magic, version, length) == (b"glTF", 2, len(data))
        size, kind = struct.unpack_from("<I4s", data, 12)
        assert kind == b"JSON"
        self.document = json.loads(data[20 : 20 + size])
        self.binary = data[28 + size :]

    def accessor(self, index: int) -> np.ndarray:
        entry = self.document["accessors"][index]
        view = self.document["bufferViews"][entry["bufferView"]]
        width = WIDTHS[entry["type"]]
        values = np.frombuffer(
            self.binary, COMPONENT_TYPES[entry["componentType"]], entry["count"] * width, view["byteOffset"]
        )
        return values.reshape(-1, width)

    def primitives(self) -> list[dict]:
        return [primitive for mesh in self.document["meshes"] for primitive in mesh["primitives"]]

    def triangles(self) -> int:
        return sum(len(self.accessor(primitive["indices"])) // 3 for primitive in self.primitives())


def assert_claims_match_facts(slug: str) -> None:
    entry = BY_SLUG[slug]
    data = entry.build()
    glb = Glb(data)
    assert 1_000 <= glb.triangles() <= 150_000
    assert 20_000 < len(data) < 4_500_000
    assert ("animated" in entry.tags) == bool(glb.document.get("animations"))
    assert ("rigged" in entry.tags) == bool(glb.document.get("skins"))
    for primitive in glb.primitives():
        positions = glb.accessor(primitive["attributes"]["POSITION"])
        assert np.isfinite(positions).all()
        assert glb.accessor(primitive["indices"]).max() < len(positions)
    if "printable" in entry.tags:
        assert_watertight(glb)
    bounds = trimesh.load_scene(trimesh.util.wrap_as_stream(data), file_type="glb").bounds
    assert 0.02 < np.ptp(bounds, axis=0).max() < 30
    if "skins" not in glb.document:
        assert abs(bounds[0][1]) < 1e-4
        assert abs(bounds[:, 0].sum()) < 1e-3


def assert_watertight(glb: Glb) -> None:
    """Every edge is shared by exactly two triangles once positions are welded."""
    for primitive in glb.primitives():
        positions = glb.accessor(primitive["attributes"]["POSITION"])
        welded = np.unique(np.round(positions, 7), axis=0, return_inverse=True)[1].ravel()
        faces = welded[glb.accessor(primitive["indices"]).reshape(-1, 3)]
        faces = faces[
            (faces[:, 0] != faces[:, 1]) & (faces[:, 1] != faces[:, 2]) & (faces[:, 2] != faces[:, 0])
        ]
        edges = np.sort(faces[:, [[0, 1], [1, 2], [2, 0]]].reshape(-1, 2), axis=1)
        assert (np.unique(edges, axis=0, return_counts=True)[1] == 2).all()


def test_no_two_models_share_a_slug_or_a_title():
    assert len(BY_SLUG) == len(CATALOGUE) >= 42
    assert len({entry.title for entry in CATALOGUE}) == len(CATALOGUE)


def test_every_entry_names_a_known_category_creator_and_licence():
    categories, creators = {c.name for c in CATEGORIES}, {c.username for c in CREATORS}
    for entry in CATALOGUE:
        assert entry.category in categories
        assert entry.creator in creators
        assert entry.licence in LICENCES
    assert {entry.category for entry in CATALOGUE} == categories
    assert {entry.creator for entry in CATALOGUE} == creators
    assert CREATORS[0].username == "creator"


def test_prices_are_free_or_between_two_and_seventy_nine():
    for entry in CATALOGUE:
        assert entry.price == 0 or Decimal("2.00") <= entry.price <= Decimal("79.00")
    free = [entry for entry in CATALOGUE if entry.price == 0]
    assert len(CATALOGUE) / 5 <= len(free) <= len(CATALOGUE) / 3


def test_a_commons_licence_is_given_only_to_free_models():
    for entry in CATALOGUE:
        assert entry.licence not in ("cc0", "cc_by", "cc_by_sa") or entry.price == 0


@pytest.mark.parametrize("slug", SAMPLE)
def test_a_model_is_a_sound_glb_and_its_tags_tell_the_truth(slug):
    assert_claims_match_facts(slug)


def test_building_twice_gives_the_same_bytes():
    assert BY_SLUG["moka-pot"].build() == BY_SLUG["moka-pot"].build()


def test_skin_weights_add_up_to_one():
    glb = Glb(BY_SLUG["desk-lamp-rigged"].build())
    for primitive in glb.primitives():
        if "WEIGHTS_0" in primitive["attributes"]:
            weights = glb.accessor(primitive["attributes"]["WEIGHTS_0"])
            assert np.allclose(weights.sum(axis=1), 1, atol=1e-5)


@pytest.mark.full
@pytest.mark.parametrize("slug", [slug for slug in BY_SLUG if slug not in SAMPLE])
def test_every_model_is_a_sound_glb_and_its_tags_tell_the_truth(slug):
    assert_claims_match_facts(slug)


@pytest.mark.full
def test_the_collection_is_textured_and_animated_as_promised():
    built = [Glb(entry.build()).document for entry in CATALOGUE]
    assert sum("images" in document for document in built) >= 14
    assert sum("animations" in document for document in built) >= 5
