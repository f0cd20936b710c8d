# language: da
@ac18_events @ac11_events_selv
Egenskab: Hændelser om det, der sker som afledte handlinger i DFDG
  Det skal håndteres, at KG og PC ændringer ud over ved eksterne servicekald også sker som afledte handlinger i DFDG.

  @ac11_tilmelding @ac11_event_virksomhedsindsats
  Scenarie: En tilmelding, der giver en kontaktgruppe, fortælles til domænerne
    Givet en borger på 40 år, som er medlem af a-kassen
    Når a-kassen tilmelder borgeren i tilmeldekategori 2
    Så er registreringen modtaget
    Og hører JobSearch præcis disse hændelser:
      | art            | type | ændring  | slut | myndighed |
      | kontaktgruppe  | 2    | oprettet |      | a-kassen  |
      | personkategori | 8    | oprettet |      | a-kassen  |
    Men hører Virksomhedsindsats præcis disse hændelser:
      | art           | type | ændring  | slut | myndighed |
      | kontaktgruppe | 2    | oprettet |      | a-kassen  |

  @test_6_raskmelding_kg24 @ac11_event_kontaktforloeb
  Scenarie: Raskmelding af KG 24 fra KSD slår igennem i de nye forretningsdomæner
    Givet en borger på 40 år, som er medlem af a-kassen
    Når KSD indberetter sygdom fra beskæftigelse pr. i dag
    Og KSD raskmelder sagen pr. i dag
    Så hører Kontaktforloeb præcis disse hændelser:
      | art           | type | ændring  | slut | myndighed |
      | kontaktgruppe | 24   | oprettet |      | kommunen  |
      | kontaktgruppe | 24   | ændret   | ja   | kommunen  |
    Og hører Virksomhedsindsats præcis disse hændelser:
      | art           | type | ændring  | slut | myndighed |
      | kontaktgruppe | 24   | oprettet |      | kommunen  |
      | kontaktgruppe | 24   | ændret   | ja   | kommunen  |
    Når overvågningen kører
    Så finder den ingen afvigelser

  @test_5_raskmelding_composite @ac11_raskmelding @ac11_event_jobsearch
  Scenarie: Raskmelding via IllnessCompositeService med samtidig KG-skift slår igennem i de nye forretningsdomæner
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når a-kassen sygemelder borgeren fra i dag
    Og der går 1 dag
    Og a-kassen raskmelder borgeren pr. i dag med tilmelding i kategori 2 og kontaktgruppe 2
    Så er registreringen modtaget
    Og hører JobSearch præcis disse hændelser:
      | art            | type | ændring  | slut | myndighed |
      | kontaktgruppe  | 1    | ændret   | ja   | a-kassen  |
      | kontaktgruppe  | 2    | oprettet |      | a-kassen  |
      | personkategori | 8    | oprettet |      | a-kassen  |
    Når overvågningen kører
    Så finder den ingen afvigelser

  @ac11_batch @ac11_30_aar @ac11_event_jobsearch
  Scenarie: Batchkørslen ved 30 år fortælles til domænerne med STAR som myndighed
    Givet en borger, som fylder 30 i morgen
    Og borgeren har kontaktgruppe 12
    Og borgeren har personkategori 6
    Når der går 1 dag
    Så hører JobSearch præcis disse hændelser:
      | art            | type | ændring  | slut | myndighed |
      | kontaktgruppe  | 12   | ændret   | ja   | STAR      |
      | kontaktgruppe  | 2    | oprettet |      | STAR      |
      | personkategori | 6    | ændret   | ja   | STAR      |
      | personkategori | 8    | oprettet |      | STAR      |
    Men hører Virksomhedsindsats præcis disse hændelser:
      | art           | type | ændring  | slut | myndighed |
      | kontaktgruppe | 12   | ændret   | ja   | STAR      |
      | kontaktgruppe | 2    | oprettet |      | STAR      |
    Når overvågningen kører
    Så finder den ingen afvigelser

  @ac11_batch @ac11_fleksjob @ac11_event_virksomhedsindsats
  Scenarie: Batchkørslen ved start på fleksjob fortælles til domænerne
    Givet en borger på 45 år
    Og borgeren har kontaktgruppe 7
    Og borgeren har et fleksjob, der begynder i morgen
    Når der går 1 dag
    Så hører Virksomhedsindsats præcis disse hændelser:
      | art           | type | ændring  | slut | myndighed |
      | kontaktgruppe | 7    | ændret   | ja   | STAR      |
      | kontaktgruppe | 10   | oprettet |      | STAR      |

  @ac14_monitorering @ac15_monitorering @tilsagn_cprskift
  Scenarie: Et CPR-skift er ikke en ændring af kontaktgruppen, og domænernes billede følger borgeren
    Givet en borger på 40 år
    Og borgeren har kontaktgruppe 4
    Når CPR fortæller, at borgeren har fået et nyt nummer
    Så hører JobSearch ingen hændelser
    Når overvågningen kører
    Så finder den ingen afvigelser
    Når jobcentret registrerer kontaktgruppe 13 via PVS
    Og overvågningen kører
    Så finder den ingen afvigelser
