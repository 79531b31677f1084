import pytest

from koinonia.media import kinds

from .pictures import REFUSED, TAKEN, archive, film, photograph, picture


@pytest.mark.parametrize("content_type", TAKEN)
def test_a_file_is_known_by_its_content(content_type: str) -> None:
    assert kinds.recognised(TAKEN[content_type]).kind == content_type


def test_every_kind_is_known_and_those_that_carriers_take_are_sent() -> None:
    assert {*TAKEN, "text/plain"} == set(kinds.Kind)
    for kind in kinds.Kind:
        if kind in kinds.SENT:
            kinds.check_sent(kinds.File(kind))
        else:
            with pytest.raises(kinds.NotTaken, match="only JPEG"):
                kinds.check_sent(kinds.File(kind))
    assert all(kind.extension.startswith(".") for kind in kinds.Kind)


@pytest.mark.parametrize("what", REFUSED)
def test_what_no_carrier_takes_is_refused_with_a_sentence(what: str) -> None:
    with pytest.raises(kinds.NotTaken) as refused:
        kinds.recognised(REFUSED[what])
    assert str(refused.value).endswith(".")


@pytest.mark.parametrize("brand", [b"mp42", b"isom", b"3gp5"])
def test_a_film_without_a_picture_is_a_recording(brand: bytes) -> None:
    said = {
        tracks: kinds.recognised(film(brand, *tracks)).kind.partition("/")[0]
        for tracks in ((b"soun",), (b"soun", b"vide"), (b"vide",), ())
    }
    assert [*said.values()] == ["audio", "video", "video", "video"]


@pytest.mark.parametrize("before", ["", "\ufeff", "\r\n"])
@pytest.mark.parametrize("after", ["\r\n", "\n", "\r"])
def test_a_contact_is_known_however_its_lines_end(before: str, after: str) -> None:
    card = f"{before}begin:vcard{after}FN:Ada Moss{after}END:VCARD{after}"
    assert kinds.recognised(card.encode()).kind is kinds.Kind.VCARD


def test_an_archive_of_very_many_names_is_not_read() -> None:
    content = archive("[Content_Types].xml", "word/document.xml", *map(str, range(6_000)))
    with pytest.raises(kinds.NotTaken):
        kinds.recognised(content)


def test_a_picture_is_measured_as_it_is_shown() -> None:
    upright, lying = kinds.recognised(picture()), kinds.recognised(photograph())
    assert (upright.width, upright.height) == (60, 40)
    assert (lying.width, lying.height) == (40, 60)
