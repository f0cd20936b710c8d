# language: da
Egenskab: VisiteringOgStatusStatusService udstiller kontaktgrupper og personkategorier
  GetPersonVisiteringOgStatusStatus viser, hvad der gælder nu. Alle lister er i svaret, også de tomme, i alle udgaver.

  @ac13_statusservice @ac14_status_udstiller @ac14_status_erstatter
  Abstrakt Scenario: Status viser i <udgave> borgerens kontaktgruppe og personkategori
    Givet udgaven er <udgave>
    Og en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Når jobcentret registrerer kontaktgruppe 2 via PVS
    Og jobcentret registrerer personkategori 5 via PVS
    Så læser jobcentret kontaktgruppe 2 i statusservicen
    Og læser jobcentret personkategori 5 i statusservicen
    Og læser jobcentret intet aktivitetstillæg i statusservicen
    Og læser kommunen kontaktgruppe 2 i statusservicen
    Og læser STAR personkategori 5 i statusservicen
    Men kan et andet jobcenter ikke læse i statusservicen: fejlkode 6005

    Eksempler:
      | udgave |
      | 2024-3 |
      | 2024-4 |
      | 2025-1 |
      | 2025-2 |

  @ac13_statusservice @ac14_status_udstiller
  Scenarie: En afsluttet kontaktgruppe er ikke i status
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 13
    Når jobcentret afslutter kontaktgruppen i dag via PVS
    Så læser jobcentret ingen kontaktgruppe i statusservicen
    Og læser jobcentret ingen personkategori i statusservicen

  @ac13_statusservice
  Scenarie: Status viser det aktivitetstillæg, der gælder
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Og borgeren har aktivitetstillæg
    Så læser jobcentret ét aktivitetstillæg i statusservicen

  @ac13_statusservice
  Scenarie: Status viser, hvornår et aktivitetstillæg begynder og ophører
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Og borgeren har aktivitetstillæg, som ophører om 3 dage
    Så viser statusservicen jobcentret et aktivitetstillæg fra i går til om 3 dage

  @ac13_statusservice
  Scenarie: Status viser ikke et aktivitetstillæg, der er ophørt
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren har personkategori 5
    Og borgeren har aktivitetstillæg, som er ophørt
    Så læser jobcentret intet aktivitetstillæg i statusservicen
    Men læser jobcentret personkategori 5 i statusservicen

  @ac13_statusservice @ac14_status_udstiller
  Scenarie: Status viser den helbredsbegrænsning, der gælder
    Givet en borger på 40 år
    Og borgeren har en helbredsbegrænsning
    Så læser jobcentret borgerens helbredsbegrænsning i statusservicen
    Og læser STAR borgerens helbredsbegrænsning i statusservicen

  @ac13_statusservice @ac14_status_udstiller
  Scenarie: Status viser ikke en helbredsbegrænsning, der er ophørt
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 2
    Og borgeren har en helbredsbegrænsning, som ophører i dag
    Så læser jobcentret ingen helbredsbegrænsning i statusservicen
    Men læser jobcentret kontaktgruppe 2 i statusservicen
