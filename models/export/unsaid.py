"""What a script cannot say, refused."""

from models.errors import DocumentError, refuse


def unsaid(expected: str, *path: str | int) -> DocumentError:
    """Return the refusal of something that a script cannot say; `path` is one of the recipe."""
    return refuse(
        "not_in_script",
        f"Expected {expected}. Change it, or take the source of the network alone.",
        path=["recipe", *path],
    )
