# language: da
Egenskab: Adgang som hidtil
  Jobcenter og kommune registrerer på egne borgere, STAR på alle, og a-kassen læser sine egne medlemmer.

  @ac02_adgang_uaendret @adgang_per_metode @adgang_jobcenter_egne
  Abstrakt Scenario: <rolle> registrerer via <kanal> på en borger, der ikke er egen
    Givet en borger på 40 år
    Når <rolle> registrerer kontaktgruppe 13 via <kanal>
    Så bliver kaldet afvist med fejlkode <kode>
    Og læser jobcentret ingen aktuel kontaktgruppe
    Og har jobcentret ingen beskeder

    Eksempler:
      | rolle              | kanal | kode |
      | et andet jobcenter | PRS   | 6005 |
      | et andet jobcenter | PVS   | 6005 |
      | a-kassen           | PRS   | 4575 |
      | a-kassen           | PVS   | 4575 |

  @ac02_adgang_uaendret @adgang_per_metode @adgang_jobcenter_egne @adgang_kommune_egne @adgang_star_alle
  Abstrakt Scenario: <rolle> kan registrere via <kanal>
    Givet en borger på 40 år
    Når <rolle> registrerer kontaktgruppe 13 via <kanal>
    Så er registreringen modtaget
    Og læser <rolle> kontaktgruppe 13 som aktuel

    Eksempler:
      | rolle      | kanal |
      | jobcentret | PRS   |
      | jobcentret | PVS   |
      | kommunen   | PRS   |
      | kommunen   | PVS   |
      | STAR       | PRS   |
      | STAR       | PVS   |

  @adgang_per_metode @adgang_akasse_egne @adgang_jobcenter_egne @adgang_kommune_egne @adgang_star_alle
  Scenarie: Kun borgerens egne myndigheder og STAR kan læse
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 4
    Så læser jobcentret kontaktgruppe 4 som aktuel
    Og læser kommunen kontaktgruppe 4 som aktuel
    Og læser a-kassen kontaktgruppe 4 som aktuel
    Og læser STAR kontaktgruppe 4 som aktuel
    Men kan et andet jobcenter ikke læse kontaktgruppe: fejlkode 6005
    Og kan en anden a-kasse ikke læse kontaktgruppe: fejlkode 4575

  @ac08_akasse_filter_grupper @ac09_akasse_filter_grupper @ac08_akasse_fire_aar @adgang_akasse_filtrering
  @ac08_akasse_ser_kg1 @ac08_akasse_ser_kg2 @ac08_akasse_ser_kg4 @ac08_akasse_ser_kg5 @ac08_akasse_ser_kg7
  @ac08_akasse_ser_kg8 @ac08_akasse_ser_kg10 @ac08_akasse_ser_kg13 @ac08_akasse_ser_kg21 @ac08_akasse_ser_kg22
  @ac08_akasse_ser_kg23 @ac08_akasse_ser_kg25
  Scenarie: A-kassen ser de tolv kontaktgrupper fire år tilbage, og ingen andre
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har haft kontaktgrupperne 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, som sluttede for 4 år siden
    Så læser a-kassen 1, 2, 4, 5, 7, 8, 10, 13, 21, 22, 23, 25 i historikken for kontaktgruppen
    Og læser jobcentret 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29 i historikken for kontaktgruppen

  @ac08_akasse_fire_aar
  Scenarie: A-kassen ser ikke længere end fire år tilbage
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har haft kontaktgrupperne 1, 2, 13, som sluttede for 4 år siden og en dag
    Så læser a-kassen ingen i historikken for kontaktgruppen
    Men læser jobcentret 1, 2, 13 i historikken for kontaktgruppen

  @ac08_akasse_ikke_pc @ac09_akasse_ikke_pc
  Scenarie: A-kassen ser aldrig en personkategori
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Så kan a-kassen ikke læse personkategori: fejlkode 4575
    Men læser jobcentret personkategori 5 som aktuel
