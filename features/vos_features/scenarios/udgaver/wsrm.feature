# language: da
@ac10_wsrm_fortsaetter
Egenskab: I hvilke udgaver en registrering giver WSRM-besked
  Hidtidige WSRM'er om kontaktgrupper og personkategorier dannes i en overgangsperiode fortsat til jobcentre og a-kasser.

  Abstrakt Scenario: I <udgave> får jobcentret og a-kassen besked om den samme registrering
    Givet udgaven er <udgave>
    Og en borger på 40 år, som er medlem af a-kassen
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så er registreringen modtaget
    Og har jobcentret præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 13   |      | jobcentret     |
      | GetContactGroupVersion4 | 13   |      | jobcentret     |
    Og har a-kassen præcis disse beskeder:
      | besked                  | type | slut | registreret af |
      | GetContactGroupVersion5 | 13   |      | jobcentret     |

    Eksempler:
      | udgave |
      | 2024-3 |
      | 2024-4 |
      | 2025-1 |

  Scenarie: I 2025-2 er WSRM ophørt: registreringen står, og køen svarer med en klar fejl
    Givet udgaven er 2025-2
    Og en borger på 40 år, som er medlem af a-kassen
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 13 som aktuel
    Men kan jobcentret ikke tømme sin kø: fejlkode 1014, og fejlen nævner 2025-2
    Og kan a-kassen ikke tømme sin kø: fejlkode 1014, og fejlen nævner 2025-2
