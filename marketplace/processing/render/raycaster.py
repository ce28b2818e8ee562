"""Draws by casting rays with embree, where there is no OpenGL at all: slower and plainer than f3d, needs no library.

Textures are looked up, light comes from the same studio, creases are darkened by ambient occlusion.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import embreex
import numpy as np
import trimesh
from embreex import rtcore_scene
from embreex.mesh_construction import TriangleMesh
from PIL import Image

from .framing import View
from .studio import panorama

KEY_LIGHT = np.array([0.62, 0.64, 0.45])
KEY_LIGHT = KEY_LIGHT / np.linalg.norm(KEY_LIGHT)
OCCLUSION_RAYS = 12
OCCLUSION_REACH = 0.12
# Light passes at most this many see-through layers.
MAX_LAYERS = 4
AMBIENT_DIRECTIONS = 2000
# So many rays are cast at once: bounds the memory, whatever the size of the picture.
RAYS_AT_ONCE = 150_000
EXPOSURE = 0.5


@dataclass
class Surface:
    """A material: base colour (linear RGBA), texture (linear RGBA pixels) or None, metalness and roughness (0 to 1)."""

    colour: np.ndarray
    texture: np.ndarray | None
    metallic: float
    roughness: float
    alpha_mode: str
    cutoff: float


class RayCaster:
    """One model; draws any number of views of one size."""

    name = "raycast"
    version = getattr(embreex, "__version__", "4")

    def __init__(self, source: Path, *, size: tuple[int, int], quality: bool) -> None:
        self.size = size
        self.quality = quality
        scene = trimesh.load_scene(source, file_type="glb")
        parts = [part for part in scene.dump() if isinstance(part, trimesh.Trimesh) and len(part.faces)]
        self.scale = 1.0 / max(float(np.linalg.norm(scene.extents)), 1e-30)
        self.centre = scene.bounds.mean(axis=0)
        self.surfaces = [_surface(part) for part in parts]
        self.corners = np.concatenate(
            [(part.triangles - self.centre) * self.scale for part in parts] or [_NOTHING]
        )
        self.normals = np.concatenate([part.vertex_normals[part.faces] for part in parts] or [_NOTHING])
        self.uvs = np.concatenate([_face_uvs(part) for part in parts] or [_NOTHING[..., :2]])
        self.colours = np.concatenate([_face_colours(part) for part in parts] or [np.zeros((0, 3, 4))])
        self.owner = np.repeat(np.arange(len(parts)), [len(part.faces) for part in parts])
        self.embree = rtcore_scene.EmbreeScene()
        if len(self.corners):
            TriangleMesh(self.embree, self.corners.astype(np.float32))
        self.ambient = _irradiance()

    def draw(self, views: list[View]) -> Iterator[Image.Image]:
        """RGBA pictures of the views on a transparent ground."""
        for view in views:
            yield self._draw(view)

    def _draw(self, view: View) -> Image.Image:
        width, height = self.size
        backward = view.position - view.target
        backward = backward / np.linalg.norm(backward)
        right = np.cross([0.0, 1.0, 0.0], backward)
        right = right / np.linalg.norm(right)
        up = np.cross(backward, right)
        x = ((np.arange(width) + 0.5) / width * 2 - 1) * view.tan_x
        y = (1 - (np.arange(height) + 0.5) / height * 2) * view.tan_y
        rays = (x[None, :, None] * right + y[:, None, None] * up - backward).reshape(-1, 3)
        rays /= np.linalg.norm(rays, axis=1, keepdims=True)
        origin = (view.position - self.centre) * self.scale
        pieces = [self._trace(origin, piece) for piece in np.array_split(rays, -(-len(rays) // RAYS_AT_ONCE))]
        pixels = np.concatenate(pieces).reshape(height, width, 4)
        return Image.fromarray((pixels * 255 + 0.5).astype(np.uint8), "RGBA")

    def _trace(self, origin: np.ndarray, rays: np.ndarray) -> np.ndarray:
        """RGBA (0 to 1, encoded) of what each ray from ``origin`` meets, front to back."""
        light = np.zeros((len(rays), 3))
        passing = np.ones(len(rays))
        active = np.arange(len(rays)) if len(self.corners) else np.array([], dtype=int)
        starts = np.broadcast_to(origin, rays.shape)
        for _layer in range(MAX_LAYERS):
            if not len(active):
                break
            active, starts, colour, alpha = self._hit(active, starts, rays[active])
            light[active] += (passing[active] * alpha)[:, None] * colour
            passing[active] *= 1 - alpha
            clear = passing[active] > 0.02
            active, starts = active[clear], starts[clear]
        cover = 1 - passing
        straight = light / np.maximum(cover, 1e-6)[:, None]
        return np.concatenate([_encode(straight * EXPOSURE), cover[:, None]], axis=1)

    def _hit(self, active, starts, directions):
        """The next surfaces that the rays ``active`` meet: which rays do, where, their colour and opacity."""
        directions = directions.astype(np.float32)
        found = self.embree.run(starts.astype(np.float32), directions, output=True)
        hit = found["primID"] >= 0
        face, u, v = found["primID"][hit], found["u"][hit], found["v"][hit]
        weights = np.stack([1 - u - v, u, v], axis=1)[..., None]
        active, directions = active[hit], directions[hit].astype(float)
        normal = (self.normals[face] * weights).sum(axis=1)
        normal /= np.maximum(np.linalg.norm(normal, axis=1, keepdims=True), 1e-9)
        normal *= np.where((normal * directions).sum(axis=1, keepdims=True) > 0, -1.0, 1.0)
        points = starts[hit] + directions * found["tfar"][hit][:, None]
        base = self._base_colour(face, weights)
        colour = self._shade(face, base[:, :3], normal, directions)
        if self.quality:
            colour *= self._openness(points, normal)[:, None]
        return active, points + directions * 1e-5, colour, base[:, 3]

    def _base_colour(self, face, weights):
        uv = (self.uvs[face] * weights).sum(axis=1)
        colour = (self.colours[face] * weights).sum(axis=1)
        owner = self.owner[face]
        for index in np.unique(owner):
            surface, chosen = self.surfaces[index], owner == index
            colour[chosen] *= surface.colour
            if surface.texture is not None:
                colour[chosen] *= _look_up(surface.texture, uv[chosen])
            if surface.alpha_mode == "MASK":
                colour[chosen, 3] = colour[chosen, 3] >= surface.cutoff
            elif surface.alpha_mode != "BLEND":
                colour[chosen, 3] = 1.0
        return colour

    def _shade(self, face, base, normal, directions):
        owner = self.owner[face]
        metallic = np.array([surface.metallic for surface in self.surfaces])[owner][:, None]
        roughness = np.array([surface.roughness for surface in self.surfaces])[owner][:, None]
        diffuse = np.maximum(_harmonics(normal) @ self.ambient, 0)
        key = np.maximum(normal @ KEY_LIGHT, 0)[:, None] * 0.35
        mirrored = directions - 2 * (directions * normal).sum(axis=1, keepdims=True) * normal
        facing = np.clip(-(directions * normal).sum(axis=1, keepdims=True), 0, 1)
        # A rough surface mirrors a blurred studio: between the sharp one and the light from all around.
        sharp = np.minimum(panorama(mirrored), 3.0)
        reflected = (1 - roughness) * sharp + roughness * diffuse
        tint = 0.04 * (1 - metallic) + base * metallic
        fresnel = tint + (np.maximum(1 - roughness, tint) - tint) * (1 - facing) ** 5
        return base * (1 - metallic) * (diffuse + key) + fresnel * reflected

    def _openness(self, points, normal):
        """Share of the sky that each point sees nearby, 0.35 to 1; the same few directions for all keep it even."""
        blocked = np.zeros(len(points))
        generator = np.random.default_rng(7)
        origins = (points + normal * 1e-4).astype(np.float32)
        for _ray in range(OCCLUSION_RAYS):
            direction = normal + _unit(generator.normal(size=points.shape))
            direction = _unit(direction).astype(np.float32)
            distance = self.embree.run(origins, direction, query="DISTANCE")
            blocked += np.clip(1 - distance / OCCLUSION_REACH, 0, 1)
        return 1 - 0.65 * blocked / OCCLUSION_RAYS


_NOTHING = np.zeros((0, 3, 3))


def _unit(vectors: np.ndarray) -> np.ndarray:
    return vectors / np.maximum(np.linalg.norm(vectors, axis=-1, keepdims=True), 1e-9)


def _harmonics(directions: np.ndarray) -> np.ndarray:
    """The first nine spherical harmonics of unit directions."""
    x, y, z = directions.T
    return np.stack(
        [
            np.full_like(x, 0.282095),
            *(0.488603 * y, 0.488603 * z, 0.488603 * x),
            *(1.092548 * x * y, 1.092548 * y * z, 0.315392 * (3 * z * z - 1), 1.092548 * x * z),
            0.546274 * (x * x - y * y),
        ],
        axis=1,
    )


def _irradiance() -> np.ndarray:
    """The studio's light as nine coefficients a colour, so that a normal's diffuse light is one product."""
    step = np.arange(AMBIENT_DIRECTIONS) + 0.5
    height = 1 - 2 * step / AMBIENT_DIRECTIONS
    angle = np.pi * (1 + 5**0.5) * step
    ring = np.sqrt(1 - height**2)
    directions = np.stack([ring * np.sin(angle), height, ring * np.cos(angle)], axis=1)
    projected = _harmonics(directions).T @ panorama(directions) * (4 * np.pi / AMBIENT_DIRECTIONS)
    # What a matt surface keeps of each band of light (Ramamoorthi and Hanrahan 2001), divided by pi.
    bands = np.array([1, *(2 / 3,) * 3, *(1 / 4,) * 5])
    return projected * bands[:, None]


def _surface(part: trimesh.Trimesh) -> Surface:
    material = getattr(part.visual, "material", None)
    colour = getattr(material, "baseColorFactor", None)
    linear = np.ones(4) if colour is None else np.asarray(colour, dtype=float)
    if linear.max() > 1:
        linear = linear / 255
    picture = getattr(material, "baseColorTexture", None)
    texture = None
    if picture is not None:
        picture.thumbnail((1024, 1024))
        texture = np.asarray(picture.convert("RGBA"), dtype=np.float32) / 255
        texture = np.concatenate([_decode(texture[..., :3]), texture[..., 3:]], axis=-1)
    metallic = getattr(material, "metallicFactor", None)
    roughness = getattr(material, "roughnessFactor", None)
    packed = getattr(material, "metallicRoughnessTexture", None)
    if packed is not None:
        # One value for the whole surface is enough for a fallback picture: the texture's mean.
        mean = np.asarray(packed.convert("RGB").resize((1, 1), Image.Resampling.BOX), dtype=float)[0, 0] / 255
        metallic = (1.0 if metallic is None else metallic) * mean[2]
        roughness = (1.0 if roughness is None else roughness) * mean[1]
    return Surface(
        colour=linear,
        texture=texture,
        metallic=1.0 if metallic is None else float(metallic),
        roughness=1.0 if roughness is None else float(roughness),
        alpha_mode=getattr(material, "alphaMode", None) or "OPAQUE",
        cutoff=getattr(material, "alphaCutoff", None) or 0.5,
    )


def _face_uvs(part: trimesh.Trimesh) -> np.ndarray:
    uv = getattr(part.visual, "uv", None)
    if uv is None or len(uv) != len(part.vertices):
        return np.zeros((len(part.faces), 3, 2))
    return np.asarray(uv, dtype=float)[part.faces]


def _face_colours(part: trimesh.Trimesh) -> np.ndarray:
    """Vertex colours (linear RGBA) of each corner; white where there are none."""
    colours = part.vertex_attributes.get("_COLOR")
    if colours is None or len(colours) != len(part.vertices):
        return np.ones((len(part.faces), 3, 4))
    colours = np.asarray(colours, dtype=float)
    if colours.max() > 1:
        colours = colours / 255
    if colours.shape[1] == 3:
        colours = np.concatenate([colours, np.ones((len(colours), 1))], axis=1)
    return colours[part.faces]


def _look_up(texture: np.ndarray, uv: np.ndarray) -> np.ndarray:
    height, width = texture.shape[:2]
    column = (np.mod(uv[:, 0], 1) * width).astype(int).clip(0, width - 1)
    row = (np.mod(1 - uv[:, 1], 1) * height).astype(int).clip(0, height - 1)
    return texture[row, column]


def _decode(srgb: np.ndarray) -> np.ndarray:
    return np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)


def _encode(linear: np.ndarray) -> np.ndarray:
    """Tone mapping (a shoulder that keeps highlights) and sRGB encoding."""
    mapped = np.clip(linear * (2.51 * linear + 0.03) / (linear * (2.43 * linear + 0.59) + 0.14), 0, 1)
    return np.where(mapped <= 0.0031308, mapped * 12.92, 1.055 * mapped ** (1 / 2.4) - 0.055)
