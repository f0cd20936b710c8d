# language: da
@regel_100028_2 @ac02_kg_100028_2
Egenskab: Fravær registreres, afvises og afsluttes, som kontaktgruppe og personkategori tillader det
  Fravær er ikke PersonVisiteringServices, men kontaktgruppe og personkategori afgør, om det kan registreres, og et åbent
  fravær afgør, hvilke grupper borgeren kan få.

  Abstrakt Scenario: Fravær af type <fravaer> kan ikke registreres i kontaktgruppe <gruppe> med <kategori>: <kode>
    Givet en borger på 25 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe <gruppe>
    Og borgeren har personkategori <kategori>
    Når DFDG får besked fra jobcentret om fravær af type <fravaer> fra i dag
    Så bliver kaldet afvist med fejlkode <kode>
    Og har jobcentret ingen beskeder

    Eksempler:
      | fravaer | gruppe | kategori | kode |
      | 2       | 12     | 8        | 4654 |
      | 2       | 28     | 8        | 4654 |
      | 6       | 4      | 5        | 4645 |
      | 5       | 12     | 8        | 9131 |
      | 12      | 12     | 8        | 9131 |

  Abstrakt Scenario: Fravær af type <fravaer> kan registreres i kontaktgruppe <gruppe> med <kategori>
    Givet en borger på 25 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe <gruppe>
    Og borgeren har personkategori <kategori>
    Når DFDG får besked fra jobcentret om fravær af type <fravaer> fra i dag
    Så er registreringen modtaget
    Og har jobcentret ingen beskeder

    Eksempler:
      | fravaer | gruppe | kategori |
      | 2       | 12     | 6        |
      | 2       | 28     | 6        |
      | 1       | 12     | 8        |
      | 10      | 13     | 5        |

  Scenarie: Midlertidigt arbejde kræver en kategori: en borger uden kan ikke få det
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 26
    Når DFDG får besked fra jobcentret om fravær af type 2 fra i dag
    Så bliver kaldet afvist med fejlkode 4654

  Scenarie: Et fravær måles mod den kategori og gruppe, der er åben, og er gruppen lukket, mod ingen
    Givet en borger på 25 år
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 6
    Når jobcentret afslutter personkategorien i morgen via PVS
    Og DFDG får besked fra jobcentret om fravær af type 2 fra i dag
    Så er registreringen modtaget
    Når jobcentret afslutter kontaktgruppen i dag via PVS
    Og DFDG får besked fra jobcentret om fravær af type 2 fra i dag
    Så er registreringen modtaget

  Scenarie: Et fravær forhindrer en gruppe, fra det er registreret, og til det er slut
    Givet en borger på 40 år
    Når DFDG får besked fra jobcentret om fravær af type 6 fra i dag
    Så er registreringen modtaget
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 4645
    Når DFDG får besked fra jobcentret om, at fraværet slutter i dag
    Så er registreringen modtaget
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 13 som aktuel

  Scenarie: Et fravær, der først begynder i morgen, forhindrer allerede i dag en gruppe, som det ville stride mod
    Givet en borger på 40 år
    Når DFDG får besked fra jobcentret om fravær af type 6 fra i morgen
    Så er registreringen modtaget
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 4645

  Scenarie: Et fravær, der har en sidste dag, forhindrer en gruppe til og med dagen før
    Givet en borger på 40 år
    Når DFDG får besked fra jobcentret om fravær af type 6 fra i dag til i morgen
    Så er registreringen modtaget
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 4645
    Når der går 1 dag
    Og jobcentret registrerer kontaktgruppe 13 via PVS
    Så er registreringen modtaget

  Scenarie: Kun det fravær, der nævnes, slutter
    Givet en borger på 40 år
    Når DFDG får besked fra jobcentret om fravær af type 6 fra i dag
    Og DFDG får besked fra jobcentret om fravær af type 10 fra i dag
    Og DFDG får besked fra jobcentret om, at fraværet slutter i dag
    Så er registreringen modtaget
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 4645

  Scenarie: Et fravær kan slutte senere, og det slutter kun én gang
    Givet en borger på 40 år
    Når DFDG får besked fra jobcentret om fravær af type 6 fra i dag
    Og DFDG får besked fra jobcentret om, at fraværet slutter om 2 dage
    Så er registreringen modtaget
    Når DFDG får besked fra jobcentret om, at fraværet slutter i dag
    Så bliver kaldet afvist med fejlkode 4632
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Så bliver kaldet afvist med fejlkode 4645

  Scenarie: Et fravær kan ikke slutte, før det begynder, og ikke to gange have samme id
    Givet en borger på 40 år
    Når DFDG får besked fra jobcentret om fravær af type 10 fra i dag til i går
    Så bliver kaldet afvist med fejlkode 4636
    Når DFDG får besked fra jobcentret om fravær af type 10 fra i dag til i dag
    Så er registreringen modtaget
    Når DFDG får igen besked fra jobcentret om det samme fravær, nu af type 9
    Så bliver kaldet afvist med fejlkode 4977
    Når DFDG får besked fra jobcentret om fravær af type 9 fra i dag
    Og DFDG får besked fra jobcentret om, at fraværet slutter i går
    Så bliver kaldet afvist med fejlkode 4636
    Når DFDG får besked fra jobcentret om, at et ukendt fravær slutter i dag
    Så bliver kaldet afvist med fejlkode 4632

  Scenarie: En fremmed a-kasse kan ikke melde fravær
    Givet en borger på 40 år, som er medlem af a-kassen
    Når DFDG får besked fra en anden a-kasse om fravær af type 10 fra i dag
    Så bliver kaldet afvist med fejlkode 4575
