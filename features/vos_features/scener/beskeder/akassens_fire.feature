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
      | 23     | PVS   |
      | 4      | PVS   |

  @ac10_akasse_kg13
  Scenarie: En slettet kontaktgruppe 13 fortælles jobcentret og ikke a-kassen
    Givet en borger på 40 år, som er medlem af a-kassen
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og jobcentret sletter kontaktgruppen
    Så er registreringen modtaget
    Men har a-kassen 1 beskeder
    Og har a-kassen 1 WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

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

  @ac10_akasse_kg25_lukker @ac10_akasse_kg25_skifter
  Abstrakt Scenario: Sygdom fra <fra>: at sagen åbner, fortælles ikke, og at den lukker, <fortaelles>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren er tilmeldt i tilmeldekategori <kategori>
    Og borgeren har kontaktgruppe <gruppe>
    Og a-kassen abonnerer på WSB om kontaktgruppe
    Når KSD indberetter sygdom fra <fra> pr. i dag
    Så har a-kassen 0 beskeder
    Og har a-kassen 0 WSB'er
    Når KSD raskmelder sagen pr. i dag
    Så har a-kassen <antal> beskeder
    Og har a-kassen <antal> WSB'er
    Og har hver modtager præcis de beskeder, der følger af det skete

    Eksempler:
      | fra          | kategori | gruppe | antal | fortaelles      |
      | ledighed     | 1        | 1      | 1     | fortælles       |
      | beskæftigelse | 1       | 1      | 0     | fortælles ikke  |
