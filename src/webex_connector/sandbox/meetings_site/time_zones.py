"""
The time zones of the XML API, by their published numbers (REF "TimeZone encoding values").
"""

from dataclasses import dataclass

_TABLE = """
0 -720 Dateline Eniwetok|1 -660 Samoa Samoa|2 -600 Hawaii Honolulu|3 -540 Alaska Anchorage|4 -480 Pacific San Jose
5 -420 Mountain Arizona|6 -420 Mountain Denver|7 -360 Central Chicago|8 -360 Mexico Mexico City|9 -360 Central Regina
10 -300 S.America Bogota|11 -300 Eastern New York|12 -300 Eastern Indiana|13 -240 Atlantic Halifax
14 -240 S.America Caracas|15 -210 Newfoundland Newfoundland|16 -180 S.America Brasilia|17 -180 S.America Buenos Aires
18 -120 Mid-Atlantic Mid-Atlantic|19 -60 Azores Azores|20 0 Greenwich Casablanca|21 0 GMT London
22 60 Europe Amsterdam|23 60 Europe Paris|24 60 Europe Prague|25 60 Europe Berlin|26 120 Greece Athens
27 120 Europe Bucharest|28 120 Egypt Cairo|29 120 Africa Pretoria|30 120 Northern Europe Helsinki|31 120 Israel Tel Aviv
32 180 Saudi Arabia Baghdad|33 180 Russian Moscow|34 180 Nairobi Nairobi|35 180 Iran Tehran|36 240 Arabian Abu Dhabi
37 240 Caucasus Baku|38 240 Afghanistan Kabul|39 300 West Asia Ekaterinburg|40 300 West Asia Islamabad
41 330 India Bombay|42 360 Columbo Colombo|43 360 Central Asia Almaty|44 420 Bangkok Bangkok|45 480 China Beijing
46 480 Australia Western Perth|47 480 Singapore Singapore|48 480 Taipei Hong Kong|49 540 Tokyo Tokyo|50 540 Korea Seoul
51 540 Yakutsk Yakutsk|52 570 Australia Central Adelaide|53 570 Australia Central Darwin
54 600 Australia Eastern Brisbane|55 600 Australia Eastern Sydney
56 600 West Pacific Guam|57 600 Tasmania Hobart|58 600 Vladivostok Vladivostok
59 660 Central Pacific Solomon Is|60 720 New Zealand Wellington|61 720 Fiji Fiji
"""
_TWO_WORDS = (
    *("Northern Europe", "Saudi Arabia", "West Asia", "Central Asia", "Australia Western", "Australia Central"),
    *("Australia Eastern", "West Pacific", "Central Pacific", "New Zealand"),
)


@dataclass(frozen=True, slots=True)
class TimeZone:
    """
    A time zone. Daylight saving is not simulated.
    """

    number: int
    minutes: int
    """Ahead of Greenwich."""
    region: str
    city: str

    @property
    def text(self) -> str:
        """
        What stands in `timeZone` of a user, such as `GMT+01:00, Europe (Berlin)`.
        """
        return f"{self._offset}, {self.region} ({self.city})"

    @property
    def long_text(self) -> str:
        """
        What stands in `timeZoneWithDST`.
        """
        return f"{self.city} ({self.region} Time, {self._offset})"

    @property
    def _offset(self) -> str:
        hours, minutes = divmod(abs(self.minutes), 60)
        return f"GMT{'-' if self.minutes < 0 else '+'}{hours:02}:{minutes:02}"


def _zone(row: str) -> TimeZone:
    number, minutes, rest = row.split(" ", 2)
    # The region is one word unless it is one of a few.
    region = next((name for name in _TWO_WORDS if rest.startswith(f"{name} ")), rest.split(" ", 1)[0])
    return TimeZone(int(number), int(minutes), region, rest[len(region) :].strip())


TIME_ZONES = {zone.number: zone for line in _TABLE.strip().splitlines() for zone in map(_zone, line.split("|"))}
"""
All time zones by number. Regions are ours, but for the few that were seen.
"""
