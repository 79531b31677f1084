import pytest

from koinonia.media import kinds

from .pictures import REFUSED, TAKEN, photograph, picture


@pytest.mark.parametrize("content_type", TAKEN)
def test_a_file_is_known_by_its_content(content_type: str) -> None:
    assert kinds.recognised(TAKEN[content_type]).kind == content_type


def test_every_kind_that_carriers_take_is_known() -> None:
    assert set(TAKEN) == set(kinds.Kind)
    assert all(kind.extension.startswith(".") for kind in kinds.Kind)


@pytest.mark.parametrize("what", REFUSED)
def test_what_no_carrier_takes_is_refused_with_a_sentence(what: str) -> None:
    with pytest.raises(kinds.NotTaken) as refused:
        kinds.recognised(REFUSED[what])
    assert str(refused.value).endswith(".")


def test_a_picture_is_measured_as_it_is_shown() -> None:
    upright, lying = kinds.recognised(picture()), kinds.recognised(photograph())
    assert (upright.width, upright.height) == (60, 40)
    assert (lying.width, lying.height) == (40, 60)
