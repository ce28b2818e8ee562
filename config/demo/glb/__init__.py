"""A small GLB writer: PBR materials with extensions, embedded textures, node animation and skins."""

from config.demo.glb.parts import Channel, Material, Node, Skin, linear, quaternion, spin, swing
from config.demo.glb.scene import Scene

__all__ = ["Channel", "Material", "Node", "Scene", "Skin", "linear", "quaternion", "spin", "swing"]
