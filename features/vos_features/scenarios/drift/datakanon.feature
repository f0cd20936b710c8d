# language: da
@ac13_datakanon
Egenskab: Datakanon bruger de nye services til registrering af personkategori og kontaktgruppe

  Abstrakt Scenario: Datakanon registrerer via <kanal> og fremgår som den, der har registreret
    Givet en borger på 40 år, som er medlem af a-kassen
    Når Datakanon registrerer kontaktgruppe 13 via <kanal>
    Og Datakanon registrerer personkategori 5 via <kanal>
    Så er registreringen modtaget
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetContactGroupVersion5   | 13   |      | Datakanon      |
      | GetContactGroupVersion4   | 13   |      | Datakanon      |
      | GetPersonCategoryVersion1 | 5    |      | Datakanon      |
    Og har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 13   |      | Datakanon      |
    Men har et andet jobcenter ingen beskeder

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  Abstrakt Scenario: Datakanon opretter mange testborgere via <kanal>
    Når Datakanon opretter 30 testborgere via <kanal>
    Så er ingen registrering afvist
    Og læser STAR for hver testborger den kontaktgruppe og kategori, som Datakanon registrerede
    Og har jobcentret besked om hver testborger, registreret af Datakanon

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |
