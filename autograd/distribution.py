"""What is said when another distribution has put its files into this package's directory."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterable

_FOREIGN = ("tracer.py", os.path.join("numpy", "numpy_wrapper.py"))
"""Files of the distribution that is itself named `autograd`, and installs a package of that name. None is ours."""


def warn_if_mixed(directories: Iterable[str]) -> None:
    """Warn that uninstalling or upgrading either distribution will break the other; installers do not notice.

    A look at two files, some microseconds: asking the installer's records would cost a hundred times more.
    """
    for directory in directories:
        for name in _FOREIGN:
            if os.path.exists(os.path.join(directory, name)):
                warnings.warn(
                    f"the distributions 'memograd' and 'autograd' are installed over one another in {directory}, and "
                    f"removing one breaks the other: run 'pip uninstall autograd', then 'pip install "
                    f"--force-reinstall memograd', and keep the other in an environment of its own",
                    stacklevel=3,
                )
                return
