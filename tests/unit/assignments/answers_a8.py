"""Right and wrong answers to assignment 8."""

import math
from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
from numpy.lib.stride_tricks import sliding_window_view


def out_size(size: int, kernel: int, stride: int, padding: int) -> int:
    return (size + 2 * padding - kernel) // stride + 1


def pad(x: Any, p: int) -> Any:
    return np.pad(x, ((0, 0), (0, 0), (p, p), (p, p)))


def slices(k: int, m: int, stride: int, oh: int, ow: int) -> Any:
    rows = slice(k, k + stride * (oh - 1) + 1, stride)
    return (..., rows, slice(m, m + stride * (ow - 1) + 1, stride))


def sizes(x: Any, kh: int, kw: int, stride: int, padding: int = 0) -> tuple[int, int]:
    return (
        out_size(x.shape[2], kh, stride, padding),
        out_size(x.shape[3], kw, stride, padding),
    )


# conv_out_size


def size_counted(size: int, kernel: int, stride: int, padding: int) -> int:
    return len(range(-padding, size + padding - kernel + 1, stride))


def size_floor(size: int, kernel: int, stride: int, padding: int) -> int:
    return math.floor((size + 2 * padding - kernel) / stride + 1)


def size_numpy(size: int, kernel: int, stride: int, padding: int) -> Any:
    return np.arange(0, size + 2 * padding - kernel + 1, stride).size


def size_truncated(size: int, kernel: int, stride: int, padding: int) -> int:
    return int((size - kernel + 2 * padding + stride) / stride)


# conv2d


def conv_windows(x: Any, w: Any, b: Any, stride: int, padding: int) -> Any:
    windows = sliding_window_view(pad(x, padding), w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    out = np.tensordot(windows, w, axes=((1, 4, 5), (1, 2, 3))).transpose(0, 3, 1, 2)
    return out + b.reshape(1, -1, 1, 1), {"x": x, "w": w, "s": stride, "p": padding}


def conv_einsum(x: Any, w: Any, b: Any, stride: int, padding: int) -> Any:
    windows = sliding_window_view(pad(x, padding), w.shape[2:], axis=(2, 3))
    windows = windows[:, :, ::stride, ::stride]
    out = np.einsum("ncijkm,fckm->nfij", windows, w) + b[None, :, None, None]
    return out, (windows, x.shape, w, stride, padding)


def indices(x: Any, kh: int, kw: int, stride: int, padding: int) -> Any:
    """The indices of CS231n's im2col: a gather with three arrays of whole numbers."""
    c, (oh, ow) = x.shape[1], sizes(x, kh, kw, stride, padding)
    i0 = np.tile(np.repeat(np.arange(kh), kw), c)
    j0 = np.tile(np.arange(kw), kh * c)
    i = i0[:, None] + stride * np.repeat(np.arange(oh), ow)
    j = j0[:, None] + stride * np.tile(np.arange(ow), oh)
    return np.repeat(np.arange(c), kh * kw)[:, None], i, j


def conv_gather(x: Any, w: Any, b: Any, stride: int, padding: int) -> Any:
    kh, kw = w.shape[2:]
    cols = pad(x, padding)[:, *indices(x, kh, kw, stride, padding)]
    out = w.reshape(len(w), -1) @ cols + b[:, None]
    shape = (len(x), len(w), *sizes(x, kh, kw, stride, padding))
    return out.reshape(shape), (cols, x, w, stride, padding)


def conv_rows(x: Any, w: Any, b: Any, stride: int, padding: int) -> Any:
    """A loop over rows of the result, each of them whole."""
    kh, kw = w.shape[2:]
    oh, ow = sizes(x, kh, kw, stride, padding)
    padded = pad(x, padding)
    out = np.empty((len(x), len(w), oh, ow), x.dtype)
    for i in range(oh):
        band = padded[:, :, i * stride : i * stride + kh]
        total: Any = sum(
            np.tensordot(
                band[..., m : m + stride * (ow - 1) + 1 : stride], w[..., m], ((1, 2), (1, 2))
            )
            for m in range(kw)
        )
        out[:, :, i] = np.moveaxis(total, -1, 1) + b[:, None]
    return out, (x, w, b, stride, padding)


def conv_taps(x: Any, w: Any, b: Any, stride: int, padding: int, slip: str = "") -> Any:
    kh, kw = w.shape[2:]
    oh, ow = sizes(x, kh, kw, stride, padding)
    p = 0 if slip == "no padding" else padding
    padded = pad(x, p)
    if slip == "ones":
        padded = np.pad(
            x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), constant_values=1
        )
    if slip == "reflect" and padding:
        padded = np.pad(x, ((0, 0), (0, 0), (padding, padding), (padding, padding)), mode="edge")
    if slip == "no padding":
        oh, ow = sizes(x, kh, kw, stride)
    if slip == "turned":
        w = w[:, :, ::-1, ::-1]
    if slip == "transposed kernel":
        w = np.swapaxes(w, 2, 3) if kh == kw else w[:, :, ::-1]
    dtype = np.float64 if slip == "wide" else x.dtype
    out = np.zeros((len(x), len(w), oh, ow), dtype)
    for k in range(kh):
        for m in range(kw):
            seen = padded[slices(k, m, 1 if slip == "no stride" else stride, oh, ow)]
            if slip == "first channel":
                seen = seen * (np.arange(x.shape[1]) == 0)[:, None, None]
            if slip == "assigned":
                out[...] = np.einsum("nchw,fc->nfhw", seen, w[:, :, k, m])
            else:
                out += np.einsum("nchw,fc->nfhw", seen, w[:, :, k, m]).astype(dtype)
            if slip == "bias in the loop":
                out += b[:, None, None]
    if slip == "mean over channels":
        out /= x.shape[1] + 1
    if slip == "in place":
        x *= 2
    bias = 0 if slip in ("no bias", "bias in the loop") else b[:, None, None]
    if slip == "bias of the channel":
        bias = b[0]
    return out + bias, (x, w, b, stride, padding)


