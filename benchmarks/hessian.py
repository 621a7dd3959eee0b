"""The Hessian of Rosenbrock's function, of as many variables as the size says."""

from benchmarks.contest import main


def _prepare(size):
    import numpy as np

    from autograd import hessian

    def rosenbrock(x):
        return (100.0 * (x[1:] - x[:-1] ** 2) ** 2 + (1 - x[:-1]) ** 2).sum()

    x = np.linspace(-1, 1, size)
    second = hessian(rosenbrock)
    return lambda: second(x)


CONTESTANTS = {"memograd": (["autograd"], _prepare), "HIPS autograd": (["autograd"], _prepare)}

if __name__ == "__main__":
    main(CONTESTANTS)
