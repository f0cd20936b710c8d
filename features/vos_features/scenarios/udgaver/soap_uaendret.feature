# language: da
Egenskab: SOAP-servicen er uændret, indtil den udgår
  Registreringsmetoderne i SOAP bevares 1 til 1 til og med 2025-1. Det nye er fejlkoderne 100028 og 100029.

  @ac03_soap_uaendret @ac03_soap_bevares
  Abstrakt Scenario: <service> udstiller samme WSDL og skemaer i alle udgaver
    Så udstiller <service> de samme dokumenter i 2024-3, 2024-4, 2025-1

    Eksempler:
      | service                   |
      | PersonRegistrationService |
      | PersonStatusService       |
      | PersonHistoryService      |
      | WsrmService               |
      | WsrmMessageService        |

  @ac03_soap_uaendret @ac03_soap_bevares
  Abstrakt Scenario: <rolle> får samme svar på de samme SOAP-kald i alle udgaver
    Så svarer PersonRegistrationService <rolle> det samme i 2024-3, 2024-4, 2025-1 på:
      | kontaktgruppe | kald                 | værdi  |
      |               | CreateContactGroup   | 2      |
      | 4             | CreateContactGroup   | 13     |
      | 4             | CreateContactGroup   | 4      |
      |               | CreateContactGroup   | 9      |
      |               | CreateContactGroup   | 12     |
      | 4             | UpdateContactGroup   | egen   |
      | 24            | UpdateContactGroup   | egen   |
      | 4             | UpdateContactGroup   | ukendt |
      | 2             | CreatePersonCategory | 5      |
      | 2             | CreatePersonCategory | 6      |
      |               | CreatePersonCategory | 5      |
      | 2             | UpdatePersonCategory | ukendt |

    Eksempler:
      | rolle              |
      | jobcentret         |
      | et andet jobcenter |
      | a-kassen           |
      | STAR               |
      | Jobnet             |
      | VITAS              |
