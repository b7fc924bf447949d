"""The countries of ISO 3166-1: codes, English names, and the other names that people write (German, native, short).

A row is: alpha-2, alpha-3, the English name, then further names, separated by `|`.
`find` compares without regard to case, accents and punctuation.
"""

from typing import Final

from leads.rules import folding

_ROWS: Final = """
AD|AND|Andorra
AE|ARE|United Arab Emirates|UAE|Emirates|Vereinigte Arabische Emirate|VAE|الإمارات العربية المتحدة|الإمارات|Emirados Árabes Unidos
AF|AFG|Afghanistan|افغانستان
AG|ATG|Antigua and Barbuda|Antigua und Barbuda
AI|AIA|Anguilla
AL|ALB|Albania|Albanien|Shqipëria|Shqipëri
AM|ARM|Armenia|Armenien|Հայաստան
AO|AGO|Angola
AQ|ATA|Antarctica|Antarktis
AR|ARG|Argentina|Argentinien
AS|ASM|American Samoa|Amerikanisch-Samoa
AT|AUT|Austria|Österreich|Oesterreich|Áustria
AU|AUS|Australia|Australien
AW|ABW|Aruba
AX|ALA|Åland Islands|Åland|Ålandinseln|Ahvenanmaa
AZ|AZE|Azerbaijan|Aserbaidschan|Azərbaycan
BA|BIH|Bosnia and Herzegovina|Bosnia|Bosnien und Herzegowina|Bosnien|Bosna i Hercegovina
BB|BRB|Barbados
BD|BGD|Bangladesh|Bangladesch|বাংলাদেশ
BE|BEL|Belgium|Belgien|België|Belgique|Bélgica
BF|BFA|Burkina Faso
BG|BGR|Bulgaria|Bulgarien|България
BH|BHR|Bahrain|البحرين
BI|BDI|Burundi|Uburundi
BJ|BEN|Benin|Bénin
BL|BLM|Saint Barthélemy|St Barthélemy
BM|BMU|Bermuda
BN|BRN|Brunei Darussalam|Brunei
BO|BOL|Bolivia|Bolivien|Plurinational State of Bolivia|Bolivia, Plurinational State of
BQ|BES|Bonaire, Sint Eustatius and Saba|Bonaire|Caribbean Netherlands|Karibische Niederlande
BR|BRA|Brazil|Brasilien|Brasil
BS|BHS|Bahamas|The Bahamas
BT|BTN|Bhutan
BV|BVT|Bouvet Island|Bouvetinsel|Bouvetøya
BW|BWA|Botswana|Botsuana
BY|BLR|Belarus|Weißrussland|Беларусь|Белоруссия
BZ|BLZ|Belize
CA|CAN|Canada|Kanada|Canadá
CC|CCK|Cocos (Keeling) Islands|Cocos Islands|Kokosinseln
CD|COD|Democratic Republic of the Congo|DR Congo|DRC|Congo-Kinshasa|Congo, the Democratic Republic of the|Demokratische Republik Kongo|République démocratique du Congo
CF|CAF|Central African Republic|Zentralafrikanische Republik|République centrafricaine
CG|COG|Congo|Republic of the Congo|Congo-Brazzaville|Kongo|Republik Kongo|Congo, Republic of the
CH|CHE|Switzerland|Schweiz|Die Schweiz|Suisse|Svizzera|Svizra|Suíça
CI|CIV|Côte d'Ivoire|Ivory Coast|Elfenbeinküste
CK|COK|Cook Islands|Cookinseln
CL|CHL|Chile
CM|CMR|Cameroon|Kamerun|Cameroun
CN|CHN|China|People's Republic of China|PRC|Volksrepublik China|中国|中國|中华人民共和国
CO|COL|Colombia|Kolumbien|Colômbia
CR|CRI|Costa Rica
CU|CUB|Cuba|Kuba
CV|CPV|Cabo Verde|Cape Verde|Kap Verde
CW|CUW|Curaçao|Kòrsou
CX|CXR|Christmas Island|Weihnachtsinsel
CY|CYP|Cyprus|Zypern|Κύπρος|Kıbrıs
CZ|CZE|Czechia|Czech Republic|Tschechien|Tschechische Republik|Česko|Česká republika
DE|DEU|Germany|Deutschland|Federal Republic of Germany|Bundesrepublik Deutschland|BRD|Alemanha|Allemagne|Alemania|GER|FRG
DJ|DJI|Djibouti|Dschibuti
DK|DNK|Denmark|Dänemark|Daenemark|Danmark|Dinamarca
DM|DMA|Dominica
DO|DOM|Dominican Republic|Dominikanische Republik|República Dominicana
DZ|DZA|Algeria|Algerien|الجزائر|Algérie
EC|ECU|Ecuador|Equador
EE|EST|Estonia|Estland|Eesti
EG|EGY|Egypt|Ägypten|Aegypten|مصر
EH|ESH|Western Sahara|Westsahara
ER|ERI|Eritrea
ES|ESP|Spain|Spanien|España|Espanya|Espanha
ET|ETH|Ethiopia|Äthiopien|ኢትዮጵያ
FI|FIN|Finland|Finnland|Suomi|Finlândia
FJ|FJI|Fiji|Fidschi
FK|FLK|Falkland Islands|Falkland Islands (Malvinas)|Falklandinseln|Islas Malvinas
FM|FSM|Micronesia|Federated States of Micronesia|Micronesia, Federated States of|Mikronesien
FO|FRO|Faroe Islands|Färöer|Føroyar
FR|FRA|France|Frankreich|França|Francia
GA|GAB|Gabon|Gabun
GB|GBR|United Kingdom|UK|Great Britain|Britain|United Kingdom of Great Britain and Northern Ireland|England|Scotland|Wales|Northern Ireland|Vereinigtes Königreich|Großbritannien|Schottland|Nordirland|Reino Unido
GD|GRD|Grenada
GE|GEO|Georgia|Georgien|საქართველო
GF|GUF|French Guiana|Französisch-Guayana|Guyane
GG|GGY|Guernsey
GH|GHA|Ghana
GI|GIB|Gibraltar
GL|GRL|Greenland|Grönland|Kalaallit Nunaat
GM|GMB|Gambia|The Gambia
GN|GIN|Guinea|Guinée
GP|GLP|Guadeloupe
GQ|GNQ|Equatorial Guinea|Äquatorialguinea|Guinea Ecuatorial
GR|GRC|Greece|EL|Griechenland|Ελλάδα|Hellas|Grécia
GS|SGS|South Georgia and the South Sandwich Islands|Südgeorgien und die Südlichen Sandwichinseln
GT|GTM|Guatemala
GU|GUM|Guam
GW|GNB|Guinea-Bissau|Guiné-Bissau
GY|GUY|Guyana
HK|HKG|Hong Kong|Hongkong|香港
HM|HMD|Heard Island and McDonald Islands|Heard und McDonaldinseln
HN|HND|Honduras
HR|HRV|Croatia|Kroatien|Hrvatska
HT|HTI|Haiti|Haïti|Ayiti
HU|HUN|Hungary|Ungarn|Magyarország|Hungria
ID|IDN|Indonesia|Indonesien
IE|IRL|Ireland|Irland|Éire|Republic of Ireland|Irlanda
IL|ISR|Israel|ישראל
IM|IMN|Isle of Man
IN|IND|India|Indien|भारत|Índia|Bharat
IO|IOT|British Indian Ocean Territory|Britisches Territorium im Indischen Ozean
IQ|IRQ|Iraq|Irak|العراق
IR|IRN|Iran|Islamic Republic of Iran|Iran, Islamic Republic of|ایران
IS|ISL|Iceland|Island|Ísland
IT|ITA|Italy|Italien|Italia|Itália
JE|JEY|Jersey
JM|JAM|Jamaica|Jamaika
JO|JOR|Jordan|Jordanien|الأردن
JP|JPN|Japan|日本|日本国|Nippon|Japão
KE|KEN|Kenya|Kenia
KG|KGZ|Kyrgyzstan|Kyrgyz Republic|Kirgisistan|Кыргызстан
KH|KHM|Cambodia|Kambodscha|កម្ពុជា
KI|KIR|Kiribati
KM|COM|Comoros|Komoren|Comores
KN|KNA|Saint Kitts and Nevis|St Kitts and Nevis|St. Kitts und Nevis
KP|PRK|North Korea|Korea, Democratic People's Republic of|Democratic People's Republic of Korea|Nordkorea
KR|KOR|South Korea|Korea|Republic of Korea|Korea, Republic of|Südkorea|대한민국|한국|Coreia do Sul
KW|KWT|Kuwait|الكويت
KY|CYM|Cayman Islands|Kaimaninseln
KZ|KAZ|Kazakhstan|Kasachstan|Қазақстан|Казахстан
LA|LAO|Laos|Lao People's Democratic Republic|ລາວ
LB|LBN|Lebanon|Libanon|لبنان
LC|LCA|Saint Lucia|St Lucia|St. Lucia
LI|LIE|Liechtenstein|Fürstentum Liechtenstein
LK|LKA|Sri Lanka|ශ්‍රී ලංකාව
LR|LBR|Liberia
LS|LSO|Lesotho
LT|LTU|Lithuania|Litauen|Lietuva
LU|LUX|Luxembourg|Luxemburg|Lëtzebuerg|Luxemburgo
LV|LVA|Latvia|Lettland|Latvija
LY|LBY|Libya|Libyen|ليبيا
MA|MAR|Morocco|Marokko|المغرب|Maroc
MC|MCO|Monaco
MD|MDA|Moldova|Republic of Moldova|Moldova, Republic of|Moldau|Moldawien
ME|MNE|Montenegro|Crna Gora|Црна Гора
MF|MAF|Saint Martin|Saint Martin (French part)
MG|MDG|Madagascar|Madagaskar|Madagasikara
MH|MHL|Marshall Islands|Marshallinseln
MK|MKD|North Macedonia|Macedonia|Nordmazedonien|Mazedonien|Северна Македонија
ML|MLI|Mali
MM|MMR|Myanmar|Burma|Birma
MN|MNG|Mongolia|Mongolei|Монгол улс
MO|MAC|Macao|Macau|澳門
MP|MNP|Northern Mariana Islands|Nördliche Marianen
MQ|MTQ|Martinique
MR|MRT|Mauritania|Mauretanien|موريتانيا
MS|MSR|Montserrat
MT|MLT|Malta
MU|MUS|Mauritius
MV|MDV|Maldives|Malediven
MW|MWI|Malawi
MX|MEX|Mexico|Mexiko|México
MY|MYS|Malaysia
MZ|MOZ|Mozambique|Mosambik|Moçambique
NA|NAM|Namibia
NC|NCL|New Caledonia|Neukaledonien|Nouvelle-Calédonie
NE|NER|Niger
NF|NFK|Norfolk Island|Norfolkinsel
NG|NGA|Nigeria
NI|NIC|Nicaragua|Nikaragua
NL|NLD|Netherlands|The Netherlands|Holland|Niederlande|Die Niederlande|Nederland|Países Baixos|Holanda
NO|NOR|Norway|Norwegen|Norge|Noreg|Noruega
NP|NPL|Nepal|नेपाल
NR|NRU|Nauru
NU|NIU|Niue
NZ|NZL|New Zealand|Neuseeland|Aotearoa|Nova Zelândia
OM|OMN|Oman|عمان
PA|PAN|Panama|Panamá
PE|PER|Peru|Perú
PF|PYF|French Polynesia|Französisch-Polynesien|Polynésie française
PG|PNG|Papua New Guinea|Papua-Neuguinea
PH|PHL|Philippines|Philippinen|Pilipinas
PK|PAK|Pakistan|پاکستان
PL|POL|Poland|Polen|Polska|Polônia
PM|SPM|Saint Pierre and Miquelon|St. Pierre und Miquelon
PN|PCN|Pitcairn|Pitcairn Islands|Pitcairninseln
PR|PRI|Puerto Rico
PS|PSE|Palestine|State of Palestine|Palestine, State of|Palästina|فلسطين
PT|PRT|Portugal
PW|PLW|Palau
PY|PRY|Paraguay|Paraguai
QA|QAT|Qatar|Katar|قطر
RE|REU|Réunion|La Réunion
RO|ROU|Romania|Rumänien|România
RS|SRB|Serbia|Serbien|Србија|Srbija
RU|RUS|Russia|Russian Federation|Russland|Russische Föderation|Россия|Российская Федерация
RW|RWA|Rwanda|Ruanda
SA|SAU|Saudi Arabia|KSA|Saudi-Arabien|السعودية|المملكة العربية السعودية
SB|SLB|Solomon Islands|Salomonen
SC|SYC|Seychelles|Seychellen
SD|SDN|Sudan|السودان
SE|SWE|Sweden|Schweden|Sverige|Suécia
SG|SGP|Singapore|Singapur|新加坡
SH|SHN|Saint Helena, Ascension and Tristan da Cunha|Saint Helena|St. Helena
SI|SVN|Slovenia|Slowenien|Slovenija
SJ|SJM|Svalbard and Jan Mayen|Svalbard|Spitzbergen
SK|SVK|Slovakia|Slovak Republic|Slowakei|Slovensko
SL|SLE|Sierra Leone
SM|SMR|San Marino
SN|SEN|Senegal|Sénégal
SO|SOM|Somalia|Soomaaliya
SR|SUR|Suriname|Surinam
SS|SSD|South Sudan|Südsudan
ST|STP|Sao Tome and Principe|São Tomé und Príncipe|São Tomé e Príncipe
SV|SLV|El Salvador
SX|SXM|Sint Maarten|Sint Maarten (Dutch part)
SY|SYR|Syria|Syrian Arab Republic|Syrien|سوريا
SZ|SWZ|Eswatini|Swaziland|Swasiland
TC|TCA|Turks and Caicos Islands|Turks- und Caicosinseln
TD|TCD|Chad|Tschad|Tchad
TF|ATF|French Southern Territories|Französische Süd- und Antarktisgebiete
TG|TGO|Togo
TH|THA|Thailand|ประเทศไทย|ไทย
TJ|TJK|Tajikistan|Tadschikistan|Тоҷикистон
TK|TKL|Tokelau
TL|TLS|Timor-Leste|East Timor|Osttimor
TM|TKM|Turkmenistan|Türkmenistan
TN|TUN|Tunisia|Tunesien|تونس|Tunisie
TO|TON|Tonga
TR|TUR|Türkiye|Turkey|Türkei|Tuerkei|Turquia
TT|TTO|Trinidad and Tobago|Trinidad und Tobago
TV|TUV|Tuvalu
TW|TWN|Taiwan|Taiwan, Province of China|台灣|台湾|臺灣
TZ|TZA|Tanzania|United Republic of Tanzania|Tanzania, United Republic of|Tansania
UA|UKR|Ukraine|Україна|Украина|Ucrânia
UG|UGA|Uganda
UM|UMI|United States Minor Outlying Islands|Amerikanische Überseeinseln
US|USA|United States|United States of America|America|U.S.|U.S.A.|Vereinigte Staaten|Vereinigte Staaten von Amerika|Amerika|Estados Unidos|EUA|EE. UU.
UY|URY|Uruguay|Uruguai
UZ|UZB|Uzbekistan|Usbekistan|Oʻzbekiston
VA|VAT|Holy See|Vatican City|Vatican|Vatikanstadt|Vatikan
VC|VCT|Saint Vincent and the Grenadines|St. Vincent und die Grenadinen
VE|VEN|Venezuela|Bolivarian Republic of Venezuela|Venezuela, Bolivarian Republic of
VG|VGB|British Virgin Islands|Virgin Islands, British|Britische Jungferninseln
VI|VIR|U.S. Virgin Islands|US Virgin Islands|Virgin Islands, U.S.|Amerikanische Jungferninseln
VN|VNM|Vietnam|Viet Nam|Việt Nam
VU|VUT|Vanuatu
WF|WLF|Wallis and Futuna|Wallis und Futuna
WS|WSM|Samoa
XK|XKX|Kosovo|Kosova|Косово
YE|YEM|Yemen|Jemen|اليمن
YT|MYT|Mayotte
ZA|ZAF|South Africa|Südafrika|RSA|África do Sul
ZM|ZMB|Zambia|Sambia
ZW|ZWE|Zimbabwe|Simbabwe
""".strip()

_EMPTY_WORDS: Final = frozenset({"the", "and", "und", "of"})
_TABLE: Final = [row.split("|") for row in _ROWS.splitlines()]

NAMES: Final[dict[str, str]] = {row[0]: row[2] for row in _TABLE}
"""English name by alpha-2 code."""


def _key(text: str) -> str:
    """`U.S.A.` -> `usa`, `The Bahamas` -> `bahamas`, `Trinidad & Tobago` -> `trinidad tobago`."""
    words = folding.words(text)
    if all(len(word) == 1 and word.isascii() for word in words):
        return "".join(words)
    return " ".join([word for word in words if word not in _EMPTY_WORDS] or words)


_BY_KEY: Final[dict[str, str]] = {_key(text): row[0] for row in _TABLE for text in row}


def find(text: str) -> str | None:
    """The alpha-2 code that a code (two or three letters) or a name stands for, or None."""
    code = text.strip().upper()
    return code if code in NAMES else _BY_KEY.get(_key(text))
