"""What a triple collocation can be asked for and must be said of it; apart, so that a dialog can offer it without loading anything else."""

from __future__ import annotations

NAMES = ("X", "Y", "Z")

#: Fewest common days of an estimate.
MIN_N = 100

#: Draws of the bootstrap unless asked otherwise.
DRAWS = 200

#: The condition of the method, said wherever its numbers are.
INDEPENDENCE = (
    "Triple collocation takes the errors of the three products as independent of each other and of the truth. ANN-SM is trained on SMAP, "
    "fed with GLDAS and driven by AMSR brightness temperature: beside SMAP, GLDAS or an AMSR retrieval (LPRM, JAXA) both seem better than "
    "they are, and the third seems worse. Choose three that share as little as possible, such as ANN-SM, SMOS and stations. What a station "
    "or a coarse pixel cannot show of its cell counts as its error."
)
