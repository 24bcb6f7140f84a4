"""Boilerplate is learned from its repetition; what articles share by right is not."""

import random
from collections import Counter
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import pytest

from galley.build.dump.learning import learn
from galley.build.dump.profile import Place, Profile, profile_path
from galley.build.extract import extract
from galley.build.lines import split_lines
from galley.build.source import Source, SourceFile, find_stale, with_profiles
from galley.config import BuildConfig
from galley.errors import ConfigError

from .pages import CHECKER

SYLLABLES = ("ba", "do", "fu", "gel", "kir", "lan", "mo", "nu", "per", "sil", "to", "vas", "zi")


class Tongue:
    """A language that no list of phrases knows."""

    def __init__(self, seed: int) -> None:
        self.random = random.Random(seed)
        sizes = (self.random.randint(2, 4) for _ in range(400))
        self.words = ["".join(self.random.choices(SYLLABLES, k=size)) for size in sizes]

    def line(self, words: int) -> str:
        """Return a heading."""
        return " ".join(self.random.choices(self.words, k=words)).capitalize()

    def text(self, sentences: int) -> str:
        """Return a paragraph."""
        return " ".join(f"{self.line(self.random.randint(7, 14))}." for _ in range(sentences))


class Site:
    """A site: what its pages have in common, and its articles as (title, paragraphs)."""

    def __init__(self, tongue: Tongue, articles: int) -> None:
        self.name, self.menu = tongue.line(2), [tongue.line(2) for _ in range(5)]
        self.plug = [tongue.line(4), tongue.text(2), tongue.line(1)]
        self.foot = [tongue.text(2), tongue.line(5)]
        self.tags = [tongue.line(1) for _ in range(5)]
        self.articles = [
            (tongue.line(6), [tongue.text(3) for _ in range(tongue.random.randint(3, 8))])
            for _ in range(articles)
        ]

    def page(self, number: int) -> str:
        """Return a page with the plug in the middle of the article."""
        title, text = self.articles[number]
        half = 1 + number % (len(text) - 1)
        inner = [*text[:half], *self.plug, *text[half:]]
        head = [f"{title} | {self.name}", self.name, *self.menu, title]
        return "\n\n".join([*head, *inner, *self.foot])

    def listing(self, numbers: Iterable[int]) -> str:
        """Return the page of a tag."""
        lines = [f"Tag - {self.tags[0]}", ""]
        for number in numbers:
            title, text = self.articles[number]
            lines += [title, " ".join(text), *self.tags[: 1 + number % 4]]
        return "\n".join(lines)


def lay(folder: Path, pages: Iterable[str]) -> list[SourceFile]:
    """Write pages and return them as the files of one source."""
    folder.mkdir(exist_ok=True)
    files = []
    for number, content in enumerate(pages):
        path = folder / f"{number:03}.txt"
        path.write_text(content, encoding="utf-8")
        files.append(SourceFile(path, path.name, Source("site", ("*.txt",))))
    return files


def learned(files: list[SourceFile], folder: Path, workers: int = 1) -> Profile:
    """Learn from files and return what was written."""
    learn(files, folder, config=BuildConfig(workers=workers), advance=lambda *_: None)
    profile = Profile.load(folder, "site")
    assert profile is not None
    return profile


def read(file: SourceFile, profile: Profile | None = None) -> tuple[list[str], str, list[str]]:
    """Return a file's titles, the text of its first record, and all tags."""
    source = replace(file.source, profile=profile)
    found = extract(file.name, file.path.read_bytes(), source=source, checker=CHECKER)
    titles = [record["title"] for record in found.records]
    tags = [tag for record in found.records for tag in record["source_tags"]]
    return titles, found.records[0]["text"], tags


def score(text: str, gold: list[str]) -> float:
    """Return the token F1 of a text."""
    found, wanted = Counter(text.split()), Counter(" ".join(gold).split())
    common = sum((found & wanted).values())
    return 2 * common / (found.total() + wanted.total())


def places(profile: Profile, lines: Iterable[str]) -> list[Place | None]:
    """Return what a profile knows of lines."""
    return [profile.place(line) for text in lines for line in split_lines(text)]


def test_a_plug_in_a_language_nobody_knows(tmp_path: Path) -> None:
    """The plug and the footer leave the text; without the profile they are in it."""
    site = Site(Tongue(1), 12)
    files = lay(tmp_path, map(site.page, range(12)))
    profile = learned(files, tmp_path / "profiles")
    for number, file in enumerate(files):
        title, text = site.articles[number]
        assert score(read(file)[1], text) < 0.95
        titles, found, _ = read(file, profile)
        assert titles == [title]
        assert score(found, text) > 0.97


def test_where_lines_stand(tmp_path: Path) -> None:
    """The plug stands inside, the footer and the menu around, the articles' lines nowhere."""
    site = Site(Tongue(2), 12)
    profile = learned(lay(tmp_path, map(site.page, range(12))), tmp_path / "profiles")
    assert places(profile, site.plug) == [Place.INSIDE] * 3
    assert places(profile, [*site.menu, *site.foot]) == [Place.AROUND] * 7
    for title, text in site.articles:
        assert places(profile, [title, *text]) == [None] * (1 + len(text))


