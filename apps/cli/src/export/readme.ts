/** What an archive says of itself in plain words, in the four languages. */

export interface Told {
  readonly controller: string;
  readonly origin: string;
  readonly from: string | null;
  readonly to: string | null;
  readonly size: number;
  readonly first: number;
  readonly end: number;
  /** All that was recorded in the period, one person, or one complaint of theirs. */
  readonly about: 'all' | 'person' | 'complaint';
}

/** Names and texts. */
export function readmes(told: Told): readonly (readonly [string, string])[] {
  return [
    ['readme.en.txt', english(told)],
    ['readme.ru.txt', russian(told)],
    ['readme.kk.txt', kazakh(told)],
    ['readme.ky.txt', kyrgyz(told)],
  ];
}

/** What stands after the rest where the person's entries are on one complaint alone. */
const COMPLAINT = {
  en: `
They are those that bear on one request or dispute: what is of other data alone, or of other requests, is left out.`,
  ru: `
Это записи, которые относятся к одному обращению или спору: то, что касается только других данных или обращений, не включено.`,
  kk: `
Бұл — бір өтінішке немесе дауға қатысты жазбалар: тек басқа деректерге немесе басқа өтініштерге қатыстысы енгізілмеген.`,
  ky: `
Бул — бир кайрылууга же талашка тиешелүү жазуулар: башка маалыматтарга же башка кайрылууларга гана тиешелүүсү киргизилген эмес.`,
};

const dash = (day: string | null): string => day ?? '…';

function english({ controller, origin, from, to, size, first, end, about }: Told): string {
  const holds =
    about !== 'all'
      ? `Entries of one person, each with a receipt. Names, numbers and values are not in it: an entry holds references, ids,
dates and commitments alone. That all entries of the person are here cannot be proved by the receipts: ask for an
export of the whole period if that is in doubt.${about === 'complaint' ? COMPLAINT.en : ''}`
      : `Entries ${first} to ${end - 1} (${end - first} of them), all that was recorded in the period: the neighbours on both sides are
included to show it. Names, numbers and values are not in it: an entry holds references, ids, dates and commitments.`;
  return `An export of the Depter log of ${controller}
Period: ${dash(from)} to ${dash(to)} (local days, both included). Log: ${origin}, ${size} entries.

What it holds
${holds}
  log/        verifier key, signed checkpoints with the cosignatures of witnesses, hash tiles, entry bundles (C2SP tlog-tiles)
  packs/      the rules of law and policy by which the controller judges
  subject/    with a person: entries, receipts (C2SP tlog-proof) and what the rules make of them
  manifest.json  every file with its SHA-256

How to check it
  depter verify ARCHIVE            or the stand-alone verifier: node depter-verify.mjs ARCHIVE, or its page in a browser
Neither needs the server or a network. Give the log's key as it was published elsewhere (--vkey), or a policy file
(--policy): a forger could have put a key of his own into the archive.

What it proves, and what not
If the check is good, each entry is what the controller recorded, at its place; nothing was taken out, changed or put in
between since the checkpoints were signed. It does not prove that what was recorded is true, nor that all that happened was
recorded. Only log/ and, with a person, the .entry and .receipt files of subject/ are proved by the log's signatures. packs/,
subject/evidence.json, readme.en.txt and manifest.json, with the days of the period, are as whoever made the archive wrote them:
compare the packs with those that are published, and the instants of the period, which the check prints, with its days.
`;
}

function russian({ controller, origin, from, to, size, first, end, about }: Told): string {
  const holds =
    about !== 'all'
      ? `Записи об одном человеке, каждая с квитанцией. Имён, номеров и значений здесь нет: в записи только ссылки, идентификаторы,
даты и обязательства (хеши). Квитанции не доказывают, что здесь все записи об этом человеке: если это вызывает сомнение,
запросите выгрузку за весь период.${about === 'complaint' ? COMPLAINT.ru : ''}`
      : `Записи с ${first} по ${end - 1} (всего ${end - first}) — всё, что записано за период; соседние записи с обеих сторон приложены, чтобы это
было видно. Имён, номеров и значений здесь нет: в записи только ссылки, идентификаторы, даты и обязательства (хеши).`;
  return `Выгрузка журнала Depter держателя ${controller}
Период: с ${dash(from)} по ${dash(to)} (местные дни включительно). Журнал: ${origin}, записей: ${size}.

Что внутри
${holds}
  log/        ключ проверки, подписанные контрольные точки с подписями свидетелей, хеши, записи (C2SP tlog-tiles)
  packs/      правила закона и политики, по которым держатель судит
  subject/    если о человеке: записи, квитанции (C2SP tlog-proof) и выводы по правилам
  manifest.json  каждый файл и его SHA-256

Как проверить
  depter verify ARCHIVE            или отдельной программой: node depter-verify.mjs ARCHIVE, или её страницей в браузере
Ни сервер, ни сеть не нужны. Укажите ключ журнала, опубликованный в другом месте (--vkey), или файл политики
(--policy): подделыватель мог вложить в архив свой ключ.

Что доказано и что нет
Если проверка прошла, каждая запись — та, что сделал держатель, и на своём месте; с момента подписания контрольных точек ничего
не изъято, не изменено и не вставлено. Не доказано, что записанное правда и что записано всё, что было.
Подписями журнала доказаны только log/ и, если выгрузка о человеке, файлы .entry и .receipt в subject/. А packs/,
subject/evidence.json, readme.ru.txt и manifest.json вместе с днями периода — слова того, кто сделал архив: сверьте правила
с опубликованными, а моменты начала и конца периода, которые печатает проверка, — с его днями.
`;
}

