# language: da
@tilsagn_kgskift_fremtidig_raskmelding
Egenskab: Fremtidig raskmelding via IllnessCompositeService udføres på sin dag og ikke før

  Abstrakt Scenario: <rolle> raskmelder fremad i tiden med tilmelding og KG-skift
    Givet en borger på 40 år, som er medlem af a-kassen
    Og borgeren har kontaktgruppe 1 fra for 24 dage siden
    Og borgeren er tilmeldt i tilmeldekategori 1
    Når <rolle> sygemelder borgeren fra i dag
    Og der går 6 dage
    Og <rolle> raskmelder borgeren pr. om 2 dage med tilmelding i kategori 2 og kontaktgruppe 2
    Så er registreringen modtaget
    Og læser jobcentret kontaktgruppe 1 som aktuel
    Og har jobcentret ingen beskeder
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 1 som aktuel
    Og har jobcentret ingen beskeder
    Når der går 1 dag
    Så læser jobcentret kontaktgruppe 2 som aktuel
    Og har jobcentret præcis disse beskeder:
      | besked                    | type | slut | registreret af |
      | GetContactGroupVersion5   | 1    | ja   | <rolle>        |
      | GetContactGroupVersion5   | 2    |      | <rolle>        |
      | GetContactGroupVersion4   | 1    | ja   | <rolle>        |
      | GetContactGroupVersion4   | 2    |      | <rolle>        |
      | GetPersonCategoryVersion1 | 8    |      | <rolle>        |
    Men har a-kassen ingen beskeder

    Eksempler:
      | rolle      |
      | jobcentret |
      | a-kassen   |
