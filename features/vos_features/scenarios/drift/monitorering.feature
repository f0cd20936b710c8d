# language: da
@ac14_monitorering @ac15_monitorering
Egenskab: Monitorering af kontaktgruppe-synkroniseringen i de forretningsapplikationer, som har kontaktgrupper

  Abstrakt Scenario: Domæner, der følger med i hændelserne, afviger ikke
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 8
    Når jobcentret registrerer kontaktgruppe 13 via <kanal>
    Og jobcentret registrerer kontaktgruppe 4 via <kanal>
    Og overvågningen kører
    Så finder den ingen afvigelser

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  Scenarie: JobSearch holder op med at lytte og kender hverken den nye gruppe eller den nye kategori
    Givet en borger på 40 år
    Når JobSearch holder op med at lytte
    Og jobcentret registrerer kontaktgruppe 2 via PVS
    Og overvågningen kører
    Så finder den præcis disse afvigelser:
      | domæne    | afvigelse | art            | vores | deres | hændelse   |
      | JobSearch | mangler   | kontaktgruppe  | 2     |       | 2 oprettet |
      | JobSearch | mangler   | personkategori | 8     |       | 8 oprettet |
    Og står borgerens CPR-nummer ikke i rapporten

  Scenarie: Kontaktforloeb holder op med at lytte og står tilbage med den gamle gruppe
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Når Kontaktforloeb holder op med at lytte
    Og jobcentret registrerer kontaktgruppe 13 via PVS
    Og overvågningen kører
    Så finder den præcis disse afvigelser:
      | domæne         | afvigelse | art           | vores | deres | hændelse    |
      | Kontaktforloeb | forældet  | kontaktgruppe | 13    | 4     | 13 oprettet |

  Abstrakt Scenario: Et domæne, der <uvane>, har en gruppe for meget
    Givet en borger på 40 år
    Når Virksomhedsindsats <uvane>
    Og jobcentret registrerer kontaktgruppe 13 via PVS
    Og jobcentret afslutter kontaktgruppen i dag via PVS
    Og overvågningen kører
    Så finder den præcis disse afvigelser:
      | domæne             | afvigelse | art           | vores | deres | hændelse  |
      | Virksomhedsindsats | ekstra    | kontaktgruppe |       | 13    | 13 ændret |

    Eksempler:
      | uvane                                             |
      | begynder at tabe hver anden hændelse              |
      | begynder at tage hændelserne i forkert rækkefølge |

  Scenarie: Et domæne, der hører hver hændelse to gange, afviger ikke
    Givet en borger på 40 år
    Når JobSearch begynder at høre hver hændelse to gange
    Og jobcentret registrerer kontaktgruppe 2 via PVS
    Og jobcentret registrerer kontaktgruppe 13 via PVS
    Og jobcentret sletter kontaktgruppen
    Og overvågningen kører
    Så finder den ingen afvigelser

  Scenarie: Et rigtigt domænes eget billede holdes op mod vores
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når Virksomhedsindsats leverer sit eget billede, hvor borgeren har kontaktgruppe 13
    Og overvågningen kører
    Så finder den ingen afvigelser
    Når Virksomhedsindsats leverer sit eget billede, hvor borgeren har kontaktgruppe 7
    Og overvågningen kører
    Så finder den præcis disse afvigelser:
      | domæne             | afvigelse | art           | vores | deres | hændelse    |
      | Virksomhedsindsats | anden     | kontaktgruppe | 13    | 7     | 13 oprettet |
