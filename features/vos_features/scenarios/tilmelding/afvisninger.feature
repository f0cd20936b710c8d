# language: da
@tilsagn_kgskift_tilmelding
Egenskab: Tilmeldinger og afmeldinger, der afvises med deres fejlkode, og som ingen får besked om

  Abstrakt Scenario: En tilmelding, der ikke kan ske, afvises med <kode>: <grund>
    Givet en borger på 40 år, som er medlem af a-kassen
    Når <rolle> tilmelder borgeren i tilmeldekategori <kategori> med ledighedsgrad <grad> fra <dag>
    Så bliver kaldet afvist med fejlkode <kode>
    Og læser jobcentret ingen aktuel kontaktgruppe
    Og har jobcentret ingen beskeder
    Og har a-kassen ingen beskeder

    Eksempler:
      | kode | rolle           | kategori | grad | dag               | grund                          |
      | 4313 | a-kassen        | 9        | 1    | i dag             | ukendt tilmeldekategori        |
      | 4314 | a-kassen        | 1        | 9    | i dag             | ukendt ledighedsgrad           |
      | 4338 | a-kassen        | 1        | 1    | i morgen          | fremtidig                      |
      | 4338 | a-kassen        | 1        | 1    | for 11 dage siden | mere end ti dage tilbage       |
      | 4339 | a-kassen        | 1        | 3    | i dag             | ikke ledig kun uden ydelse     |
      | 4641 | jobcentret      | 3        | 1    | i dag             | uddannelseshjælp over 30 år    |
      | 4575 | en anden a-kasse | 1       | 1    | i dag             | ikke a-kassens medlem          |

  Scenarie: En dagpengemodtager skal være medlem af en a-kasse
    Givet en borger på 40 år
    Når jobcentret tilmelder borgeren i tilmeldekategori 1
    Så bliver kaldet afvist med fejlkode 4417
    Når jobcentret tilmelder borgeren i tilmeldekategori 2
    Så er registreringen modtaget

  Scenarie: Den samme tilmelding kan ikke gives igen
    Givet en borger på 40 år, som er medlem af a-kassen
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Og a-kassen tilmelder borgeren i tilmeldekategori 1
    Så bliver kaldet afvist med fejlkode 4316
    Og læser jobcentret kontaktgruppe 1 som aktuel

  Scenarie: En ny tilmelding kan ikke begynde, før den forrige er slut
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når a-kassen afmelder borgeren pr. i dag
    Og a-kassen tilmelder borgeren i tilmeldekategori 1 fra i går
    Så bliver kaldet afvist med fejlkode 4316
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Så er registreringen modtaget

  Scenarie: Fra 65 år kan Jobnet kun tilmelde uden ydelse; det kan andre
    Givet en borger på 65 år, som er medlem af a-kassen
    Når Jobnet tilmelder borgeren i tilmeldekategori 1
    Så bliver kaldet afvist med fejlkode 4763
    Når Jobnet tilmelder borgeren i tilmeldekategori 4
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 8 som aktuel
    Når jobcentret tilmelder borgeren i tilmeldekategori 1
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 1 som aktuel

  Scenarie: En sygemeldt kan ikke tilmeldes
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har et åbent fravær af type 11
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Så bliver kaldet afvist med fejlkode 4750
    Og læser jobcentret ingen aktuel kontaktgruppe

  Scenarie: Et fravær, som gruppen ikke tillader, forhindrer tilmelding
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har et åbent fravær af type 6
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Så bliver kaldet afvist med fejlkode 4645
    Og læser jobcentret ingen aktuel kontaktgruppe

  Scenarie: En død borger kan ikke tilmeldes
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren er død
    Når a-kassen tilmelder borgeren i tilmeldekategori 1
    Så bliver kaldet afvist med fejlkode 4405

  Abstrakt Scenario: En afmelding, der ikke kan ske, afvises med <kode>: <grund>
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når a-kassen afmelder borgeren pr. <dag> med årsag <aarsag>
    Så bliver kaldet afvist med fejlkode <kode>
    Når jobcentret registrerer kontaktgruppe 4 via PVS
    Så bliver kaldet afvist med fejlkode 100029

    Eksempler:
      | kode | dag        | aarsag | grund                     |
      | 4322 | i går      | 1      | tilbage i tiden           |
      | 4322 | om 31 dage | 1      | mere end tredive dage frem |
      | 4340 | i dag      | 99     | ukendt årsag              |

  Scenarie: Den, der ikke er tilmeldt, kan ikke afmeldes
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1
    Når a-kassen afmelder borgeren pr. i dag
    Så bliver kaldet afvist med fejlkode 4367
    Og læser jobcentret kontaktgruppe 1 som aktuel
