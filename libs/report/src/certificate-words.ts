/** What a certificate of destruction says, once for each language. */
import type { Language } from '#packs';

export interface CertificateWords {
  readonly title: Readonly<Record<'destroyed' | 'depersonalised', string>>;
  readonly tagline: string;
  /** Of what somebody else carried out: what the log proves, and what Depter says. */
  readonly reportedNote: string;
  readonly carriedOut: string;
  readonly what: string;
  readonly person: string;
  readonly items: string;
  readonly all: string;
  readonly method: string;
  readonly ordered: string;
  readonly shredded: string;
  readonly swept: string;
  readonly recorded: string;
  readonly counts: string;
  readonly dossiers: string;
  readonly identifiers: string;
  readonly values: string;
  readonly texts: string;
  readonly keys: string;
  readonly keysNote: string;
  readonly proof: string;
  readonly proofNote: string;
  readonly event: string;
  readonly position: string;
  readonly tree: string;
  readonly verifier: string;
  readonly entryOf: Readonly<Record<'intent' | 'outcome', string>>;
  readonly receiptOf: Readonly<Record<'intent' | 'outcome', string>>;
}

const en: CertificateWords = {
  title: { destroyed: 'Certificate of destruction', depersonalised: 'Certificate of depersonalisation' },
  tagline:
    'This page holds no personal data. It says what was carried out and proves by the log of the controller that it was recorded and has not been changed since.',
  reportedNote:
    'This was reported to Depter by the system that carried it out; the log proves that report. Depter’s own copy followed it, and nothing of it is left. How much there was is not in the log.',
  carriedOut: 'Carried out',
  what: 'What was carried out',
  person: 'Reference of the person',
  items: 'Data',
  all: 'all data of the person',
  method: 'Method',
  ordered: 'Ordered',
  shredded: 'Keys deleted: from here on nothing can be read',
  swept: 'What was left cleared from the storage',
  recorded: 'Recorded as done',
  counts: 'How much there was',
  dossiers: 'Dossiers ended',
  identifiers: 'Identifiers deleted',
  values: 'Values deleted',
  texts: 'Other texts deleted',
  keys: 'Keys deleted',
  keysNote: 'These are the names of the keys. A key that was deleted never comes back under its name.',
  proof: 'Proof',
  proofNote:
    'Each entry below is the stored bytes (base64), each receipt proves that they stand in the log. Any program that knows C2SP tlog-proof checks them with the verifier key.',
  event: 'Event',
  position: 'Place in the log',
  tree: 'Size of the log when it was done',
  verifier: 'Verifier key of the log',
  entryOf: { intent: 'Entry of the order', outcome: 'Entry of the completion' },
  receiptOf: { intent: 'Receipt of the order', outcome: 'Receipt of the completion' },
};

const ru: CertificateWords = {
  title: { destroyed: 'Свидетельство об уничтожении данных', depersonalised: 'Свидетельство об обезличивании данных' },
  tagline:
    'На этой странице нет персональных данных. Она говорит, что было исполнено, и журналом держателя доказывает, что это записано и с тех пор не изменено.',
  reportedNote:
    'Об этом сообщила Depter система, которая это исполнила; журнал доказывает её сообщение. Вслед за этим уничтожена собственная копия Depter, и от неё ничего не осталось. Сколько данных было, в журнале не записано.',
  carriedOut: 'Исполнено',
  what: 'Что исполнено',
  person: 'Ссылка на лицо',
  items: 'Данные',
  all: 'все данные лица',
  method: 'Способ',
  ordered: 'Распоряжение дано',
  shredded: 'Ключи удалены: с этого момента ничего прочесть нельзя',
  swept: 'Остатки удалены из хранилища',
  recorded: 'Исполнение записано',
  counts: 'Сколько было',
  dossiers: 'Закрыто досье',
  identifiers: 'Удалено идентификаторов',
  values: 'Удалено значений',
  texts: 'Удалено других текстов',
  keys: 'Удалённые ключи',
  keysNote: 'Это имена ключей. Удалённый ключ под своим именем не возвращается.',
  proof: 'Доказательство',
  proofNote:
    'Каждая запись ниже — это хранимые байты (base64), каждая квитанция доказывает, что они стоят в журнале. Любая программа, знающая C2SP tlog-proof, проверит их ключом проверки.',
  event: 'Событие',
  position: 'Место в журнале',
  tree: 'Размер журнала при исполнении',
  verifier: 'Ключ проверки журнала',
  entryOf: { intent: 'Запись распоряжения', outcome: 'Запись исполнения' },
  receiptOf: { intent: 'Квитанция распоряжения', outcome: 'Квитанция исполнения' },
};

