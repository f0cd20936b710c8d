# language: da
@regel_100028_2 @ac02_kg_100028_2
Egenskab: Lukning af kontaktgruppen afslutter åbne fraværsforhold
  ... af hensyn til udførelse af afledte handlinger i DFDG ifm. lukning af kontaktgruppe (bl.a. afslutning af
  fraværsforhold). Et åbent fravær ses udefra på, at det forhindrer en kontaktgruppe eller en tilmelding.

  Abstrakt Scenario: <registrant> lukker kontaktgruppen via <kanal>, og fraværet forhindrer ikke længere en ny
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 4
    Og borgeren har et åbent fravær af type 6
    Når <registrant> registrerer kontaktgruppe 7 via <kanal>
    Så bliver kaldet afvist med fejlkode 4645
    Når <registrant> afslutter kontaktgruppen i dag via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret ingen aktuel kontaktgruppe
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 4    | ja   | <registrant>   |
      | GetContactGroupVersion4 | 4    | ja   | <registrant>   |
    Når <registrant> registrerer kontaktgruppe 7 via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 7 som aktuel
    Men har a-kassen ingen beskeder

    Eksempler:
      | registrant | kanal |
      | jobcentret | PRS   |
      | jobcentret | PVS   |
      | STAR       | PRS   |
      | STAR       | PVS   |

  Abstrakt Scenario: En sygemelding er forbi, når kontaktgruppen lukkes via <kanal>, og borgeren kan tilmeldes igen
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når jobcentret sygemelder borgeren fra i dag
    Og a-kassen tilmelder borgeren i tilmeldekategori 1
    Så bliver kaldet afvist med fejlkode 4750
    Når jobcentret afslutter kontaktgruppen i dag via <kanal>
    Og a-kassen tilmelder borgeren i tilmeldekategori 1
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 1 som aktuel

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  Scenarie: Fraværet er forbi, når den eneste kontaktgruppe slettes
    Givet en borger på 25 år
    Når jobcentret registrerer kontaktgruppe 12 via PVS
    Og DFDG får besked fra jobcentret om fravær af type 6 fra i dag
    Og jobcentret sletter kontaktgruppen
    Så er registreringen modtaget
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 13 som aktuel

  Scenarie: Et skift til en anden gruppe lader fraværet stå
    Givet en borger på 25 år
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 8
    Og borgeren har et åbent fravær af type 6
    Når jobcentret registrerer kontaktgruppe 28 via PVS
    Så er registreringen modtaget
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 4645

  Scenarie: Også et fravær, der har en sidste dag, er forbi, når kontaktgruppen lukkes
    Givet en borger på 25 år
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 8
    Når DFDG får besked fra jobcentret om fravær af type 6 fra i dag til om 3 dage
    Og jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 4645
    Når jobcentret afslutter kontaktgruppen i dag via PVS
    Og jobcentret registrerer kontaktgruppe 13 via PVS
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 13 som aktuel

  @test_6_raskmelding_kg24
  Scenarie: Raskmelding af KG 24 lukker gruppen og dermed det fravær, der var åbent
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har et åbent fravær af type 11
    Når KSD indberetter sygdom fra beskæftigelse pr. i dag
    Og KSD raskmelder sagen pr. i dag
    Så læser jobcentret ingen aktuel kontaktgruppe
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 1 som aktuel
