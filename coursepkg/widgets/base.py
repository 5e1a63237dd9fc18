"""What all widgets share: the frame in the browser, and a form that needs no kernel."""

from typing import Any, ClassVar

import anywidget
import traitlets

from coursepkg.widgets.static import jupyter_esm, static_html, styles


class BookWidget(anywidget.AnyWidget):
    """A widget that lives in Jupyter with a kernel, and in the book's pages without one.

    A subclass names its script, says who it is, and declares its state as synced traits; see
    `coursepkg.widgets`.

    Attributes
    ----------
    script : file name of its ECMAScript module, beside its Python module
    number : its number in the book, such as "W6.1"; deep links begin with it
    title : what the picture is about, in one line
    alt : what the picture shows and says, for readers who cannot see or run it
    free_text : names of traits that may hold any text; the widget copes with what makes no sense
    """

    script: ClassVar[str]
    number: ClassVar[str]
    title: ClassVar[str]
    alt: ClassVar[str]
    free_text: ClassVar[tuple[str, ...]] = ()

    _about = traitlets.Dict().tag(sync=True)
    _start = traitlets.Dict().tag(sync=True)
    _data = traitlets.Dict(help="what `coursepkg` computed and the browser only reads").tag(
        sync=True
    )

    def __init_subclass__(cls, **kwargs: Any) -> None:
        if "script" in cls.__dict__:
            cls._esm = jupyter_esm(cls.script)
            cls._css = "".join(styles(cls.script).values())
        super().__init_subclass__(**kwargs)

    def __init__(self, **state: Any) -> None:
        unknown = state.keys() - set(self.trait_names())
        if unknown:
            raise TypeError(
                f"{type(self).__name__} has no {', '.join(sorted(unknown))}; "
                f"it takes {', '.join(self._state_names())}"
            )
        super().__init__(**state)
        self._about = {"number": self.number, "title": self.title}
        self._start = self.state()

    def state(self) -> dict[str, Any]:
        """Everything that a reader can change, by name, as plain Python values."""
        return {name: getattr(self, name) for name in self._state_names()}

    @classmethod
    def reference_states(cls) -> list[tuple[dict[str, Any], dict[str, Any]]]:
        """Pairs (state, numbers): what the browser must compute, according to `coursepkg`."""
        raise NotImplementedError(f"{cls.__name__} must list its reference states")

    @classmethod
    def _state_names(cls) -> list[str]:
        own = cls.class_trait_names(sync=True)
        shared = set(BookWidget.class_trait_names(sync=True))
        return sorted(name for name in own if name not in shared and not name.startswith("_"))

    def to_html(self) -> str:
        """HTML in which the widget is alive without a kernel, also opened from ``file://``."""
        model = {"_about": self._about, "_start": self._start, "_data": self._data}
        return static_html(
            self.script, model | self.state(), f"{self.number} {self.title}", self.alt
        )

    def __repr__(self) -> str:
        changed = {n: v for n, v in self.state().items() if v != self.trait_defaults(n)}
        return f"{type(self).__name__}({', '.join(f'{n}={v!r}' for n, v in changed.items())})"

    def _repr_mimebundle_(self, **kwargs: Any) -> tuple[dict[str, Any], dict[str, Any]] | None:
        bundle = super()._repr_mimebundle_(**kwargs)
        if bundle is not None:
            bundle[0]["text/html"] = self.to_html()
        return bundle
