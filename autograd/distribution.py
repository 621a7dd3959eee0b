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
                    f"the distributions 'memograd' and 'autograd' are installed over one another in {directory} and "
                    f"break each other: keep them in virtual environments of their own; to mend this one, "
                    f"run pip uninstall autograd memograd, then pip install memograd",
                    stacklevel=3,
                )
                return
