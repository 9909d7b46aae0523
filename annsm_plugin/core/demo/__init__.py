"""A small synthetic archive in the products' own formats, made by a physical forward model: for trying the chain, not for science."""

from .archive import Archive, periods, region, write_archive

__all__ = ["Archive", "periods", "region", "write_archive"]
