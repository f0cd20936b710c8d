# language: da
@tilsagn_cprskift @tilsagn_cprskift_tidspunkt
Egenskab: Fra hvilken udgave et CPR-skift flytter pegepinden, og en kørende scene, der flyttes fra udgave til udgave
  Skiftet sker i 2024-4, hvorfra registreringsmetoderne i nye REST services kan anvendes.

  Scenarie: I 2024-3 flyttes pegepinden ikke, og svaret siger det
    Givet udgaven er 2024-3
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 13
    Og jobcentret abonnerer på GetCprChanged
    Når CPR fortæller, at borgeren har fået et nyt nummer
    Så er pegepinden ikke flyttet, og svaret nævner 2024-4
    Og læser jobcentret kontaktgruppe 13 som aktuel
    Og får jobcentret fejlkode 1010 på det nye nummer ved læsning og registrering på begge kanaler
    Men har jobcentret ingen besked om CPR-skiftet

  Abstrakt Scenario: I <udgave> flyttes pegepinden, og abonnenten får besked
    Givet udgaven er <udgave>
    Og en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 13
    Og jobcentret abonnerer på GetCprChanged
    Når CPR fortæller, at borgeren har fået et nyt nummer
    Så er pegepinden flyttet
    Og læser jobcentret kontaktgruppe 13 som aktuel
    Og får jobcentret fejlkode 4404 på det gamle nummer ved læsning og registrering på begge kanaler
    Og har jobcentret præcis én besked om CPR-skiftet, med begge numre

    Eksempler:
      | udgave |
      | 2024-4 |
      | 2025-1 |

  Scenarie: En kørende scene flyttes fra 2024-3 til 2025-2 med sine data
    Givet udgaven er 2024-3
    Og en borger, som fylder 30 i morgen, og som er medlem af a-kassen
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 8
    Når CPR fortæller, at borgeren har fået et nyt nummer
    Så er pegepinden ikke flyttet, og svaret nævner 2024-4
    Når scenen flyttes til udgave 2024-4
    Så læser jobcentret kontaktgruppe 12 som aktuel
    Når CPR fortæller, at borgeren har fået et nyt nummer
    Så er pegepinden flyttet
    Når scenen flyttes til udgave 2025-1
    Og der går 1 dag
    Så læser jobcentret kontaktgruppe 2 som aktuel
    Og har jobcentret 4 beskeder om registreringer under det nye nummer
    Når scenen flyttes til udgave 2025-2
    Og jobcentret registrerer kontaktgruppe 13 via PVS
    Så er registreringen modtaget
    Og læser jobcentret historikken for kontaktgruppen:
      | type | slut  | slettet | aktuel | registreret af |
      | 13   |       | nej     | ja     | jobcentret     |
      | 2    | i dag | nej     | ja     | jobcentret     |
      | 2    |       | nej     | nej    | STAR           |
      | 12   | i dag | nej     | ja     | STAR           |
      | 12   |       | nej     | nej    | opsætningen    |
    Når CPR fortæller, at borgeren har fået et nyt nummer
    Så er pegepinden flyttet
    Og læser jobcentret kontaktgruppe 13 som aktuel
