# language: da
@tilsagn_cprskift
Egenskab: CPR-skift: pegepinden flyttes fra borgers gamle til borgers nye cpr-nummer
  KSS og a-kasse kan håndtere, at pegepinden til data om borger flyttes fra borgers gamle til borgers nye cpr nr. ved
  cpr.skift. A-kasser og jobcentre kan abonnere på GetCprChanged.

  Scenarie: Det nye nummer har alt, også historikken, og det gamle svarer 4404
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 4
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og CPR fortæller, at borgeren har fået et nyt nummer
    Så er pegepinden flyttet
    Og læser jobcentret kontaktgruppe 13 som aktuel
    Og læser a-kassen kontaktgruppe 13 som aktuel
    Og læser jobcentret historikken for kontaktgruppen:
      | type | slut  | slettet | aktuel | registreret af |
      | 13   |       | nej     | ja     | jobcentret     |
      | 4    | i dag | nej     | ja     | jobcentret     |
      | 4    |       | nej     | nej    | opsætningen    |
    Og kan jobcentret hente kontaktgruppen på dens id
    Men får jobcentret fejlkode 4404 på det gamle nummer ved læsning og registrering på begge kanaler

  Abstrakt Scenario: Under det nye nummer kan der registreres videre via <kanal>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 4
    Når CPR fortæller, at borgeren har fået et nyt nummer
    Og jobcentret afslutter kontaktgruppen i dag via <kanal>
    Så er registreringen modtaget
    Og læser jobcentret ingen aktuel kontaktgruppe
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 4    | ja   | jobcentret     |
      | GetContactGroupVersion4 | 4    | ja   | jobcentret     |

    Eksempler:
      | kanal |
      | PRS   |
      | PVS   |

  @tilsagn_getcprchanged
  Scenarie: Abonnenterne hos borgerens eget jobcenter og egen a-kasse får én besked hver, og ingen andre får noget
    Givet en borger på 40 år, som er medlem af a-kassen
    Og jobcentret abonnerer på GetCprChanged
    Og a-kassen abonnerer på GetCprChanged
    Og et andet jobcenter abonnerer på GetCprChanged
    Og en anden a-kasse abonnerer på GetCprChanged
    Når CPR fortæller, at borgeren har fået et nyt nummer
    Så har jobcentret præcis én besked om CPR-skiftet, med begge numre
    Og har a-kassen præcis én besked om CPR-skiftet, med begge numre
    Og har jobcentret præcis disse beskeder:
      | besked        | registreret af |
      | GetCprChanged | DFDG CPR-skift |
    Men har et andet jobcenter ingen besked om CPR-skiftet
    Og har en anden a-kasse ingen besked om CPR-skiftet
    Og har kommunen ingen besked om CPR-skiftet
    Og har STAR ingen besked om CPR-skiftet
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så har hver modtager præcis de beskeder, der følger af det skete

  @tilsagn_getcprchanged
  Scenarie: Den, der ikke abonnerer, får ingen besked, og det andet kommer som før
    Givet en borger på 40 år, som er medlem af a-kassen
    Og a-kassen abonnerer på GetCprChanged
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og CPR fortæller, at borgeren har fået et nyt nummer
    Så har a-kassen præcis én besked om CPR-skiftet, med begge numre
    Og har a-kassen 1 beskeder om registreringer under det gamle nummer
    Og har jobcentret 2 beskeder om registreringer under det gamle nummer
    Men har jobcentret ingen besked om CPR-skiftet

  Scenarie: En borger, der har skiftet nummer, fylder 30 under det nye
    Givet en borger, som fylder 30 i morgen
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 8
    Når CPR fortæller, at borgeren har fået et nyt nummer
    Og der går 1 dag
    Så læser jobcentret kontaktgruppe 2 som aktuel
    Og har jobcentret 4 beskeder om registreringer under det nye nummer
    Og har jobcentret 0 beskeder om registreringer under det gamle nummer

  Scenarie: Følger der en ny fødselsdato med det nye nummer, er det den, der tæller ved 30 år
    Givet en borger på 25 år
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 8
    Når CPR fortæller, at borgeren har fået et nyt nummer og fylder 30 i morgen
    Så er pegepinden flyttet
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 2 som aktuel
    Når jobcentret registrerer kontaktgruppe 12 via PVS
    Så bliver kaldet afvist med fejlkode 6033
