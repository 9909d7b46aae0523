"""The works that a methods section may cite, with their DOIs, and the BibTeX file of those that it does cite.

Each entry was checked against the paper's reference list, this project's documents or public records before it was put here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

#: What stands for further authors, in BibTeX too.
OTHERS = "others"


@dataclass(frozen=True)
class Reference:
    """A cited work. ``kind``: BibTeX's type; ``authors``: "Family, I. I." each, ``OTHERS`` last where the list is cut; ``journal``: or the
    proceedings of an "inproceedings", or the publisher of a "misc"; ``pages``: or article number."""

    key: str
    kind: str
    authors: tuple[str, ...]
    title: str
    journal: str
    year: int
    doi: str
    volume: str = ""
    pages: str = ""

    @property
    def families(self) -> list[str]:
        """Family names."""
        return [author.partition(",")[0] for author in self.authors]

    @property
    def cited_as(self) -> str:
        """Who is named where it is cited, such as "Wang and Xu" or "Rodell et al."."""
        names = self.families
        return names[0] if len(names) == 1 else f"{names[0]} and {names[1]}" if len(names) == 2 else f"{names[0]} et al."


def _paper(key: str, authors: str, title: str, journal: str, year: int, volume: str, pages: str, doi: str) -> Reference:
    return Reference(key, "article", _people(authors), title, journal, year, doi, volume, pages)


def _other(key: str, kind: str, authors: str, title: str, source: str, year: int, doi: str, pages: str = "") -> Reference:
    return Reference(key, kind, _people(authors), title, source, year, doi, "", pages)


def _people(text: str) -> tuple[str, ...]:
    """Authors from "Wang, J.; Xu, D."."""
    return tuple(part.strip() for part in text.split(";"))


_ALL = (
    _paper(
        "wang2021",
        "Wang, J.; Xu, D.",
        "Artificial Neural Network-Based Microwave Satellite Soil Moisture Reconstruction over the Qinghai–Tibet Plateau, China",
        *("Remote Sensing", 2021, "13", "5156", "10.3390/rs13245156"),
    ),
    # products
    _paper(
        "kawanishi2003",
        "Kawanishi, T.; Sezai, T.; Ito, Y.; Imaoka, K.; Takeshima, T.; Ishido, Y.; Shibata, A.; Miura, M.; Inahata, H.; Spencer, R. W.",
        "The Advanced Microwave Scanning Radiometer for the Earth Observing System (AMSR-E), NASDA's contribution to the EOS for global "
        "energy and water cycle studies",
        *("IEEE Transactions on Geoscience and Remote Sensing", 2003, "41", "184–194", "10.1109/TGRS.2002.808331"),
    ),
    _paper(
        "imaoka2010",
        "Imaoka, K.; Kachi, M.; Fujii, H.; Murakami, H.; Hori, M.; Ono, A.; Igarashi, T.; Nakagawa, K.; Oki, T.; Honda, Y.; Shimoda, H.",
        "Global Change Observation Mission (GCOM) for Monitoring Carbon, Water Cycles, and Climate Change",
        *("Proceedings of the IEEE", 2010, "98", "717–734", "10.1109/JPROC.2009.2036869"),
    ),
    _paper(
        "entekhabi2010smap",
        "Entekhabi, D.; Njoku, E. G.; O'Neill, P. E.; Kellogg, K. H.; Crow, W. T.; Edelstein, W. N.; Entin, J. K.; Goodman, S. D.; "
        "Jackson, T. J.; Johnson, J.; others",
        "The Soil Moisture Active Passive (SMAP) Mission",
        *("Proceedings of the IEEE", 2010, "98", "704–716", "10.1109/JPROC.2010.2043918"),
    ),
    _paper(
        "kerr2010",
        "Kerr, Y. H.; Waldteufel, P.; Wigneron, J.-P.; Delwart, S.; Cabot, F.; Boutin, J.; others",
        "The SMOS Mission: New Tool for Monitoring Key Elements of the Global Water Cycle",
        *("Proceedings of the IEEE", 2010, "98", "666–687", "10.1109/JPROC.2010.2043032"),
    ),
    _paper(
        "rodell2004",
        "Rodell, M.; Houser, P. R.; Jambor, U.; Gottschalck, J.; Mitchell, K.; Meng, C.-J.; Arsenault, K.; Cosgrove, B.; Radakovich, J.; "
        "Bosilovich, M.; Entin, J. K.; Walker, J. P.; Lohmann, D.; Toll, D.",
        "The Global Land Data Assimilation System",
        *("Bulletin of the American Meteorological Society", 2004, "85", "381–394", "10.1175/BAMS-85-3-381"),
    ),
    _other(
        "beaudoing2020",
        "misc",
        "Beaudoing, H.; Rodell, M.",
        "GLDAS Noah Land Surface Model L4 3 hourly 0.25 x 0.25 degree V2.1",
        *("Goddard Earth Sciences Data and Information Services Center (GES DISC)", 2020, "10.5067/E7TYRXPJKWOQ"),
    ),
    _other(
        "myneni2021mcd",
        "misc",
        "Myneni, R.; Knyazikhin, Y.; Park, T.",
        "MODIS/Terra+Aqua Leaf Area Index/FPAR 8-Day L4 Global 500 m SIN Grid V061",
        *("NASA Land Processes Distributed Active Archive Center", 2021, "10.5067/MODIS/MCD15A2H.061"),
    ),
    _other(
        "myneni2021mod",
        "misc",
        "Myneni, R.; Knyazikhin, Y.; Park, T.",
        "MODIS/Terra Leaf Area Index/FPAR 8-Day L4 Global 500 m SIN Grid V061",
        *("NASA Land Processes Distributed Active Archive Center", 2021, "10.5067/MODIS/MOD15A2H.061"),
    ),
    _paper(
        "owe2008",
        "Owe, M.; de Jeu, R.; Holmes, T.",
        "Multisensor historical climatology of satellite-derived global land surface moisture",
        *("Journal of Geophysical Research: Earth Surface", 2008, "113", "F01002", "10.1029/2007JF000769"),
    ),
    _paper(
        "fujii2009",
        "Fujii, H.; Koike, T.; Imaoka, K.",
        "Improvement of the AMSR-E Algorithm for Soil Moisture Estimation by Introducing a Fractional Vegetation Coverage Dataset Derived "
        "from MODIS Data",
        *("Journal of the Remote Sensing Society of Japan", 2009, "29", "282–292", "10.11440/rssj.29.282"),
    ),
    _paper(
        "dorigo2021",
        "Dorigo, W.; Himmelbauer, I.; Aberer, D.; Schremmer, L.; Petrakovic, I.; Zappa, L.; others",
        "The International Soil Moisture Network: serving Earth system science for over a decade",
        *("Hydrology and Earth System Sciences", 2021, "25", "5749–5804", "10.5194/hess-25-5749-2021"),
    ),
    _paper(
        "du2014",
        "Du, J.; Kimball, J. S.; Shi, J.; Jones, L. A.; Wu, S.; Sun, R.; Yang, H.",
        "Inter-Calibration of Satellite Passive Microwave Land Observations from AMSR-E and AMSR2 Using Overlapping FY3B-MWRI Sensor "
        "Measurements",
        *("Remote Sensing", 2014, "6", "8594–8616", "10.3390/rs6098594"),
    ),
    # networks
    _paper(
        "marquardt1963",
        "Marquardt, D. W.",
        "An Algorithm for Least-Squares Estimation of Nonlinear Parameters",
        *("Journal of the Society for Industrial and Applied Mathematics", 1963, "11", "431–441", "10.1137/0111030"),
    ),
    _paper(
        "hagan1994",
        "Hagan, M. T.; Menhaj, M. B.",
        "Training feedforward networks with the Marquardt algorithm",
        *("IEEE Transactions on Neural Networks", 1994, "5", "989–993", "10.1109/72.329697"),
    ),
    _other(
        "nguyen1990",
        "inproceedings",
        "Nguyen, D.; Widrow, B.",
        "Improving the learning speed of 2-layer neural networks by choosing initial values of the adaptive weights",
        *("1990 IJCNN International Joint Conference on Neural Networks, vol. 3", 1990, "10.1109/IJCNN.1990.137819", "21–26"),
    ),
    _other(
        "kingma2015",
        "inproceedings",
        "Kingma, D. P.; Ba, J.",
        "Adam: A Method for Stochastic Optimization",
        *("3rd International Conference on Learning Representations (ICLR)", 2015, "10.48550/arXiv.1412.6980"),
    ),
    _other(
        "loshchilov2019",
        "inproceedings",
        "Loshchilov, I.; Hutter, F.",
        "Decoupled Weight Decay Regularization",
        *("7th International Conference on Learning Representations (ICLR)", 2019, "10.48550/arXiv.1711.05101"),
    ),
    _paper(
        "garcia2010",
        "Garcia, D.",
        "Robust smoothing of gridded data in one and higher dimensions with missing values",
        *("Computational Statistics & Data Analysis", 2010, "54", "1167–1178", "10.1016/j.csda.2009.09.020"),
    ),
    _paper(
        "zhang2021",
        "Zhang, Q.; Yuan, Q.; Li, J.; Wang, Y.; Sun, F.; Zhang, L.",
        "Generating seamless global daily AMSR2 soil moisture (SGD-SM) long-term products for the years 2013–2019",
        *("Earth System Science Data", 2021, "13", "1385–1401", "10.5194/essd-13-1385-2021"),
    ),
    # validation
    _paper(
        "entekhabi2010metrics",
        "Entekhabi, D.; Reichle, R. H.; Koster, R. D.; Crow, W. T.",
        "Performance Metrics for Soil Moisture Retrievals and Application Requirements",
        *("Journal of Hydrometeorology", 2010, "11", "832–840", "10.1175/2010JHM1223.1"),
    ),
    _paper(
        "taylor2001",
        "Taylor, K. E.",
        "Summarizing multiple aspects of model performance in a single diagram",
        *("Journal of Geophysical Research: Atmospheres", 2001, "106", "7183–7192", "10.1029/2000JD900719"),
    ),
    _paper(
        "vachaud1985",
        "Vachaud, G.; Passerat de Silans, A.; Balabanis, P.; Vauclin, M.",
        "Temporal Stability of Spatially Measured Soil Water Probability Density Function",
        *("Soil Science Society of America Journal", 1985, "49", "822–828", "10.2136/sssaj1985.03615995004900040006x"),
    ),
    _paper(
        "wagner1999",
        "Wagner, W.; Lemoine, G.; Rott, H.",
        "A Method for Estimating Soil Moisture from ERS Scatterometer and Soil Data",
        *("Remote Sensing of Environment", 1999, "70", "191–207", "10.1016/S0034-4257(99)00036-X"),
    ),
    _paper(
        "albergel2008",
        "Albergel, C.; Rüdiger, C.; Pellarin, T.; Calvet, J.-C.; Fritz, N.; Froissard, F.; Suquia, D.; Petitpa, A.; Piguet, B.; Martin, E.",
        "From near-surface to root-zone soil moisture using an exponential filter: an assessment of the method based on in-situ "
        "observations and model simulations",
        *("Hydrology and Earth System Sciences", 2008, "12", "1323–1337", "10.5194/hess-12-1323-2008"),
    ),
    _paper(
        "stoffelen1998",
        "Stoffelen, A.",
        "Toward the true near-surface wind speed: Error modeling and calibration using triple collocation",
        *("Journal of Geophysical Research: Oceans", 1998, "103", "7755–7766", "10.1029/97JC03180"),
    ),
    _paper(
        "mccoll2014",
        "McColl, K. A.; Vogelzang, J.; Konings, A. G.; Entekhabi, D.; Piles, M.; Stoffelen, A.",
        "Extended triple collocation: Estimating errors and correlation coefficients with respect to an unknown target",
        *("Geophysical Research Letters", 2014, "41", "6229–6236", "10.1002/2014GL061322"),
    ),
    _paper(
        "gruber2016",
        "Gruber, A.; Su, C.-H.; Zwieback, S.; Crow, W.; Dorigo, W.; Wagner, W.",
        "Recent advances in (soil moisture) triple collocation analysis",
        *("International Journal of Applied Earth Observation and Geoinformation", 2016, "45", "200–211", "10.1016/j.jag.2015.09.002"),
    ),
    # comparison of methods and trends
    _paper(
        "qu2019",
        "Qu, Y.; Zhu, Z.; Chai, L.; Liu, S.; Montzka, C.; Liu, J.; Yang, X.; Lu, Z.; Jin, R.; Li, X.; others",
        "Rebuilding a Microwave Soil Moisture Product Using Random Forest Adopting AMSR-E/AMSR2 Brightness Temperature and SMAP over the "
        "Qinghai–Tibet Plateau, China",
        *("Remote Sensing", 2019, "11", "683", "10.3390/rs11060683"),
    ),
    _paper(
        "yao2017",
        "Yao, P.; Shi, J.; Zhao, T.; Lu, H.; Al-Yaari, A.",
        "Rebuilding Long Time Series Global Soil Moisture Products Using the Neural Network Adopting the Microwave Vegetation Index",
        *("Remote Sensing", 2017, "9", "35", "10.3390/rs9010035"),
    ),
    _paper(
        "yao2021",
        "Yao, P.; Lu, H.; Shi, J.; Zhao, T.; Yang, K.; Cosh, M. H.; Gianotti, D. J. S.; Entekhabi, D.",
        "A long term global daily soil moisture dataset derived from AMSR-E and AMSR2 (2002–2019)",
        *("Scientific Data", 2021, "8", "143", "10.1038/s41597-021-00925-8"),
    ),
    _paper(
        "gruber2019",
        "Gruber, A.; Scanlon, T.; van der Schalie, R.; Wagner, W.; Dorigo, W.",
        "Evolution of the ESA CCI Soil Moisture climate data records and their underlying merging methodology",
        *("Earth System Science Data", 2019, "11", "717–739", "10.5194/essd-11-717-2019"),
    ),
    _paper(
        "breiman2001",
        "Breiman, L.",
        "Random Forests",
        *("Machine Learning", 2001, "45", "5–32", "10.1023/A:1010933404324"),
    ),
    _paper(
        "specht1991",
        "Specht, D. F.",
        "A general regression neural network",
        *("IEEE Transactions on Neural Networks", 1991, "2", "568–576", "10.1109/72.97934"),
    ),
    _paper(
        "reichle2004",
        "Reichle, R. H.; Koster, R. D.",
        "Bias reduction in short records of satellite soil moisture",
        *("Geophysical Research Letters", 2004, "31", "L19501", "10.1029/2004GL020938"),
    ),
    _paper(
        "sen1968",
        "Sen, P. K.",
        "Estimates of the Regression Coefficient Based on Kendall's Tau",
        *("Journal of the American Statistical Association", 1968, "63", "1379–1389", "10.1080/01621459.1968.10480934"),
    ),
    _paper(
        "mann1945",
        "Mann, H. B.",
        "Nonparametric Tests Against Trend",
        *("Econometrica", 1945, "13", "245–259", "10.2307/1907187"),
    ),
    _paper(
        "hamed1998",
        "Hamed, K. H.; Rao, A. R.",
        "A modified Mann-Kendall trend test for autocorrelated data",
        *("Journal of Hydrology", 1998, "204", "182–196", "10.1016/S0022-1694(97)00125-X"),
    ),
)

#: Key -> reference.
REFERENCES = {reference.key: reference for reference in _ALL}

#: Field of BibTeX in which the journal of each type stands.
_WHERE = {"article": "journal", "inproceedings": "booktitle", "misc": "publisher"}

_ESCAPED = {"&": r"\&", "%": r"\%", "$": r"\$", "#": r"\#", "_": r"\_", "{": r"\{", "}": r"\}", "~": r"\~{}", "–": "--", "ü": r"{\"u}"}


def years(keys: Iterable[str]) -> dict[str, str]:
    """Key -> year as it is cited among ``keys``, with a letter where the same authors have two works of a year."""
    cited = sorted({REFERENCES[key] for key in keys}, key=_order)
    found = {}
    for reference in cited:
        alike = [other.key for other in cited if (other.cited_as, other.year) == (reference.cited_as, reference.year)]
        found[reference.key] = f"{reference.year}{'abcdefgh'[alike.index(reference.key)] if len(alike) > 1 else ''}"
    return found


def _order(reference: Reference) -> tuple[list[str], int, str]:
    return [name.lower() for name in reference.families], reference.year, reference.key


def listed(keys: Iterable[str]) -> list[str]:
    """The reference list of ``keys``, a line each, by authors and year, with the DOI."""
    cited = years(keys)
    return [_line(REFERENCES[key], cited[key]) for key in sorted(cited, key=lambda key: _order(REFERENCES[key]))]


def _line(reference: Reference, year: str) -> str:
    people = ["et al." if author == OTHERS else author for author in reference.authors]
    who = people[0] if len(people) == 1 else f"{', '.join(people[:-1])}{', ' if people[-1] == 'et al.' else ' and '}{people[-1]}"
    where = ", ".join(part for part in (reference.journal, reference.volume, reference.pages) if part)
    return f"{who} ({year}). {reference.title}. {where}. https://doi.org/{reference.doi}"


def bibtex(keys: Iterable[str]) -> str:
    """``references.bib``: an entry for each of ``keys``, each once, by authors and year."""
    entries = sorted({REFERENCES[key] for key in keys}, key=_order)
    return "\n".join(_entry(reference) for reference in entries)


def _entry(reference: Reference) -> str:
    fields = {
        "author": " and ".join(_escaped(author) for author in reference.authors),
        "title": f"{{{_escaped(reference.title)}}}",
        _WHERE[reference.kind]: _escaped(reference.journal),
        "year": str(reference.year),
        "volume": reference.volume,
        "pages": _escaped(reference.pages),
        "doi": reference.doi,
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items() if value)
    return f"@{reference.kind}{{{reference.key},\n{lines}}}\n"


def _escaped(text: str) -> str:
    """Text with the characters that LaTeX reads as its own, and those beyond ASCII, escaped."""
    return re.sub("|".join(map(re.escape, _ESCAPED)), lambda found: _ESCAPED[found[0]], text)
