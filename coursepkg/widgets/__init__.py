"""Widgets that live in Jupyter with a kernel and in the book's pages without one.

>>> from coursepkg.widgets import MatrixVJP
>>> MatrixVJP(example="linear", batch=2).batch
2

How to make a widget
--------------------
Three files beside each other, the style sheet only where it is needed::

    signal_flow.py    class SignalFlow(BookWidget): who it is, its state, its reference states
    signal_flow.js    its controls, its mathematics and its picture
    signal_flow.css   its own style, every name beginning with a prefix of its own

In Python, the state is a few synced traits with bounds; everything else comes from the base::

    class SignalFlow(BookWidget):
        script = "signal_flow.js"
        number = "W7.1"
        title = "How far does a signal get?"
        alt = "What the picture shows and says, with its numbers."

        depth = traitlets.Int(10, min=1, max=50).tag(sync=True)

        @classmethod
        def reference_states(cls):
            return [({"depth": d}, {"std": ...}) for d in (1, 2, 50)]  # numbers from coursepkg

In JavaScript, one call; `frame.js` says what each part takes::

    import { html, number, widget } from "./frame.js";

    export default widget({
      controls: [{ name: "depth", label: "Layers", min: 1, max: 50, step: 1 }],
      compute: ({ depth }, data) => ({ std: ... }),
      draw: ({ depth }, numbers, set) => html`<svg>...</svg>`,
      see: ({ depth }, numbers) => html`<p>What to notice at this very depth.</p>`,
      predict: { question, options, answer, attempt, explain },
      code: ({ depth }) => `the call that gives the same numbers`,
    });

`compute` is pure: `tests/browser` sets every reference state in Chromium and compares its numbers
with those of Python at 1e-9. What is too heavy for a browser, Python computes once and puts into
`_data` (`@traitlets.default("_data")`); `compute` gets it as its second argument. The frame gives
the controls, the prediction before the read-out, deep links (``#W7.1?depth=20``), the code, reset,
dark mode and the layout on a phone.

Pieces
------
`base` holds the class, `static` the HTML that needs no kernel, `frame.js` and `frame.css` what the
reader sees of every widget, with `links.js` for deep links and `theme.js` for light and dark;
`axes.js` has axes and lines, `chart.js` points that can be moved as well, `pixels.js` grids of
numbers on a canvas, `cells.js` matrices as cells to point at, change and paint;
`template.js` writes the templates into the page; `host.js` stands in for the kernel, `loader.js`
makes modules out of texts. A page of several widgets keeps one copy of all this when it goes
through `static.share_once`.
"""

from coursepkg.widgets.activation_lab import ActivationLab
from coursepkg.widgets.backward_window import BackwardWindow
from coursepkg.widgets.bench_table import BenchTable
from coursepkg.widgets.bias_scope import BiasScope
from coursepkg.widgets.branch_bug import BranchBug
from coursepkg.widgets.cnn_explorer import CNNExplorer
from coursepkg.widgets.curve_clinic import CurveClinic
from coursepkg.widgets.dead_units import DeadUnits
from coursepkg.widgets.decision_regions import DecisionRegions
from coursepkg.widgets.equivariance import Equivariance
from coursepkg.widgets.filter_evolution import FilterEvolution
from coursepkg.widgets.gate_lab import GateLab
from coursepkg.widgets.gate_patterns import GatePatterns
from coursepkg.widgets.gradient_doctor import GradientDoctor
from coursepkg.widgets.graph_walker import GraphWalker
from coursepkg.widgets.hyperplane import Hyperplane
from coursepkg.widgets.im2col_unfolder import Im2colUnfolder
from coursepkg.widgets.jacobian_xray import JacobianXRay
from coursepkg.widgets.kill_step import KillStep
from coursepkg.widgets.liars_gradient import LiarsGradient
from coursepkg.widgets.loss_shapes import LossShapes
from coursepkg.widgets.matrix_vjp import MatrixVJP
from coursepkg.widgets.minibatch_cloud import MinibatchCloud
from coursepkg.widgets.momentum_dial import MomentumDial
from coursepkg.widgets.noise_filter import NoiseFilter
from coursepkg.widgets.occlusion_brush import OcclusionBrush
from coursepkg.widgets.overfit_dial import OverfitDial
from coursepkg.widgets.parameter_scale import ParameterScale
from coursepkg.widgets.perceptron_stepper import PerceptronStepper
from coursepkg.widgets.playground import Playground
from coursepkg.widgets.pool_router import PoolRouter
from coursepkg.widgets.race import Race
from coursepkg.widgets.receptive_field import ReceptiveField
from coursepkg.widgets.ridge import Ridge
from coursepkg.widgets.shape_checker import ShapeChecker
from coursepkg.widgets.shape_tetris import ShapeTetris
from coursepkg.widgets.signal_flow import SignalFlow
from coursepkg.widgets.size_calculator import SizeCalculator
from coursepkg.widgets.sliding_window import SlidingWindow
from coursepkg.widgets.softmax_machine import SoftmaxMachine
from coursepkg.widgets.spline_builder import SplineBuilder
from coursepkg.widgets.step_size import StepSize
from coursepkg.widgets.tape_viewer import TapeViewer
from coursepkg.widgets.underflow import Underflow
from coursepkg.widgets.valley import Valley
from coursepkg.widgets.xor_folding import XorFolding

__all__ = [
    "ActivationLab",
    "BackwardWindow",
    "BenchTable",
    "BiasScope",
    "BranchBug",
    "CNNExplorer",
    "CurveClinic",
    "DeadUnits",
    "DecisionRegions",
    "Equivariance",
    "FilterEvolution",
    "GateLab",
    "GatePatterns",
    "GradientDoctor",
    "GraphWalker",
    "Hyperplane",
    "Im2colUnfolder",
    "JacobianXRay",
    "KillStep",
    "LiarsGradient",
    "LossShapes",
    "MatrixVJP",
    "MinibatchCloud",
    "MomentumDial",
    "NoiseFilter",
    "OcclusionBrush",
    "OverfitDial",
    "ParameterScale",
    "PerceptronStepper",
    "Playground",
    "PoolRouter",
    "Race",
    "ReceptiveField",
    "Ridge",
    "ShapeChecker",
    "ShapeTetris",
    "SignalFlow",
    "SizeCalculator",
    "SlidingWindow",
    "SoftmaxMachine",
    "SplineBuilder",
    "StepSize",
    "TapeViewer",
    "Underflow",
    "Valley",
    "XorFolding",
]