function kazakh({ controller, origin, from, to, size, first, end, about }: Told): string {
  const holds =
    about !== 'all'
      ? `Бір адам туралы жазбалар, әрқайсысының түбіртегі бар. Мұнда аттар, нөмірлер және мәндер жоқ: жазбада тек сілтемелер,
идентификаторлар, күндер және міндеттемелер (хештер) ғана бар. Түбіртектер адамның барлық жазбасы осында екенін
дәлелдемейді: күмән болса, бүкіл кезеңнің көшірмесін сұраңыз.${about === 'complaint' ? COMPLAINT.kk : ''}`
      : `${first}–${end - 1} жазбалар (барлығы ${end - first}) — кезеңде жазылғанның бәрі; оны көрсету үшін екі жағындағы көрші жазбалар да қосылған.
Мұнда аттар, нөмірлер және мәндер жоқ: жазбада тек сілтемелер, идентификаторлар, күндер және міндеттемелер (хештер) бар.`;
  return `${controller} ұйымының Depter журналынан көшірме
Кезең: ${dash(from)} – ${dash(to)} (жергілікті күндер, екеуі де кіреді). Журнал: ${origin}, жазба саны: ${size}.

Ішінде не бар
${holds}
  log/        тексеру кілті, қол қойылған бақылау нүктелері (куәгерлердің қолдарымен), хештер, жазбалар (C2SP tlog-tiles)
  packs/      ұйым басшылыққа алатын заң мен саясат ережелері
  subject/    адам туралы болса: жазбалар, түбіртектер (C2SP tlog-proof) және ережелер бойынша қорытынды
  manifest.json  әр файл және оның SHA-256 мәні

Қалай тексеруге болады
  depter verify ARCHIVE            немесе бөлек бағдарлама: node depter-verify.mjs ARCHIVE, не оның браузердегі беті
Сервер де, желі де керек емес. Журналдың басқа жерде жарияланған кілтін (--vkey) немесе саясат файлын (--policy) беріңіз:
жалған жасаушы архивке өз кілтін салуы мүмкін.

Не дәлелденеді, не дәлелденбейді
Тексеру сәтті болса, әр жазба — ұйым жазған жазба және өз орнында; бақылау нүктелеріне қол қойылғаннан бері ештеңе алынбаған,
өзгертілмеген, арасына қосылмаған. Жазылғанның шындығы да, болғанның бәрі жазылғаны да дәлелденбейді.
Журналдың қолдарымен тек log/ және, адам туралы болса, subject/ ішіндегі .entry мен .receipt файлдары дәлелденеді. Ал packs/,
subject/evidence.json, readme.kk.txt және manifest.json, кезеңнің күндерімен бірге, — архивті жасаған адамның сөзі: ережелерді
жарияланғандармен, тексеру басып шығаратын кезеңнің басы мен аяғын оның күндерімен салыстырыңыз.
`;
}

function kyrgyz({ controller, origin, from, to, size, first, end, about }: Told): string {
  const holds =
    about !== 'all'
      ? `Бир адам жөнүндө жазуулар, ар биринин дүмүрчөгү бар. Мында аттар, номерлер жана маанилер жок: жазууда шилтемелер,
идентификаторлор, күндөр жана милдеттенмелер (хештер) гана бар. Дүмүрчөктөр адамдын бардык жазуусу ушул жерде экенин
далилдебейт: шек болсо, бүт мезгилдин көчүрмөсүн сураңыз.${about === 'complaint' ? COMPLAINT.ky : ''}`
      : `${first}–${end - 1} жазуулар (баары ${end - first}) — мезгилде жазылгандын баары; муну көрсөтүү үчүн эки жагындагы коңшу жазуулар да кошулган.
Мында аттар, номерлер жана маанилер жок: жазууда шилтемелер, идентификаторлор, күндөр жана милдеттенмелер (хештер) бар.`;
  return `${controller} уюмунун Depter журналынан көчүрмө
Мезгил: ${dash(from)} – ${dash(to)} (жергиликтүү күндөр, экөө тең кирет). Журнал: ${origin}, жазуулардын саны: ${size}.

Ичинде эмне бар
${holds}
  log/        текшерүү ачкычы, кол коюлган текшерүү чекиттери (күбөлөрдүн колдору менен), хештер, жазуулар (C2SP tlog-tiles)
  packs/      уюм таянган мыйзам жана саясат эрежелери
  subject/    адам жөнүндө болсо: жазуулар, дүмүрчөктөр (C2SP tlog-proof) жана эрежелер боюнча корутунду
  manifest.json  ар бир файл жана анын SHA-256 мааниси

Кантип текшерилет
  depter verify ARCHIVE            же өзүнчө программа: node depter-verify.mjs ARCHIVE, же анын браузердеги барагы
Сервер да, тармак да керек эмес. Журналдын башка жерде жарыяланган ачкычын (--vkey) же саясат файлын (--policy) бериңиз:
жасалмалоочу архивге өз ачкычын салып коюшу мүмкүн.

Эмне далилденет, эмне далилденбейт
Текшерүү ийгиликтүү болсо, ар бир жазуу — уюм жазган жазуу жана өз ордунда; текшерүү чекиттерине кол коюлгандан бери эч нерсе
алынган, өзгөртүлгөн же арасына кошулган эмес. Жазылгандын чындыгы да, болгондун баары жазылганы да далилденбейт.
Журналдын колдору менен log/ жана, адам жөнүндө болсо, subject/ ичиндеги .entry менен .receipt файлдары гана далилденет. Ал эми
packs/, subject/evidence.json, readme.ky.txt жана manifest.json, мезгилдин күндөрү менен бирге, — архивди жасаган адамдын сөзү:
эрежелерди жарыялангандар менен, текшерүү басып чыгарган мезгилдин башы менен аягын анын күндөрү менен салыштырыңыз.
`;
}