def conv_pixels(x: Any, w: Any, b: Any, stride: int, padding: int) -> Any:
    kh, kw = w.shape[2:]
    oh, ow = sizes(x, kh, kw, stride, padding)
    padded, out = pad(x, padding), np.zeros((len(x), len(w), oh, ow), x.dtype)
    for i in range(oh):
        for j in range(ow):
            window = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
            out[:, :, i, j] = np.tensordot(window, w, axes=((1, 2, 3), (1, 2, 3)))
    return out + b[:, None, None], (x, w, b, stride, padding)


# conv2d_backward


def back_einsum(dout: Any, cache: Any) -> Any:
    windows, shape, w, stride, p = cache
    dw = np.einsum("nfij,ncijkm->fckm", dout, windows)
    dpadded = np.zeros((*shape[:2], shape[2] + 2 * p, shape[3] + 2 * p), dout.dtype)
    share = np.einsum("nfij,fckm->kmncij", dout, w)
    for k, m in np.ndindex(*w.shape[2:]):
        dpadded[slices(k, m, stride, *dout.shape[2:])] += share[k, m]
    dx = dpadded[:, :, p : shape[2] + p, p : shape[3] + p]
    return dx, dw, np.einsum("nfij->f", dout)


def back_gather(dout: Any, cache: Any) -> Any:
    cols, x, w, stride, p = cache
    kh, kw = w.shape[2:]
    flat = dout.reshape(*dout.shape[:2], -1)
    dcols = w.reshape(len(w), -1).T @ flat
    dpadded = np.zeros_like(pad(x, p))
    np.add.at(dpadded, (slice(None), *indices(x, kh, kw, stride, p)), dcols)
    dx = dpadded[:, :, p:-p, p:-p] if p else dpadded
    dw = (flat @ cols.transpose(0, 2, 1)).sum(axis=0).reshape(w.shape)
    return dx, dw, flat.sum(axis=(0, 2))


def back_transposed(dout: Any, cache: Any) -> Any:
    """As a convolution: `dout` with zeros between, a border of K - 1, and the kernel turned."""
    x, w, s, p = cache["x"], cache["w"], cache["s"], cache["p"]
    (n, _, h, wide), (f, _, kh, kw) = x.shape, w.shape
    spread = np.zeros((n, f, h + 2 * p + kh - 1, wide + 2 * p + kw - 1), dout.dtype)
    oh, ow = dout.shape[2:]
    spread[slices(kh - 1, kw - 1, s, oh, ow)] = dout
    windows = sliding_window_view(spread, (kh, kw), axis=(2, 3))
    turned = w[:, :, ::-1, ::-1]
    dpadded = np.tensordot(windows, turned, ((1, 4, 5), (0, 2, 3))).transpose(0, 3, 1, 2)
    met = sliding_window_view(pad(x, p), (kh, kw), axis=(2, 3))[:, :, ::s, ::s]
    dw = np.tensordot(dout, met, ((0, 2, 3), (0, 2, 3)))
    return dpadded[:, :, p : p + h, p : p + wide], dw, dout.sum(axis=3).sum(axis=2).sum(axis=0)


