"""Numbers of bank accounts: a wrong digit is found, and little of a right one is shown."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from commerce.banking import (
    IBAN_LENGTHS,
    compact,
    is_bic,
    is_iban,
    is_us_routing_number,
    masked_address,
    masked_number,
)

# Examples that banks publish.
IBANS = [
    "DE89370400440532013000",
    "GB29NWBK60161331926819",
    "FR1420041010050500013M02606",
    "NO9386011117947",
    "MT84MALT011000012345MTLCAST001S",
    "CH9300762011623852957",
    "BR1800360305000010009795493C1",
]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "DE",
        "DE8937040044053201300",  # one too few
        "DE893704004405320130000",
        "DE88370400440532013000",  # a wrong check digit
        "XX89370400440532013000",
        "de89370400440532013000",
        "DE89 3704 0044 0532 0130 00",
        "DE8937040044053201300٠",
        "0E89370400440532013000",
    ],
)
def test_what_is_no_iban_is_refused(text):
    assert not is_iban(text)


@pytest.mark.parametrize("iban", IBANS)
def test_published_examples_pass(iban):
    assert is_iban(iban)


@given(st.sampled_from(IBANS), st.integers(4, 14), st.sampled_from("0123456789"))
def test_one_wrong_sign_is_found(iban, place, sign):
    changed = iban[:place] + sign + iban[place + 1 :]
    assert is_iban(changed) == (changed == iban)


@given(st.sampled_from(IBANS), st.integers(4, 13))
def test_two_signs_that_changed_places_are_found(iban, place):
    changed = iban[:place] + iban[place + 1] + iban[place] + iban[place + 2 :]
    assert is_iban(changed) == (changed == iban)


def test_a_made_up_number_of_every_country_passes_with_its_check_digits():
    for country, length in IBAN_LENGTHS.items():
        account = "".join(random.Random(country).choices("0123456789", k=length - 4))
        number = int("".join(str(int(sign, 36)) for sign in f"{account}{country}00"))
        assert is_iban(f"{country}{98 - number % 97:02}{account}")


@pytest.mark.parametrize(
    "text", ["021000022", "000000000", "02100002", "0210000211", "02100002A", "٠21000021"]
)
def test_a_wrong_routing_number_is_refused(text):
    assert not is_us_routing_number(text)


@pytest.mark.parametrize("text", ["021000021", "011401533", "091000019"])
def test_a_right_routing_number_passes(text):
    assert is_us_routing_number(text)


@pytest.mark.parametrize(
    ("text", "right"),
    [("DEUTDEFF", True), ("DEUTDEFF500", True), ("DEUTDEF", False), ("D3UTDEFF", False), ("", False)],
)
def test_a_bic_has_eight_or_eleven_signs(text, right):
    assert is_bic(text) == right


def test_gaps_are_taken_out():
    assert compact(" de89 3704-0044.0532\u00a00130 00 ") == "DE89370400440532013000"


def test_only_the_end_is_shown():
    assert masked_number(IBANS[0], shown_first=4) == "DE89 •••• 3000"
    assert masked_number("123456789") == "•••• 6789"
    assert masked_address("ana.ruiz@example.com") == "a•••@example.com"
