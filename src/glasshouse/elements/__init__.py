"""The catalogue of elements of Article 5(1)(c), in the order in which a reader of the article meets them."""

from glasshouse.element import Element
from glasshouse.elements.evaluation import EVALUATION
from glasshouse.elements.limbs import LIMBS
from glasshouse.elements.treatment import TREATMENT

ELEMENTS: tuple[Element, ...] = (*EVALUATION, *TREATMENT, *LIMBS)
"""Every element, whether anything is counted for it or not."""