def back_taps(dout: Any, cache: Any, slip: str = "") -> Any:
    x, w, _, stride, p = cache
    oh, ow = dout.shape[2:]
    padded = pad(x, p)
    dtype = np.float64 if slip == "wide" else x.dtype
    dpadded, dw = np.zeros(padded.shape, dtype), np.zeros_like(w)
    s = 1 if slip == "CV6" else stride
    used = w[:, :, ::-1, ::-1] if slip == "CV1" else w
    if slip == "in place":
        dout *= 1.5
    for k, m in np.ndindex(*w.shape[2:]):
        at = slices(k, m, stride, oh, ow)
        met = padded[at]
        if slip == "CV7":
            met = np.zeros_like(padded)
            met[:, :, : x.shape[2], : x.shape[3]] = x
            met = met[at]
        if slip == "first image":
            met = met * (np.arange(len(x)) == 0)[:, None, None, None]
        dw[:, :, k, m] = np.tensordot(dout, met, ((0, 2, 3), (0, 2, 3)))
        if slip == "CV8":
            dw[:, :, k, m] = np.tensordot(dout[-1, :, -1, -1], met[-1, :, -1, -1], axes=0)
        owed = np.einsum("nfhw,fc->nchw", dout, used[:, :, k, m])
        if slip == "CV2":
            dpadded[slices(k, m, s, oh, ow)] = owed
        else:
            dpadded[slices(k, m, s, oh, ow)] += owed
    dx = dpadded[:, :, p : p + x.shape[2], p : p + x.shape[3]]
    db = dout.sum(axis=(0, 2, 3))
    wrong: dict[str, Callable[[], Any]] = {
        "CV3": lambda: (dpadded, dw, db),
        "CV4": lambda: (dpadded[:, :, : x.shape[2], : x.shape[3]], dw, db),
        "CV5": lambda: (dpadded[:, :, p:-p, p:-p], dw, db),
        "CV9": lambda: (dx, dw, dout.sum(axis=0)),
        "CV10": lambda: (dx, dw, dout.mean(axis=(0, 2, 3))),
        "CV11": lambda: (dx, dw / (len(x) + 1), db),
        "dw_div_N": lambda: (dx, dw / len(x), db),
        "dw_flipped": lambda: (dx, dw[:, :, ::-1, ::-1], db),
        "dw summed over channels": lambda: (dx, dw.sum(axis=1), db),
        "channels_swapped": lambda: (dx, dw.transpose(1, 0, 2, 3), db),
        "db_column": lambda: (dx, dw, db[:, None]),
        "db_mean_of_images": lambda: (dx, dw, dout.mean(axis=0).sum(axis=(1, 2))),
        "order": lambda: (dw, dx, db),
        "no_dout": lambda: back_taps(np.ones_like(dout), cache),
        "no db": lambda: (dx, dw),
    }
    return wrong.get(slip, lambda: (dx, dw, db))()


def back_pixels(dout: Any, cache: Any) -> Any:
    x, w, _, stride, p = cache
    kh, kw = w.shape[2:]
    padded = pad(x, p)
    dpadded, dw = np.zeros_like(padded), np.zeros_like(w)
    for i, j in np.ndindex(*dout.shape[2:]):
        at = (..., slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw))
        dpadded[at] += np.tensordot(dout[:, :, i, j], w, axes=1)
        dw += np.tensordot(dout[:, :, i, j], padded[at], ((0,), (0,)))
    dx = dpadded[:, :, p : p + x.shape[2], p : p + x.shape[3]]
    return dx, dw, dout.sum(axis=(0, 2, 3))


# im2col and col2im


def unfold_gather(x: Any, kh: int, kw: int, stride: int, padding: int) -> Any:
    return pad(x, padding)[:, *indices(x, kh, kw, stride, padding)]


def unfold_taps(x: Any, kh: int, kw: int, stride: int, padding: int, slip: str = "") -> Any:
    (n, c), (oh, ow) = x.shape[:2], sizes(x, kh, kw, stride, padding)
    dtype = np.float64 if slip == "wide" else x.dtype
    cols, padded = np.empty((n, c, kh, kw, oh, ow), dtype), pad(x, padding)
    for k, m in np.ndindex(kh, kw):
        step = 1 if slip == "no stride" else stride
        cols[:, :, k, m] = padded[slices(k, m, step, oh, ow)]
    if slip == "taps first":
        return np.moveaxis(cols, 1, 3).reshape(n, -1, oh * ow)
    if slip == "columns of the kernel first":
        return np.swapaxes(cols, 2, 3).reshape(n, -1, oh * ow)
    if slip == "windows column by column":
        return np.swapaxes(cols, 4, 5).reshape(n, -1, oh * ow)
    if slip == "reshaped without transposing":
        return np.moveaxis(cols, (4, 5), (2, 3)).reshape(n, -1, oh * ow)
    cols = cols.reshape(n, c * kh * kw, oh * ow)
    if slip == "rows are windows":
        return cols.transpose(0, 2, 1)
    return cols.transpose(1, 0, 2).reshape(c * kh * kw, -1) if slip == "one matrix" else cols


def unfold_stacked(x: Any, kh: int, kw: int, stride: int, padding: int) -> Any:
    oh, ow = sizes(x, kh, kw, stride, padding)
    padded = pad(x, padding)
    met = [
        padded[:, c][slices(k, m, stride, oh, ow)].reshape(len(x), -1)
        for c, k, m in np.ndindex(x.shape[1], kh, kw)
    ]
    return np.stack(met, axis=1)


