"""The words of the seven and a half minutes, in Dutch and English."""

from loopbaan.law.wording import Lang

WORDS: dict[Lang, dict[str, str]] = {
    "nl": {
        "title": "De zeven en een halve minuut",
        "kind": "Naspel van 1 april 2025",
        "lead": "Op 1 april 2025 gingen duizend loopbaancheques open, voor heel Vlaanderen. Na 7"
        " minuten en 30 seconden waren ze weg. Wie er een kreeg, heeft niemand gepubliceerd. Hier"
        " speelt een model die maand na, onder vier manieren om plaatsen te geven.",
        "assumed": "aangenomen patroon",
        "direction": "De richting komt uit andere landen, de grootte is aangenomen. Wie klaar zat,"
        " hoe"
        " snel, en wie aan een scherm kon zitten, is nergens geteld.",
        "sentence": "Bij ‘wie eerst komt’ kregen van elke 100 mensen die aan een scherm konden"
        " zitten er {screen} een plaats, van de anderen {no_screen}. Bij loting: {draw_screen} en"
        " {draw_no_screen}.",
        "play": "Speel af",
        "pause": "Pauzeer",
        "time": "Tijd sinds de opening",
        "keys": "Sleep, of gebruik de pijltjes. Spatie speelt en pauzeert.",
        "minutes": "{minutes} min {seconds} s",
        "day": "einde van 1 april",
        "month": "einde van april",
        "cap-1000": "Wie eerst komt",
        "draw-1000": "Loting",
        "reserved-30": "300 plaatsen voorbehouden",
        "waiting-list": "Wachtlijst",
        "how_cap-1000": "Wie het eerst klikt, heeft een plaats. Zo was de regel toen.",
        "how_draw-1000": "Wie in april bestelt, doet mee. Eind april beslist het lot. Niemand hoeft"
        " zich te haasten.",
        "how_reserved-30": "Wie eerst komt, maar 300 plaatsen zijn voor wie weinig scholing heeft,"
        " een"
        " gezondheidsbeperking heeft of van buiten de EU komt.",
        "how_waiting-list": "Wie geen plaats vond, blijft in de rij. De plaatsen van april gaan"
        " naar"
        " wie sinds maart wacht.",
        "given": "{given} van {places} plaatsen gegeven",
        "in_line": "In het model wilden {count} mensen er een",
        "times": "In {times} van {runs} proeven waren de plaatsen van april op.",
        "gone": "Dan gingen ze weg na {gone} (8 op de 10 daarvan: {ends}).",
        "gone_open": "Dan vond de eerste geen plaats meer na {gone} (8 op de 10 daarvan: {ends}).",
        "real": "In het echt: 7 min 30 s. Dat cijfer is niet gebruikt om het model te zetten, maar"
        " wie de aannames zette, kende het.",
        "squares": "Elk vakje is tien plaatsen. De kleur zegt wie ze kreeg.",
        "of_100": "van de 100",
        "bars": "Van elke 100 die in april een plaats wilden: hoeveel hadden er een (hele balk:"
        " {top})",
        "all": "iedereen",
        "low": "laaggeschoold",
        "mid": "middengeschoold",
        "high": "hooggeschoold",
        "screen": "kon aan een scherm zitten",
        "no_screen": "kon dat niet",
        "table": "{rule}: plaatsen na zoveel minuten",
        "who": "wie",
        "wanted": "wilden een plaats",
        "after": "na {minutes} min",
        "numbers": "De cijfers",
        "how": "Hoe dit gemaakt is",
        "method": "Verzonnen werkenden, dezelfde in elk vak, beslissen maand na maand of ze"
        " bestellen."
        " De code die de plaatsen geeft, is die van het echte systeem. ‘Kon aan een scherm zitten’:"
        " werkt in een sector waar de meesten dat doen (overheid, ICT, financiën, adviesdiensten,"
        " administratie, vastgoed). Wie onterecht geweigerd werd of geen recht had, telt niet mee.",
        "runs": "Wat hier staat, is het midden van {runs} proeven, elk met ander toeval en andere"
        " aannames: aantallen zijn het gemiddelde, de rest is de middelste. Ook de band komt uit"
        " die proeven.",
        "again": "Opnieuw maken",
    },
    "en": {
        "title": "The seven and a half minutes",
        "kind": "A replay of 1 April 2025",
        "lead": "On 1 April 2025 a thousand career vouchers opened, for all of Flanders. After 7"
        " minutes and 30 seconds they were gone. Who got one was never published. Here a model"
        " replays that month under four ways to give out places.",
        "assumed": "assumed pattern",
        "direction": "Direction from other countries, size assumed. Who was ready, how fast, and"
        " who"
        " could sit at a screen was counted nowhere.",
        "sentence": "Under ‘first come’ {screen} of every 100 people who could sit at a screen got"
        " a"
        " place, of the others {no_screen}. Under a draw: {draw_screen} and {draw_no_screen}.",
        "play": "Play",
        "pause": "Pause",
        "time": "Time since the opening",
        "keys": "Drag, or use the arrow keys. Space plays and pauses.",
        "minutes": "{minutes} min {seconds} s",
        "day": "end of 1 April",
        "month": "end of April",
        "cap-1000": "First come",
        "draw-1000": "Draw",
        "reserved-30": "300 places reserved",
        "waiting-list": "Waiting list",
        "how_cap-1000": "Who clicks first has a place. So was the rule then.",
        "how_draw-1000": "Who orders in April takes part. At the end of April lots are drawn."
        " Nobody"
        " has to hurry.",
        "how_reserved-30": "First come, but 300 places are for those who have little schooling, are"
        " limited by health, or come from outside the EU.",
        "how_waiting-list": "Who found no place stays in line. The places of April go to those who"
        " have waited since March.",
        "given": "{given} of {places} places given",
        "in_line": "In the model {count} people wanted one",
        "times": "In {times} of {runs} runs the places of April ran out.",
        "gone": "Then they were gone after {gone} (8 of 10 of those: {ends}).",
        "gone_open": "Then the first found no place after {gone} (8 of 10 of those: {ends}).",
        "real": "In reality: 7 min 30 s. That figure was not used to set the model, but those who"
        " set the assumptions knew it.",
        "squares": "Each square is ten places. The colour tells who got them.",
        "of_100": "of 100",
        "bars": "Of every 100 who wanted a place in April: how many had one (full bar: {top})",
        "all": "everybody",
        "low": "low education",
        "mid": "middle education",
        "high": "high education",
        "screen": "could sit at a screen",
        "no_screen": "could not",
        "table": "{rule}: places after so many minutes",
        "who": "who",
        "wanted": "wanted a place",
        "after": "after {minutes} min",
        "numbers": "The figures",
        "how": "How this was made",
        "method": "Invented workers, the same in every panel, decide month by month whether they"
        " order."
        " The code that gives the places is that of the real system. ‘Could sit at a screen’: works"
        " in a sector where most do (government, ICT, finance, professional services,"
        " administration, real estate). Who was refused does not count.",
        "runs": "What stands here is the middle of {runs} runs, each with other chance and other"
        " assumptions: counts are the mean, the rest is the middle one. The band is theirs too.",
        "again": "Make it again",
    },
}
