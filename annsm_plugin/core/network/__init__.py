"""The neural network of a cell: the function, its random start, splits, scaling, and Levenberg-Marquardt for a block of cells.

Arrays in, arrays out: no file is opened here. Applying a network (``predict``) needs numpy only, training needs PyTorch.
"""

from ..foundation.lazy import exports

__getattr__, __all__ = exports(__name__, {"function": ("n_weights", "nguyen_widrow", "predict"), "block": ("train_block",)})
