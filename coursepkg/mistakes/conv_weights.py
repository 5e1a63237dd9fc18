"""Gradients of filters and biases."""

import numpy as np

from coursepkg import functional as F
from coursepkg.mistakes.registry import mistake


@mistake(
    "CV7",
    of="conv2d_backward",
    symptom="dw is taken from the image without its padding: all windows are shifted.",
    question="Which image did the windows slide over?",
    section="10.7",
    affects=("dw",),
    hidden_when="There is no padding.",
)
def dw_of_the_unpadded_image(dout, cache):
    x, w, windows, _ = cache
    wide = np.pad(x, [(0, 0), (0, 0), (0, 2 * windows.padding[0]), (0, 2 * windows.padding[1])])
    dw = np.zeros_like(w)
    for tap in windows.taps():
        met = wide[..., *windows.seen_by(tap)]
        dw[:, :, *tap] = np.einsum("nfij,ncij->fc", dout, met)
    return F.conv2d_backward(dout, cache)._replace(dw=dw)


@mistake(
    "CV8",
    of="conv2d_backward",
    symptom="dw is overwritten by every window, and only the last of them counts.",
    question="In how many windows was the same filter used?",
    section="10.3",
    affects=("dw",),
    hidden_when="The output is one pixel.",
)
def dw_overwritten(dout, cache):
    last = np.zeros_like(dout)
    last[:, :, -1, -1] = dout[:, :, -1, -1]
    dw = F.conv2d_backward(last, cache).dw
    return F.conv2d_backward(dout, cache)._replace(dw=dw)


@mistake(
    "CV11",
    of="conv2d_backward",
    symptom="dw is N times too small.",
    question="The loss was a mean over the batch already: who has divided by N before?",
    section="10.3",
    affects=("dw",),
    hidden_when="The batch has one image.",
)
def dw_over_n(dout, cache):
    right = F.conv2d_backward(dout, cache)
    return right._replace(dw=right.dw / len(dout))


@mistake(
    "CV13",
    of="conv2d_backward",
    symptom="Every filter gets a gradient for all channels, also for those of other groups.",
    question="How many channels does a filter see if there are two groups?",
    section="9.6",
    affects=("dw",),
    hidden_when="There is one group.",
)
def dw_of_all_channels(dout, cache):
    x, w, windows, _ = cache
    padded, dw = windows.pad(x), np.zeros((len(w), x.shape[1], *windows.kernel))
    for tap in windows.taps():
        met = padded[..., *windows.seen_by(tap)]
        dw[:, :, *tap] = np.einsum("nfij,ncij->fc", dout, met)
    return F.conv2d_backward(dout, cache)._replace(dw=dw)


@mistake(
    "CV15",
    of="conv2d_backward",
    symptom="dw is rotated by 180 degrees.",
    question="Tap (0, 0) met the top left pixels: where does their product with dout belong?",
    section="10.3",
    affects=("dw",),
    hidden_when="The kernel is one pixel.",
)
def dw_flipped(dout, cache):
    right = F.conv2d_backward(dout, cache)
    return right._replace(dw=right.dw[:, :, ::-1, ::-1])


@mistake(
    "CV16",
    of="conv2d_backward",
    symptom="Only the first image of the batch reaches dw.",
    question="How many images was the same filter laid over?",
    section="10.3",
    affects=("dw",),
    hidden_when="The batch has one image.",
)
def dw_of_the_first_image(dout, cache):
    x, w, windows, _ = cache
    padded, dw = windows.pad(x), np.zeros_like(w)
    for tap in windows.taps():
        met = padded[..., *windows.seen_by(tap)]
        dw[:, :, *tap] = np.einsum("fij,cij->fc", dout[0], met[0])
    return F.conv2d_backward(dout, cache)._replace(dw=dw)


@mistake(
    "CV24",
    of="conv2d_backward",
    symptom="Filters and channels have changed places in dw.",
    question="Which comes first in the shape of w, filters or channels?",
    section="9.6",
    affects=("dw",),
)
def channels_swapped(dout, cache):
    right = F.conv2d_backward(dout, cache)
    return right._replace(dw=right.dw.swapaxes(0, 1))


@mistake(
    "CV9",
    of="conv2d_backward",
    symptom="db is summed over the batch only and still has a number for every pixel.",
    question="To how many places of the output was one bias added?",
    section="10.3",
    affects=("db",),
)
def db_of_every_pixel(dout, cache):
    return F.conv2d_backward(dout, cache)._replace(db=dout.sum(axis=0))


@mistake(
    "CV10",
    of="conv2d_backward",
    symptom="db is a mean: too small by N times the number of pixels.",
    question="Every place added the same b: what do gradients do where a value is copied?",
    section="10.3",
    affects=("db",),
    hidden_when="There is one image, and its output is one pixel.",
)
def db_is_a_mean_over_places(dout, cache):
    return F.conv2d_backward(dout, cache)._replace(db=dout.mean(axis=(0, 2, 3)))


@mistake(
    "CV18",
    of="conv2d",
    symptom="The kernel is flipped: a convolution in the strict sense, not a cross-correlation.",
    question="Which pixel of the window does tap (0, 0) multiply?",
    section="9.4",
    affects=("out",),
    hidden_when="The kernels are symmetric.",
)
def flipped_kernel(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    return F.conv2d(x, w[:, :, ::-1, ::-1], b, stride, padding, dilation, groups)


@mistake(
    "CV19",
    of="conv2d",
    symptom="The bias is missing: every output channel is off by its own constant.",
    question="What does your layer answer to a black image, and what should it?",
    section="9.2",
    affects=("out",),
    hidden_when="b is zero.",
)
def conv_without_bias(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    return F.conv2d(x, w, 0 * b, stride, padding, dilation, groups)


@mistake(
    "CV20",
    of="conv2d",
    symptom="Only the first channel of the image is seen.",
    question="Over what, besides the pixels of a window, does the sum run?",
    section="9.6",
    affects=("out",),
    hidden_when="The image has one channel.",
)
def one_channel_only(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    first = np.zeros_like(w)
    first[:, 0] = w[:, 0]
    return F.conv2d(x, first, b, stride, padding, dilation, groups)


@mistake(
    "CV21",
    of="conv2d",
    symptom="The padding is ignored: the output is smaller than it should be.",
    question="How large should the output be for a kernel of 3 and a padding of 1?",
    section="9.5",
    affects=("out",),
    hidden_when="There is no padding.",
)
def padding_ignored(x, w, b, stride=1, padding=0, dilation=1, groups=1):
    return F.conv2d(x, w, b, stride, 0, dilation, groups)
