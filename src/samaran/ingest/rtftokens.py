"""The tokens of RTF, and what its groups are for."""

import re

from samaran.model import Part

TOKEN = re.compile(
    r"\\(?P<word>[a-zA-Z]{1,32})(?P<number>-?\d{1,10})? ?|\\'(?P<byte>[0-9a-fA-F]{2})|\\(?P<sign>[^a-zA-Z])|(?P<brace>[{}])"
    r"|[\r\n]+|(?P<plain>[^\\{}\r\n]+)|\\",
    re.DOTALL,
)

SIGNS = {"~": "\u00a0", "-": "\u00ad", "_": "\u2011", "\n": "\n", "\r": "\n", "\t": "\t", "{": "{", "}": "}", "\\": "\\"}
CHARACTERS = {
    "tab": "\t",
    "line": "\n",
    "lbr": "\n",
    "emdash": "—",
    "endash": "–",
    "emspace": "\u2003",
    "enspace": "\u2002",
    "qmspace": "\u2005",
    "bullet": "•",
    "lquote": "‘",
    "rquote": "’",
    "ldblquote": "“",
    "rdblquote": "”",
    "zwj": "\u200d",
    "zwnj": "\u200c",
}
FLOWS = {
    "header": Part.HEADER,
    "headerl": Part.HEADER,
    "headerr": Part.HEADER,
    "headerf": Part.HEADER,
    "footer": Part.FOOTER,
    "footerl": Part.FOOTER,
    "footerr": Part.FOOTER,
    "footerf": Part.FOOTER,
    "footnote": Part.FOOTNOTE,
    "annotation": Part.COMMENT,
    "shptxt": Part.BODY,
}
"""Groups with paragraphs of their own."""

_ABOUT_WORDS = (
    "author operator manager company title subject category keywords comment doccomm hlinkbase atnauthor fldinst revtbl"
)
ABOUT = frozenset(_ABOUT_WORDS.split())
"""Groups whose text is about the document: properties."""

_SKIPPED_WORDS = """
atnid atndate atnref atnparent atrfstart atrfend atntime bkmkstart bkmkend blipuid colorschememapping colortbl creatim
buptim revtim printim datafield datastore defchp defpap themedata stylesheet fonttbl filetbl listtable listoverridetable
latentstyles rsidtbl generator xmlnstbl wgrffmtfilter panose falt fontemb objclass objdata objname nonshppict picprop
pict pgptbl mmathPr ftnsep ftnsepc ftncn aftnsep aftnsepc aftncn shpinst sp sn sv pnseclvl listpicture userprops info
template password passwordhash xform fontfile nesttableprops
"""
SKIPPED = frozenset(_SKIPPED_WORDS.split())
"""Groups that show nothing. `info` and `shpinst` hold groups that do, and are looked into."""

CHARSETS = {
    0: "cp1252", 77: "mac_roman", 128: "cp932", 129: "cp949", 130: "johab", 134: "gbk", 136: "big5", 161: "cp1253", 162: "cp1254",
    163: "cp1258", 177: "cp1255", 178: "cp1256", 186: "cp1257", 204: "cp1251", 222: "cp874", 238: "cp1250", 255: "cp850",
}  # fmt: skip
