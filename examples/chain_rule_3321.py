"""The network of the notes, 3-3-2-1 with sigmoids, and the derivation of one weight's gradient in each layer."""

import numpy as np

from autograd import Value, derive


def layer(number, inputs, size, rng, output):
    """A layer in the notation of the notes: weights W with the layer above and from-to below, outputs by name."""
    weights = [
        [Value(rng.uniform(-1, 1), name=f"W^{number}_{i + 1}{j + 1}") for j in range(size)] for i in range(len(inputs))
    ]
    biases = [Value(rng.uniform(-1, 1), name=f"b^{number}_{j + 1}") for j in range(size)]
    outputs = []
    for j in range(size):
        out = (sum((x * row[j] for x, row in zip(inputs, weights, strict=True)), biases[j])).sigmoid()
        out.name = output(j + 1)
        outputs.append(out)
    return weights, biases, outputs


def network(seed=0):
    """The loss of one sample, the weights by layer, and all 23 parameters."""
    rng = np.random.default_rng(seed)
    outputs = [0.5, -1.0, 0.25]
    weights, parameters = [], []
    for number, size in enumerate((3, 2, 1), start=1):
        last = number == 3
        w, b, outputs = layer(number, outputs, size, rng, lambda j, n=number, end=last: "yhat" if end else f"O_{n}{j}")
        weights.append(w)
        parameters += [each for row in w for each in row] + b
    loss = (outputs[0] - 1.0) ** 2
    loss.name = "L"
    return loss, weights, parameters


if __name__ == "__main__":
    loss, weights, parameters = network()
    print(f"The network has {len(parameters)} trainable parameters.\n")
    for number in (3, 2, 1):
        print(derive(loss, weights[number - 1][0][0]), end="\n\n\n")
