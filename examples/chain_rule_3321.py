"""The network of the course, 3-3-2-1: its derivatives by one weight of each layer, with and without the memo.

Weights are W^k_ij: superscript the layer, subscript from unit i to unit j. O_ij is the output of unit j of layer i.
"""

from autograd import Tensor, Value
from autograd.derivation import derive

SIZES = (3, 3, 2, 1)


def start_value(layer, source, target):
    """Some weight of either sign: the derivation is about where it goes, not about its size."""
    return ((7 * layer + 3 * source + 5 * target) % 12 - 5.5) / 10


def network(inputs, target):
    """The squared error of the network, and its parameters by name."""
    parameters = {}

    def parameter(name, number):
        parameters[name] = Value(number, name=name)
        return parameters[name]

    outputs = [Tensor(number, name=f"x_{place}") for place, number in enumerate(inputs, start=1)]
    for layer in (1, 2, 3):
        units = []
        for to in range(1, SIZES[layer] + 1):
            weights = [
                parameter(f"W^{layer}_{i}{to}", start_value(layer, i, to)) for i in range(1, SIZES[layer - 1] + 1)
            ]
            weighted = weights[0] * outputs[0]
            for weight, output in zip(weights[1:], outputs[1:], strict=True):
                weighted = weighted + weight * output
            unit = (weighted + parameter(f"b^{layer}_{to}", to / 10)).sigmoid()
            unit.name = "yhat" if layer == 3 else f"O_{layer}{to}"
            units.append(unit)
        outputs = units
    (yhat,) = outputs
    loss = (yhat - Tensor(target, name="y")) ** 2
    loss.name = "L"
    return loss, parameters


def main():
    loss, parameters = network(inputs=(1.0, 0.5, -1.5), target=1.0)
    print(f"{len(parameters)} trainable parameters\n")
    for number, weight in (("(i)", "W^3_11"), ("(ii)", "W^2_11"), ("(iii)", "W^1_11")):
        print(number)
        print(derive(loss, parameters[weight]))
    print("All of them in one sweep: each adjoint once, and where it is read again\n")
    print(derive(loss, list(parameters.values())).memo)


if __name__ == "__main__":
    main()
