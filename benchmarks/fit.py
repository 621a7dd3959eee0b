"""Training on digits, float32: `fit`, and a loop over batches that calls a compiled step and no more. Size: epochs."""

import numpy as np

from benchmarks.contest import main

ROWS, BATCH = 1797, 32


def task():
    import nn
    import optim

    rng = np.random.default_rng(0)
    data = rng.random((ROWS, 64), np.float32), rng.integers(0, 10, ROWS)
    model = nn.MLP([64, 128, 64, 10], dtype=np.float32, rng=0)
    return model, optim.Adam(model.parameters()), data


def fit(size):
    import nn
    import optim

    model, optimizer, data = task()
    return lambda: optim.fit(
        model, nn.cross_entropy, data, optimizer, epochs=size, batch_size=BATCH, rng=0, progress=False
    )


def loop(size):
    import autograd
    import nn
    import optim

    model, optimizer, data = task()

    def step(x, y):
        optimizer.zero_grad()
        loss = nn.cross_entropy(model(x), y)
        loss.backward()
        optimizer.step()
        return loss

    def epochs():
        compiled, rng = autograd.compile(step), np.random.default_rng(0)  # recorded anew, as `fit` does
        for _ in range(size):
            for x, y in optim.mini_batches(*data, batch_size=BATCH, rng=rng):
                compiled(x, y)

    return epochs


CONTESTANTS = {"memograd fit": (["autograd"], fit), "memograd compiled": (["autograd"], loop)}

if __name__ == "__main__":
    main(CONTESTANTS)
