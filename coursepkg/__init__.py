"""A NumPy library of neural networks that is read like a book and runs like an engine.

Start with `coursepkg.functional`: pairs of pure functions, a forward and its backward.
Layers, networks and training are thin views on those pairs.
"""

__version__ = "0.1.0"
