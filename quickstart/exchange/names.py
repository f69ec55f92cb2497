"""Names that somebody else gives out: time zones (IANA, Rails) and countries (ISO 3166-1 alpha-2)."""

from functools import cache
from importlib import resources

# ActiveSupport's names, which Procore's page on dates and time zones lists too, but for those that are tz ids as well.
_RAILS = """
Abu Dhabi, Adelaide, Alaska, Almaty, American Samoa, Amsterdam, Arizona, Astana, Athens, Atlantic Time (Canada),
Auckland, Azores, Baghdad, Baku, Bangkok, Beijing, Belgrade, Berlin, Bern, Bogota, Brasilia, Bratislava,
Brisbane, Brussels, Bucharest, Budapest, Buenos Aires, Cairo, Canberra, Cape Verde Is., Caracas, Casablanca,
Central America, Central Time (US & Canada), Chatham Is., Chennai, Chihuahua, Chongqing, Copenhagen, Darwin,
Dhaka, Dublin, Eastern Time (US & Canada), Edinburgh, Ekaterinburg, Fiji, Georgetown, Greenland, Guadalajara,
Guam, Hanoi, Harare, Hawaii, Helsinki, Hobart, Hong Kong, Indiana (East), International Date Line West, Irkutsk,
Islamabad, Istanbul, Jakarta, Jerusalem, Kabul, Kaliningrad, Kamchatka, Karachi, Kathmandu, Kolkata,
Krasnoyarsk, Kuala Lumpur, Kuwait, Kyiv, La Paz, Lima, Lisbon, Ljubljana, London, Madrid, Magadan, Marshall Is.,
Mazatlan, Melbourne, Mexico City, Mid-Atlantic, Midway Island, Minsk, Monrovia, Monterrey, Montevideo, Moscow,
Mountain Time (US & Canada), Mumbai, Muscat, Nairobi, New Caledonia, New Delhi, Newfoundland, Novosibirsk,
Nuku'alofa, Osaka, Pacific Time (US & Canada), Paris, Perth, Port Moresby, Prague, Pretoria, Puerto Rico, Quito,
Rangoon, Riga, Riyadh, Rome, Samara, Samoa, Santiago, Sapporo, Sarajevo, Saskatchewan, Seoul, Skopje, Sofia,
Solomon Is., Srednekolymsk, Sri Jayawardenepura, St. Petersburg, Stockholm, Sydney, Taipei, Tallinn, Tashkent,
Tbilisi, Tehran, Tijuana, Tokelau Is., Tokyo, Ulaanbaatar, Urumqi, Vienna, Vilnius, Vladivostok, Volgograd,
Warsaw, Wellington, West Central Africa, Yakutsk, Yerevan, Zagreb, Zurich
"""


@cache
def time_zones() -> frozenset[str]:
    """Return every name of a time zone: the ids of the tz database and the names of Rails."""
    ids = resources.files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return frozenset((*ids, *" ".join(_RAILS.split()).split(", ")))


@cache
def countries() -> frozenset[str]:
    """Return every code of a country, two capital letters."""
    table = resources.files("tzdata").joinpath("zoneinfo", "iso3166.tab").read_text(encoding="utf-8")
    return frozenset(line[:2] for line in table.splitlines() if line and not line.startswith("#"))
