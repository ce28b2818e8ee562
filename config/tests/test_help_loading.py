"""When `make run` loads help and docs: once for each state of their files."""

from config.supervisor import children


def test_help_is_loaded_until_it_was_and_again_when_a_file_changed(tmp_path, monkeypatch):
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    (child,) = children.help_children()
    assert child.command[-1] == "load_help"
    assert child.once
    child.marker.write_text(child.marks)
    assert children.help_children() == []
    monkeypatch.setattr(children, "help_version", lambda: "another")
    assert len(children.help_children()) == 1
