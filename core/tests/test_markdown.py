import pytest

from core.markdown import plain_text, render_markdown
from core.tests.hostile_words import HOSTILE, what_runs


@pytest.mark.parametrize("hostile", HOSTILE)
def test_nothing_executable_or_remote_comes_out(hostile):
    rendered = render_markdown(hostile)
    assert what_runs(rendered) == []
    for forbidden in ("<script", "<img", "<svg", "<style", "<iframe", "<form", "<meta"):
        assert forbidden not in rendered.lower()


def test_links_tell_search_engines_that_we_do_not_vouch_for_them():
    assert 'rel="nofollow ugc noopener"' in render_markdown("[site](https://example.org)")


def test_headings_start_below_those_of_the_page():
    assert render_markdown("# One\n\n## Two").count("<h3>") == 1
    assert "<h6>Deep</h6>" in render_markdown("###### Deep")


def test_tables_lists_and_emphasis_are_shown():
    rendered = render_markdown("| a | b |\n|---|---|\n| 1 | 2 |\n\n- *x*\n- ~~y~~")
    assert "<td>1</td>" in rendered
    assert "<em>x</em>" in rendered
    assert "<s>y</s>" in rendered


@pytest.mark.parametrize("hostile", ["> " * 10000, "[" * 20000, "*a_ " * 5000, "- " * 10000, "\x00\x07"])
def test_text_made_to_exhaust_a_parser_is_still_rendered(hostile):
    assert isinstance(render_markdown(hostile), str)


def test_plain_text_has_no_marks_and_ends_at_a_word():
    assert plain_text("# Oak & *chair*\n\nA <b>good</b> one", length=100) == "Oak & chair A <b>good</b> one"
    assert plain_text("one two three four", length=12) == "one two…"
