"""With CuPy and a GPU: the same numbers as NumPy's, up to rounding, and captured steps too.

Skipped where there is none; what can be tested without one is in `test_on_the_spy`.
"""

import numpy as np
import pytest

from coursepkg.backend import to_device, to_numpy, use
from coursepkg.captured import CapturedStep
from coursepkg.derivatives import relative_error
from coursepkg.gpu import cublas
from coursepkg.gradcheck import check_gradients
from coursepkg.training import fit
from tests.unit.functional.cases import CASES, drawing, in_tuple
from tests.unit.gpu.work import MAKERS, NAMES, NETWORKS, agree, batch, normed, plain_step

pytestmark = pytest.mark.gpu
BUILDS, IDS = [network[1:] for network in NETWORKS], [network[0] for network in NETWORKS]
TOLERANCES = [(np.float32, 1e-5), (np.float64, 1e-12)]
SMOOTH = ("linear", "linear of images", "batch_norm", "conv2d", "sigmoid", "locally_connected2d")


@pytest.mark.parametrize(("dtype", "tolerance"), TOLERANCES)
@pytest.mark.parametrize("case", CASES, ids=str)
def test_pairs_agree_with_float64_on_the_host(cupy, case, dtype, tolerance):
    inputs = case.make(drawing(8, dtype))
    exact = [x.astype(np.float64) if isinstance(x, np.ndarray) else x for x in inputs]
    out, cache = case.forward(*exact)
    dout = np.random.default_rng(8).standard_normal(np.shape(out)).astype(dtype)
    grads = in_tuple(case.backward(np.asarray(dout, np.float64), cache))
    there = [cupy.asarray(x) if isinstance(x, np.ndarray) else x for x in inputs]
    there_out, there_cache = case.forward(*there)
    there_grads = in_tuple(case.backward(cupy.asarray(dout), there_cache))
    for one, other in zip((out, *grads), (there_out, *there_grads), strict=True):
        assert other.dtype == dtype
        assert relative_error(one, to_numpy(other).astype(np.float64)) < tolerance


@pytest.mark.parametrize("case", [c for c in CASES if str(c) in SMOOTH], ids=str)
def test_gradients_pass_the_check(cupy, case):
    inputs = [cupy.asarray(x) for x in case.make(drawing(1))]
    report = check_gradients(case.forward, case.backward, inputs)
    assert report.ok, report


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("make", MAKERS, ids=NAMES)
def test_fit_gives_the_losses_of_the_host(cupy, make, dtype):
    x, labels = batch((1, 8, 8), n=50)
    x = x.astype(dtype)
    histories = []
    for device in ("cpu", "gpu"):
        network = normed().to("cpu", dtype)
        optimizer = make(network.parameters())
        histories.append(fit(network, optimizer, x, labels, epochs=3, batch_size=16, device=device))
    rtol = 1e-3 if dtype == "float32" else 1e-9
    np.testing.assert_allclose(histories[1].loss, histories[0].loss, rtol=rtol)


@pytest.mark.parametrize("dtype", ["float32", "float64"])
@pytest.mark.parametrize("make", MAKERS, ids=NAMES)
@pytest.mark.parametrize(("build", "shape"), BUILDS, ids=IDS)
def test_a_captured_step_gives_the_numbers_of_the_host(cupy, build, shape, make, dtype):
    network, other = build().to("cpu", dtype), build().to("gpu", dtype)
    optimizer, there = make(network.parameters()), make(other.parameters())
    step = CapturedStep(other, there)
    for i in range(9):
        x, labels = batch(shape, n=3 if i == 5 else 6, seed=i)
        x = x.astype(dtype)
        loss = plain_step(network, optimizer, x, labels)
        far = step(to_device(x, "gpu"), to_device(labels, "gpu"))
        rtol = 1e-3 if dtype == "float32" else 1e-9
        assert float(far) == pytest.approx(float(loss), rel=rtol)
    if dtype == "float64":
        agree(network, other)


@pytest.mark.parametrize("turned", [False, True])
@pytest.mark.parametrize("dtype", [np.float32, np.float64])
def test_products_through_cublas_are_those_of_cupy(cupy, dtype, turned):
    x, w = (cupy.asarray(drawing(i, dtype)(*shape)) for i, shape in ((0, (6, 5)), (1, (3, 5, 4))))
    x = cupy.asfortranarray(x) if turned else x
    found, expected = cublas.matmul(x, w), cupy.matmul(x, w)
    assert relative_error(to_numpy(found).astype(float), to_numpy(expected).astype(float)) < 1e-5


def test_what_use_makes_lives_there(cupy):
    use("cupy", dtype="float32")
    try:
        assert {type(a) for a in normed().state_dict().values()} == {cupy.ndarray}
    finally:
        use("numpy")
