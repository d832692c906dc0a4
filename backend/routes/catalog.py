"""The catalogue of layer types and objectives."""

from fastapi import APIRouter

from models.catalog import Catalog
from models.catalog_of import catalog

router = APIRouter(tags=["catalog"])


@router.get("/catalog")
def read_catalog() -> Catalog:
    """Everything that a network and a recipe can be made of."""
    return catalog()
