"""The stored comparison form of what a sender wrote: e-mail, phone, domain, country, name, search tokens.

Two spellings of the same thing have one form, a form stays as it is when normalised again, and it fits its column.
Nothing here drops a lead: an action that meets `InvalidValue` keeps the raw text and shows the message.
"""

import re
import unicodedata
from functools import lru_cache
from typing import Final

import email_validator
import idna
import phonenumbers

from leads.rules import countries, folding, free_mail

EMAIL_MAX: Final = 254
NAME_MAX: Final = 200
URL_MAX: Final = 2000
PHONE_MAX: Final = 64
PHONE_DIGITS_MIN: Final = 7
DOMAIN_MAX: Final = 253
TOKEN_MAX: Final = 64

_HOST = r"(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})"
_ATOM = r"[a-z0-9!#$%&'*+/=?^_`{|}~-]+"
_PLAIN_EMAIL: Final = re.compile(rf"(?=[^@]{{1,64}}@){_ATOM}(?:\.{_ATOM})*@{_HOST}")
_PLAIN_HOST: Final = re.compile(_HOST)
_SCHEME: Final = re.compile(r"[a-z][a-z0-9+.-]*://|//", re.IGNORECASE)
_WEB_ADDRESS: Final = re.compile(r"https?://[^\s/?#]+\S*", re.IGNORECASE)
_DIALLED_OUT: Final = re.compile(r"00[1-9]")
_PHONE_LIKE: Final = re.compile(r"[+\d\s()./-]{5,}")
# Left-to-right overrides and their kin make a name read as another; zero-width space and BOM hide differences.
_INVISIBLE: Final = {
    ord(char): None for char in "\u061c\u200b\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
}
_SPECIAL_HOSTS: Final = tuple(f".{name}" for name in email_validator.SPECIAL_USE_DOMAIN_NAMES if name != "test")


class InvalidValue(ValueError):
    """A value that has no stored form; `message` tells the sender what to change."""

    def __init__(self, field: str, message: str) -> None:
        """`field` is the name of the fact, `message` a sentence to show."""
        super().__init__(f"{field}: {message}")
        self.field = field
        self.message = message


def email(text: str) -> str:
    """The address in lower case, NFC, its domain as ASCII (IDNA). Raises: InvalidValue."""
    lowered = _checked("email", text, EMAIL_MAX).lower()
    if _PLAIN_EMAIL.fullmatch(lowered) and "--" not in lowered and not lowered.endswith(_SPECIAL_HOSTS):
        return lowered
    return _unusual_email(lowered)


def phone(text: str, default_country: str | None = None) -> str:
    """The number in E.164 (`+4930123456`), read in `default_country` (alpha-2) when it lacks `+`.

    Raises: InvalidValue, also for fillers such as 000000: people are matched by phone, and all fillers would match.
    """
    return _phone(_checked("phone", text, PHONE_MAX), default_country)


def domain(text: str) -> str:
    """The host of a URL, host or e-mail address, without `www.`, as ASCII. Raises: InvalidValue."""
    host = _host(_checked("domain", text, URL_MAX).lower())
    if not host.isascii() or "--" in host:
        host = _idna(host)
    if len(host) > DOMAIN_MAX or not _PLAIN_HOST.fullmatch(host):
        raise InvalidValue("domain", "Not a web domain. Write it like company.com.")
    return host


def company_domain(email_norm: str) -> str | None:
    """The domain of a normalised address, or None where it is a free-mail host's."""
    host = email_norm.rpartition("@")[2]
    return None if host in free_mail.DOMAINS else host


def country(text: str) -> str:
    """The ISO 3166-1 alpha-2 code for a code or a common name. Raises: InvalidValue."""
    code = countries.find(_checked("country", text, NAME_MAX))
    if code is None:
        raise InvalidValue("country", "Not a country we know. Write its two-letter code, like DE or US.")
    return code


def name(text: str, field: str = "full_name") -> str:
    """A person's or company's name: NFC, single spaces, no control or direction characters. Raises: InvalidValue."""
    kept = _checked(field, text, NAME_MAX * 4)
    if not (kept.isascii() and kept.isprintable()):
        kept = unicodedata.normalize("NFC", "".join(map(_printable, kept.translate(_INVISIBLE))))
    kept = " ".join(kept.split())
    if not kept or not any(unicodedata.category(char)[0] in "LNS" for char in kept):
        raise InvalidValue(field, "No letters in it. Write the name, or leave it empty.")
    if len(kept) > NAME_MAX:
        raise InvalidValue(field, f"Longer than {NAME_MAX} characters. Shorten it.")
    return kept


