"""Titles of pages that begin with their menu, without the browser's title."""

import pytest

from galley.build.dump.layouts import choose
from galley.build.dump.reading import Reading
from galley.build.page import Page
from galley.build.source import Source
from tests.unit.build.test_furniture import FOUR, ONE, THREE, TITLE, TWO

MENU = ["News", "News", "Sport", "Weather", "Log in", "Culture"]
BYLINE = "By Ann Lee"
DATE = "3 May 2024, 14:05"


def title(*lines: str) -> str:
    """Return the title that is read from a page."""
    page = "\n".join((*lines, ONE, TWO, THREE, FOUR, "About us", "Jobs"))
    found = choose(Page("page.txt", "0" * 64, page, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    return page[slice(*found.drafts[0].title)]


@pytest.mark.parametrize(
    "above",
    [
        [*MENU, TITLE, BYLINE, DATE],
        [*MENU, TITLE, DATE],
        [*MENU, DATE, TITLE],
        [*MENU, f"News › Sport › {TITLE}", TITLE, BYLINE, "Share", "E-mail"],
        ["We use cookies to show you what you like to read", "Accept", *MENU, TITLE, BYLINE],
        ["The Quay and all that is going on in town", *MENU, TITLE, BYLINE, DATE],
        [*MENU, "Subscribe to our newsletter today and read more", *MENU, TITLE, BYLINE, DATE],
        [*MENU, "A bridge and its ferry…", BYLINE, DATE],
    ],
)
def test_headline_below_a_menu(above: list[str]) -> None:
    """It is the line that a path leads to, or that the author and the date follow."""
    wanted = TITLE if TITLE in above else "A bridge and its ferry…"
    assert title(*above) == wanted


def test_short_titles_stay() -> None:
    """A title of one word that stands right above the text is none of the menu."""
    assert title("Emden – The Quay", *MENU, "Emden") == "Emden"


def test_the_browsers_title_stays() -> None:
    """It is no path, though the page names its site again."""
    site = "All the news of the Quay"
    assert title(f"{TITLE} | {site}", site, *MENU, TITLE) == TITLE


@pytest.mark.parametrize("name", ["| The Quay", "@ The Quay", "© The Quay"])
def test_name_of_the_site_is_no_headline(name: str) -> None:
    """What stands behind a headline in the browser's title is a name, wherever it is repeated."""
    browser = "Old bridge over the river is closed for three months | The Quay"
    for again in ((), ("Old Bridge Over the River Is Closed for Three Months",)):
        page = "\n\n".join((browser, "News", "Sport", *again, name, ONE, TWO, THREE, name))
        found = choose(Page("page.txt", "0" * 64, page, "utf-8"), Source("test"))
        assert isinstance(found, Reading)
        title = page[slice(*found.drafts[0].title)]
        assert title == (again or (browser.removesuffix(" | The Quay"),))[0]


def test_a_path_at_the_top() -> None:
    """Its last step is the title if the page says it again, however short it is."""
    assert title("You are here: Home » North » Coast » Emden", "Emden") == "Emden"


# What stands above the text of a page, the headline's number, and the text.
SITES = {
    "de: the site's name first": (
        ["Der Uferbote", "Lokales", "Sport", "Kultur", "Wetter", "Zum Inhalt springen", "Mein Konto"],
        "Die Fähre am Nordkai fährt wieder",
        ["von Jule Harms", "3. Mai 2024", "A-", "A", "A+"],
        [
            "Seit Montag legt die Fähre wieder jede Stunde am Nordkai ab, nachdem der Rumpf in der Werft geschweißt worden war.",
            "Der Kapitän sagte, er habe in den drei Monaten am Ufer vor allem das Klappern der Rampe vermisst.",
        ],
    ),
    "fr: a way past the menu, a colon in the headline": (
        ["Aller au contenu", "Accueil | Région | Culture | Sport | Météo", "Mon compte"],
        "Marais : les passeurs reprennent la barque",
        ["Publié le 3 mai 2024 par la rédaction"],
        [
            "Les passeurs du marais ont repris la barque mardi, après trois saisons sans eau dans le canal principal.",
            "Une vingtaine de visiteurs attendaient sur le ponton, avec des parapluies et beaucoup de patience.",
        ],
    ),
    "pt: a date, lists of other articles and a path": (
        [
            *("1 de maio de 2024", "18°C", "Mais lidas", "1. O padeiro que não dorme"),
            *("2. Uma escola com dois alunos", "Últimas notícias", "A feira do gado muda de praça"),
            "Início » Crónica",
        ],
        "Remar contra a corrente",
        [],
        [
            "Aprendi a remar aos cinquenta anos, contra a corrente e contra a opinião de toda a minha família.",
            "O professor dizia que a corrente não tem pressa nenhuma, e que por isso ganha quase sempre.",
        ],
    ),
    "sv: a box for subscribers and a row of buttons": (
        ["Lill-Stinas anteckningar", "Logga in", "Bli prenumerant", "Mina sidor"],
        "Sotarens sista vinter",
        ["3 maj 2024", "Av Nils Brask", "Dela artikeln Facebook X E-post Kopiera länk"],
        [
            "I trettio år har sotaren Lage Ek gått på taken i gamla stan, och i vinter gick han där för sista gången.",
            "Han säger att utsikten var det bästa med jobbet, och att katterna kom på delad andra plats.",
        ],
    ),
    "ru: consent, a menu and a section": (
        ["Перейти к содержанию", "Новости", "Спорт", "Культура", "Мнения", "Реклама", "Спорт"],
        "«Якорь» проиграл на своём поле",
        ["Автор: Пётр Лужин", "3 мая 2024"],
        [
            "Команда «Якорь» проиграла на своём поле третий матч подряд, хотя до перерыва вела в счёте два раза.",
            "Тренер сказал после игры, что виноват не ветер с залива, а те, кто забыл про него во втором тайме.",
        ],
    ),
    "ja: a signature below": (
        ["本文へスキップ", "みなと便り", "トップ", "地域", "社会", "スポーツ", "文化", "サイト内検索"],
        "灯台守のいない灯台の夜",
        ["文・森川 あかね", "2024年5月3日", "シェアする"],
        [
            "灯台に人が住まなくなって十年がたつ。それでも夜になると、島の人たちは窓を開けて明かりを確かめる。",
            "最後の灯台守だった父の帳面には、風の向きと船の名前が毎晩書かれていた。字は少しずつ小さくなっていく。",
        ],
    ),
    "ko: a reporter's name below": (
        ["로그인", "회원가입", "구독신청", "검색"],
        "할머니의 두부 수레",
        ["임세린 기자", "2024년 5월 3일"],
        [
            "할머니는 새벽마다 두부 수레를 끌고 골목을 올라간다. 종소리가 들리면 아이들이 먼저 문을 연다.",
            "수레는 서른 해 전에 할아버지가 자전거 바퀴로 만든 것이다. 바퀴는 세 번 바뀌었고 종은 그대로다.",
        ],
    ),
    "ar: a headline that its text takes up": (
        ["انتقل إلى المحتوى", "الرئيسية", "أخبار", "رياضة", "ثقافة", "آراء", "بحث في الموقع"],
        "صياد المرفأ القديم يعود إلى البحر",
        ["بقلم: سامي نجار", "3 مايو 2024"],
        [
            "عاد صياد المرفأ القديم إلى البحر بعد غياب دام سنتين، وحمل معه شبكة أصلحها جيرانه في الشتاء.",
            "وقال إن البحر لم يتغير كثيراً، لكن القوارب صارت أقل، والنوارس صارت أكثر جرأة من قبل.",
        ],
    ),
    "fa: an offer to read it out": (
        ["ورود", "ثبت‌نام", "خانه", "سیاست", "ورزش", "فرهنگ", "آگهی", "گزارش"],
        "کتابفروشی که چای می‌دهد",
        ["نویسنده: رویا سپهری", "۳ خرداد ۱۴۰۲", "شنیدن این مطلب", "0:00 / 3:10"],
        [
            "در کتابفروشی کوچه پشتی، هر کس کتابی ورق بزند یک استکان چای مهمان صاحب مغازه است و عجله‌ای هم نیست.",
            "او می‌گوید که مشتری‌ها بیشتر برای چای می‌آیند، اما هیچ‌کدام دست خالی از در بیرون نرفته‌اند.",
        ],
    ),
}  # fmt: skip


@pytest.mark.parametrize("blank", ["\n", "\n\n"])
@pytest.mark.parametrize("name", SITES)
def test_headline_among_what_sites_print(name: str, blank: str) -> None:
    """It is told from the site's name, a way past the menu, a byline, a section and a button."""
    above, headline, below, text = SITES[name]
    page = blank.join((*above, "")) + f"{headline}\n" + blank.join((*below, "")) + "\n"
    page += "\n\n".join((*text, *text[:1], f"© 2024 {above[0]}"))
    found = choose(Page("page.txt", "0" * 64, page, "utf-8"), Source("test"))
    assert isinstance(found, Reading)
    assert page[slice(*found.drafts[0].title)] == headline


def test_caption_below_a_byline_is_no_headline() -> None:
    """However many words of the text it says, the headline stands above its byline."""
    caption = "The old bridge, its steel and the other bank in the evening"
    assert title(*MENU, "Three months on foot", BYLINE, DATE, caption) == "Three months on foot"


def test_a_first_line_that_the_text_takes_up_stays() -> None:
    """A line above the text is no likelier to be the headline because it stands nearer."""
    assert title("Old bridge is closed", "A picture of somebody who waits for a bus") == (
        "Old bridge is closed"
    )
