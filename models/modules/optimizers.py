"""Optimizers that PyTorch lacks, with Keras's numbers."""

# Their steps take no closure: the gradients are there already.
# pyright: reportIncompatibleMethodOverride=false

import torch


class Lion(torch.optim.Optimizer):
    """Steps the same distance for every weight, along the sign of a mean of the gradients."""

    def __init__(self, params, lr=0.001, betas=(0.9, 0.99), weight_decay=0.0):
        super().__init__(params, {"lr": lr, "betas": betas, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (near, far) = group["lr"], group["betas"]
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if not state:
                    state["mean"] = torch.zeros_like(weight)
                mean = state["mean"]
                weight.mul_(1 - lr * group["weight_decay"])
                weight.sub_(mean.lerp(weight.grad, 1 - near).sign(), alpha=lr)
                mean.lerp_(weight.grad, 1 - far)


class Lamb(torch.optim.Optimizer):
    """Adam's step, made as long as the weight tensor is large."""

    def __init__(self, params, lr=0.001, betas=(0.9, 0.999), eps=1e-7, weight_decay=0.0):
        defaults = {"lr": lr, "betas": betas, "eps": eps, "weight_decay": weight_decay}
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, (beta_1, beta_2) = group["lr"], group["betas"]
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if not state:
                    state["step"] = 0
                    state["mean"], state["square"] = (torch.zeros_like(weight) for _ in range(2))
                state["step"] += 1
                mean = state["mean"].lerp_(weight.grad, 1 - beta_1)
                square = state["square"].lerp_(weight.grad.square(), 1 - beta_2)
                weight.mul_(1 - lr * group["weight_decay"])
                step = mean / (1 - beta_1 ** state["step"])
                step = step / ((square / (1 - beta_2 ** state["step"])).sqrt() + group["eps"])
                large, long = weight.norm(), step.norm()
                ratio = torch.where((large > 0) & (long > 0), large / long, 1.0)
                weight.sub_(lr * ratio * step)


class Ftrl(torch.optim.Optimizer):
    """Chooses the weight that all gradients so far ask for ("follow the regularised leader")."""

    def __init__(
        self,
        params,
        lr=0.001,
        power=-0.5,
        initial=0.1,
        l1=0.0,
        l2=0.0,
        l2_shrinkage=0.0,
        beta=0.0,
        weight_decay=0.0,
    ):
        defaults = {"lr": lr, "power": power, "initial": initial, "l1": l1, "l2": l2}
        defaults |= {"l2_shrinkage": l2_shrinkage, "beta": beta, "weight_decay": weight_decay}
        super().__init__(params, defaults)

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            lr, l1 = group["lr"], group["l1"]
            for weight in group["params"]:
                if weight.grad is None:
                    continue
                state = self.state[weight]
                if not state:
                    state["square"] = torch.full_like(weight, group["initial"])
                    state["linear"] = torch.zeros_like(weight)
                square, linear = state["square"], state["linear"]
                weight.mul_(1 - lr * group["weight_decay"])
                before = square.pow(-group["power"])
                square.addcmul_(weight.grad, weight.grad)
                after = square.pow(-group["power"])
                linear += weight.grad + 2 * group["l2_shrinkage"] * weight
                linear -= (after - before) / lr * weight
                quadratic = (after + group["beta"]) / lr + 2 * group["l2"]
                weight.copy_((linear.clamp(-l1, l1) - linear) / quadratic)


class Adafactor(torch.optim.Optimizer):
    """Remembers the squares of a matrix by its rows and columns only, and steps by its size."""

    def __init__(
        self, params, lr=0.001, beta2_decay=-0.8, eps=(1e-30, 1e-3), d=1.0, weight_decay=0.0
    ):
        defaults = {"lr": lr, "beta2_decay": beta2_decay, "eps": eps, "d": d}
        super().__init__(params, {**defaults, "weight_decay": weight_decay})

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    self._follow(weight, group)

    def _follow(self, weight, group):
        state, (floor, least) = self.state[weight], group["eps"]
        squares = weight.grad.square() + floor
        # Of the first two axes of a matrix or kernel only the means are kept.
        means = [squares.mean(axis, keepdim=True) for axis in (1, 0)] if weight.dim() > 1 else []
        seen = means or [squares]
        if not state:
            state["step"], state["seen"] = 0, [torch.zeros_like(each) for each in seen]
        state["step"] += 1
        for kept, fresh in zip(state["seen"], seen, strict=True):
            kept.lerp_(fresh, state["step"] ** group["beta2_decay"])
        weight.mul_(1 - group["lr"] * group["weight_decay"])
        size = weight.square().mean().sqrt().clamp_min(least)
        size = size * min(group["lr"], state["step"] ** -0.5)
        rows, columns = state["seen"] if means else (state["seen"][0], None)
        mean = rows if columns is None else columns / columns.mean(1, keepdim=True) * rows
        step = weight.grad / mean.sqrt()
        length = step.square().mean().sqrt()
        weight.sub_(step / (length / group["d"]).clamp_min(1.0) * size)


class Muon(torch.optim.Optimizer):
    """Steps along the nearest orthogonal matrix; what is no matrix takes AdamW's steps.

    Matrices that should take them too, such as embeddings, go into a group with adam=True.
    """

    def __init__(
        self,
        params,
        lr=0.001,
        weight_decay=0.004,
        adam_weight_decay=0.004,
        adam_beta_1=0.9,
        adam_beta_2=0.999,
        epsilon=1e-7,
        adam_lr_ratio=1.0,
        muon_a=3.4445,
        muon_b=-4.775,
        muon_c=2.0315,
        momentum=0.95,
        ns_steps=5,
        nesterov=True,
        rms_rate=0.2,
        adam=False,
    ):
        defaults = {"lr": lr, "weight_decay": weight_decay, "adam_weight_decay": adam_weight_decay}
        defaults |= {"adam_beta_1": adam_beta_1, "adam_beta_2": adam_beta_2, "epsilon": epsilon}
        defaults |= {"adam_lr_ratio": adam_lr_ratio, "momentum": momentum, "nesterov": nesterov}
        defaults |= {"muon_a": muon_a, "muon_b": muon_b, "muon_c": muon_c}
        super().__init__(
            params, {**defaults, "ns_steps": ns_steps, "rms_rate": rms_rate, "adam": adam}
        )

    @torch.no_grad()
    def step(self):
        for group in self.param_groups:
            for weight in group["params"]:
                if weight.grad is not None:
                    adam = group["adam"] or weight.dim() != 2
                    (self._adam if adam else self._orthogonal)(weight, group)

    def _adam(self, weight, group):
        lr, beta_1, beta_2 = group["lr"], group["adam_beta_1"], group["adam_beta_2"]
        state = self.state[weight]
        if not state:
            state["step"] = 0
            state["mean"], state["square"] = (torch.zeros_like(weight) for _ in range(2))
        state["step"] += 1
        mean = state["mean"].lerp_(weight.grad, 1 - beta_1)
        square = state["square"].lerp_(weight.grad.square(), 1 - beta_2)
        rate = lr * (1 - beta_2 ** state["step"]) ** 0.5 / (1 - beta_1 ** state["step"])
        weight.mul_(1 - lr * group["adam_weight_decay"])
        step = mean / (square.sqrt() + group["epsilon"])
        weight.sub_(step, alpha=rate * group["adam_lr_ratio"])

    def _orthogonal(self, weight, group):
        lr, momentum, rms_rate = group["lr"], group["momentum"], group["rms_rate"]
        state = self.state[weight]
        if not state:
            state["mean"] = torch.zeros_like(weight)
        mean = state["mean"].mul_(momentum).add_(weight.grad)
        x = weight.grad + momentum * mean if group["nesterov"] else mean
        tall = x.shape[0] > x.shape[1]
        x = x.T if tall else x
        x = x / (x.norm() + 1e-7)
        for _ in range(group["ns_steps"]):
            a = x @ x.T
            x = group["muon_a"] * x + (group["muon_b"] * a + group["muon_c"] * (a @ a)) @ x
        length = max(x.shape) ** 0.5 * rms_rate if rms_rate else 1.0
        weight.mul_(1 - lr * group["weight_decay"])
        weight.sub_(x.T if tall else x, alpha=lr * length)
