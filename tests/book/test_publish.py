"""The folder that the web serves: versions side by side, and what belongs to all of them."""

from pathlib import Path
from types import ModuleType
from xml.etree import ElementTree

import pytest
import yaml
from bs4 import BeautifulSoup

from tests.book.conftest import ROOT, load

SITE = "https://someone.github.io/course"


@pytest.fixture
def publish(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    """`publish.py`, and a small built book with everything that may lie beside one."""
    module = load("publish.py")
    built = tmp_path / "build" / "book" / "_build" / "html"
    for name in ("index.html", "chapters/01-a.html", "search.html", "_static/x.html"):
        (built / name).parent.mkdir(parents=True, exist_ok=True)
        (built / name).write_text("first")
    (tmp_path / "build" / "book" / "book.pdf").write_bytes(b"%PDF")
    live = tmp_path / "build" / "live" / "site"
    live.mkdir(parents=True)
    (live / "run.html").write_text("run")
    monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(module, "BOOK", tmp_path / "build" / "book")
    monkeypatch.setenv("BOOK_SITE", SITE)
    monkeypatch.delenv("BOOK_FOLDER", raising=False)
    monkeypatch.delenv("BOOK_REPOSITORY", raising=False)
    return module


@pytest.fixture
def site(tmp_path: Path) -> Path:
    return tmp_path / "site"


def test_versions_stand_side_by_side(
    publish: ModuleType, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for folder in ("v0.9", "v0.10"):
        monkeypatch.setenv("BOOK_FOLDER", folder)
        assert publish.main([str(site)]) == 0
    monkeypatch.delenv("BOOK_FOLDER")
    (publish.BOOK / "_build" / "html" / "index.html").write_text("second")
    assert publish.main([str(site)]) == 0
    assert publish.versions(site) == ["latest", "v0.10", "v0.9"]
    assert (site / "v0.9" / "index.html").read_text() == "first"
    assert (site / "latest" / "index.html").read_text() == "second"
    for beside in ("book.pdf", "live/run.html"):
        assert (site / "latest" / beside).exists()


def test_a_page_that_is_gone_goes(publish: ModuleType, site: Path) -> None:
    publish.main([str(site)])
    (publish.BOOK / "_build" / "html" / "chapters" / "01-a.html").unlink()
    publish.main([str(site)])
    assert not (site / "latest" / "chapters" / "01-a.html").exists()


def test_the_map_lists_the_pages_of_the_latest_version(publish: ModuleType, site: Path) -> None:
    publish.main([str(site)])
    tree = ElementTree.parse(site / "sitemap.xml")
    places = [place.text for place in tree.iter("{http://www.sitemaps.org/schemas/sitemap/0.9}loc")]
    assert places == [f"{SITE}/latest/chapters/01-a.html", f"{SITE}/latest/index.html"]
    assert f"Sitemap: {SITE}/sitemap.xml" in (site / "robots.txt").read_text()


def test_an_address_that_leads_nowhere_leads_back(publish: ModuleType, site: Path) -> None:
    publish.main([str(site)])
    page = BeautifulSoup((site / "404.html").read_text(), "html.parser")
    assert page.html is not None
    assert page.html["lang"] == "en"
    links = [str(a["href"]) for a in page.find_all("a")]
    assert all(link.startswith(f"{SITE}/latest/") for link in links)
    for link in links:
        path = site / link.removeprefix(f"{SITE}/")
        assert (path / "index.html").exists() or path.exists()
    assert not page.select("script, link, img")


def test_the_way_in_leads_to_the_latest_version(publish: ModuleType, site: Path) -> None:
    publish.main([str(site)])
    way = (site / "index.html").read_text()
    assert 'url=latest/"' in way
    assert (site / ".nojekyll").exists()


def test_binder_learns_what_to_install(
    publish: ModuleType, site: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    publish.main([str(site)])
    assert not (site / ".binder").exists()
    monkeypatch.setenv("BOOK_REPOSITORY", "https://github.com/someone/course")
    publish.main([str(site)])
    wanted = (site / ".binder" / "requirements.txt").read_text().splitlines()
    assert "coursepkg[widgets] @ git+https://github.com/someone/course" in wanted


@pytest.mark.parametrize(
    ("settings", "said"),
    [
        ({"BOOK_SITE": ""}, "BOOK_SITE=https://"),
        ({"BOOK_FOLDER": "../elsewhere"}, "'../elsewhere'"),
    ],
)
def test_without_an_address_or_with_a_strange_folder_nothing_is_written(
    publish: ModuleType,
    site: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    settings: dict[str, str],
    said: str,
) -> None:
    for name, value in settings.items():
        monkeypatch.setenv(name, value)
    assert publish.main([str(site)]) == 2
    assert said in capsys.readouterr().out
    assert not site.exists()


def test_the_workflow_speaks_the_language_of_the_settings() -> None:
    text = (ROOT / ".github" / "workflows" / "ci.yml").read_text(encoding="utf-8")
    jobs = yaml.safe_load(text)["jobs"]
    assert {"BOOK_SITE", "BOOK_REPOSITORY", "BOOK_LIVE"} == set(jobs["publish"]["env"])
    assert jobs["publish"]["needs"] == "test"
    said = "\n".join(step.get("run", "") for step in jobs["publish"]["steps"])
    assert "make book pdf live" in said
    assert "book/publish.py site" in said
    assert "BOOK_" not in str(jobs["test"])  # the tests are about a book without an address
