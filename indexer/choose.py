"""Which of its translations does a word have here?  Those that stand together with the question's other words."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import numpy.typing as npt

from indexer.held import Archive, Counts
from indexer.units import Form, Unit

# How much the company decides over the usual order of the renderings.
SHARPNESS = 1.0


def by_company(units: Sequence[Unit], archive: Archive) -> list[Unit]:
    """The units, their translations trusted by how often they stand in one article with those of the other units."""
    flat = [(number, form) for number, unit in enumerate(units) for form in unit.forms]
    if not any(form.why == "translation" for _, form in flat):
        return list(units)
    counts, size = archive.together([(form, units[number].zones) for number, form in flat])
    if not size:
        return list(units)
    company = support(counts, size, np.array([number for number, _ in flat]))
    trusted = iter(company)
    return [replace(unit, forms=weighed(unit.forms, [next(trusted) for _ in unit.forms])) for unit in units]


def support(together: Counts, size: int, unit: npt.NDArray[np.int64]) -> npt.NDArray[np.float64]:
    """For each form how well it goes with the best form of every other unit: pointwise mutual information,
    of which only attraction counts, normalised to 0..1 (Bouma 2009).

    ``together``: in how many of ``size`` documents each two forms stand; ``unit``: which unit each form is of.
    """
    alone = np.diag(together)
    with np.errstate(divide="ignore", invalid="ignore"):
        pmi = np.log(together * size / np.outer(alone, alone)) / -np.log(together / size)
    pmi = np.nan_to_num(np.clip(pmi, 0, 1))
    best = np.zeros(len(unit))
    others = np.unique(unit)
    for other in others:
        group = pmi[:, unit == other].max(axis=1)
        best += np.where(unit == other, 0, group)
    return best / max(1, len(others) - 1)


def weighed(forms: tuple[Form, ...], company: list[float]) -> tuple[Form, ...]:
    translated = [value for form, value in zip(forms, company, strict=True) if form.why == "translation"]
    top = max(translated, default=0.0)
    if top == 0:
        return forms
    return tuple(
        form._replace(trust=form.trust * (value / top) ** SHARPNESS) if form.why == "translation" else form
        for form, value in zip(forms, company, strict=True)
    )
