import pytest

from core.highlighting import folded, folded_words, highlighted


def test_nothing_of_a_text_becomes_markup():
    text = highlighted('<b onclick="x">oak & ash</b>', ["oak", "b"])
    assert text == (
        "&lt;<mark>b</mark> onclick=&quot;x&quot;&gt;<mark>oak</mark> &amp; ash&lt;/<mark>b</mark>&gt;"
    )


@pytest.mark.parametrize("text", ["", "\ue000oak\ue001", "a" * 10_000, "\u0301\u0301", "ﬀ", "\ud7ff", "𝒪ak"])
def test_any_text_can_be_looked_through(text):
    assert highlighted(text, ["zzz", ""]) == text


def test_short_words_are_marked_where_a_word_begins_longer_ones_anywhere():
    assert highlighted("Oak, an oak; soak", ["oa"]) == "<mark>Oa</mark>k, an <mark>oa</mark>k; soak"
    assert highlighted("nadiaokoro", ["okoro"]) == "nadia<mark>okoro</mark>"
    assert highlighted("low_keep", ["ke"]) == "low_<mark>ke</mark>ep"


@pytest.mark.parametrize(
    ("text", "word", "expected"),
    [
        ("Öykü Ak", "oyku", "<mark>Öykü</mark> Ak"),
        ("Smørrebrød", "smorre", "<mark>Smørre</mark>brød"),
        ("Cafe\u0301 chair", "cafe", "<mark>Cafe\u0301</mark> chair"),
        ("Großes Haus", "gross", "<mark>Groß</mark>es Haus"),
        ("ŁÓDŹ", "lodz", "<mark>ŁÓDŹ</mark>"),
    ],
)
def test_case_and_accents_make_no_difference(text, word, expected):
    assert highlighted(text, [word]) == expected


def test_the_longest_word_wins_where_several_fit():
    assert highlighted("chairs", ["chair", "chairs"]) == "<mark>chairs</mark>"


def test_words_are_parted_by_whatever_is_no_letter():
    assert folded_words("  Low_keep's  Café-Bar 2 ") == ["low", "keep", "s", "cafe", "bar", "2"]
    assert folded("Ærø") == "aero"
