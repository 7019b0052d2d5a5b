"""What does an article say of agreements, people and visits? Drafts for a person to review, every value with its quote."""
from .drafts import draft
from .gazetteer import Gazetteer
from .records import records

__all__ = ["Gazetteer", "draft", "records"]
