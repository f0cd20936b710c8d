# language: da
Egenskab: Fejlkoder bevares
  De samme regler giver de samme numre, uanset om der registreres via PRS eller PVS.

  @ac02_fejlkoder_bevares
  Abstrakt Scenario: Startdatoen skal være i dag, også via <kanal>
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 med startdato <dag> via <kanal>
    Så bliver kaldet afvist med fejlkode 4703

    Eksempler:
      | dag      | kanal |
      | i går    | PRS   |
      | i går    | PVS   |
      | i morgen | PRS   |
      | i morgen | PVS   |

  @ac02_fejlkoder_bevares
  Abstrakt Scenario: En kontaktgruppe afvises med <kode>, fordi <hvorfor>, via <kanal>
    Givet en borger på <alder> år
    Og borgeren har et åbent fravær af type <fravaer>
    Når jobcentret registrerer kontaktgruppe <gruppe> via <kanal>
    Så bliver kaldet afvist med fejlkode <kode>
    Og læser jobcentret ingen aktuel kontaktgruppe

    Eksempler:
      | hvorfor                        | alder | fravaer | gruppe | kode | kanal |
      | gruppen ikke findes            | 40    | 10      | 9      | 4675 | PRS   |
      | gruppen ikke findes            | 40    | 10      | 9      | 4675 | PVS   |
      | borgeren er fyldt 30           | 30    | 10      | 12     | 6033 | PRS   |
      | borgeren er fyldt 30           | 30    | 10      | 12     | 6033 | PVS   |
      | gruppen tilhører KSD           | 40    | 10      | 24     | 8096 | PRS   |
      | gruppen tilhører KSD           | 40    | 10      | 24     | 8096 | PVS   |
      | gruppen er i strid med fravær  | 40    | 2       | 13     | 4645 | PRS   |
      | gruppen er i strid med fravær  | 40    | 2       | 13     | 4645 | PVS   |

  @ac02_fejlkoder_bevares
  Abstrakt Scenario: Den samme kontaktgruppe kan ikke være åben to gange via <kanal>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret registrerer kontaktgruppe 13 via <kanal>
    Så bliver kaldet afvist med fejlkode 4644

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac02_fejlkoder_bevares
  Abstrakt Scenario: En personkategori skal passe til kontaktgruppen og tilmeldingen via <kanal>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe <gruppe>
    Når jobcentret registrerer personkategori <kategori> via <kanal>
    Så bliver kaldet afvist med fejlkode <kode>

    Eksempler:
      | gruppe | kategori | kode | kanal |
      | 4      | 5        | 4731 | PRS   |
      | 4      | 5        | 4731 | PVS   |
      | 2      | 4        | 4656 | PRS   |
      | 2      | 4        | 4656 | PVS   |
      | 2      | 99       | 2002 | PRS   |
      | 2      | 99       | 2002 | PVS   |

  @ac02_fejlkoder_bevares
  Abstrakt Scenario: En personkategori kræver en åben kontaktgruppe via <kanal>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret afslutter kontaktgruppen i dag via PVS
    Og jobcentret registrerer personkategori 9 via <kanal>
    Så bliver kaldet afvist med fejlkode 4731
    Og læser jobcentret ingen aktuel personkategori

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac02_fejlkoder_bevares
  Abstrakt Scenario: Midlertidigt arbejde holder personkategorien fast via <kanal>, til det er slut
    Givet en borger på 25 år
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 6
    Når DFDG får besked fra jobcentret om fravær af type 1 fra i dag
    Og DFDG får besked fra jobcentret om fravær af type 2 fra i dag
    Så er registreringen modtaget
    Når jobcentret registrerer personkategori 7 via <kanal>
    Så bliver kaldet afvist med fejlkode 4654
    Og læser jobcentret personkategori 6 som aktuel
    Når DFDG får besked fra jobcentret om, at fraværet slutter i dag
    Og jobcentret registrerer personkategori 7 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret personkategori 7 som aktuel

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac02_fejlkoder_bevares
  Abstrakt Scenario: Borgeren kan ikke skiftes ud af en sygegruppe via <kanal>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 25
    Når jobcentret registrerer kontaktgruppe 13 via <kanal>
    Så bliver kaldet afvist med fejlkode 8096
    Og læser jobcentret kontaktgruppe 25 som aktuel

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac02_fejlkoder_bevares
  Abstrakt Scenario: En tilmeldt kan ikke blive aktivitetsparat via <kanal>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren er tilmeldt i tilmeldekategori 2
    Når jobcentret registrerer personkategori 5 via <kanal>
    Så bliver kaldet afvist med fejlkode 4655

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac02_fejlkoder_bevares
  Abstrakt Scenario: En død borger kan der ikke registreres på via <kanal>
    Givet en borger på 40 år
    Og borgeren er død
    Når jobcentret registrerer kontaktgruppe 13 via <kanal>
    Så bliver kaldet afvist med fejlkode 4405

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac02_fejlkoder_bevares
  Abstrakt Scenario: En slutdato før starten afvises via <kanal> med fejlkode 1014
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 via <kanal>
    Og jobcentret afslutter kontaktgruppen i går via <kanal>
    Så bliver kaldet afvist med fejlkode 1014
    Og nævner afvisningen "må ikke ligge før starttidspunkt"
    Og læser jobcentret kontaktgruppe 13 som aktuel

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac02_fejlkoder_bevares
  Abstrakt Scenario: Slutdatoen skal angives, og en personkategori kan ikke slutte, før den begynder, via <kanal>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret registrerer personkategori 9 via <kanal>
    Og jobcentret afslutter personkategorien i går via <kanal>
    Så bliver kaldet afvist med fejlkode 1014
    Når jobcentret afslutter personkategorien uden slutdato via <kanal>
    Så bliver kaldet afvist med fejlkode 1014
    Og læser jobcentret personkategori 9 som aktuel

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @ac02_fejlkoder_bevares
  Abstrakt Scenario: En <art>, som ingen har registreret, kan ikke afsluttes via <kanal>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret afslutter en <art>, som ingen har registreret, via <kanal>
    Så bliver kaldet afvist med fejlkode 4589

    Eksempler:
      | art            | kanal |
      | kontaktgruppe  | PRS   |
      | kontaktgruppe  | PVS   |
      | personkategori | PRS   |
      | personkategori | PVS   |

  @ac02_fejlkoder_bevares @ac02_rest_snitflade
  Abstrakt Scenario: Alt, hvad der er i vejen med et kald om en <art>, siges på én gang
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret afslutter en <art>, som ingen har registreret, uden slutdato via PVS
    Så bliver kaldet afvist med fejlkoderne 1014 og 4589

    Eksempler:
      | art            |
      | kontaktgruppe  |
      | personkategori |

  @ac02_fejlkoder_bevares @ac02_rest_snitflade
  Scenarie: Alt, hvad der er i vejen med en gruppe og dens borger, siges på én gang
    Givet en borger på 40 år
    Og borgeren er død
    Når jobcentret registrerer kontaktgruppe 9 via PVS
    Så bliver kaldet afvist med fejlkoderne 4405 og 4675

  @ac02_fejlkoder_bevares
  Abstrakt Scenario: Den afsluttede <art> kan ikke afsluttes igen via <kanal>, og så kan en ny begynde
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret registrerer <art> <type> via PVS
    Og jobcentret afslutter <arten> i dag via <kanal>
    Så er registreringen modtaget
    Når jobcentret afslutter <arten> i dag via <kanal>
    Så bliver kaldet afvist med fejlkode 8096
    Når jobcentret registrerer <art> <type> via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret <art> <type> som aktuel

    Eksempler:
      | art            | arten            | type | kanal |
      | kontaktgruppe  | kontaktgruppen   | 4    | PRS   |
      | kontaktgruppe  | kontaktgruppen   | 4    | PVS   |
      | personkategori | personkategorien | 9    | PRS   |
      | personkategori | personkategorien | 9    | PVS   |

  @ac02_rest_snitflade
  Scenarie: Det samme kald to gange udføres én gang
    Givet en borger på 40 år
    Når jobcentret sender den samme registrering af kontaktgruppe 13 to gange
    Så bliver kaldet afvist med fejlkode 1014
    Og er svarets HTTP-status 412
    Og læser jobcentret historikken for kontaktgruppen:
      | type | slut | aktuel | registreret af |
      | 13   |      | ja     | jobcentret     |
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | registreret af |
      | GetContactGroupVersion5 | 13   | jobcentret     |
      | GetContactGroupVersion4 | 13   | jobcentret     |
