"""
Names of people in several alphabets, each with the spelling that its e-mail address uses.
"""

from typing import NamedTuple


class Name(NamedTuple):
    """
    A part of a name.
    """

    native: str
    ascii: str


class Culture(NamedTuple):
    """
    Names that go together, and the city most of their bearers work in.
    """

    first: tuple[Name, ...]
    last: tuple[Name, ...]
    city: str
    family_first: bool = False
    """Whether the family name stands before the given name, without a space."""


def _names(text: str) -> tuple[Name, ...]:
    return tuple(Name(*pair.split("/")) for pair in text.split())


CULTURES = (
    Culture(
        _names("Emma/emma James/james Olivia/olivia Noah/noah Grace/grace Liam/liam Ruth/ruth Owen/owen Zoë/zoe"),
        _names(
            "Carter/carter Hughes/hughes Bennett/bennett O'Neill/oneill Walker/walker Reed/reed Smith-Jones/smith-jones"
        ),
        "Milpitas",
    ),
    Culture(
        _names("Jürgen/juergen Käthe/kaethe Anna/anna Götz/goetz Bärbel/baerbel Lukas/lukas Mara/mara Sönke/soenke"),
        _names(
            "Müller/mueller Groß/gross Schäfer/schaefer Böhm/boehm Lind/lind Weiß/weiss Jäger/jaeger Krüger/krueger"
        ),
        "Berlin",
    ),
    Culture(
        _names("François/francois Zoé/zoe Hélène/helene Léa/lea Noël/noel Inès/ines Jérôme/jerome Chloé/chloe"),
        _names("Lefèvre/lefevre Dubois/dubois Gagné/gagne Çelik/celik Núñez/nunez Lacroix/lacroix Rémy/remy"),
        "Paris",
    ),
    Culture(
        _names("Åsa/asa Bjørn/bjorn Søren/soren Łukasz/lukasz Małgorzata/malgorzata Jiří/jiri Ağan/agan Þóra/thora"),
        _names("Ångström/angstrom Øster/oster Żak/zak Dvořák/dvorak Yıldız/yildiz Sæther/saether Kővári/kovari"),  # noqa: RUF001  # Turkish
        "Warsaw",
    ),
    Culture(
        _names("Анна/anna Дмитрий/dmitriy Ольга/olga Юрий/yuriy Наталья/natalya Їжак/yizhak Ѓорѓи/gjorgji Љиља/ljilja"),
        _names("Иванова/ivanova Шевченко/shevchenko Кузнецов/kuznetsov Ђорђевић/djordjevic Щербак/shcherbak Єва/yeva"),
        "Warsaw",
    ),
    Culture(
        _names("Γιώργος/giorgos Ελένη/eleni Νίκος/nikos Σοφία/sofia Χρήστος/christos Δήμητρα/dimitra Ξένια/xenia"),
        _names("Παπαδόπουλος/papadopoulos Γεωργίου/georgiou Νικολάου/nikolaou Ψαρράς/psarras Βλάχος/vlachos"),
        "Berlin",
    ),
    Culture(
        _names("محمد/mohammed فاطمة/fatima عمر/omar ليلى/layla خالد/khalid نور/nour يوسف/yousef مريم/mariam"),
        _names("الحسن/alhassan العلي/alali حداد/haddad منصور/mansour النجار/alnajjar قاسم/qasim شريف/sharif"),
        "Dubai",
    ),
    Culture(
        _names("דוד/david שרה/sara יעל/yael משה/moshe נועה/noa אורי/uri תמר/tamar איתן/eitan"),
        _names("כהן/cohen לוי/levi מזרחי/mizrahi פרץ/peretz ביטון/biton שפירא/shapira"),
        "Dubai",
    ),
    Culture(
        _names("अनिल/anil प्रिया/priya राहुल/rahul सीता/sita विक्रम/vikram ज्योति/jyoti श्रीधर/shridhar कृष्ण/krishna"),
        _names("शर्मा/sharma पटेल/patel सिंह/singh गुप्ता/gupta अय्यर/iyer द्विवेदी/dwivedi"),
        "Bengaluru",
    ),
    Culture(
        _names("伟/wei 芳/fang 娜/na 秀英/xiuying 敏/min 静/jing 强/qiang 磊/lei 𠮷/ji"),
        _names("王/wang 李/li 张/zhang 刘/liu 陈/chen 欧阳/ouyang 司马/sima"),
        "Shanghai",
        family_first=True,
    ),
    Culture(
        _names("さくら/sakura ひろし/hiroshi ケン/ken 花子/hanako 太郎/taro 美咲/misaki 翔/sho"),
        _names("佐藤/sato 鈴木/suzuki 高橋/takahashi 渡辺/watanabe 伊藤/ito 髙木/takagi"),
        "Tokyo",
        family_first=True,
    ),
    Culture(
        _names("민준/minjun 서연/seoyeon 지훈/jihun 하은/haeun 도윤/doyun 지우/jiwoo"),
        _names("김/kim 이/lee 박/park 최/choi 정/jung 강/kang"),
        "Tokyo",
        family_first=True,
    ),
    Culture(
        _names("สมชาย/somchai สุดา/suda นภา/napa อรุณ/arun მარიამ/mariam Արամ/aram ნინო/nino Անի/ani"),
        _names("ศรีสุข/srisuk ใจดี/jaidee ბერიძე/beridze Սարգսյան/sargsyan კვარაცხელია/kvaratskhelia"),
        "Bengaluru",
    ),
)
"""
Latin with diacritics, Cyrillic, Greek, Arabic, Hebrew, Devanagari, Han, Kana, Hangul, Thai, Georgian and Armenian.
"""
