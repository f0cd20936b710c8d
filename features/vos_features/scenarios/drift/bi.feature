# language: da
@ac04_bi @ac04_bi_load
Egenskab: Dataleverancer til BI fra VisiteringOgStatus

  Scenarie: En fuld leverance har hver registrering og ændring, også den afledte
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 2 via PVS
    Og STAR registrerer kontaktgruppe 4 via PVS
    Og BI får en fuld leverance
    Så indeholder leverancen præcis disse registreringer:
      | art            | type | slut | registreret fra |
      | kontaktgruppe  | 2    |      | jobcentret      |
      | personkategori | 8    |      | jobcentret      |
      | kontaktgruppe  | 2    | ja   | STAR            |
      | kontaktgruppe  | 4    |      | STAR            |
      | personkategori | 8    | ja   | STAR            |
    Og passer manifestet til filerne
    Men står borgerens CPR-nummer kun maskeret i leverancen

  Scenarie: En deltaleverance har kun det nye, og leverancerne giver tilsammen det hele
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og BI får en fuld leverance
    Så indeholder leverancen 1 registreringer og 1 borgere
    Når jobcentret sletter kontaktgruppen
    Og BI får en deltaleverance
    Så indeholder leverancen præcis disse registreringer:
      | art           | type | slettet | registreret fra |
      | kontaktgruppe | 13   | ja      | jobcentret      |
    Og indeholder leverancen 1 registreringer og 0 borgere
    Og passer manifestet til filerne
    Når BI får en deltaleverance
    Så indeholder leverancen 0 registreringer og 0 borgere
    Og giver leverancerne tilsammen det samme som en ny fuld leverance

  Scenarie: En borger, der har fået nyt CPR-nummer, kommer igen i deltaleverancen med det nye
    Givet en borger på 40 år
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og BI får en fuld leverance
    Og CPR fortæller, at borgeren har fået et nyt nummer
    Og BI får en deltaleverance
    Så indeholder leverancen 0 registreringer og 1 borgere
    Og står borgerens CPR-nummer kun maskeret i leverancen
    Og giver leverancerne tilsammen det samme som en ny fuld leverance
