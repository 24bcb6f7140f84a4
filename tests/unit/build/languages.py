"""Sentences, written for these tests, in languages that were once set in other encodings."""

# For each language: the encodings that its pages are found in, and something to read.
LANGUAGES: dict[str, tuple[tuple[str, ...], str]] = {
    "de": (
        ("cp1252", "iso8859-15"),
        (
            "Am frühen Morgen öffnete die Bäckerei an der Brücke ihre Türen. Die Müllerin hatte schon drei Säcke Mehl über den Hof getragen. "
            "„Wir hätten größere Öfen gebraucht“, sagte ihr Bruder und wischte sich die Hände ab. Der Gemeinderat will nächste Woche über den Umbau der Straße abstimmen. "
            "Für die Anwohner heißt das: kein Bus mehr bis zum Sommer. Viele ältere Leute müssen dann zu Fuß zum Arzt gehen. "
            "Der Bürgermeister verspricht einen kleinen Wagen, der zweimal täglich fährt."
        ),
    ),
    "fr": (
        ("cp1252", "iso8859-15"),
        (
            "La médiathèque du quartier rouvre après trois années de travaux. Les élèves de l'école voisine ont été les premiers à y pénétrer. "
            "« Nous avions presque oublié l'odeur des livres », déclare une bénévole âgée de soixante-dix ans. Le maire espère que le café, situé près de l'entrée, attirera des familles. "
            "Le coût du projet dépasse légèrement ce qui était prévu. Là où s'élevait un entrepôt, on aperçoit désormais une façade de verre. "
            "Une fête aura lieu dès samedi, où chacun pourra goûter des crêpes."
        ),
    ),
    "es": (
        ("cp1252", "iso8859-15"),
        (
            "El tren llegó con dos horas de retraso a la estación de la montaña. Los niños del pueblo habían pintado un cartel enorme para la señora Ibáñez. "
            "¿Quién habría pensado que volvería después de cuarenta años? Según el jefe de estación, la vía se inundó durante la última tormenta. "
            "Mañana empezarán a repararla con piedras de la cantera más próxima. La compañía pidió perdón a través de los periódicos. "
            "También prometió un autobús gratis a los pasajeros que todavía esperan allí."
        ),
    ),
    "it": (
        ("cp1252", "iso8859-15"),
        (
            "La città ha deciso di piantare più alberi lungo il canale. Così, però, non ci sarà più posto per le bancarelle del mercato. "
            "«È una scelta che non capisco», dice la signora che vende le pesche lì da trent'anni. Il sindaco risponde che la qualità dell'aria è peggiorata. "
            "Lunedì si terrà un'assemblea in cui ognuno potrà parlare. Chissà se qualcuno troverà una soluzione che piacerà a metà della piazza. "
            "Perché è già successo: dopo due ore tutti se ne vanno."
        ),
    ),
    "ru": (
        ("cp1251", "koi8-r", "iso8859-5"),
        (
            "Рано утром на реке тронулся лёд, и старый мост закрыли до вечера. Жители двух деревень собрались на берегу и долго смотрели на воду. "
            "Учительница рассказала детям, как полвека назад здесь ходил паром. Глава района обещает, что новый мост построят через два года. "
            "Деньги на него выделили ещё прошлой осенью, но подрядчика пока не нашли. Почту привозят на лодке три раза в неделю. "
            "Люди шутят, что скоро снова научатся писать длинные письма."
        ),
    ),
    "pl": (
        ("cp1250", "iso8859-2"),
        (
            "W piątek rano pierwsi goście weszli do odnowionej łaźni przy placu. Budowa trwała dłużej, niż się spodziewano, bo pod podłogą znaleziono średniowieczną studnię. "
            "Kierowniczka mówi, że ludzie już od świtu stali w kolejce. Bilety są droższe niż dawniej, ale dzieci wchodzą za darmo. "
            "Miasto chce też otworzyć niewielką kawiarnię na dachu. Sąsiedzi boją się hałasu i żądają, żeby wieczorem było cicho. "
            "Następne spotkanie odbędzie się w przyszły wtorek o siódmej."
        ),
    ),
    "cs": (
        ("cp1250", "iso8859-2"),
        (
            "Na náměstí včera večer zhaslo světlo a lidé zůstali sedět potmě. Hospodský přinesl svíčky a někdo začal hrát na housle. "
            "Příčinou byla podle elektrikářů stará přípojka u řeky. Oprava potrvá nejméně čtyři dny, protože chybějí náhradní díly. "
            "Starostka poděkovala všem, kteří pomohli sousedům vyššího věku. Děti měly radost, že se v pondělí nepůjde do školy. "
            "Město teď uvažuje, že koupí vlastní záložní zdroj."
        ),
    ),
    "el": (
        ("cp1253", "iso8859-7"),
        (
            "Το μικρό θέατρο του λιμανιού άνοιξε ξανά μετά από δέκα χρόνια σιωπής. Οι κάτοικοι έφεραν καρέκλες από τα σπίτια τους. "
            "Η πρώτη παράσταση ήταν μια παλιά κωμωδία για έναν ψαρά και την πεθερά του. Ο δήμαρχος υποσχέθηκε ότι θα επισκευάσει τη στέγη πριν από τον χειμώνα. "
            "Τα χρήματα θα δοθούν από το ταμείο της κοινότητας. Πολλοί νέοι άνθρωποι θέλουν να βοηθήσουν χωρίς αμοιβή. "
            "Η επόμενη συνάντηση θα γίνει την Κυριακή το απόγευμα."
        ),
    ),
    "tr": (
        ("cp1254",),
        (
            "Köyün çeşmesi üç gündür akmıyor ve kadınlar suyu aşağıdaki dereden taşıyor. Muhtar, borunun kış boyunca donduğunu söylüyor. "
            "Gençler dün akşam toplanıp eski boruyu değiştirmeye karar verdi. İlçeden gelen mühendis, işin en geç cuma günü biteceğini düşünüyor. "
            "Yaşlı bir adam güldü ve şöyle dedi: çocukluğumda da böyle beklerdik. Okulun bahçesine şimdilik büyük bir depo koyuldu. "
            "Şehirde yaşayan hemşeriler de para göndererek yardım ediyor."
        ),
    ),
    "zh": (
        ("gb18030", "cp950"),
        (
            "清晨的市场上，卖菜的人已经摆好了摊子。老城区的居民说，他们希望新的图书馆能在明年春天开门。市长昨天参观了工地，并与工人谈了半个小时。"
            "河边的小路因为下雨而关闭，孩子们只好绕远路去学校。一位退休的老师每天都来给大家读报纸。"
            "据说这座桥有三百年的历史，可是没有人知道是谁建的。周末将举行一场音乐会，门票免费。"
        ),
    ),
    "ja": (
        ("cp932", "euc_jp"),
        (
            "町の小さな駅に、十年ぶりに売店が戻ってきた。朝早くから近所の人たちが並び、温かいおにぎりを買っていった。店を開いたのは、都会から引っ越してきた若い夫婦だ。"
            "「電車を待つ間に、誰かと話せる場所を作りたかった」と妻は言う。駅長によると、一日に乗る客は二百人ほどしかいない。"
            "それでも子どもたちの声が聞こえるようになり、ホームは明るくなった。来月は絵の展覧会も開かれる予定である。"
        ),
    ),
    "ko": (
        ("cp949",),
        (
            "바닷가 마을의 작은 책방이 이번 주말에 문을 연다. 주인은 도시에서 오랫동안 일하다가 고향으로 돌아온 사람이다. 책장은 모두 이웃들이 함께 만들었다고 한다. "
            "아이들은 벌써부터 창문 앞에 모여 그림책을 구경한다. 군청은 내년에 버스 노선을 하나 더 늘리겠다고 약속했다. "
            "할머니 한 분은 글을 배워서 손자에게 편지를 쓰고 싶다고 말했다. 첫날에는 따뜻한 차와 떡을 나누어 줄 예정이다."
        ),
    ),
}


def passage(language: str, length: int, *, start: int = 0) -> str:
    """Return about `length` code points of `language`, whole words from sentence `start` on."""
    text = LANGUAGES[language][1]
    spaced = " " in text
    stop = ". " if spaced else "。"
    parts = [part.rstrip(".") + "." if spaced else part + "。" for part in text.split(stop) if part]
    joint = " " if spaced else ""
    rotated = parts[start % len(parts) :] + parts[: start % len(parts)]
    whole = joint.join(rotated)
    repeated = "\n\n".join([whole] * (length // len(whole) + 1))[:length]
    return repeated.rsplit(" ", 1)[0] if spaced else repeated
