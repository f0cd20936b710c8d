# language: da
@test_1_kg_registrering_laesning
Egenskab: Registrering og læsning af kontaktgruppe
  Uanset om registrering og opdatering af kontaktgruppe sker via PRS eller
  VisiteringOgStatusServices.PersonVisiteringService kan der ske registrering og læsning af oplysninger.

  Abstrakt Scenario: <registrant> registrerer en kontaktgruppe via <kanal>, og den kan læses
    Givet en borger på 40 år, som er medlem af a-kassen
    Når <registrant> registrerer kontaktgruppe 13 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 13 som aktuel
    Og læser a-kassen kontaktgruppe 13 som aktuel
    Og kan jobcentret hente kontaktgruppen på dens id
    Og læser jobcentret historikken for kontaktgruppen:
      | type | slut | aktuel | registreret af |
      | 13   |      | ja     | <registrant>   |

    Eksempler:
      | registrant | kanal |
      | jobcentret | PRS   |
      | jobcentret | PVS   |
      | STAR       | PRS   |
      | STAR       | PVS   |

  Abstrakt Scenario: <registrant> afslutter en kontaktgruppe via <kanal>, og historikken viser det
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og <registrant> afslutter kontaktgruppen i dag via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret ingen aktuel kontaktgruppe
    Og kan jobcentret hente kontaktgruppen på dens id
    Og læser jobcentret historikken for kontaktgruppen:
      | type | slut  | aktuel | registreret af |
      | 13   | i dag | ja     | <registrant>   |
      | 13   |       | nej    | jobcentret     |

    Eksempler:
      | registrant | kanal |
      | jobcentret | PRS   |
      | jobcentret | PVS   |
      | STAR       | PRS   |
      | STAR       | PVS   |

  Abstrakt Scenario: <registrant> skifter borgerens kontaktgruppe via <kanal>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Når <registrant> registrerer kontaktgruppe 13 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 13 som aktuel
    Og læser jobcentret historikken for kontaktgruppen:
      | type | slut  | aktuel | registreret af |
      | 13   |       | ja     | <registrant>   |
      | 4    | i dag | ja     | <registrant>   |
      | 4    |       | nej    | opsætningen    |

    Eksempler:
      | registrant | kanal |
      | jobcentret | PRS   |
      | jobcentret | PVS   |
      | STAR       | PRS   |
      | STAR       | PVS   |

  Abstrakt Scenario: A-kassen kan læse sit medlems kontaktgruppe, men ikke registrere den via <kanal>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 4
    Når a-kassen registrerer kontaktgruppe 13 via <kanal>
    Så bliver kaldet afvist med fejlkode 4575
    Og læser a-kassen kontaktgruppe 4 som aktuel
    Og læser jobcentret kontaktgruppe 4 som aktuel

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  Abstrakt Scenario: Kalderens eget id bliver kontaktgruppens id via <kanal>
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 med eget id via <kanal>
    Så er registreringen modtaget
    Og har registreringen det id, som kalderen gav
    Og kan jobcentret hente kontaktgruppen på dens id

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  Abstrakt Scenario: Et id kan kun bruges én gang via <kanal>
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 med eget id via <kanal>
    Og jobcentret registrerer kontaktgruppe 4 igen med det samme id via <kanal>
    Så bliver kaldet afvist med fejlkode 4977
    Og læser jobcentret kontaktgruppe 13 som aktuel

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  Scenarie: En fejlagtig kontaktgruppe slettes, og historikken bevarer den
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og jobcentret sletter kontaktgruppen
    Så er registreringen modtaget
    Og læser jobcentret ingen aktuel kontaktgruppe
    Og kan jobcentret ikke hente kontaktgruppen på dens id
    Og læser jobcentret historikken for kontaktgruppen:
      | type | slettet | aktuel | registreret af |
      | 13   | ja      | nej    | jobcentret     |
      | 13   | nej     | nej    | jobcentret     |
