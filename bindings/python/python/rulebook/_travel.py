"""Rulebooks that arrive in another process: built once there, and only as they were sent."""

from ._rulebook import Policy, Rulebook, TravelError, __version__

# By digest, language and name: whoever judges many parts of a table loads its rulebook once.
_arrived: dict[tuple[str, str | None, str], Rulebook] = {}


def arrive(
    texts: list[tuple[str, str]],
    set: list[tuple[str, str]],
    lang: str | None,
    name: str,
    digest: str,
    engine: str,
) -> Rulebook:
    """The rulebook that was sent; raises `TravelError` where it would be another."""
    if engine != __version__:
        raise TravelError(
            f"the rulebook was sent by rulebook {engine}, and this process has {__version__}; "
            "install the same version everywhere"
        )
    key = (digest, lang, name)
    if key not in _arrived:
        book = Rulebook.from_texts(dict(texts), set=dict(set), lang=lang, name=name)
        if book.digest != digest:
            raise TravelError(
                f"the rulebook was sent as {digest}, and its texts make {book.digest} here"
            )
        _arrived[key] = book
    return _arrived[key]


def policy_of(book: Rulebook, name: str, replaying: bool, at: str | None) -> Policy:
    """The policy that was sent."""
    policy = book.policy(name)
    if at is None:
        return policy.replaying() if replaying else policy
    return policy.replaying_as_of(at) if replaying else policy.at(at)
