# language: da
@ac02_kg_laes @ac02_kg_laes_en
Egenskab: Én registrering hentes på borgerens CPR-nummer og sit id
  Hent én: den, der er åben, og den, der er afsluttet; ikke den, der er slettet, ikke en andens, og for a-kassen ikke den, der
  er skjult.

  Abstrakt Scenario: Hændelsestidspunktet er det, som kalderen gav via <kanal>, og ikke starten
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 med hændelsestidspunkt for 3 dage siden via <kanal>
    Så er registreringen modtaget
    Og henter jobcentret kontaktgruppen på dens id:
      | type | hændelse         | start | slut | slettet | aktuel | registreret af |
      | 13   | for 3 dage siden | i dag |      | nej     | ja     | jobcentret     |
    Og læser jobcentret historikken for kontaktgruppen:
      | type | hændelse         | start |
      | 13   | for 3 dage siden | i dag |
    Når jobcentret afslutter kontaktgruppen i dag via <kanal>
    Så henter jobcentret kontaktgruppen på dens id:
      | type | hændelse         | start | slut  | slettet | aktuel | registreret af |
      | 13   | for 3 dage siden | i dag | i dag | nej     | ja     | jobcentret     |

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  Scenarie: Personkategoriens hændelsestidspunkt er det, som kalderen gav
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret registrerer personkategori 9 med hændelsestidspunkt i går via PVS
    Så henter jobcentret personkategorien på dens id:
      | type | hændelse | start | slut | slettet | aktuel | registreret af |
      | 9    | i går    | i dag |      | nej     | ja     | jobcentret     |

  Scenarie: En registrering hentes kun som det, den er
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og jobcentret registrerer personkategori 9 via PVS
    Så kan jobcentret ikke hente en kontaktgruppe på den andens id
    Og kan jobcentret ikke hente en personkategori på den andens id

  @ac08_akasse_filter_grupper @ac09_akasse_filter_grupper
  Scenarie: A-kassen henter den gruppe, den ser, også når den er afsluttet, og ikke den, der er skjult for den
    Givet en borger på 25 år, som er medlem af a-kassen
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så kan a-kassen hente kontaktgruppen på dens id
    Når jobcentret afslutter kontaktgruppen i dag via PVS
    Så henter a-kassen kontaktgruppen på dens id:
      | type | slut  | slettet | aktuel | registreret af |
      | 13   | i dag | nej     | ja     | jobcentret     |
    Når jobcentret registrerer kontaktgruppe 12 via PVS
    Så kan jobcentret hente kontaktgruppen på dens id
    Men kan a-kassen ikke hente kontaktgruppen på dens id
