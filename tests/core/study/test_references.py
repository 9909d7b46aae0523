"""references: the entries are whole, their DOIs look like DOIs, and what BibTeX is given can be read by it."""

import re

import pytest
from bibliography import entries

from annsm_plugin.core.study import references
from annsm_plugin.core.study.references import REFERENCES, bibtex, listed

DOI = re.compile(r"10\.\d{4,9}/[-._;()/:A-Za-z0-9]+")


@pytest.mark.parametrize("reference", REFERENCES.values(), ids=list(REFERENCES))
def test_entries_are_whole(reference):
    assert DOI.fullmatch(reference.doi)
    assert reference.kind in ("article", "misc", "inproceedings") and 1900 < reference.year < 2030
    assert re.fullmatch(r"[a-z]+\d{4}[a-z]*", reference.key) and str(reference.year) in reference.key
    assert all(re.fullmatch(r"\S.*, (\S\. ?|\S\.-\S\.)+", author) for author in reference.authors if author != references.OTHERS)
    assert references.OTHERS not in reference.authors[:-1] and len(reference.authors) > (reference.authors[-1] == references.OTHERS)
    assert (reference.volume and reference.pages) or reference.kind != "article"
    assert reference.title == reference.title.strip(" .") and reference.journal


def test_dois_are_of_one_work_each():
    assert len({reference.doi.lower() for reference in REFERENCES.values()}) == len(REFERENCES)


def test_bibtex_can_be_read():
    text = bibtex(REFERENCES)
    found = entries(text)
    assert found.keys() == REFERENCES.keys() and text.isascii()
    for key, (kind, fields) in found.items():
        reference = REFERENCES[key]
        assert kind == reference.kind and fields["doi"] == reference.doi and fields["year"] == str(reference.year)
        assert len(fields["author"].split(" and ")) == len(reference.authors)
        assert ("journal" in fields) == (kind == "article") and ("booktitle" in fields) == (kind == "inproceedings")
        for name, value in fields.items():
            assert not re.search(r"(?<!\\)[&%$#_~]", value) or name == "doi", value


def test_special_characters():
    albergel, garcia, zhang = (bibtex([key]) for key in ("albergel2008", "garcia2010", "zhang2021"))
    assert r"R{\"u}diger" in albergel and r"Statistics \& Data" in garcia and "2013--2019" in zhang
    assert "{{The Soil Moisture Active Passive (SMAP) Mission}}" in bibtex(["entekhabi2010smap"])


def test_only_what_is_asked_for_each_once():
    assert list(entries(bibtex(["wang2021", "breiman2001", "wang2021"]))) == ["breiman2001", "wang2021"]
    assert bibtex([]) == "" and listed([]) == []
    with pytest.raises(KeyError):
        bibtex(["nobody2000"])


def test_years_are_told_apart():
    both = references.years(["entekhabi2010smap", "entekhabi2010metrics", "wang2021"])
    assert both == {"entekhabi2010smap": "2010a", "entekhabi2010metrics": "2010b", "wang2021": "2021"}
    assert references.years(["entekhabi2010metrics"]) == {"entekhabi2010metrics": "2010"}
    assert "(2010b). Performance" in listed(["entekhabi2010metrics", "entekhabi2010smap"])[1]


def test_how_works_are_named():
    named = {key: REFERENCES[key].cited_as for key in ("wang2021", "breiman2001", "rodell2004", "kerr2010")}
    assert named == {"wang2021": "Wang and Xu", "breiman2001": "Breiman", "rodell2004": "Rodell et al.", "kerr2010": "Kerr et al."}
    assert listed(["kerr2010"])[0].startswith(
        "Kerr, Y. H., Waldteufel, P., Wigneron, J.-P., Delwart, S., Cabot, F., Boutin, J., et al. (2010)."
    )


def test_the_paper_is_as_its_list_has_it():
    assert listed(["wang2021"]) == [
        "Wang, J. and Xu, D. (2021). Artificial Neural Network-Based Microwave Satellite Soil Moisture Reconstruction over the "
        "Qinghai–Tibet Plateau, China. Remote Sensing, 13, 5156. https://doi.org/10.3390/rs13245156"
    ]
