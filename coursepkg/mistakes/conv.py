"""Convolution on the way back: where every number of a gradient lands."""

import numpy as np

from coursepkg import functional as F
from coursepkg.mistakes.registry import mistake


@mistake(
    "CV1",
    of="conv2d_backward",
    symptom="Every gradient goes back through the kernel rotated by 180 degrees.",
    question="Pixel (i + k, j + l) met tap (k, l): which tap brings its gradient back?",
    section="10.3",
    affects=("dx",),
    hidden_when="The kernels are symmetric.",
)
def kernel_rotated(dout, cache):
    turned = cache.w[:, :, ::-1, ::-1]
    dx = F.conv2d_backward(dout, cache._replace(w=turned)).dx
    return F.conv2d_backward(dout, cache)._replace(dx=dx)


@mistake(
    "CV2",
    of="conv2d_backward",
    symptom="Where windows overlap, a pixel keeps what the last of them sent instead of the sum.",
    question="In how many windows does one pixel stand?",
    section="10.3",
    affects=("dx",),
    hidden_when="The stride is at least the size of the kernel.",
)
def assigned_not_added(dout, cache):
    x, w, windows, _ = cache
    dpadded = np.zeros_like(windows.pad(x))
    (kh, kw), (sh, sw) = windows.kernel, windows.stride
    for i in range(windows.out[0]):
        for j in range(windows.out[1]):
            window = np.einsum("nf,fckl->nckl", dout[:, :, i, j], w)
            dpadded[:, :, i * sh : i * sh + kh, j * sw : j * sw + kw] = window
    return F.conv2d_backward(dout, cache)._replace(dx=windows.crop(dpadded))


@mistake(
    "CV3",
    of="conv2d_backward",
    symptom="dx still has the border of the padding around it.",
    question="Which shape did x have before it was padded?",
    section="10.7",
    affects=("dx",),
    hidden_when="There is no padding.",
)
def padding_not_cropped(dout, cache):
    x, w, windows, _ = cache
    dpadded = np.zeros_like(windows.pad(x))
    for tap in windows.taps():
        returned = np.einsum("nfij,fc->ncij", dout, w[:, :, *tap])
        dpadded[..., *windows.seen_by(tap)] += returned
    return F.conv2d_backward(dout, cache)._replace(dx=dpadded)


@mistake(
    "CV4",
    of="conv2d_backward",
    symptom="The padding is cut off at one end only: dx is shifted down and to the right.",
    question="On how many sides was the image padded?",
    section="10.7",
    affects=("dx",),
    hidden_when="There is no padding.",
)
def cropped_from_the_corner(dout, cache):
    x, w, windows, _ = cache
    dpadded = np.zeros_like(windows.pad(x))
    for tap in windows.taps():
        returned = np.einsum("nfij,fc->ncij", dout, w[:, :, *tap])
        dpadded[..., *windows.seen_by(tap)] += returned
    dx = dpadded[:, :, : x.shape[2], : x.shape[3]]
    return F.conv2d_backward(dout, cache)._replace(dx=dx)


@mistake(
    "CV5",
    of="conv2d_backward",
    symptom="Without padding dx is empty: the slice 0:-0 holds nothing.",
    question="What is a[p:-p] for p = 0?",
    section="10.7",
    affects=("dx",),
    hidden_when="There is padding.",
)
def cropped_by_minus_zero(dout, cache):
    x, w, windows, _ = cache
    dpadded = np.zeros_like(windows.pad(x))
    for tap in windows.taps():
        returned = np.einsum("nfij,fc->ncij", dout, w[:, :, *tap])
        dpadded[..., *windows.seen_by(tap)] += returned
    p, q = windows.padding
    return F.conv2d_backward(dout, cache)._replace(dx=dpadded[:, :, p:-p, q:-q])


@mistake(
    "CV6",
    of="conv2d_backward",
    symptom="The gradients are packed into the top left corner: the stride is ignored.",
    question="At which pixel does window (i, j) begin?",
    section="10.7",
    affects=("dx",),
    hidden_when="The stride is 1.",
)
def stride_ignored(dout, cache):
    x, w, windows, _ = cache
    dpadded = np.zeros_like(windows.pad(x))
    close = windows._replace(stride=(1, 1))
    for tap in close.taps():
        returned = np.einsum("nfij,fc->ncij", dout, w[:, :, *tap])
        dpadded[..., *close.seen_by(tap)] += returned
    return F.conv2d_backward(dout, cache)._replace(dx=windows.crop(dpadded))


@mistake(
    "CV12",
    of="conv2d_backward",
    symptom="The gradients of the taps land next to one another, although the taps lie apart.",
    question="How many pixels lie between two neighbouring taps?",
    section="10.7",
    affects=("dx",),
    hidden_when="The dilation is 1.",
)
def dilation_ignored(dout, cache):
    x, w, windows, _ = cache
    dpadded = np.zeros_like(windows.pad(x))
    close = windows._replace(dilation=(1, 1))
    for tap in close.taps():
        returned = np.einsum("nfij,fc->ncij", dout, w[:, :, *tap])
        dpadded[..., *close.seen_by(tap)] += returned
    return F.conv2d_backward(dout, cache)._replace(dx=windows.crop(dpadded))


@mistake(
    "CV17",
    of="conv2d_backward",
    symptom="Only the first filter sends a gradient back to the image.",
    question="How many filters have looked at a pixel?",
    section="9.6",
    affects=("dx",),
    hidden_when="There is one filter.",
)
def only_the_first_filter(dout, cache):
    alone = np.zeros_like(dout)
    alone[:, 0] = dout[:, 0]
    dx = F.conv2d_backward(alone, cache).dx
    return F.conv2d_backward(dout, cache)._replace(dx=dx)
