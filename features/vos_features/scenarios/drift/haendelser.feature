# language: da
@ac18_events @ac11_events_selv
Egenskab: Hændelser til forretningsdomænerne
  VisiteringOgStatus rejser selv hændelserne. JobSearch og Kontaktforloeb modtager om kontaktgruppe og personkategori,
  Virksomhedsindsats om kontaktgruppe.

  @ac11_event_jobsearch @ac11_event_kontaktforloeb @ac11_event_virksomhedsindsats @ac11_events_hidtil @ac11_default_visitering
  Abstrakt Scenario: Registrering via <kanal> i <udgave> giver hændelser, også om den afledte standardkategori
    Givet udgaven er <udgave>
    Og en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 2 via <kanal>
    Så er registreringen modtaget
    Og hører JobSearch præcis disse hændelser:
      | art            | type | ændring  | slut | myndighed  |
      | kontaktgruppe  | 2    | oprettet |      | jobcentret |
      | personkategori | 8    | oprettet |      | jobcentret |
    Og hører Kontaktforloeb præcis disse hændelser:
      | art            | type | ændring  | slut | myndighed  |
      | kontaktgruppe  | 2    | oprettet |      | jobcentret |
      | personkategori | 8    | oprettet |      | jobcentret |
    Men hører Virksomhedsindsats præcis disse hændelser:
      | art           | type | ændring  | slut | myndighed  |
      | kontaktgruppe | 2    | oprettet |      | jobcentret |

    Eksempler:
      | udgave | kanal |
      | 2024-3 | PRS   |
      | 2024-4 | PRS   |
      | 2024-4 | PVS   |
      | 2025-2 | PVS   |

  @ac11_event_jobsearch @ac11_event_virksomhedsindsats @ac11_default_visitering
  Abstrakt Scenario: Et skift af kontaktgruppe via <kanal> fortælles med begge grupper og den kategori, der ophører
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Når STAR registrerer kontaktgruppe 4 via <kanal>
    Så hører JobSearch præcis disse hændelser:
      | art            | type | ændring  | slut | myndighed |
      | kontaktgruppe  | 2    | ændret   | ja   | STAR      |
      | kontaktgruppe  | 4    | oprettet |      | STAR      |
      | personkategori | 5    | ændret   | ja   | STAR      |
    Men hører Virksomhedsindsats præcis disse hændelser:
      | art           | type | ændring  | slut | myndighed |
      | kontaktgruppe | 2    | ændret   | ja   | STAR      |
      | kontaktgruppe | 4    | oprettet |      | STAR      |

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac11_event_kontaktforloeb @ac11_event_virksomhedsindsats
  Scenarie: En ny personkategori fortælles ikke til Virksomhedsindsats
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 8
    Når jobcentret registrerer personkategori 5 via PVS
    Så hører Kontaktforloeb præcis disse hændelser:
      | art            | type | ændring  | slut | myndighed  |
      | personkategori | 8    | ændret   | ja   | jobcentret |
      | personkategori | 5    | oprettet |      | jobcentret |
    Men hører Virksomhedsindsats ingen hændelser

  @ac11_event_jobsearch
  Scenarie: En slettet registrering fortælles som slettet
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Og jobcentret sletter kontaktgruppen
    Så hører JobSearch præcis disse hændelser:
      | art           | type | ændring  | slut | myndighed  |
      | kontaktgruppe | 4    | oprettet |      | jobcentret |
      | kontaktgruppe | 4    | slettet  |      | jobcentret |

  Scenarie: En afvist registrering giver ingen hændelser
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 4644
    Og hører JobSearch ingen hændelser
    Og hører Kontaktforloeb ingen hændelser
    Og hører Virksomhedsindsats ingen hændelser