const kk: CertificateWords = {
  title: { destroyed: 'Деректерді жою туралы куәлік', depersonalised: 'Деректерді иесіздендіру туралы куәлік' },
  tagline:
    'Бұл бетте дербес деректер жоқ. Ол не орындалғанын айтады және оның жазылғанын әрі содан бері өзгертілмегенін меншік иесінің журналы арқылы дәлелдейді.',
  reportedNote:
    'Бұл туралы Depter-ге оны орындаған жүйе хабарлады; журнал сол хабарды дәлелдейді. Содан кейін Depter-дің өз көшірмесі де жойылды, одан ештеңе қалған жоқ. Қанша дерек болғаны журналда жазылмаған.',
  carriedOut: 'Орындалды',
  what: 'Не орындалды',
  person: 'Тұлғаның сілтемесі',
  items: 'Деректер',
  all: 'тұлғаның барлық деректері',
  method: 'Тәсілі',
  ordered: 'Өкім берілді',
  shredded: 'Кілттер жойылды: осы сәттен бастап ештеңе оқылмайды',
  swept: 'Қалғандары қоймадан өшірілді',
  recorded: 'Орындалғаны жазылды',
  counts: 'Қанша болды',
  dossiers: 'Жабылған іс',
  identifiers: 'Жойылған сәйкестендіргіштер',
  values: 'Жойылған мәндер',
  texts: 'Жойылған басқа мәтіндер',
  keys: 'Жойылған кілттер',
  keysNote: 'Бұл — кілттердің атаулары. Жойылған кілт өз атауымен ешқашан қайтып келмейді.',
  proof: 'Дәлел',
  proofNote:
    'Төмендегі әр жазба — сақталған байттар (base64), әр түбіртек олардың журналда тұрғанын дәлелдейді. C2SP tlog-proof білетін кез келген бағдарлама оларды тексеру кілтімен тексереді.',
  event: 'Оқиға',
  position: 'Журналдағы орны',
  tree: 'Орындалған кездегі журнал көлемі',
  verifier: 'Журналдың тексеру кілті',
  entryOf: { intent: 'Өкімнің жазбасы', outcome: 'Орындаудың жазбасы' },
  receiptOf: { intent: 'Өкімнің түбіртегі', outcome: 'Орындаудың түбіртегі' },
};

const ky: CertificateWords = {
  title: { destroyed: 'Маалыматтарды жок кылуу күбөлүгү', depersonalised: 'Маалыматтарды жекесиздештирүү күбөлүгү' },
  tagline:
    'Бул бетте жеке маалыматтар жок. Ал эмне аткарылганын айтат жана анын жазылганын, ошондон бери өзгөртүлбөгөнүн кармоочунун журналы менен далилдейт.',
  reportedNote:
    'Бул жөнүндө Depterге аны аткарган система билдирген; журнал ошол билдирүүнү далилдейт. Андан кийин Depterдин өз көчүрмөсү да жок кылынды, андан эч нерсе калган жок. Канча маалымат болгону журналда жазылган эмес.',
  carriedOut: 'Аткарылды',
  what: 'Эмне аткарылды',
  person: 'Адамдын шилтемеси',
  items: 'Маалыматтар',
  all: 'адамдын бардык маалыматтары',
  method: 'Ыкмасы',
  ordered: 'Буйрук берилди',
  shredded: 'Ачкычтар жок кылынды: ушул учурдан тартып эч нерсе окулбайт',
  swept: 'Калганы сактагычтан өчүрүлдү',
  recorded: 'Аткарылганы жазылды',
  counts: 'Канча болгон',
  dossiers: 'Жабылган иш',
  identifiers: 'Жок кылынган идентификаторлор',
  values: 'Жок кылынган маанилер',
  texts: 'Жок кылынган башка тексттер',
  keys: 'Жок кылынган ачкычтар',
  keysNote: 'Бул — ачкычтардын аттары. Жок кылынган ачкыч өз аты менен эч качан кайтып келбейт.',
  proof: 'Далил',
  proofNote:
    'Төмөнкү ар бир жазуу — сакталган байттар (base64), ар бир дүмүрчөк алардын журналда турганын далилдейт. C2SP tlog-proof билген ар кандай программа аларды текшерүү ачкычы менен текшерет.',
  event: 'Окуя',
  position: 'Журналдагы орду',
  tree: 'Аткарылгандагы журналдын көлөмү',
  verifier: 'Журналдын текшерүү ачкычы',
  entryOf: { intent: 'Буйруктун жазуусу', outcome: 'Аткаруунун жазуусу' },
  receiptOf: { intent: 'Буйруктун дүмүрчөгү', outcome: 'Аткаруунун дүмүрчөгү' },
};

export const CERTIFICATE_WORDS: Readonly<Record<Language, CertificateWords>> = { ky, kk, ru, en };
