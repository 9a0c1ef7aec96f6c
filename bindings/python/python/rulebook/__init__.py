"""Rulebook decides records by readable dated rules, with reasons.

>>> import rulebook
>>> book = rulebook.Rulebook.from_texts({"returns.policy": '''
...     record Return { id: text  amount: CNY  score: number? }
...     policy returns for Return {
...       decide refund: support < review < reject by strictest
...         otherwise support because "small returns are refunded at once"
...       rule high_amount {
...         when amount > 2000 CNY
...         then review
...         because "{amount} is more than we refund unseen"
...       }
...     }'''})
>>> policy = book.policy("returns")
>>> policy.decide({"id": "r1", "amount": 2599}).reasons
['CNY 2,599.00 is more than we refund unseen']

A record that breaks its declared types is rejected, with every problem told:

>>> try:
...     policy.decide({"id": 7, "amount": "ten"})
... except rulebook.Rejection as rejection:
...     print([error["path"] for error in rejection.errors])
['id', 'amount']
"""

from ._rulebook import (
    Decision,
    Error,
    History,
    Impact,
    LoadError,
    Policy,
    ProfileError,
    Rejection,
    Rulebook,
    SchemaError,
    Table,
    TravelError,
    UnknownPolicy,
    __version__,
)

__all__ = [
    "Decision",
    "Error",
    "History",
    "Impact",
    "LoadError",
    "Policy",
    "ProfileError",
    "Rejection",
    "Rulebook",
    "SchemaError",
    "Table",
    "TravelError",
    "UnknownPolicy",
    "__version__",
]
