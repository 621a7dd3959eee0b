"""A chain of scalar operations, forward and backward: the time for each must not grow with the length."""

from benchmarks.contest import main


def memograd(length):
    from autograd import Value

    def step():
        x = Value(1.0)
        y = x
        for _ in range(length):
            y = y * 1.0000001
        y.backward()
        return x.grad

    return step


def hips(length):
    from autograd import grad

    def chain(x):
        for _ in range(length):
            x = x * 1.0000001
        return x

    return lambda: grad(chain)(1.0)


CONTESTANTS = {"memograd": (["autograd"], memograd), "HIPS autograd": (["autograd"], hips)}

if __name__ == "__main__":
    main(CONTESTANTS)
