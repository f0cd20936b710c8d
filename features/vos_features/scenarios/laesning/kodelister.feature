# language: da
@ac07_kodelister
Egenskab: VisiteringOgStatus udstiller kodelisterne for kontaktgrupper og personkategorier

  Scenarie: De to kodelister er udstillet
    Givet en borger på 40 år
    Så er kodelisterne KontaktgruppeTypeCodeList og PersonkategoriTypeCodeList udstillet for jobcentret
    Og er kodelisterne KontaktgruppeTypeCodeList og PersonkategoriTypeCodeList udstillet for a-kassen

  Scenarie: Kodelisten for kontaktgrupper har alle værdier med kode, navn og gyldighed
    Så har kodelisten KontaktgruppeTypeCodeList værdierne 1, 2, 3, 4, 5, 6, 7, 8, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29
    Og hedder værdierne i kodelisten KontaktgruppeTypeCodeList:
      | kode | navn                              |
      | 1    | Dagpengemodtager                  |
      | 2    | Kontanthjælpsmodtager             |
      | 4    | Revalidering                      |
      | 5    | For-revalidering                  |
      | 7    | Fleksjobvisiteret (ledig)         |
      | 8    | Uden ydelse                       |
      | 10   | Fleksjobansat                     |
      | 13   | Jobafklaring                      |
      | 21   | Voksenelever                      |
      | 22   | Jobrotation                       |
      | 23   | Seniorjob                         |
      | 25   | Sygedagpengemodtager fra ledighed |

  Scenarie: Kodelisten for personkategorier har alle værdier med kode, navn og gyldighed
    Så har kodelisten PersonkategoriTypeCodeList værdierne 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15

  Scenarie: En kodeliste, som domænet ikke har, findes ikke
    Så findes kodelisten FravaerTypeCodeList ikke: fejlkode 2001
