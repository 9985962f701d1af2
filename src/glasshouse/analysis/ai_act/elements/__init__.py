"""The catalogue of elements of Article 5(1)(c), in the order in which a reader of the article meets them."""

from glasshouse.analysis.ai_act.elements.conditions import LIMBS
from glasshouse.analysis.ai_act.elements.element import Element
from glasshouse.analysis.ai_act.elements.evaluation import EVALUATION
from glasshouse.analysis.ai_act.elements.treatment import TREATMENT

ELEMENTS: tuple[Element, ...] = (*EVALUATION, *TREATMENT, *LIMBS)
"""Every element, whether anything is counted for it or not."""