def test_copies_of_an_article_teach_nothing(tmp_path: Path) -> None:
    """An article on five of nine pages, the fifth with a last paragraph more, is no boilerplate."""
    site = Site(Tongue(3), 5)
    title, text = site.articles[0]
    longer = site.page(0).replace(site.foot[0], f"{Tongue(9).text(1)}\n\n{site.foot[0]}")
    pages = [*([site.page(0)] * 4), longer, *map(site.page, range(1, 5))]
    profile = learned(lay(tmp_path, pages), tmp_path / "profiles")
    assert profile.articles == 5
    assert set(places(profile, [title, *text])) == {None}
    assert set(places(profile, site.foot)) == {Place.AROUND}


def test_listings_keep_titles_tags_and_texts(tmp_path: Path) -> None:
    """The same articles and tags on every listing page, beside single pages of the source."""
    site = Site(Tongue(4), 6)
    pages = [*map(site.page, range(6)), *(site.listing(range(n, n + 3)) for n in (0, 1, 2, 3))]
    files = lay(tmp_path, pages)
    profile = learned(files, tmp_path / "profiles")
    assert set(places(profile, site.tags)) == {None}
    for number, file in enumerate(files[6:]):
        titles, text, tags = read(file, profile)
        assert titles == [title for title, _ in site.articles[number : number + 3]]
        assert text == " ".join(site.articles[number][1])
        assert (titles, text, tags) == read(file)


def test_a_subhead_that_articles_share(tmp_path: Path) -> None:
    """A short one stays in the text of all articles; a sentence said twice in one stays too."""
    tongue = Tongue(5)
    site, shared = Site(tongue, 8), tongue.line(1)
    for _, text in site.articles:
        text[1:1] = [shared]
    site.articles[0][1].append(site.articles[0][1][0])
    files = lay(tmp_path, map(site.page, range(8)))
    profile = learned(files, tmp_path / "profiles")
    assert places(profile, [shared, site.articles[0][1][0]]) == [None, None]
    assert shared in read(files[3], profile)[1]


def test_a_line_that_all_pages_begin_with_is_no_title(tmp_path: Path) -> None:
    """Where all dumps begin with the same words, the title is the first line of their own."""
    site = Site(Tongue(6), 8)
    pages = [f"{site.name}\n\n{site.page(n).split(chr(10), 2)[2]}" for n in range(8)]
    files = lay(tmp_path, pages)
    assert read(files[0])[0] == [site.name]
    profile = learned(files, tmp_path / "profiles")
    assert [read(file, profile)[0] for file in files] == [[title] for title, _ in site.articles]


def test_few_articles_teach_nothing(tmp_path: Path) -> None:
    """What two articles share may be chance."""
    site = Site(Tongue(7), 2)
    profile = learned(lay(tmp_path, map(site.page, range(2))), tmp_path / "profiles")
    assert (profile.articles, profile.lines) == (2, {})


def test_same_bytes_whatever_the_workers(tmp_path: Path) -> None:
    """One process and several write the same file, for a source worth a pool."""
    site = Site(Tongue(8), 70)
    files = lay(tmp_path, map(site.page, range(70)))
    written = []
    for workers in (1, 2):
        learned(files, tmp_path / str(workers), workers)
        written.append(profile_path(tmp_path / str(workers), "site").read_bytes())
    assert written[0] == written[1]
    assert site.plug[0].encode() not in written[0]


def test_only_text_dumps_are_read(tmp_path: Path) -> None:
    """A source of web pages has no profile; what cannot be read does not stop the rest."""
    site = Site(Tongue(9), 4)
    files = lay(tmp_path, [*map(site.page, range(4)), "", "\0\1", "<html><body><p>x</p></body>"])
    assert learned(files, tmp_path / "profiles").files == 4
    assert learn(files[6:], tmp_path, config=BuildConfig(), advance=lambda *_: None) == []


def test_a_profile_is_an_input(tmp_path: Path) -> None:
    """What decides the output is described: with a profile, with another, without one."""
    site = Site(Tongue(10), 6)
    files = lay(tmp_path, map(site.page, range(6)))
    profile = learned(files, tmp_path / "profiles")
    (with_it,) = with_profiles([files[0].source], tmp_path / "profiles")
    (without,) = with_profiles([files[0].source], tmp_path / "nowhere")
    other = replace(profile, lines=dict(list(profile.lines.items())[1:]))
    described = [with_it, without, replace(without, profile=other)]
    assert len({str(source.describe()) for source in described}) == 3


def test_a_profile_grows_old(tmp_path: Path) -> None:
    """A source whose files are mostly new since says so; some new files do not matter."""
    site = Site(Tongue(11), 12)
    files = lay(tmp_path / "a", map(site.page, range(4)))
    profile = learned(files, tmp_path / "profiles")
    every = lay(tmp_path / "a", map(site.page, range(12)))
    source = replace(files[0].source, profile=profile)
    now = [replace(file, source=source) for file in every]
    assert find_stale(now[:6]) == {}
    assert find_stale(now) == {"site": pytest.approx(8 / 12)}


def test_a_broken_profile_is_an_error(tmp_path: Path) -> None:
    """It is never read as an empty one."""
    for content in ("{", "[]", '{"format": 2}', '{"format": 1, "source": "other"}'):
        (tmp_path / "site.json").write_text(content, encoding="utf-8")
        with pytest.raises(ConfigError, match="cannot be read"):
            Profile.load(tmp_path, "site")


def test_names_are_no_paths(tmp_path: Path) -> None:
    """A source may be called anything; its profile stays in the folder."""
    for name in ("../../etc", "a/b", "über", "."):
        assert Profile(name).write(tmp_path).parent == tmp_path
        assert Profile.load(tmp_path, name) == Profile(name)
