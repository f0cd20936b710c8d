# language: da
@tilsagn_akasse_wsrm @ac10_wsrm_fortsaetter
Egenskab: A-kassens fire tilfælde og dem, der ligger lige ved siden af
  A-kassen får besked, når et medlem overgår til kontaktgruppe 13 eller 23, og når kontaktgruppe 25 afsluttes, enten helt eller
  ved skift til en anden kontaktgruppe. Intet andet fortælles, hverken som WSRM eller som WSB.

  @ac10_akasse_kg13 @ac10_akasse_kg23
  Abstrakt Scenario: Et medlem overgår til kontaktgruppe <gruppe>
    Givet en borger på <alder> år, som er medlem af a-kassen
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når jobcentret registrerer kontaktgruppe <gruppe> via PVS
    Så er registreringen modtaget
    Og har a-kassen <antal> beskeder
    Og har a-kassen <antal> WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler: De, der fortælles
      | gruppe | alder | antal |
      | 13     | 40    | 1     |
      | 23     | 40    | 1     |

    Eksempler: De, der ligger ved siden af
      | gruppe | alder | antal |
      | 2      | 40    | 0     |
      | 4      | 40    | 0     |
      | 7      | 40    | 0     |
      | 12     | 25    | 0     |
      | 22     | 40    | 0     |

  @ac10_akasse_kg13 @ac10_akasse_kg23
  Abstrakt Scenario: Kontaktgruppe <gruppe> afsluttes, og det fortælles ikke
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe <gruppe>
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når jobcentret afslutter kontaktgruppen i dag via <kanal>
    Så er registreringen modtaget
    Men har a-kassen ingen beskeder
    Og har a-kassen ingen WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | gruppe | kanal |
      | 13     | PRS   |
      | 13     | PVS   |
      | 23     | PRS   |
      | 23     | PVS   |
      | 4      | PVS   |

  @ac10_akasse_kg13 @ac10_akasse_kg23
  Abstrakt Scenario: En slettet kontaktgruppe <gruppe> fortælles ikke a-kassen
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe <gruppe>
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når STAR sletter kontaktgruppen
    Så er registreringen modtaget
    Men har a-kassen ingen beskeder
    Og har a-kassen ingen WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | gruppe |
      | 13     |
      | 23     |

  @ac10_akasse_kg13
  Scenarie: Den, der ikke er medlem, fortælles ingen a-kasse om
    Givet en borger på 40 år
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så har a-kassen ingen beskeder
    Og har a-kassen ingen WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

  @ac10_akasse_kg13
  Scenarie: Den, der har meldt sig ud, fortælles den gamle a-kasse ikke om
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren meldte sig ud af a-kassen for 1 dage siden
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så har a-kassen ingen beskeder
    Og har a-kassen ingen WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

  @ac10_akasse_ikke_pc
  Scenarie: En personkategori fortælles aldrig a-kassen, heller ikke den, der følger af gruppen
    Givet en borger på 40 år, som er medlem af a-kassen
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når jobcentret registrerer kontaktgruppe 2 via PVS
    Og jobcentret registrerer personkategori 5 via PVS
    Så er registreringen modtaget
    Men har a-kassen ingen beskeder
    Og har a-kassen ingen WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

  @ac10_akasse_kg13 @ac10_akasse_kg23
  Abstrakt Scenario: Et medlem skifter fra kontaktgruppe <fra> til <til>, og det <fortaelles>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe <fra>
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når jobcentret registrerer kontaktgruppe <til> via PVS
    Så er registreringen modtaget
    Og har a-kassen <antal> beskeder
    Og har a-kassen <antal> WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | fra | til | antal | fortaelles     |
      | 2   | 13  | 1     | fortælles      |
      | 13  | 23  | 1     | fortælles      |
      | 23  | 13  | 1     | fortælles      |
      | 13  | 2   | 0     | fortælles ikke |
      | 23  | 4   | 0     | fortælles ikke |

  @ac10_akasse_kg13 @ac10_jobcenter_alle
  Scenarie: A-kassens besked nævner STAR, når det er STAR, der har registreret
    Givet en borger på 40 år, som er medlem af a-kassen
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når STAR registrerer kontaktgruppe 13 via PVS
    Så har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 13   |      | STAR           |
    Og har hver modtager præcis de beskeder, der følger af det skete

  @ac10_akasse_kg25_lukker @ac10_akasse_kg25_skifter
  Abstrakt Scenario: At kontaktgruppe <gruppe> åbner ved sygdom fra <fra>, fortælles ikke
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når KSD indberetter sygdom fra <fra> pr. i dag
    Så læser jobcentret kontaktgruppe <gruppe> som aktuel
    Men har a-kassen ingen beskeder
    Og har a-kassen ingen WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | gruppe | fra           |
      | 24     | beskæftigelse |
      | 25     | ledighed      |

  @ac10_akasse_kg25_lukker
  Abstrakt Scenario: At jobcentret forsøger at afslutte kontaktgruppe <gruppe> via <kanal>, fortælles ikke: den lukker ved raskmelding
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe <gruppe>
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når jobcentret afslutter kontaktgruppen i dag via <kanal>
    Så bliver kaldet afvist med fejlkode 8096
    Og har a-kassen ingen beskeder
    Og har a-kassen ingen WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | gruppe | kanal |
      | 24     | PRS   |
      | 24     | PVS   |
      | 25     | PRS   |
      | 25     | PVS   |

  @ac10_akasse_kg25_lukker
  Scenarie: Et medlem raskmeldes, og kontaktgruppe 25 lukkes helt, og det fortælles
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Og jobcentret raskmelder borgeren pr. i dag og lukker kontaktgruppen
    Så læser jobcentret ingen aktuel kontaktgruppe
    Og har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 25   | ja   | jobcentret     |
    Og har a-kassen 1 WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

  @ac10_akasse_kg25_skifter
  Abstrakt Scenario: Kontaktgruppe 25 lukkes, fordi medlemmet skifter til kontaktgruppe <gruppe>, og det fortælles
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Og jobcentret raskmelder borgeren pr. i dag med kontaktgruppe <gruppe>
    Så læser jobcentret kontaktgruppe <gruppe> som aktuel
    Og har a-kassen <antal> beskeder
    Og har a-kassen <antal> WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler: Kun det, der lukker
      | gruppe | antal |
      | 2      | 1     |
      | 4      | 1     |

    Eksempler: Både det, der lukker, og det, der åbner
      | gruppe | antal |
      | 13     | 2     |
      | 23     | 2     |

  @ac10_akasse_kg25_skifter
  Abstrakt Scenario: KSD raskmelder et medlem i kontaktgruppe <gruppe>, og det <fortaelles>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren er tilmeldt i tilmeldekategori 1
    Og borgeren har kontaktgruppe 1
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når KSD indberetter sygdom fra <fra> pr. i dag
    Og KSD raskmelder sagen pr. i dag
    Så har a-kassen <antal> beskeder
    Og har a-kassen <antal> WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | gruppe | fra           | antal | fortaelles     |
      | 25     | ledighed      | 1     | fortælles      |
      | 24     | beskæftigelse | 0     | fortælles ikke |

  @ac10_akasse_kg25_lukker @ac10_akasse_kg25_skifter
  Abstrakt Scenario: Kontaktgruppe 25 lukker for en borger, der ikke er medlem, og ingen a-kasse får det at vide: <hvordan>
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 1
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når KSD indberetter sygdom fra ledighed pr. i dag
    Og jobcentret raskmelder borgeren pr. i dag <hvordan>
    Så er registreringen modtaget
    Men har a-kassen ingen beskeder
    Og har en anden a-kasse ingen beskeder
    Og har a-kassen ingen WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | hvordan                  |
      | og lukker kontaktgruppen |
      | med kontaktgruppe 2      |

  @ac10_akasse_kg13
  Scenarie: Kun medlemmets egen a-kasse får besked
    Givet en borger på 40 år, som er medlem af a-kassen
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Og en anden a-kasse abonnerer på WSB om kontaktgruppe
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så har a-kassen 1 beskeder
    Og har a-kassen 1 WSB'er
    Men har en anden a-kasse ingen beskeder
    Og har en anden a-kasse ingen WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete
