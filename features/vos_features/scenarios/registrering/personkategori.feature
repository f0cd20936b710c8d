# language: da
@test_3_pc_registrering_laesning @test_3_registrering @test_3_laesning
Egenskab: Registrering og læsning af personkategori
  Uanset om registrering og opdatering af personkategori/visitation sker via PRS eller
  VisiteringOgStatusServices.PersonVisiteringService kan der ske registrering og læsning af oplysninger.

  @ac02_metode_create_pc @ac02_pc_create @ac02_metode_pc_create @ac02_pc_create_2 @ac02_pc_create_3 @ac02_pc_create_4 @svc_pvs_pc_create @ac02_pc_laes @ac02_metode_pc_laes @svc_pvs_pc_laes @ac02_pc_laes_en
  @ac02_pc_historik @ac02_metode_pc_historik @svc_pvs_pc_historik @ac08_akasse_ikke_pc @ac09_akasse_ikke_pc
  Abstrakt Scenario: <registrant> registrerer en personkategori via <kanal>, og den kan læses
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 8
    Når <registrant> registrerer personkategori 5 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret personkategori 5 som aktuel
    Og kan jobcentret hente personkategorien på dens id
    Og læser jobcentret historikken for personkategorien:
      | type | slut  | aktuel | registreret af |
      | 5    |       | ja     | <registrant>   |
      | 8    | i dag | ja     | <registrant>   |
      | 8    |       | nej    | opsætningen    |
    Men kan a-kassen ikke læse personkategori: fejlkode 4575

    Eksempler:
      | registrant | kanal |
      | jobcentret | PRS   |
      | jobcentret | PVS   |
      | STAR       | PRS   |
      | STAR       | PVS   |

  @ac02_metode_update_pc @ac02_pc_update @ac02_metode_pc_update @svc_pvs_pc_update @ac11_default_visitering
  Abstrakt Scenario: <registrant> afslutter en personkategori via <kanal>, og gruppens standard følger
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Når <registrant> afslutter personkategorien i dag via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret personkategori 8 som aktuel
    Og læser jobcentret historikken for personkategorien:
      | type | slut  | aktuel | registreret af |
      | 8    |       | ja     | <registrant>   |
      | 5    | i dag | ja     | <registrant>   |
      | 5    |       | nej    | opsætningen    |

    Eksempler:
      | registrant | kanal |
      | jobcentret | PRS   |
      | jobcentret | PVS   |
      | STAR       | PRS   |
      | STAR       | PVS   |

  @ac11_default_visitering
  Abstrakt Scenario: En kontaktgruppe, der kræver en personkategori, får standarden via <kanal>
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 2 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret personkategori 8 som aktuel

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @svc_pvs_pc_create_med_id @ac02_pc_create @ac02_metode_pc_create @ac02_pc_create_2 @ac02_pc_create_3 @ac02_pc_create_4
  Abstrakt Scenario: Kalderens eget id bliver personkategoriens id via <kanal>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Når jobcentret registrerer personkategori 5 med eget id via <kanal>
    Så er registreringen modtaget
    Og har registreringen det id, som kalderen gav
    Og kan jobcentret hente personkategorien på dens id

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac02_pc_create @ac02_metode_pc_create
  Abstrakt Scenario: En personkategori kan registreres med en slutdato, der ligger fremme, via <kanal>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret registrerer personkategori 9 med slutdato om 2 dage via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret historikken for personkategorien:
      | type | start | slut      | registreret af |
      | 9    | i dag | om 2 dage | jobcentret     |

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  Scenarie: En fejlagtig personkategori slettes, og historikken bevarer den
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret registrerer personkategori 9 via PVS
    Og jobcentret sletter personkategorien
    Så er registreringen modtaget
    Og læser jobcentret ingen aktuel personkategori
    Og læser jobcentret historikken for personkategorien:
      | type | slettet | aktuel | registreret af |
      | 9    | ja      | nej    | jobcentret     |
      | 9    | nej     | nej    | jobcentret     |

  Scenarie: Den, der ikke selv har registreret personkategorien, kan ikke slette den; det kan STAR
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når STAR registrerer personkategori 9 via PVS
    Og jobcentret sletter personkategorien
    Så bliver kaldet afvist med fejlkode 4575
    Og nævner afvisningen "kun den myndighed, der har registreret, og STAR kan slette"
    Og læser jobcentret personkategori 9 som aktuel
    Når jobcentret registrerer personkategori 5 via PVS
    Og alle har læst deres beskeder
    Og STAR sletter personkategorien
    Så er registreringen modtaget
    Og læser jobcentret historikken for personkategorien:
      | type | slut  | slettet | aktuel | registreret af |
      | 5    |       | ja      | nej    | STAR           |
      | 5    |       | nej     | nej    | jobcentret     |
      | 9    | i dag | nej     | ja     | jobcentret     |
      | 9    |       | nej     | nej    | STAR           |
    Og har jobcentret ingen beskeder

  Abstrakt Scenario: En <art>, som ingen har registreret, kan ikke slettes
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret sletter en <art>, som ingen har registreret
    Så bliver kaldet afvist med fejlkode 4589

    Eksempler:
      | art            |
      | kontaktgruppe  |
      | personkategori |
