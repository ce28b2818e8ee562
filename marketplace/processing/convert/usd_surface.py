"""The preview materials of a USD stage, in the terms of glTF."""

from pathlib import Path

from PIL import Image
from pxr import UsdShade

from .companions import Companions
from .glb import GlbBuilder

DEFAULT_ROUGHNESS = 0.5
GREY = (0.18, 0.18, 0.18)


class Surface:
    """A UsdPreviewSurface in the terms of glTF. https://openusd.org/release/spec_usdpreviewsurface.html"""

    def __init__(self, shader: UsdShade.Shader, companions: Companions, builder: GlbBuilder) -> None:
        self.shader = shader
        self.companions = companions
        self.builder = builder
        self.place = ""

    def as_gltf(self) -> dict:
        """The material's entry."""
        paint: dict = {"metallicFactor": self._number("metallic", 0.0)}
        paint["roughnessFactor"] = self._number("roughness", DEFAULT_ROUGHNESS)
        colour, _channel = self._picture("diffuseColor")
        opacity = self._number("opacity", 1.0)
        if colour:
            paint["baseColorTexture"] = {"index": self.builder.texture(colour)}
        factor = (1, 1, 1) if colour else self._value("diffuseColor", GREY)
        paint["baseColorFactor"] = [*(float(number) for number in factor), opacity]
        self._rough_metal(paint)
        material: dict = {"pbrMetallicRoughness": paint, "doubleSided": True}
        for name, slot in (("normal", "normalTexture"), ("occlusion", "occlusionTexture")):
            picture, _channel = self._picture(name)
            if picture:
                material[slot] = {"index": self.builder.texture(picture)}
        glow, _channel = self._picture("emissiveColor")
        if glow:
            material["emissiveTexture"] = {"index": self.builder.texture(glow)}
        factor = (1, 1, 1) if glow else self._value("emissiveColor", (0, 0, 0))
        material["emissiveFactor"] = [min(1.0, float(number)) for number in factor]
        opaque, _channel = self._picture("opacity")
        threshold = self._number("opacityThreshold", 0.0)
        if threshold > 0:
            material |= {"alphaMode": "MASK", "alphaCutoff": threshold}
        elif opacity < 1 or opaque:
            material["alphaMode"] = "BLEND"
        return material

    def _source(self, name: str) -> tuple[UsdShade.Shader, str] | None:
        """The shader, and its output, that feeds an input."""
        given = self.shader.GetInput(name)
        sources = given.GetConnectedSources()[0] if given else []
        return (UsdShade.Shader(sources[0].source.GetPrim()), str(sources[0].sourceName)) if sources else None

    def _value(self, name: str, default: object) -> object:
        given = self.shader.GetInput(name)
        value = given.Get() if given and not self._source(name) else None
        return default if value is None else value

    def _number(self, name: str, default: float) -> float:
        """A number from 0 to 1; 1 where a texture gives it."""
        if self._source(name):
            return 1.0
        return min(1.0, max(0.0, float(self._value(name, default))))

    def _picture(self, name: str) -> tuple[Path | None, str]:
        """The picture that feeds an input, and the channel taken of it."""
        source = self._source(name)
        if source is None or source[0].GetIdAttr().Get() != "UsdUVTexture":
            return None, ""
        texture, channel = source
        asset = texture.GetInput("file").Get() if texture.GetInput("file") else None
        self._note_place(texture)
        return (self.companions.picture(asset.path) if asset else None), channel

    def _note_place(self, texture: UsdShade.Shader) -> None:
        given = texture.GetInput("st")
        sources = given.GetConnectedSources()[0] if given else []
        reader = UsdShade.Shader(sources[0].source.GetPrim()) if sources else None
        name = reader.GetInput("varname").Get() if reader and reader.GetInput("varname") else ""
        self.place = self.place or str(name or "")

    def _rough_metal(self, paint: dict) -> None:
        """glTF takes roughness from green and metalness from blue of one picture; USD from any channel of any."""
        rough, rough_channel = self._picture("roughness")
        metal, metal_channel = self._picture("metallic")
        if not rough and not metal:
            if self._source("roughness"):
                paint["roughnessFactor"] = DEFAULT_ROUGHNESS
            if self._source("metallic"):
                paint["metallicFactor"] = 0.0
            return
        if rough == metal and (rough_channel, metal_channel) == ("g", "b"):
            picture = rough
        else:
            picture = self._merged(rough, rough_channel, metal, metal_channel)
        if picture:
            paint["metallicRoughnessTexture"] = {"index": self.builder.texture(picture)}

    def _merged(
        self, rough: Path | None, rough_channel: str, metal: Path | None, metal_channel: str
    ) -> Path | None:
        bands, size = [], (1, 1)
        try:
            for picture, channel in ((rough, rough_channel), (metal, metal_channel)):
                if picture is None:
                    bands.append(None)
                    continue
                with Image.open(picture, formats=("PNG", "JPEG", "WEBP")) as image:
                    if max(image.size) > self.companions.limits["max_image_edge"]:
                        return None
                    bands.append(
                        image.convert("RGBA").getchannel("RGBA".find((channel or "r")[0].upper()) % 4)
                    )
                    size = max(size, image.size)
        except (OSError, ValueError, Image.DecompressionBombError):
            return None
        full = [Image.new("L", size, 255) if band is None else band.resize(size) for band in bands]
        names = "-".join(str(picture.stem) if picture else "" for picture in (rough, metal))
        target = self.companions.scratch / f"merged-{abs(hash((names, rough_channel, metal_channel)))}.png"
        Image.merge("RGB", (Image.new("L", size, 255), *full)).save(target, compress_level=1)
        return target
