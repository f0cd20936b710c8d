# language: da
@test_2_kg_wsrm_v5 @test_2_indhold
Egenskab: WSRM-beskeder om kontaktgruppe
  Uanset om registrering og opdatering af kontaktgruppe sker via PRS eller
  VisiteringOgStatusServices.PersonVisiteringService fremgår det i GetContactGroupVersion5 WSRM'en, om det er
  jobcentret, a-kassen eller STAR, der har foretaget registreringen/opdateringen.

  @ac10_wsrm_fortsaetter @ac10_jobcenter_alle @ac10_anvendes_kg5 @ac10_anvendes_kg4 @svc_wsrm_kg5 @svc_wsrm_kg4
  @tilsagn_kss_wsrm
  Abstrakt Scenario: <registrant> registrerer kontaktgruppe <gruppe> via <kanal>, og jobcentret får besked
    Givet en borger på 40 år, som er medlem af a-kassen
    Når <registrant> registrerer kontaktgruppe <gruppe> via <kanal>
    Så er registreringen modtaget
    Og har jobcentret præcis disse beskeder:
      | besked                  | type     | slut | registreret af |
      | GetContactGroupVersion5 | <gruppe> |      | <registrant>   |
      | GetContactGroupVersion4 | <gruppe> |      | <registrant>   |
    Men har et andet jobcenter ingen beskeder
    Og har a-kassen ingen beskeder
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | registrant | kanal | gruppe |
      | jobcentret | PRS   | 4      |
      | jobcentret | PVS   | 4      |
      | STAR       | PRS   | 4      |
      | STAR       | PVS   | 4      |
      | jobcentret | PVS   | 7      |
      | jobcentret | PVS   | 22     |

  @ac10_jobcenter_alle
  Abstrakt Scenario: <registrant> afslutter en kontaktgruppe via <kanal>, og jobcentret får besked
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 4
    Når <registrant> afslutter kontaktgruppen i dag via <kanal>
    Så er registreringen modtaget
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 4    | ja   | <registrant>   |
      | GetContactGroupVersion4 | 4    | ja   | <registrant>   |
    Men har a-kassen ingen beskeder
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | registrant | kanal |
      | jobcentret | PRS   |
      | jobcentret | PVS   |
      | STAR       | PRS   |
      | STAR       | PVS   |

  @ac10_akasse_kg13 @ac10_akasse_kg23 @tilsagn_akasse_wsrm @svc_wsrm_kg5
  Abstrakt Scenario: A-kassen får besked om et medlem, der overgår til kontaktgruppe <gruppe> via <kanal>
    Givet en borger på 40 år, som er medlem af a-kassen
    Når <registrant> registrerer kontaktgruppe <gruppe> via <kanal>
    Så har a-kassen præcis disse beskeder:
      | besked                  | type     | slut | registreret af |
      | GetContactGroupVersion5 | <gruppe> |      | <registrant>   |
    Men har en anden a-kasse ingen beskeder
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | registrant | kanal | gruppe |
      | jobcentret | PRS   | 13     |
      | jobcentret | PVS   | 13     |
      | STAR       | PRS   | 13     |
      | STAR       | PVS   | 13     |
      | jobcentret | PRS   | 23     |
      | jobcentret | PVS   | 23     |
      | STAR       | PRS   | 23     |
      | STAR       | PVS   | 23     |

  Abstrakt Scenario: Et skift fra gruppe 4 til 13 via <kanal> fortælles begge veje til jobcentret, og til a-kassen kun det nye
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 4
    Når jobcentret registrerer kontaktgruppe 13 via <kanal>
    Så har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 4    | ja   | jobcentret     |
      | GetContactGroupVersion5 | 13   |      | jobcentret     |
      | GetContactGroupVersion4 | 4    | ja   | jobcentret     |
      | GetContactGroupVersion4 | 13   |      | jobcentret     |
    Og har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 13   |      | jobcentret     |
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  Abstrakt Scenario: A-kassen får ingen besked, når gruppe 13 afsluttes via <kanal>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 13
    Når jobcentret afslutter kontaktgruppen i dag via <kanal>
    Så er registreringen modtaget
    Men har a-kassen ingen beskeder
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  Scenarie: A-kassen får ingen besked om en borger, der ikke er medlem
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så er registreringen modtaget
    Men har a-kassen ingen beskeder
    Og har hver modtager præcis de beskeder, der følger af det skete

  Abstrakt Scenario: A-kassens egen registrering afvises via <kanal>, og ingen får besked
    Givet en borger på 40 år, som er medlem af a-kassen
    Når a-kassen registrerer kontaktgruppe 13 via <kanal>
    Så bliver kaldet afvist med fejlkode 4575
    Og har jobcentret ingen beskeder
    Og har a-kassen ingen beskeder

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  Abstrakt Scenario: En afvist registrering via <kanal> giver ingen beskeder
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 13
    Når jobcentret registrerer kontaktgruppe 13 via <kanal>
    Så bliver kaldet afvist med fejlkode 4644
    Og har jobcentret ingen beskeder
    Og har a-kassen ingen beskeder
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac10_jobcenter_alle
  Scenarie: En slettet kontaktgruppe fortælles ikke med WSRM: beskeden kan ikke sige, at noget er slettet
    Givet en borger på 40 år, som er medlem af a-kassen
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og alle har læst deres beskeder
    Og jobcentret abonnerer på WSB om kontaktgruppe
    Og jobcentret sletter kontaktgruppen
    Så er registreringen modtaget
    Og har jobcentret ingen beskeder
    Og har a-kassen ingen beskeder
    Men har jobcentret præcis disse WSB'er:
      | entitet       | ændring |
      | Kontaktgruppe | slet    |
