"""What PyTorch's `torch.nn` has under a name of its own, and what it is here: told by the error of whoever asks."""

_DEVICE = "the model itself: there is one device"
_WINDOWS = "autograd.sliding_window_view(x, width, axis), and its max or mean"

OF_MODULES = {
    "register_buffer": "self.name = nn.Buffer(array)", "register_parameter": "self.name = nn.Parameter(array)",
    "add_module": "self.name = module", "register_module": "self.name = module", "cpu": _DEVICE, "cuda": _DEVICE,
    "to": "model.astype(dtype); there is one device", "type": "model.astype(dtype)",
    "float": "model.astype(np.float32)", "double": "model.astype(np.float64)",
    "get_parameter": "dict(model.named_parameters())[name]", "get_submodule": "dict(model.named_modules())[name]",
    "forward": "for you to define: def forward(self, x)",
}  # fmt: skip
"""Methods of a module."""

OF_MODELS = {
    "CrossEntropyLoss": "nn.cross_entropy", "NLLLoss": "nn.nll_loss", "MSELoss": "nn.mse_loss", "L1Loss": "nn.l1_loss",
    "BCELoss": "nn.binary_cross_entropy", "BCEWithLogitsLoss": "nn.binary_cross_entropy_with_logits",
    "SmoothL1Loss": "nn.smooth_l1_loss", "HuberLoss": "nn.huber_loss", "KLDivLoss": "nn.kl_div",
    "GaussianNLLLoss": "nn.gaussian_nll_loss", "PoissonNLLLoss": "nn.poisson_nll_loss",
    "CosineEmbeddingLoss": "nn.cosine_embedding_loss", "HingeEmbeddingLoss": "nn.hinge_embedding_loss",
    "MarginRankingLoss": "nn.margin_ranking_loss", "MultiMarginLoss": "nn.multi_margin_loss",
    "SoftMarginLoss": "nn.soft_margin_loss", "TripletMarginLoss": "nn.triplet_margin_loss",
    "functional": "losses as nn.mse_loss, all else as autograd.relu", "Swish": "nn.SiLU",
    "Embedding": "weight[index], of weight = nn.Parameter(array)", "ParameterList": "a list that is an attribute",
    "ParameterDict": "a dict that is an attribute", "utils": "optim.clip_grad_norm_, optim.clip_grad_value_",
    "Conv1d": "autograd.conv1d(x, weight, bias), of nn.Parameter", "MaxPool1d": _WINDOWS, "AvgPool1d": _WINDOWS,
    "Conv2d": "autograd.conv2d(x, weight, bias), of nn.Parameter", "MaxPool2d": _WINDOWS, "AvgPool2d": _WINDOWS,
}  # fmt: skip
"""Modules and functions of `torch.nn`."""

OF_STARTS = {
    **{f"{name}_": f"p.data = nn.init.{name}(rng, p.shape)"
       for name in ("zeros", "ones", "eye", "uniform", "normal", "orthogonal",
                    "xavier_uniform", "xavier_normal")},
    "constant_": "p.data = nn.init.constant(rng, p.shape, value=number)",
    "kaiming_uniform_": "p.data = nn.init.he_uniform(rng, p.shape)",
    "kaiming_normal_": "p.data = nn.init.he_normal(rng, p.shape)",
    "trunc_normal_": "p.data = nn.init.truncated_normal(rng, p.shape)", "calculate_gain": "nn.init.gain",
}  # fmt: skip
"""Start values, of `torch.nn.init`: functions of a generator and a shape here, which change nothing."""
