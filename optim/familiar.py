"""What PyTorch's `torch.optim` has under a name of its own, and what it is here: told by the error of whoever asks."""

OF_DESCENT = {
    "lr_scheduler": "optim.Scheduler(optimizer, optim.StepLR(10)), and optim.ReduceLROnPlateau(optimizer)",
    "LRScheduler": "optim.Scheduler", "swa_utils": "optim.AveragedModel", "SWALR": "optim.Schedule",
    "ChainedScheduler": "optim.Scheduler(optimizer, schedule * schedule)", "SparseAdam": "optim.Adam",
    "DataLoader": "optim.mini_batches, or optim.fit(..., batch_size=32)", "ASGD": "optim.SGD, optim.AveragedModel",
}  # fmt: skip
"""Classes of `torch.optim`, its schedulers, and what stands beside it in a program."""
