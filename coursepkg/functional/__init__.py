"""Pairs of pure functions: ``out, cache = f(...)`` and ``grads = f_backward(dout, cache)``.

Inputs are never changed, the dtype is kept, and a gradient has exactly the shape of what it
belongs to.
"""

from coursepkg.functional.activation import (
    elu,
    elu_backward,
    leaky_relu,
    leaky_relu_backward,
    relu,
    relu_backward,
    sigmoid,
    sigmoid_backward,
    step,
    tanh,
    tanh_backward,
)
from coursepkg.functional.conv import conv2d, conv2d_backward
from coursepkg.functional.dropout import dropout, dropout_backward
from coursepkg.functional.linear import flatten, flatten_backward, linear, linear_backward
from coursepkg.functional.local import locally_connected2d, locally_connected2d_backward
from coursepkg.functional.loss import (
    binary_cross_entropy_with_logits,
    binary_cross_entropy_with_logits_backward,
    cross_entropy,
    cross_entropy_backward,
    multiclass_hinge_loss,
    multiclass_hinge_loss_backward,
)
from coursepkg.functional.maxout import maxout, maxout_backward
from coursepkg.functional.norm import (
    batch_norm,
    batch_norm_backward,
    batch_norm_inference,
    batch_norm_inference_backward,
    layer_norm,
    layer_norm_backward,
)
from coursepkg.functional.pool import (
    avg_pool2d,
    avg_pool2d_backward,
    feature_lp_pool,
    feature_lp_pool_backward,
    lp_pool2d,
    lp_pool2d_backward,
    max_pool2d,
    max_pool2d_backward,
)
from coursepkg.functional.softmax import (
    log_softmax,
    log_softmax_backward,
    softmax,
    softmax_backward,
)
from coursepkg.functional.squared_error import (
    half_squared_error,
    half_squared_error_backward,
    l2_penalty,
    l2_penalty_backward,
    mse_loss,
    mse_loss_backward,
)
from coursepkg.functional.windows import conv_output_size

__all__ = [
    "avg_pool2d",
    "avg_pool2d_backward",
    "batch_norm",
    "batch_norm_backward",
    "batch_norm_inference",
    "batch_norm_inference_backward",
    "binary_cross_entropy_with_logits",
    "binary_cross_entropy_with_logits_backward",
    "conv2d",
    "conv2d_backward",
    "conv_output_size",
    "cross_entropy",
    "cross_entropy_backward",
    "dropout",
    "dropout_backward",
    "elu",
    "elu_backward",
    "feature_lp_pool",
    "feature_lp_pool_backward",
    "flatten",
    "flatten_backward",
    "half_squared_error",
    "half_squared_error_backward",
    "l2_penalty",
    "l2_penalty_backward",
    "layer_norm",
    "layer_norm_backward",
    "leaky_relu",
    "leaky_relu_backward",
    "linear",
    "linear_backward",
    "locally_connected2d",
    "locally_connected2d_backward",
    "log_softmax",
    "log_softmax_backward",
    "lp_pool2d",
    "lp_pool2d_backward",
    "max_pool2d",
    "max_pool2d_backward",
    "maxout",
    "maxout_backward",
    "mse_loss",
    "mse_loss_backward",
    "multiclass_hinge_loss",
    "multiclass_hinge_loss_backward",
    "relu",
    "relu_backward",
    "sigmoid",
    "sigmoid_backward",
    "softmax",
    "softmax_backward",
    "step",
    "tanh",
    "tanh_backward",
]