def unfold_pixels(x: Any, kh: int, kw: int, stride: int, padding: int) -> Any:
    oh, ow = sizes(x, kh, kw, stride, padding)
    padded, cols = pad(x, padding), []
    for i, j in np.ndindex(oh, ow):
        window = padded[:, :, i * stride : i * stride + kh, j * stride : j * stride + kw]
        cols.append(window.reshape(len(x), -1))
    return np.stack(cols, axis=2)


def fold_gather(cols: Any, x_shape: Any, kh: int, kw: int, stride: int, p: int) -> Any:
    padded = pad(np.zeros(x_shape, cols.dtype), p)
    index = indices(np.empty(x_shape), kh, kw, stride, p)
    np.add.at(padded, (slice(None), *index), cols)
    return padded[:, :, p : p + x_shape[2], p : p + x_shape[3]]


def fold_counted(cols: Any, x_shape: Any, kh: int, kw: int, stride: int, p: int) -> Any:
    """The number of every pixel, unfolded; then one `bincount`."""
    numbers = pad(1 + np.arange(np.prod(x_shape)).reshape(x_shape), p)
    at = sliding_window_view(numbers, (kh, kw), axis=(2, 3))[:, :, ::stride, ::stride]
    at = at.transpose(0, 1, 4, 5, 2, 3).reshape(cols.shape)
    total = np.bincount(at.ravel(), cols.ravel(), 1 + int(np.prod(x_shape)))
    return total[1:].reshape(x_shape).astype(cols.dtype)


def fold_taps(
    cols: Any, x_shape: Any, kh: int, kw: int, stride: int, p: int, slip: str = ""
) -> Any:
    n, c, h, w = x_shape
    oh, ow = out_size(h, kh, stride, p), out_size(w, kw, stride, p)
    taps = cols.reshape(n, c, kh, kw, oh, ow)
    if slip == "windows first":
        taps = cols.reshape(n, oh, ow, c, kh, kw).transpose(0, 3, 4, 5, 1, 2)
    padded = np.zeros((n, c, h + 2 * p, w + 2 * p), np.float64 if slip == "wide" else cols.dtype)
    count = np.zeros_like(padded)
    for k, m in np.ndindex(kh, kw):
        at = slices(k, m, 1 if slip == "no stride" else stride, oh, ow)
        count[at] += 1
        if slip == "assigned":
            padded[at] = taps[:, :, k, m]
        else:
            padded[at] += (
                taps[:, :, kh - 1 - k, kw - 1 - m] if slip == "turned" else taps[:, :, k, m]
            )
    if slip == "inverse":
        padded = padded / np.maximum(count, 1)
    if slip == "border":
        return padded
    if slip == "-0":
        return padded[:, :, p:-p, p:-p]
    corner = 0 if slip == "corner" else p
    return padded[:, :, corner : corner + h, corner : corner + w]


def fold_pixels(cols: Any, x_shape: Any, kh: int, kw: int, stride: int, p: int) -> Any:
    n, c, h, w = x_shape
    padded = pad(np.zeros(x_shape, cols.dtype), p)
    shape = out_size(h, kh, stride, p), out_size(w, kw, stride, p)
    for t, (i, j) in enumerate(np.ndindex(*shape)):
        at = (..., slice(i * stride, i * stride + kh), slice(j * stride, j * stride + kw))
        padded[at] += cols[:, :, t].reshape(n, c, kh, kw)
    return padded[:, :, p : p + h, p : p + w]


# pooling


def seen(x: Any, size: int, stride: int) -> Any:
    return sliding_window_view(x, (size, size), axis=(2, 3))[:, :, ::stride, ::stride]


def places(x: Any, size: int, stride: int) -> list[Any]:
    oh, ow = sizes(x, size, size, stride)
    return [slices(k, m, stride, oh, ow) for k, m in np.ndindex(size, size)]


def max_maximum(x: Any, size: int, stride: int, slip: str = "") -> Any:
    out: Any = None
    for at in places(x, size, stride):
        out = x[at] if out is None else np.maximum(out, x[at])
    if slip == "from zero":
        out = np.maximum(out, 0)
    return out, {"x": x, "out": out, "size": size, "stride": stride}


def max_sorted(x: Any, size: int, stride: int) -> Any:
    windows = seen(x, size, stride)
    flat = np.sort(windows.reshape(*windows.shape[:4], -1), axis=-1)
    return flat[..., -1].copy(), (x, size, stride)


def max_argmax(x: Any, size: int, stride: int) -> Any:
    windows = seen(x, size, stride)
    flat = windows.reshape(*windows.shape[:4], -1)
    winner = flat.argmax(axis=-1)
    out = np.take_along_axis(flat, winner[..., None], -1)[..., 0]
    return out, (winner, x.shape, size, stride)


