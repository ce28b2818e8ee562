"""What the log of a worker says about the machine's renderer when it starts."""

import ctypes.util

import pytest

from marketplace.processing.render.availability import renderer_notice


@pytest.fixture
def _no_graphics(monkeypatch):
    """The loader of EGL finds no driver, as on a machine without Mesa."""
    monkeypatch.setenv("__EGL_VENDOR_LIBRARY_FILENAMES", "/nonexistent")
    monkeypatch.setenv("LATHE_RENDERER", "auto")
    if ctypes.util.find_library("OSMesa"):
        pytest.skip("OSMesa is installed, and cannot be hidden")


@pytest.mark.usefixtures("_no_graphics")
def test_without_egl_and_osmesa_the_package_is_named():
    notice = renderer_notice()
    assert "libegl1" in notice
    assert "\n" not in notice


@pytest.mark.usefixtures("_no_graphics")
def test_who_chose_the_ray_caster_is_told_nothing(monkeypatch):
    monkeypatch.setenv("LATHE_RENDERER", "raycast")
    assert renderer_notice() == ""


def test_where_the_renderer_works_nothing_is_said(monkeypatch):
    if not ctypes.util.find_library("EGL"):
        pytest.skip("EGL is not installed")
    monkeypatch.setenv("LATHE_RENDERER", "auto")
    assert renderer_notice() == ""
