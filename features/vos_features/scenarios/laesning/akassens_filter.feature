# language: da
Egenskab: A-kassen ser de samme tolv kontaktgrupper fire år tilbage, hvor den end læser

  @ac08_akasse_filter_grupper @ac09_akasse_filter_grupper @ac08_akasse_fire_aar @adgang_akasse_filtrering
  @ac08_akasse_ser_kg1 @ac08_akasse_ser_kg2 @ac08_akasse_ser_kg4 @ac08_akasse_ser_kg5 @ac08_akasse_ser_kg7
  @ac08_akasse_ser_kg8 @ac08_akasse_ser_kg10 @ac08_akasse_ser_kg13 @ac08_akasse_ser_kg21 @ac08_akasse_ser_kg22
  @ac08_akasse_ser_kg23 @ac08_akasse_ser_kg25
  Abstrakt Scenario: A-kassen ser de tolv kontaktgrupper i PHS i <udgave>, og ingen andre
    Givet udgaven er <udgave>
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har haft kontaktgrupperne 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, som sluttede for 4 år siden
    Så læser a-kassen kontaktgruppe 1, 2, 4, 5, 7, 8, 10, 13, 21, 22, 23, 25 i PHS
    Men læser jobcentret kontaktgruppe 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29 i PHS

    Eksempler:
      | udgave |
      | 2024-3 |
      | 2024-4 |

  @ac08_akasse_fire_aar @ac09_akasse_filter_grupper
  Scenarie: A-kassen ser ikke længere end fire år tilbage i PHS
    Givet udgaven er 2024-4
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har haft kontaktgrupperne 1, 2, 13, som sluttede for 4 år siden og en dag
    Så læser a-kassen ingen kontaktgruppe i PHS
    Men læser jobcentret kontaktgruppe 1, 2, 13 i PHS

  @ac08_akasse_filter_grupper @adgang_akasse_filtrering
  Abstrakt Scenario: A-kassen ser ikke kontaktgruppe <skjult>, hvor den end læser
    Givet udgaven er 2024-4
    Og en borger på 29 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe <skjult>
    Så læser a-kassen ingen kontaktgruppe i PSS
    Og læser a-kassen ingen kontaktgruppe i PHS
    Og læser a-kassen ingen kontaktgruppe i statusservicen
    Og læser a-kassen ingen aktuel kontaktgruppe
    Men læser jobcentret kontaktgruppe <skjult> i PSS
    Og læser jobcentret kontaktgruppe <skjult> i PHS
    Og læser jobcentret kontaktgruppe <skjult> i statusservicen
    Og læser jobcentret kontaktgruppe <skjult> som aktuel

    Eksempler:
      | skjult |
      | 3      |
      | 12     |
      | 24     |

  @ac08_akasse_ikke_pc @ac09_akasse_ikke_pc @adgang_akasse_filtrering
  Scenarie: A-kassen ser aldrig en personkategori, hvor den end læser
    Givet udgaven er 2024-4
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Så læser a-kassen ingen personkategori i PSS
    Og læser a-kassen ingen personkategori i PHS
    Og læser a-kassen ingen personkategori i statusservicen
    Og kan a-kassen ikke læse personkategori: fejlkode 4575
    Men læser a-kassen kontaktgruppe 2 i PSS
    Og læser a-kassen kontaktgruppe 2 i PHS
    Og læser a-kassen kontaktgruppe 2 i statusservicen
    Og læser jobcentret personkategori 5 i PSS
    Og læser jobcentret personkategori 5 i PHS
    Og læser jobcentret personkategori 5 i statusservicen