def max_wrong(x: Any, size: int, stride: int, slip: str = "") -> Any:
    windows = seen(x, size, stride)
    cache = x, size, stride
    if slip == "mean":
        return windows.mean(axis=(4, 5)), cache
    if slip == "smallest":
        return windows.min(axis=(4, 5)), cache
    if slip == "absolute":
        return np.abs(windows).max(axis=(4, 5)), cache
    if slip == "channels":
        out = windows.max(axis=(1, 4, 5))[:, None]
        return np.broadcast_to(out, windows.shape[:4]).copy(), cache
    if slip == "reshape":
        n, c, h, w = x.shape
        x = x[:, :, : h // size * size, : w // size * size]
        return x.reshape(n, c, h // size, size, w // size, size).max(axis=(3, 5)), cache
    if slip == "stride is size":
        return seen(x, size, size).max(axis=(4, 5)), cache
    if slip == "border":
        h, w = (-(-side // stride) for side in x.shape[2:])
        padded = np.pad(x, ((0, 0), (0, 0), (0, size), (0, size)), constant_values=-np.inf)
        return seen(padded, size, stride)[:, :, :h, :w].max(axis=(4, 5)), cache
    if slip == "wide":
        return windows.max(axis=(4, 5)).astype(np.float64), cache
    return windows.max(axis=(4, 5)), None


def max_pixels(x: Any, size: int, stride: int) -> Any:
    out = np.empty((*x.shape[:2], *sizes(x, size, size, stride)), x.dtype)
    for i, j in np.ndindex(*out.shape[2:]):
        window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        out[:, :, i, j] = window.max(axis=(2, 3))
    return out, (x, size, stride)


def maxback_unravelled(dout: Any, cache: Any) -> Any:
    """The winner's number in the window, as a place in the image; then `np.add.at`."""
    winner, shape, size, stride = cache
    n, c, i, j = np.indices(winner.shape)
    k, m = np.divmod(winner, size)
    dx = np.zeros(shape, dout.dtype)
    np.add.at(dx, (n, c, i * stride + k, j * stride + m), dout)
    return dx


def maxback_shared(dout: Any, cache: Any) -> Any:
    x, out, size, stride = cache.values()
    won = [x[at] == out for at in places(x, size, stride)]
    share = dout / np.sum(won, axis=0).astype(dout.dtype)
    dx = np.zeros(x.shape, x.dtype)
    for at, mine in zip(places(x, size, stride), won, strict=True):
        dx[at] += mine * share
    return dx


def maxback_last(dout: Any, cache: Any) -> Any:
    """The last of those that are largest takes it all."""
    x, size, stride = cache
    out, left, dx = seen(x, size, stride).max(axis=(4, 5)), dout.copy(), np.zeros_like(x)
    for at in reversed(places(x, size, stride)):
        won = x[at] == out
        dx[at] += won * left
        left[won] = 0
    return dx


def maxback_pixels(dout: Any, cache: Any) -> Any:
    x, size, stride = cache
    dx = np.zeros_like(x)
    for n, c, i, j in np.ndindex(*dout.shape):
        at = slice(i * stride, i * stride + size), slice(j * stride, j * stride + size)
        k, m = np.unravel_index(x[n, c][at].argmax(), (size, size))
        dx[n, c, i * stride + k, j * stride + m] += dout[n, c, i, j]
    return dx


def maxback_wrong(dout: Any, cache: Any, slip: str = "") -> Any:
    x, size, stride = cache
    at_all = places(x, size, stride)
    out = seen(x, size, stride).max(axis=(4, 5))
    winner = np.argmax([x[at] for at in at_all], axis=0)
    dx = np.zeros(x.shape, np.float64 if slip == "wide" else x.dtype)
    if slip == "in place":
        dout *= 2
    for number, at in enumerate(at_all):
        won = winner == number
        if slip == "PL1":
            dx[at] += dout
        elif slip == "PL2":
            dx[at] += dout / size**2
        elif slip == "PL3":
            dx[at] += dout * (x[at] == out)
        elif slip == "PL4":
            dx[at][won] = dout[won]
        elif slip == "PL5":
            k, m = divmod(number, size)
            dx[:, :, k, m] += (dout * won).sum(axis=(2, 3))
        elif slip == "PL6":
            dx[at] += dout * won * (out == out.max(axis=1, keepdims=True))
        elif slip == "times_value":
            dx[at] += dout * won * x[at]
        elif slip == "no_dout":
            dx[at] += won
        elif slip == "no stride":
            k, m = divmod(number, size)
            dx[slices(k, m, 1, *dout.shape[2:])] += dout * won
        else:
            dx[at] += dout * won
    return dx[:, :, : dout.shape[2] * size] if slip == "cropped" else dx


def maxback_ties_over(dout: Any, cache: Any) -> Any:
    """Shared, but by the number of ties in the whole image."""
    x, size, stride = cache
    out = seen(x, size, stride).max(axis=(4, 5))
    won = [x[at] == out for at in places(x, size, stride)]
    share = dout / (np.sum(won) / out.size)
    dx = np.zeros_like(x)
    for at, mine in zip(places(x, size, stride), won, strict=True):
        dx[at] += mine * share
    return dx


def avg_taps(x: Any, size: int, stride: int, slip: str = "") -> Any:
    total = sum(x[at] for at in places(x, size, stride))
    cache: Any = x, size, stride
    if slip == "in place":
        x += 1
    divisor = {"avg_div_k": size, "PL7": 1, "stride": stride**2 + 0.5}.get(slip, size**2)
    return total / divisor, cache


def avg_summed_twice(x: Any, size: int, stride: int) -> Any:
    across = sliding_window_view(x, size, axis=3)[:, :, :, ::stride].sum(axis=-1)
    out = sliding_window_view(across, size, axis=2)[:, :, ::stride].sum(axis=-1) / size**2
    return out, (x.shape, size, stride, x.dtype)


def avg_product(x: Any, size: int, stride: int) -> Any:
    weights = np.full(size * size, 1 / size**2, x.dtype)
    windows = seen(x, size, stride)
    return windows.reshape(*windows.shape[:4], -1) @ weights, (x, size, stride)


def avg_wrong(x: Any, size: int, stride: int, slip: str = "") -> Any:
    windows = seen(x, size, stride)
    cache = x, size, stride
    if slip == "median":
        return np.median(windows.reshape(*windows.shape[:4], -1), axis=-1), cache
    if slip == "channels":
        mean = windows.mean(axis=(1, 4, 5))[:, None]
        return np.broadcast_to(mean, windows.shape[:4]).copy(), cache
    if slip == "stride is size":
        return seen(x, size, size).mean(axis=(4, 5)), cache
    if slip == "wide":
        return windows.mean(axis=(4, 5)).astype(np.float64), cache
    return max_wrong(x, size, stride, slip)


def avg_pixels(x: Any, size: int, stride: int) -> Any:
    out = np.empty((*x.shape[:2], *sizes(x, size, size, stride)), x.dtype)
    for i, j in np.ndindex(*out.shape[2:]):
        window = x[:, :, i * stride : i * stride + size, j * stride : j * stride + size]
        out[:, :, i, j] = window.mean(axis=(2, 3))
    return out, (x, size, stride)


def avgback_spread(dout: Any, cache: Any) -> Any:
    """`dout` with zeros between and around it, pooled again."""
    shape, size, stride, dtype = cache
    edge = size - 1
    spread = np.zeros((*shape[:2], shape[2] + edge, shape[3] + edge), dtype)
    spread[slices(edge, edge, stride, *dout.shape[2:])] = dout
    return seen(spread, size, 1).mean(axis=(4, 5))


def avgback_add_at(dout: Any, cache: Any) -> Any:
    x, size, stride = cache
    n, c, i, j, k, m = np.indices((*dout.shape, size, size))
    dx = np.zeros_like(x)
    np.add.at(dx, (n, c, i * stride + k, j * stride + m), dout[..., None, None] / size**2)
    return dx


def avgback_taps(dout: Any, cache: Any, slip: str = "") -> Any:
    x, size, stride = cache
    dx = np.zeros(x.shape, np.float64 if slip == "wide" else x.dtype)
    divisor = {"avg_div_k": size, "PL7": 1}.get(slip, size**2)
    if slip == "in place":
        dout /= 2
    for number, at in enumerate(places(x, size, stride)):
        if slip == "assigned":
            dx[at] = dout / divisor
        elif slip == "first":
            dx[at] += dout if number == 0 else 0
        elif slip == "largest":
            dx[at] += dout * (x[at] == seen(x, size, stride).max(axis=(4, 5)))
        elif slip == "times_value":
            dx[at] += dout * x[at] / divisor
        elif slip == "no stride":
            k, m = divmod(number, size)
            dx[slices(k, m, 1, *dout.shape[2:])] += dout / divisor
        else:
            dx[at] += (np.ones_like(dout) if slip == "no_dout" else dout) / divisor
    return dx


def avgback_kron(dout: Any, cache: Any) -> Any:
    x, size, _ = cache
    dx = np.zeros_like(x)
    big = dout.repeat(size, axis=2).repeat(size, axis=3) / size**2
    h, w = (min(a, b) for a, b in zip(big.shape[2:], x.shape[2:], strict=True))
    dx[:, :, :h, :w] = big[:, :, :h, :w]
    return dx


def avgback_pixels(dout: Any, cache: Any) -> Any:
    x, size, stride = cache
    dx = np.zeros_like(x)
    for i, j in np.ndindex(*dout.shape[2:]):
        at = (..., slice(i * stride, i * stride + size), slice(j * stride, j * stride + size))
        dx[at] += dout[:, :, i : i + 1, j : j + 1] / size**2
    return dx


Functions = dict[str, Callable[..., Any]]


def _named(name: str, **answers: Callable[..., Any]) -> dict[str, Functions]:
    return {label.replace("_", " "): {name: answer} for label, answer in answers.items()}


def _slips(name: str, function: Callable[..., Any], slips: dict[str, str]) -> dict[str, Functions]:
    return {label: {name: partial(function, slip=slip)} for label, slip in slips.items()}


def _both(name: str, forward: Any, backward: Any) -> Functions:
    return {name: forward, f"{name}_backward": backward}


RIGHT: dict[str, dict[str, Functions]] = {
    "A8.conv_out_size": _named(
        "conv_out_size",
        counted=size_counted,
        floor=size_floor,
        numpy=size_numpy,
        truncated=size_truncated,
    ),
    "A8.conv2d": _named(
        "conv2d",
        windows_and_tensordot=conv_windows,
        windows_and_einsum=conv_einsum,
        gathered_columns=conv_gather,
        taps=conv_taps,
        rows_of_the_result=conv_rows,
    ),
    "A8.conv2d_backward": {
        "einsum, windows in the cache": _both("conv2d", conv_einsum, back_einsum),
        "columns and add.at": _both("conv2d", conv_gather, back_gather),
        "turned kernel, dictionary in the cache": _both("conv2d", conv_windows, back_transposed),
        "taps": _both("conv2d", conv_taps, back_taps),
    },
    "A8.im2col": _named("im2col", gathered=unfold_gather, taps=unfold_taps, stacked=unfold_stacked),
    "A8.col2im": _named("col2im", add_at=fold_gather, bincount=fold_counted, taps=fold_taps),
    "A8.max_pool": _named("max_pool", maximum=max_maximum, sorted=max_sorted, argmax=max_argmax),
    "A8.max_pool_backward": {
        "add.at": _both("max_pool", max_argmax, maxback_unravelled),
        "shared": _both("max_pool", max_maximum, maxback_shared),
        "last": _both("max_pool", max_sorted, maxback_last),
    },
    "A8.max_pool_ties": {
        "the first": _both("max_pool", max_argmax, maxback_unravelled),
        "shared": _both("max_pool", max_maximum, maxback_shared),
        "the last": _both("max_pool", max_sorted, maxback_last),
        "a loop over pixels": {"max_pool_backward": maxback_pixels},
        "a wrong forward pass": {"max_pool": partial(max_wrong, slip="mean")},
    },
    "A8.avg_pool": _named(
        "avg_pool", taps=avg_taps, two_directions=avg_summed_twice, product=avg_product
    ),
    "A8.avg_pool_backward": {
        "spread out": _both("avg_pool", avg_summed_twice, avgback_spread),
        "add.at": _both("avg_pool", avg_product, avgback_add_at),
        "taps": _both("avg_pool", avg_taps, avgback_taps),
    },
}
WRONG: dict[str, dict[str, dict[str, Callable[..., Any]]]] = {
    "A8.conv_out_size": {
        label: {"conv_out_size": function}
        for label, function in {
            "CV14 / for //": lambda i, k, s, p: (i + 2 * p - k) / s + 1,
            "CV14 round": lambda i, k, s, p: round((i + 2 * p - k) / s) + 1,
            "CV14 ceil": lambda i, k, s, p: -(-(i + 2 * p - k) // s) + 1,
            "+ 1 forgotten": lambda i, k, s, p: (i + 2 * p - k) // s,
            "padding once": lambda i, k, s, p: (i + p - k) // s + 1,
            "no padding": lambda i, k, s, p: (i - k) // s + 1,
            "no stride": lambda i, k, s, p: i + 2 * p - k + 1,
            "+ 1 before the division": lambda i, k, s, p: (i + 2 * p - k + 1) // s,
            "half the kernel": lambda i, k, s, p: (i + 2 * p - 2 * (k // 2) - 1) // s + 1,
            "same": lambda i, k, s, p: -(-i // s),
        }.items()
    },
    "A8.conv2d": _slips(
        "conv2d",
        conv_taps,
        {
            "kernel turned around": "turned",
            "kernel transposed": "transposed kernel",
            "no bias": "no bias",
            "bias once a tap": "bias in the loop",
            "the first bias everywhere": "bias of the channel",
            "only the first channel": "first channel",
            "sum_over_kernel: divided by channels": "mean over channels",
            "no stride": "no stride",
            "no padding": "no padding",
            "padded with ones": "ones",
            "padded with the edge": "reflect",
            "= for +=": "assigned",
            "x changed in place": "in place",
            "always float64": "wide",
        },
    )
    | _named("conv2d", a_loop_over_pixels=conv_pixels),
    "A8.conv2d_backward": _slips(
        "conv2d_backward",
        back_taps,
        {
            "CV1 kernel_flipped_in_dx": "CV1",
            "CV2 assign_not_accumulate": "CV2",
            "CV3 pad_not_cropped": "CV3",
            "CV4 cropped from the corner": "CV4",
            "CV5 p:-p with p = 0": "CV5",
            "CV6 stride ignored": "CV6",
            "CV7 dw from the unpadded x": "CV7",
            "CV8 dw overwritten": "CV8",
            "CV9 db_sum_batch_only": "CV9",
            "CV10 db_mean": "CV10",
            "CV11 dw divided": "CV11",
            "dw_div_N": "dw_div_N",
            "dw_flipped": "dw_flipped",
            "dw_only_first_image": "first image",
            "sum_over_kernel: channels added": "dw summed over channels",
            "channels_swapped": "channels_swapped",
            "db of shape (F, 1)": "db_column",
            "db a mean over images": "db_mean_of_images",
            "GEN3 wrong order": "order",
            "GEN4 upstream ignored": "no_dout",
            "db forgotten": "no db",
            "dout changed in place": "in place",
            "always float64": "wide",
        },
    )
    | _named("conv2d_backward", a_loop_over_pixels=back_pixels),
    "A8.im2col": _slips(
        "im2col",
        unfold_taps,
        {
            "taps before channels": "taps first",
            "kernel column by column": "columns of the kernel first",
            "windows column by column": "windows column by column",
            "reshaped without transposing": "reshaped without transposing",
            "rows are windows": "rows are windows",
            "one matrix for all images": "one matrix",
            "no stride": "no stride",
            "always float64": "wide",
        },
    )
    | _named("im2col", a_loop_over_pixels=unfold_pixels),
    "A8.col2im": _slips(
        "col2im",
        fold_taps,
        {
            "CV2 = for +=": "assigned",
            "the inverse, not the adjoint": "inverse",
            "CV3 pad_not_cropped": "border",
            "CV4 cropped from the corner": "corner",
            "CV5 p:-p with p = 0": "-0",
            "no stride": "no stride",
            "kernel turned around": "turned",
            "windows first": "windows first",
            "always float64": "wide",
        },
    )
    | _named("col2im", a_loop_over_pixels=fold_pixels),
    "A8.max_pool": _slips(
        "max_pool",
        max_wrong,
        {
            "the mean": "mean",
            "the smallest": "smallest",
            "the largest size": "absolute",
            "PL6 over channels as well": "channels",
            "only windows side by side": "reshape",
            "stride ignored": "stride is size",
            "CV14 windows that hang over": "border",
            "always float64": "wide",
        },
    )
    | _slips("max_pool", max_maximum, {"starts from 0": "from zero"})
    | _named("max_pool", a_loop_over_pixels=max_pixels),
    "A8.max_pool_backward": _slips(
        "max_pool_backward",
        maxback_wrong,
        {
            "PL1 to every pixel": "PL1",
            "PL2 average_pool_grad": "PL2",
            "PL4 = for +=": "PL4",
            "PL5 index in the window": "PL5",
            "PL6 only one channel": "PL6",
            "times_value": "times_value",
            "GEN4 upstream ignored": "no_dout",
            "stride ignored": "no stride",
            "left-over rows cut off": "cropped",
            "dout changed in place": "in place",
            "always float64": "wide",
        },
    )
    | _named("max_pool_backward", a_loop_over_pixels=maxback_pixels),
    "A8.max_pool_ties": _slips(
        "max_pool_backward",
        maxback_wrong,
        {
            "PL3 all_ties": "PL3",
            "PL1 to every pixel": "PL1",
            "PL2 average_pool_grad": "PL2",
            "times_value": "times_value",
        },
    )
    | _named("max_pool_backward", shared_by_the_average_number_of_ties=maxback_ties_over),
    "A8.avg_pool": _slips(
        "avg_pool",
        avg_taps,
        {
            "PL7 a sum": "PL7",
            "avg_div_k": "avg_div_k",
            "divided by the stride": "stride",
            "x changed in place": "in place",
        },
    )
    | _slips(
        "avg_pool",
        avg_wrong,
        {
            "the median": "median",
            "over channels as well": "channels",
            "stride ignored": "stride is size",
            "always float64": "wide",
        },
    )
    | _named("avg_pool", a_loop_over_pixels=avg_pixels),
    "A8.avg_pool_backward": _slips(
        "avg_pool_backward",
        avgback_taps,
        {
            "PL7 not divided": "PL7",
            "avg_div_k": "avg_div_k",
            "= for +=": "assigned",
            "all to the first": "first",
            "all to the largest": "largest",
            "times_value": "times_value",
            "GEN4 upstream ignored": "no_dout",
            "stride ignored": "no stride",
            "dout changed in place": "in place",
            "always float64": "wide",
        },
    )
    | _named(
        "avg_pool_backward",
        only_windows_side_by_side=avgback_kron,
        a_loop_over_pixels=avgback_pixels,
    ),
}
