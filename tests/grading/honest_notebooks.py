"""Thirty small notebooks as students write them, by name: their code cells."""

PLOT = "import matplotlib.pyplot as plt\nimport numpy as np\n"

NOTEBOOKS: dict[str, list[str]] = {
    "print": ["print('hello')", "for i in range(3):\n    print(i, end=' ')"],
    "value": ["1 + 1", "'text'", "None", "x = 3\nx"],
    "semicolon": ["5;", "x = [1, 2]\nx;", "'a;'"],
    "underscore": ["6 * 7", "_ + 1", "__, _", "Out[1]"],
    "several values": ["1\n2\n3", "x = 4\nif x:\n    x"],
    "array": ["import numpy as np\nnp.arange(12).reshape(3, 4)", "np.linspace(0, 1, 2000)"],
    "functions": ["def f(x):\n    return x + 1", "f(2)", "f"],
    "classes": ["class A:\n    def __repr__(self):\n        return 'an A'", "A()", "[A(), A()]"],
    "repr html": [
        "class T:\n    def _repr_html_(self):\n        return '<b>bold</b>'\n"
        "    def __repr__(self):\n        return 'plain'",
        "T()",
    ],
    "display": [
        "display(1, 'two', [3])",
        "from IPython.display import HTML, Latex, Markdown\ndisplay(HTML('<i>x</i>'))",
        "Markdown('**bold**')",
        "Latex('$x^2$')",
    ],
    "updated display": [
        "from IPython.display import display\nh = display('first', display_id='a')\n"
        "h.update('second')\nprint('done')",
    ],
    "clear output": [
        "from IPython.display import clear_output\nfor i in range(3):\n"
        "    clear_output(wait=True)\n    print(i)",
        "print('gone')\nclear_output()\nprint('stays')",
    ],
    "streams": [
        "import sys\nprint('a')\nprint('c')",
        "print('b', file=sys.stderr)",
        "sys.stdout.write('no newline')",
    ],
    "warning": ["import warnings\nwarnings.simplefilter('ignore')\nwarnings.warn('quiet')\n1"],
    "numpy warning": [
        "import numpy as np\nwith np.errstate(all='ignore'):\n    y = np.log(0.0)\ny"
    ],
    "error": ["a = 1\nb = 0\na / b", "print('goes on')"],
    "error in a function": ["def f(x):\n    y = x + 1\n    return y @ y", "f(3)"],
    "syntax error": ["def f(:\n    pass", "print('after')"],
    "name error": ["undefined_name", "import no_such_module"],
    "assertion": ["assert 1 + 1 == 3, 'arithmetic'"],
    "own exception": ["class Mine(Exception):\n    pass", "raise Mine('text')"],
    "exception in a handler": [
        "try:\n    int('a')\nexcept ValueError as e:\n    print(type(e).__name__, e)",
    ],
    "figure": [
        PLOT + "plt.plot([1, 4, 9]);",
        "plt.scatter([1, 2], [2, 1])\nplt.title('points')\nplt.show()",
    ],
    "two figures": [
        PLOT
        + "for k in range(2):\n    plt.figure(figsize=(3, 2))\n    plt.plot(np.arange(5) ** k)\n"
        "print('x')",
    ],
    "figure object": [
        PLOT + "fig, axes = plt.subplots(1, 2, figsize=(4, 2))\naxes[0].imshow(np.eye(3))\n"
        "plt.close(fig)",
        "fig",
    ],
    "magics": ["%matplotlib inline\nx = 2", "%precision 3\n3.14159265", "%lsmagic;"],
    "cell magics": ["%%capture out\nprint('hidden')", "out.stdout", "1"],
    "await": [
        "import asyncio\nasync def double(x):\n    await asyncio.sleep(0.001)\n    return 2 * x",
        "await double(21)",
        "await asyncio.gather(*(double(i) for i in range(3)))",
        "async with asyncio.Lock():\n    print('locked')",
    ],
    "training loop": [
        "import numpy as np\nrng = np.random.default_rng(0)\nx = rng.normal(size=(50, 3))\n"
        "y = x @ [1.0, -2.0, 0.5]\nw = np.zeros(3)",
        "for step in range(100):\n    error = x @ w - y\n    w -= 0.1 * x.T @ error / len(x)\n"
        "    if step % 25 == 0:\n        print(f'{step:3d} {error @ error:.4f}')\nw.round(3)",
    ],
    "odd cells": [
        "",
        "# only a comment",
        "'''a\n%not a magic\n'''",
        "def g():\n    '''doc'''\n\n\ng()",
        "x: int = 3\nx",
    ],
    "generators and sets": [
        "(i for i in range(3)).__class__",
        "{3, 1, 2}",
        "list(map(str, range(3)))",
        "dict(a=1)",
    ],
    "dataclass": [
        "from dataclasses import dataclass\n@dataclass\nclass P:\n    x: float\n    y: float = 0.0",
        "P(1.0)",
        "P(1.0) == P(1.0, 0.0)",
    ],
}