def company_name(text: str) -> str:
    """A company's name in the form of `name`. Raises: InvalidValue."""
    return name(text, "company_name")


def url(text: str) -> str:
    """A web address as it was written, if it is one. Raises: InvalidValue."""
    kept = _checked("url", text, URL_MAX)
    if not _WEB_ADDRESS.fullmatch(kept) or not kept.isprintable():
        raise InvalidValue("url", "Not a web address. Start it with https:// and leave no spaces in it.")
    return kept


def search_tokens(*texts: str | None) -> frozenset[str]:
    """What a lead is found by: folded words, whole addresses, mail domains and phone digits, 64 characters each."""
    found: set[str] = set()
    for text in filter(None, texts):
        found.update(folding.words(text))
        if "@" in text or "." in text:
            found.update(_dotted(folding.fold(text)))
        if _PHONE_LIKE.fullmatch(text.strip()):
            found.add("".join(char for char in text if char.isdigit()))
    return frozenset(token[:TOKEN_MAX] for token in found if token)


def _checked(field: str, text: str, limit: int) -> str:
    """The text stripped, if it is text that a database can hold. Raises: InvalidValue."""
    if "\0" in text or (not text.isascii() and any("\ud800" <= char <= "\udfff" for char in text)):
        raise InvalidValue(field, "Contains characters that are not text (NUL or half a character). Remove them.")
    stripped = text.strip()
    if not stripped:
        raise InvalidValue(field, "Empty. Fill it in, or leave the field out.")
    if len(stripped) > limit:
        raise InvalidValue(field, f"Longer than {limit} characters. Shorten it.")
    return stripped


def _unusual_email(text: str) -> str:
    try:
        checked = email_validator.validate_email(text, check_deliverability=False, test_environment=True, strict=True)
    except email_validator.EmailNotValidError as problem:
        raise InvalidValue("email", f"{problem} Write it like name@company.com.") from None
    whole = unicodedata.normalize("NFC", f"{checked.local_part.lower()}@{checked.ascii_domain}")
    if len(whole) > EMAIL_MAX:
        raise InvalidValue("email", f"Longer than {EMAIL_MAX} characters. Shorten it.")
    return whole


@lru_cache(maxsize=16_384)
def _phone(text: str, default_country: str | None) -> str:
    region = default_country if default_country in phonenumbers.SUPPORTED_REGIONS else None
    international = f"+{text[2:]}" if _DIALLED_OUT.match(text) else text
    try:
        number = phonenumbers.parse(international, region)
    except phonenumbers.NumberParseException as problem:
        raise InvalidValue("phone", _phone_problem(problem)) from None
    stored = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    if _is_filler(number) or len(stored) <= PHONE_DIGITS_MIN or not phonenumbers.is_possible_number(number):
        raise InvalidValue("phone", "No such number can exist. Check its digits and country code.")
    return stored


def _is_filler(number: phonenumbers.PhoneNumber) -> bool:
    """One digit over and over, or a zero in front where numbers have none (they do in Italy)."""
    if len(set(str(number.national_number))) == 1:
        return True
    return bool(number.italian_leading_zero) and not phonenumbers.is_valid_number(number)


def _phone_problem(problem: phonenumbers.NumberParseException) -> str:
    if problem.error_type == phonenumbers.NumberParseException.INVALID_COUNTRY_CODE:
        return "Its country is unknown. Start it with + and the country code, or give the country too."
    return "Not a phone number. Write it like +49 30 123456."


def _host(text: str) -> str:
    """`https://user@www.acme.com:8080/path?x` -> `acme.com`."""
    authority = re.split(r"[/?#\\]", _SCHEME.sub("", text, count=1), maxsplit=1)[0]
    host = authority.rpartition("@")[2].partition(":")[0].rstrip(".")
    bare = host.removeprefix("www.")
    return bare if "." in bare else host


def _idna(host: str) -> str:
    try:
        return idna.encode(host, uts46=True, std3_rules=True).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        raise InvalidValue("domain", "Not a web domain. Write it like company.com.") from None


def _printable(char: str) -> str:
    """White space as a space; control characters as nothing."""
    if char.isspace():
        return " "
    return "" if unicodedata.category(char) == "Cc" else char


def _dotted(folded: str) -> set[str]:
    """Whole e-mail addresses and domains among the words of a folded text, and the domain of each address."""
    chunks = {chunk.strip(".,;:<>()[]\"'") for chunk in folded.split()}
    whole = {chunk for chunk in chunks if "@" in chunk or "." in chunk}
    return whole | {chunk.rpartition("@")[2] for chunk in whole}
