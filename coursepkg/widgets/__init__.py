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
`template.js` writes the templates into the page; `host.js` stands in for the kernel, `loader.js`
makes modules out of texts. A page of several widgets keeps one copy of all this when it goes
through `static.share_once`.
"""

from coursepkg.widgets.jacobian_xray import JacobianXRay
from coursepkg.widgets.matrix_vjp import MatrixVJP

__all__ = ["JacobianXRay", "MatrixVJP"]
