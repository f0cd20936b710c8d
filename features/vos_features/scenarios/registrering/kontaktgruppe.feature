# language: da
@test_1_kg_registrering_laesning @test_1_registrering @test_1_laesning
Egenskab: Registrering og læsning af kontaktgruppe
  Uanset om registrering og opdatering af kontaktgruppe sker via PRS eller
  VisiteringOgStatusServices.PersonVisiteringService kan der ske registrering og læsning af oplysninger.

  @ac02_rest_snitflade @ac02_metode_create_kg @ac02_kg_create @ac02_metode_kg_create @ac02_kg_create_2 @ac02_kg_create_3 @ac02_kg_create_4 @svc_pvs_kg_create @ac02_kg_laes @ac02_metode_kg_laes @svc_pvs_kg_laes
  @ac02_kg_laes_en @ac02_metode_kg_laes_en @ac02_kg_historik @ac02_metode_kg_historik @svc_pvs_kg_historik @ac08_get_i_stedet @ac09_get_i_stedet @tilsagn_kss_rest
  @ac03_soap_uaendret @ac03_soap_bevares @afgraensning_rest @baggrund_rest_skift @ac02_ny_rest_service @paavirkning_registrering
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

  @ac02_metode_update_kg @ac02_kg_update @ac02_metode_kg_update @svc_pvs_kg_update @ac02_post_put_delete
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

  @ac02_kg_create @ac02_metode_kg_create @ac02_kg_create_2 @ac02_kg_create_3 @ac02_kg_create_4
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

  @adgang_akasse_egne @ac02_adgang_uaendret @adgang_akasse_filtrering
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

  @svc_pvs_kg_create_med_id @ac02_kg_create @ac02_metode_kg_create @ac02_kg_create_2 @ac02_kg_create_3 @ac02_kg_create_4
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

  @ac02_fejlkoder_bevares
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

  @ac02_post_put_delete
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

  @ac02_kg_faste_elementer
  Scenarie: En opdatering via PRS ændrer ikke type og start, selv om de angives
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret afslutter kontaktgruppen i dag via PRS og angiver type 4
    Så er registreringen modtaget
    Og læser jobcentret historikken for kontaktgruppen:
      | type | slut  | aktuel |
      | 13   | i dag | ja     |
      | 13   |       | nej    |

  @ac02_kg_faste_elementer
  Scenarie: En opdatering via PVS har kun slutdatoen
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret afslutter kontaktgruppen i dag via PVS og angiver type 4
    Så bliver kaldet afvist med fejlkode 1014
    Og nævner afvisningen feltet kontaktgruppeType
    Og læser jobcentret kontaktgruppe 13 som aktuel

  Scenarie: Den, der ikke selv har registreret kontaktgruppen, kan ikke slette den; det kan STAR
    Givet en borger på 40 år
    Når STAR registrerer kontaktgruppe 13 via PVS
    Og jobcentret sletter kontaktgruppen
    Så bliver kaldet afvist med fejlkode 4575
    Og nævner afvisningen "kun den myndighed, der har registreret, og STAR kan slette"
    Og læser jobcentret kontaktgruppe 13 som aktuel
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Og STAR sletter kontaktgruppen
    Så er registreringen modtaget
    Og læser jobcentret historikken for kontaktgruppen:
      | type | slut  | slettet | aktuel | registreret af |
      | 4    |       | ja      | nej    | STAR           |
      | 4    |       | nej     | nej    | jobcentret     |
      | 13   | i dag | nej     | ja     | jobcentret     |
      | 13   |       | nej     | nej    | STAR           |

  Scenarie: Sygegrupper kan ikke slettes, heller ikke af den, der har meldt dem
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 25
    Når STAR sletter kontaktgruppen
    Så bliver kaldet afvist med fejlkode 8096
